"""What a kind of record is called, belongs to, refers to, and when two of it are the same.

The declarations beside the columns (db/schema/record.py) are read here; history, conflicts, merging of households,
checks, search and printing ask these functions, so that a new kind of record is whole once it is declared.
"""

import json
from collections.abc import Callable, Collection, Iterable, Iterator, Mapping
from functools import cache
from typing import Any, TypeVar

from sqlalchemy import CompoundSelect, String, bindparam, func, literal, select, union_all
from sqlalchemy.orm import Session

from db.schema import records
from db.schema.column import ColumnSpec
from db.schema.record import Event, NoKey, NotPrinted, Record
from resources.option_roles import value_of

UNKNOWN_RECORD = "新版本的记录"
_MAX_SQL_VARIABLES = 500
Resolve = Callable[[str, str], str]  # (table, row id) → title of that row
Key = tuple[object, ...]
RecordT = TypeVar("RecordT", bound=Record)


@cache
def column_spec(table: str, column: str) -> ColumnSpec | None:
    """What db/schema says of a column; None for those of a newer program and for the id."""
    record = records().get(table)
    table_column = record.__table__.columns.get(column) if record else None
    return table_column.info.get("declared") if table_column is not None else None


@cache
def record_label(table: str) -> str:
    """The Chinese name of a kind of record, e.g. "家庭成员"; that of a newer program is unknown here."""
    record = records().get(table)
    return record.LABEL if record else UNKNOWN_RECORD


# what belongs to what


@cache
def references(table: str) -> tuple[tuple[str, str], ...]:
    """(column, table that it refers to) of one kind of record, in the order of its columns; not `merged_into`."""
    return tuple(
        (column.name, column.info["declared"].refers)
        for column in records()[table].__table__.columns
        if "declared" in column.info and column.info["declared"].refers and column.name != "merged_into"
    )


@cache
def referrers(table: str) -> tuple[tuple[str, str], ...]:
    """(table, column) of all that refers to records of this kind."""
    return tuple((name, column) for name in records() for column, referred in references(name) if referred == table)


@cache
def parent_column(table: str) -> str:
    """The reference to what a record belongs to; "" for what belongs to the village, and for an unknown table."""
    record = records().get(table)
    return record.PARENT if record else ""


@cache
def parent_table(table: str) -> str:
    """The table of what a record belongs to, "" for the village."""
    return dict(references(table)).get(parent_column(table), "") if table in records() else ""


@cache
def tables_below(table: str) -> tuple[str, ...]:
    """All that belongs to records of this kind, directly or through others; each after what it belongs to."""
    below: list[str] = []
    level: list[str] = [table]
    while level:
        level = [name for name in records() if parent_table(name) in level and name not in below]
        below += level
    return tuple(below)


def ancestor_ids(session: Session, table: str, row_ids: Iterable[str], ancestor: str = "household") -> dict[str, str]:
    """Row id → id of the ancestor (a household unless said otherwise) that it belongs to, for rows that have one."""
    if table == ancestor:
        return {row: row for row in row_ids}
    if table not in tables_below(ancestor):
        return {}
    columns = records()[table].__table__.columns
    parents: dict[str, str] = {}
    for batch in _batches(row_ids):
        query = select(columns["id"], columns[parent_column(table)]).where(columns["id"].in_(batch))
        parents.update((row, parent_id) for row, parent_id in session.execute(query) if parent_id)
    found = ancestor_ids(session, parent_table(table), set(parents.values()), ancestor)
    return {row: found[parent_id] for row, parent_id in parents.items() if parent_id in found}


def rows_below(session: Session, table: str, ids: Iterable[str]) -> dict[str, list[str]]:
    """Table → ids of all that belongs to these records, directly or through others, in the order of `tables_below`."""
    found = {table: list(ids), **{name: [] for name in tables_below(table)}}
    for level in _levels_below(table):
        if parents := {name: json.dumps(found[name]) for name in map(parent_table, level) if found[name]}:
            # of a hundred tables most are empty, or hold nothing of these records: they are asked together
            statement = _level_statement(tuple(name for name in level if parent_table(name) in parents))
            for name, row_id in session.execute(statement, parents):
                found[name].append(row_id)
    del found[table]
    return {name: sorted(rows) for name, rows in found.items()}


@cache
def _levels_below(table: str) -> tuple[tuple[str, ...], ...]:
    """The tables of `tables_below`, those together that belong to the level before."""
    levels: list[tuple[str, ...]] = [(table,)]
    while levels[-1]:
        levels.append(tuple(name for name in tables_below(table) if parent_table(name) in levels[-1]))
    return tuple(levels[1:-1])


@cache
def _level_statement(tables: tuple[str, ...]) -> CompoundSelect[str, str]:
    """Table and id of the rows in these tables; the parents' ids, in JSON, go by the name of the parents' table."""
    statements = []
    for name in tables:
        columns = records()[name].__table__.columns
        parents = func.json_each(bindparam(parent_table(name), type_=String)).table_valued("value")
        statements.append(
            select(literal(name), columns["id"]).where(columns[parent_column(name)].in_(select(parents.c.value)))
        )
    return union_all(*statements)


# what one record is called


@cache
def title_columns(table: str) -> tuple[str, ...]:
    """The columns that name one row, in order."""
    record = records().get(table)
    return record.TITLE if record else ()


def title_from_cells(table: str, cells: Mapping[str, object], resolve: Resolve | None = None) -> str:
    """What a record with these cells is called, "" where they do not tell.

    Args:
        cells: as the journal or a record holds them
        resolve: gives the title of what a reference points to; without it references are left out
    """
    parts = []
    for name in title_columns(table):
        value, spec = cells.get(name), column_spec(table, name)
        if value in (None, ""):
            continue
        if spec is not None and spec.refers:
            parts.append(resolve(spec.refers, str(value)) if resolve else "")
        elif spec is not None and spec.kind == "year":
            parts.append(f"{value}年")
        else:
            parts.append(str(value))
    if table == "household" and len(parts) == 2:
        return title_with_group(*parts)
    return " ".join(part for part in parts if part)


def title_with_group(name: str, group: object) -> str:
    """What a household is called."""
    return f"{name}（{group}）" if group else name


def record_title(session: Session, table: str, row_id: str) -> str:
    """What one record is called, e.g. a member's name; "" where nothing tells, or it is not here."""
    return record_titles(session, table, [row_id]).get(row_id, "")


def record_titles(session: Session, table: str, row_ids: Iterable[str]) -> dict[str, str]:
    """Row id → what it is called, of the rows of one table that are here. References take one query a table."""
    if table == "household":
        return household_titles(session, row_ids)
    if table not in records():
        return {}
    columns = records()[table].__table__.columns
    names = title_columns(table)
    rows: dict[str, dict[str, Any]] = {}
    for batch in _batches(row_ids):
        query = select(columns["id"], *(columns[name] for name in names)).where(columns["id"].in_(batch))
        rows |= {row_id: dict(zip(names, values, strict=True)) for row_id, *values in session.execute(query)}
    referred = {
        refers: record_titles(session, refers, {cells[name] for cells in rows.values() if cells[name]})
        for name, refers in references(table)
        if name in names
    }
    return {
        row_id: title_from_cells(table, cells, lambda refers, to: referred[refers].get(to, ""))
        for row_id, cells in rows.items()
    }


def household_titles(session: Session, ids: Iterable[str]) -> dict[str, str]:
    """Household id → its head's name (its number where nobody is head) and its group, which tells namesakes apart."""
    household, member = (records()[table].__table__.columns for table in ("household", "member"))
    names: dict[str, str] = {}
    groups: dict[str, str | None] = {}
    for batch in _batches(ids):
        number_query = select(household["id"], household["household_no"], household["group_name"])
        for household_id, number, group in session.execute(number_query.where(household["id"].in_(batch))):
            names[household_id] = number or "户编号未填"
            groups[household_id] = group
        head_query = select(member["household_id"], member["name"]).where(
            member["household_id"].in_(batch),
            member["relation"] == value_of("relation", "head"),
            ~member["withdrawn"],
            member["left"].is_(None),
        )
        # of two heads, which a merged household may have, the one that lists show (app/records/residency.py)
        heads = session.execute(head_query.order_by(member["name"]))
        names.update((household_id, name) for household_id, name in heads if name)
    return {household_id: title_with_group(name, groups[household_id]) for household_id, name in names.items()}


# when something happened to it


@cache
def events(table: str) -> tuple[Event, ...]:
    """What the dates of a kind of record tell; its first date, or else its first year, where it declares nothing."""
    record = records()[table]
    if record.EVENTS is not None:
        return record.EVENTS
    specs = {column.name: column.info["declared"] for column in record.__table__.columns if column.info}
    for kind in ("date", "year"):
        for name, spec in specs.items():
            if spec.kind == kind:
                happened = spec.label.removesuffix("日期").removesuffix("年度")  # 发放日期 tells of 发放
                return (Event(happened or record.LABEL, (name,)),)
    return ()


# when two records are the same


def standing_record(session: Session, record: type[RecordT], row_id: str) -> RecordT | None:
    """The record of this id, or the one that stands for it since a merge; None where there is none."""
    row = session.get(record, row_id)
    return session.get_one(record, row.merged_into) if row is not None and row.merged_into else row


@cache
def key_columns(table: str) -> tuple[str, ...]:
    """The columns that make two rows the same thing; () where each row stands for itself."""
    record = records().get(table)
    return record.KEY if record and not isinstance(record.KEY, NoKey) else ()


@cache
def all_keys(table: str) -> tuple[tuple[str, ...], ...]:
    """Each set of columns by which two rows are the same, KEY first."""
    return (key_columns(table), *records()[table].ALTERNATE_KEYS) if key_columns(table) else ()


def key_values(table: str, cells: Mapping[str, object]) -> tuple[Key, ...]:
    """What a row with these cells is known by; one row is another if they have any of these in common.

    Each key begins with its columns. Text is compared without spaces around it and without regard to case.
    """
    blank_allowed = records()[table].BLANK_IN_KEY
    keys: list[Key] = []
    for columns in all_keys(table):
        values = [_comparable(cells.get(name)) for name in columns]
        if all(value is not None or name in blank_allowed for name, value in zip(columns, values, strict=True)):
            keys.append((columns, *values))
    return tuple(keys)


def _comparable(value: object) -> object:
    if isinstance(value, str):
        return value.strip().upper() or None
    return value


def same_key_pairs(
    table: str, first: Collection[Mapping[str, Any]], second: Collection[Mapping[str, Any]]
) -> Iterator[tuple[str, str]]:
    """(id of the first, id of the second) of rows that are the same thing, each row in at most one pair.

    KEY tells before ALTERNATE_KEYS, and of several equal rows the one that comes first. `id` is among the cells.
    """
    paired: set[str] = set()
    for n in range(len(all_keys(table))):
        columns = all_keys(table)[n]
        waiting: dict[Key, str] = {}
        for row in first:
            for key in key_values(table, row):
                if key[0] == columns and row["id"] not in paired:
                    waiting.setdefault(key, row["id"])
        for row in second:
            for key in key_values(table, row):
                if row["id"] not in paired and key in waiting:
                    other = waiting.pop(key)
                    paired |= {other, row["id"]}
                    yield other, row["id"]


def rows_with_same_key(session: Session, table: str, cells: Mapping[str, object]) -> list[str]:
    """Ids of the rows that are the same thing as one with these cells, withdrawn ones and the row itself left out."""
    columns = records()[table].__table__.columns
    found: dict[str, None] = {}
    for names, *_ in key_values(table, cells):
        assert isinstance(names, tuple)
        conditions = [columns[name] == cells.get(name) for name in names]  # `== None` becomes IS NULL
        query = select(columns["id"]).where(*conditions, ~columns["withdrawn"]).order_by(columns["id"])
        found.update(dict.fromkeys(session.scalars(query)))
    return [row_id for row_id in found if row_id != cells.get("id")]


# where it is printed


@cache
def is_printed(table: str) -> bool:
    return bool(printed_in(table))


@cache
def printed_in(table: str) -> tuple[str, ...]:
    """The parts of the archive and the reports that print records of this kind."""
    record = records().get(table)
    return record.PRINTED if record and not isinstance(record.PRINTED, NotPrinted) else ()


def _values_of(ids: Collection[str]) -> Any:
    """Ids as a column, however many they are."""
    return func.json_each(json.dumps(sorted(ids))).table_valued("value").c.value


def _batches(ids: Iterable[str]) -> Iterator[list[str]]:
    id_list = list(ids)
    for start in range(0, len(id_list), _MAX_SQL_VARIABLES):
        yield id_list[start : start + _MAX_SQL_VARIABLES]
