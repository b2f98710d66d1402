"""What somebody saw at a household: written down, and taken over into the record."""

from collections.abc import Sequence
from datetime import date, datetime

from app.consistency.observed_values import WITHDRAWN, Held, observe
from app.consistency.record_values import Stored, source_table
from app.consistency.three_way import FactLine, actual_place
from app.errors import UserError, ValidationError
from app.records.draft import open_draft, validation_errors, write_draft
from app.records.field import field
from app.records.validators import current_date
from app.workbook.workbook import Workbook

_VISIT = "走访"  # from what it is known


def confirm_actual(workbook: Workbook, lines: Sequence[FactLine], seen_on: date, seen_by: str) -> None:
    """Write down that these facts were seen to be as they stand here.

    Raises:
        ValidationError: nobody is named, or the day is still to come
    """
    _write(workbook, [(line, line.value) for line in lines], seen_on, seen_by)


def record_actual(workbook: Workbook, line: FactLine, value: Stored, seen_on: date, seen_by: str) -> None:
    """Write down what was seen instead.

    Raises:
        ValidationError: nobody is named, or the day is still to come
    """
    _write(workbook, [(line, value)], seen_on, seen_by)


def record_seen(
    workbook: Workbook, seen: Sequence[tuple[FactLine, Stored]], seen_on: date, seen_by: str, basis: str = _VISIT
) -> None:
    """Write down what was seen of several facts on one visit, as recorded or otherwise.

    Raises:
        ValidationError: nobody is named, or the day is still to come
    """
    _write(workbook, seen, seen_on, seen_by, basis)


def adopt_actual(workbook: Workbook, lines: Sequence[FactLine]) -> int:
    """Save what was seen as the value of the record, as a form would; returns how many were changed.

    Raises:
        UserError: a value follows from other records, or may not be stored
    """
    wrong = [line for line in lines if line.actual is not None and line.actual.value != line.value]
    with workbook.operation(f"采用实际情况：{len(wrong)} 处") as session:
        for line in wrong:
            if source_table(line.table, line.column) != line.table:
                raise UserError(
                    f"“{line.field.label}”由别的记录算出，不能直接改。请打开这一户，改对应的成员、收入或结对。"
                )
            one = field(line.table, line.column)
            draft = open_draft(session, line.table, line.record_id)
            draft = draft.with_values(**{line.column: one.parse(line.expected)})
            errors = validation_errors(draft)
            if errors:
                raise ValidationError(next(iter(errors.values())))
            write_draft(session, draft)
    return len(wrong)


def _write(
    workbook: Workbook, seen: Sequence[tuple[FactLine, Stored]], seen_on: date, seen_by: str, basis: str | None = None
) -> None:
    """Keep it under its day; of what is written down of one day the last counts."""
    name = seen_by.strip()
    if not name:
        raise ValidationError("请写明是谁入户核实的。")
    if seen_on > current_date():
        raise ValidationError("核实日期还没有到。请核对日期。")
    held: dict[str, Held] = {}
    for line, value in seen:
        rows = held.setdefault(line.household.id, {}).setdefault(line.table, {})
        rows.setdefault(line.record_id, {WITHDRAWN: False})[line.column] = value
    with workbook.operation(f"入户核实：{len(seen)} 项") as session:
        at = f"{seen_on} {datetime.now().time().isoformat('milliseconds')}"
        observe(session, actual_place(), held, at, by=name, basis=basis)
