"""Rows of registers by a few letters: whose they are, what they are called, and of which register."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Any

from sqlalchemy import ColumnElement, false, or_, select, true
from sqlalchemy.orm import Session

from app.records.search import search_households
from app.registers.engine.register import Register
from app.registers.engine.rows import household_column, id_values, kept_conditions, load_rows
from db.schema.relations import record_titles
from db.text_search import is_spelling

_MOST_HOUSEHOLDS = 200  # that a word may mean


@dataclass(frozen=True, slots=True)
class RecordHit:
    """A row that fits: what it is called, and whom it is about."""

    register: Register
    row_id: str
    title: str
    subject: str


def find_records(session: Session, registers: Sequence[Register], typed: str, limit: int) -> Iterator[list[RecordHit]]:
    """Register by register the rows that every word fits, at most `limit` of each.

    A word is the name of the household or one of its members, in characters or pinyin initials, a number, a part of
    what the row is called, or a part of the register's title. The title alone finds no rows.
    """
    words = typed.casefold().split()
    households = [
        [hit.household_id for hit in search_households(session, word, _MOST_HOUSEHOLDS) if hit.household_id]
        for word in words
    ]
    for register in registers:
        conditions = [
            true() if _fits(word, register.title) else _fits_row(session, register, word, ids)
            for word, ids in zip(words, households, strict=True)
        ]
        if all(_fits(word, register.title) for word in words):
            continue
        record: Any = register.record
        found = select(record.id).where(*kept_conditions(register), *conditions).order_by(record.id.desc()).limit(limit)
        rows = load_rows(session, register, list(session.scalars(found)))
        yield [RecordHit(register, row.id, row.title, str(row.subject)) for row in rows]


def _fits_row(session: Session, register: Register, word: str, household_ids: Sequence[str]) -> ColumnElement[bool]:
    """In SQL: the row is about one of the households, or its title has the word."""
    found: list[ColumnElement[bool]] = []
    if household_ids and register.subject in ("household", "member"):
        found.append(household_column(register).in_(id_values(household_ids)))
    for one in register.fields(register.record.TITLE):
        if one.kind not in ("text", "choice", "reference") or one.spec.refers in ("household", "member"):
            continue
        column = register.expression(one.name)
        values = [str(value) for value in session.scalars(select(column).distinct()) if value]
        titles = record_titles(session, one.spec.refers, values) if one.spec.refers else {v: v for v in values}
        fitting = [value for value, title in titles.items() if _fits(word, title)]
        if fitting:
            found.append(column.in_(id_values(fitting)))
    return or_(*found) if found else false()


def _fits(word: str, title: str) -> bool:
    return word in title.casefold() or is_spelling(word, title)
