"""生产生活条件: one card a year."""

from collections.abc import Mapping
from functools import partial
from typing import Any, ClassVar

from PySide6.QtWidgets import QVBoxLayout

from app.dashboard.household_counts import CountedHousehold, PartCount, condition_count
from app.records.household import HouseholdDetails
from app.records.membership import create_living_condition
from ui.household.household_part import HouseholdPart
from ui.household.year_row import YearRow
from ui.shell.page import AppContext
from ui.widgets.record_editor import RecordEditor

_GROUPS = (
    (
        "土地",
        ("land_farm", "land_irrigated", "land_forest", "land_returned", "land_fruit", "land_grass", "land_water"),
    ),
    ("住房", ("house_area", "house_structure", "house_year", "house_unsafe", "danger_level", "rebuild_year")),
    (
        "饮水用电与道路",
        ("water_safe", "water_hard", "elec_life", "elec_prod", "tv", "toilet", "fuel", "road_kind", "road_km"),
    ),
    ("生产带动", ("coop", "leading_firm", "leader_person", "note")),
)


class ConditionsPart(HouseholdPart):
    """A new year begins with what the last one said."""

    TITLE = "生产生活条件"
    ORDER = 30
    KEY = "3"
    TABLE = "living_condition"
    ADDS: ClassVar[Mapping[str, str]] = {"Alt+A": "年度"}

    @classmethod
    def count(cls, session: Any, household: CountedHousehold) -> PartCount | None:
        return condition_count(session, household.id)

    def __init__(self, context: AppContext) -> None:
        super().__init__(context)
        self._card: HouseholdDetails | None = None
        self.year_row = YearRow(self, "conditions", self._on_year_selected, self._add_year)
        hint = "还没有生产生活条件。选好年度，按 Alt+A 新增。"
        self.editor = RecordEditor(context, "living_condition", 3, _GROUPS, excluded=("year",), hint=hint)
        layout = QVBoxLayout(self)
        layout.addLayout(self.year_row)
        layout.addWidget(self.editor, 1)

    def show_card(self, card: HouseholdDetails) -> None:
        selected_id = self.year_row.record_id if self._card is not None and self._card.id == card.id else ""
        self._card = card
        self.year_row.show_years([(condition.id, condition.year) for condition in card.conditions], selected_id)
        self.editor.open(self.year_row.record_id)

    def focus_field(self, record_id: str, column: str) -> None:
        self.year_row.select(record_id)
        self.editor.focus_field(column)

    def can_leave(self) -> bool:
        return self.editor.can_leave()

    def _on_year_selected(self, record_id: str) -> None:
        if self.can_leave():
            self.editor.open(record_id)

    def _add_year(self, year: int) -> None:
        if self._card is not None and self.can_leave():
            work = partial(create_living_condition, self.context.workbook, self._card.id, year)
            self.context.write(work, self.year_row.select, f"已新增 {year} 年")
