"""Blocks of cells as Excel and WPS put them on the clipboard, and where they go in a list."""

import csv
import io
from collections.abc import Sequence
from dataclasses import dataclass
from html import escape

from app.cell_edits.cell_edit import CellInput

Block = tuple[tuple[str, ...], ...]
_TEXT_STYLE = "mso-number-format:'\\@'"  # Excel keeps every digit of an ID number


@dataclass(frozen=True, slots=True)
class PlacedBlock:
    """A block over the cells of a list. `left_over`: what found no cell, as a sentence, "" where all did."""

    edits: tuple[CellInput, ...]
    left_over: str = ""


def parse_block(text: str) -> Block:
    """The cells of a text with tabs between them; a cell with line breaks or tabs stands in quotation marks."""
    lines = text.replace("\r\n", "\n").replace("\r", "\n").removesuffix("\n")
    if not lines:
        return ()
    rows = list(csv.reader(io.StringIO(lines, newline=""), delimiter="\t"))
    width = max((len(row) for row in rows), default=0)
    return tuple((*row, *("" for _ in range(width - len(row)))) for row in rows) if width else ()


def block_text(rows: Sequence[Sequence[str]]) -> str:
    """The text that Excel and WPS read as these cells."""
    out = io.StringIO(newline="")
    csv.writer(out, delimiter="\t", lineterminator="\n").writerows(rows)
    return out.getvalue()


def block_html(rows: Sequence[Sequence[str]]) -> str:
    """The same cells as a table, each marked as text: a number of 18 digits would lose its last three."""
    lines = (
        "".join(f'<td style="{_TEXT_STYLE}">{escape(cell).replace(chr(10), "<br>")}</td>' for cell in row)
        for row in rows
    )
    body = "".join(f"<tr>{line}</tr>" for line in lines)
    return f'<html><head><meta charset="utf-8"></head><body><table>{body}</table></body></html>'


def place_block(block: Block, ids: Sequence[str], columns: Sequence[str], size: tuple[int, int]) -> PlacedBlock:
    """A block from its first cell on.

    Args:
        ids, columns: of the cells from the current one on, to the end of the list
        size: rows and columns that are selected; a block that fits into them several times is repeated
    """
    height, width = len(block), len(block[0]) if block else 0
    if not height or not width:
        return PlacedBlock(())
    tall = size[0] if size[0] % height == 0 else height
    wide = size[1] if size[1] % width == 0 else width
    edits = [
        CellInput(id, column, block[row % height][place % width], f"第 {row % height + 1} 行")
        for row, id in enumerate(ids[:tall])
        for place, column in enumerate(columns[:wide])
    ]
    beyond = []
    if tall > len(ids):
        beyond.append(f"名单到底了，最后 {tall - len(ids)} 行没有地方")
    if wide > len(columns):
        beyond.append(f"右边没有栏了，最后 {wide - len(columns)} 栏没有地方")
    return PlacedBlock(tuple(edits), "；".join(beyond))
