"""Excel files that we write: whole, harmless, and read again."""

import tempfile
import zipfile
from collections.abc import Callable, Iterator
from datetime import date
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
from app.records.field import Field, Value, field, fields, options
from app.registers.lists import get_list
from app.sheets import register_import
from app.sheets.list_comparison import compare_list
from app.sheets.reader import read
from app.sheets.register_export import write_register
from app.sheets.shown_list_export import write_shown_list
from app.sheets.writer import REASON, SOURCE_ROW, template_fields, write_list, write_rejected, write_template
from app.workbook.workbook import Workbook
from db.schema.household import Household, Member
from tests import builders
from tests.app.sheets.sheet_files import import_file, person, preview_file, table, without_mark, xlsx

LOST = 3.40828198108168e17


@pytest.fixture(scope="module")
def shared(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Workbook]:
    """One workbook for many examples that only read it or write records of their own."""
    opened = builders.workbook(tmp_path_factory.mktemp("shared"))
    yield opened
    opened.close()


def cells(path: Path) -> list[tuple[Any, ...]]:
    return [tuple(row) for row in openpyxl.load_workbook(path).worksheets[0].iter_rows(values_only=True)]


def _compare(book: Workbook, path: Path) -> object:
    return run_to_completion(compare_list(book, path))


def _take_in(book: Workbook, path: Path) -> object:
    return run_to_completion(register_import.preview(book, path))


def write_household_list(book: Workbook, columns: list[Field]) -> list[list[Value]]:
    """Every member with their household's cells, as a page would list them."""
    models = {"household": Household, "member": Member}
    with book.reading() as session:
        statement = select(*(getattr(models[one.table], one.name) for one in columns)).join_from(
            Member, Household, Member.household_id == Household.id
        )
        return [list(row) for row in session.execute(statement)]


def test_refused_rows_with_their_reasons(book: Workbook, tmp_path: Path) -> None:
    odd = person(2, 姓名="=1+1", 证件号码=LOST, 行政村="@SUM(A1)")
    result = preview_file(book, xlsx(tmp_path / "a.xlsx", table([person(1), odd, person(3) | {"姓名": None}])))
    out = tmp_path / "拒收.xlsx"
    assert run_to_completion(write_rejected(result, out)) == 2
    heading, first, second = cells(out)
    assert heading == (*table([odd])[0], REASON, SOURCE_ROW)
    assert first[3] == "3.40828198108168E+17"
    assert first[8].startswith("D4 单元格：“证件号码”被存成了数字")
    assert (first[9], second[9]) == (4, 5)
    sheet = openpyxl.load_workbook(out).worksheets[0]
    assert {cell.number_format for cell in sheet[2][:9]} == {"@"}
    assert sheet.column_dimensions["D"].width > 18


def test_mended_refusals_are_taken_in(book: Workbook, tmp_path: Path) -> None:
    result = preview_file(book, xlsx(tmp_path / "a.xlsx", table([person(1, 证件号码=LOST)])))
    out = tmp_path / "拒收.xlsx"
    run_to_completion(write_rejected(result, out))
    assert len(preview_file(book, out, year=2018).rejected) == 1
    written_book = openpyxl.load_workbook(out)
    written_book.worksheets[0]["D2"] = builders.id_number()
    written_book.save(out)
    counts = import_file(book, out, year=2018).counts()
    assert (counts["refused"], counts["members"]) == (0, {"new": 1, "changed": 0, "unchanged": 0})
    with book.reading() as session:
        assert session.scalars(select(Member.import_extra)).all() == [None]


def test_a_file_without_refusals_says_so_with_an_empty_sheet(book: Workbook, tmp_path: Path) -> None:
    result = preview_file(book, xlsx(tmp_path / "a.xlsx", table([person(1)])))
    assert run_to_completion(write_rejected(result, tmp_path / "b.xlsx")) == 0
    assert cells(tmp_path / "b.xlsx") == [(REASON, SOURCE_ROW)]


@pytest.mark.parametrize("text", ["=1+1", "+86", "-1", "@x", "#REF!", '=HYPERLINK("http://x")', "1e5", "true", "00123"])
def test_no_text_becomes_anything_else(tmp_path: Path, text: str) -> None:
    out = tmp_path / "a.xlsx"
    run_to_completion(write_list([[text]], [field("household", "address")], out))
    cell = openpyxl.load_workbook(out).worksheets[0]["A2"]
    assert (cell.value, cell.data_type, cell.number_format) == (text, "s", "@")
    with zipfile.ZipFile(out) as archive:
        assert b"<f>" not in archive.read("xl/worksheets/sheet1.xml")
    assert run_to_completion(read(out))[0].rows[1] == (text,)


def test_values_are_of_their_kinds_and_numbers_of_people_masked(tmp_path: Path) -> None:
    columns = [
        field("member", name) for name in ("name", "id_no", "birth", "health", "dibao", "work_months", "ident_date")
    ]
    number = builders.id_number()
    row: list[Value] = ["陈𬱖", number, date(1970, 5, 6), ("残疾", "患有大病"), True, Decimal("6.5"), "2018-08"]
    run_to_completion(write_list([row], columns, tmp_path / "a.xlsx"))
    assert cells(tmp_path / "a.xlsx")[1][:2] == ("陈𬱖", f"{number[:6]}********{number[-4:]}")
    run_to_completion(write_list([row], columns, tmp_path / "b.xlsx", hide=False, title="名单/2018"))
    written_book = openpyxl.load_workbook(tmp_path / "b.xlsx").worksheets[0]
    assert written_book.title == "名单 2018"
    assert [cell.value for cell in written_book[1]] == [one.label for one in columns]
    assert [cell.value for cell in written_book[2]][1:3] == [number, written_book["C2"].value]
    assert (written_book["C2"].value.date(), written_book["C2"].number_format) == (date(1970, 5, 6), "yyyy-mm-dd")
    assert [cell.value for cell in written_book[2]][3:] == ["残疾、患有大病", "是", 6.5, "2018-08"]
    assert written_book.freeze_panes == "A2"


@pytest.mark.parametrize("read_back", [preview_file, _compare, _take_in], ids=["roster", "comparison", "register"])
def test_a_list_that_was_worked_out_says_so_when_it_comes_back(
    shared: Workbook, tmp_path: Path, read_back: Callable[[Workbook, Path], object]
) -> None:
    out = tmp_path / "应享未享.xlsx"
    rows = [["陈卫国", builders.id_number(), "高龄津贴"]]
    run_to_completion(write_shown_list(shared, "应享未享", ["姓名", "证件号码", "政策"], rows, out))
    with pytest.raises(
        UserError, match=r"“应享未享.xlsx”是本软件导出的“应享未享”.*收不回来.*什么也没有改动.*改原来的记录"
    ):
        read_back(shared, out)


def test_control_characters_are_left_out(tmp_path: Path) -> None:
    run_to_completion(write_list([["甲\x00\x0b乙\n丙"]], [field("household", "note")], tmp_path / "a.xlsx"))
    assert cells(tmp_path / "a.xlsx")[1] == ("甲乙\n丙",)


def test_a_file_that_cannot_be_written(tmp_path: Path) -> None:
    with pytest.raises(UserError, match=r"写不了“a.xlsx”.*关闭它"):
        run_to_completion(write_list([["x"]], [field("household", "note")], tmp_path / "没有的文件夹" / "a.xlsx"))


def test_cancelled_or_failed_writing_leaves_the_old_file(tmp_path: Path) -> None:
    out = tmp_path / "a.xlsx"
    out.write_bytes(b"old")
    task = write_list([["x"]] * 1000, [field("household", "note")], out)
    next(task)
    task.close()
    assert out.read_bytes() == b"old"
    assert list(tmp_path.iterdir()) == [out]


def test_nothing_is_written_elsewhere_on_the_disk(
    shared: Workbook, book: Workbook, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    refused = preview_file(book, xlsx(tmp_path / "a.xlsx", table([person(1, 证件号码=LOST)])))
    monkeypatch.setattr(tempfile, "tempdir", str(tmp_path / "没有的文件夹"))  # a temporary file would be an error
    with pytest.raises(OSError, match="没有的文件夹"):
        openpyxl.Workbook().save(tmp_path / "z.xlsx")
    rows: list[list[Value]] = [["石桥村下屋组"]]
    run_to_completion(write_list(rows, [field("household", "address")], tmp_path / "b.xlsx"))
    assert run_to_completion(write_rejected(refused, tmp_path / "c.xlsx")) == 1
    assert write_template("member", tmp_path / "d.xlsx") == len(template_fields("member"))
    run_to_completion(write_register(shared, get_list("人口"), [], tmp_path / "e.xlsx"))
    assert {path.name for path in tmp_path.glob("[b-e].xlsx")} == {"b.xlsx", "c.xlsx", "d.xlsx", "e.xlsx"}


@pytest.mark.parametrize("name", ["member", "household", "helper", "living_condition", "visit"])
def test_templates_offer_the_options(tmp_path: Path, name: str) -> None:
    out = tmp_path / "模板.xlsx"
    columns = template_fields(name)
    assert write_template(name, out) == len(columns)
    written_book = openpyxl.load_workbook(out)
    sheet, lists = written_book.worksheets
    assert lists.sheet_state == "hidden"
    assert [cell.value for cell in sheet[1]] == [one.label for one in columns]
    offered = {str(rule.sqref).split(":")[0].rstrip("2"): rule for rule in sheet.data_validations.dataValidation}
    for cell, one in zip(sheet[1], columns, strict=True):
        rule = offered.get(cell.column_letter)
        if one.kind == "choice":
            assert rule is not None
            place = rule.formula1.split("!")[1].replace("$", "")
            assert [row[0].value for row in lists[place]] == [option.label for option in one.options]
        elif one.kind == "yes_no":
            assert rule is not None
            assert rule.formula1 == '"是,否"'
    number = next(cell.column_letter for cell in sheet[1] if cell.value == columns[0].label)
    assert sheet.column_dimensions[number].number_format == "@"


def test_only_the_template_of_helpers_asks_from_when_to_when() -> None:
    period = {"started_on", "ended_on"}
    for name in ("helper", "member", "visit", "living_condition"):
        names = [(one.table, one.name) for one in template_fields(name)]
        assert names[0] == ("household", "household_no")
        asked = {column for _, column in names} & period
        assert asked == (period if name == "helper" else set())
    assert template_fields("household")[0].table == "household"
    assert "household" not in {one.table for one in template_fields("village")}


def test_a_filled_template_is_a_roster(book: Workbook, tmp_path: Path) -> None:
    out = tmp_path / "模板.xlsx"
    write_template("member", out)
    written_book = openpyxl.load_workbook(out)
    row = person(1, 健康状况="健康") | {"民族": "汉族"}
    written_book.worksheets[0].append([row.get(cell.value) for cell in written_book.worksheets[0][1]])
    written_book.save(out)
    counts = import_file(book, out, year=2018).counts()
    assert (counts["members"], counts["remarks"]) == ({"new": 1, "changed": 0, "unchanged": 0}, 0)


# what goes out comes back

CHOICES = {one.name: [o.value for o in options(one.spec.options)] for one in fields("member") if one.kind == "choice"}
NAMES = st.text(st.sampled_from("王李陈刘𬱖𡐓㐂卫国秀英·=+-@'"), min_size=1, max_size=6).filter(
    lambda t: t.strip("=+-@'·")
)


WORDS = st.text(st.characters(codec="utf-8", exclude_categories=["C", "Z"], exclude_characters="='‘’`"), min_size=1)


@st.composite
def members(draw: st.DrawFn) -> dict[str, Any]:
    values: dict[str, Any] = {name: draw(st.none() | st.sampled_from(given_)) for name, given_ in CHOICES.items()}
    values |= {
        "birth": draw(st.none() | st.dates(date(1905, 1, 1), date(2018, 1, 1))),
        "health": draw(st.none() | st.sampled_from([("健康",), ("长期慢性病", "残疾")])),
        "work_months": draw(st.none() | st.decimals(0, 12, places=1)),
        "work_income_month": draw(st.none() | st.decimals(0, 10**7, places=2)),
        "dibao": draw(st.none() | st.booleans()),
        "ident_date": draw(st.none() | st.sampled_from(["2014-01", "2018-12"])),
        "work_company": draw(st.none() | WORDS),
        "left": None, "joined": None,
    }  # fmt: skip
    return values


@settings(max_examples=8, deadline=None, suppress_health_check=list(HealthCheck))
@given(st.lists(st.tuples(NAMES, members()), min_size=1, max_size=6))
def test_a_list_taken_in_again_changes_nothing(
    shared: Workbook, tmp_path_factory: pytest.TempPathFactory, people: list[tuple[str, dict[str, Any]]]
) -> None:
    with shared.writing() as session:
        for row in session.scalars(select(Member)):
            row.withdrawn = True
        number = session.query(Household).count() + 1
        household = builders.household(session, members=0, number=number)
        household_no = household.household_no
        for n, (name, values) in enumerate(people):
            no = f"{household_no}{n:02}"
            tidy = field("member", "name").parse(name)
            session.add(Member(id=Member.id_of(no), village=household.village, household_id=household.id, person_no=no,
                               **values | {"name": tidy}))  # fmt: skip
    columns = [field("household", "household_no"), field("household", "group_name"), *_writable()]
    out = tmp_path_factory.mktemp("list") / "名单.xlsx"
    rows = [row for row in write_household_list(shared, columns) if row[0] == household_no]
    run_to_completion(write_list(rows, columns, out, hide=False))
    result = preview_file(shared, without_mark(out), year=2018)
    assert [(one.before, one.after) for one in result.records if one.state != "unchanged"] == []
    assert not result.rejected
    assert result.counts()["members"] == {"new": 0, "changed": 0, "unchanged": len(people)}


def _writable() -> list[Field]:
    return [one for one in fields("member") if not one.spec.derived and one.kind != "reference"]
