"""The parts of an archive: the list in resources/archive, sections found by folder walk, and plain ones as data."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from functools import cache, partial
from typing import Any, Literal

from sqlalchemy import select
from sqlalchemy.orm import Session

import resources
from app.archive import wording
from app.archive.blocks import Between, Block, Signature, Slot, Title
from app.archive.filled_form import forms_of
from app.archive.paper import CELL, LABEL, SMALL, SMALL_LABEL
from app.archive.sections import sections
from app.archive.subject import subject
from app.archive.tables import Cell, Row, Table
from app.records.field import Field, field
from db.schema import records

LISTING = "household"  # resources/archive/household.toml, the table of contents
_GRID = (30, 55, 30, 55)

Make = Callable[[Session, str], Sequence[Block]]


@dataclass(frozen=True, slots=True)
class Part:
    """One part of an archive.

    Attributes:
        name: of its section
        code: the form's number in the catalogue, "" where it has none
        when_empty: "omit" leaves an empty part out, "none" prints a page that says 无
        listed: whether the table of contents names it
        bare: no page number, no archive page number: covers
        copies: how many of it the file wants
        log: it tells how the record came to be, not what it says, and so does not count in the code on the cover
        on_request: only printed where it is chosen by name
    """

    name: str
    title: str
    code: str
    make: Make
    landscape: bool
    when_empty: Literal["omit", "none"]
    listed: bool
    bare: bool
    copies: int
    log: bool = False
    on_request: bool = False


@cache
def parts() -> tuple[Part, ...]:
    """Every part in filing order: as resources/archive/household.toml lists them, the others by their ORDER."""
    found = _sections() | _plain()
    listing = [entry for entry in resources.read("archive", LISTING)["parts"] if entry["section"] in found]
    named = [entry["section"] for entry in listing]
    order = list(named)
    for name in sorted(found.keys() - set(named), key=lambda name: (found[name]["order"], name)):
        later = (n for n, other in enumerate(order) if found[other]["order"] > found[name]["order"])
        order.insert(next(later, len(order)), name)
    said = {entry["section"]: entry for entry in listing}
    return tuple(_part(name, found[name], said.get(name, {})) for name in order)


def chosen(names: Sequence[str] | None) -> tuple[Part, ...]:
    """The parts of these names in filing order; all but those on request if None.

    Raises:
        KeyError: there is no such part
    """
    known = {part.name for part in parts()}
    for name in names or ():
        if name not in known:
            raise KeyError(name)
    return tuple(part for part in parts() if (not part.on_request if names is None else part.name in names))


def _part(name: str, found: dict[str, Any], said: dict[str, Any]) -> Part:
    return Part(
        name=name,
        title=said.get("title", found["title"]),
        code=said.get("code", ""),
        make=found["make"],
        landscape=found["landscape"],
        when_empty=said.get("when_empty", "omit"),
        listed=said.get("listed", True),
        bare=said.get("bare", False),
        copies=said.get("copies", 1),
        log=found.get("log", False),
        on_request=said.get("on_request", False),
    )


def _sections() -> dict[str, dict[str, Any]]:
    return {
        module.__name__.rpartition(".")[2]: {
            "title": module.TITLE,
            "order": module.ORDER,
            "landscape": getattr(module, "LANDSCAPE", False),
            "log": getattr(module, "LOG", False),
            "make": module.section,
        }
        for module in sections()
    }


def _plain() -> dict[str, dict[str, Any]]:
    """Files of resources/archive with a `kind`: fields of one record, records as a table, or filled-in forms."""
    found = {}
    for name in resources.names("archive"):
        raw = resources.read("archive", name)
        if "kind" in raw:
            found[name] = {
                "title": raw["title"],
                "order": raw["order"],
                "landscape": raw.get("landscape", False),
                "make": partial({"fields": _fields, "table": _table, "form": _form}[raw["kind"]], raw),
            }
    return found


def _fields(raw: dict[str, Any], session: Session, household_id: str) -> list[Block]:
    """`columns` of the household as a grid of labels and values; nothing where all of `asks` (or all) are empty."""
    home = subject(session, household_id)
    if all(getattr(home.household, name) is None for name in raw.get("asks", raw["columns"])):
        return []
    rows = wording.grid("household", home.household, raw["columns"])
    return [Title(raw["title"]), home.heading(), Table(_GRID, rows)]


def _form(raw: dict[str, Any], session: Session, household_id: str) -> list[Block]:
    """The entries of `forms` (names of files in resources/forms)."""
    return forms_of(session, household_id, raw["forms"])


def _table(raw: dict[str, Any], session: Session, household_id: str) -> list[Block]:
    """Records of `table` that belong to the household, one a row; `columns`: name and width in millimetres."""
    home, model = subject(session, household_id), records()[raw["table"]]
    query: Any = select(model).where(~model.withdrawn)
    query = query.where(getattr(model, "household_id") == household_id)  # noqa: B009 - only the families below a household
    kept = list(session.scalars(query))
    kept.sort(key=lambda row: tuple(str(getattr(row, name) or "") for name in (*raw["sort"], "id")))
    if not kept:
        return []
    dense = len(raw["columns"]) > 7
    head, body = (SMALL_LABEL, SMALL) if dense else (LABEL, CELL)
    named = [field(raw["table"], column["name"]) for column in raw["columns"]]
    heads = [Row([Cell(text, head, shaded=True) for text in ("序号", *(one.label for one in named))])]
    rows = []
    for n, row in enumerate(kept, 1):
        cells = [Cell(str(n), body.at("center"))]
        for one in named:
            text = _referred(session, one, getattr(row, one.name))
            cells.append(Cell(text, body.at("right" if one.kind in ("money", "decimal", "integer") else "left")))
        rows.append(Row(cells))
    widths = (10, *(column["width"] for column in raw["columns"]))
    signs = [Slot(sign["label"], sign.get("finger", False), sign.get("seal", False)) for sign in raw.get("signs", ())]
    signed = [Signature(signs)] if signs else []
    return [Title(raw["title"]), home.heading(), Table(widths, rows, heads, padding=1.0), *signed]


def _referred(session: Session, one: Field, value: object) -> str:
    """A value as it is printed; a reference as the name of what it points to."""
    if one.kind != "reference" or not isinstance(value, str):
        return wording.said(one, value)
    row = session.get(records()[one.declared.refers], value)
    return str(getattr(row, "name", None) or wording.EMPTY)


def nothing(part: Part, session: Session, household_id: str) -> list[Block]:
    """The page of an empty part that must not be missing."""
    home = subject(session, household_id)
    return [
        Title(part.title),
        home.heading(),
        Table((170,), [Row([Cell("无", CELL.at("center"))], least=20)]),
        Between(""),
    ]
