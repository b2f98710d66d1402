"""Prints a filled-in form (app/forms): a grid of questions, tables, images and places to sign."""

import re
from collections.abc import Mapping, Sequence
from decimal import Decimal

from sqlalchemy import select
from sqlalchemy.orm import Session

from app.errors import UserError
from app.forms.definition import InvalidForm, Question
from app.forms.entries import FormEntryDraft, FormEntryRow, entries_of_household, load_entry
from app.pdf.flowables import (
    Flowable,
    HeaderLine,
    Heading,
    KeepTogether,
    Paragraph,
    SignatureBlock,
    SignatureField,
    Spacer,
    Title,
)
from app.pdf.page_style import CELL, LABEL, SMALL, SMALL_LABEL, TextStyle
from app.pdf.table import Cell, ImageCell, Table, TableRow
from app.records.field import Field
from app.reports import formatting
from app.reports.household_context import HouseholdContext, context_on, load_image
from app.reports.ledger import field_align
from app.reports.unprintable import note_unprintable
from db.schema.photo import Photo
from db.schema.village import Village

_GRID = (32, 53, 32, 53)
_NUMBER_WIDTH = 12  # millimetres of the column of line numbers
_SENTENCE_GRID = (80, 90)  # where questions are whole sentences
_MAX_LABEL, _MAX_SALUTATION = 14, 20  # characters
_BLANK = "＿＿＿＿＿＿"
_MAX_PHOTOS = 4
_CACHE_KEY = "archive_entries"
_PLACEHOLDER = re.compile(r"\{(\w+)\}")


def household_forms(session: Session, household_id: str, codes: Sequence[str]) -> list[Flowable]:
    """The entries of some forms of a household, form by form, the latest first, with those that the village filled in.

    Of a list of households only the household's own line is printed: the others do not belong in its archive.
    """
    flowables: list[Flowable] = []
    for code in codes:
        for filled in household_entries(session, household_id, code):
            flowables += [
                *([Spacer(10)] if flowables else []),
                KeepTogether(entry_flowables(session, filled, entry_context(session, household_id, filled))),
            ]
    return flowables


def entry_context(session: Session, household_id: str, filled: FormEntryDraft) -> HouseholdContext:
    """The household on the day whose facts a form tells."""
    return context_on(session, household_id, filled.day)


def household_entries(session: Session, household_id: str, code: str) -> list[FormEntryDraft]:
    """The entries of one form of a household, the latest first; read once for all parts of an archive.

    An entry that cannot be read is left out, which is noted: its definition is a newer program's, or has not arrived.
    """
    cache: dict[str, list[FormEntryRow]] = session.info.setdefault(_CACHE_KEY, {})
    if household_id not in cache:
        cache.clear()
        cache[household_id] = entries_of_household(session, household_id)
    filled_entries = []
    for row in cache[household_id]:
        if row.code == code:
            filled = readable_entry(session, row)
            filled_entries += [filled] if filled else []
    return filled_entries


def readable_entry(session: Session, row: FormEntryRow) -> FormEntryDraft | None:
    """One entry; None where it cannot be read, which is noted."""
    try:
        return load_entry(session, row.id)
    except InvalidForm as error:
        note_unprintable(session, str(error).rstrip("。"))
    except UserError:
        note_unprintable(session, f"表单“{row.title or row.code}”的样式还没有从同事的数据包里收到")
    return None


def entry_flowables(
    session: Session, filled: FormEntryDraft, context: HouseholdContext | None = None
) -> list[Flowable]:
    """One entry as a form.

    Args:
        context: whose archive it is printed for; without it a form of the village is printed in full, for posting
    """
    values = _template_values(session, filled, context)
    year = f"{filled.year}年" if filled.year and filled.form.repetition == "yearly" else ""
    title = _fill_template(filled.form.headline, values, blank="") or year + filled.form.title
    flowables: list[Flowable] = [Title(title, "", filled.filled_on), _header_line(filled, context, values)]
    flowables += [_paragraph(_fill_template(text, values)) for text in filled.form.opening]
    flowables += _question_flowables(session, filled, context)
    flowables += [_paragraph(_fill_template(text, values)) for text in filled.form.closing]
    note = filled.value("note")
    if note:
        flowables.append(Table((32, 138), [TableRow([_label_cell("备注"), Cell(str(note))])]))
    doubt_lines = context.doubt_lines if context else ()
    return [*flowables, *doubt_lines, *_signature_blocks(filled)]


def _header_line(filled: FormEntryDraft, context: HouseholdContext | None, values: Mapping[str, str]) -> HeaderLine:
    filled_by = f"填表人：{filled.value('filled_by') or formatting.EMPTY}　{formatting.day(filled.filled_on)}"
    return context.header_line(filled_by) if context else HeaderLine(values["village"], filled_by)


def _paragraph(text: str) -> Paragraph:
    """Running text; the addressee of a letter is not indented."""
    is_salutation = len(text) < _MAX_SALUTATION and text.endswith("：")
    return Paragraph(
        text, TextStyle("fangsong", 12, 20, "left" if is_salutation else "full", 0 if is_salutation else 2)
    )


def _signature_blocks(filled: FormEntryDraft) -> list[Flowable]:
    """Places to sign, two in a row; those with a seal up to three in a row."""
    signature_fields = [SignatureField(place.label, place.finger, place.seal) for place in filled.form.signature_places]
    signed_fields, sealed_fields = (
        [place for place in signature_fields if not place.seal],
        [place for place in signature_fields if place.seal],
    )
    return [
        SignatureBlock(group, columns)
        for group, columns in ((signed_fields, 2), (sealed_fields, max(2, min(3, len(sealed_fields)))))
        if group
    ]


def _question_flowables(session: Session, filled: FormEntryDraft, context: HouseholdContext | None) -> list[Flowable]:
    """The questions in the order of the definition: plain ones side by side in grids, tables and images between."""
    flowables: list[Flowable] = []
    pending: list[Question] = []
    group = ""
    for question in filled.form.questions:
        if pending and (question.kind in ("rows", "photo") or question.group != group):
            flowables += _question_grid(filled, pending)
            pending = []
        if question.group and question.group != group:
            flowables.append(Heading(question.group))
        group = question.group
        if question.kind == "rows":
            flowables += [Heading(question.label), _question_table(filled, question, context)]
        elif question.kind == "photo":
            flowables += _photo_flowables(session, filled, question)
        else:
            pending.append(question)
    return flowables + _question_grid(filled, pending)


def _question_grid(filled: FormEntryDraft, questions: Sequence[Question]) -> list[Flowable]:
    if not questions:
        return []
    answers = [(question.field, filled.value(question.key)) for question in questions]
    if any(len(question.label) > _MAX_LABEL for question in questions):
        return [Table(_SENTENCE_GRID, formatting.answer_grid(answers, pairs=1))]
    return [Table(_GRID, formatting.answer_grid(answers))]


def _question_table(filled: FormEntryDraft, question: Question, context: HouseholdContext | None) -> Table:
    numbered = not question.lines
    dense = len(question.columns) > 5
    body_style, header_style = (SMALL, SMALL_LABEL) if dense else (CELL, LABEL)
    lines = filled.line_keys(question.key)
    shown_lines = [line for line in lines if line == context.household.id] if question.households and context else lines
    header_rows = [
        TableRow(
            [
                Cell(text, header_style, shaded=True)
                for text in (["序号"] * numbered + [c.label for c in question.columns])
            ]
        )
    ]
    table_rows = [
        _table_row(filled, question, line, lines.index(line) + 1 if numbered else 0, body_style) for line in shown_lines
    ]
    empty_cells = [
        Cell("" if column.left_blank or question.spare_lines else formatting.EMPTY, body_style)
        for column in question.columns
    ]
    for n in range(len(table_rows), max(question.spare_lines, 0 if table_rows else 1)):
        table_rows.append(
            TableRow([*([Cell(str(n + 1), body_style.aligned("center"))] * numbered), *empty_cells], min_height=8)
        )
    if question.households and context and lines:
        table_rows.append(
            TableRow([Cell(f"名单共 {len(lines)} 户，这里只摘录本户。", SMALL, len(question.columns) + numbered)])
        )
    if question.sum_columns and lines:
        table_rows.append(_total_row(filled, question, lines, numbered, body_style))
    return Table(
        (*([_NUMBER_WIDTH] * numbered), *(column.width for column in question.columns)),
        table_rows,
        header_rows,
        padding=1.0,
    )


def _table_row(filled: FormEntryDraft, question: Question, line: str, number: int, style: TextStyle) -> TableRow:
    preset = next((line_definition.texts for line_definition in question.lines if line_definition.key == line), {})
    cells = [Cell(str(number), style.aligned("center"))] if number else []
    for column in question.columns:
        cell_value = filled.cell(question.key, line, column.key)
        if column.key in preset:
            cells.append(Cell(str(cell_value), style, shaded=True))
        elif column.left_blank and cell_value is None:
            cells.append(Cell("", style))
        elif column.kind == "yes_no":
            cells.append(formatting.field_cell(column.field, cell_value, style))
        else:
            cells.append(
                Cell(
                    _format_without_unit(column.field, cell_value),
                    style.aligned(field_align(column.field)),
                )
            )
    return TableRow(cells, min_height=8)


def _format_without_unit(field: Field, cell_value: object) -> str:
    """A value in a table, whose unit is in the header or goes without saying."""
    return (
        formatting.format_field(field, cell_value).removesuffix(field.unit)
        if field.unit
        else formatting.format_field(field, cell_value)
    )


def _total_row(
    filled: FormEntryDraft, question: Question, lines: Sequence[str], numbered: bool, style: TextStyle
) -> TableRow:
    cells = [Cell("合计", style.aligned("center"), shaded=True)] if numbered else []
    for n, column in enumerate(question.columns):
        cell_values = [filled.cell(question.key, line, column.key) for line in lines]
        amounts = [amount for amount in cell_values if isinstance(amount, Decimal)]
        total = (
            _format_without_unit(column.field, sum(amounts, Decimal()))
            if column.key in question.sum_columns and amounts
            else ""
        )
        text = total or ("合计" if n == 0 and not numbered else "")
        cells.append(Cell(text, style.aligned("right" if total else "left"), shaded=True))
    return TableRow(cells)


def _photo_flowables(session: Session, filled: FormEntryDraft, question: Question) -> list[Flowable]:
    photos = session.scalars(
        select(Photo)
        .where(Photo.entry_id == filled.id, Photo.pages.is_(None), ~Photo.withdrawn)
        .order_by(Photo.taken_at, Photo.id)
    )
    images = [image for image in (load_image(session, photo) for photo in photos) if image][:_MAX_PHOTOS]
    if not images:
        return [
            Table((1,), [TableRow([Cell(ImageCell(None, (120, 40), f"（{question.label}粘贴处）"))], min_height=42)])
        ]
    pairs = [images[n : n + 2] for n in range(0, len(images), 2)]
    image_width = 80 if len(images) > 1 else 140
    cells = [
        TableRow(
            [Cell(ImageCell(image, (image_width, 56))) for image in pair] + [Cell("")] * (len(pairs[0]) - len(pair))
        )
        for pair in pairs
    ]
    return [Heading(question.label), KeepTogether([Table([1] * len(pairs[0]), cells)], photographs=len(images))]


def _template_values(session: Session, filled: FormEntryDraft, context: HouseholdContext | None) -> dict[str, str]:
    """The values that the paragraphs of a form can refer to: its answers, the household and its village."""
    village = session.scalar(select(Village).where(Village.code == filled.village, ~Village.withdrawn))
    values = {"village": (village.name if village else None) or formatting.EMPTY}
    if context:
        values |= {
            "head": context.head_name,
            "place": context.place,
            "number": context.number or formatting.EMPTY,
            "people": "、".join(item.name or formatting.EMPTY for item in context.members),
            "size": str(len(context.members)),
        }
    for item in filled.form.simple_questions():
        answer = filled.value(item.key)
        if answer is not None:
            text = formatting.format_field(item.field, answer)
            values[item.key] = text.removesuffix(item.field.unit) if item.kind == "number" and item.field.unit else text
    return values


def _fill_template(text: str, values: Mapping[str, str], *, blank: str = _BLANK) -> str:
    """A text with its {placeholders} filled in. An unknown value is left as `blank`, to be written by hand."""
    if not blank and not set(_PLACEHOLDER.findall(text)) <= values.keys():
        return ""
    return _PLACEHOLDER.sub(lambda match: values.get(match[1], blank), text)


def _label_cell(text: str) -> Cell:
    return Cell(text, LABEL, shaded=True)
