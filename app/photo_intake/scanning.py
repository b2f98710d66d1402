"""Looking through the files of a folder: when each picture was taken, whether it shows a card, how it looks small."""

from collections.abc import Iterator, Sequence
from concurrent.futures import Future, ThreadPoolExecutor
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path

from app.errors import UserError
from app.photo_intake.cards import household_of_card
from app.picture_file import PICTURE_SUFFIXES, encode_jpeg
from app.progress import Progress, Task
from app.records.photo import opened_picture, read_taken_at, upright

THUMBNAIL_SIDE = 160  # pixels
MOST_FILES = 5000  # more is a wrong folder: a whole disk
_LOOKED_AT = 500  # files between two words about how far it is
_DECODED_SIDE = 1000  # pixels: enough for the code of a card that fills a tenth of the picture
_WORKERS = 2  # decoding leaves Python's lock alone
_QUALITY = 75


@dataclass(frozen=True, slots=True)
class ScannedPicture:
    """One file.

    Attributes:
        taken_at: None where the telephone did not note it
        card: id of the household whose card it shows, "" for a usual photograph
        thumbnail: JPEG, b"" where the file is refused
        refusal: why it cannot be taken in, ""
    """

    path: Path
    taken_at: datetime | None
    card: str = ""
    thumbnail: bytes = b""
    refusal: str = ""


def picture_files(folder: Path) -> Task[list[Path]]:
    """The pictures below a folder, by name; hidden ones are what a system left there.

    Raises:
        UserError: it cannot be read, holds no pictures, or far too many files
    """
    found: list[Path] = []
    try:
        for number, path in enumerate(folder.rglob("*")):
            if number % _LOOKED_AT == 0:
                yield Progress(0, 0, folder.name)
            if _is_picture(folder, path):
                found.append(path)
            if len(found) > MOST_FILES:  # not counted to the end: a whole disk takes minutes
                raise UserError(f"“{folder.name}”里的照片超过 {MOST_FILES} 张，一次收不完。请选装本次照片的文件夹。")
    except OSError as error:
        raise UserError(f"“{folder.name}”读不出来。请检查 U 盘是否插好，再选一次。") from error
    if not found:
        raise UserError(f"“{folder.name}”里没有照片（JPG、PNG、HEIC）。请选手机照片所在的文件夹。")
    return sorted(found)


def _is_picture(folder: Path, path: Path) -> bool:
    is_hidden = any(part.startswith(".") for part in path.relative_to(folder).parts)
    return path.suffix.lower() in PICTURE_SUFFIXES and not is_hidden and path.is_file()


def enlarged(path: Path, side: int) -> bytes:
    """A picture as JPEG of at most `side` pixels, to be looked at; b"" where it cannot be read."""
    try:
        with opened_picture(path, side) as image:
            return encode_jpeg(upright(image, side), _QUALITY)
    except UserError:
        return b""


def scan(paths: Sequence[Path]) -> Task[list[ScannedPicture]]:
    """Look at each file; what cannot be read is told with it. The earliest come first, those without a time last."""
    scanned: list[ScannedPicture] = []
    with ThreadPoolExecutor(_WORKERS, "scan") as workers:
        waiting = [workers.submit(_scan_one, path) for path in paths]
        try:
            for picture in _results(waiting):
                scanned.append(picture)
                yield Progress(len(scanned), len(paths), picture.path.name)
        finally:
            workers.shutdown(wait=True, cancel_futures=True)
    return sorted(scanned, key=lambda one: (one.taken_at is None, one.taken_at or datetime.min, one.path.name))


def _results(waiting: Sequence[Future[ScannedPicture]]) -> Iterator[ScannedPicture]:
    for future in waiting:
        yield future.result()


def _scan_one(path: Path) -> ScannedPicture:
    try:
        with opened_picture(path, _DECODED_SIDE) as image:
            taken_at = read_taken_at(image)
            whole = upright(image, _DECODED_SIDE)
            card = household_of_card(whole)
            whole.thumbnail((THUMBNAIL_SIDE, THUMBNAIL_SIDE))
            return ScannedPicture(path, taken_at, card, encode_jpeg(whole, _QUALITY))
    except UserError as error:
        return ScannedPicture(path, None, refusal=str(error))
