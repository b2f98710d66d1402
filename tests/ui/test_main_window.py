"""The window around the pages."""

import pytest
from PySide6.QtCore import QMimeData, QPointF, Qt, QUrl
from PySide6.QtGui import QDropEvent
from PySide6.QtWidgets import QListWidget, QWidget

from db.schema.household import Household
from tests.ui.conftest import settle
from ui.pages import pages

NAMES = list(pages())


@pytest.mark.parametrize("name", NAMES)
def test_every_page_opens_and_fits_a_small_screen(qtbot, window, name):
    window.open(name)
    settle(qtbot, window)
    assert window.current == name
    assert (window.width(), window.height()) == (1366, 728)
    assert window.notices.property("how") != "refused"


@pytest.mark.parametrize("name", NAMES)
def test_every_control_of_a_page_has_a_name_for_those_who_cannot_see_it(qtbot, window, name):
    window.open(name)
    settle(qtbot, window)
    page = window.page(name)
    nameless = [
        f"{type(one).__name__} {one.objectName()}"
        for one in page.findChildren(QWidget)
        if one.isVisible()
        and one.focusPolicy() & Qt.FocusPolicy.TabFocus
        and not (one.accessibleName() or getattr(one, "text", str)())
        and not one.objectName().startswith("qt_")
    ]
    assert nameless == []


def test_shortcuts_are_not_given_twice(window):
    for name in NAMES:
        page = window.page(name)
        given = [action.shortcut().toString() for action in (*window.actions(), *page.actions())]
        used = [shortcut for shortcut in given if shortcut]
        assert len(used) == len(set(used)), f"{name}: {sorted(used)}"


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
    first, second = [name for name in NAMES if pages()[name].SHOWN][:2]
    heard = []
    window.open(second)
    window.open(first)
    settle(qtbot, window)
    window.page(second).refresh = heard.append
    with book.writing() as session:
        session.query(Household).first().note = "改"
    qtbot.wait(20)
    assert heard == []
    window.open(second)
    assert heard[0].touches("household")


def test_a_dropped_roster_goes_to_its_page(qtbot, window, tmp_path):
    path = tmp_path / "名册.csv"
    path.write_text("", encoding="utf-8")
    data = QMimeData()
    data.setUrls([QUrl.fromLocalFile(str(path))])
    drop = QDropEvent(
        QPointF(5, 5), Qt.DropAction.CopyAction, data, Qt.MouseButton.LeftButton, Qt.KeyboardModifier.NoModifier
    )
    window.dropEvent(drop)
    assert window.current == "take_in"
    settle(qtbot, window)


def test_keys_open_pages(qtbot, window):
    shown = [name for name in NAMES if pages()[name].SHOWN]
    qtbot.keyClick(window, Qt.Key.Key_2, Qt.KeyboardModifier.ControlModifier)
    assert window.current == shown[1]
    assert window.findChild(QListWidget, "navigation").currentItem().text() == pages()[shown[1]].TITLE


def test_locking_closes_the_workbook(qtbot, window, book):
    with qtbot.waitSignal(window.left):
        qtbot.keyClick(window, Qt.Key.Key_L, Qt.KeyboardModifier.ControlModifier)
    assert sorted(path.suffix for path in book.path.parent.iterdir() if path.is_file()) == [".hdb"]
