"""The list of households, through its page."""

from datetime import date
from decimal import Decimal

import pytest
from PySide6.QtCore import Qt
from PySide6.QtWidgets import QApplication, QComboBox, QDialog, QFileDialog, QLineEdit

from app.progress import run_to_completion
from app.records.draft import open_draft, save_draft
from app.sheets.reader import read
from db.schema.aid import Assignment, Helper, Visit
from db.schema.household import Household, Member
from db.schema.income import IncomeYear
from tests.builders import VILLAGE, household
from tests.builders import workbook as new_workbook
from tests.ui.conftest import made_once, wait_until_idle
from tests.ui.keyboard import press_shortcut
from ui.household.household_columns import columns
from ui.shell.main_window import MainWindow

NUMBER_COLUMN = [column.key for column in columns(False)].index("household_no")


@pytest.fixture(scope="module")
def book_file(tmp_path_factory):
    """Five households of different kinds."""
    with made_once(tmp_path_factory) as book, book.writing() as session:
        household(session, number=1, household_kind="脱贫户", phone="13855667788", group_name="十组", hamlet="东湾")
        household(session, number=2, household_kind="脱贫户", group_name="二组", hamlet="东湾", members=5)
        household(session, number=3, household_kind="一般农户", group_name="二组", hamlet="西冲", members=1)
        household(session, number=4, household_kind="脱贫户", group_name="一组", exit_status="未脱贫")
        household(session, number=5, registration_state="注销", group_name="一组")
        helper = Helper(village=VILLAGE.code, name="赵干部")
        session.add(helper)
        session.flush()
        for number in (1, 2):
            session.add(Assignment(village=VILLAGE.code, household_id=_id(number), helper_id=helper.id))
        session.add(Visit(village=VILLAGE.code, household_id=_id(1), visited_on=date.today()))
        session.add(
            IncomeYear(village=VILLAGE.code, household_id=_id(1), year=2018, reported_per_head=Decimal("3210.5"))
        )
    return book.path


def _id(number):
    return Household.id_of(f"{VILLAGE.code}{number:03}")


@pytest.fixture
def page(qtbot, window):
    window.open("households")
    wait_until_idle(qtbot, window)
    return window.page("households")


def _numbers(page):
    return [int(page.table.cell_text(id, "household_no")[-3:]) for id in page.table.visible_ids()]


def _type(qtbot, window, page, text):
    qtbot.keyClicks(page.filter_bar.search, text)
    wait_until_idle(qtbot, window)


def test_a_row_shows_what_hangs_on_the_household(page):
    cells = {key: page.table.cell_text(_id(1), key) for key in ("head", "size", "helpers", "per_head", "phone")}
    assert cells == {
        "head": "陈卫国",
        "size": "3",
        "helpers": "赵干部",
        "per_head": "3,210.50",
        "phone": "138****7788",
    }
    assert page.table.cell_text(_id(4), "helpers") == "未安排"
    assert page.count_label.text().startswith("共 5 户 15 人")


@pytest.mark.parametrize(
    ("typed", "expected"),
    [("wangguilan", [2]), ("wgl", [2]), ("桂兰", [2]), ("东湾 ch", [2, 1]), ("7788", [1]), ("zzz", [])],
)
def test_each_keystroke_narrows_the_list(qtbot, window, page, typed, expected):
    if typed.isascii():
        _type(qtbot, window, page, typed)
    else:
        page.filter_bar.search.setText(typed)
        wait_until_idle(qtbot, window)
    assert sorted(_numbers(page)) == sorted(expected)


def test_who_was_found_is_said_where_it_is_not_the_head(qtbot, window, page):
    _type(qtbot, window, page, "wgl")
    assert "找到：王桂兰（陈卫国户）" in page.count_label.text()


def test_enter_in_the_box_opens_the_only_one_left(qtbot, window, page):
    _type(qtbot, window, page, "wgl")
    qtbot.keyClick(page.filter_bar.search, Qt.Key.Key_Return)
    wait_until_idle(qtbot, window)
    assert window.current == "household"
    assert window.page("household").header.place_label.text().endswith("002")


def test_filters_and_search_work_together_and_are_cleared_together(qtbot, window, page):
    group = page.findChild(QComboBox, "filter_group")
    group.setCurrentIndex(group.findData("二组"))
    wait_until_idle(qtbot, window)
    assert sorted(_numbers(page)) == [2, 3]
    page.filter_bar.no_helper.setChecked(True)
    wait_until_idle(qtbot, window)
    assert _numbers(page) == []
    page.filter_bar.no_helper.setChecked(False)
    _type(qtbot, window, page, "wgl")
    assert _numbers(page) == [2]
    press_shortcut(qtbot, page, "Ctrl+Shift+F")
    wait_until_idle(qtbot, window)
    assert len(_numbers(page)) == 5


def test_who_needs_a_helper_and_who_was_not_visited(qtbot, window, page):
    page.filter_bar.no_helper.setChecked(True)
    wait_until_idle(qtbot, window)
    assert _numbers(page) == [4]
    page.filter_bar.no_helper.setChecked(False)
    page.filter_bar.unvisited.setChecked(True)
    wait_until_idle(qtbot, window)
    assert sorted(_numbers(page)) == [2, 4]


def test_groups_sort_by_their_number(qtbot, window, page):
    page.table.sortByColumn(2, Qt.SortOrder.AscendingOrder)
    wait_until_idle(qtbot, window)
    groups = [page.table.cell_text(id, "group") for id in page.table.visible_ids()]
    assert groups == ["一组", "一组", "二组", "二组", "十组"]


def test_a_household_that_knows_only_the_hamlet_is_found_under_it(qtbot, window, page, book):
    with book.writing() as session:
        household(session, number=6, group_name=None, hamlet="河边组")
    wait_until_idle(qtbot, window)
    assert page.table.cell_text(_id(6), "group") == "河边组"
    group = page.findChild(QComboBox, "filter_group")
    assert [group.itemData(n) for n in range(1, group.count())] == ["一组", "二组", "十组", "河边组"]
    group.setCurrentIndex(group.findData("河边组"))
    wait_until_idle(qtbot, window)
    assert _numbers(page) == [6]


def test_enter_opens_the_household_and_the_order_of_the_list_goes_with_it(qtbot, window, page):
    page.table.sortByColumn(NUMBER_COLUMN, Qt.SortOrder.DescendingOrder)
    wait_until_idle(qtbot, window)
    page.table.set_current_id(_id(3))
    qtbot.keyClick(page.table, Qt.Key.Key_Return)
    wait_until_idle(qtbot, window)
    one = window.page("household")
    assert one.header.position_label.text() == "第 3 户，共 5 户"
    press_shortcut(qtbot, one, "Alt+Down")
    wait_until_idle(qtbot, window)
    assert one.header.place_label.text().endswith("002")


def test_the_list_follows_what_is_written_elsewhere(qtbot, window, page, book):
    person = Member.id_of(f"{VILLAGE.code}00101")
    with book.reading() as session:
        draft = open_draft(session, "member", person)
    save_draft(book, draft.with_values(name="陈建国"))
    wait_until_idle(qtbot, window)
    assert page.table.cell_text(_id(1), "head") == "陈建国"


def test_the_exported_list_is_masked_written_down_and_read_again(qtbot, window, page, tmp_path, book):
    page.findChild(QComboBox, "filter_kind").setCurrentIndex(2)
    wait_until_idle(qtbot, window)
    expected = len(_numbers(page))
    page.export(tmp_path / "名单.xlsx")
    wait_until_idle(qtbot, window)
    (sheet,) = run_to_completion(read(tmp_path / "名单.xlsx"))
    text = "\n".join(str(cell) for row in sheet.rows for cell in row)
    assert len(sheet.rows) == expected + 2
    assert "陈卫国" in text
    assert "138****7788" in text
    assert "13855667788" not in text
    with book.reading() as session:
        from db.schema.exchange import AuditEntry

        assert [(audit_entry.what, audit_entry.how_many) for audit_entry in session.query(AuditEntry)] == [
            ("导出农户", expected)
        ]


def test_what_belongs_to_the_shown_households_leaves_as_a_list_of_its_own(qtbot, window, page, tmp_path, monkeypatch):
    out = tmp_path / "人口.xlsx"
    monkeypatch.setattr(QFileDialog, "getSaveFileName", lambda *_: (str(out), ""))
    page.findChild(QComboBox, "filter_kind").setCurrentIndex(2)
    wait_until_idle(qtbot, window)
    press_shortcut(qtbot, page, "Ctrl+E")
    dialog = page.exporting.dialog
    assert dialog.content.currentText() == "农户"
    assert dialog.columns.height() >= dialog.columns.sizeHint().height()  # nothing of it is squeezed
    dialog.content.setCurrentText("人口")
    dialog.full.setChecked(True)
    assert not dialog.buttons.accept_button.isEnabled()
    qtbot.keyClicks(dialog.reason, "check")
    qtbot.keyClick(dialog.reason, Qt.Key.Key_Return)
    wait_until_idle(qtbot, window)
    (sheet,) = run_to_completion(read(out))
    numbers = [int(row[0][-3:]) for row in sheet.rows[2:]]
    assert list(dict.fromkeys(numbers)) == _numbers(page)
    assert not any("*" in str(cell) for row in sheet.rows for cell in row)


def test_a_new_household_is_made_by_keyboard_and_shown(qtbot, window, page, monkeypatch):
    def fill(dialog: QDialog) -> int:
        dialog.show()
        assert not dialog._head_form.show_errors() or dialog.isVisible()
        qtbot.keyClicks(dialog.findChild(QLineEdit, "name"), "LiXin")
        qtbot.keyClicks(dialog.findChild(QLineEdit, "group_name"), "3")
        dialog.accept()
        return dialog.result()

    monkeypatch.setattr(QDialog, "exec", fill)
    press_shortcut(qtbot, page, "Ctrl+N")
    wait_until_idle(qtbot, window)
    assert window.current == "household"
    assert window.page("household").header.name_label.text() == "LiXin"


def test_an_empty_workbook_says_how_to_begin(qtbot, tmp_path):
    book = new_workbook(tmp_path, "空村.hdb")
    window = MainWindow(book)
    qtbot.addWidget(window)
    window.show()
    window.open("households")
    wait_until_idle(qtbot, window)
    page = window.page("households")
    button = page.findChild(object, "empty_import")
    assert button.isVisible()
    assert not page.table.isVisible()
    window.close()


def test_typing_never_waits_for_an_answer(qtbot, window, page):
    """Keys come faster than answers: the last text is what is shown in the end."""
    for letter in "wangguilan":
        qtbot.keyClick(page.filter_bar.search, letter)
    for _ in range(5):
        qtbot.keyClick(page.filter_bar.search, Qt.Key.Key_Backspace)
    QApplication.processEvents()
    wait_until_idle(qtbot, window)
    assert page.filter_bar.search.text() == "wangg"
    assert _numbers(page) == [2]
