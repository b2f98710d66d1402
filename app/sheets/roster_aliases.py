"""Under which headings each field is known, for each kind of list. The headings are data: resources/rosters/*.toml."""

import re
import unicodedata
from collections.abc import Iterable, Iterator, Mapping
from typing import Literal, TypeAlias

import resources
from app.records.field import fields
from db.schema import records
from resources.overlay import cached

RosterKind: TypeAlias = Literal["member", "household", "helper"]

SKIPPED_COLUMN = "row.skipped"
TABLES: dict[RosterKind, tuple[str, ...]] = {
    "member": ("member", "household", "living_condition", "income_year"),
    "household": ("household", "living_condition", "income_year"),
    "helper": ("helper", "assignment"),
}
_UNIT = re.compile(r"\((亩|元|万元|月|公里|km|m2|平方米|人|户|个|%)\)$")
# what people write behind a column's name for whoever fills it in; a year or another person's part says something else
_HINT = re.compile(
    r"\((必填|选填|必填项|文本|文本格式|18位|身份证|身份证号|身份证号码|请选择|下拉选择|单选|多选|可多选)\)$"
)


def normalize_header(header: object) -> str:
    """A header as it is compared: half-width, no blanks, no marks of a required column, no unit, no advice."""
    text = re.sub(r"[\s*\u200b\ufeff:]", "", unicodedata.normalize("NFKC", str(header))).lower()
    return _UNIT.sub("", _HINT.sub("", text))


@cached
def office_headers() -> frozenset[str]:
    """Folded headings that only lists of other offices have."""
    offices = resources.read("rosters", "office_lists")["offices"]
    return frozenset(normalize_header(header) for office in offices for header in office["headers"])


@cached
def aliases(kind: RosterKind) -> Mapping[str, str]:
    """Folded header → "table.column", of all layouts of one kind; then the labels of db/schema."""
    targets: dict[str, str] = {}
    for name in resources.names("rosters"):
        layout = resources.read("rosters", name)
        if layout["about"] != kind:
            continue
        for header in layout["skipped"]:
            targets.setdefault(normalize_header(header), SKIPPED_COLUMN)
        program = resources.program_data("rosters", name)["columns"]
        columns = {  # without the county's headings for a column that only a newer program has
            target: headers for target, headers in layout["columns"].items() if target in program or _is_column(target)
        }
        for target, headers in columns.items():
            for header in headers:
                targets[normalize_header(header)] = target
        for header, target in called_headings(kind, layout.get("called", ()), columns):
            targets.setdefault(normalize_header(header), target)
    for table in TABLES[kind]:
        for field_spec in fields(table):
            if not field_spec.spec.derived and field_spec.kind != "reference" and field_spec.name != "year":
                targets.setdefault(normalize_header(field_spec.label), f"{table}.{field_spec.name}")
    return targets


def called_headings(
    kind: RosterKind, called: Iterable[str], columns: Mapping[str, Iterable[str]]
) -> Iterator[tuple[str, str]]:
    """Heading and target of each way in which the people of a list are called: 帮扶责任人, 帮扶责任人电话 …

    Args:
        called: what may stand in front of a heading, and alone heads the name
        columns: target → headings; only the people's own are combined, not their household's
    """
    own = f"{kind}."
    for name in called:
        yield name, f"{own}name"
        for target, headers in columns.items():
            if target.startswith(own):
                yield from ((name + header, target) for header in headers)


def _is_column(target: str) -> bool:
    table, _, name = target.partition(".")
    if table not in records():
        return False
    return table == "income_line" or name in records()[table].__table__.columns
