"""Writing what a plan of edits says, as one operation that can be undone."""

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from typing import Any

from sqlalchemy import bindparam, select, update
from sqlalchemy.orm import Session

from app.cell_edits.cell_edit import CellInput, EditedCell, EditPlan
from app.cell_edits.edit_planning import plan_edits
from app.records.draft import new_draft, write_draft
from app.records.field import Value
from app.registers.engine.register import Register
from app.registers.engine.rows import id_values
from app.sheets.errors import StalePreview
from app.workbook.workbook import Workbook, running_operation
from db.schema import records
from db.schema.relations import standing_record

_STALE = "预览之后这些内容又有了改动，没有写入。请重新粘贴，核对后再写入。"


def edit_cells(workbook: Workbook, register: Register, edits: Iterable[CellInput], verb: str) -> EditPlan:
    """Plan and write at once what was typed, filled or deleted; returns what was done and what was refused.

    Args:
        verb: what the officer did; the operation is called so, with the list and its cells
    """
    with workbook.operation(verb) as session:
        plan = plan_edits(session, register, edits)
        running_operation(session).title = operation_title(register, plan, verb)
        _write(session, plan.changes)
    return plan


def apply_plan(workbook: Workbook, register: Register, plan: EditPlan, verb: str) -> int:
    """Write what a preview showed, whole or not at all; returns how many records changed.

    Raises:
        StalePreview: one of the cells was changed since the preview was made
    """
    with workbook.operation(operation_title(register, plan, verb)) as session:
        _check_unchanged(session, plan.changes)
        _write(session, plan.changes)
    return plan.records


def operation_title(register: Register, plan: EditPlan, verb: str) -> str:
    """What the list of operations calls it: “粘贴人口：健康状况等 2 栏，12 条”."""
    labels = list(dict.fromkeys(change.label for change in plan.changes))
    if not labels:
        return verb
    columns = labels[0] if len(labels) == 1 else f"{labels[0]}等 {len(labels)} 栏"
    count = f"，{plan.records} 条" if plan.records > 1 else ""
    return f"{verb}{register.title}：{columns}{count}"


def _check_unchanged(session: Session, changes: Sequence[EditedCell]) -> None:
    for table_name, of_table in _by_table(changes).items():
        table: Any = records()[table_name].__table__
        ids = [change.record_id for change in of_table]
        found = session.execute(select(*table.columns).where(table.c.id.in_(id_values(ids)))).mappings()
        now = {row["id"]: dict(row) for row in found}
        for change in of_table:
            row = now.get(change.record_id)
            is_new = bool(change.key)
            if (row is not None and row["withdrawn"]) or row is None:
                if not is_new:
                    raise StalePreview(_STALE)
            elif is_new or row[change.column] != change.before:
                raise StalePreview(_STALE)


def _by_table(changes: Iterable[EditedCell]) -> Mapping[str, list[EditedCell]]:
    by_table: dict[str, list[EditedCell]] = defaultdict(list)
    for change in changes:
        by_table[change.table].append(change)
    return by_table


def _write(session: Session, changes: Sequence[EditedCell]) -> None:
    by_record: dict[tuple[str, str], dict[str, Value]] = defaultdict(dict)
    for change in changes:
        if change.key:
            _write_new(session, change)
        else:
            by_record[change.table, change.record_id][change.column] = change.after
    # records that change in the same columns are written by one statement
    parcels: dict[tuple[str, tuple[str, ...]], list[dict[str, Value]]] = defaultdict(list)
    for (table_name, record_id), values in by_record.items():
        parcels[table_name, tuple(sorted(values))].append({"record_id": record_id, **_bound(values)})
    for (table_name, columns), rows in parcels.items():
        table: Any = records()[table_name].__table__
        bound: dict[str, Any] = {name: bindparam(f"to_{name}") for name in columns}
        session.execute(update(table).where(table.c.id == bindparam("record_id")).values(bound), rows)


def _bound(values: Mapping[str, Value]) -> dict[str, Value]:
    return {f"to_{name}": value for name, value in values.items()}


def _write_new(session: Session, change: EditedCell) -> None:
    """Make the record, or restore the one that was withdrawn."""
    values: dict[str, Value] = {**change.key, change.column: change.after}
    existing = standing_record(session, records()[change.table], change.record_id)
    if existing is None:
        write_draft(session, new_draft(change.table, change.village, change.record_id, **values))
    else:
        existing.withdrawn = False
        setattr(existing, change.column, change.after)
        session.flush()
