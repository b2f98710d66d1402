"""CSV files as offices save them: GB18030 ("ANSI"), UTF-8 with and without its mark, Excel's Unicode text."""

import csv
import io
from collections.abc import Iterator
from pathlib import Path

from app.sheets.errors import BrokenSheet, NoSheet
from app.sheets.file_validation import validate_size
from app.sheets.sheet import Row, Sheet

_BOMS = ((b"\xef\xbb\xbf", "utf-8-sig"), (b"\xff\xfe", "utf-16"), (b"\xfe\xff", "utf-16"))


def read_csv(path: Path) -> Iterator[Sheet | None]:
    """Yield None now and then while reading, and at the end the sheet.

    Raises:
        NoSheet: it is no table
        BrokenSheet: it is neither UTF-8 nor GB18030
        OversizedSheet: it has too many rows or columns
    """
    text = decode_text(path)
    rows: list[Row] = []
    try:
        for row in csv.reader(io.StringIO(text, newline=""), delimiter=_detect_delimiter(text)):
            rows.append(tuple(row))
            if len(rows) % 1000 == 0:
                validate_size(path.name, "", len(rows), len(row))
                yield None
    except csv.Error as error:
        raise NoSheet(
            f"“{path.name}”第 {len(rows) + 1} 行读不出来，不像 CSV 表格。请用 Excel 另存为 .xlsx 再导入。"
        ) from error
    width = max((len(row) for row in rows), default=0)
    validate_size(path.name, "", len(rows), width)
    yield Sheet(path.stem, tuple(row + ("",) * (width - len(row)) for row in rows))


def decode_text(path: Path) -> str:
    """The text of the file, by its mark, else UTF-8, else GB18030.

    Raises:
        BrokenSheet: none of them
    """
    content = path.read_bytes()
    encodings = [encoding for bom, encoding in _BOMS if content.startswith(bom)] or ["utf-8", "gb18030"]
    for encoding in encodings:
        try:
            return content.decode(encoding)
        except UnicodeDecodeError:
            continue
    raise BrokenSheet(
        f"“{path.name}”里有无法识别的文字（既不是 UTF-8 也不是 GBK）。请用 Excel 打开核对，另存为 .xlsx 再导入。"
    )


def _detect_delimiter(text: str) -> str:
    sample = text[:5000]
    return max(",\t;", key=sample.count)
