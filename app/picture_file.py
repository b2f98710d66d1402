"""Opens files that somebody says are pictures: photographs, cards of colleagues, covers of archives."""

import io
import struct
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

from app.heic_process import is_heic, open_heic

if TYPE_CHECKING:
    from PIL.Image import Image

PICTURE_SUFFIXES = (".jpg", ".jpeg", ".png", ".heic", ".heif", ".webp", ".bmp")
"""How the files are called that are offered where a picture is asked for, or looked for in a folder."""
_FORMATS = ("JPEG", "PNG", "WEBP", "BMP", "GIF")  # Pillow knows more, and starts Ghostscript for one of them
MAX_PIXELS = 100_000_000
DAMAGED = (
    OSError,
    SyntaxError,
    ValueError,
    EOFError,
    RuntimeError,
    LookupError,
    TypeError,
    ArithmeticError,
    struct.error,
)
"""What Pillow raises at bytes that make no sense: each decoder, and EXIF, in its own way."""


@dataclass(frozen=True, slots=True)
class CopiedPicture:
    """A picture that was copied in another program. It is kept in memory: a file of it would lie on the disk in clear.

    Attributes:
        name: what it is called where something is wrong with it
        content: as a picture file has it
    """

    name: str
    content: bytes


def open_image(source: Path | CopiedPicture) -> "Image":
    """A picture as Pillow opens it, of a format that telephones and screens write; raises what `DAMAGED` says."""
    from PIL import Image

    if isinstance(source, CopiedPicture):
        return Image.open(io.BytesIO(source.content), formats=_FORMATS)
    if is_heic(source):
        return open_heic(source, MAX_PIXELS)
    return Image.open(source, formats=_FORMATS)


def encode_jpeg(image: "Image", quality: int) -> bytes:
    """A picture as JPEG without metadata."""
    out = io.BytesIO()
    image.save(out, "JPEG", quality=quality, optimize=True)
    return out.getvalue()
