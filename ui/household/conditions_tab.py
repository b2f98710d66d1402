"""生产生活条件: one card a year."""

from collections.abc import Callable
from datetime import date
from functools import partial

from PySide6.QtWidgets import QComboBox, QHBoxLayout, QLabel, QSpinBox, QVBoxLayout

from app.records.household import HouseholdDetails
from app.records.membership import create_living_condition
from ui.household.household_tab import HouseholdTab
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


class YearRow(QHBoxLayout):
    """Choosing a year that is there, and adding one."""

    def __init__(
        self, tab: HouseholdTab, name: str, on_selected: Callable[[str], object], on_added: Callable[[int], object]
    ) -> None:
        super().__init__()
        self._added_id = ""
        self.years = QComboBox()
        self.years.setObjectName(f"{name}_years")
        self.years.setAccessibleName("年度")
        self.years.setMinimumWidth(100)
        self.years.currentIndexChanged.connect(lambda _: on_selected(self.record_id))
        self.new_year = QSpinBox()
        self.new_year.setObjectName(f"{name}_new_year")
        self.new_year.setAccessibleName("要新增的年度")
        self.new_year.setRange(1990, date.today().year + 5)
        self.new_year.setValue(date.today().year)
        add_button = tab.add_button(f"{name}_add_year", "新增年度", "Alt+A", lambda: on_added(self.new_year.value()))
        self.addWidget(QLabel("年度"))
        self.addWidget(self.years)
        self.addSpacing(24)
        self.addWidget(self.new_year)
        self.addWidget(add_button)
        self.addStretch()

    @property
    def record_id(self) -> str:
        """Id of the year that is chosen, "" for none."""
        return str(self.years.currentData() or "")

    def select(self, record_id: str) -> None:
        """Choose a year, also one that was just made and is not among those offered yet."""
        index = self.years.findData(record_id)
        self._added_id = "" if index >= 0 else record_id
        if index >= 0:
            self.years.setCurrentIndex(index)

    def show_years(self, years: list[tuple[str, int]], selected_id: str) -> None:
        """Offer these (id, year), and choose the one just added, the wanted one, or else the newest."""
        if self._added_id in [record_id for record_id, _ in years]:
            selected_id, self._added_id = self._added_id, ""
        self.years.blockSignals(True)
        self.years.clear()
        for record_id, year in years:
            self.years.addItem(f"{year} 年", record_id)
        self.years.setCurrentIndex(max(0, self.years.findData(selected_id)) if years else -1)
        self.years.blockSignals(False)
        if years:
            newest = max(year for _, year in years)
            self.new_year.setValue(max(newest + 1, min(date.today().year, newest + 1)))


class ConditionsTab(HouseholdTab):
    """A new year begins with what the last one said."""

    TITLE = "生产生活条件"

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
