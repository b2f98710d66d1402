"""Writing amendments: one row for each entry and village, the same on every laptop."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal

from sqlalchemy import select
from sqlalchemy.orm import Session

from app.workbook.amendments import folder_of, load_overlay
from db.schema.amendment import Amendment
from db.schema.village import Village
from resources.option_roles import value_of
from resources.overlay import Amended, Overlay

_CELLS = ("label", "code", "aliases", "model", "hidden", "amount", "text")


@dataclass(frozen=True, slots=True)
class AmendmentCells:
    """What is written of one entry; `subject` and `entry` tell people which. All None: as the program has it."""

    subject: str
    entry: str
    label: str | None = None
    code: str | None = None
    aliases: str | None = None
    model: str | None = None
    hidden: bool | None = None
    amount: Decimal | None = None
    text: str | None = None

    @property
    def is_empty(self) -> bool:
        return all(getattr(self, name) is None for name in _CELLS)


def stored_cells(session: Session, kind: str, name: str) -> dict[str, AmendmentCells]:
    """What is kept of one file, by item."""
    return {
        row.item or "": AmendmentCells(row.subject or "", row.entry or "", *(getattr(row, cell) for cell in _CELLS))
        for row in _rows(session, kind, name)
    }


def changed_files(session: Session) -> set[tuple[str, str]]:
    """Kind and name of all files of which something is kept."""
    kept = select(Amendment.kind, Amendment.name).where(~Amendment.withdrawn).distinct()
    return {(folder_of(kind), name or "") for kind, name in session.execute(kept).all()}


def write_cells(session: Session, kind: str, name: str, cells: Mapping[str, AmendmentCells | None]) -> None:
    """Write the entries of one file; None, or one without a cell, goes back to the program's."""
    stored_kind = value_of("amendment_kind", kind)
    for village in _villages(session):
        for item, wanted in cells.items():
            row = session.get(Amendment, Amendment.id_of(village, stored_kind, name, item))
            if wanted is None or wanted.is_empty:
                if row is not None and not row.withdrawn:
                    row.withdrawn = True
                continue
            if row is None:
                key = Amendment.id_of(village, stored_kind, name, item)
                row = Amendment(id=key, village=village, kind=stored_kind, name=name, item=item, withdrawn=False)
                session.add(row)
            row.withdrawn = False
            row.subject, row.entry = wanted.subject, wanted.entry
            for cell in _CELLS:
                setattr(row, cell, getattr(wanted, cell))


def overlay_with(session: Session, changes: Mapping[tuple[str, str], Mapping[str, AmendmentCells | None]]) -> Overlay:
    """What would count if these entries were written: (kind, name) → item → cells."""
    amended = {(one.kind, one.name, one.item): one for one in load_overlay(session).amended()}
    for (kind, name), cells in changes.items():
        for item, wanted in cells.items():
            if wanted is None or wanted.is_empty:
                amended.pop((kind, name, item), None)
            else:
                amended[(kind, name, item)] = as_amended(kind, name, item, wanted)
    return Overlay(amended.values())


def as_amended(kind: str, name: str, item: str, cells: AmendmentCells) -> Amended:
    """The entry as an overlay has it."""
    aliases = tuple(part for part in (cells.aliases or "").split("、") if part)
    return Amended(
        kind, name, item, cells.label, cells.code, aliases, cells.model, cells.hidden, cells.amount, cells.text
    )


def _rows(session: Session, kind: str, name: str) -> Sequence[Amendment]:
    return session.scalars(
        select(Amendment)
        .where(~Amendment.withdrawn, Amendment.kind == value_of("amendment_kind", kind), Amendment.name == name)
        .order_by(Amendment.village.desc(), Amendment.id)
    ).all()


def _villages(session: Session) -> Sequence[str]:
    return session.scalars(select(Village.village).where(~Village.withdrawn).order_by(Village.village)).all()
