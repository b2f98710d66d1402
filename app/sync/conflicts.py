"""Cells that two people wrote differently without knowing of each other: compared side by side, then resolved."""

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime
from decimal import Decimal, InvalidOperation
from typing import Any, cast

from sqlalchemy.dialects.sqlite import dialect
from sqlalchemy.exc import StatementError
from sqlalchemy.orm import Session

from app.errors import UserError, ValidationError
from app.sync import peers, record_labels
from app.sync.cell_validation import is_valid_value
from app.workbook.db_errors import COMPACTED_VALUE
from app.workbook.masking import mask_kind, mask_value
from app.workbook.roles import REVEAL
from app.workbook.workbook import Workbook, running_operation
from db.journal import observed_heads, write_context
from db.journal.changes import is_kept, replaced_by, value_written
from db.journal.conflicts import HeadValue, OpenConflict, open_conflicts
from db.journal.conflicts import resolve as settle_cell
from db.journal.heads import SqlValue
from db.journal.reopening import first_statement
from db.schema import records, relations
from resources.option_roles import yes_no

CellValue = str | int | bool | Decimal | date | tuple[str, ...] | None
THIS_WORKBOOK = "本机"
_HLC_COUNTER_BITS = 16  # bits to the right of them
_DIALECT = dialect()


@dataclass(frozen=True, slots=True)
class Side:
    """One of the values, as SQLite holds it and as `text` for people.

    `when` is local time; `where`: in which workbook; `before`: what its writer saw there; `places`: all workbooks in
    which this value was written.
    """

    value: SqlValue
    text: str
    who: str
    when: str
    where: str
    before: str
    places: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class ConflictedHousehold:
    """The open conflicts of one household (id "" for records of none), and the workbooks whose side can be taken."""

    household_id: str
    household: str
    conflicts: "tuple[Conflict, ...]"
    workbooks: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Conflict:
    """A cell with several values.

    Attributes:
        id: stable, "table:row:column"
        record: the record's title, e.g. a member's name
        sides: each value once; the first is ours: written here, or else the one that is shown meanwhile
        heads: the changes (village, replica, number) that the decision is about
    """

    id: str
    table: str
    row: str
    column: str
    village: str
    table_label: str
    record: str
    household_id: str
    household: str
    field_label: str
    sides: tuple[Side, ...]
    heads: tuple[tuple[str, str, int], ...]

    @property
    def ours(self) -> Side:
        return self.sides[0]

    @property
    def theirs(self) -> Side:
        return self.sides[1]


def count(workbook: Workbook) -> int:
    """The number of open conflicts, for the badge beside the page's name."""
    with workbook.reading() as session:
        return len(_displayable(open_conflicts(session)))


def list_conflicts(workbook: Workbook, household_id: str = "") -> tuple[Conflict, ...]:
    """Open conflicts, those of one household together; of one household only, if asked."""
    with workbook.reading() as session:
        conflicts = load_conflicts(session, workbook.replica, hide=not workbook.may(REVEAL))
    return tuple(conflict for conflict in conflicts if not household_id or conflict.household_id == household_id)


def masked_conflicts(session: Session) -> list[Conflict]:
    """All open conflicts as any list may show them: personal numbers are masked for everybody."""
    return load_conflicts(session, write_context.current_replica(session.connection()), hide=True)


def list_by_household(workbook: Workbook) -> tuple[ConflictedHousehold, ...]:
    """Open conflicts household by household, in the order of `list_conflicts`."""
    by_id: dict[str, list[Conflict]] = {}
    for conflict in list_conflicts(workbook):
        by_id.setdefault(conflict.household_id, []).append(conflict)
    return tuple(
        ConflictedHousehold(
            household_id_, household_conflicts[0].household, tuple(household_conflicts), _workbooks(household_conflicts)
        )
        for household_id_, household_conflicts in by_id.items()
    )


def _workbooks(conflicts: Sequence[Conflict]) -> tuple[str, ...]:
    """This workbook first, then by the number of conflicts that they take part in."""
    counts = Counter(workbook for conflict in conflicts for side in conflict.sides for workbook in side.places)
    return tuple(sorted(counts, key=lambda workbook: (workbook != THIS_WORKBOOK, -counts[workbook], workbook)))


def load_conflicts(session: Session, replica: str, *, hide: bool = False) -> list[Conflict]:
    """Open conflicts by household, record and field.

    Args:
        replica: ours, to tell our value from theirs
        hide: mask personal numbers in what is shown of the values
    """
    replica_names = peers.replica_names(session)
    conflicts = [
        _conflict(session, conflict, replica, replica_names) for conflict in _displayable(open_conflicts(session))
    ]
    return sorted(
        [masked(conflict) for conflict in conflicts] if hide else conflicts,
        key=lambda conflict: (
            conflict.household,
            conflict.household_id,
            conflict.table,
            conflict.record,
            conflict.row,
            conflict.column,
        ),
    )


def masked(conflict: Conflict) -> Conflict:
    """The same with personal numbers hidden in what is shown of the values."""
    spec = relations.column_spec(conflict.table, conflict.column)
    kind = mask_kind(spec.mask, conflict.column, long=spec.kind == "long") if spec is not None else ""
    sides = (
        replace(
            side,
            value=mask_value(side.value, kind) if isinstance(side.value, str) else side.value,
            text=mask_value(side.text, kind),
            before=mask_value(side.before, kind),
        )
        for side in conflict.sides
    )
    return replace(conflict, sides=tuple(sides))


def resolve(workbook: Workbook, conflict: Conflict | str, choice: Side | CellValue) -> Conflict:
    """Resolve a conflict: an ordinary edit whose writer has seen the values, so it is exported like any other.

    Args:
        conflict: as it was shown, or its id for the current values
        choice: "ours", "theirs", one of the sides, or another value as the field keeps it (Field.parse makes it of
            text)

    Raises:
        UserError: it is not open any more
        ValidationError: the field cannot take the value
    """
    conflict_id = conflict if isinstance(conflict, str) else conflict.id
    with workbook.operation("确定冲突") as session:
        table, row = (*conflict_id.split(":"), "", "")[:2]
        current = next(
            (
                candidate
                for candidate in _displayable(open_conflicts(session, table, row))
                if _conflict_id(candidate) == conflict_id
            ),
            None,
        )
        if current is None:
            raise UserError("这一处已经处理过了，或者没有这一处冲突。请刷新后再看。")
        resolved = _conflict(session, current, workbook.replica, peers.replica_names(session))
        if isinstance(conflict, Conflict):
            # a head that came in after it was shown stays, and the conflict with it
            observed_heads.mark(session, conflict.row, conflict.column, conflict.heads)
            resolved = conflict
        running_operation(session).title = f"确定冲突：{resolved.field_label}"
        if choice in ("ours", "theirs"):
            value = (resolved.ours if choice == "ours" else resolved.theirs).value
        else:
            value = choice.value if isinstance(choice, Side) else _encode_value(resolved, choice)
        settle_cell(session, current.table, current.row, current.column, value)
    return resolved


def resolve_household(workbook: Workbook, target: str | Sequence[Conflict], side: str) -> int:
    """Resolve all conflicts of a household for one side, in one transaction; returns how many.

    Conflicts in which that side has no value stay open.

    Args:
        target: the conflicts as they were shown, or a household's id for its current ones
        side: "ours", "theirs", or one of the household's `places`

    Raises:
        UserError: none of them is open any more, or none has a value of that side
    """
    conflicts = list_conflicts(workbook, target) if isinstance(target, str) else tuple(target)
    resolved_count = 0
    with workbook.operation(f"按户确定冲突：{conflicts[0].household}" if conflicts else "按户确定冲突") as session:
        for conflict in conflicts:
            open_ids = {
                _conflict_id(candidate)
                for candidate in _displayable(open_conflicts(session, conflict.table, conflict.row))
            }
            chosen_side = _side_of(conflict, side)
            if chosen_side is None or conflict.id not in open_ids:
                continue
            observed_heads.mark(session, conflict.row, conflict.column, conflict.heads)
            settle_cell(session, conflict.table, conflict.row, conflict.column, chosen_side.value)
            resolved_count += 1
        if not resolved_count:
            raise UserError("这一户没有可以这样处理的冲突，可能已经处理过了。请刷新后再看。")
    return resolved_count


def _side_of(conflict: Conflict, side: str) -> Side | None:
    if side in ("ours", "theirs"):
        return conflict.ours if side == "ours" else conflict.theirs
    return next((candidate for candidate in conflict.sides if side in candidate.places), None)


def _displayable(conflicts: Sequence[OpenConflict]) -> list[OpenConflict]:
    """Those this version can show: cells of a newer program wait for the upgrade."""
    return [conflict for conflict in conflicts if relations.column_spec(conflict.table, conflict.column)]


def _conflict_id(conflict: OpenConflict) -> str:
    return f"{conflict.table}:{conflict.row}:{conflict.column}"


def _conflict(session: Session, conflict: OpenConflict, replica: str, replica_names: dict[str, str]) -> Conflict:
    # of a conflict that was settled and reopened: who wrote the values, not who undid the settling
    writers = [first_statement(session, head) for head in conflict.heads]
    own = next((head for head in writers if head.replica == replica), writers[0])
    by_value: dict[SqlValue, list[HeadValue]] = {}
    for head in sorted(writers, key=lambda head: (head.value != own.value, head is not own, -head.stamp, head.replica)):
        by_value.setdefault(head.value, []).append(head)
    sides = [_side(session, conflict, same_value, replica, replica_names) for same_value in by_value.values()]
    household = relations.ancestor_ids(session, conflict.table, [conflict.row]).get(conflict.row, "")
    return Conflict(
        id=_conflict_id(conflict),
        table=conflict.table,
        row=conflict.row,
        column=conflict.column,
        village=conflict.heads[0].village,
        table_label=relations.record_label(conflict.table),
        record="" if conflict.table == "household" else relations.record_title(session, conflict.table, conflict.row),
        household_id=household,
        household=relations.household_titles(session, [household]).get(household, "") if household else "",
        field_label=record_labels.cell_label(session, conflict.table, conflict.row, conflict.column),
        sides=tuple(sides),
        heads=tuple((head.village, head.replica, head.number) for head in conflict.heads),
    )


def _side(
    session: Session,
    conflict: OpenConflict,
    same_value_heads: Sequence[HeadValue],
    replica: str,
    replica_names: dict[str, str],
) -> Side:
    """A value, attributed to the first of those who wrote it."""
    head = same_value_heads[0]
    workbooks = [
        THIS_WORKBOOK
        if conflict.replica == replica
        else replica_names.get(conflict.replica, f"电脑 {conflict.replica[:8]}")
        for conflict in same_value_heads
    ]
    return Side(
        value=head.value,
        text=_value_text(
            session, conflict.table, conflict.column, decode_value(conflict.table, conflict.column, head.value)
        ),
        who=head.operator,
        when=datetime.fromtimestamp((head.stamp >> _HLC_COUNTER_BITS) / 1000).isoformat(" ", "minutes"),
        where=workbooks[0],
        before=_previous_text(session, conflict, head),
        places=tuple(dict.fromkeys(workbooks)),
    )


def _previous_text(session: Session, conflict: OpenConflict, head: HeadValue) -> str:
    """The value that the head's writer replaced, "" where there was none, or that it is in compacted history."""
    for change in replaced_by(session, head.village, head.replica, head.number):
        written = value_written(session, change, conflict.row, conflict.column)
        if written:
            return _value_text(
                session, conflict.table, conflict.column, decode_value(conflict.table, conflict.column, written[0])
            )
        if not is_kept(session, change):
            return COMPACTED_VALUE
    return ""


def _column_type(table: str, column: str) -> Any:
    return records()[table].__table__.columns[column].type.dialect_impl(_DIALECT)


def decode_value(table: str, column: str, raw: SqlValue) -> CellValue:
    """Convert a value from its SQLite form: to Decimal, date, bool, tuple of options."""
    process = _column_type(table, column).result_processor(_DIALECT, None)
    return cast(CellValue, process(raw) if process else raw)


def _encode_value(conflict: Conflict, value: CellValue) -> SqlValue:
    """Convert a value to its SQLite form.

    Raises:
        ValidationError: it is of a wrong kind
    """
    process = _column_type(conflict.table, conflict.column).bind_processor(_DIALECT)
    try:
        raw = cast(SqlValue, process(value) if process else value)
    except (TypeError, ValueError, InvalidOperation, StatementError) as error:
        raise ValidationError(f"“{conflict.field_label}”不能填“{str(value)[:30]}”。") from error
    if not is_valid_value(conflict.table, conflict.column, raw):
        raise ValidationError(f"“{conflict.field_label}”不能填“{str(value)[:30]}”。")
    return raw


def _value_text(session: Session, table: str, column: str, value: CellValue) -> str:
    """A value as people read it: references by title, options by label, dates as written."""
    if column == "withdrawn":
        return "撤回这条记录" if value else "保留这条记录"
    if value is None:
        return ""
    if isinstance(value, bool):
        return yes_no(value)
    if isinstance(value, tuple):
        return "、".join(value)
    if isinstance(value, Decimal):
        return f"{value:,f}"
    spec = relations.column_spec(table, column)
    if spec and spec.refers:
        return relations.record_title(session, spec.refers, str(value)) or "未命名的记录"
    return str(value)
