"""A new workbook: the village, the first operator, and the recovery code that must be kept on paper."""

from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING

from PySide6.QtCore import QSize, Qt, Signal
from PySide6.QtWidgets import (
    QFormLayout,
    QFrame,
    QLabel,
    QLineEdit,
    QStackedWidget,
    QVBoxLayout,
    QWidget,
)

from app.desktop.program import refuse_program_folder
from app.errors import LocalCopyAdvised, UserError, ValidationError
from app.records.divisions import Division
from app.records.field import field
from ui.dialogs import opening_tasks
from ui.dialogs.division_search import DivisionSearch
from ui.dialogs.message_label import MessageLabel
from ui.dialogs.recovery_code_page import RecoveryCodePage
from ui.dialogs.synchronised_folder import ask_where_to_keep, is_accepted
from ui.shell.tasks import TaskRunner
from ui.widgets.button_row import ButtonRow
from ui.widgets.dialog import Dialog
from ui.widgets.file_choice import workbook_to_write
from ui.widgets.scrolling import scrolling

if TYPE_CHECKING:
    from app.workbook.workbook import Workbook

HINTS = {"province": "安徽省", "city": "安庆市", "name": "石桥村", "code": "12 位区划代码，如 340828100101"}
VILLAGE_FIELDS = ("province", "city", "county", "township", "name", "code")
_WHERE_TO_KEEP = (
    "工作簿是一个文件。请存放在“文档”或数据盘的文件夹里；不要放在 U 盘、网盘同步的文件夹或软件所在的文件夹。"
)


class NewWorkbookDialog(Dialog):
    """Two pages: what is needed, and the recovery code.

    Signals:
        created: the open workbook, after the officer has confirmed that the code is kept
    """

    created = Signal(object)  # Workbook

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setObjectName("newWorkbook")
        self.setWindowTitle("新建工作簿")
        self.resize(QSize(560, 620).boundedTo(self.screen().availableSize() - QSize(40, 60)))
        self.tasks = TaskRunner(self._show_error, self)
        self._line_edits: dict[str, QLineEdit] = {}
        self._workbook: Workbook | None = None
        self._is_making = False
        self._pages = QStackedWidget()
        self._pages.addWidget(self._build_form_page())
        self.code_page = RecoveryCodePage(self.tasks)
        self.code_page.finished.connect(self.accept)
        self._pages.addWidget(self.code_page)
        layout = QVBoxLayout(self)
        layout.addWidget(self._pages)

    def is_filled(self) -> bool:
        """The page of the recovery code keeps nothing that was typed; it warns by itself."""
        return self._workbook is None and super().is_filled()

    def _add_line_edit(
        self, form: QFormLayout, name: str, label: str, placeholder: str = "", secret: bool = False
    ) -> QLineEdit:
        line_edit = self._line_edits[name] = QLineEdit()
        line_edit.setObjectName(name)
        line_edit.setAccessibleName(label.removesuffix(" *"))
        line_edit.setPlaceholderText(placeholder)
        if secret:
            line_edit.setEchoMode(QLineEdit.EchoMode.Password)
        form.addRow(label, line_edit)
        return line_edit

    def _add_remark(self, form: QFormLayout, name: str) -> QLabel:
        """A line below a control, there from the beginning so that nothing moves when something is said."""
        label = QLabel()
        label.setObjectName(name)
        label.setProperty("remark", "quiet")
        form.addRow("", label)
        return label

    def _build_form_page(self) -> QWidget:
        page = QWidget()
        layout = QVBoxLayout(page)
        layout.setContentsMargins(12, 8, 12, 8)
        layout.setSpacing(10)
        layout.addWidget(_title_label("新建工作簿"))
        layout.addWidget(_quiet_label("一个村一本工作簿。带 * 的必须填；省、市、县、乡镇将印入档案，请准确填写。"))
        card = QFrame()
        card.setProperty("card", True)
        form = QFormLayout(card)
        form.setContentsMargins(20, 16, 20, 12)
        form.setHorizontalSpacing(14)
        form.setVerticalSpacing(8)
        form.setLabelAlignment(Qt.AlignmentFlag.AlignRight)
        self._division_search = DivisionSearch(self.tasks)
        self._division_search.chosen.connect(self._fill_village)
        self._division_search.nothing_found.connect(self._say_nothing_found)
        form.addRow("按村名查找", self._division_search)
        for name in VILLAGE_FIELDS:
            village_field = field("village", name)
            required_mark = " *" if village_field.spec.required else ""
            self._add_line_edit(form, name, f"{village_field.label}{required_mark}", HINTS.get(name, ""))
        self._code_remark = self._add_remark(form, "codeRemark")
        self._add_line_edit(form, "operator", "操作员姓名 *", "您的姓名，会记在每次修改里")
        self._add_line_edit(form, "passphrase", "口令 *", "至少 8 个字符（一个汉字算两个）", secret=True)
        self._add_line_edit(form, "again", "再输一次口令 *", secret=True)
        self._strength = self._add_remark(form, "strength")
        form.addRow("", _quiet_label(_WHERE_TO_KEEP))
        # on a small screen with large letters the card rolls, and the buttons below it stay within reach
        scroll_area = self._scroll_area = scrolling(card)
        layout.addWidget(scroll_area, 1)
        self._line_edits["code"].textEdited.connect(self._check_code)
        for name in ("passphrase", "again"):
            self._line_edits[name].textEdited.connect(self._rate_passphrase)
        for line_edit in self._line_edits.values():
            line_edit.textEdited.connect(lambda _: self._message.clear())
        layout.addWidget(self._build_buttons())
        return page

    def _build_buttons(self) -> ButtonRow:
        self._message = MessageLabel("refusal")
        buttons = ButtonRow(self, "建立…", "make", cancel_name="leave", on_accept=self._choose_path)
        buttons.set_start(self._message)
        buttons.cancel_button.setAccessibleName("不建立工作簿")
        self._create_button = buttons.accept_button
        self._create_button.setAccessibleName("建立工作簿")
        return buttons

    def _fill_village(self, division: Division) -> None:
        """The village that was found by its name: place, name and code at once."""
        for name in VILLAGE_FIELDS:
            self._line_edits[name].setText(getattr(division, name))
        self._message.clear()
        self._check_code(division.code)
        self._line_edits["operator"].setFocus()

    def _say_nothing_found(self, typed: str) -> None:
        self._message.say(f"没有查到“{typed}”，请在下面填写。" if typed else "")

    def _check_code(self, typed: str) -> None:
        missing = 12 - len(typed.strip())
        if not typed:
            _set_remark(self._code_remark, "")
        elif not typed.strip().isdigit():
            _set_remark(self._code_remark, "只能是数字", "fault")
        elif missing:
            _set_remark(self._code_remark, f"还差 {missing} 位" if missing > 0 else f"多了 {-missing} 位")
        else:
            error = _field_error("code", typed)
            _set_remark(self._code_remark, error or "12 位，格式正确", "fault" if error else "good")

    def _rate_passphrase(self) -> None:
        secret, repeated = self._line_edits["passphrase"].text(), self._line_edits["again"].text()
        if repeated and not secret.startswith(repeated):
            _set_remark(self._strength, "两次输入的口令不一致", "fault")
            return
        rating = self._passphrase_rating() if secret else "短"
        remark = {"短": "太短", "弱": "容易被猜到，请换一句"}.get(rating, rating)
        _set_remark(self._strength, f"口令强度：{remark}" if secret else "", "good" if rating == "强" else "quiet")

    def _passphrase_rating(self) -> str:
        from app.workbook.passphrase_strength import rate_passphrase

        return rate_passphrase(self._line_edits["passphrase"].text(), (self._text("operator"), self._text("name")))

    def _choose_path(self) -> None:
        error = self._form_error()
        if error:
            self._show_error(UserError(error))
            self._scroll_area.ensureWidgetVisible(self.focusWidget() or self._create_button)
            return
        if path := workbook_to_write(self, "工作簿存放位置", f"{self._text('name')}.hdb"):
            self.create_workbook(path)

    def create_workbook(self, path: Path) -> None:
        """Make the workbook at this path from what was typed."""
        from app.workbook.access import NewVillage

        village = NewVillage(
            **{name: str(field("village", name).parse(self._text(name)) or "") for name in VILLAGE_FIELDS}
        )
        self._message.clear()
        try:
            refuse_program_folder(path)
        except UserError as error:
            self._show_error(error)
            return
        self._create_button.setEnabled(False)
        self._is_making = True
        self._message.say("正在建立工作簿…")
        self.tasks.start(
            partial(
                opening_tasks.create_workbook,
                path,
                self._line_edits["passphrase"].text(),
                self._text("operator"),
                village,
                is_accepted(path),
            ),
            self._show_code,
            failed=partial(self._on_not_made, path),
        )

    def _text(self, name: str) -> str:
        return self._line_edits[name].text().strip()

    def _form_error(self) -> str:
        from app.workbook.passphrase_strength import check_passphrase

        for name in ("name", "code"):
            error = _field_error(name, self._text(name))
            if error:
                self._line_edits[name].setFocus()
                return error
        if not self._text("operator"):
            self._line_edits["operator"].setFocus()
            return "请填写操作员姓名。"
        try:
            check_passphrase(self._line_edits["passphrase"].text(), (self._text("operator"), self._text("name")))
        except UserError as error:
            self._line_edits["passphrase"].setFocus()
            return str(error)
        if self._line_edits["passphrase"].text() != self._line_edits["again"].text():
            self._line_edits["again"].setFocus()
            return "两次输入的口令不一致，请重新输入。"
        return ""

    def _show_code(self, result: "tuple[Workbook, str]") -> None:
        self._is_making = False
        self._workbook, code = result
        self._pages.setCurrentIndex(1)
        self.code_page.show_code(self._workbook, code)

    def _on_not_made(self, path: Path, error: UserError) -> None:
        self._is_making = False
        if isinstance(error, LocalCopyAdvised):
            ask_where_to_keep(self, path, str(error), self._choose_path, lambda: self.create_workbook(path))
        self._show_error(error)

    def _show_error(self, error: UserError) -> None:
        self._create_button.setEnabled(True)
        if self._workbook is None:
            self._message.warn(str(error))
        else:
            self.code_page.say(str(error))

    def accept(self) -> None:
        """Only with the code kept: then the workbook is handed on."""
        workbook, self._workbook = self._workbook, None
        super().accept()
        if workbook is not None:
            self.created.emit(workbook)

    def reject(self) -> None:
        """The code's page is not left by a slip of the hand: the second time the workbook is made and closed. Not in
        the middle of it: the code would come when nobody can see it."""
        if self._is_making:
            self._message.say("正在建立工作簿，请稍候。建好后请先保管恢复码。")
            return
        if self._workbook is not None and self.code_page.is_confirmed:
            self.accept()
            return
        if self._workbook is not None and self.code_page.warn_once():
            return
        if self._workbook is not None:
            self._workbook.close()
            self._workbook = None
        super().reject()


def _field_error(name: str, typed: str) -> str:
    village_field = field("village", name)
    try:
        village_field.parse_and_validate(typed)
    except ValidationError as error:
        return str(error)
    return ""


def _set_remark(label: QLabel, text: str, kind: str = "quiet") -> None:
    label.setText(text)
    label.setProperty("remark", kind)
    label.style().unpolish(label)
    label.style().polish(label)


def _title_label(text: str) -> QLabel:
    label = QLabel(text)
    label.setProperty("title", True)
    return label


def _quiet_label(text: str) -> QLabel:
    label = QLabel(text)
    label.setProperty("quiet", True)
    label.setWordWrap(True)
    return label
