"""The recovery code of a workbook, shown this once: printed, or written down, before work goes on."""

from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING, Any

from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import QCheckBox, QHBoxLayout, QLabel, QPushButton, QVBoxLayout, QWidget

from ui.dialogs import opening_tasks
from ui.shell.tasks import TaskRunner
from ui.widgets.file_choice import save_file_name

if TYPE_CHECKING:
    from app.workbook.workbook import Workbook


class RecoveryCodePage(QWidget):
    """Shows a code with ways to put it on paper; it is left by the button once the officer says that it is kept.

    Signals:
        finished: the code is kept
    """

    finished = Signal()

    def __init__(self, tasks: TaskRunner) -> None:
        super().__init__()
        self._tasks = tasks
        self._workbook: Workbook | None = None
        self._code = ""
        self._warned = False
        layout = QVBoxLayout(self)
        layout.setContentsMargins(12, 8, 12, 8)
        layout.setSpacing(14)
        title = QLabel("恢复码")
        title.setProperty("title", True)
        layout.addWidget(title)
        explanation = QLabel(
            "忘记口令时，只有恢复码能打开工作簿。恢复码无法补办，且仅显示一次："
            "请直接打印恢复单，或抄写在纸上，锁入保险柜；不要存放在电脑或手机里。"
        )
        explanation.setProperty("quiet", True)
        explanation.setWordWrap(True)
        layout.addWidget(explanation)
        layout.addWidget(self._build_code_label())
        layout.addLayout(self._build_buttons())
        self._confirm_box = QCheckBox("恢复码已打印或抄写，并妥善保管")
        self._confirm_box.setObjectName("kept")
        layout.addWidget(self._confirm_box)
        self._status_label = QLabel()
        self._status_label.setObjectName("told")
        self._status_label.setWordWrap(True)
        layout.addWidget(self._status_label)
        layout.addStretch()
        finish_button = QPushButton("开始使用")
        finish_button.setObjectName("begin")
        finish_button.setAccessibleName("开始使用")
        finish_button.setProperty("primary", True)
        finish_button.setEnabled(False)
        self._confirm_box.toggled.connect(finish_button.setEnabled)
        finish_button.clicked.connect(self.finished)
        layout.addWidget(finish_button, 0, Qt.AlignmentFlag.AlignRight)

    def _build_code_label(self) -> QLabel:
        self._code_label = QLabel()
        self._code_label.setObjectName("recoveryCode")
        self._code_label.setAccessibleName("恢复码")
        self._code_label.setProperty("code", True)
        self._code_label.setWordWrap(True)
        self._code_label.setAlignment(Qt.AlignmentFlag.AlignCenter)
        self._code_label.setTextInteractionFlags(Qt.TextInteractionFlag.TextSelectableByKeyboard)
        return self._code_label

    def _build_buttons(self) -> QHBoxLayout:
        self._print_button, save_button = QPushButton("打印恢复单…"), QPushButton("没有打印机：保存为 PDF…")
        self._print_button.setObjectName("printRecovery")
        self._print_button.setAccessibleName("打印恢复单")
        self._print_button.setProperty("primary", True)
        self._print_button.clicked.connect(self._choose_printer)
        save_button.setObjectName("saveRecovery")
        save_button.setAccessibleName("保存恢复单为 PDF，打印后删除")
        save_button.clicked.connect(self._choose_sheet_path)
        row = QHBoxLayout()
        row.addStretch()
        for button in (self._print_button, save_button):
            button.setAutoDefault(False)  # Enter from elsewhere presses neither
            row.addWidget(button)
        row.addStretch()
        return row

    @property
    def is_confirmed(self) -> bool:
        """Whether the officer says that the code is kept."""
        return self._confirm_box.isChecked()

    def show_code(self, workbook: "Workbook", code: str, message: str = "") -> None:
        """Show the code of an open workbook. `message`: what else there is to know."""
        self._workbook, self._code = workbook, code
        half = len(code) // 2
        self._code_label.setText(f"{code[:half]}\n{code[half + 1 :]}")
        self.say(message)
        self._print_button.setFocus()

    def say(self, text: str) -> None:
        """What was done or refused."""
        self._status_label.setText(text)

    def warn_once(self) -> bool:
        """Say that the code is not kept yet; returns False the second time: then whoever leaves has been told."""
        if self._warned:
            return False
        self._warned = True
        self.say(
            "恢复码还没有确认。请先打印或抄好，再打勾。再关一次，工作簿就不带恢复码（以后可在“设置”里重做恢复单）。"
        )
        return True

    def _choose_printer(self) -> None:
        from PySide6.QtPrintSupport import QPrintDialog, QPrinter

        printer = QPrinter(QPrinter.PrinterMode.HighResolution)
        if self._workbook is not None and QPrintDialog(printer, self).exec():
            self.print_on(printer)

    def print_on(self, printer: Any) -> None:
        """Print the recovery sheet on a printer (QPrinter); nothing of it stays on the disk."""
        from ui.printing.printer import print_document

        if self._workbook is not None:
            document = partial(opening_tasks.recovery_sheet_pdf, self._workbook, self._code)
            self._tasks.start(print_document(document, printer, "恢复单"), self._on_printed, queue="read")

    def _on_printed(self, _pages: int) -> None:
        self.say("恢复单已送打印机。请核对打印清晰后，分别存放。")

    def _choose_sheet_path(self) -> None:
        name = save_file_name(self, "恢复单存放位置", "恢复单.pdf", "PDF (*.pdf)")
        if name and self._workbook is not None:
            work = partial(opening_tasks.write_recovery_sheet, Path(name), self._workbook, self._code)
            self._tasks.start(work, self._on_sheet_written)

    def _on_sheet_written(self, out: Path) -> None:
        self.say(f"恢复单已存到 {out.name}。打印后请删除这个文件。")
