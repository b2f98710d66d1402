"""The back cover, with only the name of the unit."""

from sqlalchemy.orm import Session

from app.pdf.flowables import Flowable, Paragraph, Spacer
from app.pdf.page_style import TextStyle
from app.reports.household_context import load_context

ORDER = 210
KEY = "back"  # the name stored by earlier versions
TITLE = "封底"
_UNIT_STYLE = TextStyle("song_bold", 14, 22, "center")


def section(session: Session, household_id: str) -> list[Flowable]:
    context = load_context(session, household_id)
    return [
        Spacer(215, keep_at_page_top=True),
        Paragraph(context.unit, _UNIT_STYLE),
        Paragraph("驻村户档 打印", TextStyle("fangsong", 9, 14, "center")),
    ]
