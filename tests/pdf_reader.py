"""Printed files read back with two readers that know nothing of each other."""

import io
import re
from pathlib import Path

import pypdfium2
from pypdf import PdfReader

Pdf = Path | bytes


def page_texts(pdf: Pdf) -> list[str]:
    """Each page's text by pdfium, as one finds it when searching, without line ends."""
    document = pypdfium2.PdfDocument(pdf)
    try:
        texts = []
        for page in document:
            text = page.get_textpage()
            texts.append(text.get_text_range().replace("\r\n", ""))
            text.close()
            page.close()
        return texts
    finally:
        document.close()


def corner_numbers(pdf: Pdf, duplex: bool = False) -> list[str]:
    """The archive's number of each page, in the box at its outer upper corner; "" where there is none."""
    mm = 72 / 25.4
    document = pypdfium2.PdfDocument(pdf)
    try:
        numbers = []
        for n, page in enumerate(document, 1):
            back = duplex and n % 2 == 0
            width, height = page.get_size()
            if width > height:  # the corner of the volume held upright
                bottom = height - 38 * mm if back else 14 * mm
                corner = (width - 14 * mm, bottom, width - 4 * mm, bottom + 24 * mm)
            else:
                left = 15 * mm if back else width - 27 * mm
                corner = (left, height - 17 * mm, left + 12 * mm, height - 9 * mm)
            text = page.get_textpage()
            number = text.get_text_bounded(*corner).strip()
            numbers.append(number if number.isdigit() else "")
            text.close()
            page.close()
        return numbers
    finally:
        document.close()


def reader(pdf: Pdf) -> PdfReader:
    return PdfReader(io.BytesIO(pdf) if isinstance(pdf, bytes) else pdf, strict=True)


def full_text(pdf: Pdf) -> str:
    """All text by pdfium, without blanks and line ends: pypdf, written in Python, takes twelve times as long."""
    return re.sub(r"\s+", "", "".join(page_texts(pdf)))


def full_text_by_pypdf(pdf: Pdf) -> str:
    """The same by pypdf: it may read what stands on the margins of a page at another place."""
    return re.sub(r"\s+", "", "".join(page.extract_text() for page in reader(pdf).pages))


def bookmarks(pdf: Pdf) -> list[tuple[int, str, int]]:
    """(level, title, number of the page from 1) of the outline."""
    entries_found: list[tuple[int, str, int]] = []
    read = reader(pdf)

    def walk(entries: list[object], level: int) -> None:
        for entry in entries:
            if isinstance(entry, list):
                walk(entry, level + 1)
            else:
                entries_found.append((level, entry.title, read.get_destination_page_number(entry) + 1))

    walk(read.outline, 0)
    return entries_found
