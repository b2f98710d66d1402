"""How the columns of a paper stand: numbers at the right, days, codes and names of households in the middle."""

import re
from collections.abc import Iterator, Sequence

from app.pdf.flowables import Flowable, KeepTogether
from app.pdf.table import Cell, Table
from app.registers import all_registers

_NUMBER = re.compile(r"[-+]?[\d,]+(\.\d+)?%?")
_DAY = re.compile(r"\d{4}年(\d{1,2}月(\d{1,2}日)?)?|\d{4}-\d\d(-\d\d)?")
_CODE = re.compile(r"(19|20)\d\d|\d{15,19}|0\d+|1\d{10}")  # a year, a number of a household or person, a telephone
_IN_THE_MIDDLE = ("序号", "户主", "户编号")


def tables(flowables: Sequence[Flowable]) -> Iterator[Table]:
    """Every table of a paper, also those that stay together with others."""
    for one in flowables:
        if isinstance(one, Table):
            yield one
        elif isinstance(one, KeepTogether):
            yield from tables(one.flowables)


def misplaced_columns(flowables: Sequence[Flowable]) -> list[str]:
    """The columns that do not stand as what is in them asks for: their name, and an example."""
    found = []
    for table in tables(flowables):
        for label, cells in _columns(table):
            texts = [str(cell.content).strip() for cell in cells]
            written = [text for text in texts if text not in ("", "—")]
            for text in written[:1]:
                wanted = _wanted(label, written)
                if wanted and {cell.style.align for cell in cells} != {wanted}:
                    found.append(f"{label}：{text}")
    return found


def _wanted(label: str, texts: Sequence[str]) -> str:
    if label in {register.title for register in all_registers()}:
        return ""  # what the rows of a ledger are called, e.g. by their year
    if label in _IN_THE_MIDDLE or all(_DAY.fullmatch(text) or _CODE.fullmatch(text) for text in texts):
        return "center"
    return "right" if all(_NUMBER.fullmatch(text) for text in texts) else ""


def _columns(table: Table) -> Iterator[tuple[str, list[Cell]]]:
    """Name and cells of each column below a header; rows with sums or spans are none."""
    if not table.header_rows:
        return
    labels = [str(cell.content) for cell in table.header_rows[-1].cells]
    rows = [
        row.cells
        for row in table.rows
        if len(row.cells) == len(labels)
        and all(isinstance(cell.content, str) and cell.col_span == cell.row_span == 1 for cell in row.cells)
        and not any(cell.shaded for cell in row.cells)
    ]
    for n, label in enumerate(labels):
        if cells := [row[n] for row in rows]:
            yield label, cells
