"""One cell of a register's sheet: its value, and whether it is a mask."""

from decimal import Decimal

from app.errors import ValidationError
from app.records.field import Field, Value
from app.sheets.cells import is_date_or_time, lost_precision, text_of
from app.sheets.register_subjects import RowSubject, SubjectIndex
from app.sheets.sheet import Cell

_ONE = Decimal(1)


def parse_cell(
    subjects: SubjectIndex | None, one: Field, cell: Cell, subject: RowSubject, factor: Decimal = _ONE
) -> tuple[Value, str]:
    """The value of a cell and "", or None and what is wrong with it.

    Args:
        subjects: where a reference is looked up; not needed for other columns
        subject: whom its row is about
        factor: what a number is multiplied by (万元 in a column of 元)
    """
    text = text_of(cell)
    if not text:
        return None, ""
    if one.kind == "reference":
        assert subjects is not None
        return subjects.find_reference(one, text, subject)
    if one.spec.rule and lost_precision(cell):
        return None, f"“{one.label}”被存成了数字（{text[:24]}），后几位已经丢失，请把这一列设为文本重新填写"
    try:
        if factor != 1:
            value = one.parse(Decimal(str(one.parse(text))) * factor)
        else:
            value = one.parse(cell if is_date_or_time(cell) and one.kind in ("date", "month") else text)
    except ValidationError as error:
        return None, str(error).removesuffix("。")
    return (None, fault.removesuffix("。")) if (fault := one.check(value)) else (value, "")


def is_masked(one: Field, text: str) -> bool:
    """Whether a text stands for a number that was hidden."""
    return bool(one.spec.mask) and "*" in text


def is_as_it_left(one: Field, was: str, now: Value, known: Value, unreadable: str) -> bool:
    """Whether the workbook still says what the sheet said when it left.

    Args:
        was: what the cell said
        known: the value of that, where it is not `unreadable`
    """
    if is_masked(one, was):
        return one.text(now, hide=True) == was
    return not unreadable and known == now
