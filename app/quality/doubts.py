"""疑点数据: what the cleaning rules find in the records, and 已核实无误, which keeps a doubt quiet.

A verdict stands as long as the values it was given on; when one of them changes the doubt is open again. Verdicts are
records: they are journaled and travel to colleagues like everything else. docs/decisions/0012-quality.md
"""

import hashlib
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date

from sqlalchemy import select
from sqlalchemy.orm import Session

from app.errors import FieldRefused, OfficeError
from app.progress import Progress, Work
from app.quality.across import across
from app.quality.home import Home
from app.quality.reading import BLOCK, Village, checked_ids, homes
from app.quality.rule import DOUBT, ERROR, SEVERITIES, Clash, Fix, Place, Rule, Severity
from app.quality.rules import rules
from app.records.draft import Saved, faults, open_draft, write_draft
from app.records.field import field, label_of
from app.records.rules import this_day
from app.workbook.workbook import Workbook
from db.schema.household import Household
from db.schema.quality import Verdict

__all__ = [
    "DOUBT",
    "ERROR",
    "SEVERITIES",
    "Doubt",
    "Fix",
    "Place",
    "Settled",
    "Severity",
    "counts",
    "of_household",
    "of_village",
    "put_right",
    "reopen",
    "settle",
    "with_household",
]


@dataclass(frozen=True, slots=True)
class Settled:
    """Who looked into a doubt, when, and why it is none."""

    reason: str
    by: str
    on: date | None


@dataclass(frozen=True, slots=True)
class Doubt:
    """One rule broken by one record.

    Attributes:
        home, group: how the household is called, and where it is
        about, called: the record, and what it is called
        sentence: the values that clash, personal numbers masked
        places: the cells concerned, the one to be corrected first
        clash: a hash of the values; the doubt is the same as long as it is
        fix: a correction that is offered
        settled: 已核实无误, None while the doubt is open
    """

    rule: str
    title: str
    severity: Severity
    source: str
    household_id: str
    home: str
    group: str
    about: str
    called: str
    sentence: str
    places: tuple[Place, ...]
    clash: str
    fix: Fix | None
    settled: Settled | None

    @property
    def fields(self) -> tuple[str, ...]:
        """The names of the fields concerned."""
        return tuple(label_of(place.table, place.column) for place in self.places)


def of_household(
    session: Session, household_id: str, *, settled: bool = False, today: date | None = None
) -> tuple[Doubt, ...]:
    """The doubts of one household, the gravest first; none of one that is closed, merged or withdrawn.

    Args:
        settled: also those that were looked into and are settled
        today: the day of the check; this day if None
    """
    ids = checked_ids(session, household_id)
    if not ids:
        return ()
    village = Village(session, across(session, household_id), today or this_day(), household_id)
    verdicts = _verdicts(session, household_id)
    found = [doubt for home in homes(session, ids, village) for doubt in _doubts(home, verdicts)]
    return _ordered(doubt for doubt in found if settled or doubt.settled is None)


def of_village(workbook: Workbook, *, settled: bool = False, today: date | None = None) -> Work[tuple[Doubt, ...]]:
    """The doubts of all households, the gravest first, each rule's in the order of the list of households."""
    found: list[Doubt] = []
    yield Progress(0, 0, "正在读取户和成员")
    with workbook.reading() as session:
        ids = checked_ids(session)
        village = Village(session, across(session), today or this_day())
        verdicts = _verdicts(session)
        for done, home in enumerate(homes(session, ids, village)):
            if done % (BLOCK // 5) == 0:
                yield Progress(done, len(ids), "正在核对")
            found += (doubt for doubt in _doubts(home, verdicts) if settled or doubt.settled is None)
    yield Progress(len(ids), len(ids), "核对完成")
    return _ordered(found)


def with_household(doubts: Sequence[Doubt], household_id: str, now: Sequence[Doubt]) -> tuple[Doubt, ...]:
    """The doubts of a village, those of one household replaced by what is found of it now."""
    return _ordered([*(one for one in doubts if one.household_id != household_id), *now])


def counts(session: Session, household_id: str) -> dict[Severity, int]:
    """How many open doubts of each severity a household has."""
    found = of_household(session, household_id)
    return {severity: sum(doubt.severity == severity for doubt in found) for severity in SEVERITIES}


def settle(workbook: Workbook, doubt: Doubt, reason: str, by: object | None = None) -> Work[None]:
    """已核实无误: keep a doubt quiet until its values change.

    Raises:
        FieldRefused: no reason
    """
    why = reason.strip()
    if not why:
        raise FieldRefused(f"请写明“{label_of('verdict', 'reason')}”，例如“已入户核对户口本，登记无误”。")
    refused = field("verdict", "reason").check(why)
    if refused:
        raise FieldRefused(refused)
    yield Progress(0, 1, "保存")
    with workbook.writing(by) as session:
        id = Verdict.id_of(doubt.household_id, doubt.rule, doubt.about)
        row = session.get(Verdict, id)
        if row is None:
            household = session.get(Household, doubt.household_id)
            if household is None:
                raise OfficeError("这一户已不在名单里。请按 F5 重新核对。")
            row = Verdict(id=id, village=household.village)
            session.add(row)
        row.household_id, row.rule, row.about, row.clash = doubt.household_id, doubt.rule, doubt.about, doubt.clash
        row.reason, row.decided_on, row.decided_by, row.withdrawn = why, this_day(), workbook.operator, False
    yield Progress(1, 1, "已保存")


def reopen(workbook: Workbook, doubt: Doubt, by: object | None = None) -> Work[None]:
    """Take 已核实无误 back; the doubt is open again."""
    yield Progress(0, 1, "保存")
    with workbook.writing(by) as session:
        row = session.get(Verdict, Verdict.id_of(doubt.household_id, doubt.rule, doubt.about))
        if row is not None:
            row.withdrawn = True
    yield Progress(1, 1, "已保存")


def put_right(workbook: Workbook, doubt: Doubt, by: object | None = None) -> Work[Saved]:
    """Write the correction that a doubt offers, as a form would.

    Raises:
        OfficeError: it offers none, the record changed since, or the value is not acceptable
    """
    fix = doubt.fix
    if fix is None:
        raise OfficeError("这一条没有可以直接采用的值。请打开这一户修改。")
    yield Progress(0, 1, "保存")
    with workbook.writing(by) as session:
        still = {(one.rule, one.about, one.clash) for one in of_household(session, doubt.household_id, settled=True)}
        if (doubt.rule, doubt.about, doubt.clash) not in still:
            raise OfficeError("这一条的数据已经改过了。请按 F5 重新核对。")
        draft = open_draft(session, fix.place.table, fix.place.record_id).with_values(**{fix.place.column: fix.value})
        refused = faults(draft)
        if refused:
            raise FieldRefused(next(iter(refused.values())))
        saved = write_draft(session, draft)
    yield Progress(1, 1, "已保存")
    return saved


def _doubts(home: Home, verdicts: Mapping[str, Verdict]) -> Iterator[Doubt]:
    name, group = home.name, home.row.group_name or home.row.hamlet or ""
    for rule in rules():
        for clash in rule.find(home):
            yield _doubt(home.row.id, name, group, rule, clash, verdicts)


def _doubt(
    household_id: str, name: str, group: str, rule: Rule, clash: Clash, verdicts: Mapping[str, Verdict]
) -> Doubt:
    hashed = hashlib.sha256("\x1f".join(clash.values).encode()).hexdigest()[:32]
    verdict = verdicts.get(Verdict.id_of(household_id, rule.key, clash.about)) if verdicts else None
    stands = verdict is not None and verdict.clash == hashed
    return Doubt(
        rule=rule.key,
        title=rule.title,
        severity=rule.severity,
        source=rule.source,
        household_id=household_id,
        home=name,
        group=group,
        about=clash.about,
        called=clash.called,
        sentence=clash.sentence,
        places=clash.places,
        clash=hashed,
        fix=clash.fix,
        settled=Settled(verdict.reason or "", verdict.decided_by or "", verdict.decided_on)
        if verdict is not None and stands
        else None,
    )


def _verdicts(session: Session, household_id: str = "") -> dict[str, Verdict]:
    query = select(Verdict).where(~Verdict.withdrawn)
    if household_id:
        query = query.where(Verdict.household_id == household_id)
    return {row.id: row for row in session.scalars(query)}


def _ordered(found: Iterable[Doubt]) -> tuple[Doubt, ...]:
    order = {rule.key: n for n, rule in enumerate(rules())}
    return tuple(sorted(found, key=lambda doubt: (SEVERITIES.index(doubt.severity), order[doubt.rule])))
