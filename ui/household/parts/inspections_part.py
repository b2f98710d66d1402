"""四净两规范: what each round of inspections found in this household."""

from typing import Any

from PySide6.QtWidgets import QVBoxLayout

from app.checklists.results import RoundResult, household_trend
from app.dashboard.household_counts import CountedHousehold, PartCount, inspection_count
from app.records.field import field_label
from app.records.household import HouseholdDetails
from ui.household.household_part import HouseholdPart
from ui.shell.page import AppContext
from ui.widgets.row_table import Column, Row, RowTable

_COLUMNS = (
    Column("round", "轮次", width=20),
    Column("checklist", "标准", width=14),
    Column("seen_on", field_label("inspection", "seen_on"), width=11),
    Column("inspectors", field_label("inspection", "inspector"), width=12),
    Column("points", "得分", align="right", width=6),
    Column("grade", "等次", width=7),
    Column("failing", "要整改的", width=0),
)


class InspectionsPart(HouseholdPart):
    """Rounds, the latest first; Enter opens the score sheet."""

    TITLE = "四净两规范"
    GROUP = "检查与档案"
    ORDER = 80
    KEY = "8"
    TABLE = "inspection"

    @classmethod
    def count(cls, session: Any, household: CountedHousehold) -> PartCount | None:
        return inspection_count(session, household.id)

    def __init__(self, context: AppContext) -> None:
        super().__init__(context)
        self._household_id = ""
        self._round_ids: dict[str, str] = {}  # inspection → its round, which is a line here
        self._awaited_id = ""  # the round to point at when its line has come
        self.table = RowTable("inspections", "四净两规范")
        self.table.set_columns(_COLUMNS)
        self.table.placeholder = "这一户还没有检查过。在“四净两规范”页开一轮检查。"
        self.table.row_activated.connect(
            lambda round_id: context.open("scoring", round=round_id, household=self._household_id)
        )
        layout = QVBoxLayout(self)
        layout.addWidget(self.table)

    def show_card(self, card: HouseholdDetails) -> None:
        if card.id != self._household_id:
            self._household_id = card.id
            self.table.set_rows([])
        self._round_ids = {inspection.id: inspection.round_id for inspection in card.inspections}
        self.context.read(lambda results: self._show_results(card.id, results), household_trend, card.id)

    def focus_field(self, record_id: str, column: str) -> None:
        self._awaited_id = self._round_ids.get(record_id, "")
        self._point_at_awaited()

    def _show_results(self, household_id: str, results: tuple[RoundResult, ...]) -> None:
        if household_id == self._household_id:
            self.table.set_rows([_row(round_result) for round_result in reversed(results)])
            self._point_at_awaited()

    def _point_at_awaited(self) -> None:
        if self._awaited_id and self.table.set_current_id(self._awaited_id):
            self._awaited_id = ""


def _row(round_result: RoundResult) -> Row:
    result = round_result.result
    cells = {
        "round": round_result.round_title,
        "checklist": result.checklist.title,
        "seen_on": result.seen_on,
        "inspectors": "、".join(result.inspectors),
        "points": result.points,
        "grade": result.grade if result.finished else "未评完",
        "failing": "、".join(result.items_to_rectify),
    }
    return Row(round_result.round_id, cells, "" if result.passed or not result.finished else "warn")
