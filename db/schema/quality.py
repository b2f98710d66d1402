"""Issues that somebody has investigated and dismissed."""

from datetime import date

from sqlalchemy.orm import Mapped

from db.schema.column import column
from db.schema.record import ALL_COLUMNS, Event, NotPrinted, Record, reference


class IssueDismissal(Record):
    """已核实无误: a dismissed issue. The dismissal holds until the contradictory values change."""

    __tablename__ = "verdict"
    LABEL = "疑点核实"
    TITLE = ("decided_on", "decided_by")
    PARENT = "household_id"
    KEY = ("household_id", "rule", "about")
    REVIEWED = ALL_COLUMNS
    PRINTED = NotPrinted.WORKING_NOTE
    EVENTS = (Event("核实疑点", ("decided_on",), ("reason",)),)

    household_id: Mapped[str | None] = reference("户", "household")
    rule: Mapped[str | None] = column("核实规则", derived=True, internal=True)
    about: Mapped[str | None] = column("核实对象", derived=True, internal=True)
    clash: Mapped[str | None] = column("核实时的数据", derived=True, internal=True)
    reason: Mapped[str | None] = column("核实理由", "long", required=True)
    decided_on: Mapped[date | None] = column("核实日期", "date")
    decided_by: Mapped[str | None] = column("核实人", short=True)
