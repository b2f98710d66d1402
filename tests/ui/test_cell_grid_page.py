"""表格编辑 and 批量修改 in the window: keys that go through the window system, as an officer presses them."""

from datetime import date

import pytest
from PIL import Image
from PySide6.QtCore import QPoint
from PySide6.QtGui import QGuiApplication
from PySide6.QtWidgets import QFileDialog, QLabel, QPushButton

from app.cell_edits.editable_lists import editable_lists
from app.cell_edits.new_row import new_row_fields
from app.registers.engine.rows import RowQuery, row_ids
from app.registers.lists import get_list
from app.workbook.operations import list_operations
from db.schema.household import Household, Member
from tests.builders import household, id_number, workbook
from tests.ui.conftest import wait_until_idle, window_of_a_module
from tests.ui.keyboard import Keyboard
from ui.bulk_edit.bulk_choices import bulk_choices
from ui.grid.grid_rows import NEW_ROW, grid_columns, grid_content
from ui.shell.theme import tokens
from ui.widgets.pinyin import initials


@pytest.fixture(scope="module")
def window(tmp_path_factory, qapp):
    def village():
        book = workbook(tmp_path_factory.mktemp("grid"))
        with book.writing() as session:
            for n in range(8):
                household(session, number=n + 1)
        return book

    with window_of_a_module(village, tmp_path_factory.mktemp("state")) as made:
        yield made


@pytest.fixture
def keyboard(qtbot, window):
    return Keyboard(qtbot, window)


@pytest.fixture
def grid(qtbot, window, keyboard):
    """The sheet of all people."""
    window.open("cell_grid", list="member")
    wait_until_idle(qtbot, window)
    return window.page("cell_grid")


def member(n: int, order: int = 1) -> str:
    return Member.id_of(f"340828100101{n:03}{order:02}")


def stored(window, record, id, column):
    with window.workbook.reading() as session:
        return getattr(session.get(record, id), column)


def newest_title(window):
    with window.workbook.reading() as session:
        return list_operations(session, limit=1)[0].title


def test_cells_are_typed_into_as_in_a_spreadsheet(window, grid, keyboard):
    table = grid.table
    table.set_current_cell(member(1), "health")
    keyboard.type("jk")
    keyboard.press("Return")  # 健康, by its initials
    keyboard.wait()
    assert stored(window, Member, member(1), "health") == ("健康",)
    assert table.cells.cell_at(table.currentIndex()) == (member(1, 2), "health")
    table.set_current_cell(member(1), "joined_on")
    keyboard.type("20180810")
    keyboard.press("Tab")
    keyboard.wait()
    assert stored(window, Member, member(1), "joined_on") == date(2018, 8, 10)
    assert table.cells.cell_at(table.currentIndex()) == (member(1), "ident_date")
    keyboard.press("Shift+Tab", "F2", "Escape")
    assert not table.is_editing
    assert table.cell_text(member(1), "joined_on") == "2018-08-10"
    keyboard.press("Delete")
    keyboard.wait()
    assert stored(window, Member, member(1), "joined_on") is None


def test_what_is_refused_locks_nobody_in_and_its_remark_goes_with_it(window, grid, keyboard):
    table = grid.table
    table.set_current_cell(member(2), "joined_on")
    keyboard.type("abc")
    keyboard.press("Return")
    keyboard.wait()
    above = table.currentIndex().siblingAtRow(table.currentIndex().row() - 1)
    corner = table.visualRect(above).topLeft() + QPoint(3, 3)
    assert table.viewport().grab().toImage().pixelColor(corner).name() == tokens().bad_soft.lower()
    keyboard.press("Up")
    assert table.cell_text(member(2), "joined_on") == "abc"
    assert "“abc”" in grid.refusal_label.text()
    keyboard.press("Escape")
    assert (table.cell_text(member(2), "joined_on"), grid.refusal_label.isVisible()) == ("", False)
    keyboard.type("x")
    keyboard.press("Return")
    keyboard.wait()
    keyboard.press("Ctrl+G")
    assert window.current == "households"


def test_a_pasted_block_is_shown_refused_in_part_and_written_as_one(window, grid, keyboard):
    grid.table.set_current_cell(member(3), "member_phone")
    QGuiApplication.clipboard().setText("13900001111\t其他增加\r\n139\t没有\r\n340****\t\r\n")
    keyboard.press("Ctrl+V")
    keyboard.wait()
    lines = [grid.controller.dialog.lines.item(n).text() for n in range(grid.controller.dialog.lines.count())]
    assert [line[:3] for line in lines] == ["没有收", "没有收", "没有收", "变更　", "变更　"]
    assert "139****1111" in lines[3]
    keyboard.press("Return")
    keyboard.wait()
    assert stored(window, Member, member(3), "member_phone") == "13900001111"
    assert newest_title(window).startswith("粘贴人口：")
    keyboard.press("Ctrl+Z")
    keyboard.wait()
    assert grid.table.cell_text(member(3), "member_phone") == ""


def test_a_block_is_copied_filled_down_and_emptied(window, grid, keyboard):
    table = grid.table
    table.set_current_cell(member(4), "school_name")
    keyboard.type("no1")
    keyboard.press("Return")
    keyboard.wait()
    keyboard.press("Up", "Shift+Down", "Shift+Down", "Ctrl+D")
    keyboard.wait()
    assert [table.cell_text(member(4, n), "school_name") for n in (1, 2, 3)] == ["no1"] * 3
    assert newest_title(window) == "向下填充人口：学校名称，2 条"
    keyboard.press("Ctrl+C")
    assert QGuiApplication.clipboard().text() == "no1\nno1\nno1\n"
    assert QGuiApplication.clipboard().mimeData().html().count("<td") == 3
    keyboard.press("Delete")
    keyboard.wait()
    assert stored(window, Member, member(4, 2), "school_name") is None
    table.set_current_cell(member(4), "id_no")
    keyboard.press("Ctrl+C")
    assert "********" in QGuiApplication.clipboard().text()


def test_a_block_with_headings_goes_to_its_records(window, grid, keyboard):
    QGuiApplication.clipboard().setText(
        "户编号\t户主\t年度\t系统纯收入\n" + "".join(f"340828100101{n:03}\t陈卫国\t2019\t{n}000\n" for n in range(1, 5))
    )
    keyboard.press("Alt+3", "Ctrl+V")
    keyboard.wait()
    keyboard.press("Return")
    keyboard.wait()
    assert grid.count_label.text().startswith("共 4 条")
    amounts = {grid.table.cell_text(id, "reported_net") for id in grid.table.record_rows}
    assert amounts == {"1,000.00", "2,000.00", "3,000.00", "4,000.00"}
    grid.table.set_current_cell(grid.table.visible_ids()[0], "reported_net")
    keyboard.press("Shift+Down", "Shift+Down", "Shift+Down")
    assert grid.count_label.text().endswith("选中 4 行 1 栏　合计 10,000.00，平均 2,500.00")


def test_a_field_is_set_for_all_chosen_households(window, keyboard):
    window.open("households")
    keyboard.wait()
    page = window.page("households")
    page.table.setFocus()
    keyboard.press("Ctrl+A", "Ctrl+B")
    keyboard.type("xgjtzz")  # 修改家庭住址
    dialog = page.bulk.dialog
    keyboard.press("Return")
    keyboard.type("no 7")
    keyboard.press("Return")
    keyboard.wait()
    keyboard.press("Return")
    keyboard.wait()
    column = dialog.choice.column
    assert stored(window, Household, Household.id_of("340828100101008"), column) == "no 7"
    assert newest_title(window) == f"批量设置农户：{get_list('household').field(column).label}，8 条"


def test_the_people_of_a_household_are_a_sheet_of_their_own(window, keyboard):
    window.open("household", household=Household.id_of("340828100101002"))
    keyboard.wait()
    keyboard.press("Ctrl+G")
    keyboard.wait()
    grid = window.page("cell_grid")
    assert grid.table.visible_ids() == [member(2, n) for n in (1, 2, 3)]
    assert grid.choice.about.text() == "陈卫国户的 3 人"
    keyboard.press("Ctrl+G")
    assert window.current == "household"


def test_every_list_is_shown_as_a_sheet(window):
    sizes = {}
    with window.workbook.reading() as session:
        for register in editable_lists():
            columns = grid_columns(register)
            content = grid_content(session, register, RowQuery(), frozenset(), 0, 20)
            sizes[register.key] = (len(content.ids), bool(columns.fields))
    assert all(is_typed_into for _, is_typed_into in sizes.values())
    assert (sizes["household"][0], sizes["member"][0]) == (8, 24)
    assert "assignment" not in sizes


def people_of(window, n):
    with window.workbook.reading() as session:
        return {one.name: one for one in session.query(Member).filter_by(household_id=home(n), withdrawn=False)}


def home(n: int) -> str:
    return Household.id_of(f"340828100101{n:03}")


def type_row(table, keyboard, cells):
    """Type into the empty row below the list, cell by cell."""
    for key, text in cells.items():
        table.set_current_cell(NEW_ROW, key)
        keyboard.type(text)
        keyboard.press("Return")  # takes the cell and goes on to the right


def test_a_record_is_typed_into_the_empty_row_below_the_list(window, grid, keyboard):
    table, count = grid.table, len(grid.table.record_rows)
    assert table.cells.ids()[-1] == NEW_ROW
    type_row(table, keyboard, {"head": "340828100101006", "name": "Xiaoyu", "relation": "zsn", "id_no": id_number()})
    assert len(people_of(window, 6)) == 3  # nothing is written before the row is whole
    keyboard.press("Return")
    keyboard.wait()
    added = people_of(window, 6)["Xiaoyu"]
    assert (added.relation, added.birth, added.sex is not None) == ("之孙女", date(1970, 5, 6), True)
    assert newest_title(window).startswith("新增人口：")
    assert grid.count_label.text().startswith(f"共 {count + 1} 条")
    assert table.is_in_new_row  # for the next one
    assert table.cells.new_texts() == {}
    keyboard.press("Ctrl+Z")
    keyboard.wait()
    assert len(people_of(window, 6)) == 3


def test_what_is_wrong_with_a_new_row_is_said_and_holds_nobody(qtbot, window, grid, keyboard):
    table = grid.table
    type_row(table, keyboard, {"head": "340828100101007", "birth": "abc"})
    keyboard.press("Return")
    keyboard.wait()
    table.set_current_cell(NEW_ROW, "birth")
    assert "日期" in grid.refusal_label.text()
    keyboard.press("Delete")
    type_row(table, keyboard, {"relation": "zz"})
    keyboard.press("Up")  # leaving the row sends it
    keyboard.wait()
    table.go_to_new_row()
    assert "姓名" in grid.refusal_label.text()
    assert len(people_of(window, 7)) == 3
    window.open("households")
    wait_until_idle(qtbot, window)
    assert window.current == "households"


def test_what_is_typed_while_a_new_row_is_written_stays_and_an_open_cell_goes_with_its_row(window, grid, keyboard):
    table = grid.table
    keyboard.press("Alt+1")
    keyboard.wait()
    table.cells.give_back([(NEW_ROW, key) for key in table.cells.new_texts()])
    with window.workbook.writing():  # the row waits behind another writer
        type_row(table, keyboard, {"head": "340828100101005", "relation": "zsn", "name": "Yi"})
        keyboard.press("Up")
        type_row(table, keyboard, {"name": "Er"})
    keyboard.wait()
    assert "Yi" in people_of(window, 5)
    assert table.cells.new_texts() == {"name": "Er"}
    type_row(table, keyboard, {"head": "340828100101005", "relation": "zsn"})
    table.set_current_cell(NEW_ROW, "school_name")
    keyboard.type("no1")
    keyboard.press("Alt+2")  # another list, with the cell open
    keyboard.wait()
    assert people_of(window, 5)["Er"].school_name == "no1"
    assert "已新增：人口 1 条" in window.status_bar.messages[-1]
    table.set_current_cell(NEW_ROW, "household_no")
    keyboard.type("34082810010109x")
    keyboard.press("Alt+1")
    keyboard.wait()
    assert "“农户”里新增的一行没有收" in window.status_bar.messages[-1]
    assert table.cells.new_texts() == {}
    keyboard.press("Alt+2")
    keyboard.wait()
    assert table.cells.new_texts() == {"household_no": "34082810010109x"}  # nothing that was typed is gone
    table.cells.give_back([(NEW_ROW, "household_no")])


@pytest.mark.parametrize(
    ("key", "cells"),
    [
        ("measure", {"head": "340828100101003", "kind": "cykf", "title": "gongyixing", "year": "2018"}),
        ("public_job", {"name": "MEMBER", "head": "340828100101003", "kind": "sthly", "started_on": "20180810"}),
        ("household", {"head": "Wanglin", "household_no": "340828100101099"}),
    ],
)
def test_every_kind_of_list_takes_new_rows(qtbot, window, grid, keyboard, key, cells):
    window.open("cell_grid", list=key)
    wait_until_idle(qtbot, window)
    table, count = grid.table, len(grid.table.record_rows)
    with window.workbook.reading() as session:
        name = session.get(Member, member(3, 2)).name
    fields = new_row_fields(get_list(key))
    cells = {column: text for column, text in cells.items() if column in fields}
    if "name" in cells:
        table.cells.setData(
            table.cells.index(table.cells.position_of(NEW_ROW), [c.key for c in table.cells.columns].index("name")),
            name,
        )
        del cells["name"]
    type_row(table, keyboard, cells)
    keyboard.press("Return")
    keyboard.wait()
    assert grid.refusal_label.text() == ""
    assert len(table.record_rows) == count + 1


def bulk_add(qtbot, window, keyboard, page, what, values):
    """Ctrl+B, what is added, its fields, the preview, and Enter."""
    keyboard.press("Ctrl+B")
    keyboard.wait()
    keyboard.choose(initials(what))
    keyboard.press("Return")
    keyboard.wait()
    pane = page.bulk.dialog.pane
    for name, text in values.items():
        pane.form.focus_field(name)
        keyboard.type(text)
        keyboard.press("Tab")
    page.bulk.dialog.buttons.accept_button.click()
    keyboard.wait()
    complaint = page.bulk.dialog.findChild(QLabel, "bulk_complaint")
    assert complaint is None or complaint.text() == ""
    summary = page.bulk.dialog.findChild(QLabel, "edit_summary").text()
    keyboard.press("Return")
    keyboard.wait()
    return summary


def count_of(window, key):
    with window.workbook.reading() as session:
        return len(row_ids(session, get_list(key), RowQuery()))


@pytest.mark.parametrize(
    ("source", "key", "values", "new"),
    [
        ("household", "visit", {"found": "anhao", "visitors": "Wang"}, 3),
        ("household", "work_task", {"list_kind": "wgqd", "title": "xuanjiang"}, 1),
        ("member", "public_job", {"kind": "bjy", "started_on": "20200101"}, 3),
        ("public_job", "work_spell", {"place": "Hefei"}, None),
    ],
)
def test_a_record_is_added_to_all_that_are_chosen(qtbot, window, grid, keyboard, source, key, values, new):
    choices = {one.register.key for one in bulk_choices(get_list(source), True) if one.kind == "add" and one.register}
    assert key in choices
    if new is None:
        return  # a register about members offers the other registers about members
    window.open("cell_grid", list=source)
    wait_until_idle(qtbot, window)
    before = count_of(window, key)
    grid.table.set_current_cell(grid.table.record_rows[0], grid.table.cells.columns[1].key)
    keyboard.press("Shift+Down", "Shift+Down")
    summary = bulk_add(qtbot, window, keyboard, grid, f"新增{get_list(key).title}", values)
    assert "将新增" in summary
    assert count_of(window, key) == before + new
    keyboard.press("Ctrl+Z")
    keyboard.wait()
    assert count_of(window, key) == before


def test_a_photograph_is_added_to_all_that_are_chosen(qtbot, window, grid, keyboard, tmp_path, monkeypatch):
    Image.new("RGB", (40, 30), "red").save(tmp_path / "a.jpg")
    window.open("cell_grid", list="household")
    wait_until_idle(qtbot, window)
    grid.table.set_current_cell(grid.table.record_rows[0], "household_no")
    keyboard.press("Shift+Down", "Ctrl+B")
    keyboard.wait()
    keyboard.choose("tjzp")
    keyboard.press("Return")
    keyboard.wait()
    pane = grid.bulk.dialog.pane
    monkeypatch.setattr(
        QFileDialog, "getOpenFileName", lambda *args: (str(tmp_path / "a.jpg") if "*.heic" in args[3] else "", "")
    )
    pane.findChild(QPushButton, "choose_photo").click()
    assert pane.path.text() == str(tmp_path / "a.jpg")
    grid.bulk.dialog.buttons.accept_button.click()
    keyboard.wait()
    assert count_of(window, "photo") == 2
    keyboard.press("Ctrl+Z")
    keyboard.wait()
    assert count_of(window, "photo") == 0
