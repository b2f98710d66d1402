"""责任卡: who answers for the village, one card for each; what a card says: app/registers/duty_post.py."""

from collections.abc import Sequence
from dataclasses import replace

from sqlalchemy.orm import Session

from app.pdf.flowables import Flowable, PageBreak
from app.pdf.page_style import A5_LANDSCAPE
from app.registers.duty_post import CARD, REGISTER, in_office
from app.registers.engine.rows import row_ids
from app.reports.parameters import ReportParameters
from app.reports.register_slip import row_slip

TITLE = "责任卡（一人一张）"
GROUP = "卡片"
ORDER = 50
SUBJECT = "village"
FORMAT = A5_LANDSCAPE
FRAME = "bare"


def build(session: Session, parameters: ReportParameters) -> Sequence[Flowable]:
    """The cards of all who are in office, level by level; a blank one where nobody is registered yet."""
    ids = row_ids(session, REGISTER, conditions=[in_office(parameters.today)])
    content: list[Flowable] = []
    for id in ids or [""]:
        content += [PageBreak()] if content else []
        content += row_slip(REGISTER, CARD, session, replace(parameters, record=id, blank=not id, title=""))
    return content
