"""One row as its form shows it; a new one is not in the workbook before something is typed into it."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session

from app.errors import ValidationError
from app.records.draft import Draft, SaveResult, new_draft, validation_errors, write_draft
from app.records.field import Value, fields
from app.records.row_views import helper_rows
from app.registers.engine.register import Register
from app.registers.engine.rows import RegisterRow, RowQuery, load_rows, row_ids
from app.workbook.workbook import Workbook
from db.schema import records, relations
from db.schema.household import Member

Choices = list[tuple[str, str]]  # id, title


@dataclass(frozen=True, slots=True)
class RowContext:
    """What stands around the form: whom the row is about with how far it has come, and what it may refer to."""

    heading: str
    choices: dict[str, Choices]


def row_context(session: Session, register: Register, draft: Draft, today: date | None = None) -> RowContext:
    """The same of a row that is saved, or of one that is not yet."""
    rows = load_rows(session, register, [draft.id], today)
    return RowContext(_heading(session, register, draft, rows), reference_choices(session, register, draft.values))


def _heading(session: Session, register: Register, draft: Draft, rows: Sequence[RegisterRow]) -> str:
    if not rows:
        subject_id = draft.values.get(f"{register.subject}_id")
        whom = relations.record_title(session, register.subject, str(subject_id)) if subject_id else ""
        return f"新建：{whom}" if whom else "新建"
    state = rows[0].progress
    until = f"，{state.due_on.isoformat()} 前办理" if state.due_on else ""
    late = f"，已超期 {-state.days_left} 天" if state.overdue and state.days_left is not None else ""
    return "　".join(text for text in (str(rows[0].subject), f"{state.label}{late or until}") if text)


def start_row(register: Register, village: str, *, operator: str = "", **given: Value) -> Draft:
    """A row with what the register begins with; `given`: household_id or whom else it is about, and first values;
    `operator`: who is at the computer."""
    starts = {name: value() if callable(value) else value for name, value in register.starts.items()}
    if register.author:
        starts[register.author] = operator or None
    return new_draft(register.key, village, "", **{**starts, **given})


def start_row_of_household(
    session: Session, register: Register, village: str, household_id: str, operator: str = ""
) -> Draft:
    """A row about a household; it follows the household's newest row that came to its end, where the register asks."""
    before: dict[str, Value] = {}
    if register.follows:
        ended_on = register.steps[-1].column
        ids = row_ids(session, register, RowQuery(household_id=household_id, sort=f"-{ended_on}"))
        ended = (row.id for row in load_rows(session, register, ids) if row.values[ended_on])
        before = {register.follows: next(ended, None)}
    return start_row(register, village, operator=operator, household_id=household_id, **before)


def start_row_of_member(session: Session, register: Register, member_id: str, operator: str = "") -> Draft:
    """A row about a member, and about the household where the record names that too."""
    member = session.get_one(Member, member_id)
    about = {"member_id": member.id, "household_id": member.household_id}
    named = {name: id for name, id in about.items() if hasattr(register.record, name)}
    return start_row(register, member.village, operator=operator, **named)


def save_row(workbook: Workbook, draft: Draft) -> SaveResult:
    """Write what was typed so far. What a form insists on may come later: lists and checks ask for it.

    Raises:
        ValidationError: a value that was typed is not acceptable; nothing is written
    """
    for name, error in validation_errors(draft).items():
        if draft.values[name] is not None or not draft.new:
            raise ValidationError(error)
    label = relations.record_label(draft.table)
    with workbook.operation(f"新建{label}" if draft.new else f"修改{label}") as session:
        if _is_there_already(session, draft):
            title = relations.title_from_cells(draft.table, draft.values)
            raise ValidationError(f"“{title}”的{label}已经有了，请在原来的那一条上改。")
        if error := _circle_error(session, draft):
            raise ValidationError(error)
        return write_draft(session, draft)


def _circle_error(session: Session, draft: Draft) -> str:
    """The sentence that refuses a reference to a row of the same kind that leads back to this one, or ""."""
    model: Any = records()[draft.table]
    for one in fields(draft.table):
        if one.kind == "reference" and one.spec.refers == draft.table:
            seen, before = {draft.id}, draft.values[one.name]
            while before and before not in seen:
                seen.add(str(before))
                before = session.scalar(select(getattr(model, one.name)).where(model.id == before))
            if before == draft.id:
                return f"“{one.label}”绕了一圈又回到这一条，请重新选。"
    return ""


def _is_there_already(session: Session, draft: Draft) -> bool:
    """Whether another row has the key of this one; a key that may be blank in part does not prove that."""
    cells = {**draft.values, "id": draft.id, "village": draft.village}
    is_strict = bool(relations.key_columns(draft.table)) and not records()[draft.table].BLANK_IN_KEY
    return is_strict and bool(relations.rows_with_same_key(session, draft.table, cells))


def reference_choices(session: Session, register: Register, values: Mapping[str, Value]) -> dict[str, Choices]:
    """Column that refers to another record → what it may refer to.

    A member is one of the row's household. Whom the row is about is no choice: it is settled when the row is made.
    """
    choices: dict[str, Choices] = {}
    for one in register.fields():
        if one.kind == "reference" and one.name != f"{register.subject}_id":
            choices[one.name] = records_to_choose(session, one.spec.refers, values)
    return choices


def records_to_choose(session: Session, table: str, values: Mapping[str, Value]) -> Choices:
    """Id and title of what a column may refer to; of what belongs to households, that of the row's household."""
    if table == "helper":
        return [(row.id, f"{row.name}（{row.unit}）" if row.unit else row.name) for row in helper_rows(session)]
    record = records()[table]
    ids = select(record.id).where(~record.withdrawn)
    if "household_id" in values and relations.parent_table(table) == "household":
        ids = ids.where(getattr(record, relations.parent_column(table)) == values["household_id"])
    titles = relations.record_titles(session, table, session.scalars(ids))
    return sorted(titles.items(), key=lambda entry: entry[1])
