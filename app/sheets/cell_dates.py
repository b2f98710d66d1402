"""Dates and months as offices write them: “2016.3”, “2016年3月”, “14.5.1”, and the serial numbers that Excel keeps."""

import re
from datetime import date, timedelta

from app.errors import ValidationError
from app.records.field import Field, Value
from app.records.validators import current_date
from app.sheets.cells import is_date_or_time, text_of
from app.sheets.sheet import Cell

_EXCEL_EPOCH = date(1899, 12, 30)
_SERIALS = range(7306, 73051)  # 1920 to 2099
_SHORT_YEAR = re.compile(r"(\d{2})[.\-/年](\d{1,2})[.\-/月](\d{1,2})日?")
_SHORT_MONTH = re.compile(r"(\d{2})[.\-/年](\d{1,2})月?")
_MONTH_ONLY = re.compile(r"(\d{4})(?:[.\-/年]\d{1,2}月?|年)?")


def parse_date(field_spec: Field, cell: Cell) -> tuple[Value, str]:
    """Value of a cell of a date or month field, and what is doubtful about it.

    Raises:
        ValidationError: with the reason why it is none
    """
    if is_date_or_time(cell):
        return field_spec.parse(cell), ""
    text = text_of(cell)
    if text.isdigit() and int(text) in _SERIALS:
        return field_spec.parse(_EXCEL_EPOCH + timedelta(days=int(text))), ""
    if isinstance(cell, float) and re.fullmatch(r"(\d{2}){1,2}\.1", text):
        raise ValidationError("是数字，分不清是 1 月还是 10 月")
    short = _SHORT_YEAR.fullmatch(text) or (_SHORT_MONTH.fullmatch(text) if field_spec.kind == "month" else None)
    if short:
        year = int(short[1]) + (2000 if int(short[1]) <= current_date().year % 100 else 1900)
        value = field_spec.parse("-".join((str(year), *short.groups()[1:])))
        return value, f"的“{text}”没有写全年份，按 {year} 年取，请核对"
    if field_spec.kind == "date" and _MONTH_ONLY.fullmatch(text):
        raise ValidationError("没有写到日")
    return field_spec.parse(text), ""
