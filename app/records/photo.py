"""Photographs: taken in small enough for a USB drive, upright, without the place where they were taken."""

import hashlib
import io
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from typing import TYPE_CHECKING

from sqlalchemy import exists, select
from sqlalchemy.orm import Session

from app.errors import UserError
from app.picture_file import DAMAGED, MAX_PIXELS, CopiedPicture, encode_jpeg, open_image
from app.records.attachment_owner import is_with_its_owner
from app.records.draft import is_taken, new_draft, write_draft
from app.records.field import Value, field
from app.records.page_pictures import page_pictures
from app.workbook.workbook import Workbook
from db.schema.form import FormEntry
from db.schema.household import Household
from db.schema.photo import Photo, Picture, format_taken_at
from db.schema.record import derived_id

if TYPE_CHECKING:
    from PIL.Image import Image

MAX_BYTES = 300 * 1024
_MAX_SIDES = (1600, 1280, 1024, 800, 640)
_QUALITIES = (85, 75, 65, 50)
# what undoes each orientation of EXIF, from the second on; ImageOps.exif_transpose refuses pictures for the rest of it
_FIRST_TURNED = 2
_TURNS = (
    "FLIP_LEFT_RIGHT", "ROTATE_180", "FLIP_TOP_BOTTOM", "TRANSPOSE", "ROTATE_270", "TRANSVERSE", "ROTATE_90",
)  # fmt: skip
_OWNERS = ("entry_id", "check", "about_id")  # what has a picture of its household as its own once more
_EXIF_ORIENTATION = 0x0112
_EXIF_DATETIME_ORIGINAL, _EXIF_DATETIME, _EXIF_IFD = 0x9003, 0x0132, 0x8769


@dataclass(frozen=True, slots=True)
class PreparedPhoto:
    """A picture ready to be kept: JPEG of at most `MAX_BYTES`, its SHA-256, and when it was taken ("" if unknown)."""

    jpeg: bytes
    sha256: str
    taken_at: str


def prepare_photo(source: Path | CopiedPicture, turn: int = 0) -> PreparedPhoto:
    """Read a picture and make it small: upright, sRGB, without any metadata.

    Args:
        turn: degrees to the left by which it is turned besides, where the telephone did not know how it was held

    Raises:
        UserError: it is no picture, is damaged, or is too large to be read safely
    """
    with opened_picture(source, _MAX_SIDES[0]) as image:
        taken_at = read_taken_at(image)
        jpeg = _compress(upright(image, _MAX_SIDES[0]).rotate(turn, expand=True))
    return PreparedPhoto(jpeg, hashlib.sha256(jpeg).hexdigest(), format_taken_at(taken_at) if taken_at else "")


@contextmanager
def opened_picture(source: Path | CopiedPicture, side: int) -> "Iterator[Image]":
    """A picture, open; a JPEG is decoded no larger than about `side` pixels needs. Also HEIC of a telephone.

    Raises:
        UserError: it is no picture, is damaged, or is too large to be read safely; also while the block reads it
    """
    from PIL import Image, UnidentifiedImageError

    try:
        with open_image(source) as image:
            if image.width * image.height > MAX_PIXELS:
                raise UserError(f"“{source.name}”有 {image.width}×{image.height} 像素，太大了。请先缩小再添加。")
            image.draft("RGB", (side, side))
            yield image
    except (UnidentifiedImageError, Image.DecompressionBombError) as error:
        raise UserError(f"“{source.name}”不是能用的照片，或没有复制完整。请选 JPG、PNG 或苹果手机的 HEIC。") from error
    except DAMAGED as error:
        raise UserError(f"照片“{source.name}”读不出来，可能没有复制完整。请重新复制后再添加。") from error


def upright(image: "Image", side: int) -> "Image":
    """As it was held, at most `side` pixels long, three colours on white paper.

    `image` itself becomes small, too: two pictures of a telephone are 70 MB.
    """
    from PIL import Image as Images

    turns: dict[object, Images.Transpose] = dict(enumerate((Images.Transpose[name] for name in _TURNS), _FIRST_TURNED))
    turn = turns.get(image.getexif().get(_EXIF_ORIENTATION))
    image.thumbnail((side, side))
    return _flatten(image if turn is None else image.transpose(turn))


def _flatten(image: "Image") -> "Image":
    """Three colours on white paper, whatever it was."""
    from PIL import Image as Images

    if image.mode in ("RGBA", "LA", "PA") or "transparency" in image.info:
        rgba = image.convert("RGBA")
        background = Images.new("RGB", rgba.size, "white")
        background.paste(rgba, mask=rgba.getchannel("A"))
        return background
    return image.convert("RGB")


def _compress(image: "Image") -> bytes:
    """The best JPEG that fits: first quality goes down, then size."""
    jpeg = b""
    for side in _MAX_SIDES:
        resized = image.copy()
        resized.thumbnail((side, side))
        for quality in _QUALITIES:
            jpeg = encode_jpeg(resized, quality)
            if len(jpeg) <= MAX_BYTES:
                return jpeg
    return jpeg


def read_taken_at(image: "Image") -> datetime | None:
    """When a picture was taken, as the telephone noted it; None where it did not."""
    exif = image.getexif()
    timestamp = exif.get_ifd(_EXIF_IFD).get(_EXIF_DATETIME_ORIGINAL) or exif.get(_EXIF_DATETIME)
    try:
        return datetime.strptime(str(timestamp).strip("\0 "), "%Y:%m:%d %H:%M:%S") if timestamp else None
    except ValueError:
        return None


def add_photo(
    workbook: Workbook,
    household_id: str,
    source: Path | CopiedPicture,
    kind: str | None = None,
    *,
    visit_id: str | None = None,
    inspection_id: str | None = None,
    entry_id: str | None = None,
    check: str | None = None,
    **extra: Value,
) -> str:
    """Add a picture to a household; returns the photo's id.

    Args:
        kind: a value of photo_kind
        visit_id, inspection_id, check: what else it belongs to: a visit, an inspection, one check point of it
        entry_id: a filled-in form; of one about the village, `household_id` is ""
        extra: more columns of the photo: caption, place, people, photographer, taken_at (from the file if not given)

    Raises:
        UserError: see `prepare_photo`
        ValidationError: no such kind
    """
    picture = prepare_photo(source)
    links: dict[str, Value] = {"visit_id": visit_id, "inspection_id": inspection_id, "check": check}
    links["entry_id"] = entry_id
    values = (
        links | {"kind": field("photo", "kind").parse_and_validate(kind), "taken_at": picture.taken_at or None} | extra
    )
    with workbook.operation(f"添加照片：{kind}") as session:
        return store_photo(session, household_id, picture, values)


def add_photo_to_all(
    workbook: Workbook, household_ids: Sequence[str], path: Path, kind: str | None = None, **extra: Value
) -> int:
    """Add one picture to several households, as one operation; returns to how many.

    Args:
        kind, extra: as in `add_photo`

    Raises:
        UserError: see `prepare_photo`
        ValidationError: no such kind
    """
    picture = prepare_photo(path)
    values = {"kind": field("photo", "kind").parse_and_validate(kind), "taken_at": picture.taken_at or None} | extra
    with workbook.operation(f"批量添加照片：{kind}，{len(household_ids)} 户") as session:
        for household_id in household_ids:
            store_photo(session, household_id, picture, values)
    return len(household_ids)


def store_photo(session: Session, household_id: str, picture: PreparedPhoto, values: Mapping[str, Value]) -> str:
    """Write a photograph within an operation that is under way; the picture itself once. Returns the photo's id."""
    entry_id = values.get("entry_id")
    parent = session.get(Household, household_id) if household_id else session.get(FormEntry, str(entry_id))
    if parent is None:
        raise UserError("这一户已不在名单里，请刷新后再试。")
    return store_picture(
        session, parent.village, picture.sha256, picture.jpeg, {**values, "household_id": household_id}
    )


def store_picture(session: Session, village: str, sha256: str, content: bytes, values: Mapping[str, Value]) -> str:
    """Write the record of a picture, and the picture itself unless it is here already. Returns the record's id.

    The id is of whose it is and of the picture, so that two laptops that take in one folder have it once, and two
    villages that take in one picture do not meet in a row. It is not of the visit: whoever knows the visit says so, and
    of two visits a person chooses.
    """
    if session.get(Picture, sha256) is None:
        session.add(Picture(sha256=sha256, jpeg=content))
    owner = [values["household_id"] or village, sha256, *(str(values[name]) for name in _OWNERS if values.get(name))]
    id = derived_id(Photo.__tablename__, *owner)
    id = "" if is_taken(session, Photo.__tablename__, id) else id  # it was withdrawn, or is there once more
    values = {**values, "household_id": values["household_id"] or None, "content": sha256}
    draft = new_draft("photo", village, id, **values)
    write_draft(session, draft)
    return draft.id


def has_photo(session: Session, household_id: str, sha256: str) -> bool:
    """Whether a household has this very picture: a folder is often taken in twice. That of a visit which was withdrawn
    may come again with the right one."""
    same = (Photo.household_id == household_id, Photo.content == sha256, ~Photo.withdrawn, is_with_its_owner(session))
    return bool(session.scalar(select(exists().where(*same))))


def load_content(session: Session, photo_id: str) -> bytes:
    """What is kept of a photograph or scan; empty where its record came with a package and it has not arrived yet."""
    content = session.scalar(
        select(Picture.jpeg).join(Photo, Photo.content == Picture.sha256).where(Photo.id == photo_id)
    )
    return content or b""


def load_photo(session: Session, photo_id: str) -> bytes:
    """The JPEG of a photograph, of a scan its first page; empty where it has not arrived, or is damaged."""
    return next(iter(page_pictures(load_content(session, photo_id))), b"")


def thumbnail(session: Session, photo_id: str, side: int = 200) -> bytes:
    """A small JPEG, at most `side` pixels long; empty where `load_photo` is, and where it cannot be shown."""
    from PIL import Image

    jpeg = load_photo(session, photo_id)
    try:
        with Image.open(io.BytesIO(jpeg), formats=("JPEG",)) as image:
            image.draft("RGB", (side, side))
            image.thumbnail((side, side))
            return encode_jpeg(image, 80)
    except DAMAGED:
        return b""
