"""Reading the pictures of a folder: each made smaller, turned upright, read, and told what certificate it shows."""

from collections.abc import Sequence
from contextlib import closing
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

from app.certificate_intake.reader import CertificateReader, ReaderUnusable
from app.certificate_intake.recognition import Certificate, recognise
from app.certificate_intake.text_line import ReadLine
from app.errors import UserError
from app.photo_intake.scanning import THUMBNAIL_SIDE
from app.picture_file import encode_jpeg
from app.progress import Progress, Task
from app.records.photo import opened_picture, upright

if TYPE_CHECKING:
    from PIL.Image import Image

READ_SIDE = 1600  # pixels: what a card that fills a quarter of the picture needs
_QUALITY = 85
_NO_TEXT = "照片里没有读出字。请对准、对焦、光线足一些再拍。"
_UNKNOWN = "无法识别是哪种证件。请只拍证件，占满画面。"


@dataclass(frozen=True, slots=True)
class ReadPicture:
    """One file.

    Attributes:
        thumbnail: JPEG, b"" where the file is refused
        turn: by how many degrees it was turned to the left until something was recognised
        certificate: None where none is recognised
        refusal: why nothing can be made of the file, ""
        doubt: why nothing was recognised, ""
    """

    path: Path
    thumbnail: bytes = b""
    turn: int = 0
    certificate: Certificate | None = None
    refusal: str = ""
    doubt: str = ""


def read_pictures(paths: Sequence[Path]) -> Task[list[ReadPicture]]:
    """Read each picture, in their order; what cannot be read is told with it.

    Raises:
        ReaderUnusable: the component that reads is not here, or does not start
    """
    read: list[ReadPicture] = []
    with closing(CertificateReader()) as reader:
        for path in paths:
            yield Progress(len(read), len(paths), path.name)
            task = _read_one(reader, path)
            try:
                while True:
                    next(task)
                    yield Progress(len(read), len(paths), path.name)
            except StopIteration as stop:
                read.append(stop.value)
    return read


def enlarged_certificate(picture: ReadPicture) -> bytes:
    """The picture as it was read, as JPEG: what the boxes of its values are pixels of; b"" where it cannot be read."""
    try:
        with opened_picture(picture.path, READ_SIDE) as opened:
            return encode_jpeg(upright(opened, READ_SIDE).rotate(picture.turn, expand=True), _QUALITY)
    except UserError:
        return b""


def _read_one(reader: CertificateReader, path: Path) -> Task[ReadPicture]:
    try:
        with opened_picture(path, READ_SIDE) as opened:
            image = upright(opened, READ_SIDE)
    except UserError as error:
        return ReadPicture(path, refusal=str(error))
    try:
        turn, certificate, doubt = yield from _recognise_turned(reader, image)
    except ReaderUnusable:
        raise
    except UserError as error:
        turn, certificate, doubt = 0, None, str(error)
    small = image.rotate(turn, expand=True)
    small.thumbnail((THUMBNAIL_SIDE, THUMBNAIL_SIDE))
    return ReadPicture(path, encode_jpeg(small, _QUALITY), turn, certificate, doubt=doubt)


def _recognise_turned(reader: CertificateReader, image: "Image") -> Task[tuple[int, Certificate | None, str]]:
    """By how much the picture must be turned, what it shows, and why nothing was recognised.

    A telephone that looked down on a table does not know how it was held: the picture is turned by a quarter where most
    lines stand upright (their words may be read all the same, but not what stands beside what), and by half where
    nothing is recognised.
    """
    lines = yield from reader.read(image)
    is_sideways = _lies_on_its_side(lines)
    certificate = None if is_sideways else recognise(lines)
    if certificate or not lines:
        return 0, certificate, "" if certificate else _NO_TEXT
    for turn in (90, 270) if is_sideways else (180,):
        certificate = recognise((yield from reader.read(image.rotate(turn, expand=True))))
        if certificate:
            return turn, certificate, ""
    return 0, None, _UNKNOWN


def _lies_on_its_side(lines: Sequence[ReadLine]) -> bool:
    return sum(one.is_upright for one in lines) * 2 > len(lines)
