"""Doubts about records that somebody has looked into."""

from datetime import date

from sqlalchemy.orm import Mapped

from db.schema.column import column
from db.schema.record import Record, derived_id, reference


class IssueDismissal(Record):
    """已核实无误: a doubt that was looked into. It keeps quiet until the values that clashed change."""

    __tablename__ = "verdict"
    LABEL = "疑点核实"

    household_id: Mapped[str | None] = reference("户", "household")
    rule: Mapped[str | None] = column("核实规则", derived=True)
    about: Mapped[str | None] = column("核实对象", derived=True)
    clash: Mapped[str | None] = column("核实时的数据", derived=True)
    reason: Mapped[str | None] = column("核实理由", "long", required=True)
    decided_on: Mapped[date | None] = column("核实日期", "date")
    decided_by: Mapped[str | None] = column("核实人")

    @staticmethod
    def id_of(household_id: str, rule: str, subject_id: str) -> str:
        """`about`: id of the record that the doubt is about."""
        return derived_id("verdict", household_id, rule, subject_id)
