"""帮扶联系卡: the card beside the door, one on each sheet of A5."""

from collections.abc import Sequence

from sqlalchemy.orm import Session

from app.pdf.flowables import Flowable, Spacer
from app.pdf.page_style import A5_LANDSCAPE
from app.reports.parameters import ReportParameters
from app.reports.sections import contact_card

TITLE = "帮扶联系卡"
GROUP = "卡片"
ORDER = 10
SUBJECT = "household"
FORMAT = A5_LANDSCAPE
FRAME = "bare"
_TOP_SPACE = 14  # millimetres: a card with one helper is centred


def build(session: Session, parameters: ReportParameters) -> Sequence[Flowable]:
    """The card as in the archive; nothing if the household has no helper now."""
    (household_id,) = parameters.households
    card_flowables = contact_card.card(session, household_id)
    return [Spacer(_TOP_SPACE, keep_at_page_top=True), *card_flowables] if card_flowables else []
