"""What an operation did, cell by cell, ready to be read."""

from collections import defaultdict
from collections.abc import Iterator
from dataclasses import dataclass
from itertools import groupby

from sqlalchemy import select
from sqlalchemy.orm import Session

from app.records.field import Field, fields
from app.records.history import is_shown_when_new, value_text
from app.workbook.db_errors import COMPACTED_VALUE
from db.journal import operations
from db.journal.reversal import CellReversal, Reversal
from db.schema import records, relations
from db.schema.form import FormAnswer, FormEntry, FormVersion, question_label


@dataclass(frozen=True, slots=True)
class OperationCell:
    """One line.

    Attributes:
        household: whose, "" for what belongs to none
        record: e.g. "家庭成员 陈卫国"
        label: the field, or 新增, 撤回, 恢复
        before, after: as people read them; personal numbers are masked
    """

    household: str
    record: str
    label: str
    before: str
    after: str


@dataclass(frozen=True, slots=True)
class OperationCells:
    """The first lines of what an operation did; `is_whole`: there are no more."""

    cells: tuple[OperationCell, ...]
    is_whole: bool


def operation_cells(session: Session, operation: int, limit: int = 500) -> OperationCells:
    """What an operation did, at most `limit` lines. Of a record that it made one line tells all.

    Of an import that was undone nothing is left to tell; of compacted history not what was there before.
    """
    place = operations.span(session, operation)
    lines: list[OperationCell] = []
    if place is None:
        return OperationCells((), True)
    for block in Reversal(session, place).cells():
        lines += _BlockText(session, block, place.is_complete).lines()
        if len(lines) > limit:
            return OperationCells(tuple(lines[:limit]), False)
    return OperationCells(tuple(lines), True)


class _BlockText:
    """The lines of some records; what they are called is looked up once for all."""

    def __init__(self, session: Session, block: list[CellReversal], is_complete: bool) -> None:
        self._session, self._block, self._is_complete = session, block, is_complete
        rows: dict[str, set[str]] = defaultdict(set)
        for cell in block:
            rows[cell.table].add(cell.row)
        self._titles = {table: relations.record_titles(session, table, ids) for table, ids in rows.items()}
        self._owner = {
            row: owner
            for table, ids in rows.items()
            for row, owner in relations.ancestor_ids(session, table, ids).items()
        }
        self._households = relations.household_titles(session, set(self._owner.values()))
        self._referred: dict[tuple[str, str], str] = {}

    def lines(self) -> Iterator[OperationCell]:
        for (table, row), cells in groupby(self._block, key=lambda cell: (cell.table, cell.row)):
            known = {known_field.name: known_field for known_field in fields(table)} if table in records() else {}
            changes = list(cells)
            household = self._households.get(self._owner.get(row, ""), "")
            title = "" if table == "household" else self._titles.get(table, {}).get(row, "")
            record = f"{relations.record_label(table)} {title}".strip()
            if changes[0].inserted:
                yield OperationCell(household, record, "新增", "", self._inserted_text(changes, known))
                continue
            for change in changes:
                if change.column == "withdrawn":
                    yield OperationCell(household, record, "撤回" if change.after else "恢复", "", "")
                elif change.column in known and not known[change.column].spec.internal:
                    yield self._edit(household, record, change, known[change.column])

    def _edit(self, household: str, record: str, change: CellReversal, changed: Field) -> OperationCell:
        label = self._question(change.row) if change.table == "form_answer" else changed.label
        before = value_text(changed, change.before, self._resolve) if self._is_complete else COMPACTED_VALUE
        return OperationCell(household, record, label, before, value_text(changed, change.after, self._resolve))

    def _inserted_text(self, cells: list[CellReversal], known: dict[str, Field]) -> str:
        return "；".join(
            f"{known[cell.column].label}：{value_text(known[cell.column], cell.after, self._resolve)}"
            for cell in cells
            if cell.column in known and is_shown_when_new(known[cell.column])
        )

    def _question(self, answer: str) -> str:
        """What the form asks for in this answer."""
        query = (
            select(FormVersion.text, FormAnswer.question)
            .join(FormEntry, FormEntry.form_id == FormVersion.id)
            .join(FormAnswer, FormAnswer.entry_id == FormEntry.id)
        )
        found = self._session.execute(query.where(FormAnswer.id == answer)).first()
        return question_label(found.text or "", found.question or "") if found else ""

    def _resolve(self, table: str, row: str) -> str:
        if (table, row) not in self._referred:
            self._referred[table, row] = relations.record_title(self._session, table, row)
        return self._referred[table, row]
