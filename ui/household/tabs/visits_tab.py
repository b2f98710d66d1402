"""走访: who came, what they saw, what was promised."""

from collections.abc import Mapping, Sequence
from datetime import date
from typing import Any, ClassVar

from app.dashboard.household_counts import PartCount, visit_count
from app.records.field import Value, field_label
from app.records.household import HouseholdDetails
from ui.household.records_tab import RecordsTab
from ui.widgets.row_table import Column, Row


class VisitsTab(RecordsTab):
    """Visits, the latest first; a promise that is overdue stands out."""

    TITLE = "走访"
    GROUP = "帮扶"
    ORDER = 70
    KEY = "7"
    TABLE = "visit"
    ADDS: ClassVar[Mapping[str, str]] = {"Alt+A": "走访"}
    NEW_LABEL = "新建走访"
    HINT = "还没有走访记录。按 Alt+A 新建。"
    COLUMNS = (
        Column("visited_on", "日期", width=10),
        Column("visitors", field_label("visit", "visitors"), width=9),
        Column("purpose", "目的", width=12),
        Column("promised", field_label("visit", "promised"), width=0),
    )
    GROUPS = (
        ("走访", ("visited_on", "visitors", "visitor_unit", "way", "purpose", "found", "explained")),
        ("诉求与承诺", ("asked_for", "solution", "promised", "promised_by", "carried_out", "note")),
    )

    @classmethod
    def count(cls, session: Any, household_id: str) -> PartCount | None:
        return visit_count(session, household_id)

    def rows(self, card: HouseholdDetails) -> Sequence[Row]:
        today = date.today()
        return [
            Row(
                visit.id,
                {
                    "visited_on": visit.visited_on,
                    "visitors": visit.visitors,
                    "purpose": "、".join(visit.purpose),
                    "promised": visit.promised,
                },
                "warn"
                if visit.promised and not visit.carried_out and visit.promised_by and visit.promised_by < today
                else "",
            )
            for visit in card.visits
        ]

    def default_values(self) -> Mapping[str, Value]:
        return {"visited_on": date.today(), "visitors": self.context.workbook.operator}
