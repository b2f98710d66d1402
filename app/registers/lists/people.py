"""人口: everybody who lives in a household, with the columns of the national system's list of people."""

from collections.abc import Mapping
from typing import Any

from sqlalchemy import and_, select
from sqlalchemy.orm import Session

from app.records.row_views import HEAD_RELATION
from app.registers.engine.register import Layout, Register
from db.schema.household import Member
from db.schema.relations import record_title


def _id_of(cells: Mapping[str, Any]) -> str:
    """As people get it who are typed in or come with a roster; "" where neither number is known."""
    if cells.get("person_no"):
        return Member.id_of(cells["person_no"])
    if cells.get("id_no"):
        return Member.id_in_household(cells["household_id"], cells["id_no"])
    return ""


def _error(session: Session, cells: Mapping[str, Any], computed: Mapping[str, str]) -> str:
    """Why somebody in a new row cannot be added."""
    present = (~Member.withdrawn, Member.left.is_(None))
    if cells.get("id_no"):
        owner = session.execute(
            select(Member.name, Member.household_id).where(Member.id_no == cells["id_no"], *present)
        ).first()
        if owner is not None:
            household = record_title(session, "household", owner.household_id or "")
            return f"证件号码与“{household}”户的“{owner.name}”相同，没有重复登记。要换户，请在户档里办"
    heads = select(Member.id).where(
        Member.household_id == cells["household_id"], Member.relation == HEAD_RELATION, *present
    )
    if cells.get("relation") == HEAD_RELATION and session.scalar(heads):
        return "这一户已有户主，请先在户档里变更户主，或改“与户主关系”"
    return ""


LIST = Register(
    record=Member,
    title="人口",
    subject="household",
    order=10,
    columns=(
        "person_no", "name", "sex", "id_type", "id_no", "birth", "relation", "ethnic", "political", "education",
        "school_status", "dropout_cause", "school_name", "health", "illness_name", "disability_no", "disability_kind",
        "disability_level", "labour", "work_region", "work_place", "work_months", "work_company",
        "work_channel", "work_income_month",
        "public_job_kind", "public_job_months", "med_ins", "emp_med_ins", "serious_ins", "comm_ins", "med_rescue",
        "pension", "emp_pension", "dibao", "tekun", "mandarin", "relocated_person", "member_phone", "joined",
        "joined_on", "ident_date", "note",
    ),
    sort="person_no,household_id",
    listed=and_(Member.left.is_(None), Member.merged_into.is_(None)),
    sheet=Layout(
        id_of_new=_id_of,
        error_of_new=_error,
        national=(
            "person_no", "name", "sex", "birth", "id_type", "id_no", "ethnic", "member_phone", "relation", "education",
            "school_status", "labour", "work_months", "health", "political", "work_company", "dibao", "emp_pension",
            "serious_ins", "med_ins", "pension", "dropout_cause", "mandarin", "comm_ins", "med_rescue",
            "public_job_kind", "public_job_months", "work_channel", "disability_kind", "work_place", "emp_med_ins",
            "tekun",
        ),
    ),
)  # fmt: skip
