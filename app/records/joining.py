"""Joining two records of one household, and parting them again (docs/decisions/0010-joining.md).

Joining is one transaction of ordinary edits: chosen cells go over, what both have twice is withdrawn on one side, and
`merged_into` of the household given up names the one that is kept. All references follow by themselves (db/joining.py).
"""

import json
from collections import defaultdict
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, Literal, NamedTuple

from sqlalchemy import select, text, update
from sqlalchemy.orm import Session

from app.errors import OfficeError
from app.progress import Progress, Work
from app.records import twins
from app.records.field import field
from app.records.lists import HEAD
from app.records.twins import Joining, Twin
from app.workbook.workbook import Workbook
from db.schema import records
from db.schema.household import Household, Member

Choice = Literal["kept", "other"]
_CHANGED = "这两户在核对以后又有改动。请重新核对后再合并。"


@dataclass(frozen=True, slots=True)
class Joined:
    """What joining did: cells taken over, and records of which one of two was withdrawn."""

    kept_id: str
    other_id: str
    cells: int
    withdrawn: int


@dataclass(frozen=True, slots=True)
class Parted:
    """What parting did: cells of the joining that were put back, and those that somebody has changed since."""

    kept_id: str
    other_id: str
    cells: int
    left: int


@dataclass(frozen=True, slots=True)
class Likely:
    """Two households that may be one; `why`, e.g. "户编号相同"."""

    first: str
    first_name: str
    second: str
    second_name: str
    why: tuple[str, ...]


def compare(workbook: Workbook, kept_id: str, other_id: str) -> Joining:
    """Hold two households against each other before they are joined.

    Raises:
        OfficeError: they cannot be joined, and why
    """
    with workbook.reading() as session:
        return twins.compare(session, kept_id, other_id)


def join(
    workbook: Workbook,
    joining: Joining,
    take: Mapping[str, Choice] | None = None,
    relation: str = "其他",
    by: object | None = None,
) -> Work[Joined]:
    """Join two households as they were compared.

    Args:
        take: column of the household, or `Twin.key` → whose is kept. Where nothing is said the kept household's stays,
            and its empty cells are filled from the other's
        relation: of the other household's head to the head of the kept one, where they are two people

    Raises:
        OfficeError: they cannot be joined, or one of them changed since they were compared
        FieldRefused: no such relation
    """
    kin = field("member", "relation").taken(relation)
    if kin == HEAD:
        raise OfficeError("合并以后一户只有一位户主。请填另一位与户主的关系。")
    told = dict(take or {})
    same = (*joining.people, *joining.yearly)
    offered = {one.column for one in (*joining.differing, *joining.only_other)} | {one.key for one in same}
    if strange := [key for key, side in told.items() if key not in offered or side not in ("kept", "other")]:
        raise OfficeError(f"“{strange[0]}”不在要选的内容里。请重新核对后再合并。")
    yield Progress(0, 1, "合并")
    with workbook.writing(by) as session:
        if twins.compare(session, joining.kept.id, joining.other.id) != joining:
            raise OfficeError(_CHANGED)
        cells = _take_over(session, joining, told)
        for twin in same:
            cells += _keep_one(session, twin, told.get(twin.key, "kept"))
        _one_head(session, joining, told, kin)
        _write(session, "household", joining.other.id, merged_into=joining.kept.id)
    yield Progress(1, 1, "合并")
    return Joined(joining.kept.id, joining.other.id, cells, len(same))


def _write(session: Session, table: str, row: str, **cells: object) -> int:
    model: Any = records()[table]
    if cells:
        session.execute(update(model).where(model.id == row).values(**cells))
    return len(cells)


def _values(session: Session, table: str, row: str) -> dict[str, Any]:
    found = session.get_one(records()[table], row, populate_existing=True)
    return {one.name: getattr(found, one.name) for one in twins.compared_fields(table)}


def _take_over(session: Session, joining: Joining, told: Mapping[str, Choice]) -> int:
    values = _values(session, "household", joining.other.id)
    wanted = [one.column for one in joining.only_other if told.get(one.column) != "kept"]
    wanted += [one.column for one in joining.differing if told.get(one.column) == "other"]
    return _write(session, "household", joining.kept.id, **{name: values[name] for name in wanted})


def _keep_one(session: Session, twin: Twin, side: Choice) -> int:
    """Withdraw one of two records; the other gets the cells that it lacks, and what referred to a person."""
    stays, goes = (twin.kept_id, twin.other_id) if side == "kept" else (twin.other_id, twin.kept_id)
    had, lacking = _values(session, twin.table, goes), _values(session, twin.table, stays)
    filled = {name: had[name] for name, value in lacking.items() if value is None and had[name] is not None}
    cells = _write(session, twin.table, stays, **filled)
    if twin.table == "member":
        for table, column in twins.references_to("member"):
            model: Any = records()[table]
            rows = session.scalars(select(model.id).where(getattr(model, column) == goes)).all()
            cells += sum(_write(session, table, row, **{column: stays}) for row in rows)
    _write(session, twin.table, goes, withdrawn=True)
    return cells


def _one_head(session: Session, joining: Joining, told: Mapping[str, Choice], kin: object) -> None:
    """The head of the kept household stays the head; where it has none, the other's."""
    query = select(Member.id, Member.household_id).where(
        Member.household_id.in_([joining.kept.id, joining.other.id]),
        Member.relation == HEAD,
        Member.left.is_(None),
        ~Member.withdrawn,
    )
    of = {twin.other_id: twin for twin in joining.people if told.get(twin.key) == "other"}
    heads = sorted(
        session.execute(query),
        # the twin that stands for the kept household's head comes before another head of the other household
        key=lambda row: (row.household_id != joining.kept.id, not _was_head(session, of.get(row.id)), row.id),
    )
    for id, household in heads[1:]:
        if household == joining.other.id:
            _write(session, "member", id, relation=kin)


def _was_head(session: Session, twin: Twin | None) -> bool:
    return twin is not None and session.get_one(Member, twin.kept_id).relation == HEAD


def part(workbook: Workbook, other_id: str, by: object | None = None) -> Work[Parted]:
    """Take a joining back: every record shows the household again that was stated of it.

    What joining changed besides goes back too, cell by cell, where nobody has changed it since.

    Raises:
        OfficeError: the household is not joined to another
    """
    yield Progress(0, 1, "拆开")
    with workbook.writing(by) as session:
        home = session.get(Household, other_id)
        if home is None or not home.merged_into:
            raise OfficeError("这一户没有并入别的户，不用拆开。")
        kept_id = home.merged_into
        target, changes = _with_the_joining(session, other_id)
        mine = _belonging(session, kept_id, changes) | {target}
        back = [one for one in changes if one.row_id in mine]
        done = sum(_put_back(session, one) for one in back)
        _break_ring(session, kept_id, other_id)
        _write(session, "household", other_id, merged_into=None)
    yield Progress(1, 1, "拆开")
    return Parted(kept_id, other_id, done, len(back) - done)


class _Change(NamedTuple):
    stream: int
    number: int
    table_name: str
    row_id: str
    column_name: str
    replaces: str


def _break_ring(session: Session, kept_id: str, other_id: str) -> None:
    """Where another laptop joined the two the other way round, that joining is taken back as well."""
    about = {"kept": kept_id, "other": other_id}
    session.execute(
        text(
            "INSERT OR IGNORE INTO seen SELECT h.row_id, h.column_name, h.stream, h.number FROM head h "
            "JOIN change c ON c.stream = h.stream AND c.number = h.number "
            "WHERE h.row_id = :kept AND h.column_name = 'merged_into' AND c.column_name <> '' AND c.value = :other"
        ),
        about,
    )
    session.execute(text("UPDATE household SET merged_into = NULL WHERE id = :kept"), about)


def _with_the_joining(session: Session, other_id: str) -> tuple[str, list[_Change]]:
    """To which household this one was joined, and the other edits of the transaction that did it.

    They stand before it in the journal and have its stamp.
    """
    head = session.execute(
        text(
            "SELECT c.stream, c.number, c.stamp, c.value FROM head h JOIN change c ON c.stream = h.stream "
            "AND c.number = h.number WHERE h.row_id = :row AND h.column_name = 'merged_into' "
            "AND c.column_name <> '' AND c.value IS NOT NULL ORDER BY c.stamp DESC LIMIT 1"
        ),
        {"row": other_id},
    ).first()
    if head is None:
        return "", []
    rows = session.execute(
        text(
            "SELECT stream, number, table_name, row_id, column_name, replaces FROM change WHERE stream = :stream "
            "AND number < :number AND number > coalesce((SELECT number FROM change WHERE stream = :stream "
            "AND number < :number AND stamp <> :stamp ORDER BY number DESC LIMIT 1), 0) "
            "AND column_name NOT IN ('', 'merged_into') ORDER BY number DESC"
        ),
        head._asdict(),
    )
    return str(head.value), [_Change(*row) for row in rows if row.table_name in records()]


def _belonging(session: Session, household_id: str, changes: list[_Change]) -> set[str]:
    """The rows among these that are of the household: others of the same transaction were no part of joining."""
    found = {household_id}
    for table in {one.table_name for one in changes}:
        model: Any = records()[table]
        if "household_id" in model.__table__.columns:
            rows = {one.row_id for one in changes if one.table_name == table}
            found.update(
                session.scalars(select(model.id).where(model.id.in_(rows), model.household_id == household_id))
            )
    return found


def _put_back(session: Session, one: _Change) -> bool:
    """Give a cell its value of before, unless somebody changed it since or its history was folded away."""
    heads = session.execute(
        text("SELECT stream, number FROM head WHERE row_id = :row_id AND column_name = :column_name"), one._asdict()
    ).all()
    if [tuple(head) for head in heads] != [(one.stream, one.number)]:
        return False
    value: Any = 0
    if one.column_name != "withdrawn":
        former = [_value(session, one, *map(int, dot.split(":"))) for dot in one.replaces.split()]
        if not former or former[0] is None:
            return False
        value = former[0][0]
    session.connection().exec_driver_sql(
        f'UPDATE {one.table_name} SET "{one.column_name}" = ? WHERE id = ?', (value, one.row_id)
    )
    return True


def _value(session: Session, one: _Change, stream: int, number: int) -> tuple[Any] | None:
    row = session.execute(
        text(
            "SELECT column_name, value FROM change WHERE stream = :stream AND number = :number AND row_id = :row "
            "AND column_name IN ('', :column)"
        ),
        {"stream": stream, "number": number, "row": one.row_id, "column": one.column_name},
    ).first()
    if row is None:
        return None
    return (row.value if row.column_name else json.loads(row.value).get(one.column_name),)


def likely(workbook: Workbook) -> Work[tuple[Likely, ...]]:
    """Households of one village that may be two records of one: same number, same head, or a namesake next door."""
    yield Progress(0, 1, "查找重复的户")
    with workbook.reading() as session:
        homes = {
            row.id: row
            for row in session.execute(
                select(
                    Household.id, Household.village, Household.household_no, Household.group_name, Household.hamlet
                ).where(~Household.withdrawn, Household.merged_into.is_(None))
            )
        }
        heads = {
            row.household_id: row
            for row in session.execute(
                select(Member.household_id, Member.name, Member.id_no)
                .where(Member.relation == HEAD, Member.left.is_(None), ~Member.withdrawn)
                .order_by(Member.id)
            )
        }
    alike: dict[tuple[str, ...], list[str]] = defaultdict(list)
    names = {}
    for id, home in homes.items():
        head, group = heads.get(id), home.group_name or home.hamlet or ""
        who = head.name if head and head.name else ""
        names[id] = f"{who or home.household_no or '（户主未填）'}{f'（{group}）' if group else ''}"
        number = head.id_no.strip().upper() if head and head.id_no else ""
        for why, key in (
            ("户编号相同", home.household_no or ""),
            ("户主证件号码相同", number),
            ("户主姓名和村民组相同", f"{who}\n{group}" if who else ""),
        ):
            if key:
                alike[why, home.village, key].append(id)
    reasons: dict[tuple[str, str], list[str]] = defaultdict(list)
    for (why, *_), ids in alike.items():
        first, *others = sorted(ids)
        for other in others:
            reasons[first, other].append(why)
    yield Progress(1, 1, "查找重复的户")
    found = [Likely(a, names[a], b, names[b], tuple(why)) for (a, b), why in reasons.items()]
    return tuple(sorted(found, key=lambda one: (-len(one.why), one.first_name, one.first, one.second)))


def given_up(workbook: Workbook, kept_id: str) -> Work[tuple[Likely, ...]]:
    """Households that were joined to this one and can be parted from it; `first` is this one, `why` is empty.

    They have no people of their own any more, so they are called by number and group.
    """
    yield Progress(0, 1, "查找并入的户")
    with workbook.reading() as session:
        rows = session.execute(
            select(Household.id, Household.household_no, Household.group_name, Household.hamlet)
            .where(Household.merged_into == kept_id, ~Household.withdrawn)
            .order_by(Household.household_no, Household.id)
        )
        return tuple(
            Likely(
                kept_id, "", id, f"{number or '户编号未填'}{f'（{group or hamlet}）' if group or hamlet else ''}", ()
            )
            for id, number, group, hamlet in rows
        )
