"""The window around the pages."""

import threading
import time

import pytest
from PySide6.QtCore import QEvent, QMimeData, QPoint, QPointF, Qt, QTimer, QUrl
from PySide6.QtGui import QAction, QDropEvent
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication, QDialog, QLabel, QLineEdit, QToolButton, QTreeWidget
from shiboken6 import isValid

from app.progress import Progress
from app.workbook import preferences
from db.schema.household import Household
from tests.builders import id_number
from tests.ui.conftest import wait_until_idle
from tests.ui.keyboard import press_shortcut
from ui.dialogs.shortcuts_dialog import ShortcutsDialog
from ui.pages import page_classes
from ui.shell import auto_lock
from ui.shell.navigation import Navigation
from ui.shell.page_stack import MOST_REGISTERS
from ui.shell.tool_bar import PageBar
from ui.widgets.question import QuestionDialog

NAMES = list(page_classes())


def test_a_page_learns_of_what_another_thread_wrote(qtbot, window, book):
    heard = []
    window.open(NAMES[0])
    page = window.page(NAMES[0])
    page.refresh = heard.append
    with book.writing() as session:
        session.query(Household).first().note = "改"
    qtbot.waitUntil(lambda: bool(heard))
    assert heard[0].tables == frozenset({"household"})


def test_a_page_that_was_not_seen_is_refreshed_when_it_is_shown(qtbot, window, book):
    first, second = [name for name in NAMES if page_classes()[name].IN_NAVIGATION][:2]
    heard = []
    window.open(second)
    window.open(first)
    wait_until_idle(qtbot, window)
    window.page(second).refresh = heard.append
    with book.writing() as session:
        session.query(Household).first().note = "改"
    qtbot.wait(20)
    assert heard == []
    window.open(second)
    assert heard[0].touches("household")


def test_registers_that_were_not_looked_at_lately_are_let_go_and_come_again(qtbot, window, book):
    names = [name for name, page in page_classes().items() if page.IS_RELEASED][: MOST_REGISTERS + 3]
    pages = {}
    for name in [names[0], "households", *names[1:]]:
        window.open(name)
        pages[name] = window.page(name)
        wait_until_idle(qtbot, window)
    QApplication.sendPostedEvents(None, QEvent.Type.DeferredDelete)
    assert [name for name, page in pages.items() if not isValid(page)] == names[:3]
    assert window.page("households") is pages["households"]
    with book.writing() as session:
        session.query(Household).first().note = "改"
    window.open(names[0])
    wait_until_idle(qtbot, window)
    assert window.page(names[0]).table.isVisible()
    assert window.page(names[0]).TITLE == pages[names[0]].TITLE


def test_a_dropped_roster_goes_to_its_page(qtbot, window, tmp_path):
    path = tmp_path / "名册.csv"
    path.write_text("", encoding="utf-8")
    data = QMimeData()
    data.setUrls([QUrl.fromLocalFile(str(path))])
    drop = QDropEvent(
        QPointF(5, 5), Qt.DropAction.CopyAction, data, Qt.MouseButton.LeftButton, Qt.KeyboardModifier.NoModifier
    )
    window.dropEvent(drop)
    assert window.current == "roster_import"
    wait_until_idle(qtbot, window)


def test_keys_open_pages(qtbot, window):
    qtbot.keyClick(window, Qt.Key.Key_2, Qt.KeyboardModifier.ControlModifier)
    assert window.current == "households"
    assert window.findChild(QTreeWidget, "navigation").currentItem().text(0) == page_classes()["households"].TITLE


def test_the_sheet_of_keys_fits_on_the_screen_and_rolls(qtbot, window):
    page = window.page("small_loan")
    sheet = ShortcutsDialog(window.actions(), page.actions(), page.TITLE, window)
    qtbot.addWidget(sheet)
    sheet.show()
    assert sheet.height() < window.screen().availableSize().height()
    bar = sheet.area.verticalScrollBar()
    assert bar.maximum() > 0
    qtbot.keyClick(sheet.area, Qt.Key.Key_PageDown)
    assert bar.value() > 0


def test_a_page_keeps_its_keys_while_another_is_shown(qtbot, window):
    for name in ("small_loan", "today", "small_loan"):
        window.open(name)
        wait_until_idle(qtbot, window)
    page = window.page("small_loan")
    press_shortcut(qtbot, page, "Ctrl+F")  # a key that stands on no tool bar
    assert page.filter_bar.search.hasFocus()


@pytest.mark.parametrize("first_page", ["rounds"])
def test_what_arrives_late_leaves_the_keys_to_the_page_that_is_shown(qtbot, window):
    wait_until_idle(qtbot, window)
    window.open("charts")  # whose first chart takes the keys when it has been drawn
    window.open("operations")
    wait_until_idle(qtbot, window)
    assert window.page("charts").charts
    assert window.page("operations").isAncestorOf(QApplication.focusWidget())


def test_locking_closes_the_workbook(qtbot, window, book):
    with qtbot.waitSignal(window.closed):
        qtbot.keyClick(window, Qt.Key.Key_L, Qt.KeyboardModifier.ControlModifier)
    assert sorted(path.suffix for path in book.path.parent.iterdir() if path.is_file()) == [".hdb"]


def set_idle_seconds(window, seconds):
    window.auto_lock.idle_clock._last_input = time.monotonic() - seconds
    window.auto_lock.check()


def test_the_window_locks_itself_after_the_minutes_that_are_set(qtbot, window, book):
    wait_until_idle(qtbot, window)
    closed = []
    window.closed.connect(lambda: closed.append(True))
    preferences.save(book, "idle_minutes", 0)
    set_idle_seconds(window, 100_000)
    preferences.save(book, "idle_minutes", 10)
    set_idle_seconds(window, 9 * 60)
    qtbot.wait(20)
    assert closed == []
    set_idle_seconds(window, 11 * 60)
    qtbot.waitUntil(lambda: closed == [True])


def test_the_window_locks_when_the_machine_has_slept(qtbot, window, book, monkeypatch):
    wait_until_idle(qtbot, window)
    closed = []
    window.closed.connect(lambda: closed.append(True))
    preferences.save(book, "idle_minutes", 0)
    window.auto_lock.check()
    awake = auto_lock.clock()
    monkeypatch.setattr(auto_lock, "clock", lambda: awake + 20)
    window.auto_lock.check()
    qtbot.wait(20)
    assert closed == []  # a window that was busy for a moment
    monkeypatch.setattr(auto_lock, "clock", lambda: awake + 3600)
    gate = threading.Event()
    window.tasks.start(gate.wait)
    window.auto_lock.check()
    qtbot.wait(20)
    assert closed == []  # what is being written is not broken off
    gate.set()
    wait_until_idle(qtbot, window)
    window.auto_lock.check()
    qtbot.waitUntil(lambda: closed == [True])


def test_a_number_that_was_copied_is_taken_out_of_the_clipboard(qtbot, window):
    clipboard, line = QApplication.clipboard(), QLineEdit(id_number())
    qtbot.addWidget(line)
    window.activateWindow()
    qtbot.waitUntil(window.isActiveWindow)
    guard = window.clipboard_guard
    guard._timer.setInterval(50)
    for text, stays in ((id_number(), False), ("岳西县响水镇", True)):
        line.setText(text)
        line.selectAll()
        QTest.keyClick(line, Qt.Key.Key_C, Qt.KeyboardModifier.ControlModifier)
        assert clipboard.text() == text
        qtbot.wait(120)
        assert (clipboard.text() == text) is stays
    clipboard.setText(f"电话 13800000001，证件 {id_number()}")
    guard._timer.stop()
    window.close()
    assert clipboard.text() == ""


def test_keys_and_mouse_in_any_of_its_windows_count_as_work(qtbot, window):
    wait_until_idle(qtbot, window)
    window.activateWindow()
    qtbot.waitUntil(window.isActiveWindow)
    dialog = QDialog(window)
    for active, act in (
        (window, lambda: QTest.keyClick(window.windowHandle(), Qt.Key.Key_F24)),
        (dialog, lambda: QTest.mouseMove(dialog.windowHandle(), QPoint(9, 9))),
    ):
        active.show()
        active.activateWindow()
        qtbot.waitUntil(active.isActiveWindow)
        window.auto_lock.idle_clock._last_input = time.monotonic() - 500
        active.repaint()
        assert window.auto_lock.idle_clock.seconds >= 500
        act()
        assert window.auto_lock.idle_clock.seconds < 100
    dialog.close()


def test_what_was_written_counts_as_saved_while_the_background_goes_on(qtbot, window):
    wait_until_idle(qtbot, window)
    saved, gate = window.findChild(QLabel, "savedState"), threading.Event()
    window.tasks.start(lambda: gate.wait(5), queue="background")
    window.tasks.start(lambda: None)
    assert saved.text() == "正在保存…"
    qtbot.waitUntil(lambda: saved.text() == "全部已保存")
    assert not window.tasks.is_idle
    gate.set()


def test_closing_in_the_middle_of_long_work_asks(qtbot, window):
    gate, question_shown = threading.Event(), []

    def long():
        while not gate.is_set():
            time.sleep(0.01)
            yield Progress(0, 0)

    def answer(button):
        [box] = [one for one in QApplication.topLevelWidgets() if isinstance(one, QuestionDialog) and one.isVisible()]
        question_shown.append(box.message)
        next(one for one in box.buttons if one.text() == button).click()

    window.tasks.start(long(), title="导入名册")
    QTimer.singleShot(50, lambda: answer("继续等待"))
    window.close()
    assert window.isVisible()
    QTimer.singleShot(50, lambda: answer("仍要关闭"))
    window.close()
    assert not window.isVisible()
    assert len(question_shown) == 2
    assert "导入名册" in question_shown[0]


def test_the_rail_folds_to_its_icons_and_stays_so(qtbot, window, book):
    rail = window.findChild(Navigation)
    wide = rail.width()
    window.findChild(QAction, "collapse").trigger()
    assert rail.width() < wide / 2
    assert rail.palette_field.text() == ""
    assert rail.page_tree.columnWidth(0) == rail.page_tree.viewport().width()
    lines = rail.page_tree.findItems("", Qt.MatchFlag.MatchContains | Qt.MatchFlag.MatchRecursive)
    assert all(line.toolTip(0) for line in lines if not line.childCount())
    assert Navigation().collapsed
    window.findChild(QAction, "collapse").trigger()
    assert rail.width() == wide


def test_the_tool_bar_shows_keys_only_where_they_fit(qtbot):
    bar = PageBar()
    qtbot.addWidget(bar)
    actions = [QAction(f"第{n}件要做的事", bar) for n in range(4)]
    for n, action in enumerate(actions):
        action.setShortcut(f"Ctrl+Shift+F{n + 1}")
    bar.resize(1200, 40)
    bar.show_page("页", actions)
    bar.show()
    wide = [button.sizeHint().width() for button in bar.findChildren(QToolButton) if button.text()]
    bar.resize(560, 40)
    narrow = [button.sizeHint().width() for button in bar.findChildren(QToolButton) if button.text()]
    assert len(wide) == 4
    assert all(less < more for less, more in zip(narrow, wide, strict=True))


def test_the_buttons_of_the_bar_can_be_pressed_as_their_actions_can(qtbot, window):
    for name in ("charts", "roster_import"):  # few actions, then more, of which most have nothing to do yet
        window.open(name)
        wait_until_idle(qtbot, window)
    actions = window.page("roster_import").visible_actions()
    buttons = {one.defaultAction(): one for one in window.findChildren(QToolButton) if one.defaultAction() in actions}
    assert {action.text(): buttons[action].isEnabled() for action in actions} == {
        action.text(): action.isEnabled() for action in actions
    }
    assert not all(action.isEnabled() for action in actions)


def test_what_narrows_a_list_goes_on_in_a_second_line_where_it_is_narrow(qtbot, window):
    window.open("small_loan")
    wait_until_idle(qtbot, window)
    boxes = window.page("small_loan").filter_bar

    def is_below():
        return boxes.year_box.geometry().top() >= boxes.search.geometry().bottom()

    window.resize(910, 600)
    qtbot.waitUntil(is_below)
    assert boxes.year_box.geometry().right() <= boxes.width()
    window.resize(1200, 600)
    qtbot.waitUntil(lambda: not is_below())
