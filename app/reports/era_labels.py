"""Prints titles, labels and places to sign in the words of the paper's era; what records hold stays as it was typed."""

from collections.abc import Callable, Sequence
from dataclasses import replace
from datetime import date
from typing import Any

from app.pdf.flowables import Flowable, Heading, KeepTogether, SignatureBlock, Title
from app.pdf.page_style import is_label
from app.pdf.table import Cell, Table, TableRow
from app.reports.blank_sheet import SheetTitle
from app.reports.era import Terms

WordsOn = Callable[[date | None], Terms]  # the day that a form is dated, None where it has none → its words


def relabel(flowables: Sequence[Flowable], words_on: WordsOn, typed_title: str = "") -> list[Flowable]:
    """The same paper in the words of its era; each form with a date in those of its own.

    Args:
        typed_title: a title that an officer typed, which stays as it is
    """
    words, relabelled = words_on(None), []
    for flowable in flowables:
        if isinstance(flowable, Title):
            words = words_on(flowable.dated)
        relabelled.append(_relabel(flowable, words, typed_title))
    return relabelled


def _relabel(part: Any, words: Terms, typed_title: str) -> Any:
    """A flowable or a part of one; itself where it holds no label."""
    match part:
        case Title(text=text) if not (typed_title and typed_title in text):
            return replace(part, text=words.relabel(text))
        case Heading() | SheetTitle():
            return replace(part, text=words.relabel(part.text))
        case SignatureBlock():
            return replace(part, fields=[replace(one, label=words.relabel(one.label)) for one in part.fields])
        case KeepTogether():
            return replace(part, flowables=[_relabel(one, words, typed_title) for one in part.flowables])
        case Table():
            rows, header_rows = ([_relabel_row(row, words) for row in rows] for rows in (part.rows, part.header_rows))
            return replace(part, rows=rows, header_rows=header_rows)
    return part


def _relabel_row(row: TableRow, words: Terms) -> TableRow:
    cells = [_relabel_cell(cell, words) for cell in row.cells]
    return row if all(new is old for new, old in zip(cells, row.cells, strict=True)) else replace(row, cells=cells)


def _relabel_cell(cell: Cell, words: Terms) -> Cell:
    if not (isinstance(cell.content, str) and (cell.shaded or is_label(cell.style))):
        return cell
    text = words.relabel(cell.content)
    return cell if text == cell.content else replace(cell, content=text)
