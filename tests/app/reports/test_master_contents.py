"""The roll at the front of a bound volume: every household with its first side."""

import re
from pathlib import Path

import pypdfium2
import pytest
from sqlalchemy import select

from app.printing.archive_job import ArchiveJob
from app.printing.pipeline import print_to_path
from app.progress import run_to_completion
from app.workbook import preferences
from db.schema.household import Member
from tests import builders, pdf_reader

PARTS = ["cover", "contents", "overview"]


@pytest.mark.parametrize("duplex", [False, True])
def test_the_roll_leads_to_every_household(tmp_path: Path, duplex: bool) -> None:
    book = builders.workbook(tmp_path)
    preferences.save(book, "duplex", duplex)
    with book.writing() as session:
        ids = [builders.household(session, 2, number=n).id for n in range(1, 46)]
    out = tmp_path / "全村.pdf"
    run_to_completion(print_to_path(book, ArchiveJob(ids, PARTS), out))
    texts, marks = pdf_reader.page_texts(out), pdf_reader.bookmarks(out)
    begins = [(title, page) for level, title, page in marks if level == 0]
    assert begins[0] == ("总目录", 1)
    assert len(begins) == 46
    front = begins[1][1] - 1
    contents_text = "".join(texts[:front])
    assert front >= 2
    for n, (title, page) in enumerate(begins[1:], 1):
        number = title.split()[0]
        assert re.search(rf"{n}{number}陈卫国下屋组\d+?{page}", contents_text.replace(" ", ""))
        assert number in texts[page - 1]
        assert not duplex or page % 2 == 1
    under = [title for level, title, _ in marks if level == 1]
    assert under == ["封面", "卷内文件目录", "户情简介"] * 45
    book.close()


def test_one_household_needs_no_roll(tmp_path: Path) -> None:
    book = builders.workbook(tmp_path)
    with book.writing() as session:
        household_id = builders.household(session, 1).id
    run_to_completion(print_to_path(book, ArchiveJob([household_id], PARTS), tmp_path / "x.pdf"))
    assert [level for level, *_ in pdf_reader.bookmarks(tmp_path / "x.pdf")] == [0, 0, 0]
    book.close()


def test_a_name_of_several_words_stays_whole(tmp_path: Path) -> None:
    book = builders.workbook(tmp_path)
    with book.writing() as session:
        ids = [builders.household(session, 1, number=n).id for n in (1, 2)]
        session.scalars(select(Member).where(Member.household_id == ids[0])).one().name = "买买提 阿卜杜·江"
    run_to_completion(print_to_path(book, ArchiveJob(ids, PARTS), tmp_path / "x.pdf"))
    with pypdfium2.PdfDocument(tmp_path / "x.pdf") as document:
        text = document[0].get_textpage()
        lefts = [text.get_charbox(text.search(name).get_next()[0])[0] for name in ("陈卫国", "买买提", "3408281001")]
    name, first_word, number = lefts
    assert first_word > number + 40
    assert abs(first_word - name) < 40
    book.close()
