"""The back cover: only the unit's name, so that a volume lies closed."""

from sqlalchemy.orm import Session

from app.archive.blocks import Block, Gap, Text
from app.archive.paper import Style
from app.archive.subject import subject

ORDER = 210
TITLE = "封底"
_UNIT = Style("song_bold", 14, 22, "center")


def section(session: Session, household_id: str) -> list[Block]:
    home = subject(session, household_id)
    return [Gap(215, firm=True), Text(home.unit, _UNIT), Text("驻村户档 打印", Style("fangsong", 9, 14, "center"))]
