"""Headings of the national exports and of what counties make of them."""

import pytest

import resources
from app.records.field import fields, options
from app.sheets.header_matching import find_header_row
from app.sheets.roster_aliases import SKIPPED_COLUMN, aliases, normalize_header
from app.sheets.sheet import Sheet

PEOPLE_47 = (
    "省 市 县 乡 村 户编号 人口编号 姓名 性别 出生日期 证件类型 证件号码 民族 户联系电话 成员联系电话 年度 与户主关系 "
    "文化程度 在校生状况 劳动技能 务工时间（月） 健康状况 政治面貌 务工企业名称 是否享受低保 "
    "是否参加城镇职工基本养老保险 是否参加大病保险 是否参加新型农村合作医疗（城乡居民基本医疗保险） "
    "是否参加城乡居民基本养老保险 失学或辍学原因 是否会讲普通话 是否参加商业补充医疗保险 是否国外务工 产业分类 "
    "是否接受大病医疗救助 是否接受其他健康扶贫 公益性岗位类型 公益性岗位(月数) 就业渠道 残疾类别 务工所在地 户主姓名 "
    "户主证件号码 是否参加城镇职工基本医疗保险 是否特困供养人员 残疾证办证年度 识别标准"
)
HOUSEHOLDS_53 = (
    "省 市 县 乡 村 户编号 户主编号 户主姓名 户主证件号码 家庭人口数 是否危房户 人均纯收入 年收入 是否解决安全饮用水 "
    "年度 村办公电话 开户银行名称 银行卡号 识别标准 主要致贫原因 次要致贫原因 工资性收入 生产经营性收入 财产性收入 "
    "转移性收入 计划生育金 低保金 五保金 养老保险金 生态补偿金 其他转移性收入 生产经营性支出 纯收入 "
    "资产收益扶贫分红收入 其他财产性收入 耕地面积（亩） 水面面积 是否加入农民专业合作组织 退耕还林面积（亩） "
    "林果面积（亩） 牧草地面积 林地面积（亩） 是否通生产用电 是否通生活用电 是否通广播电视 与村主干路距离 入户路类型 "
    "住房面积 是否有卫生厕所 主要燃料类型 危房级别 是否有龙头企业带动 是否有创业致富带头人带动"
)
LIFTED_2022 = (
    "序号 县(市、区、旗) 乡(镇) 行政村 自然村 户编号 人编号 姓名 证件号码 人数 与户主关系 民族 文化程度 在校生状况 "
    "健康状况 劳动技能 务工时间（月） 是否参加大病保险 致贫原因1 危房户 是否解决安全饮用水 人均纯收入 户联系电话 "
    "人联系电话 首次识别时间 人员识别时间 户类型 易返贫致贫户(监测对象)类型 风险是否消除 风险识别时间 风险消除时间"
)
KEPT_AS_THEY_ARE = {
    "是否国外务工", "产业分类", "是否接受其他健康扶贫", "就业渠道", "残疾证办证年度",
    "年收入", "村办公电话", "风险是否消除",
}  # fmt: skip


def sheet(*rows: tuple[str, ...], merged: tuple = ()) -> Sheet:
    width = max(map(len, rows))
    return Sheet("表", tuple(row + ("",) * (width - len(row)) for row in rows), merged)


@pytest.mark.parametrize(
    ("headers", "about"),
    [(PEOPLE_47.split(), "member"), (HOUSEHOLDS_53.split(), "household"), (LIFTED_2022.split(), "member")],
)
def test_national_layouts_are_known_whole(headers: list[str], about: str) -> None:
    matched = find_header_row(sheet(("标题",), tuple(headers)))
    assert matched is not None
    assert (matched.kind, matched.row) == (about, 1)
    assert {h for h, target in zip(matched.headers, matched.targets, strict=True) if not target} <= KEPT_AS_THEY_ARE
    targets = [target for target in matched.targets if target not in ("", SKIPPED_COLUMN)]
    assert len(targets) == len(set(targets))


@pytest.mark.parametrize("name", resources.names("rosters"))
def test_every_alias_leads_to_a_column_that_exists(name: str) -> None:
    layout = resources.read("rosters", name)
    special = {"village": {"name", "county", "township"}, "head": {"name", "id_no"}}
    special["row"] = {"year", "risk_removed", "change"}
    special["risk"] = {"1", "2", "3", "4", "5"}
    special["measure"] = {option.value for option in options("measure_kind")}
    special["income_line"] = {option.value for option in options("income_item")}
    for target in layout["columns"]:
        table, _, column = target.partition(".")
        assert column in special.get(table, ()) or column in {one.name for one in fields(table)}, target


@pytest.mark.parametrize("about", ["member", "household", "helper"])
def test_no_header_means_two_things(about: str) -> None:
    meanings: dict[str, str] = {}
    for name in resources.names("rosters"):
        layout = resources.read("rosters", name)
        if layout["about"] == about:
            for target, header in ((target, h) for target, hs in layout["columns"].items() for h in hs):
                assert meanings.setdefault(normalize_header(header), target) == target, header
    assert len(meanings) >= 15
    assert meanings.items() <= aliases(about).items()  # type: ignore[arg-type]


@pytest.mark.parametrize(
    ("written", "meant"),
    [
        ("务工时间（月）", "务工时间"),
        (" 证件\n号码 ", "证件号码"),
        ("*姓名：", "姓名"),
        ("耕地面积（亩）", "耕地面积"),
        ("公益性岗位（月数）", "公益性岗位(月数)"),
        ("县（市、区、旗）", "县(市、区、旗)"),
        ("ＩＤ", "id"),
        ("证件号码\n（身份证）", "证件号码"),
        ("姓名（必填）", "姓名"),
        ("人均纯收入（2017年）", "人均纯收入(2017年)"),
        ("联系电话（配偶）", "联系电话(配偶)"),
    ],
)
def test_headers_are_compared_without_their_dress(written: str, meant: str) -> None:
    assert normalize_header(written) == meant


def test_columns_in_any_order_under_many_titles() -> None:
    titles = [("某县",), ("导出时间：2018-08-10",)] * 8
    matched = find_header_row(sheet(*titles, ("证件号码", "自造列", "姓名", "与户主关系", "民族", "户编号")))
    assert matched is not None
    assert matched.row == 16
    assert matched.targets == (
        "member.id_no", "", "member.name", "member.relation", "member.ethnic", "household.household_no",
    )  # fmt: skip
    assert "导出时间：2018-08-10" in matched.titles


def test_heading_of_two_rows_with_merged_cells() -> None:
    matched = find_header_row(
        sheet(
            ("某村花名册",),
            ("户编号", "姓名", "身份证号", "关系", "务工情况", "", "联系电话"),
            ("", "", "", "", "务工所在地", "务工时间（月）", ""),
            ("340828100101001", "陈卫国", "", "户主", "", "", ""),
            merged=(((1, 0), (2, 0)), ((1, 1), (2, 1)), ((1, 2), (2, 2)), ((1, 3), (2, 3)), ((1, 4), (1, 5)),
                    ((1, 6), (2, 6))),
        )
    )  # fmt: skip
    assert matched is not None
    assert matched.row == 2
    assert matched.targets[4:] == ("member.work_place", "member.work_months", "household.phone")


def test_a_heading_stands_above_its_columns_whatever_is_merged_below() -> None:
    matched = find_header_row(
        sheet(
            ("户编号", "姓名", "身份证号", "关系", "帮扶责任人", "", ""),
            ("", "", "", "", "姓名", "单位", "联系电话"),
            ("340828100101001", "陈卫国", "", "户主", "方志强", "", "13900000000"),
            merged=(((0, 4), (0, 6)), ((2, 4), (2, 5))),
        )
    )
    assert matched is not None
    assert matched.targets[4:] == ("helper.name", "helper.unit", "helper.phone")


def test_heading_merged_over_two_rows_ends_below_them() -> None:
    names = ("户编号", "姓名", "身份证号", "关系", "民族")
    merged = tuple(((0, n), (1, n)) for n in range(5))
    matched = find_header_row(sheet(names, ("",) * 5, ("1", "陈", "2", "户主", "汉"), merged=merged))
    assert matched is not None
    assert matched.row == 1


def test_what_is_merged_elsewhere_leaves_the_heading_as_it_is() -> None:
    names = ("户编号", "姓名", "身份证号", "关系", "民族", "备注")
    people = (("340828100101001", "陈卫国", "", "户主", "汉族", "危房"), ("", "李秀英", "", "配偶", "汉族", ""))
    title = sheet(("某村花名册",), names, *people, merged=(((0, 0), (0, 5)),))
    title_and_rows = sheet(("某村花名册",), names, *people, merged=(((0, 0), (0, 5)), ((2, 0), (3, 0))))
    heading_and_row = sheet(("某村花名册",), names, *people, merged=(((1, 5), (2, 5)),))
    for matched in map(find_header_row, (title, title_and_rows, heading_and_row)):
        assert matched is not None
        assert (matched.row, matched.headers) == (1, names)


def test_a_short_list_of_known_columns_only() -> None:
    assert find_header_row(sheet(("姓名", "身份证号", "户编号"))) is not None
    assert find_header_row(sheet(("姓名", "身份证号", "户编号", "随便"))) is not None, "no other office has all three"
    assert find_header_row(sheet(("姓名", "身份证号", "民族", "随便"))) is None


@pytest.mark.parametrize(
    "row", [("姓名", "单价", "数量"), ("民族", "学历", "电话", "性别", "政治面貌"), ("1", "2"), ("",)]
)
def test_other_tables_have_no_heading(row: tuple[str, ...]) -> None:
    assert find_header_row(sheet(row)) is None


def test_helpers_are_told_from_households() -> None:
    matched = find_header_row(sheet(("户编号", "户主姓名", "帮扶责任人", "帮扶单位", "联系电话", "帮扶开始时间")))
    assert matched is not None
    assert matched.kind == "helper"
    assert matched.targets[4] == "helper.phone"


def test_helpers_are_told_beside_the_people_they_help() -> None:
    names = (
        "户编号",
        "姓名",
        "身份证号",
        "关系",
        "民族",
        "帮扶责任人",
        "帮扶人电话",
        "帮扶人2",
        "帮扶人2电话",
        "联系电话",
    )
    matched = find_header_row(sheet(names))
    assert matched is not None
    assert matched.kind == "member"
    assert [(column.target, column.person) for column in matched.columns[5:]] == [
        ("helper.name", 0), ("helper.phone", 0), ("helper.name", 2), ("helper.phone", 2), ("household.phone", 0),
    ]  # fmt: skip


@pytest.mark.parametrize(
    "header",
    [
        "帮扶责任人电话",
        "帮扶责任人联系电话",
        "帮扶干部电话",
        "帮扶干部联系方式",
        "结对帮扶责任人电话",
        "帮扶人联系方式",
        "结对帮扶干部手机号",
        "帮扶联系人手机",
    ],
)
def test_the_telephone_of_a_helper_is_known_beside_people_and_in_a_list_of_helpers(header: str) -> None:
    for names in (
        ("户编号", "姓名", "身份证号", "关系", "民族", "帮扶责任人", "备注", header),
        ("户编号", "户主姓名", "帮扶责任人", "帮扶单位", "帮扶开始时间", header),
    ):
        matched = find_header_row(sheet(names))
        assert matched is not None
        assert (matched.columns[-1].kind, matched.targets[-1]) == ("helper", "helper.phone")
    matched = find_header_row(sheet(("户编号", "姓名", "身份证号", "关系", "民族", f"第二{header}")))
    assert matched is not None
    assert (matched.targets[-1], matched.columns[-1].person) == ("helper.phone", 2)


def test_a_column_without_a_name_is_called_by_its_letters() -> None:
    matched = find_header_row(sheet(("户编号", "姓名", "", "证件号码", "与户主关系", "民族")))
    assert matched is not None
    assert matched.headers[2] == "C列"
