"""Who changed what and when, for a household and its dependent records, read from the journal."""

import json
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from datetime import date, datetime
from decimal import Decimal
from itertools import chain

from sqlalchemy import select
from sqlalchemy.orm import Session

from app.records.field import Field, Value, fields
from app.workbook.db_errors import COMPACTED_VALUE
from app.workbook.masking import mask_kind, mask_numbers
from db.journal.changes import RowChange, changes_of_rows
from db.schema import records
from db.schema.form import FormEntry, FormVersion, question_label
from db.schema.relations import (
    Resolve,
    column_spec,
    parent_column,
    record_label,
    record_title,
    rows_below,
    title_columns,
    title_from_cells,
)


@dataclass(frozen=True, slots=True)
class HistoryEntry:
    """One change, ready to be read.

    Attributes:
        at: local time
        record_title: e.g. "家庭成员 陈卫国"
        label: the field, or 新增, 撤回, 恢复
        before, after: as people read them; personal numbers are masked
    """

    at: datetime
    operator: str
    table: str
    row_id: str
    record_title: str
    label: str
    before: str
    after: str


def household_history(session: Session, household_id: str, limit: int = 500) -> list[HistoryEntry]:
    """The latest changes of a household and its people, years, helpers, visits, measures, photos and inspections.

    Newest first, at most `limit`.
    """
    rows = [household_id, *chain.from_iterable(rows_below(session, "household", [household_id]).values())]
    return rows_history(session, rows, limit)


def rows_history(session: Session, rows: Iterable[str], limit: int = 500) -> list[HistoryEntry]:
    """The latest changes of these records, newest first, at most `limit`."""
    known_values: dict[tuple[str, str], object] = {}
    titles = _RecordTitles(session)
    entries: list[HistoryEntry] = []
    for change in changes_of_rows(session, rows):
        entries.extend(_history_entries(change, known_values, titles))
    entries.reverse()
    return entries[:limit]


def _history_entries(
    change: RowChange, known_values: dict[tuple[str, str], object], titles: "_RecordTitles"
) -> Iterator[HistoryEntry]:
    """The entries of one change; `known_values` holds each cell's former value and is updated."""
    if change.table not in records():
        return
    table, row = change.table, change.row
    by_name = _fields_by_name(table)

    def entry(label: str, before: str, after: str) -> HistoryEntry:
        at = datetime.fromtimestamp((change.stamp >> 16) / 1000)
        titled_table = "form_entry" if table == "form_answer" else table
        record_title = f"{record_label(titled_table)} {titles.title_of(table, row, known_values)}".strip()
        return HistoryEntry(at, change.operator, table, row, record_title, label, before, after)

    if change.column == "" and table == "answer":
        # a score sheet is thirty answers; its inspection already shows that it was filled in
        known_values.update({(row, name): value for name, value in json.loads(str(change.value)).items()})
    elif table == "form_answer" and change.column in ("", "value"):
        before = known_values.get((row, "value"))
        cells = json.loads(str(change.value)) if change.column == "" else {"value": change.value}
        known_values.update({(row, name): value for name, value in cells.items()})
        after = known_values.get((row, "value"))
        if before != after:
            question = titles.question_label(known_values.get((row, "entry_id")), known_values.get((row, "question")))
            answer = by_name["value"]
            yield entry(question, *(value_text(answer, value, titles.referenced_title) for value in (before, after)))
    elif change.column == "":
        cells = json.loads(str(change.value))
        known_values.update({(row, name): value for name, value in cells.items()})
        texts = [
            f"{by_name[name].label}：{value_text(by_name[name], value, titles.referenced_title)}"
            for name, value in cells.items()
            if name in by_name and is_shown_when_new(by_name[name])
        ]
        yield entry("新增", "", "；".join(texts))
    elif change.column == "withdrawn":
        yield entry("撤回" if change.value else "恢复", "", "")
    elif change.column in by_name and not by_name[change.column].spec.internal:
        changed_field = by_name[change.column]
        before, known_values[row, changed_field.name] = known_values.get((row, changed_field.name)), change.value
        if change.after_compacted or before != change.value:
            yield entry(
                changed_field.label,
                COMPACTED_VALUE
                if change.after_compacted
                else value_text(changed_field, before, titles.referenced_title),
                value_text(changed_field, change.value, titles.referenced_title),
            )


def _fields_by_name(table: str) -> dict[str, Field]:
    by_name = {one.name: one for one in fields(table)}
    if merge_spec := column_spec(table, "merged_into"):
        by_name["merged_into"] = Field(table, "merged_into", merge_spec, places=0)
    return by_name


def is_shown_when_new(shown_field: Field) -> bool:
    """Whether the line of a new record names this field: not its parent, nor what the program notes for itself."""
    internal = shown_field.spec.internal or (shown_field.spec.derived and shown_field.kind == "long")
    return not internal and shown_field.name != parent_column(shown_field.table)


def value_text(value_field: Field, raw: object, resolve: Resolve) -> str:
    """A value as the journal holds it, for people: personal numbers masked, references by what `resolve` calls them."""
    if value_field.kind == "reference" and isinstance(raw, str):
        return resolve(value_field.spec.refers, raw)
    try:
        formatted = value_field.text(decode_value(value_field, raw), hide=True)
        if mask_kind(value_field.spec.mask, value_field.name, long=value_field.kind == "long") == "text":
            formatted = mask_numbers(formatted)  # what somebody wrote into a note
    except (ValueError, ArithmeticError):
        formatted = str(raw)
    return f"{formatted}{value_field.unit}" if formatted and value_field.unit else formatted


def decode_value(value_field: Field, raw: object) -> Value:
    """A value as the journal holds it (whole fen, 0 and 1, ISO dates, "," between choices) as the field's own kind.

    Raises:
        ValueError: the journal holds something the field cannot, from a newer program
    """
    if raw is None:
        return None
    match value_field.kind:
        case "money" | "decimal":
            return Decimal(str(raw)).scaleb(-value_field.places)
        case "yes_no":
            return bool(raw)
        case "date":
            return date.fromisoformat(str(raw))
        case "choices":
            return tuple(str(raw).split(","))
        case "integer" | "year":
            return int(str(raw))
        case _:
            return str(raw)


class _RecordTitles:
    """Titles of records in history, each looked up once."""

    def __init__(self, session: Session) -> None:
        self._session = session
        self._referenced: dict[tuple[str, str], str] = {}
        self._form_texts: dict[object, str] = {}

    def title_of(self, table: str, row: str, known_values: Mapping[tuple[str, str], object]) -> str:
        """The title that a record of this household had at that time."""
        if table == "household":
            return ""
        cells = {name: known_values.get((row, name)) for name in title_columns(table)}
        return title_from_cells(table, cells, self.referenced_title)

    def question_label(self, entry: object, question: object) -> str:
        """The label that an entry's form gives one of its questions."""
        if entry not in self._form_texts:
            query = select(FormVersion.text).join(FormEntry, FormEntry.form_id == FormVersion.id)
            self._form_texts[entry] = self._session.scalar(query.where(FormEntry.id == entry)) or ""
        return question_label(self._form_texts[entry], str(question or ""))

    def referenced_title(self, table: str, row: str) -> str:
        """The title of a record that a cell refers to."""
        if (table, row) not in self._referenced:
            self._referenced[table, row] = record_title(self._session, table, row)
        return self._referenced[table, row]
