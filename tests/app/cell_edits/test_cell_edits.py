"""Texts for cells: what is taken, what is refused and why, and that each is one operation that can be undone."""

from datetime import date
from decimal import Decimal

import pytest
from PIL import Image
from sqlalchemy import select

from app.cell_edits.cell_edit import CellInput
from app.cell_edits.clipboard_block import block_html, block_text, parse_block, place_block
from app.cell_edits.column_source import copy_column, copy_last_year, set_column
from app.cell_edits.edit_planning import plan_edits
from app.cell_edits.edit_writing import apply_plan, edit_cells
from app.cell_edits.headed_block import has_heading, preview_headed_block
from app.cell_edits.list_cells import cell_texts, fill_down
from app.cell_edits.record_addition import apply_addition, plan_addition
from app.cell_edits.row_households import households_of_rows, ids_in_walking_order
from app.cell_edits.year_copy import plan_year_copy
from app.records.field import field
from app.records.income import income_account
from app.records.income_entry import open_income_year, save_entry
from app.records.photo import add_photo_to_all
from app.registers.engine.rows import RowQuery
from app.registers.lists import get_list
from app.sheets.errors import StalePreview
from app.workbook.operations import list_operations, undo
from db.schema.aid import Measure
from db.schema.household import Household, Member
from db.schema.income import IncomeYear
from db.schema.photo import Photo
from db.schema.work_task import TaskHousehold
from tests.builders import household, id_number, workbook

PEOPLE, ACCOUNTS = get_list("member"), get_list("income_year")


@pytest.fixture(scope="module")
def shared(tmp_path_factory):
    """A workbook with six households; each test looks at people of its own, or takes back what it did."""
    book = workbook(tmp_path_factory.mktemp("edits"))
    with book.writing() as session:
        for n in range(6):
            household(session, number=n + 1)
    yield book
    book.close()


def member(n: int, order: int = 1) -> str:
    return Member.id_of(f"340828100101{n:03}{order:02}")


def home(n: int) -> str:
    return Household.id_of(f"340828100101{n:03}")


def value(book, record, id, column):
    with book.reading() as session:
        return getattr(session.get(record, id), column)


def newest_operation(book):
    with book.reading() as session:
        return list_operations(session, limit=1)[0]


def finish(task):
    try:
        while True:
            next(task)
    except StopIteration as end:
        return end.value


def test_typed_cells_are_parsed_as_those_of_a_list_are(shared):
    edits = [
        CellInput(member(1), "joined_on", "20180810"),
        CellInput(member(1), "health", "健康"),
        CellInput(member(1), "work_income_month", "3,200"),
        CellInput(member(1), "name", ""),
        CellInput(member(1), "birth", "去年"),
        CellInput("gone", "name", "张三"),
    ]
    plan = edit_cells(shared, PEOPLE, edits, "填写")
    assert value(shared, Member, member(1), "joined_on") == date(2018, 8, 10)
    assert value(shared, Member, member(1), "work_income_month") == Decimal(3200)
    assert [refused.edit.column for refused in plan.refused] == ["name", "birth", "name"]
    assert "要填日期" in plan.refused[1].reason
    assert "陈卫国" in str(plan.refused[1])
    assert newest_operation(shared).title.startswith("填写人口：")


def test_a_new_id_number_brings_birth_and_sex(shared):
    number = id_number(date(1985, 3, 4), 7, male=False)
    edit_cells(shared, PEOPLE, [CellInput(member(2), "id_no", number)], "填写")
    assert value(shared, Member, member(2), "birth") == date(1985, 3, 4)
    assert value(shared, Member, member(2), "sex") == "女"


def test_a_mask_is_never_taken_for_a_number(shared):
    before = value(shared, Member, member(3), "id_no")
    own, other = f"{before[:6]}{'*' * 8}{before[-4:]}", "340888********9999"
    plan = edit_cells(shared, PEOPLE, [CellInput(member(3), "id_no", own)], "粘贴")
    assert (plan.changes, plan.refused) == ((), ())
    plan = edit_cells(shared, PEOPLE, [CellInput(member(3), "id_no", other)], "粘贴")
    assert "星号" in plan.refused[0].reason
    assert value(shared, Member, member(3), "id_no") == before


def test_what_is_worked_out_or_written_elsewhere_is_refused(shared):
    plan = edit_cells(shared, get_list("household"), [CellInput(home(1), "head", "张三")], "填写")
    assert plan.refused[0].reason == "由软件算出，不能改"
    plan = edit_cells(shared, PEOPLE, [CellInput(member(1, 2), "relation", "户主")], "填写")
    assert "变更户主" in plan.refused[0].reason


def test_two_records_never_come_to_be_the_same(shared):
    first, second = (open_income_year(shared, home(1), year, 3) for year in (2016, 2017))
    plan = edit_cells(shared, ACCOUNTS, [CellInput(second, "year", "2016")], "填写")
    assert plan.refused[0].reason == "与另一条记录重复"
    assert value(shared, IncomeYear, second, "year") == 2017
    assert first != second


def test_a_block_of_excel_is_placed_and_what_has_no_cell_is_told():
    block = parse_block('甲\t"两行\n的格"\r\n乙\t\r\n')
    assert block == (("甲", "两行\n的格"), ("乙", ""))
    assert parse_block(block_text(block)) == block
    assert "mso-number-format" in block_html(block)
    placed = place_block(block, ["a"], ["x"], (1, 1))
    assert [(edit.record_id, edit.column, edit.text) for edit in placed.edits] == [("a", "x", "甲")]
    assert placed.left_over == "名单到底了，最后 1 行没有地方；右边没有栏了，最后 1 栏没有地方"
    tiled = place_block((("是",),), ["a", "b", "c"], ["x", "y"], (3, 2))
    assert {(edit.record_id, edit.column) for edit in tiled.edits} == {(i, c) for i in "abc" for c in "xy"}


def test_a_preview_that_is_stale_writes_nothing(shared):
    with shared.reading() as session:
        plan = plan_edits(session, PEOPLE, [CellInput(member(4), "school_name", "二中")])
    edit_cells(shared, PEOPLE, [CellInput(member(4), "school_name", "三中")], "填写")
    with pytest.raises(StalePreview):
        apply_plan(shared, PEOPLE, plan, "粘贴")
    assert value(shared, Member, member(4), "school_name") == "三中"


def test_many_cells_are_one_operation_that_undo_takes_back_whole(shared):
    ids = [member(n) for n in range(1, 7)]
    with shared.reading() as session:
        plan = plan_edits(session, PEOPLE, set_column(ids, "school_name", "望江二中").edits)
    assert apply_plan(shared, PEOPLE, plan, "批量设置") == 6
    assert newest_operation(shared).title == "批量设置人口：学校名称，6 条"
    finish(undo(shared))
    assert value(shared, Member, member(6), "school_name") is None


def test_filling_down_takes_the_whole_number_and_shows_none(shared):
    with shared.reading() as session:
        placed = fill_down(session, PEOPLE, member(5), [member(5, 2)], ["id_no", "ethnic"])
        shown = cell_texts(session, PEOPLE, [member(5)], ["id_no"])
    assert placed.edits[0].text == value(shared, Member, member(5), "id_no")
    assert "*" in shown[0][0]


def test_an_item_of_income_is_a_column_of_the_accounts(shared):
    account = open_income_year(shared, home(2), 2018, 3)
    wages, dibao = "item:务工收入", "item:低保金"
    edit_cells(shared, ACCOUNTS, [CellInput(account, wages, "12000"), CellInput(account, dibao, "x")], "填写")
    with shared.reading() as session:
        assert [line.amount for line in income_account(session, account).lines] == [Decimal(12000)]
        assert cell_texts(session, ACCOUNTS, [account], [wages]) == [["12,000.00"]]
    edit_cells(shared, ACCOUNTS, [CellInput(account, wages, "")], "清空")
    edit_cells(shared, ACCOUNTS, [CellInput(account, wages, "9000")], "填写")  # the line that was withdrawn comes back
    save_entry(shared, account, "种植收入", "水稻", {"amount": Decimal(500)})
    plan = edit_cells(shared, ACCOUNTS, [CellInput(account, "item:种植收入", "700")], "填写")
    assert "明细" in plan.refused[0].reason
    with shared.reading() as session:
        assert income_account(session, account).total.net == Decimal(9500)


def test_a_block_with_headings_finds_its_records_itself(shared):
    text = "户编号\t户主\t年度\t系统纯收入\t核算人口\n340828100101003\t陈卫国\t2019\t8000\t3\n\t王五\t2019\t1\t1\n"
    assert has_heading(ACCOUNTS, text)
    assert not has_heading(ACCOUNTS, "8000\t3\n9000\t2\n")
    shown = finish(preview_headed_block(shared, ACCOUNTS, text))
    assert [row.after["reported_net"] for row in shown.to_write()] == [Decimal(8000)]
    assert "王五" in str(shown.refused[0])


def test_a_column_is_taken_from_another_and_from_last_year(shared):
    with shared.reading() as session:
        placed = copy_column(session, PEOPLE, [member(1), member(2)], "note", "school_name")
    assert placed.left_over.startswith("“学校名称”是空白的")
    before, now = (open_income_year(shared, home(4), year, 3) for year in (2018, 2019))
    edit_cells(shared, ACCOUNTS, [CellInput(before, "reported_net", "7000")], "填写")
    with shared.reading() as session:
        placed = copy_last_year(session, ACCOUNTS, [now, before], "reported_net")
    assert [(edit.record_id, edit.text) for edit in placed.edits] == [(now, "7,000.00")]
    assert placed.left_over == "上年没有填写的 1 条，没有改动"


def test_last_year_is_copied_with_its_lines_for_all_who_have_none(shared):
    for n in (5, 6):
        account = open_income_year(shared, home(n), 2020, 3)
        save_entry(shared, account, "务工收入", "", {"amount": Decimal(1000 * n)})
    open_income_year(shared, home(6), 2021, 2)
    with shared.reading() as session:
        plan = plan_year_copy(session, ACCOUNTS, 2021)
    assert (plan.count, plan.refused) == (1, ("2021 年已有的 1 户，没有改动",))
    apply_addition(shared, plan)
    copied = IncomeYear.id_of(home(5), 2021)
    with shared.reading() as session:
        account = income_account(session, copied)
        assert (account.total.net, account.total.people) == (Decimal(5000), 3)
    assert value(shared, IncomeYear, copied, "period_end").year == 2021
    finish(undo(shared))
    with shared.reading() as session:
        assert session.get(IncomeYear, copied).withdrawn


def test_a_record_is_added_for_all_and_what_is_there_is_refused_or_doubted(shared):
    measure, visit = get_list("measure"), get_list("visit")
    homes = [home(n) for n in range(1, 5)]
    values = {"title": "送种鸡", "kind": "产业帮扶", "year": 2026}
    for register, cells in ((measure, values), (visit, {"found": "安好", "visited_on": date(2020, 1, 2)})):
        with shared.reading() as session:
            first = plan_addition(session, register, homes[:1], cells, "王书记")
        apply_addition(shared, first)
    with shared.reading() as session:
        plan = plan_addition(session, measure, homes, values, "王书记")
        visits = plan_addition(session, visit, homes, {"found": "安好"}, "王书记")
        incomplete = plan_addition(session, measure, homes, {"title": "无类别"}, "王书记")
    assert (plan.count, len(plan.refused), len(incomplete.refused)) == (3, 1, 4)
    assert (visits.count, len(visits.doubts)) == (4, 1)
    apply_addition(shared, plan)
    with shared.reading() as session:
        kept = select(Measure.household_id).where(Measure.title == "送种鸡", ~Measure.withdrawn)
        assert sorted(session.scalars(kept)) == sorted(homes)
    assert newest_operation(shared).title == "批量新增帮扶措施，3 条"


def test_one_task_lists_all_households(shared):
    values = {"title": "入户宣讲", "list_kind": field("work_task", "list_kind").options[0].value}
    with shared.reading() as session:
        homes = households_of_rows(session, PEOPLE, [member(n) for n in (1, 2, 3)])
        plan = plan_addition(session, get_list("work_task"), homes, values, "王书记")
    assert plan.refused == ()
    apply_addition(shared, plan)
    with shared.reading() as session:
        assert sorted(session.scalars(select(TaskHousehold.household_id))) == sorted(home(n) for n in (1, 2, 3))


def test_a_photograph_is_added_to_all(shared, tmp_path):
    Image.new("RGB", (40, 30), "green").save(tmp_path / "院子.png")
    kind = field("photo", "kind").options[0].value
    assert add_photo_to_all(shared, [home(1), home(2)], tmp_path / "院子.png", kind, caption="门前") == 2
    with shared.reading() as session:
        found = session.scalars(select(Photo.household_id).where(Photo.caption == "门前"))
        assert sorted(found) == sorted([home(1), home(2)])
    assert newest_operation(shared).records == 2


def test_rows_stand_as_the_village_is_walked_through(shared):
    with shared.reading() as session:
        ids = ids_in_walking_order(session, get_list("household"), RowQuery())
    assert ids == [home(n) for n in range(1, 7)]
