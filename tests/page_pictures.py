"""Pages as small grey pictures, held against kept ones with a tolerance: what no reader of text sees.

Where a page has changed on purpose, the pictures are made anew with HUDANG_NEW_PICTURES=1 and looked at before they are
committed. They are small, so that neither the day of printing nor a version of pdfium makes a difference.
"""

import os
from collections.abc import Iterable, Iterator, Sequence
from itertools import islice
from pathlib import Path

import pypdfium2
from PIL import Image, ImageChops, ImageFilter

REFERENCE_IMAGES = Path(__file__).parent / "data" / "pages"
_SCALE, _SIDE, _COLUMNS, _ROWS = 0.2, 170, 10, 6  # points of a page in pixels; pixels of a place on a sheet; places
_TOLERATED = 24  # of 255, after the picture is softened
_MARK = 60  # brighter than this, the last point of a place says that there is no page
_FEW = 0.02  # of a page's points may differ more: a day, an age


def page_pictures(pdf: bytes, most: int | None = None) -> Iterator[Image.Image]:
    """The pages of a file, or the first of them."""
    with pypdfium2.PdfDocument(pdf) as document:
        for n in range(len(document) if most is None else min(len(document), most)):
            yield document[n].render(scale=_SCALE, grayscale=True).to_pil().convert("L")


def differing_pages(name: str, pages: Iterable[Image.Image]) -> list[int]:
    """The pages, by their number from 1, that do not look as they did on the sheets kept under this name.

    A page more or less is one that differs.
    """
    shown = list(pages)
    if os.environ.get("HUDANG_NEW_PICTURES"):
        _keep(name, shown)
    kept = list(_kept_pages(name))
    longer = range(min(len(shown), len(kept)) + 1, max(len(shown), len(kept)) + 1)
    pairs = enumerate(zip(shown, kept, strict=False), 1)
    return [n for n, (page, reference) in pairs if share_apart(_on_place(page), reference) > _FEW] + list(longer)


def share_apart(page: Image.Image, reference: Image.Image) -> float:
    """The share of points that are not as bright, once both are softened."""
    soft = ImageFilter.GaussianBlur(1)
    apart = ImageChops.difference(page.filter(soft), reference.filter(soft)).tobytes()
    return sum(point > _TOLERATED for point in apart) / len(apart)


def _on_place(page: Image.Image) -> Image.Image:
    place = Image.new("L", (_SIDE, _SIDE), 255)
    place.paste(page, (0, 0))
    return place


def _keep(name: str, pages: Sequence[Image.Image]) -> None:
    REFERENCE_IMAGES.mkdir(exist_ok=True)
    for old in _sheets(name):
        old.unlink()
    remaining = iter(pages)
    number = 0
    while places := list(islice(remaining, _COLUMNS * _ROWS)):
        number += 1
        rows = -(-len(places) // _COLUMNS)
        sheet = Image.new("L", (_SIDE * _COLUMNS, _SIDE * rows), 255)
        for n, page in enumerate(places):
            sheet.paste(page, (n % _COLUMNS * _SIDE, n // _COLUMNS * _SIDE))
            sheet.putpixel((n % _COLUMNS * _SIDE + _SIDE - 1, n // _COLUMNS * _SIDE + _SIDE - 1), 0)  # there is a page
        sheet.quantize(16).save(REFERENCE_IMAGES / f"{name}-{number}.png", optimize=True)


def _kept_pages(name: str) -> Iterator[Image.Image]:
    for path in _sheets(name):
        with Image.open(path) as picture:
            sheet = picture.convert("L")
        for top in range(0, sheet.height, _SIDE):
            for left in range(0, sheet.width, _SIDE):
                place = sheet.crop((left, top, left + _SIDE, top + _SIDE))
                if place.getpixel((_SIDE - 1, _SIDE - 1)) > _MARK:
                    return
                place.putpixel((_SIDE - 1, _SIDE - 1), 255)
                yield place


def _sheets(name: str) -> list[Path]:
    return sorted(REFERENCE_IMAGES.glob(f"{name}-[0-9]*.png"), key=lambda path: int(path.stem.rpartition("-")[2]))
