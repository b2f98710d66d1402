"""PDF files written by reportlab, with fonts of our own kind inside.

reportlab's document makes pages, outline, pictures, properties and the file itself. Its TrueType fonts are replaced:
they are cut into parts of 255 characters, and their ToUnicode maps are wrong beyond the Basic Multilingual Plane. Here
a font is embedded once a file, as a Type 0 font of just the glyphs used (ISO 32000-1, 9.7); a bound volume of a whole
village shares them. reportlab keeps a file in memory until it is closed: pages wait there deflated, photographs as they
are, and both leave as they are written. Every file is an archival one (app/archive/archival.py).
"""

import struct
from copy import copy
from dataclasses import dataclass
from functools import lru_cache
from hashlib import sha256
from io import BytesIO
from typing import Any, BinaryIO

from isal import isal_zlib
from reportlab import rl_config
from reportlab.pdfbase import pdfdoc, pdfmetrics, pdfutils, ttfonts

from app.archive import fonts
from app.archive.archival import Info, Stream, archive, ended, sayable

_LEVEL = 2  # of isal: within 3 % of zlib's default size in a twentieth of its time
_MADE_BY = "驻村户档"


class _Deflate(pdfdoc.PDFStreamFilterZCompress):  # type: ignore[misc]
    """reportlab's filter with a faster deflate."""

    def encode(self, text: str | bytes) -> bytes:
        deflated: bytes = isal_zlib.compress(text.encode("ascii") if isinstance(text, str) else text, _LEVEL)
        return deflated


class _Content(Stream):
    """The operators of a page, deflated already."""

    def __init__(self, operators: str, file: BinaryIO) -> None:
        deflate = _Deflate()
        about = pdfdoc.PDFDictionary({"Filter": pdfdoc.PDFName(deflate.pdfname)})
        super().__init__(about, deflate.encode(operators))
        self._file = file

    def format(self, document: Any) -> bytes:
        _spill(document, self._file)
        formatted: bytes = super().format(document)
        self.content = None
        return formatted


class _Photograph(pdfdoc.PDFImageXObject):  # type: ignore[misc]
    """A JPEG that goes into the file as it is."""

    def __init__(self, name: str, picture: "Jpeg", file: BinaryIO) -> None:
        super().__init__(name, picture)
        self._file = file

    def format(self, document: Any) -> bytes:
        _spill(document, self._file)
        formatted = ended(super().format(document))
        self.streamContent = None
        return formatted


def _spill(document: Any, file: BinaryIO) -> None:
    """Write what reportlab has formatted so far, which it would otherwise join in memory to the whole file."""
    formatted = document.__accum__.strings
    file.write(b"".join(formatted))
    formatted.clear()


class _Codes(dict[str, str]):
    """Character → its two-byte code in this file as four hex digits, given out as characters come."""

    def __missing__(self, character: str) -> str:
        code = self[character] = f"{len(self) + 1:04X}"
        return code


class FileFont:
    """One font in one file: `name` in page contents, `codes` to write text with.

    It is one of reportlab's delayed fonts, whose objects are made when the document is saved.
    """

    def __init__(self, name: str, face: Any) -> None:
        self.name = name
        self.codes = _Codes()
        self._face = copy(face)  # making a subset moves a position in the face, and two threads may write files

    def addObjects(self, doc: Any) -> None:
        """Put the font into reportlab's document."""
        face, base = self._face, f"HUDANG+{self._face.name.decode('ascii')}"
        glyphs = [0, *(face.charToGlyph.get(ord(character), 0) for character in self.codes)]  # by code; 0 is missing
        descendant = {
            "Type": "/Font",
            "Subtype": "/CIDFontType2",
            "BaseFont": pdfdoc.PDFName(base),
            "CIDSystemInfo": "<< /Registry (Adobe) /Ordering (Identity) /Supplement 0 >>",
            "CIDToGIDMap": Stream(content=_places(glyphs)),
            "FontDescriptor": _descriptor(doc, face, base, [ord(character) for character in self.codes]),
            "DW": 1000,
            "W": _widths(face, glyphs),
        }
        font = {
            "Type": "/Font",
            "Subtype": "/Type0",
            "BaseFont": pdfdoc.PDFName(base),
            "Encoding": "/Identity-H",
            "DescendantFonts": pdfdoc.PDFArray([doc.Reference(pdfdoc.PDFDictionary(descendant))]),
            "ToUnicode": Stream(content=to_unicode(list(self.codes))),
        }
        doc.idToObject[pdfdoc.BasicFonts][self.name] = doc.Reference(pdfdoc.PDFDictionary(font))


def _descriptor(doc: Any, face: Any, base: str, characters: list[int]) -> Any:
    """A face's measures and its program, of these characters only."""
    program = face.makeSubset(characters)
    about = {
        "Type": "/FontDescriptor",
        "FontName": pdfdoc.PDFName(base),
        "Flags": face.flags & ~ttfonts.FF_NONSYMBOLIC | ttfonts.FF_SYMBOLIC,
        "FontBBox": pdfdoc.PDFArray(face.bbox),
        "ItalicAngle": face.italicAngle,
        "Ascent": face.ascent,
        "Descent": face.descent,
        "CapHeight": face.capHeight,
        "StemV": face.stemV,
        "FontFile2": doc.Reference(Stream(pdfdoc.PDFDictionary({"Length1": len(program)}), program)),
    }
    return doc.Reference(pdfdoc.PDFDictionary(about))


def _places(glyphs: list[int]) -> bytes:
    """The CIDToGIDMap: where each code's glyph is in reportlab's subset, which holds a glyph once, as they come."""
    place = {glyph: n for n, glyph in enumerate(dict.fromkeys(glyphs))}
    return struct.pack(f">{len(glyphs)}H", *map(place.__getitem__, glyphs))


def _widths(face: Any, glyphs: list[int]) -> str:
    """The W array: codes that are not one em wide."""
    scale = 1000 / face.unitsPerEm
    widths = ((code, round(face.hmetrics[glyph][0] * scale)) for code, glyph in enumerate(glyphs))
    return f"[{' '.join(f'{code} [{width}]' for code, width in widths if width != 1000)}]"


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


@dataclass(frozen=True, slots=True)
class Jpeg:
    """A photograph as it goes into the file."""

    data: bytes
    width: int
    height: int

    def jpeg_fh(self) -> BytesIO:
        """What reportlab asks a picture for to take its JPEG as it is."""
        return BytesIO(self.data)


def jpeg(data: bytes) -> Jpeg | None:
    """What is known of a JPEG, None where it cannot be shown."""
    from PIL import Image

    try:
        with Image.open(BytesIO(data)) as image:
            shown = image.format == "JPEG" and image.mode in ("L", "RGB", "CMYK")
            if shown and image.mode == "CMYK":  # colours of a press, which the file's profile does not describe
                data = _on_screen(image)
        width, height, *_ = pdfutils.readJPEGInfo(BytesIO(data))  # what this refuses, reportlab would draw as a blot
    except (OSError, ValueError, SyntaxError, struct.error, pdfdoc.PDFError, Image.DecompressionBombError):
        return None
    return Jpeg(data, width, height) if shown else None


def _on_screen(image: Any) -> bytes:
    out = BytesIO()
    image.convert("RGB").save(out, "JPEG", quality=90)
    return out.getvalue()


class PdfFile:
    """A PDF being written to an open file: `canvas` is reportlab's, for the page that is drawn now."""

    def __init__(self, file: BinaryIO, title: str, author: str, *, archival: bool = True) -> None:
        """`archival`: whether it says that it is PDF/A; a file that is locked afterwards is none."""
        from reportlab.pdfgen.canvas import Canvas

        rl_config.useA85 = 0  # photographs as bytes, not as text
        # An initial font of reportlab's dynamic kind is not listed before it is used, as Helvetica would be; its own
        # compression is off, because the document's filter takes its place.
        self.canvas = Canvas(
            file, pageCompression=0, pdfVersion=(1, 7), initialFontName=fonts.font_name("song"), lang="zh-CN"
        )
        self._document = self.canvas._doc
        self._document.defaultStreamFilters = [_Deflate()]
        self._file = file
        self.canvas.setPageCallBack(self._drawn)
        self._fonts: dict[str, FileFont] = {}
        self._bookmarks = 0
        self._archival = archival
        self.title, self.keywords = title, ""
        self._describe(author)

    def _describe(self, author: str) -> None:
        about = self._document.info = Info()
        about.author, about.subject = sayable(author), ""
        about.creator = about.producer = _MADE_BY
        self.canvas.setViewerPreference("DisplayDocTitle", "true")
        self.canvas.setViewerPreference("PrintScaling", "None")

    def _drawn(self, _: int) -> None:
        page = self._document.Pages[-1]
        page.Contents, page.stream, page.Trans = _Content(page.stream, self._file), None, None

    def font(self, name: str) -> FileFont:
        """A font by the name that app/archive/fonts gives."""
        if name not in self._fonts:
            self._fonts[name] = FileFont(f"F{len(self._fonts) + 1}", face_of(name))
            self._document.delayedFonts.append(self._fonts[name])
        return self._fonts[name]

    def picture(self, picture: Jpeg) -> str:
        """Embed a photograph once, however often it is shown; returns its name for the canvas's doForm."""
        name = sha256(picture.data).hexdigest()
        if not self.canvas.hasForm(name):
            self._document.addForm(name, _Photograph(name, picture, self._file))
        return name

    def bookmark(self, title: str, level: int = 0, at: str = "") -> None:
        """A line of the outline; level 1 hangs, folded, below the last of level 0.

        It leads to the page drawn next, or with `at` to the one that `lead` will be said of by that name.
        """
        self._bookmarks += 1
        place = at or str(self._bookmarks)
        if not at:
            self.canvas.bookmarkPage(place)
        self.canvas.addOutlineEntry(title, place, level, closed=level == 0)

    def lead(self, name: str) -> None:
        """The page drawn next is the one that a bookmark before was meant for."""
        self.canvas.bookmarkPage(name)

    @property
    def sides(self) -> int:
        """How many pages are drawn."""
        return len(self._document.Pages.pages)

    def blank(self) -> None:
        """An empty page."""
        self.canvas.showPage()

    def to_front(self, many: int) -> None:
        """Move the last pages to the front."""
        drawn = self._document.Pages.pages
        drawn[:] = drawn[-many:] + drawn[:-many]

    def close(self) -> None:
        """Write all; the file is whole afterwards but stays open."""
        if self._bookmarks:
            self.canvas.showOutline()
        about = self._document.info
        about.title, about.keywords = sayable(self.title), sayable(self.keywords)
        archive(self._document, claimed=self._archival)
        self.canvas.save()


@lru_cache(maxsize=64)
def face_of(name: str) -> Any:
    """reportlab's face of a font by the name that app/archive/fonts gives."""
    return pdfmetrics.getFont(name).face
