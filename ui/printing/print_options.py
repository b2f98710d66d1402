"""How it is printed: only what the report asks for is shown."""

from collections.abc import Collection
from datetime import date

from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import QCheckBox, QComboBox, QFormLayout, QLineEdit, QWidget

from app.records.field import field_label
from ui.printing.report_list import ARCHIVE
from ui.widgets.number_box import NumberBox

FILE_PER_HOUSEHOLD, SINGLE_FILE = "每户一个文件", "合成一册"
_FILE_PER_PAPER = "每份一个文件"
ALL_LISTED, SELECTED_ONLY = "列表里的全部户", "选中的户"
_ALL_YEARS = 2000  # below the first year that is kept: all of them
_EVERY_YEAR, _THIS_YEAR = "各年都印", "今年"  # what that means for a paper, and for a pack, which is of one year


class PrintOptionsForm(QWidget):
    """Signals: changed, when something was chosen that the preview shows."""

    changed = Signal()

    def __init__(self) -> None:
        super().__init__()
        self._rows = QFormLayout(self)
        self._rows.setContentsMargins(0, 0, 0, 0)
        self._rows.setVerticalSpacing(4)
        self._rows.setLabelAlignment(Qt.AlignmentFlag.AlignLeft | Qt.AlignmentFlag.AlignVCenter)
        self.scope = self._add_combo_box("scope", "印哪些户", (ALL_LISTED, SELECTED_ONLY))
        self.output_form = self._add_combo_box("form", "多份时", (FILE_PER_HOUSEHOLD, SINGLE_FILE))
        self.output_form.setAccessibleName("多份时的文件")
        self.output_form.setToolTip("保存多户、成套材料时：一户（一份）一个文件放进文件夹，或合成一册")
        self.title = self._add_line_edit("title", "标题", "不填则用通用标题")
        self.phone = self._add_line_edit("phone", "监督电话", "不填则印材料用语里的电话")
        self.days = self._add_spin_box("days", "公示天数", 1, 60, 7, " 天")
        self.year = self._add_spin_box("year", field_label("measure", "year"), _ALL_YEARS, 2100, _ALL_YEARS, " 年")
        self.year.setSpecialValueText(_EVERY_YEAR)
        self.month = self._add_spin_box("month", "月份", 0, 12, 0, " 月")
        self.month.setSpecialValueText("各月都印")
        self.unmasked = self._add_check_box("full", "印全证件号码和电话（内部资料）")
        self.blank = self._add_check_box("blank", "印空表，回来手填")
        self.reason = self._add_line_edit("reason", "免印“草稿”说明", "存在错误仍需正式打印的，请填写原因")
        self.reason.setToolTip(field_label("archive_print", "reason"))
        self.password = self._add_line_edit("password", "打开 PDF 的密码", "不加密可不填")
        self.password.setEchoMode(QLineEdit.EchoMode.Password)
        for combo_box in (self.scope, self.output_form):
            combo_box.currentIndexChanged.connect(lambda _: self.changed.emit())
        for line_edit in (self.title, self.phone, self.reason):
            line_edit.textChanged.connect(lambda _: self.changed.emit())
        for spin_box in (self.days, self.year, self.month):
            spin_box.valueChanged.connect(lambda _: self.changed.emit())
        for check_box in (self.unmasked, self.blank):
            check_box.toggled.connect(lambda _: self.changed.emit())

    def show_options(self, name: str, subject: str, options: Collection[str]) -> None:
        """Show what a report asks for.

        Args:
            name: of the report, or `ARCHIVE`
            subject: what it is about, see app/reports/village
        """
        self.output_form.setItemText(0, FILE_PER_HOUSEHOLD)
        self.year.setSpecialValueText(_EVERY_YEAR)
        is_archive = name == ARCHIVE
        visible = set(options) | {"password"}
        visible |= {"form", "reason"} if is_archive else {"form"} if subject == "household" else set()
        visible |= {"scope"} if subject == "village" else set()
        self._show_only(visible)

    def show_pack_options(self) -> None:
        """Show what a pack asks for: its year, and whether it is bound."""
        self.output_form.setItemText(0, _FILE_PER_PAPER)
        self.year.setSpecialValueText(_THIS_YEAR)
        self.output_form.setEnabled(True)
        self._show_only({"year", "form", "password"})

    @property
    def takes_folder(self) -> bool:
        """Whether each of several documents is to be a file of its own."""
        return self.output_form.currentIndex() == 0

    def _show_only(self, visible: Collection[str]) -> None:
        for widget in (
            self.scope,
            self.output_form,
            self.title,
            self.phone,
            self.days,
            self.year,
            self.month,
            self.unmasked,
            self.blank,
            self.reason,
            self.password,
        ):
            self._rows.setRowVisible(widget, widget.objectName() in visible)
        self.unmasked.setChecked(False)  # asked for each time anew, because full numbers are the exception
        self.blank.setChecked(False)

    def selected_year(self) -> int:
        """0 for all years."""
        return 0 if self.year.value() == _ALL_YEARS else self.year.value()

    def selected_month(self) -> str:
        """A month of the chosen year, of this one where all are; "" for all months."""
        year = self.selected_year() or date.today().year
        return f"{year}-{self.month.value():02}" if self.month.value() else ""

    def _add_combo_box(self, name: str, label: str, items: tuple[str, ...]) -> QComboBox:
        box = QComboBox()
        box.addItems(items)
        self._add_row(box, name, label)
        return box

    def _add_line_edit(self, name: str, label: str, hint: str) -> QLineEdit:
        line = QLineEdit()
        line.setPlaceholderText(hint)
        self._add_row(line, name, label)
        return line

    def _add_spin_box(self, name: str, label: str, minimum: int, maximum: int, value: int, suffix: str) -> NumberBox:
        box = NumberBox()
        box.setRange(minimum, maximum)
        box.setValue(value)
        box.setSuffix(suffix)
        self._add_row(box, name, label)
        return box

    def _add_check_box(self, name: str, text: str) -> QCheckBox:
        check_box = QCheckBox(text)
        check_box.setObjectName(name)
        self._rows.addRow(check_box)
        return check_box

    def _add_row(self, widget: QWidget, name: str, label: str) -> None:
        widget.setObjectName(name)
        widget.setAccessibleName(label)
        self._rows.addRow(label, widget)
