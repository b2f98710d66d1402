"""待录入 and 三者一致 through their pages."""

from datetime import date

import openpyxl
import pytest

from app.consistency.entry_list import CHANGED, ENTRY_STATES, entry_lines, mark_entered
from app.consistency.three_way import fact_lines
from app.list_views.definition import ListView
from app.progress import run_to_completion
from app.records.draft import open_draft, write_draft
from tests.builders import household
from tests.ui.conftest import made_once
from tests.ui.conftest import wait_until_idle as rest
from tests.ui.keyboard import press_shortcut


@pytest.fixture(scope="module")
def book_file(tmp_path_factory):
    """Two households that are in the national system, in one of which somebody was ill since."""
    with made_once(tmp_path_factory) as book:
        with book.writing() as session:
            household(session, members=2)
            household(session, members=1, number=2, group_name="上屋组")
        lines = run_to_completion(entry_lines(book, "national", states=ENTRY_STATES))
        mark_entered(book, lines)
        head = next(line for line in lines if line.table == "member" and line.title == "陈卫国")
        with book.operation("改") as session:
            write_draft(session, open_draft(session, "member", head.record_id).with_values(health=("残疾",)))
    return book.path


def opened(qtbot, window, name, **params):
    window.open(name, **params)
    rest(qtbot, window)
    return window.page(name)


def test_what_changed_is_seen_marked_undone_and_exported(qtbot, window, book, tmp_path):
    page = opened(qtbot, window, "entry_list")
    table = page.table
    (key,) = table.visible_ids()
    assert [table.cell_text(key, name) for name in ("state", "home", "called", "content")] == [
        "有变动", "陈卫国", "陈卫国", "健康状况：空 → 残疾",
    ]  # fmt: skip
    differences = page.difference_table
    assert [differences.cell_text("health", name) for name in ("label", "before", "after", "by")] == [
        "健康状况", "", "残疾", "王书记",
    ]  # fmt: skip
    assert page.count.text() == "有变动 1 条"
    page.export(tmp_path / "待录入.xlsx")
    rest(qtbot, window)
    rows = list(openpyxl.load_workbook(tmp_path / "待录入.xlsx").active.iter_rows(values_only=True))
    assert [row[7:10] for row in rows[1:]] == [("健康状况", None, "残疾")]
    table.select_ids([key])
    press_shortcut(qtbot, page, "Ctrl+K")
    rest(qtbot, window)
    assert table.visible_ids() == []
    press_shortcut(qtbot, page, "Ctrl+Z")
    rest(qtbot, window)
    assert table.visible_ids() == [key]
    page.filter_line.choose(state="")
    rest(qtbot, window)
    assert page.count.text() == "有变动 1 条　已录入 4 条"
    page.filter_line.search.setText("上屋组 人口")
    assert table.visible_ids() == []
    page.filter_line.search.setText("上屋组")
    assert len(table.visible_ids()) == 2
    page.filter_line.choose(system="province")
    rest(qtbot, window)
    assert table.visible_ids() == []


def test_what_is_chosen_at_one_time_is_read_at_one_time(qtbot, window, book):
    page = opened(qtbot, window, "entry_list")
    with qtbot.waitSignal(page.filter_line.changed) as first:
        page.filter_line.choose(system="province", state=CHANGED)
    rest(qtbot, window)
    assert first.signal_triggered
    emitted = []
    page.filter_line.changed.connect(lambda: emitted.append(page.filter_line.value("system")))
    page.filter_line.choose(system="province", state=CHANGED)
    page.filter_line.search.setText("陈")
    page.filter_line.clear()
    assert emitted == ["province", "national"]


def test_what_is_selected_is_counted_and_summed(qtbot, window, book):
    page = opened(qtbot, window, "entry_list")
    page.view_bar.show_view(ListView(columns=("state", "home", "values"), quick={"state": "已录入"}))
    rest(qtbot, window)
    ids = page.table.visible_ids()
    assert len(ids) == 4
    page.table.select_ids(ids[:2])
    rest(qtbot, window)
    values = [int(page.table.cell_text(key, "values")) for key in ids[:2]]
    told = page.selection_label.text()
    assert page.selection_label.isVisible()
    assert told.startswith("选中 2 条　要录的项数")
    assert str(sum(values)) in told
    page.table.select_ids(ids[:1])
    assert not page.selection_label.isVisible()


def test_what_waits_stands_beside_the_page_and_on_today(qtbot, window, book):
    today = opened(qtbot, window, "today")
    texts = {today.todo_table.cell_text(id, "what"): id for id in today.todo_table.visible_ids()}
    assert today.todo_table.cell_text(texts["录入各系统"], "count") == "1 条"
    assert "1 条录入以后有变动" in today.todo_table.cell_text(texts["录入各系统"], "detail")
    assert "2 户里 0 户一致（0%），1 户有不一致" in today.todo_table.cell_text(texts["核对三者一致"], "detail")
    today.todo_table.row_activated.emit(texts["录入各系统"])
    rest(qtbot, window)
    assert window.page("entry_list").filter_line.value("state") == CHANGED


def test_what_was_seen_is_written_down_and_taken_over(qtbot, window, book):
    page = opened(qtbot, window, "three_way", different=True)
    table = page.table
    (key,) = table.visible_ids()
    assert [table.cell_text(key, name) for name in ("fact", "value", "todo")] == [
        "健康状况", "残疾", "改系统、入户核实",
    ]  # fmt: skip
    table.set_current_id(key)
    press_shortcut(qtbot, page, "Ctrl+M")
    assert page.dialog.windowTitle() == f"入户核实（{table.cell_text(key, 'home')}户）"
    page.dialog.form.set_value("health", ("健康",))
    page.dialog.accept()
    rest(qtbot, window)
    assert table.cell_text(key, "actual") == f"健康（{date.today()}）"
    assert f"实际 健康（{date.today()}" in page.described.text()
    assert table.cell_text(key, "todo") == "修改工作簿、改系统"
    table.select_ids([key])
    press_shortcut(qtbot, page, "Ctrl+U")
    rest(qtbot, window)
    line = next(one for one in run_to_completion(fact_lines(book)) if one.key == key)
    assert (line.value, line.corrections) == ("健康", ("改系统",))
    page.filter_line.clear()
    rest(qtbot, window)
    table.selectAll()
    press_shortcut(qtbot, page, "Ctrl+K")
    assert page.dialog.windowTitle().endswith("户等 2 户）")
    page.dialog.accept()
    rest(qtbot, window)
    assert all(one.actual is not None for one in run_to_completion(fact_lines(book)))
    assert "有不一致的 1 户" in page.count.text()
    press_shortcut(qtbot, page, "Ctrl+P")
    rest(qtbot, window)
    assert window.page("printing").report.name == "consistency_sheet"


def test_what_was_checked_on_a_visit_is_written_down_with_it(qtbot, window, book):
    household_id = next(one.household.id for one in run_to_completion(fact_lines(book)) if one.column == "health")
    page = opened(qtbot, window, "household", household=household_id, part="visits")
    press_shortcut(qtbot, page, "Alt+V")
    assert "请先选一次走访" in window.status_bar.messages[-1]
    press_shortcut(qtbot, page, "Alt+A")
    rest(qtbot, window)
    part = page.current_part
    part.editor.save_field("visitors", "王书记、李干事")
    part.editor.save_field("visited_on", date(2026, 11, 20))
    rest(qtbot, window)
    press_shortcut(qtbot, page, "Alt+V")
    rest(qtbot, window)
    dialog = part.check.dialog
    table = dialog.table
    facts = {table.cell_text(key, "fact"): key for key in table.visible_ids()}
    table.set_current_id(facts["健康状况"])
    press_shortcut(qtbot, table, "Ctrl+M")
    dialog.value_dialog.form.set_value("health", ("健康",))
    dialog.value_dialog.accept()
    table.select_ids([facts["现有人数"], facts["与户主关系"]])
    press_shortcut(qtbot, table, "Ctrl+K")
    assert [table.cell_text(facts[name], "seen") for name in ("健康状况", "现有人数", "姓名")] == ["健康", "一致", ""]
    dialog.buttons.accept_button.click()
    rest(qtbot, window)
    seen = {line.key: line.actual for line in run_to_completion(fact_lines(book)) if line.actual}
    assert {(one.at[:10], one.by, one.basis) for one in seen.values()} == {("2026-11-20", "王书记、李干事", "走访")}
    assert len(seen) == 3
    assert seen[facts["健康状况"]].value == "健康"
    press_shortcut(qtbot, page, "Ctrl+Z")
    rest(qtbot, window)
    assert not any(line.actual for line in run_to_completion(fact_lines(book)))
