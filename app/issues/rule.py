"""What a cleaning rule is, and what it reports about a record.

A rule is a function over one `HouseholdFacts` that yields a `Finding` for each record that breaks it, at most one a
record.
"""

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from typing import TYPE_CHECKING, Literal, TypeAlias

from app.records.field import Value, field
from db.schema.record import Record
from db.schema.relations import record_label, title_columns, title_from_cells

if TYPE_CHECKING:
    from app.issues.household_facts import HouseholdFacts

Severity: TypeAlias = Literal["错误", "疑点", "提示"]
ERROR: Severity = "错误"  # certainly wrong: the county's check sends it back
WARNING: Severity = "疑点"  # looks wrong: investigate, then correct or dismiss it
HINT: Severity = "提示"  # worth a look
SEVERITIES: tuple[Severity, ...] = (ERROR, WARNING, HINT)


@dataclass(frozen=True, slots=True)
class CellRef:
    """A cell that an issue concerns; `record_id` "" where a record of this table is missing."""

    table: str
    record_id: str
    column: str


@dataclass(frozen=True, slots=True)
class Fix:
    """A value that would resolve the issue; `label` says where it comes from."""

    cell: CellRef
    value: Value
    label: str


@dataclass(frozen=True, slots=True)
class CountyPlace:
    """Where the page of the county's rules takes in what is missing: an entry of it, its line and column."""

    kind: str
    name: str = ""
    year: int = 0
    column: str = ""


@dataclass(frozen=True, slots=True)
class Finding:
    """What a rule found.

    Attributes:
        record_id, record_title: the record and its title
        message: the contradictory values in a sentence, personal numbers masked
        cells: the cells concerned, the one to be corrected first
        values: everything the judgement rests on; the issue is the same while these are unchanged
        county: what the county has not set yet, where that is what is missing
    """

    record_id: str
    record_title: str
    message: str
    cells: tuple[CellRef, ...]
    values: tuple[str, ...]
    fix: Fix | None = None
    county: CountyPlace | None = None


@dataclass(frozen=True, slots=True)
class Rule:
    """One rule. `source`: numbers of the national and provincial catalogues (R…) and of our own list (§6-…)."""

    key: str
    severity: Severity
    title: str
    source: str
    check: Callable[["HouseholdFacts"], Iterator[Finding]]


def rule(
    key: str, severity: Severity, title: str, source: str
) -> Callable[[Callable[["HouseholdFacts"], Iterator[Finding]]], Rule]:
    """Make a function over a household's facts a rule; the modules of app/issues/rules are searched for them."""

    def decorate(check: Callable[["HouseholdFacts"], Iterator[Finding]]) -> Rule:
        return Rule(key, severity, title, source, check)

    return decorate


def finding(
    row: Record,
    message: str,
    *columns: str,
    context_values: tuple[object, ...] = (),
    fix: tuple[str, Value, str] | None = None,
    missing: tuple[str, str] | None = None,
    county: CountyPlace | None = None,
) -> Finding:
    """What is wrong with a record.

    Args:
        columns: of this record, the one to be corrected first
        context_values: what else the judgement rests on, e.g. values of other records, thresholds
        fix: column, value and sentence of a correction
        missing: table and column of a record that should exist
        county: what the county has not set yet
    """
    table = row.__tablename__
    return Finding(
        record_id=row.id,
        record_title=row_title(row),
        message=message,
        cells=(CellRef(missing[0], "", missing[1]),)
        if missing
        else tuple(CellRef(table, row.id, item) for item in columns),
        values=(*(str(getattr(row, column)) for column in columns), *(str(item) for item in context_values)),
        fix=Fix(CellRef(table, row.id, fix[0]), fix[1], fix[2]) if fix else None,
        county=county,
    )


def row_title(row: Record) -> str:
    """The kind of a record and its title, e.g. "家庭成员 陈卫国"; of a household, told by its head, the kind alone."""
    table = row.__tablename__
    if table == "household":
        return record_label(table)
    cells = {name: getattr(row, name) for name in title_columns(table)}
    return f"{record_label(table)} {title_from_cells(table, cells)}".strip()


def describe_fields(row: Record, *columns: str) -> str:
    """Fields with their values as a sentence names them, personal numbers masked: 性别“男”、证件号码未填."""
    parts = []
    for column in columns:
        field_spec = field(row.__tablename__, column)
        text = field_spec.text(getattr(row, column), hide=True)
        parts.append(
            f"{field_spec.label}“{text}{field_spec.unit if text else ''}”" if text else f"{field_spec.label}未填"
        )
    return "、".join(parts)
