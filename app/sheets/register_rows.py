"""The rows of a register's sheet beside what left and what the workbook holds now."""

from collections import ChainMap
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import replace
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session

from app.records.field import Field, Value
from app.registers.engine.register import Layout, Register, reference_column
from app.sheets.cells import text_of
from app.sheets.group_rows import GROUP_ID, group_remarks, unwritten_remark
from app.sheets.register_cell_parsing import compare_cell, parse_cell
from app.sheets.register_layout import (
    COMPUTED,
    PARENT_ID,
    PARENT_TITLE,
    ROW_ID,
    VIEWED,
    RegisterHeader,
    RegisterLayout,
)
from app.sheets.register_preview import BothChanged, ComparisonFindings, Duplicate, ImportedRowChange, RefusedRow
from app.sheets.register_subjects import RowSubject, SubjectIndex
from app.sheets.roster import Remark
from app.sheets.sheet import Cell, Sheet
from app.sheets.sheet_rows import SheetRow, data_rows, unknown_columns
from app.sheets.written_sheet import WrittenList, choose_columns, identify
from db.schema import records, relations
from db.schema.record import new_id

_NAMED = 10  # rows that one remark names
_NO_RECORD_OF_LEFT = "这张表没有带着导出时的内容，看不出哪些格是在表里改的；与本工作簿不同的都算改动，请逐条核对"
_WITHDRAWN = "这一条已在本工作簿里撤回，没有导入。要重新启用，请先在“已撤回”里恢复"


class SheetComparison(ComparisonFindings):
    """Gathers what all sheets of one file would do."""

    def __init__(self, session: Session, written: WrittenList) -> None:
        super().__init__()
        self._session, self._written = session, written
        self._subjects = SubjectIndex(session)
        self._existing: dict[str, dict[str, Mapping[str, Any]]] = {}
        self._new: dict[str, dict[str, Mapping[str, Any]]] = {}  # table → id → cells of records that the file brings
        self._keys: dict[tuple[str, object], str] = {}
        self._alike: dict[tuple[object, ...], list[str]] = {}
        self._taken: dict[str, int] = {}  # id of a record, or key of a new one → the row that said it first
        self._titles: dict[str, Mapping[str, str]] = {}  # table → id → what a record is called
        self._seen: set[tuple[str, str]] = set()  # (table, id) of each row of the file

    def add(self, sheet: Sheet, header: RegisterHeader) -> Iterator[None]:
        """Compare the rows of one sheet; yields after each."""
        layout = header.layout
        self._load(layout.table)
        columns = choose_columns(sheet, header, layout.table, self._written)
        rows = list(self._without_groups(layout, data_rows(sheet, header, columns, self.remarks)))
        if ROW_ID in header.targets and not self._written.register:
            self.remarks.append(Remark(sheet.name, 0, "", _NO_RECORD_OF_LEFT))
        for row, (id, fault) in zip(rows, identify(rows, layout, self._written), strict=True):
            self._seen |= {(layout.table, id), (layout.table, row.text(ROW_ID))}
            if fault:
                self._refuse(row, fault)
            else:
                self._compare(layout, row, id)
            yield
        self.remarks += unknown_columns(sheet.name, header, columns, rows)

    def _without_groups(self, layout: RegisterLayout, rows: Iterator[SheetRow]) -> Iterator[SheetRow]:
        """The rows but those of groups, of which what somebody wrote into them is told."""
        for row in rows:
            if row.text(ROW_ID).startswith(GROUP_ID):
                self.remarks += group_remarks(layout, row, self._written.left(layout.table, row.text(ROW_ID)))
            else:
                yield row

    def finish(self, layouts: Sequence[RegisterLayout]) -> None:
        """Mention the rows that left and did not come back, to which nothing is done; add what new rows change."""
        self._change_by_new(layouts[0].register)
        for layout in layouts:
            absent = [
                id
                for table, id in self._written.cells
                if table == layout.table and (table, id) not in self._seen and not id.startswith(GROUP_ID)
            ]
            existing = [row for id in absent[:_NAMED] if (row := self._existing.get(layout.table, {}).get(id))]
            if absent:
                titles = "、".join(filter(None, (self._title(layout.table, row) for row in existing)))
                named = f"（{titles}{'等' if len(absent) > _NAMED else ''}）" if titles else ""
                text = f"导出时有、表里没有的“{layout.title}”{len(absent)} 条{named}，没有改动"
                self.remarks.append(Remark(layout.title, 0, "", text))

    def _change_by_new(self, register: Register) -> None:
        """What new records make of others, e.g. an assignment of the former one; what the file itself says of a cell
        stands."""
        change = register.sheet.changed_by_new
        told = {(row.table, row.id): row.after for row in self.rows}
        for row in [row for row in self.rows if row.state == "new" and row.table == register.key]:
            for id, cells in change(self._session, row.after) if change else ():
                existing = self._existing[register.key][id]
                after = {name: value for name, value in cells.items() if name not in told.get((register.key, id), {})}
                before, title = {name: existing[name] for name in after}, self._title(register.key, existing)
                new = replace(row, id=id, state="changed", title=title, before=before, after=after, cells={})
                self.rows += [new] if after else []

    def _load(self, table: str) -> None:
        if table in self._existing:
            return
        columns = records()[table].__table__
        found = self._session.execute(select(*columns.columns)).mappings()
        self._existing[table] = {str(row["id"]): dict(row) for row in found}
        for id, row in self._existing[table].items():
            if not row["withdrawn"]:
                self._alike.setdefault(_alike_key(table, row), []).append(id)
                for key in relations.key_values(table, row):
                    self._keys.setdefault((table, key), id)

    def _compare(self, layout: RegisterLayout, row: SheetRow, id: str) -> None:
        existing = self._existing[layout.table].get(id)
        while existing is not None and existing["merged_into"]:
            existing = self._existing[layout.table].get(existing["merged_into"])
        if existing is None:
            self._compare_new(layout, row)
        elif existing["withdrawn"]:
            self._refuse(row, _WITHDRAWN)
        elif existing["id"] in self._taken:
            self._duplicate(row, self._title(layout.table, existing), f"本表第 {self._taken[existing['id']]} 行")
        else:
            self._taken[existing["id"]] = row.number
            self._compare_known(layout, row, existing, self._written.left(layout.table, id))

    def _compare_known(
        self, layout: RegisterLayout, row: SheetRow, existing: Mapping[str, Any], left: Mapping[str, Cell]
    ) -> None:
        """Three sides: what left, what the sheet says now, what the workbook says now."""
        subject = RowSubject(existing["village"], {"household_id": existing.get("household_id") or ""})
        after: dict[str, Value] = {}
        for target, column in row.columns.items():
            if target in left and column < len(row.all_cells) and row.all_cells[column] == left[target]:
                continue
            if not layout.is_read(target):
                continue
            one, factor = layout.field(target), row.factor(target)
            found = compare_cell(
                self._subjects, one, row.cell(target), left.get(target), existing[target], subject, factor
            )
            self._remark_fault(row, one, found.fault)
            if found.outcome == "taken":
                after[target] = found.value
            elif found.outcome == "both":
                left_text = found.left_text or self._text(one, found.left)
                self._add_conflict(layout, row, existing, one, left_text, found.value)
        self._remark_unread(layout, row, left)
        self._change(layout, row, existing, after)

    def _add_conflict(
        self, layout: RegisterLayout, row: SheetRow, existing: Mapping[str, Any], one: Field, left: str, value: Value
    ) -> None:
        """A cell that was changed on both sides, with all three values."""
        here, there = (self._text(one, held) for held in (existing[one.name], value))
        title, place = self._title(layout.table, existing), row.place(one.name)
        self.conflicts.append(
            BothChanged(
                layout.table, existing["id"], one.name, title, one.label, row.sheet, place, left, here, there, value
            )
        )

    def _change(
        self, layout: RegisterLayout, row: SheetRow, existing: Mapping[str, Any], after: dict[str, Value]
    ) -> None:
        """What a row does to a record that is here."""
        self.rows.append(
            ImportedRowChange(
                table=layout.table,
                id=str(existing["id"]),
                village=existing["village"],
                state="changed" if after else "unchanged",
                title=self._title(layout.table, existing) if after else "",
                sheet=row.sheet,
                row=row.number,
                before={name: existing[name] for name in after},
                after=after,
                cells={name: row.place(name) for name in after},
            )
        )

    def _compare_new(self, layout: RegisterLayout, row: SheetRow) -> None:
        subject, values = self._subject_of_new(layout, row)
        own_fields = [one for one in layout.own_fields if layout.is_read(one.name)]
        if subject.error:
            self._refuse(row, subject.error)
            return
        if not any(row.text(one.name) for one in own_fields):
            return  # only whom it is about: a row of a list that nobody has filled in
        if layout.register.sheet.refuses_new and layout.children is None:
            self._refuse(row, layout.register.sheet.refuses_new)
            return
        for one in (one for one in own_fields if row.text(one.name)):
            value, fault = self._parse(one, row, subject)
            if fault and one.spec.required:
                self._refuse(row, fault, row.place(one.name))
                return
            self._remark_fault(row, one, fault)
            if value is not None:
                values[one.name] = value
        cells = {**values, "village": subject.village}
        same = self._same_as(layout.table, cells)
        if same is not None:
            self._compare_same(layout, row, self._existing[layout.table][same], values, subject)
            return
        missing = [one for one in layout.own_fields if one.spec.required and values.get(one.name) is None]
        if missing:
            self._refuse(row, f"没有填“{'”“'.join(one.label for one in missing)}”", row.place(missing[0].name))
            return
        self._add_new(layout, row, subject, values)

    def _add_new(self, layout: RegisterLayout, row: SheetRow, subject: RowSubject, values: dict[str, Value]) -> None:
        """A row that becomes a record, unless another row of the file says the same or the record may not be."""
        cells = {**values, "village": subject.village}
        sheet_rules = layout.register.sheet if layout.children is None else Layout()
        computed = {one.name: row.text(f"{COMPUTED}{one.name}") for one in layout.register.computed}
        if sheet_rules.error_of_new and (error := sheet_rules.error_of_new(self._session, cells, computed)):
            self._refuse(row, error)
            return
        id = self._id_of_new(layout.table, cells, sheet_rules)
        keys = [str(key) for key in (*relations.key_values(layout.table, cells), id)]
        for key in keys:
            if key in self._taken:
                self._duplicate(row, subject.title, f"本表第 {self._taken[key]} 行")
                return
        self._taken |= dict.fromkeys(keys, row.number)
        self._remark_subject(layout, row, subject)
        for target in row.columns:
            if target.startswith(VIEWED) and row.text(target):
                self.remarks.append(unwritten_remark(row, layout.header(target), target, "由软件算出，没有取"))
        blank: dict[str, Any] = dict.fromkeys(records()[layout.table].__table__.columns.keys())
        self._new.setdefault(layout.table, {})[id] = {**blank, **cells, "id": id, "withdrawn": False}
        places = {name: row.place(name) for name in values if row.place(name)}
        title = _joined(subject.title, relations.title_from_cells(layout.table, cells))
        added = [(layout.table, id, values)]
        for table, its_cells in sheet_rules.added_with_new(computed) if sheet_rules.added_with_new else ():
            added.append((table, new_id(), {**its_cells, reference_column(records()[table], layout.table): id}))
        self.rows += [
            ImportedRowChange(
                table, its_id, subject.village, "new", title, row.sheet, row.number, {}, its_values, places
            )
            for table, its_id, its_values in added
        ]

    def _compare_same(
        self,
        layout: RegisterLayout,
        row: SheetRow,
        existing: Mapping[str, Any],
        values: dict[str, Value],
        subject: RowSubject,
    ) -> None:
        """A row of a foreign list that is here already: what it says otherwise is taken, empty cells erase nothing."""
        id = str(existing["id"])
        if id in self._taken:
            self._duplicate(row, subject.title, f"本表第 {self._taken[id]} 行")
            return
        self._taken[id] = row.number
        after = {name: value for name, value in values.items() if value != existing[name]}
        if after:
            self._remark_subject(layout, row, subject)
        else:
            self._duplicate(row, subject.title, "本工作簿里已有的一条")
        self._change(layout, row, existing, after)

    def _subject_of_new(self, layout: RegisterLayout, row: SheetRow) -> tuple[RowSubject, dict[str, Value]]:
        """Whom a new row is about, and the references that say so in the record."""
        subject = self._subjects.find(layout.register.subject, {target: row.text(target) for target in row.columns})
        record = records()[layout.table]
        if layout.children is None:
            return subject, {name: id for name, id in subject.ids.items() if hasattr(record, name)}
        self._load(layout.register.key)
        parents = self._parents(layout)
        parent_id = row.text(PARENT_ID)
        if parent_id not in parents:
            fitting = self._fitting_parents(layout, row, subject)
            if subject.error or len(fitting) != 1:
                unclear = f"分不清属于哪一条“{layout.register.title}”，请在软件里添加"
                return RowSubject(error=subject.error or unclear), {}
            parent_id = fitting[0]
        parent = parents[parent_id]
        title = self._title(layout.register.key, {**parent, "id": parent_id})
        column = layout.children.parent_column(layout.register.record)
        whose = {"household_id": parent.get("household_id") or ""}
        return RowSubject(parent["village"], whose, title), {column: parent_id}

    def _fitting_parents(self, layout: RegisterLayout, row: SheetRow, subject: RowSubject) -> list[str]:
        """The rows that a new row may stand below: about the same, and of the name that the sheet says."""
        fitting = [
            id
            for id, one in self._parents(layout).items()
            if not one["withdrawn"] and all(one[name] == whose for name, whose in subject.ids.items() if name in one)
        ]
        named = row.text(PARENT_TITLE)
        table, new = layout.register.key, self._new.get(layout.register.key, {})
        titles = relations.record_titles(self._session, table, fitting) if named else {}
        titles |= {id: relations.title_from_cells(table, new[id]) for id in fitting if named and id in new}
        return [id for id in fitting if titles.get(id, "") == named]

    def _parents(self, layout: RegisterLayout) -> Mapping[str, Mapping[str, Any]]:
        """The records that rows below may stand below: those that are here, and those that the file brings."""
        return ChainMap(self._existing[layout.register.key], self._new.get(layout.register.key, {}))

    def _same_as(self, table: str, cells: Mapping[str, object]) -> str | None:
        """The record that is the same thing, by its KEY; where it has none, one that says all the same."""
        for key in relations.key_values(table, cells):
            if (table, key) in self._keys:
                return self._keys[table, key]
        if relations.key_columns(table):
            return None
        said = {name: value for name, value in cells.items() if value is not None}
        for id in self._alike.get(_alike_key(table, cells), ()):
            row = self._existing[table][id]
            if id not in self._taken and all(row[name] == value for name, value in said.items()):
                return id
        return None

    def _id_of_new(self, table: str, cells: Mapping[str, Any], sheet_rules: Layout) -> str:
        """Derived, so that two laptops that take the same list in meet; random where there is no key."""
        columns, derived = relations.key_columns(table), ""
        if sheet_rules.id_of_new:
            derived = sheet_rules.id_of_new(cells)
        elif columns and relations.key_values(table, cells):
            derived = records()[table].id_of(*(cells.get(name) for name in columns))
        return derived if derived and derived not in self._existing[table] else new_id()

    def _parse(self, one: Field, row: SheetRow, subject: RowSubject) -> tuple[Value, str]:
        return parse_cell(self._subjects, one, row.cell(one.name), subject, row.factor(one.name))

    def _text(self, one: Field, value: Value) -> str:
        if one.kind == "reference":
            return self._record_title(one.spec.refers, str(value)) if value else ""
        return one.text(value, hide=True)

    def _title(self, table: str, existing: Mapping[str, Any]) -> str:
        named = self._record_title(table, str(existing["id"]))
        whose = existing.get("member_id") or existing.get("household_id") or existing.get("helper_id")
        of = "member" if existing.get("member_id") else "household" if existing.get("household_id") else "helper"
        return _joined(self._record_title(of, str(whose)) if whose else "", named)

    def _record_title(self, table: str, id: str) -> str:
        """What a record is called; those of one table are read together, because thousands of rows may be named."""
        if table not in self._titles:
            ids = list(self._session.scalars(select(records()[table].id)))
            self._titles[table] = relations.record_titles(self._session, table, ids)
        return self._titles[table].get(id, "")

    def _remark_fault(self, row: SheetRow, one: Field, fault: str) -> None:
        if fault:
            place, text = row.place(one.name), row.text(one.name)
            told = f"{place} 单元格：{fault}，未取"
            cells = ((row.number, one.label, text),)
            self.remarks.append(Remark(row.sheet, row.number, one.label, told, cells=cells))

    def _remark_subject(self, layout: RegisterLayout, row: SheetRow, subject: RowSubject) -> None:
        """Whom a row is about was recognised, but not beyond doubt."""
        if subject.remark:
            self.remarks.append(Remark(row.sheet, row.number, layout.header("member.name"), subject.remark))

    def _remark_unread(self, layout: RegisterLayout, row: SheetRow, left: Mapping[str, Cell]) -> None:
        """What cannot be changed by a sheet: whom a row is about would be another row, what is worked out follows."""
        for target in row.columns:
            name = target.removeprefix(COMPUTED)
            if "." not in target or name not in left or row.text(target) == text_of(left[name]):
                continue
            if target in layout.hidden_targets:
                continue
            why = "这一条属于谁没有改；要换请撤回后新建" if target in layout.subject_targets else "由软件算出，没有取"
            self.remarks.append(unwritten_remark(row, layout.header(name), target, why))

    def _refuse(self, row: SheetRow, reason: str, cell: str = "") -> None:
        self.refused.append(RefusedRow(row.sheet, row.number, cell, f"{reason.removesuffix('。')}。", row.texts()))

    def _duplicate(self, row: SheetRow, title: str, of: str) -> None:
        self.duplicates.append(Duplicate(row.sheet, row.number, title, of))


def _joined(whom: str, title: str) -> str:
    """Whom a record is about, and what it is called."""
    return " ".join(dict.fromkeys(filter(None, (whom, title))))


def _alike_key(table: str, cells: Mapping[str, object]) -> tuple[object, ...]:
    """Where records that say the same are looked for: among those about the same person, household or helper."""
    return (table, *(cells.get(name) for name in ("household_id", "member_id", "helper_id")))
