"""Makes a file PDF/A-2b (ISO 19005-2): output intent, XMP metadata and conforming streams.

Fonts are embedded by app/pdf/document.py; transparency, scripts and external links are never written. Two habits of
reportlab are corrected here: it writes no end of line before `endstream` (6.1.7.1), and it writes empty properties.
"""

import re
from functools import cache
from typing import Any
from xml.sax.saxutils import escape

from reportlab.pdfbase import pdfdoc

_INVALID_XML = re.compile("[^\t\n\r\x20-\ud7ff\ue000-\ufffd\U00010000-\U0010ffff]")
_SRGB_NAME = "sRGB IEC61966-2.1"
_XMP_TEMPLATE = """<?xpacket begin="\ufeff" id="W5M0MpCehiHzreSzNTczkc9d"?>
<x:xmpmeta xmlns:x="adobe:ns:meta/">
<rdf:RDF xmlns:rdf="http://www.w3.org/1999/02/22-rdf-syntax-ns#">
<rdf:Description rdf:about="" xmlns:dc="http://purl.org/dc/elements/1.1/" xmlns:xmp="http://ns.adobe.com/xap/1.0/"
 xmlns:pdf="http://ns.adobe.com/pdf/1.3/" xmlns:pdfaid="http://www.aiim.org/pdfa/ns/id/">
{properties}
</rdf:Description>
</rdf:RDF>
</x:xmpmeta>
<?xpacket end="r"?>"""


def with_eol(formatted: bytes) -> bytes:
    """A stream as reportlab writes it, with the missing end of line before `endstream`."""
    return formatted.removesuffix(b"endstream\n") + b"\nendstream\n"


class PdfStream(pdfdoc.PDFStream):  # type: ignore[misc]
    """reportlab's stream, with the end of line that PDF/A requires."""

    def format(self, document: Any) -> bytes:
        return with_eol(super().format(document))


class XmpStream(pdfdoc.PDFObject):  # type: ignore[misc]
    """An unfiltered stream, because programs search a file for the plain text of its metadata."""

    __RefOnly__ = 1

    def __init__(self, content: bytes) -> None:
        self._content = content

    def format(self, _: Any) -> bytes:
        header = f"<< /Type /Metadata /Subtype /XML /Length {len(self._content)} >>\nstream\n"
        return header.encode("ascii") + self._content + b"\nendstream\n"


class DocumentInfo(pdfdoc.PDFInfo):  # type: ignore[misc]
    """The properties of a file, repeated in its XMP metadata."""

    def format(self, document: Any) -> bytes:
        texts = {
            "Title": self.title, "Author": self.author, "Subject": self.subject, "Keywords": self.keywords,
            "Creator": self.creator, "Producer": self.producer,
        }  # fmt: skip
        entries = {name: pdfdoc.PDFString(text) for name, text in texts.items() if text}
        entries["CreationDate"] = entries["ModDate"] = pdfdoc.PDFDate(ts=document._timeStamp)
        formatted: bytes = pdfdoc.PDFDictionary(entries).format(document)
        return formatted


def xmp_safe(text: str) -> str:
    """A property without the characters that XML cannot hold, so that properties and metadata agree."""
    return _INVALID_XML.sub("", text)


def make_pdfa(document: Any, *, declare_pdfa: bool) -> None:
    """Make reportlab's document PDF/A, once its properties are known.

    Args:
        declare_pdfa: whether the metadata claims it; a file that will be encrypted must not
    """
    catalog = document.Catalog
    catalog.Metadata = XmpStream(_xmp_packet(document, declare_pdfa).encode())
    icc_profile = document.Reference(PdfStream(pdfdoc.PDFDictionary({"N": 3}), content=_srgb_profile()))
    intent = {
        "Type": "/OutputIntent", "S": "/GTS_PDFA1", "OutputConditionIdentifier": pdfdoc.PDFString(_SRGB_NAME),
        "Info": pdfdoc.PDFString(_SRGB_NAME), "DestOutputProfile": icc_profile,
    }  # fmt: skip
    catalog.OutputIntents = pdfdoc.PDFArray([pdfdoc.PDFDictionary(intent)])
    catalog.__NoDefault__ = [*catalog.__NoDefault__, "OutputIntents"]


def _xmp_packet(document: Any, declare_pdfa: bool) -> str:
    info, stamp = document.info, document._timeStamp
    year, month, day, hour, minute, second = stamp.YMDhms
    timestamp = f"{year:04}-{month:02}-{day:02}T{hour:02}:{minute:02}:{second:02}{stamp.dhh:+03}:{stamp.dmm:02}"
    properties = [
        ("dc:format", "application/pdf"),
        ("dc:title", f'<rdf:Alt><rdf:li xml:lang="x-default">{escape(info.title)}</rdf:li></rdf:Alt>'),
        ("dc:creator", f"<rdf:Seq><rdf:li>{escape(info.author)}</rdf:li></rdf:Seq>" if info.author else ""),
        ("pdf:Keywords", escape(info.keywords)),
        ("pdf:Producer", escape(info.producer)),
        ("xmp:CreatorTool", escape(info.creator)),
        ("xmp:CreateDate", timestamp),
        ("xmp:ModifyDate", timestamp),
        ("pdfaid:part", "2" if declare_pdfa else ""),
        ("pdfaid:conformance", "B" if declare_pdfa else ""),
    ]
    return _XMP_TEMPLATE.format(properties="\n".join(f"<{name}>{text}</{name}>" for name, text in properties if text))


@cache
def _srgb_profile() -> bytes:
    """The sRGB colour space as an ICC profile, with the same bytes every time."""
    from PIL import ImageCms

    profile = ImageCms.ImageCmsProfile(ImageCms.createProfile("sRGB")).tobytes()
    return (
        profile[:24] + bytes((7, 206, 0, 2, 0, 9, 0, 0, 0, 0, 0, 0)) + profile[36:]
    )  # created on 1998-02-09, as sRGB was
