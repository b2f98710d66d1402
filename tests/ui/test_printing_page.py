"""Choosing, previewing, saving and printing archives on the real window."""

from datetime import date

import pikepdf
import pytest
from PySide6.QtCore import Qt
from PySide6.QtGui import QAction
from PySide6.QtPrintSupport import QPrinter
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QLabel
from sqlalchemy import select

from app.printing.batch import unfinished_batches
from app.reports.packs import all_packs
from app.reports.village import all_reports
from db.schema.aid import Visit
from db.schema.archive import PrintBatch
from db.schema.household import Household, Member
from db.schema.inspection import Round
from tests import full_household, pdf_reader
from tests.builders import VILLAGE, household
from tests.ui.conftest import wait_until_idle
from ui.pages import printing_page

HOMES = [Household.id_of(f"{VILLAGE.code}{number:03}") for number in (1, 2, 3)]


@pytest.fixture
def page(qtbot, window, monkeypatch):
    monkeypatch.setattr(printing_page, "_PREVIEW_DELAY_MS", 0)  # ms: nobody goes on choosing meanwhile
    window.open("printing")
    return wait_for_idle(qtbot, window)


def wait_for_idle(qtbot, window):
    """Reading the list asks for a preview a moment later."""
    wait_until_idle(qtbot, window)
    page = window.page("printing")
    qtbot.waitUntil(lambda: not page._preview_timer.isActive())
    wait_until_idle(qtbot, window)
    return page


def tick(page, *names):
    page.section_list.all_box.setChecked(False)
    for n in range(page.section_list.list_widget.count()):
        if page.section_list.list_widget.item(n).data(Qt.ItemDataRole.UserRole) in names:
            page.section_list.list_widget.item(n).setCheckState(Qt.CheckState.Checked)


def test_the_first_household_is_shown_at_once(page):
    assert page.household_list.table.visible_ids() == HOMES
    assert page.preview.page_count > 5
    assert page.section_list.selected_sections() is None


def test_opened_about_a_household_it_alone_is_chosen(qtbot, window, page):
    window.open("printing", household=HOMES[1])
    page = wait_for_idle(qtbot, window)
    assert page.household_list.table.selected_ids() == [HOMES[1]]
    assert page.household_list.count.text() == "选中 1 户，列表 3 户"


def test_opened_about_several_households_just_these_are_chosen(qtbot, window, page):
    window.open("printing", household=HOMES[2], households=(HOMES[0], HOMES[2]))
    page = wait_for_idle(qtbot, window)
    assert page.household_list.table.selected_ids() == [HOMES[0], HOMES[2]]
    assert page.household_list.count.text() == "选中 2 户，列表 3 户"


def test_what_is_only_printed_on_request_is_not_ticked_with_the_rest(qtbot, window, page):
    items = {
        item.data(Qt.ItemDataRole.UserRole): item
        for item in (page.section_list.list_widget.item(n) for n in range(page.section_list.list_widget.count()))
    }
    assert page.section_list.all_box.isChecked()
    assert items["spine"].checkState() == Qt.CheckState.Unchecked
    items["spine"].setCheckState(Qt.CheckState.Checked)
    assert page.section_list.all_box.isChecked()
    assert set(page.section_list.selected_sections()) == set(items)
    page.section_list.all_box.setChecked(False)
    page.section_list.all_box.setChecked(True)
    assert page.section_list.selected_sections() is None


def test_the_part_of_a_household_that_is_shown_is_printed_from_where_one_stands(qtbot, window, page):
    window.open("household", household=HOMES[1], part="members")
    wait_until_idle(qtbot, window)
    window.page("household")._print_part()
    page = wait_for_idle(qtbot, window)
    assert page.household_list.table.selected_ids() == [HOMES[1]]
    assert "members" in page.section_list.selected_sections()
    assert "visits" not in page.section_list.selected_sections()
    assert page.preview.page_count >= 1


def test_a_row_without_a_paper_of_its_own_is_printed_from_its_register(qtbot, window, page, book):
    with book.writing() as session:
        session.add(Visit(id="v" * 32, village=VILLAGE.code, household_id=HOMES[0], visited_on=date(2018, 8, 10)))
    window.open("visit", record="v" * 32)
    wait_until_idle(qtbot, window)
    window.page("visit")._print_row()
    page = wait_for_idle(qtbot, window)
    assert page.report.name == "record_sheet"
    assert page.subject_list.current_id() == f"visit/{'v' * 32}"
    assert page.preview.page_count == 1


def test_ticking_parts_changes_the_preview(qtbot, window, page):
    page_count = page.preview.page_count
    tick(page, "cover", "information")
    wait_for_idle(qtbot, window)
    assert page.section_list.selected_sections() == ["cover", "information"]
    assert 2 <= page.preview.page_count < page_count
    page.section_list.all_box.setChecked(True)
    wait_for_idle(qtbot, window)
    assert page.preview.page_count == page_count
    page.section_list.all_box.setChecked(False)
    wait_for_idle(qtbot, window)
    assert page.preview.page_count == 0


def test_a_change_is_seen_in_the_preview(qtbot, window, page, book):
    before = page.preview.page_count
    with book.writing() as session:
        session.get(Household, HOMES[0]).situation = "长" * 9000
    wait_for_idle(qtbot, window)
    assert page.preview.page_count > before


def test_the_list_is_searched_by_name_number_and_group(qtbot, window, page):
    page.household_list.search.setText("002")
    assert page.household_list.table.visible_ids() == [HOMES[1]]
    page.household_list.search.setText("")
    page.household_list.group.setCurrentText("下屋组")
    assert len(page.household_list.table.visible_ids()) == 3
    page.household_list.search.setText("没有这户")
    assert page.household_list.table.visible_ids() == []
    assert page.household_list.count.text() == "选中 0 户，列表 0 户"


def test_one_household_is_saved_as_one_file(qtbot, window, page, tmp_path):
    page.save(tmp_path / "一户.pdf")
    wait_until_idle(qtbot, window)
    message = window.status_bar.messages[-1]
    pages = len(pdf_reader.page_texts(tmp_path / "一户.pdf"))
    assert message.startswith(f"已保存 1 户、{pages} 页：一户.pdf")


def test_all_households_are_saved_into_a_folder(qtbot, window, page, tmp_path):
    QTest.keyClick(page.household_list.table, Qt.Key.Key_A, Qt.KeyboardModifier.ControlModifier)
    assert page.output_form.isEnabled()
    tick(page, "cover")
    page.save(tmp_path / "档案")
    wait_until_idle(qtbot, window)
    assert len(list((tmp_path / "档案").iterdir())) == 3


def test_a_bound_volume_is_previewed_whole_a_large_one_by_one_household(qtbot, window, page, monkeypatch):
    tick(page, "cover")
    page.household_list.select_all()
    wait_for_idle(qtbot, window)
    assert page.preview.page_count == 1  # of files of their own the one of the current household
    page.output_form.setCurrentIndex(1)
    wait_for_idle(qtbot, window)
    assert page.preview.page_count == 1 + 3  # contents, and three covers
    assert page.findChild(QLabel, "previewPage").text() == "预览　第 1 页，共 4 页"
    monkeypatch.setattr("ui.printing.print_choice._MOST_BOUND", 2)
    window.findChild(QAction, "previewAgain").trigger()
    wait_for_idle(qtbot, window)
    assert page.preview.page_count == 1
    assert page.findChild(QLabel, "previewPage").text().endswith("（合成一册共 3 户，多于 2 户的只预览一户）")


def test_nothing_chosen_is_said(qtbot, window, page, tmp_path):
    page.household_list.table.clearSelection()
    page.save(tmp_path / "x.pdf")
    assert "请先选择要打印的户" in window.status_bar.messages[-1]
    page.household_list.select_all()
    page.section_list.all_box.setChecked(False)
    page.save(tmp_path / "x.pdf")
    assert window.status_bar.messages[-1] == "请至少勾选一种材料。"
    assert not (tmp_path / "x.pdf").exists()


def test_a_place_that_cannot_be_written_to_is_said(qtbot, window, page, tmp_path):
    (tmp_path / "file").write_text("")
    page.save(tmp_path / "file" / "x.pdf")
    wait_until_idle(qtbot, window)
    assert "不能写到" in window.status_bar.messages[-1]


def test_characters_no_font_has_are_asked_about(qtbot, window, page, book, tmp_path):
    with book.writing() as session:
        session.scalars(select(Member).where(Member.household_id == HOMES[0])).first().note = "\ue123"
    wait_for_idle(qtbot, window)
    out = tmp_path / "x.pdf"
    page.save(out)
    wait_until_idle(qtbot, window)
    assert page.unprintable_banner.isVisible()
    assert "U+E123" in page.unprintable_banner.message.text()
    assert not out.exists()
    assert page.unprintable_banner.substitute_button.hasFocus()
    qtbot.keyClick(page.unprintable_banner.substitute_button, Qt.Key.Key_Return)
    wait_until_idle(qtbot, window)
    assert not page.unprintable_banner.isVisible()
    assert "〔U+E123〕" in pdf_reader.full_text(out)


def test_printing_draws_every_page_the_way_it_lies(qtbot, window, page, tmp_path):
    printer = QPrinter(QPrinter.PrinterMode.HighResolution)
    printer.setOutputFormat(QPrinter.OutputFormat.PdfFormat)
    printer.setOutputFileName(str(tmp_path / "paper.pdf"))
    tick(page, "cover", "members")
    page.print_to(printer)
    wait_until_idle(qtbot, window)
    sides = [page.mediabox for page in pdf_reader.reader(tmp_path / "paper.pdf").pages]
    assert [box.width > box.height for box in sides] == [False, True]
    assert window.status_bar.messages[-1] == "已送打印机：1 户、2 页。"


def test_a_long_print_can_be_cancelled(qtbot, window, page, book, tmp_path):
    page.household_list.select_all()
    page.save(tmp_path / "档案")
    bar = window.status_bar.findChild(object, "cancel")
    bar.click()
    wait_until_idle(qtbot, window)
    assert list(tmp_path.glob("档案/*.part")) == []
    assert not (tmp_path / "档案").exists() or len(list((tmp_path / "档案").iterdir())) == 3


def choose(qtbot, window, name):
    page = window.page("printing")
    page.report_list.select(name)
    return wait_for_idle(qtbot, window)


def test_every_paper_can_be_chosen_with_the_keys_and_is_shown(qtbot, window, page):
    shown_reports = []
    page.report_list.setFocus()
    for _ in range(page.report_list.count()):
        before = page.report_list.selected()
        QTest.keyClick(page.report_list, Qt.Key.Key_Down)
        wait_for_idle(qtbot, window)
        if page.report_list.selected() == before:
            break
        shown_reports.append(page.report.name if page.report else page.choice.pack)
        assert page.preview.page_count > 0 or page.preview.hint, shown_reports[-1]
    assert shown_reports == [*(one.name for one in all_packs()), *(one.name for one in all_reports())]


def test_a_pack_of_a_year_is_saved_as_files_or_bound_with_contents(qtbot, window, page, tmp_path):
    options = choose(qtbot, window, "year_end").options
    assert options.year.text() == "今年"  # a pack is of one year
    options.year.setValue(2018)
    wait_for_idle(qtbot, window)
    assert not page.subject_stack.isVisible()
    assert page.options.output_form.isEnabled()
    assert page.preview.page_count == 1  # the contents
    assert page.choice.is_several
    page.save(tmp_path / "年终.pdf")
    wait_until_idle(qtbot, window)
    assert window.status_bar.messages[-1].startswith("已保存 ")
    with pikepdf.open(tmp_path / "年终.pdf") as pdf:
        assert len(pdf.pages) > 5


def test_only_what_a_paper_asks_for_is_offered(qtbot, window, page):
    panel = page.options
    assert not panel.title.isVisible()
    assert page.section_list.isVisible()
    choose(qtbot, window, "notice")
    assert panel.title.isVisible()
    assert panel.days.isVisible()
    assert not panel.unmasked.isVisible()
    assert not page.section_list.isVisible()
    choose(qtbot, window, "people_ledger")
    assert panel.unmasked.isVisible()
    assert not panel.title.isVisible()


def test_full_numbers_are_asked_for_each_time_anew(qtbot, window, page):
    choose(qtbot, window, "people_ledger").options.unmasked.setChecked(True)
    choose(qtbot, window, "household_ledger")
    choose(qtbot, window, "people_ledger")
    assert not page.options.unmasked.isChecked()


def test_a_notice_of_the_filtered_list_says_what_is_typed(qtbot, window, page, tmp_path):
    choose(qtbot, window, "notice")
    page.household_list.search.setText("002")
    page.options.title.setText("关于贴息户的公示")
    page.options.days.setValue(10)
    wait_for_idle(qtbot, window)
    page.save(tmp_path / "公示.pdf")
    wait_until_idle(qtbot, window)
    message = pdf_reader.full_text(tmp_path / "公示.pdf")
    assert "关于贴息户的公示" in message
    assert "共1户" in message
    assert "公示期10天" in message
    assert window.status_bar.messages[-1].startswith("已保存 1 份、1 页：公示.pdf")


def test_the_chosen_households_alone_where_that_is_asked_for(qtbot, window, page, tmp_path):
    window.open("printing", households=(HOMES[0], HOMES[2]), paper="signing_roster")
    page = wait_for_idle(qtbot, window)
    assert page.report.name == "signing_roster"
    assert [about.households for about in page.collect_parameters()] == [(HOMES[0], HOMES[2])]
    page.options.scope.setCurrentIndex(0)
    assert [about.households for about in page.collect_parameters()] == [()]


def test_opened_about_a_round_its_papers_are_shown(qtbot, window, page, book):
    with book.writing() as session:
        full_household.add_rounds(session, session.get(Household, HOMES[0]), 2)
        round_id = session.scalars(select(Round.id).where(Round.title == "2018年第1轮")).one()
    window.open("printing", paper="round_summary", round=round_id)
    page = wait_for_idle(qtbot, window)
    assert page.subject_list.current_id() == round_id
    assert page.collect_parameters()[0].round == round_id
    assert page.preview.page_count == 1


def test_a_list_with_nothing_to_choose_says_where_to_begin(qtbot, window, page):
    choose(qtbot, window, "exchange_receipt")
    assert "数据交换" in page.subject_list.placeholder
    assert page.preview.page_count == 0
    choose(qtbot, window, "helper_households")
    assert "登记" in page.subject_list.placeholder


def test_cards_are_a_file_each(qtbot, window, page, tmp_path):
    choose(qtbot, window, "answer_card")
    page.household_list.select_all()
    page.save(tmp_path / "卡片")
    wait_until_idle(qtbot, window)
    assert len(list((tmp_path / "卡片").glob("*_答问卡（一户一页）.pdf"))) == 3


def test_a_password_locks_the_file_and_a_short_one_is_refused(qtbot, window, page, tmp_path):
    choose(qtbot, window, "household_ledger")
    page.options.password.setText("123")
    page.save(tmp_path / "x.pdf")
    wait_until_idle(qtbot, window)
    assert "密码太短" in window.status_bar.messages[-1]
    assert not (tmp_path / "x.pdf").exists()
    page.options.password.setText("柳树沟 2018")
    page.save(tmp_path / "x.pdf")
    wait_until_idle(qtbot, window)
    with pytest.raises(pikepdf.PasswordError):
        pikepdf.open(tmp_path / "x.pdf")
    with pikepdf.open(tmp_path / "x.pdf", password="柳树沟 2018") as opened:
        assert len(opened.pages) == 1


def test_a_paper_goes_to_the_printer_on_sheets_of_its_size(qtbot, window, page, tmp_path):
    printer = QPrinter(QPrinter.PrinterMode.HighResolution)
    printer.setOutputFormat(QPrinter.OutputFormat.PdfFormat)
    printer.setOutputFileName(str(tmp_path / "paper.pdf"))
    choose(qtbot, window, "household_ledger")
    page.print_to(printer)
    wait_until_idle(qtbot, window)
    (side,) = [page.mediabox for page in pdf_reader.reader(tmp_path / "paper.pdf").pages]
    assert (round(float(side.width)), round(float(side.height))) == (842, 595)
    assert window.status_bar.messages[-1] == "已送打印机：1 份、1 页。"


def test_turning_pages_with_the_keys(qtbot, window, page):
    current = page.preview.view.pageNavigator().currentPage
    QTest.keyClick(page, Qt.Key.Key_PageDown, Qt.KeyboardModifier.ControlModifier)
    assert current() == 1
    QTest.keyClick(page, Qt.Key.Key_PageUp, Qt.KeyboardModifier.ControlModifier)
    assert current() == 0


def test_a_cover_is_held_against_the_record(qtbot, window, page, book, tmp_path):
    page.household_list.table.select_ids([HOMES[0]])
    page.save(tmp_path / "一户.pdf")
    wait_until_idle(qtbot, window)
    page.open_verify_dialog()
    panel = page.verify_dialog
    panel.verify(tmp_path / "一户.pdf")
    wait_until_idle(qtbot, window)
    assert "一致" in panel.message.text()
    assert panel.household_button.isEnabled()
    with book.writing() as session:
        session.get(Household, HOMES[0]).situation = "后来写的"
    panel.verify(tmp_path / "一户.pdf")
    wait_until_idle(qtbot, window)
    assert "不一致" in panel.message.text()
    assert panel.changes.count() >= 1
    panel.code_edit.setText("0000-0000-0000")
    panel.check_button.click()
    wait_until_idle(qtbot, window)
    assert "没有打印记录" in panel.message.text()
    assert not panel.household_button.isEnabled()
    panel.accept()


def test_a_batch_that_was_cancelled_is_gone_on_with(qtbot, window, page, book, tmp_path):
    with book.writing() as session:
        for number in range(4, 14):
            household(session, number=number)
    wait_for_idle(qtbot, window)
    tick(page, "cover")
    page.household_list.select_all()
    page.save(tmp_path / "档案")
    qtbot.waitUntil(lambda: bool(unfinished_batches(book)))
    window.status_bar.findChild(object, "cancel").click()
    qtbot.waitUntil(page.unfinished_banner.isVisible)
    assert "已打印的档案均已保存" in window.status_bar.messages[-1]
    wait_until_idle(qtbot, window)
    window.open("today")
    window.open("printing")
    wait_for_idle(qtbot, window)
    assert page.unfinished_banner.isVisible()
    assert "共 13 户" in page.unfinished_banner.message.text()
    page.unfinished_banner.resume_button.click()
    qtbot.waitUntil(lambda: window.tasks.is_idle)
    wait_until_idle(qtbot, window)
    assert not page.unfinished_banner.isVisible()
    assert len(list((tmp_path / "档案").glob("*.pdf"))) == 13


def test_a_batch_can_be_forgotten(qtbot, window, page, book, tmp_path):
    with book.writing() as session:
        session.add(
            PrintBatch(
                at="2018-12-20 09:30:00", operator="王书记", folder=str(tmp_path),
                choice='{"sections": null, "reason": "", "locked": true}', wanted=f'["{HOMES[0]}"]',
            )
        )  # fmt: skip
    window.open("printing")
    wait_for_idle(qtbot, window)
    assert page.unfinished_banner.isVisible()
    assert page.unfinished_banner.password.isVisible()
    page.unfinished_banner.dismiss_button.click()
    wait_until_idle(qtbot, window)
    assert not page.unfinished_banner.isVisible()
