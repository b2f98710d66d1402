"""The columns of the list of households, on the screen and in Excel."""

from collections.abc import Mapping, Sequence
from dataclasses import replace
from datetime import date
from functools import cache
from pathlib import Path

from app.checklists.homes import group_number
from app.progress import Work
from app.records.field import Field, Value, field, label_of
from app.records.lists import HouseholdRow
from app.workbook.workbook import Workbook
from ui.tables.row_table import Column, Row


def columns(many_villages: bool) -> tuple[Column, ...]:
    """What the list offers; those hidden are chosen in the header's menu."""
    return (
        Column("village", label_of("village", "name"), width=10, hidden=not many_villages),
        Column("head", "户主", width=8, sort_key=by_pinyin),
        Column("group", label_of("household", "group_name"), width=10, sort_key=by_group),
        Column("hamlet", label_of("household", "hamlet"), width=10, sort_key=by_group, hidden=True),
        Column("size", "人数", align="right", width=5),
        Column("kind", label_of("household", "household_kind"), width=14),
        Column("attribute", label_of("household", "household_attribute"), width=14),
        Column("exit_status", label_of("household", "exit_status"), width=8),
        Column("cause", label_of("household", "cause_main"), width=12, hidden=True),
        Column("helpers", "帮扶联系人", width=10),
        Column("last_visit", "最近走访", width=11),
        Column(
            "per_head",
            label_of("income_year", "reported_per_head"),
            align="right",
            width=10,
            text=lambda value: f"{value:,.2f}",
        ),
        Column("income_year", "收入年度", align="right", width=7, hidden=True),
        Column("phone", label_of("household", "phone"), mask="phone", width=12),
        Column("household_no", label_of("household", "household_no"), width=0),
        Column("state", label_of("household", "registration_state"), width=9, hidden=True),
        Column("exit_year", label_of("household", "exit_year"), align="right", width=8, hidden=True),
    )


def row_of(one: HouseholdRow, villages: Mapping[str, str]) -> Row:
    """One household as a row; who needs a helper and has none stands out, who is closed stands back."""
    cells = {
        "village": villages.get(one.village, one.village),
        "head": one.head,
        "group": group_of(one),
        "hamlet": one.hamlet,
        "size": one.size,
        "kind": one.kind,
        "attribute": one.attribute,
        "exit_status": one.exit_status,
        "cause": one.cause,
        "helpers": "、".join(one.helpers) or ("未安排" if one.needs_helper else ""),
        "last_visit": one.last_visit,
        "per_head": one.per_head,
        "income_year": one.income_year,
        "phone": one.phone,
        "household_no": one.household_no,
        "state": one.state,
        "exit_year": one.exit_year,
    }
    return Row(one.id, cells, "quiet" if one.state == "注销" else "")


def group_of(one: HouseholdRow) -> str:
    """Its group; the national export knows only the hamlet."""
    return one.group or one.hamlet


@cache
def by_pinyin(name: str) -> tuple[str, ...]:
    """Names sort as they sound; what has no sound comes by its character."""
    from pypinyin import lazy_pinyin

    return (*lazy_pinyin(name), name)


def by_group(name: str) -> tuple[int, str]:
    """二组 before 十组; groups without a number by name, after them."""
    number = group_number(name)
    return (10**6 if number is None else number, name)


def _headed(table: str, name: str, label: str = "") -> Field:
    one = field(table, name)
    return replace(one, declared=replace(one.declared, label=label)) if label else one


def export_list(workbook: Workbook, rows: Sequence[HouseholdRow], out: Path) -> Work[int]:
    """The rows as an Excel list, personal numbers hidden; the log keeps that it was made. Returns how many.

    Raises:
        OfficeError: the file cannot be written
    """
    from app.sheets.writing import write_list

    fields = tuple(_headed(table, name, label) for table, name, label in _EXPORTED)
    count = yield from write_list([_exported(one) for one in rows], fields, out, title=f"农户名单{date.today():%Y%m%d}")
    workbook.deed("导出农户名单", count)
    return count


_EXPORTED = (
    ("household", "household_no", ""),
    ("member", "name", "户主姓名"),
    ("household", "group_name", ""),
    ("household", "hamlet", ""),
    ("household", "population", ""),
    ("household", "household_kind", ""),
    ("household", "household_attribute", ""),
    ("household", "exit_status", ""),
    ("household", "cause_main", ""),
    ("helper", "name", ""),
    ("visit", "visited_on", "最近走访"),
    ("income_year", "year", "收入年度"),
    ("income_year", "reported_per_head", ""),
    ("household", "phone", ""),
)


def _exported(one: HouseholdRow) -> Sequence[Value]:
    return (
        one.household_no or None,
        one.head or None,
        one.group or None,
        one.hamlet or None,
        one.size,
        one.kind or None,
        one.attribute or None,
        one.exit_status or None,
        one.cause or None,
        "、".join(one.helpers) or None,
        one.last_visit,
        one.income_year,
        one.per_head,
        one.phone or None,
    )
