"""Sheets of a register that nobody made with this program, and what our own look like in Excel."""

import csv
from collections.abc import Iterator
from datetime import date
from pathlib import Path

import openpyxl
import pytest
from sqlalchemy import select

from app.progress import run_to_completion
from app.registers import get_register
from app.registers.engine.rows import row_ids
from app.sheets.register_export import write_register
from app.sheets.register_import import apply_import, preview
from app.sheets.register_preview import RegisterPreview
from app.sheets.sheet import HIDDEN_SHEET
from app.workbook.workbook import Workbook
from db.schema.aid import Helper
from db.schema.finance import SmallLoan
from db.schema.household import Household, Member
from db.schema.rectification import Rectification
from tests import builders

LOANS = get_register("small_loan")
VILLAGE = builders.VILLAGE.code
HEADERS = ("户编号", "户主", "村民组", "贷款银行", "贷款金额（元）", "放款日期", "到期日期", "贷款用途")


def household_id(number: int) -> str:
    return Household.id_of(f"{VILLAGE}{number:03}")


@pytest.fixture
def book(tmp_path: Path) -> Iterator[Workbook]:
    """Three households; the heads of the first and the third are namesakes in different groups."""
    opened = builders.workbook(tmp_path)
    with opened.writing() as session:
        for number, group, head in ((1, "上屋组", "陈卫国"), (2, "上屋组", "柳大山"), (3, "下屋组", "陈卫国")):
            builders.household(session, members=2, number=number, group_name=group)
            session.get_one(Member, Member.id_of(f"{VILLAGE}{number:03}01")).name = head
    yield opened
    opened.close()


def sheet(folder: Path, *rows: tuple[object, ...], headers: tuple[object, ...] = HEADERS) -> Path:
    excel = openpyxl.Workbook()
    for row in (headers, *rows):
        excel.active.append(row)
    excel.save(folder / "贷款.xlsx")
    return folder / "贷款.xlsx"


def loan(number: object = f"{VILLAGE}002", head: object = "柳大山", group: object = None, **cells: object) -> tuple:
    values = {
        "bank": "农商行",
        "amount": 30000,
        "issued": date(2018, 3, 1),
        "due": date(2021, 3, 1),
        "purpose": "养殖业",
    } | cells
    return (number, head, group, *values.values())


def shown(book: Workbook, path: Path) -> RegisterPreview:
    return run_to_completion(preview(book, path, LOANS))


def owners(book: Workbook, path: Path) -> list[str | None]:
    """The households of the loans that a sheet brings."""
    run_to_completion(apply_import(book, shown(book, path)))
    with book.reading() as session:
        return list(session.scalars(select(SmallLoan.household_id)))


def test_the_heading_of_our_own_sheet_stays_in_sight(book: Workbook, tmp_path: Path) -> None:
    run_to_completion(write_register(book, LOANS, [], tmp_path / "台账.xlsx"))
    assert openpyxl.load_workbook(tmp_path / "台账.xlsx").worksheets[0].freeze_panes == "A3"


def test_a_text_file_holds_no_formula_and_leaves_numbers_alone(book: Workbook, tmp_path: Path) -> None:
    with book.writing() as session:
        session.add(
            SmallLoan(
                village=VILLAGE, household_id=household_id(1), bank="=HYPERLINK(1)", contract_no="-12", note="+1+1",
                amount=30000, issued_on=date(2018, 3, 1), due_on=date(2021, 3, 1),
            )
        )  # fmt: skip
    with book.reading() as session:
        ids = row_ids(session, LOANS)
    run_to_completion(write_register(book, LOANS, ids, tmp_path / "台账.csv"))
    with (tmp_path / "台账.csv").open(encoding="utf-8-sig", newline="") as file:
        (row,) = csv.DictReader(file)
    assert (row["贷款银行"], row["备注"], row["借款合同号"]) == ("'=HYPERLINK(1)", "'+1+1", "-12")


def test_a_heading_of_two_rows_is_read(book: Workbook, tmp_path: Path) -> None:
    path = sheet(
        tmp_path,
        (None, None, None, "贷款银行", "贷款金额（元）", "放款日期", "到期日期", "贷款用途"),
        loan(),
        headers=("户编号", "户主", "村民组", "贷款情况", None, None, None, None),
    )
    assert owners(book, path) == [household_id(2)]


def test_a_sheet_of_another_program_that_is_called_like_our_hidden_one_is_passed_over(
    book: Workbook, tmp_path: Path
) -> None:
    path = sheet(tmp_path, loan())
    excel = openpyxl.load_workbook(path)
    excel.create_sheet(HIDDEN_SHEET).append(["别的程序", "1"])
    excel.save(path)
    assert owners(book, path) == [household_id(2)]


def test_what_cannot_be_read_costs_the_row_only_where_it_must_be_there(book: Workbook, tmp_path: Path) -> None:
    headers = (*HEADERS, "贴息方式")
    path = sheet(
        tmp_path, (*loan(), "买彩票"), (*loan(f"{VILLAGE}001", "陈卫国", amount="很多"), "养殖业"), headers=headers
    )
    result = shown(book, path)
    assert [(row.state, row.after["bank"], "interest_paid_by" in row.after) for row in result.rows] == [
        ("new", "农商行", False)
    ]
    assert ["买彩票" in remark.text for remark in result.remarks] == [True]
    assert [(refused.row, "很多" in refused.reason) for refused in result.refused] == [(3, True)]


def test_a_head_is_known_by_name_and_group_where_there_is_no_number(book: Workbook, tmp_path: Path) -> None:
    assert owners(book, sheet(tmp_path, loan(None, "陈卫国", "下屋组"))) == [household_id(3)]


def test_the_group_is_only_asked_where_it_helps(book: Workbook, tmp_path: Path) -> None:
    assert owners(book, sheet(tmp_path, loan(None, "柳大山", "别的组"))) == [household_id(2)]


def test_namesakes_without_a_group_and_strangers_are_refused(book: Workbook, tmp_path: Path) -> None:
    with book.writing() as session:
        builders.household(session, members=1, number=4).withdrawn = True
    strangers = loan(None, "王不在"), loan(f"{VILLAGE}009", "柳大山"), loan(f"{VILLAGE}004", None)
    result = shown(book, sheet(tmp_path, loan(None, "陈卫国"), *strangers))
    assert [refused.row for refused in result.refused] == [2, 3, 4, 5]
    assert result.rows == ()


def test_a_helper_who_is_not_here_or_is_two_people_is_refused(book: Workbook, tmp_path: Path) -> None:
    training = get_register("officer_training")
    with book.writing() as session:
        for name, unit in (("赵干部", "县教育局"), ("赵干部", "县医院"), ("方志强", "县医院")):
            session.add(Helper(village=VILLAGE, name=name, unit=unit))
    rows = (("方志强", None), ("赵干部", "县医院"), ("赵干部", None), ("王不在", "县医院"), (None, None))
    headers = ("结对帮扶责任人姓名", "帮扶干部所在单位", "培训内容", "干部培训类别", "开始日期")
    path = sheet(tmp_path, *((*row, "村级议事", "系统操作培训", date(2018, 3, 1)) for row in rows), headers=headers)
    result = run_to_completion(preview(book, path, training))
    assert [row.state for row in result.rows] == ["new", "new"]
    assert [(refused.row, refused.reason.partition("，")[0]) for refused in result.refused] == [
        (4, "“赵干部”在本工作簿里有 2 个"), (5, "“王不在”在本工作簿里没有"), (6, "看不出是哪一位帮扶联系人"),
    ]  # fmt: skip


def test_a_head_is_known_by_the_whole_id_number_but_not_by_a_masked_one(book: Workbook, tmp_path: Path) -> None:
    with book.reading() as session:
        number = session.get_one(Member, Member.id_of(f"{VILLAGE}00301")).id_no or ""
    headers = (*HEADERS, "户主证件号码")
    assert owners(book, sheet(tmp_path, (*loan(None, "陈卫国"), number), headers=headers)) == [household_id(3)]
    masked = f"{number[:6]}********{number[-4:]}"
    result = shown(book, sheet(tmp_path, (*loan(None, "柳大山"), masked), headers=headers))
    assert (len(result.rows), result.refused) == (1, ())
    assert len(shown(book, sheet(tmp_path, (*loan(None, "陈卫国"), masked), headers=headers)).refused) == 1


def test_a_row_without_an_id_number_is_not_the_one_person_who_has_none(book: Workbook, tmp_path: Path) -> None:
    with book.writing() as session:
        session.get_one(Member, Member.id_of(f"{VILLAGE}00102")).id_no = None
    assert owners(book, sheet(tmp_path, loan(None, "柳大山"))) == [household_id(2)]


def test_problems_since_2016_come_in_as_an_inspector_listed_them(book: Workbook, tmp_path: Path) -> None:
    excel = openpyxl.Workbook()
    for row in (
        ("石桥村历年督查巡查问题整改台账",),
        (
            "序号", "编号", "户主姓名", "村民组", "具体问题", "来源", "督查单位", "交办时间", "拟整改措施", "完成时限",
            "整改完成情况", "整改完成时间", "销号时间",
        ),
        (
            1, "县督2016-7", "柳大山", "上屋组", "厕所没有门", "县级督查", "县扶贫办", "2016.5.3", "装门",
            "2016年5月20日", "已装", "2016/5/18", date(2016, 6, 1),
        ),
        (
            2, "省巡2017-15", "陈卫国", "下屋组", "收入账与实际不符", "省级巡查", "省巡查组", 20170810, "重算",
            "2017-09-10",
        ),
        (3, "市督2018-1", "王不在", "上屋组", "危房未改造", "市级督查", "市扶贫办", "2018.3.2"),
    ):  # fmt: skip
        excel.active.append(row)
    path = tmp_path / "历年问题.xlsx"
    excel.save(path)
    result = run_to_completion(preview(book, path, get_register("rectification")))
    assert [(one.row, "王不在" in one.reason) for one in result.refused] == [(5, True)]
    run_to_completion(apply_import(book, result))
    with book.reading() as session:
        stored = session.scalars(select(Rectification).order_by(Rectification.found_on)).all()
    assert [(one.household_id, one.number, one.found_on, one.due_on, one.done_on, one.closed_on) for one in stored] == [
        (household_id(2), "县督2016-7", date(2016, 5, 3), date(2016, 5, 20), date(2016, 5, 18), date(2016, 6, 1)),
        (household_id(3), "省巡2017-15", date(2017, 8, 10), date(2017, 9, 10), None, None),
    ]
    assert [one.problem for one in stored] == ["厕所没有门", "收入账与实际不符"]
