"""抢救损坏的工作簿: what is readable of a damaged file into a new one, and what is missing, with who has it."""

from datetime import datetime
from pathlib import Path
from typing import TYPE_CHECKING

from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import (
    QFormLayout,
    QHBoxLayout,
    QLabel,
    QPlainTextEdit,
    QPushButton,
    QStackedWidget,
    QVBoxLayout,
    QWidget,
)

from app.errors import UserError
from ui.dialogs import opening_tasks
from ui.dialogs.workbook_copy_dialog import WorkbookCopyDialog
from ui.widgets.file_choice import WORKBOOK_FILTER, open_file_name, save_file_name, workbook_to_write

if TYPE_CHECKING:
    from app.sync.rescue import RescueReport
    from app.workbook.workbook import Workbook


class RescueDialog(WorkbookCopyDialog):
    """Which file, where to, with which passphrase; then the report, from which the new workbook is opened.

    Signals:
        rescued: the new workbook, open, and what there is to say about it
    """

    rescued = Signal(object, str)  # Workbook

    def __init__(self, workbook_path: Path | None, parent: QWidget | None = None) -> None:
        """`workbook_path`: the damaged one, None where it is chosen here."""
        super().__init__("rescue", "抢救损坏的工作簿", "开始抢救", parent)
        self.resize(620, 400)
        self._source, self._target = workbook_path, _proposed_target(workbook_path)
        self._report: RescueReport | None = None
        self._source_label, self._target_label = QLabel(), QLabel()
        self._summary = QLabel()
        self._missing = QPlainTextEdit()
        self._pages = QStackedWidget()
        self._pages.addWidget(self._build_form())
        self._pages.addWidget(self._build_report())
        layout = QVBoxLayout(self)
        layout.setContentsMargins(20, 16, 20, 16)
        layout.setSpacing(12)
        layout.addWidget(self._pages, 1)
        layout.addWidget(self._message)
        layout.addWidget(self._buttons)
        self._show_paths()
        self.passphrase_edit.setFocus()

    def _build_form(self) -> QWidget:
        page = QWidget()
        hint = QLabel(
            "工作簿有几页坏了，也能把读得出的抢救到一个新的工作簿里，并写明缺什么、哪位同事那里有。"
            "损坏的文件不会改动；用负责人或审核人员的口令，角色也读不出的用恢复码。"
        )
        hint.setProperty("quiet", True)
        hint.setWordWrap(True)
        form = QFormLayout()
        form.setVerticalSpacing(10)
        form.setLabelAlignment(Qt.AlignmentFlag.AlignRight)
        for label, value, name, text, callback in (
            ("损坏的工作簿", self._source_label, "rescueSource", "选择…", self._choose_source),
            ("抢救到", self._target_label, "rescueTarget", "更改…", self._choose_target),
        ):
            value.setObjectName(name)
            value.setWordWrap(True)
            button = QPushButton(text)
            button.setObjectName(f"{name}Choice")
            button.setAccessibleName(f"{text.removesuffix('…')}：{label}")
            button.setAutoDefault(False)  # Enter goes on
            button.clicked.connect(callback)
            row = QHBoxLayout()
            row.addWidget(value, 1)
            row.addWidget(button)
            form.addRow(label, row)
        form.addRow("口令或恢复码", self.passphrase_edit)
        layout = QVBoxLayout(page)
        layout.setContentsMargins(0, 0, 0, 0)
        layout.setSpacing(12)
        layout.addWidget(hint)
        layout.addLayout(form)
        layout.addStretch()
        return page

    def _build_report(self) -> QWidget:
        page = QWidget()
        self._summary.setObjectName("rescueSummary")
        self._summary.setWordWrap(True)
        self._missing.setObjectName("rescueMissing")
        self._missing.setAccessibleName("缺少的修改")
        self._missing.setReadOnly(True)
        save = QPushButton("报告另存为…")
        save.setObjectName("saveRescueReport")
        save.setAccessibleName("报告另存为")
        save.setAutoDefault(False)
        save.clicked.connect(self._choose_report_path)
        layout = QVBoxLayout(page)
        layout.setContentsMargins(0, 0, 0, 0)
        layout.setSpacing(12)
        layout.addWidget(self._summary)
        layout.addWidget(self._missing, 1)
        layout.addWidget(save, 0, Qt.AlignmentFlag.AlignLeft)
        return page

    def _choose_source(self) -> None:
        if name := open_file_name(self, "损坏的工作簿", str(self._source or ""), WORKBOOK_FILTER):
            self._source = Path(name)
            self._target = _proposed_target(self._source)
            self._show_paths()

    def _choose_target(self) -> None:
        suggested = str(self._target or "抢救.hdb")
        if path := workbook_to_write(self, "抢救到", suggested):
            self._target = path
            self._show_paths()

    def _show_paths(self) -> None:
        self._source_label.setText(str(self._source) if self._source else "（请选择）")
        self._target_label.setText(str(self._target) if self._target else "（选择工作簿后确定）")
        self._message.clear()

    def _go_on(self) -> None:
        if self._report is not None:
            self._open(self._report)
            return
        answers = self._answers(self._source, self._target, "损坏的工作簿", "该工作簿")
        if answers is None:
            return
        self._set_busy("正在抢救…")
        work = opening_tasks.rescue_workbook(*answers)
        self.tasks.start(work, self._show_report, lambda progress: self._message.show_step(progress.message))

    def _show_report(self, report: "RescueReport") -> None:
        self._report = report
        self._summary.setText(report.message_without_parts)
        self._missing.setPlainText("\n".join(part.message for part in report.lost) or "没有缺少修改。")
        self._pages.setCurrentIndex(1)
        self._message.clear()
        self._buttons.accept_button.setText("打开抢救出的工作簿")
        self._buttons.accept_button.setAccessibleName("打开抢救出的工作簿")
        self._buttons.cancel_button.setText("关闭")
        self._buttons.accept_button.setEnabled(True)
        self._buttons.accept_button.setFocus()

    def _choose_report_path(self) -> None:
        report = self._report
        if report is None:
            return
        name = save_file_name(self, "报告另存为", str(report.path.with_suffix(".txt")), "文本 (*.txt)")
        if name:
            self.save_report(Path(name))

    def save_report(self, out: Path) -> None:
        """Write what is shown as a text file."""
        lines = [self._summary.text(), *self._missing.toPlainText().splitlines()]
        try:
            out.write_text("\n".join(lines) + "\n", encoding="utf-8-sig")
        except OSError:
            self._show_error(UserError(f"“{out.parent}”不能写入，报告没有存成。请换一个位置。"))
            return
        self._message.say(f"报告已存到 {out.name}。")

    def _open(self, report: "RescueReport") -> None:
        self._set_busy("正在打开…")
        work = opening_tasks.unlock_workbook(report.path, self.passphrase_edit.text())
        self.tasks.start(work, self._on_opened)

    def _on_opened(self, workbook: "Workbook") -> None:
        assert self._report is not None
        self.accept()
        self.rescued.emit(workbook, self._report.message)

    def _set_busy(self, text: str) -> None:
        self._buttons.accept_button.setEnabled(False)
        self._message.say(text)

    def is_filled(self) -> bool:
        """Once it is done nothing that was typed is lost by leaving."""
        return self._report is None and super().is_filled()


def _proposed_target(path: Path | None) -> Path | None:
    from app.workbook.files import available_path

    if path is None:
        return None
    return available_path(path.with_name(f"{path.stem} 抢救 {datetime.now():%Y%m%d-%H%M}{path.suffix}"))
