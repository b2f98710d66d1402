"""PDF files written by reportlab, with our own way of embedding fonts.

reportlab writes pages, outline, images, properties and the file itself. Its TrueType fonts are replaced: it splits a
font into subsets of 255 characters, and its ToUnicode maps are wrong beyond the Basic Multilingual Plane. Here a font
is embedded once in a file, as a Type 0 font of just the glyphs used (ISO 32000-1, 9.7), shared by all archives of a
bound volume. reportlab keeps a file in memory until it is closed: pages are held deflated and photographs as they are,
and both are released as they are written. Every file is PDF/A (app/pdf/pdfa.py).
"""

import struct
import zlib
from collections.abc import Iterator
from copy import copy
from dataclasses import dataclass
from functools import lru_cache
from hashlib import sha256
from io import BytesIO
from typing import Any, BinaryIO

from reportlab import rl_config
from reportlab.pdfbase import pdfdoc, pdfmetrics, pdfutils, ttfonts

from app.pdf import fonts
from app.pdf.object_streams import ObjectStreams
from app.pdf.pdfa import DocumentInfo, PdfStream, make_pdfa, with_eol, xmp_safe
from app.pdf.structure import StructureTree

_DEFLATE_LEVEL = 5  # of fonts, the most of it: 6 takes a third more time for a hundredth less
_PAGE_DEFLATE_LEVEL = 6  # of operators, which are alike
_PRODUCER = "驻村户档"
_END_OF_IMAGE = b"\xff\xd9"  # stands nowhere else in the data of a JPEG
_MAX_TRAILER = 1024  # bytes in which it must be: cameras write a little behind it


class _Deflate(pdfdoc.PDFStreamFilterZCompress):  # type: ignore[misc]
    """reportlab's filter at our level."""

    def encode(self, text: str | bytes) -> bytes:
        return zlib.compress(text.encode("ascii") if isinstance(text, str) else text, _DEFLATE_LEVEL)


class _PageContent(PdfStream):
    """The operators of a page, already deflated."""

    def __init__(self, operators: str, file: BinaryIO) -> None:
        stream_dict = pdfdoc.PDFDictionary({"Filter": pdfdoc.PDFName(_Deflate.pdfname)})
        super().__init__(stream_dict, zlib.compress(operators.encode("ascii"), _PAGE_DEFLATE_LEVEL))
        self._file = file

    def format(self, document: Any) -> bytes:
        _flush(document, self._file)
        formatted: bytes = super().format(document)
        self.content = None
        return formatted


class _JpegObject(pdfdoc.PDFImageXObject):  # type: ignore[misc]
    """A JPEG that goes into the file unchanged."""

    def __init__(self, name: str, image: "Jpeg", file: BinaryIO) -> None:
        super().__init__(name, image)
        self._file = file

    def format(self, document: Any) -> bytes:
        _flush(document, self._file)
        formatted = with_eol(super().format(document))
        self.streamContent = None
        return formatted


def _flush(document: Any, file: BinaryIO) -> None:
    """Write what reportlab has formatted so far, instead of letting it join the whole file in memory."""
    formatted = document.__accum__.strings
    file.write(b"".join(formatted))
    formatted.clear()


class _CharacterCodes(dict[str, str]):
    """Character → its two-byte code in this file as four hex digits, assigned in order of appearance."""

    def __missing__(self, character: str) -> str:
        code = self[character] = f"{len(self) + 1:04X}"
        return code


class EmbeddedFont:
    """One font in one file: `name` in page contents, `codes` for writing text with it.

    It is one of reportlab's delayed fonts, whose objects are created when the document is saved.
    """

    def __init__(self, name: str, face: Any) -> None:
        self.name = name
        self.codes = _CharacterCodes()
        self._face = copy(face)  # making a subset moves a file position in the face, and two threads may write files

    def addObjects(self, doc: Any) -> None:
        """Add the font to reportlab's document."""
        face, base = self._face, f"HUDANG+{self._face.name.decode('ascii')}"
        glyphs = [0, *(face.charToGlyph.get(ord(character), 0) for character in self.codes)]  # by code; 0 is missing
        descendant = {
            "Type": "/Font",
            "Subtype": "/CIDFontType2",
            "BaseFont": pdfdoc.PDFName(base),
            "CIDSystemInfo": "<< /Registry (Adobe) /Ordering (Identity) /Supplement 0 >>",
            "CIDToGIDMap": PdfStream(content=_cid_to_gid(glyphs)),
            "FontDescriptor": _font_descriptor(doc, face, base, [ord(character) for character in self.codes]),
            "DW": 1000,
            "W": _width_array(face, glyphs),
        }
        font = {
            "Type": "/Font",
            "Subtype": "/Type0",
            "BaseFont": pdfdoc.PDFName(base),
            "Encoding": "/Identity-H",
            "DescendantFonts": pdfdoc.PDFArray([doc.Reference(pdfdoc.PDFDictionary(descendant))]),
            "ToUnicode": PdfStream(content=to_unicode(list(self.codes))),
        }
        doc.idToObject[pdfdoc.BasicFonts][self.name] = doc.Reference(pdfdoc.PDFDictionary(font))


def _font_descriptor(doc: Any, face: Any, base: str, characters: list[int]) -> Any:
    """The metrics of a face and its font program, subset to these characters."""
    program = face.makeSubset(characters)
    entries = {
        "Type": "/FontDescriptor",
        "FontName": pdfdoc.PDFName(base),
        "Flags": face.flags & ~ttfonts.FF_NONSYMBOLIC | ttfonts.FF_SYMBOLIC,
        "FontBBox": pdfdoc.PDFArray(face.bbox),
        "ItalicAngle": face.italicAngle,
        "Ascent": face.ascent,
        "Descent": face.descent,
        "CapHeight": face.capHeight,
        "StemV": face.stemV,
        "FontFile2": doc.Reference(PdfStream(pdfdoc.PDFDictionary({"Length1": len(program)}), program)),
    }
    face.release_pages()
    return doc.Reference(pdfdoc.PDFDictionary(entries))


def _cid_to_gid(glyphs: list[int]) -> bytes:
    """The CIDToGIDMap: each code's glyph in reportlab's subset, which has every glyph once, in order of appearance."""
    subset_index = {glyph: n for n, glyph in enumerate(dict.fromkeys(glyphs))}
    return struct.pack(f">{len(glyphs)}H", *map(subset_index.__getitem__, glyphs))


def _width_array(face: Any, glyphs: list[int]) -> str:
    """The W array: the codes whose glyph is not one em wide."""
    scale = 1000 / face.unitsPerEm
    widths = ((code, round(face.hmetrics[glyph][0] * scale)) for code, glyph in enumerate(glyphs))
    return f"[{' '.join(f'{code} [{width}]' for code, width in widths if width != 1000)}]"


def to_unicode(characters: list[str]) -> str:
    """The ToUnicode map of codes 1, 2, 3 …: UTF-16BE values in their order, in ranges that share their first byte."""
    values = [f"<{character.encode('utf-16-be').hex().upper()}>" for character in characters]
    mapped = "\n".join(
        f"1 beginbfrange\n<{first:04X}> <{last:04X}> [{' '.join(values[first - 1 : last])}]\nendbfrange"
        for first, last in _ranges(len(values))
    )
    return (
        "/CIDInit /ProcSet findresource begin\n12 dict begin\nbegincmap\n"
        "/CIDSystemInfo << /Registry (Adobe) /Ordering (UCS) /Supplement 0 >> def\n"
        "/CMapName /Adobe-Identity-UCS def\n/CMapType 2 def\n"
        f"1 begincodespacerange\n<0000> <FFFF>\nendcodespacerange\n{mapped}\n"
        "endcmap\nCMapName currentdict /CMap defineresource pop\nend\nend"
    )


def _ranges(last_code: int) -> Iterator[tuple[int, int]]:
    """The codes from 1 on in ranges of at most 100, each below one multiple of 256."""
    first = 1
    while first <= last_code:
        last = min(last_code, first + 99, first | 0xFF)
        yield first, last
        first = last + 1


@dataclass(frozen=True, slots=True)
class Jpeg:
    """A photograph as it goes into the file."""

    data: bytes
    width: int
    height: int

    def jpeg_fh(self) -> BytesIO:
        """The JPEG data, as reportlab asks an image for it."""
        return BytesIO(self.data)


def read_jpeg(data: bytes) -> Jpeg | None:
    """A JPEG with its size; None if it cannot be shown, or its end is missing."""
    from PIL import Image

    if _END_OF_IMAGE not in data[-_MAX_TRAILER:]:
        return None
    try:
        with Image.open(BytesIO(data)) as image:
            supported = image.format == "JPEG" and image.mode in ("L", "RGB", "CMYK")
            if supported and image.mode == "CMYK":  # CMYK, which the sRGB output intent does not cover
                data = _to_rgb_jpeg(image)
        width, height, *_ = pdfutils.readJPEGInfo(BytesIO(data))  # reportlab would draw garbage from what this refuses
    except (OSError, ValueError, SyntaxError, struct.error, pdfdoc.PDFError, Image.DecompressionBombError):
        return None
    return Jpeg(data, width, height) if supported else None


def _to_rgb_jpeg(image: Any) -> bytes:
    output = BytesIO()
    image.convert("RGB").save(output, "JPEG", quality=90)
    return output.getvalue()


class PdfDocument:
    """A PDF being written to an open file; `canvas` is reportlab's, for the page being drawn."""

    def __init__(self, file: BinaryIO, title: str, author: str, *, declare_pdfa: bool = True) -> None:
        """`declare_pdfa`: whether the metadata claims PDF/A; a file that is encrypted afterwards must not."""
        from reportlab.pdfgen.canvas import Canvas

        rl_config.useA85 = 0  # photographs as bytes, not as ASCII
        # An initial font of reportlab's dynamic kind is not listed before it is used, as Helvetica would be; its own
        # compression is off, because the document's filter takes its place.
        self.canvas = Canvas(
            file, pageCompression=0, pdfVersion=(1, 7), initialFontName=fonts.font_name("song"), lang="zh-CN"
        )
        self._document = self.canvas._doc
        self._document.defaultStreamFilters = [_Deflate()]
        streams = ObjectStreams(self._document)
        self._document.format = streams.write_objects  # reportlab's own knows no compressed objects
        self.structure = StructureTree(streams)
        self._file = file
        self.canvas.setPageCallBack(self._on_page_end)
        self._fonts: dict[str, EmbeddedFont] = {}
        self._images: dict[bytes, str] = {}  # hash → name
        self._unprintable: dict[str, None] = {}
        self._bookmarks = 0
        self._declare_pdfa = declare_pdfa
        self.title, self.keywords = title, ""
        self._set_metadata(author)

    def _set_metadata(self, author: str) -> None:
        info = self._document.info = DocumentInfo()
        info.author, info.subject = xmp_safe(author), ""
        info.creator = info.producer = _PRODUCER
        self.canvas.setViewerPreference("DisplayDocTitle", "true")
        self.canvas.setViewerPreference("PrintScaling", "None")

    def _on_page_end(self, _: int) -> None:
        page = self._document.Pages[-1]
        page.Contents, page.stream, page.Trans = _PageContent(page.stream, self._file), None, None
        number, _ = self._document.idToObjectNumberAndVersion[page.__InternalName__]
        page.StructParents, page.Tabs = self.structure.end_page(number), "/S"
        page.__NoDefault__ = [*page.__NoDefault__, "StructParents", "Tabs"]

    def font(self, name: str) -> EmbeddedFont:
        """A font by the name that app/pdf/fonts.py gives it."""
        if name not in self._fonts:
            self._fonts[name] = EmbeddedFont(f"F{len(self._fonts) + 1}", font_face(name))
            self._document.delayedFonts.append(self._fonts[name])
        return self._fonts[name]

    def note_unprintable(self, text: str) -> None:
        """Record that a text was drawn with code points in place of characters that no font has."""
        self._unprintable[text] = None

    def take_unprintable(self) -> tuple[str, ...]:
        """The texts recorded since the last call, each once: whoever draws knows whose pages they are on."""
        texts = tuple(self._unprintable)
        self._unprintable.clear()
        return texts

    def embed_image(self, image: Jpeg) -> str:
        """Embed a photograph once, however often it is drawn; returns its name for the canvas's doForm."""
        digest = sha256(image.data).digest()
        if digest not in self._images:
            name = self._images[digest] = str(len(self._images))  # short: it stands on every page that draws it
            self._document.addForm(name, _JpegObject(name, image, self._file))
        return self._images[digest]

    def bookmark(self, title: str, level: int = 0, anchor: str = "") -> None:
        """Add an entry to the outline; level 1 is folded below the last entry of level 0.

        It leads to the page drawn next, or with `anchor` to the page that `set_anchor` marks with that name.
        """
        self._bookmarks += 1
        destination = anchor or str(self._bookmarks)
        if not anchor:
            self.canvas.bookmarkPage(destination)
        self.canvas.addOutlineEntry(title, destination, level, closed=level == 0)

    def open_section(self, title: str) -> None:
        """Make the pages drawn from now on a section of the structure, e.g. one paper of an archive."""
        self.structure.open_section(title)

    def set_anchor(self, name: str) -> None:
        """Make the page drawn next the target of the bookmark with this anchor."""
        self.canvas.bookmarkPage(name)

    @property
    def page_count(self) -> int:
        """The number of pages drawn so far."""
        return len(self._document.Pages.pages)

    def blank_page(self) -> None:
        """Add an empty page."""
        self.canvas.showPage()

    def move_to_front(self, count: int) -> None:
        """Move the last `count` pages to the front."""
        all_pages = self._document.Pages.pages
        all_pages[:] = all_pages[-count:] + all_pages[:-count]

    def close(self) -> None:
        """Write the document; the file is complete afterwards but stays open."""
        if self._bookmarks:
            self.canvas.showOutline()
        info = self._document.info
        info.title, info.keywords = xmp_safe(self.title), xmp_safe(self.keywords)
        make_pdfa(self._document, declare_pdfa=self._declare_pdfa)
        catalog = self._document.Catalog
        catalog.StructTreeRoot, catalog.MarkInfo = f"{self.structure.close()} 0 R", "<</Marked true>>"
        self.canvas.save()


@lru_cache(maxsize=64)
def font_face(name: str) -> Any:
    """reportlab's face of a font by the name that app/pdf/fonts.py gives it."""
    return pdfmetrics.getFont(name).face
