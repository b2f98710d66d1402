"""A problem to be put right, in tables and on its form: on the page of all of them, and on a household's tab."""

from app.rectifications.rectification import RectificationRow
from ui.widgets.row_table import Row

RECTIFICATION_GROUPS = (
    ("问题", ("problem", "source", "level", "found_on", "due_on", "number", "issued_by", "responsible", "plan")),
    ("整改", ("done_on", "outcome", "evidence")),
    ("回访", ("followup_on", "followup_by", "opinion", "note")),
)


def rectification_row(rectification: RectificationRow) -> Row:
    """One problem in a table: overdue ones stand out, closed ones stand back."""
    cells = {
        "state": "超期" if rectification.overdue else str(rectification.state),
        "due_on": rectification.due_on,
        "problem": rectification.problem,
        "head": rectification.head,
        "group": rectification.group,
        "number": rectification.number,
        "source": rectification.source,
        "responsible": rectification.responsible,
        "found_on": rectification.found_on,
        "done_on": rectification.done_on,
        "followup_on": rectification.followup_on,
        "closed_on": rectification.closed_on,
    }
    return Row(rectification.id, cells, "bad" if rectification.overdue else "quiet" if rectification.closed_on else "")
