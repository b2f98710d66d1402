"""One cell of a column → the value of its field, with what is doubtful or why there is none.

What is certain is taken: “￥1,200.00”, “2.4万” in a column of 元, a serial number in a column of dates. What could mean
two things is never guessed silently: “12,5” is refused, a mask is no value.
"""

import re
from dataclasses import dataclass, field
from decimal import Decimal, InvalidOperation

from app.errors import ValidationError
from app.records.field import Field, Value
from app.records.field import field as field_of
from app.sheets.cell_dates import parse_date
from app.sheets.cells import is_date_or_time, lost_precision, text_of
from app.sheets.mapped_column import YEARLY_TABLES, MappedColumn
from app.sheets.sheet import Cell
from app.sheets.units import factor, split_quantity
from app.workbook.masking import holds_mask
from resources.option_roles import yes_no

# numbers whose every digit counts; those that tell whom a row is about refuse the row
_IDENTIFIER_RULES = {"id_number", "person_no", "household_no", "disability_no", "bank_card", "phone"}
# wrong by their check digit or length, and yet what the national system holds: taken, and doubted
_WARN_ONLY_RULES = {"id_number", "disability_no", "bank_card", "phone"}
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
# a field of one option → the field that takes what else its cell names
OVERFLOW_TARGETS = {"household.cause_main": "household.cause_other"}
_SEVERAL = re.compile(r"[、,，;；/\s]+")
_PHONE = re.compile(r"(?<!\d)(1\d{10}|0\d{2,3}-?\d{7,8})(?=1\d{10}(?!\d)|(?!\d))")
_GROUPED = re.compile(r"[+-]?\d{1,3}(,\d{3})+(\.\d*)?")
_NOTHING = {"无", "没有", "暂无", "未填", "不详", "空"}


@dataclass(frozen=True, slots=True)
class CellResult:
    """What a cell gave.

    Attributes:
        warning: about a value that was taken
        error: why there is none
        blank: why the cell counts as empty though something stands in it
        rest: what else the cell says: target, or "" for a named note → its text
        is_plain: whether there is a value and nothing to say about it
    """

    value: Value = None
    warning: str = ""
    error: str = ""
    blank: str = ""
    rest: dict[str, str | tuple[str, ...]] = field(default_factory=dict)
    is_plain: bool = False


class ColumnParser:
    """Reads the cells of one column; equal cells are judged once."""

    def __init__(self, column: MappedColumn) -> None:
        self.column, self.index, self.target = column, column.index, column.target
        self.header = column.header
        self.is_shared = False  # whether other columns become the same field, or the same of another year
        table, _, name = column.target.partition(".")
        if table == "income_line":
            table, name = "income_line", "amount"
        elif table == "measure":
            table, name = "measure", "title"
        self.is_yearly = column.target.partition(".")[0] in YEARLY_TABLES
        is_free = column.target == "row.change"
        self.field = None if is_free else field_of(*_PARSED_AS.get(column.target, (table, name)))
        self.is_identifier = self.field is not None and self.field.spec.rule in _IDENTIFIER_RULES
        times = factor(self.field.unit, column.unit) if self.field is not None and column.unit else None
        self.factor = Decimal(1) if times is None else times
        self._cache: dict[Cell | tuple[type, Cell], CellResult] = {}

    def parse(self, cell: Cell) -> CellResult:
        key = cell if isinstance(cell, str) else (type(cell), cell)  # 1, 1.0 and True are equal
        result = self._cache.get(key)
        if result is None:
            result = self._cache[key] = self._parse_uncached(cell)
        return result

    def _parse_uncached(self, cell: Cell) -> CellResult:
        text = text_of(cell)
        if not text:
            return CellResult()
        if self.field is None:
            return CellResult(text)
        if "**" in text and (self.field.spec.mask or (self.field.kind == "long" and holds_mask(text))):
            return CellResult(blank=f"“{self.header}”是打了星号的，不是号码，没有改动")
        if (self.is_identifier or self.field.spec.rule == "person_name") and text in _NOTHING:
            return CellResult(blank=f"“{self.header}”写的是“{text}”，按空白处理")
        if self.is_identifier and (lost_precision(cell) or is_date_or_time(cell)):
            return CellResult(
                error=f"“{self.header}”被存成了数字（{text[:24]}），后几位已经丢失，请把这一列设为文本重新填写"
            )
        try:
            result = self._parse_by_kind(self.field, cell, text)
        except ValidationError as error:
            if text in _NOTHING:
                return CellResult(blank=f"“{self.header}”写的是“{text}”，按空白处理")
            return CellResult(error=_error_message(self.field, self.header, text, str(error)))
        return self._checked(self.field, result)

    def _parse_by_kind(self, one: Field, cell: Cell, text: str) -> CellResult:
        match one.kind:
            case "money" | "decimal" | "integer":
                return CellResult(self._parse_number(one, text))
            case "date" | "month":
                value, doubt = parse_date(one, cell)
                return CellResult(value, warning=f"“{self.header}”{doubt}" if doubt else "")
            case "choice":
                return self._parse_choice(one, text)
        if one.spec.rule == "phone":
            return self._parse_phone(one, text)
        return CellResult(one.parse(text))

    def _parse_number(self, one: Field, text: str) -> Value:
        if text in _NOTHING and text != "不详":
            return one.parse("0")
        quantity = split_quantity(text)
        if quantity is None:
            return one.parse(text)
        number, unit = quantity[0], quantity[1].removesuffix("/年")
        if "," in number and not _GROUPED.fullmatch(number):
            raise ValidationError("里的逗号分不清是小数点还是千分位")
        times = factor(one.unit, unit) if unit else self.factor
        if times is None:
            raise ValidationError(f"的单位“{unit}”换不成“{one.unit}”" if one.unit else "不是数字")
        try:
            return one.parse(f"{Decimal(number.replace(',', '')) * times:f}")
        except InvalidOperation:
            raise ValidationError("不是数字") from None

    def _parse_choice(self, one: Field, text: str) -> CellResult:
        """One option; where a cell names several, the first, and the rest beside it."""
        try:
            return CellResult(one.parse(text))
        except ValidationError:
            parts = [part for part in _SEVERAL.split(text) if part]
            if len(parts) < 2:
                raise
        values = [one.parse(part) for part in parts]  # the whole cell is refused where one of them is unknown
        others = tuple(str(value) for value in values[1:])
        warning = f"“{self.header}”写了 {len(values)} 项“{text}”，取第一项，其余记到旁边"
        overflow = OVERFLOW_TARGETS.get(self.target, "")
        return CellResult(values[0], warning, rest={overflow: others if overflow else "、".join(others)})

    def _parse_phone(self, one: Field, text: str) -> CellResult:
        """One number; where a cell holds several, the first, and the rest as a note."""
        parts = [part for part in re.split(r"[、,，;；/|]+|\s+(?=\d{7})", text) if part.strip()]
        if len(parts) > 1 and all(not one.check(one.parse(part)) for part in parts):
            warning = f"“{self.header}”有 {len(parts)} 个号码，取第一个，其余存到“其他列”"
            return CellResult(one.parse(parts[0]), warning, rest={"": "、".join(part.strip() for part in parts[1:])})
        number = _PHONE.search(text)
        if number is not None and one.check(one.parse(text)):  # “13900000001（儿子13900000002）”
            others = " ".join((text[: number.start()] + " " + text[number.end() :]).split()).strip("()（） ")
            warning = f"“{self.header}”里不只有一个号码，取第一个，其余存到“其他列”"
            return CellResult(one.parse(number[0]), warning, rest={"": others})
        return CellResult(one.parse(text))

    def _checked(self, one: Field, result: CellResult) -> CellResult:
        value = result.value
        if value is None:
            return result
        error = one.check(value).removesuffix("。")
        if not error:
            warning = result.warning or one.warn(value).removesuffix("。")
            return CellResult(value, warning, rest=result.rest, is_plain=not (warning or result.rest))
        if one.spec.rule in _WARN_ONLY_RULES:
            return CellResult(value, f"{error}（疑点，已按原样取）", rest=result.rest)
        return CellResult(error=error)


def _error_message(one: Field, header: str, text: str, reason: str) -> str:
    """Why a cell gives no value, for the officer; the field's own sentence is written for whoever types into a form."""
    said = f"“{header}”的“{text[:20]}”"
    if reason.startswith(("里的逗号", "的单位", "没有写到", "是数字")):
        return f"{said}{reason}"
    if one.kind in ("choice", "choices"):
        return f"{said}不在选项里"
    answers = f"“{yes_no(True)}”或“{yes_no(False)}”"
    expected = {"yes_no": answers, "date": "日期", "month": "年月", "year": "年份"}.get(one.kind, "数字")
    return f"{said}不是{expected}"
