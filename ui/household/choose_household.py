"""Another household of the list, chosen by typing."""

from collections.abc import Sequence

from PySide6.QtWidgets import QDialog, QLabel, QLineEdit, QVBoxLayout, QWidget

from app.records.field import label_of
from app.records.lists import HouseholdRow
from ui.dialogs.two_buttons import two_buttons
from ui.hanzi import initials
from ui.tables.row_table import Column, Row, RowTable

_COLUMNS = (
    Column("head", "户主", width=12),
    Column("group", label_of("household", "group_name"), width=14),
    Column("no", label_of("household", "household_no"), width=22),
    Column("size", "人数", align="right", width=6),
    Column("hamlet", label_of("household", "hamlet"), width=0),
)


class ChooseHousehold(QDialog):
    """Type a name, its initials, or the end of the number; go down; Enter."""

    def __init__(self, title: str, asked: str, rows: Sequence[HouseholdRow], parent: QWidget) -> None:
        super().__init__(parent)
        self.setObjectName("chooseHousehold")
        self.setWindowTitle(title)
        self.resize(720, 480)
        self.chosen = ""
        question = QLabel(asked)
        question.setWordWrap(True)
        self.search = QLineEdit()
        self.search.setObjectName("householdSearch")
        self.search.setAccessibleName("查找农户")
        self.search.setPlaceholderText("户主姓名、首字母、村组或户编号")
        self.search.setClearButtonEnabled(True)
        self.table = RowTable("householdChoice", "农户")
        self.table.set_columns(_COLUMNS)
        self.table.hint = "没有这样的户。"
        self.table.set_rows(_row(one) for one in rows)
        self._words = {one.id: _words(one) for one in rows}
        self.search.textChanged.connect(self._narrow)
        self.search.returnPressed.connect(self.accept)
        self.table.opened.connect(lambda _: self.accept())
        whole = QVBoxLayout(self)
        whole.setContentsMargins(20, 16, 20, 16)
        whole.setSpacing(10)
        for widget in (question, self.search, self.table):
            whole.addWidget(widget)
        whole.addLayout(two_buttons(self, ("下一步", "takeHousehold"), ("取消", "leaveHousehold")))
        self.search.setFocus()

    def _narrow(self, typed: str) -> None:
        wanted = typed.strip().casefold().split()
        self.table.filter((lambda row: all(one in self._words[row.id] for one in wanted)) if wanted else None)

    def accept(self) -> None:
        self.chosen = self.table.current()
        if self.chosen:
            super().accept()
        else:
            self.search.setFocus()


def _words(one: HouseholdRow) -> str:
    return f"{one.head} {initials(one.head)} {one.group} {one.hamlet} {one.household_no}".casefold()


def _row(one: HouseholdRow) -> Row:
    cells = {
        "head": one.head,
        "group": one.group,
        "no": one.household_no,
        "size": one.size,
        "hamlet": one.hamlet,
    }
    return Row(one.id, cells)
