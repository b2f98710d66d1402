"""One table for all lists."""

import time

import pytest
from PySide6.QtCore import QPoint, Qt, QTimer
from PySide6.QtGui import QContextMenuEvent, QGuiApplication
from PySide6.QtTest import QAbstractItemModelTester
from PySide6.QtWidgets import QMenu

from tests.ui.conftest import wait_until_idle
from ui.widgets.row_table import Column, Row, RowTable

COLUMNS = (
    Column("name", "姓名"),
    Column("id_no", "证件号码", mask="id", width=20),
    Column("size", "人数", align="right"),
    Column("note", "备注", hidden=True),
)


def rows(count=3):
    return [
        Row(f"r{n}", {"name": f"户{n}", "id_no": "340888197005060017", "size": n * 5 % 7 or None}) for n in range(count)
    ]


@pytest.fixture
def table(qtbot):
    table = RowTable("households", "户")
    qtbot.addWidget(table)
    table.set_columns(COLUMNS)
    table.set_rows(rows(5))
    table.resize(600, 300)
    table.show()
    return table


def test_the_model_keeps_qts_rules(table, qtbot):
    QAbstractItemModelTester(table.model(), QAbstractItemModelTester.FailureReportingMode.Fatal)
    table.set_rows(rows(9))
    table.sortByColumn(2, Qt.SortOrder.DescendingOrder)
    table.filter_ids(["r1", "r2"])
    table.set_rows([])
    assert table.model().rowCount() == 0


def test_personal_numbers_are_masked_on_screen_and_in_the_clipboard(table):
    assert table.cell_text("r1", "id_no") == "340888********0017"
    table.selectAll()
    table._copy()
    copied = QGuiApplication.clipboard().text()
    assert "340888********0017" in copied
    assert "19700506" not in copied
    assert copied.splitlines()[0] == "姓名\t证件号码\t人数"


def test_numbers_sort_as_numbers_and_what_is_empty_stands_last(table):
    table.set_rows([Row(str(n), {"size": n}) for n in (10, 9, 100)] + [Row("none", {"size": None})])
    table.sortByColumn(2, Qt.SortOrder.AscendingOrder)
    assert table.visible_ids() == ["9", "10", "100", "none"]
    table.sortByColumn(2, Qt.SortOrder.DescendingOrder)
    assert table.visible_ids() == ["100", "10", "9", "none"]


def test_enter_opens_and_the_current_row_stays_when_rows_come_anew(table, qtbot):
    assert table.set_current_id("r3")
    with qtbot.waitSignal(table.row_activated) as opened:
        qtbot.keyClick(table, Qt.Key.Key_Return)
    assert opened.args == ["r3"]
    table.set_rows(list(reversed(rows(5))))
    assert table.current_id() == "r3"


def test_a_hidden_column_is_remembered(table, qtbot):
    table._set_column_visible(1, False)
    again = RowTable("households", "户")
    qtbot.addWidget(again)
    again.set_columns(COLUMNS)
    assert [again.isColumnHidden(n) for n in range(4)] == [False, True, False, True]


def test_an_empty_table_says_what_to_do(qtbot, table):
    table.hint = "还没有户。按 Ctrl+N 新建。"
    table.set_rows(rows())
    full = table.grab().toImage()
    table.set_rows([])
    assert table.grab().toImage() != full


def test_names_sort_by_pinyin_and_numbers_inside_a_text_as_numbers(table):
    names = ["赵家湾2组", "张坪10组", "安家坪", "张坪9组", "吕庄"]
    table.set_rows([Row(name, {"name": name}) for name in names])
    table.sortByColumn(0, Qt.SortOrder.AscendingOrder)
    assert table.visible_ids() == ["安家坪", "吕庄", "张坪9组", "张坪10组", "赵家湾2组"]
    table.set_filter(lambda row: "张" in row.id)
    assert table.visible_ids() == ["张坪9组", "张坪10组"]


def test_fifty_thousand_rows_are_shown_sorted_and_filtered_without_a_wait(table):
    many = [Row(str(n), {"name": f"户{n * 7919 % 50000}", "size": n % 9}) for n in range(50_000)]
    for act in (
        lambda: table.set_rows(many),
        lambda: table.sortByColumn(2, Qt.SortOrder.DescendingOrder),
        lambda: table.set_filter(lambda row: row.cells["size"] == 3),
        lambda: table.set_filter(None),
    ):
        begun = time.thread_time()
        act()
        table.grab()
        assert time.thread_time() - begun < 1.0


def test_a_column_that_takes_what_is_left_is_never_squeezed_out(qtbot):
    table = RowTable("problems", "问题")
    qtbot.addWidget(table)
    columns = Column("head", "户主", width=20), Column("group", "村民组", width=20), Column("what", "说明", width=0)
    table.set_columns(columns)
    table.resize(900, 300)
    table.show()
    wide = table.columnWidth(2)
    table.resize(380, 300)
    letters = 6 * table.fontMetrics().horizontalAdvance("字")
    assert wide > table.columnWidth(2) > letters
    qtbot.waitUntil(lambda: table.horizontalScrollBar().maximum() > 0)
    table.resize(900, 300)
    qtbot.waitUntil(lambda: table.horizontalScrollBar().maximum() == 0)
    assert table.columnWidth(2) == wide


def test_columns_are_as_wide_as_their_texts_where_there_is_room(qtbot):
    table = RowTable("works", "项目")
    qtbot.addWidget(table)
    table.resize(900, 300)
    table.show()
    table.set_columns(
        (Column("name", "项目名称", width=8), Column("at", "地点", width=8), Column("n", "户数", width=8))
    )
    usual = [table.columnWidth(n) for n in range(3)]
    table.set_rows([Row("1", {"name": "柳树沟茶园生产道路硬化", "at": "河湾组", "n": 9})])
    wide, letter = table.columnWidth(0), table.fontMetrics().horizontalAdvance("字")
    assert wide >= 11 * letter > usual[0]
    assert sum(map(table.columnWidth, range(3))) == table.viewport().width()  # the last one fills the rest
    table.setColumnWidth(0, 90)  # as an officer drags it
    table.resize(800, 300)
    assert table.columnWidth(0) == 90
    assert table.columnWidth(1) == usual[1]


def test_what_takes_the_rest_keeps_what_its_texts_need(qtbot):
    table = RowTable("works", "项目")
    qtbot.addWidget(table)
    table.resize(380, 300)
    table.show()
    table.set_columns((Column("what", "事项", width=0), Column("whom", "涉及户", width=8)))
    table.set_rows([Row("1", {"what": "危房修缮验收拖了一个月没有人盯着办", "whom": "储水旺户（桃园村民组）"})])
    letter = table.fontMetrics().horizontalAdvance("字")
    assert table.columnWidth(0) >= 17 * letter
    assert table.columnWidth(1) < 10 * letter
    table.resize(700, 300)
    assert table.columnWidth(1) >= 10 * letter


def test_the_menu_of_a_list_has_the_commands_of_its_page_undo_and_what_was_withdrawn(qtbot, window):
    window.open("households")
    wait_until_idle(qtbot, window)
    table, shown, timer = window.page("households").table, [], QTimer()

    def look():
        for menu in table.findChildren(QMenu):
            if menu.isVisible():
                shown.extend(action.text() for action in menu.actions())
                menu.close()

    timer.timeout.connect(look)
    timer.start(20)
    table.contextMenuEvent(QContextMenuEvent(QContextMenuEvent.Reason.Keyboard, QPoint(5, 5), QPoint(5, 5)))
    timer.stop()
    for text in ("复制（Ctrl+C）", "显示的列", "新建户", "已撤回", "查找或命令"):
        assert text in shown
    assert any(text.startswith("撤销") for text in shown)
