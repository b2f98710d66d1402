"""数据比对, by the keys of an officer: from a list that looked like a roster to what is decided and undone."""

import openpyxl
import pytest
from PySide6.QtCore import Qt
from PySide6.QtWidgets import QApplication, QFileDialog

from app.list_views.definition import ListView
from app.list_views.saved_views import save_view, saved_views
from app.viewed_lists.difference_source import DECIDED
from app.workbook import operations
from tests.app.comparison.office_files import NUMBERS, fill, members, office_list
from tests.ui.conftest import made_once, wait_until_idle
from tests.ui.keyboard import compose, keys, press_in, press_shortcut
from tests.ui.test_compared_lists import printed_ids
from tests.ui.test_computed_lists import open_dialog
from ui.issues.dismiss_dialog import DismissDialog
from ui.shell.main_window import MainWindow


@pytest.fixture(scope="module")
def book_file(tmp_path_factory):
    with made_once(tmp_path_factory) as book:
        fill(book, 张一={"dibao": True}, 赵四={"dibao": True})
    return book.path


@pytest.fixture
def dibao(tmp_path):
    return office_list(
        tmp_path,
        ("姓名", "身份证号", "与户主关系", "低保证号", "银行账号"),
        ("张一", NUMBERS["张一"], "户主", "D1", "621799000000001"),
        ("李三", NUMBERS["李三"], "之子", "D2", "621799000000002"),
        ("孙六", None, "户主", "D3", None),
        name="低保2026年10月.xlsx",
    )


def shown(page):
    return {page.table.cell_text(id, "name"): page.table.cell_text(id, "result") for id in page.table.visible_ids()}


def select(page, *names):
    page.table.select_ids(id for id in page.table.visible_ids() if page.table.cell_text(id, "name") in names)


def answer_with(monkeypatch, reason):
    def run(dialog):
        dialog.form.load({"reason": reason})
        return 1

    monkeypatch.setattr(DismissDialog, "exec", run)


def test_a_list_is_offered_compared_kept_and_decided(qtbot, window, book, dibao, tmp_path, monkeypatch):
    window.open("roster_import", path=dibao)
    wait_until_idle(qtbot, window)
    press_shortcut(qtbot, window.page("roster_import"), "Ctrl+B")
    wait_until_idle(qtbot, window)
    assert window.current == "comparison"
    page = window.page("comparison")
    dialog = page.compare_dialog
    assert dialog.message.text().startswith("名单 3 行：我有他无 1，他有我无 1，号码不全 1，一致 1。")
    texts = {dialog.table.cell_text(id, "name"): id for id in dialog.table.visible_ids()}
    assert set(texts) == {"张一", "李三", "孙六", "赵四"}
    assert "********" in dialog.table.cell_text(texts["李三"], "id_no")
    assert NUMBERS["李三"] not in dialog.table.cell_text(texts["李三"], "cells")
    assert "621799000000002" not in dialog.table.cell_text(texts["李三"], "cells")
    assert shown(page) == {}
    dialog.complete.click()
    wait_until_idle(qtbot, window)
    assert "我有他无" not in dialog.message.text()
    dialog.complete.click()
    wait_until_idle(qtbot, window)
    dialog.buttons.accept_button.click()
    wait_until_idle(qtbot, window)
    assert shown(page) == {"李三": "他有我无", "孙六": "号码不全", "赵四": "我有他无"}

    answer_with(monkeypatch, "人在外地，证在办")
    select(page, "孙六")
    press_shortcut(qtbot, page, "Ctrl+K")
    wait_until_idle(qtbot, window)
    assert set(shown(page)) == {"李三", "赵四"}
    page.filter_bar.state.setCurrentIndex(page.filter_bar.state.findData(DECIDED))
    assert set(shown(page)) == {"孙六"}
    assert "人在外地，证在办" in page.details[2].text()
    select(page, "孙六")
    press_shortcut(qtbot, page, "Ctrl+R")
    wait_until_idle(qtbot, window)
    press_shortcut(qtbot, page, "Ctrl+Shift+F")
    assert set(shown(page)) == {"李三", "赵四", "孙六"}

    select(page, "李三", "赵四", "孙六")
    press_shortcut(qtbot, page, "Ctrl+U")
    wait_until_idle(qtbot, window)
    rows = page.acceptance_dialog.table
    states = {rows.cell_text(id, "name"): rows.cell_text(id, "state") for id in rows.visible_ids()}
    assert states == {"李三": "改", "赵四": "改", "孙六": "不改"}
    page.acceptance_dialog.buttons.accept_button.click()
    wait_until_idle(qtbot, window)
    assert (members(book)["李三"].dibao, members(book)["赵四"].dibao) == (True, False)
    press_shortcut(qtbot, page, "Ctrl+Z")
    wait_until_idle(qtbot, window)
    assert (members(book)["李三"].dibao, members(book)["赵四"].dibao) == (None, True)
    assert set(shown(page)) == {"李三", "赵四", "孙六"}

    out = tmp_path / "差异.xlsx"
    monkeypatch.setattr(QFileDialog, "getSaveFileName", lambda *_: (str(out), ""))
    press_shortcut(qtbot, page, "Ctrl+E")
    wait_until_idle(qtbot, window)
    written = [[str(cell or "") for cell in row] for row in openpyxl.load_workbook(out).active.values]
    assert "名单：低保证号" in written[0]
    assert {"D2", "D3"} <= {cell for row in written for cell in row}
    assert NUMBERS["李三"] not in str(written)

    press_shortcut(qtbot, page, "Ctrl+P")
    wait_until_idle(qtbot, window)
    assert window.current == "printing"
    with book.reading() as session:
        assert operations.list_operations(session, limit=1)[0].title.startswith("撤销")


def test_a_file_that_cannot_be_compared_says_why(qtbot, window, tmp_path):
    window.open("comparison", path=office_list(tmp_path, ("姓名", "身份证号", "花色"), ("张一", NUMBERS["张一"], "红")))
    wait_until_idle(qtbot, window)
    dialog = window.page("comparison").compare_dialog
    assert "哪种名单" in dialog.message.text()
    assert not dialog.buttons.accept_button.isEnabled()
    dialog.kind.setCurrentIndex(dialog.kind.findData("vehicle"))
    dialog.kind.activated.emit(dialog.kind.currentIndex())
    wait_until_idle(qtbot, window)
    assert dialog.message.text().startswith("名单 1 行：他有我无 1")
    assert not dialog.complete.isEnabled()
    dialog.reject()


def test_a_column_taken_wrongly_is_put_right_by_hand_and_remembered(qtbot, window, tmp_path):
    headers = ("享受对象名称", "证号", "学历", "低保证号")
    november = office_list(
        tmp_path, headers, ("张一", NUMBERS["张一"], "初中", "D1"), ("孙六", "不详", "小学", "D2"), name="低保11月.xlsx"
    )
    window.open("comparison", path=november)
    wait_until_idle(qtbot, window)
    dialog = window.page("comparison").compare_dialog
    assert "没有找到据以对人的列" in dialog.message.text()
    assert not dialog.buttons.accept_button.isEnabled()
    (panel,) = dialog.columns._panels()
    choose(panel.table, 0, "姓名（据以对人）")
    choose(panel.table, 1, "证件号码（据以对人）")
    choose(panel.table, 2, "家庭成员 · 文化程度")
    press_shortcut(qtbot, dialog, "Ctrl+M")  # what was decided is kept, then the list is compared again
    qtbot.waitUntil(lambda: dialog.message.text().startswith("名单 2 行"))
    assert "：我有他无 1，值不同 1，号码不全 1。" in dialog.message.text()
    told = {dialog.table.cell_text(id, "name"): dialog.table.cell_text(id, "told") for id in dialog.table.visible_ids()}
    assert told["张一"] == "文化程度：（空） → 初中"
    dialog.buttons.accept_button.click()
    wait_until_idle(qtbot, window)
    # next month's list with these headings asks nothing
    december = office_list(tmp_path, headers, ("李三", NUMBERS["李三"], "小学", "D3"), name="低保12月.xlsx")
    window.page("comparison").compare(december)
    wait_until_idle(qtbot, window)
    dialog = window.page("comparison").compare_dialog
    told = {dialog.table.cell_text(id, "name"): dialog.table.cell_text(id, "told") for id in dialog.table.visible_ids()}
    assert told["李三"] == "是否享受低保：（空） → 是；文化程度：（空） → 小学"
    press_shortcut(qtbot, dialog, "Ctrl+M")
    qtbot.waitUntil(lambda: dialog.stack.currentWidget() is dialog.columns)
    (panel,) = dialog.columns._panels()
    assert panel.table.item(1, 4).text() == "证件号码（据以对人）"
    dialog.reject()


def test_the_next_list_of_a_kind_shows_only_what_changed(qtbot, window, tmp_path):
    headers = ("姓名", "身份证号", "低保证号")
    window.open(
        "comparison", path=office_list(tmp_path, headers, ("李三", NUMBERS["李三"], "D1"), name="低保11月.xlsx")
    )
    wait_until_idle(qtbot, window)
    page = window.page("comparison")
    assert not page.compare_dialog.only_news.isEnabled()
    page.compare_dialog.buttons.accept_button.click()
    wait_until_idle(qtbot, window)
    rows = [(name, NUMBERS[name], "D1") for name in ("李三", "钱五")]
    page.compare(office_list(tmp_path, headers, *rows, name="低保12月.xlsx"))
    wait_until_idle(qtbot, window)
    dialog = page.compare_dialog
    assert {dialog.table.cell_text(id, "name") for id in dialog.table.visible_ids()} == {"钱五"}
    dialog.only_news.click()
    assert len(dialog.table.visible_ids()) == 4
    dialog.reject()


def choose(table, row, label):
    """In the box of a column, as with the arrow keys."""
    table.setCurrentCell(row, 4)
    box = table.cellWidget(row, 4)
    box.setCurrentIndex(box.findText(label))


def test_differences_are_viewed_by_what_we_know_of_the_person_and_printed(qtbot, window, book, dibao):
    window.open("comparison", path=dibao)
    wait_until_idle(qtbot, window)
    page = window.page("comparison")
    page.compare_dialog.buttons.accept_button.click()
    wait_until_idle(qtbot, window)
    everything = shown(page)
    dialog = open_dialog(qtbot, page)
    keys("cyxm", Qt.Key.Key_Tab)  # 成员：姓名, as it stands here
    keys("", Qt.Key.Key_Tab)
    compose(dialog.rows[0].values.controls[0], "李三")
    press_in(qtbot, dialog, "Ctrl+S")
    naming = page.view_bar.dialog
    qtbot.waitUntil(lambda: QApplication.activeWindow() is naming)
    compose(naming.name_edit, "李三的")
    keys("", Qt.Key.Key_Return)
    wait_until_idle(qtbot, window)
    assert shown(page) == {"李三": everything["李三"]}
    assert len(everything) > 1
    (id,) = page.table.visible_ids()
    assert "********" in page.table.cell_text(id, "id_no")
    press_shortcut(qtbot, page, "Ctrl+Shift+F")
    wait_until_idle(qtbot, window)
    assert shown(page) == everything
    with book.reading() as session:
        (view,) = saved_views(session)
    window.open("comparison", view=view.id)
    wait_until_idle(qtbot, window)
    assert (view.list, page.table.visible_ids()) == ("comparison", [id])
    page.kinds.set_current_id(page.kinds.visible_ids()[1])
    wait_until_idle(qtbot, window)
    press_shortcut(qtbot, page, "Ctrl+T")
    wait_until_idle(qtbot, window)
    printing = window.page("printing")
    assert printing.report.name == "view_ledger"
    assert printed_ids(book, printing) == [id]


def test_a_view_of_one_kind_of_list_is_opened_before_the_kinds_are_read(qtbot, window, book, dibao):
    window.open("comparison", path=dibao)
    wait_until_idle(qtbot, window)
    page = window.page("comparison")
    page.compare_dialog.buttons.accept_button.click()
    wait_until_idle(qtbot, window)
    kind = page.kinds.visible_ids()[1]
    save_view(book, "comparison", "低保的", ListView(groups=("result",), quick={"kind": kind}), shared=True)
    with book.reading() as session:
        (view,) = saved_views(session)
    fresh = MainWindow(book)
    qtbot.addWidget(fresh, before_close_func=lambda _: wait_until_idle(qtbot, fresh))
    fresh.open("comparison", view=view.id)
    wait_until_idle(qtbot, fresh)
    opened = fresh.page("comparison")
    assert (opened.kinds.current_id(), opened.view_bar.name) == (kind, "低保的")
    assert shown(opened) == shown(page)
