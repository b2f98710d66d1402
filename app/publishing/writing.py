"""Writing one village into the database, inside a transaction of the server that the caller holds."""

from collections.abc import Iterable, Iterator
from itertools import chain
from typing import TYPE_CHECKING

from app.publishing.columns import KEY, WRITTEN_BY, published_columns
from app.publishing.database_schema import SCHEMA, qualified, quoted
from app.publishing.option_labels import OptionRow, digest
from app.publishing.position import PublicationPlan, Stored, dumped
from app.publishing.rows import LineReader

if TYPE_CHECKING:
    from app.publishing.target import Connection


class VillageWriter:
    """Writes what a plan says of a village.

    Args:
        publication: the number of the line of `published_log`
        accepted: of a partial plan, the publications whose rows may be written over

    Attributes:
        written: rows that were added or became different
    """

    def __init__(
        self,
        connection: "Connection",
        reader: LineReader,
        village: str,
        plan: PublicationPlan,
        publication: int,
        accepted: list[int],
    ) -> None:
        self._connection, self._reader, self._village, self._plan = connection, reader, village, plan
        self._publication, self._accepted = publication, accepted
        self.written = 0

    def write(self, table: str) -> Iterator[None]:
        """The rows of one kind of record; yields after each block that was sent."""
        blocks = self._blocks(table)
        if (first := next(blocks, None)) is None:
            return  # most tables of most villages
        blocks = chain((first,), blocks)
        if self._plan.extent == "first":
            yield from self._copy(table, qualified(table), blocks)
            return
        stage = quoted(f"stage_{table}")
        self._connection.execute(f"CREATE TEMP TABLE {stage} (LIKE {qualified(table)}) ON COMMIT DROP")
        yield from self._copy(table, stage, blocks, counts=False)
        self._take_over(table, stage)

    def _blocks(self, table: str) -> Iterator[bytes]:
        if self._plan.extent in ("first", "whole"):
            return self._reader.whole(table, self._village, self._publication)
        ids = self._plan.rows.get(table)
        return self._reader.some(table, self._village, self._publication, ids) if ids else iter(())

    def _copy(self, table: str, into: str, blocks: Iterable[bytes], *, counts: bool = True) -> Iterator[None]:
        names = ", ".join(quoted(name) for name in _names(table))
        with self._connection.cursor() as cursor:
            with cursor.copy(f"COPY {into} ({names}) FROM STDIN") as copy:
                for block in blocks:
                    copy.write(block)
                    yield
            self.written += cursor.rowcount if counts else 0

    def _take_over(self, table: str, stage: str) -> None:
        """Rows that are new or different. A partial plan leaves those whose last state this workbook does not know."""
        names = _names(table)
        cells = [quoted(name) for name in names if name not in (*KEY, WRITTEN_BY)]
        assigned = ", ".join(f"{name} = EXCLUDED.{name}" for name in [*cells, WRITTEN_BY])
        here, there = (", ".join(f"{of}.{name}" for name in cells) for of in ("t", "EXCLUDED"))
        listed = ", ".join(quoted(name) for name in names)
        accepted = f" AND t.{WRITTEN_BY} = ANY(%s)" if self._plan.is_partial else ""
        found = self._connection.execute(
            f"INSERT INTO {qualified(table)} AS t ({listed}) SELECT {listed} FROM {stage} "
            f"ON CONFLICT (village, id) DO UPDATE SET {assigned} "
            f"WHERE ROW({here}) IS DISTINCT FROM ROW({there}){accepted}",
            (self._accepted,) if accepted else None,
        )
        self.written += found.rowcount

    def write_options(self, rows: list[OptionRow]) -> None:
        """The option lists of the village in place of those that are there."""
        self._connection.execute(f"DELETE FROM {SCHEMA}.published_option WHERE village = %s", (self._village,))
        columns = ", ".join(("village", *OptionRow._fields))
        with (
            self._connection.cursor() as cursor,
            cursor.copy(f"COPY {SCHEMA}.published_option ({columns}) FROM STDIN") as copy,
        ):
            for row in rows:
                copy.write_row((self._village, *row))

    def finish(self, stored: Stored | None, is_full: bool, revision: str, options: list[OptionRow]) -> int:
        """The position of now; returns how many rows of the village wait for a workbook that knows all."""
        keeps = stored if self._plan.is_partial else None  # all of it may be said anew by who knows all alone
        self._connection.execute(
            f"UPDATE {SCHEMA}.published_log SET written = %s WHERE id = %s", (self.written, self._publication)
        )
        self._connection.execute(
            f"INSERT INTO {SCHEMA}.published_position (village, knowledge, is_full, revision, options, "
            f"{WRITTEN_BY}) VALUES (%s, %s, %s, %s, %s, %s) ON CONFLICT (village) DO UPDATE SET "
            "knowledge = EXCLUDED.knowledge, is_full = EXCLUDED.is_full, revision = EXCLUDED.revision, "
            f"options = EXCLUDED.options, {WRITTEN_BY} = EXCLUDED.{WRITTEN_BY}",
            (
                self._village,
                dumped(self._plan.united),
                keeps.is_full if keeps else is_full,
                keeps.revision if keeps else revision,
                keeps.options if keeps else digest(options),
                self._publication,
            ),
        )
        if self._plan.is_partial:
            self._let_wait()
        else:
            self._connection.execute(f"DELETE FROM {SCHEMA}.published_waiting WHERE village = %s", (self._village,))
        found = self._connection.execute(
            f"SELECT count(*) FROM {SCHEMA}.published_waiting WHERE village = %s", (self._village,)
        ).fetchone()
        return int(found[0]) if found else 0

    def _let_wait(self) -> None:
        for table, ids in self._plan.rows.items():
            self._connection.execute(
                f"INSERT INTO {SCHEMA}.published_waiting (village, table_name, row_id) "
                "SELECT %s, %s, unnest(%s::text[]) ON CONFLICT DO NOTHING",
                (self._village, table, sorted(ids)),
            )


def begin_log_line(
    connection: "Connection",
    village: str,
    operator: str,
    plan: PublicationPlan,
    is_full: bool,
    reason: str,
    pictures: int,
) -> int:
    """A line of `published_log`, whose number the rows get."""
    found = connection.execute(
        f"INSERT INTO {SCHEMA}.published_log (village, operator, knowledge, is_full, reason, pictures) "
        "VALUES (%s, %s, %s, %s, %s, %s) RETURNING id",
        (village, operator, dumped(plan.knowledge), is_full, reason, pictures),
    ).fetchone()
    assert found is not None
    return int(found[0])


def _names(table: str) -> list[str]:
    return [*(column.name for column in published_columns(table)), WRITTEN_BY]
