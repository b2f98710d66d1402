"""Whether a workbook is whole: the file, its references, and that every cell shows what the journal says."""

import json
from collections.abc import Mapping
from typing import Any

from sqlalchemy import text
from sqlalchemy.orm import Session

from app.progress import Progress, Work
from app.workbook.workbook import Workbook
from db import joining
from db.journal import journaled_columns
from db.schema import records


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
        found += _gaps(session)
        leads = joining.leads_to(raw)
        for n, table in enumerate(records()):
            yield Progress(n + 2, len(records()) + 2, "核对日志")
            found += _differing(session, table, leads)
    return found


def _gaps(session: Session) -> list[str]:
    rows = session.execute(
        text(
            "SELECT s.n FROM stream s WHERE s.last <> (SELECT count(*) FROM change c WHERE c.stream = s.n) "
            "OR s.last <> (SELECT coalesce(max(number), 0) FROM change c WHERE c.stream = s.n)"
        )
    )
    return [f"日志第 {n} 流有缺号" for (n,) in rows]


def _differing(session: Session, table: str, leads: Mapping[str, str]) -> list[str]:
    """Rows of a table that do not show the winners of their cells; `leads`: joined household → the one shown for it."""
    columns = journaled_columns(table)
    shown = {row[0]: row[1:] for row in session.execute(text(f"SELECT id, {_quoted(columns)} FROM {table}"))}
    births: dict[str, tuple[tuple[int, str], dict[str, Any]]] = {}
    for row, value, stamp, replica in session.execute(
        text(
            "SELECT c.row_id, c.value, c.stamp, s.replica FROM change c JOIN stream s ON s.n = c.stream "
            "WHERE c.table_name = :table AND c.column_name = ''"
        ),
        {"table": table},
    ):
        if row not in births or births[row][0] < (stamp, replica):
            births[row] = ((stamp, replica), json.loads(value))
    edited: dict[tuple[str, str], tuple[tuple[int, str], Any]] = {}
    for row, column, born, value, stamp, replica in session.execute(
        text(
            "SELECT h.row_id, h.column_name, c.column_name = '', c.value, c.stamp, s.replica FROM head h "
            "JOIN change c ON c.stream = h.stream AND c.number = h.number JOIN stream s ON s.n = h.stream "
            "WHERE c.table_name = :table"
        ),
        {"table": table},
    ):
        if (row, column) not in edited or edited[row, column][0] < (stamp, replica):
            edited[row, column] = ((stamp, replica), json.loads(value).get(column) if born else value)
    found = []
    if missing := births.keys() - shown.keys():
        found.append(f"“{records()[table].LABEL}”少 {len(missing)} 条记录")
    for row, cells in shown.items():
        if row not in births:
            found.append(f"“{records()[table].LABEL}”有一条记录不在日志里")
            continue
        for column, value in zip(columns, cells, strict=True):
            told: Any = edited[row, column][1] if (row, column) in edited else births[row][1].get(column)
            if (table, column) in joining.references():
                told = leads.get(told, told)
            elif (table, column) == ("household", "merged_into"):
                told = leads.get(row)
            if told != value:
                found.append(f"“{records()[table].LABEL}”的“{column}”与日志不符")
    return found[:20]


def _quoted(columns: list[str]) -> str:
    return ", ".join(f'"{column}"' for column in columns)
