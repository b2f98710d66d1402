"""A household with doubts gets a draft, until they are cleared or somebody says why it is printed all the same."""

from collections.abc import Iterator
from pathlib import Path

import pytest

from app.archive import imprint
from app.archive.binder import preview, print_archives
from app.archive.draft import doubted
from app.progress import finish
from app.quality.doubts import ERROR, of_household, settle
from app.workbook.workbook import Workbook
from tests import builders
from tests.app.archive import filled, reading

PARTS = ["cover", "overview", "members", "income"]


@pytest.fixture
def book(tmp_path: Path) -> Iterator[Workbook]:
    made = builders.workbook(tmp_path)
    with made.writing() as session:
        for n in range(1, 7):
            filled.full(session, n, photos=0)
    yield made
    made.close()


@pytest.fixture
def home(book: Workbook) -> str:
    return builders.Household.id_of("340828100101001")


def settled(book: Workbook, home: str) -> None:
    """Every fault of a household looked into."""
    with book.reading() as session:
        found = [doubt for doubt in of_household(session, home) if doubt.severity == ERROR]
    assert found
    for doubt in found:
        finish(settle(book, doubt, "已入户核对，登记无误"))


def test_every_page_of_a_draft_says_so(book: Workbook, home: str, tmp_path: Path) -> None:
    printed = finish(print_archives(book, [home], tmp_path / "x.pdf", PARTS))
    assert printed.drafts == 1
    assert all("草稿" in text for text in reading.pages(tmp_path / "x.pdf"))
    with book.reading() as session:
        assert imprint.last_print(session, home).draft


def test_without_faults_it_is_none(book: Workbook, home: str, tmp_path: Path) -> None:
    settled(book, home)
    printed = finish(print_archives(book, [home], tmp_path / "x.pdf", PARTS))
    assert printed.drafts == 0
    assert not any("草稿" in text for text in reading.pages(tmp_path / "x.pdf"))


def test_a_reason_takes_the_watermark_away_and_stands_at_the_foot(book: Workbook, home: str, tmp_path: Path) -> None:
    reason = "残疾证正在补办，" * 8
    printed = finish(print_archives(book, [home], tmp_path / "x.pdf", PARTS, reason=reason))
    said = reading.pages(tmp_path / "x.pdf")
    assert printed.drafts == 0
    assert not any("草稿" in text for text in said)
    assert all("带疑点打印，理由：残疾证正在补办" in text for text in said[1:])
    with book.reading() as session:
        last = imprint.last_print(session, home)
        assert (last.draft, last.reason) == (False, reason.strip())


def test_a_reason_that_is_not_needed_is_not_kept(book: Workbook, home: str) -> None:
    settled(book, home)
    assert "理由" not in reading.whole(finish(preview(book, home, PARTS, "不需要")))


def test_one_look_at_the_village_finds_the_same_households(book: Workbook, home: str) -> None:
    settled(book, home)
    homes = [builders.Household.id_of(f"340828100101{n:03}") for n in range(1, 7)]
    alone = frozenset().union(*(finish(doubted(book, [one])) for one in homes))
    assert finish(doubted(book, homes)) >= alone == frozenset(homes[1:])


def test_the_watermark_is_light_and_lies_under_the_text(book: Workbook, home: str) -> None:
    import pypdfium2

    pdf = finish(preview(book, home, ["income"]))
    with pypdfium2.PdfDocument(pdf) as document:
        page = document[0].render(scale=1).to_pil().convert("L")
    greys = {grey for _, grey in page.getcolors(256)}
    assert 230 in greys
    clean = finish(preview(book, home, ["income"], "理由"))
    with pypdfium2.PdfDocument(clean) as document:
        bare = document[0].render(scale=1).to_pil().convert("L").crop((0, 40, 595, 780))
    page = page.crop((0, 40, 595, 780))
    darkened = sum(one < 100 <= other for one, other in zip(page.tobytes(), bare.tobytes(), strict=True))
    assert darkened < 200
