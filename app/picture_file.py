"""Opens files that somebody says are pictures: photographs, cards of colleagues, covers of archives."""

import struct
from functools import cache
from pathlib import Path
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from PIL.Image import Image

_FORMATS = ("JPEG", "PNG", "WEBP", "BMP", "GIF", "HEIF")  # Pillow knows more, and starts Ghostscript for one of them
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

    _know_heif()
    return Image.open(path, formats=_FORMATS)


@cache
def _know_heif() -> None:
    """Teach Pillow to decode HEIC, once."""
    from pi_heif import register_heif_opener

    register_heif_opener(thumbnails=False)
