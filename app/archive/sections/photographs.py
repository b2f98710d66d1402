"""J01: photographs, two on a page, with what GB/T 11821 wants said of each."""

from dataclasses import dataclass

from sqlalchemy.orm import Session

from app.archive.blocks import Block, Gap, Piece, Title, Whole
from app.archive.paper import CELL, LABEL, MM
from app.archive.pdf import Jpeg
from app.archive.pen import Pen
from app.archive.subject import Subject, picture, subject
from app.archive.tables import Cell, Row, Table
from db.schema.photo import Photo

ORDER = 150
TITLE = "照片页"
_DOCUMENTS = "证件资料"  # C03 prints these
_WIDE, _HIGH = 127 * 0.92, 89 * 0.92  # millimetres: the ratio of a 5-inch print


@dataclass(frozen=True, slots=True)
class _Print:
    """One photograph in the middle of the page; `content`: the hash in its record."""

    picture: Jpeg | None
    content: str

    def pieces(self, width: float, tall: float) -> list[Piece]:
        return [Piece(_HIGH * MM + 2 * MM, lambda pen, x, y: self._draw(pen, x + width / 2, y - 1 * MM), keep=True)]

    def _draw(self, pen: Pen, middle: float, top: float) -> None:
        wide, high = _WIDE * MM, _HIGH * MM
        if self.picture is None:
            pen.dashes(middle - wide / 2, top - high, wide, high)
            pen.text(middle - wide / 2, top - high / 2 + 7, wide, "（照片还没有收到或不能显示）", CELL.at("center"))
            return
        scale = min(wide / self.picture.width, high / self.picture.height)
        w, h = self.picture.width * scale, self.picture.height * scale
        pen.picture(self.picture, middle - w / 2, top - (high + h) / 2, w, h)


def section(session: Session, household_id: str) -> list[Block]:
    """Photographs of the household, the earliest first; those of documents and of forms are printed there."""
    home = subject(session, household_id)
    photos = [one for one in home.photos if one.kind != _DOCUMENTS and not one.entry_id]
    if not photos:
        return []
    blocks: list[Block] = [Title(TITLE), home.heading()]
    for n, one in enumerate(photos, 1):
        shown = _Print(picture(session, one), one.content or "")
        blocks += [Whole([shown, Table((20, 48, 18, 84), _caption(home, n, one))], photographs=1), Gap(4)]
    return blocks[:-1]


def _caption(home: Subject, n: int, one: Photo) -> list[Row]:
    about = "，".join(text for text in (one.kind, one.caption) if text)
    return [
        Row([_label(f"第 {n} 张"), Cell(_time(one.taken_at)), _label("事由"), Cell(about or "—")]),
        Row([_label("地点"), Cell(one.place or "—"), _label("人物"), Cell(one.people or "—")]),
        Row(
            [
                _label("摄影者"),
                Cell(one.photographer or "—"),
                _label("所属户"),
                Cell(f"{home.head_name}（{home.place}）"),
            ]
        ),
    ]


def _label(text: str) -> Cell:
    return Cell(text, LABEL, shaded=True)


def _time(taken_at: str | None) -> str:
    """YYYY-MM-DD hh:mm as 2018年8月10日 09:30."""
    day, _, hour = (taken_at or "").partition(" ")
    parts = day.split("-")
    if len(parts) != 3 or not all(part.isdecimal() for part in parts):
        return taken_at or "—"
    return f"{parts[0]}年{int(parts[1])}月{int(parts[2])}日 {hour}".strip()
