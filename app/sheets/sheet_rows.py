"""The rows below the heading of a register's sheet."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from decimal import Decimal

from app.sheets.cells import text_of
from app.sheets.register_layout import PARENT_ID, ROW_ID
from app.sheets.roster import Remark
from app.sheets.roster_aliases import SKIPPED_COLUMN, normalize_header
from app.sheets.row_selection import FOOTER_PREFIXES
from app.sheets.sheet import Cell, Row, Sheet, column_letters
from app.sheets.sheet_layout import SheetHeading


@dataclass(frozen=True, slots=True)
class SheetRow:
    """One row below a heading.

    Attributes:
        number: of the row in the sheet, counted from 1
        columns: target → the column that holds it
        factors: column → what its numbers are multiplied by
    """

    sheet: str
    number: int
    all_cells: Row
    columns: Mapping[str, int]
    factors: Mapping[int, Decimal]

    def cell(self, target: str) -> Cell:
        column = self.columns.get(target, len(self.all_cells))
        return self.all_cells[column] if column < len(self.all_cells) else ""

    def text(self, target: str) -> str:
        return text_of(self.cell(target))

    def place(self, target: str) -> str:
        """Where a cell is, e.g. "D7"; "" where the sheet has no such column."""
        return f"{column_letters(self.columns[target])}{self.number}" if target in self.columns else ""

    def factor(self, target: str) -> Decimal:
        return self.factors.get(self.columns[target], Decimal(1))

    def texts(self) -> tuple[str, ...]:
        return tuple(text_of(cell) for cell in self.all_cells)


def data_rows(
    sheet: Sheet, header: SheetHeading, columns: Mapping[str, int], left_out: list[Remark]
) -> Iterator[SheetRow]:
    """The rows below the heading that are meant as rows; repeated headings, sums and notes go to `left_out`.

    A row of which only the hidden ids are left was emptied as one deletes a row: it is not there.

    Args:
        columns: target → the column that holds it
    """
    headings = {normalize_header(name) for name in header.headers if name}
    id_columns = {columns[target] for target in (ROW_ID, PARENT_ID) if target in columns}
    for index in range(header.row + 1, len(sheet.rows)):
        row = SheetRow(sheet.name, index + 1, sheet.rows[index], columns, header.factors)
        filled = [text for column, text in enumerate(row.texts()) if text and column not in id_columns]
        if not filled:
            continue
        if row.text(ROW_ID):
            yield row
            continue
        is_footer = filled[0].replace(" ", "").startswith(FOOTER_PREFIXES)
        is_heading = sum(normalize_header(text) in headings for text in filled) >= min(3, len(headings))
        if is_footer or is_heading:
            text = f"这一行是合计、说明或重复的表头，没有收：{' | '.join(filled)}"
            left_out.append(Remark(sheet.name, row.number, "", text))
        else:
            yield row


def unknown_columns(
    sheet: str, header: SheetHeading, columns: Mapping[str, int], rows: list[SheetRow]
) -> Iterator[Remark]:
    """A remark for each column that is not taken, with all that it says."""
    for index, target in enumerate(header.targets):
        if target == SKIPPED_COLUMN or columns.get(target) == index:
            continue
        name = header.headers[index] or f"{column_letters(index)}列"
        cells = [
            (row.number, name, text)
            for row in rows
            if index < len(row.all_cells) and (text := text_of(row.all_cells[index]))
            if not target or text != row.text(target)
        ]
        if cells:
            text = f"“{name}”列不是台账的栏目，{len(cells)} 格内容没有取"
            yield Remark(sheet, 0, name, text, cells=tuple(cells))
