"""Lists as offices really have them: each comes in right, or what is doubtful is named; nothing vanishes."""

from collections.abc import Sequence
from contextlib import closing
from datetime import date, datetime
from decimal import Decimal
from pathlib import Path
from typing import Any

import openpyxl
import pytest
from openpyxl.styles import Font
from sqlalchemy import select

from app.progress import run_to_completion
from app.records.field import field
from app.registers.lists import get_list
from app.sheets.errors import WrittenListFound
from app.sheets.import_choices import ColumnChoice, SheetChoices, remember
from app.sheets.import_preview import ImportPreview
from app.sheets.register_export import write_register
from app.sheets.row_selection import RowChoices
from app.sheets.writer import write_list
from app.workbook.access import unlock
from app.workbook.backup import backup
from app.workbook.workbook import Workbook
from db.schema.aid import Assignment, Helper
from db.schema.household import Household, LivingCondition, Member
from db.schema.income import IncomeLine, IncomeYear
from tests import builders
from tests.app.sheets.sheet_files import VILLAGE, import_file, person, preview_file, table, without_mark, xlsx

NO = [f"{VILLAGE}{number:03}" for number in range(10)]
ID = [builders.id_number(order=number) for number in range(20)]
HEAD, HEAD_CELLS = ("户编号", "户主姓名", "户主证件号码"), (NO[1], "陈卫国", ID[1])


def rows(book: Workbook, model: Any) -> list[Any]:
    with book.reading() as session:
        return list(session.scalars(select(model).order_by(model.id)))


def people(book: Workbook) -> dict[str, Member]:
    return {str(one.name): one for one in rows(book, Member)}


def texts(result: ImportPreview) -> str:
    return "\n".join(one.text for one in result.remarks)


def household(book: Workbook, number: str = NO[1]) -> Household:
    return next(one for one in rows(book, Household) if one.household_no == number)


def sheet(folder: Path, *cells: Sequence[Any], merged: Sequence[str] = (), name: str = "名册.xlsx") -> Path:
    """An .xlsx of these rows, as they are."""
    path = xlsx(folder / name, cells, title="")
    opened = openpyxl.load_workbook(path)
    for area in merged:
        opened.active.merge_cells(area)
    opened.save(path)
    return path


# who is who


def test_the_people_of_a_list_are_not_called_by_their_head(book: Workbook, tmp_path: Path) -> None:
    path = sheet(
        tmp_path,
        ["户主", "姓名", "身份证号", "与户主关系", "民族"],
        ["陈卫国", "陈卫国", ID[1], "户主", "汉族"],
        ["陈卫国", "李秀英", ID[2], "配偶", "汉族"],
        ["王大山", "王大山", ID[3], "户主", "汉族"],
    )
    result = import_file(book, path)
    assert set(people(book)) == {"陈卫国", "李秀英", "王大山"}
    assert people(book)["李秀英"].household_id == people(book)["陈卫国"].household_id
    assert people(book)["王大山"].household_id != people(book)["陈卫国"].household_id
    assert not result.rejected


def test_a_head_who_is_told_by_name_only_and_is_nowhere_refuses_the_row(book: Workbook, tmp_path: Path) -> None:
    path = sheet(
        tmp_path,
        ["户主", "姓名", "身份证号", "与户主关系", "民族"],
        ["周建国", "周小明", ID[1], "之子", "汉族"],
    )
    result = import_file(book, path)
    assert [one.reason[:22] for one in result.rejected] == ["名册和本工作簿里都没有户主“周建国”的证件号"]
    assert rows(book, Member) == []


def test_householders_do_not_become_their_own_helpers(book: Workbook, tmp_path: Path) -> None:
    path = sheet(
        tmp_path,
        ["户主信息", None, None, None, "帮扶责任人信息", None, None],
        ["户编号", "姓名", "证件号码", "联系电话", "姓名", "单位", "联系电话"],
        [NO[1], "陈卫国", ID[1], "13900000001", "宋怡芳", "县教育局", "13800000001"],
        [NO[2], "王大山", ID[2], "13900000002", "吴敏", "县教育局", "13800000002"],
        merged=["A1:D1", "E1:G1"],
    )
    import_file(book, path)
    assert {one.name for one in rows(book, Helper)} == {"宋怡芳", "吴敏"}
    assert {one.name: one.phone for one in rows(book, Helper)}["吴敏"] == "13800000002"
    assert set(people(book)) == {"陈卫国", "王大山"}
    assert household(book).phone == "13900000001"
    assert len(rows(book, Assignment)) == 2


def test_a_group_that_is_nobody_of_the_household_is_a_doubt_and_kept_as_notes(book: Workbook, tmp_path: Path) -> None:
    path = sheet(
        tmp_path,
        ["户主信息", None, None, None, "监护人信息", None],
        ["户编号", "姓名", "证件号码", "联系电话", "姓名", "联系电话"],
        [NO[1], "陈卫国", ID[1], "13900000001", "陈大", "13800000001"],
        merged=["A1:D1", "E1:F1"],
    )
    result = import_file(book, path)
    assert [one.doubt for one in result.sheets[0].columns if one.doubt] == [
        "“监护人信息”说的不是本户的人，存到“其他列”"
    ] * 2
    assert '"监护人信息·姓名": "陈大"' in str(household(book).import_extra)
    assert household(book).phone == "13900000001"


def test_members_across_a_row(book: Workbook, tmp_path: Path) -> None:
    path = sheet(
        tmp_path,
        [
            "户编号",
            "户主姓名",
            "户主证件号码",
            "成员1姓名",
            "成员1关系",
            "成员1证件号码",
            "成员2姓名",
            "成员2关系",
            "成员2证件号码",
        ],
        [NO[1], "陈卫国", ID[1], "李秀英", "配偶", ID[2], "陈小燕", "之女", ID[3]],
        [NO[2], "王大山", ID[4], "王小山", "之子", ID[5], None, None, None],
    )
    result = import_file(book, path)
    found = {name: (one.relation, one.id_no) for name, one in people(book).items()}
    assert found == {
        "陈卫国": ("户主", ID[1]), "李秀英": ("配偶", ID[2]), "陈小燕": ("之女", ID[3]),
        "王大山": ("户主", ID[4]), "王小山": ("之子", ID[5]),
    }  # fmt: skip
    assert people(book)["陈小燕"].household_id == people(book)["陈卫国"].household_id
    assert not result.rejected


def test_members_across_a_row_in_blocks_without_numbers(book: Workbook, tmp_path: Path) -> None:
    block = ["姓名", "与户主关系", "证件号码"]
    path = sheet(
        tmp_path,
        ["户编号", "户主姓名", "户主证件号码", *block, *block],
        [NO[1], "陈卫国", ID[1], "李秀英", "配偶", ID[2], "陈小燕", "之女", ID[3]],
    )
    import_file(book, path)
    assert {name: one.id_no for name, one in people(book).items()} == {
        "陈卫国": ID[1], "李秀英": ID[2], "陈小燕": ID[3],
    }  # fmt: skip


def test_members_across_a_row_under_groups(book: Workbook, tmp_path: Path) -> None:
    path = sheet(
        tmp_path,
        ["户编号", "户主姓名", "户主证件号码", "家庭成员一", None, None, "家庭成员二", None, None],
        [None, None, None, "姓名", "关系", "身份证号", "姓名", "关系", "身份证号"],
        [NO[1], "陈卫国", ID[1], "李秀英", "配偶", ID[2], "陈小燕", "之女", ID[3]],
        merged=["A1:A2", "B1:B2", "C1:C2", "D1:F1", "G1:I1"],
    )
    import_file(book, path)
    assert {name: one.relation for name, one in people(book).items()} == {
        "陈卫国": "户主", "李秀英": "配偶", "陈小燕": "之女",
    }  # fmt: skip


def test_members_across_a_row_whose_names_alone_are_numbered(book: Workbook, tmp_path: Path) -> None:
    path = sheet(
        tmp_path,
        [*HEAD, "家庭成员1", "与户主关系", "身份证号", "家庭成员2", "与户主关系", "身份证号"],
        [*HEAD_CELLS, "李秀英", "配偶", ID[2], "陈小燕", "之女", ID[3]],
    )
    import_file(book, path)
    assert {name: (one.relation, one.id_no) for name, one in people(book).items()} == {
        "陈卫国": ("户主", ID[1]), "李秀英": ("配偶", ID[2]), "陈小燕": ("之女", ID[3]),
    }  # fmt: skip


@pytest.mark.parametrize(
    "heading",
    [
        [[*HEAD, "帮扶责任人1", "联系电话1", "帮扶责任人2", "联系电话2"]],
        [[*HEAD, "帮扶责任人1", "电话", "帮扶责任人2", "电话"]],
        [[*HEAD, "第一帮扶人", None, "第二帮扶人", None], [*[None] * 3, "姓名", "电话", "姓名", "电话"]],
    ],
)
def test_two_helpers_across_a_row(book: Workbook, tmp_path: Path, heading: Sequence[Sequence[Any]]) -> None:
    merged = ["A1:A2", "B1:B2", "C1:C2", "D1:E1", "F1:G1"] if len(heading) > 1 else []
    path = sheet(tmp_path, *heading, [*HEAD_CELLS, "吴敏", "13900000001", "郑洁", "13900000002"], merged=merged)
    import_file(book, path)
    assert {one.name: one.phone for one in rows(book, Helper)} == {"吴敏": "13900000001", "郑洁": "13900000002"}
    assert (len(rows(book, Assignment)), household(book).phone) == (2, None)


def test_a_telephone_behind_a_helper_is_the_helpers_and_asked_about(book: Workbook, tmp_path: Path) -> None:
    path = sheet(
        tmp_path,
        ["户编号", "姓名", "证件号码", "与户主关系", "民族", "文化程度", "帮扶责任人", "联系电话", "备注"],
        [NO[1], "陈卫国", ID[1], "户主", "汉族", "小学", "吴敏", "13900000001", "x"],
    )
    result = import_file(book, path)
    assert [(one.name, one.phone) for one in rows(book, Helper)] == [("吴敏", "13900000001")]
    assert household(book).phone is None
    assert [one.doubt for one in result.sheets[0].columns if one.doubt] == ["紧跟在“帮扶责任人”后面，当作帮扶联系人的"]


@pytest.mark.parametrize("called", ["帮扶责任人", "帮扶干部", "结对帮扶责任人", "结对干部", "帮扶联系人", "帮扶负责人"])
def test_a_helpers_columns_are_known_by_all_that_helpers_are_called(
    book: Workbook, tmp_path: Path, called: str
) -> None:
    path = sheet(
        tmp_path,
        [
            "户编号",
            "姓名",
            "证件号码",
            "与户主关系",
            "民族",
            f"{called}所在单位",
            f"{called}电话",
            "联系方式",
            f"{called}姓名",
        ],
        [NO[1], "陈卫国", ID[1], "户主", "汉族", "县教育局", "13900000001", "13900000003", "吴敏"],
    )
    result = import_file(book, path)
    assert [(one.name, one.phone, one.unit) for one in rows(book, Helper)] == [("吴敏", "13900000001", "县教育局")]
    assert household(book).phone == "13900000003"
    assert [one.doubt for one in result.sheets[0].columns if one.doubt] == []


@pytest.mark.parametrize("merged", [True, False])
def test_the_number_of_a_household_stands_only_in_its_first_row(book: Workbook, tmp_path: Path, merged: bool) -> None:
    path = sheet(
        tmp_path,
        ["户编号", "姓名", "证件号码", "与户主关系", "民族"],
        [NO[1], "陈卫国", ID[1], "户主", "汉族"],
        [None, "李秀英", ID[2], "配偶", "汉族"],
        [NO[2], "王大山", ID[3], "户主", "汉族"],
        [None, "王小山", ID[4], "之子", "汉族"],
        merged=["A2:A3", "A4:A5"] if merged else [],
    )
    result = import_file(book, path)
    assert not result.rejected
    assert people(book)["李秀英"].household_id == Household.id_of(NO[1])
    assert people(book)["王小山"].household_id == Household.id_of(NO[2])
    assert ("“户编号”为空，按上面一行的那一户取" in texts(result)) is not merged


def test_the_number_stands_in_first_rows_on_every_printed_page(book: Workbook, tmp_path: Path) -> None:
    heading = ["户编号", "姓名", "证件号码", "与户主关系", "民族"]
    path = sheet(
        tmp_path,
        heading,
        [NO[1], "陈卫国", ID[1], "户主", "汉族"],
        [None, "李秀英", ID[2], "配偶", "汉族"],
        heading,
        [NO[1], "陈小燕", ID[3], "之女", "汉族"],
        [NO[2], "王大山", ID[4], "户主", "汉族"],
        [None, "王小山", ID[5], "之子", "汉族"],
    )
    result = import_file(book, path)
    assert not result.rejected
    assert {people(book)[one].household_id for one in ("陈卫国", "李秀英", "陈小燕")} == {Household.id_of(NO[1])}
    assert people(book)["王小山"].household_id == Household.id_of(NO[2])


@pytest.mark.parametrize("names", ["吴敏、郑洁", "吴敏 郑洁", "吴敏\n郑洁", "吴敏和郑洁"])
def test_several_names_in_one_cell_are_several_helpers(book: Workbook, tmp_path: Path, names: str) -> None:
    path = sheet(
        tmp_path,
        ["户编号", "户主姓名", "户主证件号码", "帮扶责任人", "帮扶单位", "帮扶人电话"],
        [NO[1], "陈卫国", ID[1], names, "县教育局", "13900000001、13900000002"],
    )
    import_file(book, xlsx(tmp_path / "户.xlsx", table([person(1)]), title=""))
    result = import_file(book, path)
    assert {one.name: one.phone for one in rows(book, Helper)} == {"吴敏": "13900000001", "郑洁": "13900000002"}
    assert len(rows(book, Assignment)) == 2
    assert "写了 2 个人，分成 2 名帮扶联系人" in texts(result)


@pytest.mark.parametrize("names", ["吴敏、郑洁", "吴敏\n郑洁"])
def test_several_people_in_one_row_of_people_are_refused(book: Workbook, tmp_path: Path, names: str) -> None:
    result = import_file(book, xlsx(tmp_path / "a.xlsx", table([person(1, 姓名=names, 证件号码=None)]), title=""))
    assert [one.reason[:21] for one in result.rejected] == ["同一单元格有几个姓名“吴敏、郑洁”，分不清"]


@pytest.mark.parametrize("name", ["陈 卫 国", "陈　卫国", "陈\n卫国"])
def test_a_blank_within_a_name_does_not_part_it(book: Workbook, tmp_path: Path, name: str) -> None:
    import_file(book, xlsx(tmp_path / "a.xlsx", table([person(1, 姓名=name)]), title=""))
    assert set(people(book)) == {"陈卫国"}


# numbers, units, years


@pytest.mark.parametrize(
    ("header", "above", "cell", "amount"),
    [
        ("人均纯收入（万元）", "", 1.2, 12000),
        ("人均纯收入（千元）", "", 12, 12000),
        ("人均纯收入(分)", "", 1200000, 12000),
        ("人均纯收入", "单位：万元", 1.2, 12000),
        ("人均纯收入（元）", "单位：万元", 12000, 12000),
        ("人均纯收入", "", "￥1,200.00", 1200),
        ("人均纯收入", "", "2.4万", 24000),
        ("人均纯收入", "", "8000元", 8000),
        ("人均纯收入", "", "无", 0),
    ],
)
def test_money_in_its_unit(book: Workbook, tmp_path: Path, header: str, above: str, cell: object, amount: int) -> None:
    row = {key: value for key, value in person().items() if key != "人均纯收入"} | {header: cell}
    result = import_file(book, xlsx(tmp_path / "a.xlsx", [[above], *table([row])], title=""), year=2018)
    assert [one.reported_per_head for one in rows(book, IncomeYear)] == [Decimal(amount)]
    converted = amount == 12000 and "元）" not in header.replace("万元）", "").replace("千元）", "")
    assert bool(result.count_doubts()) is converted


@pytest.mark.parametrize(
    "above",
    [
        [["石桥村收入情况", None, None, "单位", "万元"], [*HEAD, "工资性收入"]],
        [["金额单位：万元；面积单位：亩"], [*HEAD, "工资性收入"]],
        [[*HEAD, "工资性收入"], [None, None, None, "（万元）"]],
    ],
)
def test_a_unit_that_stands_beside_the_heading(book: Workbook, tmp_path: Path, above: Sequence[Sequence[Any]]) -> None:
    result = import_file(book, sheet(tmp_path, *above, [*HEAD_CELLS, 1.2]), year=2018)
    assert [one.amount for one in rows(book, IncomeLine)] == [Decimal(12000)]
    assert (result.rejected, result.count_doubts()) == ((), 1)


@pytest.mark.parametrize(
    ("header", "area"), [("耕地面积（分地）", "0.25"), ("耕地面积（亩）", "2.5"), ("耕地面积", "2.5")]
)
def test_land_in_its_unit(book: Workbook, tmp_path: Path, header: str, area: str) -> None:
    import_file(book, xlsx(tmp_path / "a.xlsx", table([person(**{header: 2.5})]), title=""), year=2018)
    assert [one.land_farm for one in rows(book, LivingCondition)] == [Decimal(area)]


def test_a_decimal_comma_is_a_doubt_and_never_deleted(book: Workbook, tmp_path: Path) -> None:
    result = import_file(book, xlsx(tmp_path / "a.xlsx", table([person(人均纯收入="12,5")]), title=""), year=2018)
    assert rows(book, IncomeYear) == []
    assert texts(result) == "“人均纯收入”的“12,5”里的逗号分不清是小数点还是千分位，未取"


@pytest.mark.parametrize("grouped", [True, False])
def test_two_years_side_by_side(book: Workbook, tmp_path: Path, grouped: bool) -> None:
    own, ids = ["户编号", "户主姓名", "户主证件号码"], [NO[1], "陈卫国", ID[1]]
    if grouped:
        cells = [
            [*own, "2019年", None, "2020年", None],
            [None, None, None, "工资性收入", "人均纯收入", "工资性收入", "人均纯收入"],
        ]
    else:
        cells = [[*own, "2019年工资性收入", "人均纯收入(2019年)", "2020年工资性收入", "人均纯收入（2020年度）"]]
    merged = ["A1:A2", "B1:B2", "C1:C2", "D1:E1", "F1:G1"] if grouped else []
    import_file(book, sheet(tmp_path, *cells, [*ids, 100, 200, 300, 400], merged=merged))
    assert {one.year: one.reported_per_head for one in rows(book, IncomeYear)} == {
        2019: Decimal(200), 2020: Decimal(400),
    }  # fmt: skip
    assert sorted(one.amount for one in rows(book, IncomeLine)) == [Decimal(100), Decimal(300)]


def test_two_years_below_each_other(book: Workbook, tmp_path: Path) -> None:
    own = [NO[1], "陈卫国", ID[1]]
    path = sheet(
        tmp_path,
        ["户编号", "户主姓名", "户主证件号码", "年度", "人均纯收入"],
        [*own, 2019, 200],
        [*own, 2020, 400],
    )
    import_file(book, path)
    assert {one.year: one.reported_per_head for one in rows(book, IncomeYear)} == {
        2019: Decimal(200), 2020: Decimal(400),
    }  # fmt: skip


QUARTERS = ("一季度", "二季度", "三季度", "四季度")


def amounts(book: Workbook) -> dict[int, Decimal | None]:
    years = {one.id: one.year for one in rows(book, IncomeYear)}
    return {years[one.income_year_id]: one.amount for one in rows(book, IncomeLine)}


@pytest.mark.parametrize(
    ("above", "below", "merged"),
    [
        ((), [f"2020年{one}工资性收入" for one in QUARTERS], ()),
        (QUARTERS, ["工资性收入"] * 4, ()),
        (("工资性收入", None, None, None), QUARTERS, ("D1:G1",)),
        ((), ["工资性收入（上半年）", "工资性收入（下半年）"], ()),
    ],
)
def test_quarters_side_by_side_make_the_year_and_stay_as_notes(
    book: Workbook, tmp_path: Path, above: Sequence[str], below: Sequence[str], merged: Sequence[str]
) -> None:
    heading = [[*HEAD, *above], [*[None] * 3, *below]] if above else [[*HEAD, *below]]
    columns = ("A1:A2", "B1:B2", "C1:C2") if above else ()
    numbers = [1000 * 10**n for n in range(len(below))]
    path = sheet(tmp_path, *heading, [*HEAD_CELLS, *numbers], merged=[*columns, *merged])
    result = import_file(book, path, year=2020)
    assert amounts(book) == {2020: Decimal(sum(numbers))}
    assert result.sheets[0].count_doubts() == len(below)
    assert all(f'"{number}"' in str(household(book).import_extra) for number in numbers)
    assert preview_file(book, path, year=2020).count_writes() == 0


def test_a_column_of_the_whole_year_beside_the_quarters_counts(book: Workbook, tmp_path: Path) -> None:
    heading = [[*HEAD, "工资性收入"], [*[None] * 3, *QUARTERS, "合计"]]
    cells = [*HEAD_CELLS, 100, 200, 300, 400, 1001]
    result = import_file(book, sheet(tmp_path, *heading, cells, merged=["A1:A2", "B1:B2", "C1:C2", "D1:H1"]), year=2020)
    assert amounts(book) == {2020: Decimal(1001)}
    assert "相加是 1000.00，全年的一列是 1001.00，取全年的一列" in texts(result)


def test_quarters_beside_a_helper_make_no_list_of_helpers(book: Workbook, tmp_path: Path) -> None:
    heading = [[*HEAD, "工资性收入", None, None, None, "联系电话", "帮扶责任人"], [*[None] * 3, *QUARTERS, None, None]]
    merged = ["A1:A2", "B1:B2", "C1:C2", "D1:G1", "H1:H2", "I1:I2"]
    cells = [*HEAD_CELLS, 1, 2, 3, 4, "13900000001", "吴敏"]
    result = import_file(book, sheet(tmp_path, *heading, cells, merged=merged), year=2020)
    assert (result.sheets[0].kind, result.rejected) == ("household", ())
    assert amounts(book) == {2020: Decimal(10)}
    assert household(book).phone == "13900000001"


def test_a_part_of_the_quarters_is_no_year(book: Workbook, tmp_path: Path) -> None:
    path = sheet(tmp_path, [*HEAD, "一季度工资性收入", "二季度工资性收入"], [*HEAD_CELLS, 100, 200])
    result = import_file(book, path, year=2020)
    assert household(book).import_extra == '{"一季度工资性收入": "100", "二季度工资性收入": "200"}'
    assert next(one.doubt for one in result.sheets[0].columns if one.doubt).startswith(
        "“一季度”的数，这张表里只有 2 个"
    )
    assert rows(book, IncomeLine) == []


@pytest.mark.parametrize(
    ("cell", "amount", "said"), [(None, 600, "“四季度工资性收入”为空"), ("约四百", None, "没有加进全年的数")]
)
def test_a_quarter_that_is_missing_or_unreadable_is_named(
    book: Workbook, tmp_path: Path, cell: object, amount: int | None, said: str
) -> None:
    path = sheet(tmp_path, [*HEAD, *[f"{one}工资性收入" for one in QUARTERS]], [*HEAD_CELLS, 100, 200, 300, cell])
    result = import_file(book, path, year=2020)
    assert [one.amount for one in rows(book, IncomeLine)] == ([] if amount is None else [Decimal(amount)])
    assert said in texts(result)


@pytest.mark.parametrize("years", [("2018年", "2019年"), (2018, 2019), ("18年", "19年")])
def test_years_stand_below_the_item(book: Workbook, tmp_path: Path, years: Sequence[object]) -> None:
    heading = [[*HEAD, "人均纯收入"], [*[None] * 3, *years]]
    merged = ["A1:A2", "B1:B2", "C1:C2", "D1:E1"]
    result = import_file(book, sheet(tmp_path, *heading, [*HEAD_CELLS, 100, 200], merged=merged))
    assert {one.year: one.reported_per_head for one in rows(book, IncomeYear)} == {
        2018: Decimal(100), 2019: Decimal(200),
    }  # fmt: skip
    assert not result.rejected


def test_a_heading_of_three_lines_has_its_year_at_the_top(book: Workbook, tmp_path: Path) -> None:
    path = sheet(
        tmp_path,
        [*HEAD, "2019年", None, "村干部"],
        [*[None] * 3, "收入情况", None, None],
        [*[None] * 3, "工资性收入", "人均纯收入", None],
        [*HEAD_CELLS, 100, 200, "王书记"],
        merged=["A1:A3", "B1:B3", "C1:C3", "D1:E1", "D2:E2", "F1:F3"],
    )
    import_file(book, path, year=2021)
    assert {one.year: one.reported_per_head for one in rows(book, IncomeYear)} == {2019: Decimal(200)}
    assert amounts(book) == {2019: Decimal(100)}


def test_two_columns_for_one_field_are_a_doubt_and_both_kept(book: Workbook, tmp_path: Path) -> None:
    path = sheet(
        tmp_path,
        ["户编号", "姓名", "证件号码", "与户主关系", "联系电话", "电话"],
        [NO[1], "陈卫国", ID[1], "户主", "13900000001", "13900000002"],
    )
    result = import_file(book, path)
    assert household(book).phone == "13900000001"
    assert people(book)["陈卫国"].import_extra == '{"电话": "13900000002"}'
    assert [one.doubt[:14] for one in result.sheets[0].columns if one.doubt] == ["与 E 列“联系电话”是同一"]


# dates, choices, marks


@pytest.mark.parametrize(
    ("cell", "month"),
    [
        ("2016.3", "2016-03"),
        ("2016年3月", "2016-03"),
        (2016.3, "2016-03"),
        (42430, "2016-03"),
        ("2016-03-01", "2016-03"),
        ("16年3月", "2016-03"),
        (16.3, "2016-03"),
    ],
)
def test_months_as_they_are_written(book: Workbook, tmp_path: Path, cell: object, month: str) -> None:
    import_file(book, xlsx(tmp_path / "a.xlsx", table([person(首次识别时间=cell)]), title=""), year=2018)
    assert household(book).register_date == month


@pytest.mark.parametrize(
    ("cell", "day"),
    [
        ("14.5.1", date(2014, 5, 1)),
        ("62.5.1", date(1962, 5, 1)),
        (43322, date(2018, 8, 10)),
        ("2016.3.5", date(2016, 3, 5)),
    ],
)
def test_days_as_they_are_written(book: Workbook, tmp_path: Path, cell: object, day: date) -> None:
    result = import_file(book, xlsx(tmp_path / "a.xlsx", table([person(填表时间=cell)]), title=""), year=2018)
    assert household(book).fill_date == day
    assert ("没有写全年份" in texts(result)) is (str(cell)[2] == ".")


@pytest.mark.parametrize(
    ("column", "cell", "said"),
    [
        ("填表时间", "2016年3月", "没有写到日"),
        ("首次识别时间", 2016.1, "分不清是 1 月还是 10 月"),
        ("首次识别时间", 16.1, "分不清是 1 月还是 10 月"),
        ("健康状况", "患病", "不在选项里"),
        ("人均纯收入", "12公斤", "的单位“公斤”换不成“元”"),
    ],
)
def test_what_cannot_be_told_is_named(book: Workbook, tmp_path: Path, column: str, cell: object, said: str) -> None:
    result = import_file(book, xlsx(tmp_path / "a.xlsx", table([person(**{column: cell})]), title=""), year=2018)
    assert [(one.row, one.column, said in one.text and str(cell) in one.text) for one in result.remarks] == [
        (2, column, True)
    ]


def test_one_cell_with_two_causes(book: Workbook, tmp_path: Path) -> None:
    result = import_file(
        book, xlsx(tmp_path / "a.xlsx", table([person(主要致贫原因="因病、因学")]), title=""), year=2018
    )
    assert (household(book).cause_main, household(book).cause_other) == ("因病", ("因学",))
    assert "写了 2 项“因病、因学”，取第一项" in texts(result)


@pytest.mark.parametrize(
    ("cell", "rest"),
    [
        ("13900000001/13900000002", "13900000002"),
        ("13900000001 13900000002", "13900000002"),
        ("1390000000113900000002", "13900000002"),
        ("13900000001（儿子13900000002）", "儿子13900000002"),
    ],
)
def test_two_telephone_numbers_in_one_cell(book: Workbook, tmp_path: Path, cell: str, rest: str) -> None:
    result = import_file(book, xlsx(tmp_path / "a.xlsx", table([person(联系电话=cell)]), title=""), year=2018)
    assert household(book).phone == "13900000001"
    assert people(book)["陈卫国"].import_extra == f'{{"联系电话（其余）": "{rest}"}}'
    assert "个号码，取第一个" in texts(result)


def test_marks_of_other_offices(book: Workbook, tmp_path: Path) -> None:
    cells = person(证件号码=f"G{ID[1]}", 性别="1", 残疾类别="无", 出生日期="无", 联系电话="无")
    without_number = person(2, 姓名="王大山", 证件号码="无", 性别=2)
    result = import_file(book, xlsx(tmp_path / "a.xlsx", table([cells, without_number]), title=""), year=2018)
    assert (people(book)["陈卫国"].id_no, people(book)["陈卫国"].sex) == (ID[1], "男")
    assert (people(book)["王大山"].id_no, people(book)["王大山"].sex) == (None, "女")
    assert household(book).phone is None
    assert "“证件号码”写的是“无”，按空白处理" in texts(result)
    assert "性别" not in texts(result)
    assert people(book)["陈卫国"].disability_kind is None
    assert "“残疾类别”写的是“无”，按空白处理" in texts(result)


# rows that Excel shows otherwise


def test_sums_between_and_below(book: Workbook, tmp_path: Path) -> None:
    path = sheet(
        tmp_path,
        ["序号", "姓名", "户编号", "证件号码", "与户主关系"],
        [1, "陈卫国", NO[1], ID[1], "户主"],
        ["小计", "1人", None, None, None],
        [2, "王大山", NO[2], ID[2], "户主"],
        ["合计", "5人", None, None, None],
        [None, "5人", None, None, None],
        ["注：以上名单已公示", None, None, None, None],
    )
    result = import_file(book, path)
    assert set(people(book)) == {"陈卫国", "王大山"}
    assert not result.rejected
    assert [(one.row, one.text) for one in result.remarks] == [
        (3, "这一行是合计，没有收：小计 | 1人"),
        (5, "这一行是合计，没有收：合计 | 5人"),
        (6, "这一行是合计，没有收：5人"),
        (7, "这一行是说明，没有收：注：以上名单已公示"),
    ]


def test_a_count_below_a_list_of_helpers_is_no_helper(book: Workbook, tmp_path: Path) -> None:
    path = sheet(
        tmp_path,
        ["户编号", "户主姓名", "联系电话", "帮扶责任人", "帮扶单位", "帮扶开始时间"],
        [NO[1], "陈卫国", "13900000001", "方志强", "县医院", "2018-03-01"],
        [None, None, None, "1人", None, None],
    )
    result = preview_file(book, path)
    assert "这一行是合计，没有收：1人" in texts(result)
    assert [one.row for one in result.rejected] == [2], "the household is not here"


def test_a_sum_with_the_households_number_and_numbered_columns(book: Workbook, tmp_path: Path) -> None:
    path = sheet(
        tmp_path,
        ["户编号", "姓名", "证件号码", "与户主关系", "联系电话"],
        [1, 2, 3, 4, 5],
        [NO[1], "陈卫国", ID[1], "户主", None],
        [NO[1], "小计", None, None, 1],
    )
    result = import_file(book, path)
    assert (set(people(book)), household(book).phone) == ({"陈卫国"}, None)
    assert [(one.row, one.text) for one in result.remarks] == [
        (2, "这一行是列号，没有收：1 | 2 | 3 | 4 | 5"),
        (4, f"这一行是合计，没有收：{NO[1]} | 小计 | 1"),
    ]


def test_a_row_of_strokes_and_blanks_alone_stops_nothing(book: Workbook, tmp_path: Path) -> None:
    path = sheet(
        tmp_path,
        ["户编号", "姓名", "证件号码", "与户主关系"],
        [NO[1], "陈卫国", ID[1], "户主"],
        [None, "/", "/", None],
        [None, " ", None, None],
        [NO[2], "王大山", ID[2], "户主"],
    )
    result = import_file(book, path)
    assert (set(people(book)), result.rejected) == ({"陈卫国", "王大山"}, ())


def struck_and_hidden(folder: Path) -> Path:
    path = sheet(folder, *table([person(1), person(2), person(3)]))
    opened = openpyxl.load_workbook(path)
    opened.active.row_dimensions[3].hidden = True
    for cell in opened.active[4]:
        cell.font = Font(strike=True)
    opened.save(path)
    return path


def test_hidden_rows_are_taken_and_struck_ones_left_and_both_asked_for(book: Workbook, tmp_path: Path) -> None:
    result = import_file(book, struck_and_hidden(tmp_path), year=2018)
    assert {one.household_no for one in rows(book, Household)} == {NO[1], NO[2]}
    assert [(one.kind, one.proposed) for one in result.sheets[0].questions] == [("hidden", True), ("struck", False)]
    assert "这一行在表里是隐藏的" in texts(result)
    assert "这一行划掉了，没有收：" in texts(result)


def test_an_officer_may_decide_otherwise_about_hidden_and_struck_rows(book: Workbook, tmp_path: Path) -> None:
    choices = {"表1": SheetChoices(rows=RowChoices(hidden=False, struck=True))}
    result = import_file(book, struck_and_hidden(tmp_path), year=2018, choices=choices)
    assert {one.household_no for one in rows(book, Household)} == {NO[1], NO[3]}
    assert result.sheets[0].questions == ()
    assert "这一行是隐藏的，没有收：" in texts(result)


def test_several_sheets_are_read_and_those_without_a_heading_named(book: Workbook, tmp_path: Path) -> None:
    result = import_file(
        book, xlsx(tmp_path / "a.xlsx", table([person(1)]), table([person(2)]), [["随手记", 1], ["电话"]])
    )
    assert len(rows(book, Household)) == 2
    [told] = [one for one in result.remarks if one.sheet == "表3"]
    assert told.text == "工作表“表3”没有认出名册的表头，没有取，有内容的 2 行"
    assert (told.row, told.other_rows) == (1, (2,))


# lists that are no rosters, and our own


def test_a_hidden_sheet_is_named_and_not_read(book: Workbook, tmp_path: Path) -> None:
    path = xlsx(tmp_path / "a.xlsx", table([person(1)]))
    excel = openpyxl.load_workbook(path)
    hidden = excel.create_sheet("上年名单")
    hidden.append(["姓名"])
    hidden.sheet_state = "hidden"
    excel.create_sheet("空的").sheet_state = "hidden"
    excel.save(path)
    result = preview_file(book, path)
    assert [one.sheet for one in result.remarks if "是隐藏的，没有读" in one.text] == ["上年名单"]


def test_a_list_of_another_office_is_not_swallowed(book: Workbook, tmp_path: Path) -> None:
    path = sheet(
        tmp_path,
        ["石桥村农村低保备案表"],
        ["户主", "姓名", "身份证号", "与户主关系", "保障金额", "低保证号"],
        ["陈卫国", "陈卫国", ID[1], "户主", 560, "D001"],
        ["陈卫国", "李秀英", ID[2], "配偶", 560, "D001"],
    )
    result = import_file(book, path)
    assert rows(book, Member) == rows(book, Household) == []
    assert [one.text for one in result.sheets[0].questions] == ["“表1”像是民政部门的名单，不是名册。要当作名册导入吗？"]
    assert "像是民政部门的名单，没有当作名册取，有内容的 4 行" in texts(result)
    import_file(book, path, choices={"表1": SheetChoices(is_roster=True)})
    assert set(people(book)) == {"陈卫国", "李秀英"}
    assert people(book)["李秀英"].import_extra == '{"低保证号": "D001", "保障金额": "560"}'


def test_a_list_with_the_numbers_of_the_national_system_is_a_roster(book: Workbook, tmp_path: Path) -> None:
    path = sheet(
        tmp_path,
        ["石桥村农村低保备案表"],
        ["人编号", "姓名", "身份证号", "与户主关系", "户主", "低保证号"],
        [f"{NO[1]}01", "陈卫国", ID[1], "户主", "陈卫国", "D001"],
    )
    result = import_file(book, path)
    assert (result.sheets[0].questions, set(people(book))) == ((), {"陈卫国"})


def test_our_own_list_is_not_read_as_a_roster(book: Workbook, tmp_path: Path) -> None:
    """It comes back as a list: tests/app/sheets/test_list_round_trip.py."""
    people_rows = [person(1, 联系电话="13900000001", 人数=1), person(2, 联系电话="13900000002", 人数=1)]
    import_file(book, xlsx(tmp_path / "a.xlsx", table(people_rows), title="导出时间：2018-08-10"))
    ids = [one.id for one in rows(book, Household)]
    out = tmp_path / "农户.xlsx"
    run_to_completion(write_register(book, get_list("household"), ids, out))
    with pytest.raises(WrittenListFound, match="本软件导出的表，不是名册"):
        preview_file(book, out)


def test_a_list_that_a_former_version_wrote_changes_nothing(book: Workbook, tmp_path: Path) -> None:
    import_file(book, xlsx(tmp_path / "a.xlsx", table([person(1, 联系电话="13900000001", 人数=1)])))
    (household,) = rows(book, Household)
    columns = [field("household", "household_no"), field("member", "name"), field("household", "phone")]
    cells = [household.household_no, "陈卫国", household.phone]
    out = tmp_path / "农户名单20261129.xlsx"
    run_to_completion(write_list([cells], columns, out))
    result = preview_file(book, without_mark(out))
    assert result.count_writes() == 0
    assert [one.text for one in result.remarks if "星号" in one.text] == ["“联系电话”是打了星号的，不是号码，没有改动"]


def test_a_mask_is_never_a_value(book: Workbook, tmp_path: Path) -> None:
    import_file(book, xlsx(tmp_path / "a.xlsx", table([person(1)])))
    masked = f"{ID[11][:4]}********{ID[11][-4:]}"
    result = import_file(book, xlsx(tmp_path / "b.xlsx", table([person(1, 证件号码=masked)])))
    assert people(book)["陈卫国"].id_no == person(1)["证件号码"]
    assert "“证件号码”是打了星号的" in texts(result)


# the officer's choices


def test_what_was_decided_about_columns_is_remembered_for_the_next_list(book: Workbook, tmp_path: Path) -> None:
    def roster(name: str, number: int) -> Path:
        return xlsx(tmp_path / name, table([person(number, 小名="阿三", 不要="x")]), title="")

    first = preview_file(book, roster("a.xlsx", 1), year=2018)
    assert first.count_doubts() == 2
    places = {column.header: column.index for column in first.sheets[0].columns}
    choices = SheetChoices(
        {places["小名"]: ColumnChoice("member.note"), places["不要"]: ColumnChoice("row.skipped")}, confirmed=True
    )
    remember(book, first.sheets[0].heading, choices)
    second = import_file(book, roster("b.xlsx", 2), year=2018)
    assert second.count_doubts() == 0
    assert [column.header for column in second.sheets[0].columns if column.target == "row.skipped"] == ["不要"]
    assert (people(book)["陈卫国"].note, people(book)["陈卫国"].import_extra) == ("阿三", None)
    copied = tmp_path / "带到另一台电脑.hdb"
    run_to_completion(backup(book, copied))
    with closing(unlock(copied, builders.PASSPHRASE)) as elsewhere:
        assert preview_file(elsewhere, roster("c.xlsx", 2), year=2018).count_doubts() == 0


def test_dates_that_excel_made_are_dates(book: Workbook, tmp_path: Path) -> None:
    cells = person(填表时间=datetime(2018, 8, 10), 出生日期=date(1970, 1, 2))
    import_file(book, xlsx(tmp_path / "a.xlsx", table([cells]), title=""), year=2018)
    assert (household(book).fill_date, people(book)["陈卫国"].birth) == (date(2018, 8, 10), date(1970, 1, 2))
