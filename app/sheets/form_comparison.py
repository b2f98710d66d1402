"""The rows of a form's sheets beside what left and what the workbook holds now."""

from collections.abc import Iterator, Mapping
from dataclasses import replace
from datetime import date
from types import MappingProxyType
from typing import Any

from sqlalchemy.orm import Session

from app.errors import UserError
from app.forms.definition import CELL_SEPARATOR, Form, answer_text
from app.forms.entries import ENTRY_FIELDS, FormEntryDraft, form_rows, load_entry, new_line_key
from app.records.field import Field, Value
from app.records.field import field as record_field
from app.sheets.cells import text_of
from app.sheets.form_export import about_text, answer_name, current_value, entry_subjects, line_keys
from app.sheets.form_layout import FormLayout
from app.sheets.register_cell_parsing import ComparedCell, compare_cell
from app.sheets.register_layout import PARENT_ID, ROW_ID
from app.sheets.register_preview import BothChanged, ComparisonFindings, Duplicate, ImportedRowChange, RefusedRow
from app.sheets.register_subjects import RowSubject, SubjectIndex
from app.sheets.roster import Remark
from app.sheets.sheet import Cell, Sheet
from app.sheets.sheet_layout import SheetHeading
from app.sheets.sheet_rows import SheetRow, data_rows, unknown_columns
from app.sheets.written_sheet import WrittenList, choose_columns, identify
from db.schema.form import FormAnswer, FormEntry, FormVersion
from db.schema.record import new_id

_ENTRY, _ANSWER, _VERSION = FormEntry.__tablename__, FormAnswer.__tablename__, FormVersion.__tablename__
_NAMED = 10  # rows that one remark names
_OLDER = "这份是按旧样式填的，没有这一题"
_WHOSE = "这一份属于谁、哪一年没有改；要换请撤回后新建"


class FormComparison(ComparisonFindings):
    """Gathers what the sheets of one file would do."""

    def __init__(self, session: Session, form: Form, written: WrittenList, operator: str, today: date) -> None:
        super().__init__()
        self._session, self._form, self._written = session, form, written
        self._operator, self._today = operator, today
        self._subjects = SubjectIndex(session)
        self._entries = {row.id: load_entry(session, row.id) for row in form_rows(session, form.code)}
        self._titles = {
            id: about_text(form, subject, "村里的表")
            for id, subject in entry_subjects(session, list(self._entries.values()), hide=True).items()
        }
        self._new: dict[tuple[str, str, int | None], str] = {}  # (village, whom, year) → id of an entry of the file
        self._taken: dict[str, int] = {}  # id of an entry or line → the row that said it first
        self._seen: set[tuple[str, str]] = set()

    def add(self, sheet: Sheet, header: SheetHeading, layout: FormLayout) -> Iterator[None]:
        """Compare the rows of one sheet; yields after each."""
        columns = choose_columns(sheet, header, layout.table, self._written)
        rows = list(data_rows(sheet, header, columns, self.remarks))
        for row, (id, fault) in zip(rows, identify(rows, layout, self._written), strict=True):
            self._seen |= {(layout.table, id), (layout.table, row.text(ROW_ID))}
            if fault:
                self._refuse(row, fault)
            elif id in self._taken:
                self.duplicates.append(Duplicate(row.sheet, row.number, "", f"本表第 {self._taken[id]} 行"))
            else:
                self._compare(layout, row, id)
            yield
        self.remarks += unknown_columns(sheet.name, header, columns, rows)

    def finish(self) -> None:
        """Mention the rows that left and did not come back; nothing is done to them."""
        absent = [key for key in self._written.cells if key not in self._seen]
        if absent:
            ids = (id.partition(CELL_SEPARATOR)[0] for _, id in absent)
            named = "、".join([title for id in dict.fromkeys(ids) if (title := self._titles.get(id))][:_NAMED])
            text = f"导出时有、表里没有的 {len(absent)} 行{f'（{named}）' if named else ''}，没有改动"
            self.remarks.append(Remark(self._form.title, 0, "", text))

    def _compare(self, layout: FormLayout, row: SheetRow, id: str) -> None:
        """A row that is here already, or one that an officer added."""
        entry_id, _, line = id.partition(CELL_SEPARATOR)
        entry = self._entries.get(entry_id)
        left = self._written.left(layout.table, id)
        if entry is not None:
            self._taken[id] = row.number
            self._compare_answers(layout, row, entry, left, line)
        elif left:
            self._refuse(row, "这一份表单已在本工作簿里撤回，没有导入。要重新启用，请先在“已撤回”里恢复")
        elif not any(row.text(target) for target in layout.targets if layout.is_read(target)):
            return
        elif layout.question is None:
            self._add_entry(layout, row)
        else:
            self._add_line(layout, row)

    def _compare_answers(
        self, layout: FormLayout, row: SheetRow, entry: FormEntryDraft, left: Mapping[str, Cell], line: str
    ) -> None:
        before = len(self.rows)
        for target in row.columns:
            if layout.is_read(target):
                self._compare_answer(layout, row, entry, left, (target, answer_name(layout, target, line)))
            elif target in left and row.text(target) != text_of(left[target]) and "row." not in target:
                self._remark(row, layout.header(target), target, f"“{layout.header(target)}”改了，{_WHOSE}")
        if len(self.rows) == before:
            self.rows.append(self._change(row, entry, _ENTRY, entry.id, "unchanged", {}, {}))

    def _compare_answer(
        self,
        layout: FormLayout,
        row: SheetRow,
        entry: FormEntryDraft,
        left: Mapping[str, Cell],
        answer: tuple[str, str],
    ) -> None:
        """`answer`: the target of the column, and the name of the answer in the entry."""
        target, name = answer
        one, header = layout.field(target), layout.header(target)
        now = current_value(one, entry.value(name))
        subject = RowSubject(entry.village, {"household_id": entry.household_id})
        found = compare_cell(self._subjects, one, row.cell(target), left.get(target), now, subject)
        fault = found.fault
        if found.outcome != "unchanged" and not _has(entry, name):
            found, fault = ComparedCell("unchanged"), _OLDER
        if fault:
            self._remark(row, header, target, f"{row.place(target)} 单元格：{fault}，未取")
        if found.outcome == "taken":
            self._write(row, entry, header, (target, name), found.value)
        elif found.outcome == "both":
            self._add_conflict(row, entry, header, one, (target, name), found)

    def _write(self, row: SheetRow, entry: FormEntryDraft, header: str, answer: tuple[str, str], value: Value) -> None:
        target, name = answer
        stored = self._stored(entry, name)
        after: dict[str, Any] = {stored[2]: value if stored[0] == _ENTRY else answer_text(value)}
        existing = self._session.get(FormAnswer, stored[1]) if stored[0] == _ANSWER else None
        if stored[0] == _ENTRY or existing is not None:
            before = {stored[2]: existing.value if existing is not None else entry.value(name)}
            if existing is not None and existing.withdrawn:
                after["withdrawn"] = False
            change = self._change(row, entry, stored[0], stored[1], "changed", before, after)
        else:
            after = {"entry_id": entry.id, "question": name, **after}
            change = self._change(row, entry, stored[0], stored[1], "new", {}, after)
        self.rows.append(replace(change, title=f"{change.title} {header}", cells={stored[2]: row.place(target)}))

    def _add_conflict(
        self,
        row: SheetRow,
        entry: FormEntryDraft,
        header: str,
        one: Field,
        answer: tuple[str, str],
        found: ComparedCell,
    ) -> None:
        """An answer that was changed on both sides; its record stands here unchanged, to take the value if chosen."""
        table, id, column = self._stored(entry, answer[1])
        title, now = self._titles.get(entry.id, ""), current_value(one, entry.value(answer[1]))
        value = found.value if table == _ENTRY else answer_text(found.value)
        left = found.left_text or one.text(found.left, hide=True)
        texts = (left, one.text(now, hide=True), one.text(found.value, hide=True))
        place = row.place(answer[0])
        self.conflicts.append(BothChanged(table, id, column, title, header, row.sheet, place, *texts, value))
        self.rows.append(self._change(row, entry, table, id, "unchanged", {}, {}))

    def _add_entry(self, layout: FormLayout, row: SheetRow) -> None:
        """A new row: a form that was filled in in Excel, unless the one of this household and year is here."""
        subject = self._subjects.find(self._form.subject, {target: row.text(target) for target in row.columns})
        if subject.error:
            self._refuse(row, subject.error)
            return
        year = self._year(row)
        household, member = subject.ids.get("household_id"), subject.ids.get("member_id")
        whom = member or household or subject.village
        repeated = self._form.repetition == "dated"
        id = new_id() if repeated else FormEntry.id_for_subject(self._form.code, whom, year or "")
        if id in self._taken or id in self._entries:
            what = f"本表第 {self._taken[id]} 行" if id in self._taken else "本工作簿里已有的一份"
            self.duplicates.append(Duplicate(row.sheet, row.number, subject.title, what))
            return
        if self._session.get(FormEntry, id) is not None:
            self._refuse(row, "这一份表单已在本工作簿里撤回，没有导入。要重新启用，请先在“已撤回”里恢复")
            return
        self._taken[id] = row.number
        entry = FormEntryDraft(
            id, self._form, subject.village, household or "", member or "", year, MappingProxyType({})
        )
        self._entries[id], self._titles[id] = entry, subject.title
        self._new[subject.village, whom, year] = id
        cells: dict[str, Any] = {
            "form_id": self._version(row, entry), "household_id": household, "member_id": member,
            "form": self._form.code, "year": year, "filled_on": self._today, "filled_by": self._operator,
        }  # fmt: skip
        cells |= {name: value for name in ENTRY_FIELDS if (value := self._read(layout, row, name)) is not None}
        self.rows.append(self._change(row, entry, _ENTRY, id, "new", {}, cells))
        for target in row.columns:
            if layout.is_read(target) and target not in ENTRY_FIELDS:
                value = self._read(layout, row, target)
                if value is not None:
                    self._write(row, entry, layout.header(target), (target, target), value)

    def _add_line(self, layout: FormLayout, row: SheetRow) -> None:
        """A new line of a table; a line that is a household must be entered in the program, which knows its words."""
        assert layout.question is not None
        if layout.question.households:
            self._refuse(row, "名单里的户请在软件里用“列入农户”添加，没有导入")
            return
        entry = self._parent(row)
        if entry is None:
            self._refuse(row, f"分不清属于哪一份“{self._form.title}”，请填清楚是谁的、哪一年、哪一天的")
            return
        line = new_line_key(line_keys(entry, layout.question.key))
        for target in row.columns:
            value = self._read(layout, row, target) if layout.is_read(target) else None
            if value is not None:
                name = answer_name(layout, target, line)
                self._write(row, entry, layout.header(target), (target, name), value)
                entry = self._entries[entry.id] = entry.with_values(**{name: value})

    def _parent(self, row: SheetRow) -> FormEntryDraft | None:
        """The entry that a new line is of: by its id, else the only one of whom, year and day."""
        if row.text(PARENT_ID) in self._entries:
            return self._entries[row.text(PARENT_ID)]
        subject = self._subjects.find(self._form.subject, {target: row.text(target) for target in row.columns})
        year, day = self._year(row), row.text("filled_on")
        fitting = [
            entry
            for entry in self._entries.values()
            if not subject.error
            and (entry.village, entry.household_id) == (subject.village, subject.ids.get("household_id", ""))
            and (not row.text("year") or entry.year == year)
            and (not day or record_field(_ENTRY, "filled_on").text(entry.filled_on or self._today) == day)
        ]
        return fitting[0] if len(fitting) == 1 else None

    def _read(self, layout: FormLayout, row: SheetRow, target: str) -> Value:
        """The value of a cell of a new row; what cannot be read is remarked."""
        if target not in row.columns:
            return None
        one = layout.field(target)
        found = compare_cell(self._subjects, one, row.cell(target), None, None, RowSubject())
        if found.fault:
            self._remark(row, layout.header(target), target, f"{row.place(target)} 单元格：{found.fault}，未取")
        return found.value

    def _year(self, row: SheetRow) -> int | None:
        """Of a yearly form; that of today where the row names none."""
        text = row.text("year").removesuffix("年")
        if text.isdecimal():
            return int(text)
        return self._today.year if self._form.repetition == "yearly" else None

    def _version(self, row: SheetRow, entry: FormEntryDraft) -> str:
        """The id of the form as it is now; it comes with the first entry that uses it."""
        id = FormVersion.id_of(entry.village, self._form.text)
        if self._session.get(FormVersion, id) is None and all(change.id != id for change in self.rows):
            after = {"code": self._form.code, "title": self._form.title, "text": self._form.text}
            self.rows.append(self._change(row, entry, _VERSION, id, "new", {}, after))
        return id

    def _stored(self, entry: FormEntryDraft, name: str) -> tuple[str, str, str]:
        """Table, id and column that hold an answer."""
        if name in ENTRY_FIELDS:
            return _ENTRY, entry.id, name
        return _ANSWER, FormAnswer.id_of(entry.id, name), "value"

    def _change(
        self, row: SheetRow, entry: FormEntryDraft, table: str, id: str, state: Any, before: Any, after: Any
    ) -> ImportedRowChange:
        title = f"{self._titles.get(entry.id, '')} {self._form.title}".strip()
        return ImportedRowChange(table, id, entry.village, state, title, row.sheet, row.number, before, after)

    def _remark(self, row: SheetRow, header: str, target: str, text: str) -> None:
        cells = ((row.number, header, row.text(target)),)
        self.remarks.append(Remark(row.sheet, row.number, header, text, cells=cells))

    def _refuse(self, row: SheetRow, reason: str) -> None:
        self.refused.append(RefusedRow(row.sheet, row.number, "", f"{reason.removesuffix('。')}。", row.texts()))


def _has(entry: FormEntryDraft, name: str) -> bool:
    """Whether the version of the form that an entry was filled in with asks the question."""
    try:
        entry.field(name)
    except (KeyError, UserError):
        return False
    return True
