"""A sheet with a recognised heading → rows with values, each with what was not taken and why.

Cells are judged one by one: a value that a field cannot take is left out with a remark; a row is refused only where
it does not say reliably whom it is about.
"""

from collections.abc import Iterator
from dataclasses import dataclass, field

from app.errors import ValidationError
from app.records.field import Field, Value
from app.records.field import field as field_of
from app.sheets.cells import is_date_or_time, lost_precision, text_of
from app.sheets.header_matching import SKIPPED_COLUMN, HeaderRow, RosterKind
from app.sheets.sheet import Cell, Row, Sheet, column_letters

# numbers whose every digit counts; those that tell whom a row is about refuse the row
_IDENTIFIER_RULES = {"id_number", "person_no", "household_no", "disability_no", "bank_card", "phone"}
_REQUIRED_TARGETS = {"household.household_no", "member.person_no", "member.id_no", "member.name", "helper.name"}
_IDENTIFYING_TARGETS = frozenset(
    {"member.name", "member.id_no", "member.person_no", "helper.name", "household.household_no"}
)
# wrong by their check digit or length, and yet what the national system holds: taken, and doubted
_WARN_ONLY_RULES = {"id_number", "disability_no", "bank_card", "phone"}
FOOTER_PREFIXES = (
    "合计",
    "总计",
    "小计",
    "共计",
    "注:",
    "注：",
    "备注",
    "说明",
    "填表",
    "审核",
    "制表",
    "单位负责",
    "审批",
)
# what a column is parsed by, where it is no column of a record
_PARSED_AS = {
    "head.name": ("member", "name"),
    "head.id_no": ("member", "id_no"),
    "row.year": ("income_year", "year"),
    "row.risk_removed": ("member", "dibao"),  # any column of yes and no
    **{f"risk.{n}": ("monitoring", "risks") for n in range(1, 6)},
    "village.name": ("village", "name"),
    "village.county": ("village", "county"),
    "village.township": ("village", "township"),
}


@dataclass(frozen=True, slots=True)
class Remark:
    """Something an officer should know about a row that is taken; `row` counts from 1, 0 for the whole file."""

    sheet: str
    row: int
    column: str
    text: str


@dataclass(frozen=True, slots=True)
class RejectedRow:
    """A row that is not taken, as it stands in the sheet, and why."""

    sheet: str
    row: int
    reason: str
    headers: tuple[str, ...]
    cells: tuple[str, ...]


@dataclass(slots=True)
class RosterRow:
    """One row: "table.column" → value (absent where the cell is empty), other columns by their header."""

    sheet: str
    row: int
    kind: RosterKind
    cells: Row
    headers: tuple[str, ...]
    targets: tuple[str, ...]
    values: dict[str, Value] = field(default_factory=dict)
    extra: dict[str, str] = field(default_factory=dict)
    remarks: list[Remark] = field(default_factory=list)
    reason: str = ""

    def header(self, target: str) -> str:
        """The header of the column that becomes this."""
        return self.headers[self.targets.index(target)]

    def text(self, target: str) -> str:
        """A text value, "" where there is none."""
        value = self.values.get(target)
        return value if isinstance(value, str) else ""

    def remark(self, text: str, column: str = "") -> None:
        self.remarks.append(Remark(self.sheet, self.row, column, text))

    def to_rejected(self) -> RejectedRow:
        return RejectedRow(self.sheet, self.row, self.reason, self.headers, tuple(text_of(cell) for cell in self.cells))


@dataclass(frozen=True, slots=True)
class _CellResult:
    """What a cell gave: a value, perhaps an issue about it, or the sentence why there is none."""

    value: Value = None
    warning: str = ""
    error: str = ""


class _Column:
    """One column of the sheet with the field it becomes; equal cells are judged once."""

    def __init__(self, index: int, header: str, target: str) -> None:
        self.index, self.header, self.target = index, header, target
        table, _, name = target.partition(".")
        if table == "income_line":
            table, name = "income_line", "amount"
        elif table == "measure":
            table, name = "measure", "title"
        self.field = None if target == "row.change" else field_of(*_PARSED_AS.get(target, (table, name)))
        self.is_identifier = self.field is not None and self.field.spec.rule in _IDENTIFIER_RULES
        self._cache: dict[Cell | tuple[type, Cell], _CellResult] = {}

    def parse(self, cell: Cell) -> _CellResult:
        key = cell if isinstance(cell, str) else (type(cell), cell)  # 1, 1.0 and True are equal
        result = self._cache.get(key)
        if result is None:
            result = self._cache[key] = self._parse_uncached(cell)
        return result

    def _parse_uncached(self, cell: Cell) -> _CellResult:
        text = text_of(cell)
        if not text:
            return _CellResult()
        if self.field is None:
            return _CellResult(text)
        if self.is_identifier and (lost_precision(cell) or is_date_or_time(cell)):
            return _CellResult(
                error=f"“{self.header}”被存成了数字（{text[:24]}），后几位已经丢失，请把这一列设为文本重新填写"
            )
        raw = cell if is_date_or_time(cell) and self.field.kind in ("date", "month") else text
        try:
            value = self.field.parse(raw)
        except ValidationError:
            return _CellResult(error=f"{_type_error_message(self.field, self.header, text)}")
        error = "" if value is None else self.field.check(value).removesuffix("。")
        if not error:
            return _CellResult(value, warning="" if value is None else self.field.warn(value).removesuffix("。"))
        if self.field.spec.rule in _WARN_ONLY_RULES:
            return _CellResult(value, warning=f"{error}（疑点，已按原样取）")
        return _CellResult(error=error)


def _type_error_message(field_spec: Field, header: str, text: str) -> str:
    if field_spec.kind in ("choice", "choices"):
        return f"“{header}”的“{text[:20]}”不在选项里"
    expected = {"yes_no": "“是”或“否”", "date": "日期", "month": "年月", "year": "年份"}.get(field_spec.kind, "数字")
    return f"“{header}”的“{text[:20]}”不是{expected}"


def roster_rows(sheet: Sheet, header_row: HeaderRow) -> Iterator[RosterRow]:
    """The rows below the heading that are meant as rows of the list: no blank ones, no repeated heading, no sums."""
    columns = [
        _Column(index, header, target)
        for index, (header, target) in enumerate(zip(header_row.headers, header_row.targets, strict=True))
        if target and target != SKIPPED_COLUMN
    ]
    extra_columns = [
        (index, header) for index, header in enumerate(header_row.headers) if not header_row.targets[index]
    ]
    merged_values = _fill_down_values(sheet, header_row.row)
    formula_errors: dict[int, list[tuple[int, str]]] = {}
    for (index, column_index), error in sheet.formula_errors.items():
        formula_errors.setdefault(index, []).append((column_index, error))
    header_cells = frozenset(cell for cell in sheet.rows[header_row.row] if cell != "")
    for index in range(header_row.row + 1, len(sheet.rows)):
        cells = sheet.rows[index]
        if not any(cells):
            continue
        if index in merged_values:
            cells = tuple(merged_values[index].get(column_index, cell) for column_index, cell in enumerate(cells))
        row = RosterRow(sheet.name, index + 1, header_row.kind, cells, header_row.headers, header_row.targets)
        _fill(row, columns, extra_columns)
        if not _is_data_row(row, header_cells):
            continue
        for column_index, error in formula_errors.get(index, ()):
            _report_formula(row, header_row, column_index, error)
        yield row


def _fill(row: RosterRow, columns: list[_Column], extra_columns: list[tuple[int, str]]) -> None:
    cells, values = row.cells, row.values
    for column in columns:
        cell = cells[column.index]
        if cell == "":
            continue
        result = column.parse(cell)
        if result.error:
            if column.target in _REQUIRED_TARGETS:
                row.reason = row.reason or f"{column_letters(column.index)}{row.row} 单元格：{result.error}。"
            else:
                row.remark(f"{result.error}，未取", column.header)
        elif result.value is not None and column.target not in values:
            values[column.target] = result.value
            if result.warning:
                row.remark(result.warning, column.header)
    for index, header in extra_columns:
        text = text_of(cells[index])
        if text:
            row.extra[header] = text


def _report_formula(row: RosterRow, header_row: HeaderRow, index: int, error: str) -> None:
    if index >= len(header_row.headers):
        return
    header, target = header_row.headers[index], header_row.targets[index]
    text = f"“{header}”（{column_letters(index)}{row.row}）的{error}"
    if target in _REQUIRED_TARGETS:
        row.reason = row.reason or f"{text}。请用 Excel 打开算好，把公式换成数值后再导入。"
    elif target != SKIPPED_COLUMN:
        row.remark(f"{text}，未取", header)


def _is_data_row(row: RosterRow, header_cells: frozenset[Cell]) -> bool:
    """Whether a row is meant as one of the list; sums, notes and the heading of the next printed page are not."""
    if _IDENTIFYING_TARGETS.isdisjoint(row.values):
        filled = [text for text in map(text_of, row.cells) if text]
        if len(filled) <= 1 or filled[0].replace(" ", "").startswith(FOOTER_PREFIXES):
            return False
    return sum(cell in header_cells for cell in row.cells) < min(3, len(header_cells))


def _fill_down_values(sheet: Sheet, header_index: int) -> dict[int, dict[int, Cell]]:
    """Row → column → the value of the cell that is merged down over it: one 户编号 for all rows of a household."""
    values_by_row: dict[int, dict[int, Cell]] = {}
    for (top, left), (bottom, _) in sheet.merged:
        if header_index < top < bottom and top < len(sheet.rows):
            value = sheet.rows[top][left] if left < len(sheet.rows[top]) else ""
            for row_index in range(top + 1, min(bottom + 1, len(sheet.rows))):
                values_by_row.setdefault(row_index, {})[left] = value
    return values_by_row
