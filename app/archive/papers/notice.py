"""公示: a list of households for the notice board, set as GB/T 9704 sets an official text.

It says head, group, size and kind, and nothing else of anybody (domain/privacy-and-characters.md 6.1).
"""

from collections.abc import Sequence
from datetime import timedelta

from sqlalchemy.orm import Session

from app.archive import wording
from app.archive.about import About
from app.archive.blocks import Block, Gap, Piece, Text
from app.archive.ledger import Column, ledger
from app.archive.listed import group_of, listed, public_heads
from app.archive.paper import MM, OFFICIAL, Style
from app.archive.pen import Pen
from app.archive.typesetting import fit
from app.records.field import label_of

TITLE = "公示"
GROUP = "公示"
ORDER = 10
ABOUT = "village"
FORMAT = OFFICIAL
EDGE = "official"
PUBLIC = True
ASKS = ("title", "phone", "days")
_TITLE = Style("song_bold", 22, 35, "center")
_BODY = Style("fangsong", 15.75, 29, "full", 2)  # 22 lines of 28 characters a page
_CELL = Style("fangsong", 14, 20)
_HEAD = Style("hei", 14, 20, "center")
_NATIONAL = "12317"  # 全国扶贫监督举报电话, 2018
_SEAL = 42 * MM


class _Sealed:
    """The unit and the date, four characters from the right, with room for the seal that is pressed over the date."""

    follows = True

    def __init__(self, unit: str, day: str) -> None:
        self.unit, self.day = unit, day

    def pieces(self, width: float, tall: float) -> list[Piece]:
        return [Piece(_SEAL + 4 * MM, lambda pen, x, y: self._draw(pen, x, y, width))]

    def _draw(self, pen: Pen, x: float, y: float, width: float) -> None:
        style = Style(_BODY.font, _BODY.size, _BODY.pitch)
        unit, day = fit(self.unit, style, width), fit(self.day, style, width)
        middle = x + width - 4 * style.size - max(unit.width, day.width) / 2
        top = y - (_SEAL - 2 * style.pitch) / 2
        for n, lines in enumerate((unit, day)):
            pen.lines(middle - lines.width / 2, top - n * style.pitch, lines.width + 1, lines)


def paper(session: Session, about: About) -> Sequence[Block]:
    """The notice; it begins on the day of printing and hangs for so many days."""
    found = listed(session, about)
    heads = public_heads(session, about.today)
    title = about.title or f"关于{found.village}农户名单的公示"
    last = about.today + timedelta(days=max(about.days, 1) - 1)
    subject = title.removeprefix("关于").removesuffix("的公示").removesuffix("公示") or "名单"
    words = (
        f"根据有关规定，现将{subject}予以公示，共 {len(found.homes)} 户，接受群众监督。"
        f"公示期 {max(about.days, 1)} 天，自{wording.day(about.today)}起至{wording.day(last)}止。",
        "公示期内，对名单有不同意见的，请向村民委员会或驻村工作队反映，也可以拨打监督电话。"
        "反映情况请实事求是，留下姓名和联系办法，我们为反映人保密。",
        f"监督电话：{about.phone or _NATIONAL}",
    )
    columns = [
        Column("户主姓名", 34),
        Column("村民组", 44),
        Column("人数", 20),
        Column(label_of("household", "household_kind"), 44),
    ]
    rows = [[heads.get(one.id, ""), group_of(one), str(one.size), one.kind] for one in found.homes]
    return [
        Text(title, _TITLE),
        Gap(8, firm=True),
        *(Text(one, _BODY) for one in words),
        Gap(3),
        ledger(columns, rows, body=_CELL, head=_HEAD, least=9),
        Gap(4),
        _Sealed(found.unit, wording.day(about.today)),
    ]
