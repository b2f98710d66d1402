"""A filled-in form (app/forms) on paper: grid of questions, tables, pictures and places to sign."""

import re
from collections.abc import Mapping, Sequence
from contextlib import suppress
from decimal import Decimal

from sqlalchemy import select
from sqlalchemy.orm import Session

from app.archive import wording
from app.archive.blocks import Between, Block, Gap, Heading, Signature, Slot, Text, Title, Whole
from app.archive.paper import CELL, LABEL, SMALL, SMALL_LABEL, Style
from app.archive.subject import Subject, picture, subject
from app.archive.tables import Cell, Row, Shown, Table
from app.errors import OfficeError
from app.forms.definition import Question
from app.forms.entries import Entry, EntryRow, entries, entry
from app.records.field import Field
from db.schema.photo import Photo
from db.schema.village import Village

_GRID = (32, 53, 32, 53)
_NUMBER = 12  # millimetres of the column of line numbers
_ASKED = (80, 90)  # where questions are whole sentences
_SENTENCE, _ADDRESS = 14, 20  # characters
_LEFT_OPEN = "＿＿＿＿＿＿"
_PICTURES = 4
_KEPT = "archive_entries"
_WORD = re.compile(r"\{(\w+)\}")


def forms_of(session: Session, household_id: str, codes: Sequence[str]) -> list[Block]:
    """The entries of some forms of a household, form by form, the latest first; what the village filled in as well.

    Of a list of households only the household's own line is printed: the others are none of its archive's business.
    """
    home = subject(session, household_id)
    blocks: list[Block] = []
    for code in codes:
        for found in entries_of(session, household_id, code):
            blocks += [*([Gap(10)] if blocks else []), Whole(entry_blocks(session, found, home))]
    return blocks


def entries_of(session: Session, household_id: str, code: str) -> list[Entry]:
    """The entries of one form of a household, the latest first; the list is read once for all parts of an archive.

    What cannot be read is left out: its definition has not arrived yet, or is of a newer program.
    """
    kept: dict[str, list[EntryRow]] = session.info.setdefault(_KEPT, {})
    if household_id not in kept:
        kept.clear()
        kept[household_id] = entries(session, household_id)
    found = []
    for row in kept[household_id]:
        if row.code == code:
            with suppress(OfficeError):
                found.append(entry(session, row.id))
    return found


def entry_blocks(session: Session, found: Entry, home: Subject | None = None) -> list[Block]:
    """One entry as a form.

    Args:
        home: whose archive it stands in; without it a form of the village is printed whole, as it hangs on the wall
    """
    words = _words(session, found, home)
    year = f"{found.year}年" if found.year and found.form.repeats == "yearly" else ""
    title = _told(found.form.headline, words, open="") or year + found.form.title
    blocks: list[Block] = [Title(title, "", found.filled_on), _heading(found, home, words)]
    blocks += [_paragraph(_told(text, words)) for text in found.form.opening]
    blocks += _questions(session, found, home)
    blocks += [_paragraph(_told(text, words)) for text in found.form.closing]
    note = found.value("note")
    if note:
        blocks.append(Table((32, 138), [Row([_shaded("备注"), Cell(str(note))])]))
    return [*blocks, *_signs(found)]


def _heading(found: Entry, home: Subject | None, words: Mapping[str, str]) -> Between:
    by = f"填表人：{found.value('filled_by') or wording.EMPTY}　{wording.day(found.filled_on)}"
    return home.heading(by) if home else Between(words["village"], by)


def _paragraph(text: str) -> Text:
    """Running text; who a letter is for stands at the margin."""
    address = len(text) < _ADDRESS and text.endswith("：")
    return Text(text, Style("fangsong", 12, 20, "left" if address else "full", 0 if address else 2))


def _signs(found: Entry) -> list[Block]:
    """Places to sign, two in a row; those with a seal below them, up to three in a row."""
    slots = [Slot(one.label, one.finger, one.seal) for one in found.form.signs]
    hands, seals = [one for one in slots if not one.seal], [one for one in slots if one.seal]
    return [Signature(some, columns) for some, columns in ((hands, 2), (seals, max(2, min(3, len(seals))))) if some]


def _questions(session: Session, found: Entry, home: Subject | None) -> list[Block]:
    """In the order of the file: plain ones side by side in grids, tables and pictures between them."""
    blocks: list[Block] = []
    asked: list[Question] = []
    group = ""
    for one in found.form.questions:
        if asked and (one.kind in ("rows", "photo") or one.group != group):
            blocks += _grid(found, asked)
            asked = []
        if one.group and one.group != group:
            blocks.append(Heading(one.group))
        group = one.group
        if one.kind == "rows":
            blocks += [Heading(one.label), _table(found, one, home)]
        elif one.kind == "photo":
            blocks += _pictures(session, found, one)
        else:
            asked.append(one)
    return blocks + _grid(found, asked)


def _grid(found: Entry, asked: Sequence[Question]) -> list[Block]:
    if not asked:
        return []
    said = [(one.field, found.value(one.key)) for one in asked]
    if any(len(one.label) > _SENTENCE for one in asked):
        return [Table(_ASKED, wording.answers(said, pairs=1))]
    return [Table(_GRID, wording.answers(said))]


def _table(found: Entry, one: Question, home: Subject | None) -> Table:
    numbered = not one.lines
    dense = len(one.columns) > 5
    body, head = (SMALL, SMALL_LABEL) if dense else (CELL, LABEL)
    lines = found.lines(one.key)
    shown = [line for line in lines if line == home.household.id] if one.households and home else lines
    heads = [Row([Cell(text, head, shaded=True) for text in (["序号"] * numbered + [c.label for c in one.columns])])]
    rows = [_line(found, one, line, lines.index(line) + 1 if numbered else 0, body) for line in shown]
    empty = [Cell("" if column.blank or one.spare else wording.EMPTY, body) for column in one.columns]
    for n in range(len(rows), max(one.spare, 0 if rows else 1)):
        rows.append(Row([*([Cell(str(n + 1), body.at("center"))] * numbered), *empty], least=8))
    if one.households and home and lines:
        rows.append(Row([Cell(f"名单共 {len(lines)} 户，这里只摘录本户。", SMALL, len(one.columns) + numbered)]))
    if one.sums and lines:
        rows.append(_sums(found, one, lines, numbered, body))
    return Table((*([_NUMBER] * numbered), *(column.width for column in one.columns)), rows, heads, padding=1.0)


def _line(found: Entry, one: Question, line: str, number: int, style: Style) -> Row:
    given = next((about.given for about in one.lines if about.key == line), {})
    cells = [Cell(str(number), style.at("center"))] if number else []
    for column in one.columns:
        kept = found.cell(one.key, line, column.key)
        if column.key in given:
            cells.append(Cell(str(kept), style, shaded=True))
        elif column.blank and kept is None:
            cells.append(Cell("", style))
        elif column.kind == "yes_no":
            cells.append(wording.written(column.field, kept, style))
        else:
            cells.append(Cell(_said(column.field, kept), style.at("right" if _is_number(column.field) else "left")))
    return Row(cells, least=8)


def _said(field: Field, kept: object) -> str:
    """Within a table the unit stands in the head, or goes without saying."""
    return wording.said(field, kept).removesuffix(field.unit) if field.unit else wording.said(field, kept)


def _is_number(field: Field) -> bool:
    return field.kind in ("decimal", "money")


def _sums(found: Entry, one: Question, lines: Sequence[str], numbered: bool, style: Style) -> Row:
    cells = [Cell("合计", style, shaded=True)] if numbered else []
    for n, column in enumerate(one.columns):
        kept = [found.cell(one.key, line, column.key) for line in lines]
        amounts = [amount for amount in kept if isinstance(amount, Decimal)]
        total = _said(column.field, sum(amounts, Decimal())) if column.key in one.sums and amounts else ""
        text = total or ("合计" if n == 0 and not numbered else "")
        cells.append(Cell(text, style.at("right" if total else "left"), shaded=True))
    return Row(cells)


def _pictures(session: Session, found: Entry, one: Question) -> list[Block]:
    rows = session.scalars(
        select(Photo).where(Photo.entry_id == found.id, ~Photo.withdrawn).order_by(Photo.taken_at, Photo.id)
    )
    shown = [each for each in (picture(session, row) for row in rows) if each][:_PICTURES]
    if not shown:
        return [Table((1,), [Row([Cell(Shown(None, (120, 40), f"（{one.label}粘贴处）"))], least=42)])]
    pairs = [shown[n : n + 2] for n in range(0, len(shown), 2)]
    wide = 80 if len(shown) > 1 else 140
    cells = [Row([Cell(Shown(each, (wide, 56))) for each in pair] + [Cell("")] * (len(pairs[0]) - len(pair)))
             for pair in pairs]  # fmt: skip
    return [Heading(one.label), Whole([Table([1] * len(pairs[0]), cells)], photographs=len(shown))]


def _words(session: Session, found: Entry, home: Subject | None) -> dict[str, str]:
    """What the paragraphs of a form speak of: its answers, and the household and its village."""
    place = session.scalar(select(Village).where(Village.code == found.village, ~Village.withdrawn))
    words = {"village": (place.name if place else None) or wording.EMPTY}
    if home:
        words |= {
            "head": home.head_name,
            "place": home.place,
            "number": home.number or wording.EMPTY,
            "people": "、".join(one.name or wording.EMPTY for one in home.members),
            "size": str(len(home.members)),
        }
    for one in found.form.plain():
        kept = found.value(one.key)
        if kept is not None:
            text = wording.said(one.field, kept)
            words[one.key] = text.removesuffix(one.field.unit) if one.kind == "number" and one.field.unit else text
    return words


def _told(text: str, words: Mapping[str, str], *, open: str = _LEFT_OPEN) -> str:
    """A text with its {words}. A word that is not known is left open to be written by hand; "" if `open` is ""."""
    if not open and not set(_WORD.findall(text)) <= words.keys():
        return ""
    return _WORD.sub(lambda word: words.get(word[1], open), text)


def _shaded(text: str) -> Cell:
    return Cell(text, LABEL, shaded=True)
