"""Open a spreadsheet file: what it is by its bytes, then its sheets with every raw cell in its place.

xlsx, xls and et are read by calamine in a process of its own (app/sheets/child.py): a crafted file can abort it, not
us. Text files are read here.
"""

from collections.abc import Generator
from contextlib import suppress
from multiprocessing import get_context
from multiprocessing.connection import Connection
from pathlib import Path
from typing import Any

from app.progress import Progress, Work
from app.sheets.child import read_apart
from app.sheets.refusals import NoSheet, OversizedSheet
from app.sheets.sheet import Cell, Range, Row, Sheet
from app.sheets.text import text_sheet
from app.sheets.vetting import container

_DOING = "读取表格"


def read(path: Path) -> Work[tuple[Sheet, ...]]:
    """All visible sheets that hold anything.

    Raises:
        NoSheet, EncryptedSheet, MacroSheet, OversizedSheet, BrokenSheet: see app/sheets/refusals.py
    """
    yield Progress(0, 0, _DOING)
    how = container(path)
    sheets: list[Sheet] = []
    if how == "text":
        for found in text_sheet(path):
            if found is None:
                yield Progress(0, 0, _DOING)
            else:
                sheets.append(found)
    else:
        sheets.extend((yield from _read_apart(path, how)))
    full = tuple(sheet for sheet in sheets if any(any(_says_something(cell) for cell in row) for row in sheet.rows))
    if not full:
        raise NoSheet(f"“{path.name}”里没有内容，所有工作表都是空的。请确认选对了文件。")
    return full


def _says_something(cell: Cell) -> bool:
    return not isinstance(cell, str) or bool(cell.strip())


def _read_apart(path: Path, how: str) -> Generator[Progress, None, list[Sheet]]:
    context = get_context("spawn")
    ours, theirs = context.Pipe(duplex=False)
    process = context.Process(target=read_apart, args=(str(path), how, theirs), daemon=True)
    process.start()
    theirs.close()
    try:
        return (yield from _received(path, ours))
    finally:
        process.kill()  # it has nothing to save, and a cancelled or dying reader must not linger
        process.join()
        process.close()
        ours.close()


def _received(path: Path, office: "Connection[Any, Any]") -> Generator[Progress, None, list[Sheet]]:
    sheets: list[tuple[str, tuple[Range, ...], dict[tuple[int, int], str], list[Row]]] = []
    read_rows = 0
    while True:
        while not office.poll(0.05):
            yield Progress(read_rows, 0, _DOING)
        message: tuple[Any, ...] = ("gone",)
        with suppress(EOFError, OSError):
            message = office.recv()
        match message:
            case ("sheet", name, merged, failed):
                sheets.append((name, merged, failed, []))
            case ("rows", rows):
                sheets[-1][3].extend(rows)
                read_rows += len(rows)
                yield Progress(read_rows, 0, _DOING)
            case ("end",):
                return [Sheet(name, tuple(rows), merged, failed) for name, merged, failed, rows in sheets]
            case ("refused", refusal):
                raise refusal
            case _:
                raise OversizedSheet(
                    f"“{path.name}”的内容撑坏了读表程序，没有导入（工作簿没有受影响）。"
                    "请在 Excel 里把名册复制到一个新的工作簿，另存为 .xlsx 再导入。"
                )
