"""What stands in the records and cannot be drawn: characters without a font, broken pictures, forms of a newer program.

Characters are found in what is actually drawn: each printed text is checked, and nothing else. Whatever reads pictures
and forms for paper notes in its session what it could not read, and whoever draws the document adds whose it is.
"""

from collections.abc import Sequence
from dataclasses import dataclass

from sqlalchemy.orm import Session

from app.errors import UserError
from app.pdf import fonts
from app.pdf.document import PdfDocument

_MAX_LISTED = 5  # places that the message names
_EXCERPT_LENGTH = 12  # characters of a text that show the officer where to look
_NOTES_KEY = "unprintable"


@dataclass(frozen=True, slots=True)
class Unprintable:
    """One thing that cannot be drawn.

    Attributes:
        owner: whose pages it is on: the head of the household, or the title of the report
        place: the part of the archive, or the page of the report
        text: an excerpt of the text around the first missing character; what is broken and why, where `characters` is
            empty
        characters: those of the text that no font has
    """

    owner: str
    place: str
    text: str
    characters: tuple[str, ...] = ()

    def __str__(self) -> str:
        if not self.characters:
            return f"{self.owner}：{self.place}的{self.text}"
        characters = "、".join(f"“{character}”(U+{ord(character):04X})" for character in self.characters)
        return f"{self.owner}：{self.place}的“{self.text}”有{characters}"


class UnprintableError(UserError):
    """What is to be printed cannot be drawn as it is; `missing` lists the places.

    Attributes:
        batch: number of the batch that printed everything else and can be resumed; None where nothing was written
    """

    def __init__(self, missing: Sequence[Unprintable], *, batch: int | None = None, printed: int = 0) -> None:
        details = "；".join(str(item) for item in missing[:_MAX_LISTED])
        more = f" 等 {len(missing)} 处" if len(missing) > _MAX_LISTED else ""
        others = f"其余 {printed} 户已打印好。" if printed else ""
        super().__init__(
            f"有内容打印不出来：{details}{more}。{others}请先改正，或照样打印（字印成〔U+编码〕，其他内容留空并注明）。"
        )
        self.missing = tuple(missing)
        self.batch = batch


def note_unprintable(session: Session, text: str) -> None:
    """Remember that something which belongs on the paper being built cannot be read: what it is, and why."""
    notes: list[str] = session.info.setdefault(_NOTES_KEY, [])
    notes.append(text)


def take_notes(session: Session) -> tuple[str, ...]:
    """What was noted since the last call, each once."""
    return tuple(dict.fromkeys(session.info.pop(_NOTES_KEY, ())))


def collect_missing(found: dict[str, Unprintable], pdf: PdfDocument, owner: str, place: str) -> None:
    """Add what was drawn since the last call with characters missing. A text that recurs counts where it came first."""
    for text in pdf.take_unprintable():
        characters = tuple(fonts.missing_characters(text))
        start = max(text.find(characters[0]) - _EXCERPT_LENGTH // 2, 0)
        excerpt = text[start : start + _EXCERPT_LENGTH].strip()
        found.setdefault(text, Unprintable(owner, place, excerpt, characters))


def require_printable(missing: Sequence[Unprintable]) -> None:
    """Refuse to print where something cannot be drawn.

    Raises:
        UnprintableError: there is something
    """
    if missing:
        raise UnprintableError(missing)
