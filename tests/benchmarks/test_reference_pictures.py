"""Every paper as a picture, held against kept ones: whole archives of three households, and each paper of a village.

An empty household, a usual one, and one that is larger than forms expect: 12 members, 40 visits, 60 photographs, names
of rare characters and of thirty letters. `python3 dev.py bench -k pictures`; made anew as tests/page_pictures.py says.
"""

from collections.abc import Iterator
from pathlib import Path

import pytest
from PIL import Image

from app.printing.archive_job import ArchiveJob
from app.printing.pipeline import preview
from app.printing.report_job import ReportJob
from app.progress import run_to_completion
from app.reports.village import GROUPS, all_reports
from tests import full_household
from tests.app.reports.village.conftest import ReportVillage, state, village  # noqa: F401 - fixtures
from tests.builders import household, workbook
from tests.page_pictures import differing_pages, page_pictures

_FIRST_PAGES = 2  # of a paper
_ADD = {
    "empty": lambda session: household(session, 0, number=3),
    "usual": full_household.add_full_household,
    "extreme": full_household.add_extreme_household,
}


@pytest.mark.parametrize("which", _ADD)
def test_pictures_of_an_archive(tmp_path: Path, which: str) -> None:
    book = workbook(tmp_path)
    with book.writing() as session:
        household_id = _ADD[which](session).id
    pdf = run_to_completion(preview(book, ArchiveJob([household_id], reason="已入户核对")))
    assert differing_pages(f"archive-{which}", page_pictures(pdf)) == []
    book.close()


@pytest.mark.parametrize("group", GROUPS)
def test_pictures_of_papers(village: ReportVillage, group: str) -> None:  # noqa: F811 - the fixture
    assert differing_pages(f"papers-{GROUPS.index(group)}", _papers(village, group)) == []


def _papers(of: ReportVillage, group: str) -> Iterator[Image.Image]:
    for report in all_reports():
        if report.group == group:
            job = ReportJob(report.name, [of.parameters(report)])
            yield from page_pictures(run_to_completion(preview(of.book, job)), _FIRST_PAGES)


def test_pictures_of_an_empty_form(village: ReportVillage) -> None:  # noqa: F811 - the fixture
    """Papers that can be printed to be filled in by hand."""
    pages: list[Image.Image] = []
    for report in all_reports():
        if "blank" in report.parameters:
            job = ReportJob(report.name, [village.parameters(report, blank=True)])
            pages += page_pictures(run_to_completion(preview(village.book, job)), 1)
    assert differing_pages("papers-blank", pages) == []
