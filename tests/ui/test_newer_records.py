"""What a newer version of the program wrote is kept, exchanged, and shown as plain fields."""

import json

import pytest
from PySide6.QtCore import Qt
from PySide6.QtWidgets import QTreeWidget

from app.progress import run_to_completion
from app.records.newer_records import household_newer_records, list_newer_records, newer_tables
from app.sync import import_undo
from db.schema.household import Household
from tests.app.sync.peers import make_team, send
from tests.builders import VILLAGE, household, write_as_newer
from tests.ui.conftest import wait_until_idle
from tests.ui.keyboard import compose, press_shortcut
from ui.shell.command_palette import CommandPalette

HOUSEHOLD = Household.id_of(f"{VILLAGE.code}001")
ROOF, REPAIR, FAR_ROOF = (letter * 32 for letter in "abc")


@pytest.fixture
def team(tmp_path):
    """Two laptops; the second one's program is the newer one."""
    own, newer = make_team(tmp_path, "甲", "乙")
    with own.operation("新建户") as session:
        household(session)
    send(own, newer)
    cells = {"panels": 12, "household_id": HOUSEHOLD, "installed_on": "2018-05-03", "phone": "13856430011"}
    write_as_newer(newer, "solar_roof", ROOF, "", json.dumps({**cells, "withdrawn": 0}, ensure_ascii=False))
    write_as_newer(newer, "solar_roof", ROOF, "panels", 14)
    write_as_newer(newer, "roof_repair", REPAIR, "", json.dumps({"roof_id": ROOF, "what": "换板"}, ensure_ascii=False))
    write_as_newer(newer, "solar_roof", FAR_ROOF, "", '{"panels": 3, "withdrawn": 1}')
    write_as_newer(newer, "household", HOUSEHOLD, "solar_panel", "有")
    yield own, newer
    own.close()
    newer.close()


@pytest.fixture
def book(team):
    return team[0]


def test_they_are_listed_by_kind_and_found_under_their_household(team):
    own, newer = team
    with own.reading() as session:
        assert newer_tables(session) == {}
        assert household_newer_records(session, HOUSEHOLD) == []
    send(newer, own)
    with own.reading() as session:
        assert newer_tables(session) == {"roof_repair": 1, "solar_roof": 2}
        [roof, far] = list_newer_records(session, "solar_roof", "", 10).records
        assert (roof.kind, roof.subject, roof.operator) == ("solar_roof", "陈卫国（下屋组）", "乙")
        assert not roof.is_withdrawn
        assert roof.text == "installed_on：2018-05-03；panels：14；phone：138****0011"
        assert dict(roof.fields) == {
            "household_id": "陈卫国（下屋组）",
            "installed_on": "2018-05-03",
            "panels": "14",
            "phone": "138****0011",
        }
        assert (far.subject, far.is_withdrawn) == ("", True)
        assert [one.id for one in list_newer_records(session, "solar_roof", "2018-05", 10).records] == [ROOF]
        assert not list_newer_records(session, "solar_roof", "", 1).is_whole
        shown = [(one.kind, one.subject, one.text) for one in household_newer_records(session, HOUSEHOLD)]
        assert shown[0] == ("户", "陈卫国（下屋组）", "solar_panel：有")
        assert [one.id for one in household_newer_records(session, HOUSEHOLD)[1:]] == [ROOF, REPAIR]


def navigation_line(window):
    tree = window.findChild(QTreeWidget, "navigation")
    [item] = tree.findItems("新版本的记录", Qt.MatchFlag.MatchExactly | Qt.MatchFlag.MatchRecursive)
    return item


def palette_titles(qtbot, window, typed):
    press_shortcut(qtbot, window.page(window.current), "Ctrl+/")
    palette = window.findChild(CommandPalette)
    compose(palette.field, typed)
    entries = [palette.results.item(n).data(Qt.ItemDataRole.UserRole) for n in range(palette.results.count())]
    qtbot.keyClick(palette.field, Qt.Key.Key_Escape)
    return [entry.title for entry in entries if entry is not None]


def test_the_page_comes_with_the_first_of_them_and_goes_with_the_last(qtbot, window, team):
    own, newer = team
    wait_until_idle(qtbot, window)
    assert navigation_line(window).isHidden()
    assert "新版本的记录" not in palette_titles(qtbot, window, "xbbd")
    result = send(newer, own)
    wait_until_idle(qtbot, window)
    assert not navigation_line(window).isHidden()
    assert navigation_line(window).parent().text(0) == "村务台账"
    assert "新版本的记录" in palette_titles(qtbot, window, "xbbd")
    press_shortcut(qtbot, window.page(window.current), "Ctrl+Shift+G, 9, 8")
    wait_until_idle(qtbot, window)
    page = window.page("newer_records")
    assert [page.kind_box.itemText(n) for n in range(2)] == ["roof_repair（1）", "solar_roof（2）"]
    page.kind_box.setCurrentIndex(1)
    wait_until_idle(qtbot, window)
    assert list(page.view.table.visible_ids()) == [ROOF, FAR_ROOF]
    assert list(page.view.field_table.visible_ids()) == ["household_id", "installed_on", "panels", "phone"]
    page.search_line.setText("没有的字")
    qtbot.waitUntil(lambda: page.count_label.text() == "列出 0 条")
    run_to_completion(import_undo.undo_import(own, result.n))
    wait_until_idle(qtbot, window)
    assert navigation_line(window).isHidden()
    assert page.kind_box.count() == 0


def test_a_line_of_the_time_line_opens_it_in_the_part_of_the_household(qtbot, window, team):
    own, newer = team
    send(newer, own)
    window.open("household", household=HOUSEHOLD, part="timeline")
    wait_until_idle(qtbot, window)
    page = window.page("household")
    assert page.index.count_of("newer_records").text == "3"
    table = page.current_part.table
    [line] = [row for row in table.visible_ids() if page.current_part._entries[int(row)].table == "solar_roof"]
    assert table.set_current_id(line)
    qtbot.keyClick(table, Qt.Key.Key_Return)
    wait_until_idle(qtbot, window)
    part = page.current_part
    assert part.view.table.current_id() == ROOF
    assert "installed_on" in part.view.field_table.visible_ids()
