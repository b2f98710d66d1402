"""The entries of a form as a sheet: every kind of answer in its column."""

from contextlib import closing
from datetime import date
from decimal import Decimal
from pathlib import Path
from typing import Any

import openpyxl
import pytest
from sqlalchemy import update

from app.errors import UserError
from app.forms.definition import load_form
from app.forms.entries import create_entry, load_entry, save_entry
from app.progress import run_to_completion
from app.sheets.form_export import write_entries
from app.workbook.workbook import Workbook
from db.schema.form import FormAnswer
from tests import builders


@pytest.fixture
def book(tmp_path: Path):
    with closing(builders.workbook(tmp_path)) as opened:
        yield opened


def fill(book: Workbook, code: str, about: dict[str, Any], **answers: Any) -> str:
    id = create_entry(book, code, day=date(2018, 9, 3), **about)
    with book.reading() as session:
        entry = load_entry(session, id)
    save_entry(book, entry.with_values(**answers))
    return id


def exported(book: Workbook, code: str, folder: Path) -> list[dict[str, Any]]:
    """The rows by heading."""
    out = folder / "表单.xlsx"
    count = run_to_completion(write_entries(book, code, out))
    _, heading, *rows = openpyxl.load_workbook(out).worksheets[0].iter_rows(values_only=True)
    assert count == len(rows)
    return [dict(zip(heading, row, strict=True)) for row in rows]


def test_answers_go_out_as_numbers_days_and_words(book: Workbook, tmp_path: Path) -> None:
    with book.writing() as session:
        household_id = builders.household(session).id
    fill(
        book, "risk_removal", {"household_id": household_id}, since="2017年5月", risk=("因病", "因残"),
        per_head=Decimal("5123.50"), appraised_on=date(2018, 9, 10), note="已公示",
    )  # fmt: skip
    (row,) = exported(book, "risk_removal", tmp_path)
    assert (row["户主"], row["村民组"]) == ("陈卫国", "下屋组")
    assert (row["识别监测时间"], row["风险类型"], row["备注"]) == ("2017年5月", "因病、因残", "已公示")
    assert row["人均纯收入（元）"] == 5123.5
    assert row["村评议日期"].date() == date(2018, 9, 10)
    assert row["填表日期"].date() == date(2018, 9, 3)
    assert row["入户核实情况"] is None


def test_an_answer_that_another_version_kept_as_text_goes_out_as_it_stands(book: Workbook, tmp_path: Path) -> None:
    with book.writing() as session:
        household_id = builders.household(session).id
    id = fill(book, "risk_removal", {"household_id": household_id}, appraised_on=date(2018, 9, 10))
    with book.writing() as session:
        query = update(FormAnswer).where(FormAnswer.entry_id == id, FormAnswer.question == "appraised_on")
        session.execute(query.values(value="九月上旬"))
    (row,) = exported(book, "risk_removal", tmp_path)
    assert row["村评议日期"] == "九月上旬"


def test_the_lines_that_a_form_prints_are_columns_of_their_own(book: Workbook, tmp_path: Path) -> None:
    form = load_form("exit_acceptance")
    table = next(question for question in form.questions if question.lines)
    line, column = table.lines[0], next(column for column in table.columns if column.key not in table.lines[0].texts)
    with book.writing() as session:
        household_id = builders.household(session).id
    answer = column.field.options[0].value if column.field.options else "已核实"
    fill(book, "exit_acceptance", {"household_id": household_id}, **{f"{table.key}/{line.key}/{column.key}": answer})
    (row,) = exported(book, "exit_acceptance", tmp_path)
    assert row[f"{next(iter(line.texts.values()))}：{column.label}"] == answer
    assert not any(heading.startswith(f"{next(iter(line.texts.values()))}：") and value not in (None, answer)
                   for heading, value in row.items())  # fmt: skip


def test_a_form_of_the_village_is_called_so(book: Workbook, tmp_path: Path) -> None:
    fill(book, "public_notice", {"village": builders.VILLAGE.code})
    (row,) = exported(book, "public_notice", tmp_path)
    assert row["行政村"] == builders.VILLAGE.name


def test_a_form_that_nobody_filled_in_is_not_exported(book: Workbook, tmp_path: Path) -> None:
    with pytest.raises(UserError, match="还没有填过“风险消除认定表”"):
        run_to_completion(write_entries(book, "risk_removal", tmp_path / "表单.xlsx"))
    assert list(tmp_path.glob("*.xlsx")) == []
