"""The rows of a register's sheet beside what left and what the workbook holds now."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from decimal import Decimal
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session

from app.errors import ValidationError
from app.records.field import Field, Value
from app.sheets.cells import is_date_or_time, lost_precision, text_of
from app.sheets.register_layout import PARENT_ID, PARENT_TITLE, ROW_ID, RegisterHeader, RegisterLayout
from app.sheets.register_preview import BothChanged, Duplicate, ImportedRowChange, RefusedRow
from app.sheets.register_subjects import RowSubject, SubjectIndex
from app.sheets.roster import Remark
from app.sheets.roster_aliases import SKIPPED_COLUMN, normalize_header
from app.sheets.row_selection import FOOTER_PREFIXES
from app.sheets.sheet import Cell, Row, Sheet, column_letters
from db.schema import records, relations
from db.schema.record import new_id

_WITHDRAWN = "这一条已在本册里撤回，没有导入。要重新启用，请先在“已撤回”里恢复"


@dataclass(frozen=True, slots=True)
class WrittenSheet:
    """What a list kept of itself when it was written: nothing for a foreign one.

    Attributes:
        tables: sheet → table
        cells: (table, row id) → target → the cell as it left
    """

    register: str = ""
    tables: Mapping[str, str] = field(default_factory=dict)
    cells: Mapping[tuple[str, str], Mapping[str, Cell]] = field(default_factory=dict)

    @classmethod
    def read(cls, hidden: Sheet | None) -> "WrittenSheet":
        if hidden is None or not hidden.rows or hidden.rows[0][0] != "hudang":
            return cls()
        tables: dict[str, str] = {}
        targets: dict[str, list[str]] = {}
        cells: dict[tuple[str, str], Mapping[str, Cell]] = {}
        for kind, first, *rest in hidden.rows[1:]:
            if kind == "sheet" and rest:
                table = str(rest[0])
                tables[str(first)], targets[table] = table, [str(target) for target in rest[1:] if target != ""]
            elif kind == "row" and str(first) in targets:
                row = dict(zip(targets[str(first)], rest, strict=False))
                cells[str(first), str(row.get(ROW_ID, ""))] = row
        return cls(str(hidden.rows[0][2]), tables, cells)


@dataclass(slots=True)
class _SheetRow:
    """One row below a heading: target → cell and its place."""

    sheet: str
    number: int
    all_cells: Row
    cells: dict[str, Cell]
    places: dict[str, str]
    factors: dict[str, Decimal]

    def text(self, target: str) -> str:
        return text_of(self.cells.get(target, ""))


class SheetComparison:
    """Gathers what all sheets of one file would do."""

    def __init__(self, session: Session, written: WrittenSheet) -> None:
        self._session, self._written = session, written
        self._subjects = SubjectIndex(session)
        self._existing: dict[str, dict[str, Mapping[str, Any]]] = {}
        self._keys: dict[tuple[str, object], str] = {}
        self._alike: dict[tuple[object, ...], list[str]] = {}
        self._taken: dict[str, int] = {}  # id of a record, or key of a new one → the row that said it first
        self.rows: list[ImportedRowChange] = []
        self.conflicts: list[BothChanged] = []
        self.duplicates: list[Duplicate] = []
        self.refused: list[RefusedRow] = []
        self.remarks: list[Remark] = []

    def add(self, sheet: Sheet, header: RegisterHeader) -> Iterator[None]:
        """Compare the rows of one sheet; yields after each."""
        self._load(header.layout.table)
        unknown: dict[str, list[tuple[int, str, str]]] = {}
        for row in _data_rows(sheet, header, self.remarks):
            for index, target in enumerate(header.targets):
                text = text_of(row.all_cells[index]) if index < len(row.all_cells) else ""
                is_lost = not target or (target in row.cells and text != row.text(target))  # of two columns, the first
                if text and is_lost:
                    name = header.headers[index] or f"{column_letters(index)}列"
                    unknown.setdefault(name, []).append((row.number, name, text))
            self._compare(header.layout, row)
            yield
        self.remarks += [
            Remark(sheet.name, 0, name, f"“{name}”列不是台账的栏目，{len(cells)} 格内容没有取", cells=tuple(cells))
            for name, cells in unknown.items()
        ]

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

    def _compare(self, layout: RegisterLayout, row: _SheetRow) -> None:
        id = row.text(ROW_ID)
        existing = self._existing[layout.table].get(id)
        if existing is None:
            self._compare_new(layout, row)
        elif existing["withdrawn"]:
            self._refuse(row, _WITHDRAWN)
        elif id in self._taken:
            self._duplicate(row, str(existing["id"]), f"本表第 {self._taken[id]} 行")
        else:
            self._taken[id] = row.number
            self._compare_known(layout, row, existing)

    def _compare_known(self, layout: RegisterLayout, row: _SheetRow, existing: Mapping[str, Any]) -> None:
        """Three sides: what left, what the sheet says now, what the workbook says now."""
        id, left = str(existing["id"]), self._written.cells.get((layout.table, str(existing["id"])), {})
        subject = RowSubject(existing["village"], {"household_id": existing.get("household_id") or ""})
        after: dict[str, Value] = {}
        for target in (one for one in row.cells if "." not in one and layout.is_read(one)):
            one, now = layout.field(target), existing[target]
            was = text_of(left[target]) if target in left else None
            if row.text(target) == was or (one.spec.mask and "*" in row.text(target)):
                continue
            if not row.text(target) and was is None:
                continue  # nobody knows what it said: an empty cell of a foreign list erases nothing
            value, fault = self._parse(one, row, subject)
            if value is None and not fault:
                fault = one.check(None).removesuffix("。")  # what a form insists on cannot be cleared
            known, unreadable = self._parse_cell(one, left.get(target, ""), subject, Decimal(1))
            if fault or value == now or (was is not None and not unreadable and value == known):
                self._remark_fault(row, one, fault)
            elif was is not None and not _masked(one, was) and (unreadable or known != now):
                title, here = self._title(layout, existing), self._text(one, now)
                place = row.places[target]
                self.conflicts.append(
                    BothChanged(layout.table, id, target, title, one.label, row.sheet, place, was, here, value)
                )
            else:
                after[target] = value
        self._remark_moved(layout, row, left)
        self._change(layout, row, existing, after)

    def _change(
        self, layout: RegisterLayout, row: _SheetRow, existing: Mapping[str, Any], after: dict[str, Value]
    ) -> None:
        """What a row does to a record that is here."""
        self.rows.append(
            ImportedRowChange(
                table=layout.table,
                id=str(existing["id"]),
                village=existing["village"],
                state="changed" if after else "unchanged",
                title=self._title(layout, existing) if after else "",
                sheet=row.sheet,
                row=row.number,
                before={name: existing[name] for name in after},
                after=after,
                cells=row.places,
            )
        )

    def _compare_new(self, layout: RegisterLayout, row: _SheetRow) -> None:
        subject, values = self._subject_of_new(layout, row)
        if subject.error:
            self._refuse(row, subject.error)
            return
        if not any(row.text(one.name) for one in layout.own_fields if layout.is_read(one.name)):
            return  # only whom it is about: a row of a list that nobody has filled in
        for one in (one for one in layout.own_fields if one.name in row.cells and layout.is_read(one.name)):
            value, fault = self._parse(one, row, subject)
            if fault and one.spec.required:
                self._refuse(row, fault, row.places[one.name])
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
            place = row.places.get(missing[0].name, "")
            self._refuse(row, f"没有填“{'”“'.join(one.label for one in missing)}”", place)
            return
        id = self._id_of_new(layout.table, cells)
        for key in (*relations.key_values(layout.table, cells), id):
            if str(key) in self._taken:
                self._duplicate(row, subject.title, f"本表第 {self._taken[str(key)]} 行")
                return
        self._taken |= {str(key): row.number for key in (*relations.key_values(layout.table, cells), id)}
        self._remark_subject(layout, row, subject)
        self.rows.append(
            ImportedRowChange(
                layout.table, id, subject.village, "new", subject.title, row.sheet, row.number, {}, values, row.places
            )
        )

    def _compare_same(
        self,
        layout: RegisterLayout,
        row: _SheetRow,
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
            self._duplicate(row, subject.title, "本册里已有的一条")
        self._change(layout, row, existing, after)

    def _subject_of_new(self, layout: RegisterLayout, row: _SheetRow) -> tuple[RowSubject, dict[str, Value]]:
        """Whom a new row is about, and the references that say so in the record."""
        subject = self._subjects.find(layout.register.subject, {target: row.text(target) for target in row.cells})
        record = records()[layout.table]
        if layout.children is None:
            return subject, {name: id for name, id in subject.ids.items() if hasattr(record, name)}
        self._load(layout.register.key)
        parents = self._existing[layout.register.key]
        parent_id = row.text(PARENT_ID)
        if parent_id not in parents:
            fitting = self._fitting_parents(layout, row, subject)
            if subject.error or len(fitting) != 1:
                unclear = f"分不清属于哪一条“{layout.register.title}”，请在软件里添加"
                return RowSubject(error=subject.error or unclear), {}
            parent_id = fitting[0]
        parent = parents[parent_id]
        title = self._title(layout, {**parent, "id": parent_id})
        column = layout.children.parent_column(layout.register.record)
        whose = {"household_id": parent.get("household_id") or ""}
        return RowSubject(parent["village"], whose, title), {column: parent_id}

    def _fitting_parents(self, layout: RegisterLayout, row: _SheetRow, subject: RowSubject) -> list[str]:
        """The rows that a new row may stand below: about the same, and of the name that the sheet says."""
        fitting = [
            id
            for id, one in self._existing[layout.register.key].items()
            if not one["withdrawn"] and all(one[name] == whose for name, whose in subject.ids.items() if name in one)
        ]
        named = row.text(PARENT_TITLE)
        titles = relations.record_titles(self._session, layout.register.key, fitting) if named else {}
        return [id for id in fitting if titles.get(id, "") == named]

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

    def _id_of_new(self, table: str, cells: Mapping[str, Any]) -> str:
        """Derived from the key, so that two laptops that take the same list in meet; random where there is no key."""
        columns = relations.key_columns(table)
        if columns and relations.key_values(table, cells):
            derived = records()[table].id_of(*(cells.get(name) for name in columns))
            return derived if derived not in self._existing[table] else new_id()
        return new_id()

    def _parse(self, one: Field, row: _SheetRow, subject: RowSubject) -> tuple[Value, str]:
        return self._parse_cell(one, row.cells[one.name], subject, row.factors.get(one.name, Decimal(1)))

    def _parse_cell(self, one: Field, cell: Cell, subject: RowSubject, factor: Decimal) -> tuple[Value, str]:
        """The value of a cell and "", or None and what is wrong with it."""
        text = text_of(cell)
        if not text:
            return None, ""
        if one.kind == "reference":
            return self._subjects.find_reference(one, text, subject)
        if one.spec.rule and lost_precision(cell):
            return None, f"“{one.label}”被存成了数字（{text[:24]}），后几位已经丢失，请把这一列设为文本重新填写"
        try:
            if factor != 1:
                value = one.parse(Decimal(str(one.parse(text))) * factor)
            else:
                value = one.parse(cell if is_date_or_time(cell) and one.kind in ("date", "month") else text)
        except ValidationError as error:
            return None, str(error).removesuffix("。")
        return (None, fault.removesuffix("。")) if (fault := one.check(value)) else (value, "")

    def _text(self, one: Field, value: Value) -> str:
        if one.kind == "reference":
            return relations.record_title(self._session, one.spec.refers, str(value)) if value else ""
        return one.text(value, hide=True)

    def _title(self, layout: RegisterLayout, existing: Mapping[str, Any]) -> str:
        named = relations.record_titles(self._session, layout.register.key, [str(existing["id"])])
        whose = existing.get("member_id") or existing.get("household_id") or existing.get("helper_id")
        table = "member" if existing.get("member_id") else "household" if existing.get("household_id") else "helper"
        whom = relations.record_title(self._session, table, str(whose)) if whose else ""
        return whom or named.get(str(existing["id"]), "")

    def _remark_fault(self, row: _SheetRow, one: Field, fault: str) -> None:
        if fault:
            self.remarks.append(
                Remark(row.sheet, row.number, one.label, f"{row.places[one.name]} 单元格：{fault}，未取")
            )

    def _remark_subject(self, layout: RegisterLayout, row: _SheetRow, subject: RowSubject) -> None:
        """Whom a row is about was recognised, but not beyond doubt."""
        if subject.remark:
            self.remarks.append(Remark(row.sheet, row.number, layout.header("member.name"), subject.remark))

    def _remark_moved(self, layout: RegisterLayout, row: _SheetRow, left: Mapping[str, Cell]) -> None:
        """Whom a row is about cannot be changed by a sheet: that would be another row."""
        for target in layout.subject_targets:
            if target in left and target in row.cells and row.text(target) != text_of(left[target]):
                text = f"“{layout.header(target)}”改了，这一条属于谁没有改；要换请撤回后新建"
                self.remarks.append(Remark(row.sheet, row.number, layout.header(target), text))

    def _refuse(self, row: _SheetRow, reason: str, cell: str = "") -> None:
        cells = tuple(text_of(one) for one in row.all_cells)
        self.refused.append(RefusedRow(row.sheet, row.number, cell, f"{reason.removesuffix('。')}。", cells))

    def _duplicate(self, row: _SheetRow, title: str, of: str) -> None:
        self.duplicates.append(Duplicate(row.sheet, row.number, title, of))


def _alike_key(table: str, cells: Mapping[str, object]) -> tuple[object, ...]:
    """Where records that say the same are looked for: among those about the same person, household or helper."""
    return (table, *(cells.get(name) for name in ("household_id", "member_id", "helper_id")))


def _masked(one: Field, text: str) -> bool:
    return bool(one.spec.mask) and "*" in text


def _data_rows(sheet: Sheet, header: RegisterHeader, left_out: list[Remark]) -> Iterator[_SheetRow]:
    """The rows below the heading that are meant as rows; repeated headings, sums and notes go to `left_out`."""
    headings = {normalize_header(name) for name in header.headers if name}
    for index in range(header.row + 1, len(sheet.rows)):
        cells = sheet.rows[index]
        texts = [text_of(cell) for cell in cells]
        filled = [text for text in texts if text]
        if not filled:
            continue
        is_footer = filled[0].replace(" ", "").startswith(FOOTER_PREFIXES)
        if is_footer or sum(normalize_header(text) in headings for text in filled) >= min(3, len(headings)):
            text = f"这一行是合计、说明或重复的表头，没有收：{' | '.join(filled)}"
            left_out.append(Remark(sheet.name, index + 1, "", text))
            continue
        row = _SheetRow(sheet.name, index + 1, cells, {}, {}, {})
        for column, target in enumerate(header.targets):
            if target and target != SKIPPED_COLUMN and column < len(cells) and target not in row.cells:
                row.cells[target] = cells[column]
                row.places[target] = f"{column_letters(column)}{index + 1}"
                if column in header.factors:
                    row.factors[target] = header.factors[column]
        yield row
