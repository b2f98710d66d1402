"""The morning page."""

from datetime import date

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QPushButton

from db.schema.aid import Assignment, Helper, Visit
from db.schema.household import Household
from db.schema.inspection import Round
from db.schema.social import Partner
from db.schema.work_task import WorkTask
from db.schema.work_team import Attendance
from tests.builders import VILLAGE
from tests.builders import workbook as new_workbook
from tests.ui.conftest import wait_until_idle
from ui.shell.main_window import MainWindow


def _lines(page):
    return {page.todo_table.cell_text(id, "what"): id for id in page.todo_table.visible_ids()}


def test_figures_and_what_waits(qtbot, window, book):
    household_id = Household.id_of(f"{VILLAGE.code}001")
    with book.writing() as session:
        session.add(
            Visit(
                village=VILLAGE.code,
                household_id=household_id,
                visited_on=date.today(),
                promised="装路灯",
                promised_by=date(2018, 1, 1),
            )
        )
    window.open("today")
    wait_until_idle(qtbot, window)
    page = window.page("today")
    assert [page.figure_labels[key].text() for key in ("households", "members", "visits_this_month")] == [
        "3",
        "9",
        "1 次",
    ]
    assert page.work_tabs.work_table.placeholder == "没有办理中的事。"  # no longer that it is read
    lines = _lines(page)
    assert page.todo_table.cell_text(lines["安排帮扶联系人"], "count") == "3 户"
    assert page.todo_table.cell_text(lines["走访农户"], "count") == "2 户"
    assert "登记包村单位" in lines
    assert "装路灯" in page.todo_table.cell_text(lines["兑现承诺：陈卫国户"], "detail")


def test_open_work_and_days_in_the_village_are_shown_and_open(qtbot, window, book):
    with book.writing() as session:
        session.add(Helper(id="leader", village=VILLAGE.code, name="汪明远", is_team_leader=True))
        session.add(WorkTask(id="task", village=VILLAGE.code, title="报送月报", assigned_on=date(2018, 1, 1)))
        session.flush()
        session.add(Attendance(village=VILLAGE.code, helper_id="leader", day=date.today(), state="在村"))
        session.add(Partner(village=VILLAGE.code, unit="市教育局", kind="包村帮扶"))
    window.open("today")
    wait_until_idle(qtbot, window)
    page = window.page("today")
    assert "汪明远 本月 1 天、本年 1 天" in page.team_label.text()
    assert "登记包村单位" not in _lines(page)
    assert page.work_tabs.work_table.cell_text("task", "title") == "报送月报"
    page.work_tabs.work_table.row_activated.emit("task")
    wait_until_idle(qtbot, window)
    assert (window.current, window.page("work_task").table.current_id()) == ("work_task", "task")


def test_enter_opens_the_place_where_it_is_done(qtbot, window):
    window.open("today")
    wait_until_idle(qtbot, window)
    page = window.page("today")
    for what, expected in (("走访农户", "households"), ("安排帮扶联系人", "helpers")):
        window.open("today")
        page.todo_table.set_current_id(_lines(page)[what])
        qtbot.keyClick(page.todo_table, Qt.Key.Key_Return)
        wait_until_idle(qtbot, window)
        assert window.current == expected
    assert window.page("households").filter_bar.unvisited.isChecked()
    assert window.page("helpers").tabs.currentIndex() == 2


def test_an_empty_village_is_told_how_to_begin(qtbot, tmp_path):
    book = new_workbook(tmp_path, "空村.hdb")
    window = MainWindow(book)
    qtbot.addWidget(window)
    window.show()
    window.open("today")
    wait_until_idle(qtbot, window)
    assert list(_lines(window.page("today"))) == ["导入农户名册"]
    assert window.page("today").figure_labels["per_head"].text() == "未知"
    window.close()


def test_a_new_workbook_is_led_through_its_first_steps(qtbot, window, book):
    window.open("today")
    wait_until_idle(qtbot, window)
    card = window.page("today").first_steps
    assert card.isVisible()
    buttons = {button.objectName(): button for button in card.findChildren(QPushButton) if button.isVisible()}
    assert buttons["firstStep_roster_import"].accessibleName().endswith("，完成")
    assert not buttons["firstStep_helpers"].accessibleName().endswith("，完成")
    buttons["firstStep_helpers"].click()
    assert window.current == "helpers"


def test_the_first_steps_go_when_they_are_done(qtbot, window, book):
    household_id = Household.id_of(f"{VILLAGE.code}001")
    with book.writing() as session:
        helper = Helper(village=VILLAGE.code, name="汪明远")
        session.add(helper)
        session.flush()
        session.add(Assignment(village=VILLAGE.code, household_id=household_id, helper_id=helper.id))
        session.add(Round(village=VILLAGE.code, title="一轮"))
    window.open("today")
    wait_until_idle(qtbot, window)
    assert not window.page("today").first_steps.isVisible()


def test_by_person_and_never_done_open_what_is_behind_them(qtbot, window, book):
    homes = [Household.id_of(f"{VILLAGE.code}00{n}") for n in (1, 2, 3)]
    with book.writing() as session:
        session.add_all(
            [
                Helper(id="h", village=VILLAGE.code, name="汪明远"),
                WorkTask(id="t1", village=VILLAGE.code, title="报送月报", responsible="储全胜、汪明远",
                         assigned_on=date(2018, 1, 1), due_on=date(2018, 1, 9)),
                WorkTask(id="t2", village=VILLAGE.code, title="清沟", responsible="储全胜",
                         assigned_on=date(2018, 1, 1)),
                Visit(village=VILLAGE.code, household_id=homes[0], visited_on=date.today()),
                Visit(village=VILLAGE.code, household_id=homes[1], visited_on=date(2018, 5, 1)),
            ]
        )  # fmt: skip
        session.flush()
        session.add_all(
            Assignment(village=VILLAGE.code, household_id=home, helper_id="h", started_on=date(2018, 1, 1))
            for home in homes[:2]
        )
    window.open("today")
    wait_until_idle(qtbot, window)
    tabs = window.page("today").work_tabs
    people, never = tabs.people_table, tabs.never_table
    told = {name: [people.cell_text(name, key) for key in ("overdue", "waiting", "unvisited", "households")]
            for name in people.visible_ids()}  # fmt: skip
    assert told == {"汪明远": ["1", "1", "1", "2"], "储全胜": ["2", "2", "", ""]}
    assert never.cell_text("visit", "households") == "1 户"
    assert never.cell_text("visit_year", "households") == "2 户"
    tabs.setCurrentWidget(people)
    people.set_current_id("储全胜")
    qtbot.keyClick(people, Qt.Key.Key_Return)
    assert set(tabs.work_table.visible_ids()) == {"t1", "t2"}
    tabs.person_box.setCurrentIndex(tabs.person_box.findText("汪明远"))
    tabs.person_box.activated.emit(tabs.person_box.currentIndex())
    assert list(tabs.work_table.visible_ids()) == ["t1"]
    tabs.setCurrentWidget(never)
    never.set_current_id("visit_year")
    qtbot.keyClick(never, Qt.Key.Key_Return)
    wait_until_idle(qtbot, window)
    assert window.current == "households"
    assert set(window.page("households").table.visible_ids()) == set(homes[1:])
