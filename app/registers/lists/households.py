"""农户: one row a household, with what its list shows beside its own columns."""

from collections.abc import Mapping, Sequence
from typing import Any

from sqlalchemy import null, select
from sqlalchemy.orm import Session

from app.records.field import Value, field, field_label
from app.records.row_views import HEAD_RELATION, household_rows
from app.registers.engine.register import Computed, Layout, Register
from db.schema.household import Household, Member


def _derive(session: Session, ids: Sequence[str]) -> Mapping[str, Mapping[str, Value]]:
    return {
        row.id: {
            "head": row.head or None,
            "size": row.size,
            "monitored": row.monitored or None,
            "helpers": "、".join(row.helpers) or None,
            "last_visit": row.last_visit,
            "income_year": row.income_year,
            "per_head": row.per_capita_income,
        }
        for row in household_rows(session, ids)
    }


def _error(session: Session, cells: Mapping[str, Any], computed: Mapping[str, str]) -> str:
    """Why a new household cannot be added: nobody is its head, or it is here already."""
    name = computed.get("head", "")
    if fault := field("member", "name").check(name or None):
        return f"新的户要写户主：{fault}"
    if cells.get("household_no"):
        return ""
    namesake = select(Member.id).join(Household, Household.id == Member.household_id)
    namesake = namesake.where(Member.name == name, Member.relation == HEAD_RELATION, Member.left.is_(None))
    namesake = namesake.where(~Member.withdrawn, ~Household.withdrawn, Household.merged_into.is_(None))
    if session.scalar(namesake.where(Household.group_name.is_(cells.get("group_name")))):
        return f"这一组已有户主叫“{name}”的户，没有重复登记。真是另一户，请填户编号"
    return ""


def _head(computed: Mapping[str, str]) -> Sequence[tuple[str, Mapping[str, Value]]]:
    return [("member", {"name": computed["head"], "relation": HEAD_RELATION})]


LIST = Register(
    record=Household,
    title="农户",
    subject="village",
    order=11,
    columns=(
        "household_no", "head", "group_name", "hamlet", "address", "size", "household_kind", "monitored",
        "household_attribute", "exit_status", "registration_state", "register_date", "ident_standard",
        "plan_exit_year", "exit_year", "return_year", "return_cause", "cause_main", "cause_other", "cause_note",
        "helpers", "last_visit", "income_year", "per_head", "phone", "bank_name", "bank_card_no", "is_military_family",
        "is_one_child", "is_two_girls", "residents", "no_labour_fallback", "filler", "filler_phone", "fill_date",
        "situation", "note",
    ),
    computed=(
        Computed("head", "户主", null(), "text"),
        Computed("size", "现有人数", null(), "integer"),
        Computed("monitored", field_label("monitoring", "kind"), null(), "text"),
        Computed("helpers", "帮扶联系人", null(), "text"),
        Computed("last_visit", "最近走访", null(), "date"),
        Computed("income_year", "收入年度", null(), "year"),
        Computed("per_head", field_label("income_year", "reported_per_head"), null(), "money"),
    ),
    derive=_derive,
    listed=Household.merged_into.is_(None),
    sheet=Layout(
        error_of_new=_error,
        added_with_new=_head,
        national=(
            "hamlet", "group_name", "household_no", "head", "size", "phone", "per_head", "bank_name", "bank_card_no",
            "ident_standard", "cause_main", "cause_other", "exit_status", "household_attribute", "household_kind",
        ),
    ),
)  # fmt: skip
