"""What a village found wanting in its own yearly check, opened as problems of the village (docs/coverage.md 5.2-3)."""

from dataclasses import replace
from datetime import date

from app.errors import UserError
from app.forms.entries import FormEntryDraft, load_entry
from app.records.draft import is_taken, write_draft
from app.records.field import Value, field
from app.registers.engine.new_row import start_row
from app.registers.rectification import DEFAULT_DEADLINE, REGISTER, due_date
from app.workbook.workbook import Workbook
from db.schema.record import derived_id
from resources.option_roles import value_of

SELF_CHECK = "self_check"
_POINTS = "points"


def hand_over_self_check(workbook: Workbook, entry_id: str) -> tuple[str, ...]:
    """Open a problem for each point that is not met; returns the ids of the new ones.

    An id follows from entry and line, so that two laptops open one problem; what was opened before stays as it is.

    Raises:
        UserError: it is no self-check, or every point is met
    """
    with workbook.operation("按自查表列入整改") as session:
        entry = load_entry(session, entry_id)
        if entry.form.code != SELF_CHECK:
            raise UserError("只有年度自查表能列入整改。请先在“会议和公示”里选一份年度自查表。")
        missed = [line for line in entry.line_keys(_POINTS) if entry.cell(_POINTS, line, "met") is False]
        if not missed:
            raise UserError("这份自查表没有“是否做到”填“否”的要点，不用列入整改。")
        opened = []
        for line in missed:
            problem_id = derived_id(REGISTER.key, SELF_CHECK, entry_id, line)
            if not is_taken(session, REGISTER.key, problem_id):
                draft = start_row(REGISTER, entry.village).with_values(**_problem(entry, line, problem_id))
                write_draft(session, replace(draft, id=problem_id))
                opened.append(problem_id)
    return tuple(opened)


def _problem(entry: FormEntryDraft, line: str, problem_id: str) -> dict[str, Value]:
    found_on = entry.filled_on or date.today()
    found, point = entry.cell(_POINTS, line, "found"), entry.cell(_POINTS, line, "point")
    topic, classes = entry.cell(_POINTS, line, "topic"), field(REGISTER.key, "problem_class").options
    return {
        "number": f"{found_on.year}-{problem_id[:4].upper()}",
        "source": value_of("rectification_source", "self_check"),
        "problem": str(found or f"没有做到：{point}"),
        "problem_class": topic if any(option.value == topic for option in classes) else None,
        "found_on": found_on,
        "due_on": entry.cell(_POINTS, line, "due") or due_date(found_on, DEFAULT_DEADLINE),
        "plan": entry.cell(_POINTS, line, "remedy"),
        "responsible": entry.cell(_POINTS, line, "by"),
        "note": f"{entry.year or found_on.year}年{entry.form.title}：{point}",
    }
