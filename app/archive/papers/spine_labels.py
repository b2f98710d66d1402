"""卷脊背签: labels for the spines of archive boxes, five a sheet, to be cut. Cells as in GB/T 9705."""

from collections.abc import Sequence

from sqlalchemy.orm import Session

from app.archive.about import About
from app.archive.blocks import Block, Gap, NewLeaf
from app.archive.listed import listed
from app.archive.paper import LABEL, LINE, Style
from app.archive.tables import Cell, Row, Table
from app.records.lists import HouseholdRow
from db.schema.village import Village

TITLE = "卷脊背签"
GROUP = "其他"
ORDER = 30
ABOUT = "village"
EDGE = "bare"
_A_SHEET = 5
_UPRIGHT = Style("song_bold", 18, 21, "center")
_HEAD = Style("song_bold", 24, 28, "center")
_VALUE = LINE.at("center")
_LONGEST = 7  # characters that stand below each other


def paper(session: Session, about: About) -> Sequence[Block]:
    """A label a household: fonds, year, village, head, volume and how long it is kept."""
    found = listed(session, about)
    villages = {one.code: one for one in found.villages}
    blocks: list[Block] = []
    for n in range(0, len(found.homes), _A_SHEET):
        homes: list[HouseholdRow | None] = [*found.homes[n : n + _A_SHEET]]
        homes += [None] * (_A_SHEET - len(homes))
        columns = [_label(one, villages.get(one.village) if one else None, about) for one in homes]
        rows = [Row([column[line] for column in columns], high) for line, high in enumerate(_HEIGHTS)]
        blocks += [NewLeaf(), Gap(4, firm=True), Table((34,) * _A_SHEET, rows, padding=1)]
    return blocks


_HEIGHTS = (8, 11, 8, 11, 56, 16, 80, 8, 11, 8, 11)


def _label(home: HouseholdRow | None, village: Village | None, about: About) -> list[Cell]:
    """The cells of one label from top to bottom."""
    if home is None:
        return [Cell("", LABEL) for _ in _HEIGHTS]
    number = home.household_no.removeprefix(home.village) or home.household_no or "—"
    return [
        Cell("全宗号", LABEL),
        Cell((village.archive_class if village else None) or "—", _VALUE),
        Cell("年　度", LABEL),
        Cell(str(about.today.year), _VALUE),
        Cell(_below((village.name if village else None) or "—"), _UPRIGHT),
        Cell("一户一档", LABEL),
        Cell(_below(home.head or "—"), _HEAD),
        Cell("案卷号", LABEL),
        Cell(number, _VALUE),
        Cell("保管期限", LABEL),
        Cell("永久", _VALUE),
    ]


def _below(text: str) -> str:
    """One character below the other."""
    return "\n".join(text[:_LONGEST])
