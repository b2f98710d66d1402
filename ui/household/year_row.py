"""The line above records that are kept by year."""

from collections.abc import Callable
from datetime import date

from PySide6.QtWidgets import QComboBox, QHBoxLayout, QLabel

from ui.household.household_part import HouseholdPart
from ui.widgets.number_box import NumberBox


class YearRow(QHBoxLayout):
    """Choosing a year that is there, and adding one."""

    def __init__(
        self, part: HouseholdPart, name: str, on_selected: Callable[[str], object], on_added: Callable[[int], object]
    ) -> None:
        super().__init__()
        self._added_id = ""
        self.years = QComboBox(part)  # before the buttons: what the keyboard comes to first
        self.years.setObjectName(f"{name}_years")
        self.years.setAccessibleName("年度")
        self.years.setMinimumWidth(100)
        self.years.currentIndexChanged.connect(lambda _: on_selected(self.record_id))
        self.new_year = NumberBox(part)
        self.new_year.setObjectName(f"{name}_new_year")
        self.new_year.setAccessibleName("要新增的年度")
        self.new_year.setRange(1990, date.today().year + 5)
        self.new_year.setValue(date.today().year)
        add_button = part.add_button(f"{name}_add_year", "新增年度", "Alt+A", lambda: on_added(self.new_year.value()))
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
