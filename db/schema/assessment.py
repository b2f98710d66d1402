"""How the village's work of a year is scored: the provincial assessment and nine items of everyday work."""

from datetime import date
from decimal import Decimal

from sqlalchemy.orm import Mapped

from db.schema.column import column
from db.schema.record import Record, reference


class Assessment(Record):
    """年度考核记分: 省考核 and 日常考核 of a year (docs/coverage.md 4.5-5)."""

    __tablename__ = "assessment"
    LABEL = "年度考核记分"
    TITLE = ("year", "unit")
    PARENT = ""
    KEY = ("village", "year", "unit")
    BLANK_IN_KEY = ("unit",)
    PRINTED = ("assessment_ledger", "assessment_sheet")

    year: Mapped[int | None] = column("考核年度", "year", required=True)
    unit: Mapped[str | None] = column("考核单位")
    self_scored_on: Mapped[date | None] = column("自评日期", "date")
    scored_by: Mapped[str | None] = column("记分人", short=True)
    reviewed_on: Mapped[date | None] = column("考核确认日期", "date")
    result: Mapped[str | None] = column("考核等次")
    note: Mapped[str | None] = column("备注", "long")


class AssessmentItem(Record):
    """考核项目: what an item is worth, how often it occurred, and what was scored."""

    __tablename__ = "assessment_item"
    LABEL = "考核项目"
    TITLE = ("item",)
    PARENT = "assessment_id"
    KEY = ("assessment_id", "item")
    PRINTED = ("assessment_sheet",)

    assessment_id: Mapped[str | None] = reference("年度考核记分", "assessment")
    item: Mapped[str | None] = column("考核项目", "choice", options="assessment_item", required=True)
    weight: Mapped[Decimal | None] = column("分值", "decimal", unit="分", minimum=0, maximum=100)
    occurrences: Mapped[int | None] = column("登记次数", "integer", unit="次", minimum=0)
    points: Mapped[Decimal | None] = column("得分", "decimal", unit="分", minimum=0, maximum=100)
    evidence: Mapped[str | None] = column("依据和说明", "long")
