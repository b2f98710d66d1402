"""Rosters into the workbook: what is new, what changes, what is refused and remarked; and a second time."""

from dataclasses import replace
from datetime import date
from decimal import Decimal
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import select, text, update

from app.progress import run_to_completion
from app.records.draft import withdraw
from app.records.household import household_details
from app.sheets.errors import NoHeaderRow, StalePreview, WrongVillage
from app.sheets.import_preview import ImportPreview
from app.sheets.roster_import import apply_import, preview
from app.workbook.operations import list_operations, redo, undo
from app.workbook.workbook import Workbook
from db.schema.aid import Assignment, Helper
from db.schema.household import Household, LivingCondition, Member
from db.schema.income import IncomeLine, IncomeYear
from tests import builders
from tests.app.sheets import sheet_files
from tests.app.sheets.sheet_files import DATA, VILLAGE, import_file, person, preview_file, table, xlsx

NOTHING = {"new": 0, "changed": 0, "unchanged": 0}


def rows(book: Workbook, model: Any) -> list[Any]:
    with book.reading() as session:
        return list(session.scalars(select(model).order_by(model.id)))


def journal(book: Workbook) -> int:
    """How many changes of the village's records there are; what the national system holds is no change of ours."""
    with book.reading() as session:
        query = text("SELECT count(*) FROM change WHERE table_name <> 'observed_values'")
        return int(session.execute(query).scalar_one())


def people(book: Workbook) -> dict[str, Member]:
    return {str(one.name): one for one in rows(book, Member)}


def remarks(result: ImportPreview) -> list[str]:
    return [one.text for one in result.remarks]


def roster(folder: Path, *people_rows: dict[str, Any], name: str = "名册.xlsx", **how: Any) -> Path:
    return xlsx(folder / name, table(people_rows), **how)


# the samples, as officers get them


def test_the_sample_roster_whole(book: Workbook) -> None:
    result = import_file(book, DATA / "roster-a.xlsx")
    counts = result.counts()
    assert counts["households"] == {"new": 86, "changed": 0, "unchanged": 0}
    assert counts["members"] == {"new": 270, "changed": 0, "unchanged": 0}
    assert counts["helpers"] == counts["assignments"] == {"new": 86, "changed": 0, "unchanged": 0}
    assert (counts["refused"], counts["remarks"], result.year) == (0, 0, 2018)
    assert [(one.kind, one.rows, one.unrecognized) for one in result.sheets] == [
        ("member", 270, ()),
        ("helper", 86, ()),
    ]
    with book.reading() as session:
        household_card = household_details(session, Household.id_of("340828100101001"))
    assert household_card.head is not None
    assert (household_card.head.name, household_card.size, household_card.size_mismatch) == ("邓杰子", 3, "")
    assert household_card.values["household_attribute"] == "低保贫困户"
    assert household_card.conditions[0].values["water_safe"] is True
    assert [one.helper for one in household_card.helpers] == ["宋怡芳"]


def test_the_same_file_again_changes_nothing(book: Workbook) -> None:
    import_file(book, DATA / "roster-a.xlsx")
    before = journal(book)
    counts = import_file(book, DATA / "roster-a.xlsx").counts()
    assert journal(book) == before
    assert counts["members"] == {"new": 0, "changed": 0, "unchanged": 270}
    assert counts["assignments"] == {"new": 0, "changed": 0, "unchanged": 86}


def test_the_sample_of_another_village(book: Workbook, tmp_path: Path) -> None:
    with pytest.raises(WrongVillage, match=r"“roster-b.csv”所属“竹园村”，与本工作簿（“石桥村”）不一致.*请打开"):
        preview_file(book, DATA / "roster-b.csv")
    village = replace(builders.VILLAGE, name="竹园村", code="340828100102")
    other = builders.workbook(tmp_path, "竹园村.hdb", village=village)
    counts = import_file(other, DATA / "roster-b.csv", year=2018).counts()
    assert counts["members"] == {"new": 132, "changed": 0, "unchanged": 0}
    assert people(other)["刘𡐓"].education == "高中"
    other.close()


# recognising


def test_every_kind_of_file_gives_the_same(book: Workbook, tmp_path: Path) -> None:
    cells = [["导出时间：2018-08-10"], *table([person(), person(nth=2)])]
    import_file(book, xlsx(tmp_path / "a.xlsx", cells, title=""))
    before = journal(book)
    for path in (
        sheet_files.xls(tmp_path / "a.xls", cells),
        sheet_files.text(tmp_path / "b.csv", cells, "gb18030"),
        sheet_files.text(tmp_path / "c.csv", cells, "utf-8-sig"),
    ):
        assert import_file(book, path).counts()["members"] == {"new": 0, "changed": 0, "unchanged": 2}, path.name
    assert journal(book) == before


def test_no_heading(book: Workbook, tmp_path: Path) -> None:
    with pytest.raises(NoHeaderRow, match=r"“价目.xlsx”的前 20 行里没有找到名册的表头，只认出“姓名”.*从国家系统"):
        preview_file(book, xlsx(tmp_path / "价目.xlsx", [["姓名", "单价", "数量"], ["茶叶", 1, 2]]))


def test_a_sheet_can_be_named(book: Workbook, tmp_path: Path) -> None:
    path = xlsx(tmp_path / "a.xlsx", table([person(1)]), table([person(2)]))
    assert preview_file(book, path, sheet="表2").counts()["households"] == {**NOTHING, "new": 1}
    with pytest.raises(NoHeaderRow, match=r"没有名为“表9”的工作表，有“表1”“表2”"):
        preview_file(book, path, sheet="表9")


def test_columns_without_a_place_are_kept_and_added_to(book: Workbook, tmp_path: Path) -> None:
    import_file(book, roster(tmp_path, person(自造列="甲", 另一列=3)))
    import_file(book, roster(tmp_path, person(自造列="乙", 另一列=None, 第三列="丙")))
    assert people(book)["陈卫国"].import_extra == '{"另一列": "3", "第三列": "丙", "自造列": "乙"}'


@pytest.mark.parametrize(
    ("title", "name", "year"),
    [
        ("导出时间：2018-08-10", "a.xlsx", 2018),
        ("某县 2021 年脱贫人口", "a.xlsx", 2021),
        ("脱贫人口", "户信息_20190305.xlsx", 2019),
    ],
)
def test_the_year_is_told_by_title_or_name(book: Workbook, tmp_path: Path, title: str, name: str, year: int) -> None:
    import_file(book, roster(tmp_path, person(是否危房户="否"), name=name, title=title))
    assert [one.year for one in rows(book, LivingCondition)] == [year]
    assert [(one.year, one.reported_per_head) for one in rows(book, IncomeYear)] == [(year, Decimal(8000))]


def test_a_year_that_nothing_tells_is_remarked(book: Workbook, tmp_path: Path) -> None:
    path = roster(tmp_path, person(), name="名册.xlsx", title="")
    this_year = date.today().year
    assert remarks(preview_file(book, path))[0].startswith(f"表里没有写导出时间，收入和生产生活条件按 {this_year} 年记")
    result = preview_file(book, path, year=2020)
    assert (result.year, remarks(result)) == (2020, [])


def test_the_year_of_a_row_goes_before_that_of_the_file(book: Workbook, tmp_path: Path) -> None:
    import_file(book, roster(tmp_path, person(1, 年度=2016), person(2, 年度="2017年")))
    assert sorted(one.year for one in rows(book, IncomeYear)) == [2016, 2017]


# households


def test_households_without_a_number_are_put_together_by_their_heads(book: Workbook, tmp_path: Path) -> None:
    def row(number: int, nth: int) -> dict[str, Any]:
        return {k: v for k, v in person(number, nth).items() if k not in ("户编号", "人编号")}

    path = roster(tmp_path, row(1, 1), row(1, 2), row(1, 3), row(2, 1), row(2, 2))
    import_file(book, path)
    sizes = [sum(one.household_id == household.id for one in rows(book, Member)) for household in rows(book, Household)]
    assert sorted(sizes) == [2, 3]
    before = journal(book)
    import_file(book, path)
    assert journal(book) == before


def test_a_row_that_belongs_to_no_head_is_refused(book: Workbook, tmp_path: Path) -> None:
    lost = person(nth=2) | {"户编号": None, "人编号": None}
    headless = person(nth=1) | {"户编号": None, "人编号": None, "证件号码": None}
    result = preview_file(book, roster(tmp_path, lost, headless, lost | {"姓名": "王桂兰"}))
    assert [(one.row, one.reason[:13]) for one in result.rejected] == [
        (3, "这一行前面没有“户主”行，"),
        (4, "户主没有户编号，也没有证件"),
        (5, "第 4 行的户主没有收，不"),
    ]


def test_one_number_merged_over_all_rows_of_a_household(book: Workbook, tmp_path: Path) -> None:
    import openpyxl

    path = roster(tmp_path, person(nth=1), person(nth=2) | {"户编号": None}, person(nth=3) | {"户编号": None})
    opened_book = openpyxl.load_workbook(path)
    opened_book.active.merge_cells("A3:A5")
    opened_book.save(path)
    import_file(book, path)
    assert len(rows(book, Household)) == 1
    assert len(rows(book, Member)) == 3


def test_the_head_speaks_for_the_household_and_others_fill_in(book: Workbook, tmp_path: Path) -> None:
    wife = person(nth=2, 主要致贫原因="因病", 村民组="上屋组", 联系电话="13900000001")
    head = person(nth=1, 主要致贫原因="因残", 联系电话="13900000002")
    result = import_file(book, roster(tmp_path, wife, head))
    assert remarks(result) == ["陈卫国户 340828100101001的“主要致贫原因”各行不一致，取第 4 行的",
                              "陈卫国户 340828100101001的“联系电话”各行不一致，取第 4 行的"]  # fmt: skip
    household = rows(book, Household)[0]
    assert (household.cause_main, household.phone, household.group_name) == ("因残", "13900000002", "上屋组")


def test_a_list_of_households_with_its_income(book: Workbook, tmp_path: Path) -> None:
    row = {
        "村": "石桥村",
        "户编号": f"{sheet_files.VILLAGE}001",
        "户主编号": f"{sheet_files.VILLAGE}00101",
        "户主姓名": "陈卫国",
        "户主证件号码": builders.id_number(),
        "年度": 2019,
        "家庭人口数": 3,
        "人均纯收入": 9000.5,
        "工资性收入": 20000,
        "低保金": 0,
        "五保金": 1200,
        "耕地面积（亩）": 2.5,
        "入户路类型": "水泥路",
        "银行卡号": "6217000000000000009",
        "村办公电话": "0556-1234567",
    }
    import_file(book, xlsx(tmp_path / "户信息.xlsx", table([row]), title=""))
    lines = {one.item: one.amount for one in rows(book, IncomeLine)}
    assert lines == {"工资性收入": Decimal(20000), "特困供养金": Decimal(1200)}
    assert rows(book, LivingCondition)[0].land_farm == Decimal("2.5")
    household = rows(book, Household)[0]
    assert (household.population, household.import_extra) == (3, '{"村办公电话": "0556-1234567"}')
    head = people(book)["陈卫国"]
    assert (head.relation, head.household_id) == ("户主", household.id)
    # the members' list of the same village afterwards finds the same people
    counts = import_file(book, roster(tmp_path, person(nth=1) | {"证件号码": builders.id_number()})).counts()
    assert counts["members"] == {"new": 0, "changed": 1, "unchanged": 0}


# people


def test_sex_and_birth_follow_from_the_number_where_nobody_says(book: Workbook, tmp_path: Path) -> None:
    import_file(book, roster(tmp_path, person(nth=1), person(nth=2, 出生日期="1971-01-01")))
    assert (people(book)["陈卫国"].sex, people(book)["陈卫国"].birth) == ("男", date(1970, 5, 6))
    assert people(book)["李秀英"].birth == date(1971, 1, 1)


def test_a_disability_card_tells_kind_and_level(book: Workbook, tmp_path: Path) -> None:
    number = builders.id_number() + "42"
    import_file(book, roster(tmp_path, person(证件号码=number)))
    household_card = people(book)["陈卫国"]
    assert (household_card.disability_no, household_card.disability_kind, household_card.disability_level) == (
        number,
        "肢体残疾",
        "二级",
    )


def test_what_is_certain_is_mended(book: Workbook, tmp_path: Path) -> None:
    good = builders.id_number(date(1970, 1, 1), order=3)
    wide = good.translate({ord(d): ord(d) + 0xFEE0 for d in "0123456789X"})
    lower = next(n for n in (builders.id_number(order=k) for k in range(99)) if n.endswith("X"))
    id_variants = [wide, f"{good[:6]} {good[6:14]} {good[14:]}", f'="{good}"', f"'{good}", f"\t{good} ", lower.lower()]
    people_rows = [person(n, 姓名=f"第{'一二三四五六'[n]}人", 证件号码=number) for n, number in enumerate(id_variants)]
    path = sheet_files.text(tmp_path / "a.csv", table(people_rows), "gb18030")
    result = import_file(book, path, year=2018)
    assert not result.rejected
    numbers = {one.name: one.id_no for one in rows(book, Member)}
    assert [numbers[f"第{n}人"] for n in "一二三四五六"] == [good] * 5 + [lower]


def test_names_keep_rare_characters_and_lose_blanks(book: Workbook, tmp_path: Path) -> None:
    import_file(book, roster(tmp_path, person(nth=1, 姓名=" 刘　𬱖 "), person(nth=2, 姓名="阿卜杜拉•买买提")))
    assert set(people(book)) == {"刘𬱖", "阿卜杜拉·买买提"}


@pytest.mark.parametrize("number", [3.40828198108168e17, 340828198108168370, "3.40828E+17", "3.4E17"])
def test_a_number_that_lost_its_digits_refuses_the_row(book: Workbook, tmp_path: Path, number: object) -> None:
    result = import_file(book, roster(tmp_path, person(1, 证件号码=number), person(2)))
    assert [(one.sheet, one.row) for one in result.rejected] == [("表1", 3)]
    assert result.rejected[0].reason.startswith("D3 单元格：“证件号码”被存成了数字（3.4")
    assert [one.household_no for one in rows(book, Household)] == [f"{sheet_files.VILLAGE}002"]


def test_a_household_number_kept_whole_as_a_number_is_taken(book: Workbook, tmp_path: Path) -> None:
    import_file(book, roster(tmp_path, person(户编号=340828100101001)))
    assert rows(book, Household)[0].household_no == "340828100101001"


def test_a_card_number_that_lost_its_digits_costs_only_itself(book: Workbook, tmp_path: Path) -> None:
    result = import_file(book, roster(tmp_path, person(银行卡号=6.217e18)))
    assert rows(book, Household)[0].bank_card_no is None
    assert "“银行卡号”被存成了数字（6.217E+18）" in remarks(result)[0]


def test_doubtful_numbers_are_taken_as_the_system_has_them(book: Workbook, tmp_path: Path) -> None:
    good = builders.id_number()
    wrong = good[:17] + ("1" if good[17] != "1" else "2")
    old = good[:6] + good[8:17]
    result = import_file(book, roster(tmp_path, person(1, 证件号码=wrong), person(2, 姓名="王桂兰", 证件号码=old)))
    assert [one.id_no for one in (people(book)["陈卫国"], people(book)["王桂兰"])] == [wrong, old]
    assert "校验码不对，请核对每一位（疑点，已按原样取）" in remarks(result)[0]
    assert "15 位旧号" in remarks(result)[1]
    assert people(book)["陈卫国"].birth is None


def test_values_outside_the_lists_are_left_out_and_told(book: Workbook, tmp_path: Path) -> None:
    odd = person(文化程度="秀才", 人均纯收入="很多", 出生日期="昨天", 是否危房户="也许", **{"务工时间（月）": 13})
    result = import_file(book, roster(tmp_path, odd))
    assert [(one.row, one.column) for one in result.remarks] == [
        (3, "文化程度"), (3, "人均纯收入"), (3, "出生日期"), (3, "是否危房户"), (3, "务工时间（月）"),
    ]  # fmt: skip
    assert remarks(result)[0] == "“文化程度”的“秀才”不在选项里，未取"
    assert people(book)["陈卫国"].education is None
    assert not result.rejected


def test_nobody_without_a_name(book: Workbook, tmp_path: Path) -> None:
    result = preview_file(book, roster(tmp_path, person(1), person(2) | {"姓名": None}))
    assert [one.reason for one in result.rejected] == ["没有填“姓名”，不知道是谁。请补填后再导入。"]


def test_sums_notes_blank_rows_and_repeated_headings_are_no_rows(book: Workbook, tmp_path: Path) -> None:
    cells = table([person(1)])
    cells += [
        [None] * 8,
        cells[0],
        cells[1][:0] + table([person(2)])[1],
        ["合计", None, None, None, "2 人"],
        ["注：略"],
    ]
    result = preview_file(book, xlsx(tmp_path / "a.xlsx", cells))
    assert result.counts()["members"] == {**NOTHING, "new": 2}
    assert not result.rejected


def test_formulas_without_a_result(book: Workbook, tmp_path: Path) -> None:
    result = preview_file(book, roster(tmp_path, person(1, 姓名="=A1"), person(2, 人均纯收入="=1+1")))
    assert [one.reason[:31] for one in result.rejected] == ["“姓名”（C3）的公式没有算出结果。请用 Excel 打开算好"]
    assert remarks(result) == ["“人均纯收入”（H4）的公式没有算出结果，未取"]


def test_the_same_person_twice_and_one_number_in_two_homes(book: Workbook, tmp_path: Path) -> None:
    one, again = person(1), person(1, 文化程度="高中", 民族="汉族")
    guest = person(2, 证件号码=one["证件号码"], 姓名="陈卫军")
    stranger = person(1, 姓名="张三", 证件号码=builders.id_number(order=77))
    result = import_file(book, roster(tmp_path, one, again, guest, stranger))
    assert remarks(result) == [
        "与第 3 行是同一个人（陈卫国），以第 3 行为准",
        "“陈卫军”的证件号码在第 3 行的另一户里也有",
    ]
    assert [(r.row, r.reason[:24]) for r in result.rejected] == [(6, "与第 3 行的“陈卫国”是同一个编号，姓名却不同")]
    assert (people(book)["陈卫国"].education, people(book)["陈卫国"].ethnic) == ("小学", "汉族")


def test_who_left_is_said_by_the_sheet_only(book: Workbook, tmp_path: Path) -> None:
    import_file(book, roster(tmp_path, person(nth=1), person(nth=2), person(nth=3)))
    result = import_file(book, roster(tmp_path, person(nth=1), person(nth=2, 减少原因="死亡", 减少日期="2018-07-01")))
    assert (people(book)["李秀英"].left, people(book)["李秀英"].left_on) == ("死亡", date(2018, 7, 1))
    assert people(book)["陈小燕"].left is None
    assert remarks(result) == ["陈卫国户 340828100101001的“陈小燕”名册里没有，本工作簿里还在，未改动"]
    again = import_file(book, roster(tmp_path, person(nth=1), person(nth=2), person(nth=3)))
    assert remarks(again) == ["“李秀英”在本工作簿里已登记为“死亡”，名册里还有，请核对"]
    assert people(book)["李秀英"].left == "死亡"


# what is there already


def test_only_what_differs_is_changed_and_shown_with_its_past(book: Workbook, tmp_path: Path) -> None:
    import_file(book, roster(tmp_path, person(nth=1, 联系电话="13900000001"), person(nth=2)))
    before = journal(book)
    path = roster(tmp_path, person(nth=1, 文化程度="高中中专", 联系电话="13900000002"), person(nth=2, 文化程度="高中"))
    result = preview_file(book, path)
    assert journal(book) == before
    changed = {one.title: one for one in result.records if one.state == "changed"}
    assert [cell.display_texts(hide=True) for cell in changed["李秀英"].cell_changes()] == [("小学", "高中")]
    household = next(one for one in changed.values() if one.table == "household")
    assert [cell.display_texts(hide=True) for cell in household.cell_changes()] == [("139****0001", "139****0002")]
    written = run_to_completion(apply_import(book, result))
    assert (written.created, written.changed, written.cells) == (0, 2, 2)
    assert journal(book) == before + 2


def test_empty_cells_erase_nothing(book: Workbook, tmp_path: Path) -> None:
    import_file(book, roster(tmp_path, person(民族="汉族", 是否危房户="是", 联系电话="13900000001")))
    before = journal(book)
    import_file(book, roster(tmp_path, person() | {"文化程度": None, "人均纯收入": "", "民族": " ", "是否危房户": "/"}))
    assert journal(book) == before


def test_people_and_homes_typed_by_hand_are_found_again(book: Workbook, tmp_path: Path) -> None:
    number = builders.id_number(order=11)
    with book.writing() as session:
        household = Household(village=sheet_files.VILLAGE, household_no=f"{sheet_files.VILLAGE}001")
        session.add(household)
        session.flush()
        session.add(
            Member(village=sheet_files.VILLAGE, household_id=household.id, name="陈卫国", id_no=number, relation="户主")
        )
        session.add(Member(village=sheet_files.VILLAGE, household_id=household.id, name="李秀英"))
    counts = import_file(book, roster(tmp_path, person(nth=1, 证件号码=number), person(nth=2))).counts()
    assert counts["households"] == {"new": 0, "changed": 0, "unchanged": 1}
    assert counts["members"] == {"new": 0, "changed": 2, "unchanged": 0}


def test_a_person_moves_to_the_household_that_the_roster_says(book: Workbook, tmp_path: Path) -> None:
    import_file(book, roster(tmp_path, person(1, 1), person(1, 2), person(2, 1, 姓名="王大山")))
    import_file(book, roster(tmp_path, person(1, 1), person(1, 2) | {"户编号": f"{sheet_files.VILLAGE}002"}))
    assert people(book)["李秀英"].household_id == Household.id_of(f"{sheet_files.VILLAGE}002")
    assert len(rows(book, Member)) == 3


def test_what_was_taken_back_stays_so(book: Workbook, tmp_path: Path) -> None:
    import_file(book, roster(tmp_path, person(1, 1), person(1, 2), person(2, 1)))
    withdraw(book, "member", Member.id_of(f"{sheet_files.VILLAGE}00102"))
    withdraw(book, "household", Household.id_of(f"{sheet_files.VILLAGE}002"))
    result = import_file(book, roster(tmp_path, person(1, 1), person(1, 2), person(2, 1)))
    assert [one.row for one in result.rejected] == [5, 4] or [one.row for one in result.rejected] == [4, 5]
    assert all("撤回" in one.reason for one in result.rejected)
    assert people(book)["李秀英"].withdrawn


def test_households_that_the_roster_lacks_are_told_once(book: Workbook, tmp_path: Path) -> None:
    import_file(book, roster(tmp_path, person(1), person(2), person(3)))
    result = preview_file(book, roster(tmp_path, person(1)))
    assert remarks(result) == ["本工作簿里有 2 户不在这份名册里，未改动：340828100101002、340828100101003"]


def test_measures_are_told_by_the_newest_year_of_their_columns(book: Workbook, tmp_path: Path) -> None:
    told = {
        "产业帮扶（2017年）": "是",
        "产业帮扶（2018年）": "否",
        "就业帮扶（2017年）": "否",
        "就业帮扶（2018年）": "是",
    }
    result = preview_file(book, roster(tmp_path, person(1, **told)))
    assert list(result.listed.measures.values()) == [{"就业帮扶"}]


def test_two_persons_with_numbers_of_their_own_are_two_though_their_id_number_is_one(
    book: Workbook, tmp_path: Path
) -> None:
    number = f"{VILLAGE}00101"
    once = [person(1, 人编号=None), person(1, 人编号=number), person(1, 人编号=number)]
    assert preview_file(book, roster(tmp_path, *once)).counts()["members"] == {**NOTHING, "new": 1}
    twice = [*once, person(1, 人编号=f"{VILLAGE}00109")]
    assert preview_file(book, roster(tmp_path, *twice)).counts()["members"] == {**NOTHING, "new": 2}


@pytest.mark.parametrize(("absent", "ending"), [(10, "340828100101011"), (11, "340828100101011…")])
def test_ten_households_that_the_roster_lacks_are_named(
    book: Workbook, tmp_path: Path, absent: int, ending: str
) -> None:
    with book.writing() as session:
        for number in range(1, absent + 2):
            builders.household(session, members=1, number=number)
    (remark,) = (text for text in remarks(preview_file(book, roster(tmp_path, person(1)))) if "未改动" in text)
    assert f"有 {absent} 户" in remark
    assert remark.endswith(ending)
    assert remark.count("、") == 9


def test_a_later_list_that_changes_nothing_is_news_of_its_households(book: Workbook, tmp_path: Path) -> None:
    first = preview_file(book, roster(tmp_path, person(1), person(2)))
    assert first.listed.news == 0, "what changes records is written anyway"
    run_to_completion(apply_import(book, first))
    assert preview_file(book, roster(tmp_path, person(1), person(2))).listed.news == 0
    later = preview_file(book, roster(tmp_path, person(1), person(2), title="导出时间：2018-09-10"))
    assert (later.count_writes(), later.listed.news) == (0, 2)


# villages


def test_rows_of_another_village_are_refused_one_by_one(book: Workbook, tmp_path: Path) -> None:
    other = person(2, 户编号="340828100102001", 人编号="34082810010200101", 行政村="竹园村")
    result = preview_file(book, roster(tmp_path, person(1), other))
    assert [one.reason for one in result.rejected] == ["这一行是“竹园村”的，本工作簿只有“石桥村”。"]


@pytest.mark.parametrize(
    ("cells", "ours"),
    [
        ({"行政村": "石桥村民委员会", "户编号": "999999999999001"}, True),
        ({"行政村": "石桥", "户编号": "A001"}, True),
        ({"行政村": "写错了", "户编号": "340828100101001"}, True),
        ({"行政村": None, "户编号": "A001"}, True),
        ({"行政村": None, "户编号": "340828100102001"}, False),
        ({"行政村": "石桥村", "乡镇": "别的镇", "户编号": "340828200101001"}, False),
        ({"行政村": "石桥村", "乡镇": "响水镇", "户编号": "340828200101001"}, True),
    ],
)
def test_whose_row_it_is(book: Workbook, tmp_path: Path, cells: dict[str, Any], ours: bool) -> None:
    result = preview_file(book, roster(tmp_path, person(9), person(1) | cells))
    assert (not result.rejected) is ours


# helpers


def helped(**cells: Any) -> dict[str, Any]:
    return {
        "户编号": f"{sheet_files.VILLAGE}001", "户主姓名": "陈卫国", "帮扶人姓名": "宋怡芳", "帮扶单位": "县教育局",
        "联系电话": "15989615772", "帮扶开始时间": "2018-01-15",
    } | cells  # fmt: skip


def with_helpers(folder: Path, *helpers: dict[str, Any]) -> Path:
    return xlsx(folder / "帮扶.xlsx", table([person(1), person(2, 姓名="王大山")]), table(helpers))


def test_one_helper_of_two_homes_is_one_person(book: Workbook, tmp_path: Path) -> None:
    path = with_helpers(tmp_path, helped(), helped(户编号=None, 户主姓名="王大山", 帮扶单位="教育局"))
    result = import_file(book, path)
    assert [one.name for one in rows(book, Helper)] == ["宋怡芳"]
    assert len(rows(book, Assignment)) == 2
    assert remarks(result) == ["帮扶人“宋怡芳”的“帮扶单位”与第 2 行不一致，取第 2 行的"]
    before = journal(book)
    import_file(book, path)
    assert journal(book) == before


def test_another_helper_ends_nobody(book: Workbook, tmp_path: Path) -> None:
    import_file(book, with_helpers(tmp_path, helped()))
    result = import_file(book, with_helpers(tmp_path, helped(帮扶人姓名="李明", 联系电话="15989615773")))
    assert [one.ended_on for one in rows(book, Assignment)] == [None, None]
    assert "现在由“宋怡芳”帮扶，名册写的是“李明”；两人都保留" in remarks(result)[0]


def test_an_end_that_the_sheet_says_is_taken(book: Workbook, tmp_path: Path) -> None:
    import_file(book, with_helpers(tmp_path, helped()))
    import_file(book, with_helpers(tmp_path, helped(帮扶结束时间=date(2018, 8, 1))))
    assert [one.ended_on for one in rows(book, Assignment)] == [date(2018, 8, 1)]


def test_another_beginning_of_the_same_helper_is_asked_about(book: Workbook, tmp_path: Path) -> None:
    import_file(book, with_helpers(tmp_path, helped()))
    result = import_file(book, with_helpers(tmp_path, helped(帮扶开始时间="2018-03-01")))
    assert [one.started_on for one in rows(book, Assignment)] == [date(2018, 1, 15)]
    assert "本工作簿从 2018-01-15 起帮扶，名册写 2018-03-01，未改动" in remarks(result)[0]


def test_a_helper_of_nobody_is_refused(book: Workbook, tmp_path: Path) -> None:
    result = preview_file(
        book, with_helpers(tmp_path, helped(户编号=f"{sheet_files.VILLAGE}777"), helped(帮扶人姓名=None))
    )
    assert [(one.sheet, one.row, one.reason[:14]) for one in result.rejected] == [
        ("表2", 2, "名册和本工作簿里都没有这一户"), ("表2", 3, "没有填帮扶人姓名。请补填后再"),
    ]  # fmt: skip


def test_helpers_alone_for_homes_of_the_workbook(book: Workbook, tmp_path: Path) -> None:
    import_file(book, roster(tmp_path, person(1)))
    only = xlsx(tmp_path / "帮扶.xlsx", table([helped(户编号=None)]))
    assert import_file(book, only).counts()["assignments"] == {**NOTHING, "new": 1}


# writing


def test_cancelled_writing_leaves_nothing(book: Workbook) -> None:
    result = preview_file(book, DATA / "roster-a.xlsx")
    before = journal(book)
    task = apply_import(book, result)
    for _ in range(3):
        next(task)
    task.close()
    assert journal(book) == before
    assert not rows(book, Household)


def test_a_preview_of_a_changed_workbook_is_not_written(book: Workbook, tmp_path: Path) -> None:
    import_file(book, roster(tmp_path, person()))
    result = preview_file(book, roster(tmp_path, person(文化程度="高中")))
    with book.writing() as session:
        session.execute(update(Member).values(education="初中"))
    with pytest.raises(StalePreview, match=r"请重新预览"):
        run_to_completion(apply_import(book, result))
    assert people(book)["陈卫国"].education == "初中"


def test_preview_writes_nothing(book: Workbook) -> None:
    before = journal(book)
    task = preview(book, DATA / "roster-a.xlsx")
    steps = [progress.message for progress in task]
    assert journal(book) == before
    assert {"读取表格", "核对“贫困人口信息”", "比对工作簿"} <= set(steps)


def test_a_household_that_was_joined_to_another(book: Workbook, tmp_path: Path) -> None:
    import_file(book, roster(tmp_path, person(1), person(1, 2), person(2, 1, 姓名="陈小妹")))
    first, second = (Household.id_of(f"{sheet_files.VILLAGE}{number:03}") for number in (1, 2))
    with book.writing() as session:
        session.execute(update(Household).where(Household.id == second).values(merged_into=first, note="旧"))
    before = journal(book)
    again = import_file(book, roster(tmp_path, person(1), person(2, 1, 姓名="陈小妹"), name="再来.xlsx"))
    assert journal(book) == before
    assert any("已并入另一户" in remark for remark in remarks(again))
    assert not any("不在这份名册里" in remark for remark in remarks(again))
    import_file(book, roster(tmp_path, person(2, 1, 姓名="陈小妹"), person(2, 2, 姓名="陈小弟"), name="新人.xlsx"))
    assert people(book)["陈小弟"].household_id == first
    assert {one.household_no for one in rows(book, Household)} == {
        f"{sheet_files.VILLAGE}001",
        f"{sheet_files.VILLAGE}002",
    }


def test_an_import_that_was_undone_can_be_done_again(book: Workbook) -> None:
    import_file(book, DATA / "roster-a.xlsx")
    with book.reading() as session:
        assert list_operations(session, limit=1)[0].title == "导入表格：roster-a.xlsx"
    run_to_completion(undo(book))
    assert all(one.withdrawn for one in rows(book, Household) + rows(book, Member) + rows(book, Helper))
    counts = import_file(book, DATA / "roster-a.xlsx").counts()
    assert counts["households"] == {"new": 86, "changed": 0, "unchanged": 0}
    assert counts["refused"] == 0
    assert not any(one.withdrawn for one in rows(book, Household) + rows(book, Member) + rows(book, Helper))
    run_to_completion(undo(book))
    assert all(one.withdrawn for one in rows(book, Household))
    run_to_completion(redo(book))
    assert not any(one.withdrawn for one in rows(book, Household))
