"""A scan as it is kept: a PDF that is nothing but a picture for each page.

Any program can open it, and it holds no script, no form and no file of whoever made the paper it shows. It is read back
picture by picture, so that one that a package brought is no more than that either.
"""

from collections.abc import Sequence
from io import BytesIO
from typing import Any

from app.picture_file import DAMAGED

MOST_PAGES = 100
_MAGIC = b"%PDF-"
_LONG_SIDE = 842  # points of A4
_DRAW = "q {width:.2f} 0 0 {height:.2f} 0 0 cm /Page Do Q"


def bind_pages(jpegs: Sequence[bytes]) -> bytes:
    """Pages as one PDF, the same bytes for the same pages."""
    import pikepdf
    from PIL import Image

    out = BytesIO()
    with pikepdf.new() as document:
        for jpeg in jpegs:
            with Image.open(BytesIO(jpeg), formats=("JPEG",)) as image:
                (width, height), mode = image.size, image.mode
            picture = document.make_stream(
                jpeg,
                Type=pikepdf.Name.XObject,
                Subtype=pikepdf.Name.Image,
                Width=width,
                Height=height,
                BitsPerComponent=8,
                ColorSpace=pikepdf.Name.DeviceGray if mode == "L" else pikepdf.Name.DeviceRGB,
                Filter=pikepdf.Name.DCTDecode,
            )
            scale = _LONG_SIDE / max(width, height)
            page = document.add_blank_page(page_size=(width * scale, height * scale))
            page.Resources = pikepdf.Dictionary(XObject=pikepdf.Dictionary(Page=picture))
            page.Contents = document.make_stream(
                _DRAW.format(width=width * scale, height=height * scale).encode("ascii")
            )
        document.save(out, deterministic_id=True)
    return out.getvalue()


def page_pictures(content: bytes) -> tuple[bytes, ...]:
    """The pages as JPEG; a photograph is its own only page. Nothing where it is damaged, or is no scan of ours."""
    if not content.startswith(_MAGIC):
        return (content,) if content else ()
    import pikepdf

    try:
        with pikepdf.open(BytesIO(content)) as document:
            if len(document.pages) > MOST_PAGES:
                return ()
            return tuple(_picture(page) for page in document.pages)
    except (pikepdf.PdfError, AttributeError, *DAMAGED):
        return ()


def _picture(page: Any) -> bytes:
    raw: bytes = page.Resources.XObject.Page.read_raw_bytes()
    return raw
