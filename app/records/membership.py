"""A household and its people coming, going and changing places. People are never deleted: they leave with a reason."""

from collections.abc import Mapping, Sequence

from sqlalchemy import select
from sqlalchemy.orm import Session

from app.errors import UserError
from app.records.draft import SaveResult, is_taken, new_draft, validation_errors, write_draft
from app.records.field import Value, field, options
from app.records.household import living_conditions
from app.records.row_views import HEAD_RELATION, MemberRow
from app.workbook.workbook import Workbook
from db.schema.household import Household, LivingCondition, Member
from db.schema.relations import standing_record
from resources.option_roles import value_of


def create_household(
    workbook: Workbook,
    village: str,
    household: Mapping[str, Value],
    head: Mapping[str, Value],
) -> str:
    """A household and its head, in one transaction; returns its id.

    Args:
        household: values of the household by column
        head: values of the member who is the head, `name` at least

    Raises:
        UserError: the household number is taken
        ValidationError: a value is not acceptable
    """
    number, person_no, id_no = household.get("household_no"), head.get("person_no"), head.get("id_no")
    id = Household.id_of(str(number)) if number else ""
    household_draft = new_draft("household", village, id, **household)
    person = (
        Member.id_of(str(person_no))
        if person_no
        else Member.id_in_household(household_draft.id, str(id_no))
        if id_no
        else ""
    )
    head_draft = new_draft(
        "member", village, person, **{**head, "household_id": household_draft.id, "relation": HEAD_RELATION}
    )
    for draft in (household_draft, head_draft):
        _raise_first(validation_errors(draft))
    with workbook.operation(f"新建户：{head_draft.values['name']}") as session:
        if is_taken(session, "household", household_draft.id):
            raise UserError(f"户编号“{number}”已经有了，请核对编号，或在列表里打开那一户。")
        if is_taken(session, "member", head_draft.id):
            raise UserError(f"“{head_draft.values['name']}”已登记在另一户，请先核对证件号码或人编号。")
        write_draft(session, household_draft)
        write_draft(session, head_draft)
    return household_draft.id


def add_member(workbook: Workbook, household_id: str, values: Mapping[str, Value]) -> SaveResult:
    """A person who comes into a household: born, married in, moved in, or left out when the household was written down.

    Args:
        values: the member by column; `joined` and `joined_on` say why and when

    Raises:
        UserError: the person is there already, or a second head
        ValidationError: a value is not acceptable
    """
    with workbook.operation(f"新增成员：{values.get('name') or ''}") as session:
        return write_member(session, household_id, values)


def write_member(session: Session, household_id: str, values: Mapping[str, Value]) -> SaveResult:
    """`add_member` inside an operation that writes more than this person.

    Raises:
        UserError: the person is there already, or a second head
        ValidationError: a value is not acceptable
    """
    household_record = session.get(Household, household_id)
    if household_record is None:
        raise UserError("这一户已不在名单里，请刷新后再试。")
    person_no, id_no = values.get("person_no"), values.get("id_no")
    id = (
        Member.id_of(str(person_no)) if person_no else Member.id_in_household(household_id, str(id_no)) if id_no else ""
    )
    draft = new_draft("member", household_record.village, id, **{**values, "household_id": household_id})
    _raise_first(validation_errors(draft))
    if is_taken(session, "member", draft.id):
        raise UserError(f"“{values.get('name')}”已经登记过，请在已减少的成员里恢复，或核对证件号码。")
    if values.get("relation") == HEAD_RELATION and _head_ids(session, household_id):
        raise UserError("这一户已有户主，请先变更户主，或改“与户主关系”。")
    return write_draft(session, draft)


def proposed_relations(new_head: MemberRow, others: Sequence[MemberRow]) -> dict[str, str]:
    """Member → what they are to a new head, where it is certain: spouses stand the same to each other, and the head's
    descendants are the spouse's."""
    spouse = value_of("relation", "spouse")
    if new_head.relation != spouse:
        return {}
    generations = {option.value: option.extra.get("generation", 0) for option in options("relation")}
    proposed = {one.id: one.relation for one in others if generations.get(one.relation, 0) < 0}
    return proposed | {one.id: spouse for one in others if one.relation == HEAD_RELATION}


def create_living_condition(workbook: Workbook, household_id: str, year: int) -> str:
    """The card of living conditions of a year, made from the year before where there is one; returns its id."""
    _raise_first({"year": field("living_condition", "year").check(year)})
    with workbook.operation(f"新建{year}年生活条件") as session:
        household = session.get(Household, household_id)
        if household is None:
            raise UserError("这一户已不在名单里，请刷新后再试。")
        id = LivingCondition.id_of(household_id, year)
        existing = standing_record(session, LivingCondition, id)
        if existing is not None:
            existing.withdrawn = False
            return existing.id
        previous = next(
            (condition for condition in living_conditions(session, household_id) if condition.year < year), None
        )
        values = {**(previous.values if previous else {}), "household_id": household_id, "year": year}
        write_draft(session, new_draft("living_condition", household.village, id, **values))
    return id


def _raise_first(errors: Mapping[str, str]) -> None:
    error = next((text for text in errors.values() if text), "")
    if error:
        raise UserError(error)


def _head_ids(session: Session, household_id: str) -> list[str]:
    return list(
        session.scalars(
            select(Member.id).where(
                Member.household_id == household_id,
                Member.relation == HEAD_RELATION,
                Member.left.is_(None),
                ~Member.withdrawn,
            )
        )
    )
