"""Writes a PDF file page by page: an own small writer, because pages must leave memory as soon as they are drawn.

A font is embedded once, as a Type 0 font of just the glyphs used, with a ToUnicode map that is right beyond the Basic
Multilingual Plane; a bound volume of a whole village shares them. Structure: ISO 32000-1.
"""

import os
import struct
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime
from functools import lru_cache
from io import BytesIO
from typing import Any, BinaryIO

from isal import isal_zlib

from app.archive.fonts import ASCENT, DESCENT

_LEVEL = 2  # of isal: within 3 % of zlib's default size in a twentieth of its time
_WORDS, _SCALE, _TWO_SCALES, _TWO_BY_TWO, _MORE = 0x01, 0x08, 0x40, 0x80, 0x20


class _Codes(dict[str, str]):
    """Character → its two-byte code in this file as four hex digits, given out as characters come."""

    def __missing__(self, character: str) -> str:
        code = self[character] = f"{len(self) + 1:04X}"
        return code


class FileFont:
    """One font in one file: `name` in page contents, `codes` to write text with."""

    def __init__(self, name: str, number: int, face: Any) -> None:
        self.name, self.number, self.face = name, number, face
        self.codes = _Codes()

    def glyphs(self) -> list[int]:
        """The font's own glyph numbers by code; code 0 is the missing glyph."""
        mapped = self.face.charToGlyph
        return [0, *(mapped.get(ord(character), 0) for character in self.codes)]

    def widths(self) -> str:
        """The W array: codes that are not one em wide."""
        scale = 1000 / self.face.unitsPerEm
        own = ((code, self.face.hmetrics[glyph][0] * scale) for code, glyph in enumerate(self.glyphs()))
        return " ".join(f"{code} [{width:.0f}]" for code, width in own if round(width) != 1000)


@dataclass(frozen=True, slots=True)
class Jpeg:
    """A photograph as it goes into the file; `components` 1 grey, 3 colours, 4 printing colours."""

    data: bytes
    width: int
    height: int
    components: int


def jpeg(data: bytes) -> Jpeg | None:
    """What is known of a JPEG, None where it cannot be shown."""
    from PIL import Image

    try:
        with Image.open(BytesIO(data)) as image:
            components = {"L": 1, "RGB": 3, "CMYK": 4}.get(image.mode)
            return Jpeg(data, *image.size, components) if image.format == "JPEG" and components else None
    except (OSError, ValueError, SyntaxError, Image.DecompressionBombError):
        return None


class PdfFile:
    """A PDF being written to an open file: pages, pictures and bookmarks as they come, fonts at the end."""

    def __init__(self, file: BinaryIO, title: str, author: str) -> None:
        self._file, self._title, self._author = file, title, author
        self._at, self._places = 0, {}  # type: tuple[int, dict[int, int]]
        self._pages: list[int] = []
        self._fonts: dict[str, FileFont] = {}
        self._pictures: dict[bytes, int] = {}
        self._bookmarks: list[tuple[int, str, int]] = []
        self._catalog, self._tree, self._resources = 1, 2, 3
        self._last = 3
        self._raw(b"%PDF-1.7\n%\xe2\xe3\xcf\xd3\n")

    def font(self, name: str) -> FileFont:
        """A font by the name that app/archive/fonts gives."""
        if name not in self._fonts:
            self._fonts[name] = FileFont(f"F{len(self._fonts) + 1}", self._reserved(), face_of(name))
        return self._fonts[name]

    def picture(self, picture: Jpeg) -> int:
        """Embed a photograph once, however often it is shown; returns the number of its object."""
        import hashlib

        key = hashlib.sha256(picture.data).digest()
        if key not in self._pictures:
            space = {1: "DeviceGray", 3: "DeviceRGB", 4: "DeviceCMYK"}[picture.components]
            inverted = " /Decode [1 0 1 0 1 0 1 0]" if picture.components == 4 else ""
            about = (
                f"/Type /XObject /Subtype /Image /Width {picture.width} /Height {picture.height} /BitsPerComponent 8 "
                f"/ColorSpace /{space}{inverted} /Filter /DCTDecode"
            )
            self._pictures[key] = self._stream(self._reserved(), about, picture.data)
        return self._pictures[key]

    def page(self, width: float, height: float, content: str, pictures: list[int]) -> None:
        """One more page; `pictures` are the objects that its content shows as /I<number>."""
        stream = self._deflated(self._reserved(), "", content.encode("ascii"))
        shown = "".join(f"/I{number} {number} 0 R " for number in dict.fromkeys(pictures))
        images = f" /XObject << {shown}>>" if shown else ""
        self._pages.append(
            self._object(
                self._reserved(),
                f"<< /Type /Page /Parent {self._tree} 0 R /MediaBox [0 0 {width:.2f} {height:.2f}] "
                f"/Contents {stream} 0 R /Resources << /Font {self._resources} 0 R{images} >> >>",
            )
        )

    def bookmark(self, title: str, level: int = 0) -> None:
        """A line of the outline that leads to the page drawn next; level 1 hangs below the last one of level 0."""
        self._bookmarks.append((level, title, len(self._pages)))

    def close(self) -> None:
        """Fonts, page tree, outline and the table of objects; the file is whole afterwards but stays open."""
        for font in self._fonts.values():
            self._embed(font)
        named = " ".join(f"/{font.name} {font.number} 0 R" for font in self._fonts.values())
        self._object(self._resources, f"<< {named} >>")
        kids = " ".join(f"{number} 0 R" for number in self._pages)
        self._object(self._tree, f"<< /Type /Pages /Count {len(self._pages)} /Kids [{kids}] >>")
        outline = f" /Outlines {self._outline()} 0 R /PageMode /UseOutlines" if self._bookmarks else ""
        self._object(
            self._catalog,
            f"<< /Type /Catalog /Pages {self._tree} 0 R /Lang (zh-CN) "
            f"/ViewerPreferences << /DisplayDocTitle true /PrintScaling /None >>{outline} >>",
        )
        self._trailer()

    def _trailer(self) -> None:
        now = datetime.now().astimezone()
        zone = now.strftime("%z")
        moment = f"(D:{now:%Y%m%d%H%M%S}{zone[:3]}'{zone[3:]}')"
        about = self._object(
            self._reserved(),
            f"<< /Title {_text(self._title)} /Author {_text(self._author)} /Creator {_text('驻村户档')} "
            f"/Producer {_text('驻村户档')} /CreationDate {moment} /ModDate {moment} >>",
        )
        start, size = self._at, self._last + 1
        rows = "".join(f"{self._places[number]:010} 00000 n \n" for number in range(1, size))
        mark = os.urandom(16).hex()
        self._raw(
            f"xref\n0 {size}\n0000000000 65535 f \n{rows}trailer\n<< /Size {size} /Root {self._catalog} 0 R "
            f"/Info {about} 0 R /ID [<{mark}> <{mark}>] >>\nstartxref\n{start}\n%%EOF\n".encode("ascii")
        )

    def _outline(self) -> int:
        """The two levels of bookmarks as the linked list that PDF wants; returns the number of its root."""
        root = self._reserved()
        numbers = [self._reserved() for _ in self._bookmarks]
        tops = [n for n, (level, _, _) in enumerate(self._bookmarks) if level == 0 or n == 0]
        groups = {top: list(range(top + 1, after)) for top, after in zip(tops, [*tops[1:], len(numbers)], strict=True)}
        for top, below in groups.items():
            self._bookmark(root, numbers, tops, top, below)
            for n in below:
                self._bookmark(numbers[top], numbers, below, n, [])
        first, last = numbers[tops[0]], numbers[tops[-1]]
        opened = len(numbers) if len(tops) == 1 else len(tops)
        return self._object(root, f"<< /Type /Outlines /First {first} 0 R /Last {last} 0 R /Count {opened} >>")

    def _bookmark(self, parent: int, numbers: list[int], beside: list[int], n: int, below: list[int]) -> None:
        _, title, page = self._bookmarks[n]
        place = beside.index(n)
        links = f"/Prev {numbers[beside[place - 1]]} 0 R " if place else ""
        links += f"/Next {numbers[beside[place + 1]]} 0 R " if place + 1 < len(beside) else ""
        if below:
            count = len(below) if len(beside) == 1 else -len(below)  # a volume opens with its households folded up
            links += f"/First {numbers[below[0]]} 0 R /Last {numbers[below[-1]]} 0 R /Count {count} "
        target = self._pages[min(page, len(self._pages) - 1)]
        self._object(numbers[n], f"<< /Title {_text(title)} /Parent {parent} 0 R {links}/Dest [{target} 0 R /Fit] >>")

    def _embed(self, font: FileFont) -> None:
        face, base = font.face, f"HUDANG+{font.face.name.decode('ascii')}"
        program = subset(face, font.glyphs())
        file = self._deflated(self._reserved(), f"/Length1 {len(program)}", program)
        box = " ".join(f"{value:.0f}" for value in face.bbox)
        described = self._object(
            self._reserved(),
            f"<< /Type /FontDescriptor /FontName /{base} /Flags 4 /FontBBox [{box}] /ItalicAngle 0 /Ascent {ASCENT} "
            f"/Descent {DESCENT} /CapHeight {ASCENT} /StemV 80 /FontFile2 {file} 0 R >>",
        )
        below = self._object(
            self._reserved(),
            f"<< /Type /Font /Subtype /CIDFontType2 /BaseFont /{base} /CIDToGIDMap /Identity /DW 1000 "
            f"/CIDSystemInfo << /Registry (Adobe) /Ordering (Identity) /Supplement 0 >> "
            f"/FontDescriptor {described} 0 R /W [{font.widths()}] >>",
        )
        spoken = self._deflated(self._reserved(), "", to_unicode(list(font.codes)).encode("ascii"))
        self._object(
            font.number,
            f"<< /Type /Font /Subtype /Type0 /BaseFont /{base} /Encoding /Identity-H "
            f"/DescendantFonts [{below} 0 R] /ToUnicode {spoken} 0 R >>",
        )

    def _reserved(self) -> int:
        self._last += 1
        return self._last

    def _raw(self, data: bytes) -> None:
        self._file.write(data)
        self._at += len(data)

    def _object(self, number: int, body: str) -> int:
        self._places[number] = self._at
        self._raw(f"{number} 0 obj\n{body}\nendobj\n".encode("ascii"))
        return number

    def _deflated(self, number: int, about: str, data: bytes) -> int:
        return self._stream(number, f"{about} /Filter /FlateDecode", isal_zlib.compress(data, _LEVEL))

    def _stream(self, number: int, about: str, data: bytes) -> int:
        self._places[number] = self._at
        self._raw(f"{number} 0 obj\n<< {about} /Length {len(data)} >>\nstream\n".encode("ascii"))
        self._raw(data)
        self._raw(b"\nendstream\nendobj\n")
        return number


def _text(said: str) -> str:
    """A text outside of pages: UTF-16 as hex, so that nothing in it can end the string."""
    return f"<FEFF{said.encode('utf-16-be', 'replace').hex().upper()}>"


def to_unicode(characters: list[str]) -> str:
    """The ToUnicode map of codes 1, 2, 3 …: UTF-16BE values, in blocks of at most 100."""
    pairs = [f"<{code:04X}> <{one.encode('utf-16-be').hex().upper()}>" for code, one in enumerate(characters, 1)]
    blocks = (pairs[start : start + 100] for start in range(0, len(pairs), 100))
    mapped = "\n".join(f"{len(block)} beginbfchar\n{chr(10).join(block)}\nendbfchar" for block in blocks)
    return (
        "/CIDInit /ProcSet findresource begin\n12 dict begin\nbegincmap\n"
        "/CIDSystemInfo << /Registry (Adobe) /Ordering (UCS) /Supplement 0 >> def\n"
        "/CMapName /Adobe-Identity-UCS def\n/CMapType 2 def\n"
        f"1 begincodespacerange\n<0000> <FFFF>\nendcodespacerange\n{mapped}\n"
        "endcmap\nCMapName currentdict /CMap defineresource pop\nend\nend"
    )


def subset(face: Any, glyphs: list[int]) -> bytes:
    """A TrueType file with these glyphs, in this order, and the parts that composite ones are made of.

    Args:
        face: reportlab's face of a font
        glyphs: numbers in that font; the place in the list is the number in the new one
    """
    from reportlab.pdfbase.ttfonts import TTFontMaker

    outlines, chosen = _outlines(face, glyphs)
    places = [0]
    for outline in outlines:
        places.append(places[-1] + len(outline))
    metrics = [face.hmetrics[glyph] for glyph in chosen]
    made = TTFontMaker()
    made.add("glyf", b"".join(outlines))
    made.add("loca", struct.pack(f">{len(places)}L", *places))
    made.add("hmtx", b"".join(struct.pack(">HH", int(width), int(left) & 0xFFFF) for width, left in metrics))
    made.add("head", _patched(face.get_table("head"), 50, 1))  # long offsets in loca
    made.add("hhea", _patched(face.get_table("hhea"), 34, len(chosen)))
    made.add("maxp", _patched(face.get_table("maxp"), 4, len(chosen)))
    stream: bytes = made.makeStream()
    return stream


def _outlines(face: Any, glyphs: list[int]) -> tuple[list[bytes], list[int]]:
    chosen, outlines, start = list(glyphs), [], face.get_table_pos("glyf")[0]
    parts: dict[int, int] = {}
    for glyph in chosen:  # grows while parts are found
        outline = face._ttf_data[start + face.glyphPos[glyph] : start + face.glyphPos[glyph + 1]]
        if outline[:2] >= b"\x80":
            changed = bytearray(outline)
            for place in _part_places(outline):
                (part,) = struct.unpack_from(">H", outline, place)
                if part not in parts:
                    parts[part] = len(chosen)
                    chosen.append(part)
                struct.pack_into(">H", changed, place, parts[part])
            outline = bytes(changed)
        outlines.append(outline + b"\0" * (-len(outline) % 4))
    return outlines, chosen


def _part_places(outline: bytes) -> Iterator[int]:
    """Where a composite glyph names its parts."""
    place, flags = 10, _MORE
    while flags & _MORE:
        (flags,) = struct.unpack_from(">H", outline, place)
        yield place + 2
        place += 8 if flags & _WORDS else 6
        place += 2 if flags & _SCALE else 4 if flags & _TWO_SCALES else 8 if flags & _TWO_BY_TWO else 0


def _patched(table: bytes, place: int, value: int) -> bytes:
    return table[:place] + struct.pack(">H", value) + table[place + 2 :]


@lru_cache(maxsize=64)
def face_of(name: str) -> Any:
    """reportlab's face of a font by the name that app/archive/fonts gives."""
    from reportlab.pdfbase import pdfmetrics

    return pdfmetrics.getFont(name).face
