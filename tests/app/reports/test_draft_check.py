"""A household with doubts gets a draft, until they are cleared or somebody says why it is printed all the same."""

from collections.abc import Iterator
from pathlib import Path

import pytest

from app.issues.issues import ERROR, dismiss, household_issues
from app.printing import print_record
from app.printing.archive_job import ArchiveJob
from app.printing.pipeline import preview, print_to_path
from app.progress import run_to_completion
from app.reports.draft_check import households_with_errors
from app.workbook.workbook import Workbook
from tests import builders, full_household, pdf_reader

PARTS = ["cover", "overview", "members", "income"]


@pytest.fixture
def book(tmp_path: Path) -> Iterator[Workbook]:
    new_workbook = builders.workbook(tmp_path)
    with new_workbook.writing() as session:
        for n in range(1, 7):
            full_household.add_full_household(session, n, photos=0)
    yield new_workbook
    new_workbook.close()


@pytest.fixture
def household_id(book: Workbook) -> str:
    return builders.Household.id_of("340828100101001")


def dismiss_all(book: Workbook, household_id: str) -> None:
    """Every fault of a household looked into."""
    with book.reading() as session:
        issues = [issue for issue in household_issues(session, household_id) if issue.severity == ERROR]
    assert issues
    for issue in issues:
        dismiss(book, [issue], "已入户核对，登记无误")


def test_every_page_of_a_draft_says_so(book: Workbook, household_id: str, tmp_path: Path) -> None:
    printed = run_to_completion(print_to_path(book, ArchiveJob([household_id], PARTS), tmp_path / "x.pdf"))
    assert printed.drafts == 1
    assert all("草稿" in text for text in pdf_reader.page_texts(tmp_path / "x.pdf"))
    with book.reading() as session:
        assert print_record.latest_print(session, household_id).draft


def test_without_faults_it_is_none(book: Workbook, household_id: str, tmp_path: Path) -> None:
    dismiss_all(book, household_id)
    printed = run_to_completion(print_to_path(book, ArchiveJob([household_id], PARTS), tmp_path / "x.pdf"))
    assert printed.drafts == 0
    assert not any("草稿" in text for text in pdf_reader.page_texts(tmp_path / "x.pdf"))


def test_a_reason_takes_the_watermark_away_and_stands_at_the_foot(
    book: Workbook, household_id: str, tmp_path: Path
) -> None:
    reason = "残疾证正在补办，" * 8
    printed = run_to_completion(
        print_to_path(book, ArchiveJob([household_id], PARTS, reason=reason), tmp_path / "x.pdf")
    )
    texts = pdf_reader.page_texts(tmp_path / "x.pdf")
    assert printed.drafts == 0
    assert not any("草稿" in text for text in texts)
    assert all("带疑点打印，理由：残疾证正在补办" in text for text in texts[1:])
    with book.reading() as session:
        last = print_record.latest_print(session, household_id)
        assert (last.draft, last.reason) == (False, reason.strip())


def test_a_reason_that_is_not_needed_is_not_kept(book: Workbook, household_id: str) -> None:
    dismiss_all(book, household_id)
    assert "理由" not in pdf_reader.full_text(
        run_to_completion(preview(book, ArchiveJob([household_id], PARTS, reason="不需要")))
    )


def test_one_look_at_the_village_finds_the_same_households(book: Workbook, household_id: str) -> None:
    dismiss_all(book, household_id)
    households = [builders.Household.id_of(f"340828100101{n:03}") for n in range(1, 7)]
    alone = frozenset().union(*(run_to_completion(households_with_errors(book, [one])) for one in households))
    assert run_to_completion(households_with_errors(book, households)) >= alone == frozenset(households[1:])


def test_the_watermark_is_light_and_lies_under_the_text(book: Workbook, household_id: str) -> None:
    import pypdfium2

    pdf = run_to_completion(preview(book, ArchiveJob([household_id], ["income"])))
    with pypdfium2.PdfDocument(pdf) as document:
        page = document[0].render(scale=1).to_pil().convert("L")
    greys = {grey for _, grey in page.getcolors(256)}
    assert 230 in greys
    clean = run_to_completion(preview(book, ArchiveJob([household_id], ["income"], reason="理由")))
    with pypdfium2.PdfDocument(clean) as document:
        bare = document[0].render(scale=1).to_pil().convert("L").crop((0, 40, 595, 780))
    page = page.crop((0, 40, 595, 780))
    darkened = sum(one < 100 <= other for one, other in zip(page.tobytes(), bare.tobytes(), strict=True))
    assert darkened < 200
