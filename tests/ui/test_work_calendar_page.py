"""工作日历: what waits stands on its day; a day, a list and a person narrow it, and Enter opens it."""

from datetime import date, timedelta

from PySide6.QtCore import Qt
from sqlalchemy import select

from app.list_views.catalogue import WORK_CALENDAR
from app.list_views.definition import ListView
from app.list_views.saved_views import save_view
from app.records.row_views import household_rows
from app.rectifications.rectification import open_problem
from db.schema.aid import Visit
from db.schema.community import Meeting
from db.schema.work_task import WorkTask
from tests.ui.conftest import wait_until_idle as rest
from tests.ui.keyboard import press_shortcut
from tests.ui.test_compared_lists import printed_ids

CODE = "340828100101"
TASK_DAY = date(2027, 10, 8)  # a Friday, of the second week


def make_work(book):
    """A task and a promise of one day, a problem of the next, and two dispatch meetings; returns the task."""
    with book.writing() as session:
        home = household_rows(session)[0].id
        task = WorkTask(
            village=CODE, title="报送月报", list_kind="村两委清单", responsible="储全胜",
            assigned_on=date(2027, 9, 1), due_on=TASK_DAY,
        )  # fmt: skip
        promise = Visit(village=CODE, household_id=home, visited_on=date(2026, 9, 1), visitors="徐静")
        promise.promised, promise.promised_by = "装路灯", TASK_DAY
        task.received_on = date(2027, 9, 2)
        held = Meeting(village=CODE, title="十月调度", kind="调度会", held_on=date(2027, 10, 20), host="沈一鸣")
        village_meeting = Meeting(village=CODE, title="组会", kind="村民组会议", held_on=date(2027, 10, 21))
        session.add_all([task, promise, held, village_meeting])
        session.flush()
        task_id = task.id
    open_problem(book, home, "院内堆放杂物", TASK_DAY - timedelta(days=29), "30天", responsible="徐静")
    return task_id


def test_each_day_opens_what_is_due_on_it(qtbot, window, book):
    task_id = make_work(book)
    window.open("work_calendar", month="2027-10")
    rest(qtbot, window)
    page = window.page("work_calendar")
    assert page.count.text() == "2027 年 10 月到期　共 4 件　（全部办理中：共 4 件）"
    assert [page.table.cell_text(id, "title") for id in page.table.visible_ids()] == [
        "报送月报", "装路灯", "院内堆放杂物", "十月调度",
    ]  # fmt: skip
    press_shortcut(qtbot, page, "Ctrl+Shift+J")
    assert page.calendar.hasFocus()
    page.calendar.setCurrentCell(1, 3)
    qtbot.keyClick(page.calendar, Qt.Key.Key_Right)
    assert page.calendar.currentItem().text() == "8\n2 件"
    assert page.calendar.currentItem().toolTip() == "10 月 8 日，到期 2 件"
    qtbot.keyClick(page.calendar, Qt.Key.Key_Return)
    assert page.count.text().startswith("10 月 8 日到期　共 2 件　")
    page.filter_line.choose(person="储全胜")
    assert page.table.visible_ids() == [f"work_task:{task_id}"]
    press_shortcut(qtbot, page, "Ctrl+T")
    rest(qtbot, window)
    assert printed_ids(book, window.page("printing")) == [f"work_task:{task_id}"]
    window.open("work_calendar")
    rest(qtbot, window)
    page.table.row_activated.emit(f"work_task:{task_id}")
    rest(qtbot, window)
    assert (window.current, window.page("work_task").table.current_id()) == ("work_task", task_id)


def test_lists_people_and_other_months(qtbot, window, book):
    make_work(book)
    view = save_view(book, WORK_CALENDAR, "徐静的", ListView(quick={"shown": "all", "person": "徐静"}), shared=True)
    window.open("work_calendar", month="2027-10", view=view)
    rest(qtbot, window)
    page = window.page("work_calendar")
    assert page.count.text().startswith("全部办理中　共 2 件　")
    press_shortcut(qtbot, page, "Ctrl+Shift+F")
    page.filter_line.choose(list="调度会")
    assert [page.table.cell_text(id, "step") for id in page.table.visible_ids()] == ["待召开"]
    press_shortcut(qtbot, page, "Ctrl+PgDown")
    assert page.title.text() == "2027 年 11 月"
    assert page.table.placeholder.startswith("没有符合条件的：2027 年 11 月到期，调度会")
    press_shortcut(qtbot, page, "Alt+Home")
    assert page.title.text() == f"{date.today().year} 年 {date.today().month} 月"
    press_shortcut(qtbot, page, "Ctrl+PgUp")
    page.calendar.setCurrentCell(2, 0)
    page.calendar.itemActivated.emit(page.calendar.currentItem())
    press_shortcut(qtbot, page, "Ctrl+N")
    rest(qtbot, window)
    begun = window.page("work_task").editor.draft
    assert begun.new
    assert begun.values["due_on"] == page.calendar.chosen
    with book.reading() as session:
        assert len(session.scalars(select(WorkTask)).all()) == 1


def test_a_day_can_be_seen_and_chosen_in_every_month(qtbot, window, book):
    make_work(book)
    window.open("work_calendar", month="2027-10")
    rest(qtbot, window)
    page = window.page("work_calendar")
    days = page.calendar
    assert [one.text() for one in days.selectedItems()] == ["1\n"]
    days.setCurrentCell(4, 6)  # the last of October, a Sunday: in the next month that cell is blank
    for key, number in (("Ctrl+PgDown", "30\n"), ("Ctrl+PgUp", "30\n"), ("Ctrl+PgUp", "30\n")):
        press_shortcut(qtbot, page, key)
        assert [one.text() for one in days.selectedItems()] == [number]
    assert page.table.placeholder.startswith("2027 年 9 月没有到期的事。")
    press_shortcut(qtbot, page, "Ctrl+Shift+J")
    qtbot.keyClick(days, Qt.Key.Key_Return)
    assert page.count.text().startswith("9 月 30 日到期　共 0 件")
