"""扶贫单元组织图: the village, below it each unit with its leader, its instructor and its households by name."""

from collections import defaultdict
from collections.abc import Sequence

from sqlalchemy import select
from sqlalchemy.orm import Session

from app.pdf.flowables import Flowable, Title
from app.pdf.page_style import A4_LANDSCAPE, CELL, LABEL, Align, TextStyle
from app.pdf.table import Cell, Table, TableRow
from app.records.field import field
from app.registers.grid import in_force
from app.reports import formatting
from app.reports.household_selection import HouseholdSelection, select_households
from app.reports.parameters import ReportParameters
from db.schema.community import Grid, GridHousehold

TITLE = "扶贫单元组织图"
GROUP = "其他"
ORDER = 7
SUBJECT = "village"
FORMAT = A4_LANDSCAPE
_TOP_STYLE = TextStyle("hei", 13, 18, "center")
_WIDTHS = (44, 24, 24, 14, 154)
_ALIGNS: tuple[Align, ...] = ("left", "center", "center", "right", "left")
_HEIGHT = 11  # millimetres of a row
_NOWHERE = "没有编入单元"


def build(session: Session, parameters: ReportParameters) -> Sequence[Flowable]:
    """The units in force, by name; the households that are in none stand below them."""
    selection = select_households(session, parameters)
    grids = session.scalars(
        select(Grid).where(~Grid.withdrawn, in_force(parameters.today)).order_by(Grid.name, Grid.id)
    ).all()
    members = _members(session, [grid.id for grid in grids])
    placed = {household for ids in members.values() for household in ids}
    rows = [
        _row((grid.name or "", grid.leader or "", grid.instructor or ""), _names(selection, members[grid.id]))
        for grid in grids
    ]
    outside = [one.id for one in selection.households if one.id not in placed]
    if outside:
        rows.append(_row((_NOWHERE, "", ""), _names(selection, outside)))
    leader = next((village.team_leader for village in selection.villages if village.team_leader), None)
    top = f"{selection.village}　驻村第一书记：{leader or formatting.EMPTY}　共 {len(grids)} 个单元"
    labels = [field("grid", name).label for name in ("name", "leader", "instructor")]
    headings = [
        TableRow([Cell(top, _TOP_STYLE, len(_WIDTHS), shaded=True)], _HEIGHT),
        TableRow([Cell(label, LABEL, shaded=True) for label in (*labels, "户数", "农户")], _HEIGHT),
    ]
    return [
        Title(f"{selection.village}{TITLE}", f"截至 {formatting.day(parameters.today)}"),
        selection.header_line(),
        Table(_WIDTHS, rows, headings),
    ]


def _members(session: Session, grids: Sequence[str]) -> defaultdict[str, list[str]]:
    """Unit → the households in it."""
    found: defaultdict[str, list[str]] = defaultdict(list)
    of_grids = select(GridHousehold).where(GridHousehold.grid_id.in_(grids), ~GridHousehold.withdrawn)
    for row in session.scalars(of_grids):
        found[row.grid_id or ""].append(row.household_id or "")
    return found


def _names(selection: HouseholdSelection, ids: Sequence[str]) -> list[str]:
    """What the households are called, in walking order."""
    wanted = set(ids)
    return [one.head or one.household_no or formatting.EMPTY for one in selection.households if one.id in wanted]


def _row(unit: Sequence[str], names: Sequence[str]) -> TableRow:
    texts = [*(text or formatting.EMPTY for text in unit), str(len(names)), "、".join(names) or formatting.EMPTY]
    return TableRow([Cell(text, CELL.aligned(align)) for text, align in zip(texts, _ALIGNS, strict=True)], _HEIGHT)
