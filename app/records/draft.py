"""The one way in which a form writes a record: open, change, check, save, take back.

A save writes only the cells that changed, in one transaction. A draft remembers where the journal stood when it was
opened: if somebody else's change of the same cell came in meanwhile, saving makes a conflict instead of overwriting
what the officer had not seen.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from types import MappingProxyType
from typing import Any

from sqlalchemy import text, update
from sqlalchemy.orm import Session

from app.errors import FieldRefused, OfficeError
from app.progress import Progress, Work
from app.records.field import Value, fields
from app.records.rules import id_birth, id_fault, id_sex
from app.workbook.workbook import Workbook
from db.retraction import former_lines
from db.schema import records
from db.schema.record import new_id

_ABSENT = "这条记录不存在，可能还没有从同事的数据包里收到。"


@dataclass(frozen=True, slots=True)
class Draft:
    """A record as a form holds it.

    Attributes:
        values: column → value, all fields of the table
        seen: how far the journal had come when these values were read
        new: not in the workbook yet; saving makes the row
    """

    table: str
    id: str
    village: str
    values: Mapping[str, Value]
    seen: int = 0
    new: bool = False
    opened: Mapping[str, Value] = field(default_factory=dict)

    def with_values(self, **values: Value) -> "Draft":
        """This draft with some values changed; `seen` stays."""
        return replace(self, values=MappingProxyType({**self.values, **values}))


@dataclass(frozen=True, slots=True)
class Saved:
    """What a save did: the record as it is now, and what its changed cells held before (what `take_back` restores)."""

    draft: Draft
    before: Mapping[str, Value]

    @property
    def changed(self) -> tuple[str, ...]:
        return tuple(self.before)


def open_draft(session: Session, table: str, record_id: str) -> Draft:
    """The record as it is now.

    Raises:
        OfficeError: there is no such record
    """
    row = session.get(records()[table], record_id, populate_existing=True)
    if row is None:
        raise OfficeError(_ABSENT)
    values = MappingProxyType({one.name: getattr(row, one.name) for one in fields(table)})
    seen = int(session.execute(text("SELECT coalesce(max(seq), 0) FROM change")).scalar_one())
    return Draft(table, record_id, row.village, values, seen, opened=values)


def new_draft(table: str, village: str, record_id: str = "", **values: Value) -> Draft:
    """A record that is not in the workbook yet; fields not named are empty.

    Args:
        record_id: a derived id (`Household.id_of(…)`) where two laptops must meet; a random one if ""
    """
    whole = {one.name: values.get(one.name) for one in fields(table)}
    return Draft(table, record_id or new_id(), village, MappingProxyType(whole), new=True)


def faults(draft: Draft) -> dict[str, str]:
    """Column → the sentence that refuses its value; only cells that differ from what was opened are judged."""
    found = {}
    for one in fields(draft.table):
        value = draft.values[one.name]
        if draft.new or value != draft.opened.get(one.name):
            sentence = one.check(value)
            if sentence and not one.declared.derived:
                found[one.name] = sentence
    return found


def save_draft(workbook: Workbook, draft: Draft, by: object | None = None) -> Work[Saved]:
    """Write what the draft changed, in one transaction.

    A member's sex and date of birth follow a new ID number where they were empty or followed the old one.

    Raises:
        FieldRefused: a changed value is not acceptable; nothing is written
    """
    refused = faults(draft)
    if refused:
        raise FieldRefused(next(iter(refused.values())))
    yield Progress(0, 1, "保存")
    with workbook.writing(by) as session:
        saved = write_draft(session, draft)
    yield Progress(1, 1, "已保存")
    return saved


def write_draft(session: Session, draft: Draft) -> Saved:
    """`save_draft` inside a transaction that writes more than this record; the values must have been checked.

    Raises:
        OfficeError: a new record whose id is there already, or a record that is not there
    """
    model: Any = records()[draft.table]
    values = _followed(draft)
    if draft.new:
        if session.get(model, draft.id) is not None:
            raise OfficeError("这条记录已经有了，也可能已撤回。请在原来的记录上修改，或先恢复它。")
        session.add(model(id=draft.id, village=draft.village, **values))
        session.flush()
        return Saved(open_draft(session, draft.table, draft.id), MappingProxyType(dict.fromkeys(values)))
    current = open_draft(session, draft.table, draft.id)
    changed = {
        name: value
        for name, value in values.items()
        if value != draft.opened.get(name) and value != current.values[name]
    }
    if changed:
        _declare_seen(session, draft, changed)
        session.execute(update(model).where(model.id == draft.id).values(**changed))
    before = MappingProxyType({name: current.values[name] for name in changed})
    return Saved(open_draft(session, draft.table, draft.id), before)


def take_back(workbook: Workbook, saved: Saved, by: object | None = None) -> Work[Saved]:
    """Write the former values of a save again: an edit like any other, so it is journaled and travels."""
    if saved.draft.new or not saved.before:
        raise OfficeError("没有可以撤销的修改。")
    yield Progress(0, 1, "撤销")
    with workbook.writing(by) as session:
        undone = write_draft(session, saved.draft.with_values(**saved.before))
    yield Progress(1, 1, "已撤销")
    return undone


def withdraw(workbook: Workbook, table: str, record_id: str, by: object | None = None) -> Work[None]:
    """Take back a record that was made by mistake. It leaves every list; history keeps it."""
    yield from _set_withdrawn(workbook, table, record_id, True, by)


def restore(workbook: Workbook, table: str, record_id: str, by: object | None = None) -> Work[None]:
    """Bring a withdrawn record back."""
    yield from _set_withdrawn(workbook, table, record_id, False, by)


def _set_withdrawn(workbook: Workbook, table: str, record_id: str, withdrawn: bool, by: object | None) -> Work[None]:
    model: Any = records()[table]
    yield Progress(0, 1, "撤回" if withdrawn else "恢复")
    with workbook.writing(by) as session:
        if session.get(model, record_id) is None:
            raise OfficeError(_ABSENT)
        session.execute(update(model).where(model.id == record_id).values(withdrawn=withdrawn))
    yield Progress(1, 1, "")


def _followed(draft: Draft) -> dict[str, Value]:
    values = dict(draft.values)
    if draft.table != "member" or values["id_no"] == draft.opened.get("id_no"):
        return values
    number, former = values["id_no"], draft.opened.get("id_no")
    if isinstance(number, str) and not id_fault(number):
        old_birth, old_sex = (id_birth(former), id_sex(former)) if isinstance(former, str) else (None, None)
        if values["birth"] in (None, old_birth):
            values["birth"] = id_birth(number)
        if values["sex"] in (None, old_sex):
            values["sex"] = id_sex(number)
    return values


def _declare_seen(session: Session, draft: Draft, changed: Mapping[str, Value]) -> None:
    """Tell the triggers which heads the officer had seen, for cells that changed after the draft was opened.

    That the record was there, or withdrawn, is one of them: whoever saves a form over a withdrawal did not know of it.
    """
    former = former_lines(session)

    def seen(line: int) -> bool:
        while line in former:
            line = former[line]
        return line <= draft.seen

    for name in (*changed, "withdrawn"):
        history = session.execute(
            text(
                "SELECT seq, stream, number, replaces FROM change WHERE row_id = :row AND column_name IN (:column, '') "
                "ORDER BY seq"
            ),
            {"row": draft.id, "column": name},
        ).all()
        known = [entry for entry in history if seen(entry.seq)]
        if len(known) == len(history):
            continue
        replaced = {dot for entry in known for dot in entry.replaces.split()}
        births_gone = bool(replaced)
        for entry in known:
            dot = f"{entry.stream}:{entry.number}"
            if dot not in replaced and (entry.replaces or not births_gone):
                session.execute(
                    text("INSERT OR IGNORE INTO seen VALUES (:row, :column, :stream, :number)"),
                    {"row": draft.id, "column": name, "stream": entry.stream, "number": entry.number},
                )
