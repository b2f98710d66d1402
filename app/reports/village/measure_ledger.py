"""措施台账: what households and their members received, with the total."""

from collections.abc import Sequence

from sqlalchemy import select
from sqlalchemy.orm import Session

from app.pdf.flowables import Flowable, Title
from app.pdf.page_style import A4_LANDSCAPE, Align
from app.records.field import field_label
from app.reports import formatting
from app.reports.household_selection import group_or_hamlet, select_households
from app.reports.ledger import LedgerColumn, format_sum, ledger_table, signature_row
from app.reports.parameters import ReportParameters
from db.schema.aid import Measure
from db.schema.household import Member

TITLE = "帮扶措施台账"
GROUP = "台账"
ORDER = 40
SUBJECT = "village"
FORMAT = A4_LANDSCAPE
PARAMETERS = ("year",)
_SHOWN_FIELDS = (("kind", 24), ("title", 44), ("year", 13), ("quantity", 22), ("amount", 22), ("fund_source", 30),
          ("state", 16), ("effect", 34))  # fmt: skip


def build(session: Session, parameters: ReportParameters) -> Sequence[Flowable]:
    """All measures of the households, or those of one year."""
    selection = select_households(session, parameters)
    measures_by_household: dict[str, list[Measure]] = {}
    query = select(Measure).where(~Measure.withdrawn)
    for measure in session.scalars(query.where(Measure.year == parameters.year) if parameters.year else query):
        measures_by_household.setdefault(measure.household_id or "", []).append(measure)
    member_names = {id: name or "" for id, name in session.execute(select(Member.id, Member.name))}
    table_rows, amounts = [], []
    for household in selection.households:
        for measure in sorted(
            measures_by_household.get(household.id, ()),
            key=lambda measure: (-(measure.year or 0), measure.kind or "", measure.id),
        ):
            table_rows.append(
                [
                    group_or_hamlet(household),
                    household.head,
                    member_names.get(measure.member_id or "", "全户"),
                    *_measure_cells(measure),
                ]
            )
            amounts.append(measure.amount)
    columns = [
        LedgerColumn("村民组", 20),
        LedgerColumn("户主", 17),
        LedgerColumn(field_label("measure", "member_id"), 17),
    ]
    alignments: dict[str, Align] = {"amount": "right", "title": "left", "effect": "left"}
    columns += [
        LedgerColumn(
            field_label("measure", name) + ("（元）" if name == "amount" else ""),
            width_mm,
            alignments.get(name, "center"),
        )
        for name, width_mm in _SHOWN_FIELDS
    ]
    return [
        Title(
            f"{selection.village}{TITLE}",
            f"{parameters.year}年" if parameters.year else f"截至 {formatting.day(parameters.today)}",
        ),
        selection.header_line(f"共 {len(selection.households)} 户，{len(table_rows)} 项"),
        ledger_table(columns, table_rows, total=[*[" "] * 7, format_sum(amounts), *[" "] * 3]),
        signature_row("填表人", "审核人"),
    ]


def _measure_cells(measure: Measure) -> list[str]:
    return [
        measure.kind or "",
        measure.title or "",
        str(measure.year or ""),
        measure.quantity or "",
        formatting.money(measure.amount),
        measure.fund_source or "",
        measure.state or "",
        measure.effect or "",
    ]
