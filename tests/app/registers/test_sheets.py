"""A register goes out as a sheet and comes back: only what a person changed in Excel is taken."""

import csv
import json
from collections.abc import Callable, Iterator
from datetime import date, datetime
from decimal import Decimal
from pathlib import Path
from typing import Any

import openpyxl
import pytest
from sqlalchemy import select

from app.errors import UserError
from app.progress import run_to_completion
from app.registers import get_register
from app.registers.engine.rows import RowQuery, load_rows, row_ids
from app.sheets.errors import NoHeaderRow, StalePreview
from app.sheets.register_export import write_register
from app.sheets.register_import import apply_import, preview, take_sheet_values
from app.sheets.register_preview import RegisterPreview
from app.workbook.workbook import Workbook
from db.schema.finance import LoanRepayment, SmallLoan
from db.schema.household import Household, Member
from tests import builders

LOANS = get_register("small_loan")
_VILLAGE = builders.VILLAGE.code


def _household_id(number: int) -> str:
    return Household.id_of(f"{_VILLAGE}{number:03}")


@pytest.fixture
def book(tmp_path: Path) -> Iterator[Workbook]:
    opened = builders.workbook(tmp_path)
    with opened.writing() as session:
        for number, group in ((1, "上屋组"), (2, "下屋组"), (3, "下屋组")):
            builders.household(session, number=number, group_name=group)
        heads = session.scalars(select(Member).where(Member.relation == "户主").order_by(Member.person_no))
        for head, name in zip(heads, ("陈卫国", "柳大山", "王桂花"), strict=True):
            head.name = name
        for number, amount in ((1, 30000), (2, 50000)):
            session.add(
                SmallLoan(
                    id=f"loan{number}", village=_VILLAGE, household_id=_household_id(number), bank="农商行",
                    amount=amount, purpose="养殖业", issued_on=date(2018, 3, number), due_on=date(2021, 3, number),
                )
            )  # fmt: skip
        session.add(
            LoanRepayment(id="paid", village=_VILLAGE, loan_id="loan1", paid_on=date(2019, 3, 1), principal=5000)
        )
    yield opened
    opened.close()


def _export(book: Workbook, out: Path) -> Path:
    with book.reading() as session:
        ids = row_ids(session, LOANS)
    run_to_completion(write_register(book, LOANS, ids, out))
    return out


def _edit(path: Path, change: Callable[[Any], None]) -> Path:
    """What an officer does in Excel."""
    excel = openpyxl.load_workbook(path)
    change(excel)
    excel.save(path)
    return path


def _column(sheet: Any, header: str, row: int = 2) -> int:
    return next(cell.column for cell in sheet[row] if cell.value == header)


def _preview(book: Workbook, path: Path) -> RegisterPreview:
    return run_to_completion(preview(book, path))


def _foreign(path: Path, *rows: tuple[object, ...], title: str = "") -> Path:
    excel = openpyxl.Workbook()
    sheet = excel.active
    for row in ((title,), *rows) if title else rows:
        sheet.append(row)
    excel.save(path)
    return path


def test_a_list_goes_out_with_title_headings_and_drop_downs(book: Workbook, tmp_path: Path) -> None:
    excel = openpyxl.load_workbook(_export(book, tmp_path / "台账.xlsx"))
    sheet = excel["扶贫小额信贷"]
    assert str(sheet["A1"].value).startswith("扶贫小额信贷（")
    assert [cell.value for cell in sheet[2]][:6] == ["户编号", "户主", "村民组", "借款人", "贷款银行", "借款合同号"]
    assert sheet.cell(3, _column(sheet, "贷款余额（元）")).value == 25000
    assert sheet.cell(3, _column(sheet, "放款日期")).value.date() == date(2018, 3, 1)
    assert sheet.cell(3, 1).number_format == "@"
    assert {rule.errorTitle for rule in sheet.data_validations.dataValidation} >= {"贷款用途", "贴息方式", "贷款金额"}
    assert sheet.cell(3, _column(sheet, "进度")).value == "待结清（超期）"
    assert sheet.column_dimensions["T"].hidden
    assert excel["_hudang"].sheet_state == "veryHidden"
    assert [cell.value for cell in excel["还款记录"][3]][3:6] == ["农商行 2018-03-01", datetime(2019, 3, 1), 5000]
    with book.reading() as session:
        assert load_rows(session, LOANS, ["loan1"])[0].values["balance"] == Decimal(25000)


def test_a_list_that_nobody_touched_changes_nothing(book: Workbook, tmp_path: Path) -> None:
    shown = _preview(book, _export(book, tmp_path / "台账.xlsx"))
    assert shown.counts() == {
        "new": 0, "changed": 0, "unchanged": 3, "conflicts": 0, "duplicates": 0, "refused": 0, "remarks": 0,
    }  # fmt: skip
    assert run_to_completion(apply_import(book, shown)) == 0


def test_only_the_cells_that_were_changed_in_excel_are_taken(book: Workbook, tmp_path: Path) -> None:
    def change(excel: Any) -> None:
        sheet = excel["扶贫小额信贷"]
        sheet.cell(3, _column(sheet, "贷款银行")).value = "邮储银行"
        sheet.cell(4, _column(sheet, "贷款用途")).value = "种植"
        sheet.cell(4, _column(sheet, "贷款金额（元）")).value = 40000
        sheet.cell(4, _column(sheet, "备注")).value = "已核对"
        sheet.cell(3, _column(sheet, "贷款余额（元）")).value = 1  # worked out: passed over

    path = _edit(_export(book, tmp_path / "台账.xlsx"), change)
    with book.writing() as session:  # a colleague wrote meanwhile, other cells and the same one
        session.get_one(SmallLoan, "loan1").note = "展期申请中"
        session.get_one(SmallLoan, "loan2").purpose = "商贸流通"
        session.get_one(SmallLoan, "loan2").amount = 45000
    shown = _preview(book, path)
    assert [(row.id, row.after) for row in shown.to_write()] == [
        ("loan1", {"bank": "邮储银行"}), ("loan2", {"note": "已核对"}),
    ]  # fmt: skip
    assert {(one.label, one.left, one.here, one.there) for one in shown.conflicts} == {
        ("贷款用途", "养殖业", "商贸流通", "种植业"), ("贷款金额", "50,000.00", "45,000.00", "40,000.00"),
    }  # fmt: skip
    assert all(conflict.cell.endswith("4") for conflict in shown.conflicts)
    assert run_to_completion(apply_import(book, take_sheet_values(shown, shown.conflicts))) == 2
    with book.reading() as session:
        first, second = (session.get_one(SmallLoan, id) for id in ("loan1", "loan2"))
        assert (first.bank, first.note) == ("邮储银行", "展期申请中")
        assert (second.purpose, second.amount, second.note) == ("种植业", 40000, "已核对")
    assert _preview(book, path).to_write() == []


def test_a_number_in_a_remark_leaves_masked_and_is_not_written_over(book: Workbook, tmp_path: Path) -> None:
    with book.writing() as session:
        session.get_one(SmallLoan, "loan1").note = "催收电话13856430011"
        session.get_one(SmallLoan, "loan2").note = "联系13856430022"

    def change(excel: Any) -> None:
        sheet = excel["扶贫小额信贷"]
        notes = [sheet.cell(row, _column(sheet, "备注")) for row in (3, 4)]
        assert [note.value for note in notes] == ["催收电话138****0011", "联系138****0022"]
        notes[0].value = "催收电话138****0011，已还"
        notes[1].value = "不用再联系"

    shown = _preview(book, _edit(_export(book, tmp_path / "台账.xlsx"), change))
    assert [(row.id, row.after) for row in shown.to_write()] == [("loan2", {"note": "不用再联系"})]
    assert "带星号" in str(shown.remarks)


def test_rows_are_known_by_their_id_when_they_were_sorted_and_cleared(book: Workbook, tmp_path: Path) -> None:
    def change(excel: Any) -> None:
        sheet = excel["扶贫小额信贷"]
        first, second = ([cell.value for cell in sheet[row]] for row in (3, 4))
        for column, (one, other) in enumerate(zip(first, second, strict=True), 1):
            sheet.cell(3, column).value, sheet.cell(4, column).value = other, one
        sheet.cell(4, _column(sheet, "到期日期")).value = None
        sheet.cell(4, _column(sheet, "户主")).value = "王五"

    shown = _preview(book, _edit(_export(book, tmp_path / "台账.xlsx"), change))
    assert [(row.id, row.after) for row in shown.to_write()] == []  # 到期日期 is required: it is not cleared
    assert [remark.text for remark in shown.remarks] == [
        "M4 单元格：请填写“到期日期”，未取", "“户主”改了，这一条属于谁没有改；要换请撤回后新建",
    ]  # fmt: skip


def test_a_repayment_of_another_day_is_a_new_one_where_the_ids_are_gone(book: Workbook, tmp_path: Path) -> None:
    def change(excel: Any) -> None:
        below = excel["还款记录"]
        below.cell(3, _column(below, "还款日期")).value = date(2019, 9, 1)
        below.delete_cols(_column(below, "记录编号"))

    shown = _preview(book, _edit(_export(book, tmp_path / "台账.xlsx"), change))
    (row,) = shown.to_write()
    assert (row.state, row.after["paid_on"]) == ("new", date(2019, 9, 1))
    assert ["表里没有的“还款记录”1 条" in remark.text for remark in shown.remarks] == [True]


def test_a_new_row_and_a_new_repayment_are_added(book: Workbook, tmp_path: Path) -> None:
    def change(excel: Any) -> None:
        sheet = excel["扶贫小额信贷"]
        for header, value in (
            ("户编号", f"{_VILLAGE}003"), ("借款人", "王桂花"), ("贷款银行", "农商行"), ("贷款金额（元）", 20000),
            ("贷款用途", "种植业"), ("放款日期", date(2018, 5, 1)), ("到期日期", "2020年5月1日"),
        ):  # fmt: skip
            sheet.cell(5, _column(sheet, header)).value = value
        below = excel["还款记录"]
        below.cell(4, _column(below, "户主")).value = "柳大山"
        below.cell(4, _column(below, "还款日期")).value = date(2019, 1, 1)
        below.cell(4, _column(below, "偿还本金（元）")).value = 50000

    shown = _preview(book, _edit(_export(book, tmp_path / "台账.xlsx"), change))
    assert (shown.counts()["new"], shown.refused) == (2, ())
    run_to_completion(apply_import(book, shown))
    with book.reading() as session:
        loan = session.scalars(select(SmallLoan).where(SmallLoan.amount == 20000)).one()
        assert loan.id == SmallLoan.id_of(_household_id(3), date(2018, 5, 1))
        assert session.get_one(Member, loan.member_id or "").name == "王桂花"
        assert load_rows(session, LOANS, ["loan2"])[0].values["balance"] == 0


def test_a_foreign_list_is_read_by_what_offices_call_the_columns(book: Workbook, tmp_path: Path) -> None:
    path = _foreign(
        tmp_path / "银行.xlsx",
        ("序号", "户主姓名", "村民组", "承贷银行", "贷款金额（万元）", "用途", "贷款日期", "贷款到期日", "经办人"),
        (1, "陈卫国", "上屋组", "农商行", 3, "养殖", "2018.3.1", "2021-03-01", "张三"),
        (2, "柳大山", "", "农商行", 5, "养殖", "2018-03-02", "2022-03-02", ""),
        (3, "王桂花", "", "农商行", "4.5", "种植", "2018/6/1", "2020-06-01", "李四"),
        (4, "王桂花", "", "农商行", 4.5, "种植", "2018/6/1", "2020-06-01", ""),
        (5, "没有这人", "", "农商行", 5, "养殖", "2018-03-02", "2022-03-02", ""),
        (6, "陈卫国", "", "农商行", 9, "养殖", "2018-09-02", "2022-03-02", ""),
        ("合计", "", "", "", 12.5, "", "", "", ""),
        title="2018年扶贫小额信贷明细",
    )
    shown = _preview(book, path)
    assert shown.register == "small_loan"
    assert [(row.state, row.after) for row in shown.to_write()] == [
        ("changed", {"due_on": date(2022, 3, 2)}),
        ("new", {
            "household_id": _household_id(3), "bank": "农商行", "amount": Decimal(45000), "purpose": "种植业",
            "issued_on": date(2018, 6, 1), "due_on": date(2020, 6, 1),
        }),
    ]  # fmt: skip
    assert [(one.row, one.of) for one in shown.duplicates] == [(3, "本工作簿里已有的一条"), (6, "本表第 5 行")]
    assert [str(one) for one in shown.refused] == [
        "“Sheet”第 7 行：“没有这人”在本工作簿里没有，请核对，或先登记。",
        "“Sheet”第 8 行（E8）：“贷款金额”应在 0 到 50000元 之间，现在是 90000。",
    ]
    assert [remark.text[:26] for remark in shown.remarks] == [
        "这一行是合计、说明或重复的表头，没有收：合计 | 1",
        "“经办人”列不是台账的栏目，2 格内容没有取",
    ]
    assert [text for _, _, text in shown.remarks[1].cells] == ["张三", "李四"]
    run_to_completion(apply_import(book, shown))
    again = _preview(book, path)
    assert (again.to_write(), len(again.refused)) == ([], 2)  # the same list a second time changes nothing


def test_what_cannot_be_read_is_refused_with_a_sentence(book: Workbook, tmp_path: Path) -> None:
    with pytest.raises(NoHeaderRow, match="没有认出哪一种台账的表头"):
        _preview(book, _foreign(tmp_path / "别的.xlsx", ("甲", "乙"), ("1", "2")))
    path = _export(book, tmp_path / "台账.xlsx")
    shown = _preview(book, _edit(path, lambda excel: excel["扶贫小额信贷"].cell(3, 5, "邮储银行")))
    with book.writing() as session:
        session.get_one(SmallLoan, "loan1").note = "后来又写了一句"
    with pytest.raises(StalePreview, match="请重新预览"):
        run_to_completion(apply_import(book, shown))
    with book.writing() as session:
        session.get_one(SmallLoan, "loan1").withdrawn = True
    assert "已在本工作簿里撤回" in str(_preview(book, path).refused[0])
    with pytest.raises(UserError, match="的格式写不了"):
        _export(book, tmp_path / "台账.docx")


def test_a_list_goes_out_as_csv_and_json(book: Workbook, tmp_path: Path) -> None:
    lines = list(csv.DictReader(_export(book, tmp_path / "a.csv").read_text(encoding="utf-8-sig").splitlines()))
    assert (lines[0]["户主"], lines[0]["贷款金额（元）"], lines[1]["记录编号"]) == ("陈卫国", "30000.00", "loan2")
    listed = json.loads(_export(book, tmp_path / "a.json").read_text(encoding="utf-8"))
    assert listed[0]["balance"] == "25000.00"
    assert listed[0]["loan_repayment"][0]["principal"] == "5000.00"
    assert (listed[0]["state"], listed[0]["about"], listed[0]["due_on"]) == ("待结清", "陈卫国（上屋组）", "2021-03-01")
    run_to_completion(write_register(book, LOANS, [], tmp_path / "空表.xlsx"))
    with book.reading() as session:
        assert row_ids(session, LOANS, RowQuery(text="没有的")) == []
    assert openpyxl.load_workbook(tmp_path / "空表.xlsx")["扶贫小额信贷"].max_row == 2
