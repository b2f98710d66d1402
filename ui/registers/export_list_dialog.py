"""How a list leaves as a file: which list, which columns, with whole numbers or not."""

from collections.abc import Sequence
from dataclasses import dataclass

from PySide6.QtWidgets import QCheckBox, QComboBox, QFormLayout, QLabel, QLineEdit, QVBoxLayout, QWidget

from ui.widgets.button_row import ButtonRow
from ui.widgets.dialog import Dialog

_AS_SHOWN, _ALL, _NATIONAL = "看到的", "全部", "国家系统的列序"


@dataclass(frozen=True, slots=True)
class ExportableList:
    """What may leave. `national`: its columns in the order of the national system, none where it has no such list."""

    title: str
    national: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class ExportChoice:
    """What an officer chose.

    Attributes:
        place: of the list among those that may leave
        columns: empty for all
        reason: why numbers are whole, "" where they are masked
    """

    place: int = 0
    columns: tuple[str, ...] = ()
    reason: str = ""


class ExportListDialog(Dialog):
    """Enter goes on to where the file is put."""

    def __init__(self, lists: Sequence[ExportableList], shown: tuple[str, ...], about: str, parent: QWidget) -> None:
        """
        Args:
            lists: what may leave, the list of the page first
            shown: the columns of that list that are seen
            about: which rows, in words
        """
        super().__init__(parent)
        self._lists, self._shown = lists, shown
        self.setObjectName("exportList")
        self.setWindowTitle("导出表格")
        self.content = self._combo("content", "内容", [one.title for one in lists])
        self.columns = self._combo("columns", "栏目", [])
        self.full = QCheckBox("写全证件号码、电话和卡号(&Q)")
        self.full.setObjectName("full")
        self.reason = QLineEdit()
        self.reason.setObjectName("reason")
        self.reason.setAccessibleName("写全号码的事由")
        self.reason.setPlaceholderText("为什么要写全，会记在操作记录里")
        self.reason.setEnabled(False)
        self.buttons = ButtonRow(self, "选择位置…", "choose_place")
        form, layout = QFormLayout(), QVBoxLayout(self)
        form.addRow("内容(&N)", self.content)
        form.addRow("栏目(&L)", self.columns)
        form.addRow("号码", self.full)
        form.addRow("事由(&S)", self.reason)
        form.setRowVisible(self.content, len(lists) > 1)
        # the lines are given: a label that wraps asks for less height than it takes, and the form was squeezed
        note = QLabel(f"{about}。\n存成的 Excel 可以改，改好后在“导入名册”页打开，\n只读取改过的单元格。")
        note.setProperty("quiet", True)
        layout.addLayout(form)
        layout.addWidget(note)
        layout.addWidget(self.buttons)
        self.setMinimumWidth(440)
        self.content.currentIndexChanged.connect(self._offer_columns)
        self.full.toggled.connect(self._ask_reason)
        self.reason.textChanged.connect(lambda _: self._check())
        self._offer_columns()

    def _combo(self, name: str, label: str, entries: Sequence[str]) -> QComboBox:
        combo = QComboBox()
        combo.setObjectName(name)
        combo.setAccessibleName(label)
        combo.addItems(list(entries))
        return combo

    def _offer_columns(self) -> None:
        """Only the list of the page has columns that are seen."""
        index = self.content.currentIndex()
        seen = [_AS_SHOWN] if index == 0 and self._shown else []
        national = [_NATIONAL] if self._lists[index].national else []
        self.columns.clear()
        self.columns.addItems([*seen, _ALL, *national])
        self.columns.setEnabled(self.columns.count() > 1)

    def _ask_reason(self, full: bool) -> None:
        self.reason.setEnabled(full)
        if full:
            self.reason.setFocus()
        self._check()

    def _check(self) -> None:
        self.buttons.accept_button.setEnabled(not self.full.isChecked() or bool(self.reason.text().strip()))

    def choice(self) -> ExportChoice:
        """What is chosen now."""
        place = self.content.currentIndex()
        columns = {_AS_SHOWN: self._shown, _NATIONAL: self._lists[place].national}.get(self.columns.currentText(), ())
        return ExportChoice(place, columns, self.reason.text().strip() if self.full.isChecked() else "")
