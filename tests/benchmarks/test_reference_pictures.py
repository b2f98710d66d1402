"""Every paper as a picture, held against kept ones: whole archives of three households, and each paper of a village.

An empty household, a usual one, and one that is larger than forms expect: 12 members, 40 visits, 60 photographs, names
of rare characters and of thirty letters. `python3 dev.py bench -k pictures`; made anew as tests/page_pictures.py says.
"""

import io
from collections.abc import Iterator
from datetime import date
from pathlib import Path

import pikepdf
import pytest
from pikepdf import pdfa
from PIL import Image

from app.printing.archive_job import ArchiveJob
from app.printing.pipeline import preview
from app.printing.report_job import ReportJob
from app.progress import run_to_completion
from app.reports.village import GROUPS, all_reports
from tests import full_household
from tests.app.reports.village.conftest import DAY, ReportVillage, state, village  # noqa: F401 - fixtures
from tests.builders import household, workbook
from tests.page_pictures import differing_pages, page_pictures

_FIRST_PAGES = 2  # of a paper
_ASK_FOR_THE_DAY = (
    "app.records.row_views",
    "app.registers.engine.rows",
    "app.reports.completeness",
    "app.reports.household_context",
    "app.reports.sections.spine",
)
_ADD = {
    "empty": lambda session: household(session, 0, number=3),
    "usual": full_household.add_full_household,
    "extreme": full_household.add_extreme_household,
}


class _ReferenceDate(date):
    @classmethod
    def today(cls) -> date:
        return DAY


@pytest.fixture(scope="module", autouse=True)
def _day_of_the_village() -> Iterator[None]:
    """The day on which the papers are printed: a closing sheet names the years up to it, a cover has ages of it."""
    with pytest.MonkeyPatch.context() as patch:
        for module in _ASK_FOR_THE_DAY:
            patch.setattr(f"{module}.date", _ReferenceDate)
        yield


@pytest.mark.parametrize("which", _ADD)
def test_pictures_of_an_archive(tmp_path: Path, which: str) -> None:
    book = workbook(tmp_path)
    with book.writing() as session:
        household_id = _ADD[which](session).id
    pdf = run_to_completion(preview(book, ArchiveJob([household_id], reason="已入户核对")))
    assert _findings(pdf) == []
    assert differing_pages(f"archive-{which}", page_pictures(pdf)) == []
    book.close()


@pytest.mark.parametrize("group", GROUPS)
def test_pictures_of_papers(village: ReportVillage, group: str) -> None:  # noqa: F811 - the fixture
    assert differing_pages(f"papers-{GROUPS.index(group)}", _papers(village, group)) == []


def _papers(of: ReportVillage, group: str) -> Iterator[Image.Image]:
    for report in all_reports():
        if report.group == group:
            job = ReportJob(report.name, [of.parameters(report)])
            pdf = run_to_completion(preview(of.book, job))
            assert _findings(pdf) == [], report.name
            yield from page_pictures(pdf, _FIRST_PAGES)


def _findings(pdf: bytes) -> list[str]:
    """What a validator that nobody here wrote (pikepdf's) has against a file as PDF/A-2b; its line in the report."""
    findings = [str(one) for one in pdfa.validate_written(io.BytesIO(pdf), "2b").findings]
    with pikepdf.open(io.BytesIO(pdf)) as document:
        print(
            f"\n  {document.docinfo.get('/Title', '')}: {len(document.pages)} pages, PDF/A-2b: {len(findings)} findings"
        )
    return findings


def test_pictures_of_an_empty_form(village: ReportVillage) -> None:  # noqa: F811 - the fixture
    """Papers that can be printed to be filled in by hand."""
    pages: list[Image.Image] = []
    for report in all_reports():
        if "blank" in report.parameters:
            job = ReportJob(report.name, [village.parameters(report, blank=True)])
            pages += page_pictures(run_to_completion(preview(village.book, job)), 1)
    assert differing_pages("papers-blank", pages) == []
