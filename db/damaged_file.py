"""Reading what is readable in a file of which some pages are damaged.

SQLCipher refuses a page whose checksum is wrong, and from then on everything on that connection, so each refusal costs
a new connection. Rows are read in smaller and smaller blocks until a damaged page stands alone.
"""

import re
from collections.abc import Callable, Iterator, Sequence
from contextlib import closing, suppress
from typing import Any

from sqlcipher3.dbapi2 import DatabaseError as DriverError

_ROWS_AT_ONCE = 2000
_MAX_ROWID = 2**40
_ROWS_OF_A_PAGE = 250  # at most
_MAX_REFUSED = 2_000_000  # rows in a row that cannot be read: there is nothing behind them


class DamagedFile:
    """Opens the file anew after each refusal.

    Args:
        connect: gives a keyed connection
    """

    def __init__(self, connect: Callable[[], Any]) -> None:
        self._connect = connect
        self._connection: Any = None

    def _query(self, statement: str, parameters: Sequence[Any] = ()) -> list[tuple[Any, ...]] | None:
        """None where a page is damaged."""
        try:
            if self._connection is None:
                self._connection = self._connect()
            return list(self._connection.execute(statement, parameters).fetchall())
        except DriverError:
            self.close()
            return None

    def close(self) -> None:
        if self._connection is not None:
            self._connection.close()
            self._connection = None

    def damaged_pages(self) -> int:
        """How many pages have a wrong checksum."""
        return len(self._page_errors())

    def _page_errors(self) -> list[str]:
        """What SQLCipher says of each page that has a wrong checksum; the page's number stands at the end."""
        return [row[0] for row in self._query("PRAGMA cipher_integrity_check") or ()]

    def _has_root(self, table: str) -> bool:
        """Whether the page under which all rows of a table lie can be read."""
        found = self._query("SELECT rootpage FROM sqlite_master WHERE type = 'table' AND name = ?", (table,))
        return not found or not any(re.search(rf"\bpage {found[0][0]}$", error) for error in self._page_errors())

    def columns(self, table: str) -> list[str]:
        """The columns of a table; none where it is not there or cannot be read."""
        return [row[1] for row in self._query(f"PRAGMA table_info({table})") or ()]

    def is_whole(self, table: str) -> bool:
        """Whether every row of a table can be read."""
        return self._query(f"SELECT * FROM {table}") is not None

    def rows(self, table: str, columns: Sequence[str], *, by_rowid: bool = True) -> Iterator[tuple[Any, ...]]:
        """All readable rows; of a table without row numbers those before the first damaged page."""
        names = ", ".join(f'"{column}"' for column in columns)
        if not by_rowid:
            yield from self._whole(f"SELECT {names} FROM {table}")
            return
        found = self._query(f"SELECT max(rowid) FROM {table}")
        if found is None and not self._has_root(table):
            return
        last = _MAX_ROWID if found is None else int(found[0][0] or 0)
        statement = f"SELECT {names} FROM {table} WHERE rowid BETWEEN ? AND ? ORDER BY rowid"
        position, step, refused = 1, _ROWS_AT_ONCE, 0
        while position <= last and refused < _MAX_REFUSED:
            rows = self._query(statement, (position, position + step - 1))
            if rows is not None:
                yield from rows
                position, step, refused = position + step, min(2 * step, _ROWS_AT_ONCE), 0
            elif step > 1:
                step = max(1, step // 8)
            else:  # behind a page of the inner tree lie many rows
                skipped = refused // 2 if refused > _ROWS_OF_A_PAGE else 1
                position, refused = position + skipped, refused + skipped

    def _whole(self, statement: str) -> Iterator[tuple[Any, ...]]:
        rows = self._query(statement)
        if rows is not None:
            yield from rows
            return
        connection = self._connect()
        with suppress(DriverError), closing(connection):
            yield from connection.execute(statement)  # up to the damaged page
