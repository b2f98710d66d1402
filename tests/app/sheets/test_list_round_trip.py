"""Every list that leaves as a sheet comes back: untouched it changes nothing, edited exactly what was edited."""

import random
import shutil
import subprocess
from collections.abc import Callable, Iterator
from datetime import date, timedelta
from decimal import Decimal
from pathlib import Path
from typing import Any

import openpyxl
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from sqlalchemy import select

from app.errors import UserError
from app.progress import run_to_completion
from app.records.field import Field, Value
from app.registers.engine.register import Register
from app.registers.engine.rows import ids_of_households, row_ids
from app.registers.lists import get_list, own_lists
from app.sheets.group_rows import SheetGroup
from app.sheets.register_export import write_register
from app.sheets.register_import import apply_import, preview, take_sheet_values
from app.sheets.register_layout import PROGRESS
from app.sheets.register_preview import RegisterPreview
from app.workbook import operations
from app.workbook.workbook import Workbook
from db.schema.aid import Assignment, Helper
from db.schema.exchange import AuditEntry
from db.schema.household import Household, Member
from db.schema.income import IncomeLine, IncomeYear
from tests import builders
from tests.full_household import add_full_household
from tests.machine_memory import remembering_in

PEOPLE, INCOMES = get_list("人口"), get_list("年度收入")
UNTOUCHED = {"new": 0, "changed": 0, "conflicts": 0, "duplicates": 0, "refused": 0, "remarks": 0}


def _fill(folder: Path) -> Workbook:
    opened = builders.workbook(folder)
    with opened.writing() as session:
        add_full_household(session, photos=1)
        builders.household(session, 4, number=2, group_name="下屋组")
    return opened


@pytest.fixture(scope="module")
def shared(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Workbook]:
    """Two households that no test changes."""
    with remembering_in(tmp_path_factory.mktemp("state")):
        opened = _fill(tmp_path_factory.mktemp("book"))
        yield opened
        opened.close()


@pytest.fixture
def book(tmp_path: Path) -> Iterator[Workbook]:
    opened = _fill(tmp_path)
    yield opened
    opened.close()


def export(book: Workbook, register: Register, out: Path, **choice: Any) -> Path:
    with book.reading() as session:
        ids = row_ids(session, register)
    run_to_completion(write_register(book, register, ids, out, **choice))
    return out


def edit(path: Path, change: Callable[[Any], None]) -> Path:
    """What an officer does in Excel, on the first sheet."""
    excel = openpyxl.load_workbook(path)
    change(excel.worksheets[0])
    excel.save(path)
    return path


def column(sheet: Any, header: str) -> int:
    return next(int(cell.column) for cell in sheet[2] if cell.value == header)


def row_of(sheet: Any, header: str, value: object) -> int:
    place = column(sheet, header)
    return next(row for row in range(3, sheet.max_row + 1) if sheet.cell(row, place).value == value)


def shown(book: Workbook, path: Path) -> RegisterPreview:
    return run_to_completion(preview(book, path))


def remarks(result: RegisterPreview) -> list[str]:
    return [one.describe() for one in result.remarks]


def member_id(number: int, household: int = 1) -> str:
    return Member.id_of(f"{builders.VILLAGE.code}{household:03}{number:02}")


@pytest.mark.parametrize("register", own_lists(), ids=lambda one: one.key)
def test_a_list_that_nobody_touched_changes_nothing(shared: Workbook, register: Register, tmp_path: Path) -> None:
    """The same of every register: tests/app/registers/test_every_register.py."""
    result = shown(shared, export(shared, register, tmp_path / "名单.xlsx"))
    counts = result.counts()
    assert (result.register, {name: counts[name] for name in UNTOUCHED}) == (register.key, UNTOUCHED), remarks(result)
    with shared.reading() as session:
        assert counts["unchanged"] >= len(row_ids(session, register))


def test_every_list_of_our_own_has_rows_in_the_test_above(shared: Workbook) -> None:
    with shared.reading() as session:
        counts = {one.key: len(row_ids(session, one)) for one in own_lists()}
    assert min(counts.values()) > 0, counts


def _new_value(one: Field, random_number: int) -> tuple[object, Value]:
    """What an officer types into a cell, and what becomes of it."""
    n = random_number % 997
    low = one.spec.minimum if one.spec.minimum is not None else Decimal(0)
    match one.kind:
        case "date":
            day = date(2015, 1, 1) + timedelta(days=n)
            return (day if n % 2 else f"{day.year}年{day.month}月{day.day}日"), day
        case "month":
            return f"2017.{n % 9 + 1}", f"2017-{n % 9 + 1:02}"
        case "year":
            return 2000 + n % 10, 2000 + n % 10
        case "integer":
            return int(low) + n % 5, int(low) + n % 5
        case "decimal" | "money":
            return float(low) + n % 5 + 0.5, low + n % 5 + Decimal("0.5")
        case "yes_no":
            return ("是", True) if n % 2 else ("否", False)
        case "choice":
            option = one.options[n % len(one.options)]
            return option.label, option.value
        case "choices":
            option = one.options[n % len(one.options)]
            return option.label, (option.value,)
        case _ if one.spec.rule == "phone":
            return f"138{n:08}", f"138{n:08}"
    return f"=改{n}" if n % 7 == 0 else f"改{n}", f"=改{n}" if n % 7 == 0 else f"改{n}"


def _editable(register: Register) -> list[Field]:
    free = ("", "phone")
    return [
        one for one in register.fields()
        if register.is_kept(one) and one.kind != "reference" and one.spec.rule in free and one.name not in ("year",)
    ]  # fmt: skip


@settings(
    max_examples=6, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow]
)
@given(seed=st.integers(0, 10**6), register=st.sampled_from([PEOPLE, get_list("household"), get_list("帮扶措施")]))
def test_exactly_the_edited_cells_are_taken(shared: Workbook, tmp_path: Path, seed: int, register: Register) -> None:
    """Five hundred random cells, rows in another order, a column of the officer's own in between."""
    chance = random.Random(seed)
    path = export(shared, register, tmp_path / "名单.xlsx")
    with shared.reading() as session:
        held = {row.id: row for row in session.scalars(select(register.record))}
        expected: dict[str, dict[str, Value]] = {}

        def change(sheet: Any) -> None:
            places = {one.name: column(sheet, _header(one)) for one in _editable(register)}
            id_column = column(sheet, "记录编号")
            for _ in range(500):
                row, one = chance.randrange(3, 3 + len(held_rows(sheet, id_column))), chance.choice(_editable(register))
                typed, value = _new_value(one, chance.randrange(10**6))
                sheet.cell(row, places[one.name]).value = typed
                if isinstance(typed, str):
                    sheet.cell(row, places[one.name]).data_type = "s"
                id = sheet.cell(row, id_column).value
                expected.setdefault(id, {})[one.name] = value
            _shuffle_rows(sheet, len(held_rows(sheet, id_column)), chance)
            sheet.insert_cols(chance.randrange(1, sheet.max_column))

        edit(path, change)
        kept = {id: {n: v for n, v in cells.items() if getattr(held[id], n) != v} for id, cells in expected.items()}
    result = shown(shared, path)
    assert {row.id: dict(row.after) for row in result.to_write()} == {id: cells for id, cells in kept.items() if cells}
    assert (result.refused, result.conflicts, result.duplicates, result.remarks) == ((), (), (), ())


def _header(one: Field) -> str:
    return f"{one.label}（{one.unit}）" if one.unit and not one.label.endswith("）") else one.label


def held_rows(sheet: Any, id_column: int) -> list[int]:
    return [row for row in range(3, sheet.max_row + 1) if sheet.cell(row, id_column).value]


def _shuffle_rows(sheet: Any, count: int, chance: random.Random) -> None:
    rows = [[cell.value for cell in sheet[row]] for row in range(3, 3 + count)]
    chance.shuffle(rows)
    for index, cells in enumerate(rows):
        for place, value in enumerate(cells, 1):
            cell = sheet.cell(3 + index, place)
            cell.value = value
            if isinstance(value, str):
                cell.data_type = "s"


def test_people_leave_household_by_household_with_masked_numbers(book: Workbook, tmp_path: Path) -> None:
    with book.reading() as session:
        order = [Household.id_of(f"{builders.VILLAGE.code}{number:03}") for number in (2, 1)]
        ids = ids_of_households(session, PEOPLE, order)
    run_to_completion(write_register(book, PEOPLE, ids, tmp_path / "人口.xlsx"))
    sheet = openpyxl.load_workbook(tmp_path / "人口.xlsx").worksheets[0]
    assert [sheet.cell(row, 1).value for row in (3, 7)] == [f"{builders.VILLAGE.code}{number:03}" for number in (2, 1)]
    assert "********" in sheet.cell(3, column(sheet, "证件号码")).value
    assert sheet.print_title_rows == "$1:$2"
    assert sheet.auto_filter.ref.startswith("A2:")


def test_full_numbers_need_a_reason_which_is_logged(book: Workbook, tmp_path: Path) -> None:
    with pytest.raises(UserError, match="写明事由"):
        export(book, PEOPLE, tmp_path / "人口.xlsx", hide=False)
    export(book, PEOPLE, tmp_path / "人口.xlsx", hide=False, reason="镇民政办核对")
    with book.reading() as session:
        logged = [entry.what for entry in session.scalars(select(AuditEntry))]
    assert logged == ["导出人口（完整号码，事由：镇民政办核对）"]


def test_only_the_columns_that_were_chosen_leave_and_come_back(book: Workbook, tmp_path: Path) -> None:
    visits = get_list("visit")
    path = export(book, visits, tmp_path / "走访.xlsx", chosen=("found", PROGRESS, "visited_on"))
    edit(path, lambda sheet: setattr(sheet.cell(3, column(sheet, "了解情况")), "value", "都好"))
    sheet = openpyxl.load_workbook(path).worksheets[0]
    headers = [cell.value for cell in sheet[2]]
    assert headers == ["户编号", "户主", "村民组", "了解情况", "进度", "走访日期", "记录编号"]
    assert [dict(row.after) for row in shown(book, path).to_write()] == [{"found": "都好"}]


VIEWED = ("name", "view.household.phone", "work_months", "view.village")
GROUPS = (
    SheetGroup("村民组：上屋组（4 条）", 0, {}),
    SheetGroup("村民组：下屋组（4 条）", 4, {"work_months": Decimal("7.5")}),
    SheetGroup("合计（8 条）", 8, {"work_months": Decimal("7.5")}),
)


def test_columns_of_the_household_and_sums_of_groups_leave_and_change_nothing(book: Workbook, tmp_path: Path) -> None:
    with book.writing() as session:
        session.get_one(Household, Household.id_of(f"{builders.VILLAGE.code}002")).phone = "13900000002"
    path = export(book, PEOPLE, tmp_path / "人口.xlsx", chosen=VIEWED, groups=GROUPS)
    sheet = openpyxl.load_workbook(path).worksheets[0]
    assert [cell.value for cell in sheet[2]] == [
        "户编号", "户主", "村民组", "姓名", "农户：联系电话", "务工时间（月）", "村", "记录编号",
    ]  # fmt: skip
    first = [sheet.cell(row, 1).value for row in range(3, sheet.max_row + 1)]
    assert [n for n, text in enumerate(first) if text in {group.title for group in GROUPS}] == [0, 5, 10]
    second = next(
        row for row in range(3, sheet.max_row + 1) if sheet.cell(row, 1).value == f"{builders.VILLAGE.code}002"
    )
    assert (sheet.cell(second, 5).value, sheet.cell(second, 7).value) == ("139****0002", "石桥村")
    assert (sheet.cell(8, 6).value, sheet.cell(8, 1).font.bold) == (7.5, True)
    counts = shown(book, path).counts()
    assert {name: counts[name] for name in UNTOUCHED} == UNTOUCHED


def test_what_is_typed_into_them_is_named_and_not_taken(book: Workbook, tmp_path: Path) -> None:
    path = export(book, PEOPLE, tmp_path / "人口.xlsx", chosen=VIEWED, groups=GROUPS)

    def change(sheet: Any) -> None:
        sheet.cell(4, 5).value, sheet.cell(8, 6).value = "13911111111", 99
        sheet.delete_rows(3)
        sheet.append([f"{builders.VILLAGE.code}002", None, None, "新来的", "13922222222", 5, None])

    result = shown(book, edit(path, change))
    assert (result.to_write(), len(result.refused)) == ([], 1)
    told = "\n".join(f"{one.text} {one.cells}" for one in result.remarks) + "\n".join(
        text for row in result.refused for text in row.cells
    )
    assert all(text in told for text in ("13911111111", "99", "13922222222"))
    assert "分组和合计的行不是记录，没有取" in told


def test_a_masked_number_is_unchanged_and_a_full_one_is_taken(book: Workbook, tmp_path: Path) -> None:
    def change(sheet: Any) -> None:
        place = column(sheet, "成员联系电话")
        sheet.cell(row_of(sheet, "人编号", f"{builders.VILLAGE.code}00101"), place).value = "13911112222"
        sheet.cell(row_of(sheet, "人编号", f"{builders.VILLAGE.code}00102"), place).value = "139****0000"

    result = shown(book, edit(export(book, PEOPLE, tmp_path / "人口.xlsx"), change))
    assert [(row.id, dict(row.after)) for row in result.to_write()] == [(member_id(1), {"member_phone": "13911112222"})]
    assert [text for text in remarks(result) if "星号" in text] != []


def test_what_was_changed_on_both_sides_is_shown_three_times_and_chosen(book: Workbook, tmp_path: Path) -> None:
    path = export(book, PEOPLE, tmp_path / "人口.xlsx")
    with book.writing() as session:
        person = session.get_one(Member, member_id(2))
        before, person.note = person.note or "", "本工作簿里改的"

    def change(sheet: Any) -> None:
        row = row_of(sheet, "人编号", f"{builders.VILLAGE.code}00102")
        sheet.cell(row, column(sheet, "备注")).value = "表里改的"

    result = shown(book, edit(path, change))
    (conflict,) = result.conflicts
    assert (conflict.left, conflict.here, conflict.there) == (before, "本工作簿里改的", "表里改的")
    assert result.to_write() == []
    assert run_to_completion(apply_import(book, take_sheet_values(result, [conflict]))) == 1
    with book.reading() as session:
        assert session.get_one(Member, member_id(2)).note == "表里改的"
    run_to_completion(operations.undo(book))
    with book.reading() as session:
        assert session.get_one(Member, member_id(2)).note == "本工作簿里改的"


def test_new_people_are_added_and_those_who_are_there_already_are_named(book: Workbook, tmp_path: Path) -> None:
    with book.reading() as session:
        taken = session.get_one(Member, member_id(1, 2)).id_no
    fresh = builders.id_number(date(2017, 3, 4), 77)

    def change(sheet: Any) -> None:
        new = (("新生", "之女", fresh), ("同号", "之子", taken), ("又一位", "户主", None))
        for row, cells in enumerate(new, sheet.max_row + 1):
            sheet.cell(row, column(sheet, "户编号")).value = f"{builders.VILLAGE.code}001"
            for header, value in zip(("姓名", "与户主关系", "证件号码"), cells, strict=True):
                sheet.cell(row, column(sheet, header)).value = value

    result = shown(book, edit(export(book, PEOPLE, tmp_path / "人口.xlsx"), change))
    (added,) = result.to_write()
    household = Household.id_of(f"{builders.VILLAGE.code}001")
    assert (added.state, added.after["name"], added.id) == ("new", "新生", Member.id_in_household(household, fresh))
    assert ["相同" in one.reason or "已有户主" in one.reason for one in result.refused] == [True, True]


def test_a_new_household_comes_with_its_head_unless_it_is_here_already(book: Workbook, tmp_path: Path) -> None:
    with book.reading() as session:
        head = session.get_one(Member, member_id(1, 2)).name

    def change(sheet: Any) -> None:
        rows = ((f"{builders.VILLAGE.code}003", "方新户"), (None, head), (None, None))
        for row, (number, name) in enumerate(rows, 5):
            for header, value in (("户编号", number), ("户主", name), ("村民组", "下屋组")):
                sheet.cell(row, column(sheet, header)).value = value

    result = shown(book, edit(export(book, get_list("农户"), tmp_path / "农户.xlsx"), change))
    assert ["已有户主叫" in one.reason or "要写户主" in one.reason for one in result.refused] == [True, True]
    run_to_completion(apply_import(book, result))
    with book.reading() as session:
        (person,) = session.scalars(select(Member).where(Member.name == "方新户"))
        assert (person.household_id, person.relation) == (Household.id_of(f"{builders.VILLAGE.code}003"), "户主")


def test_a_new_assignment_ends_the_former_one(book: Workbook, tmp_path: Path) -> None:
    with book.writing() as session:
        session.add(Helper(village=builders.VILLAGE.code, name="新来的"))
    with book.reading() as session:
        household = Household.id_of(f"{builders.VILLAGE.code}001")
        in_force = select(Assignment).where(Assignment.household_id == household, Assignment.ended_on.is_(None))
        former = {one.id for one in session.scalars(in_force)}
    assert former

    def change(sheet: Any) -> None:
        row = sheet.max_row + 1
        cells = {"户编号": f"{builders.VILLAGE.code}001", "帮扶联系人": "新来的", "帮扶开始时间": date(2026, 3, 1)}
        for header, value in cells.items():
            sheet.cell(row, column(sheet, header)).value = value

    result = shown(book, edit(export(book, get_list("assignment"), tmp_path / "结对.xlsx"), change))
    run_to_completion(apply_import(book, result))
    with book.reading() as session:
        assert {session.get_one(Assignment, id).ended_on for id in former} == {date(2026, 3, 1)}
        (now,) = session.scalars(in_force)
        assert session.get_one(Helper, now.helper_id).name == "新来的"


def test_people_leave_in_the_order_of_the_national_system(book: Workbook, tmp_path: Path) -> None:
    path = export(book, PEOPLE, tmp_path / "人口.xlsx", chosen=PEOPLE.sheet.national)
    headers = [cell.value for cell in openpyxl.load_workbook(path).worksheets[0][2]]
    assert headers[3:9] == ["人编号", "姓名", "性别", "出生日期", "证件类型", "证件号码"]
    assert shown(book, path).to_write() == []


def test_households_leave_in_the_order_of_the_national_system(book: Workbook, tmp_path: Path) -> None:
    """As the 户信息 of resources/rosters/households.toml stands."""
    households = get_list("农户")
    path = export(book, households, tmp_path / "农户.xlsx", chosen=households.sheet.national)
    headers = [cell.value for cell in openpyxl.load_workbook(path).worksheets[0][2]]
    assert headers[1:7] == ["自然村", "村民组", "户编号", "户主", "现有人数", "联系电话"]
    assert shown(book, path).to_write() == []


def test_rows_that_are_gone_are_mentioned_and_copies_are_new(book: Workbook, tmp_path: Path) -> None:
    def change(sheet: Any) -> None:
        sheet.append([cell.value for cell in sheet[3]])
        sheet.cell(sheet.max_row, column(sheet, "走访日期")).value = date(2018, 12, 24)
        for place in range(1, column(sheet, "记录编号")):
            sheet.cell(5, place).value = None  # Delete leaves what is hidden
        sheet.delete_rows(6)

    result = shown(book, edit(export(book, get_list("visit"), tmp_path / "走访.xlsx"), change))
    assert [(row.state, row.after["visited_on"]) for row in result.to_write()] == [("new", date(2018, 12, 24))]
    assert [text for text in remarks(result) if text.startswith("导出时有、表里没有的“走访记录”2 条")] != []


def test_ids_that_stand_beside_the_wrong_rows_are_refused(book: Workbook, tmp_path: Path) -> None:
    def change(sheet: Any) -> None:
        """Sort all but the hidden column."""
        id_column = column(sheet, "记录编号")
        ids = [sheet.cell(row, id_column).value for row in range(3, sheet.max_row + 1)]
        for row, id in zip(range(3, sheet.max_row + 1), ids[1:] + ids[:1], strict=True):
            sheet.cell(row, id_column).value = id

    result = shown(book, edit(export(book, PEOPLE, tmp_path / "人口.xlsx"), change))
    assert (result.to_write(), len(result.refused)) == ([], 9)
    assert "编号与内容对不上" in result.refused[0].reason


def test_without_the_column_of_ids_rows_are_known_by_what_they_say(book: Workbook, tmp_path: Path) -> None:
    def change(sheet: Any) -> None:
        sheet.cell(3, column(sheet, "备注")).value = "没有编号列"
        sheet.delete_cols(column(sheet, "记录编号"))
        sheet.title = "改了名字"

    result = shown(book, edit(export(book, PEOPLE, tmp_path / "人口.xlsx"), change))
    assert [dict(row.after) for row in result.to_write()] == [{"note": "没有编号列"}]
    assert result.refused == ()


def test_a_column_of_the_officers_own_is_not_taken_for_ours_of_that_name(book: Workbook, tmp_path: Path) -> None:
    def change(sheet: Any) -> None:
        sheet.insert_cols(1)
        sheet.cell(2, 1).value = "学校名称"
        sheet.cell(3, 1).value = "镇里报的：无"

    result = shown(book, edit(export(book, PEOPLE, tmp_path / "人口.xlsx"), change))
    assert result.to_write() == []
    assert [(one.column, one.cells) for one in result.remarks] == [("学校名称", ((3, "学校名称", "镇里报的：无"),))]


def test_a_new_year_and_its_items_come_in_together(book: Workbook, tmp_path: Path) -> None:
    number = f"{builders.VILLAGE.code}002"
    path = export(book, INCOMES, tmp_path / "收入.xlsx")
    excel = openpyxl.load_workbook(path)
    years, items = excel.worksheets[0], excel.worksheets[1]
    for sheet, cells in (
        (years, {"户编号": number, "年度": 2016, "核算人口（人）": 4}),
        (items, {"户编号": number, "所属年度收入": "2016年", "收支项目": "务工收入", "金额（元）": 12000}),
    ):
        row = sheet.max_row + 1
        for header, value in cells.items():
            place = next(cell.column for cell in sheet[2] if str(cell.value).startswith(header.split("（")[0]))
            sheet.cell(row, place).value = value
    excel.save(path)
    result = shown(book, path)
    assert result.refused == ()
    run_to_completion(apply_import(book, result))
    with book.reading() as session:
        year = session.get_one(IncomeYear, IncomeYear.id_of(Household.id_of(number), 2016))
        (line,) = session.scalars(select(IncomeLine).where(IncomeLine.income_year_id == year.id))
        assert (line.item, line.amount) == ("务工收入", 12000)


def test_what_cannot_be_taken_is_named_with_its_place_and_the_rest_is_taken(book: Workbook, tmp_path: Path) -> None:
    def change(sheet: Any) -> None:
        sheet.cell(3, column(sheet, "健康状况")).value = "很健壮啊"
        sheet.cell(3, column(sheet, "学校名称")).value = "响水小学"
        sheet.cell(3, column(sheet, "户主")).value = "别人"

    result = shown(book, edit(export(book, PEOPLE, tmp_path / "人口.xlsx"), change))
    assert [dict(row.after) for row in result.to_write()] == [{"school_name": "响水小学"}]
    assert [(one.sheet, one.cells[0][0], one.column, one.cells[0][2]) for one in result.remarks] == [
        ("人口", 3, "健康状况", "很健壮啊"), ("人口", 3, "户主", "别人"),
    ]  # fmt: skip


@pytest.mark.skipif(shutil.which("soffice") is None, reason="LibreOffice is not installed")
def test_a_list_that_libreoffice_saved_changes_nothing(book: Workbook, tmp_path: Path) -> None:
    path = export(book, PEOPLE, tmp_path / "人口.xlsx")
    command = [
        "soffice",
        "--headless",
        "--convert-to",
        "xlsx:Calc MS Excel 2007 XML",
        "--outdir",
        str(tmp_path / "out"),
    ]
    subprocess.run([*command, str(path)], check=True, capture_output=True, timeout=120)
    result = shown(book, tmp_path / "out" / "人口.xlsx")
    assert (result.to_write(), result.refused, result.remarks) == ([], (), ())
