"""整改: problems found in this household, until they are closed out."""

from collections.abc import Mapping, Sequence
from datetime import date

from PySide6.QtWidgets import QComboBox, QHBoxLayout, QLabel

from app.records.field import Value, label_of, options
from app.records.household import HouseholdCard
from app.work.rectification import CLOSING, RectificationRow, beginning, due_day, rows
from ui.household.desk import Desk
from ui.household.records_tab import RecordsTab
from ui.tables.row_table import Column, Row

GROUPS = (
    ("问题", ("problem", "source", "level", "found_on", "due_on", "number", "issued_by", "responsible", "plan")),
    ("整改", ("done_on", "outcome", "evidence")),
    ("回访", ("followup_on", "followup_by", "opinion", "note")),
)


class RectificationTab(RecordsTab):
    """Overdue ones first. Closing out is done on the page of all problems, after a follow-up visit."""

    TITLE = "整改"
    TABLE = "rectification"
    NEW_LABEL = "新建整改"
    HINT = "这一户没有要整改的问题。按 Alt+A 新建。"
    WITHOUT = CLOSING
    COLUMNS = (
        Column("state", "状态", width=7),
        Column("due_on", label_of("rectification", "due_on"), width=11),
        Column("problem", label_of("rectification", "problem"), width=0),
    )
    GROUPS = GROUPS

    def __init__(self, desk: Desk) -> None:
        super().__init__(desk)
        self._found: list[RectificationRow] = []
        self.deadline = QComboBox()
        self.deadline.setObjectName("deadline")
        self.deadline.setAccessibleName("时限类别")
        self.deadline.setPlaceholderText("时限类别")
        self.deadline.addItems([option.label for option in options("rectification_deadline")])
        self.deadline.setCurrentIndex(-1)
        self.deadline.activated.connect(lambda _: self._give_time())
        line = QHBoxLayout()
        line.setContentsMargins(16, 4, 20, 0)
        line.addWidget(QLabel("从发现那天起"))
        line.addWidget(self.deadline)
        line.addWidget(QLabel("改好（会填进整改时限）"))
        line.addStretch()
        self.beside.insertLayout(0, line)

    def show_card(self, card: HouseholdCard) -> None:
        if self.card is None or self.card.id != card.id:
            self._found = []
            super().show_card(card)
        self.desk.read(lambda found: self._show(card, found), rows, card.id)

    def _show(self, card: HouseholdCard, found: list[RectificationRow]) -> None:
        if self.card is not None and self.card.id == card.id:
            self._found = found
            super().show_card(card)

    def _give_time(self) -> None:
        """The class that is chosen gives the last day."""
        draft, chosen = self.editor.draft, self.deadline.currentText()
        found_on = draft.values["found_on"] if draft else None
        if isinstance(found_on, date):
            self.editor.put("due_on", due_day(found_on, chosen))
        self.deadline.setCurrentIndex(-1)

    def rows(self, card: HouseholdCard) -> Sequence[Row]:
        return [row_of(one) for one in self._found]

    def begins_with(self) -> Mapping[str, Value]:
        return beginning(date.today())


def row_of(one: RectificationRow) -> Row:
    """One problem in a table: overdue ones stand out, closed ones stand back."""
    cells = {
        "state": "超期" if one.overdue else str(one.state),
        "due_on": one.due_on,
        "problem": one.problem,
        "head": one.head,
        "group": one.group,
        "number": one.number,
        "source": one.source,
        "responsible": one.responsible,
        "found_on": one.found_on,
        "done_on": one.done_on,
        "followup_on": one.followup_on,
        "closed_on": one.closed_on,
    }
    return Row(one.id, cells, "bad" if one.overdue else "quiet" if one.closed_on else "")
