"""Choosing, previewing, saving and printing archives on the real window."""

import pytest
from PySide6.QtCore import Qt
from PySide6.QtPrintSupport import QPrinter
from PySide6.QtTest import QTest
from sqlalchemy import select

from db.schema.household import Household, Member
from tests.app.archive import reading
from tests.builders import VILLAGE
from tests.ui.conftest import settle

HOMES = [Household.id_of(f"{VILLAGE.code}{number:03}") for number in (1, 2, 3)]


@pytest.fixture
def page(qtbot, window):
    window.open("archive")
    return calm(qtbot, window)


def calm(qtbot, window):
    """Reading the list asks for a preview a moment later."""
    settle(qtbot, window)
    page = window.page("archive")
    qtbot.waitUntil(lambda: not page._pause.isActive())
    settle(qtbot, window)
    return page


def tick(page, *names):
    page.material.every.setChecked(False)
    for n in range(page.material.parts.count()):
        if page.material.parts.item(n).data(Qt.ItemDataRole.UserRole) in names:
            page.material.parts.item(n).setCheckState(Qt.CheckState.Checked)


def test_the_first_household_is_shown_at_once(page):
    assert page.homes.table.shown_ids() == HOMES
    assert page.preview.pages > 5
    assert page.material.sections() is None


def test_opened_about_a_household_it_alone_is_chosen(qtbot, window, page):
    window.open("archive", household=HOMES[1])
    page = calm(qtbot, window)
    assert page.homes.table.chosen() == [HOMES[1]]
    assert page.homes.count.text() == "选中 1 户，列表 3 户"


def test_opened_about_several_households_just_these_are_chosen(qtbot, window, page):
    window.open("archive", household=HOMES[2], households=(HOMES[0], HOMES[2]))
    page = calm(qtbot, window)
    assert page.homes.table.chosen() == [HOMES[0], HOMES[2]]
    assert page.homes.count.text() == "选中 2 户，列表 3 户"


def test_ticking_parts_changes_the_preview(qtbot, window, page):
    whole = page.preview.pages
    tick(page, "cover", "information")
    calm(qtbot, window)
    assert page.material.sections() == ["cover", "information"]
    assert 2 <= page.preview.pages < whole
    page.material.every.setChecked(True)
    calm(qtbot, window)
    assert page.preview.pages == whole
    page.material.every.setChecked(False)
    calm(qtbot, window)
    assert page.preview.pages == 0


def test_a_change_is_seen_in_the_preview(qtbot, window, page, book):
    before = page.preview.pages
    with book.writing() as session:
        session.get(Household, HOMES[0]).situation = "长" * 9000
    calm(qtbot, window)
    assert page.preview.pages > before


def test_the_list_is_searched_by_name_number_and_group(qtbot, window, page):
    page.homes.search.setText("002")
    assert page.homes.table.shown_ids() == [HOMES[1]]
    page.homes.search.setText("")
    page.homes.group.setCurrentText("下屋组")
    assert len(page.homes.table.shown_ids()) == 3
    page.homes.search.setText("没有这户")
    assert page.homes.table.shown_ids() == []
    assert page.homes.count.text() == "选中 0 户，列表 0 户"


def test_one_household_is_saved_as_one_file(qtbot, window, page, tmp_path):
    page.save(tmp_path / "一户.pdf")
    settle(qtbot, window)
    said = window.notices.last[-1]
    pages = len(reading.pages(tmp_path / "一户.pdf"))
    assert said.startswith(f"已保存 1 户、{pages} 页：一户.pdf")


def test_all_households_are_saved_into_a_folder(qtbot, window, page, tmp_path):
    QTest.keyClick(page.homes.table, Qt.Key.Key_A, Qt.KeyboardModifier.ControlModifier)
    assert page.form.isEnabled()
    tick(page, "cover")
    page.save(tmp_path / "档案")
    settle(qtbot, window)
    assert len(list((tmp_path / "档案").iterdir())) == 3


def test_nothing_chosen_is_said(qtbot, window, page, tmp_path):
    page.homes.table.clearSelection()
    page.save(tmp_path / "x.pdf")
    assert "请先选择要打印的户" in window.notices.last[-1]
    page.homes.choose_all()
    page.material.every.setChecked(False)
    page.save(tmp_path / "x.pdf")
    assert window.notices.last[-1] == "请至少勾选一种材料。"
    assert not (tmp_path / "x.pdf").exists()


def test_a_place_that_cannot_be_written_to_is_said(qtbot, window, page, tmp_path):
    (tmp_path / "file").write_text("")
    page.save(tmp_path / "file" / "x.pdf")
    settle(qtbot, window)
    assert "不能写到" in window.notices.last[-1]


def test_characters_no_font_has_are_asked_about(qtbot, window, page, book, tmp_path):
    with book.writing() as session:
        session.scalars(select(Member).where(Member.household_id == HOMES[0])).first().note = "\ue123"
    calm(qtbot, window)
    out = tmp_path / "x.pdf"
    page.save(out)
    settle(qtbot, window)
    assert page.lacking.isVisible()
    assert "U+E123" in page.lacking.said.text()
    assert not out.exists()
    page.lacking.spell.click()
    settle(qtbot, window)
    assert not page.lacking.isVisible()
    assert "〔U+E123〕" in reading.whole(out)


def test_printing_draws_every_page_the_way_it_lies(qtbot, window, page, tmp_path):
    printer = QPrinter(QPrinter.PrinterMode.HighResolution)
    printer.setOutputFormat(QPrinter.OutputFormat.PdfFormat)
    printer.setOutputFileName(str(tmp_path / "paper.pdf"))
    tick(page, "cover", "members")
    page.print_on(printer)
    settle(qtbot, window)
    sides = [page.mediabox for page in reading.reader(tmp_path / "paper.pdf").pages]
    assert [box.width > box.height for box in sides] == [False, True]
    assert window.notices.last[-1] == "已送打印机：1 户、2 页。"


def test_a_long_print_can_be_cancelled(qtbot, window, page, book, tmp_path):
    page.homes.choose_all()
    page.save(tmp_path / "档案")
    bar = window.notices.findChild(object, "cancel")
    bar.click()
    settle(qtbot, window)
    assert list(tmp_path.glob("档案/*.part")) == []
    assert not (tmp_path / "档案").exists() or len(list((tmp_path / "档案").iterdir())) == 3
