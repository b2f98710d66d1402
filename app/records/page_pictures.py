"""A scan as it is kept: a PDF that is nothing but a picture for each page.

Any program can open it, and it holds no script, no form and no file of whoever made the paper it shows. It is read back
picture by picture, so that one that a package brought is no more than that either.
"""

import re
from collections.abc import Sequence
from io import BytesIO

MOST_PAGES = 100
_MAGIC = b"%PDF-"
_LONG_SIDE = 842  # points of A4
_SHORTEST_SIDE = 3  # points: no page of a PDF is narrower
_STREAM = re.compile(rb"<<([^<>]{1,400})>>\nstream\n")  # what is said of it, and where it begins
_LENGTH = re.compile(rb"/Length (\d{1,9})\b")
_JPEG = b"/Filter /DCTDecode"
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
            size = (max(width * scale, _SHORTEST_SIDE), max(height * scale, _SHORTEST_SIDE))
            page = document.add_blank_page(page_size=size)
            page.Resources = pikepdf.Dictionary(XObject=pikepdf.Dictionary(Page=picture))
            page.Contents = document.make_stream(_DRAW.format(width=size[0], height=size[1]).encode("ascii"))
        document.save(out, deterministic_id=True)
    return out.getvalue()


def page_pictures(content: bytes) -> tuple[bytes, ...]:
    """The pages as JPEG; a photograph is its own only page. Nothing where it is damaged, or is no scan of ours.

    The pictures are cut out where they lie, as `bind_pages` wrote them. No PDF is parsed: what a package brought could
    inflate to gigabytes while it is opened.
    """
    if not content.startswith(_MAGIC):
        return (content,) if content else ()
    pictures: list[bytes] = []
    at = 0
    while found := _STREAM.search(content, at):
        length, begin = _LENGTH.search(found[1]), found.end()
        at = begin + int(length[1]) if length else begin
        if _JPEG in found[1]:
            pictures.append(content[begin:at])
        if at > len(content) or len(pictures) > MOST_PAGES:
            return ()
    return tuple(pictures)
