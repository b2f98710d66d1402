"""The pages at the front of a bound volume: which household begins where."""

from collections.abc import Sequence

from app.archive import furniture
from app.archive.blocks import Block, Gap, Text, Title
from app.archive.drawing import Drawn, Setting
from app.archive.layout import Page, pages
from app.archive.paper import CELL, LABEL, LINE, sheet
from app.archive.pdf import PdfFile
from app.archive.pen import Pen
from app.archive.tables import Cell, Row, Table

TITLE = "总目录"
_COLUMNS = (14, 52, 34, 40, 15, 15)
_HEADS = ("序号", "户编号", "户主", "村组", "页数", "首页")
_MIDDLE, _RIGHT = CELL.at("center"), CELL.at("right")


def sides(many: int, duplex: bool) -> int:
    """How many printed sides the roll of so many households takes, before anything is known of them."""
    needed = len(_laid("", [("", "", "", 0, 0)] * many))
    return needed + needed % 2 if duplex else needed


def draw(pdf: PdfFile, title: str, drawn: Sequence[Drawn], firsts: Sequence[int], setting: Setting) -> None:
    """Draw the roll as the pages that follow now; `firsts`: on which side of the file each household begins."""
    rows = []
    for one, first in zip(drawn, firsts, strict=True):
        number, _, name = one.name.rpartition(" ")
        rows.append((number, name, one.place, one.pages, first))
    laid = _laid(title, rows)
    for n in range(1, sides(len(drawn), setting.duplex) + 1):
        back = setting.duplex and n % 2 == 0
        side = sheet(landscape=False, back=back)
        pen = Pen(pdf, side.width, side.height)
        if n <= len(laid):
            for down, piece in laid[n - 1].pieces:
                piece.draw(pen, side.left, side.top - down)
            furniture.draw(pen, side, f"{TITLE} {n}", title, setting.trace, landscape=False, back=back)
        pen.finish()


def _laid(title: str, rows: Sequence[tuple[str, str, str, int, int]]) -> list[Page]:
    heads = [Row([Cell(text, LABEL, shaded=True) for text in _HEADS])]
    body = [
        Row(
            [
                Cell(str(n), _MIDDLE), Cell(number or "—", _MIDDLE), Cell(name[:10], _MIDDLE), Cell(place[:12]),
                Cell(str(many), _RIGHT), Cell(str(first), _RIGHT),
            ]
        )
        for n, (number, name, place, many, first) in enumerate(rows, 1)
    ]  # fmt: skip
    under = Text("“首页”是本文件的第几面；各户的页码从 1 起，各自连续。", LINE)
    blocks: list[Block] = [Title(TITLE, title), Table(_COLUMNS, body, heads, padding=1.0), Gap(2), under]
    return pages(blocks)
