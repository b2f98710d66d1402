"""The rail and the menu bar, by keyboard and by mouse."""

from collections import Counter
from datetime import date, timedelta

import pytest
from PySide6.QtCore import QPoint, Qt
from PySide6.QtGui import QAction
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication, QMenu, QMenuBar, QPushButton, QTreeWidget

from app.dashboard.waiting import WaitingCount, waiting_counts
from app.progress import run_to_completion
from app.registers import all_registers
from app.registers.engine.topic import Topic
from db.schema.household import Household
from db.schema.rectification import Rectification
from tests.ui.keyboard import press_shortcut
from ui.pages import page_classes
from ui.shell import waiting
from ui.shell.menu_bar import MenuBar
from ui.shell.navigation import GROUPS, Navigation
from ui.shell.navigation_delegate import COUNT_ROLE

PAGES = {name: page for name, page in page_classes().items() if page.IN_NAVIGATION}


@pytest.fixture
def first_page():
    """Where an officer finds it, at the head of the rail."""
    return "today"


def tree_of(window):
    return window.findChild(QTreeWidget, "navigation")


def line(tree, title):
    [item] = tree.findItems(title, Qt.MatchFlag.MatchExactly | Qt.MatchFlag.MatchRecursive)
    return item


def visible_lines(tree):
    item, titles = tree.topLevelItem(0), []
    while item is not None:
        titles.append(item.text(0))
        item = tree.itemBelow(item)
    return titles


def test_every_page_declares_a_group_and_a_key_of_its_own():
    assert {page.GROUP for page in PAGES.values()} <= set(GROUPS)
    assert [name for name, page in PAGES.items() if not page.SHORTCUT] == []
    keys = [page.SHORTCUT for page in PAGES.values()]
    assert len(keys) == len(set(keys))
    unlisted = {name: page for name, page in page_classes().items() if not page.IN_NAVIGATION}
    assert all(page.PARENT in PAGES for page in unlisted.values())


def test_arrows_move_and_enter_opens(qtbot, window):
    tree = tree_of(window)
    press_shortcut(qtbot, window.page(window.current), "F6")
    assert tree.hasFocus()
    qtbot.keyClick(tree, Qt.Key.Key_Down)
    assert window.current == "today"
    assert tree.currentItem().text(0) == "农户"
    qtbot.keyClick(tree, Qt.Key.Key_Return)
    assert window.current == "households"


def test_a_click_opens_a_page_and_folds_a_group_which_stays_so(qtbot, window):
    tree = tree_of(window)
    middle = tree.visualItemRect(line(tree, "帮扶联系人")).center()
    qtbot.mouseClick(tree.viewport(), Qt.MouseButton.LeftButton, pos=middle)
    assert window.current == "helpers"
    window.open("today")
    qtbot.mouseClick(tree.viewport(), Qt.MouseButton.LeftButton, pos=tree.visualItemRect(line(tree, "帮扶")).center())
    assert "帮扶联系人" not in visible_lines(tree)
    again = rail_of(qtbot, [("helpers", "帮扶联系人", "帮扶"), ("today", "今日", "日常")])
    assert visible_lines(again.page_tree) == ["日常", "今日", "帮扶"]


def test_left_and_right_fold_a_group(qtbot, window):
    tree = tree_of(window)
    tree.setFocus()
    tree.setCurrentItem(line(tree, "交换"))
    qtbot.keyClick(tree, Qt.Key.Key_Left)
    assert "数据交换" not in visible_lines(tree)
    qtbot.keyClick(tree, Qt.Key.Key_Right)
    assert "数据交换" in visible_lines(tree)
    qtbot.keyClick(tree, Qt.Key.Key_Return)
    assert "数据交换" not in visible_lines(tree)
    window.open("sync")  # what is shown is never folded away
    assert "数据交换" in visible_lines(tree)


def rail_of(qtbot, pages):
    rail = Navigation()
    qtbot.addWidget(rail)
    action = QAction("查找或命令", rail)
    rail.set_palette_action(action)
    for name, title, group, *topic in pages:
        rail.add_page(name, title, "", "", group, *topic)
    rail.finish()
    for label in ("快捷键", "收起导航", "锁定"):
        rail.add_action(QAction(label, rail), "lock")
    rail.set_collapsed(False)
    rail.resize(rail.width(), 668)  # of 728 lines less the menu bar and the status bar
    rail.show()
    return rail


def test_forty_registers_do_not_make_a_list_of_fifty(qtbot):
    pages = [(name, page.TITLE, page.GROUP, page.TOPIC) for name, page in PAGES.items() if page.IN_NAVIGATION]
    rail = rail_of(qtbot, [*pages, *((f"register_{n}", f"第{n}种台账", "村务台账") for n in range(40))])
    tree = rail.page_tree
    last = tree.visualItemRect(line(tree, visible_lines(tree)[-1]))
    assert tree.viewport().rect().contains(last)
    assert visible_lines(tree)[-1] == "管理"
    assert "第7种台账" not in visible_lines(tree)
    rail.set_current("register_7")
    assert "第7种台账" in visible_lines(tree)
    assert tree.viewport().rect().contains(tree.visualItemRect(line(tree, "第7种台账")))


def test_registers_stand_under_topics_that_fold_and_stay_so(qtbot, window):
    tree = tree_of(window)
    tree.setFocus()
    tree.setCurrentItem(line(tree, "帮扶台账"))
    qtbot.keyClick(tree, Qt.Key.Key_Right)
    topics = [topic.label for topic in Topic if topic.group == "帮扶台账"]
    assert [title for title in visible_lines(tree) if title in topics] == topics
    assert "教育资助" not in visible_lines(tree)
    tree.setCurrentItem(line(tree, "教育和健康"))
    qtbot.keyClick(tree, Qt.Key.Key_Return)
    assert "教育资助" in visible_lines(tree)
    assert "特色产业" not in visible_lines(tree)
    pages = [("education_aid", "教育资助", "帮扶台账", Topic.SCHOOL_AND_HEALTH), ("today", "今日", "日常")]
    again = rail_of(qtbot, [*pages, ("farm_business", "特色产业", "帮扶台账", Topic.INDUSTRY)])
    assert visible_lines(again.page_tree) == ["日常", "今日", "帮扶台账", "产业和金融", "教育和健康", "教育资助"]
    again.set_current("farm_business")  # what is shown is never folded away
    assert "特色产业" in visible_lines(again.page_tree)


def test_every_register_has_a_topic_and_none_has_more_than_ten():
    per_topic = Counter(page.TOPIC for page in PAGES.values() if page.TOPIC is not None)
    assert {register.key for register in all_registers() if register.topic is None} == set()
    assert set(per_topic) == set(Topic)
    assert [name for name, page in PAGES.items() if page.GROUP == "帮扶台账" and page.TOPIC is None] == []
    assert max(per_topic.values()) <= 10


def test_a_page_that_is_not_listed_marks_the_one_it_belongs_to(window):
    window.open("household", household=Household.id_of("340828100101001"))
    assert tree_of(window).currentItem().text(0) == "农户"


def problem(session, days):
    day, home = date.today() - timedelta(days=days), session.query(Household).first()
    session.add(
        Rectification(
            id=f"{days:032d}",
            village=home.village,
            household_id=home.id,
            problem="院子里有垃圾",
            found_on=day,
            due_on=day + timedelta(days=7),
        )
    )


def test_counts_follow_what_is_written_and_are_read_out(qtbot, window, book, monkeypatch):
    monkeypatch.setattr(waiting, "SETTLED_MS", 20)
    item = line(tree_of(window), "问题整改")
    qtbot.waitUntil(lambda: line(tree_of(window), "疑点数据").data(0, COUNT_ROLE) is not None)
    assert item.data(0, COUNT_ROLE) is None
    with book.writing() as session:
        problem(session, days=30)
        problem(session, days=1)
    qtbot.waitUntil(lambda: item.data(0, COUNT_ROLE) is not None)
    assert item.data(0, COUNT_ROLE) == WaitingCount("rectification", 1, "bad", "问题整改 1 条超期")
    assert item.data(0, Qt.ItemDataRole.AccessibleTextRole) == "问题整改，问题整改 1 条超期"
    assert "超期" in item.toolTip(0)


def test_a_folded_group_shows_the_most_urgent_of_its_counts(qtbot):
    rail = rail_of(qtbot, [("issues", "疑点数据", "数据"), ("conflicts", "冲突", "数据")])
    urgent = WaitingCount("conflicts", 2, "bad", "2 处冲突待处理")
    rail.set_counts((WaitingCount("issues", 100, "warn", "100 条"), urgent))
    assert line(rail.page_tree, "数据").data(0, COUNT_ROLE) == urgent
    rail.set_counts(())
    assert line(rail.page_tree, "数据").data(0, COUNT_ROLE) is None


def test_what_is_counted_is_what_the_pages_show(book):
    from app.issues.issues import village_issues

    by_page = {count.page: count.count for count in run_to_completion(waiting_counts(book))}
    assert set(by_page) <= set(PAGES)
    assert by_page["issues"] == len(run_to_completion(village_issues(book))) > 0
    assert by_page["conflicts"] == by_page["rectification"] == 0


def test_closing_does_not_wait_for_a_count(qtbot, window):
    window._waiting._count()
    window.close()
    assert not window.isVisible()
    assert window.tasks.is_idle


def menus(window):
    return {menu.objectName(): menu for menu in window.findChild(QMenuBar, "menuBar").findChildren(QMenu)}


def test_f10_opens_the_menus_and_enter_gives_a_command(qtbot, window):
    press_shortcut(qtbot, window.page(window.current), "F10")
    qtbot.waitUntil(lambda: QApplication.activePopupWidget() is not None)
    for _ in range(3):
        QTest.keyClick(QApplication.activePopupWidget(), Qt.Key.Key_Right)
    pages_menu = QApplication.activePopupWidget()
    assert pages_menu is menus(window)["pagesMenu"]
    while pages_menu.activeAction() is None or pages_menu.activeAction().text() != "问题整改":
        QTest.keyClick(pages_menu, Qt.Key.Key_Down)
    QTest.keyClick(pages_menu, Qt.Key.Key_Return)
    qtbot.waitUntil(lambda: window.current == "rectification")


def test_a_group_that_the_rail_folds_is_a_menu_of_its_own(qtbot):
    bar = MenuBar()
    qtbot.addWidget(bar)
    bar.fill_pages_menu(
        [(PAGES[name], QAction(f"{name} {n}", bar)) for name in ("small_loan", "today", "meeting") for n in range(3)]
    )
    shown = [action.text() for action in bar.pages_menu.actions() if not action.isSeparator()]
    assert shown == ["today 0", "today 1", "today 2", "帮扶台账", "村务台账"]


def test_the_field_over_the_rail_opens_the_palette(qtbot, window):
    field = window.findChild(QPushButton, "paletteField")
    qtbot.mouseClick(field, Qt.MouseButton.LeftButton, pos=QPoint(10, 10))
    assert window.findChild(QAction, "palette").text() == field.accessibleName()
    assert QApplication.focusWidget().objectName() == "paletteSearch"


def test_in_a_first_window_the_rail_does_not_roll(qtbot, window):
    window.resize(1280, 700)
    tree = tree_of(window)
    qtbot.waitUntil(lambda: tree.verticalScrollBar().maximum() == 0)
    window.resize(1280, 900)
    qtbot.waitUntil(lambda: tree.visualItemRect(line(tree, "今日")).height() >= 28)  # with room, rows have theirs
