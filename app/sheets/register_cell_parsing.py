"""One cell of a register's sheet: its value, and whether it is a mask."""

from dataclasses import dataclass
from decimal import Decimal
from typing import Literal

from app.errors import ValidationError
from app.records.field import Field, Value
from app.sheets.cells import is_date_or_time, lost_precision, text_of
from app.sheets.register_subjects import RowSubject, SubjectIndex
from app.sheets.sheet import Cell
from app.workbook.masking import holds_mask

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
    """Whether a text stands for a number that was hidden, or a remark holds one."""
    return "*" in text if one.spec.mask else one.kind == "long" and holds_mask(text)


def is_as_it_left(one: Field, was: str, now: Value, known: Value, unreadable: str) -> bool:
    """Whether the workbook still says what the sheet said when it left.

    Args:
        was: what the cell said
        known: the value of that, where it is not `unreadable`
    """
    if is_masked(one, was):
        return one.text(now, hide=True) == was
    return not unreadable and known == now


@dataclass(frozen=True, slots=True)
class ComparedCell:
    """What a cell does to a value that is here.

    Attributes:
        outcome: "unchanged"; "taken": it becomes `value`; "both": the value here was changed meanwhile too
        fault: why it is not taken, where somebody changed it
        left: the value that it left with, where that can be read
        left_text: otherwise what it said
    """

    outcome: Literal["unchanged", "taken", "both"]
    value: Value = None
    fault: str = ""
    left: Value = None
    left_text: str = ""


def compare_cell(
    subjects: SubjectIndex,
    one: Field,
    cell: Cell,
    left: Cell | None,
    now: Value,
    subject: RowSubject,
    factor: Decimal = _ONE,
) -> ComparedCell:
    """Three sides: what left, what the sheet says now, what the workbook says now.

    Args:
        left: what the cell said when the list was written, None where nobody knows
        now: the value in the workbook
    """
    text, was = text_of(cell), None if left is None else text_of(left)
    if text == was or (not text and was is None):
        return ComparedCell("unchanged")  # where nobody knows what it said, an empty cell erases nothing
    if is_masked(one, text):
        return ComparedCell("unchanged", fault="带星号的号码不能当号码" if was is not None else "")
    value, fault = parse_cell(subjects, one, cell, subject, factor)
    if value is None and not fault:
        fault = one.check(None).removesuffix("。")  # what a form insists on cannot be cleared
    known, unreadable = parse_cell(subjects, one, left if left is not None else "", subject)
    if fault or value == now or (was is not None and not unreadable and value == known):
        return ComparedCell("unchanged", fault=fault)
    if was is None or is_as_it_left(one, was, now, known, unreadable):
        return ComparedCell("taken", value)
    return ComparedCell("both", value, left=known, left_text=was if unreadable else "")
