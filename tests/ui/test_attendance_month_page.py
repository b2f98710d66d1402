"""月考勤表: one letter a day, by keys that go through the window system."""

from datetime import date

from PySide6.QtGui import QGuiApplication
from sqlalchemy import select

from db.schema.aid import Helper
from db.schema.work_team import Attendance
from tests.builders import VILLAGE
from tests.ui.conftest import wait_until_idle
from tests.ui.keyboard import Keyboard


def states(book):
    with book.reading() as session:
        kept = select(Attendance.day, Attendance.half, Attendance.state).where(~Attendance.withdrawn)
        return sorted((day.day, half or "", state) for day, half, state in session.execute(kept))


def test_a_letter_writes_a_day_and_a_block_is_previewed(qtbot, window, book):
    keyboard, today = Keyboard(qtbot, window), date.today()
    with book.writing() as session:
        session.add(Helper(id="a", village=VILLAGE.code, name="沈一鸣", is_team_member=True))
        session.flush()
        session.add(Attendance(village=VILLAGE.code, helper_id="a", day=date(today.year - 1, 2, 1), state="出差"))
    window.open("attendance")
    wait_until_idle(qtbot, window)
    keyboard.press("Ctrl+M")
    wait_until_idle(qtbot, window)
    page = window.page("attendance_month")
    assert window.current == "attendance_month"
    assert page.title_label.text() == f"{today.year - 1}年2月考勤"
    keyboard.press("Alt+Up")
    wait_until_idle(qtbot, window)
    assert page.title_label.text() == f"{today.year - 1}年1月考勤"
    keyboard.type("zr")
    wait_until_idle(qtbot, window)
    wait_until_idle(qtbot, window)
    assert states(book) == [(1, "", "出差"), (1, "", "在村"), (2, "", "入户走访")]
    assert page.table.currentIndex().column() == 2
    QGuiApplication.clipboard().setText("√县\t下\n")
    keyboard.press("Ctrl+V")
    wait_until_idle(qtbot, window)
    lines = [page.dialog.lines.item(n).text() for n in range(page.dialog.lines.count())]
    assert lines[0].startswith("没有收　“下”不是考勤的写法")
    assert lines[1] == "变更　沈一鸣 1月3日：（空） → √县"
    keyboard.press("Return")
    wait_until_idle(qtbot, window)
    wait_until_idle(qtbot, window)
    assert states(book)[-2:] == [(3, "上午", "在村"), (3, "下午", "县里开会")]
    keyboard.press("Ctrl+Z")
    wait_until_idle(qtbot, window)
    assert len(states(book)) == 3
    keyboard.press("Ctrl+P")
    wait_until_idle(qtbot, window)
    assert window.page("printing").subject_list.current_id() == f"{today.year - 1}-01"
