"""What SQL lists is what a table that has every row would show; rows come when they are seen."""

from contextlib import closing

import pytest
from PySide6.QtCore import Qt
from PySide6.QtGui import QGuiApplication
from PySide6.QtTest import QAbstractItemModelTester
from PySide6.QtWidgets import QApplication

from app.dashboard.summary import visit_days, visit_due
from app.progress import run_to_completion
from app.records.household_list import HouseholdQuery, choices, listed, people_in
from app.records.row_views import household_rows
from app.records.search import search_households
from app.sheets.reader import read
from tests.builders import household
from tests.builders import workbook as new_workbook
from tests.machine_memory import remembering_in
from tests.sample_file import sample_copy
from tests.ui.conftest import wait_until_idle
from ui.household.household_columns import column_sort_key, columns, group_name, household_row
from ui.shell.main_window import MainWindow
from ui.widgets.paged_table import PagedTable
from ui.widgets.row_table import Column, Row, RowTable

COLUMNS = columns(True)
NUMBER_COLUMN = [column.key for column in COLUMNS].index("household_no")
MANY = 250


@pytest.fixture(scope="module")
def village(tmp_path_factory):
    folder = tmp_path_factory.mktemp("sample")
    with remembering_in(folder), closing(sample_copy(folder)) as copy:
        yield copy


@pytest.fixture
def session(village):
    with village.reading() as session:
        yield session


@pytest.mark.parametrize("descending", [False, True])
@pytest.mark.parametrize("key", [column.key for column in COLUMNS])
def test_every_column_sorts_as_a_table_with_all_rows_does(qtbot, village, session, key, descending):
    names = {one.code: one.name for one in village.villages}
    whole = RowTable("whole", "农户")
    qtbot.addWidget(whole)
    whole.set_columns(COLUMNS)
    whole.set_rows([household_row(row, names) for row in household_rows(session)])
    (place,) = [n for n, column in enumerate(COLUMNS) if column.key == key]
    whole.sortByColumn(place, Qt.SortOrder.DescendingOrder if descending else Qt.SortOrder.AscendingOrder)
    query = HouseholdQuery(sort=key, descending=descending, sort_key=column_sort_key(COLUMNS[place]))
    assert listed(session, query).ids == whole.visible_ids()


def test_without_a_sort_they_stand_by_village_group_and_number(session):
    assert listed(session, HouseholdQuery()).ids == [row.id for row in household_rows(session)]


@pytest.mark.parametrize(
    ("key", "of"),
    [
        ("group", group_name),
        ("kind", lambda row: row.kind),
        ("attribute", lambda row: row.attribute),
        ("exit_status", lambda row: row.exit_status),
    ],
)
def test_each_choice_leaves_those_that_have_it(session, key, of):
    rows = household_rows(session)
    there = choices(session)[key]
    assert there == sorted({of(row) for row in rows} - {""})
    for value in there:
        query = HouseholdQuery(having={key: value})
        assert listed(session, query).ids == [row.id for row in rows if of(row) == value]


def test_who_has_no_helper_and_who_was_not_visited_for_long(session):
    rows, days = household_rows(session), visit_days(session)
    lonely = [row.id for row in rows if row.needs_helper and not row.helpers]
    unseen = [row.id for row in rows if visit_due(row, days)]
    assert lonely
    assert unseen
    assert listed(session, HouseholdQuery(no_helper=True)).ids == lonely
    assert listed(session, HouseholdQuery(unvisited=True), days).ids == unseen
    both = HouseholdQuery(no_helper=True, unvisited=True, having={"kind": rows[0].kind})
    assert set(listed(session, both, days).ids) == {
        row.id for row in rows if row.id in lonely and row.id in unseen and row.kind == rows[0].kind
    }


def test_a_search_is_narrowed_and_sorted_too_and_people_are_counted(session):
    rows = {row.id: row for row in household_rows(session)}
    found = {one.household_id for one in search_households(session, "w")}
    (head,) = [column for column in COLUMNS if column.key == "head"]
    answer = listed(session, HouseholdQuery(typed="w", sort="head", sort_key=column_sort_key(head)))
    assert set(answer.ids) == found
    assert [rows[id].head for id in answer.ids] == sorted((rows[id].head for id in found), key=head.sort_key)
    assert answer.total == len(rows)
    assert people_in(session) == sum(row.size for row in rows.values())
    assert people_in(session, answer.ids) == sum(rows[id].size for id in found)


def test_rows_of_some_households_are_those_of_all(session):
    rows = household_rows(session)
    some = [row.id for row in rows[3:40:4]]
    assert household_rows(session, some) == [row for row in rows if row.id in some]
    assert household_rows(session, []) == []


@pytest.fixture
def window(qtbot, tmp_path):
    """More households than are read at once."""
    book = new_workbook(tmp_path)
    with book.writing() as session:
        for n in range(MANY):
            household(session, number=n + 1, members=2, phone=f"1380000{n:04}")
    window = MainWindow(book, location=("households", {}))
    qtbot.addWidget(window)
    window.resize(1366, 768)
    window.show()
    wait_until_idle(qtbot, window)
    yield window
    window.close()
    book.close()


def test_a_row_is_read_when_it_is_first_seen(qtbot, window):
    table = window.page("households").table
    last = table.visible_ids()[-1]
    assert len(table.visible_ids()) == MANY
    assert not table.paged.known([last])
    table.scrollToBottom()
    table.grab()
    qtbot.waitUntil(lambda: table.paged.known([last]))
    assert table.cell_text(last, "household_no").endswith(f"{MANY:03}")


def test_what_was_never_seen_is_copied_and_exported_all_the_same(qtbot, window, tmp_path):
    page = window.page("households")
    page.table.selectAll()
    assert page.table.selected_ids() == page.table.visible_ids()
    page.table._copy()
    wait_until_idle(qtbot, window)
    copied = QGuiApplication.clipboard().text().splitlines()
    assert len(copied) == MANY + 1
    assert "138****0249" in copied[-1]
    page.export(tmp_path / "名单.xlsx")
    wait_until_idle(qtbot, window)
    (sheet,) = run_to_completion(read(tmp_path / "名单.xlsx"))
    _, heading, *rows = sheet.rows  # below the title of the list
    numbers = [line.split("\t")[copied[0].split("\t").index("户编号")] for line in copied[1:]]
    assert [row[heading.index("户编号")] for row in rows] == numbers
    assert len(rows) == MANY


def test_the_current_household_stays_in_sight_when_the_order_changes(qtbot, window):
    page = window.page("households")
    first = page.table.visible_ids()[0]
    assert page.table.current_id() == first
    page.table.sortByColumn(NUMBER_COLUMN, Qt.SortOrder.DescendingOrder)
    wait_until_idle(qtbot, window)
    assert page.table.visible_ids()[-1] == page.table.current_id() == first
    assert page.table.cell_text(first, "head") == "陈卫国"
    assert page.table.visualRect(page.table.currentIndex()).intersects(page.table.viewport().rect())


@pytest.fixture
def patient_keyboard():
    """Letters typed one after the other belong together, however busy the machine is."""
    interval = QApplication.keyboardInputInterval()
    QApplication.setKeyboardInputInterval(60_000)
    yield
    QApplication.setKeyboardInputInterval(interval)


@pytest.mark.usefixtures("patient_keyboard")
def test_letters_typed_into_the_list_lead_to_the_next_row_that_begins_so(qtbot, window):
    table = window.page("households").table
    ids = table.visible_ids()
    number = table.model().index(0, NUMBER_COLUMN)
    table.setCurrentIndex(number)
    qtbot.keyClicks(table, number.data()[:-3] + "014")
    assert table.current_id() == ids[13]
    assert not table.paged.known([ids[-1]])  # not every row was looked at


@pytest.mark.usefixtures("patient_keyboard")
def test_letters_typed_into_the_list_find_a_row_that_was_never_read(qtbot, window):
    table = window.page("households").table
    ids = table.visible_ids()
    number = table.model().index(0, NUMBER_COLUMN)
    table.setCurrentIndex(number)
    assert not table.paged.known([ids[-1]])
    qtbot.keyClicks(table, f"{number.data()[:-3]}{MANY}")
    wait_until_idle(qtbot, window)
    assert table.current_id() == ids[-1]
    assert table.currentIndex().column() == NUMBER_COLUMN
    qtbot.keyClicks(table, "999")  # nothing begins so: the cursor stays
    wait_until_idle(qtbot, window)
    assert table.current_id() == ids[-1]


@pytest.mark.usefixtures("patient_keyboard")
def test_initials_typed_into_a_list_lead_on_and_the_same_letter_goes_round(qtbot):
    table = PagedTable("households", "农户")
    qtbot.addWidget(table)
    table.set_columns((Column("name", "姓名"),))
    names = ("陈卫国", "李秀英", "陈小明", "LED 屏")
    table.look_up([*names], {name: Row(name, {"name": name}) for name in names})
    table.show()
    table.grab()
    qtbot.keyClicks(table, "lx")
    assert table.current_id() == "李秀英"
    table.keyboardSearch("陈")
    assert table.current_id() == "李秀英"  # “lx陈” begins nothing
    QApplication.setKeyboardInputInterval(0)
    qtbot.wait(5)
    table.keyboardSearch("c")
    assert table.current_id() == "陈小明"
    QApplication.setKeyboardInputInterval(60_000)
    qtbot.keyClicks(table, "c")
    assert table.current_id() == "陈卫国"


def test_the_paged_model_keeps_qts_rules_and_forgets_the_answer_to_an_older_question(qtbot):
    table = PagedTable("households", "农户")
    qtbot.addWidget(table)
    table.set_columns((Column("name", "姓名"),))
    QAbstractItemModelTester(table.paged, QAbstractItemModelTester.FailureReportingMode.Fatal)
    table.show()
    with qtbot.waitSignal(table.paged.wanted) as wanted:
        table.set_ids([f"r{n}" for n in range(150)], ())
        table.grab()
    assert wanted.args[0][:100] == [f"r{n}" for n in range(100)]
    assert table.cell_text("r7", "name") == ""
    table.paged.put([Row("r7", {"name": "陈卫国"}), Row("gone", {"name": "无"})])
    assert table.cell_text("r7", "name") == "陈卫国"
    with qtbot.waitSignal(table.paged.wanted) as again:  # what was left unanswered is asked for again
        table.grab()
    assert "r8" in again.args[0]
    table.set_ids((), ())
    table.paged.put([Row("r8", {"name": "李秀英"})])
    assert table.visible_ids() == []
