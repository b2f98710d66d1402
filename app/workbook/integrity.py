"""Verification of a workbook: the file, its references, and that every cell equals what the journal says."""

from collections.abc import Callable, Iterator, Mapping
from typing import Any

from sqlalchemy import text
from sqlalchemy.orm import Session

from app.progress import Progress, Task
from app.workbook.workbook import Workbook
from db.filled_tables import filled_tables
from db.journal import integrity
from db.journal.chain_completion import streams_with_wrong_values
from db.journal.heads import ChangeId, RowHistory
from db.journal.streams import stream_replicas
from db.journal.triggers import journaled_columns
from db.record_merge import expected_targets
from db.schema import records
from db.schema.relations import references

_BATCH_SIZE = 500  # verified together
_MAX_ERRORS = 100  # errors reported


def check_integrity(workbook: Workbook) -> Task[list[str]]:
    """All errors, as Chinese phrases without personal data; empty when there are none."""
    errors: list[str] = []
    with workbook.reading() as session:
        yield Progress(0, len(records()) + 2, "检查文件")
        raw: Any = session.connection().connection.driver_connection
        errors += [f"文件：{row[0]}" for row in raw.execute("PRAGMA cipher_integrity_check").fetchall()[:20]]
        errors += [f"文件：{row[0]}" for row in raw.execute("PRAGMA integrity_check(20)").fetchall() if row[0] != "ok"]
        if errors:
            return errors  # a broken file cannot be checked further
        yield Progress(1, len(records()) + 2, "检查引用")
        errors += [f"“{row[0]}”有悬空的引用" for row in raw.execute("PRAGMA foreign_key_check").fetchall()[:20]]
        errors += _check_stream_numbers(session) + _check_missing_rows(session)
        merge_targets, replica = expected_targets(raw), stream_replicas(session)
        filled = filled_tables(session)
        for n, table in enumerate(records()):
            yield Progress(n + 2, len(records()) + 2, "核对日志")
            if table not in filled:
                continue
            for batch in _check_cells(session, table, merge_targets, replica):
                errors += batch
                yield Progress(n + 2, len(records()) + 2, "核对日志")
    return errors[:_MAX_ERRORS]


def _check_stream_numbers(session: Session) -> list[str]:
    errors = [f"日志第 {n} 流有缺号" for n in integrity.streams_with_gaps(session)]
    errors += [f"日志第 {n} 流有归并过又还在的号" for n in integrity.streams_with_duplicates(session)]
    errors += [f"日志第 {n} 流与它的分支有重复的号" for n in integrity.streams_beyond_their_end(session)]
    raw: Any = session.connection().connection.driver_connection
    return errors + [f"日志第 {n} 流的校验值不对" for n in streams_with_wrong_values(raw)]


def _check_missing_rows(session: Session) -> list[str]:
    """Records that the journal inserts and the tables lack."""
    return [f"“{records()[table].LABEL}”少 {count} 条记录" for table, count in integrity.missing_rows(session)]


def _check_cells(
    session: Session, table: str, merge_targets: Mapping[str, str], replica: dict[int, str]
) -> Iterator[list[str]]:
    """Rows of a table whose heads are not those of the journal, or that do not show the winners; row block by block.

    `merge_targets`: merged record → the one shown for it; `replica`: stream → who writes it.
    """
    label, columns = records()[table].LABEL, journaled_columns(table)
    query = text(
        f"SELECT id, {_quoted_columns(columns)} FROM {table} WHERE id > :after ORDER BY id LIMIT {_BATCH_SIZE}"
    )
    last_row = ""
    while rows := session.execute(query, {"after": last_row}).all():
        last_row, ids = rows[-1][0], [row[0] for row in rows]
        histories, heads = integrity.row_histories(session, ids), integrity.stored_heads(session, ids)
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
    """What is shown for what is stated: of references, and of a record that another stands for (db/record_merge)."""
    referring = {column for column, _ in references(table)}

    def resolve(column: str, value: Any) -> Any:
        if column == "merged_into":
            return merge_targets.get(row)
        if column == "withdrawn" and table != "household":
            return 1 if row in merge_targets else value
        return merge_targets.get(value, value) if column in referring else value

    return resolve


def _quoted_columns(columns: list[str]) -> str:
    return ", ".join(f'"{column}"' for column in columns)
