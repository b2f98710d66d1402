"""I01: each problem as a notice of rectification and, below it, how it was closed."""

from sqlalchemy.orm import Session

from app.pdf.flowables import Flowable, KeepTogether, SignatureBlock, SignatureField, Spacer, Title
from app.pdf.page_style import LABEL
from app.pdf.table import Cell, Table, TableRow
from app.records.field import field
from app.rectifications.rectification import state_of
from app.reports import formatting
from app.reports.household_context import household_records, load_context
from db.schema.rectification import Rectification

ORDER = 152
TITLE = "问题整改通知单及销号单"
_NOTICE_PAIRS = (("number", "found_on"), ("issued_by", "source"), ("level", "responsible"))
_LONG_FIELDS = ("problem", "plan")
_CLOSING_PAIRS = (("due_on", "done_on"), ("followup_on", "followup_by"), ("reviewed_by", "closed_on"))
_RESULT_FIELDS = ("outcome", "evidence", "opinion", "note")


def section(session: Session, household_id: str) -> list[Flowable]:
    """The latest first."""
    context = load_context(session, household_id)
    rectifications = household_records(session, Rectification, household_id)
    rectifications.sort(
        key=lambda rectification: (rectification.found_on is not None, rectification.found_on, rectification.id),
        reverse=True,
    )
    flowables: list[Flowable] = []
    for rectification in rectifications:
        form_flowables: list[Flowable] = [
            Title(TITLE, "", rectification.found_on),
            context.header_line(f"状态：{state_of(rectification)}"),
            *_form(rectification),
        ]
        flowables += [*([Spacer(8)] if flowables else []), KeepTogether(form_flowables)]
    return flowables


def _form(rectification: Rectification) -> list[Flowable]:
    notice = [_pair_row(rectification, pair) for pair in _NOTICE_PAIRS] + [
        _long_row(rectification, name, 16) for name in _LONG_FIELDS
    ]
    closing = [_pair_row(rectification, pair) for pair in _CLOSING_PAIRS] + [
        _long_row(rectification, name, 9) for name in _RESULT_FIELDS
    ]
    return [
        Table((30, 55, 30, 55), notice),
        SignatureBlock([SignatureField("下发单位", seal=True), SignatureField("责任人签收")]),
        Table((30, 55, 30, 55), closing),
        SignatureBlock(
            [
                SignatureField("回访人签字"),
                SignatureField("户主签字", fingerprint=True),
                SignatureField("销号审核人签字"),
            ],
            3,
        ),
    ]


def _pair_row(rectification: Rectification, names: tuple[str, str]) -> TableRow:
    return TableRow(
        [
            cell
            for name in names
            for cell in (formatting.label_cell("rectification", name, LABEL), _value_cell(rectification, name))
        ]
    )


def _long_row(rectification: Rectification, name: str, min_height: float) -> TableRow:
    return TableRow(
        [formatting.label_cell("rectification", name, LABEL), _value_cell(rectification, name, 3)],
        min_height=min_height,
    )


def _value_cell(rectification: Rectification, name: str, col_span: int = 1) -> Cell:
    return Cell(formatting.format_field(field("rectification", name), getattr(rectification, name)), col_span=col_span)
