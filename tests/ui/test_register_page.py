"""The page of a register, and its part of the household's page, as an officer uses them."""

from datetime import date, timedelta

import openpyxl
import pytest
from PySide6.QtCore import QMimeData, QPointF, Qt, QUrl
from PySide6.QtGui import QDropEvent, QGuiApplication
from PySide6.QtWidgets import QLineEdit
from sqlalchemy import func, select

from app.dashboard.household_counts import PartCount
from app.registers import get_register
from app.registers.engine.rows import RowQuery, count_rows
from db.schema.aid import Measure, Visit
from db.schema.finance import LoanRepayment, SmallLoan
from db.schema.household import Household
from db.schema.income import IncomeYear
from db.schema.monitoring import Monitoring
from db.schema.photo import Photo
from db.schema.project import VillageProject
from tests.app.records.test_attachment import pdf_file
from tests.builders import VILLAGE
from tests.ui.conftest import wait_until_idle
from tests.ui.keyboard import Keyboard, press_shortcut

HOMES = [Household.id_of(f"{VILLAGE.code}{n:03}") for n in (1, 2, 3)]


@pytest.fixture
def loans(book):
    """One past its day, one that is due in a year, one that is settled."""
    with book.writing() as session:
        for id, home, amount, due in (("late", 0, 30000, -5), ("running", 1, 50000, 365), ("settled", 2, 20000, 10)):
            session.add(
                SmallLoan(
                    id=id, village=VILLAGE.code, household_id=HOMES[home], bank="农商行", amount=amount,
                    purpose="养殖业", issued_on=date(2018, 1, 1), due_on=date.today() + timedelta(days=due),
                    repaid_on=date.today() if id == "settled" else None,
                )
            )  # fmt: skip


@pytest.fixture
def page(qtbot, window, loans):
    window.open("small_loan")
    wait_until_idle(qtbot, window)
    return window.page("small_loan")


def type_into(qtbot, page, name, text):
    line = page.editor.form.findChild(QLineEdit, name)
    line.setFocus()
    line.clear()
    qtbot.keyClicks(line, text)
    qtbot.keyClick(line, Qt.Key.Key_Tab)


def test_the_list_is_sorted_narrowed_and_summed(qtbot, window, page):
    assert page.table.visible_ids() == ["late", "running", "settled"]
    assert page.table.cell_text("late", "step") == "待结清（超期）"
    assert page.table.cell_text("running", "head") == "陈卫国"
    assert page.sums_label.text() == "共 3 条　贷款金额合计 100,000.00元　贷款余额合计 80,000.00元"
    page.filter_bar.overdue.setChecked(True)
    wait_until_idle(qtbot, window)
    assert page.table.visible_ids() == ["late"]
    press_shortcut(qtbot, page, "Ctrl+Shift+F")
    page.filter_bar.step_box.setCurrentText("已办结")
    wait_until_idle(qtbot, window)
    assert page.table.visible_ids() == ["settled"]
    page.filter_bar.reset()
    page.table.sortByColumn(
        [one.key for one in page.table.columns_shown()].index("amount"), Qt.SortOrder.AscendingOrder
    )
    wait_until_idle(qtbot, window)
    page.table.select_ids(["late", "settled"])
    wait_until_idle(qtbot, window)
    assert "选中 2 条　贷款金额合计 50,000.00元" in page.sums_label.text()


def test_a_field_is_saved_when_it_is_left_and_a_step_is_done_by_its_key(qtbot, window, page, book):
    page.table.set_current_id("late")
    wait_until_idle(qtbot, window)
    assert page.editor.heading.text().startswith("陈卫国（下屋组）　待结清，已超期 5 天")
    type_into(qtbot, page, "bank", "Postal Bank")
    wait_until_idle(qtbot, window)
    press_shortcut(qtbot, page, "Ctrl+Return")
    wait_until_idle(qtbot, window)
    with book.reading() as session:
        loan = session.get_one(SmallLoan, "late")
        assert (loan.bank, loan.repaid_on) == ("Postal Bank", date.today())
    assert page.editor.heading.text().startswith("陈卫国（下屋组）　已结清")
    press_shortcut(qtbot, page, "Ctrl+Return")
    wait_until_idle(qtbot, window)
    assert "没有下一步" in window.status_bar.messages[-1]
    press_shortcut(qtbot, window, "Ctrl+Z")
    wait_until_idle(qtbot, window)
    with book.reading() as session:
        assert session.get_one(SmallLoan, "late").repaid_on is None


def test_papers_are_attached_to_the_row_read_withdrawn_and_undone(qtbot, window, page, book, tmp_path):
    page.table.set_current_id("running")
    wait_until_idle(qtbot, window)
    pane = page.editor.attachments
    (tmp_path / "坏的.pdf").write_bytes(b"%PDF-1.7 no more")
    mime = QMimeData()
    files = (pdf_file(tmp_path / "借款合同.pdf", 2), tmp_path / "坏的.pdf")
    mime.setUrls([QUrl.fromLocalFile(str(path)) for path in files])
    no_keys = (Qt.MouseButton.LeftButton, Qt.KeyboardModifier.NoModifier)
    pane.dropEvent(QDropEvent(QPointF(5, 5), Qt.DropAction.CopyAction, mime, *no_keys))
    wait_until_idle(qtbot, window)
    assert window.status_bar.messages[-1].startswith("已添加 1 份附件。“坏的.pdf”不是能用的 PDF")
    (paper,) = pane.table.visible_ids()
    assert [pane.table.cell_text(paper, key) for key in ("title", "pages")] == ["借款合同", "2"]
    QGuiApplication.clipboard().setMimeData(mime)
    pane.paste()
    wait_until_idle(qtbot, window)
    assert "“借款合同”已经添加过" in window.status_bar.messages[-1]
    with book.reading() as session:
        photo = session.get_one(Photo, paper)
        assert (photo.about_table, photo.about_id, photo.household_id) == ("small_loan", "running", HOMES[1])
    pane.table.set_current_id(paper)
    qtbot.keyClick(pane.table, Qt.Key.Key_Return)
    wait_until_idle(qtbot, window)
    assert pane.reader.viewer.number_label.text() == "第 1 页，共 2 页"
    pane.reader.viewer.close()
    page.table.set_current_id("late")
    wait_until_idle(qtbot, window)
    assert pane.table.visible_ids() == []
    window.open("household", household=HOMES[1], part="small_loan", record="running")
    wait_until_idle(qtbot, window)
    part = window.page("household").current_part
    assert part.editor.attachments.table.visible_ids() == [paper]
    assert part.shortcut_buttons["Alt+L"].isEnabled()
    part.editor.attachments.withdraw_button.click()
    wait_until_idle(qtbot, window)
    assert part.editor.attachments.table.visible_ids() == []
    press_shortcut(qtbot, window, "Ctrl+Z")
    wait_until_idle(qtbot, window)
    assert "撤回附件：借款合同" in window.status_bar.messages[-1]
    assert part.editor.attachments.table.visible_ids() == [paper]


def test_days_out_of_order_are_said_beside_the_field_and_go_with_their_cause(qtbot, window, page, book):
    page.table.set_current_id("running")
    wait_until_idle(qtbot, window)
    type_into(qtbot, page, "repaid_on", "2017-12-31")
    wait_until_idle(qtbot, window)
    sentence = "日期前后不对：发放 2018-01-01，结清 2017-12-31。请核对。"
    assert page.editor.form.error_text("repaid_on") == sentence
    line = page.editor.form.findChild(QLineEdit, "repaid_on")
    assert line.property("refused") is not True  # it is saved all the same
    line.setFocus()
    qtbot.keyClick(line, Qt.Key.Key_Tab)
    assert page.editor.form.error_text("repaid_on") == sentence
    type_into(qtbot, page, "repaid_on", "2018-12-31")
    wait_until_idle(qtbot, window)
    assert page.editor.form.error_text("repaid_on") == ""
    with book.reading() as session:
        assert session.get_one(SmallLoan, "running").repaid_on == date(2018, 12, 31)


def test_long_sums_go_on_in_the_next_line_and_push_nothing_out(window, page):
    usual, figure = page.minimumSizeHint().width(), "计划资金合计 1,140,000.00元"
    page.sums_label.tell("　".join(["共 3 条", *[figure] * 6]))
    assert page.minimumSizeHint().width() == usual
    lines = page.sums_label.text().splitlines()
    assert len(lines) > 1
    assert "　".join(lines).count(figure) == 6


def click_row(qtbot, page, record_id):
    table = page.table
    place = table.visualRect(table.model().index(list(table.visible_ids()).index(record_id), 0)).center()
    qtbot.mouseClick(table.viewport(), Qt.MouseButton.LeftButton, pos=place)


def test_a_begun_row_may_be_left_and_a_refused_value_may_not(qtbot, window, page):
    page._start_for_household(HOMES[1])
    wait_until_idle(qtbot, window)
    type_into(qtbot, page, "bank", "Village Bank")
    wait_until_idle(qtbot, window)
    begun = page.table.current_id()
    assert page.editor.form.error_text("amount") == ""
    click_row(qtbot, page, "late")
    wait_until_idle(qtbot, window)
    assert page.editor.record_id == "late"
    type_into(qtbot, page, "amount", "some")
    click_row(qtbot, page, begun)
    wait_until_idle(qtbot, window)
    qtbot.waitUntil(lambda: page.table.selected_ids() == ["late"])
    assert (page.editor.record_id, page.table.current_id()) == ("late", "late")
    assert "按 Esc 恢复原值" in window.status_bar.messages[-1]


def test_the_next_row_is_current_when_one_was_withdrawn(qtbot, window, page, book):
    for withdrawn, current in (("running", "settled"), ("settled", "late")):
        page.table.set_current_id(withdrawn)
        wait_until_idle(qtbot, window)
        press_shortcut(qtbot, page, "Ctrl+Delete")
        wait_until_idle(qtbot, window)
        assert (page.table.current_id(), page.editor.record_id) == (current, current)
    with book.reading() as session:
        assert [session.get_one(SmallLoan, id).withdrawn for id in ("late", "running", "settled")] == [
            False,
            True,
            True,
        ]


def test_a_begun_row_is_put_aside_and_the_row_before_it_stays(qtbot, window, page, book):
    page.table.set_current_id("running")
    wait_until_idle(qtbot, window)
    page._start_for_household(HOMES[1])
    wait_until_idle(qtbot, window)
    press_shortcut(qtbot, page, "Ctrl+Return")
    assert "还没有保存" in window.status_bar.messages[-1]
    press_shortcut(qtbot, page, "Ctrl+Delete")
    wait_until_idle(qtbot, window)
    assert page.editor.record_id == "running"
    with book.reading() as session:
        assert session.scalars(select(SmallLoan.id).where(~SmallLoan.withdrawn).order_by(SmallLoan.id)).all() == [
            "late",
            "running",
            "settled",
        ]


def test_a_new_row_is_kept_from_the_first_thing_that_is_typed(qtbot, window, page, book):
    def count():
        with book.reading() as session:
            return session.scalar(select(func.count()).select_from(SmallLoan))

    page._start_for_household(HOMES[1])
    wait_until_idle(qtbot, window)
    assert page.editor.heading.text() == "新建：陈卫国（下屋组）"
    assert count() == 3
    type_into(qtbot, page, "bank", "Village Bank")
    wait_until_idle(qtbot, window)
    assert count() == 4
    type_into(qtbot, page, "contract_no", "2018-77")
    wait_until_idle(qtbot, window)
    assert count() == 4
    with book.reading() as session:
        loan = session.scalars(select(SmallLoan).where(SmallLoan.contract_no == "2018-77")).one()
        assert (loan.household_id, loan.bank) == (HOMES[1], "Village Bank")
    assert page.table.current_id() == page.editor.record_id


def test_a_sheet_goes_out_comes_back_and_is_shown_before_it_is_written(qtbot, window, page, book, tmp_path):
    page.export(tmp_path / "台账.xlsx")
    wait_until_idle(qtbot, window)
    excel = openpyxl.load_workbook(tmp_path / "台账.xlsx")
    sheet = excel.worksheets[0]
    note = next(cell.column for cell in sheet[2] if cell.value == "备注")
    sheet.cell(3, note).value = "已催收"
    excel.save(tmp_path / "台账.xlsx")
    page.import_file(tmp_path / "台账.xlsx")
    qtbot.waitUntil(lambda: page.dialog is not None and page.dialog.isVisible())
    assert page.dialog.lines.item(0).text().startswith("变更　“扶贫小额信贷”第 3 行")
    page.dialog.accept()
    wait_until_idle(qtbot, window)
    with book.reading() as session:
        assert session.get_one(SmallLoan, "late").note == "已催收"


def test_a_household_has_its_rows_with_their_count(qtbot, window, loans, book):
    window.open("household", household=HOMES[0], part="small_loan")
    wait_until_idle(qtbot, window)
    index, part = window.page("household").index, window.page("household").current_part
    assert index.count_of("small_loan") == PartCount("1", "bad", "扶贫小额信贷 1 条，其中 1 条超期")
    assert part.table.visible_ids() == ["late"]
    press_shortcut(qtbot, window.page("household"), "Alt+A")
    wait_until_idle(qtbot, window)
    type_into(qtbot, part, "bank", "Rural Bank")
    wait_until_idle(qtbot, window)
    with book.reading() as session:
        assert count_rows(session, get_register("small_loan"), RowQuery(household_id=HOMES[0])) == 2
    assert index.count_of("small_loan").text == "2"


def test_repayments_are_typed_below_a_loan(qtbot, window, page, book):
    page.table.set_current_id("running")
    wait_until_idle(qtbot, window)
    grid = page.editor.below_panes[0].grid
    assert grid.rowCount() == 1
    grid.item(0, 0).setText("2019年3月1日")
    wait_until_idle(qtbot, window)
    grid.item(0, 1).setText("5000")
    wait_until_idle(qtbot, window)
    grid.item(1, 1).setText("many")
    wait_until_idle(qtbot, window)
    assert "要填数字" in window.status_bar.messages[-1]
    with book.reading() as session:
        paid = session.scalars(select(LoanRepayment)).one()
        assert (paid.loan_id, paid.paid_on, paid.principal) == ("running", date(2019, 3, 1), 5000)
    assert page.table.cell_text("running", "balance") == "45,000.00"
    grid.setCurrentCell(0, 0)
    grid.remove_row()
    wait_until_idle(qtbot, window)
    assert grid.rowCount() == 1


def test_ctrl_delete_in_a_grid_withdraws_the_row_and_leaves_the_record(qtbot, window, page, book):
    page.table.set_current_id("running")
    wait_until_idle(qtbot, window)
    grid = page.editor.below_panes[0].grid
    grid.item(0, 0).setText("2019年3月1日")
    wait_until_idle(qtbot, window)
    grid.setFocus()
    grid.setCurrentCell(0, 0)
    press_shortcut(qtbot, grid, "Ctrl+Delete")
    wait_until_idle(qtbot, window)
    with book.reading() as session:
        assert session.get_one(SmallLoan, "running").withdrawn is False
        assert session.scalars(select(LoanRepayment)).one().withdrawn is True
    assert grid.rowCount() == 1


def test_households_are_listed_below_a_project(qtbot, window, book):
    with book.writing() as session:
        session.add(VillageProject(id="road", village=VILLAGE.code, name="道路", kind="产业发展"))
    window.open("village_project")
    wait_until_idle(qtbot, window)
    page = window.page("village_project")
    money, benefits = page.editor.below_panes
    for _ in range(2):  # those that are there are not listed twice
        benefits.add_listed(HOMES[:2])
        wait_until_idle(qtbot, window)
    assert [benefits.grid.item(n, 0).text() for n in range(2)] == ["陈卫国（下屋组）"] * 2
    assert (benefits.grid.rowCount(), money.grid.rowCount()) == (3, 1)
    with book.reading() as session:
        assert count_rows(session, get_register("village_project"), RowQuery(household_id=HOMES[1])) == 1


def test_what_is_due_stands_on_the_first_page_and_leads_to_its_row(qtbot, window, loans):
    window.open("today")
    wait_until_idle(qtbot, window)
    today = window.page("today")
    assert today.todo_table.cell_text("due_small_loan", "what") == "办理扶贫小额信贷"
    assert today.todo_table.cell_text("due_small_loan", "detail") == "陈卫国（下屋组）：结清，已超期 5 天"
    today.todo_table.row_activated.emit("due_small_loan")
    wait_until_idle(qtbot, window)
    assert (window.current, window.page("small_loan").table.current_id()) == ("small_loan", "late")


def test_what_is_found_leads_to_its_field(qtbot, window, loans):
    window.open("household", household=HOMES[0], at=("small_loan", "late", "bank"))
    wait_until_idle(qtbot, window)
    part = window.page("household").current_part
    assert part.TITLE == "扶贫小额信贷"
    assert part.editor.record_id == "late"


def test_a_line_that_is_missing_is_entered_from_the_list_of_things_to_do(qtbot, window, book):
    with book.writing() as session:
        row = IncomeYear(village=VILLAGE.code, household_id=HOMES[0], year=2025, people=3)
        row.reported_net, row.reported_per_head = 15000, 5000
        session.add(row)
    window.open("today")
    wait_until_idle(qtbot, window)
    today = window.page("today")
    assert today.figure_labels["below_line"].text() == "标准未录入"
    today.todo_table.set_current_id("line_2025")
    qtbot.keyClick(today.todo_table, Qt.Key.Key_Return)
    wait_until_idle(qtbot, window)
    page = window.page("county")
    grid = page.grid
    assert grid.item(grid.currentRow(), 0).text() == "2025"
    assert grid.horizontalHeaderItem(grid.currentColumn()).text() == "监测范围"
    keys = Keyboard(qtbot, window)
    keys.press("F2", "Ctrl+A")
    keys.type("8500")
    keys.press("Return")
    press_shortcut(qtbot, page, "Ctrl+S")
    wait_until_idle(qtbot, window)
    qtbot.keyClick(page.dialog.buttons.accept_button, Qt.Key.Key_Return)
    wait_until_idle(qtbot, window)
    window.open("today")
    wait_until_idle(qtbot, window)
    assert today.figure_labels["below_line"].text() == "1 户"


def test_a_household_that_is_monitored_again_follows_its_former_record(qtbot, window, book):
    with book.writing() as session:
        values = {"kind": "边缘易致贫户", "identified": "2022-03", "removed": "2023-05", "removal_way": "帮扶消除"}
        session.add(Monitoring(id="former", village=VILLAGE.code, household_id=HOMES[0], **values))
    window.open("household", household=HOMES[0], part="monitoring")
    wait_until_idle(qtbot, window)
    part = window.page("household").current_part
    part.add_record()
    wait_until_idle(qtbot, window)
    assert part.editor.draft.values["return_of_id"] == "former"


def test_loans_among_the_measures_are_taken_over_by_a_key(qtbot, window, page, book):
    with book.writing() as session:
        session.add(
            Measure(
                id="measure", village=VILLAGE.code, household_id=HOMES[0], kind="扶贫小额信贷", title="户贷户用",
                amount=20000, started_on=date(2017, 1, 1),
            )
        )  # fmt: skip
    for _ in range(2):
        press_shortcut(qtbot, page, "Ctrl+M")
        wait_until_idle(qtbot, window)
    assert "帮扶措施里的贷款都已经在这里" in window.status_bar.messages[-1]
    assert len(page.table.visible_ids()) == 4


def test_a_visit_s_finding_becomes_a_problem_by_one_key(qtbot, window, book):
    with book.writing() as session:
        home = session.scalars(select(Household.id)).first()
        visit = {"household_id": home, "visited_on": date(2018, 5, 2), "visitors": "徐静", "asked_for": "屋顶漏雨"}
        session.add(Visit(id="asked", village=VILLAGE.code, **visit))
    window.open("visit", record="asked")
    wait_until_idle(qtbot, window)
    press_shortcut(qtbot, window.page("visit"), "Ctrl+J")
    wait_until_idle(qtbot, window)
    assert window.current == "rectification"
    assert window.page("rectification").editor.draft.values["problem"] == "屋顶漏雨"
    window.open("household", household=home, part="visits")
    wait_until_idle(qtbot, window)
    press_shortcut(qtbot, window.page("household"), "Alt+M")
    wait_until_idle(qtbot, window)
    assert window.page("work_task").editor.draft.values["title"] == "屋顶漏雨"
