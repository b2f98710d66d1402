"""责任公示牌: who answers for the village on each level, with the public telephone, and the units of the grid."""

from collections.abc import Sequence

from sqlalchemy.orm import Session

from app.pdf.flowables import Flowable, Paragraph, Spacer
from app.pdf.page_style import A4_LANDSCAPE, TextStyle
from app.pdf.table import Cell, Table, TableRow
from app.records.field import options
from app.registers import get_register
from app.registers.duty_post import REGISTER, in_office
from app.registers.engine.register import Register
from app.registers.engine.rows import RegisterRow, load_rows, row_ids
from app.registers.grid import in_force
from app.reports import formatting
from app.reports.household_selection import select_households
from app.reports.ledger import field_align
from app.reports.parameters import ReportParameters

TITLE = "责任公示牌"
GROUP = "公示"
ORDER = 20
SUBJECT = "village"
FORMAT = A4_LANDSCAPE
FRAME = "bare"
PUBLIC = True
_TITLE_STYLE = TextStyle("song_bold", 28, 36, "center")
_LABEL_STYLE = TextStyle("hei", 11, 14, "center")
_CELL_STYLE = TextStyle("fangsong", 11, 14)
_UNIT_STYLE = TextStyle("fangsong", 12, 18, "right")
_POST_COLUMNS = ("name", "post", "role", "duty", "public_phone")
_POST_WIDTHS = (32, 26, 52, 40, 80, 30)
_GRID_COLUMNS = ("name", "area", "leader", "instructor", "households")
_GRID_WIDTHS = (60, 92, 36, 36, 28)
_HEIGHT = 8  # millimetres of a row


def build(session: Session, parameters: ReportParameters) -> Sequence[Flowable]:
    """Level by level; one on which nobody is registered has an empty line to be filled in by hand."""
    selection = select_households(session, parameters)
    content: list[Flowable] = [
        Paragraph(f"{selection.village}{TITLE}", _TITLE_STYLE),
        Spacer(3),
        _posts(load_rows(session, REGISTER, _office_holders(session, parameters), parameters.today)),
    ]
    grid = get_register("grid")
    units = load_rows(session, grid, row_ids(session, grid, conditions=[in_force(parameters.today)]), parameters.today)
    if units:
        content += [Spacer(4), _units(units)]
    hotline = f"{selection.terms.word('hotline_name')}：{selection.terms.word('hotline')}"
    return [
        *content,
        Spacer(3),
        Paragraph(f"{hotline}　　{selection.unit}　{formatting.day(parameters.today)}", _UNIT_STYLE),
    ]


def _office_holders(session: Session, parameters: ReportParameters) -> list[str]:
    return row_ids(session, REGISTER, conditions=[in_office(parameters.today)])


def _posts(rows: Sequence[RegisterRow]) -> Table:
    """The level stands once, beside all who hold a post on it."""
    body: list[TableRow] = []
    for level in options("duty_level"):
        of_level = [_cells(row, REGISTER, _POST_COLUMNS) for row in rows if row.values["level"] == level.value]
        of_level = of_level or [[Cell(" ", _CELL_STYLE)] * len(_POST_COLUMNS)]
        first = Cell(level.value, _LABEL_STYLE, row_span=len(of_level), shaded=True)
        body += [TableRow(([] if n else [first]) + cells, _HEIGHT) for n, cells in enumerate(of_level)]
    labels = [REGISTER.field(name).label for name in ("level", *_POST_COLUMNS)]
    return Table(_POST_WIDTHS, body, [_heading(labels)])


def _units(rows: Sequence[RegisterRow]) -> Table:
    grid = get_register("grid")
    labels = [one.label for one in grid.fields(_GRID_COLUMNS)]
    body = [TableRow(_cells(row, grid, _GRID_COLUMNS), _HEIGHT) for row in rows]
    return Table(_GRID_WIDTHS, body, [_heading(labels)])


def _heading(labels: Sequence[str]) -> TableRow:
    return TableRow([Cell(label, _LABEL_STYLE, shaded=True) for label in labels], _HEIGHT)


def _cells(row: RegisterRow, register: Register, columns: Sequence[str]) -> list[Cell]:
    """Each as on every paper (`field_align`)."""
    fields = register.fields(columns)
    return [Cell(row.texts[one.name] or formatting.EMPTY, _CELL_STYLE.aligned(field_align(one))) for one in fields]
