"""Characters that no font has, found in what is actually drawn: each printed text is checked, and nothing else."""

from collections.abc import Sequence
from dataclasses import dataclass

from app.errors import UserError
from app.pdf import fonts
from app.pdf.document import PdfDocument

_MAX_LISTED = 5  # places that the message names
_EXCERPT_LENGTH = 12  # characters of a text that show the officer where to look


@dataclass(frozen=True, slots=True)
class MissingGlyph:
    """Characters of one printed text that no font has.

    Attributes:
        owner: whose pages they are on: the head of the household, or the title of the report
        place: the part of the archive, or the page of the report
        text: an excerpt of the text around the first of them
    """

    owner: str
    place: str
    text: str
    characters: tuple[str, ...]


class MissingGlyphsError(UserError):
    """What is to be printed has characters that no font has; `missing` lists the places.

    Attributes:
        batch: number of the batch that printed everything else and can be resumed; None where nothing was written
    """

    def __init__(self, missing: Sequence[MissingGlyph], *, batch: int | None = None, printed: int = 0) -> None:
        details = "；".join(
            f"{item.owner}：{item.place}的“{item.text}”有"
            + "、".join(f"“{character}”(U+{ord(character):04X})" for character in item.characters)
            for item in missing[:_MAX_LISTED]
        )
        more = f" 等 {len(missing)} 处" if len(missing) > _MAX_LISTED else ""
        others = f"其余 {printed} 户已打印好。" if printed else ""
        super().__init__(f"有字打印不出来：{details}{more}。{others}请核对这些字，或选择用〔U+编码〕代替后再打印。")
        self.missing = tuple(missing)
        self.batch = batch


def collect_missing(found: dict[str, MissingGlyph], pdf: PdfDocument, owner: str, place: str) -> None:
    """Add what was drawn since the last call with characters missing. A text that recurs counts where it came first."""
    for text in pdf.take_unprintable():
        characters = tuple(fonts.missing_characters(text))
        start = max(text.find(characters[0]) - _EXCERPT_LENGTH // 2, 0)
        excerpt = text[start : start + _EXCERPT_LENGTH].strip()
        found.setdefault(text, MissingGlyph(owner, place, excerpt, characters))


def require_glyphs(missing: Sequence[MissingGlyph]) -> None:
    """Refuse to print where characters are missing.

    Raises:
        MissingGlyphsError: there are any
    """
    if missing:
        raise MissingGlyphsError(missing)
