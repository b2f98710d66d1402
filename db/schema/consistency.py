"""What places outside this workbook hold of a household: another system, the printed archive, the household itself."""

from sqlalchemy.orm import Mapped

from db.schema.column import column
from db.schema.record import Record, reference


class ObservedValues(Record):
    """Values of a household's records as they stood at one place at one time (docs/decisions/0025-consistency.md).

    It is never edited: what stands there later is another row, so that two laptops cannot disagree about a cell that
    nobody could read, and what both know is one row. Of several the newest tells, value by value.

    Attributes:
        place: a system, the printed archive, or what somebody saw
        observed_at: a day, or local time "YYYY-MM-DD hh:mm:ss.mmm"
        observed_by: who saw it or typed it in; empty where a list of the system tells it
        basis: the file, or what else it is known from
        held: JSON, table → row → column → value (app/consistency/observed_values.py)
    """

    __tablename__ = "observed_values"
    LABEL = "外部数据"
    TITLE = ("place", "observed_at")
    PARENT = "household_id"
    KEY = ("household_id", "place", "observed_at", "observed_by", "basis", "held")
    BLANK_IN_KEY = ("observed_by", "basis")
    PRINTED = ("entry_list", "consistency_sheet", "system_corrections", "archive_reprints")
    EVENTS = ()

    household_id: Mapped[str | None] = reference("户", "household")
    place: Mapped[str | None] = column("数据所在", "choice", options="data_place", required=True, derived=True)
    observed_at: Mapped[str | None] = column("数据时间", required=True, derived=True)
    observed_by: Mapped[str | None] = column("核实人或录入人", derived=True)
    basis: Mapped[str | None] = column("数据来源", derived=True)
    held: Mapped[str | None] = column("数据内容", "long", required=True, derived=True, internal=True)
