"""Editing what the county sets: a sheet is read, typed into, previewed, and kept once the loader takes it."""

from collections.abc import Mapping
from dataclasses import dataclass, replace
from typing import Protocol

from sqlalchemy.orm import Session

import resources
from app.county import (
    archive_titles,
    checklists,
    era_words,
    forms,
    limits,
    options,
    rosters,
    yearly_limits,
    yearly_standards,
)
from app.county.sheet import ChangeLine, CountySheet, EntryRef, compare
from app.county.storage import AmendmentCells, changed_files, overlay_with, stored_cells, write_cells
from app.errors import UserError
from app.records.standards import load_standards
from app.workbook.workbook import Workbook
from db.schema.record import new_id
from resources.overlay import used_overlay


class CountyKind(Protocol):
    """One kind of what the county sets: a module of this package.

    Attributes:
        KIND: the folder of resources
        TITLE: what officers call it
        TITLE_COLUMN: the column that names a row
    """

    KIND: str
    TITLE: str
    TITLE_COLUMN: str

    def names(self) -> list[tuple[str, str]]:
        """Name and title of each file."""

    def load(self, session: Session, name: str) -> CountySheet:
        """One file as a sheet."""

    def amend(self, session: Session, edited: CountySheet) -> dict[str, AmendmentCells | None]:
        """What has to be written, by item. Raises UserError."""

    def knows(self, name: str, item: str) -> bool:
        """Whether this program can keep such an entry, of a file of another village."""

    def check(self, session: Session, name: str) -> None:
        """Whether the program can work with a file as the running overlay has it. Raises UserError."""


KINDS: Mapping[str, CountyKind] = {
    kind.KIND: kind for kind in (yearly_limits, options, limits, checklists, forms, rosters, archive_titles, era_words)
}
_WHOLE = {checklists.KIND: checklists.refuse_removal, forms.KIND: forms.refuse_removal}
_STALE = "这一项刚被别处改过，页面上的已不是最新内容。请重新打开这一项，再改一次。"


@dataclass(frozen=True, slots=True)
class Plan:
    """What keeping a sheet would change."""

    sheet: CountySheet
    lines: tuple[ChangeLine, ...]


def titles_of_kinds() -> tuple[tuple[str, str], ...]:
    """Kind and title of all groups, in their order."""
    return (
        (yearly_standards.KIND, yearly_standards.TITLE),
        *((kind.KIND, kind.TITLE) for kind in KINDS.values()),
    )


def list_entries(session: Session) -> tuple[EntryRef, ...]:
    """All that can be edited, kind by kind."""
    changed = changed_files(session)
    entered = bool(load_standards(session).entered)
    found = [EntryRef(yearly_standards.KIND, "", yearly_standards.TITLE, entered)]
    for kind in KINDS.values():
        found += [EntryRef(kind.KIND, name, title, (kind.KIND, name) in changed) for name, title in kind.names()]
    return tuple(found)


def load_sheet(session: Session, kind: str, name: str) -> CountySheet:
    """One entry as it is now.

    Raises:
        UserError: there is no such entry
    """
    if kind == yearly_standards.KIND:
        return yearly_standards.load(session)
    if kind not in KINDS or name not in dict(KINDS[kind].names()):
        raise UserError(f"没有“{name}”这一项，请从左边的列表里选。")
    return KINDS[kind].load(session, name)


def plan(session: Session, base: CountySheet, edited: CountySheet) -> Plan:
    """What keeping an edited sheet would change; all of it is checked, nothing is written.

    Args:
        base: the sheet as it was before it was typed into

    Raises:
        UserError: the loader would refuse it, records hold what is taken out, or somebody else changed it meanwhile
    """
    if edited.kind == yearly_standards.KIND:
        if yearly_standards.load(session).rows != base.rows:
            raise UserError(_STALE)
        yearly_standards.amend(edited)
        yearly_standards.check(base, edited)
        return Plan(edited, tuple(compare(base, edited, yearly_standards.TITLE_COLUMN)))
    kind = KINDS[edited.kind]
    if edited.name in dict(kind.names()):
        now = kind.load(session, edited.name)
        if (_essence(now), now.head_cells) != (_essence(base), base.head_cells):
            raise UserError(_STALE)
    cells = kind.amend(session, edited)
    check_changes(session, {(edited.kind, edited.name): cells})
    return Plan(edited, tuple(compare(base, edited, kind.TITLE_COLUMN)))


def save(workbook: Workbook, base: CountySheet, edited: CountySheet) -> None:
    """Keep an edited sheet, as one operation.

    Raises:
        UserError: as `plan`
    """
    with workbook.operation(f"修改县级规定：{edited.title}") as session:
        plan(session, base, edited)
        if edited.kind == yearly_standards.KIND:
            yearly_standards.write(session, base, edited)
        else:
            write_cells(session, edited.kind, edited.name, KINDS[edited.kind].amend(session, edited))


def restore_default(workbook: Workbook, kind: str, name: str) -> None:
    """Go back to what the program brings along, as one operation.

    Raises:
        UserError: records hold an option that only the county has
    """
    with workbook.operation("县级规定恢复默认") as session:
        cells: dict[str, AmendmentCells | None] = dict.fromkeys(stored_cells(session, kind, name))
        check_changes(session, {(kind, name): cells})
        write_cells(session, kind, name, cells)


def check_changes(session: Session, changes: Mapping[tuple[str, str], Mapping[str, AmendmentCells | None]]) -> None:
    """Refuse entries that the program could not work with, all of them seen together.

    Raises:
        UserError: the first that is wrong
    """
    for (kind, name), cells in changes.items():
        if kind == options.KIND:
            options.refuse_unknown_values(session, name, cells)
        elif kind in _WHOLE and name not in resources.program_names(kind) and not _keeps_text(cells):
            _WHOLE[kind](session, name)
    with used_overlay(overlay_with(session, changes)):
        for kind, name in changes:
            KINDS[kind].check(session, name)


def _keeps_text(cells: Mapping[str, AmendmentCells | None]) -> bool:
    whole = cells.get("")
    return whole is not None and whole.text is not None


def _essence(sheet: CountySheet) -> list[tuple[str, dict[str, str]]]:
    """What a sheet says, without figures that records change."""
    told = [column.key for column in sheet.columns if not column.read_only]
    return [(row.key, {key: row.cells.get(key, "") for key in told}) for row in sheet.rows]


def copied(sheet: CountySheet, title: str) -> CountySheet:
    """A new checklist or form with the content of another; it is kept when it is saved."""
    head = {**sheet.head_cells, "title": title, "model": sheet.name}
    return replace(sheet, name=f"county_{new_id()[:8]}", title=title, head_cells=head, changed=False)
