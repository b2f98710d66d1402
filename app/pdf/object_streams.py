"""Compressed objects in a file that reportlab writes (ISO 32000-1, 7.5.7 and 7.5.8).

reportlab writes each object in plain text and a table of their places. Here all that are no streams themselves lie
together in deflated ones, and the table is a stream too, which alone can say so. Numbers are taken from reportlab's
own count.
"""

import struct
import zlib
from collections.abc import Mapping
from itertools import accumulate
from typing import Any

from reportlab.pdfbase import pdfdoc

from app.pdf.pdfa import PdfStream, XmpStream

_UP = b"\x02"  # the predictor of PNG that keeps the difference from the entry before: most entries count up
_MOST_OBJECTS = 5000  # in one stream, so that a reader unpacks little for one of them
_FREE, _PLAIN, _COMPRESSED = 0, 1, 2  # kinds of entries in the cross-reference stream
_ENTRY = struct.Struct(">BQH")  # places of eight bytes: photographs of a thousand households are more than 4 GiB
_DEFLATE_LEVEL = 6  # 9 takes five times as long for a tenth less
_FULL_DEFLATE_LEVEL = 7  # of a full stream, as volumes have: a tenth less for twice the time


class ObjectStreams:
    """The compressed objects of one of reportlab's documents, which is then written by `write_objects`."""

    def __init__(self, document: Any) -> None:
        self._document = document
        self._waiting: dict[int, bytes] = {}  # objects for the next stream
        self._places: dict[int, tuple[int, int]] = {}  # object → the stream in which it is, and its place there

    def reserve(self) -> int:
        """A number for an object."""
        self._document.objectcounter += 1
        return int(self._document.objectcounter)

    def write(self, bodies: Mapping[int, str]) -> None:
        """Write objects by the numbers that were reserved for them, as they stand in a file (ASCII)."""
        self._waiting |= {number: body.encode("ascii") for number, body in bodies.items()}
        self._write_full()

    def _add(self, number: int, body: bytes) -> None:
        self._waiting[number] = body
        self._write_full()

    def _write_full(self) -> None:
        while len(self._waiting) >= _MOST_OBJECTS:
            self._write_waiting()

    def _write_waiting(self) -> None:
        """Write a stream of the objects that wait for one: the more there are in it, the less each takes."""
        waiting = list(self._waiting.items())
        self._waiting = dict(waiting[_MOST_OBJECTS:])
        numbers, bodies = zip(*waiting[:_MOST_OBJECTS], strict=True)
        starts = accumulate((len(body) + 1 for body in bodies[:-1]), initial=0)
        head = " ".join(f"{number} {start}" for number, start in zip(numbers, starts, strict=True)).encode() + b"\n"
        level = _FULL_DEFLATE_LEVEL if len(bodies) == _MOST_OBJECTS else _DEFLATE_LEVEL
        content = head + b"\n".join(bodies)
        stream = _deflated(content, {"Type": "/ObjStm", "N": len(bodies), "First": len(head)}, level)
        reference = self._document.Reference(stream)
        stream_number, _ = self._document.idToObjectNumberAndVersion[reference.name]
        self._places |= {number: (stream_number, n) for n, number in enumerate(numbers)}

    def write_objects(self) -> bytes:
        """Write all objects, their table and the end of the file; in place of `PDFDocument.format`, as which it adds to
        `__accum__` what streams have not written themselves."""
        document = self._document
        catalog, info = document.Reference(document.Catalog), document.Reference(document.info)
        document.__accum__ = file = pdfdoc.PDFFile(document._pdfVersion)
        offsets, number = {}, 0
        while number < document.objectcounter or self._waiting:  # which grows while objects are written
            if number == document.objectcounter:
                self._write_waiting()
            number += 1
            name = document.numberToId.get(number)
            if name is None:
                continue
            content = document.idToObject[name]
            if isinstance(content, pdfdoc.PDFStream | pdfdoc.PDFImageXObject | XmpStream):
                offsets[number] = file.add(pdfdoc.PDFIndirectObject(name, content).format(document))
            else:
                self._add(number, pdfdoc.format(content, document, toplevel=1).strip())
        del document.__accum__
        table_number = document.objectcounter + 1
        offsets[table_number] = file.offset
        entries = {
            "Type": "/XRef", "Size": table_number + 1, "W": "[1 8 2]", "Root": catalog, "Info": info,
            "ID": document.ID(), "DecodeParms": f"<</Predictor 12/Columns {_ENTRY.size}>>",
        }  # fmt: skip
        table = _deflated(self._entries(offsets, table_number + 1), entries).format(document)
        start = file.add(b"%d 0 obj\n" % table_number + table + b"endobj\n")
        file.add(b"startxref\n%d\n%%%%EOF\n" % start)
        formatted_file: bytes = file.format(document)
        return formatted_file

    def _entries(self, offsets: dict[int, int], size: int) -> bytes:
        """Where each object is: an entry for each number below `size`, after the kind of prediction."""
        entries = bytearray(_ENTRY.pack(_FREE, 0, 0xFFFF) * size)
        for number, offset in offsets.items():
            _ENTRY.pack_into(entries, number * _ENTRY.size, _PLAIN, offset, 0)
        for number, (stream, n) in self._places.items():
            _ENTRY.pack_into(entries, number * _ENTRY.size, _COMPRESSED, stream, n)
        predicted = bytearray(_UP * (size * (_ENTRY.size + 1)))
        differences = _differences(bytes(entries), bytes(_ENTRY.size) + entries[: -_ENTRY.size])
        for n in range(_ENTRY.size):  # a column at a time: there are as few as an entry has bytes
            predicted[n + 1 :: _ENTRY.size + 1] = differences[n :: _ENTRY.size]
        return bytes(predicted)


def _differences(values: bytes, others: bytes) -> bytes:
    """Each byte less the other, without what is carried to the next: all at once, as two long numbers."""
    high = int.from_bytes(b"\x80" * len(values))
    first, second = int.from_bytes(values), int.from_bytes(others)
    return (((first | high) - (second & ~high)) ^ ((first ^ ~second) & high)).to_bytes(len(values))


def _deflated(content: bytes, entries: dict[str, Any], level: int = _DEFLATE_LEVEL) -> PdfStream:
    compressed = zlib.compress(content, level)
    stream = PdfStream(pdfdoc.PDFDictionary({**entries, "Filter": "/FlateDecode"}), compressed)
    stream.filters = []
    return stream
