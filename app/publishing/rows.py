"""Rows of the workbook as lines of COPY, written by the workbook's own database."""

import json
from collections.abc import Collection, Iterator
from typing import Any

from app.publishing.columns import copy_line
from db.schema import records

_LINES = 2000  # read and sent at a time


class LineReader:
    """Reads the rows of villages from a driver's connection that has `masked` (app/records/masked_reading.py).

    Args:
        villages: how many are read whole: of more than one the places of their rows are looked up once for all
    """

    def __init__(self, raw: Any, *, masked: bool, villages: int) -> None:
        self._raw, self._masked = raw, masked
        self._filled = {table for table in records() if raw.execute(f'SELECT 1 FROM main."{table}" LIMIT 1').fetchone()}
        self._uses_places = villages > 1
        self._placed: dict[str, int] = {}  # table → its number in the table of places

    def whole(self, table: str, village: str, publication: int) -> Iterator[bytes]:
        """All rows of a village, many lines at a time."""
        if table not in self._filled:
            return iter(())
        if not self._uses_places:
            return self._blocks(table, publication, f'main."{table}" r WHERE r.village = ?', (village,))
        if table not in self._placed:
            self._place(table)
        source = f'place p CROSS JOIN main."{table}" r ON r.rowid = p.row WHERE p.tab = ? AND p.village = ?'
        return self._blocks(table, publication, source, (self._placed[table], village))

    def some(self, table: str, village: str, publication: int, ids: Collection[str]) -> Iterator[bytes]:
        """These rows of a village; those that are not here are left out."""
        source = f'json_each(?) one CROSS JOIN main."{table}" r ON r.id = one.value WHERE r.village = ?'
        return self._blocks(table, publication, source, (json.dumps(sorted(ids)), village))

    def pictures(self, village: str) -> int:
        """How many photographs of a village the workbook has records of."""
        count = self._raw.execute(
            "SELECT count(DISTINCT content) FROM photo WHERE village = ? AND NOT withdrawn", (village,)
        )
        return int(count.fetchone()[0])

    def _blocks(self, table: str, publication: int, source: str, values: tuple[Any, ...]) -> Iterator[bytes]:
        line = f"{copy_line(table, masked=self._masked)} || '\t{publication}'"
        rows = self._raw.execute(f"SELECT {line} FROM {source}", values)
        while lines := rows.fetchmany(_LINES):
            text = "\n".join(line for (line,) in lines)
            # the server keeps no NUL in a text
            yield f"{text}\n".replace("\0", "").encode()

    def _place(self, table: str) -> None:
        """One pass over a table instead of one for each village: it has no index of villages."""
        if not self._placed:
            self._raw.execute(
                "CREATE TEMP TABLE place (tab INTEGER, village TEXT, row INTEGER, PRIMARY KEY (tab, village, row)) "
                "WITHOUT ROWID"
            )
        self._placed[table] = len(self._placed)
        self._raw.execute(f'INSERT INTO place SELECT ?, village, rowid FROM main."{table}"', (self._placed[table],))
