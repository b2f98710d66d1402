"""C01-1: the household's page of the national information form, with options printed in full."""

from sqlalchemy.orm import Session

from app.pdf.flowables import Flowable, SignatureBlock, SignatureField, Title
from app.pdf.page_style import CELL, LABEL
from app.pdf.table import Cell, ImageCell, Table, TableRow
from app.reports import formatting
from app.reports.household_context import HouseholdContext, context_on, latest_photo, load_context, load_image
from resources.option_roles import value_of

ORDER = 40
TITLE = "信息采集表（基本情况）"
_GRID = (30, 55, 30, 55)
_FIELDS = (
    "bank_name", "bank_card_no", "ident_standard", "register_date", "household_attribute", "exit_status",
    "household_kind", "registration_state", "cause_main", "cause_other", "cause_note", "plan_exit_year", "exit_year",
    "return_year", "is_military_family", "is_one_child", "is_two_girls", "no_labour_fallback", "residents",
    "note",
)  # fmt: skip
_MONITORING_FIELDS = ("kind", "identified", "risks", "risk_note")


def section(session: Session, household_id: str) -> list[Flowable]:
    """The form with the photograph of the head, and places to sign."""
    context = context_on(session, household_id, load_context(session, household_id).household.fill_date)
    household = context.household
    return [
        Title(context.terms.title("information", TITLE), context.full_place, household.fill_date),
        context.header_line(f"填表时间：{formatting.day(household.fill_date)}"),
        Table((30, 25, 30, 55, 30), _head_rows(session, context)),
        Table(_GRID, [*formatting.field_grid("household", household, _FIELDS), *_monitoring_rows(context)]),
        *context.doubt_lines,
        SignatureBlock(
            [SignatureField(f"填表人 {household.filler or ''}".strip()), SignatureField("户主签字", fingerprint=True)]
        ),
    ]


def _monitoring_rows(context: HouseholdContext) -> list[TableRow]:
    """What a monitored household is asked beside the rest."""
    if context.monitoring is None:
        return []
    return formatting.field_grid("monitoring", context.monitoring, _MONITORING_FIELDS)


def _head_rows(session: Session, context: HouseholdContext) -> list[TableRow]:
    """Name and numbers of the head, beside the 30 × 40 mm photograph."""
    head, household = context.head, context.household
    kind = value_of("photo_kind", "head")
    portrait = load_image(session, latest_photo(context, kind))
    facts = [
        ("户主姓名", context.head_name, "户编号", context.number or formatting.EMPTY),
        (
            "性别",
            (head.sex if head else None) or formatting.EMPTY,
            "证件号码",
            (head.id_no if head else None) or formatting.EMPTY,
        ),
        ("家庭人口", f"{len(context.members)}人", "联系电话", household.phone or formatting.EMPTY),
        (
            "民族",
            (head.ethnic if head else None) or formatting.EMPTY,
            "家庭住址",
            household.address or formatting.EMPTY,
        ),
    ]
    image_cell = Cell(ImageCell(portrait, (28, 38), kind), row_span=len(facts))
    rows = []
    for n, (label, value, second_label, second_text) in enumerate(facts):
        cells = [
            Cell(label, LABEL, shaded=True),
            Cell(value, CELL),
            Cell(second_label, LABEL, shaded=True),
            Cell(second_text, CELL),
        ]
        rows.append(TableRow([*cells, image_cell] if n == 0 else cells, min_height=10.5))
    return rows
