"""结对帮扶: which helper has which household from when to when; past ones stay in the list."""

from collections.abc import Iterator, Mapping
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session

from app.records.assignment import is_in_force
from app.registers.engine.register import Layout, Register
from db.schema.aid import Assignment
from resources.option_roles import value_of


def _former(session: Session, cells: Mapping[str, Any]) -> Iterator[tuple[str, Mapping[str, Any]]]:
    """Whoever helped the household until then ends on that day, as where the program gives it to another helper."""
    if cells.get("ended_on") or not cells.get("started_on"):
        return
    theirs = select(Assignment).where(is_in_force(), Assignment.household_id == cells["household_id"])
    for one in session.scalars(theirs.where(Assignment.helper_id != cells.get("helper_id"))):
        if one.started_on is None or one.started_on <= cells["started_on"]:
            reason = value_of("assignment_change", "reassigned")
            yield one.id, {"ended_on": cells["started_on"], "change_reason": reason}


LIST = Register(
    record=Assignment,
    subject="household",
    order=13,
    columns=("helper_id", "started_on", "ended_on", "change_reason", "note"),
    sheet=Layout({"helper_id": ("帮扶人姓名", "帮扶责任人")}, changed_by_new=_former),
)
