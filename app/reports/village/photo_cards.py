"""拍照二维码卡: a card for each household, photographed before its rooms, so that the pictures find their household."""

from collections.abc import Sequence
from dataclasses import dataclass

from sqlalchemy.orm import Session

from app.pdf.canvas import PageCanvas
from app.pdf.flowables import Flowable, Fragment, Spacer, Title
from app.pdf.page_style import CELL, MM, TextStyle
from app.pdf.qr_code import QrCode
from app.photo_intake.cards import card_text
from app.reports import formatting
from app.reports.household_selection import group_or_hamlet, public_head_names, select_households
from app.reports.parameters import ReportParameters

TITLE = "拍照二维码卡"
GROUP = "走访与整改"
ORDER = 14
SUBJECT = "village"
FRAME = "plain"
_PER_ROW = 2
_ROW_HEIGHT, _QR_SIDE, _GAP = 52 * MM, 40 * MM, 4 * MM
_NAME = TextStyle("song_bold", 20, 28)


@dataclass(frozen=True, slots=True)
class _Card:
    """What stands on one card: the code, the household, where it lives."""

    code: str
    name: str
    place: str

    def draw(self, canvas: PageCanvas, left: float, top: float, width: float) -> None:
        canvas.dashed_rect(left, top - _ROW_HEIGHT, width, _ROW_HEIGHT)
        QrCode(self.code, _QR_SIDE).draw(canvas, left + _GAP, top - (_ROW_HEIGHT - _QR_SIDE) / 2)
        text_left = left + _QR_SIDE + 2 * _GAP
        text_width = width - _QR_SIDE - 3 * _GAP
        canvas.text(text_left, top - 13 * MM, text_width, self.name, _NAME)
        canvas.text(text_left, top - 25 * MM, text_width, self.place, CELL)
        canvas.text(text_left, top - 33 * MM, text_width, "先拍这张卡，再拍这一户", CELL)


@dataclass(frozen=True, slots=True)
class _CardRow:
    """Cards beside each other, to be cut along the dashes."""

    cards: Sequence[_Card]

    def split(self, width: float, max_height: float) -> list[Fragment]:
        card_width = width / _PER_ROW

        def draw(canvas: PageCanvas, x: float, y: float) -> None:
            for n, card in enumerate(self.cards):
                card.draw(canvas, x + n * card_width, y, card_width)

        return [Fragment(_ROW_HEIGHT, draw)]


def build(session: Session, parameters: ReportParameters) -> Sequence[Flowable]:
    """A card for each household, in walking order. The code holds no name and no number."""
    selection, names = select_households(session, parameters), public_head_names(session, parameters.today)
    cards = [
        _Card(card_text(one.id), names.get(one.id) or one.head or formatting.EMPTY, group_or_hamlet(one) or " ")
        for one in selection.households
    ]
    rows = [_CardRow(cards[n : n + _PER_ROW]) for n in range(0, len(cards), _PER_ROW)]
    return [Title(TITLE), selection.header_line(), Spacer(2), *rows]
