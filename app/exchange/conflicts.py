"""Cells for which two people wrote different things without knowing of each other: shown side by side, then settled."""

import json
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime
from decimal import Decimal, InvalidOperation
from typing import Any, cast

from sqlalchemy import text
from sqlalchemy.dialects.sqlite import dialect
from sqlalchemy.exc import StatementError
from sqlalchemy.orm import Session

from app.errors import FieldRefused, OfficeError
from app.exchange import naming, peers
from app.exchange.vetting import fits
from app.progress import Progress, Work
from app.workbook.sentences import FOLDED
from app.workbook.workbook import Workbook
from db.conflict import HeadValue, OpenConflict, open_conflicts
from db.conflict import settle as settle_cell
from db.heads import dots
from db.merge import Raw
from db.schema import records

Kept = str | int | bool | Decimal | date | tuple[str, ...] | None
HERE = "本机"
_STAMP_MILLISECONDS = 16  # bits to the right of them
_DIALECT = dialect()
_REPLACED = text(
    "SELECT column_name, value FROM change WHERE stream = :stream AND number = :number AND row_id = :row "
    "AND column_name IN ('', :column)"
)
_HERE = text("SELECT 1 FROM change WHERE stream = :stream AND number = :number")


@dataclass(frozen=True, slots=True)
class Side:
    """One of the values, as SQLite holds it and as `text` for people.

    `when` is local time; `where`: in which workbook; `before`: what its writer saw there; `places`: all workbooks in
    which this value was written.
    """

    value: Raw
    text: str
    who: str
    when: str
    where: str
    before: str
    places: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Disputed:
    """The open conflicts of one household (id "" for records of none), and the workbooks whose side can be taken."""

    household_id: str
    household: str
    conflicts: "tuple[Conflict, ...]"
    places: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Conflict:
    """A cell with several values.

    Attributes:
        id: stable, "table:row:column"
        record: what the record is called, e.g. a member's name
        sides: each value once; the first is ours: written here, or else the one that is shown meanwhile
        heads: the changes (village, replica, number) that are decided on
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


def how_many(workbook: Workbook) -> int:
    """Open conflicts, for the number beside the page's name."""
    with workbook.reading() as session:
        return len(_known(open_conflicts(session)))


def listed(workbook: Workbook, household_id: str = "") -> tuple[Conflict, ...]:
    """Open conflicts, those of one household together; of one household only, if asked."""
    with workbook.reading() as session:
        found = open_ones(session, workbook.replica)
    return tuple(one for one in found if not household_id or one.household_id == household_id)


def by_household(workbook: Workbook) -> tuple[Disputed, ...]:
    """Open conflicts household by household, in the order of `listed`."""
    found: dict[str, list[Conflict]] = {}
    for one in listed(workbook):
        found.setdefault(one.household_id, []).append(one)
    return tuple(
        Disputed(household, some[0].household, tuple(some), _places(some)) for household, some in found.items()
    )


def _places(some: Sequence[Conflict]) -> tuple[str, ...]:
    """This workbook first, then by how many of the conflicts they have a say in."""
    said = Counter(place for one in some for side in one.sides for place in side.places)
    return tuple(sorted(said, key=lambda place: (place != HERE, -said[place], place)))


def open_ones(session: Session, replica: str) -> list[Conflict]:
    """Open conflicts by household, record and field.

    Args:
        replica: ours, to tell our value from theirs
    """
    names = peers.replica_names(session)
    found = [_conflict(session, one, replica, names) for one in _known(open_conflicts(session))]
    return sorted(found, key=lambda one: (one.household, one.household_id, one.table, one.record, one.row, one.column))


def settle(workbook: Workbook, conflict: Conflict | str, take: Side | Kept, by: object | None = None) -> Work[Conflict]:
    """Decide: an ordinary edit whose writer has seen the values, so it travels like any other.

    Args:
        conflict: as it was shown, or its id for the values that stand there now
        take: "ours", "theirs", one of the sides, or another value as the field keeps it (Field.parse makes it of text)

    Raises:
        OfficeError: it is not open any more
        FieldRefused: the field cannot take the value
    """
    yield Progress(0, 1, "处理冲突")
    wanted = conflict if isinstance(conflict, str) else conflict.id
    with workbook.writing(by) as session:
        table, row = (*wanted.split(":"), "", "")[:2]
        current = next((o for o in _known(open_conflicts(session, table, row)) if _id(o) == wanted), None)
        if current is None:
            raise OfficeError("这一处已经处理过了，或者没有这一处冲突。请刷新后再看。")
        shown = _conflict(session, current, workbook.replica, peers.replica_names(session))
        if isinstance(conflict, Conflict):
            # a head that came in after it was shown stays, and the conflict with it
            _say_seen(session, conflict)
            shown = conflict
        if take in ("ours", "theirs"):
            value = (shown.ours if take == "ours" else shown.theirs).value
        else:
            value = take.value if isinstance(take, Side) else _raw(shown, take)
        settle_cell(session, current.table, current.row, current.column, value)
    yield Progress(1, 1, "处理冲突")
    return shown


def settle_household(
    workbook: Workbook, about: str | Sequence[Conflict], side: str, by: object | None = None
) -> Work[int]:
    """Decide all conflicts of a household for one side, in one transaction; returns how many.

    Conflicts in which that side has no value stay open.

    Args:
        about: the conflicts as they were shown, or a household's id for those that stand there now
        side: "ours", "theirs", or one of `Disputed.places`

    Raises:
        OfficeError: none of them is open any more, or none has a value of that side
    """
    wanted = listed(workbook, about) if isinstance(about, str) else tuple(about)
    yield Progress(0, len(wanted), "处理冲突")
    settled = 0
    with workbook.writing(by) as session:
        for one in wanted:
            current = {_id(found) for found in _known(open_conflicts(session, one.table, one.row))}
            taken = _of(one, side)
            if taken is None or one.id not in current:
                continue
            _say_seen(session, one)
            settle_cell(session, one.table, one.row, one.column, taken.value)
            settled += 1
            yield Progress(settled, len(wanted), "处理冲突")
        if not settled:
            raise OfficeError("这一户没有可以这样处理的冲突，可能已经处理过了。请刷新后再看。")
    return settled


def _of(conflict: Conflict, side: str) -> Side | None:
    if side in ("ours", "theirs"):
        return conflict.ours if side == "ours" else conflict.theirs
    return next((one for one in conflict.sides if side in one.places), None)


def _known(found: Sequence[OpenConflict]) -> list[OpenConflict]:
    """Those this version can show: cells of a newer program wait for the upgrade."""
    return [one for one in found if naming.declared(one.table, one.column)]


def _id(one: OpenConflict) -> str:
    return f"{one.table}:{one.row}:{one.column}"


def _conflict(session: Session, one: OpenConflict, replica: str, names: dict[str, str]) -> Conflict:
    first = next((head for head in one.heads if head.replica == replica), one.heads[0])
    heads = sorted(
        one.heads, key=lambda head: (head.value != first.value, head is not first, -head.stamp, head.replica)
    )
    distinct = {head.value: head for head in reversed(heads)}
    sides = [
        _side(session, one, [head, *(h for h in heads if h.value == head.value and h is not head)], replica, names)
        for head in heads
        if distinct[head.value] is head
    ]
    household = naming.households_of(session, one.table, [one.row]).get(one.row, "")
    return Conflict(
        id=_id(one),
        table=one.table,
        row=one.row,
        column=one.column,
        village=one.heads[0].village,
        table_label=naming.label_of_table(one.table),
        record="" if one.table == "household" else naming.record_name(session, one.table, one.row),
        household_id=household,
        household=naming.household_names(session, [household]).get(household, "") if household else "",
        field_label=naming.label_of_cell(session, one.table, one.row, one.column),
        sides=tuple(sides),
        heads=tuple((head.village, head.replica, head.number) for head in heads),
    )


def _side(session: Session, one: OpenConflict, alike: Sequence[HeadValue], replica: str, names: dict[str, str]) -> Side:
    """A value, told by the first of those who wrote it."""
    head = alike[0]
    places = [HERE if one.replica == replica else names.get(one.replica, f"电脑 {one.replica[:8]}") for one in alike]
    return Side(
        value=head.value,
        text=_text(session, one.table, one.column, kept(one.table, one.column, head.value)),
        who=head.operator,
        when=datetime.fromtimestamp((head.stamp >> _STAMP_MILLISECONDS) / 1000).isoformat(" ", "minutes"),
        where=places[0],
        before=_before(session, one, head),
        places=tuple(dict.fromkeys(places)),
    )


def _before(session: Session, one: OpenConflict, head: HeadValue) -> str:
    """The value that the head's writer replaced, "" where there was none, or that it is in folded history."""
    replaces = session.execute(
        text(
            "SELECT c.replaces FROM change c JOIN stream s ON s.n = c.stream "
            "WHERE s.village = :village AND s.replica = :replica AND c.number = :number"
        ),
        {"village": head.village, "replica": head.replica, "number": head.number},
    ).scalar_one()
    for stream, number in dots(replaces):
        where = {"stream": stream, "number": number, "row": one.row, "column": one.column}
        found = session.execute(_REPLACED, where).first()
        if found:
            raw = found.value if found.column_name else json.loads(found.value).get(one.column)
            return _text(session, one.table, one.column, kept(one.table, one.column, raw))
        if not session.execute(_HERE, where).first():
            return FOLDED
    return ""


def _say_seen(session: Session, conflict: Conflict) -> None:
    for village, replica, number in conflict.heads:
        session.execute(
            text(
                "INSERT OR IGNORE INTO seen SELECT :row, :column, n, :number FROM stream "
                "WHERE village = :village AND replica = :replica"
            ),
            {
                "row": conflict.row,
                "column": conflict.column,
                "number": number,
                "village": village,
                "replica": replica,
            },
        )


def _column_type(table: str, column: str) -> Any:
    return records()[table].__table__.columns[column].type.dialect_impl(_DIALECT)


def kept(table: str, column: str, raw: Raw) -> Kept:
    """A value as SQLite holds it, as the program does: Decimal, date, bool, tuple of options."""
    process = _column_type(table, column).result_processor(_DIALECT, None)
    return cast(Kept, process(raw) if process else raw)


def _raw(conflict: Conflict, value: Kept) -> Raw:
    """The same the other way.

    Raises:
        FieldRefused: it is of a wrong kind
    """
    process = _column_type(conflict.table, conflict.column).bind_processor(_DIALECT)
    try:
        raw = cast(Raw, process(value) if process else value)
    except (TypeError, ValueError, InvalidOperation, StatementError) as error:
        raise FieldRefused(f"“{conflict.field_label}”不能填“{str(value)[:30]}”。") from error
    if not fits(conflict.table, conflict.column, raw):
        raise FieldRefused(f"“{conflict.field_label}”不能填“{str(value)[:30]}”。")
    return raw


def _text(session: Session, table: str, column: str, value: Kept) -> str:
    """For people: references by what they refer to, options and dates as they are written."""
    if column == "withdrawn":
        return "撤回这条记录" if value else "保留这条记录"
    if value is None:
        return ""
    if isinstance(value, bool):
        return "是" if value else "否"
    if isinstance(value, tuple):
        return "、".join(value)
    if isinstance(value, Decimal):
        return f"{value:,f}"
    said = naming.declared(table, column)
    if said and said.refers:
        return naming.record_name(session, said.refers, str(value)) or "未命名的记录"
    return str(value)
