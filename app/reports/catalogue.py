"""The parts of an archive: the list in resources/archive, the section modules, and parts that are defined as data."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from functools import partial
from typing import Any, Literal

from sqlalchemy.orm import Session

import resources
from app.pdf.flowables import Flowable, HeaderLine, Title
from app.pdf.page_style import CELL
from app.pdf.table import Cell, Table, TableRow
from app.registers import all_registers
from app.reports import formatting
from app.reports.era import Terms, eras, names_era_words
from app.reports.filled_form import household_forms
from app.reports.household_context import load_context
from app.reports.register_ledger import household_part
from app.reports.sections import section_key, sections
from db.schema.relations import printed_in
from resources.overlay import cached, in_order

LISTING = "household"  # resources/archive/household.toml, the table of contents
_GRID = (30, 55, 30, 55)
_REGISTER_ORDER = 102  # behind measures and the benefits of policies

BuildPart = Callable[[Session, str], Sequence[Flowable]]


@dataclass(frozen=True, slots=True)
class Part:
    """One part of an archive.

    Attributes:
        name: of its section
        code: the form's number in the catalogue, "" if it has none
        when_empty: "omit" leaves an empty part out, "none" prints a page that says 无
        listed: whether the table of contents names it
        bare: no page number and no archive page number: covers
        copies: how many the file needs
        log: it describes how the record was made, not its content, and so does not count in the code on the cover
        on_request: only printed if it is chosen by name
        county_title: the title is the county's own, of all years
    """

    name: str
    title: str
    code: str
    build: BuildPart
    landscape: bool
    when_empty: Literal["omit", "none"]
    listed: bool
    bare: bool
    copies: int
    log: bool = False
    on_request: bool = False
    county_title: bool = False

    @property
    def is_called_by_era(self) -> bool:
        """Whether some era has a title of its own for it, or other words in it."""
        return not self.county_title and (names_era_words(self.title) or any(self.name in era.titles for era in eras()))

    def called(self, words: Terms) -> str:
        """Its title in the words of an era, or as the county calls it."""
        return self.title if self.county_title else words.title(self.name, self.title)


@cached
def parts() -> tuple[Part, ...]:
    """Every part in filing order: as listed in resources/archive/household.toml, the others by their ORDER."""
    definitions = _section_definitions() | _declared_definitions() | _register_definitions()
    contents = resources.read("archive", LISTING)
    listing = [entry for entry in contents["parts"] if entry["section"] in definitions]
    listed_names = [entry["section"] for entry in listing]
    order = list(listed_names)
    for name in sorted(definitions.keys() - set(listed_names), key=lambda name: (definitions[name]["order"], name)):
        insert_at = (n for n, other in enumerate(order) if definitions[other]["order"] > definitions[name]["order"])
        order.insert(next(insert_at, len(order)), name)
    listing_by_name = {entry["section"]: entry for entry in listing}
    renamed = frozenset(contents.get("titles", {}))
    for key, of_county in (("title", contents.get("titles", {})), ("code", contents.get("codes", {}))):
        for name, text in of_county.items():
            listing_by_name[name] = listing_by_name.get(name, {}) | {key: text}
    order = in_order(order, str, contents.get("order", ()))
    made = (_make_part(name, definitions[name], listing_by_name.get(name, {})) for name in order)
    return tuple(replace(part, county_title=True) if part.name in renamed else part for part in made)


def select_parts(names: Sequence[str] | None) -> tuple[Part, ...]:
    """The parts of these names in filing order; all but those on request if None.

    Raises:
        KeyError: there is no such part
    """
    known = {part.name for part in parts()}
    for name in names or ():
        if name not in known:
            raise KeyError(name)
    return tuple(part for part in parts() if (not part.on_request if names is None else part.name in names))


def papers_of_table(table: str) -> tuple[list[str], list[str]]:
    """The parts of an archive, and the reports, that print records of a table."""
    names, printed = {part.name for part in parts()}, printed_in(table)
    return [name for name in printed if name in names], [name for name in printed if name not in names]


@cached
def parts_of_form(code: str) -> tuple[str, ...]:
    """The parts of an archive that print a form, by its name in resources/forms."""
    named = ((name, resources.read("archive", name)) for name in resources.names("archive"))
    return tuple(name for name, raw in named if "kind" in raw and code in raw.get("forms", ()))


def _make_part(name: str, definition: dict[str, Any], listing_entry: dict[str, Any]) -> Part:
    return Part(
        name=name,
        title=listing_entry.get("title", definition["title"]),
        code=listing_entry.get("code", ""),
        build=definition["make"],
        landscape=definition["landscape"],
        when_empty=listing_entry.get("when_empty", "omit"),
        listed=listing_entry.get("listed", True),
        bare=listing_entry.get("bare", False),
        copies=listing_entry.get("copies", 1),
        log=definition.get("log", False),
        on_request=listing_entry.get("on_request", False),
    )


def _section_definitions() -> dict[str, dict[str, Any]]:
    return {
        section_key(module): {
            "title": module.TITLE,
            "order": module.ORDER,
            "landscape": getattr(module, "LANDSCAPE", False),
            "log": getattr(module, "LOG", False),
            "make": module.section,
        }
        for module in sections()
    }


def _declared_definitions() -> dict[str, dict[str, Any]]:
    """Files of resources/archive with a `kind`: fields of the household, or filled-in forms."""
    definitions = {}
    for name in resources.names("archive"):
        raw = resources.read("archive", name)
        if "kind" in raw:
            definitions[name] = {
                "title": raw["title"],
                "order": raw["order"],
                "landscape": raw.get("landscape", False),
                "make": partial({"fields": _field_grid, "form": _form_entries}[raw["kind"]], raw),
            }
    return definitions


def _register_definitions() -> dict[str, dict[str, Any]]:
    """Every register that an archive has a part of, and that has no section of its own: what a household has in it."""
    return {
        register.key: {
            "title": register.title,
            "order": _REGISTER_ORDER + register.order / 1000,
            "landscape": register.ledger.landscape,
            "make": partial(household_part, register),
        }
        for register in all_registers()
        if register.about_households and register.in_archive and not register.section
    }


def _field_grid(raw: dict[str, Any], session: Session, household_id: str) -> list[Flowable]:
    """`columns` of the household as a grid of labels and values; nothing if all of `asks` (or all) are empty."""
    context = load_context(session, household_id)
    if all(getattr(context.household, name) is None for name in raw.get("asks", raw["columns"])):
        return []
    table_rows = formatting.field_grid("household", context.household, raw["columns"])
    return [Title(raw["title"]), context.header_line(), Table(_GRID, table_rows)]


def _form_entries(raw: dict[str, Any], session: Session, household_id: str) -> list[Flowable]:
    """The entries of `forms` (names of files in resources/forms)."""
    return household_forms(session, household_id, raw["forms"])


def empty_page(part: Part, session: Session, household_id: str) -> list[Flowable]:
    """The page of an empty part that must not be left out."""
    context = load_context(session, household_id)
    return [
        Title(part.title),
        context.header_line(),
        Table((170,), [TableRow([Cell("无", CELL.aligned("center"))], min_height=20)]),
        HeaderLine(""),
    ]
