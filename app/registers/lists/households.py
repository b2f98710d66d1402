"""农户: one row a household, with what its list shows beside its own columns."""

from collections.abc import Mapping, Sequence

from sqlalchemy import null
from sqlalchemy.orm import Session

from app.records.field import Value, field_label
from app.records.row_views import household_rows
from app.registers.engine.register import Computed, Layout, Register
from db.schema.household import Household


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


LIST = Register(
    record=Household,
    title="农户",
    group="",
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
        Computed("head", "户主", null()),
        Computed("size", "现有人数", null(), "integer"),
        Computed("monitored", field_label("monitoring", "kind"), null()),
        Computed("helpers", "帮扶联系人", null()),
        Computed("last_visit", "最近走访", null(), "date"),
        Computed("income_year", "收入年度", null(), "year"),
        Computed("per_head", field_label("income_year", "reported_per_head"), null(), "money"),
    ),
    derive=_derive,
    listed=Household.merged_into.is_(None),
    sheet=Layout(refuses_new="新的户请在“农户”页新建，或用“导入名册”登记"),
)  # fmt: skip
