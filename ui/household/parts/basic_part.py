"""基本信息: the household's own fields."""

from typing import Any

from PySide6.QtWidgets import QVBoxLayout

from app.dashboard.household_counts import CountedHousehold, PartCount
from app.records.household import HouseholdDetails
from ui.household.household_part import HouseholdPart
from ui.shell.page import AppContext
from ui.widgets.record_editor import RecordEditor

_GROUPS = (
    (
        "住址与联系",
        (
            "household_no",
            "phone",
            "group_name",
            "hamlet",
            "address",
            "residents",
            "population",
            "bank_name",
            "bank_card_no",
        ),
    ),
    (
        "识别与退出",
        (
            "household_kind",
            "household_attribute",
            "registration_state",
            "exit_status",
            "ident_standard",
            "register_date",
            "plan_exit_year",
            "exit_year",
            "return_year",
            "return_cause",
        ),
    ),
    ("致贫原因", ("cause_main", "cause_other", "cause_note")),
    ("家庭特征", ("is_military_family", "is_one_child", "is_two_girls", "no_labour_fallback")),
    ("填表", ("filler", "filler_phone", "fill_date", "situation", "note")),
)


class BasicPart(HouseholdPart):
    """One form; each field is saved when it is left."""

    TITLE = "基本信息"
    ORDER = 10
    KEY = "1"
    TABLE = "household"

    @classmethod
    def count(cls, session: Any, household: CountedHousehold) -> PartCount | None:
        return None

    def __init__(self, context: AppContext) -> None:
        super().__init__(context)
        self.editor = RecordEditor(context, "household", 3, _GROUPS)
        self.setFocusProxy(self.editor.form)
        layout = QVBoxLayout(self)
        layout.setContentsMargins(0, 0, 0, 0)
        layout.addWidget(self.editor)

    def show_card(self, card: HouseholdDetails) -> None:
        self.editor.open(card.id)

    def focus_field(self, record_id: str, column: str) -> None:
        self.editor.focus_field(column)

    def can_leave(self) -> bool:
        return self.editor.can_leave()
