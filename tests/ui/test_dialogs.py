"""What all dialogs have in common: they fit, they do not throw away what was typed, and they look like each other."""

import re
from pathlib import Path

import pytest
from PySide6.QtCore import QPoint, QRect, Qt
from PySide6.QtWidgets import (
    QApplication,
    QCheckBox,
    QDialogButtonBox,
    QLineEdit,
    QMainWindow,
    QPushButton,
    QStyle,
    QVBoxLayout,
    QWidget,
)

from app.workbook.workbook import VillageInfo
from tests.builders import VILLAGE
from ui.household.new_household_dialog import NewHouseholdDialog
from ui.shell.theme import apply_theme
from ui.widgets.button_row import ButtonRow
from ui.widgets.dialog import Dialog, fit_on_screen, show_on_screen
from ui.widgets.question import QuestionDialog, ask, tell
from ui.widgets.short_answer import ask_number, ask_option, ask_words

UI = Path(__file__).parents[2] / "ui"
VILLAGES = [VillageInfo(VILLAGE.code, VILLAGE.name, "牛镇镇", "太湖县", "安庆市", "安徽省")]


@pytest.fixture
def parent(qtbot):
    parent = QWidget()
    qtbot.addWidget(parent)
    with qtbot.waitActive(parent):
        parent.show()
        parent.activateWindow()
    return parent


@pytest.fixture
def dialog(qtbot, parent):
    dialog = NewHouseholdDialog(VILLAGES, parent)
    dialog.open()
    qtbot.waitUntil(dialog.isVisible)
    return dialog


def test_esc_leaves_an_empty_dialog_at_once(qtbot, dialog):
    qtbot.keyClick(dialog, Qt.Key.Key_Escape)
    assert not dialog.isVisible()


def test_esc_on_a_filled_dialog_asks(qtbot, dialog):
    qtbot.keyClicks(dialog.findChild(QLineEdit, "name"), "LiXiuying")
    qtbot.keyClick(dialog.findChild(QLineEdit, "name"), Qt.Key.Key_Escape)
    question = dialog.findChild(QuestionDialog, "ask_leave")
    assert dialog.isVisible()
    assert "尚未保存" in question.message
    qtbot.keyClick(question, Qt.Key.Key_Escape)
    assert (question.isVisible(), dialog.isVisible()) == (False, True)
    assert dialog.findChild(QLineEdit, "name").text() == "LiXiuying"
    dialog.close()  # the cross of the window asks too
    assert dialog.isVisible()
    dialog.findChildren(QuestionDialog, "ask_leave")[-1].buttons[0].click()
    assert not dialog.isVisible()


def test_the_button_that_cancels_does_not_ask(qtbot, dialog):
    qtbot.keyClicks(dialog.findChild(QLineEdit, "name"), "LiXiuying")
    dialog.findChild(QPushButton, "cancel").click()
    assert not dialog.isVisible()


def test_what_was_typed_and_left_is_asked_about_too(qtbot, dialog):
    name = dialog.findChild(QLineEdit, "name")
    qtbot.keyClicks(name, "LiXiuying")
    qtbot.keyClick(name, Qt.Key.Key_Tab)
    qtbot.keyClick(dialog, Qt.Key.Key_Escape)
    assert dialog.isVisible()


def test_words_that_are_looked_for_are_no_work_that_is_lost(qtbot, parent):
    dialog = Dialog(parent)
    search = QLineEdit(dialog)
    search.setClearButtonEnabled(True)
    dialog.open()
    qtbot.keyClicks(search, "chen")
    qtbot.keyClick(dialog, Qt.Key.Key_Escape)
    assert not dialog.isVisible()


def test_an_empty_new_household_shows_no_fault_before_it_is_sent(qtbot, dialog):
    def told():
        labels = [one for one in dialog.findChildren(QWidget) if one.objectName().endswith("_fault")]
        return [one.text() for one in labels if one.text()]

    assert told() == []
    for _ in range(12):  # through all its fields
        qtbot.keyClick(QApplication.focusWidget(), Qt.Key.Key_Tab)
    assert len(told()) <= 1  # that the name is missing, if anything
    dialog.accept()
    assert dialog.isVisible()
    assert told()
    qtbot.keyClick(dialog, Qt.Key.Key_Escape)
    assert not dialog.isVisible()


def test_a_question_goes_on_by_enter_and_a_careful_one_does_not(qtbot, parent):
    answers = []
    for careful in (False, True):
        question = ask(
            parent, "one", "撤回", "撤回这一轮？", choices=[("撤回", lambda: answers.append(1))], careful=careful
        )
        qtbot.waitUntil(question.isVisible)
        assert [button.text() for button in question.buttons] == ["撤回", "取消"]
        qtbot.keyClick(question.focusWidget(), Qt.Key.Key_Return)
        assert not question.isVisible()
    assert answers == [1]
    notice = tell(parent, "two", "回执码", "1234 5678", "报给同事")
    assert [button.text() for button in notice.buttons] == ["确定"]
    qtbot.keyClick(notice, Qt.Key.Key_Escape)
    assert not notice.isVisible()


@pytest.mark.parametrize(
    ("asking", "keys", "answer"),
    [
        (
            lambda parent: ask_option(parent, "生成", "哪一种？", ["周报", "月报"]),
            [Qt.Key.Key_Down, Qt.Key.Key_Return],
            "月报",
        ),
        (
            lambda parent: ask_number(parent, "年度", "哪一年？", 2018, 2000, 2030),
            [Qt.Key.Key_Up, Qt.Key.Key_Return],
            2019,
        ),
        (lambda parent: ask_words(parent, "退回", "原因"), [Qt.Key.Key_A, Qt.Key.Key_Return], "a"),
        (lambda parent: ask_option(parent, "生成", "哪一种？", ["周报"]), [Qt.Key.Key_Escape], ""),
        (lambda parent: ask_number(parent, "年度", "哪一年？", 2018, 2000, 2030), [Qt.Key.Key_Escape], None),
    ],
)
def test_short_answers_are_given_by_the_keyboard(qtbot, parent, monkeypatch, asking, keys, answer):
    def type_into(dialog):
        dialog.open()
        for key in keys:
            qtbot.keyClick(dialog.findChild(QWidget, "answer"), key)
        return dialog.result()

    monkeypatch.setattr(Dialog, "exec", type_into, raising=False)
    assert asking(parent) == answer


def test_go_on_stands_before_cancel_in_every_dialog(qtbot, parent):
    dialog = Dialog(parent)
    row = ButtonRow(dialog, "确定")
    qtbot.addWidget(row)
    row.resize(400, 40)
    row.show()
    QApplication.processEvents()
    assert row.accept_button.x() < row.cancel_button.x()


def test_tab_comes_to_what_goes_on_before_it_comes_to_cancel(qtbot, parent):
    dialog = Dialog(parent)
    layout, box = QVBoxLayout(dialog), QCheckBox("已核对")
    row = ButtonRow(dialog, "添加")
    layout.addWidget(box)
    layout.addWidget(row)
    other = row.add_button("另存", "other")
    widget, reached = box, []
    while len(reached) < 3:
        widget = widget.nextInFocusChain()
        if isinstance(widget, QPushButton):
            reached.append(widget)
    assert reached == [row.accept_button, other, row.cancel_button]


def test_dialogs_come_from_one_place():
    """No box with the desktop's pictures, no buttons in the desktop's order, no dialog that leaves without asking."""
    own = {"dialog.py", "button_row.py", "question.py"}
    strangers = [
        f"{path.name}: {found}"
        for path in UI.rglob("*.py")
        if path.name not in own
        for found in re.findall(
            r"QMessageBox|QInputDialog|QDialogButtonBox|\(QDialog\)|standardIcon|standardPixmap|\bQDialog\(",
            path.read_text(encoding="utf-8"),
        )
    ]
    assert strangers == []


@pytest.mark.parametrize("size", [(4000, 3000), (500, 300)])
def test_a_window_is_no_larger_than_the_screen_and_whole_on_it(qtbot, size):
    window = QMainWindow()
    qtbot.addWidget(window)
    window.resize(*size)
    window.move(3000, 2000)  # where a second screen was
    fit_on_screen(window)
    room = QApplication.primaryScreen().availableGeometry()
    assert room.contains(QRect(window.pos(), window.size()))
    window.move(QPoint(-900, -900))
    fit_on_screen(window)
    assert room.contains(QRect(window.pos(), window.size()))


@pytest.mark.parametrize(("height", "fills"), [(300, False), (760, True)])
def test_a_window_that_needs_nearly_the_whole_screen_takes_it(qtbot, height, fills):
    """The screen of the tests has 800 lines."""
    window = QMainWindow()
    qtbot.addWidget(window)
    window.resize(500, height)
    show_on_screen(window)
    assert window.isVisible()
    assert window.isMaximized() is fills


def test_qts_own_dialogs_have_no_pictures_on_their_buttons(qtbot):
    box = QDialogButtonBox(QDialogButtonBox.StandardButton.Save | QDialogButtonBox.StandardButton.Cancel)
    qtbot.addWidget(box)
    apply_theme(QApplication.instance())
    box.ensurePolished()
    assert not box.style().styleHint(QStyle.StyleHint.SH_DialogButtonBox_ButtonsHaveIcons, None, box)
