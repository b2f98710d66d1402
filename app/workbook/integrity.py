"""Whether a workbook is whole: the file, its references, and that every cell shows what the journal says."""

import json
from collections import defaultdict
from collections.abc import Callable, Iterator, Mapping
from typing import Any

from sqlalchemy import text
from sqlalchemy.orm import Session

from app.progress import Progress, Task
from app.workbook.workbook import Workbook
from db import household_merge
from db.journal.heads import RowHistory
from db.journal.merge import ChangeId
from db.journal.triggers import journaled_columns
from db.schema import records

_BATCH_SIZE = 500  # looked at together
_MAX_ERRORS = 100  # faults told


def check_integrity(workbook: Workbook) -> Task[list[str]]:
    """Everything that is not as it should be, as Chinese phrases without personal data; empty when all is well."""
    errors: list[str] = []
    with workbook.reading() as session:
        yield Progress(0, len(records()) + 2, "检查文件")
        raw: Any = session.connection().connection.driver_connection
        errors += [f"文件：{row[0]}" for row in raw.execute("PRAGMA cipher_integrity_check").fetchall()[:20]]
        errors += [f"文件：{row[0]}" for row in raw.execute("PRAGMA integrity_check(20)").fetchall() if row[0] != "ok"]
        if errors:
            return errors  # a broken file answers nothing further
        yield Progress(1, len(records()) + 2, "检查引用")
        errors += [f"“{row[0]}”有悬空的引用" for row in raw.execute("PRAGMA foreign_key_check").fetchall()[:20]]
        errors += _check_stream_numbers(session) + _check_missing_rows(session)
        merge_targets = household_merge.journal_merge_targets(raw)
        for n, table in enumerate(records()):
            yield Progress(n + 2, len(records()) + 2, "核对日志")
            for batch in _check_cells(session, table, merge_targets):
                errors += batch
                yield Progress(n + 2, len(records()) + 2, "核对日志")
    return errors[:_MAX_ERRORS]


def _check_stream_numbers(session: Session) -> list[str]:
    """Streams whose numbers are not all there, once each: as a change, or as folded away."""
    rows = session.execute(
        text(
            "WITH held AS (SELECT stream, count(*) AS many, max(number) AS last FROM change GROUP BY stream "
            "UNION ALL SELECT stream, sum(last - first + 1), max(last) FROM folded GROUP BY stream) "
            "SELECT s.n FROM stream s LEFT JOIN held h ON h.stream = s.n GROUP BY s.n "
            "HAVING s.last <> coalesce(sum(h.many), 0) OR s.last <> coalesce(max(h.last), 0)"
        )
    )
    errors = [f"日志第 {n} 流有缺号" for (n,) in rows]
    duplicates = session.execute(
        text(
            "SELECT DISTINCT f.stream FROM folded f JOIN change c ON c.stream = f.stream "
            "AND c.number BETWEEN f.first AND f.last"
        )
    )
    return errors + [f"日志第 {n} 流有归并过又还在的号" for (n,) in duplicates]


def _check_missing_rows(session: Session) -> list[str]:
    """Records that the journal bears and the tables have not."""
    missing_row_case = " ".join(
        f"WHEN '{table}' THEN NOT EXISTS (SELECT 1 FROM {table} WHERE id = row_id)" for table in records()
    )
    rows = session.execute(
        text(
            "SELECT table_name, count(DISTINCT row_id) FROM change WHERE column_name = '' "
            f"AND CASE table_name {missing_row_case} ELSE 0 END GROUP BY table_name"
        )
    )
    return [f"“{records()[table].LABEL}”少 {count} 条记录" for table, count in rows]


def _check_cells(session: Session, table: str, merge_targets: Mapping[str, str]) -> Iterator[list[str]]:
    """Rows of a table whose heads are not those of the journal, or that do not show the winners; row block by block.

    `leads`: joined household → the one shown for it.
    """
    label, columns = records()[table].LABEL, journaled_columns(table)
    replica = {row.n: row.replica for row in session.execute(text("SELECT n, replica FROM stream"))}
    query = text(
        f"SELECT id, {_quoted_columns(columns)} FROM {table} WHERE id > :after ORDER BY id LIMIT {_BATCH_SIZE}"
    )
    last_row = ""
    while rows := session.execute(query, {"after": last_row}).all():
        last_row, ids = rows[-1][0], {"ids": json.dumps([row[0] for row in rows])}
        histories, heads = _load_histories(session, ids), _load_heads(session, ids)
        errors: list[str] = []
        for row, *cells in rows:
            if not histories[row].inserts:
                errors.append(f"“{label}”有一条记录不在日志里")
                continue
            current = dict(zip(columns, cells, strict=True))
            errors += [
                f"“{label}”的“{column}”{problem}"
                for column, problem in _cell_errors(
                    current, histories[row], heads[row], _reference_resolver(table, row, merge_targets), replica
                )
            ]
        yield errors


def _load_histories(session: Session, ids: dict[str, str]) -> dict[str, RowHistory]:
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


def _load_heads(session: Session, ids: dict[str, str]) -> dict[str, dict[str, set[ChangeId]]]:
    heads: dict[str, dict[str, set[ChangeId]]] = defaultdict(lambda: defaultdict(set))
    for row, column, stream, number in session.execute(
        text(
            "SELECT row_id, column_name, stream, number FROM head WHERE row_id IN (SELECT value FROM json_each(:ids))"
        ),
        ids,
    ):
        heads[row][column].add((stream, number))
    return heads


def _cell_errors(
    current: dict[str, Any],
    history: RowHistory,
    heads: dict[str, set[ChangeId]],
    resolve: Callable[[str, Any], Any],
    replica: dict[int, str],
) -> Iterator[tuple[str, str]]:
    """Cells of one row that the journal contradicts, and how; `stated`: what a column shows for what is said there."""
    for column in current.keys() | history.columns():
        if set(history.heads(column)) != heads.get(column, set()):
            yield column, "与日志不符（修改的先后）"
        elif column in current and current[column] != resolve(column, history.current_value(column, replica)):
            yield column, "与日志不符"


def _reference_resolver(table: str, row: str, merge_targets: Mapping[str, str]) -> Callable[[str, Any], Any]:
    """References show the household that a joined one leads to."""

    def resolve(column: str, value: Any) -> Any:
        if (table, column) in household_merge.household_references():
            return merge_targets.get(value, value)
        return merge_targets.get(row) if (table, column) == ("household", "merged_into") else value

    return resolve


def _quoted_columns(columns: list[str]) -> str:
    return ", ".join(f'"{column}"' for column in columns)
