"""措施: what the household or one of its members gets."""

from collections.abc import Mapping
from typing import ClassVar

from app.registers import get_register
from ui.registers.register_part import RegisterPart


class MeasuresPart(RegisterPart):
    """By year; whom a measure is for is chosen from the household's members."""

    REGISTER = get_register("measure")
    TITLE = "措施"
    GROUP = "帮扶"
    ORDER = 60
    KEY = "6"
    TABLE = "measure"
    ADDS: ClassVar[Mapping[str, str]] = {"Alt+A": "措施"}
