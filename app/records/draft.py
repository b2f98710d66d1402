"""The one way in which a form writes a record: open, change, validate, save, revert.

A save writes only the cells that changed, in one transaction. A draft remembers the journal's last line when it
was opened: if somebody else's change of the same cell came in meanwhile, saving raises a conflict instead of
overwriting what the officer had not seen.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from types import MappingProxyType
from typing import Any

from sqlalchemy import update
from sqlalchemy.orm import Session

from app.errors import UserError, ValidationError
from app.records.field import Field, Value, field_label, fields
from app.records.validators import id_birth, id_number_error, id_sex
from app.workbook.workbook import Workbook, running_operation
from db.journal import observed_heads
from db.journal.changes import last_seq, write_cell
from db.journal.operations import unmade_rows
from db.journal.undo import renumbered_seqs
from db.schema import records, relations
from db.schema.record import new_id

_NAMED_FIELDS = 3  # in the title of a save
_RECORD_MISSING = "这条记录不存在，可能还没有从同事的数据包里收到。"


@dataclass(frozen=True, slots=True)
class Draft:
    """A record as a form holds it.

    Attributes:
        values: column → value, all fields of the table
        base_seq: the journal's last line when these values were read
        new: not in the workbook yet; saving inserts the row
    """

    table: str
    id: str
    village: str
    values: Mapping[str, Value]
    base_seq: int = 0
    new: bool = False
    original: Mapping[str, Value] = field(default_factory=dict)

    def with_values(self, **values: Value) -> "Draft":
        """This draft with some values changed; `base_seq` stays."""
        return replace(self, values=MappingProxyType({**self.values, **values}))


@dataclass(frozen=True, slots=True)
class SaveResult:
    """What a save did: the record as it is now, and what its changed cells held before."""

    draft: Draft
    before: Mapping[str, Value]

    @property
    def changed(self) -> tuple[str, ...]:
        return tuple(self.before)


def open_draft(session: Session, table: str, record_id: str) -> Draft:
    """The record as it is now.

    Raises:
        UserError: there is no such record
    """
    row = session.get(records()[table], record_id, populate_existing=True)
    if row is None:
        raise UserError(_RECORD_MISSING)
    values = MappingProxyType({column_field.name: getattr(row, column_field.name) for column_field in fields(table)})
    return Draft(table, record_id, row.village, values, last_seq(session), original=values)


def new_draft(table: str, village: str, record_id: str = "", **values: Value) -> Draft:
    """A record that is not in the workbook yet; fields not named are empty.

    Args:
        record_id: a derived id (`Household.id_of(…)`) where two laptops must meet; a random one if ""
    """
    all_values = {column_field.name: values.get(column_field.name) for column_field in fields(table)}
    return Draft(table, record_id or new_id(), village, MappingProxyType(all_values), new=True)


def validation_errors(draft: Draft) -> dict[str, str]:
    """Column → the sentence that rejects its value; only cells that differ from the original are validated."""
    errors = {}
    for column_field in fields(draft.table):
        value = draft.values[column_field.name]
        if draft.new or value != draft.original.get(column_field.name):
            error = column_field.check(value) or _self_reference_error(draft, column_field)
            if error and not column_field.spec.derived:
                errors[column_field.name] = error
    return errors


def _self_reference_error(draft: Draft, column_field: Field) -> str:
    is_own_kind = column_field.kind == "reference" and column_field.spec.refers == draft.table
    return (
        f"“{column_field.label}”不能是它自己。" if is_own_kind and draft.values[column_field.name] == draft.id else ""
    )


def save_draft(workbook: Workbook, draft: Draft) -> SaveResult:
    """Write what the draft changed, in one transaction.

    A member's sex and date of birth follow a new ID number where they were empty or followed the old one.

    Raises:
        ValidationError: a changed value is not acceptable; nothing is written
    """
    errors = validation_errors(draft)
    if errors:
        raise ValidationError(next(iter(errors.values())))
    label = relations.record_label(draft.table)
    with workbook.operation(f"新建{label}") as session:
        saved = write_draft(session, draft)
        if not draft.new:
            names = [field_label(draft.table, name) for name in saved.changed]
            more = "等" if len(names) > _NAMED_FIELDS else ""
            running_operation(session).title = f"修改{label}：{'、'.join(names[:_NAMED_FIELDS])}{more}"
        return saved


def write_draft(session: Session, draft: Draft) -> SaveResult:
    """`save_draft` inside a transaction that writes more than this record; the values must have been checked.

    Raises:
        UserError: a new record whose id exists already, or a record that does not exist
    """
    model: Any = records()[draft.table]
    values = values_of_id_number(draft.table, draft.original, draft.values)
    if draft.new:
        if is_taken(session, draft.table, draft.id):
            raise UserError("这条记录已经有了，也可能已撤回。请在原来的记录上修改，或先在“已撤回”里恢复它。")
        if session.get(model, draft.id) is None:
            session.add(model(id=draft.id, village=draft.village, **values))
            session.flush()
        else:
            session.execute(update(model).where(model.id == draft.id).values(withdrawn=False, **values))
        return SaveResult(open_draft(session, draft.table, draft.id), MappingProxyType(dict.fromkeys(values)))
    current = open_draft(session, draft.table, draft.id)
    changed = {
        name: value
        for name, value in values.items()
        if value != draft.original.get(name) and value != current.values[name]
    }
    if changed:
        _mark_observed_heads(session, draft, changed)
        session.execute(update(model).where(model.id == draft.id).values(**changed))
    former = MappingProxyType({name: current.values[name] for name in changed})
    return SaveResult(open_draft(session, draft.table, draft.id), former)


def is_taken(session: Session, table: str, record_id: str) -> bool:
    """Whether a new record cannot have this id; one whose making was taken back gives it free again."""
    return session.get(records()[table], record_id) is not None and record_id not in unmade_rows(session, table)


def withdraw(workbook: Workbook, table: str, record_id: str) -> None:
    """Withdraw a record that was created by mistake. It disappears from every list; history keeps it."""
    _set_withdrawn(workbook, table, [record_id], True, relations.record_label(table))


def withdraw_all(workbook: Workbook, table: str, record_ids: Sequence[str], label: str = "") -> str:
    """Withdraw several records of one kind, as one operation; returns a message.

    Args:
        label: what the officer calls them where that is not the name of the kind
    """
    label = label or relations.record_label(table)
    _set_withdrawn(workbook, table, record_ids, True, label)
    return f"已撤回 {len(record_ids)} 条{label}" if len(record_ids) > 1 else "已撤回"


def restore(workbook: Workbook, table: str, record_id: str) -> None:
    """Restore a withdrawn record."""
    _set_withdrawn(workbook, table, [record_id], False, relations.record_label(table))


def _set_withdrawn(workbook: Workbook, table: str, record_ids: Sequence[str], withdrawn: bool, label: str) -> None:
    verb = "撤回" if withdrawn else "恢复"
    with workbook.operation(f"{verb}{label}：{len(record_ids)} 条") as session:
        if any(session.get(records()[table], record_id) is None for record_id in record_ids):
            raise UserError(_RECORD_MISSING)
        if len(record_ids) == 1:
            title = relations.record_title(session, table, record_ids[0])
            running_operation(session).title = f"{verb}{label}：{title}".rstrip("：")
        for record_id in record_ids:
            write_cell(session, table, record_id, "withdrawn", int(withdrawn))


def values_of_id_number(table: str, before: Mapping[str, Value], after: Mapping[str, Value]) -> dict[str, Value]:
    """The changed cells of a record with those that a new ID number fills: birth and sex where they were empty or
    followed the old one.

    Args:
        before: all cells of the record, as they were
        after: those that change
    """
    values, number = dict(after), after.get("id_no")
    if table != "member" or number == before.get("id_no") or not isinstance(number, str) or id_number_error(number):
        return values
    former = before.get("id_no")
    old_birth, old_sex = (id_birth(former), id_sex(former)) if isinstance(former, str) else (None, None)
    if values.get("birth", before.get("birth")) in (None, old_birth):
        values["birth"] = id_birth(number)
    if values.get("sex", before.get("sex")) in (None, old_sex):
        values["sex"] = id_sex(number)
    return values


def _mark_observed_heads(session: Session, draft: Draft, changed: Mapping[str, Value]) -> None:
    """Tell the triggers which heads the officer had seen, for cells that changed after the draft was opened.

    The cell `withdrawn` is one of them: whoever saves a form over a withdrawal did not know of it.
    """
    renumbered = renumbered_seqs(session)

    def was_seen(seq: int) -> bool:
        while seq in renumbered:
            seq = renumbered[seq]
        return seq <= draft.base_seq

    for name in (*changed, "withdrawn"):
        observed_heads.mark_as_of(session, draft.id, name, was_seen)
