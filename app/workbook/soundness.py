"""Whether a workbook is whole: the file, its references, and that every cell shows what the journal says."""

import json
from collections import defaultdict
from collections.abc import Callable, Iterator, Mapping
from typing import Any

from sqlalchemy import text
from sqlalchemy.orm import Session

from app.progress import Progress, Work
from app.workbook.workbook import Workbook
from db import joining
from db.heads import RowHistory
from db.journal import journaled_columns
from db.merge import Dot
from db.schema import records

_ROWS = 500  # looked at together
_MOST = 100  # faults told


def faults(workbook: Workbook) -> Work[list[str]]:
    """Everything that is not as it should be, as Chinese phrases without personal data; empty when all is well."""
    found: list[str] = []
    with workbook.reading() as session:
        yield Progress(0, len(records()) + 2, "检查文件")
        raw: Any = session.connection().connection.driver_connection
        found += [f"文件：{row[0]}" for row in raw.execute("PRAGMA cipher_integrity_check").fetchall()[:20]]
        found += [f"文件：{row[0]}" for row in raw.execute("PRAGMA integrity_check(20)").fetchall() if row[0] != "ok"]
        if found:
            return found  # a broken file answers nothing further
        yield Progress(1, len(records()) + 2, "检查引用")
        found += [f"“{row[0]}”有悬空的引用" for row in raw.execute("PRAGMA foreign_key_check").fetchall()[:20]]
        found += _gaps(session) + _absent(session)
        leads = joining.leads_to(raw)
        for n, table in enumerate(records()):
            yield Progress(n + 2, len(records()) + 2, "核对日志")
            for some in _differing(session, table, leads):
                found += some
                yield Progress(n + 2, len(records()) + 2, "核对日志")
    return found[:_MOST]


def _gaps(session: Session) -> list[str]:
    """Streams whose numbers are not all there, once each: as a change, or as folded away."""
    rows = session.execute(
        text(
            "WITH held AS (SELECT stream, count(*) AS many, max(number) AS last FROM change GROUP BY stream "
            "UNION ALL SELECT stream, sum(last - first + 1), max(last) FROM folded GROUP BY stream) "
            "SELECT s.n FROM stream s LEFT JOIN held h ON h.stream = s.n GROUP BY s.n "
            "HAVING s.last <> coalesce(sum(h.many), 0) OR s.last <> coalesce(max(h.last), 0)"
        )
    )
    found = [f"日志第 {n} 流有缺号" for (n,) in rows]
    twice = session.execute(
        text(
            "SELECT DISTINCT f.stream FROM folded f JOIN change c ON c.stream = f.stream "
            "AND c.number BETWEEN f.first AND f.last"
        )
    )
    return found + [f"日志第 {n} 流有归并过又还在的号" for (n,) in twice]


def _absent(session: Session) -> list[str]:
    """Records that the journal bears and the tables have not."""
    here = " ".join(f"WHEN '{table}' THEN NOT EXISTS (SELECT 1 FROM {table} WHERE id = row_id)" for table in records())
    rows = session.execute(
        text(
            "SELECT table_name, count(DISTINCT row_id) FROM change WHERE column_name = '' "
            f"AND CASE table_name {here} ELSE 0 END GROUP BY table_name"
        )
    )
    return [f"“{records()[table].LABEL}”少 {count} 条记录" for table, count in rows]


def _differing(session: Session, table: str, leads: Mapping[str, str]) -> Iterator[list[str]]:
    """Rows of a table whose heads are not those of the journal, or that do not show the winners; row block by block.

    `leads`: joined household → the one shown for it.
    """
    label, columns = records()[table].LABEL, journaled_columns(table)
    replica = {row.n: row.replica for row in session.execute(text("SELECT n, replica FROM stream"))}
    query = text(f"SELECT id, {_quoted(columns)} FROM {table} WHERE id > :after ORDER BY id LIMIT {_ROWS}")
    after = ""
    while rows := session.execute(query, {"after": after}).all():
        after, ids = rows[-1][0], {"ids": json.dumps([row[0] for row in rows])}
        histories, heads = _histories(session, ids), _heads(session, ids)
        found: list[str] = []
        for row, *cells in rows:
            if not histories[row].births:
                found.append(f"“{label}”有一条记录不在日志里")
                continue
            shown = dict(zip(columns, cells, strict=True))
            found += [
                f"“{label}”的“{column}”{what}"
                for column, what in _wrong(shown, histories[row], heads[row], _led(table, row, leads), replica)
            ]
        yield found


def _histories(session: Session, ids: dict[str, str]) -> dict[str, RowHistory]:
    histories: dict[str, RowHistory] = defaultdict(RowHistory)
    for row, stream, number, column, value, stamp, replaces in session.execute(
        text(
            "SELECT row_id, stream, number, column_name, value, stamp, replaces FROM change "
            "WHERE row_id IN (SELECT value FROM json_each(:ids))"
        ),
        ids,
    ):
        histories[row].add((stream, number), column, value, stamp, replaces)
    return histories


def _heads(session: Session, ids: dict[str, str]) -> dict[str, dict[str, set[Dot]]]:
    heads: dict[str, dict[str, set[Dot]]] = defaultdict(lambda: defaultdict(set))
    for row, column, stream, number in session.execute(
        text(
            "SELECT row_id, column_name, stream, number FROM head WHERE row_id IN (SELECT value FROM json_each(:ids))"
        ),
        ids,
    ):
        heads[row][column].add((stream, number))
    return heads


def _wrong(
    shown: dict[str, Any],
    history: RowHistory,
    heads: dict[str, set[Dot]],
    stated: Callable[[str, Any], Any],
    replica: dict[int, str],
) -> Iterator[tuple[str, str]]:
    """Cells of one row that the journal contradicts, and how; `stated`: what a column shows for what is said there."""
    for column in shown.keys() | history.columns():
        if set(history.heads(column)) != heads.get(column, set()):
            yield column, "与日志不符（修改的先后）"
        elif column in shown and shown[column] != stated(column, history.shown(column, replica)):
            yield column, "与日志不符"


def _led(table: str, row: str, leads: Mapping[str, str]) -> Callable[[str, Any], Any]:
    """References show the household that a joined one leads to."""

    def stated(column: str, value: Any) -> Any:
        if (table, column) in joining.references():
            return leads.get(value, value)
        return leads.get(row) if (table, column) == ("household", "merged_into") else value

    return stated


def _quoted(columns: list[str]) -> str:
    return ", ".join(f'"{column}"' for column in columns)
