"""走访记录: a household's visits, each as a form to sign, or an empty form for the next one."""

from collections.abc import Sequence

from sqlalchemy.orm import Session

from app.pdf.flowables import Flowable, SignatureBlock, SignatureField
from app.pdf.page_style import LABEL
from app.pdf.table import Cell, Table, TableRow
from app.records.field import field
from app.reports import formatting
from app.reports.blank_sheet import SheetTitle
from app.reports.household_context import load_context
from app.reports.parameters import ReportParameters
from app.reports.sections import visits

TITLE = "走访记录"
GROUP = "走访与整改"
ORDER = 10
SUBJECT = "household"
PARAMETERS = ("blank",)
_PAIRED_FIELDS = (("visited_on", "way"), ("visitors", "visitor_unit"))
_LONG_FIELDS = (("found", 42), ("explained", 26), ("asked_for", 32), ("solution", 26), ("carried_out", 26))


def build(session: Session, parameters: ReportParameters) -> Sequence[Flowable]:
    """The visits as in the archive; an empty form if there are none or a blank one is asked for."""
    (household_id,) = parameters.households
    visit_flowables = [] if parameters.blank else visits.section(session, household_id)
    if visit_flowables:
        return visit_flowables
    table_rows = [
        TableRow([cell for name in pair for cell in (_label_cell(name), _empty_cell(name))], 10)
        for pair in _PAIRED_FIELDS
    ]
    table_rows.append(TableRow([_label_cell("purpose"), _empty_cell("purpose", 3)], 10))
    table_rows += [TableRow([_label_cell(name), Cell("", col_span=3)], row_height) for name, row_height in _LONG_FIELDS]
    return [
        SheetTitle(TITLE, "visit", household_id),
        load_context(session, household_id).header_line(),
        Table((33, 52, 33, 52), table_rows),
        SignatureBlock([SignatureField("走访人签字"), SignatureField("户主签字")]),
    ]


def _label_cell(name: str) -> Cell:
    return formatting.label_cell("visit", name, LABEL)


def _empty_cell(name: str, col_span: int = 1) -> Cell:
    """Checkboxes if the field has options, else space for writing."""
    visit_field = field("visit", name)
    return (
        Cell(formatting.checkboxes(visit_field, None), col_span=col_span)
        if visit_field.options
        else Cell("", col_span=col_span)
    )
