"""名册列名: further headings under which a column of a roster is known."""

from typing import cast

from sqlalchemy.orm import Session

import resources
from app.county.sheet import CountySheet, EntryColumn, EntryRow
from app.county.storage import AmendmentCells, stored_cells
from app.errors import UserError
from app.records.field import fields
from app.sheets.column_targets import target_choices
from app.sheets.roster_aliases import TABLES, RosterKind, called_headings, normalize_header
from resources.overlay import cached

KIND, TITLE, TITLE_COLUMN = "rosters", "名册列名", "label"
_COLUMNS = (
    EntryColumn("label", "填入", read_only=True, width=16),
    EntryColumn("known", "程序认得的列名", read_only=True, width=18),
    EntryColumn("aliases", "增加的列名", width=12),
)


@cached
def names() -> list[tuple[str, str]]:
    """The layouts whose columns can be given further headings."""
    found = [(name, resources.program_data(KIND, name)) for name in resources.program_names(KIND)]
    return [(name, raw["title"]) for name, raw in found if raw.get("about") in TABLES]


def load(session: Session, name: str) -> CountySheet:
    """Each column with the headings that the program knows."""
    program, own = resources.program_data(KIND, name), stored_cells(session, KIND, name)
    labels = _labels(program["about"])
    known = {target: headers for target, headers in program["columns"].items() if headers}
    rows = [
        EntryRow(
            target,
            {
                "label": labels.get(target) or known[target][0],
                "known": "、".join(known.get(target, ())),
                "aliases": (own[target].aliases or "") if target in own else "",
            },
            own=target in own,
        )
        for target in dict.fromkeys((*known, *labels))
    ]
    note = f"依据：{program['source']}。几个列名之间用顿号隔开"
    if called := "、".join(program.get("called", ())):
        note += f"。前面写着叫法的（{called}）同样认得"
    return CountySheet(KIND, name, program["title"], note, _COLUMNS, tuple(rows), changed=bool(own))


def amend(session: Session, edited: CountySheet) -> dict[str, AmendmentCells | None]:
    """The headings that were added."""
    cells: dict[str, AmendmentCells | None] = {}
    for row in edited.rows:
        parts = row.cells["aliases"].replace("，", "、").replace(",", "、").split("、")
        added = "、".join(dict.fromkeys(part.strip() for part in parts if part.strip()))
        cells[row.key] = AmendmentCells(edited.title, row.cells["label"], aliases=added) if added else None
    kept = stored_cells(session, KIND, edited.name)
    return {target: one for target, one in cells.items() if one is not None or target in kept}


def check(session: Session, name: str) -> None:
    """A heading leads to one column; the label of a column leads to it by itself.

    Raises:
        UserError: it leads to two
    """
    raw = resources.read(KIND, name)
    labels = _labels(raw["about"])
    seen = {
        normalize_header(one.label): f"{table}.{one.name}"
        for table in reversed(TABLES[cast(RosterKind, raw["about"])])
        for one in fields(table)
    }
    seen |= {normalize_header(header): target for target, headers in _program(name).items() for header in headers}
    for header, target in called_headings(raw["about"], raw.get("called", ()), _program(name)):
        seen.setdefault(normalize_header(header), target)
    for target, headers in raw["columns"].items():
        for header in headers:
            other = seen.setdefault(normalize_header(header), target)
            if other != target:
                raise UserError(
                    f"列名“{header}”同时填入“{labels.get(other, other)}”和“{labels.get(target, target)}”，"
                    "导入时分不清。请只留一处。"
                )


def knows(name: str, item: str) -> bool:
    """Whether this program has such a column."""
    if name not in dict(names()):
        return False
    return item in _program(name) or item in _labels(resources.program_data(KIND, name)["about"])


def _program(name: str) -> dict[str, list[str]]:
    columns: dict[str, list[str]] = resources.program_data(KIND, name)["columns"]
    return columns


def _labels(about: RosterKind) -> dict[str, str]:
    return dict(target_choices(about))
