"""四净两规范: what each round of inspections found in this home."""

from PySide6.QtWidgets import QVBoxLayout

from app.checklists.results import RoundResult, results_of
from app.records.field import label_of
from app.records.household import HouseholdCard
from ui.household.desk import Desk, Tab
from ui.tables.row_table import Column, Row, RowTable

_COLUMNS = (
    Column("round", "轮次", width=20),
    Column("checklist", "标准", width=14),
    Column("seen_on", label_of("inspection", "seen_on"), width=11),
    Column("inspectors", label_of("inspection", "inspector"), width=12),
    Column("points", "得分", align="right", width=6),
    Column("grade", "等次", width=7),
    Column("failing", "要整改的", width=0),
)


class InspectionsTab(Tab):
    """Rounds, the latest first; Enter opens the score sheet."""

    TITLE = "四净两规范"

    def __init__(self, desk: Desk) -> None:
        super().__init__(desk)
        self._id = ""
        self.table = RowTable("inspections", "四净两规范")
        self.table.set_columns(_COLUMNS)
        self.table.hint = "这一户还没有检查过。在“四净两规范”页开一轮检查。"
        self.table.opened.connect(lambda round_id: desk.office.open("inspection", round=round_id, household=self._id))
        whole = QVBoxLayout(self)
        whole.addWidget(self.table)

    def show_card(self, card: HouseholdCard) -> None:
        if card.id != self._id:
            self._id = card.id
            self.table.set_rows([])
        self.desk.read(lambda found: self._show(card.id, found), results_of, card.id)

    def _show(self, household_id: str, found: tuple[RoundResult, ...]) -> None:
        if household_id == self._id:
            self.table.set_rows([_row(one) for one in reversed(found)])


def _row(one: RoundResult) -> Row:
    result = one.result
    cells = {
        "round": one.round_title,
        "checklist": result.checklist.title,
        "seen_on": result.seen_on,
        "inspectors": "、".join(result.inspectors),
        "points": result.points,
        "grade": result.grade if result.finished else "未评完",
        "failing": "、".join(result.failing),
    }
    return Row(one.round_id, cells, "" if result.passed or not result.finished else "warn")
