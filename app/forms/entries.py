"""Filled-in forms: an entry is a row, each answer a cell of its own, so that two laptops merge answer by answer."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field, replace
from datetime import date
from types import MappingProxyType
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session

from app.errors import UserError, ValidationError
from app.forms.definition import CELL_SEPARATOR, RESERVED_NAMES, Form, answer_text, answer_value, kept_form, load_form
from app.forms.prefill import day_of_facts, initial_answers, initial_line_answers, prefill_values
from app.records.draft import Draft, is_taken, new_draft, open_draft, write_draft
from app.records.field import Field, Value
from app.records.field import field as field_of
from app.workbook.workbook import Workbook, running_operation
from db.journal.changes import last_seq
from db.journal.inserts import was_inserted_by
from db.schema.form import FormAnswer, FormEntry, FormVersion
from db.schema.household import Household, Member
from db.schema.record import new_id
from db.schema.relations import standing_record

ENTRY_FIELDS = RESERVED_NAMES[1:]  # the entry's own fields that an officer writes
_HOUSEHOLD_GONE = "这一户已不在名单里，请刷新后再试。"


@dataclass(frozen=True, slots=True)
class FormEntryDraft:
    """One filled-in form as it is shown and changed; `form` is the definition that it was filled in with.

    Attributes:
        values: answers by name (a question's key, or key/line/column), and `HEAD`; what is not answered is missing
        base_seq: the journal's last line when these values were read
    """

    id: str
    form: Form
    village: str
    household_id: str
    member_id: str
    year: int | None
    values: Mapping[str, Value]
    base_seq: int = 0
    original: Mapping[str, Value] = field(default_factory=dict)

    def with_values(self, **values: Value) -> "FormEntryDraft":
        """This entry with some answers changed; `base_seq` stays."""
        return replace(self, values=MappingProxyType({**self.values, **values}))

    def field(self, name: str) -> Field:
        """The field of an answer, or of the entry itself.

        Raises:
            KeyError: the form has no such question
        """
        return field_of("form_entry", name) if name in ENTRY_FIELDS else self.form.field(name)

    def value(self, name: str) -> Value:
        return self.values.get(name)

    @property
    def filled_on(self) -> date | None:
        value = self.values.get("filled_on")
        return value if isinstance(value, date) else None

    @property
    def day(self) -> date | None:
        """The day whose facts it tells: on which it was filled in, no later than the end of its year."""
        return day_of_facts(self.year, self.filled_on)

    def line_keys(self, key: str) -> list[str]:
        """Keys of the lines of a table in their order: those that the form prints, or those that were written."""
        question = self.form.question(key)
        if question.lines:
            return [line.key for line in question.lines]
        written_keys = {
            name.split(CELL_SEPARATOR)[1]
            for name, value in self.values.items()
            if value is not None and _is_cell_of(name, key)
        }
        names = [column.key for column in question.columns[:2]]
        if question.households:
            # the household's id last: two of one name must stand in the same order whenever the form is printed
            return sorted(
                written_keys, key=lambda line: [*(str(self.cell(key, line, name)) for name in reversed(names)), line]
            )
        return sorted(written_keys)

    def cell(self, key: str, line: str, column: str) -> Value:
        """One cell of a table; what the form itself prints there, or what was written."""
        printed = next(
            (printed_line.texts for printed_line in self.form.question(key).lines if printed_line.key == line), {}
        )
        return printed.get(column, self.values.get(CELL_SEPARATOR.join((key, line, column))))


@dataclass(frozen=True, slots=True)
class EntrySaveResult:
    """What a save did: the entry as it is now, and what the changed answers were before."""

    draft: FormEntryDraft
    before: Mapping[str, Value]

    @property
    def changed(self) -> tuple[str, ...]:
        return tuple(self.before)


@dataclass(frozen=True, slots=True)
class FormEntryRow:
    """One entry in a list. `is_village_form`: it is filled in for the village and names the household."""

    id: str
    code: str
    title: str
    household_id: str
    year: int | None
    filled_on: date | None
    filled_by: str
    note: str
    is_village_form: bool


def entries_of_household(session: Session, household_id: str, code: str = "") -> list[FormEntryRow]:
    """A household's entries, and those of the village that name it: by form, the latest first."""
    is_own = FormEntry.household_id == household_id
    rows = _entry_rows(session, is_own, code)
    naming_entries = _village_entries_naming(session, household_id)
    return rows + [
        replace(row, is_village_form=True) for row in _entry_rows(session, FormEntry.id.in_(naming_entries), code)
    ]


def village_entries(session: Session, code: str = "") -> list[FormEntryRow]:
    """Entries of forms about a village."""
    return _entry_rows(session, FormEntry.household_id.is_(None) & FormEntry.member_id.is_(None), code)


def form_rows(session: Session, code: str) -> list[FormEntryRow]:
    """Every entry of one form, of all households."""
    return _entry_rows(session, FormEntry.form == code, "")


def _entry_rows(session: Session, criterion: Any, code: str) -> list[FormEntryRow]:
    query = (
        select(FormEntry, FormVersion.title)
        .outerjoin(FormVersion, FormVersion.id == FormEntry.form_id)
        .where(criterion)
    ).where(~FormEntry.withdrawn)
    result = [
        FormEntryRow(
            row.id, row.form or "", title or "", row.household_id or "", row.year, row.filled_on, row.filled_by or "",
            row.note or "", False,
        )
        for row, title in session.execute(query.where(FormEntry.form == code) if code else query)
    ]  # fmt: skip
    result.sort(
        key=lambda entry_row: (entry_row.filled_on or date.min, entry_row.year or 0, entry_row.id), reverse=True
    )
    return sorted(result, key=lambda entry_row: entry_row.title)


def _village_entries_naming(session: Session, household_id: str) -> list[str]:
    """Ids of entries about the village that have a line for the household."""
    rows = session.scalars(
        select(FormAnswer.entry_id)
        .join(FormEntry, FormEntry.id == FormAnswer.entry_id)
        .where(
            FormEntry.household_id.is_(None),
            FormAnswer.question.contains(f"{CELL_SEPARATOR}{household_id}{CELL_SEPARATOR}"),
        )
        .where(~FormAnswer.withdrawn, FormAnswer.value.is_not(None))
        .distinct()
    )
    return [entry_id for entry_id in rows if entry_id]


def load_entry(session: Session, entry_id: str) -> FormEntryDraft:
    """One entry with its answers, read with the definition that it was filled in with.

    Raises:
        UserError: there is none, or its definition has not arrived from the colleague who filled it in
        InvalidForm: the definition is of a newer program
    """
    row = session.get(FormEntry, entry_id, populate_existing=True)
    form_version = session.get(FormVersion, row.form_id) if row and row.form_id else None
    if row is None or row.withdrawn or form_version is None:
        raise UserError("这份表单不在了，或它的样式还没有从同事的数据包里收到。请刷新后重选。")
    definition = kept_form(form_version.code or "", form_version.title or "", form_version.text or "")
    values: dict[str, Value] = {name: getattr(row, name) for name in ENTRY_FIELDS if getattr(row, name) is not None}
    answers = session.execute(
        select(FormAnswer.question, FormAnswer.value).where(
            FormAnswer.entry_id == entry_id, ~FormAnswer.withdrawn, FormAnswer.value.is_not(None)
        )
    )
    for name, stored in answers:
        try:
            values[name or ""] = answer_value(definition.field(name or ""), stored)
        except KeyError:
            continue  # an answer of another version of the form: kept, not shown
    base_seq = last_seq(session)
    frozen = MappingProxyType(values)
    return FormEntryDraft(
        row.id, definition, row.village, row.household_id or "", row.member_id or "", row.year, frozen, base_seq, frozen
    )  # fmt: skip


def create_entry(
    workbook: Workbook,
    code: str,
    household_id: str = "",
    *,
    member_id: str = "",
    village: str = "",
    year: int | None = None,
    day: date | None = None,
) -> str:
    """Create an entry of a form, prefilled from the workbook; returns its id.

    For a form that is filled in once, or once a year, this is the existing entry, on whichever laptop.

    Args:
        household_id, member_id, village: whom it is about, as the form says
        year: of a yearly form; that of `day` if None
        day: 填表日期, today if None

    Raises:
        UserError: the subject is missing or withdrawn
    """
    definition, day = load_form(code), day or date.today()
    year = (year or day.year) if definition.repetition == "yearly" else year
    with workbook.operation(f"新建表单：{definition.title}") as session:
        if member_id:
            member = session.get(Member, member_id)
            household_id = (member.household_id or "") if member else ""
        village, subject_id = _village_and_subject(session, definition, household_id, member_id, village)
        id = new_id() if definition.repetition == "dated" else FormEntry.id_for_subject(code, subject_id, year or "")
        existing = standing_record(session, FormEntry, id)
        if existing is not None and is_taken(session, "form_entry", existing.id):
            existing.withdrawn = False
            return existing.id
        form_version_id = _store_form_version(session, definition, village)
        draft = new_draft(
            "form_entry",
            village,
            id,
            form_id=form_version_id,
            household_id=household_id or None,
            member_id=member_id or None,
            form=code,
            year=year,
            filled_on=day,
            filled_by=workbook.operator,
        )
        write_draft(session, draft)
        _prefill(session, definition, id, workbook.operator)
    return id


def _prefill(session: Session, definition: Form, entry_id: str, operator: str) -> None:
    """Answer what the workbook knows already."""
    entry = session.get_one(FormEntry, entry_id)
    about = entry.village, entry.household_id, entry.member_id, entry.year
    context = prefill_values(session, definition.questions, *about, operator, entry.filled_on)
    for name, answer in initial_answers(definition, context).items():
        _write_answer(session, entry.village, entry.id, name, answer)


def save_entry(workbook: Workbook, draft: FormEntryDraft) -> EntrySaveResult:
    """Save the changed answers, in one transaction.

    Raises:
        ValidationError: an answer is not acceptable; nothing is written
        UserError: an answer was given meanwhile by somebody else
    """
    changed = {name: value for name, value in draft.values.items() if value != draft.original.get(name)}
    for name, value in changed.items():
        error = draft.field(name).check(value)
        if error:
            raise ValidationError(error)
    with workbook.operation(f"填写表单：{draft.form.title}") as session:
        former: dict[str, Value] = {}
        current = load_entry(session, draft.id)
        for name, value in changed.items():
            if current.values.get(name) != value:
                former[name] = current.values.get(name)
        _write_answers(session, draft, {name: changed[name] for name in former})
        return EntrySaveResult(load_entry(session, draft.id), MappingProxyType(former))


def add_households(workbook: Workbook, entry_id: str, key: str, households: Iterable[str]) -> int:
    """Enter households into a table of an entry of the village, each with what is known of it; returns how many.

    A line belongs to its household, so that two laptops that enter the same one write the same cells.

    Raises:
        UserError: there is no such entry
    """
    requested = list(dict.fromkeys(households))
    added = 0
    with workbook.operation("列入名单") as session:
        target = load_entry(session, entry_id)
        existing = set(target.line_keys(key))
        columns = target.form.question(key).columns
        running_operation(session).title = f"列入名单：{target.form.title}"
        for household in requested:
            if household in existing:
                continue
            about = target.village, household, None, target.year
            context = prefill_values(session, columns, *about, workbook.operator, target.filled_on)
            for column, answer in initial_line_answers(target.form, key, context).items():
                _write_answer(session, target.village, entry_id, CELL_SEPARATOR.join((key, household, column)), answer)
            added += 1
    return added


def new_line_key(existing: Iterable[str]) -> str:
    """The key of a line added to a table: after those that are there, and never the one that a colleague adds."""
    highest = max((int(key[:4]) for key in existing if key[:4].isdecimal()), default=0)
    return f"{highest + 1:04}-{new_id()[:6]}"


def _is_cell_of(name: str, key: str) -> bool:
    return name.startswith(f"{key}{CELL_SEPARATOR}") and name.count(CELL_SEPARATOR) == 2


def _village_and_subject(
    session: Session, definition: Form, household_id: str, member_id: str, village: str
) -> tuple[str, str]:
    """The village and the id of the record that an entry is about."""
    if definition.subject == "village":
        if not village:
            raise UserError(f"“{definition.title}”是村里的表，请在“本村资料”里填写。")
        return village, village
    household = session.get(Household, household_id)
    if household is None or household.withdrawn:
        raise UserError(_HOUSEHOLD_GONE)
    if definition.subject == "member" and not member_id:
        raise UserError(f"“{definition.title}”要先选一位家庭成员。")
    return household.village, member_id if definition.subject == "member" else household_id


def _store_form_version(session: Session, definition: Form, village: str) -> str:
    id = FormVersion.id_of(village, definition.text)
    if session.get(FormVersion, id) is None:
        session.add(
            FormVersion(id=id, village=village, code=definition.code, title=definition.title, text=definition.text)
        )
        session.flush()
    return id


def _write_answers(session: Session, draft: FormEntryDraft, changed: Mapping[str, Value]) -> None:
    entry_values = {name: value for name, value in changed.items() if name in ENTRY_FIELDS}
    if entry_values:
        original = dict(open_draft(session, "form_entry", draft.id).values) | {
            name: draft.original.get(name) for name in ENTRY_FIELDS
        }
        write_draft(
            session,
            Draft("form_entry", draft.id, draft.village, original | entry_values, draft.base_seq, False, original),
        )
    for name, value in changed.items():
        if name in ENTRY_FIELDS:
            continue
        id = FormAnswer.id_of(draft.id, name)
        existing = session.get(FormAnswer, id)
        if existing is None or existing.withdrawn:
            _write_answer(session, draft.village, draft.id, name, answer_text(value))
            continue
        if (
            draft.original.get(name) is None
            and existing.value is not None
            and not was_inserted_by(session, id, draft.base_seq)
        ):
            label = draft.field(name).label
            raise UserError(f"“{label}”刚刚有人填过，您还没有看到。请按 Esc 看过再改。")
        original = {"entry_id": draft.id, "question": name, "value": answer_text(draft.original.get(name))}
        values = original | {"value": answer_text(value)}
        write_draft(session, Draft("form_answer", id, draft.village, values, draft.base_seq, False, original))


def _write_answer(session: Session, village: str, entry_id: str, name: str, answer: str | None) -> None:
    """Write one answer, whether its cell exists already or not."""
    id = FormAnswer.id_of(entry_id, name)
    existing = session.get(FormAnswer, id)
    if existing is None:
        write_draft(session, new_draft("form_answer", village, id, entry_id=entry_id, question=name, value=answer))
    else:
        existing.withdrawn = False
        session.flush()
        write_draft(session, open_draft(session, "form_answer", id).with_values(value=answer))
