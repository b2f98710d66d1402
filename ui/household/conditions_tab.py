"""生产生活条件: one card a year."""

from collections.abc import Callable
from datetime import date

from PySide6.QtWidgets import QComboBox, QHBoxLayout, QLabel, QSpinBox, QVBoxLayout

from app.records.household import HouseholdCard
from app.records.membership import living_condition
from ui.household.desk import Desk, Tab
from ui.household.editor import Editor

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


class YearLine(QHBoxLayout):
    """Choosing a year that is there, and adding one."""

    def __init__(self, tab: Tab, name: str, chosen: Callable[[str], object], added: Callable[[int], object]) -> None:
        super().__init__()
        self._added = ""
        self.years = QComboBox()
        self.years.setObjectName(f"{name}_years")
        self.years.setAccessibleName("年度")
        self.years.setMinimumWidth(100)
        self.years.currentIndexChanged.connect(lambda _: chosen(self.record_id))
        self.new_year = QSpinBox()
        self.new_year.setObjectName(f"{name}_new_year")
        self.new_year.setAccessibleName("要新增的年度")
        self.new_year.setRange(1990, date.today().year + 5)
        self.new_year.setValue(date.today().year)
        add = tab.button(f"{name}_add_year", "新增年度", "Alt+A", lambda: added(self.new_year.value()))
        self.addWidget(QLabel("年度"))
        self.addWidget(self.years)
        self.addSpacing(24)
        self.addWidget(self.new_year)
        self.addWidget(add)
        self.addStretch()

    @property
    def record_id(self) -> str:
        """Id of the year that is chosen, "" for none."""
        return str(self.years.currentData() or "")

    def choose(self, record_id: str) -> None:
        """Choose a year, also one that was just made and is not among those offered yet."""
        place = self.years.findData(record_id)
        self._added = "" if place >= 0 else record_id
        if place >= 0:
            self.years.setCurrentIndex(place)

    def show_years(self, years: list[tuple[str, int]], wanted: str) -> None:
        """Offer these (id, year), and choose the one just added, the wanted one, or else the newest."""
        if self._added in [id for id, _ in years]:
            wanted, self._added = self._added, ""
        self.years.blockSignals(True)
        self.years.clear()
        for id, year in years:
            self.years.addItem(f"{year} 年", id)
        self.years.setCurrentIndex(max(0, self.years.findData(wanted)) if years else -1)
        self.years.blockSignals(False)
        if years:
            newest = max(year for _, year in years)
            self.new_year.setValue(max(newest + 1, min(date.today().year, newest + 1)))


class ConditionsTab(Tab):
    """A new year begins with what the last one said."""

    TITLE = "生产生活条件"

    def __init__(self, desk: Desk) -> None:
        super().__init__(desk)
        self._card: HouseholdCard | None = None
        self.line = YearLine(self, "conditions", self._chosen, self._add)
        hint = "还没有生产生活条件。选好年度，按 Alt+A 新增。"
        self.editor = Editor(desk, "living_condition", 3, _GROUPS, without=("year",), hint=hint)
        whole = QVBoxLayout(self)
        whole.addLayout(self.line)
        whole.addWidget(self.editor, 1)

    def show_card(self, card: HouseholdCard) -> None:
        wanted = self.line.record_id if self._card is not None and self._card.id == card.id else ""
        self._card = card
        self.line.show_years([(one.id, one.year) for one in card.conditions], wanted)
        self.editor.open(self.line.record_id)

    def point(self, record_id: str, column: str) -> None:
        self.line.choose(record_id)
        self.editor.point(column)

    def may_leave(self) -> bool:
        return self.editor.may_leave()

    def _chosen(self, record_id: str) -> None:
        if self.may_leave():
            self.editor.open(record_id)

    def _add(self, year: int) -> None:
        if self._card is not None and self.may_leave():
            work = living_condition(self.desk.office.workbook, self._card.id, year)
            self.desk.write(work, self.line.choose, f"已新增 {year} 年")
