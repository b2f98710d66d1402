"""Whose record it is, and what it is called: packages and conflicts are told household by household."""

from collections.abc import Iterable, Mapping
from functools import cache

from sqlalchemy import select
from sqlalchemy.orm import Session

from db.schema import records
from db.schema.column import ColumnSpec
from db.schema.form import FormAnswer, FormEntry, FormVersion, question_label
from db.schema.household import Household, Member
from resources.option_roles import value_of

_MAX_SQL_VARIABLES = 500
# what a record is called when it is not told by its household, best first
_TITLE_COLUMNS = ("name", "title", "household_no", "year", "item", "visited_on", "seen_on", "check", "kind")


@cache
def table_label(table: str) -> str:
    """The Chinese name of a kind of record; that of a newer program is unknown here."""
    record = records().get(table)
    return record.LABEL if record else "新版本的记录"


@cache
def column_spec(table: str, column: str) -> ColumnSpec | None:
    """What db/schema says of a column; None for those of a newer program."""
    record = records().get(table)
    table_column = record.__table__.columns.get(column) if record else None
    return table_column.info.get("declared") if table_column is not None else None


def cell_label(session: Session, table: str, row: str, column: str) -> str:
    """The same of one cell: the answer to a question is called what the form asks."""
    if (table, column) == ("form_answer", "value"):
        question = session.execute(
            select(FormVersion.text, FormAnswer.question)
            .join(FormEntry, FormEntry.form_id == FormVersion.id)
            .join(FormAnswer, FormAnswer.entry_id == FormEntry.id)
            .where(FormAnswer.id == row)
        ).first()
        if question:
            return question_label(question.text or "", question.question or "")
    return column_label(table, column)


def column_label(table: str, column: str) -> str:
    spec = column_spec(table, column)
    return spec.label if spec else f"新版本的栏目 {column}"


@cache
def parent_column(table: str) -> str:
    """The column that leads from a record towards its household: "id" for the household itself, "" for none."""
    if table == "household":
        return "id"
    record = records().get(table)
    if record is None:
        return ""
    references = {c.name: c.info["declared"].refers for c in record.__table__.columns if "declared" in c.info}
    if references.get("household_id"):
        return "household_id"
    return next(
        (name for name, target in references.items() if target and target != table and parent_column(target)), ""
    )


@cache
def parent_table(table: str) -> str:
    """The table that `step_to_household` leads to."""
    spec = column_spec(table, parent_column(table))
    return spec.refers if spec else ""


@cache
def household_tables() -> tuple[str, ...]:
    """The kinds of records that belong to a household, each after the one that its `step_to_household` leads to."""
    ordered: list[str] = []
    remaining = [table for table in records() if parent_column(table) not in ("", "id")]
    while remaining:
        ordered += [table for table in remaining if parent_table(table) in ("household", *ordered)]
        remaining = [table for table in remaining if table not in ordered]
    return tuple(ordered)


def households_of(session: Session, table: str, row_ids: Iterable[str]) -> dict[str, str]:
    """Row id → household id, for rows of one table that are here and belong to a household."""
    column = parent_column(table)
    if column == "id":
        return {row: row for row in row_ids}
    if not column:
        return {}
    columns = records()[table].__table__.columns
    parents: dict[str, str] = {}
    id_list = list(row_ids)
    for start in range(0, len(id_list), _MAX_SQL_VARIABLES):
        query = select(columns["id"], columns[column]).where(
            columns["id"].in_(id_list[start : start + _MAX_SQL_VARIABLES])
        )
        parents.update((row, parent_id) for row, parent_id in session.execute(query) if parent_id)
    if column == "household_id":
        return parents
    households = households_of(session, parent_table(table), set(parents.values()))
    return {row: households[parent_id] for row, parent_id in parents.items() if parent_id in households}


def household_titles(session: Session, ids: Iterable[str]) -> dict[str, str]:
    """Household id → its head's name (its number where nobody is head) and its group, which tells namesakes apart."""
    names: dict[str, str] = {}
    groups: dict[str, str] = {}
    household_ids = list(ids)
    for start in range(0, len(household_ids), _MAX_SQL_VARIABLES):
        batch = household_ids[start : start + _MAX_SQL_VARIABLES]
        number_query = select(Household.id, Household.household_no, Household.group_name).where(Household.id.in_(batch))
        for household_id, number, group in session.execute(number_query):
            names[household_id] = number or "户编号未填"
            groups[household_id] = group or ""
        head = value_of("relation", "head")
        head_query = select(Member.household_id, Member.name).where(
            Member.household_id.in_(batch), Member.relation == head, ~Member.withdrawn, Member.left.is_(None)
        )
        names.update(
            (household_id, name) for household_id, name in session.execute(head_query) if household_id and name
        )
    return {household_id: title_with_group(name, groups.get(household_id)) for household_id, name in names.items()}


def title_with_group(name: str, group: object) -> str:
    """What a household is called."""
    return f"{name}（{group}）" if group else name


def record_title(session: Session, table: str, row: str) -> str:
    """What one record is called, e.g. a member's or helper's name; "" where nothing tells."""
    record = records().get(table)
    if record is None:
        return ""
    if table == "household":
        return household_titles(session, [row]).get(row, "")
    if table in ("form_entry", "form_answer"):
        return _form_title(session, table, row)
    columns = record.__table__.columns
    title_columns = [name for name in _TITLE_COLUMNS if name in columns]
    if not title_columns:
        return ""
    values = session.execute(select(*(columns[name] for name in title_columns)).where(columns["id"] == row)).first()
    return str(next((value for value in values if value not in (None, "")), "")) if values else ""


def _form_title(session: Session, table: str, row: str) -> str:
    """What form an entry, or an answer of one, is of."""
    query = select(FormVersion.title).join(FormEntry, FormEntry.form_id == FormVersion.id)
    if table == "form_answer":
        query = query.join(FormAnswer, FormAnswer.entry_id == FormEntry.id).where(FormAnswer.id == row)
    else:
        query = query.where(FormEntry.id == row)
    return session.scalar(query) or ""


def title_from_cells(table: str, cells: Mapping[str, object]) -> str:
    """The same of a record that is not here yet."""
    return str(next((cells[name] for name in _TITLE_COLUMNS if cells.get(name) not in (None, "")), ""))
