"""Who wrote what when, for a household and all that hangs on it, read from the journal."""

import json
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from datetime import date, datetime
from decimal import Decimal
from typing import Any

from sqlalchemy import bindparam, text
from sqlalchemy.orm import Session

from app.records.field import Field, Value, fields, table_label
from app.workbook.sentences import FOLDED
from db.schema import records
from db.schema.form import question_label

_UNSAID = {
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
class HistoryLine:
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
    about: str
    label: str
    before: str
    after: str


def history(session: Session, household_id: str, limit: int = 500) -> list[HistoryLine]:
    """The latest changes of a household and its people, years, helpers, visits, measures, photos and inspections.

    Newest first, at most `limit`.
    """
    rows = _rows_of(session, household_id)
    known: dict[tuple[str, str], object] = {}
    names = _Names(session)
    lines: list[HistoryLine] = []
    for change in _changes(session, rows):
        lines.extend(_lines(change, known, names))
    lines.reverse()
    return lines[:limit]


def _rows_of(session: Session, household_id: str) -> list[str]:
    """Ids of the household and of every record that refers to it, directly or through another."""
    found, reached = [household_id], {"household": [household_id]}
    for table, model in records().items():
        if table in ("household", "village"):
            continue
        here: list[str] = []
        for one in fields(table):
            parents = reached.get(one.declared.refers, []) if one.kind == "reference" else []
            if parents:
                query = text(f"SELECT id FROM {model.__tablename__} WHERE {one.name} IN :parents")
                here += session.scalars(query.bindparams(bindparam("parents", expanding=True)), {"parents": parents})
        reached[table] = list(dict.fromkeys(here))
        found += reached[table]
    return found


def _changes(session: Session, rows: Iterable[str]) -> list[Any]:
    query = text(
        "SELECT table_name, row_id, column_name, value, stamp, operator, replaces <> '' AND NOT EXISTS ("
        "SELECT 1 FROM change d WHERE d.stream = CAST(c.replaces AS INTEGER) "
        "AND d.number = CAST(substr(c.replaces, instr(c.replaces, ':') + 1) AS INTEGER)) AS after_folded "
        "FROM change c WHERE row_id IN :rows ORDER BY stamp, seq"
    ).bindparams(bindparam("rows", expanding=True))
    ids = list(rows)
    found: list[Any] = []
    for start in range(0, len(ids), 500):
        found += session.execute(query, {"rows": ids[start : start + 500]}).all()
    return sorted(found, key=lambda change: change.stamp)


def _lines(change: Any, known: dict[tuple[str, str], object], names: "_Names") -> Iterator[HistoryLine]:
    """The lines of one change; `known` holds what each cell was before and is brought forward."""
    table, row = change.table_name, change.row_id
    if table not in records():
        return
    by_name = {one.name: one for one in fields(table)}

    def line(label: str, before: str, after: str) -> HistoryLine:
        at = datetime.fromtimestamp((change.stamp >> 16) / 1000)
        told = "form_entry" if table == "form_answer" else table
        about = f"{table_label(told)} {names.of(table, row, known)}".strip()
        return HistoryLine(at, change.operator, table, row, about, label, before, after)

    if change.column_name == "" and table == "answer":
        # a score sheet is thirty answers; that it was filled in is said by its inspection
        known.update({(row, name): value for name, value in json.loads(change.value).items()})
    elif table == "form_answer" and change.column_name in ("", "value"):
        # a cell of a form is told by what the form asks
        before = known.get((row, "value"))
        cells = json.loads(change.value) if change.column_name == "" else {"value": change.value}
        known.update({(row, name): value for name, value in cells.items()})
        if before != known.get((row, "value")):
            said = [str(text or "") for text in (before, known.get((row, "value")))]
            yield line(names.question(known.get((row, "entry_id")), known.get((row, "question"))), *said)
    elif change.column_name == "":
        cells = json.loads(change.value)
        known.update({(row, name): value for name, value in cells.items()})
        said = [
            f"{by_name[name].label}：{_text(by_name[name], value, names)}"
            for name, value in cells.items()
            if name in by_name and name not in _UNSAID
        ]
        yield line("新增", "", "；".join(said))
    elif change.column_name == "withdrawn":
        yield line("撤回" if change.value else "恢复", "", "")
    elif change.column_name in by_name and change.column_name != "clash":
        one = by_name[change.column_name]
        before = known.get((row, one.name))
        known[row, one.name] = change.value
        if change.after_folded:
            yield line(one.label, FOLDED, _text(one, change.value, names))
        elif before != change.value:
            yield line(one.label, _text(one, before, names), _text(one, change.value, names))


def _text(one: Field, raw: object, names: "_Names") -> str:
    if one.kind == "reference" and isinstance(raw, str):
        return names.referred(one.declared.refers, raw)
    try:
        said = one.text(kept_value(one, raw), hide=True)
    except (ValueError, ArithmeticError):
        said = str(raw)
    return f"{said}{one.unit}" if said and one.unit else said


def kept_value(one: Field, raw: object) -> Value:
    """A value as the journal holds it (whole fen, 0 and 1, ISO dates, "," between choices) as the field's own kind.

    Raises:
        ValueError: the journal holds something the field cannot, from a newer program
    """
    if raw is None:
        return None
    match one.kind:
        case "money" | "decimal":
            return Decimal(str(raw)).scaleb(-one.places)
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


_NAMED_BY = {
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
_FORM = text(
    "SELECT used.title, used.text, form_entry.year FROM form_entry JOIN form_used used ON used.id = form_entry.form_id "
    "WHERE form_entry.id = :entry"
)


class _Names:
    """How records are called in history, each looked up once."""

    def __init__(self, session: Session) -> None:
        self._session = session
        self._referred: dict[tuple[str, str], str] = {}
        self._forms: dict[object, tuple[str, str]] = {}

    def of(self, table: str, row: str, known: Mapping[tuple[str, str], object]) -> str:
        """A record of this household, by what it was called at that time."""
        if table == "assignment":
            helper = known.get((row, "helper_id"))
            return self.referred("helper", helper) if isinstance(helper, str) else ""
        if table in ("form_entry", "form_answer"):
            return self._form(row if table == "form_entry" else known.get((row, "entry_id")))[0]
        return " ".join(str(known[row, name]) for name in _NAMED_BY.get(table, ()) if known.get((row, name)))

    def question(self, entry: object, question: object) -> str:
        """What the form of an entry calls one of its questions."""
        return question_label(self._form(entry)[1], str(question or ""))

    def _form(self, entry: object) -> tuple[str, str]:
        """Title and text of the form that an entry was filled in with."""
        if entry not in self._forms:
            found = self._session.execute(_FORM, {"entry": entry}).first()
            year = f"{found.year}年" if found and found.year else ""
            self._forms[entry] = (year + (found.title or ""), found.text or "") if found else ("", "")
        return self._forms[entry]

    def referred(self, table: str, row: str) -> str:
        """Another record that a cell points to."""
        if (table, row) not in self._referred:
            self._referred[table, row] = self._look_up(table, row)
        return self._referred[table, row]

    def _look_up(self, table: str, row: str) -> str:
        if table == "household":
            query = "SELECT name FROM member WHERE household_id = :row AND relation = '户主' AND NOT withdrawn LIMIT 1"
            return str(self._session.scalar(text(query), {"row": row}) or "")
        columns = _NAMED_BY.get(table, ())
        found = self._session.get(records()[table], row) if columns else None
        return " ".join(str(getattr(found, name)) for name in columns if found and getattr(found, name))
