"""帮扶台账: who helps which household, and which must have a helper and have none."""

from collections.abc import Sequence

from sqlalchemy import select
from sqlalchemy.orm import Session

from app.archive import wording
from app.archive.about import About
from app.archive.blocks import Block, Title
from app.archive.ledger import Column, ledger, signed
from app.archive.listed import group_of, listed
from app.archive.paper import A4_ACROSS
from app.records.field import field, label_of
from app.records.lists import AssignmentRow, HouseholdRow, assignment_rows
from db.schema.aid import Helper

TITLE = "帮扶台账"
GROUP = "台账"
ORDER = 30
ABOUT = "village"
FORMAT = A4_ACROSS
ASKS = ("full",)


def paper(session: Session, about: About) -> Sequence[Block]:
    """One row for each helper of a household in force."""
    found = listed(session, about)
    helping: dict[str, list[AssignmentRow]] = {}
    for one in assignment_rows(session):
        if one.in_force:
            helping.setdefault(one.household_id, []).append(one)
    posts = {id: post or "" for id, post in session.execute(select(Helper.id, Helper.post))}
    rows = [row for home in found.homes for row in _rows(home, helping.get(home.id, ()), posts, about.full)]
    columns = [
        Column("村民组", 24),
        Column("户主", 20),
        Column("人口", 12),
        Column(label_of("household", "household_kind"), 26),
        Column(found.helper_word, 24),
        Column(label_of("helper", "unit"), 54, "left"),
        Column(label_of("helper", "post"), 32),
        Column(label_of("helper", "phone"), 28),
        Column(label_of("assignment", "started_on"), 29),
        Column("最近走访", 29),
    ]
    return [
        Title(f"{found.village}{TITLE}", f"截至 {wording.day(about.today)}"),
        found.heading(),
        ledger(columns, rows),
        signed("填表人", "审核人"),
    ]


def _rows(home: HouseholdRow, helping: Sequence[AssignmentRow], posts: dict[str, str], full: bool) -> list[list[str]]:
    about = [group_of(home), home.head, str(home.size), home.kind]
    if not helping:
        missing = "（未安排）" if home.needs_helper else ""
        return [[*about, missing, "", "", "", "", wording.day(home.last_visit)]]
    phone = field("helper", "phone")
    return [
        [
            *about,
            one.helper,
            one.unit,
            posts.get(one.helper_id, ""),
            phone.text(one.phone, hide=not full),
            wording.day(one.started_on),
            wording.day(home.last_visit),
        ]
        for one in helping
    ]
