"""卷脊背签: labels for the spines of archive boxes, five on a sheet, to be cut. Cells as in GB/T 9705."""

from collections.abc import Sequence

from sqlalchemy.orm import Session

from app.pdf.flowables import Flowable, PageBreak, Spacer
from app.pdf.page_style import LABEL, LINE_TEXT, TextStyle
from app.pdf.table import Cell, Table, TableRow
from app.records.row_views import HouseholdRow
from app.reports.household_selection import select_households
from app.reports.parameters import ReportParameters
from db.schema.village import Village

TITLE = "卷脊背签"
GROUP = "其他"
ORDER = 30
SUBJECT = "village"
FRAME = "bare"
_LABELS_PER_PAGE = 5
_VERTICAL_STYLE = TextStyle("song_bold", 18, 21, "center")
_HEAD_STYLE = TextStyle("song_bold", 24, 28, "center")
_VALUE_STYLE = LINE_TEXT.aligned("center")
_MAX_CHARACTERS = 7  # characters below each other


def build(session: Session, parameters: ReportParameters) -> Sequence[Flowable]:
    """A label for each household: fonds, year, village, head, volume and retention period."""
    selection = select_households(session, parameters)
    villages = {item.code: item for item in selection.villages}
    flowables: list[Flowable] = []
    for n in range(0, len(selection.households), _LABELS_PER_PAGE):
        page_households: list[HouseholdRow | None] = [*selection.households[n : n + _LABELS_PER_PAGE]]
        page_households += [None] * (_LABELS_PER_PAGE - len(page_households))
        columns = [
            _label_cells(item, villages.get(item.village) if item else None, parameters) for item in page_households
        ]
        table_rows = [
            TableRow([column[line] for column in columns], row_height) for line, row_height in enumerate(_HEIGHTS)
        ]
        flowables += [
            PageBreak(),
            Spacer(4, keep_at_page_top=True),
            Table((34,) * _LABELS_PER_PAGE, table_rows, padding=1),
        ]
    return flowables


_HEIGHTS = (8, 11, 8, 11, 56, 16, 80, 8, 11, 8, 11)


def _label_cells(household: HouseholdRow | None, village: Village | None, parameters: ReportParameters) -> list[Cell]:
    """The cells of one label from top to bottom."""
    if household is None:
        return [Cell("", LABEL) for _ in _HEIGHTS]
    number = household.household_no.removeprefix(household.village) or household.household_no or "—"
    return [
        Cell("全宗号", LABEL),
        Cell((village.archive_class if village else None) or "—", _VALUE_STYLE),
        Cell("年　度", LABEL),
        Cell(str(parameters.today.year), _VALUE_STYLE),
        Cell(_stack_characters((village.name if village else None) or "—"), _VERTICAL_STYLE),
        Cell("一户一档", LABEL),
        Cell(_stack_characters(household.head or "—"), _HEAD_STYLE),
        Cell("案卷号", LABEL),
        Cell(number, _VALUE_STYLE),
        Cell("保管期限", LABEL),
        Cell("永久", _VALUE_STYLE),
    ]


def _stack_characters(text: str) -> str:
    """One character below the other."""
    return "\n".join(text[:_MAX_CHARACTERS])
