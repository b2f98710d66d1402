"""A workbook, and how a test types into an entry of the county's rules."""

from collections.abc import Callable, Iterator
from dataclasses import replace
from pathlib import Path

import pytest

from app.county import editing
from app.county.sheet import CountySheet, EntryRow
from app.workbook.workbook import Workbook
from tests.builders import workbook

Change = Callable[[CountySheet], CountySheet]


@pytest.fixture
def book(tmp_path: Path) -> Iterator[Workbook]:
    book = workbook(tmp_path)
    yield book
    book.close()


def sheet_of(book: Workbook, kind: str, name: str = "") -> CountySheet:
    with book.reading() as session:
        return editing.load_sheet(session, kind, name)


def edit(book: Workbook, kind: str, name: str, *changes: Change) -> list[str]:
    """Type into an entry and keep it; the lines of the preview."""
    base = edited = sheet_of(book, kind, name)
    for change in changes:
        edited = change(edited)
    with book.reading() as session:
        lines = editing.plan(session, base, edited).lines
    editing.save(book, base, edited)
    return [f"{line.what}：{line.before} → {line.after}" for line in lines]


def cell(key: str, column: str, text: str) -> Change:
    def change(sheet: CountySheet) -> CountySheet:
        assert sheet.row(key) is not None
        rows = (replace(row, cells={**row.cells, column: text}) if row.key == key else row for row in sheet.rows)
        return sheet.with_rows(*rows)

    return change


def add(at: int = 10**6, level: str = "", **cells: str) -> Change:
    def change(sheet: CountySheet) -> CountySheet:
        rows = list(sheet.rows)
        rows.insert(at, EntryRow("+1", cells, level=level))
        return sheet.with_rows(*rows)

    return change


def without(key: str) -> Change:
    return lambda sheet: sheet.with_rows(*(row for row in sheet.rows if row.key != key))


def head(column: str, text: str) -> Change:
    return lambda sheet: replace(sheet, head_cells={**sheet.head_cells, column: text})
