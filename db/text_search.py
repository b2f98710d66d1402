"""Finding households by anything an officer types: name, pinyin, initials, group, tail of a number.

An FTS5 table without content, kept by triggers. What is searched is declared on the columns (`ColumnSpec.search`). Each
household and each of its records with such a column has one entry of words: single hanzi (a phrase of them finds any
part of a name), pinyin from each syllable on ("zhangweiguo weiguo guo", so that a prefix search finds any part),
initials likewise, and whole numbers with their tails.
"""

import re
from collections.abc import Callable, Mapping
from functools import cache, lru_cache, partial
from typing import Any

from sqlalchemy import Select, select, text
from sqlalchemy import column as sql_column
from sqlalchemy import table as sql_table
from sqlalchemy.orm import Session

from db.schema import records
from db.schema.relations import parent_column
from db.schema.search_entry import SearchEntry

_HANZI = re.compile(r"[\u3400-\u9fff\uf900-\ufaff\U00020000-\U000323af〇]")
_TOKEN = re.compile(r"([\u3400-\u9fff\uf900-\ufaff\U00020000-\U000323af〇]+)|([0-9a-z]+)")
_SUFFIX_LENGTHS = (4, 6)


@lru_cache(maxsize=20000)
def _pinyin_readings(hanzi: str) -> tuple[str, ...]:
    from pypinyin import Style, pinyin

    readings = pinyin(hanzi, style=Style.NORMAL, heteronym=True, errors="ignore")
    return tuple(dict.fromkeys(readings[0]))[:4] if readings else ()


@lru_cache(maxsize=20000)
def _pinyin_terms(name: str) -> tuple[str, ...]:
    """Every reading of the first hanzi (仇 is qiu or chou), the usual one of the others, from each syllable on."""
    syllables = [_pinyin_readings(hanzi) for hanzi in _HANZI.findall(name)]
    usual = [readings[0] for readings in syllables if readings]
    words: list[str] = []
    for start in range(len(usual)):
        words += ["".join(usual[start:]), "".join(syllable[0] for syllable in usual[start:])]
    for other in syllables[0][1:] if syllables and syllables[0] else ():
        words += [other + "".join(usual[1:]), other[0] + "".join(syllable[0] for syllable in usual[1:])]
    return tuple(words)


@lru_cache(maxsize=20000)
def is_spelling(word: str, name: str) -> bool:
    """Whether a word in small letters is pinyin of a name from any syllable on: in full, or its initials in any
    reading of each hanzi (行 is h or x)."""
    letters = [{reading[0] for reading in _pinyin_readings(hanzi)} for hanzi in _HANZI.findall(name)]
    starts = range(len(letters) - len(word) + 1)
    by_initials = any(all(letter in letters[start + n] for n, letter in enumerate(word)) for start in starts)
    return by_initials or any(term.startswith(word) for term in _pinyin_terms(name))


def _hanzi_terms(value: str) -> list[str]:
    return _HANZI.findall(value) + re.findall(r"[0-9A-Za-z]+", value)


def _number_terms(value: str) -> list[str]:
    return [value, *(value[-length:] for length in _SUFFIX_LENGTHS if len(value) > length)]


def _name_terms(value: str) -> list[str]:
    return [*_hanzi_terms(value), *_pinyin_terms(value)]


_TERMS: Mapping[str, Callable[[str], list[str]]] = {
    "number": _number_terms,
    "name": _name_terms,
    "text": _hanzi_terms,
}


@cache
def searched_columns(table: str) -> Mapping[str, str]:
    """Column → how it is searched, in the order of the columns; empty for a kind of record that is not searched."""
    declared = [(column.name, column.info.get("declared")) for column in records()[table].__table__.columns]
    return {name: spec.search for name, spec in declared if spec is not None and spec.search}


@cache
def searched_tables() -> tuple[str, ...]:
    """Every table with a searched column: that of households and those that belong to it."""
    return tuple(table for table in records() if searched_columns(table))


def row_terms(table: str, *values: str | None) -> str:
    """The terms of a row; `values`: of its searched columns, in their order."""
    kinds = searched_columns(table).values()
    return " ".join(term for kind, value in zip(kinds, values, strict=True) if value for term in _TERMS[kind](value))


def create_functions(connection: Any) -> None:
    """The SQL functions: `<table>_words` of the searched columns, which the triggers call, and `is_spelling`."""
    connection.create_function("is_spelling", 2, is_spelling, deterministic=True)
    for table in searched_tables():
        arguments = len(searched_columns(table))
        connection.create_function(f"{table}_words", arguments, partial(row_terms, table), deterministic=True)


def _owner_columns(table: str) -> tuple[str, str]:
    """What leads to the household that is found: a column, and where that is empty a value."""
    return ("merged_into", "{0}.id") if table == "household" else (parent_column(table), "''")


def _owner(table: str, row: str) -> str:
    column, otherwise = _owner_columns(table)
    return f"coalesce({row}.{column}, {otherwise.format(row)})"


def _words(table: str, row: str) -> str:
    return f"{table}_words({', '.join(f'{row}.{column}' for column in searched_columns(table))})"


def schema_statements() -> list[str]:
    """SQL that creates the full-text table and its triggers; run after every migration."""
    statements = [
        "CREATE VIRTUAL TABLE IF NOT EXISTS search USING fts5("
        "words, content='', contentless_delete=1, prefix='1 2 3 4', tokenize='unicode61 remove_diacritics 0')"
    ]
    number = "(SELECT n FROM searchable WHERE row_id = NEW.id)"
    for table in searched_tables():
        words, owner = _words(table, "NEW"), _owner(table, "NEW")
        statements += [
            f"CREATE TRIGGER search_in_{table} AFTER INSERT ON {table} WHEN NOT NEW.withdrawn BEGIN "
            f"INSERT INTO searchable (row_id, household_id) VALUES (NEW.id, {owner}); "
            f"INSERT INTO search (rowid, words) VALUES ({number}, {words}); END",
            f"CREATE TRIGGER search_again_{table} AFTER UPDATE OF {', '.join(searched_columns(table))}, withdrawn"
            f", {_owner_columns(table)[0]} ON {table} BEGIN "
            f"DELETE FROM search WHERE rowid = {number}; "
            f"DELETE FROM searchable WHERE row_id = NEW.id; "
            f"INSERT INTO searchable (row_id, household_id) SELECT NEW.id, {owner} WHERE NOT NEW.withdrawn; "
            f"INSERT INTO search (rowid, words) SELECT n, {words} FROM searchable WHERE row_id = NEW.id; END",
            f"CREATE TRIGGER search_out_{table} AFTER DELETE ON {table} BEGIN "
            "DELETE FROM search WHERE rowid = (SELECT n FROM searchable WHERE row_id = OLD.id); "
            "DELETE FROM searchable WHERE row_id = OLD.id; END",
        ]
    return statements


def rebuild_statements() -> list[str]:
    """SQL that fills the full-text table again from the records."""
    statements = ["DELETE FROM searchable", "INSERT INTO search (search) VALUES ('delete-all')"]
    for table in searched_tables():
        statements += [
            f"INSERT INTO searchable (row_id, household_id) SELECT r.id, {_owner(table, 'r')} FROM {table} r "
            "WHERE NOT r.withdrawn",
            f"INSERT INTO search (rowid, words) SELECT s.n, {_words(table, 'r')} "
            f"FROM searchable s JOIN {table} r ON r.id = s.row_id",
        ]
    return statements


def match_expressions(typed: str) -> list[str]:
    """One FTS5 expression for each word typed; a household must match them all (in any of its people)."""
    expressions = []
    for word in typed.lower().split():
        parts = [f'"{" ".join(hanzi)}"' if hanzi else f'"{plain}"*' for hanzi, plain in _TOKEN.findall(word)]
        if parts:
            expressions.append(" AND ".join(parts))
    return expressions


def rows_with_word(word: str) -> Select[str]:
    """In SQL: ids of the searched records that have a word which begins with these letters or digits."""
    index = sql_table("search", sql_column("words"), sql_column("rowid"))
    found = select(SearchEntry.row_id).join(index, index.c.rowid == SearchEntry.n)
    return found.where(index.c.words.op("MATCH")(f'"{word}"*'))


def search(session: Session, typed: str, limit: int) -> list[tuple[str, str]]:
    """(household id, id of the matching record) for what was typed; each household once, at most `limit`.

    With several words the matching record is the household itself, because each may match another of its people. An
    empty or unsearchable text finds nothing.
    """
    expressions = list(dict.fromkeys(match_expressions(typed)))
    if not expressions:
        return []
    if len(expressions) == 1:
        # one household may match with several members: fetch a few more than asked for
        rows = session.execute(text(_SINGLE_TERM_QUERY), {"word": expressions[0], "limit": limit * 4})
        row_by_household: dict[str, str] = {}
        for household, row in rows:
            row_by_household.setdefault(household, row)
        return list(row_by_household.items())[:limit]
    return [(household, household) for household in _search_all_terms(session, expressions, limit)]


_RARE_TERM_LIMIT = 300
_COUNT_LIMIT = 800
_SINGLE_TERM_QUERY = (
    "SELECT s.household_id, s.row_id FROM search f JOIN searchable s ON s.n = f.rowid "
    "WHERE f.words MATCH :word LIMIT :limit"
)
_HOUSEHOLDS_OF_TERM = (
    "SELECT DISTINCT s.household_id FROM search f CROSS JOIN searchable s ON s.n = f.rowid WHERE f.words MATCH :word{0}"
)


def _search_all_terms(session: Session, expressions: list[str], limit: int) -> list[str]:
    """Households that match every word, in any of their entries: the rarest word first, the others narrow it down."""
    counts = {expression: _count(session, expression) for expression in expressions}
    ordered = sorted(counts, key=counts.__getitem__)
    words = {f"word{n}": expression for n, expression in enumerate(ordered)}
    if counts[ordered[0]] <= _RARE_TERM_LIMIT:
        return list(session.scalars(text(_rare_term_sql(len(ordered))), words | {"limit": limit}))
    query = text(_common_term_sql(len(ordered)))
    household_ids = list(session.scalars(query, words | {"limit": limit, "near": _COUNT_LIMIT}))
    if len(household_ids) < limit and counts[ordered[0]] == _COUNT_LIMIT:
        household_ids = list(session.scalars(query, words | {"limit": limit, "near": -1}))
    return household_ids


def _count(session: Session, expression: str) -> int:
    """How many entries match, counted as far as it matters."""
    query = text("SELECT count(*) FROM (SELECT 1 FROM search WHERE words MATCH :word LIMIT :enough)")
    return int(session.execute(query, {"word": expression, "enough": _COUNT_LIMIT}).scalar_one())


def _rare_term_sql(words: int) -> str:
    """Households of a rare first word, whose entries are looked for among those of each other word.

    The + keeps FTS5 from evaluating the whole expression once for each entry.
    """
    intersection = " INTERSECT ".join(
        f"SELECT DISTINCT d.household_id FROM search y CROSS JOIN docs d ON d.n = +y.rowid WHERE y.words MATCH :word{n}"
        for n in range(1, words)
    )
    return (
        f"WITH near AS MATERIALIZED ({_HOUSEHOLDS_OF_TERM.format(0)}), "
        "docs AS MATERIALIZED (SELECT x.n, x.household_id FROM near "
        f"CROSS JOIN searchable x ON x.household_id = near.household_id) {intersection} LIMIT :limit"
    )


def _common_term_sql(words: int) -> str:
    """Households of each word narrowed by the words before it; the commonest word is read only until enough fit."""
    steps = [f"near0 AS MATERIALIZED ({_HOUSEHOLDS_OF_TERM.format(0)} LIMIT :near)"]
    steps += [
        f"near{n} AS MATERIALIZED ({_HOUSEHOLDS_OF_TERM.format(n)} AND s.household_id IN near{n - 1})"
        for n in range(1, words - 1)
    ]
    last = words - 1
    return (
        f"WITH {', '.join(steps)} {_HOUSEHOLDS_OF_TERM.format(last)} AND s.household_id IN near{last - 1} LIMIT :limit"
    )
