"""Two households held against each other before they are joined: what differs, who and what is in both."""

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from datetime import date
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session

from app.errors import OfficeError
from app.records.draft import Draft, open_draft
from app.records.field import Field, Value, fields, options, table_label
from app.records.lists import HEAD
from db.schema import records
from db.schema.aid import Assignment, Helper
from db.schema.form import FormEntry, FormUsed
from db.schema.household import Household, LivingCondition, Member
from db.schema.income import IncomeYear


@dataclass(frozen=True, slots=True)
class Home:
    """One of the two. `people`: names of those who have not left, the head first."""

    id: str
    household_no: str
    head: str
    group: str
    people: tuple[str, ...]

    @property
    def name(self) -> str:
        """How an officer calls it."""
        who = self.head or self.household_no or "（户主未填）"
        return f"{who}（{self.group}）" if self.group else who


@dataclass(frozen=True, slots=True)
class Difference:
    """A cell that is not the same in both, as text; "" where it is empty."""

    column: str
    label: str
    kept: str
    other: str


@dataclass(frozen=True, slots=True)
class Twin:
    """One thing that both have a record of: a person, a year's card, a helper.

    `key` names it in `take`; `what` is its name, e.g. "陈卫国" or "2018 年".
    """

    table: str
    label: str
    what: str
    kept_id: str
    other_id: str
    differing: tuple[Difference, ...]

    @property
    def key(self) -> str:
        return f"{self.table}:{self.other_id}"


@dataclass(frozen=True, slots=True)
class Joining:
    """What joining `other` to `kept` would be about.

    Attributes:
        differing: cells of the household that both have, with different values
        only_other: cells that only the one given up has
        people: persons who are in both
        yearly: cards of one year, assignments of one helper and forms of one year that both have
        second_head: name of the other household's head, where that is another person than the head of the kept one
    """

    kept: Home
    other: Home
    differing: tuple[Difference, ...]
    only_other: tuple[Difference, ...]
    people: tuple[Twin, ...]
    yearly: tuple[Twin, ...]
    second_head: str


def compare(session: Session, kept_id: str, other_id: str) -> Joining:
    """Hold two households against each other.

    Raises:
        OfficeError: they cannot be joined, and why
    """
    _refuse(session, kept_id, other_id)
    kept, other = _people(session, kept_id), _people(session, other_id)
    people = _same_people(session, kept, other)
    different = _differences(open_draft(session, "household", kept_id), open_draft(session, "household", other_id))
    heads = [_head(kept), _head(other)]
    paired = {twin.other_id: twin.kept_id for twin in people}
    second = heads[1] is not None and heads[0] is not None and paired.get(heads[1].id) != heads[0].id
    return Joining(
        kept=_home(session, kept_id, kept),
        other=_home(session, other_id, other),
        differing=tuple(one for one in different if one.kept and one.other),
        only_other=tuple(one for one in different if not one.kept),
        people=people,
        yearly=tuple(twin for once in _ONCE for twin in once(session, kept_id, other_id)),
        second_head=(heads[1].name or "户主") if second and heads[1] else "",
    )


def compared_fields(table: str) -> list[Field]:
    """The columns that an officer writes, references apart."""
    return [one for one in fields(table) if not one.declared.derived and one.kind != "reference"]


def _refuse(session: Session, kept_id: str, other_id: str) -> None:
    if kept_id == other_id:
        raise OfficeError("这是同一条户记录，不用合并。请另选一户。")
    homes = [session.get(Household, one, populate_existing=True) for one in (kept_id, other_id)]
    for home in homes:
        if home is None or home.withdrawn:
            raise OfficeError("要合并的户已不在名单里，请刷新后再选。")
        if home.merged_into:
            raise OfficeError(f"户编号“{home.household_no or '未填'}”已经并入另一户。请选并入后的那一户，或先拆开。")
    if homes[0] and homes[1] and homes[0].village != homes[1].village:
        raise OfficeError("两户不在同一个村，不能合并。请先核对这一户是哪个村的。")


def _people(session: Session, household_id: str) -> list[Member]:
    query = select(Member).where(Member.household_id == household_id, ~Member.withdrawn)
    rows = session.scalars(query.execution_options(populate_existing=True))
    order = {option.value: n for n, option in enumerate(options("relation"))}
    return sorted(
        rows,
        key=lambda one: (
            one.left is not None,
            order.get(one.relation or "", len(order)),
            one.birth or date.max,
            one.id,
        ),
    )


def _head(people: Iterable[Member]) -> Member | None:
    return next((one for one in people if one.relation == HEAD and one.left is None), None)


def _home(session: Session, household_id: str, people: list[Member]) -> Home:
    home, head = session.get_one(Household, household_id), _head(people)
    return Home(
        id=household_id,
        household_no=home.household_no or "",
        head=(head.name or "") if head else "",
        group=home.group_name or home.hamlet or "",
        people=tuple(one.name or "（姓名未填）" for one in people if one.left is None),
    )


def _differences(kept: Draft, other: Draft) -> tuple[Difference, ...]:
    """Cells that the other has, with another value than the one that is kept."""
    return tuple(
        Difference(one.name, one.label, one.text(kept.values[one.name]), one.text(other.values[one.name]))
        for one in compared_fields(kept.table)
        if other.values[one.name] not in (None, kept.values[one.name])
    )


def _twin(session: Session, table: str, what: str, kept_id: str, other_id: str) -> Twin:
    differing = _differences(open_draft(session, table, kept_id), open_draft(session, table, other_id))
    return Twin(table, table_label(table), what, kept_id, other_id, differing)


def _same_people(session: Session, kept: list[Member], other: list[Member]) -> tuple[Twin, ...]:
    """Persons in both: by ID number, else by name and birthday."""
    pairs: dict[str, str] = {}
    for key in (_by_number, _by_birthday):
        free = {key(one): one.id for one in reversed(kept) if one.id not in pairs.values()}
        free.pop(None, None)
        for one in other:
            if one.id not in pairs and key(one) in free:
                pairs[one.id] = free.pop(key(one))
    return tuple(_twin(session, "member", one.name or "", pairs[one.id], one.id) for one in other if one.id in pairs)


def _by_number(one: Member) -> object:
    return one.id_no.strip().upper() if one.id_no and one.id_no.strip() else None


def _by_birthday(one: Member) -> object:
    return (one.name, one.birth) if one.name and one.birth else None


def _once(
    table: Any, naming: Callable[[Session, Any], str], *columns: str, where: Callable[[], Any] | None = None
) -> Callable[[Session, str, str], list[Twin]]:
    """Records of which a household has one for each value of these columns."""

    def found(session: Session, kept_id: str, other_id: str) -> list[Twin]:
        rows: list[dict[tuple[Value, ...], Any]] = [{}, {}]
        for n, household in enumerate((kept_id, other_id)):
            query = select(table).where(table.household_id == household, ~table.withdrawn).order_by(table.id)
            for row in session.scalars(query if where is None else query.where(where())):
                key = tuple(getattr(row, column) for column in columns)
                if None not in key:
                    rows[n].setdefault(key, row)
        kept, other = rows
        both = sorted((key for key in kept if key in other), key=str)
        name = table.__tablename__
        return [_twin(session, name, naming(session, kept[key]), kept[key].id, other[key].id) for key in both]

    return found


def _year(_: Session, row: Any) -> str:
    return f"{row.year} 年"


def _helper(session: Session, row: Assignment) -> str:
    helper = session.get(Helper, row.helper_id)
    return (helper.name or "") if helper else ""


def _form(session: Session, row: FormEntry) -> str:
    used = session.get(FormUsed, row.form_id) if row.form_id else None
    return f"{(used.title if used else row.form) or ''} {row.year} 年".strip()


def _assigned() -> Any:
    from app.records.assignment import in_force

    return in_force()


_ONCE = (
    _once(LivingCondition, _year, "year"),
    _once(IncomeYear, _year, "year"),
    _once(Assignment, _helper, "helper_id", where=_assigned),
    _once(FormEntry, _form, "form", "year", where=lambda: FormEntry.member_id.is_(None)),
)


def references_to(table: str) -> list[tuple[str, str]]:
    """(table, column) of all that refers to records of this one."""
    return [
        (name, column.name)
        for name, model in records().items()
        for column in model.__table__.columns
        if "declared" in column.info and column.info["declared"].refers == table
    ]
