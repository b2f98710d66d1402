"""What can be done to many rows at once, as entries of one list that is filtered by initials."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Literal

from app.cell_edits.edit_planning import refusal_of_column
from app.cell_edits.year_copy import copied_lists
from app.records.field import Field
from app.registers import all_registers
from app.registers.engine.register import Register
from app.registers.lists import is_about_members

BulkKind = Literal["set", "add", "photo", "helper", "copy"]
_FIRST_ADDED = ("measure", "visit", "work_task")  # what is added most often stands first


@dataclass(frozen=True, slots=True)
class BulkChoice:
    """One entry. `column`: of the list, that is set; `register`: whose records are added or copied."""

    kind: BulkKind
    label: str
    column: str = ""
    register: Register | None = None

    @property
    def key(self) -> str:
        return ":".join((self.kind, self.register.key if self.register else "", self.column))


def bulk_choices(register: Register, has_households: bool) -> list[BulkChoice]:
    """
    Args:
        register: the list whose rows are chosen
        has_households: whether the rows are about households, so that records can be added to these
    """
    found = [BulkChoice("set", f"修改{one.label}", one.name) for one in settable_fields(register)]
    if has_households:
        with_members = is_about_members(register)
        added = sorted((one for one in all_registers() if _is_added(one, with_members)), key=_order)
        found += [BulkChoice("add", f"新增{one.title}", register=one) for one in added]
        found += [BulkChoice("photo", "添加照片"), BulkChoice("helper", "安排帮扶联系人")]
        found += [BulkChoice("copy", f"照抄上年{one.title}", register=one) for one in copied_lists()]
    return found


def settable_fields(register: Register) -> list[Field]:
    """The columns of a list that may be set for many rows; what one row refers to is chosen row by row."""
    return [one for one in register.fields() if one.kind != "reference" and not refusal_of_column(register, one.name)]


def _is_added(register: Register, with_members: bool) -> bool:
    if register.subject == "member":
        return with_members
    lists_households = any(children.listed == "household" for children in register.children)
    return register.subject == "household" or (register.subject == "village" and lists_households)


def _order(register: Register) -> tuple[int, int]:
    first = _FIRST_ADDED.index(register.key) if register.key in _FIRST_ADDED else len(_FIRST_ADDED)
    return first, register.order


@dataclass(frozen=True, slots=True)
class BulkTarget:
    """The rows that are chosen.

    Attributes:
        ids: asked when the command is given
        unit: what one of them is called, e.g. 户
        back: the page that is returned to
    """

    register: Register
    ids: Callable[[], Sequence[str]]
    unit: str
    back: str
