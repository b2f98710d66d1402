"""A month of visits is planned, and a folder of photographs taken in, with the keys of their pages."""

from datetime import date

import pytest
from PIL import Image
from PySide6.QtCore import Qt
from PySide6.QtWidgets import QPushButton
from sqlalchemy import select

from app.list_views.catalogue import VISIT_SCHEDULE
from app.list_views.definition import ListView
from app.list_views.saved_views import save_view
from app.progress import run_to_completion
from app.records.row_views import household_rows
from app.workbook.operations import undo
from db.schema.aid import Assignment, Helper, Visit
from db.schema.photo import Photo
from db.schema.policy import Policy
from db.schema.visit import VisitParticipant, VisitPlan, VisitPolicy
from tests.ui.conftest import wait_until_idle as rest
from tests.ui.keyboard import compose, keys, press_in, press_shortcut
from tests.ui.test_compared_lists import printed_ids
from tests.ui.test_computed_lists import open_dialog
from ui.widgets.question import QuestionDialog

CODE = "340828100101"


@pytest.fixture
def visited(book):
    """Each of three households has a helper; one was visited on a day of October 2026."""
    with book.writing() as session:
        ids = [row.id for row in household_rows(session)]
        session.add(Helper(id="wang", village=CODE, name="汪明远", unit="县农业农村局"))
        session.add(Policy(id="policy", village=CODE, name="高龄津贴", given_to="家庭成员"))
        for id in ids:
            session.add(Assignment(village=CODE, household_id=id, helper_id="wang", started_on=date(2025, 1, 1)))
        session.add(
            Visit(
                id="visit", village=CODE, household_id=ids[0], visited_on=date(2026, 10, 9), visitors="汪明远",
                started_at="09:00", ended_at="09:30",
            )
        )  # fmt: skip
    return ids


def household_numbers(book):
    with book.reading() as session:
        return {row.id: row.household_no for row in household_rows(session)}


def answer(qtbot, window, name):
    """Take the first answer of the question that is open."""
    window.findChild(QuestionDialog, name).buttons[0].click()
    rest(qtbot, window)


def test_a_month_is_planned_and_a_day_of_it_looked_at(qtbot, window, book, visited):
    window.open("visit_schedule", month="2026-10")
    rest(qtbot, window)
    page = window.page("visit_schedule")
    assert page.count.text() == "共 2 户"  # the two that nobody went to
    assert page.helpers.cell_text("wang", "visits") == "1/1/1"
    press_shortcut(qtbot, page, "Ctrl+M")
    rest(qtbot, window)
    answer(qtbot, window, "ask_plan")
    assert page.filter_line.value("shown") == "visit_plan"
    assert [page.table.cell_text(id, "state") for id in page.table.visible_ids()] == ["未走访", "未走访"]
    assert page.helpers.cell_text("wang", "planned") == "0/2"
    press_shortcut(qtbot, page, "Ctrl+M")
    rest(qtbot, window)
    assert "都已排进计划" in window.status_bar.messages[-1]
    page.filter_line.choose(shown="visit")
    cell = page.calendar.item(1, 4)  # Friday of the second week: the ninth
    page.calendar.itemActivated.emit(cell)
    assert page.count.text() == "10 月 9 日　共 1 户次"
    page.filter_line.search.setText("无此人")
    assert page.table.visible_ids() == []
    assert page.table.placeholder.startswith("没有符合条件的：10 月 9 日，查找“无此人”。")
    press_shortcut(qtbot, page, "Ctrl+Shift+F")
    assert page.count.text() == "共 1 户次"
    for _ in range(3):
        press_shortcut(qtbot, page, "Ctrl+PgDown")
    rest(qtbot, window)
    assert page.title.text() == "2027 年 1 月"
    press_shortcut(qtbot, page, "Ctrl+Shift+T")
    rest(qtbot, window)
    assert [one.year for one in window.page("printing").collect_parameters()] == [2027]
    with book.reading() as session:
        assert session.query(VisitPlan).count() == 2


def test_a_month_is_viewed_like_any_other_list(qtbot, window, book, visited):
    window.open("visit_schedule", month="2026-10")
    rest(qtbot, window)
    page = window.page("visit_schedule")
    everything = page.table.visible_ids()
    assert len(everything) == 2
    household_no = household_numbers(book)[everything[0].partition(":")[2]]
    dialog = open_dialog(qtbot, page)
    keys("nhhbh", Qt.Key.Key_Tab)  # 农户：户编号
    keys("", Qt.Key.Key_Tab)
    compose(dialog.rows[0].values.controls[0], household_no)
    press_in(qtbot, dialog, Qt.Key.Key_Return)
    rest(qtbot, window)
    assert page.table.visible_ids() == everything[:1]
    press_shortcut(qtbot, page, "Ctrl+T")
    rest(qtbot, window)
    assert printed_ids(book, window.page("printing")) == everything[:1]
    window.open("visit_schedule")
    page.filter_line.choose(shown="visit")
    rest(qtbot, window)
    assert page.table.visible_ids() == []  # another household was visited
    press_shortcut(qtbot, page, "Ctrl+PgUp")
    press_shortcut(qtbot, page, "Ctrl+Shift+F")
    rest(qtbot, window)
    assert (page.table.visible_ids(), page.table.placeholder) == ([], "本月还没有走访记录。按 Ctrl+N 记走访。")


def test_a_view_of_one_helper_opens_as_it_was_saved_and_a_visit_needs_no_row(qtbot, window, book, visited):
    quick = {"shown": "visit", "helper": "wang"}
    view = save_view(book, VISIT_SCHEDULE, "王书记走的", ListView(quick=quick), shared=True)
    window.open("visit_schedule", month="2026-10", view=view)
    rest(qtbot, window)
    page = window.page("visit_schedule")
    assert page.filter_line.quick_state() == {"text": "", **quick}  # though helpers are known only with the month
    assert page.count.text() == "共 1 户次"
    page.filter_line.choose(helper="")
    press_shortcut(qtbot, page, "Ctrl+PgUp")
    rest(qtbot, window)
    assert (page.filter_line.value("helper"), page.table.visible_ids()) == ("", [])
    press_shortcut(qtbot, page, "Ctrl+N")
    rest(qtbot, window)
    visits = window.page("visit")
    assert window.current == "visit"
    assert visits.dialog.isVisible()  # of whom; the visit that the list begins with is not to be written over
    visits.dialog.reject()


def test_helpers_and_policies_are_chosen_for_a_visit(qtbot, window, book, visited):
    window.open("visit", record="visit")
    rest(qtbot, window)
    page = window.page("visit")
    for pane, id in zip(page.editor.below_panes, ("wang", "policy"), strict=True):
        pane.findChild(QPushButton, f"add_records_{pane.grid.objectName()}").click()
        rest(qtbot, window)
        pane.picker.table.select_ids([id])
        pane.picker.accept()
        rest(qtbot, window)
    with book.reading() as session:
        assert session.scalars(select(VisitParticipant.helper_id)).all() == ["wang"]
        assert session.scalars(select(VisitPolicy.policy_id)).all() == ["policy"]


def save_picture(path, clock):
    exif = Image.Exif()
    if clock:
        exif[0x8769] = {0x9003: f"2026:10:09 {clock}:00"}
    Image.new("RGB", (300, 200), (len(clock) * 9, 80, ord(path.name[0]))).save(path, exif=exif.tobytes())


def test_what_is_not_decided_stays_when_the_rest_is_taken_in(qtbot, window, book, visited, tmp_path):
    for name, clock in (("a.jpg", "09:10"), ("b.jpg", "")):
        save_picture(tmp_path / name, clock)
    window.open("photo_intake", folder=str(tmp_path))
    rest(qtbot, window)
    page = window.page("photo_intake")
    press_shortcut(qtbot, page, "Ctrl+Return")
    answer(qtbot, window, "ask_take_in")
    assert [one.proposed.picture.path.name for one in page.choices] == ["b.jpg"]
    assert page.count.text() == "共 1 张　可收 0 张、0 户　有疑问 1 张"


def test_a_folder_is_confirmed_by_keyboard_and_taken_in(qtbot, window, book, visited, tmp_path):
    for name, clock in (("a.jpg", "09:10"), ("b.jpg", "15:00"), ("c.jpg", "")):
        save_picture(tmp_path / name, clock)
    (tmp_path / "d.heic").write_bytes(b"no picture")
    window.open("photo_intake", folder=str(tmp_path))
    rest(qtbot, window)
    page = window.page("photo_intake")
    assert page.count.text() == "共 4 张　可收 1 张、1 户　有疑问 2 张　不能用 1 张"
    press_shortcut(qtbot, page, "Ctrl+J")
    assert page.pictures.currentRow() == 1
    press_shortcut(qtbot, page, "Ctrl+D")  # as the one above
    press_shortcut(qtbot, page, "Alt+A")
    assert page.choices[1].target == page.choices[0].target
    press_shortcut(qtbot, page, "Ctrl+J")
    press_shortcut(qtbot, page, "F2")
    page.picker.search.setText("0002")
    rest(qtbot, window)
    page.picker.accept()
    rest(qtbot, window)
    assert page.count.text() == "共 4 张　可收 3 张、2 户　有疑问 0 张　不能用 1 张"
    press_shortcut(qtbot, page, "Ctrl+Return")
    answer(qtbot, window, "ask_take_in")
    with book.reading() as session:
        kept = session.execute(select(Photo.visit_id, Photo.kind).where(~Photo.withdrawn).order_by(Photo.taken_at))
        assert sorted(kept.all(), key=str) == sorted([("visit", "走访"), ("visit", "整治后"), (None, None)], key=str)
    assert page.choices == []
    run_to_completion(undo(book))
    with book.reading() as session:
        assert session.query(Photo).filter(~Photo.withdrawn).count() == 0
