"""Taking a roster in, as an officer does it: choose, look, write, keep what was refused."""

from typing import Any

import openpyxl
import pytest
from PySide6.QtCore import QMimeData, QPoint, QPointF, Qt, QUrl
from PySide6.QtGui import QDropEvent
from PySide6.QtWidgets import QFileDialog, QLabel, QPushButton
from sqlalchemy import func, select

from app.progress import run_to_completion
from app.records.row_views import household_rows
from app.registers.lists import get_list
from app.sheets.register_export import write_register
from db.schema.consistency import ObservedValues
from db.schema.exchange import AuditEntry
from db.schema.household import Household, Member
from tests.app.sheets.sheet_files import DATA, person, table, xlsx
from tests.ui.conftest import wait_until_idle
from tests.ui.keyboard import press_shortcut

LOST = 3.40828198108168e17


@pytest.fixture
def page(qtbot, window):
    window.open("roster_import")
    wait_until_idle(qtbot, window)
    return window.page("roster_import")


@pytest.fixture
def odd(tmp_path):
    """Somebody new, somebody changed, one row refused, one value not taken."""
    rows = [person(9, 姓名="新来的"), person(1, 文化程度="秀才", 联系电话="13900001111"), person(8, 证件号码=LOST)]
    return xlsx(tmp_path / "核对.xlsx", table(rows))


def sentence(page):
    return page.findChild(QLabel, "rosterSentence").text()


def count(book, model):
    with book.reading() as session:
        return session.scalar(select(func.count()).select_from(model))


def titles(page):
    return [page.tables.tabText(n) for n in range(page.tables.count())]


def choose(monkeypatch, path):
    for name in ("getSaveFileName", "getOpenFileName"):
        monkeypatch.setattr(QFileDialog, name, lambda *_, **__: (str(path), ""))
    monkeypatch.setattr(QFileDialog, "getExistingDirectory", lambda *_, **__: str(path))


def press(qtbot, page, key):
    qtbot.keyClick(page, key, Qt.KeyboardModifier.ControlModifier)


def test_the_sample_by_keyboard_alone(qtbot, window, page, book, monkeypatch):
    choose(monkeypatch, DATA / "roster-a.xlsx")
    before = count(book, Household)
    press(qtbot, page, Qt.Key.Key_O)
    wait_until_idle(qtbot, window)
    assert sentence(page).startswith("写入后：新增 8")
    assert count(book, Household) == before
    page.tables.tables["new"].setFocus()
    press(qtbot, page, Qt.Key.Key_Return)
    wait_until_idle(qtbot, window)
    assert sentence(page).startswith("已写入：新增 8")
    assert window.status_bar.messages[-1] == sentence(page)
    assert count(book, Household) >= 86
    assert not page.write_button.isEnabled()
    undo = page.next_steps.undo_button
    assert undo.isVisible()
    press_shortcut(qtbot, page, "Alt+Z")
    qtbot.waitUntil(lambda: not undo.isVisible())
    with book.reading() as session:
        assert len(household_rows(session)) == before


def test_a_dropped_file_is_shown_and_masked(qtbot, window, page, odd):
    data = QMimeData()
    data.setUrls([QUrl.fromLocalFile(str(odd))])
    modifiers = Qt.KeyboardModifier.NoModifier
    drop = QDropEvent(QPointF(QPoint(9, 9)), Qt.DropAction.CopyAction, data, Qt.MouseButton.LeftButton, modifiers)
    window.dropEvent(drop)
    wait_until_idle(qtbot, window)
    assert window.current == "roster_import"
    assert titles(page)[3:] == ["拒收 1", "提醒 4"]
    new = page.tables.tables["new"]
    people = [row for row in new.visible_ids() if row.startswith("member/")]
    assert [new.cell_text(row, "title") for row in people] == ["新来的"]
    assert "********" in new.cell_text(people[0], "number")
    changed = page.tables.tables["changed"]
    phone = next(row for row in changed.visible_ids() if row.endswith("/phone"))
    assert (changed.cell_text(phone, "before"), changed.cell_text(phone, "after")) == ("（空）", "139****1111")
    refused = page.tables.tables["refused"]
    assert "“证件号码”被存成了数字" in refused.cell_text("0", "reason")
    assert refused.cell_text("0", "row") == "5"
    remarks = page.tables.tables["remarks"]
    assert "“文化程度”的“秀才”不在选项里，未取" in [remarks.cell_text(row, "text") for row in remarks.visible_ids()]


def test_refused_rows_go_to_a_file_and_the_export_is_logged(qtbot, window, page, book, odd, tmp_path, monkeypatch):
    page.open_roster(odd)
    wait_until_idle(qtbot, window)
    choose(monkeypatch, tmp_path / "拒收")
    press(qtbot, page, Qt.Key.Key_E)
    wait_until_idle(qtbot, window)
    written_sheet = openpyxl.load_workbook(tmp_path / "拒收.xlsx").worksheets[0]
    assert "被存成了数字" in written_sheet.cell(2, written_sheet.max_column - 1).value
    assert "拒收.xlsx" in window.status_bar.messages[-1]
    with book.reading() as session:
        assert session.execute(select(AuditEntry.what, AuditEntry.how_many)).all() == [("导出拒收名单", 1)]


def test_what_the_officer_says_of_a_list_decides_whether_the_national_system_holds_it(
    qtbot, window, page, book, tmp_path
):
    line = page.origin_line
    page.open_roster(xlsx(tmp_path / "人口20261103.xlsx", table([person(1)]), title="导出时间：2026-11-02"))
    wait_until_idle(qtbot, window)
    assert (line.box.isChecked(), line.day.raw_value()) == (True, "2026-11-02")
    own = tmp_path / "自己的名册2026-11-05.xlsx"
    headers = ("户编号", "姓名", "证件号码", "与户主关系", "文化程度")
    xlsx(own, table([person(1)], headers), title="石桥村花名册")
    page.open_roster(own)
    wait_until_idle(qtbot, window)
    assert (line.box.isChecked(), line.box.isEnabled(), line.day.isVisible()) == (False, True, False)
    press(qtbot, page, Qt.Key.Key_Return)
    wait_until_idle(qtbot, window)
    assert count(book, ObservedValues) == 0
    page.open_roster(own)
    wait_until_idle(qtbot, window)
    line.box.click()
    wait_until_idle(qtbot, window)
    assert "全国系统 1 户的数据还没有记下" in sentence(page)
    line.day.line_edit.setText("2026-13-40")
    line.day.editing_finished.emit()
    assert "导出日期" in window.status_bar.messages[-1]
    line.day.line_edit.setText("2026-11-04")
    line.day.editing_finished.emit()
    wait_until_idle(qtbot, window)
    press(qtbot, page, Qt.Key.Key_Return)
    wait_until_idle(qtbot, window)
    with book.reading() as session:
        assert session.scalars(select(ObservedValues.observed_at)).all() == ["2026-11-04"]
    # the next list with these headings is asked about no more
    page.open_roster(xlsx(tmp_path / "下月2026-12-05.xlsx", table([person(2)], headers), title=""))
    wait_until_idle(qtbot, window)
    assert (line.box.isChecked(), line.day.raw_value()) == (True, "2026-12-05")


def test_another_year_is_looked_at_again(qtbot, window, page, odd):
    page.open_roster(odd)
    wait_until_idle(qtbot, window)
    assert page.year.value() == 2018
    page.year.setValue(2021)
    page.year.editingFinished.emit()
    wait_until_idle(qtbot, window)
    new = page.tables.tables["new"]
    titles = {new.cell_text(row, "title") for row in new.visible_ids() if row.startswith("income_year/")}
    assert titles == {"2021 年"}


def test_a_bad_file_is_a_sentence_and_the_earlier_preview_is_gone(qtbot, window, page, book, odd, tmp_path):
    page.open_roster(odd)
    wait_until_idle(qtbot, window)
    before = count(book, Member)
    bad = tmp_path / "坏.xlsx"
    bad.write_bytes(b"PK\x03\x04" + bytes(100))
    page.open_roster(bad)
    wait_until_idle(qtbot, window)
    assert window.status_bar.messages[-1].startswith("“坏.xlsx”已损坏")
    assert titles(page) == ["新增", "变更", "不变", "拒收", "提醒"]
    page.write_roster()
    wait_until_idle(qtbot, window)
    assert count(book, Member) == before


def test_another_file_clears_the_preview_before_it_is_read(qtbot, window, page, book, odd, tmp_path):
    page.open_roster(odd)
    wait_until_idle(qtbot, window)
    before = count(book, Member)
    assert titles(page)[0] != "新增"
    page.open_roster(xlsx(tmp_path / "另一份.xlsx", table([person(9)])))
    assert titles(page) == [
        "新增",
        "变更",
        "不变",
        "拒收",
        "提醒",
    ]  # at once, so that it is not written for this one
    page.write_roster()
    assert count(book, Member) == before
    wait_until_idle(qtbot, window)
    assert page.findChild(QLabel, "rosterFile").text().startswith("另一份.xlsx")
    page.write_roster()
    wait_until_idle(qtbot, window)
    assert count(book, Member) == before + 1


def test_columns_that_are_not_known_are_named(qtbot, window, page, tmp_path):
    page.open_roster(tmp_path / "不在.xlsx")
    wait_until_idle(qtbot, window)
    assert window.status_bar.findChild(QPushButton, "closeNotice").isVisible()
    page.open_roster(xlsx(tmp_path / "多列.xlsx", table([person(9, 甲="1", 乙="2", 丙="3", 丁="4", 戊="5")])))
    wait_until_idle(qtbot, window)
    assert page.findChild(QLabel, "rosterFile").text().endswith("无对应栏目的列按原样保存：甲、乙、丙、丁等 5 列")
    assert not window.status_bar.findChild(QPushButton, "closeNotice").isVisible()


def test_a_workbook_changed_meanwhile_asks_for_another_look(qtbot, window, page, book, odd):
    page.open_roster(odd)
    wait_until_idle(qtbot, window)
    with book.writing() as session:
        session.scalars(select(Member)).first().note = "别人写的"
    page.write_roster()
    wait_until_idle(qtbot, window)
    assert "请重新预览" in window.status_bar.messages[-1]
    qtbot.keyClick(page, Qt.Key.Key_F5)
    wait_until_idle(qtbot, window)
    page.write_roster()
    wait_until_idle(qtbot, window)
    assert sentence(page).startswith("已写入")


def test_cancelled_writing_can_be_begun_again(qtbot, window, page, book):
    before = count(book, Member)
    page.open_roster(DATA / "roster-a.xlsx")
    wait_until_idle(qtbot, window)
    jobs = []
    window.tasks.task_started.connect(jobs.append)
    page.write_roster()
    jobs[0].cancel()
    wait_until_idle(qtbot, window)
    assert count(book, Member) == before
    assert page.write_button.isEnabled()


def test_what_agrees_needs_no_writing(qtbot, window, page):
    page.open_roster(DATA / "roster-a.xlsx")
    wait_until_idle(qtbot, window)
    page.write_roster()
    wait_until_idle(qtbot, window)
    page.open_roster(DATA / "roster-a.xlsx")
    wait_until_idle(qtbot, window)
    assert sentence(page).startswith("名册与本工作簿一致")
    assert not page.write_button.isEnabled()
    assert titles(page)[2] == "不变 700"


def test_closing_the_preview_forgets_it(qtbot, window, page, odd):
    page.open_roster(odd)
    wait_until_idle(qtbot, window)
    press(qtbot, page, Qt.Key.Key_Backspace)
    assert not page.write_button.isVisible()
    assert titles(page) == ["新增", "变更", "不变", "拒收", "提醒"]
    page.write_roster()
    assert window.tasks.is_idle


def test_templates_are_written(qtbot, window, page, tmp_path, monkeypatch):
    choose(monkeypatch, tmp_path)
    press(qtbot, page, Qt.Key.Key_T)
    wait_until_idle(qtbot, window)
    assert {path.name for path in tmp_path.glob("*模板.xlsx")} == {
        "家庭成员模板.xlsx",
        "户模板.xlsx",
        "帮扶联系人模板.xlsx",
    }


def mapping(page) -> Any:
    return page.columns.sheets.currentWidget().table


def choose_target(table, header, label):
    row = next(n for n in range(table.rowCount()) if table.item(n, 2).text() == header)
    table.setCurrentCell(row, 4)
    combo = table.cellWidget(row, 4)
    combo.setCurrentIndex(combo.findText(label))


def test_doubtful_columns_are_asked_for_before_the_preview(qtbot, window, page, book, tmp_path):
    path = xlsx(tmp_path / "多列.xlsx", table([person(30, 甲="1", 乙="2", 丙="3")]), title="")
    page.open_roster(path, 2018)
    wait_until_idle(qtbot, window)
    assert page.columns.message.text().startswith("每一列记到哪里：有 3 列要看一看")
    assert not page.write_button.isEnabled()
    samples = {
        mapping(page).item(n, 2).text(): mapping(page).item(n, 3).text() for n in range(mapping(page).rowCount())
    }
    assert samples["姓名"] == "陈卫国"
    assert "********" in samples["证件号码"]
    choose_target(mapping(page), "甲", "家庭成员 · 备注")
    choose_target(mapping(page), "乙", "不取")
    page.columns.alike_button.click()
    assert mapping(page).count_open() == 0
    press(qtbot, page, Qt.Key.Key_M)
    wait_until_idle(qtbot, window)
    assert page.write_button.isEnabled()
    page.write_roster()
    wait_until_idle(qtbot, window)
    with book.reading() as session:
        kept = select(Member.note, Member.import_extra).where(Member.person_no == person(30)["人编号"])
        assert session.execute(kept).one() == ("1", None)


def test_the_same_headings_ask_nothing_the_next_time(qtbot, window, page, tmp_path):
    page.open_roster(xlsx(tmp_path / "一.xlsx", table([person(30, 甲="1")]), title=""), 2018)
    wait_until_idle(qtbot, window)
    page.columns.confirm_button.click()
    wait_until_idle(qtbot, window)
    page.open_roster(xlsx(tmp_path / "二.xlsx", table([person(31, 甲="2")]), title=""), 2018)
    wait_until_idle(qtbot, window)
    assert page.write_button.isEnabled()
    press(qtbot, page, Qt.Key.Key_M)
    assert page.columns.isVisible()


def test_a_list_of_another_office_is_asked_for(qtbot, window, page, book, tmp_path):
    cells = [
        ["户主", "姓名", "身份证号", "与户主关系", "保障金额"],
        ["陈卫国", "陈卫国", person(32)["证件号码"], "户主", 560],
    ]
    page.open_roster(xlsx(tmp_path / "低保.xlsx", cells, title=""))
    wait_until_idle(qtbot, window)
    answers = page.columns.sheets.currentWidget().answers
    assert not answers["office"].isChecked()
    answers["office"].setChecked(True)
    page.columns.confirm_button.click()
    wait_until_idle(qtbot, window)
    assert page.tables.tables["new"].visible_ids()
    assert page.write_button.isEnabled()


def test_a_list_of_our_own_shows_what_was_changed_and_each_conflict_is_chosen(qtbot, window, page, book, tmp_path):
    """Notes of two people are changed in Excel, one of them here as well; a third is changed on both sides too."""
    with book.reading() as session:
        ids = sorted(session.scalars(select(Member.id).where(Member.left.is_(None))))[:3]
    out = tmp_path / "人口.xlsx"
    run_to_completion(write_register(book, get_list("人口"), ids, out))
    excel = openpyxl.load_workbook(out)
    note = next(cell.column for cell in excel.worksheets[0][2] if cell.value == "备注")
    for row in (3, 4, 5):
        excel.worksheets[0].cell(row, note).value = f"表里{row}"
    excel.save(out)
    with book.writing() as session:
        for id in ids[1:]:
            session.get_one(Member, id).note = "本工作簿改的"
    page.open(path=out)
    qtbot.waitUntil(lambda: page.list_dialog is not None and page.list_dialog.isVisible())
    conflicts = page.list_dialog.conflicts
    assert [conflicts.item(0, column).text() for column in (2, 3, 4, 5)] == ["备注", "（空）", "本工作簿改的", "表里4"]
    wanted = conflicts.fontMetrics().horizontalAdvance("本工作簿改的")
    assert conflicts.columnWidth(4) > wanted
    assert not conflicts.horizontalScrollBar().isVisible()
    conflicts.setFocus()
    conflicts.setCurrentCell(0, 0)
    qtbot.keyClick(conflicts, Qt.Key.Key_Space)
    page.list_dialog.accept()
    wait_until_idle(qtbot, window)
    with book.reading() as session:
        assert [session.get_one(Member, id).note for id in ids] == ["表里3", "表里4", "本工作簿改的"]
    assert "已导入 2 条" in window.status_bar.messages[-1]
