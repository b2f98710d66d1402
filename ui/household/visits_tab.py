"""走访: who came, what they saw, what was promised."""

from collections.abc import Mapping, Sequence
from datetime import date

from app.records.field import Value, label_of
from app.records.household import HouseholdCard
from ui.household.records_tab import RecordsTab
from ui.tables.row_table import Column, Row


class VisitsTab(RecordsTab):
    """Visits, the latest first; a promise that is overdue stands out."""

    TITLE = "走访"
    TABLE = "visit"
    NEW_LABEL = "新建走访"
    HINT = "还没有走访记录。按 Alt+A 新建。"
    COLUMNS = (
        Column("visited_on", "日期", width=10),
        Column("visitors", label_of("visit", "visitors"), width=9),
        Column("purpose", "目的", width=12),
        Column("promised", label_of("visit", "promised"), width=0),
    )
    GROUPS = (
        ("走访", ("visited_on", "visitors", "visitor_unit", "way", "purpose", "found", "explained")),
        ("诉求与承诺", ("asked_for", "solution", "promised", "promised_by", "carried_out", "note")),
    )

    def rows(self, card: HouseholdCard) -> Sequence[Row]:
        today = date.today()
        return [
            Row(
                one.id,
                {
                    "visited_on": one.visited_on,
                    "visitors": one.visitors,
                    "purpose": "、".join(one.purpose),
                    "promised": one.promised,
                },
                "warn" if one.promised and not one.carried_out and one.promised_by and one.promised_by < today else "",
            )
            for one in card.visits
        ]

    def begins_with(self) -> Mapping[str, Value]:
        return {"visited_on": date.today(), "visitors": self.desk.office.workbook.operator}
