"""The command palette, typed into as an officer does."""

from datetime import date

import pytest
from PySide6.QtCore import QPoint, Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication

from db.schema.aid import Helper
from db.schema.finance import SmallLoan
from db.schema.household import Household
from db.schema.project import VillageProject
from db.schema.work_team import Attendance
from tests.builders import VILLAGE
from tests.ui.conftest import wait_until_idle
from tests.ui.keyboard import compose, press_shortcut
from ui.shell.command_palette import CommandPalette
from ui.shell.palette_sources import PaletteEntry, best_matches


@pytest.fixture
def palette(qtbot, window):
    """The palette of a window whose first page has come to rest."""
    wait_until_idle(qtbot, window)
    press_shortcut(qtbot, window.page(window.current), "Ctrl+/")
    palette = window.findChild(CommandPalette)
    assert palette.isVisible()
    assert palette.field.hasFocus()
    return palette


def titles(palette):
    entries = [palette.results.item(n).data(Qt.ItemDataRole.UserRole) for n in range(palette.results.count())]
    return [entry.title for entry in entries if entry is not None]


def subtitles(palette):
    entries = [palette.results.item(n).data(Qt.ItemDataRole.UserRole) for n in range(palette.results.count())]
    return [entry.subtitle for entry in entries if entry is not None]


def current(palette):
    return palette.results.currentItem().data(Qt.ItemDataRole.UserRole)


@pytest.mark.parametrize("typed", ["四净两规范", "净两", "sjlgf", "SJ"])
def test_a_page_is_found_by_characters_and_initials(qtbot, window, palette, typed):
    compose(palette.field, typed)
    assert current(palette).title == "四净两规范"
    assert current(palette).key == "Ctrl+4"
    qtbot.keyClick(palette.field, Qt.Key.Key_Return)
    assert window.current == "rounds"
    assert not palette.isVisible()


def test_commands_of_the_page_and_of_the_window_are_found(qtbot, window, palette):
    qtbot.keyClicks(palette.field, "drmc")
    assert titles(palette)[0] == "导入名册"
    palette.field.clear()
    qtbot.keyClicks(palette.field, "gbgzb")
    assert titles(palette) == ["关闭工作簿"]
    with qtbot.waitSignal(window.closed):
        qtbot.keyClick(palette.field, Qt.Key.Key_Return)


def test_a_household_is_found_in_the_background_and_opened(qtbot, window, palette, book):
    with book.reading() as session:
        household_id = session.query(Household).filter_by(household_no="340828100101002").one().id
    qtbot.keyClicks(palette.field, "340828100101002")
    assert palette.results.item(0).text() == "正在查找…"
    qtbot.keyClick(palette.field, Qt.Key.Key_Return)  # typed ahead of the answer
    qtbot.waitUntil(lambda: window.current == "household")
    assert window.location == ("household", {"household": household_id})


@pytest.mark.parametrize(
    ("typed", "expected"),
    [
        ("nsh", ["扶贫小额信贷 · 农商行 2018-01-02", "扶贫小额信贷 · 农商行 2018-01-01"]),
        ("农商 340828100101002", ["扶贫小额信贷 · 农商行 2018-01-02"]),
        ("xexd cwg", ["扶贫小额信贷 · 农商行 2018-01-02", "扶贫小额信贷 · 农商行 2018-01-01"]),
        ("zztdl", ["村级项目 · 组组通道路"]),
        ("zgb", ["驻村考勤 · 赵干部 2018-03-01"]),
    ],
)
def test_rows_of_registers_are_found_by_whose_and_what_they_are(qtbot, window, palette, book, typed, expected):
    with book.writing() as session:
        for n in (1, 2):
            home = Household.id_of(f"340828100101{n:03}")
            day = date(2018, 1, n)
            session.add(SmallLoan(id=f"{n}", village=VILLAGE.code, household_id=home, bank="农商行", issued_on=day))
        session.add(VillageProject(id="road", village=VILLAGE.code, name="组组通道路"))
        session.add(Helper(id="zhao", village=VILLAGE.code, name="赵干部"))
        session.flush()
        session.add(Attendance(id="day", village=VILLAGE.code, helper_id="zhao", day=date(2018, 3, 1)))
    compose(palette.field, typed)
    qtbot.waitUntil(lambda: expected[0] in subtitles(palette))
    assert [text for text in subtitles(palette) if text in expected] == expected
    while palette.results.currentItem().data(Qt.ItemDataRole.UserRole).subtitle != expected[0]:
        qtbot.keyClick(palette.field, Qt.Key.Key_Down)
    opened = current(palette).run.args
    qtbot.keyClick(palette.field, Qt.Key.Key_Return)
    wait_until_idle(qtbot, window)
    assert (window.current, window.page(window.current).table.current_id()) == opened


def test_arrows_move_and_the_line_is_read_out(qtbot, palette):
    first = current(palette).title
    qtbot.keyClick(palette.field, Qt.Key.Key_Down)
    second = current(palette).title
    assert second == titles(palette)[1] != first
    assert second in palette.field.accessibleDescription()
    qtbot.keyClick(palette.field, Qt.Key.Key_PageDown)
    qtbot.keyClick(palette.field, Qt.Key.Key_Up)
    assert current(palette).title == titles(palette)[8]
    for _ in titles(palette):
        qtbot.keyClick(palette.field, Qt.Key.Key_Down)
    assert current(palette).title == titles(palette)[-1]


def test_a_click_runs_a_line(qtbot, window, palette):
    compose(palette.field, "冲突")
    middle = palette.results.visualItemRect(palette.results.currentItem()).center()
    qtbot.mouseClick(palette.results.viewport(), Qt.MouseButton.LeftButton, pos=middle)
    assert window.current == "conflicts"


def test_esc_gives_the_keyboard_back_and_is_not_the_pages(qtbot, window):
    window.open("settings")
    wait_until_idle(qtbot, window)
    before = QApplication.focusWidget()
    press_shortcut(qtbot, window.page("settings"), "Ctrl+/")
    palette = window.findChild(CommandPalette)
    QTest.keyClick(palette.field, Qt.Key.Key_Escape)
    assert not palette.isVisible()
    assert window.current == "settings"
    assert QApplication.focusWidget() is before


@pytest.mark.parametrize("first_page", ["today"])
def test_it_goes_when_the_officer_goes_on_elsewhere(qtbot, window, palette):
    window.page(window.current).todo_table.setFocus(Qt.FocusReason.MouseFocusReason)
    qtbot.waitUntil(lambda: not palette.isVisible())


def test_both_keys_open_it_and_close_it_again(qtbot, window, palette):
    press_shortcut(qtbot, palette.field, "Ctrl+/")
    assert not palette.isVisible()
    press_shortcut(qtbot, window.page(window.current), "Ctrl+Shift+P")
    assert palette.isVisible()


def test_nothing_found_is_said(qtbot, palette):
    qtbot.keyClicks(palette.field, "zzzzqq")
    qtbot.waitUntil(lambda: palette.results.item(0).text() == "没有找到")
    qtbot.keyClick(palette.field, Qt.Key.Key_Return)
    assert palette.isVisible()


def test_a_command_that_cannot_be_given_now_is_not_offered(qtbot, window):
    page = window.page(window.current)
    action = page.visible_actions()[0]
    action.setEnabled(False)
    press_shortcut(qtbot, page, "Ctrl+/")
    assert action.text() not in titles(window.findChild(CommandPalette))


@pytest.mark.parametrize("size", [(1366, 728), (910, 490), (640, 420)])
@pytest.mark.parametrize("collapsed", [False, True])
def test_it_never_lies_outside_the_window(qtbot, window, size, collapsed):
    window._navigation.set_collapsed(collapsed)
    window.resize(*size)
    press_shortcut(qtbot, window.page(window.current), "Ctrl+/")
    palette = window.findChild(CommandPalette)
    assert palette.results.height() > 100
    assert window.rect().contains(palette.geometry())
    QTest.keyClicks(palette.field, "sz")
    assert window.rect().contains(palette.geometry())
    palette.toggle(QPoint(0, 0))


def test_a_title_that_begins_with_the_text_comes_first():
    entries = [PaletteEntry(title, subtitle, lambda: None) for title, subtitle in (("冲突", "打印"), ("补打印", ""))]
    entries.append(PaletteEntry("打印", "", lambda: None))
    assert [entry.title for entry in best_matches("dy", entries)] == ["打印", "补打印", "冲突"]
    assert [entry.title for entry in best_matches("dy ct", entries)] == ["冲突"]
    assert best_matches("xyz", entries) == []
    both = [PaletteEntry(title, "", lambda: None) for title in ("驻村考勤", "政策库")]
    assert [entry.title for entry in best_matches("zck", both)] == ["政策库", "驻村考勤"]
