"""政策库 and 应享未享, by the keys of an officer: a condition is set, those it fits are listed, given and dismissed."""

from datetime import date

import pytest
from sqlalchemy import select

from app.policies.common_policies import add_common_policies
from app.workbook import operations
from db.schema.assistance import SocialAssistance
from db.schema.household import Member
from db.schema.policy import Policy
from tests import builders
from tests.ui.conftest import wait_until_idle
from tests.ui.keyboard import press_shortcut
from ui.issues.dismiss_dialog import DismissDialog


@pytest.fixture
def book(tmp_path):
    """Two households, each with an old woman."""
    book = builders.workbook(tmp_path)
    with book.writing() as session:
        for n in (1, 2):
            builders.household(session, number=n, household_kind="脱贫户")
        for member in session.scalars(select(Member).where(Member.relation == "配偶")):
            member.birth = date(1940, 1, n)
    yield book
    book.close()


def lines(page):
    return [page.table.cell_text(id, "whom") for id in page.table.visible_ids()]


def todo(window):
    table = window.page("today").todo_table
    return {table.cell_text(id, "what"): table.cell_text(id, "count") for id in table.visible_ids()}


def test_a_condition_is_set_with_the_editor_of_f3(qtbot, window, book):
    add_common_policies(book)
    with book.reading() as session:
        policy = session.scalar(select(Policy.id).where(Policy.name == "高龄津贴"))
    window.open("policy", record=policy)
    wait_until_idle(qtbot, window)
    page = window.page("policy")
    assert "年龄 不小于 80" in page.conditions_label.text()
    assert "应享未享 2" in page.conditions_label.text()
    press_shortcut(qtbot, page, "Ctrl+K")
    wait_until_idle(qtbot, window)
    dialog = page.condition_dialog
    assert dialog.windowTitle() == "适用条件：高龄津贴"
    assert [dialog.tabs.isTabVisible(n) for n in range(3)] == [True, False, False]
    dialog.rows[0].values.set_values(("90",))
    dialog.accept()
    wait_until_idle(qtbot, window)
    assert "年龄 不小于 90" in page.conditions_label.text()
    assert "应享未享 0" in page.conditions_label.text()
    press_shortcut(qtbot, page, "Ctrl+J")
    wait_until_idle(qtbot, window)
    assert page.condition_dialog.windowTitle() == "享受记录的条件：高龄津贴"
    page.condition_dialog.reject()


def test_common_policies_are_added_by_a_key(qtbot, window, book):
    window.open("policy")
    wait_until_idle(qtbot, window)
    page = window.page("policy")
    press_shortcut(qtbot, page, "Ctrl+M")
    wait_until_idle(qtbot, window)
    assert len(page.table.visible_ids()) == 7
    with book.reading() as session:
        assert operations.undo_state(session, book.first_operation).undo == "载入常见政策，7 项"


def test_who_is_missing_is_listed_given_and_dismissed(qtbot, window, book, tmp_path):
    add_common_policies(book)
    window.open("today")
    wait_until_idle(qtbot, window)
    assert todo(window)["落实应享未享"] == "2 户"
    window.open("entitlement", state="unclaimed")
    wait_until_idle(qtbot, window)
    page = window.page("entitlement")
    assert lines(page) == ["李秀英", "李秀英"]
    assert page.count.text().startswith("应享未享 2 项")

    first, second = page.table.visible_ids()
    page.table.select_ids([first])
    press_shortcut(qtbot, page, "Ctrl+M")
    wait_until_idle(qtbot, window)
    assert window.current == "social_assistance"
    with book.reading() as session:
        assert session.scalar(select(SocialAssistance.kind)) == "高龄津贴"

    window.open("entitlement")
    wait_until_idle(qtbot, window)
    assert list(page.table.visible_ids()) == [second]
    page.table.select_ids([second])
    press_shortcut(qtbot, page, "Ctrl+K")
    dialog = page.dialog
    assert isinstance(dialog, DismissDialog)
    assert dialog.windowTitle().endswith("户）")
    dialog.form.load({"reason": "户籍不在本村"})
    dialog.accept()
    wait_until_idle(qtbot, window)
    assert page.table.cell_text(second, "state") == "应享未享" or not page.table.visible_ids()
    page.filter_line.clear()
    assert page.table.cell_text(second, "state") == "已核实不享受"
    assert page.table.cell_text(second, "note").startswith("户籍不在本村")
    window.open("today")
    wait_until_idle(qtbot, window)
    assert "落实应享未享" not in todo(window)

    page.export(tmp_path / "应享未享.xlsx")
    wait_until_idle(qtbot, window)
    assert (tmp_path / "应享未享.xlsx").exists()


def test_the_household_tells_its_policies_and_begins_a_record(qtbot, window, book):
    add_common_policies(book)
    with book.reading() as session:
        household = session.scalar(select(Member.household_id).order_by(Member.person_no))
    window.open("household", household=household, part="policies")
    wait_until_idle(qtbot, window)
    page = window.page("household")
    part = page.current_part
    (line,) = part.table.visible_ids()
    assert part.table.cell_text(line, "policy") == "高龄津贴"
    part.table.select_ids([line])
    press_shortcut(qtbot, page, "Alt+A")
    wait_until_idle(qtbot, window)
    (line,) = part.table.visible_ids()
    assert part.table.cell_text(line, "state") == "已享受"


def test_a_policy_without_a_condition_is_named_on_the_page(qtbot, window, book):
    with book.writing() as session:
        session.add(Policy(village=builders.VILLAGE.code, name="某项补贴", given_to="按人"))
    window.open("entitlement")
    wait_until_idle(qtbot, window)
    assert window.page("entitlement").faults.text() == "“某项补贴”没有核对：还没有设置适用条件"
