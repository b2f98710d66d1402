"""填写的表单（整份）: one entry of a form about the village with all its lines, as it is signed and posted."""

from collections.abc import Sequence

from sqlalchemy.orm import Session

from app.errors import UserError
from app.forms.entries import load_entry
from app.pdf.flowables import Flowable
from app.reports.filled_form import entry_flowables
from app.reports.parameters import ReportParameters

TITLE = "填写的表单（整份）"
GROUP = "其他"
ORDER = 60
SUBJECT = "entry"
FRAME = "plain"


def build(session: Session, parameters: ReportParameters) -> Sequence[Flowable]:
    """Minutes of a meeting with the sign-in sheet, notices, and every other form of the village.

    Raises:
        UserError: no entry is chosen, or it is gone
    """
    if not parameters.entry:
        raise UserError("请选一份填好的表单。还没有的，先在“本村资料”里填。")
    return entry_flowables(session, load_entry(session, parameters.entry))
