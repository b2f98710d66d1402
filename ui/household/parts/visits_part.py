"""走访: who came, what was seen, requested and promised."""

from collections.abc import Mapping
from typing import Any, ClassVar

from app.dashboard.household_counts import PartCount, visit_count
from app.registers import get_register
from ui.registers.register_part import RegisterPart


class VisitsPart(RegisterPart):
    """The latest first; a promise past its day stands out."""

    REGISTER = get_register("visit")
    TITLE = "走访"
    GROUP = "帮扶"
    ORDER = 70
    KEY = "7"
    TABLE = "visit"
    ADDS: ClassVar[Mapping[str, str]] = {"Alt+A": "走访"}

    @classmethod
    def count(cls, session: Any, household_id: str) -> PartCount | None:
        return visit_count(session, household_id)
