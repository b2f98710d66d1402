"""J01: photographs in a grid by shape, those of before and after side by side, with the captions of GB/T 11821."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from sqlalchemy.orm import Session

from app.pdf.document import Jpeg
from app.pdf.flowables import Flowable, Fragment, Heading, KeepTogether, Spacer, Title, concat
from app.pdf.page_style import SMALL, SMALL_LABEL
from app.pdf.table import Cell, ImageCell, Table, TableRow
from app.records.attachment import is_attachment
from app.reports.household_context import HouseholdContext, load_context, load_image
from db.schema.photo import Photo
from resources.option_roles import value_of

ORDER = 150
TITLE = "照片页"
_DOCUMENTS = value_of("photo_kind", "document")  # printed by C03
_BEFORE, _AFTER = value_of("photo_kind", "before"), value_of("photo_kind", "after")
_PAIRS, _OTHERS = f"{_BEFORE}后对照", "其他照片"
_NOT_HERE = "（照片还没有收到或不能显示）"
_WIDTH, _IMAGE_HEIGHT = 170, 56  # millimetres: of the page, and of each picture, whatever its shape
_GAP = 3


@dataclass(frozen=True, slots=True)
class _Shape:
    """How many pictures of a shape stand beside each other."""

    columns: int

    @property
    def size(self) -> tuple[float, float]:
        """Millimetres for one picture."""
        return _WIDTH / self.columns - _GAP, _IMAGE_HEIGHT


_WIDE, _TALL = _Shape(2), _Shape(3)


@dataclass(frozen=True, slots=True)
class _Shown:
    """A photograph: its picture, the hash in its record, its side of a pair, and what stands below it."""

    image: Jpeg | None
    content_hash: str
    side: str
    caption: str
    described: str

    @property
    def shape(self) -> _Shape:
        return _TALL if self.image is not None and self.image.height > self.image.width else _WIDE


@dataclass(frozen=True, slots=True)
class PhotoGrid:
    """Photographs in rows, each row of one shape; with `pairs` two and two, whatever their shape.

    It is one flowable, because how the rows fall depends on pictures that may not have arrived, and what the archive
    says does not. `first`: the number of the first photograph.
    """

    shown: Sequence[_Shown]
    pairs: bool
    first: int

    @property
    def photographs(self) -> int:
        """How many it shows, for the closing note."""
        return len(self.shown)

    def split(self, width: float, max_height: float) -> list[Fragment]:
        flowables: list[Flowable] = []
        number = self.first
        for shape, row in self._rows():
            flowables += [KeepTogether([_row(row, shape, number)]), Spacer(_GAP)]
            number += len(row)
        return concat(flowables[:-1], width, max_height)

    def _rows(self) -> Iterator[tuple[_Shape, Sequence[_Shown]]]:
        """Rows in the order in which they are full; what is left over comes at the end."""
        waiting: dict[_Shape, list[_Shown]] = {_WIDE: [], _TALL: []}
        for one in self.shown:
            shape = _WIDE if self.pairs else one.shape
            waiting[shape].append(one)
            if len(waiting[shape]) == shape.columns:
                yield shape, waiting[shape]
                waiting[shape] = []
        yield from ((shape, row) for shape, row in waiting.items() if row)


def section(session: Session, household_id: str) -> list[Flowable]:
    """Photographs of the household, the earliest first; those of documents and forms are printed in their own parts."""
    context = load_context(session, household_id)
    photos = [
        photo
        for photo in context.photos
        if photo.kind != _DOCUMENTS and not photo.entry_id and not is_attachment(photo)
    ]
    if not photos:
        return []
    by_id = {photo.id: photo for photo in photos}
    paired = [
        (photo, side)
        for after in photos
        if after.before_id in by_id
        for photo, side in ((by_id[after.before_id], _BEFORE), (after, _AFTER))
    ]
    ids = {photo.id for photo, _ in paired}
    single = [(photo, "") for photo in photos if photo.id not in ids]
    flowables: list[Flowable] = [Title(TITLE), context.header_line()]
    for heading, chosen, first in ((_PAIRS, paired, 1), (_OTHERS, single, len(paired) + 1)):
        if chosen:
            flowables += [Heading(heading)] if paired else []
            shown = [_shown(session, context, photo, side) for photo, side in chosen]
            flowables.append(PhotoGrid(shown, chosen is paired, first))
    return flowables


def _shown(session: Session, context: HouseholdContext, photo: Photo, side: str) -> _Shown:
    subject = "，".join(text for text in (photo.kind, photo.caption) if text)
    lines = (
        _format_time(photo.taken_at),
        f"事由：{subject or '—'}",
        f"地点：{photo.place or '—'}　人物：{photo.people or '—'}",
        f"摄影者：{photo.photographer or '—'}　所属户：{context.head_name}（{context.place}）",
    )
    told = "，".join(dict.fromkeys(text for text in (side, photo.kind, photo.caption) if text))
    described = f"照片：{told}" if told else "照片"
    return _Shown(load_image(session, photo), photo.content or "", side, "\n".join(lines), described)


def _row(row: Sequence[_Shown], shape: _Shape, number: int) -> Table:
    """Pictures beside each other, their captions below."""
    images = [Cell(ImageCell(one.image, shape.size, _NOT_HERE, one.content_hash, one.described)) for one in row]
    headings = [Cell(f"第 {n} 张　{one.side}".strip(), SMALL_LABEL, shaded=True) for n, one in enumerate(row, number)]
    captions = [Cell(one.caption, SMALL) for one in row]
    rows = [TableRow(images, min_height=_IMAGE_HEIGHT + 2), TableRow(headings), TableRow(captions)]
    blanks = shape.columns - len(row)
    if blanks:
        rows = [TableRow([*line.cells, Cell("", col_span=blanks)], line.min_height) for line in rows]
    return Table([_WIDTH / shape.columns] * shape.columns, rows, min_height=5, row_padding=0.5)


def _format_time(taken_at: str | None) -> str:
    """YYYY-MM-DD hh:mm as 2018年8月10日 09:30."""
    day, _, hour = (taken_at or "").partition(" ")
    parts = day.split("-")
    if len(parts) != 3 or not all(part.isdecimal() for part in parts):
        return taken_at or "—"
    return f"{parts[0]}年{int(parts[1])}月{int(parts[2])}日 {hour}".strip()
