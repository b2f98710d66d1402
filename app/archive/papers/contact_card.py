"""帮扶联系卡: the card beside the door, one a sheet of A5."""

from collections.abc import Sequence

from sqlalchemy.orm import Session

from app.archive.about import About
from app.archive.blocks import Block, Gap
from app.archive.paper import A5_ACROSS
from app.archive.sections import contact_card

TITLE = "帮扶联系卡"
GROUP = "卡片"
ORDER = 10
ABOUT = "household"
FORMAT = A5_ACROSS
EDGE = "bare"
_ABOVE = 14  # millimetres: a card with one helper stands in the middle


def paper(session: Session, about: About) -> Sequence[Block]:
    """The card as in the archive; nothing where nobody helps the household."""
    (household,) = about.households
    card = contact_card.card(session, household)
    return [Gap(_ABOVE, firm=True), *card] if card else []
