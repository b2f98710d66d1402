"""Choosing, previewing, saving and printing archives on the real window."""

import pikepdf
import pytest
from PySide6.QtCore import Qt
from PySide6.QtPrintSupport import QPrinter
from PySide6.QtTest import QTest
from sqlalchemy import select

from app.archive.batch import unfinished
from app.archive.papers import papers
from db.schema.archive import PrintBatch
from db.schema.household import Household, Member
from db.schema.inspection import Round
from tests.app.archive import filled, reading
from tests.builders import VILLAGE, household
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


def test_what_is_only_printed_on_request_is_not_ticked_with_the_rest(qtbot, window, page):
    items = {
        item.data(Qt.ItemDataRole.UserRole): item
        for item in (page.material.parts.item(n) for n in range(page.material.parts.count()))
    }
    assert page.material.every.isChecked()
    assert items["spine"].checkState() == Qt.CheckState.Unchecked
    items["spine"].setCheckState(Qt.CheckState.Checked)
    assert page.material.every.isChecked()
    assert set(page.material.sections()) == set(items)
    page.material.every.setChecked(False)
    page.material.every.setChecked(True)
    assert page.material.sections() is None


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


def choose(qtbot, window, name):
    page = window.page("archive")
    page.what.choose(name)
    return calm(qtbot, window)


def test_every_paper_can_be_chosen_with_the_keys_and_is_shown(qtbot, window, page):
    seen = []
    page.what.setFocus()
    for _ in range(page.what.count()):
        before = page.what.chosen()
        QTest.keyClick(page.what, Qt.Key.Key_Down)
        calm(qtbot, window)
        if page.what.chosen() == before:
            break
        seen.append(page.paper.name)
        assert page.preview.pages > 0 or page.preview.hint, page.paper.name
    assert seen == [one.name for one in papers()]


def test_only_what_a_paper_asks_for_is_offered(qtbot, window, page):
    asked = page.choices
    assert not asked.title.isVisible()
    assert page.material.isVisible()
    choose(qtbot, window, "notice")
    assert asked.title.isVisible()
    assert asked.days.isVisible()
    assert not asked.full.isVisible()
    assert not page.material.isVisible()
    choose(qtbot, window, "people_ledger")
    assert asked.full.isVisible()
    assert not asked.title.isVisible()


def test_full_numbers_are_asked_for_each_time_anew(qtbot, window, page):
    choose(qtbot, window, "people_ledger").choices.full.setChecked(True)
    choose(qtbot, window, "household_ledger")
    choose(qtbot, window, "people_ledger")
    assert not page.choices.full.isChecked()


def test_a_notice_of_the_filtered_list_says_what_is_typed(qtbot, window, page, tmp_path):
    choose(qtbot, window, "notice")
    page.homes.search.setText("002")
    page.choices.title.setText("关于贴息户的公示")
    page.choices.days.setValue(10)
    calm(qtbot, window)
    page.save(tmp_path / "公示.pdf")
    settle(qtbot, window)
    said = reading.whole(tmp_path / "公示.pdf")
    assert "关于贴息户的公示" in said
    assert "共1户" in said
    assert "公示期10天" in said
    assert window.notices.last[-1].startswith("已保存 1 份、1 页：公示.pdf")


def test_the_chosen_households_alone_where_that_is_asked_for(qtbot, window, page, tmp_path):
    window.open("archive", households=(HOMES[0], HOMES[2]), paper="signing_roster")
    page = calm(qtbot, window)
    assert page.paper.name == "signing_roster"
    assert [about.households for about in page.abouts()] == [(HOMES[0], HOMES[2])]
    page.choices.scope.setCurrentIndex(0)
    assert [about.households for about in page.abouts()] == [()]


def test_opened_about_a_round_its_papers_are_shown(qtbot, window, page, book):
    with book.writing() as session:
        filled.rounds(session, session.get(Household, HOMES[0]), 2)
        chosen = session.scalars(select(Round.id).where(Round.title == "2018年第1轮")).one()
    window.open("archive", paper="round_summary", round=chosen)
    page = calm(qtbot, window)
    assert page.others.current() == chosen
    assert page.abouts()[0].round == chosen
    assert page.preview.pages == 1


def test_a_list_with_nothing_to_choose_says_where_to_begin(qtbot, window, page):
    choose(qtbot, window, "exchange_receipt")
    assert "数据交换" in page.others.hint
    assert page.preview.pages == 0
    choose(qtbot, window, "helper_households")
    assert "登记" in page.others.hint


def test_cards_are_a_file_each(qtbot, window, page, tmp_path):
    choose(qtbot, window, "answer_card")
    page.homes.choose_all()
    page.save(tmp_path / "卡片")
    settle(qtbot, window)
    assert len(list((tmp_path / "卡片").glob("*_答问卡（一户一页）.pdf"))) == 3


def test_a_password_locks_the_file_and_a_short_one_is_refused(qtbot, window, page, tmp_path):
    choose(qtbot, window, "household_ledger")
    page.choices.password.setText("123")
    page.save(tmp_path / "x.pdf")
    settle(qtbot, window)
    assert "密码太短" in window.notices.last[-1]
    assert not (tmp_path / "x.pdf").exists()
    page.choices.password.setText("柳树沟 2018")
    page.save(tmp_path / "x.pdf")
    settle(qtbot, window)
    with pytest.raises(pikepdf.PasswordError):
        pikepdf.open(tmp_path / "x.pdf")
    with pikepdf.open(tmp_path / "x.pdf", password="柳树沟 2018") as opened:
        assert len(opened.pages) == 1


def test_a_paper_goes_to_the_printer_on_sheets_of_its_size(qtbot, window, page, tmp_path):
    printer = QPrinter(QPrinter.PrinterMode.HighResolution)
    printer.setOutputFormat(QPrinter.OutputFormat.PdfFormat)
    printer.setOutputFileName(str(tmp_path / "paper.pdf"))
    choose(qtbot, window, "household_ledger")
    page.print_on(printer)
    settle(qtbot, window)
    (side,) = [page.mediabox for page in reading.reader(tmp_path / "paper.pdf").pages]
    assert (round(float(side.width)), round(float(side.height))) == (842, 595)
    assert window.notices.last[-1] == "已送打印机：1 份、1 页。"


def test_turning_pages_with_the_keys(qtbot, window, page):
    current = page.preview.view.pageNavigator().currentPage
    QTest.keyClick(page, Qt.Key.Key_PageDown, Qt.KeyboardModifier.ControlModifier)
    assert current() == 1
    QTest.keyClick(page, Qt.Key.Key_PageUp, Qt.KeyboardModifier.ControlModifier)
    assert current() == 0


def test_a_cover_is_held_against_the_record(qtbot, window, page, book, tmp_path):
    page.homes.table.choose([HOMES[0]])
    page.save(tmp_path / "一户.pdf")
    settle(qtbot, window)
    page.verify()
    asked = page.verifying
    asked.verify(tmp_path / "一户.pdf")
    settle(qtbot, window)
    assert "一致" in asked.told.text()
    assert asked.home.isEnabled()
    with book.writing() as session:
        session.get(Household, HOMES[0]).situation = "后来写的"
    asked.verify(tmp_path / "一户.pdf")
    settle(qtbot, window)
    assert "不一致" in asked.told.text()
    assert asked.changes.count() >= 1
    asked.code.setText("0000-0000-0000")
    asked.check.click()
    settle(qtbot, window)
    assert "没有打印记录" in asked.told.text()
    assert not asked.home.isEnabled()
    asked.accept()


def test_a_batch_that_was_cancelled_is_gone_on_with(qtbot, window, page, book, tmp_path):
    with book.writing() as session:
        for number in range(4, 14):
            household(session, number=number)
    calm(qtbot, window)
    tick(page, "cover")
    page.homes.choose_all()
    page.save(tmp_path / "档案")
    qtbot.waitUntil(lambda: bool(unfinished(book)), timeout=20000)
    window.notices.findChild(object, "cancel").click()
    qtbot.waitUntil(page.going_on.isVisible, timeout=20000)
    assert "印好的户都存着" in window.notices.last[-1]
    settle(qtbot, window)
    window.open("today")
    window.open("archive")
    calm(qtbot, window)
    assert page.going_on.isVisible()
    assert "共 13 户" in page.going_on.said.text()
    page.going_on.go_on.click()
    qtbot.waitUntil(lambda: window.jobs.idle, timeout=60000)
    settle(qtbot, window)
    assert not page.going_on.isVisible()
    assert len(list((tmp_path / "档案").glob("*.pdf"))) == 13


def test_a_batch_can_be_forgotten(qtbot, window, page, book, tmp_path):
    with book.writing() as session:
        session.add(
            PrintBatch(
                at="2018-12-20 09:30:00", operator="王书记", folder=str(tmp_path),
                choice='{"sections": null, "reason": "", "locked": true}', wanted=f'["{HOMES[0]}"]',
            )
        )  # fmt: skip
    window.open("archive")
    calm(qtbot, window)
    assert page.going_on.isVisible()
    assert page.going_on.password.isVisible()
    page.going_on.forget.click()
    settle(qtbot, window)
    assert not page.going_on.isVisible()
