"""Another household of the list, chosen by typing."""

from collections.abc import Sequence

from PySide6.QtWidgets import QDialog, QLabel, QLineEdit, QVBoxLayout, QWidget

from app.records.field import field_label
from app.records.row_views import HouseholdRow
from ui.widgets.button_row import ButtonRow
from ui.widgets.pinyin import initials
from ui.widgets.row_table import Column, Row, RowTable

_COLUMNS = (
    Column("head", "户主", width=12),
    Column("group", field_label("household", "group_name"), width=14),
    Column("no", field_label("household", "household_no"), width=22),
    Column("size", "人数", align="right", width=6),
    Column("hamlet", field_label("household", "hamlet"), width=0),
)


class HouseholdPicker(QDialog):
    """Type a name, its initials, or the end of the number; go down; Enter."""

    def __init__(self, title: str, prompt: str, rows: Sequence[HouseholdRow], parent: QWidget) -> None:
        super().__init__(parent)
        self.setObjectName("chooseHousehold")
        self.setWindowTitle(title)
        self.resize(720, 480)
        self.household_id = ""
        question = QLabel(prompt)
        question.setWordWrap(True)
        self.search = QLineEdit()
        self.search.setObjectName("householdSearch")
        self.search.setAccessibleName("查找农户")
        self.search.setPlaceholderText("户主姓名、首字母、村组或户编号")
        self.search.setClearButtonEnabled(True)
        self.table = RowTable("householdChoice", "农户")
        self.table.set_columns(_COLUMNS)
        self.table.placeholder = "没有这样的户。"
        self.table.set_rows(_row(household) for household in rows)
        self._search_texts = {household.id: _search_text(household) for household in rows}
        self.search.textChanged.connect(self._apply_search)
        self.search.returnPressed.connect(self.accept)
        self.table.row_activated.connect(lambda _: self.accept())
        layout = QVBoxLayout(self)
        layout.setContentsMargins(20, 16, 20, 16)
        layout.setSpacing(10)
        for widget in (question, self.search, self.table):
            layout.addWidget(widget)
        layout.addWidget(ButtonRow(self, "下一步", "takeHousehold", cancel_name="leaveHousehold"))
        self.search.setFocus()

    def _apply_search(self, typed: str) -> None:
        terms = typed.strip().casefold().split()
        self.table.set_filter(
            (lambda row: all(term in self._search_texts[row.id] for term in terms)) if terms else None
        )

    def accept(self) -> None:
        self.household_id = self.table.current_id()
        if self.household_id:
            super().accept()
        else:
            self.search.setFocus()


def _search_text(household: HouseholdRow) -> str:
    return (
        f"{household.head} {initials(household.head)} {household.group} {household.hamlet} {household.household_no}"
    ).casefold()


def _row(household: HouseholdRow) -> Row:
    cells = {
        "head": household.head,
        "group": household.group,
        "no": household.household_no,
        "size": household.size,
        "hamlet": household.hamlet,
    }
    return Row(household.id, cells)
