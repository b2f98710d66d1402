"""一户一页: what an inspector asks about a household, answered on one page."""

from collections.abc import Sequence

from sqlalchemy.orm import Session

from app.archive import wording
from app.archive.about import About
from app.archive.blocks import Block, Heading, Title
from app.archive.ledger import Column, ledger
from app.archive.paper import CELL, LABEL
from app.archive.subject import Subject, rows, subject
from app.archive.tables import Cell, Row, Table
from app.checklists.results import results_of
from app.records.field import field, label_of
from app.records.income import nets
from app.records.lists import assignment_rows, member_rows
from db.schema.aid import Measure, Visit
from db.schema.household import LivingCondition

TITLE = "答问卡（一户一页）"
GROUP = "卡片"
ORDER = 30
ABOUT = "household"
_HOUSE = ("house_structure", "house_area", "danger_level", "water_safe", "toilet")
_MOST = 9


def paper(session: Session, about: About) -> Sequence[Block]:
    """Who lives there, income, house and water, helper, measures, visits, the last score; no number of a person."""
    (household,) = about.households
    home = subject(session, household)
    people = [one for one in member_rows(session, household, about.today) if not one.left]
    columns = [Column("姓名", 24), Column("与户主关系", 22), Column("年龄", 14), Column("健康状况", 32),
               Column("就学", 32), Column("劳动和务工", 44)]  # fmt: skip
    members = [
        [
            one.name,
            one.relation,
            "" if one.age is None else str(one.age),
            "、".join(one.health),
            one.school_status,
            "，".join(text for text in (one.labour, one.work_region and f"{one.work_region}务工") if text),
        ]
        for one in people[:_MOST]
    ]
    return [
        Title(TITLE),
        home.heading(),
        Heading(f"一、家庭成员（{len(people)}人）"),
        ledger(columns, members, least=7),
        Heading("二、常问的情况"),
        Table((34, 136), [_row(label, text) for label, text in _asked(session, home)], least=9),
    ]


def _row(label: str, text: str) -> Row:
    return Row([Cell(label, LABEL, shaded=True), Cell(text or wording.EMPTY, CELL)])


def _asked(session: Session, home: Subject) -> list[tuple[str, str]]:
    id, household = home.household.id, home.household
    income = [f"{net.year}年人均 {wording.money(net.per_head)} 元" for net in nets(session, id)[:3]]
    helpers = [f"{one.helper}（{one.unit}）" for one in assignment_rows(session, id) if one.in_force]
    measures = rows(session, Measure, id)
    latest = max((one.year or 0 for one in measures), default=0)
    given = [one.title or one.kind or "" for one in measures if (one.year or 0) == latest]
    visits = sorted(one.visited_on for one in rows(session, Visit, id) if one.visited_on)
    rounds = results_of(session, id)
    score = rounds[-1].result if rounds else None
    state = "，".join(text for text in (household.household_kind, household.registration_state) if text)
    left = f"{household.exit_year}年脱贫" if household.exit_year else ""
    cause = "、".join(text for text in (household.cause_main, *(household.cause_other or ())) if text)
    seen = f"{score.points}分，{score.grade}（{rounds[-1].round_title}）" if score and score.points is not None else ""
    return [
        ("户的情况", "，".join(text for text in (state, left) if text)),
        (label_of("household", "cause_main"), cause),
        ("人均纯收入", "；".join(income)),
        ("住房和饮水", _house(session, home)),
        (home.helper_word, "、".join(helpers)),
        ("帮扶措施", f"{latest}年：{'、'.join(dict.fromkeys(given))}" if latest else ""),
        ("走访", f"共 {len(visits)} 次，最近 {wording.day(visits[-1])}" if visits else ""),
        ("四净两规范", seen),
    ]


def _house(session: Session, home: Subject) -> str:
    kept = sorted(rows(session, LivingCondition, home.household.id), key=lambda one: one.year or 0)
    if not kept:
        return ""
    known = [field("living_condition", name) for name in _HOUSE if getattr(kept[-1], name) is not None]
    return "；".join(f"{one.label}：{wording.said(one, getattr(kept[-1], one.name))}" for one in known)
