"""动态管理 by the keys of an officer: what happened, to whom, what it writes; from the page and in a household."""

from datetime import date

import pytest
from PySide6.QtCore import Qt
from PySide6.QtTest import QTest
from sqlalchemy import select

from db.schema.employment import PublicJob
from db.schema.household import Household, Member
from db.schema.life_event import LifeEvent
from tests import builders
from tests.ui.conftest import wait_until_idle
from tests.ui.keyboard import press_shortcut

HOMES = [Household.id_of(f"{builders.VILLAGE.code}00{n}") for n in (1, 2)]
HEAD, WIFE, SON = (Member.id_of(f"{builders.VILLAGE.code}0010{n}") for n in (1, 2, 3))


@pytest.fixture
def book(tmp_path):
    """Two households; a member of the first has a post."""
    book = builders.workbook(tmp_path)
    with book.writing() as session:
        for n in (1, 2):
            builders.household(session, number=n)
        session.add(
            PublicJob(
                id="job", village=builders.VILLAGE.code, member_id=SON, kind="保洁员", started_on=date(2018, 1, 1)
            )
        )
    yield book
    book.close()


def begin(qtbot, window, kind, basis="户口本"):
    """The wizard of the first household, opened by its keys, with its first page filled in."""
    window.open("household", household=HOMES[0], part="life_events")
    wait_until_idle(qtbot, window)
    part = window.page("household").current_part
    press_shortcut(qtbot, window.page("household"), "Alt+A")
    wait_until_idle(qtbot, window)
    dialog = part.events.dialog
    dialog.event_form.load({"kind": kind, "happened_on": date(2018, 6, 1), "basis": basis})
    dialog.buttons.accept_button.click()
    wait_until_idle(qtbot, window)
    return dialog


def lines(dialog):
    table = dialog.plan_table
    return [[table.cell_text(id, key) for key in ("tick", "whom", "label", "after")] for id in table.visible_ids()]


def choose(box, id):
    box.setCurrentIndex(box.findData(id))


def test_a_split_is_shown_and_written_as_one(qtbot, window, book):
    dialog = begin(qtbot, window, "分户")
    assert dialog.stack.currentIndex() == 1
    (son,) = dialog.people.member_list.findItems("陈𬱖", Qt.MatchFlag.MatchContains)
    son.setCheckState(Qt.CheckState.Checked)
    assert dialog.people.new_head == SON  # nobody else comes into question
    dialog.buttons.accept_button.click()
    wait_until_idle(qtbot, window)
    assert [line[:3] for line in lines(dialog)] == [
        ["必改", "下屋组", "新建户"], ["必改", "陈𬱖", "户"], ["必改", "陈𬱖", "与户主关系"],
    ]  # fmt: skip
    assert "年度收入、生活条件和整户的记录留在原户" in dialog.remarks.text()
    dialog.buttons.accept_button.click()
    wait_until_idle(qtbot, window)
    with book.reading() as session:
        event = session.scalars(select(LifeEvent)).one()
        assert (event.people, event.basis) == ("陈𬱖", "户口本")
        assert session.get_one(Member, SON).household_id == event.other_household_id
    part = window.page("household").current_part
    assert part.table.current_id() == event.id
    press_shortcut(qtbot, window.page("household"), "Ctrl+Z")
    wait_until_idle(qtbot, window)
    with book.reading() as session:
        assert session.get_one(Member, SON).household_id == HOMES[0]


def test_what_need_not_follow_can_be_left(qtbot, window, book):
    dialog = begin(qtbot, window, "自然减少")
    choose(dialog.people.person_box, SON)
    dialog.details_form.set_value("left", "户籍迁出")
    dialog.buttons.accept_button.click()
    wait_until_idle(qtbot, window)
    post = next(id for id in dialog.plan_table.visible_ids() if dialog.plan_table.cell_text(id, "tick") == "✓")
    dialog.plan_table.set_current_id(post)
    dialog.plan_table.setFocus()
    QTest.keyClick(dialog.plan_table, Qt.Key.Key_Space)
    wait_until_idle(qtbot, window)
    assert dialog.plan_table.cell_text(post, "tick") == ""
    dialog.buttons.accept_button.click()
    wait_until_idle(qtbot, window)
    with book.reading() as session:
        assert session.get_one(Member, SON).left == "户籍迁出"
        assert session.get_one(PublicJob, "job").ended_on is None


def test_what_is_wrong_is_said_in_place(qtbot, window, book):
    dialog = begin(qtbot, window, "自然减少")
    choose(dialog.people.person_box, HEAD)
    dialog.details_form.set_value("left", "死亡")
    dialog.buttons.accept_button.click()
    wait_until_idle(qtbot, window)
    assert dialog.stack.currentIndex() == 1
    assert "请选谁是新户主" in dialog.refusal.text()
    choose(dialog.people.head_box, WIFE)
    assert dialog.people.relations == {SON: "之子"}  # a spouse's son is the head's
    dialog.buttons.accept_button.click()
    wait_until_idle(qtbot, window)
    assert dialog.stack.currentIndex() == 2
    dialog.back_button.click()
    assert dialog.people.new_head == WIFE
    dialog.reject()


def test_the_page_asks_which_household_and_which_comes_in(qtbot, window, book):
    window.open("life_event")
    wait_until_idle(qtbot, window)
    page = window.page("life_event")
    press_shortcut(qtbot, page, "Ctrl+N")
    wait_until_idle(qtbot, window)
    page.events.start(HOMES[0])
    page.events.picker.reject()
    wait_until_idle(qtbot, window)
    dialog = page.events.dialog
    dialog.event_form.load({"kind": "并户", "happened_on": date(2018, 6, 1), "basis": "户口本"})
    dialog.buttons.accept_button.click()
    dialog.other_button.click()
    wait_until_idle(qtbot, window)
    picker = page.events.picker
    assert list(picker.table.visible_ids()) == [HOMES[1]]
    picker.accept()
    wait_until_idle(qtbot, window)
    form = dialog.people.relation_form
    for id in form.values():
        form.set_value(id, "其他")
    dialog.buttons.accept_button.click()
    wait_until_idle(qtbot, window)
    dialog.buttons.accept_button.click()
    wait_until_idle(qtbot, window)
    with book.reading() as session:
        assert session.get_one(Household, HOMES[1]).registration_state == "注销"
        event = session.scalars(select(LifeEvent.id)).one()
    assert page.table.current_id() == event
