"""What the fullest parts of an archive look like. All papers: tests/benchmarks/test_reference_pictures.py."""

import pytest
from PIL import ImageChops

from app.printing.archive_job import ArchiveJob
from app.printing.pipeline import preview
from app.progress import run_to_completion
from tests.app.conftest import SampleHouseholds
from tests.page_pictures import differing_pages, page_pictures, share_apart

PARTS = ["cover", "members", "visits", "inspections", "income"]
_MOST = 12


def _pages(households: SampleHouseholds, which: str) -> bytes:
    job = ArchiveJob([getattr(households, which)], PARTS, reason="已入户核对")
    return run_to_completion(preview(households.workbook, job))


@pytest.mark.parametrize("which", ["empty", "full", "monster"])
def test_pages_look_as_they_did(sample_households: SampleHouseholds, which: str) -> None:
    pages = page_pictures(_pages(sample_households, which), _MOST)
    assert differing_pages(f"parts-{which}", pages) == []


def test_a_page_that_is_moved_by_a_line_is_noticed(sample_households: SampleHouseholds) -> None:
    _, members, *_ = page_pictures(_pages(sample_households, "full"), _MOST)
    assert share_apart(members, ImageChops.offset(members, 0, 3)) > 0.05
