"""The columns of the list of households."""

from collections.abc import Callable, Mapping, Sequence
from functools import cache
from typing import Any

from app.checklists.households import group_number
from app.records.field import field_label
from app.records.household_list import NO_HELPER
from app.records.row_views import HouseholdRow, household_rows
from resources.option_roles import value_of
from ui.widgets.pinyin import sort_key
from ui.widgets.row_table import Column, Row

# key of a column → what app/registers/lists/households.py calls it, where that is another name
LIST_COLUMNS = {
    "group": "group_name",
    "kind": "household_kind",
    "attribute": "household_attribute",
    "cause": "cause_main",
    "state": "registration_state",
}


def columns(many_villages: bool) -> tuple[Column, ...]:
    """What the list offers; those hidden are chosen in the header's menu."""
    return (
        Column("village", field_label("village", "name"), width=10, hidden=not many_villages),
        Column("head", "户主", width=7, sort_key=pinyin_key),
        Column("group", field_label("household", "group_name"), width=9, sort_key=group_key),
        Column("hamlet", field_label("household", "hamlet"), width=10, sort_key=group_key, hidden=True),
        Column("size", "人数", align="right", width=5),
        Column("kind", field_label("household", "household_kind"), width=14),
        Column("monitored", field_label("monitoring", "kind"), width=13),
        Column("attribute", field_label("household", "household_attribute"), width=14),
        Column("exit_status", field_label("household", "exit_status"), width=8, hidden=True),
        Column("cause", field_label("household", "cause_main"), width=12, hidden=True),
        Column("helpers", "帮扶联系人", width=10),
        Column("last_visit", "最近走访", width=11),
        Column(
            "per_head",
            field_label("income_year", "reported_per_head"),
            align="right",
            width=10,
            text=lambda value: f"{value:,.2f}",
        ),
        Column("income_year", "收入年度", align="right", width=7, hidden=True),
        Column("phone", field_label("household", "phone"), mask="phone", width=12),
        Column("household_no", field_label("household", "household_no"), width=0),
        Column("state", field_label("household", "registration_state"), width=9, hidden=True),
        Column("exit_year", field_label("household", "exit_year"), align="right", width=8, hidden=True),
    )


def column_sort_key(column: Column) -> Callable[[Any], Any]:
    """How SQL sorts a column: as the table would that has all its rows."""
    by = column.sort_key or sort_key
    return lambda value: by(value) if isinstance(value, str) else value


def household_row(household: HouseholdRow, villages: Mapping[str, str]) -> Row:
    """One household as a row; who needs a helper and has none stands out, who is closed stands back."""
    cells = {
        "village": villages.get(household.village, household.village),
        "head": household.head,
        "group": group_name(household),
        "hamlet": household.hamlet,
        "size": household.size,
        "kind": household.kind,
        "monitored": household.monitored,
        "attribute": household.attribute,
        "exit_status": household.exit_status,
        "cause": household.cause,
        "helpers": "、".join(household.helpers) or (NO_HELPER if household.needs_helper else ""),
        "last_visit": household.last_visit,
        "per_head": household.per_capita_income,
        "income_year": household.income_year,
        "phone": household.phone,
        "household_no": household.household_no,
        "state": household.state,
        "exit_year": household.exit_year,
    }
    return Row(household.id, cells, "quiet" if household.state == value_of("registration_state", "closed") else "")


def table_rows(session: Any, ids: Sequence[str], village_names: Mapping[str, str]) -> list[Row]:
    """Households as rows, in this order. Made off the window's thread, because there may be very many."""
    rows = {row.id: household_row(row, village_names) for row in household_rows(session, ids)}
    return [rows[id] for id in ids if id in rows]


def group_name(household: HouseholdRow) -> str:
    """Its group; the national export knows only the hamlet."""
    return household.group or household.hamlet


@cache
def pinyin_key(name: str) -> str:
    """Names sort as they sound; what has no sound comes by its character."""
    from pypinyin import lazy_pinyin

    return "\1".join((*lazy_pinyin(name), name))


def group_key(name: str) -> str:
    """二组 before 十组; groups without a number by name, after them."""
    number = group_number(name)
    return f"{10**6 if number is None else number:09}{name}"
