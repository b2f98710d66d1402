"""What comparisons leave in the workbook: the list with its counts, and one line for each person about whom it and the
workbook do not agree.

Lines outlive the list. The next list of the kind changes those that became different and leaves the others, with what
was decided about them; what agrees again says so.
"""

import json
from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any, Literal, TypeAlias

from sqlalchemy import Row, bindparam, insert, select, update
from sqlalchemy.orm import Session

from app.comparison.line import QUIET, RESULTS, ComparedLine, LineChange, Result, result_value, state_hash
from app.comparison.subject import Subject
from app.progress import Progress, Task
from app.records.draft import new_draft, open_draft, write_draft
from app.records.field import Value
from app.records.validators import current_date
from app.workbook.workbook import Workbook
from db.schema.comparison import ComparisonLine, OfficeComparison

Standing: TypeAlias = Literal["", "new", "changed", "open", "decided"]
_STEP = 500
_WRITTEN = (
    "comparison_id", "member_id", "name", "id_no", "result", "explanation", "list_row", "list_cells", "changes",
    "withdrawn",
)  # fmt: skip
_AGREES = "这次的名单上已经一致"


@dataclass(frozen=True, slots=True)
class ComparedList:
    """A list and what came of comparing it.

    Attributes:
        file: its name
        list_date: the day or month that it is of, None where nobody says
        is_complete: whether who is missing on it counts
    """

    subject: Subject
    file: str
    list_date: date | None
    is_complete: bool
    lines: tuple[ComparedLine, ...]

    def counts(self) -> dict[Result, int]:
        """Result → how many lines."""
        found = Counter(line.result for line in self.lines)
        return {result: found[result] for result in RESULTS}

    @property
    def row_count(self) -> int:
        """How many rows the list has."""
        return len({(line.row.sheet, line.row.row) for line in self.lines if line.row is not None})


@dataclass(frozen=True, slots=True)
class SavedCounts:
    """Lines that are new, that differ otherwise than before, that differ as before, and that agree again."""

    added: int
    changed: int
    unchanged: int
    agreed: int


def standings(session: Session, subject: Subject, lines: Sequence[ComparedLine]) -> tuple[Standing, ...]:
    """How each line stands to what is stored: not there yet, different since, not decided yet, or decided.

    "" for a line about which nothing is to be done.
    """
    stored = _stored(session, subject)
    return tuple(
        "" if line.result in QUIET else _standing(line, stored.get(ComparisonLine.id_of(subject.key, line.key)))
        for line in lines
    )


def _standing(line: ComparedLine, stored: Row[Any] | None) -> Standing:
    if stored is None or stored.withdrawn or stored.result == result_value("same"):
        return "new"
    state = state_hash(result_value(line.result), changes_text(line.changes))
    if state != state_hash(stored.result or "", stored.changes or ""):
        return "changed"
    return "decided" if stored.decision and stored.decided_state == state else "open"


def _stored(session: Session, subject: Subject) -> dict[str, Row[Any]]:
    columns = [getattr(ComparisonLine, name) for name in (*_WRITTEN, "village", "decision", "decided_state")]
    query = select(ComparisonLine.id, *columns).where(ComparisonLine.subject == subject.key)
    return {row.id: row for row in session.execute(query)}


def changes_text(changes: Sequence[LineChange]) -> str:
    """Changes as they are stored, "" for none."""
    cells = [[one.table, one.record_id, one.column, one.ours, one.theirs] for one in changes]
    return json.dumps(cells, ensure_ascii=False) if cells else ""


def changes_of(text: str | None) -> tuple[LineChange, ...]:
    """Stored changes; what a broken cell holds is none."""
    try:
        return tuple(LineChange(*(str(cell) for cell in cells)) for cells in json.loads(text or "[]"))
    except (ValueError, TypeError):
        return ()


def save_comparison(workbook: Workbook, compared: ComparedList) -> Task[SavedCounts]:
    """Keep a comparison: one operation, whole or not at all. Comparing the same list again changes what differs."""
    subject = compared.subject
    table: Any = ComparisonLine.__table__
    with workbook.operation(f"数据比对：{subject.title}（{compared.file}）") as session:
        comparison_id = _save_list(session, workbook, compared)
        stored = _stored(session, subject)
        wanted = {
            ComparisonLine.id_of(subject.key, line.key): (line, _cells(line, comparison_id)) for line in compared.lines
        }
        added, changes = _split(compared, wanted, stored, workbook.villages[0].code)
        changes += list(_agreeing_again(compared, wanted, stored, comparison_id))
        total = len(added) + len(changes)
        for start in range(0, len(added), _STEP):
            yield Progress(start, total, "存下比对结果")
            session.execute(insert(table), added[start : start + _STEP])
        for n, (id, cells) in enumerate(changes, len(added)):
            if n % _STEP == 0:
                yield Progress(n, total, "存下比对结果")
            session.execute(update(table).where(table.c.id == bindparam("line")), {"line": id, **cells})
    return _counts(wanted, stored, changes)


def _counts(
    wanted: dict[str, tuple[ComparedLine, dict[str, Any]]],
    stored: dict[str, Row[Any]],
    changes: Sequence[tuple[str, dict[str, Any]]],
) -> SavedCounts:
    found = Counter(_standing(line, stored.get(id)) for id, (line, _) in wanted.items() if line.result not in QUIET)
    agreed = sum(cells.get("result") == result_value("same") for _, cells in changes)
    return SavedCounts(found["new"], found["changed"], found["open"] + found["decided"], agreed)


def _save_list(session: Session, workbook: Workbook, compared: ComparedList) -> str:
    village, subject = workbook.villages[0].code, compared.subject
    id = OfficeComparison.id_of(village, subject.key, compared.list_date, compared.file)
    values: dict[str, Value] = {
        **{str(result): count for result, count in compared.counts().items()},
        "subject": subject.key,
        "subject_title": subject.title,
        "office": subject.office,
        "list_date": compared.list_date,
        "file_name": compared.file,
        "rows": compared.row_count,
        "compared_on": current_date(),
        "compared_by": workbook.operator,
    }
    existing = session.get(OfficeComparison, id)
    if existing is None or existing.withdrawn:
        write_draft(session, new_draft("comparison", village, id, **values))
    else:
        write_draft(session, open_draft(session, "comparison", id).with_values(**values))
    return id


def _cells(line: ComparedLine, comparison_id: str) -> dict[str, Any]:
    row = line.row
    cells = row.cells if row is not None else ()
    return {
        "comparison_id": comparison_id,
        "member_id": line.person.id if line.person is not None else None,
        "name": line.name or None,
        "id_no": line.number or None,
        "result": result_value(line.result),
        "explanation": line.explanation or None,
        "list_row": row.place if row is not None else None,
        "list_cells": json.dumps(cells, ensure_ascii=False) if cells else None,
        "changes": changes_text(line.changes) or None,
        "withdrawn": False,
    }


def _split(
    compared: ComparedList,
    wanted: dict[str, tuple[ComparedLine, dict[str, Any]]],
    stored: dict[str, Row[Any]],
    village: str,
) -> tuple[list[dict[str, Any]], list[tuple[str, dict[str, Any]]]]:
    """Rows to insert, and (id, cells) to update. Who agreed all the time has no line."""
    added, changes = [], []
    for id, (line, cells) in wanted.items():
        before = stored.get(id)
        if before is not None:
            if line.result in QUIET:
                cells = {**cells, "explanation": _AGREES} if line.result == "same" else cells
            if differing := {name: value for name, value in cells.items() if value != getattr(before, name)}:
                changes.append((id, differing))
        elif line.result not in QUIET:
            key = {"id": id, "subject": compared.subject.key, "person": line.key}
            own_village = line.person.village if line.person is not None else line.row.village if line.row else ""
            added.append({**cells, **key, "village": own_village or village})
    return added, changes


def _agreeing_again(
    compared: ComparedList,
    wanted: dict[str, Any],
    stored: dict[str, Row[Any]],
    comparison_id: str,
) -> Iterator[tuple[str, dict[str, Any]]]:
    """Lines of a complete list's villages that it does not give any more: neither side has them now."""
    if not compared.is_complete:
        return
    villages = {line.person.village for line in compared.lines if line.person is not None}
    same = result_value("same")
    for id, row in stored.items():
        if id not in wanted and row.result != same and not row.withdrawn and row.village in villages:
            agreed = {"result": same, "explanation": _AGREES, "changes": None, "comparison_id": comparison_id}
            yield id, agreed
