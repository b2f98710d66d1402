"""D04: which policies reach the household, policy by policy: from its measures and from what is known of its people."""

from collections.abc import Iterator
from dataclasses import dataclass

from sqlalchemy.orm import Session

from app.archive import wording
from app.archive.blocks import Block, Signature, Slot, Title
from app.archive.paper import SMALL, SMALL_LABEL
from app.archive.subject import Subject, rows, subject
from app.archive.tables import Cell, Row, Table
from app.records.field import field, options
from db.schema.aid import Measure

ORDER = 101
TITLE = "政策享受明细表"
_COLUMNS = (22, 30, 56, 22, 24, 16)
_HEADS = ("政策", "享受人", "项目和内容", "享受时间", "金额（元）", "状态")
_OTHER = "其他"
POLICIES = ("教育", "雨露计划", "健康", "低保和救助", "养老", "住房", "搬迁", "小额信贷", "公益岗位和就业", _OTHER)

_FLAGS = (
    ("健康", "med_ins"), ("健康", "emp_med_ins"), ("健康", "serious_ins"), ("健康", "comm_ins"),
    ("健康", "med_rescue"), ("低保和救助", "dibao"), ("低保和救助", "tekun"), ("养老", "pension"),
    ("养老", "emp_pension"), ("搬迁", "relocated_person"),
)  # fmt: skip


@dataclass(frozen=True, slots=True)
class _Benefit:
    policy: str
    who: str
    what: str
    when: str
    amount: str
    state: str


def section(session: Session, household_id: str) -> list[Block]:
    """All policies in one table, 未享受 where none reaches the household; nothing where nothing at all is known."""
    home = subject(session, household_id)
    found = [*_of_measures(session, home), *_of_people(home)]
    if not found:
        return []
    body: list[Row] = []
    for policy in POLICIES:
        body += _rows(policy, [one for one in found if one.policy == policy])
    heads = [Row([Cell(text, SMALL_LABEL, shaded=True) for text in _HEADS], least=9)]
    return [
        Title(TITLE),
        home.heading(),
        Table(_COLUMNS, body, heads, padding=0.9, least=7),
        Signature([Slot(home.helper_word), Slot("户主签字", finger=True)]),
    ]


def _rows(policy: str, found: list[_Benefit]) -> list[Row]:
    middle = SMALL.at("center")
    if not found:
        if policy == _OTHER:
            return []
        return [Row([Cell(policy, SMALL_LABEL, shaded=True), Cell("未享受", middle, 5)])]
    made = []
    for one in found:  # the policy stands in each row: a cell over all of them would hold them on one page
        texts = (one.who, one.what, one.when, one.amount, one.state)
        aligned = (middle, SMALL, middle, SMALL.at("right"), middle)
        cells = [Cell(text or wording.EMPTY, style) for text, style in zip(texts, aligned, strict=True)]
        made.append(Row([Cell(policy, SMALL_LABEL, shaded=True), *cells]))
    return made


def _of_measures(session: Session, home: Subject) -> list[_Benefit]:
    kept = rows(session, Measure, home.household.id)
    kept.sort(key=lambda one: (-(one.year or 0), one.started_on is None, one.started_on, one.id))
    people = {one.id: one.name or "" for one in (*home.members, *home.left)}
    policies = {option.value: str(option.more.get("policy", _OTHER)) for option in options("measure_kind")}
    return [
        _Benefit(
            policies.get(one.kind or "", _OTHER),
            people.get(one.member_id or "") or "全户",
            "：".join(text for text in (one.title, one.content) if text),
            f"{one.year}年" if one.year else wording.day(one.started_on),
            wording.money(one.amount),
            one.state or "",
        )
        for one in kept
    ]


def _of_people(home: Subject) -> Iterator[_Benefit]:
    """What the members' own records say, one line for all who have the same; 是 alone counts."""
    for policy, column in _FLAGS:
        who = [one.name or wording.EMPTY for one in home.members if getattr(one, column)]
        if who:
            label = field("member", column).label.removeprefix("是否")
            yield _Benefit(policy, "、".join(who), label, "", wording.EMPTY, "享受中")
    for one in home.members:
        if one.public_job_kind:
            months = f"{wording.number(one.public_job_months)}个月" if one.public_job_months else ""
            yield _Benefit("公益岗位和就业", one.name or "", one.public_job_kind, months, wording.EMPTY, "在岗")
