"""新版本的内容: what newer versions of the program wrote about the household, to be read only."""

from functools import partial
from typing import Any

from PySide6.QtWidgets import QVBoxLayout

from app.dashboard.household_counts import CountedHousehold, PartCount, newer_record_count
from app.records.household import NEWER_TABLE, HouseholdDetails
from app.records.newer_records import NewerRecord, household_newer_records
from ui.household.household_part import HouseholdPart
from ui.registers.newer_record_view import NewerRecordView
from ui.shell.page import AppContext


class NewerRecordsPart(HouseholdPart):
    """Records of tables, and columns of records, that this version does not know."""

    TITLE = "新版本的内容"
    GROUP = "台账"
    ORDER = 900
    KEY = "T, 9, 9"
    TABLE = NEWER_TABLE

    @classmethod
    def count(cls, session: Any, household: CountedHousehold) -> PartCount | None:
        return newer_record_count(session, household.id)

    def __init__(self, context: AppContext) -> None:
        super().__init__(context)
        self._household_id = ""
        self._wanted_id = ""  # a record to go to when they have come
        self.view = NewerRecordView("newer_of_household")
        self.view.table.placeholder = "这一户没有新版本写的内容。"
        layout = QVBoxLayout(self)
        layout.addWidget(self.view)

    def show_card(self, card: HouseholdDetails) -> None:
        self._household_id = card.id
        self.context.read(partial(self._show, card.id), household_newer_records, card.id)

    def focus_field(self, record_id: str, column: str) -> None:
        self._wanted_id = record_id
        self.view.table.set_current_id(record_id)

    def _show(self, household_id: str, records: list[NewerRecord]) -> None:
        if household_id == self._household_id:
            self.view.show_records(records)
            self.view.table.set_current_id(self._wanted_id)
            self._wanted_id = ""
