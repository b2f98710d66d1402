"""A list of another office against the workbook: who is on which side, and what becomes of it month by month."""

from datetime import date
from decimal import Decimal
from pathlib import Path

import openpyxl
import pytest

from app.comparison.decision import accept, decide, preview_acceptance, reopen, stored_lines
from app.comparison.stored_lines import SavedCounts, save_comparison
from app.comparison.subject import Subject, SubjectError, all_subjects, get_subject, load_subject
from app.errors import UserError
from app.progress import run_to_completion
from app.sheets.errors import NoHeaderRow, RosterFound
from app.sheets.list_comparison import ListComparison, compare_list
from app.workbook import operations
from app.workbook.workbook import Workbook
from db.schema.assistance import SocialAssistance
from db.schema.finance import SmallLoan
from tests import builders
from tests.app.comparison.office_files import BIRTHS, NUMBERS, VILLAGE, fill, member_id, members, office_list
from tests.app.sheets.sheet_files import person, preview_file, table, text, xlsx

YES = {"dibao": True}


def compare(book: Workbook, path: Path, subject: Subject | None = None) -> ListComparison:
    return run_to_completion(compare_list(book, path, subject))


def outcome(shown: ListComparison) -> dict[str, str]:
    """Name → result."""
    return {line.name: line.result for line in shown.compared.lines}


def old_number(number: str) -> str:
    return number[:6] + number[8:17]


def test_each_person_stands_on_his_side(book: Workbook, tmp_path: Path) -> None:
    fill(book, 张一=YES, 王二=YES, 赵四=YES, 钱五={"id_no": None})
    path = office_list(
        tmp_path,
        ("序号", "姓名", "身份证号码", "出生日期", "低保证号"),
        (1, "张一", old_number(NUMBERS["张一"]), None, "D1"),
        (2, "王　二", f" G{NUMBERS['王二'].lower()} ", None, "D2"),
        (3, "李三", NUMBERS["李三"].translate({ord(c): ord(c) + 0xFEE0 for c in "0123456789"}), None, "D3"),
        (4, "钱五", None, BIRTHS["钱五"].isoformat(), "D4"),
        (5, "孙六", builders.id_number(order=400), None, "D5"),
        (6, "周七", "3408281970", None, "D6"),
        (7, "张一", NUMBERS["张一"], None, "D7"),
        ("合计", 7, None, None, None),
        ("填表人：吴敏", None, None, None, None),
        title="响水镇2026年10月农村低保备案表",
    )
    shown = compare(book, path)
    compared = shown.compared
    assert (compared.subject.key, compared.list_date, compared.row_count) == ("dibao", date(2026, 10, 1), 7)
    assert [line.result for line in compared.lines] == [
        "same", "same", "theirs_only", "theirs_only", "theirs_only", "incomplete", "duplicate", "ours_only",
    ]  # fmt: skip
    assert compared.lines[-1].name == "赵四"
    assert "3408281970" in str(compared.lines[5].row)
    told = " ".join(remark.describe() for remark in shown.remarks)
    assert "合计 | 7" in told
    assert "填表人：吴敏" in told


def test_values_are_compared_with_units_and_certificates(book: Workbook, tmp_path: Path) -> None:
    fill(book, 张一=YES, 王二=YES)
    with book.writing() as session:
        for n, name in enumerate(("张一", "王二")):
            session.add(
                SocialAssistance(
                    id=f"aid{n}", village=VILLAGE, member_id=member_id(name), kind="农村低保", started_in="2020-01",
                    amount=Decimal(500),
                )
            )  # fmt: skip
    path = office_list(
        tmp_path,
        ("姓名", "证件号码", "月保障金额（百元）"),
        ("张一", NUMBERS["张一"], 5),
        ("王二", NUMBERS["王二"], "6.2"),
        name="低保10月.xlsx",
    )
    shown = compare(book, path)
    assert outcome(shown) == {"张一": "same", "王二": "different"}
    assert [change.describe() for change in shown.compared.lines[1].changes] == ["月保障金额：500.00 → 620.00"]


def test_a_list_of_those_who_are_not_in_it(book: Workbook, tmp_path: Path) -> None:
    fill(book, 张一={"med_ins": True}, 王二={"med_ins": False})
    headers = ("姓名", "身份证号", "参保状态")
    rows = [(name, NUMBERS[name], "未参保") for name in ("张一", "王二")]
    assert outcome(compare(book, office_list(tmp_path, headers, *rows)))["张一"] == "ours_only"
    named = office_list(tmp_path, headers[:2], *(row[:2] for row in rows), name="未参保人员名单.xlsx")
    assert outcome(compare(book, named)) == {"张一": "ours_only", "王二": "same"}


def test_who_is_missing_depends_on_which_village_the_list_is_of(book: Workbook, tmp_path: Path) -> None:
    fill(book, 张一=YES)
    headers, stranger = ("姓名", "身份证号", "行政村", "低保证号"), builders.id_number(order=400)
    of_another = office_list(tmp_path, headers, ("孙六", stranger, "柳树沟村", "D1"))
    assert outcome(compare(book, of_another)) == {"孙六": "elsewhere"}
    of_ours = office_list(tmp_path, headers, ("孙六", stranger, "石桥村委会", "D1"))
    assert outcome(compare(book, of_ours)) == {"孙六": "theirs_only", "张一": "ours_only"}
    of_nobody_known = office_list(tmp_path, headers, ("孙六", stranger, None, "D1"))
    assert outcome(compare(book, of_nobody_known)) == {"孙六": "theirs_only", "张一": "ours_only"}


def test_loans_answer_by_household(book: Workbook, tmp_path: Path) -> None:
    fill(book)
    with book.writing() as session:
        for n in (1, 2):
            session.add(
                SmallLoan(
                    id=f"loan{n}", village=VILLAGE, household_id=builders_household(n), bank="农商行",
                    amount=Decimal(10000 * n), purpose="养殖业", issued_on=date(2024, 5, n), due_on=date(2027, 5, n),
                )
            )  # fmt: skip
    path = office_list(tmp_path, ("借款人", "借款人身份证号", "贷款金额(万元)"), ("李三", NUMBERS["李三"], 2))
    assert outcome(compare(book, path)) == {"李三": "different", "赵四": "ours_only"}


def builders_household(number: int) -> str:
    from db.schema.household import Household

    return Household.id_of(f"{VILLAGE}{number:03}")


def test_accepting_writes_once_and_is_undone(book: Workbook, tmp_path: Path) -> None:
    fill(book, 赵四=YES)
    path = office_list(tmp_path, ("姓名", "身份证号", "低保证号"), ("张一", NUMBERS["张一"], 1), ("外人", "340828", 2))
    run_to_completion(save_comparison(book, compare(book, path).compared))
    with book.reading() as session:
        ids = [line.id for line in stored_lines(session, "dibao")]
        shown = preview_acceptance(session, ids)
    assert len(ids) == 3
    assert sorted(line.name for line in shown.lines) == ["张一", "赵四"]
    assert [line.name for line, _ in shown.refused] == ["外人"]
    assert run_to_completion(accept(book, shown)) == 2
    assert (members(book)["张一"].dibao, members(book)["赵四"].dibao) == (True, False)
    assert "按名单修改工作簿 2 人" in run_to_completion(operations.undo(book))
    assert (members(book)["张一"].dibao, members(book)["赵四"].dibao) == (None, True)
    with book.reading() as session:
        assert not any(line.decision for line in stored_lines(session, "dibao"))


def test_next_month_shows_what_changed_and_keeps_what_was_decided(book: Workbook, tmp_path: Path) -> None:
    fill(book, 张一=YES, 王二=YES)
    headers, certificate = ("姓名", "身份证号", "低保证号"), "D1"
    october = office_list(
        tmp_path, headers, ("李三", NUMBERS["李三"], certificate), ("赵四", NUMBERS["赵四"], certificate),
        name="低保2026年10月.xlsx",
    )  # fmt: skip
    first = compare(book, october)
    assert set(first.standings) == {"new"}
    saved = run_to_completion(save_comparison(book, first.compared))
    assert saved == SavedCounts(added=4, changed=0, unchanged=0, agreed=0)
    with book.reading() as session:
        ids = {line.name: line.id for line in stored_lines(session, "dibao")}
    with pytest.raises(UserError, match="请写明"):
        decide(book, [ids["李三"]], "verified", " ")
    decide(book, [ids["李三"]], "verified", "与残疾补贴重复，已退出")
    decide(book, [ids["张一"]], "report", "已报民政所")
    november = office_list(
        tmp_path, headers, ("李三", NUMBERS["李三"], certificate), ("王二", NUMBERS["王二"], certificate),
        ("钱五", NUMBERS["钱五"], certificate), name="低保2026年11月.xlsx",
    )  # fmt: skip
    second = compare(book, november)
    shown = {line.name: standing for line, standing in zip(second.compared.lines, second.standings, strict=True)}
    assert shown == {"李三": "decided", "王二": "", "钱五": "new", "张一": "decided"}
    saved = run_to_completion(save_comparison(book, second.compared))
    assert saved == SavedCounts(added=1, changed=0, unchanged=2, agreed=2)
    with book.reading() as session:
        lines = {line.name: line for line in stored_lines(session, "dibao")}
    assert set(lines) == {"李三", "钱五", "张一"}  # 王二 agrees again, 赵四 is on neither side
    assert (lines["李三"].is_decided, lines["李三"].reason) == (True, "与残疾补贴重复，已退出")
    reopen(book, [lines["李三"].id])
    assert "open" in compare(book, november).standings


def test_the_dead_leave_by_the_households_page_where_a_day_or_a_head_is_missing(book: Workbook, tmp_path: Path) -> None:
    fill(book, 王二={"left": "婚出", "left_on": date(2020, 1, 1)})
    path = office_list(
        tmp_path, ("死者姓名", "身份证号", "死亡日期"), ("张一", NUMBERS["张一"], "2026-09-01"),
        ("李三", NUMBERS["李三"], "2026.9.2"), ("钱五", NUMBERS["钱五"], "不详"),
        ("王二", NUMBERS["王二"], "2026-09-03"),
    )  # fmt: skip
    shown = compare(book, path)
    assert set(outcome(shown).values()) == {"theirs_only"}
    assert "不详" in shown.compared.lines[2].explanation
    run_to_completion(save_comparison(book, shown.compared))
    with book.reading() as session:
        preview = preview_acceptance(session, [line.id for line in stored_lines(session, "death")])
    why = {line.name: reason for line, reason in preview.refused}
    assert "先指定新户主" in why["张一"]
    assert "没有写日期" in why["钱五"]
    run_to_completion(accept(book, preview))
    assert (members(book)["李三"].left, members(book)["李三"].left_on) == ("死亡", date(2026, 9, 2))


def test_every_kind_of_list_is_known_by_its_own_words(book: Workbook, tmp_path: Path) -> None:
    fill(book)
    for subject in all_subjects():
        own = [one for one in subject.headers[:2] if one not in subject.columns.get("id_no", ())]
        rows = [["姓名", "身份证号", *own], ["张一", NUMBERS["张一"], *own]]
        path = text(tmp_path / f"{subject.titles[0]}名单.csv", rows)
        assert compare(book, path).compared.subject is subject


def test_what_is_no_such_list_is_refused(book: Workbook, tmp_path: Path) -> None:
    fill(book)
    roster = xlsx(tmp_path / "人口.xlsx", table([person(), person(nth=2)]))
    with pytest.raises(RosterFound, match="导入名册"):
        compare(book, roster, get_subject("dibao"))
    nobody = office_list(tmp_path, ("序号", "低保证号", "月保障金额"), (1, "D1", 300), title="低保")
    with pytest.raises(NoHeaderRow, match="据以对人的列"):
        compare(book, nobody)
    unknown = office_list(tmp_path, ("姓名", "身份证号", "花色"), ("张一", NUMBERS["张一"], "红"))
    with pytest.raises(NoHeaderRow, match="哪种名单"):
        compare(book, unknown)
    assert compare(book, unknown, get_subject("车辆")).compared.counts()["theirs_only"] == 1
    with pytest.raises(UserError, match="没有“彩票”这种名单。有：dibao"):
        get_subject("彩票")
    broken = tmp_path / "坏.xlsx"
    broken.write_bytes(b"PK\x03\x04" + bytes(200))
    with pytest.raises(UserError):
        compare(book, broken)


def test_a_file_of_subjects_that_says_nonsense_is_refused() -> None:
    right = {
        "title": "甲", "office": "乙", "order": 1, "source": "丙", "meaning": "丁", "is_complete": True,
        "titles": ["甲"], "headers": [],
    }  # fmt: skip
    assert load_subject("right", right).title == "甲"
    faults = {
        "“title” is missing": {key: value for key, value in right.items() if key != "title"},
        "“colour” is unknown": {**right, "colour": 1},
        "nothing tells": {**right, "titles": []},
        "two things": {**right, "columns": {"name": ["甲方"], "id_no": ["甲方"]}},
        "member.nothing": {**right, "values": {"member.nothing": ["甲方"]}},
        "no field of the member": {**right, "values": {"household.phone": ["电话"]}},
        "role": {**right, "ours": {"column": "member.left", "role": "moon"}},
        "by_rows without rows": {**right, "ours": {"by_rows": True}},
        "small_loan has no": {**right, "rows": {"table": "small_loan", "owner": "helper_id"}},
    }
    for fault, raw in faults.items():
        with pytest.raises(SubjectError, match=fault):
            load_subject("wrong", raw)


def test_a_starred_number_is_nobody_s_for_certain_but_says_whose_it_may_be(book: Workbook, tmp_path: Path) -> None:
    fill(book)
    starred = NUMBERS["李三"][:6] + "********" + NUMBERS["李三"][14:]
    path = office_list(tmp_path, ("姓名", "身份证号", "编制类型"), ("李三", starred, "在编"), ("孙六", starred, "在编"))
    lines = {line.name: line for line in compare(book, path).compared.lines}
    assert {line.result for line in lines.values()} == {"incomplete"}
    assert (lines["李三"].person is not None, lines["孙六"].person) == (True, None)
    assert "没有打星号的几位对上的，请核对" in lines["李三"].explanation


def test_what_is_hidden_of_a_number_is_shown_where_it_differs(book: Workbook, tmp_path: Path) -> None:
    fill(book, 张一={"disability_no": NUMBERS["张一"] + "42"})
    path = office_list(tmp_path, ("姓名", "残疾证号", "残疾证状态"), ("张一", NUMBERS["张一"] + "43", "正常"))
    (line,) = compare(book, path).compared.lines
    told = line.changes[0].describe()
    assert told.endswith("*3")
    assert "*2 → " in told
    assert NUMBERS["张一"] not in told


def test_lines_below_a_list_and_villages_in_long_addresses_are_no_strangers(book: Workbook, tmp_path: Path) -> None:
    fill(book)
    headers, stranger = ("村(社区)", "身份证明号码", "机动车所有人", "号牌号码"), builders.id_number(order=400)
    path = office_list(
        tmp_path, headers, ("响水镇石桥村下屋组", stranger, "孙六", "皖H1"),
        ("响水镇柳树沟村", builders.id_number(), "周七", "皖H2"),
        ("经办人：王芳", None, "2026年11月5日", None), name="车管所比对结果.xlsx",
    )  # fmt: skip
    shown = compare(book, path)
    assert outcome(shown) == {"孙六": "theirs_only", "周七": "elsewhere"}
    assert "这一行是说明，没有比：经办人：王芳 | 2026年11月5日" in [one.text for one in shown.remarks]


def test_a_list_with_household_numbers_of_another_office_is_offered_and_not_taken(
    book: Workbook, tmp_path: Path
) -> None:
    headers = ("户编号", "姓名", "身份证号", "与户主关系", "安置点", "安置方式")
    row = (f"{VILLAGE}001", "张一", NUMBERS["张一"], "户主", "响水镇安置点", "集中安置")
    offered = preview_file(book, office_list(tmp_path, headers, row, title="易地扶贫搬迁人口花名册"))
    assert [one.kind for one in offered.sheets[0].questions] == ["office"]
    assert not offered.records
    taken = preview_file(book, office_list(tmp_path, headers, row, title="石桥村花名册", name="花名册.xlsx"))
    assert taken.records


def test_a_number_that_became_a_float_still_tells_the_day_of_birth(book: Workbook, tmp_path: Path) -> None:
    fill(book)
    path = office_list(tmp_path, ("姓名", "身份证号", "预警信息"), ("李三", float(NUMBERS["李三"][:17] + "0"), "医疗"))
    (line,) = compare(book, path).compared.lines
    assert line.person is not None
    assert line.person.name == "李三"
    assert "按姓名和出生日期对上的，请核对；证件号码被存成了数字" in line.explanation


def test_a_sheet_may_be_named_after_its_village_and_end_in_signatures(book: Workbook, tmp_path: Path) -> None:
    fill(book, 张一={"tekun": True})
    headers, signed = ("姓名", "身份证号", "供养方式"), ("审核：", "经办：", "日期：")
    excel = openpyxl.Workbook()
    for village, person_row in (("石桥村", ("张一", NUMBERS["张一"], "分散")), ("南山村", ("孙六", "340828", "分散"))):
        sheet = excel.create_sheet(village)
        for cells in (headers, person_row, signed):
            sheet.append(list(cells))
    excel.save(tmp_path / "特困.xlsx")
    shown = compare(book, tmp_path / "特困.xlsx")
    assert outcome(shown) == {"张一": "same", "孙六": "elsewhere"}
    assert sum("这一行是说明" in one.text for one in shown.remarks) == 2


def test_two_owners_in_one_cell_are_two_people_where_their_numbers_say_so(book: Workbook, tmp_path: Path) -> None:
    fill(book)
    path = office_list(
        tmp_path,
        ("权利人", "权利人身份证号", "房屋坐落", "登记时间"),
        ("张一、孙六", f"{NUMBERS['张一']}、{builders.id_number(order=400)}", "城关镇", "2020-05-01"),
        ("王二\n李三", f"{NUMBERS['王二']}\n{NUMBERS['李三']}", "平安里", None),
        ("赵四、钱五", NUMBERS["赵四"], "石桥村", None),  # whose number it is nobody knows
        ("赵四、钱五", f"{NUMBERS['赵四']}、3408281970", "石桥村", None),
        title="不动产登记信息",
    )
    shown = compare(book, path)
    lines = shown.compared.lines
    assert [(line.name, line.result, line.row.row if line.row else 0) for line in lines[:4]] == [
        ("张一", "theirs_only", 3), ("孙六", "theirs_only", 3), ("王二", "theirs_only", 4), ("李三", "theirs_only", 4),
    ]  # fmt: skip
    assert [line.person.name if line.person else "" for line in lines[:4]] == ["张一", "", "王二", "李三"]
    assert all("2 个人" in line.explanation for line in lines[:4])
    assert all(("房屋坐落", "城关镇") in line.row.cells for line in lines[:2] if line.row)
    assert [line.row.row for line in lines[4:] if line.row] == [5, 6]
    assert shown.compared.row_count == 4
    assert len({line.key for line in lines}) == len(lines)
