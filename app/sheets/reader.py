"""Open a spreadsheet file: what it is by its bytes, then its sheets with every raw cell in its place.

xlsx, xls and et are read by calamine in a process of its own (app/sheets/reader_process.py): a crafted file can abort
that one, not us. Text files are read here.
"""

from collections.abc import Generator, Iterable, Iterator
from contextlib import suppress
from dataclasses import replace
from multiprocessing import get_context
from multiprocessing.connection import Connection
from pathlib import Path
from typing import Any

from app.progress import Progress, Task
from app.sheets.csv_reader import read_csv
from app.sheets.errors import NoSheet, OversizedSheet
from app.sheets.file_validation import detect_container
from app.sheets.reader_process import run_reader
from app.sheets.sheet import HIDDEN_SHEET, Cell, Row, Sheet

_PROGRESS_LABEL = "读取表格"


def read(path: Path) -> Task[tuple[Sheet, ...]]:
    """All visible sheets that hold anything.

    Raises:
        NoSheet, EncryptedSheet, MacroSheet, OversizedSheet, BrokenSheet: see app/sheets/errors.py
    """
    all_sheets = yield from read_with_hidden(path)
    return tuple(sheet for sheet in all_sheets if sheet.name != HIDDEN_SHEET and not sheet.is_hidden)


def read_with_hidden(path: Path) -> Task[tuple[Sheet, ...]]:
    """As `read`, with the hidden sheet of a list that this program wrote among them, and the names of all others."""
    yield Progress(0, 0, _PROGRESS_LABEL)
    container_type = detect_container(path)
    sheets: list[Sheet] = []
    if container_type == "text":
        for text_result in read_csv(path):
            if text_result is None:
                yield Progress(0, 0, _PROGRESS_LABEL)
            else:
                sheets.append(text_result)
    else:
        sheets.extend((yield from _read_in_subprocess(path, container_type)))
    non_empty = tuple(sheet for sheet in sheets if any(any(_has_content(cell) for cell in row) for row in sheet.rows))
    if all(sheet.name == HIDDEN_SHEET for sheet in non_empty):
        raise NoSheet(f"“{path.name}”里没有内容，所有工作表都是空的。请确认选对了文件。")
    return (*non_empty, *(sheet for sheet in sheets if sheet.is_hidden))


def _has_content(cell: Cell) -> bool:
    return not isinstance(cell, str) or bool(cell.strip())


def _read_in_subprocess(path: Path, container_type: str) -> Generator[Progress, None, list[Sheet]]:
    context = get_context("spawn")
    receiver, sender = context.Pipe(duplex=False)
    process = context.Process(target=run_reader, args=(str(path), container_type, sender), daemon=True)
    process.start()
    sender.close()
    try:
        return (yield from _receive_sheets(path, receiver))
    finally:
        process.kill()  # it has nothing to save, and a cancelled or dying reader must not linger
        process.join()
        process.close()
        receiver.close()


def _with_shared_texts(rows: Iterable[Row], texts: dict[str, str]) -> Iterator[Row]:
    """The rows with one string for all cells that say the same: a list says 汉族 fifty thousand times."""
    for row in rows:
        yield tuple(texts.setdefault(cell, cell) if isinstance(cell, str) else cell for cell in row)


def _receive_sheets(path: Path, connection: "Connection[Any, Any]") -> Generator[Progress, None, list[Sheet]]:
    sheets: list[tuple[Sheet, list[Row]]] = []
    row_count, texts = 0, dict[str, str]()
    while True:
        while not connection.poll(0.05):
            yield Progress(row_count, 0, _PROGRESS_LABEL)
        message: tuple[Any, ...] = ("gone",)
        with suppress(EOFError, OSError):
            message = connection.recv()
        match message:
            case ("sheet", name, merged, formula_errors, hidden_rows):
                sheets.append((Sheet(name, (), merged, formula_errors, hidden_rows), []))
            case ("struck", struck_rows):
                sheets[-1] = replace(sheets[-1][0], struck_rows=struck_rows), sheets[-1][1]
            case ("hidden", name):
                sheets.append((Sheet(name, (), is_hidden=True), []))
            case ("rows", rows):
                sheets[-1][1].extend(_with_shared_texts(rows, texts))
                row_count += len(rows)
                yield Progress(row_count, 0, _PROGRESS_LABEL)
            case ("end",):
                return [replace(sheet, rows=tuple(rows)) for sheet, rows in sheets]
            case ("refused", error):
                raise error
            case _:
                raise OversizedSheet(
                    f"“{path.name}”的内容撑坏了读表程序，没有导入（工作簿没有受影响）。"
                    "请在 Excel 里把名册复制到一个新的工作簿，另存为 .xlsx 再导入。"
                )
