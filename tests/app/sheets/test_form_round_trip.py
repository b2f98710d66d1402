"""Every form that leaves as a sheet comes back: untouched it changes nothing, edited exactly what was edited."""

import random
from collections.abc import Iterator
from datetime import date
from decimal import Decimal
from pathlib import Path
from typing import Any

import openpyxl
import pytest
from openpyxl.utils import get_column_letter

from app.errors import UserError
from app.forms.definition import CELL_SEPARATOR, Form, all_forms, load_form
from app.forms.entries import add_households, create_entry, form_rows, load_entry, save_entry
from app.progress import run_to_completion
from app.records.draft import withdraw
from app.records.field import Field, Value
from app.records.row_views import household_rows
from app.sheets.form_export import write_entries
from app.sheets.form_layout import form_layouts
from app.sheets.register_import import apply_import, preview, take_sheet_values
from app.sheets.register_preview import RegisterPreview
from app.workbook import operations
from app.workbook.workbook import Workbook
from db.schema.household import Household
from tests import builders
from tests.machine_memory import remembering_in

VILLAGE = builders.VILLAGE.code
MEETING = "appraisal_meeting"
UNTOUCHED = ("new", "changed", "conflicts", "duplicates", "refused", "remarks")


def answer(one: Field, n: int) -> Value:
    """An answer that the field takes."""
    low = one.spec.minimum if one.spec.minimum is not None else Decimal(0)
    match one.kind:
        case "date":
            return date(2018, 1, 1 + n % 28)
        case "year":
            return 2010 + n % 9
        case "decimal" | "money":
            return (low + n % 5).quantize(Decimal(1).scaleb(-one.places))
        case "yes_no":
            return n % 2 == 0
        case "choice":
            return one.options[n % len(one.options)].value
        case "choices":
            return (one.options[n % len(one.options)].value,)
        case _ if one.spec.rule == "phone":
            return f"138{n:08}"
    return f"第{n}次填的"


def fill(book: Workbook, form: Form, household_id: str) -> str:
    """An entry with every answer that can be written freely."""
    about: dict[str, Any] = {"village": VILLAGE} if form.subject == "village" else {"household_id": household_id}
    id = create_entry(book, form.code, day=date(2018, 9, 3), **about)
    values: dict[str, Value] = {}
    for n, question in enumerate(form.questions):
        if question.kind == "rows":
            keys = [line.key for line in question.lines] or [f"{k:04}-aaaaaa" for k in (1, 2)]
            for line in keys if not question.households else ():
                for column in question.columns:
                    if not column.field.spec.rule:
                        values[CELL_SEPARATOR.join((question.key, line, column.key))] = answer(column.field, n)
        elif question.kind != "photo" and question.field.spec.rule in ("", "phone"):
            values[question.key] = answer(question.field, n)
    with book.reading() as session:
        entry = load_entry(session, id)
        values = {name: value for name, value in values.items() if _is_answer(entry.form, name)}
    save_entry(book, entry.with_values(**values))
    for question in form.questions:
        if question.households:
            add_households(book, id, question.key, [household_id])
    return id


def _is_answer(form: Form, name: str) -> bool:
    key, *cell = name.split(CELL_SEPARATOR)
    printed = next((line.texts for line in form.question(key).lines if cell and line.key == cell[0]), {})
    return not cell or cell[1] not in printed


@pytest.fixture(scope="module")
def full(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Workbook]:
    """Every form filled in once; no test changes it."""
    with remembering_in(tmp_path_factory.mktemp("state")):
        opened = builders.workbook(tmp_path_factory.mktemp("book"))
        with opened.writing() as session:
            household_id = builders.household(session, 2, group_name="下屋组").id
        for form in all_forms():
            fill(opened, form, household_id)
        yield opened
        opened.close()


@pytest.fixture
def book(tmp_path: Path) -> Iterator[Workbook]:
    opened = builders.workbook(tmp_path)
    with opened.writing() as session:
        for number in (1, 2):
            builders.household(session, 2, number=number, group_name="下屋组")
    yield opened
    opened.close()


def household(number: int) -> str:
    return Household.id_of(f"{VILLAGE}{number:03}")


def export(book: Workbook, code: str, folder: Path, **choice: Any) -> Path:
    run_to_completion(write_entries(book, code, folder / "表单.xlsx", **choice))
    return folder / "表单.xlsx"


def shown(book: Workbook, path: Path) -> RegisterPreview:
    return run_to_completion(preview(book, path))


def place(sheet: Any, header: str) -> int:
    return next(int(cell.column) for cell in sheet[2] if cell.value == header)


def type_in(path: Path, row: int, cells: dict[str, object], sheet: int = 0) -> Path:
    """What an officer types into a row, by heading."""
    excel = openpyxl.load_workbook(path)
    for header, value in cells.items():
        excel.worksheets[sheet].cell(row, place(excel.worksheets[sheet], header)).value = value
    excel.save(path)
    return path


@pytest.mark.parametrize("code", [form.code for form in all_forms()])
def test_a_form_that_nobody_touched_changes_nothing(full: Workbook, code: str, tmp_path: Path) -> None:
    result = shown(full, export(full, code, tmp_path))
    counts = result.counts()
    assert {name: counts[name] for name in UNTOUCHED} == dict.fromkeys(UNTOUCHED, 0), result.remarks
    tables = [one for one in load_form(code).questions if one.kind == "rows" and not one.lines]
    assert counts["unchanged"] >= 1 + len(tables)


def test_exactly_the_edited_answers_are_taken(full: Workbook, tmp_path: Path) -> None:
    """Random answers of a form with printed lines, on a sheet with a column of the officer's own."""
    form, chance = load_form("two_assurances_check"), random.Random(7)
    path = export(full, form.code, tmp_path)
    excel = openpyxl.load_workbook(path)
    sheet = excel.worksheets[0]
    with full.reading() as session:
        (row,) = form_rows(session, form.code)
        entry = load_entry(session, row.id)
    names = [name for name in entry.values if name not in ("filled_on", "filled_by", "note")]
    columns = {one.value: one.column for one in sheet[2]}
    header = form_layouts(form)[0].header
    expected = {}
    for name in chance.sample(sorted(names), min(30, len(names))):
        one = form.field(name)
        value = answer(one, chance.randrange(1000))
        if value != entry.value(name) and not one.spec.rule:
            sheet.cell(3, columns[header(name)]).value = one.text(value)
            expected[name] = value
    sheet.insert_cols(3)
    excel.save(path)
    result = shown(full, path)
    assert (result.refused, result.conflicts, result.remarks) == ((), (), ())
    assert len(result.to_write()) == len(expected) > 5


def test_answers_lines_and_new_entries_come_back_in_one_step(book: Workbook, tmp_path: Path) -> None:
    id = fill(book, load_form(MEETING), household(1))
    path = export(book, MEETING, tmp_path)
    excel = openpyxl.load_workbook(path)
    titles = [sheet.title for sheet in excel.worksheets]
    meeting = load_form(MEETING)
    table = next(one for one in meeting.questions if one.kind == "rows" and not one.lines and not one.households)
    people, list_of = titles.index(table.label), titles.index(meeting.question("households").label)
    header = table.columns[0].label
    type_in(path, 3, {"备注": "补记"})
    type_in(path, 3, {"同意票": 31}, list_of)
    lines = excel.worksheets[people]
    new = lines.max_row + 1
    type_in(path, new, {"填表日期": date(2018, 9, 3), header: "储新到"}, people)
    result = shown(book, path)
    assert (result.refused, result.remarks) == ((), ())
    run_to_completion(apply_import(book, result))
    with book.reading() as session:
        entry = load_entry(session, id)
    assert entry.value("note") == "补记"
    assert entry.value(CELL_SEPARATOR.join(("households", household(1), "agree"))) == 31
    keys = entry.line_keys(table.key)
    assert [entry.cell(table.key, key, table.columns[0].key) for key in keys][-1] == "储新到"
    run_to_completion(operations.undo(book))
    with book.reading() as session:
        assert load_entry(session, id).value("note") is None


def test_a_new_line_goes_to_the_entry_of_its_day(book: Workbook, tmp_path: Path) -> None:
    meeting = load_form(MEETING)
    table = next(one for one in meeting.questions if one.kind == "rows" and not one.lines and not one.households)
    fill(book, meeting, household(1))
    later = create_entry(book, MEETING, day=date(2018, 10, 8), village=VILLAGE)
    path, header = export(book, MEETING, tmp_path), table.columns[0].label
    excel = openpyxl.load_workbook(path)
    people = excel.sheetnames.index(table.label)
    new = excel.worksheets[people].max_row + 1
    type_in(path, new, {"填表日期": date(2018, 10, 8), header: "储新到"}, people)
    type_in(path, new + 1, {header: "不知哪天"}, people)
    result = shown(book, path)
    assert [(one.row, "分不清属于哪一份" in one.reason) for one in result.refused] == [(new + 1, True)]
    run_to_completion(apply_import(book, result))
    with book.reading() as session:
        entry = load_entry(session, later)
    assert [entry.cell(table.key, key, table.columns[0].key) for key in entry.line_keys(table.key)] == ["储新到"]


def test_a_line_without_a_day_goes_to_the_only_entry(book: Workbook, tmp_path: Path) -> None:
    meeting = load_form(MEETING)
    table = next(one for one in meeting.questions if one.kind == "rows" and not one.lines and not one.households)
    create_entry(book, MEETING, day=date(2018, 9, 3), village=VILLAGE)
    path = export(book, MEETING, tmp_path)
    people = openpyxl.load_workbook(path).sheetnames.index(table.label)
    result = shown(book, type_in(path, 3, {table.columns[0].label: "储新到"}, people))
    assert (result.refused, len(result.to_write())) == ((), 1)


def test_a_row_that_was_added_is_an_entry_and_one_that_is_here_is_named(book: Workbook, tmp_path: Path) -> None:
    fill(book, load_form("exit_confirmation"), household(1))
    path = export(book, "exit_confirmation", tmp_path)
    with book.reading() as session:
        heads = {row.household_no: row.head for row in household_rows(session)}
    for row, number in ((4, f"{VILLAGE}001"), (5, f"{VILLAGE}002"), (6, "没有的户")):
        type_in(path, row, {"户编号": number, "户主": heads.get(number), "填表人": "方志强"})
    result = shown(book, path)
    assert (len(result.duplicates), len(result.refused)) == (1, 1)
    run_to_completion(apply_import(book, result))
    with book.reading() as session:
        rows = {row.household_id: row for row in form_rows(session, "exit_confirmation")}
        assert rows[household(2)].filled_by == "方志强"
        assert load_entry(session, rows[household(2)].id).form.code == "exit_confirmation"


def test_what_changed_on_both_sides_is_shown_and_chosen(book: Workbook, tmp_path: Path) -> None:
    id = fill(book, load_form("risk_removal"), household(1))
    path = type_in(export(book, "risk_removal", tmp_path), 3, {"备注": "表里写的", "识别监测时间": "2016年"})
    with book.reading() as session:
        entry = load_entry(session, id)
    save_entry(book, entry.with_values(note="本工作簿写的", since="2015年"))
    result = shown(book, path)
    assert {(one.label, one.here, one.there) for one in result.conflicts} == {
        ("备注", "本工作簿写的", "表里写的"), ("识别监测时间", "2015年", "2016年"),
    }  # fmt: skip
    assert result.to_write() == []
    run_to_completion(apply_import(book, take_sheet_values(result, result.conflicts)))
    with book.reading() as session:
        values = load_entry(session, id).values
    assert (values["note"], values["since"]) == ("表里写的", "2016年")


def test_what_cannot_be_taken_is_named(book: Workbook, tmp_path: Path) -> None:
    id = fill(book, load_form("risk_removal"), household(1))
    path = type_in(export(book, "risk_removal", tmp_path), 3, {"户主": "别人", "村评议日期": "九月上旬"})
    told = [one.describe() for one in shown(book, path).remarks]
    assert any("“户主”改了" in text for text in told)
    assert any("村评议日期" in text and "未取" in text for text in told)
    withdraw(book, "form_entry", id)
    assert "已撤回" in shown(book, path).refused[0].reason


def test_a_form_sorted_by_some_of_its_columns_is_refused(book: Workbook, tmp_path: Path) -> None:
    """What is hidden stays where it was: each row stands beside the id of another. An empty sheet is nothing."""
    for number, since in ((1, "2015年"), (2, "2016年")):
        id = fill(book, load_form("risk_removal"), household(number))
        with book.reading() as session:
            entry = load_entry(session, id)
        save_entry(book, entry.with_values(since=since, note=f"第{number}户"))
    path = export(book, "risk_removal", tmp_path)
    excel = openpyxl.load_workbook(path)
    sheet = excel.worksheets[0]
    for upper, lower in zip(sheet[3], sheet[4], strict=True):
        if not sheet.column_dimensions[get_column_letter(upper.column)].hidden:
            upper.value, lower.value = lower.value, upper.value
    excel.create_sheet("草稿")
    excel.save(path)
    result = shown(book, path)
    assert [(one.row, "撤销排序" in one.reason) for one in result.refused] == [(3, True), (4, True)]
    assert (result.to_write(), result.remarks) == ([], ())


def test_full_numbers_need_a_reason(full: Workbook, tmp_path: Path) -> None:
    with pytest.raises(UserError, match="写明事由"):
        export(full, "relocation", tmp_path, hide=False)
    excel = openpyxl.load_workbook(export(full, "relocation", tmp_path, hide=False, reason="镇里核对"))
    last = get_column_letter(excel.worksheets[0].max_column)
    assert excel.worksheets[0].column_dimensions[last].hidden
