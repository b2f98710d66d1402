"""Which font prints which character: a text is split into runs, and characters that no font has are known.

Every style falls back to song and then to the fonts of rare characters (resources/fonts/fonts.toml). Only the cmap
table is read to find out what a font has; reportlab loads a font when a text first needs it.
"""

import mmap
import struct
import sys
import threading
from array import array
from collections.abc import Iterable, Iterator, Mapping, Sequence
from functools import cache
from itertools import groupby
from pathlib import Path
from typing import Any

from reportlab.pdfbase import pdfmetrics, ttfonts

import resources

SUBSTITUTE_START = "〔U+"  # beginning of what is printed for a character that no font has
ASCENT, DESCENT = 880, -120  # of every font, so that runs of two fonts share one baseline

_register_lock = threading.Lock()
_SPACE, _NO_BREAK_SPACE = 0x20, 0xA0

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
    """The code points of a TrueType file."""
    return (code for first, last, _ in _cmap_groups(_MappedFile(path).read()) for code in range(first, last + 1))


def _cmap_groups(content: mmap.mmap) -> Iterator[tuple[int, int, int]]:
    """The runs of the format 12 cmap, which rebuild.py puts into every font: first and last code point, first glyph."""
    (count,) = struct.unpack_from(">4xH", content)
    tables = dict(struct.iter_unpack(">4s4xL4x", content[12 : 12 + 16 * count]))
    start = tables[b"cmap"]
    (count,) = struct.unpack_from(">2xH", content, start)
    for (offset,) in struct.iter_unpack(">4xL", content[start + 4 : start + 4 + 8 * count]):
        subtable = start + offset
        if struct.unpack_from(">H", content, subtable) == (12,):
            (groups,) = struct.unpack_from(">12xL", content, subtable)
            return struct.iter_unpack(">LLL", content[subtable + 16 : subtable + 16 + 12 * groups])
    raise ValueError("no format 12 cmap; rebuild the font with resources/fonts/rebuild.py")


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


class _GlyphNumbers(Mapping[int, int]):
    """Code point → glyph, of those that a font has. As a dict, 30,000 characters would take 2 MB a font."""

    def __init__(self, groups: Sequence[tuple[int, int, int]]) -> None:
        """`groups`: first and last code point of a run, and the glyph of the first."""
        self._by_code = array("H", bytes(2 * (max(last for _, last, _ in groups) + 1)))  # 0, the missing glyph: none
        for first, last, glyph in groups:
            self._by_code[first : last + 1] = array("H", range(glyph, glyph + last + 1 - first))
        self._by_code[_NO_BREAK_SPACE] = self._by_code[_SPACE]  # as reportlab has it

    def __getitem__(self, code: int) -> int:
        glyph = self._by_code[code] if 0 <= code < len(self._by_code) else 0
        if not glyph:
            raise KeyError(code)
        return glyph

    def __iter__(self) -> Iterator[int]:
        return (code for code, glyph in enumerate(self._by_code) if glyph)

    def __len__(self) -> int:
        return sum(1 for _ in self)


class _CompactFace(ttfonts.TTFontFace):  # type: ignore[misc]
    """reportlab's face; it reads four tables as arrays, and copies no whole glyf table for each subset that it writes.

    reportlab's own reading makes a Python object of each glyph's place, width and code.
    """

    _is_cutting = False

    def extractInfo(self, charInfo: int = 1) -> None:
        """Read what there is to know, and let the pages of the file that this took go out of memory."""
        super().extractInfo(charInfo=0)
        head, hhea = super().get_table("head"), super().get_table("hhea")
        units, (is_long,) = struct.unpack_from(">H", head, 18)[0], struct.unpack_from(">H", head, 50)
        (full_metrics,) = struct.unpack_from(">H", hhea, 34)
        self.charToGlyph = _GlyphNumbers(list(_cmap_groups(self._ttf_data)))
        self.glyphPos = _big_endian("I" if is_long else "H", super().get_table("loca"))
        if not is_long:
            self.glyphPos = array("I", (position << 1 for position in self.glyphPos))
        metrics = _big_endian("H", super().get_table("hmtx"))
        full, rest = metrics[: 2 * full_metrics], metrics[2 * full_metrics :]
        alike: dict[tuple[int, int], tuple[int, int]] = {}  # nearly all hanzi have the same width
        pairs = [*zip(full[::2], full[1::2], strict=True), *((full[-2], bearing) for bearing in rest)]
        self.hmetrics = [alike.setdefault(pair, pair) for pair in pairs]
        self.defaultWidth = 1000.0  # of a hanzi; who asks for a width has made sure that the font has the character
        widths = ((code, self.hmetrics[glyph][0] * 1000 / units) for code, glyph in self.charToGlyph.items())
        self.charWidths = {code: width for code, width in widths if width != self.defaultWidth}
        self.release_pages()

    def makeSubset(self, subset: Sequence[int]) -> Any:
        """A font program of these characters, without the tables that no file of ISO 32000 needs (9.9)."""
        self._is_cutting = True
        try:
            return super().makeSubset(subset)
        finally:
            self._is_cutting = False

    def get_table(self, tag: str) -> Any:
        """The bytes of a table; of glyf only a view to cut glyphs from."""
        if self._is_cutting and tag in ("name", "OS/2"):
            raise KeyError(tag)  # reportlab leaves out what is not there
        if tag == "glyf":
            return _GlyfTable(self._ttf_data, self.get_table_pos(tag)[0])
        return super().get_table(tag)

    def release_pages(self) -> None:
        """What was read of the file is not kept in memory; the system reads it again where it is needed."""
        if hasattr(mmap, "MADV_DONTNEED"):
            self._ttf_data.madvise(mmap.MADV_DONTNEED)


def _big_endian(kind: str, content: bytes) -> "array[int]":
    """Numbers as they stand in a font file."""
    numbers = array(kind, content)
    if sys.byteorder == "little":
        numbers.byteswap()
    return numbers


class EmbeddableFont(ttfonts.TTFont):  # type: ignore[misc]
    """reportlab's TrueType font as app/pdf/document.py embeds it; all have the same ascent, so that runs line up."""

    def __init__(self, name: str, path: Path) -> None:
        # not reportlab's own constructor, which creates a face of its own class
        self.fontName, self.face = name, _CompactFace(_MappedFile(path))
        self.face.ascent, self.face.descent = ASCENT, DESCENT
