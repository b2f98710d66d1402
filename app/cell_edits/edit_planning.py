"""Texts for cells of a list → values, by the parser that lists from Excel come in by."""

from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from functools import cache
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session

from app.cell_edits.cell_edit import CellInput, EditedCell, EditPlan, RefusedCell
from app.cell_edits.income_items import IncomeItemCells, is_item_column
from app.records.draft import values_of_id_number
from app.records.field import Field, Value
from app.records.row_views import HEAD_RELATION
from app.registers.engine.register import Register
from app.registers.engine.rows import id_values
from app.sheets.register_cell_parsing import is_masked, parse_cell
from app.sheets.register_subjects import RowSubject, SubjectIndex
from db.schema import relations
from db.schema.household import Member

_COMPUTED = "由软件算出，不能改"
_BY_OTHER_MEANS = "有专门的办法，请在记录里改"
_HEAD_ELSEWHERE = "变更户主请在户档的家庭成员里办"
_GONE = "这一条已不在名单里"
_MASKED = "带星号的号码不能当号码"


@cache
def refusal_of_column(register: Register, column: str) -> str:
    """Why no cell of a column can be written, "" where they can."""
    if is_item_column(column):
        return ""
    known = [one for one in register.fields() if one.name == column]
    if not known or not register.is_kept(known[0]) or known[0].spec.derived or known[0].spec.internal:
        return _COMPUTED
    owned = column == f"{register.subject}_id" or column in register.form_excludes
    return _BY_OTHER_MEANS if owned else ""


def plan_edits(session: Session, register: Register, edits: Iterable[CellInput]) -> EditPlan:
    """What these edits would do; a cell that says already what it shall is left out. Writes nothing."""
    wanted = list(edits)
    return _Planner(session, register, wanted).plan()


class _Planner:
    """The records are read once, the parsed cells of each together."""

    def __init__(self, session: Session, register: Register, edits: Sequence[CellInput]) -> None:
        self._session, self._register, self._edits = session, register, edits
        ids = list(dict.fromkeys(edit.record_id for edit in edits))
        self._records = read_records(session, register, ids)
        self._titles = record_subjects(session, register, self._records)
        fields = {edit.column: register.field(edit.column) for edit in edits if self._is_own(edit.column)}
        has_reference = any(one.kind == "reference" for one in fields.values())
        self._fields, self._subjects = fields, SubjectIndex(session) if has_reference else None
        self._after: dict[str, dict[str, Value]] = defaultdict(dict)
        self._refused: list[RefusedCell] = []
        self._doubts: list[str] = []

    def _is_own(self, column: str) -> bool:
        return not is_item_column(column) and not refusal_of_column(self._register, column)

    def plan(self) -> EditPlan:
        item_edits: list[CellInput] = []
        for edit in self._edits:
            if edit.record_id not in self._records:
                self._refuse(edit, _GONE)
            elif is_item_column(edit.column):
                item_edits.append(edit)
            elif reason := refusal_of_column(self._register, edit.column):
                self._refuse(edit, reason)
            else:
                self._take(edit)
        self._refuse_same_keys()
        changes = [change for id in self._after for change in self._changes(id)]
        items = IncomeItemCells(self._session, self._records, self._titles).plan(item_edits)
        refused = (*self._refused, *items.refused)
        return EditPlan(self._register.key, (*changes, *items.changes), refused, tuple(self._doubts))

    def _take(self, edit: CellInput) -> None:
        one, record = self._fields[edit.column], self._records[edit.record_id]
        before = record[edit.column]
        if is_masked(one, edit.text):
            if one.text(before, hide=True) != edit.text.strip():
                self._refuse(edit, _MASKED)
            return
        subject = RowSubject(record["village"], {"household_id": record.get("household_id") or ""})
        value, fault = parse_cell(self._subjects, one, edit.text, subject)
        if value == HEAD_RELATION and before != HEAD_RELATION and self._register.record is Member:
            fault = _HEAD_ELSEWHERE  # the former head gets another relation with it
        if fault := fault or (one.check(None) if value is None else ""):
            self._refuse(edit, fault.removesuffix("。"))
            return
        if doubt := one.warn(value):
            self._doubts.append(f"{self._titles.get(edit.record_id, '')}：{doubt}")
        self._after[edit.record_id][edit.column] = value

    def _refuse(self, edit: CellInput, reason: str) -> None:
        known = not is_item_column(edit.column) and edit.column in {one.name for one in self._register.fields()}
        label = self._register.field(edit.column).label if known else ""
        self._refused.append(RefusedCell(edit, self._titles.get(edit.record_id, ""), label, reason))

    def _refuse_same_keys(self) -> None:
        """What two records are told apart by must not become the same: two accounts of one year."""
        table = self._register.key
        key_columns = {name for key in relations.all_keys(table) for name in key}
        touched = [
            id for id, after in self._after.items() if key_columns.intersection(_differing(self._records[id], after))
        ]
        if not touched:
            return
        owners = self._key_owners()
        for id in touched:
            cells = {**self._records[id], **self._after[id]}
            if any(owners.get(key, id) != id for key in relations.key_values(table, cells)):
                for edit in (one for one in self._edits if one.record_id == id and one.column in key_columns):
                    self._after[id].pop(edit.column, None)
                    self._refuse(edit, "与另一条记录重复")
            else:
                owners |= dict.fromkeys(relations.key_values(table, cells), id)

    def _key_owners(self) -> dict[relations.Key, str]:
        table: Any = self._register.record.__table__
        kept = select(*table.columns).where(~table.c.withdrawn, table.c.merged_into.is_(None))
        rows = self._session.execute(kept).mappings()
        return {key: row["id"] for row in rows for key in relations.key_values(self._register.key, dict(row))}

    def _changes(self, id: str) -> Iterator[EditedCell]:
        record = self._records[id]
        after = values_of_id_number(self._register.key, record, self._after[id])
        for name in _differing(record, after):
            one = self._register.field(name)
            texts = (self._text(one, record[name]), self._text(one, after[name]))
            yield EditedCell(
                self._register.key, id, record["village"], name, self._titles.get(id, ""), one.label,
                record[name], after[name], texts,
            )  # fmt: skip

    def _text(self, one: Field, value: Value) -> str:
        if one.kind == "reference":
            return relations.record_title(self._session, one.spec.refers, str(value)) if value else ""
        return one.text(value, hide=True)


def _differing(record: Mapping[str, Any], after: Mapping[str, Value]) -> list[str]:
    return [name for name, value in after.items() if value != record[name]]


def read_records(session: Session, register: Register, ids: Sequence[str]) -> dict[str, Mapping[str, Any]]:
    """Id → cells, of those that are in force and stand for themselves, in the order given."""
    table: Any = register.record.__table__
    kept = select(*table.columns).where(table.c.id.in_(id_values(ids)), ~table.c.withdrawn)
    found = session.execute(kept.where(table.c.merged_into.is_(None))).mappings()
    by_id = {str(row["id"]): dict(row) for row in found}
    return {id: by_id[id] for id in ids if id in by_id}


def record_subjects(session: Session, register: Register, records: Mapping[str, Mapping[str, Any]]) -> dict[str, str]:
    """Id → whom a record is about and what it is called, as a sentence names it."""
    own = relations.record_titles(session, register.key, records)
    subjects: dict[str, str] = {}
    if register.subject != "village":
        column = f"{register.subject}_id"
        subjects = relations.record_titles(
            session, register.subject, {str(row[column]) for row in records.values() if row[column]}
        )
        subjects = {id: subjects.get(row[column] or "", "") for id, row in records.items()}
    return {id: " ".join(dict.fromkeys(filter(None, (subjects.get(id, ""), own.get(id, ""))))) for id in records}
