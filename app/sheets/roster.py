"""A sheet with a recognised heading → rows with values, each with what was not taken and why.

Cells are judged one by one: a value that a field cannot take is left out with a remark; a row is refused only where
it does not say reliably whom it is about.
"""

from collections.abc import Iterator
from dataclasses import dataclass, field

from app.errors import FieldRefused
from app.records.field import Field, Value
from app.records.field import field as field_of
from app.sheets.cells import digits_lost, is_moment, text_of
from app.sheets.columns import SKIPPED, About, Heading
from app.sheets.sheet import Cell, Row, Sheet, letters

# numbers whose every digit counts; those that tell whom a row is about refuse the row
_NUMBERS = {"id_number", "person_no", "household_no", "disability_no", "bank_card", "phone"}
_WHO = {"household.household_no", "member.person_no", "member.id_no", "member.name", "helper.name"}
_NAMING = frozenset({"member.name", "member.id_no", "member.person_no", "helper.name", "household.household_no"})
# wrong by their check digit or length, and yet what the national system holds: taken, and doubted
_DOUBTED = {"id_number", "disability_no", "bank_card", "phone"}
_CLOSING = ("合计", "总计", "小计", "共计", "注:", "注：", "备注", "说明", "填表", "审核", "制表", "单位负责", "审批")
# what a column is parsed by, where it is no column of a record
_PARSED_AS = {
    "head.name": ("member", "name"),
    "head.id_no": ("member", "id_no"),
    "row.year": ("income_year", "year"),
    "row.monitored": ("household", "household_kind"),
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
class Refused:
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
    about: About
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

    def refused(self) -> Refused:
        return Refused(self.sheet, self.row, self.reason, self.headers, tuple(text_of(cell) for cell in self.cells))


@dataclass(frozen=True, slots=True)
class _Read:
    """What a cell gave: a value, perhaps a doubt about it, or the sentence why there is none."""

    value: Value = None
    doubt: str = ""
    fault: str = ""


class _Column:
    """One column of the sheet with the field it becomes; equal cells are judged once."""

    def __init__(self, place: int, header: str, target: str) -> None:
        self.place, self.header, self.target = place, header, target
        table, _, name = target.partition(".")
        if table == "income_line":
            table, name = "income_line", "amount"
        self.field = None if target == "row.change" else field_of(*_PARSED_AS.get(target, (table, name)))
        self.numbers = self.field is not None and self.field.declared.rule in _NUMBERS
        self._known: dict[Cell | tuple[type, Cell], _Read] = {}

    def read(self, cell: Cell) -> _Read:
        key = cell if isinstance(cell, str) else (type(cell), cell)  # 1, 1.0 and True are equal
        found = self._known.get(key)
        if found is None:
            found = self._known[key] = self._judged(cell)
        return found

    def _judged(self, cell: Cell) -> _Read:
        text = text_of(cell)
        if not text:
            return _Read()
        if self.field is None:
            return _Read(text)
        if self.numbers and (digits_lost(cell) or is_moment(cell)):
            return _Read(
                fault=f"“{self.header}”被存成了数字（{text[:24]}），后几位已经丢失，请把这一列设为文本重新填写"
            )
        raw = cell if is_moment(cell) and self.field.kind in ("date", "month") else text
        try:
            value = self.field.parse(raw)
        except FieldRefused:
            return _Read(fault=f"{_not_taken(self.field, self.header, text)}")
        sentence = "" if value is None else self.field.check(value).removesuffix("。")
        if not sentence:
            return _Read(value, doubt="" if value is None else self.field.warn(value).removesuffix("。"))
        if self.field.declared.rule in _DOUBTED:
            return _Read(value, doubt=f"{sentence}（疑点，已按原样取）")
        return _Read(fault=sentence)


def _not_taken(one: Field, header: str, text: str) -> str:
    if one.kind in ("choice", "choices"):
        return f"“{header}”的“{text[:20]}”不在选项里"
    takes = {"yes_no": "“是”或“否”", "date": "日期", "month": "年月", "year": "年份"}.get(one.kind, "数字")
    return f"“{header}”的“{text[:20]}”不是{takes}"


def roster_rows(sheet: Sheet, head: Heading) -> Iterator[RosterRow]:
    """The rows below the heading that are meant as rows of the list: no blank ones, no repeated heading, no sums."""
    columns = [
        _Column(place, header, target)
        for place, (header, target) in enumerate(zip(head.headers, head.targets, strict=True))
        if target and target != SKIPPED
    ]
    kept = [(place, header) for place, header in enumerate(head.headers) if not head.targets[place]]
    down = _merged_down(sheet, head.row)
    failed: dict[int, list[tuple[int, str]]] = {}
    for (place, n), fault in sheet.failed.items():
        failed.setdefault(place, []).append((n, fault))
    named = frozenset(cell for cell in sheet.rows[head.row] if cell != "")
    for place in range(head.row + 1, len(sheet.rows)):
        cells = sheet.rows[place]
        if not any(cells):
            continue
        if place in down:
            cells = tuple(down[place].get(n, cell) for n, cell in enumerate(cells))
        row = RosterRow(sheet.name, place + 1, head.about, cells, head.headers, head.targets)
        _fill(row, columns, kept)
        if not _is_one(row, named):
            continue
        for n, fault in failed.get(place, ()):
            _report_formula(row, head, n, fault)
        yield row


def _fill(row: RosterRow, columns: list[_Column], kept: list[tuple[int, str]]) -> None:
    cells, values = row.cells, row.values
    for one in columns:
        cell = cells[one.place]
        if cell == "":
            continue
        found = one.read(cell)
        if found.fault:
            if one.target in _WHO:
                row.reason = row.reason or f"{letters(one.place)}{row.row} 单元格：{found.fault}。"
            else:
                row.remark(f"{found.fault}，未取", one.header)
        elif found.value is not None and one.target not in values:
            values[one.target] = found.value
            if found.doubt:
                row.remark(found.doubt, one.header)
    for n, header in kept:
        text = text_of(cells[n])
        if text:
            row.extra[header] = text


def _report_formula(row: RosterRow, head: Heading, column: int, fault: str) -> None:
    if column >= len(head.headers):
        return
    header, target = head.headers[column], head.targets[column]
    text = f"“{header}”（{letters(column)}{row.row}）的{fault}"
    if target in _WHO:
        row.reason = row.reason or f"{text}。请用 Excel 打开算好，把公式换成数值后再导入。"
    elif target != SKIPPED:
        row.remark(f"{text}，未取", header)


def _is_one(row: RosterRow, headings: frozenset[Cell]) -> bool:
    """Whether a row is meant as one of the list; sums, notes and the heading of the next printed page are not."""
    if _NAMING.isdisjoint(row.values):
        filled = [text for text in map(text_of, row.cells) if text]
        if len(filled) <= 1 or filled[0].replace(" ", "").startswith(_CLOSING):
            return False
    return sum(cell in headings for cell in row.cells) < min(3, len(headings))


def _merged_down(sheet: Sheet, heading_row: int) -> dict[int, dict[int, Cell]]:
    """Row → column → the value of the cell that is merged down over it: one 户编号 for all rows of a household."""
    found: dict[int, dict[int, Cell]] = {}
    for (top, left), (bottom, _) in sheet.merged:
        if heading_row < top < bottom and top < len(sheet.rows):
            value = sheet.rows[top][left] if left < len(sheet.rows[top]) else ""
            for place in range(top + 1, min(bottom + 1, len(sheet.rows))):
                found.setdefault(place, {})[left] = value
    return found
