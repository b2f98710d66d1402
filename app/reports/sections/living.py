"""C01-3: living and production conditions: the latest year in full, former years side by side."""

from sqlalchemy.orm import Session

from app.pdf.flowables import Flowable, Heading, SignatureBlock, SignatureField, Title
from app.pdf.page_style import SMALL, SMALL_LABEL
from app.pdf.table import Cell, Table, TableRow
from app.records.field import field, fields
from app.reports import formatting
from app.reports.household_context import context_of_year, household_records
from db.schema.household import LivingCondition

ORDER = 60
TITLE = "信息采集表（生产生活条件）"
_HISTORY_FIELDS = (
    "land_farm",
    "house_area",
    "house_structure",
    "danger_level",
    "water_safe",
    "toilet",
    "road_kind",
    "fuel",
    "coop",
)


def section(session: Session, household_id: str) -> list[Flowable]:
    """Nothing if no year is known."""
    conditions = household_records(session, LivingCondition, household_id)
    if not conditions:
        return []
    conditions.sort(key=lambda item: (-(item.year or 0), item.id))
    latest, *former = conditions
    context = context_of_year(session, household_id, latest.year)
    names = [item.name for item in fields("living_condition") if item.name not in ("household_id", "year")]
    form: list[Flowable] = [
        Title(context.terms.title("living", TITLE), "", context.day if latest.year else None),
        context.header_line(f"年度：{latest.year or '—'}年"),
        Table((35, 50, 35, 50), formatting.field_grid("living_condition", latest, names)),
        SignatureBlock([SignatureField("填表人"), SignatureField("户主签字", fingerprint=True)]),
    ]
    return form + ([Heading("历年情况"), _history_table(former)] if former else [])


def _history_table(former: list[LivingCondition]) -> Table:
    shown_fields = [field("living_condition", name) for name in _HISTORY_FIELDS]
    header_rows = [
        TableRow(
            [
                Cell(text, SMALL_LABEL, shaded=True)
                for text in ("年度", *(condition.label for condition in shown_fields))
            ]
        )
    ]
    body_rows = [
        TableRow(
            [Cell(str(condition.year or formatting.EMPTY), SMALL.aligned("center"))]
            + [
                Cell(
                    formatting.format_field(shown_field, getattr(condition, shown_field.name)), SMALL.aligned("center")
                )
                for shown_field in shown_fields
            ]
        )
        for condition in former
    ]
    return Table((14, *(17 for _ in shown_fields)), body_rows, header_rows, padding=0.7)
