"""A new workbook: the village, the first operator, and the recovery code that must be kept on paper."""

from pathlib import Path
from typing import TYPE_CHECKING

from PySide6.QtCore import QSize, Qt, Signal
from PySide6.QtWidgets import (
    QCheckBox,
    QDialog,
    QFileDialog,
    QFormLayout,
    QFrame,
    QHBoxLayout,
    QLabel,
    QLineEdit,
    QPushButton,
    QScrollArea,
    QStackedWidget,
    QVBoxLayout,
    QWidget,
)

from app.errors import FieldRefused, OfficeError
from app.progress import Progress, Work
from app.records.field import field
from ui.jobs import Jobs

if TYPE_CHECKING:
    from app.workbook.access import NewVillage
    from app.workbook.workbook import Workbook

HINTS = {"province": "安徽省", "city": "安庆市", "name": "石桥村", "code": "12 位区划代码，如 340828100101"}
PARTS = ("province", "city", "county", "township", "name", "code")


def _making(path: Path, secret: str, operator: str, village: "NewVillage") -> "Work[tuple[Workbook, str]]":
    yield Progress(0, 0, "正在建立工作簿")
    from app.workbook.access import create

    return create(path, secret, operator, village)


def _printing(out: Path, workbook: "Workbook", code: str) -> Work[Path]:
    yield Progress(0, 0, "正在写恢复单")
    from app.archive import recovery_sheet

    recovery_sheet.write_for(workbook, code, out)
    return out


class NewWorkbook(QDialog):
    """Two pages: what is needed, and the recovery code.

    Signals:
        made: the open workbook, after the officer has confirmed that the code is kept
    """

    made = Signal(object)  # Workbook

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setObjectName("newWorkbook")
        self.setWindowTitle("新建工作簿")
        self.resize(QSize(560, 620).boundedTo(self.screen().availableSize() - QSize(40, 60)))
        self.jobs = Jobs(self._refused)
        self._lines: dict[str, QLineEdit] = {}
        self._workbook: Workbook | None = None
        self._code = ""
        self._warned = False
        self._pages = QStackedWidget()
        self._pages.addWidget(self._asking())
        self._pages.addWidget(self._telling())
        whole = QVBoxLayout(self)
        whole.addWidget(self._pages)

    def _line(self, form: QFormLayout, name: str, label: str, hint: str = "", secret: bool = False) -> QLineEdit:
        line = self._lines[name] = QLineEdit()
        line.setObjectName(name)
        line.setAccessibleName(label.removesuffix(" *"))
        line.setPlaceholderText(hint)
        if secret:
            line.setEchoMode(QLineEdit.EchoMode.Password)
        form.addRow(label, line)
        return line

    def _remark(self, form: QFormLayout, name: str) -> QLabel:
        """A line below a control, there from the beginning so that nothing moves when something is said."""
        label = QLabel()
        label.setObjectName(name)
        label.setProperty("remark", "quiet")
        form.addRow("", label)
        return label

    def _asking(self) -> QWidget:
        page = QWidget()
        side = QVBoxLayout(page)
        side.setContentsMargins(12, 8, 12, 8)
        side.setSpacing(10)
        side.addWidget(_title("新建工作簿"))
        side.addWidget(_quiet("一个村一本工作簿。带 * 的必须填；省、市、县、乡镇会印在档案上，请一并填对。"))
        card = QFrame()
        card.setProperty("card", True)
        form = QFormLayout(card)
        form.setContentsMargins(20, 16, 20, 12)
        form.setHorizontalSpacing(14)
        form.setVerticalSpacing(8)
        form.setLabelAlignment(Qt.AlignmentFlag.AlignRight)
        for name in PARTS:
            about = field("village", name)
            star = " *" if about.declared.required else ""
            self._line(form, name, f"{about.label}{star}", HINTS.get(name, ""))
        self._code_remark = self._remark(form, "codeRemark")
        self._line(form, "operator", "操作员姓名 *", "您的姓名，会记在每次修改里")
        self._line(form, "passphrase", "口令 *", "至少 6 个字符，一句自己记得住的话", secret=True)
        self._line(form, "again", "再输一次口令 *", secret=True)
        self._strength = self._remark(form, "strength")
        # on a small screen with large letters the card rolls, and the buttons below it stay within reach
        rolls = self._rolls = QScrollArea()
        rolls.setFrameShape(QFrame.Shape.NoFrame)
        rolls.setFocusPolicy(Qt.FocusPolicy.NoFocus)
        rolls.setWidgetResizable(True)
        rolls.setWidget(card)
        side.addWidget(rolls, 1)
        self._lines["code"].textEdited.connect(self._count)
        for name in ("passphrase", "again"):
            self._lines[name].textEdited.connect(self._judge)
        for line in self._lines.values():
            line.textEdited.connect(lambda _: self._said.clear())
        side.addLayout(self._buttons())
        return page

    def _buttons(self) -> QHBoxLayout:
        self._said = QLabel()
        self._said.setObjectName("refusal")
        self._said.setWordWrap(True)
        self._said.setProperty("fault", True)
        leave = QPushButton("取消")
        leave.setObjectName("leave")
        leave.setAccessibleName("不建立工作簿")
        leave.setAutoDefault(False)
        leave.clicked.connect(self.reject)
        self._make = QPushButton("建立…")
        self._make.setObjectName("make")
        self._make.setAccessibleName("建立工作簿")
        self._make.setProperty("primary", True)
        self._make.setDefault(True)
        self._make.clicked.connect(self._ask_where)
        buttons = QHBoxLayout()
        buttons.addWidget(self._said, 1)
        buttons.addWidget(leave)
        buttons.addWidget(self._make)
        return buttons

    def _telling(self) -> QWidget:
        page = QWidget()
        side = QVBoxLayout(page)
        side.setContentsMargins(12, 8, 12, 8)
        side.setSpacing(14)
        side.addWidget(_title("恢复码"))
        why = _quiet(
            "忘记口令时，只有恢复码能打开这本工作簿，谁也补不出来。它只显示这一次："
            "请打印恢复单，或抄在纸上锁进保险柜；不要存在电脑或手机里。"
        )
        side.addWidget(why)
        self._shown_code = QLabel()
        self._shown_code.setObjectName("recoveryCode")
        self._shown_code.setAccessibleName("恢复码")
        self._shown_code.setProperty("code", True)
        self._shown_code.setWordWrap(True)
        self._shown_code.setAlignment(Qt.AlignmentFlag.AlignCenter)
        self._shown_code.setTextInteractionFlags(Qt.TextInteractionFlag.TextSelectableByKeyboard)
        side.addWidget(self._shown_code)
        self._print = QPushButton("保存恢复单（PDF，打印后删除）…")
        self._print.setObjectName("printRecovery")
        self._print.setAccessibleName("保存恢复单")
        self._print.clicked.connect(self._ask_sheet)
        side.addWidget(self._print, 0, Qt.AlignmentFlag.AlignHCenter)
        self._kept = QCheckBox("我已经把恢复码打印或抄好了")
        self._kept.setObjectName("kept")
        side.addWidget(self._kept)
        self._told = _quiet("")
        self._told.setObjectName("told")
        self._told.setProperty("quiet", False)
        side.addWidget(self._told)
        side.addStretch()
        self._go = QPushButton("开始使用")
        self._go.setObjectName("begin")
        self._go.setAccessibleName("开始使用")
        self._go.setProperty("primary", True)
        self._go.setEnabled(False)
        self._kept.toggled.connect(self._go.setEnabled)
        self._go.clicked.connect(self.accept)
        side.addWidget(self._go, 0, Qt.AlignmentFlag.AlignRight)
        return page

    def _count(self, typed: str) -> None:
        missing = 12 - len(typed.strip())
        if not typed:
            _say(self._code_remark, "")
        elif not typed.strip().isdigit():
            _say(self._code_remark, "只能是数字", "fault")
        elif missing:
            _say(self._code_remark, f"还差 {missing} 位" if missing > 0 else f"多了 {-missing} 位")
        else:
            said = _refusal("code", typed)
            _say(self._code_remark, said or "12 位，对", "fault" if said else "good")

    def _judge(self) -> None:
        secret, again = self._lines["passphrase"].text(), self._lines["again"].text()
        if again and not secret.startswith(again):
            _say(self._strength, "两次输入的口令不一样", "fault")
            return
        kinds = sum(any(test(letter) for letter in secret) for test in (str.isdigit, str.isalpha, lambda c: c > "\x7f"))
        worth = len(secret) + 3 * kinds + 2 * sum(letter > "\x7f" for letter in secret)
        told = "太短" if len(secret) < 6 else "弱，再长一些更好" if worth < 16 else "中" if worth < 24 else "强"
        _say(self._strength, f"口令强度：{told}" if secret else "", "good" if worth >= 24 else "quiet")

    def _ask_where(self) -> None:
        said = self._fault()
        if said:
            self._refused(OfficeError(said))
            self._rolls.ensureWidgetVisible(self.focusWidget() or self._make)
            return
        name, _ = QFileDialog.getSaveFileName(
            self,
            "工作簿存在哪里",
            f"{self._text('name')}.hdb",
            "驻村户档工作簿 (*.hdb)",
            # a workbook that is there is never written over: to ask would promise it
            options=QFileDialog.Option.DontConfirmOverwrite,
        )
        if name:
            self.make(Path(name if name.endswith(".hdb") else f"{name}.hdb"))

    def make(self, path: Path) -> None:
        """Make the workbook at this path from what was typed."""
        from app.workbook.access import NewVillage

        village = NewVillage(**{name: str(field("village", name).parse(self._text(name)) or "") for name in PARTS})
        self._said.clear()
        self._make.setEnabled(False)
        self.jobs.start(
            _making(path, self._lines["passphrase"].text(), self._text("operator"), village), self._show_code
        )

    def _text(self, name: str) -> str:
        return self._lines[name].text().strip()

    def _fault(self) -> str:
        from app.workbook.access import LEAST_PASSPHRASE

        for name in ("name", "code"):
            said = _refusal(name, self._text(name))
            if said:
                self._lines[name].setFocus()
                return said
        if not self._text("operator"):
            self._lines["operator"].setFocus()
            return "请填写操作员姓名。"
        if len(self._lines["passphrase"].text()) < LEAST_PASSPHRASE:
            self._lines["passphrase"].setFocus()
            return f"口令至少 {LEAST_PASSPHRASE} 个字符，建议用一句自己记得住的话。"
        if self._lines["passphrase"].text() != self._lines["again"].text():
            self._lines["again"].setFocus()
            return "两次输入的口令不一样，请重新输入。"
        return ""

    def _show_code(self, made: "tuple[Workbook, str]") -> None:
        self._workbook, self._code = made
        half = len(self._code) // 2
        self._shown_code.setText(f"{self._code[:half]}\n{self._code[half + 1 :]}")
        self._pages.setCurrentIndex(1)
        self._print.setFocus()

    def _ask_sheet(self) -> None:
        name, _ = QFileDialog.getSaveFileName(self, "恢复单存在哪里", "恢复单.pdf", "PDF (*.pdf)")
        if name and self._workbook is not None:
            self.print_sheet(Path(name))

    def print_sheet(self, out: Path) -> None:
        """Write the recovery sheet."""
        if self._workbook is not None:
            self.jobs.start(_printing(out, self._workbook, self._code), self._sheet_written)

    def _sheet_written(self, out: Path) -> None:
        self._told.setText(f"恢复单已存到 {out.name}。打印后请删除这个文件。")

    def _refused(self, error: OfficeError) -> None:
        self._make.setEnabled(True)
        (self._said if self._workbook is None else self._told).setText(str(error))

    def accept(self) -> None:
        """Only with the code kept: then the workbook is handed on."""
        workbook, self._workbook = self._workbook, None
        super().accept()
        if workbook is not None:
            self.made.emit(workbook)

    def reject(self) -> None:
        """The code's page is not left by a slip of the hand: the second time the workbook is made and closed."""
        if self._workbook is not None and self._kept.isChecked():
            self.accept()
            return
        if self._workbook is not None and not self._warned:
            self._warned = True
            self._told.setText(
                "恢复码还没有确认。请先打印或抄好，再打勾。再关一次，工作簿就不带恢复码（以后可在“设置”里重做恢复单）。"
            )
            return
        if self._workbook is not None:
            self._workbook.close()
            self._workbook = None
        super().reject()


def _refusal(name: str, typed: str) -> str:
    about = field("village", name)
    try:
        about.taken(typed)
    except FieldRefused as refused:
        return str(refused)
    return ""


def _say(label: QLabel, text: str, how: str = "quiet") -> None:
    """A remark: quiet, good or fault."""
    label.setText(text)
    label.setProperty("remark", how)
    label.style().unpolish(label)
    label.style().polish(label)


def _title(text: str) -> QLabel:
    label = QLabel(text)
    label.setProperty("title", True)
    return label


def _quiet(text: str) -> QLabel:
    label = QLabel(text)
    label.setProperty("quiet", True)
    label.setWordWrap(True)
    return label
