"""A county's database as its tools see it, and what must stand in it."""

from dataclasses import dataclass
from decimal import Decimal
from typing import Any

import psycopg

from app.progress import run_to_completion
from app.publishing.columns import published_columns
from app.publishing.publish import PublishedVillage, publish
from app.publishing.target import target_of
from app.workbook.workbook import Workbook
from db.schema import records
from tests.postgres import PostgresServer
from tests.stored_rows import stored_rows

Rows = dict[str, list[dict[str, Any]]]  # table → rows by id


@dataclass(frozen=True)
class CountyDatabase:
    """One database of the server."""

    server: PostgresServer
    name: str

    @property
    def url(self) -> str:
        return self.server.url(self.name)

    def query(self, *statements: str) -> list[tuple[Any, ...]]:
        return self.server.execute(*statements, database=self.name)

    def clear(self) -> None:
        """Every row goes."""
        filled = self.query(
            "SELECT c.oid::regclass::text FROM pg_class c WHERE relnamespace = 'hudang'::regnamespace "
            "AND relkind = 'r' AND pg_relation_size(c.oid) > 0 AND relname <> 'published_schema'"
        )
        if filled:
            self.query(f"TRUNCATE {', '.join(name for (name,) in filled)} RESTART IDENTITY")

    def publish(self, book: Workbook, reason: str = "") -> list[PublishedVillage]:
        return run_to_completion(publish(book, target_of(self.url), reason=reason))

    def rows(self) -> Rows:
        """All published records; empty tables are left out."""
        found: Rows = {}
        with psycopg.connect(self.url) as connection:
            filled = [f"SELECT '{table}' WHERE EXISTS (SELECT FROM hudang.\"{table}\")" for table in records()]
            for (table,) in connection.execute(" UNION ALL ".join(filled)).fetchall():
                names = [column.name for column in published_columns(table)]
                listed = ", ".join(f'"{name}"' for name in names)
                rows = connection.execute(f'SELECT {listed} FROM hudang."{table}" ORDER BY id COLLATE "C"')
                found[table] = [dict(zip(names, row, strict=True)) for row in rows]
        return found


def expected_rows(*books: Workbook) -> Rows:
    """The records of workbooks of different villages as a database has them, numbers whole."""
    expected: Rows = {}
    for book in books:
        with book.reading() as session:
            for table, rows in stored_rows(session).items():
                for row in rows:
                    cells = {name: _as_published(value) for name, value in row._mapping.items()}
                    expected.setdefault(table, []).append(cells)
    return {table: sorted(rows, key=lambda row: str(row["id"])) for table, rows in expected.items()}


def _as_published(value: object) -> object:
    if isinstance(value, tuple):
        return list(value)
    return value.normalize() if isinstance(value, Decimal) else value
