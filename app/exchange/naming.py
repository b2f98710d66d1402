"""Whose record it is, and what it is called: packages and conflicts are told household by household."""

from collections.abc import Iterable, Mapping
from functools import cache

from sqlalchemy import select
from sqlalchemy.orm import Session

from db.column import Declared
from db.schema import records
from db.schema.form import FormAnswer, FormEntry, FormUsed, question_label
from db.schema.household import Household, Member

_SQL_VARIABLES = 500
# what a record is called when it is not told by its household, best first
_NAMES = ("name", "title", "household_no", "year", "item", "visited_on", "seen_on", "check", "kind")


@cache
def label_of_table(table: str) -> str:
    """The Chinese name of a kind of record; that of a newer program is unknown here."""
    record = records().get(table)
    return record.LABEL if record else "新版本的记录"


@cache
def declared(table: str, column: str) -> Declared | None:
    """What db/schema says of a column; None for those of a newer program."""
    record = records().get(table)
    found = record.__table__.columns.get(column) if record else None
    return found.info.get("declared") if found is not None else None


def label_of_cell(session: Session, table: str, row: str, column: str) -> str:
    """The same of one cell: the answer to a question is called what the form asks."""
    if (table, column) == ("form_answer", "value"):
        found = session.execute(
            select(FormUsed.text, FormAnswer.question)
            .join(FormEntry, FormEntry.form_id == FormUsed.id)
            .join(FormAnswer, FormAnswer.entry_id == FormEntry.id)
            .where(FormAnswer.id == row)
        ).first()
        if found:
            return question_label(found.text or "", found.question or "")
    return label_of_column(table, column)


def label_of_column(table: str, column: str) -> str:
    said = declared(table, column)
    return said.label if said else f"新版本的栏目 {column}"


@cache
def step_to_household(table: str) -> str:
    """The column that leads from a record towards its household: "id" for the household itself, "" for none."""
    if table == "household":
        return "id"
    record = records().get(table)
    if record is None:
        return ""
    refers = {c.name: c.info["declared"].refers for c in record.__table__.columns if "declared" in c.info}
    if refers.get("household_id"):
        return "household_id"
    return next((name for name, other in refers.items() if other and other != table and step_to_household(other)), "")


@cache
def next_table(table: str) -> str:
    """The table that `step_to_household` leads to."""
    said = declared(table, step_to_household(table))
    return said.refers if said else ""


@cache
def below_household() -> tuple[str, ...]:
    """The kinds of records that belong to a household, each after the one that its `step_to_household` leads to."""
    found: list[str] = []
    waiting = [table for table in records() if step_to_household(table) not in ("", "id")]
    while waiting:
        found += [table for table in waiting if next_table(table) in ("household", *found)]
        waiting = [table for table in waiting if table not in found]
    return tuple(found)


def households_of(session: Session, table: str, rows: Iterable[str]) -> dict[str, str]:
    """Row id → household id, for rows of one table that are here and belong to a household."""
    step = step_to_household(table)
    if step == "id":
        return {row: row for row in rows}
    if not step:
        return {}
    columns = records()[table].__table__.columns
    found: dict[str, str] = {}
    wanted = list(rows)
    for start in range(0, len(wanted), _SQL_VARIABLES):
        query = select(columns["id"], columns[step]).where(columns["id"].in_(wanted[start : start + _SQL_VARIABLES]))
        found.update((row, other) for row, other in session.execute(query) if other)
    if step == "household_id":
        return found
    further = households_of(session, next_table(table), set(found.values()))
    return {row: further[other] for row, other in found.items() if other in further}


def household_names(session: Session, ids: Iterable[str]) -> dict[str, str]:
    """Household id → its head's name (its number where nobody is head) and its group, which tells namesakes apart."""
    names: dict[str, str] = {}
    groups: dict[str, str] = {}
    wanted = list(ids)
    for start in range(0, len(wanted), _SQL_VARIABLES):
        some = wanted[start : start + _SQL_VARIABLES]
        numbers = select(Household.id, Household.household_no, Household.group_name).where(Household.id.in_(some))
        for household, number, group in session.execute(numbers):
            names[household] = number or "户编号未填"
            groups[household] = group or ""
        heads = select(Member.household_id, Member.name).where(
            Member.household_id.in_(some), Member.relation == "户主", ~Member.withdrawn, Member.left.is_(None)
        )
        names.update((household, name) for household, name in session.execute(heads) if household and name)
    return {household: with_group(name, groups.get(household)) for household, name in names.items()}


def with_group(name: str, group: object) -> str:
    """What a household is called."""
    return f"{name}（{group}）" if group else name


def record_name(session: Session, table: str, row: str) -> str:
    """What one record is called, e.g. a member's or helper's name; "" where nothing tells."""
    record = records().get(table)
    if record is None:
        return ""
    if table == "household":
        return household_names(session, [row]).get(row, "")
    if table in ("form_entry", "form_answer"):
        return _form_title(session, table, row)
    columns = record.__table__.columns
    shown = [name for name in _NAMES if name in columns]
    if not shown:
        return ""
    found = session.execute(select(*(columns[name] for name in shown)).where(columns["id"] == row)).first()
    return str(next((value for value in found if value not in (None, "")), "")) if found else ""


def _form_title(session: Session, table: str, row: str) -> str:
    """What form an entry, or an answer of one, is of."""
    query = select(FormUsed.title).join(FormEntry, FormEntry.form_id == FormUsed.id)
    if table == "form_answer":
        query = query.join(FormAnswer, FormAnswer.entry_id == FormEntry.id).where(FormAnswer.id == row)
    else:
        query = query.where(FormEntry.id == row)
    return session.scalar(query) or ""


def name_in_cells(table: str, cells: Mapping[str, object]) -> str:
    """The same of a record that is not here yet."""
    return str(next((cells[name] for name in _NAMES if cells.get(name) not in (None, "")), ""))
