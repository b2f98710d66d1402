"""Which font prints which character: a text is split into runs, and characters that no font has are known.

Every style falls back to song and then to the fonts of rare characters (resources/fonts/fonts.toml). Only the cmap
table is read to find out what a font has; reportlab loads a font when a text first needs it.
"""

import mmap
import struct
import sys
import threading
from array import array
from collections.abc import Iterable, Iterator
from functools import cache
from itertools import groupby
from pathlib import Path
from typing import Any

from reportlab.pdfbase import pdfmetrics, ttfonts

import resources

SUBSTITUTE_START = "〔U+"  # beginning of what is printed for a character that no font has
ASCENT, DESCENT = 880, -120  # of every font, so that runs of two fonts share one baseline

_register_lock = threading.Lock()
_shared_numbers: dict[int, int] = {}  # code points and glyphs: five fonts say the same 30,000 each

# Never printed and never missing: controls, soft hyphen, zero width and bidi marks, variation selectors, tags.
_IGNORED = (
    range(0x20), range(0x7F, 0xA0), range(0xAD, 0xAE), range(0x34F, 0x350), range(0x180B, 0x180F),
    range(0x200B, 0x2010), range(0x202A, 0x202F), range(0x2060, 0x2070), range(0xFE00, 0xFE10), range(0xFEFF, 0xFF00),
    range(0xFFF9, 0xFFFC), range(0xE0000, 0xE0200),
)  # fmt: skip
_SPACES = (range(0x09, 0x0E), range(0x85, 0x86), range(0x2000, 0x200B), range(0x2028, 0x202A), range(0x202F, 0x2030),
           range(0x205F, 0x2060))  # fmt: skip
_TRANSLATION: dict[int, str | None] = {
    **{code: None for codes in _IGNORED for code in codes},
    **{code: " " for codes in _SPACES for code in codes},
}


def font_styles() -> dict[str, str]:
    """The styles that a text can have: key → Chinese name."""
    return {key: entry["label"] for key, entry in resources.read("fonts", "fonts")["styles"].items()}


def font_name(style: str) -> str:
    """reportlab's name for the font of a style; loads the font the first time."""
    return _register(style)


def split_runs(text: str, style: str) -> list[tuple[str, str]]:
    """The text as (reportlab font name, piece) in order, ready to draw.

    Control, bidi and format characters are dropped, line breaks and tabs become spaces. A character that no font has is
    printed as 〔U+xxxxx〕, so that nobody takes a gap for the end of a name.
    """
    if not text:
        return []
    if _coverage(style).has_all(text):
        return [(_register(style), text)]
    text = _clean(text)
    if _coverage(style).has_all(text):
        return [(_register(style), text)] if text else []
    substituted = "".join(
        character if _font_for(character, style) else f"{SUBSTITUTE_START}{ord(character):04X}〕" for character in text
    )
    pieces = groupby(substituted, key=lambda character: _font_for(character, style) or style)
    return [(_register(key), "".join(characters)) for key, characters in pieces]


def missing_characters(text: str) -> list[str]:
    """The characters of a text that no font has, each once, sorted."""
    if _coverage("song").has_all(text):
        return []
    return sorted(character for character in set(_clean(text)) if _font_for(character, "song") is None)


def _clean(text: str) -> str:
    return text.replace("\r\n", "\n").translate(_TRANSLATION)


@cache
def _font_entries() -> dict[str, dict[str, Any]]:
    fonts = resources.read("fonts", "fonts")
    return {**fonts["styles"], **fonts["rare"]}


@cache
def _fallback_chain(style: str) -> tuple[str, ...]:
    return tuple(dict.fromkeys((style, *resources.read("fonts", "fonts")["fallback"])))


@cache
def _font_path(key: str) -> Path:
    return resources.ROOT / "fonts" / str(_font_entries()[key]["file"])


class Coverage:
    """The characters that a font has, without those that are never printed: a bit for each that Unicode has.

    Those that were met so far are kept as a set beside it, which answers for a whole text at once. A set of all would
    take 2 MB a font.
    """

    def __init__(self, codes: Iterable[int]) -> None:
        self._bits = bytearray(sys.maxunicode // 8 + 1)
        for code in codes:
            if code not in _TRANSLATION:
                self._bits[code >> 3] |= 1 << (code & 7)
        self._met: set[str] = set()

    def __contains__(self, character: str) -> bool:
        code = ord(character)
        return bool(self._bits[code >> 3] & 1 << (code & 7))

    def has_all(self, text: str) -> bool:
        """Whether the font has each character of a text."""
        if self._met.issuperset(text):
            return True
        if not all(character in self for character in text):
            return False
        self._met.update(text)
        return True


@cache
def _coverage(key: str) -> Coverage:
    return Coverage(_cmap_codepoints(_font_path(key)))


@cache
def _font_for(character: str, style: str) -> str | None:
    """The first font of the chain that has the character; later fonts are not even opened."""
    return next((key for key in _fallback_chain(style) if character in _coverage(key)), None)


def _cmap_codepoints(path: Path) -> Iterator[int]:
    """The code points in the format 12 cmap of a TrueType file, which rebuild.py puts into every font."""
    with path.open("rb") as file:
        (count,) = struct.unpack(">4xH6x", file.read(12))
        tables = dict(struct.iter_unpack(">4s4xL4x", file.read(16 * count)))
        start = tables[b"cmap"]
        file.seek(start)
        (count,) = struct.unpack(">2xH", file.read(4))
        for offset in [offset for (offset,) in struct.iter_unpack(">4xL", file.read(8 * count))]:
            file.seek(start + offset)
            if struct.unpack(">H", file.read(2)) == (12,):
                (groups,) = struct.unpack(">10xL", file.read(14))
                for first, last, _ in struct.iter_unpack(">LLL", file.read(12 * groups)):
                    yield from range(first, last + 1)
                return
    raise ValueError(f"{path.name} has no format 12 cmap; rebuild it with resources/fonts/rebuild.py")


@cache
def _register(key: str) -> str:
    name = f"hudang-{key}"
    with _register_lock:
        if name not in pdfmetrics.getRegisteredFontNames():
            pdfmetrics.registerFont(EmbeddableFont(name, _font_path(key)))
    return name


class _MappedFile:
    """A font file that reportlab reads through a memory mapping: only the parts it uses take memory."""

    def __init__(self, path: Path) -> None:
        self.name = str(path)

    def read(self) -> mmap.mmap:
        """The whole file, read-only; the mapping outlives the open file."""
        with open(self.name, "rb") as file:
            return mmap.mmap(file.fileno(), 0, access=mmap.ACCESS_READ)


class _GlyfTable:
    """The glyf table, read from the file piece by piece: a subset needs 255 glyphs, and the table has 14 MB."""

    def __init__(self, content: mmap.mmap, start: int) -> None:
        self._content, self._start = content, start

    def __getitem__(self, span: slice) -> bytes:
        return self._content[self._start + span.start : self._start + span.stop]


class _LazyFace(ttfonts.TTFontFace):  # type: ignore[misc]
    """reportlab's face without copying the whole glyf table for each subset it writes."""

    def get_table(self, tag: str) -> Any:
        """The bytes of a table; of glyf only a view to cut glyphs from."""
        if tag == "glyf":
            return _GlyfTable(self._ttf_data, self.get_table_pos(tag)[0])
        return super().get_table(tag)


class EmbeddableFont(ttfonts.TTFont):  # type: ignore[misc]
    """reportlab's TrueType font as app/pdf/document.py embeds it; all have the same ascent, so that runs line up."""

    def __init__(self, name: str, path: Path) -> None:
        super().__init__(name, _MappedFile(path), shapable=False)
        self.face.__class__ = _LazyFace  # the constructor creates the face itself
        self.face.glyphToChar = {}  # a quarter of a font's memory, and only shaping needs it
        alike: dict[Any, Any] = {}  # nearly all hanzi have the same width
        self.face.hmetrics = [alike.setdefault(one, one) for one in self.face.hmetrics]
        self.face.glyphPos = array("I", self.face.glyphPos)
        numbers = _shared_numbers.setdefault
        self.face.charToGlyph = {numbers(code, code): numbers(n, n) for code, n in self.face.charToGlyph.items()}
        self.face.charWidths = {
            numbers(code, code): alike.setdefault(width, width) for code, width in self.face.charWidths.items()
        }
        self.face.ascent, self.face.descent = ASCENT, DESCENT
