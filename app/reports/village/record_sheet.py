"""登记表: one row of any register with all its fields, filled in or empty, where it has no paper of its own."""

from collections.abc import Sequence
from dataclasses import replace

from sqlalchemy.orm import Session

from app.pdf.flowables import Flowable
from app.registers.engine.register import Slip
from app.registers.engine.row_address import RECORD_SHEET, addressed_row
from app.reports.parameters import ReportParameters
from app.reports.register_slip import row_slip

KEY = RECORD_SHEET
TITLE = "登记表（台账里的一条）"
GROUP = "单据"
ORDER = 900
SUBJECT = "row"
PARAMETERS = ("title", "blank", "full")


def build(session: Session, parameters: ReportParameters) -> Sequence[Flowable]:
    """The row that a page names, with what is kept below it.

    Raises:
        UserError: no row is named, or it is gone
    """
    register, record_id = addressed_row(parameters.record)
    columns = tuple(name for name in register.columns if name != f"{register.subject}_id")
    slip = Slip(KEY, f"{register.title}登记表", columns, ("填表人", "审核人"))
    return row_slip(register, slip, session, replace(parameters, record=record_id))
