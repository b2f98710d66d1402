"""Opens files that somebody says are pictures: photographs, cards of colleagues, covers of archives."""

import io
import struct
from pathlib import Path
from typing import TYPE_CHECKING

from app.heic_process import is_heic, open_heic

if TYPE_CHECKING:
    from PIL.Image import Image

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


def open_image(path: Path) -> "Image":
    """A file as Pillow opens it, of a format that telephones and screens write; raises what `DAMAGED` says."""
    from PIL import Image

    if is_heic(path):
        return open_heic(path, MAX_PIXELS)
    return Image.open(path, formats=_FORMATS)


def encode_jpeg(image: "Image", quality: int) -> bytes:
    """A picture as JPEG without metadata."""
    out = io.BytesIO()
    image.save(out, "JPEG", quality=quality, optimize=True)
    return out.getvalue()
