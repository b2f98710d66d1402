"""A print held against the record: by its PDF, a photograph of its cover, the scanned and the typed code."""

from collections.abc import Iterator
from contextlib import closing
from dataclasses import dataclass
from pathlib import Path
from shutil import copy

import pypdfium2
import pytest
from PIL import Image
from sqlalchemy import select

from app.errors import UserError
from app.printing import print_record
from app.printing.archive_job import ArchiveJob
from app.printing.pipeline import preview, print_on_device, print_to_path
from app.printing.print_job import PrintOptions
from app.printing.verify import VerificationResult, verify
from app.progress import run_to_completion
from app.records.history import household_history
from app.reports.verification_code import VerificationCode
from app.workbook import access
from app.workbook.workbook import Workbook
from db.schema.archive import ArchivePrint
from db.schema.household import Household, Member
from tests import builders, full_household, pdf_reader
from tests.machine_memory import remembering_in
from tests.replicas import make_replicas, sync


@dataclass
class PrintedArchive:
    """A workbook, one of its households, and its archive on paper."""

    book: Workbook
    household_id: str
    pdf: Path

    def verify(self, what: str | Path) -> VerificationResult:
        return run_to_completion(verify(self.book, what))

    def last_print(self) -> print_record.PrintRecord:
        with self.book.reading() as session:
            result = print_record.latest_print(session, self.household_id)
        assert result is not None
        return result

    @property
    def verification_code(self) -> VerificationCode:
        return VerificationCode(self.last_print().file_no, self.last_print().content)


def print_pages(pdf: bytes) -> Iterator[int]:
    """A printer that takes every page."""
    yield from range(1, len(pdf_reader.page_texts(pdf)) + 1)


@pytest.fixture(scope="module")
def closed_archive(tmp_path_factory: pytest.TempPathFactory) -> tuple[Path, str, Path]:
    """The workbook's file, its household and the print: to be copied and not to be opened."""
    folder = tmp_path_factory.mktemp("archive")
    with remembering_in(folder), closing(builders.workbook(folder)) as book:
        with book.writing() as session:
            household_id = full_household.add_full_household(session, photos=1).id
        run_to_completion(print_to_path(book, ArchiveJob([household_id]), folder / "户档.pdf"))
    return book.path, household_id, folder / "户档.pdf"


@pytest.fixture
def printed_archive(tmp_path: Path, closed_archive: tuple[Path, str, Path]) -> Iterator[PrintedArchive]:
    path, household_id, pdf = closed_archive
    with closing(access.unlock(Path(copy(path, tmp_path)), builders.PASSPHRASE)) as book:
        yield PrintedArchive(book, household_id, Path(copy(pdf, tmp_path)))


def photograph_page(pdf: Path, out: Path) -> Path:
    """The cover as a telephone sees it: turned a little, grey, unevenly lit."""
    with pypdfium2.PdfDocument(pdf) as document:
        image = document[0].render(scale=2.4).to_pil().convert("L")
    image = image.rotate(7, expand=True, fillcolor=120).point(lambda grey: 40 + grey * 0.6)
    image.save(out, "JPEG", quality=60)
    return out


def test_every_way_of_asking_finds_the_printing(printed_archive: PrintedArchive, tmp_path: Path) -> None:
    inputs = [
        printed_archive.pdf,
        photograph_page(printed_archive.pdf, tmp_path / "封面.jpg"),
        printed_archive.verification_code.payload,
        printed_archive.verification_code.short_code,
    ]
    for what in inputs:
        result = printed_archive.verify(what)
        assert result.matches
        assert (result.household_id, result.head_name, result.printed_by) == (
            printed_archive.household_id,
            "陈卫国",
            "王书记",
        )
        assert "与工作簿里的记录一致" in result.message


def test_the_code_on_the_cover_is_the_record_of_the_printing(printed_archive: PrintedArchive) -> None:
    last = printed_archive.last_print()
    cover = pdf_reader.page_texts(printed_archive.pdf)[0]
    assert last.short_code in cover
    assert f"档号：{last.file_no}" in cover
    assert last.pages == len(pdf_reader.page_texts(printed_archive.pdf))
    assert last.printed_by == "王书记"


def test_a_changed_value_is_named_with_its_part_and_its_moment(printed_archive: PrintedArchive) -> None:
    with printed_archive.book.writing() as session:
        session.get(Household, printed_archive.household_id).phone = "13912345678"
    result = printed_archive.verify(printed_archive.pdf)
    assert not result.matches
    assert {one.name for one in result.changed_parts} == {"overview", "information"}
    (change,) = result.changes
    assert change.label == "联系电话"
    assert "13912345678" not in change.after
    assert result.first_changed_at == change.at
    assert "与记录已不一致" in result.message
    assert "户情简介" in result.message


def test_undone_the_paper_is_right_again(printed_archive: PrintedArchive) -> None:
    for phone, equal in (("13912345678", False), ("13800138000", True)):
        with printed_archive.book.writing() as session:
            session.get(Household, printed_archive.household_id).phone = phone
        assert printed_archive.verify(printed_archive.pdf).matches is equal


def test_an_older_paper_says_that_there_is_a_newer_one(printed_archive: PrintedArchive) -> None:
    with printed_archive.book.writing() as session:
        session.scalars(select(ArchivePrint)).one().printed_at = "2018-08-10 10:00:00"
        session.get(Household, printed_archive.household_id).phone = "13912345678"
    run_to_completion(print_on_device(printed_archive.book, ArchiveJob([printed_archive.household_id]), print_pages))
    result = printed_archive.verify(printed_archive.pdf)
    assert result.reprinted_at == printed_archive.last_print().printed_at
    assert "已重新打印过" in result.message
    assert printed_archive.verify(printed_archive.verification_code.payload).matches


def test_to_look_is_not_to_print(printed_archive: PrintedArchive) -> None:
    before = printed_archive.last_print()
    with printed_archive.book.writing() as session:
        session.get(Household, printed_archive.household_id).phone = "13912345678"
    run_to_completion(preview(printed_archive.book, ArchiveJob([printed_archive.household_id])))
    assert printed_archive.last_print() == before
    run_to_completion(print_on_device(printed_archive.book, ArchiveJob([printed_archive.household_id]), print_pages))
    assert printed_archive.last_print().content != before.content


def test_a_few_parts_are_held_against_the_same_parts(printed_archive: PrintedArchive, tmp_path: Path) -> None:
    run_to_completion(
        print_to_path(
            printed_archive.book, ArchiveJob([printed_archive.household_id], ["cover", "income"]), tmp_path / "x.pdf"
        )
    )
    with printed_archive.book.writing() as session:
        session.get(Household, printed_archive.household_id).phone = "13912345678"
    assert printed_archive.verify(tmp_path / "x.pdf").matches
    assert not printed_archive.verify(printed_archive.pdf).matches


def test_a_colleague_who_has_the_record_can_verify(printed_archive: PrintedArchive, tmp_path: Path) -> None:
    folder = tmp_path / "两台"
    folder.mkdir()
    code = printed_archive.verification_code.payload
    printed_archive.book.close()
    one, other = make_replicas(printed_archive.book.path, folder, ["甲", "乙"])
    assert run_to_completion(verify(other, code)).matches
    with one.writing() as session:
        session.scalars(select(Member).order_by(Member.id)).first().name = "陈新名"
    run_to_completion(print_to_path(one, ArchiveJob([printed_archive.household_id], ["overview"]), tmp_path / "甲.pdf"))
    with pytest.raises(UserError, match="没有打印记录"):
        run_to_completion(verify(other, tmp_path / "甲.pdf"))
    sync(one, other)
    assert run_to_completion(verify(other, tmp_path / "甲.pdf")).matches
    assert not run_to_completion(verify(other, code)).matches
    one.close()
    other.close()


def test_a_code_of_another_village_is_not_known(printed_archive: PrintedArchive) -> None:
    with pytest.raises(UserError, match="没有打印记录"):
        printed_archive.verify(VerificationCode("别村", "ab" * 16).payload)


def test_a_file_number_that_was_exchanged_is_noticed(printed_archive: PrintedArchive) -> None:
    with pytest.raises(UserError, match="对不上"):
        printed_archive.verify(VerificationCode("别的档号", printed_archive.verification_code.content).payload)


def test_a_household_that_was_withdrawn_is_a_sentence(printed_archive: PrintedArchive) -> None:
    with printed_archive.book.writing() as session:
        session.get(Household, printed_archive.household_id).withdrawn = True
    with pytest.raises(UserError, match="已不在名单"):
        printed_archive.verify(printed_archive.pdf)


def test_files_without_a_code_are_sentences(printed_archive: PrintedArchive, tmp_path: Path) -> None:
    with printed_archive.book.writing() as session:
        second = builders.household(session, 1, number=2).id
    run_to_completion(
        print_to_path(
            printed_archive.book, ArchiveJob([printed_archive.household_id, second], ["cover"]), tmp_path / "册.pdf"
        )
    )
    run_to_completion(
        print_to_path(
            printed_archive.book,
            ArchiveJob([printed_archive.household_id], ["cover"]),
            tmp_path / "锁.pdf",
            PrintOptions(password="青山绿水2018"),
        )
    )
    Image.new("L", (300, 300), 255).save(tmp_path / "白.png")
    (tmp_path / "坏.pdf").write_bytes(b"%PDF-1.7 nothing")
    (tmp_path / "字.jpg").write_text("文字")
    for name, expected_texts in (
        ("册.pdf", "分别核对"), ("锁.pdf", "有密码"), ("白.png", "没有找到"), ("坏.pdf", "损坏"),
        ("字.jpg", "不是照片"), ("无.pdf", "读不了"),
    ):  # fmt: skip
        with pytest.raises(UserError, match=expected_texts):
            printed_archive.verify(tmp_path / name)


def test_a_printing_stands_in_the_history_of_its_household(printed_archive: PrintedArchive) -> None:
    with printed_archive.book.reading() as session:
        (line,) = [
            one for one in household_history(session, printed_archive.household_id) if one.table == "archive_print"
        ]
    assert (line.label, line.operator) == ("新增", "王书记")
    assert "打印时间" in line.after
    assert printed_archive.last_print().content not in line.after
