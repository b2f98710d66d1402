"""Filled-in forms: an entry is a row, each answer a cell of its own, so that two laptops merge answer by answer."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field, replace
from datetime import date
from types import MappingProxyType
from typing import Any

from sqlalchemy import select, text
from sqlalchemy.orm import Session

from app.errors import FieldRefused, OfficeError
from app.forms.definition import CELL, RESERVED, Form, as_text, as_value, form, from_text
from app.forms.prefill import first_answers, known, line_answers
from app.progress import Progress, Work
from app.records.draft import Draft, new_draft, open_draft, write_draft
from app.records.field import Field, Value
from app.records.field import field as field_of
from app.workbook.workbook import Workbook
from db.schema.form import FormAnswer, FormEntry, FormUsed
from db.schema.household import Household, Member
from db.schema.record import new_id

HEAD = RESERVED[1:]  # the entry's own fields that an officer writes
_GONE = "这一户已不在名单里，请刷新后再试。"


@dataclass(frozen=True, slots=True)
class Entry:
    """One filled-in form as it is shown and changed; `form` is the definition that it was filled in with.

    Attributes:
        values: answers by name (a question's key, or key/line/column), and `HEAD`; what is not answered is missing
        seen: how far the journal had come when these values were read
    """

    id: str
    form: Form
    village: str
    household_id: str
    member_id: str
    year: int | None
    values: Mapping[str, Value]
    seen: int = 0
    opened: Mapping[str, Value] = field(default_factory=dict)

    def with_values(self, **values: Value) -> "Entry":
        """This entry with some answers changed; `seen` stays."""
        return replace(self, values=MappingProxyType({**self.values, **values}))

    def field(self, name: str) -> Field:
        """The field of an answer, or of the entry itself.

        Raises:
            KeyError: the form asks for no such thing
        """
        return field_of("form_entry", name) if name in HEAD else self.form.field(name)

    def value(self, name: str) -> Value:
        return self.values.get(name)

    @property
    def filled_on(self) -> date | None:
        found = self.values.get("filled_on")
        return found if isinstance(found, date) else None

    def lines(self, key: str) -> list[str]:
        """Keys of the lines of a table in their order: those that the form prints, or those that were written."""
        question = self.form.question(key)
        if question.lines:
            return [line.key for line in question.lines]
        written = {name.split(CELL)[1] for name, value in self.values.items() if value is not None and _in(name, key)}
        names = [column.key for column in question.columns[:2]]
        if question.households:
            return sorted(written, key=lambda line: [str(self.cell(key, line, name)) for name in reversed(names)])
        return sorted(written)

    def cell(self, key: str, line: str, column: str) -> Value:
        """One cell of a table; what the form itself prints there, or what was written."""
        given = next((one.given for one in self.form.question(key).lines if one.key == line), {})
        return given.get(column, self.values.get(CELL.join((key, line, column))))


@dataclass(frozen=True, slots=True)
class SavedEntry:
    """What a save did: the entry as it is now, and what the changed answers were before."""

    draft: Entry
    before: Mapping[str, Value]

    @property
    def changed(self) -> tuple[str, ...]:
        return tuple(self.before)


@dataclass(frozen=True, slots=True)
class EntryRow:
    """One entry in a list. `of_village`: it is filled in for the village and names the household."""

    id: str
    code: str
    title: str
    household_id: str
    year: int | None
    filled_on: date | None
    filled_by: str
    note: str
    of_village: bool


def entries(session: Session, household_id: str, code: str = "") -> list[EntryRow]:
    """A household's entries, and those of the village that name it: by form, the latest first."""
    mine = FormEntry.household_id == household_id
    rows = _rows(session, mine, code)
    named = _naming(session, household_id)
    return rows + [replace(one, of_village=True) for one in _rows(session, FormEntry.id.in_(named), code)]


def village_entries(session: Session, code: str = "") -> list[EntryRow]:
    """Entries of forms about a village."""
    return _rows(session, FormEntry.household_id.is_(None) & FormEntry.member_id.is_(None), code)


def form_rows(session: Session, code: str) -> list[EntryRow]:
    """Every entry of one form, of all households."""
    return _rows(session, FormEntry.form == code, "")


def _rows(session: Session, which: Any, code: str) -> list[EntryRow]:
    query = (
        select(FormEntry, FormUsed.title).outerjoin(FormUsed, FormUsed.id == FormEntry.form_id).where(which)
    ).where(~FormEntry.withdrawn)
    found = [
        EntryRow(
            row.id, row.form or "", title or "", row.household_id or "", row.year, row.filled_on, row.filled_by or "",
            row.note or "", False,
        )
        for row, title in session.execute(query.where(FormEntry.form == code) if code else query)
    ]  # fmt: skip
    found.sort(key=lambda one: (one.filled_on or date.min, one.year or 0, one.id), reverse=True)
    return sorted(found, key=lambda one: one.title)


def _naming(session: Session, household_id: str) -> list[str]:
    """Ids of entries about the village that have a line for the household."""
    rows = session.scalars(
        select(FormAnswer.entry_id)
        .join(FormEntry, FormEntry.id == FormAnswer.entry_id)
        .where(FormEntry.household_id.is_(None), FormAnswer.question.contains(f"{CELL}{household_id}{CELL}"))
        .where(~FormAnswer.withdrawn, FormAnswer.value.is_not(None))
        .distinct()
    )
    return [one for one in rows if one]


def entry(session: Session, entry_id: str) -> Entry:
    """One entry with its answers, read with the definition that it was filled in with.

    Raises:
        OfficeError: there is none, or its definition has not arrived from the colleague who filled it in
        BadForm: the definition is of a newer program
    """
    row = session.get(FormEntry, entry_id, populate_existing=True)
    used = session.get(FormUsed, row.form_id) if row and row.form_id else None
    if row is None or row.withdrawn or used is None:
        raise OfficeError("这份表单不在了，或它的样式还没有从同事的数据包里收到。请刷新后重选。")
    made = from_text(used.code or "", used.text or "")
    values: dict[str, Value] = {name: getattr(row, name) for name in HEAD if getattr(row, name) is not None}
    answers = session.execute(
        select(FormAnswer.question, FormAnswer.value).where(
            FormAnswer.entry_id == entry_id, ~FormAnswer.withdrawn, FormAnswer.value.is_not(None)
        )
    )
    for name, kept in answers:
        try:
            values[name or ""] = as_value(made.field(name or ""), kept)
        except KeyError:
            continue  # an answer of another version of the form: kept, not shown
    seen = int(session.execute(text("SELECT coalesce(max(seq), 0) FROM change")).scalar_one())
    frozen = MappingProxyType(values)
    return Entry(
        row.id, made, row.village, row.household_id or "", row.member_id or "", row.year, frozen, seen, frozen
    )  # fmt: skip


def open_entry(
    workbook: Workbook,
    code: str,
    household_id: str = "",
    *,
    member_id: str = "",
    village: str = "",
    year: int | None = None,
    day: date | None = None,
    by: object | None = None,
) -> Work[str]:
    """A new entry of a form, begun with what the workbook knows; returns its id.

    Of a form that is filled in once, or once a year, it is the entry that is there already, on whichever laptop.

    Args:
        household_id, member_id, village: whom it is about, as the form says
        year: of a yearly form; that of `day` if None
        day: 填表日期, today if None

    Raises:
        OfficeError: whom it is about is missing or gone
    """
    made, day = form(code), day or date.today()
    year = (year or day.year) if made.repeats == "yearly" else year
    yield Progress(0, 1, f"新建{made.title}")
    with workbook.writing(by) as session:
        if member_id:
            member = session.get(Member, member_id)
            household_id = (member.household_id or "") if member else ""
        village, about = _about(session, made, household_id, member_id, village)
        id = new_id() if made.repeats == "dated" else FormEntry.id_of(code, about, year or "")
        there = session.get(FormEntry, id)
        if there is not None:
            there.withdrawn = False
            return id
        used = _used(session, made, village)
        draft = new_draft(
            "form_entry", village, id, form_id=used, household_id=household_id or None, member_id=member_id or None,
            form=code, year=year, filled_on=day, filled_by=workbook.operator,
        )  # fmt: skip
        write_draft(session, draft)
        about_whom = known(
            session, made.questions, village, household_id or None, member_id or None, year, workbook.operator
        )
        for name, kept in first_answers(made, about_whom).items():
            _answer(session, village, id, name, kept)
    yield Progress(1, 1, "")
    return id


def save_entry(workbook: Workbook, draft: Entry, by: object | None = None) -> Work[SavedEntry]:
    """Write the answers that were changed, in one transaction.

    Raises:
        FieldRefused: an answer is not acceptable; nothing is written
        OfficeError: an answer was given meanwhile by somebody else
    """
    changed = {name: value for name, value in draft.values.items() if value != draft.opened.get(name)}
    for name, value in changed.items():
        sentence = draft.field(name).check(value)
        if sentence:
            raise FieldRefused(sentence)
    yield Progress(0, 1, "保存")
    with workbook.writing(by) as session:
        before: dict[str, Value] = {}
        now = entry(session, draft.id)
        for name, value in changed.items():
            if now.values.get(name) != value:
                before[name] = now.values.get(name)
        _write(session, draft, {name: changed[name] for name in before})
        saved = SavedEntry(entry(session, draft.id), MappingProxyType(before))
    yield Progress(1, 1, "已保存")
    return saved


def take_back(workbook: Workbook, saved: SavedEntry, by: object | None = None) -> Work[SavedEntry]:
    """Write the former answers again: an edit like any other."""
    return (yield from save_entry(workbook, saved.draft.with_values(**saved.before), by))


def add_households(
    workbook: Workbook, entry_id: str, key: str, households: Iterable[str], by: object | None = None
) -> Work[int]:
    """Enter households into a table of an entry of the village, each with what is known of it; returns how many.

    A line belongs to its household, so that two laptops that enter the same one write the same cells.

    Raises:
        OfficeError: there is no such entry
    """
    wanted = list(dict.fromkeys(households))
    many = 0
    with workbook.writing(by) as session:
        found = entry(session, entry_id)
        there = set(found.lines(key))
        columns = found.form.question(key).columns
        for n, household in enumerate(wanted):
            yield Progress(n, len(wanted), "列入名单")
            if household in there:
                continue
            about = known(session, columns, found.village, household, None, found.year, workbook.operator)
            for column, kept in line_answers(found.form, key, about).items():
                _answer(session, found.village, entry_id, CELL.join((key, household, column)), kept)
            many += 1
    return many


def new_line(there: Iterable[str]) -> str:
    """The key of a line added to a table: after those that are there, and never the one that a colleague adds."""
    last = max((int(one[:4]) for one in there if one[:4].isdecimal()), default=0)
    return f"{last + 1:04}-{new_id()[:6]}"


def _in(name: str, key: str) -> bool:
    return name.startswith(f"{key}{CELL}") and name.count(CELL) == 2


def _about(session: Session, made: Form, household_id: str, member_id: str, village: str) -> tuple[str, str]:
    """The village and the id of the record that an entry is about."""
    if made.about == "village":
        if not village:
            raise OfficeError(f"“{made.title}”是村里的表，请在“本村资料”里填写。")
        return village, village
    home = session.get(Household, household_id)
    if home is None or home.withdrawn:
        raise OfficeError(_GONE)
    if made.about == "member" and not member_id:
        raise OfficeError(f"“{made.title}”要先选一位家庭成员。")
    return home.village, member_id if made.about == "member" else household_id


def _used(session: Session, made: Form, village: str) -> str:
    id = FormUsed.id_of(village, made.text)
    if session.get(FormUsed, id) is None:
        session.add(FormUsed(id=id, village=village, code=made.code, title=made.title, text=made.text))
        session.flush()
    return id


def _write(session: Session, draft: Entry, changed: Mapping[str, Value]) -> None:
    head = {name: value for name, value in changed.items() if name in HEAD}
    if head:
        opened = dict(open_draft(session, "form_entry", draft.id).values) | {
            name: draft.opened.get(name) for name in HEAD
        }
        write_draft(
            session, Draft("form_entry", draft.id, draft.village, opened | head, draft.seen, False, opened)
        )  # fmt: skip
    for name, value in changed.items():
        if name in HEAD:
            continue
        id = FormAnswer.id_of(draft.id, name)
        there = session.get(FormAnswer, id)
        if there is None:
            _answer(session, draft.village, draft.id, name, as_text(value))
            continue
        if draft.opened.get(name) is None and there.value is not None and not _known(session, id, draft.seen):
            label = draft.field(name).label
            raise OfficeError(f"“{label}”刚刚有人填过，您还没有看到。请按 Esc 看过再改。")
        opened = {"entry_id": draft.id, "question": name, "value": as_text(draft.opened.get(name))}
        values = opened | {"value": as_text(value)}
        write_draft(session, Draft("form_answer", id, draft.village, values, draft.seen, False, opened))


def _known(session: Session, row_id: str, seen: int) -> bool:
    """Whether a row was there when an entry was read."""
    query = text("SELECT 1 FROM change WHERE row_id = :row AND column_name = '' AND seq <= :seen LIMIT 1")
    return session.execute(query, {"row": row_id, "seen": seen}).first() is not None


def _answer(session: Session, village: str, entry_id: str, name: str, kept: str | None) -> None:
    """Write one answer, whether its cell was there before or not."""
    id = FormAnswer.id_of(entry_id, name)
    if session.get(FormAnswer, id) is None:
        write_draft(session, new_draft("form_answer", village, id, entry_id=entry_id, question=name, value=kept))
    else:
        write_draft(session, open_draft(session, "form_answer", id).with_values(value=kept))
