"""A print held against the record: by its PDF, a photograph of its cover, the scanned and the typed code."""

from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import pypdfium2
import pytest
from PIL import Image
from sqlalchemy import select

from app.archive import imprint
from app.archive.binder import preview, print_archives, sheets
from app.archive.sign import Sign
from app.archive.verifying import Verified, verify
from app.errors import OfficeError
from app.progress import finish
from app.records.history import history
from app.workbook.workbook import Workbook
from db.schema.archive import ArchivePrint
from db.schema.household import Household, Member
from tests import builders
from tests.app.archive import filled, reading
from tests.laptops import laptops, pull


@dataclass
class Desk:
    """A workbook, one of its households, and its archive on paper."""

    book: Workbook
    home: str
    pdf: Path

    def verify(self, what: str | Path) -> Verified:
        return finish(verify(self.book, what))

    def last(self) -> imprint.Imprint:
        with self.book.reading() as session:
            found = imprint.last_print(session, self.home)
        assert found is not None
        return found

    @property
    def sign(self) -> Sign:
        return Sign(self.last().file_no, self.last().content)


@pytest.fixture
def desk(tmp_path: Path) -> Iterator[Desk]:
    book = builders.workbook(tmp_path)
    with book.writing() as session:
        home = filled.full(session, photos=1).id
    finish(print_archives(book, [home], tmp_path / "户档.pdf"))
    yield Desk(book, home, tmp_path / "户档.pdf")
    book.close()


def photograph(pdf: Path, out: Path) -> Path:
    """The cover as a telephone sees it: turned a little, grey, unevenly lit."""
    with pypdfium2.PdfDocument(pdf) as document:
        image = document[0].render(scale=2.4).to_pil().convert("L")
    image = image.rotate(7, expand=True, fillcolor=120).point(lambda grey: 40 + grey * 0.6)
    image.save(out, "JPEG", quality=60)
    return out


def test_every_way_of_asking_finds_the_printing(desk: Desk, tmp_path: Path) -> None:
    asked = [desk.pdf, photograph(desk.pdf, tmp_path / "封面.jpg"), desk.sign.text, desk.sign.short]
    for what in asked:
        found = desk.verify(what)
        assert found.equal
        assert (found.household_id, found.head, found.printed_by) == (desk.home, "陈卫国", "王书记")
        assert "与工作簿里的记录一致" in found.sentence


def test_the_code_on_the_cover_is_the_record_of_the_printing(desk: Desk) -> None:
    last = desk.last()
    cover = reading.pages(desk.pdf)[0]
    assert last.short in cover
    assert f"档号：{last.file_no}" in cover
    assert last.pages == len(reading.pages(desk.pdf))
    assert last.by == "王书记"


def test_a_changed_value_is_named_with_its_part_and_its_moment(desk: Desk) -> None:
    with desk.book.writing() as session:
        session.get(Household, desk.home).phone = "13912345678"
    found = desk.verify(desk.pdf)
    assert not found.equal
    assert {one.name for one in found.differing} == {"overview", "information"}
    (change,) = found.changes
    assert change.label == "联系电话"
    assert "13912345678" not in change.after
    assert found.since == change.at
    assert "与记录已不一致" in found.sentence
    assert "户情简介" in found.sentence


def test_undone_the_paper_is_right_again(desk: Desk) -> None:
    for phone, equal in (("13912345678", False), ("13800138000", True)):
        with desk.book.writing() as session:
            session.get(Household, desk.home).phone = phone
        assert desk.verify(desk.pdf).equal is equal


def test_an_older_paper_says_that_there_is_a_newer_one(desk: Desk) -> None:
    with desk.book.writing() as session:
        session.scalars(select(ArchivePrint)).one().printed_at = "2018-08-10 10:00:00"
        session.get(Household, desk.home).phone = "13912345678"
    finish(sheets(desk.book, desk.home))
    found = desk.verify(desk.pdf)
    assert found.latest == desk.last().at
    assert "已重新打印过" in found.sentence
    assert desk.verify(desk.sign.text).equal


def test_to_look_is_not_to_print(desk: Desk) -> None:
    before = desk.last()
    with desk.book.writing() as session:
        session.get(Household, desk.home).phone = "13912345678"
    finish(preview(desk.book, desk.home))
    assert desk.last() == before
    finish(sheets(desk.book, desk.home))
    assert desk.last().content != before.content


def test_a_few_parts_are_held_against_the_same_parts(desk: Desk, tmp_path: Path) -> None:
    finish(print_archives(desk.book, [desk.home], tmp_path / "x.pdf", ["cover", "income"]))
    with desk.book.writing() as session:
        session.get(Household, desk.home).phone = "13912345678"
    assert desk.verify(tmp_path / "x.pdf").equal
    assert not desk.verify(desk.pdf).equal


def test_a_colleague_who_has_the_record_can_verify(desk: Desk, tmp_path: Path) -> None:
    folder = tmp_path / "两台"
    folder.mkdir()
    code = desk.sign.text
    desk.book.close()
    one, other = laptops(desk.book.path, folder, ["甲", "乙"])
    assert finish(verify(other, code)).equal
    with one.writing() as session:
        session.scalars(select(Member).order_by(Member.id)).first().name = "陈新名"
    finish(print_archives(one, [desk.home], tmp_path / "甲.pdf", ["overview"]))
    with pytest.raises(OfficeError, match="没有打印记录"):
        finish(verify(other, tmp_path / "甲.pdf"))
    pull(one, other)
    assert finish(verify(other, tmp_path / "甲.pdf")).equal
    assert not finish(verify(other, code)).equal
    one.close()
    other.close()


def test_a_code_of_another_village_is_not_known(desk: Desk) -> None:
    with pytest.raises(OfficeError, match="没有打印记录"):
        desk.verify(Sign("别村", "ab" * 16).text)


def test_a_file_number_that_was_exchanged_is_noticed(desk: Desk) -> None:
    with pytest.raises(OfficeError, match="对不上"):
        desk.verify(Sign("别的档号", desk.sign.content).text)


def test_a_household_that_was_withdrawn_is_a_sentence(desk: Desk) -> None:
    with desk.book.writing() as session:
        session.get(Household, desk.home).withdrawn = True
    with pytest.raises(OfficeError, match="已不在名单"):
        desk.verify(desk.pdf)


def test_files_without_a_code_are_sentences(desk: Desk, tmp_path: Path) -> None:
    with desk.book.writing() as session:
        second = builders.household(session, 1, number=2).id
    finish(print_archives(desk.book, [desk.home, second], tmp_path / "册.pdf", ["cover"]))
    finish(print_archives(desk.book, [desk.home], tmp_path / "锁.pdf", ["cover"], password="青山绿水2018"))
    Image.new("L", (300, 300), 255).save(tmp_path / "白.png")
    (tmp_path / "坏.pdf").write_bytes(b"%PDF-1.7 nothing")
    (tmp_path / "字.jpg").write_text("文字")
    for name, said in (
        ("册.pdf", "分别核对"), ("锁.pdf", "有密码"), ("白.png", "没有找到"), ("坏.pdf", "损坏"),
        ("字.jpg", "不是照片"), ("无.pdf", "读不了"),
    ):  # fmt: skip
        with pytest.raises(OfficeError, match=said):
            desk.verify(tmp_path / name)


def test_a_printing_stands_in_the_history_of_its_household(desk: Desk) -> None:
    with desk.book.reading() as session:
        (line,) = [one for one in history(session, desk.home) if one.table == "archive_print"]
    assert (line.label, line.operator) == ("新增", "王书记")
    assert "打印时间" in line.after
    assert desk.last().content not in line.after
