"""走访: who came, what was seen, requested and promised."""

from collections.abc import Mapping
from typing import ClassVar

from app.registers import get_register
from ui.registers.register_tab import RegisterTab


class VisitsTab(RegisterTab):
    """The latest first; a promise past its day stands out."""

    REGISTER = get_register("visit")
    TITLE = "走访"
    ORDER = 70
    KEY = "7"
    TABLE = "visit"
    ADDS: ClassVar[Mapping[str, str]] = {"Alt+A": "走访"}
