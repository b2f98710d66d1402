"""A02: the household on one page: photograph, key facts, members, helpers and income."""

from sqlalchemy.orm import Session

from app.pdf.flowables import Flowable, Heading, Paragraph, Title, Volatile
from app.pdf.page_style import BODY, CELL, LABEL
from app.pdf.table import Cell, ImageCell, Table, TableRow
from app.records.assignment import is_in_force
from app.records.income import yearly_incomes
from app.records.row_views import age_on, birth_of
from app.reports import formatting
from app.reports.household_context import HouseholdContext, latest_photo, load_context, load_image
from db.schema.aid import Assignment, Helper
from resources.option_roles import value_of

ORDER = 30
TITLE = "户情简介"
_MEMBER_COLUMNS = (22, 22, 14, 14, 34, 64)


def section(session: Session, household_id: str) -> list[Flowable]:
    """Facts beside the family's photograph, the officer's description, and the members."""
    context = load_context(session, household_id)
    flowables: list[Flowable] = [Title(TITLE), context.header_line(), Table((28, 62, 80), _fact_rows(session, context))]
    if context.household.situation:
        flowables += [Heading("一、户情简介"), Paragraph(context.household.situation, BODY)]
    if context.members:
        flowables += [Heading("二、家庭成员" if context.household.situation else "家庭成员"), _member_table(context)]
    return flowables


def _kinds(context: HouseholdContext) -> str:
    household = context.household
    kinds = (household.household_attribute or household.household_kind, context.monitored)
    return "、".join(text for text in kinds if text)


def _fact_rows(session: Session, context: HouseholdContext) -> list[TableRow]:
    household = context.household
    latest_income = next(iter(yearly_incomes(session, household.id, latest=True)), None)
    facts = [
        ("户主", context.head_name),
        ("家庭人口", f"{len(context.members)}人"),
        ("家庭住址", household.address or formatting.EMPTY),
        ("联系电话", household.phone or formatting.EMPTY),
        ("户属性", _kinds(context) or formatting.EMPTY),
        ("登记状态", household.registration_state or household.exit_status or formatting.EMPTY),
        ("主要致贫原因", household.cause_main or formatting.EMPTY),
        (context.helper_word, _helper_names(session, household.id) or formatting.EMPTY),
        (
            "人均纯收入",
            f"{formatting.money(latest_income.per_capita)}元（{latest_income.year}年）"
            if latest_income
            else formatting.EMPTY,
        ),
    ]
    family, house = value_of("photo_kind", "family"), value_of("photo_kind", "house")
    photo = latest_photo(context, family) or latest_photo(context, house)
    content = (photo.content if photo else "") or ""
    image_cell = Cell(
        ImageCell(load_image(session, photo), (76, 68), "（全家或房屋照片）", content), row_span=len(facts)
    )
    return [
        TableRow([Cell(label, LABEL, shaded=True), Cell(value), *([image_cell] if n == 0 else [])], min_height=8)
        for n, (label, value) in enumerate(facts)
    ]


def _helper_names(session: Session, household_id: str) -> str:
    helpers = (
        session.query(Helper.name, Helper.unit)
        .join(Assignment, Assignment.helper_id == Helper.id)
        .where(Assignment.household_id == household_id, is_in_force(), ~Helper.withdrawn)
        .order_by(Assignment.started_on, Helper.name)
    )
    return "、".join(f"{name or '—'}（{unit}）" if unit else (name or "—") for name, unit in helpers)


def _member_table(context: HouseholdContext) -> Table:
    header_rows = [
        TableRow(
            [
                Cell(text, LABEL, shaded=True)
                for text in ("姓名", "与户主关系", "性别", "年龄", "健康状况", "劳动技能、务工或就学")
            ]
        )
    ]
    centered = CELL.aligned("center")
    rows = []
    for member in context.members:
        age_text = age_on(member.birth or birth_of(member.id_no), context.day)
        activities = (member.labour, member.work_region and f"{member.work_region}务工", member.school_status)
        rows.append(
            TableRow(
                [
                    Cell(member.name or formatting.EMPTY, centered),
                    Cell(member.relation or formatting.EMPTY, centered),
                    Cell(member.sex or formatting.EMPTY, centered),
                    Cell(formatting.EMPTY if age_text is None else Volatile(age_text), CELL.aligned("right")),
                    Cell("、".join(member.health or ()) or formatting.EMPTY, centered),
                    Cell("，".join(text for text in activities if text) or formatting.EMPTY),
                ]
            )
        )
    return Table(_MEMBER_COLUMNS, rows, header_rows)
