"""What is said beside the fields of a register's row while it is filled in: steps out of order, what has to be filled
with another column, what the rules find.

Nothing is refused by it; the same sentences stand in 疑点数据 until they are settled.
"""

from collections.abc import Mapping
from datetime import date

from sqlalchemy.orm import Session

from app.issues.issues import household_issues
from app.issues.rule import HINT
from app.records.draft import Draft
from app.registers.engine.register import Register
from app.registers.engine.steps import order_error
from db.schema.relations import ancestor_ids


def row_remarks(
    session: Session, register: Register, draft: Draft, check_date: date | None = None
) -> Mapping[str, str]:
    """Column → sentence, of the columns that are filled in; none of a row that is not in the workbook yet.

    Args:
        check_date: the day of the check; today if None
    """
    if draft.new:
        return {}
    remarks = {
        step.column: error
        for step in register.steps
        if draft.values[step.column] and (error := order_error(register, draft.values, step))
    }
    remarks |= _unexplained(register, draft)
    household_id = ancestor_ids(session, draft.table, [draft.id]).get(draft.id, "")
    issues = household_issues(session, household_id, check_date=check_date) if household_id else ()
    for issue in issues:
        if issue.record_id == draft.id and issue.severity != HINT:
            own = (cell.column for cell in issue.cells if cell.record_id == draft.id)
            column = next((name for name in own if draft.values.get(name) is not None), "")
            if column:
                remarks.setdefault(column, issue.message)
    return remarks


def _unexplained(register: Register, draft: Draft) -> dict[str, str]:
    """Columns that are filled without what has to be filled with them."""
    remarks = {}
    for name, needed in register.explained.items():
        empty = [register.field(one).label for one in needed if not draft.values[one]]
        if draft.values[name] and empty:
            listed = "、".join(f"“{label}”" for label in empty)
            remarks[name] = f"填了“{register.field(name).label}”，还要填{listed}。"
    return remarks
