"""Pages as pictures, held against kept ones with a tolerance: what no reader of text sees.

Where a page has changed on purpose, the pictures are made anew with HUDANG_NEW_PICTURES=1 and looked at before they are
committed. They are small and grey, so that neither the day of printing nor a version of pdfium makes a difference.
"""

import os
from pathlib import Path

import pypdfium2
import pytest
from PIL import Image, ImageChops, ImageFilter

from app.printing.archive_job import ArchiveJob
from app.printing.pipeline import preview
from app.progress import run_to_completion
from tests.app.conftest import SampleHouseholds

REFERENCE_IMAGES = Path(__file__).parents[2] / "data" / "pages"
PARTS = ["cover", "members", "visits", "inspections", "income"]
_SCALE, _COLUMNS, _MOST = 0.24, 4, 12
_TOLERATED = 14  # of 255, after the picture is softened
_FEW = 0.004  # of all points may differ more


def contact_sheet(pdf: bytes) -> Image.Image:
    """The first twelve pages in one small grey picture."""
    with pypdfium2.PdfDocument(pdf) as document:
        pages = [document[n].render(scale=_SCALE).to_pil().convert("L") for n in range(min(len(document), _MOST))]
    side = max(max(page.size) for page in pages)
    rows = -(-len(pages) // _COLUMNS)
    sheet = Image.new("L", (side * _COLUMNS, side * rows), 255)
    for n, page in enumerate(pages):
        sheet.paste(page, (n % _COLUMNS * side, n // _COLUMNS * side))
    return sheet


@pytest.mark.parametrize("which", ["empty", "full", "monster"])
def test_pages_look_as_they_did(sample_households: SampleHouseholds, which: str) -> None:
    rendered = contact_sheet(
        run_to_completion(
            preview(
                sample_households.workbook, ArchiveJob([getattr(sample_households, which)], PARTS, reason="已入户核对")
            )
        )
    )
    reference_path = REFERENCE_IMAGES / f"{which}.png"
    if os.environ.get("HUDANG_NEW_PICTURES"):
        reference_path.parent.mkdir(exist_ok=True)
        rendered.quantize(16).save(reference_path, optimize=True)
    with Image.open(reference_path) as picture:
        reference = picture.convert("L")
    assert rendered.size == reference.size
    soft = ImageFilter.GaussianBlur(1)
    apart = ImageChops.difference(rendered.filter(soft), reference.filter(soft)).tobytes()
    assert sum(point > _TOLERATED for point in apart) <= _FEW * len(apart)


def test_a_page_that_is_moved_by_a_line_is_noticed(sample_households: SampleHouseholds) -> None:
    rendered = contact_sheet(
        run_to_completion(
            preview(sample_households.workbook, ArchiveJob([sample_households.full], PARTS, reason="已入户核对"))
        )
    )
    moved = ImageChops.offset(rendered, 0, 3)
    soft = ImageFilter.GaussianBlur(1)
    apart = ImageChops.difference(rendered.filter(soft), moved.filter(soft)).tobytes()
    assert sum(point > _TOLERATED for point in apart) > 5 * _FEW * len(apart)
