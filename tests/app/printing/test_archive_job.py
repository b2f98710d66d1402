"""Whole volumes, read back: text, numbers, fonts, bookmarks, and what stays when something goes wrong."""

import re
import resource
import sys
from pathlib import Path

import pytest
from sqlalchemy import select

from app.errors import UserError
from app.printing.archive_job import ArchiveJob
from app.printing.pipeline import preview, print_to_path
from app.progress import run_to_completion
from app.reports.catalogue import parts
from app.workbook import preferences
from db.schema.exchange import AuditEntry
from db.schema.household import Household, Member
from tests import builders, pdf_reader
from tests.app.conftest import SampleHouseholds
from tests.full_household import RARE

HOSTILE = "<b>&amp;<img src='/etc/passwd'>\u202e%s{x}\\)(Tj ET\x00"


@pytest.fixture(scope="module")
def full(sample_households: SampleHouseholds, tmp_path_factory: pytest.TempPathFactory) -> Path:
    out = tmp_path_factory.mktemp("out") / "户档.pdf"
    run_to_completion(print_to_path(sample_households.workbook, ArchiveJob([sample_households.full]), out))
    return out


@pytest.fixture(scope="module")
def monster(sample_households: SampleHouseholds) -> bytes:
    return run_to_completion(preview(sample_households.workbook, ArchiveJob([sample_households.monster])))


def test_text_is_found_by_both_readers(full: Path) -> None:
    by_pdfium, by_pypdf = "".join(pdf_reader.page_texts(full)), pdf_reader.full_text_by_pypdf(full)
    for text in ("陈卫国", "340828100101001", "2018年8月10日", "47,699.50元", "****4567", "王书记", "按指印"):
        assert text in by_pdfium
        assert text in by_pypdf
    assert "6217788300001234567" not in by_pypdf


def test_rare_characters_are_searchable(monster: bytes) -> None:
    by_pdfium, by_pypdf = "".join(pdf_reader.page_texts(monster)), pdf_reader.full_text_by_pypdf(monster)
    for character in RARE:
        assert character in by_pdfium
        assert character in by_pypdf


@pytest.mark.parametrize("which", ["empty", "full", "monster"])
def test_pages_are_counted_right(sample_households: SampleHouseholds, which: str) -> None:
    texts = pdf_reader.page_texts(
        run_to_completion(preview(sample_households.workbook, ArchiveJob([getattr(sample_households, which)])))
    )
    numbered = {n: re.findall(r"第 (\d+) 页 共 (\d+) 页", text) for n, text in enumerate(texts, 1)}
    assert numbered[1] == []
    assert numbered[len(texts)] == []
    assert all(missing == [(str(n), str(len(texts)))] for n, missing in numbered.items() if 1 < n < len(texts))


@pytest.mark.parametrize("duplex", [False, True])
def test_the_table_of_contents_tells_the_truth(sample_households: SampleHouseholds, duplex: bool) -> None:
    preferences.save(sample_households.workbook, "duplex", duplex)
    pdf = run_to_completion(preview(sample_households.workbook, ArchiveJob([sample_households.monster])))
    preferences.save(sample_households.workbook, "duplex", False)
    texts, begins = pdf_reader.page_texts(pdf), {title: page for _, title, page in pdf_reader.bookmarks(pdf)}
    listed_parts = [part for part in parts() if part.listed and part.title in begins]
    contents = "".join(texts[begins["卷内文件目录"] - 1 : begins["户情简介"] - 1])
    assert len(listed_parts) >= 12
    numbers = ["", *pdf_reader.corner_numbers(pdf, duplex)[1:]]  # the cover has the volume's own number there
    assert [number for number in numbers if number] == [str(n) for n in range(1, sum(map(bool, numbers)) + 1)]
    for title in ("封面", "卷内文件目录", "卷内备考表"):
        assert numbers[begins[title] - 1] == ""  # not counted
    for part in listed_parts:
        at = begins[part.title]
        assert re.search(rf"{re.escape(part.title[:12])}.*?{numbers[at - 1]}", contents)
        assert not duplex or at % 2 == 1
        assert f"第 {at} 页" in texts[at - 1]
    assert "目录" in contents


def test_bookmarks_lead_to_the_parts(full: Path) -> None:
    missing = pdf_reader.bookmarks(full)
    texts = pdf_reader.page_texts(full)
    assert [title for _, title, _ in missing][:3] == ["封面", "卷内文件目录", "户情简介"]
    assert "户情简介" in texts[missing[2][2] - 1]
    assert {level for level, _, _ in missing} == {0}


def test_all_fonts_are_embedded_and_text_has_a_meaning(full: Path) -> None:
    fonts = {}
    for page in pdf_reader.reader(full).pages:
        fonts |= {name: font.get_object() for name, font in page["/Resources"]["/Font"].items()}
    assert 3 <= len(fonts) <= 9
    for font in fonts.values():
        assert font["/Subtype"] == "/Type0"
        assert "/ToUnicode" in font
        assert "/FontFile2" in font["/DescendantFonts"][0]["/FontDescriptor"]


def test_properties_name_the_volume(full: Path) -> None:
    about = pdf_reader.reader(full).metadata
    assert about is not None
    assert about.title == "陈卫国户档案"
    assert about.author == "王书记"


def test_a_sheet_across_lies_across(sample_households: SampleHouseholds) -> None:
    (page,) = pdf_reader.reader(
        run_to_completion(preview(sample_households.workbook, ArchiveJob([sample_households.full], ["members"])))
    ).pages
    assert page.mediabox.width > page.mediabox.height


def test_only_chosen_parts_are_printed(sample_households: SampleHouseholds) -> None:
    pdf = run_to_completion(
        preview(sample_households.workbook, ArchiveJob([sample_households.full], ["cover", "income"]))
    )
    assert [title for _, title, _ in pdf_reader.bookmarks(pdf)] == ["封面", "收入核算表"]


def test_empty_parts_say_so_or_are_left_out(sample_households: SampleHouseholds) -> None:
    pdf = run_to_completion(preview(sample_households.workbook, ArchiveJob([sample_households.empty])))
    titles = [title for _, title, _ in pdf_reader.bookmarks(pdf)]
    assert "走访记录" in titles
    assert "照片页" not in titles
    assert "无" in pdf_reader.page_texts(pdf)[titles.index("走访记录")]


def test_hostile_text_prints_as_text(tmp_path: Path) -> None:
    book = builders.workbook(tmp_path)
    with book.writing() as session:
        household = builders.household(session, 2, situation=HOSTILE, address="X" * 10_000, note="](){}<<>>")
        session.scalars(select(Member).where(Member.household_id == household.id)).first().name = f"<b>{'名' * 3000}"
        home_id = household.id
    pdf = run_to_completion(preview(book, ArchiveJob([home_id])))
    text = pdf_reader.full_text(pdf)
    assert "<b>&amp;<imgsrc='/etc/passwd'>%s{x}\\)(TjET" in text
    assert text.count("名") >= 3000
    assert text.count("X") >= 10_000
    assert not any("/XObject" in page["/Resources"] for page in pdf_reader.reader(pdf).pages)
    book.close()


def test_a_folder_gets_one_file_a_household(sample_households: SampleHouseholds, tmp_path: Path) -> None:
    printed = run_to_completion(
        print_to_path(
            sample_households.workbook, ArchiveJob([sample_households.full, sample_households.empty]), tmp_path / "档案"
        )
    )
    assert sorted(path.name for path in (tmp_path / "档案").iterdir()) == [
        "340828100101001_陈卫国.pdf",
        "340828100101003_户主未填.pdf",
    ]
    assert printed.documents == 2
    assert printed.pages == sum(len(pdf_reader.page_texts(file)) for file in printed.files)


def test_a_volume_numbers_each_household_for_itself(sample_households: SampleHouseholds, tmp_path: Path) -> None:
    out = tmp_path / "全村.pdf"
    printed = run_to_completion(
        print_to_path(sample_households.workbook, ArchiveJob([sample_households.full, sample_households.empty]), out)
    )
    texts, marks = pdf_reader.page_texts(out), pdf_reader.bookmarks(out)
    homes_marked = [(title, page) for level, title, page in marks if level == 0]
    assert [title for title, _ in homes_marked] == ["总目录", "340828100101001 陈卫国", "340828100101003 （户主未填）"]
    front, first, second = (page for _, page in homes_marked)
    assert (front, first) == (1, 2)
    assert printed.pages == len(texts) - 1
    contents, corners = re.sub(r"\s", "", texts[0]), pdf_reader.corner_numbers(out)
    lines = zip(homes_marked[1:], (second, len(texts) + 1), ("2340828100101003", "“首页”"), strict=True)
    for (title, begin), end, next_line in lines:
        assert re.search(rf"{re.escape(title.replace(' ', ''))}\D+{end - begin}{begin}{next_line}", contents)
        assert {
            total for text in texts[begin - 1 : end - 1] for total in re.findall(r"第 \d+ 页 共 (\d+) 页", text)
        } == {str(end - begin)}
        counted = [corner for corner in corners[begin : end - 1] if corner]  # the cover has another number there
        stated = re.search(r"共\s*(\d+)\s*件、\s*(\d+)\s*页", "".join(texts[begin - 1 : end - 1]))
        assert stated is not None
        assert int(stated[2]) == len(counted) == int(counted[-1])


def test_names_of_files_never_hold_an_id_number(tmp_path: Path) -> None:
    book = builders.workbook(tmp_path)
    with book.writing() as session:
        first = builders.household(session, 1, number=1)
        second = builders.household(session, 1, number=2, household_no="CON")
        for household, name in ((first, 'a/b:"陈"340888197001020019'), (second, "..")):
            session.scalars(select(Member).where(Member.household_id == household.id)).one().name = name
        household_ids = [first.id, second.id]
    run_to_completion(print_to_path(book, ArchiveJob(household_ids, ["cover"]), tmp_path / "out"))
    assert sorted(path.name for path in (tmp_path / "out").iterdir()) == ["340828100101001_ab陈.pdf", "_CON.pdf"]
    book.close()


def test_two_of_one_name_get_two_files(tmp_path: Path) -> None:
    book = builders.workbook(tmp_path)
    with book.writing() as session:
        ids = [builders.household(session, 1, number=n, household_no="1234567").id for n in (1, 2)]
    printed = run_to_completion(print_to_path(book, ArchiveJob(ids, ["cover"]), tmp_path / "out"))
    assert [path.name for path in printed.files] == ["1234567_陈卫国.pdf", "1234567_陈卫国_2.pdf"]
    book.close()


@pytest.mark.parametrize("steps", [1, 2, 3])
def test_cancelled_nothing_is_left(sample_households: SampleHouseholds, tmp_path: Path, steps: int) -> None:
    (tmp_path / "old.pdf").write_bytes(b"old")
    for out in (tmp_path / "new" / "folder", tmp_path / "old.pdf"):
        task = print_to_path(
            sample_households.workbook, ArchiveJob([sample_households.empty, sample_households.full]), out
        )
        for _ in range(steps):
            next(task)
        task.close()
    assert [path.name for path in tmp_path.iterdir()] == ["old.pdf"]
    assert (tmp_path / "old.pdf").read_bytes() == b"old"


def test_a_place_that_cannot_be_written_to_is_a_sentence(sample_households: SampleHouseholds, tmp_path: Path) -> None:
    (tmp_path / "file").write_text("")
    for out in (tmp_path / "file" / "x.pdf", tmp_path / "file"):
        with pytest.raises(UserError, match="不能写到"):
            run_to_completion(print_to_path(sample_households.workbook, ArchiveJob([sample_households.empty]), out))


@pytest.mark.skipif(sys.platform == "win32", reason="no limits on file sizes there")
def test_a_full_disk_leaves_nothing(sample_households: SampleHouseholds, tmp_path: Path) -> None:
    before = resource.getrlimit(resource.RLIMIT_FSIZE)
    resource.setrlimit(resource.RLIMIT_FSIZE, (100_000, before[1]))
    try:
        with pytest.raises(UserError, match="磁盘已满"):
            run_to_completion(
                print_to_path(sample_households.workbook, ArchiveJob([sample_households.full]), tmp_path / "x.pdf")
            )
    finally:
        resource.setrlimit(resource.RLIMIT_FSIZE, before)
    assert list(tmp_path.iterdir()) == []


def test_no_household_and_a_gone_household_are_sentences(sample_households: SampleHouseholds, tmp_path: Path) -> None:
    with pytest.raises(UserError, match="没有选择"):
        run_to_completion(print_to_path(sample_households.workbook, ArchiveJob([]), tmp_path / "x.pdf"))
    with pytest.raises(UserError, match="已不在名单"):
        run_to_completion(print_to_path(sample_households.workbook, ArchiveJob(["0" * 32]), tmp_path / "x.pdf"))
    assert list(tmp_path.iterdir()) == []


def test_printing_is_logged_without_names(sample_households: SampleHouseholds, tmp_path: Path) -> None:
    run_to_completion(
        print_to_path(
            sample_households.workbook,
            ArchiveJob([sample_households.full, sample_households.empty], ["cover"]),
            tmp_path / "x.pdf",
        )
    )
    with sample_households.workbook.reading() as session:
        audit_entry = session.scalars(select(AuditEntry).order_by(AuditEntry.n.desc())).first()
        assert audit_entry is not None
        assert (audit_entry.what, audit_entry.how_many, audit_entry.operator) == ("打印一户一档", 2, "王书记")


def test_a_withdrawn_household_is_not_printed(tmp_path: Path) -> None:
    book = builders.workbook(tmp_path)
    with book.writing() as session:
        home_id = builders.household(session, 1, withdrawn=True).id
    with pytest.raises(UserError, match="已不在名单"):
        run_to_completion(preview(book, ArchiveJob([home_id])))
    with book.reading() as session:
        assert session.get(Household, home_id) is not None
    book.close()
