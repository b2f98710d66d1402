"""What an operation did, line by line, as the page of operations shows it."""

from collections.abc import Iterator
from datetime import date
from pathlib import Path

import pytest

from app.forms.entries import create_entry, load_entry, save_entry
from app.records.draft import new_draft, open_draft, restore, save_draft, withdraw
from app.records.operation_cells import OperationCell, OperationCells, operation_cells
from app.workbook.operations import list_operations
from app.workbook.workbook import Workbook
from db.schema.form import FormAnswer
from db.schema.household import Member
from tests import builders


@pytest.fixture
def book(tmp_path: Path) -> Iterator[Workbook]:
    workbook = builders.workbook(tmp_path)
    yield workbook
    workbook.close()


@pytest.fixture
def household_id(book: Workbook) -> str:
    with book.writing() as session:
        return builders.household(session, members=2).id


def person(nth: int) -> str:
    return Member.id_of(f"{builders.VILLAGE.code}001{nth:02}")


def last_operation(book: Workbook, limit: int = 500) -> OperationCells:
    with book.reading() as session:
        return operation_cells(session, list_operations(session, limit=1)[0].n, limit)


def change(book: Workbook, table: str, id: str, **values: object) -> None:
    with book.reading() as session:
        draft = open_draft(session, table, id)
    save_draft(book, draft.with_values(**values))  # type: ignore[arg-type]


def test_changed_cells_are_told_with_household_record_and_field(book: Workbook, household_id: str) -> None:
    change(book, "member", person(2), education="初中", id_no=builders.id_number(date(1969, 1, 2), 5, False))
    told = last_operation(book)
    assert told.is_whole
    assert {cell.label for cell in told.cells} == {"文化程度", "证件号码"}
    assert {(cell.household, cell.record) for cell in told.cells} == {("陈卫国（下屋组）", "家庭成员 李秀英")}
    education = next(cell for cell in told.cells if cell.label == "文化程度")
    assert (education.before, education.after) == ("", "初中")
    number = next(cell for cell in told.cells if cell.label == "证件号码")
    assert number.after == "340888********" + builders.id_number(date(1969, 1, 2), 5, False)[-4:]


def test_a_household_is_not_named_twice(book: Workbook, household_id: str) -> None:
    change(book, "household", household_id, phone="13800138000")
    (cell,) = last_operation(book).cells
    assert cell == OperationCell("陈卫国（下屋组）", "户", "联系电话", "", "138****8000")


def test_a_new_record_is_one_line_without_its_parent(book: Workbook, household_id: str) -> None:
    visit = new_draft(
        "visit", builders.VILLAGE.code, household_id=household_id, visited_on=date(2018, 6, 1), visitors="甲"
    )
    save_draft(book, visit)
    (cell,) = last_operation(book).cells
    assert (cell.household, cell.record, cell.label, cell.before) == (
        "陈卫国（下屋组）", "走访记录 2018-06-01", "新增", "",
    )  # fmt: skip
    assert set(cell.after.split("；")) == {"走访日期：2018-06-01", "走访人：甲"}


def test_withdrawing_and_restoring_are_told_apart(book: Workbook, household_id: str) -> None:
    withdraw(book, "member", person(2))
    assert [(cell.record, cell.label) for cell in last_operation(book).cells] == [("家庭成员 李秀英", "撤回")]
    restore(book, "member", person(2))
    assert [(cell.record, cell.label) for cell in last_operation(book).cells] == [("家庭成员 李秀英", "恢复")]


def test_an_answer_of_a_form_is_called_by_its_own_question(book: Workbook, household_id: str) -> None:
    id = create_entry(book, "risk_removal", household_id, day=date(2018, 9, 3))
    for answers in ({"done": "已落实", "found": "属实"}, {"found": "经核实属实"}):
        with book.reading() as session:
            entry = load_entry(session, id)
        save_entry(book, entry.with_values(**answers))
    (cell,) = last_operation(book).cells
    assert (cell.label, cell.before, cell.after) == ("入户核实情况", "属实", "经核实属实")


def test_an_answer_whose_question_is_unknown_has_no_label(book: Workbook, household_id: str) -> None:
    id = create_entry(book, "risk_removal", household_id, day=date(2018, 9, 3))
    with book.reading() as session:
        entry = load_entry(session, id)
    save_entry(book, entry.with_values(done="已落实"))
    with book.writing() as session:
        answer = session.query(FormAnswer).filter_by(entry_id=id, question="done").one()
        answer.question, answer.value = None, "改了"
    assert "" in {cell.label for cell in last_operation(book).cells}


def test_only_as_many_lines_as_asked_for(book: Workbook, household_id: str) -> None:
    change(book, "member", person(2), education="初中", ethnic="汉族", political="群众")
    assert (len(last_operation(book, 3).cells), last_operation(book, 3).is_whole) == (3, True)
    assert (len(last_operation(book, 2).cells), last_operation(book, 2).is_whole) == (2, False)


def test_an_operation_that_is_not_there_tells_nothing(book: Workbook, household_id: str) -> None:
    with book.reading() as session:
        assert operation_cells(session, 9999) == OperationCells((), True)
