"""A00: labels for the back of a volume or box, to be cut out: 20, 30, 40 and 50 mm wide. Only where it is asked for."""

from datetime import date

from sqlalchemy.orm import Session

from app.archive.blocks import Between, Block, Gap, Piece
from app.archive.paper import MM, Style
from app.archive.pen import Pen
from app.archive.subject import Subject, subject

ORDER = 21
TITLE = "卷脊标签"
_WIDTHS = (20, 30, 40, 50)  # millimetres: the usual boxes (domain/archive.md §3.4)
_HIGH = 210
_YEAR = Style("hei", 12, 16, "center")
_TEXT = Style("song_bold", 16, 21, "center")


class _Labels:
    """The labels side by side, their names written downwards, one character below another."""

    def __init__(self, home: Subject) -> None:
        village = (home.village.name if home.village else None) or ""
        self._village, self._head = list(village[:14]), list(home.head_name.strip("（）")[:12])
        self._foot = (home.number or "—")[-4:]

    def pieces(self, width: float, tall: float) -> list[Piece]:
        return [Piece(_HIGH * MM, self._draw)]

    def _draw(self, pen: Pen, x: float, y: float) -> None:
        left = x
        for millimetres in _WIDTHS:
            wide = millimetres * MM
            pen.dashes(left, y - _HIGH * MM, wide, _HIGH * MM)
            pen.text(left, y - 6 * MM, wide, f"{date.today().year}", _YEAR)
            top = y - 20 * MM
            for letters in (self._village, self._head):
                for letter in letters:
                    pen.text(left, top, wide, letter, _TEXT)
                    top -= _TEXT.pitch
                top -= 8 * MM
            pen.text(left, y - (_HIGH - 12) * MM, wide, self._foot, _YEAR)
            left += wide + 8 * MM


def section(session: Session, household_id: str) -> list[Block]:
    """One page. The last four digits of the household's number stand at the foot."""
    home = subject(session, household_id)
    return [Between(TITLE, "按档案盒宽度选一条，沿虚线裁下"), Gap(4), _Labels(home)]
