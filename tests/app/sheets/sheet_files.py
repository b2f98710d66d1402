"""Real spreadsheet files, made for one test."""

import csv
import io
import zipfile
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

import openpyxl
import xlwt

from app.progress import run_to_completion
from app.sheets.import_preview import ImportPreview
from app.sheets.roster_import import apply_import, preview
from app.sheets.sheet import HIDDEN_SHEET
from app.workbook.workbook import Workbook
from tests import builders

DATA = Path(__file__).parents[2] / "data"
VILLAGE = "340828100101"
HEADERS = ("户编号", "人编号", "姓名", "证件号码", "与户主关系", "行政村", "文化程度", "人均纯收入")


def person(number: int = 1, nth: int = 1, **cells: Any) -> dict[str, Any]:
    """One row of a roster: the nth person of a household of 石桥村."""
    no = f"{VILLAGE}{number:03}"
    return {
        "户编号": no,
        "人编号": f"{no}{nth:02}",
        "姓名": ("陈卫国", "李秀英", "陈小燕")[(nth - 1) % 3],
        "证件号码": builders.id_number(order=number * 10 + nth, male=nth == 1),
        "与户主关系": ("户主", "配偶", "之女")[(nth - 1) % 3],
        "行政村": "石桥村",
        "文化程度": "小学",
        "人均纯收入": 8000,
    } | cells


def table(rows: Sequence[Mapping[str, Any]], headers: Sequence[str] = ()) -> list[list[Any]]:
    """Heading and cells of such rows."""
    columns = list(headers) or list(dict.fromkeys(key for row in rows for key in row))
    return [columns, *[[row.get(column) for column in columns] for row in rows]]


def xlsx(path: Path, *sheets: Sequence[Sequence[Any]], title: str = "导出时间：2018-08-10") -> Path:
    """An .xlsx of these tables, the first under a title row."""
    book = openpyxl.Workbook()
    book.remove(book.active)
    for n, cells in enumerate(sheets):
        sheet = book.create_sheet(f"表{n + 1}")
        if n == 0 and title:
            sheet.append([title])
        for row in cells:
            sheet.append(list(row))
    book.save(path)
    return path


def xls(path: Path, cells: Sequence[Sequence[Any]]) -> Path:
    book = xlwt.Workbook(encoding="utf-8")
    sheet = book.add_sheet("表")
    for r, row in enumerate(cells):
        for c, cell in enumerate(row):
            if cell is not None:
                sheet.write(r, c, cell)
    book.save(str(path))
    return path


def text(path: Path, cells: Sequence[Sequence[Any]], encoding: str = "utf-8", delimiter: str = ",") -> Path:
    lines = io.StringIO(newline="")
    csv.writer(lines, delimiter=delimiter).writerows(cells)
    path.write_bytes(lines.getvalue().encode(encoding))
    return path


def rewrite_zip_part(path: Path, part: str, old: str, new: str) -> Path:
    """The same .xlsx with one part altered as no decent program would write it."""
    with zipfile.ZipFile(path) as archive:
        parts = {name: archive.read(name) for name in archive.namelist()}
    assert old.encode() in parts[part]
    parts[part] = parts[part].replace(old.encode(), new.encode(), 1)
    with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, content in parts.items():
            archive.writestr(name, content)
    return path


def without_mark(path: Path) -> Path:
    """A list as former versions wrote it, which says nothing of itself."""
    written = openpyxl.load_workbook(path)
    del written[HIDDEN_SHEET]
    written.save(path)
    return path


def preview_file(book: Workbook, path: Path, **options: Any) -> ImportPreview:
    return run_to_completion(preview(book, path, **options))


def import_file(book: Workbook, path: Path, **options: Any) -> ImportPreview:
    """Preview and write; returns what the preview showed."""
    result = preview_file(book, path, **options)
    run_to_completion(apply_import(book, result))
    return result
