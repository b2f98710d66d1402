"""待录入, 三者一致, 档案完整性, 应享未享 are viewed like any other list: F3, saved views, groups, palette, a ledger."""

from datetime import date

import pytest
from PySide6.QtCore import Qt
from PySide6.QtWidgets import QApplication
from sqlalchemy import select

from app.consistency.entry_list import ENTRY_STATES, entry_lines, mark_entered
from app.list_views.rows import view_ids
from app.list_views.saved_views import saved_views
from app.list_views.stored_form import decode_for_printing
from app.policies.common_policies import add_common_policies
from app.progress import run_to_completion
from app.records.draft import open_draft, write_draft
from app.reports.all_lists import viewed_list
from app.viewed_lists.entry_source import entry_lines_in_view
from db.schema.household import Member
from tests.builders import household
from tests.ui.conftest import made_once
from tests.ui.conftest import wait_until_idle as rest
from tests.ui.keyboard import compose, keys, press_in, press_shortcut
from tests.ui.test_computed_lists import headings, open_dialog, shown
from ui.shell.command_palette import CommandPalette


@pytest.fixture(scope="module")
def book_file(tmp_path_factory):
    """Two households in two groups that are in the national system; in the second somebody fell ill since. Both heads
    may have the allowance for old people."""
    with made_once(tmp_path_factory) as book:
        add_common_policies(book)
        kind = {"household_kind": "脱贫户", "register_date": "2014-06"}
        with book.writing() as session:
            household(session, members=2, group_name="一组", **kind)
            household(session, members=1, number=2, group_name="二组", **kind)
            for head in session.scalars(select(Member).where(Member.relation == "户主")):
                head.birth = date(1940, 1, 1)
        lines = run_to_completion(entry_lines(book, "national", states=ENTRY_STATES))
        mark_entered(book, lines)
        head = next(line for line in lines if line.table == "member" and line.household.group == "二组")
        with book.operation("改") as session:
            write_draft(session, open_draft(session, "member", head.record_id).with_values(health=("残疾",)))
    return book.path


def save_group_view(qtbot, window, page, group, name):
    """F3: 村民组 of the household is this, grouped by the second field that begins with h; kept under a name."""
    dialog = open_dialog(qtbot, page)
    keys("nhcmz", Qt.Key.Key_Tab)  # 农户：村民组
    keys("", Qt.Key.Key_Tab)
    compose(dialog.rows[0].values.controls[0], group)
    press_in(qtbot, dialog, "Alt+2")
    keys("", *[Qt.Key.Key_Tab] * 6)
    keys("hz", Qt.Key.Key_Tab)  # 户主
    press_in(qtbot, dialog, "Ctrl+S")
    naming = page.view_bar.dialog
    qtbot.waitUntil(lambda: QApplication.activeWindow() is naming)
    compose(naming.name_edit, name)
    keys("", Qt.Key.Key_Return)
    rest(qtbot, window)


def printed_ids(book, printing):
    """The rows that the ledger on the page 打印 has."""
    key, _, view = decode_for_printing(printing.collect_parameters()[0].view)
    with book.reading() as session:
        return list(view_ids(session, viewed_list(key).opened(session), view))


@pytest.mark.parametrize("name", ["entry_list", "three_way", "archive_completeness", "entitlement"])
def test_a_view_is_filtered_grouped_kept_found_and_printed(qtbot, window, book, name):
    page = shown(qtbot, window, name)
    page.filter_line.choose(state="")
    rest(qtbot, window)
    everything = page.table.visible_ids()
    save_group_view(qtbot, window, page, "二组", "二组的")
    assert page.view_bar.chips.texts() == ["农户：村民组 是 二组", "分组：户主"]
    listed = page.table.visible_ids()
    assert 0 < len(listed) < len(everything)
    assert {page.table.cell_text(id, "group") for id in listed} == {"二组"}
    assert [heading.split("（")[0] for heading in headings(page.table)] == ["户主：陈卫国"]
    with book.reading() as session:
        assert [(view.list, view.name) for view in saved_views(session)] == [(name, "二组的")]
    page.filter_line.search.setText("没有这个字")
    rest(qtbot, window)
    assert page.table.visible_ids() == []
    assert "农户：村民组 是 二组" in page.table.placeholder
    press_shortcut(qtbot, page, "Ctrl+Shift+F")
    rest(qtbot, window)
    assert page.view_bar.chips.texts() == []
    window.open("today")
    rest(qtbot, window)
    press_shortcut(qtbot, window.page("today"), "Ctrl+/")
    palette = window.findChild(CommandPalette)
    compose(palette.field, "二组的")
    title = f"二组的 {page.TITLE}"
    qtbot.waitUntil(lambda: (one := palette.results.currentItem()) is not None and one.text() == title)
    qtbot.keyClick(palette.field, Qt.Key.Key_Return)
    rest(qtbot, window)
    assert (window.current, page.filter_line.value("state"), page.table.visible_ids()) == (name, "", listed)
    press_shortcut(qtbot, page, "Ctrl+T")
    rest(qtbot, window)
    printing = window.page("printing")
    assert printing.report.name == "view_ledger"
    assert printed_ids(book, printing) == listed


def test_what_is_chosen_above_holds_within_a_view_and_its_ledger(qtbot, window, book):
    page = shown(qtbot, window, "entry_list")
    dialog = open_dialog(qtbot, page)
    keys("xgr", Qt.Key.Key_Tab)  # 修改人, no column of the list
    keys("", Qt.Key.Key_Tab)
    compose(dialog.rows[0].values.controls[0], "王书记")
    press_in(qtbot, dialog, Qt.Key.Key_Return)
    rest(qtbot, window)
    (key,) = page.table.visible_ids()
    assert page.table.cell_text(key, "content").startswith("健康状况")
    assert page.count.text() == "有变动 1 条"
    page.filter_line.choose(system="province")
    rest(qtbot, window)
    assert page.table.visible_ids() == []
    page.filter_line.choose(system="national")
    rest(qtbot, window)
    page.table.set_current_id(key)
    assert page.difference_table.visible_ids() == ["health"]
    press_shortcut(qtbot, page, "Ctrl+T")
    rest(qtbot, window)
    assert printed_ids(book, window.page("printing")) == [key]


def test_facts_are_sorted_by_the_head_of_their_table(qtbot, window, book):
    page = shown(qtbot, window, "three_way")
    column = next(n for n, one in enumerate(page.table.paged.columns) if one.key == "state")
    page.table.sortByColumn(column, Qt.SortOrder.AscendingOrder)
    rest(qtbot, window)
    states = [page.table.cell_text(id, "state") for id in page.table.visible_ids()]
    assert states[0] == "不一致"
    assert len(set(states)) == 2
    assert "不一致 1 项" in page.count.text()


def test_the_list_to_type_in_is_printed_for_the_rows_that_are_chosen_in_their_order(qtbot, window, book):
    page = shown(qtbot, window, "entry_list")
    page.filter_line.choose(state="")
    rest(qtbot, window)
    column = next(n for n, one in enumerate(page.table.paged.columns) if one.key == "screen")
    page.table.sortByColumn(column, Qt.SortOrder.DescendingOrder)
    rest(qtbot, window)
    listed = page.table.visible_ids()
    chosen = [id for id in listed if page.table.cell_text(id, "group") == "一组"]
    assert 1 < len(chosen) < len(listed)
    for selected, printed in ((chosen, chosen), (listed[:1], listed)):
        page.table.select_ids(selected)
        press_shortcut(qtbot, page, "Ctrl+P")
        rest(qtbot, window)
        printing = window.page("printing")
        [parameters] = printing.collect_parameters()
        assert (printing.report.name, printing.subject_list.isVisible()) == ("entry_list", True)
        _, _, view = decode_for_printing(parameters.view)
        with book.reading() as session:
            assert [line.key for line in entry_lines_in_view(session, view)] == printed
        window.open("entry_list")
        page.table.select_ids(selected)
        press_shortcut(qtbot, page, "Ctrl+T")
        rest(qtbot, window)
        assert printed_ids(book, window.page("printing")) == printed
        window.open("entry_list")
    window.open("printing")
    printing.report_list.select("household_ledger")
    printing.report_list.select("entry_list")
    rest(qtbot, window)
    assert [one.view for one in printing.collect_parameters()] == [""]  # from its own page: all that waits
