"""What stands in a cell of the month: √ for a day in the village, √县 for a morning there and the rest elsewhere."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass

from app.errors import ValidationError
from app.records.field import Option, field, options
from resources.option_roles import value_of, values_with_role

_STATES = "attendance_state"
WHOLE_DAY = ""  # the part of a day that a mark alone stands for


@dataclass(frozen=True, slots=True)
class DayMark:
    """One state of attendance as a cell shows it; `key`: the letter that writes it, "" where there is none."""

    value: str
    mark: str
    key: str


def day_marks() -> tuple[DayMark, ...]:
    """All states that can be chosen, in their order; an option of the county's own begins with its first character."""
    return tuple(_day_mark(option) for option in field("attendance", "state").options)


def halves() -> tuple[str, str]:
    """How the first and the second half of a day are kept."""
    return value_of("day_half", "morning"), value_of("day_half", "afternoon")


def cell_text(states: Mapping[str, str]) -> str:
    """The text of a day: part of the day → state. A half of which nothing is known is –."""
    marks = {option.value: _day_mark(option).mark for option in options(_STATES)}
    if WHOLE_DAY in states:
        return marks.get(states[WHOLE_DAY], states[WHOLE_DAY])
    if not states:
        return ""
    return "".join(marks.get(states[half], states[half]) if half in states else "–" for half in halves())


def parse_cell(text: str) -> dict[str, str] | None:
    """Part of the day → state for what was typed: a mark, its letter, a name, or two of them for the halves; None if
    it is none of these. An empty text is an empty day."""
    typed = "".join(text.split())
    if not typed:
        return {}
    whole = _state(typed)
    if whole is not None:
        return {WHOLE_DAY: whole}
    parts = typed.split("/") if "/" in typed else list(typed)
    if len(parts) != len(halves()):
        return None
    found = {half: _state(part) for half, part in zip(halves(), parts, strict=True) if part != "–"}
    known = {half: state for half, state in found.items() if state is not None}
    return known if known and len(known) == len(found) else None


def counted_as(state: str, role: str) -> bool:
    """Whether a state counts as a day in the village, on duty, of leave or absent (the roles of the dictionary)."""
    return state in values_with_role(_STATES, role)


def day_sums() -> dict[str, str]:
    """What is counted over a month, as `MonthRow` calls it → its heading."""
    return {"in_village": "驻村", "on_duty": "公务", "leave": "休假", "absent": value_of(_STATES, "absent")}


def legend(marks: Iterable[DayMark]) -> str:
    """What the marks mean, in one line: √ 在村　户 入户走访."""
    return "　".join(f"{one.mark} {one.value}" for one in marks)


def _day_mark(option: Option) -> DayMark:
    return DayMark(option.value, str(option.extra.get("mark", option.label[:1])), str(option.extra.get("key", "")))


def _state(text: str) -> str | None:
    for one in day_marks():
        if text == one.mark or (one.key and text.lower() == one.key):
            return one.value
    try:
        parsed = field("attendance", "state").parse(text)
    except ValidationError:
        return None
    return str(parsed) if parsed else None
