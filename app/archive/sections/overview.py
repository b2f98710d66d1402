"""A02: the household on one page: picture, key facts, people, who helps, what it earned."""

from sqlalchemy.orm import Session

from app.archive import wording
from app.archive.blocks import Block, Heading, Passing, Text, Title
from app.archive.paper import BODY, CELL, LABEL
from app.archive.subject import Subject, first_photo, picture, subject
from app.archive.tables import Cell, Row, Shown, Table
from app.records.assignment import in_force
from app.records.income import nets
from app.records.lists import age
from db.schema.aid import Assignment, Helper

ORDER = 30
TITLE = "户情简介"
_MEMBER_COLUMNS = (22, 22, 14, 14, 34, 64)


def section(session: Session, household_id: str) -> list[Block]:
    """Facts beside the family's picture, the officer's own words, and the people."""
    home = subject(session, household_id)
    blocks: list[Block] = [Title(TITLE), home.heading(), Table((28, 62, 80), _facts(session, home))]
    if home.household.situation:
        blocks += [Heading("一、户情简介"), Text(home.household.situation, BODY)]
    if home.members:
        blocks += [Heading("二、家庭成员" if home.household.situation else "家庭成员"), _people(home)]
    return blocks


def _facts(session: Session, home: Subject) -> list[Row]:
    household = home.household
    latest = next(iter(nets(session, household.id, latest=True)), None)
    about = [
        ("户主", home.head_name),
        ("家庭人口", f"{len(home.members)}人"),
        ("家庭住址", household.address or wording.EMPTY),
        ("联系电话", household.phone or wording.EMPTY),
        ("户属性", household.household_attribute or household.household_kind or wording.EMPTY),
        ("登记状态", household.registration_state or household.exit_status or wording.EMPTY),
        ("主要致贫原因", household.cause_main or wording.EMPTY),
        (home.helper_word, _helpers(session, household.id) or wording.EMPTY),
        ("人均纯收入", f"{wording.money(latest.per_head)}元（{latest.year}年）" if latest else wording.EMPTY),
    ]
    family = first_photo(home, "全家照") or first_photo(home, "房屋外观")
    content = (family.content if family else "") or ""
    shown = Cell(Shown(picture(session, family), (76, 68), "（全家或房屋照片）", content), rows=len(about))
    return [
        Row([Cell(label, LABEL, shaded=True), Cell(value), *([shown] if n == 0 else [])], least=8)
        for n, (label, value) in enumerate(about)
    ]


def _helpers(session: Session, household_id: str) -> str:
    rows = (
        session.query(Helper.name, Helper.unit)
        .join(Assignment, Assignment.helper_id == Helper.id)
        .where(Assignment.household_id == household_id, in_force(), ~Helper.withdrawn)
        .order_by(Assignment.started_on, Helper.name)
    )
    return "、".join(f"{name or '—'}（{unit}）" if unit else (name or "—") for name, unit in rows)


def _people(home: Subject) -> Table:
    heads = [
        Row(
            [
                Cell(text, LABEL, shaded=True)
                for text in ("姓名", "与户主关系", "性别", "年龄", "健康状况", "劳动技能、务工或就学")
            ]
        )
    ]
    middle = CELL.at("center")
    rows = []
    for one in home.members:
        years = age(one.birth)
        doing = (one.labour, one.work_region and f"{one.work_region}务工", one.school_status)
        rows.append(
            Row(
                [
                    Cell(one.name or wording.EMPTY, middle),
                    Cell(one.relation or wording.EMPTY, middle),
                    Cell(one.sex or wording.EMPTY, middle),
                    Cell(wording.EMPTY if years is None else Passing(years), middle),
                    Cell("、".join(one.health or ()) or wording.EMPTY, middle),
                    Cell("，".join(text for text in doing if text) or wording.EMPTY),
                ]
            )
        )
    return Table(_MEMBER_COLUMNS, rows, heads)
