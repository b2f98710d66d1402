"""Who wrote what when, for a household and all that hangs on it, read from the journal."""

import json
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import date, datetime
from decimal import Decimal

from sqlalchemy import bindparam, text
from sqlalchemy.orm import Session

from app.records.field import Field, Value, fields, table_label
from app.workbook.db_errors import COMPACTED_VALUE
from db.journal.changes import RowChange, changes_of_rows
from db.schema import records
from db.schema.form import question_label
from resources.option_roles import value_of

_HIDDEN_COLUMNS = {
    "household_id",
    "income_year_id",
    "inspection_id",
    "content",
    "import_extra",
    "form_id",
    "entry_id",
    "rule",
    "about",
    "clash",
    "parts",
    "content_hash",
}


@dataclass(frozen=True, slots=True)
class HistoryEntry:
    """One change, ready to be read.

    Attributes:
        at: local time
        about: which record, e.g. "家庭成员 陈卫国"
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
    rows = _related_row_ids(session, household_id)
    known_values: dict[tuple[str, str], object] = {}
    titles = _RecordTitles(session)
    entries: list[HistoryEntry] = []
    for change in changes_of_rows(session, rows):
        entries.extend(_history_entries(change, known_values, titles))
    entries.reverse()
    return entries[:limit]


def _related_row_ids(session: Session, household_id: str) -> list[str]:
    """Ids of the household and of every record that refers to it, directly or through another."""
    row_ids, ids_by_table = [household_id], {"household": [household_id]}
    for table, model in records().items():
        if table in ("household", "village"):
            continue
        table_ids: list[str] = []
        for column_field in fields(table):
            parents = ids_by_table.get(column_field.spec.refers, []) if column_field.kind == "reference" else []
            if parents:
                query = text(f"SELECT id FROM {model.__tablename__} WHERE {column_field.name} IN :parents")
                table_ids += session.scalars(
                    query.bindparams(bindparam("parents", expanding=True)), {"parents": parents}
                )
        ids_by_table[table] = list(dict.fromkeys(table_ids))
        row_ids += ids_by_table[table]
    return row_ids


def _history_entries(
    change: RowChange, known_values: dict[tuple[str, str], object], titles: "_RecordTitles"
) -> Iterator[HistoryEntry]:
    """The lines of one change; `known` holds what each cell was before and is brought forward."""
    table, row = change.table, change.row
    if table not in records():
        return
    by_name = {changed_field.name: changed_field for changed_field in fields(table)}

    def entry(label: str, before: str, after: str) -> HistoryEntry:
        at = datetime.fromtimestamp((change.stamp >> 16) / 1000)
        titled_table = "form_entry" if table == "form_answer" else table
        record_title = f"{table_label(titled_table)} {titles.title_of(table, row, known_values)}".strip()
        return HistoryEntry(at, change.operator, table, row, record_title, label, before, after)

    if change.column == "" and table == "answer":
        # a score sheet is thirty answers; that it was filled in is said by its inspection
        known_values.update({(row, name): value for name, value in json.loads(str(change.value)).items()})
    elif table == "form_answer" and change.column in ("", "value"):
        # a cell of a form is told by what the form asks
        before = known_values.get((row, "value"))
        cells = json.loads(str(change.value)) if change.column == "" else {"value": change.value}
        known_values.update({(row, name): value for name, value in cells.items()})
        if before != known_values.get((row, "value")):
            texts = [str(text or "") for text in (before, known_values.get((row, "value")))]
            yield entry(
                titles.question_label(known_values.get((row, "entry_id")), known_values.get((row, "question"))), *texts
            )
    elif change.column == "":
        cells = json.loads(str(change.value))
        known_values.update({(row, name): value for name, value in cells.items()})
        texts = [
            f"{by_name[name].label}：{_value_text(by_name[name], value, titles)}"
            for name, value in cells.items()
            if name in by_name and name not in _HIDDEN_COLUMNS
        ]
        yield entry("新增", "", "；".join(texts))
    elif change.column == "withdrawn":
        yield entry("撤回" if change.value else "恢复", "", "")
    elif change.column in by_name and change.column != "clash":
        changed_field = by_name[change.column]
        before = known_values.get((row, changed_field.name))
        known_values[row, changed_field.name] = change.value
        if change.after_compacted:
            yield entry(changed_field.label, COMPACTED_VALUE, _value_text(changed_field, change.value, titles))
        elif before != change.value:
            yield entry(
                changed_field.label,
                _value_text(changed_field, before, titles),
                _value_text(changed_field, change.value, titles),
            )


def _value_text(value_field: Field, raw: object, titles: "_RecordTitles") -> str:
    if value_field.kind == "reference" and isinstance(raw, str):
        return titles.referenced_title(value_field.spec.refers, raw)
    try:
        formatted = value_field.text(decode_value(value_field, raw), hide=True)
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


_TITLE_COLUMNS = {
    "member": ("name",),
    "helper": ("name",),
    "living_condition": ("year",),
    "income_year": ("year",),
    "income_line": ("item", "what"),
    "measure": ("title",),
    "visit": ("visited_on",),
    "photo": ("kind", "caption"),
    "inspection": ("seen_on", "inspector"),
    "round": ("title",),
    "answer": ("check",),
    "rectification": ("number", "found_on"),
}
_FORM_QUERY = text(
    "SELECT used.title, used.text, form_entry.year FROM form_entry JOIN form_used used ON used.id = form_entry.form_id "
    "WHERE form_entry.id = :entry"
)


class _RecordTitles:
    """How records are called in history, each looked up once."""

    def __init__(self, session: Session) -> None:
        self._session = session
        self._referenced: dict[tuple[str, str], str] = {}
        self._forms: dict[object, tuple[str, str]] = {}

    def title_of(self, table: str, row: str, known_values: Mapping[tuple[str, str], object]) -> str:
        """A record of this household, by what it was called at that time."""
        if table == "assignment":
            helper = known_values.get((row, "helper_id"))
            return self.referenced_title("helper", helper) if isinstance(helper, str) else ""
        if table in ("form_entry", "form_answer"):
            return self._form(row if table == "form_entry" else known_values.get((row, "entry_id")))[0]
        return " ".join(
            str(known_values[row, name]) for name in _TITLE_COLUMNS.get(table, ()) if known_values.get((row, name))
        )

    def question_label(self, entry: object, question: object) -> str:
        """What the form of an entry calls one of its questions."""
        return question_label(self._form(entry)[1], str(question or ""))

    def _form(self, entry: object) -> tuple[str, str]:
        """Title and text of the form that an entry was filled in with."""
        if entry not in self._forms:
            row = self._session.execute(_FORM_QUERY, {"entry": entry}).first()
            year = f"{row.year}年" if row and row.year else ""
            self._forms[entry] = (year + (row.title or ""), row.text or "") if row else ("", "")
        return self._forms[entry]

    def referenced_title(self, table: str, row: str) -> str:
        """Another record that a cell points to."""
        if (table, row) not in self._referenced:
            self._referenced[table, row] = self._load_title(table, row)
        return self._referenced[table, row]

    def _load_title(self, table: str, row: str) -> str:
        if table == "household":
            query = "SELECT name FROM member WHERE household_id = :row AND relation = :head AND NOT withdrawn LIMIT 1"
            return str(self._session.scalar(text(query), {"row": row, "head": value_of("relation", "head")}) or "")
        columns = _TITLE_COLUMNS.get(table, ())
        record = self._session.get(records()[table], row) if columns else None
        return " ".join(str(getattr(record, name)) for name in columns if record and getattr(record, name))
