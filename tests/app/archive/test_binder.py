"""Whole volumes, read back: text, numbers, fonts, bookmarks, and what stays when something goes wrong."""

import re
import resource
import sys
from pathlib import Path

import pytest
from sqlalchemy import select

from app.archive.binder import MissingCharacters, preflight, preview, print_archives
from app.archive.catalogue import parts
from app.errors import OfficeError
from app.progress import finish
from app.workbook import preferences
from db.schema.exchange import Deed
from db.schema.household import Household, Member
from tests import builders
from tests.app.archive import reading
from tests.app.archive.conftest import Homes
from tests.app.archive.filled import RARE

HOSTILE = "<b>&amp;<img src='/etc/passwd'>\u202e%s{x}\\)(Tj ET\x00"


@pytest.fixture(scope="module")
def full(homes: Homes, tmp_path_factory: pytest.TempPathFactory) -> Path:
    out = tmp_path_factory.mktemp("out") / "户档.pdf"
    finish(print_archives(homes.workbook, [homes.full], out))
    return out


@pytest.fixture(scope="module")
def monster(homes: Homes) -> bytes:
    return finish(preview(homes.workbook, homes.monster))


def test_text_is_found_by_both_readers(full: Path) -> None:
    by_pdfium, by_pypdf = "".join(reading.pages(full)), reading.whole(full)
    for text in ("陈卫国", "340828100101001", "2018年8月10日", "47,699.50元", "****4567", "王书记", "按指印"):
        assert text in by_pdfium
        assert text in by_pypdf
    assert "6217788300001234567" not in by_pypdf


def test_rare_characters_are_searchable(monster: bytes) -> None:
    by_pdfium, by_pypdf = "".join(reading.pages(monster)), reading.whole(monster)
    for character in RARE:
        assert character in by_pdfium
        assert character in by_pypdf


@pytest.mark.parametrize("which", ["empty", "full", "monster"])
def test_pages_are_counted_right(homes: Homes, which: str) -> None:
    said = reading.pages(finish(preview(homes.workbook, getattr(homes, which))))
    numbered = {n: re.findall(r"第 (\d+) 页 共 (\d+) 页", text) for n, text in enumerate(said, 1)}
    assert numbered[1] == []
    assert numbered[len(said)] == []
    assert all(found == [(str(n), str(len(said)))] for n, found in numbered.items() if 1 < n < len(said))


@pytest.mark.parametrize("duplex", [False, True])
def test_the_table_of_contents_tells_the_truth(homes: Homes, duplex: bool) -> None:
    preferences.put(homes.workbook, "duplex", duplex)
    pdf = finish(preview(homes.workbook, homes.monster))
    preferences.put(homes.workbook, "duplex", False)
    said, begins = reading.pages(pdf), {title: page for _, title, page in reading.bookmarks(pdf)}
    listed = [part for part in parts() if part.listed and part.title in begins]
    contents = "".join(said[begins["卷内文件目录"] - 1 : begins["户情简介"] - 1])
    assert len(listed) >= 12
    for part in listed:
        at = begins[part.title]
        assert re.search(rf"{re.escape(part.title[:12])}.*?{at}", contents)
        assert not duplex or at % 2 == 1
        assert f"第 {at} 页" in said[at - 1]
    assert "目录" in contents


def test_bookmarks_lead_to_the_parts(full: Path) -> None:
    found = reading.bookmarks(full)
    said = reading.pages(full)
    assert [title for _, title, _ in found][:3] == ["封面", "卷内文件目录", "户情简介"]
    assert "户情简介" in said[found[2][2] - 1]
    assert {level for level, _, _ in found} == {0}


def test_all_fonts_are_embedded_and_text_has_a_meaning(full: Path) -> None:
    fonts = {}
    for page in reading.reader(full).pages:
        fonts |= {name: font.get_object() for name, font in page["/Resources"]["/Font"].items()}
    assert 3 <= len(fonts) <= 9
    for font in fonts.values():
        assert font["/Subtype"] == "/Type0"
        assert "/ToUnicode" in font
        assert "/FontFile2" in font["/DescendantFonts"][0]["/FontDescriptor"]


def test_properties_name_the_volume(full: Path) -> None:
    about = reading.reader(full).metadata
    assert about is not None
    assert about.title == "陈卫国户档案"
    assert about.author == "王书记"


def test_a_sheet_across_lies_across(homes: Homes) -> None:
    (page,) = reading.reader(finish(preview(homes.workbook, homes.full, ["members"]))).pages
    assert page.mediabox.width > page.mediabox.height


def test_only_chosen_parts_are_printed(homes: Homes) -> None:
    pdf = finish(preview(homes.workbook, homes.full, ["cover", "income"]))
    assert [title for _, title, _ in reading.bookmarks(pdf)] == ["封面", "收入核算表"]


def test_empty_parts_say_so_or_are_left_out(homes: Homes) -> None:
    pdf = finish(preview(homes.workbook, homes.empty))
    titles = [title for _, title, _ in reading.bookmarks(pdf)]
    assert "走访记录" in titles
    assert "照片页" not in titles
    assert "无" in reading.pages(pdf)[titles.index("走访记录")]


def test_hostile_text_prints_as_text(tmp_path: Path) -> None:
    book = builders.workbook(tmp_path)
    with book.writing() as session:
        home = builders.household(session, 2, situation=HOSTILE, address="X" * 10_000, note="](){}<<>>")
        session.scalars(select(Member).where(Member.household_id == home.id)).first().name = f"<b>{'名' * 3000}"
        home_id = home.id
    pdf = finish(preview(book, home_id))
    text = reading.whole(pdf)
    assert "<b>&amp;<imgsrc='/etc/passwd'>%s{x}\\)(TjET" in text
    assert text.count("名") >= 3000
    assert text.count("X") >= 10_000
    assert not any("/XObject" in page["/Resources"] for page in reading.reader(pdf).pages)
    book.close()


def test_a_folder_gets_one_file_a_household(homes: Homes, tmp_path: Path) -> None:
    printed = finish(print_archives(homes.workbook, [homes.full, homes.empty], tmp_path / "档案"))
    assert sorted(path.name for path in (tmp_path / "档案").iterdir()) == [
        "340828100101001_陈卫国.pdf",
        "340828100101003_户主未填.pdf",
    ]
    assert printed.households == 2
    assert printed.pages == sum(len(reading.pages(file)) for file in printed.files)


def test_a_volume_numbers_each_household_for_itself(homes: Homes, tmp_path: Path) -> None:
    out = tmp_path / "全村.pdf"
    printed = finish(print_archives(homes.workbook, [homes.full, homes.empty], out))
    said, marks = reading.pages(out), reading.bookmarks(out)
    homes_marked = [(title, page) for level, title, page in marks if level == 0]
    assert [title for title, _ in homes_marked] == ["总目录", "340828100101001 陈卫国", "340828100101003 （户主未填）"]
    front, first, second = (page for _, page in homes_marked)
    assert (front, first) == (1, 2)
    assert f"第 2 页 共 {second - first} 页" in said[first]
    assert f"第 2 页 共 {len(said) - second + 1} 页" in said[second]
    assert printed.pages == len(said) - 1


def test_names_of_files_never_hold_an_id_number(tmp_path: Path) -> None:
    book = builders.workbook(tmp_path)
    with book.writing() as session:
        first = builders.household(session, 1, number=1)
        second = builders.household(session, 1, number=2, household_no="CON")
        for home, name in ((first, 'a/b:"陈"340888197001020019'), (second, "..")):
            session.scalars(select(Member).where(Member.household_id == home.id)).one().name = name
        chosen = [first.id, second.id]
    finish(print_archives(book, chosen, tmp_path / "out", ["cover"]))
    assert sorted(path.name for path in (tmp_path / "out").iterdir()) == ["340828100101001_ab陈.pdf", "_CON.pdf"]
    book.close()


def test_two_of_one_name_get_two_files(tmp_path: Path) -> None:
    book = builders.workbook(tmp_path)
    with book.writing() as session:
        ids = [builders.household(session, 1, number=n, household_no="1234567").id for n in (1, 2)]
    printed = finish(print_archives(book, ids, tmp_path / "out", ["cover"]))
    assert [path.name for path in printed.files] == ["1234567_陈卫国.pdf", "1234567_陈卫国_2.pdf"]
    book.close()


@pytest.mark.parametrize("steps", [1, 2, 3])
def test_cancelled_nothing_is_left(homes: Homes, tmp_path: Path, steps: int) -> None:
    (tmp_path / "old.pdf").write_bytes(b"old")
    for out in (tmp_path / "new" / "folder", tmp_path / "old.pdf"):
        work = print_archives(homes.workbook, [homes.empty, homes.full], out)
        for _ in range(steps):
            next(work)
        work.close()
    assert [path.name for path in tmp_path.iterdir()] == ["old.pdf"]
    assert (tmp_path / "old.pdf").read_bytes() == b"old"


def test_a_place_that_cannot_be_written_to_is_a_sentence(homes: Homes, tmp_path: Path) -> None:
    (tmp_path / "file").write_text("")
    for out in (tmp_path / "file" / "x.pdf", tmp_path / "file"):
        with pytest.raises(OfficeError, match="不能写到"):
            finish(print_archives(homes.workbook, [homes.empty], out))


@pytest.mark.skipif(sys.platform == "win32", reason="no limits on file sizes there")
def test_a_full_disk_leaves_nothing(homes: Homes, tmp_path: Path) -> None:
    before = resource.getrlimit(resource.RLIMIT_FSIZE)
    resource.setrlimit(resource.RLIMIT_FSIZE, (100_000, before[1]))
    try:
        with pytest.raises(OfficeError, match="磁盘已满"):
            finish(print_archives(homes.workbook, [homes.full], tmp_path / "x.pdf"))
    finally:
        resource.setrlimit(resource.RLIMIT_FSIZE, before)
    assert list(tmp_path.iterdir()) == []


def test_no_household_and_a_gone_household_are_sentences(homes: Homes, tmp_path: Path) -> None:
    with pytest.raises(OfficeError, match="没有选择"):
        finish(print_archives(homes.workbook, [], tmp_path / "x.pdf"))
    with pytest.raises(OfficeError, match="已不在名单"):
        finish(print_archives(homes.workbook, ["0" * 32], tmp_path / "x.pdf"))
    assert list(tmp_path.iterdir()) == []


def test_printing_is_logged_without_names(homes: Homes, tmp_path: Path) -> None:
    finish(print_archives(homes.workbook, [homes.full, homes.empty], tmp_path / "x.pdf", ["cover"]))
    with homes.workbook.reading() as session:
        deed = session.scalars(select(Deed).order_by(Deed.n.desc())).first()
        assert deed is not None
        assert (deed.what, deed.how_many, deed.operator) == ("打印一户一档", 2, "王书记")


def test_characters_no_font_has_are_named_before_anything_is_printed(tmp_path: Path) -> None:
    book = builders.workbook(tmp_path)
    with book.writing() as session:
        home = builders.household(session, 2)
        session.scalars(select(Member).where(Member.relation == "配偶")).one().name = "李\ue123"
        home_id = home.id
    (found,) = finish(preflight(book, [home_id]))
    assert (found.household, found.about, found.label) == ("陈卫国", "家庭成员 李\ue123 ", "姓名")
    assert found.characters == ("\ue123",)
    out = tmp_path / "x.pdf"
    with pytest.raises(MissingCharacters, match=r"陈卫国.*U\+E123"):
        finish(print_archives(book, [home_id], out))
    assert not out.exists()
    finish(print_archives(book, [home_id], out, spell_missing=True))
    assert "李〔U+E123〕" in reading.whole(out)
    book.close()


def test_rare_names_pass_the_preflight(homes: Homes) -> None:
    assert finish(preflight(homes.workbook, homes.all())) == []


def test_a_withdrawn_household_is_not_printed(tmp_path: Path) -> None:
    book = builders.workbook(tmp_path)
    with book.writing() as session:
        home_id = builders.household(session, 1, withdrawn=True).id
    with pytest.raises(OfficeError, match="已不在名单"):
        finish(preview(book, home_id))
    with book.reading() as session:
        assert session.get(Household, home_id) is not None
    book.close()
