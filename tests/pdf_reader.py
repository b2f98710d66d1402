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


def corner_numbers(pdf: Pdf) -> list[str]:
    """The archive's number of each page, in the box at its outer upper corner; "" where there is none."""
    mm = 72 / 25.4
    document = pypdfium2.PdfDocument(pdf)
    try:
        numbers = []
        for page in document:
            width, height = page.get_size()
            corners = (
                [(width - 14 * mm, bottom, width - 4 * mm, bottom + 14 * mm) for bottom in (14 * mm, height - 40 * mm)]
                if width > height
                else [(left, height - 17 * mm, left + 12 * mm, height - 9 * mm) for left in (15 * mm, width - 27 * mm)]
            )
            text = page.get_textpage()
            found = [text.get_text_bounded(*corner).strip() for corner in corners]
            numbers.append(next((number for number in found if number.isdigit()), ""))
            text.close()
            page.close()
        return numbers
    finally:
        document.close()


def reader(pdf: Pdf) -> PdfReader:
    return PdfReader(io.BytesIO(pdf) if isinstance(pdf, bytes) else pdf, strict=True)


def full_text(pdf: Pdf) -> str:
    """All text by pypdf, without blanks and line ends."""
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
