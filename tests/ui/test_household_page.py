"""One household, through its page."""

from datetime import date
from decimal import Decimal

import openpyxl
import pytest
from PIL import Image
from PySide6.QtCore import QMimeData, QPointF, Qt, QUrl
from PySide6.QtGui import QDropEvent
from PySide6.QtWidgets import (
    QAbstractItemView,
    QApplication,
    QComboBox,
    QDialog,
    QFileDialog,
    QLineEdit,
    QMenu,
    QPushButton,
)
from sqlalchemy import select

from app.dashboard.household_counts import PartCount
from app.progress import run_to_completion
from app.records.draft import open_draft, save_draft
from app.records.household import household_details
from app.records.income import income_account
from app.workbook.operations import undo
from db.schema.aid import Assignment, Helper, Measure, Visit
from db.schema.exchange import AuditEntry
from db.schema.finance import LoanRepayment, SmallLoan
from db.schema.form import FormEntry
from db.schema.household import Household, Member
from db.schema.income import IncomeYear
from db.schema.inspection import Inspection
from db.schema.photo import Photo
from tests.app.records.test_attachment import pdf_file
from tests.builders import VILLAGE, household
from tests.full_household import add_full_household
from tests.test_manual import keys_in_table, keys_within
from tests.ui.conftest import wait_until_idle
from tests.ui.keyboard import compose, press_shortcut
from ui.household.household_part import HouseholdPart
from ui.household.part_index import PartIndex
from ui.widgets.context_commands import add_commands
from ui.widgets.field_controls import FieldControl
from ui.widgets.question import QuestionDialog
from ui.widgets.row_table import RowTable

HOME = Household.id_of(f"{VILLAGE.code}001")


@pytest.fixture
def page(qtbot, window):
    window.open("household", household=HOME, order=tuple(Household.id_of(f"{VILLAGE.code}{n:03}") for n in (1, 2, 3)))
    wait_until_idle(qtbot, window)
    return window.page("household")


def test_the_index_has_the_keyboard_when_a_household_is_opened(qtbot, window, page):
    assert window.focusWidget() is page.index
    qtbot.keyClick(page.index, Qt.Key.Key_Down)
    assert page.index.currentItem().text().startswith("家庭成员")
    press_shortcut(qtbot, page, "Alt+4")
    wait_until_idle(qtbot, window)
    qtbot.keyClick(page.index, Qt.Key.Key_Return)
    assert window.focusWidget().objectName() == "income_years"  # and no button that adds a year


def _open_part(qtbot, window, page, title):
    [line] = page.index.findItems(title, Qt.MatchFlag.MatchExactly)
    qtbot.mouseClick(page.index.viewport(), Qt.MouseButton.LeftButton, pos=page.index.visualItemRect(line).center())
    wait_until_idle(qtbot, window)
    assert title == page.current_part.TITLE
    return page.current_part


def _write(qtbot, window, part, name, text):
    """Type into a field of the part's form and leave it."""
    line = part.editor.form.findChild(QLineEdit, name)
    line.setFocus()
    line.selectAll()
    qtbot.keyClicks(line, text)
    qtbot.keyClick(line, Qt.Key.Key_Return)
    wait_until_idle(qtbot, window)
    return line


def _card(book):
    with book.reading() as session:
        return household_details(session, HOME)


def test_the_header_tells_who_this_is_and_hides_the_telephone(qtbot, window, book):
    with book.writing() as session:
        household_row = session.get_one(Household, HOME)
        household_row.phone, household_row.household_kind, household_row.population = "13855667788", "脱贫户", 4
    window.open("household", household=HOME)
    wait_until_idle(qtbot, window)
    header = window.page("household").header
    assert header.name_label.text() == "陈卫国"
    assert header.phone_label.text() == "138****7788"
    assert header.warning_label.text().startswith("登记的人数是 4 人，成员表里有 3 人")
    qtbot.mouseClick(header.show_phone_button, Qt.MouseButton.LeftButton)
    wait_until_idle(qtbot, window)
    assert header.phone_label.text() == "13855667788"
    with book.reading() as session:
        assert [audit_entry.what for audit_entry in session.query(AuditEntry)] == ["查看联系电话"]


def test_a_field_is_saved_when_it_is_left_and_can_be_taken_back(qtbot, window, page, book):
    _write(qtbot, window, page.current_part, "address", "Xiawu 12")
    assert _card(book).values["address"] == "Xiawu 12"
    assert window.status_bar.messages[-1] == "已保存：家庭住址"
    window.status_bar.findChild(QPushButton, "undo").click()
    wait_until_idle(qtbot, window)
    assert _card(book).values["address"] is None
    assert page.current_part.editor.form.findChild(QLineEdit, "address").text() == ""


def test_a_refused_value_stays_with_its_sentence_and_the_page_is_not_left(qtbot, window, page, book):
    line = _write(qtbot, window, page.current_part, "phone", "12345")
    assert line.text() == "12345"
    assert page.current_part.editor.form.error_text("phone")
    assert _card(book).values["phone"] is None
    window.open("households")
    assert window.current == "household"
    press_shortcut(qtbot, line, "Alt+2")
    assert (page.current_part.TITLE, page.index.currentItem().text()) == ("基本信息", "基本信息")
    qtbot.keyClick(line, Qt.Key.Key_Escape)
    wait_until_idle(qtbot, window)
    assert line.text() == ""
    window.open("households")
    assert window.current == "households"


def test_fields_typed_quickly_one_after_another_are_all_saved_without_conflict(qtbot, window, page, book):
    form = page.current_part.editor.form
    for name, text in (("address", "A"), ("hamlet", "B"), ("address", "C"), ("filler", "D"), ("address", "E")):
        line = form.findChild(QLineEdit, name)
        line.setFocus()
        line.selectAll()
        qtbot.keyClicks(line, text)
        qtbot.keyClick(line, Qt.Key.Key_Return)
    wait_until_idle(qtbot, window)
    values = _card(book).values
    assert (values["address"], values["hamlet"], values["filler"]) == ("E", "B", "D")
    with book.reading() as session:
        from db.journal.conflicts import open_conflicts

        assert open_conflicts(session) == []


def test_what_is_being_typed_survives_a_save_of_another_field(qtbot, window, page):
    form = page.current_part.editor.form
    address, filler = form.findChild(QLineEdit, "address"), form.findChild(QLineEdit, "filler")
    address.setFocus()
    qtbot.keyClicks(address, "Xiawu")
    filler.setFocus()
    qtbot.keyClicks(filler, "half a na")
    wait_until_idle(qtbot, window)
    assert (address.text(), filler.text()) == ("Xiawu", "half a na")


def test_what_another_wrote_comes_into_the_form(qtbot, window, page, book):
    with book.reading() as session:
        draft = open_draft(session, "household", HOME)
    save_draft(book, draft.with_values(address="东湾 3 号"))
    wait_until_idle(qtbot, window)
    assert page.current_part.editor.form.findChild(QLineEdit, "address").text() == "东湾 3 号"


def test_what_a_part_shows_leaves_as_a_list(qtbot, window, page, tmp_path, monkeypatch):
    _open_part(qtbot, window, page, "家庭成员")
    out = tmp_path / "人口.xlsx"
    monkeypatch.setattr(QFileDialog, "getSaveFileName", lambda *_: (str(out), ""))
    press_shortcut(qtbot, page, "Ctrl+E")
    assert page.exporting.dialog.content.currentText() == "人口"
    page.exporting.dialog.accept()
    wait_until_idle(qtbot, window)
    sheet = openpyxl.load_workbook(out).worksheets[0]
    assert {sheet.cell(row, 1).value for row in range(3, sheet.max_row + 1)} == {f"{VILLAGE.code}001"}


def test_alt_and_arrows_go_through_the_list(qtbot, window, page):
    assert page.header.position_label.text() == "第 1 户，共 3 户"
    press_shortcut(qtbot, page, "Alt+Down")
    wait_until_idle(qtbot, window)
    assert page.header.place_label.text().endswith("002")
    assert page.current_part.editor.form.findChild(QLineEdit, "household_no").text().endswith("002")
    press_shortcut(qtbot, page, "Alt+Up")
    wait_until_idle(qtbot, window)
    assert page.header.position_label.text() == "第 1 户，共 3 户"


def test_a_members_id_number_brings_sex_and_birthday_into_the_form(qtbot, window, page, book):
    from tests.builders import id_number

    with book.writing() as session:
        person = session.get_one(Member, Member.id_of(f"{VILLAGE.code}00102"))
        person.id_no, person.sex, person.birth = None, None, None
    part = _open_part(qtbot, window, page, "家庭成员")
    part.table.set_current_id(Member.id_of(f"{VILLAGE.code}00102"))
    wait_until_idle(qtbot, window)
    _write(qtbot, window, part, "id_no", id_number(date(1981, 2, 3), 5, male=False))
    form = part.editor.form
    assert form.findChild(QLineEdit, "birth").text() == "1981-02-03"
    assert form.findChild(QComboBox, "sex").currentText() == "女"
    assert part.table.cell_text(Member.id_of(f"{VILLAGE.code}00102"), "age")


def test_members_come_and_go_by_keyboard(qtbot, window, page, book, monkeypatch):
    part = _open_part(qtbot, window, page, "家庭成员")

    def join(dialog: QDialog) -> int:
        dialog.show()
        dialog.accept()
        assert dialog.form.error_text("name")
        qtbot.keyClicks(dialog.findChild(QLineEdit, "name"), "Xiao")
        compose(dialog.findChild(QLineEdit, "relation_typed"), "之孙女")
        dialog.accept()
        return dialog.result()

    monkeypatch.setattr(QDialog, "exec", join)
    press_shortcut(qtbot, part, "Alt+A")
    wait_until_idle(qtbot, window)
    assert page.header.people_label.text().startswith("4 人")
    assert part.table.cell_text(part.table.current_id(), "name") == "Xiao"

    def leave(dialog: QDialog) -> int:
        dialog.show()
        dialog.accept()
        assert dialog.form.error_text("left")
        compose(dialog.findChild(QLineEdit, "left_typed"), "婚出")
        dialog.accept()
        return dialog.result()

    monkeypatch.setattr(QDialog, "exec", leave)
    press_shortcut(qtbot, part, "Alt+D")
    wait_until_idle(qtbot, window)
    assert [one.left for one in _card(book).former_members] == ["婚出"]
    window.status_bar.findChild(QPushButton, "undo").click()
    wait_until_idle(qtbot, window)
    assert _card(book).size == 4


def test_the_head_leaves_only_with_a_new_head_and_asks_what_everybody_is_to_him(qtbot, window, page, book, monkeypatch):
    part = _open_part(qtbot, window, page, "家庭成员")
    before = {one.id: one.relation for one in _card(book).members}
    by_relation = {one.relation: one for one in _card(book).members}  # who is shown where follows from their ages
    spouse, new_head = by_relation["配偶"], by_relation["之子"]
    others = [one for one in _card(book).members if one.relation not in ("户主", "配偶", "之子")]

    def leave(dialog: QDialog) -> int:
        dialog.show()
        compose(dialog.findChild(QLineEdit, "left_typed"), "死亡")
        dialog.accept()
        assert dialog.isVisible()
        new_head_box = dialog.findChild(QComboBox, "new_head")
        new_head_box.hidePopup()
        for one in (spouse, new_head):  # another choice asks anew
            new_head_box.setCurrentIndex(new_head_box.findData(one.id))
        qtbot.keyClick(new_head_box, Qt.Key.Key_Tab)
        for one in (spouse, *others):
            assert dialog.focusWidget().objectName() == one.id
            dialog.accept()
            assert dialog.isVisible()
            compose(dialog.findChild(QLineEdit, f"{one.id}_typed"), "之女")
            qtbot.keyClick(dialog.focusWidget(), Qt.Key.Key_Tab)
        assert dialog.focusWidget() is dialog.buttons.accept_button
        dialog.accept()
        return dialog.result()

    monkeypatch.setattr(QDialog, "exec", leave)
    press_shortcut(qtbot, part, "Alt+D")
    wait_until_idle(qtbot, window)
    assert page.header.name_label.text() == new_head.name
    assert [one.relation for one in _card(book).members] == ["户主", "之女", *("之女" for _ in others)]
    assert _card(book).members[0].name == new_head.name
    window.status_bar.findChild(QPushButton, "undo").click()
    wait_until_idle(qtbot, window)
    assert {one.id: one.relation for one in _card(book).members} == before


def test_a_new_head_asks_what_everybody_is_to_him(qtbot, window, page, book, monkeypatch):
    part = _open_part(qtbot, window, page, "家庭成员")
    before = {one.name: one.relation for one in _card(book).members}
    spouse = next(one for one in _card(book).members if one.relation == "配偶")
    qtbot.waitUntil(lambda: part.table.set_current_id(spouse.id))
    wait_until_idle(qtbot, window)
    titles, shown = [], {}

    def change(dialog: QDialog) -> int:
        dialog.show()
        titles.append(dialog.windowTitle())
        shown.update(dialog.relations)
        assert set(dialog.form.values()) == {one.id for one in _card(book).members} - {spouse.id}
        for id, relation in dialog.form.values().items():
            if relation is None:
                dialog.accept()
                assert dialog.form.error_text(id)
                compose(dialog.findChild(QLineEdit, f"{id}_typed"), "之子")
        dialog.accept()
        return dialog.result()

    monkeypatch.setattr(QDialog, "exec", change)
    press_shortcut(qtbot, part, "Alt+H")
    wait_until_idle(qtbot, window)
    head = next(one for one in _card(book).members if one.id == spouse.id)
    assert head.relation == "户主"
    assert titles == ["变更户主（陈卫国户）"]
    assert "配偶" in shown.values()  # the former head is the spouse of his spouse, and is not asked about again
    window.status_bar.findChild(QPushButton, "undo").click()
    wait_until_idle(qtbot, window)
    assert {one.name: one.relation for one in _card(book).members} == before


def test_living_conditions_begin_with_the_year_before(qtbot, window, page, book):
    part = _open_part(qtbot, window, page, "生产生活条件")
    for year in (2017, 2018):
        part.year_row.new_year.setValue(year)
        press_shortcut(qtbot, part, "Alt+A")
        wait_until_idle(qtbot, window)
        if year == 2017:
            _write(qtbot, window, part, "house_area", "96.5")
    assert part.year_row.years.currentText() == "2018 年"
    assert part.editor.form.findChild(QLineEdit, "house_area").text() == "96.5"
    assert [(one.year, one.values["house_area"]) for one in _card(book).conditions] == [
        (2018, Decimal("96.5")),
        (2017, Decimal("96.5")),
    ]


def _cell(table, item, column, what=""):
    row = next(n for n, (one, kind) in enumerate(table._rows) if one.value == item and kind == what)
    return table.item(row, column)


def _enter(qtbot, window, table, cell, text):
    table.setCurrentItem(cell)
    table.setFocus()
    qtbot.keyClicks(table, text[0])
    editor = QApplication.focusWidget()
    assert isinstance(editor, QLineEdit)
    assert table.state() == QAbstractItemView.State.EditingState
    qtbot.keyClicks(editor, text[1:])
    qtbot.keyClick(editor, Qt.Key.Key_Return)
    QApplication.processEvents()


def test_income_is_typed_into_the_sheet_and_the_result_follows_at_once(qtbot, window, page, book):
    part = _open_part(qtbot, window, page, "收入")
    part.year_row.new_year.setValue(2018)
    press_shortcut(qtbot, part, "Alt+A")
    wait_until_idle(qtbot, window)
    _enter(qtbot, window, part.table, _cell(part.table, "务工收入", 4), "12000")
    assert part.per_head_label.text() == "人均 4,000.00 元"
    _enter(qtbot, window, part.table, _cell(part.table, "种植收入", 2), "2.5")
    _enter(qtbot, window, part.table, _cell(part.table, "种植收入", 3), "100")
    _enter(qtbot, window, part.table, _cell(part.table, "种植支出", 4), "50")
    assert _cell(part.table, "种植收入", 4).text() == "250.00"
    assert _cell(part.table, "生产经营性收入", 4).text() == "250.00"
    assert part.per_head_label.text() == "人均 4,066.67 元"
    wait_until_idle(qtbot, window)
    with book.reading() as session:
        year_account = income_account(session, IncomeYear.id_of(HOME, 2018))
    assert (year_account.total.net, year_account.total.per_capita) == (Decimal(12200), Decimal("4066.67"))
    _enter(qtbot, window, part.table, _cell(part.table, "务工收入", 4), "x")
    assert "金额" in window.status_bar.messages[-1]
    wait_until_idle(qtbot, window)
    with book.reading() as session:
        assert income_account(session, IncomeYear.id_of(HOME, 2018)).total.net == Decimal(12200)


def test_a_row_without_an_amount_is_not_left_behind(qtbot, window, page, book):
    part = _open_part(qtbot, window, page, "收入")
    press_shortcut(qtbot, part, "Alt+A")
    wait_until_idle(qtbot, window)
    _enter(qtbot, window, part.table, _cell(part.table, "养殖收入", 2), "3")
    _enter(qtbot, window, part.table, _cell(part.table, "务工收入", 4), "100")
    wait_until_idle(qtbot, window)
    assert _cell(part.table, "养殖收入", 2).text() == "3"
    window.open("households")
    assert window.current == "household"
    assert "养殖收入" in window.status_bar.messages[-1]
    _enter(qtbot, window, part.table, _cell(part.table, "养殖收入", 3), "20")
    wait_until_idle(qtbot, window)
    window.open("households")
    assert window.current == "households"
    with book.reading() as session:
        assert income_account(session, part.year_row.record_id).total.net == Decimal(160)


def test_a_refused_amount_locks_nobody_in(qtbot, window, page, book):
    part = _open_part(qtbot, window, page, "收入")
    press_shortcut(qtbot, part, "Alt+A")
    wait_until_idle(qtbot, window)
    wages = _cell(part.table, "务工收入", 4)
    _enter(qtbot, window, part.table, wages, "100")
    _enter(qtbot, window, part.table, wages, "x")
    assert "金额" in window.status_bar._message_label.text()
    part.table.setCurrentItem(_cell(part.table, "务工收入", 4))
    qtbot.keyClick(part.table, Qt.Key.Key_Escape)
    assert _cell(part.table, "务工收入", 4).text() == "100.00"
    assert window.status_bar._message_label.text() == ""
    _enter(qtbot, window, part.table, _cell(part.table, "务工收入", 4), "y")
    window.open("households")
    assert window.current == "households"
    assert "务工收入" in window.status_bar.messages[-1]
    window.open("household", household=HOME)
    wait_until_idle(qtbot, window)
    _enter(qtbot, window, part.table, _cell(part.table, "养殖收入", 2), "3")
    window.open("households")
    window.open("households")  # a row that waits for its amount holds once
    assert window.current == "households"
    with book.reading() as session:
        assert income_account(session, part.year_row.record_id).total.net == Decimal(100)


def test_an_emptied_amount_takes_the_line_away(qtbot, window, page, book):
    part = _open_part(qtbot, window, page, "收入")
    press_shortcut(qtbot, part, "Alt+A")
    wait_until_idle(qtbot, window)
    year = part.year_row.record_id
    _enter(qtbot, window, part.table, _cell(part.table, "低保金", 4), "800")
    wait_until_idle(qtbot, window)
    _cell(part.table, "低保金", 4).setText("")
    wait_until_idle(qtbot, window)
    with book.reading() as session:
        assert income_account(session, year).lines == ()
    _enter(qtbot, window, part.table, _cell(part.table, "低保金", 4), "900")
    wait_until_idle(qtbot, window)
    with book.reading() as session:
        assert [line.amount for line in income_account(session, year).lines] == [Decimal(900)]


def test_the_head_count_of_a_year_changes_the_income_per_head(qtbot, window, page):
    part = _open_part(qtbot, window, page, "收入")
    press_shortcut(qtbot, part, "Alt+A")
    wait_until_idle(qtbot, window)
    _enter(qtbot, window, part.table, _cell(part.table, "务工收入", 4), "12000")
    wait_until_idle(qtbot, window)
    _write(qtbot, window, part, "people", "4")
    assert part.per_head_label.text() == "人均 3,000.00 元"


def test_a_visit_is_written_down_and_withdrawn(qtbot, window, page, book):
    part = _open_part(qtbot, window, page, "走访")
    press_shortcut(qtbot, part, "Alt+A")
    wait_until_idle(qtbot, window)
    _write(qtbot, window, part, "visitors", "Zhao")
    (visit,) = _card(book).visits
    assert (visit.visited_on, visit.visitors) == (date.today(), "Zhao")
    press_shortcut(qtbot, part, "Alt+D")
    wait_until_idle(qtbot, window)
    assert _card(book).visits == ()
    window.status_bar.findChild(QPushButton, "undo").click()
    wait_until_idle(qtbot, window)
    assert len(_card(book).visits) == 1


def test_a_measure_is_for_the_household_or_for_a_member(qtbot, window, page, book):
    part = _open_part(qtbot, window, page, "措施")
    press_shortcut(qtbot, part, "Alt+A")
    wait_until_idle(qtbot, window)
    _write(qtbot, window, part, "title", "Yulu")
    who = part.findChild(QComboBox, "member_id")
    index = who.findText("李秀英")
    who.setCurrentIndex(index)
    who.activated.emit(index)
    wait_until_idle(qtbot, window)
    with book.reading() as session:
        (measure,) = session.scalars(select(Measure))
        assert (measure.title, session.get_one(Member, measure.member_id).name) == ("Yulu", "李秀英")


def test_a_helper_is_assigned_and_the_former_one_ends(qtbot, window, page, book, monkeypatch):
    with book.writing() as session:
        helpers = [Helper(village=VILLAGE.code, name=name, rank="科员级") for name in ("赵干部", "钱干部")]
        session.add_all(helpers)
        session.flush()
        session.add(
            Assignment(village=VILLAGE.code, household_id=HOME, helper_id=helpers[0].id, started_on=date(2017, 1, 1))
        )
    part = _open_part(qtbot, window, page, "联系人")
    assert part.current_label.text() == "现在由 赵干部（单位未填） 帮扶。"

    def choose(dialog: QDialog) -> int:
        dialog.show()
        dialog.search.setText("钱")
        assert len(dialog.table.visible_ids()) == 1
        dialog.accept()
        assert dialog.form.error_text("change_reason")
        compose(dialog.findChild(QLineEdit, "change_reason_typed"), "退休")
        dialog.accept()
        return dialog.result()

    monkeypatch.setattr(QDialog, "exec", choose)
    press_shortcut(qtbot, part, "Alt+A")
    wait_until_idle(qtbot, window)
    assert part.current_label.text() == "现在由 钱干部（单位未填） 帮扶。"
    assert [(one.helper, one.reason) for one in _card(book).past_helpers] == [("赵干部", "退休")]


def test_over_the_limit_the_officer_is_asked(qtbot, window, page, book, monkeypatch):
    with book.writing() as session:
        helper = Helper(village=VILLAGE.code, name="赵干部", rank="科员级")
        session.add(helper)
        session.flush()
        for number in range(11, 14):
            household_row = household(session, number=number)
            session.add(Assignment(village=VILLAGE.code, household_id=household_row.id, helper_id=helper.id))
    part = _open_part(qtbot, window, page, "联系人")

    def choose(dialog: QDialog) -> int:
        dialog.accept()
        return dialog.result()

    monkeypatch.setattr(QDialog, "exec", choose)
    for expected in (0, 1):
        press_shortcut(qtbot, part, "Alt+A")
        wait_until_idle(qtbot, window)
        question = page.findChildren(QuestionDialog, "over_limit")[-1]
        assert "最多结对 3 户" in question.message
        qtbot.keyClick(question, Qt.Key.Key_Return)  # a careful question: Enter leaves
        wait_until_idle(qtbot, window)
        if expected:
            press_shortcut(qtbot, part, "Alt+A")
            wait_until_idle(qtbot, window)
            page.findChildren(QuestionDialog, "over_limit")[-1].buttons[0].click()
            wait_until_idle(qtbot, window)
        assert len(_card(book).helpers) == expected


def test_photos_are_added_shown_and_described(qtbot, window, page, book, tmp_path):
    Image.new("RGB", (400, 300), "red").save(tmp_path / "a.jpg")
    part = _open_part(qtbot, window, page, "照片")
    part.add_photos([tmp_path / "a.jpg"])
    wait_until_idle(qtbot, window)
    assert part.photo_list.count() == 1
    assert not part.photo_list.item(0).icon().isNull()
    _write(qtbot, window, part, "caption", "gate")
    assert _card(book).photos[0].caption == "gate"
    (tmp_path / "b.jpg").write_bytes(b"no picture")
    part.add_photos([tmp_path / "b.jpg"])
    wait_until_idle(qtbot, window)
    assert "b.jpg" in window.status_bar.messages[-1]


def test_papers_are_attached_read_page_by_page_saved_and_printed(qtbot, window, page, book, tmp_path):
    part = _open_part(qtbot, window, page, "照片")
    (tmp_path / "坏的.pdf").write_bytes(b"%PDF-1.7 no more")
    mime = QMimeData()
    mime.setUrls(
        [QUrl.fromLocalFile(str(path)) for path in (pdf_file(tmp_path / "鉴定.pdf", 2), tmp_path / "坏的.pdf")]
    )
    part.dropEvent(
        QDropEvent(
            QPointF(5, 5), Qt.DropAction.CopyAction, mime, Qt.MouseButton.LeftButton, Qt.KeyboardModifier.NoModifier
        )
    )
    wait_until_idle(qtbot, window)
    assert window.status_bar.messages[-1].startswith("已添加 1 份附件。“坏的.pdf”不是能用的 PDF")
    assert part.photo_list.item(0).text() == "鉴定\n附件，2 页"
    assert not part.photo_list.item(0).icon().isNull()
    qtbot.keyClick(part.photo_list, Qt.Key.Key_Return)
    wait_until_idle(qtbot, window)
    part.viewer.next_button.click()
    assert part.viewer.number_label.text() == "第 2 页，共 2 页"
    part.viewer.save_wanted.emit(tmp_path / "saved.pdf")
    wait_until_idle(qtbot, window)
    assert (tmp_path / "saved.pdf").read_bytes().startswith(b"%PDF")
    part.viewer.close()
    press_shortcut(qtbot, part, "Alt+Y")
    wait_until_idle(qtbot, window)
    printing = window.page("printing")
    assert printing.subject_list.current_id() == _card(book).photos[0].id


def test_two_photographs_are_made_a_pair_and_parted_again(qtbot, window, page, book, tmp_path):
    part = _open_part(qtbot, window, page, "照片")
    for name, kind in (("a.jpg", "整治前"), ("b.jpg", "整治后")):
        Image.new("RGB", (40, 30), "red" if name == "a.jpg" else "blue").save(tmp_path / name)
        part.kind_box.setCurrentIndex(part.kind_box.findData(kind))
        part.add_photos([tmp_path / name])
        wait_until_idle(qtbot, window)
    part.photo_list.selectAll()
    for is_pair in (True, False):
        press_shortcut(qtbot, part, "Alt+B")
        wait_until_idle(qtbot, window)
        photos = {row.kind: row for row in _card(book).photos}
        assert (photos["整治后"].before_id == photos["整治前"].id) is is_pair
        part.photo_list.selectAll()
    part.photo_list.clearSelection()
    assert not part.shortcut_buttons["Alt+B"].isEnabled()
    part.photo_list.selectAll()
    press_shortcut(qtbot, part, "Alt+D")
    wait_until_idle(qtbot, window)
    assert _card(book).photos == ()
    assert window.status_bar.messages[-1] == "已撤回 2 条照片"
    run_to_completion(undo(book))
    assert len(_card(book).photos) == 2, "they were one operation"


def test_history_tells_what_was_just_done(qtbot, window, page):
    _write(qtbot, window, page.current_part, "address", "Xiawu 12")
    part = _open_part(qtbot, window, page, "变更记录")
    latest = part.table.visible_ids()[0]
    assert [part.table.cell_text(latest, key) for key in ("operator", "label", "before", "after")] == [
        "王书记",
        "家庭住址",
        "",
        "Xiawu 12",
    ]


def test_every_part_shows_a_household_fits_and_has_its_keys_in_the_table(qtbot, window, page, book):
    """On a small screen too, with letters of one and a half."""
    with book.writing() as session:
        session.add(Visit(village=VILLAGE.code, household_id=HOME, visited_on=date(2018, 1, 1), visitors="甲"))
    wait_until_idle(qtbot, window)
    for name in page.index.names:
        page.show_part(name)
        wait_until_idle(qtbot, window)
        assert page.current_part is not None
        assert page.minimumSizeHint().height() < 620, name
        window.resize(910, 486)
        wait_until_idle(qtbot, window)
        assert page.width() <= page.parentWidget().width(), name
        if name in ("basic", "members", "visits"):
            _assert_controls_are_in_sight(page.current_part.editor.form)
        window.resize(1366, 728)
    assert window.status_bar.messages == []
    assert page.minimumSizeHint().width() < 1366 - 160
    assert keys_within(page) == keys_in_table()[page.TITLE]


def _assert_controls_are_in_sight(form):
    controls = [control for control in form.findChildren(FieldControl) if control.isVisible()]
    outside = [
        control.focusProxy().objectName()
        for control in controls
        if not form.visibleRegion().boundingRect().left() <= control.geometry().left()
        or control.geometry().right() > form.visibleRegion().boundingRect().right()
    ]
    assert controls
    assert outside == []


def test_the_index_says_what_is_in_each_part_and_what_is_missing(qtbot, window, page, book):
    with book.writing() as session:
        session.add(
            Visit(
                village=VILLAGE.code, household_id=HOME, visited_on=date(2018, 1, 1), promised="修路",
                promised_by=date(2018, 2, 1),
            )
        )  # fmt: skip
    wait_until_idle(qtbot, window)
    assert page.index.count_of("members") == PartCount("3", "quiet", "家庭成员 3 人")
    assert page.index.count_of("visits") == PartCount("1", "bad", "1 项承诺逾期未落实")
    assert page.index.count_of("assignments") == PartCount("缺", "warn", "没有帮扶联系人")
    assert page.index.count_of("photos") is None
    [line] = page.index.findItems("走访", Qt.MatchFlag.MatchExactly)
    assert line.data(Qt.ItemDataRole.AccessibleTextRole) == "走访，1 项承诺逾期未落实"
    headings = [page.index.item(n).text() for n in range(page.index.count()) if not page.index.item(n).flags()]
    assert headings == ["帮扶", "台账", "检查与档案"]


def test_keys_go_to_parts_while_a_field_has_the_keyboard(qtbot, window, page):
    field = page.current_part.editor.form.findChild(QLineEdit, "address")
    for keys, title in (
        ("Alt+2", "家庭成员"),
        ("Ctrl+PgDown", "生产生活条件"),
        ("Ctrl+PgUp", "家庭成员"),
        ("Alt+T, 3, 0", "扶贫小额信贷"),
        ("Alt+0", "变更记录"),
        ("Alt+1", "基本信息"),
    ):
        field.setFocus()
        press_shortcut(qtbot, QApplication.focusWidget() or page, keys)
        wait_until_idle(qtbot, window)
        assert (page.current_part.TITLE, page.index.currentItem().text()) == (title, title)
    assert field.text() == ""


def test_arrows_in_the_index_open_parts_and_enter_goes_into_them(qtbot, window, page):
    press_shortcut(qtbot, page, "Alt+I")
    assert page.index.hasFocus()
    for title in ("家庭成员", "生产生活条件", "收入", "其他列", "联系人"):  # passes the heading over
        qtbot.keyClick(page.index, Qt.Key.Key_Down)
        assert title == page.current_part.TITLE
        assert page.index.hasFocus()
    for _ in range(4):
        qtbot.keyClick(page.index, Qt.Key.Key_Up)
    wait_until_idle(qtbot, window)
    qtbot.keyClick(page.index, Qt.Key.Key_Return)
    assert page.current_part.isAncestorOf(QApplication.focusWidget())


def test_the_menu_of_a_list_begins_with_what_its_part_can_do(qtbot, window, page):
    part = _open_part(qtbot, window, page, "走访")
    menu = QMenu(part)
    add_commands(menu, part.findChild(RowTable))
    offered = [action for action in menu.actions() if not action.isSeparator()]
    buttons = [button for button in part.shortcut_buttons.values() if button.isVisibleTo(page)]
    assert buttons
    assert [action.text().split("\t")[0] for action in offered[: len(buttons)]] == [one.text() for one in buttons]
    assert offered[0].text().endswith("Alt+A")
    with qtbot.waitSignal(buttons[0].clicked):
        offered[0].trigger()


def test_every_part_has_a_key_of_its_own(page):
    keys = [action.shortcut().toString() for action in page.actions()]
    assert len(keys) == len(set(keys))
    assert {f"part_{name}" for name in page.index.names} <= {action.objectName() for action in page.actions()}


def test_each_line_of_the_time_line_opens_its_record(qtbot, window, page, book):
    with book.writing() as session:
        common = {"village": VILLAGE.code, "household_id": HOME}
        session.add(Visit(**common, visited_on=date(2018, 1, 1), visitors="甲"))
        session.add_all(
            SmallLoan(**common, id=id, bank="农商行", issued_on=date(2017, 1, day))
            for id, day in (("one", 1), ("two", 2))
        )
        session.flush()
        session.add(LoanRepayment(village=VILLAGE.code, loan_id="one", paid_on=date(2019, 1, 1), principal=5000))
    field = page.current_part.editor.form.findChild(QLineEdit, "address")
    field.setFocus()
    press_shortcut(qtbot, field, "Alt+S")
    wait_until_idle(qtbot, window)
    part = page.current_part
    shown = [[part.table.cell_text(id, key) for key in ("day", "event")] for id in part.table.visible_ids()]
    assert shown[:2] == [["2019-01-01", "还款"], ["2018-01-01", "走访"]]
    part.kind_box.setCurrentIndex(part.kind_box.findText("走访记录（1）"))
    assert [part.table.cell_text(id, "text") for id in part.table.visible_ids()] == ["甲"]
    part.kind_box.setCurrentIndex(0)
    part.table.set_current_id(part.table.visible_ids()[0])
    qtbot.keyClick(part.table, Qt.Key.Key_Return)
    wait_until_idle(qtbot, window)
    assert (page.current_part.TITLE, page.current_part.editor.record_id) == ("扶贫小额信贷", "one")
    assert page.current_part.isAncestorOf(QApplication.focusWidget())


@pytest.mark.parametrize("record", [Photo, Inspection, FormEntry])
def test_parts_point_at_the_record_that_was_asked_for(qtbot, window, page, book, record):
    with book.writing() as session:
        add_full_household(session, number=9)
    home, lines = Household.id_of(f"{VILLAGE.code}009"), {}
    with book.reading() as session:
        for row in session.scalars(select(record).where(record.household_id == home, ~record.withdrawn)):
            lines[row.id] = row.round_id if isinstance(row, Inspection) else row.id  # a round is one line
    shown = {}
    for id in lines:
        window.open("household", household=home, at=(record.__tablename__, id, ""))
        wait_until_idle(qtbot, window)
        part = page.current_part
        records = {"photo": "photo_list", "inspection": "table", "form_entry": "pane"}[part.TABLE]
        shown[id] = getattr(getattr(part, records), "table", getattr(part, records)).current_id()
    assert shown == lines


def index_of(qtbot, registers):
    """An index with so many registers beside two other parts."""
    parts = {"basic": ("", "基本信息", "1"), "photos": ("检查与档案", "照片", "9")}
    parts |= {f"register_{n}": ("台账", f"第{n}种", f"T, 1, {n}") for n in range(registers)}
    index = PartIndex(
        {
            name: type("Part", (HouseholdPart,), {"GROUP": group, "TITLE": title, "KEY": key})
            for name, (group, title, key) in parts.items()
        }
    )
    qtbot.addWidget(index)
    index.mark("basic")
    index.show()
    return index


def lines_of(index):
    return [index.item(n).text() for n in range(index.count()) if not index.item(n).isHidden()]


def test_registers_without_rows_are_one_line_where_they_are_many(qtbot):
    index = index_of(qtbot, 9)
    index.set_counts({"register_3": PartCount("2")})
    assert lines_of(index) == ["基本信息", "台账", "第3种", "无记录的 8 种…", "检查与档案", "照片"]
    index.mark("register_7")  # by its key
    assert lines_of(index) == ["基本信息", "台账", "第3种", "第7种", "无记录的 7 种…", "检查与档案", "照片"]
    assert [index.neighbour(-1), index.neighbour(1)] == ["register_3", "photos"]
    opened = []
    index.part_selected.connect(opened.append)
    qtbot.keyClick(index, Qt.Key.Key_Down)
    assert index.currentItem().text() == "无记录的 7 种…"
    qtbot.keyClick(index, Qt.Key.Key_Return)
    assert lines_of(index)[2:11] == [f"第{n}种" for n in range(9)]
    assert opened == []
    line = next(index.item(n) for n in range(index.count()) if index.item(n).text() == "收起无记录的")
    qtbot.mouseClick(index.viewport(), Qt.MouseButton.LeftButton, pos=index.visualItemRect(line).center())
    assert "第0种" not in lines_of(index)


def test_a_few_empty_registers_are_not_folded(qtbot):
    assert lines_of(index_of(qtbot, 6))[1:8] == ["台账", *(f"第{n}种" for n in range(6))]
