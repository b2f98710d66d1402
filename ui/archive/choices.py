"""How it is printed: only what the paper asks for is shown."""

from collections.abc import Collection

from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import QCheckBox, QComboBox, QFormLayout, QLineEdit, QSpinBox, QWidget

from app.records.field import label_of
from ui.archive.what import ARCHIVE

ONE_EACH, ONE_VOLUME = "每户一个文件", "合成一册"
ALL_SHOWN, THE_CHOSEN = "列表里的全部户", "选中的户"
_EVERY_YEAR = 2000  # below the first year that is kept: all of them


class Choices(QWidget):
    """Signals: changed, when something was chosen that the preview shows."""

    changed = Signal()

    def __init__(self) -> None:
        super().__init__()
        self._rows = QFormLayout(self)
        self._rows.setContentsMargins(0, 0, 0, 0)
        self._rows.setVerticalSpacing(4)
        self._rows.setLabelAlignment(Qt.AlignmentFlag.AlignLeft | Qt.AlignmentFlag.AlignVCenter)
        self.scope = self._combo("scope", "印哪些户", (ALL_SHOWN, THE_CHOSEN))
        self.form = self._combo("form", "多户时", (ONE_EACH, ONE_VOLUME))
        self.form.setAccessibleName("多户时的文件")
        self.form.setToolTip("保存多户时：每户一个文件放进文件夹，或合成一册")
        self.title = self._line("title", "标题", "空着就用平常的标题")
        self.phone = self._line("phone", "监督电话", "空着就印 12317")
        self.days = self._number("days", "公示天数", 1, 60, 7, " 天")
        self.year = self._number("year", label_of("measure", "year"), _EVERY_YEAR, 2100, _EVERY_YEAR, " 年")
        self.year.setSpecialValueText("各年都印")
        self.full = self._tick("full", "印全证件号码和电话（内部资料）")
        self.blank = self._tick("blank", "印空表，回来手填")
        self.reason = self._line("reason", "不印“草稿”的理由", "有错误也要正式打印时填写")
        self.reason.setToolTip(label_of("archive_print", "reason"))
        self.password = self._line("password", "打开 PDF 的密码", "不加密就空着")
        self.password.setEchoMode(QLineEdit.EchoMode.Password)
        self.scope.currentIndexChanged.connect(lambda _: self.changed.emit())
        for line in (self.title, self.phone, self.reason):
            line.textChanged.connect(lambda _: self.changed.emit())
        for number in (self.days, self.year):
            number.valueChanged.connect(lambda _: self.changed.emit())
        for tick in (self.full, self.blank):
            tick.toggled.connect(lambda _: self.changed.emit())

    def show_for(self, name: str, about: str, asks: Collection[str]) -> None:
        """Show what a paper asks for.

        Args:
            name: of the paper, or `ARCHIVE`
            about: what it is about, see app/archive/papers
        """
        archive = name == ARCHIVE
        shown = set(asks) | {"password"}
        shown |= {"form", "reason"} if archive else {"form"} if about == "household" else set()
        shown |= {"scope"} if about == "village" else set()
        for one in (self.scope, self.form, self.title, self.phone, self.days, self.year, self.full, self.blank,
                    self.reason, self.password):  # fmt: skip
            self._rows.setRowVisible(one, one.objectName() in shown)
        self.full.setChecked(False)  # asked for each time anew, because full numbers are the exception
        self.blank.setChecked(False)

    def chosen_year(self) -> int:
        """0 for all years."""
        return 0 if self.year.value() == _EVERY_YEAR else self.year.value()

    def _combo(self, name: str, label: str, items: tuple[str, ...]) -> QComboBox:
        box = QComboBox()
        box.addItems(items)
        self._named(box, name, label)
        return box

    def _line(self, name: str, label: str, hint: str) -> QLineEdit:
        line = QLineEdit()
        line.setPlaceholderText(hint)
        self._named(line, name, label)
        return line

    def _number(self, name: str, label: str, least: int, most: int, value: int, unit: str) -> QSpinBox:
        box = QSpinBox()
        box.setRange(least, most)
        box.setValue(value)
        box.setSuffix(unit)
        self._named(box, name, label)
        return box

    def _tick(self, name: str, text: str) -> QCheckBox:
        tick = QCheckBox(text)
        tick.setObjectName(name)
        self._rows.addRow(tick)
        return tick

    def _named(self, widget: QWidget, name: str, label: str) -> None:
        widget.setObjectName(name)
        widget.setAccessibleName(label)
        self._rows.addRow(label, widget)
