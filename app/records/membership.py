"""A household and its people coming, going and changing places. People are never deleted: they leave with a reason."""

from collections.abc import Mapping
from datetime import date

from sqlalchemy import select
from sqlalchemy.orm import Session

from app.errors import OfficeError
from app.progress import Progress, Work
from app.records.draft import Saved, faults, new_draft, open_draft, write_draft
from app.records.field import Value, field
from app.records.household import conditions
from app.records.lists import HEAD
from app.workbook.workbook import Workbook
from db.schema.household import Household, LivingCondition, Member


def new_household(
    workbook: Workbook,
    village: str,
    household: Mapping[str, Value],
    head: Mapping[str, Value],
    by: object | None = None,
) -> Work[str]:
    """A household and its head, in one transaction; returns its id.

    Args:
        household: values of the household by column
        head: values of the member who is the head, `name` at least

    Raises:
        OfficeError: the household number is taken
        FieldRefused: a value is not acceptable
    """
    number, person_no, id_no = household.get("household_no"), head.get("person_no"), head.get("id_no")
    id = Household.id_of(str(number)) if number else ""
    home = new_draft("household", village, id, **household)
    person = Member.id_of(str(person_no)) if person_no else Member.id_in(home.id, str(id_no)) if id_no else ""
    first = new_draft("member", village, person, **{**head, "household_id": home.id, "relation": HEAD})
    for draft in (home, first):
        _refuse(faults(draft))
    yield Progress(0, 1, "新建户")
    with workbook.writing(by) as session:
        if session.get(Household, home.id) is not None:
            raise OfficeError(f"户编号“{number}”已经有了，请核对编号，或在列表里打开那一户。")
        if session.get(Member, first.id) is not None:
            raise OfficeError(f"“{first.values['name']}”已登记在另一户，请先核对证件号码或人编号。")
        write_draft(session, home)
        write_draft(session, first)
    return home.id


def join(workbook: Workbook, household_id: str, values: Mapping[str, Value], by: object | None = None) -> Work[Saved]:
    """A person who comes into a household: born, married in, moved in, or left out when the household was written down.

    Args:
        values: the member by column; `joined` and `joined_on` say why and when

    Raises:
        OfficeError: the person is there already, or a second head
        FieldRefused: a value is not acceptable
    """
    yield Progress(0, 1, "新增成员")
    with workbook.writing(by) as session:
        home = session.get(Household, household_id)
        if home is None:
            raise OfficeError("这一户已不在名单里，请刷新后再试。")
        person_no, id_no = values.get("person_no"), values.get("id_no")
        id = Member.id_of(str(person_no)) if person_no else Member.id_in(household_id, str(id_no)) if id_no else ""
        draft = new_draft("member", home.village, id, **{**values, "household_id": household_id})
        _refuse(faults(draft))
        if session.get(Member, draft.id) is not None:
            raise OfficeError(f"“{values.get('name')}”已经登记过，请在已减少的成员里恢复，或核对证件号码。")
        if values.get("relation") == HEAD and _heads(session, household_id):
            raise OfficeError("这一户已有户主，请先变更户主，或改“与户主关系”。")
        return write_draft(session, draft)


def leave(
    workbook: Workbook,
    member_id: str,
    reason: str,
    left_on: date,
    *,
    new_head: str = "",
    by: object | None = None,
) -> Work[Saved]:
    """A person leaves a household for a reason on a day; their record stays.

    Args:
        new_head: who becomes the head, where the head leaves and others stay

    Raises:
        OfficeError: the head leaves and nobody was named, or the day is before birth
        FieldRefused: no such reason
    """
    why, day = field("member", "left").taken(reason), field("member", "left_on").taken(left_on)
    if why is None or day is None:
        raise OfficeError("请填写减少原因和日期。")
    yield Progress(0, 1, "成员减少")
    with workbook.writing(by) as session:
        draft = open_draft(session, "member", member_id)
        birth = draft.values["birth"]
        if isinstance(birth, date) and left_on < birth:
            raise OfficeError(f"减少日期 {left_on} 早于出生日期 {birth}，请改日期。")
        if draft.values["relation"] == HEAD:
            _hand_over(session, member_id, str(draft.values["household_id"]), new_head)
        return write_draft(session, draft.with_values(left=why, left_on=day))


def change_head(workbook: Workbook, member_id: str, former_relation: str, by: object | None = None) -> Work[None]:
    """Make a present member the head; the former head becomes `former_relation` of the new one."""
    relation = field("member", "relation").taken(former_relation)
    if relation == HEAD:
        raise OfficeError("原户主与新户主的关系不能还是“户主”。")
    yield Progress(0, 1, "变更户主")
    with workbook.writing(by) as session:
        draft = open_draft(session, "member", member_id)
        if draft.values["left"]:
            raise OfficeError("已减少的成员不能做户主。")
        for former in _heads(session, str(draft.values["household_id"])):
            if former != member_id:
                write_draft(session, open_draft(session, "member", former).with_values(relation=relation))
        write_draft(session, draft.with_values(relation=HEAD))


def living_condition(workbook: Workbook, household_id: str, year: int, by: object | None = None) -> Work[str]:
    """The card of living conditions of a year, made from the year before where there is one; returns its id."""
    _refuse({"year": field("living_condition", "year").check(year)})
    yield Progress(0, 1, "新建年度")
    with workbook.writing(by) as session:
        home = session.get(Household, household_id)
        if home is None:
            raise OfficeError("这一户已不在名单里，请刷新后再试。")
        id = LivingCondition.id_of(household_id, year)
        there = session.get(LivingCondition, id)
        if there is not None:
            there.withdrawn = False
            return id
        former = next((one for one in conditions(session, household_id) if one.year < year), None)
        values = {**(former.values if former else {}), "household_id": household_id, "year": year}
        write_draft(session, new_draft("living_condition", home.village, id, **values))
    return id


def _refuse(found: Mapping[str, str]) -> None:
    sentence = next((one for one in found.values() if one), "")
    if sentence:
        raise OfficeError(sentence)


def _heads(session: Session, household_id: str) -> list[str]:
    return list(
        session.scalars(
            select(Member.id).where(
                Member.household_id == household_id, Member.relation == HEAD, Member.left.is_(None), ~Member.withdrawn
            )
        )
    )


def _hand_over(session: Session, member_id: str, household_id: str, new_head: str) -> None:
    others = session.scalars(
        select(Member.id).where(
            Member.household_id == household_id, Member.id != member_id, Member.left.is_(None), ~Member.withdrawn
        )
    ).all()
    if not others or any(one in others for one in _heads(session, household_id)):
        return
    if new_head not in others:
        raise OfficeError("户主减少时要先指定新户主，请在下面选一位成员。")
    write_draft(session, open_draft(session, "member", new_head).with_values(relation=HEAD))
