"""What a list of the national system says the system holds (app/consistency): kept when the list is imported.

After an import the workbook says what the list says, cell by cell, but for cells that the list leaves empty. So a plan
only has to remember which records and columns it covers and which of them are empty; the values are read afterwards.
"""

from collections import Counter
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from functools import cache

from sqlalchemy.orm import Session

from app.consistency.facts import compared_facts
from app.consistency.households import BLOCK
from app.consistency.observed_values import WITHDRAWN, Held, count_new, observe
from app.consistency.record_values import ColumnSet, Stored, record_values, stored_form
from app.consistency.systems import entry_systems
from app.consistency.three_way import system_place
from app.sheets.cells import text_of
from app.sheets.import_plan import ImportPlan, Placement, PlannedRecord
from app.sheets.monitoring_plan import yes_or_no
from app.sheets.roster import RosterRow
from app.sheets.roster_origin import RosterOrigin
from db.schema import records

_MEASURE = "measure."  # what the target of a column begins with that says whether there is one of this kind
_INCOME = ("income_year", "reported_per_head")  # what the system says of the income per head


@dataclass(slots=True)
class ListedValues:
    """What a list covers.

    Attributes:
        day: of which it tells, ISO
        file: its name
        columns: (table, row id) → the columns that it has of this record
        blanks: (table, row id) → those of them that it leaves empty while the workbook knows a value
        households: those that it names by their number, in their order
        sizes: household → how many people it lists
        helpers: household → the names of its helpers
        measures: household → the kinds of its measures, of the newest year that the list tells of
        news: of how many households it says what is not written down yet, where it changes no record
    """

    day: str
    file: str
    columns: dict[tuple[str, str], frozenset[str]] = field(default_factory=dict)
    blanks: dict[tuple[str, str], tuple[str, ...]] = field(default_factory=dict)
    households: dict[str, None] = field(default_factory=dict)
    sizes: Counter[str] = field(default_factory=Counter)
    helpers: dict[str, set[str]] = field(default_factory=dict)
    measures: dict[str, set[str]] = field(default_factory=dict)
    news: int = 0


def listed_values(plan: ImportPlan, file: str, origin: RosterOrigin) -> ListedValues:
    """What a planned list covers of the households that it names by their 户编号; nothing where it is not an export of
    the national system."""
    listed = ListedValues(origin.day.isoformat(), file)
    if not origin.is_national:
        return listed
    coverage = _Coverage(plan, listed)
    people: dict[str, set[str]] = {}
    for placement in plan.placements:
        household_id = _household(placement)
        if not household_id or not placement.row.text("household.household_no"):
            continue
        listed.households[household_id] = None
        if (kinds := _measure_kinds(placement.row)) is not None:
            listed.measures.setdefault(household_id, set()).update(kinds)
        for record in placement.records.values():
            coverage.add(placement.row, record)
            if record.table == "member" and placement.row.kind == "member":
                people.setdefault(household_id, set()).add(record.id)
            elif record.table == "helper":
                listed.helpers.setdefault(household_id, set()).add(record.title)
    listed.sizes.update({household_id: len(found) for household_id, found in people.items()})
    return listed


def observe_list(session: Session, listed: ListedValues) -> int:
    """Write down what the system holds, after the list was imported; returns of how many households that is new."""
    return sum(observe(session, system_place(), held, listed.day, basis=listed.file) for held in _held(session, listed))


def count_unobserved(session: Session, listed: ListedValues) -> int:
    """The same of a list that changes no record, without writing."""
    return sum(
        count_new(session, system_place(), held, listed.day, basis=listed.file) for held in _held(session, listed)
    )


def _held(session: Session, listed: ListedValues) -> Iterator[dict[str, Held]]:
    """Household id → what the list says of it, block by block."""
    ids = list(listed.households)
    by_table: dict[str, set[str]] = {}
    for (table, _), columns in listed.columns.items():
        by_table.setdefault(table, set()).update(columns)
    for start in range(0, len(ids), BLOCK):
        block = ids[start : start + BLOCK]
        held: dict[str, Held] = {household_id: {} for household_id in block}
        for table, names in by_table.items():
            for record in record_values(session, ColumnSet(table, tuple(sorted(names))), block):
                if (table, record.id) in listed.columns:
                    cells = _cells(listed, table, record.id, record.values)
                    held[record.household_id].setdefault(table, {})[record.id] = cells
        for household_id, values in held.items():
            _add_worked_out(listed, household_id, values)
        yield held


@cache
def _kept_columns() -> Mapping[str, frozenset[str]]:
    """Table → the columns that are compared with the national system."""
    screens = (
        screen.columns for system in entry_systems() if system.place == system_place() for screen in system.screens
    )
    kept: dict[str, set[str]] = {_INCOME[0]: {_INCOME[1], "year"}}
    for columns in (*screens, *compared_facts()):
        own = records()[columns.table].__table__.columns
        kept.setdefault(columns.table, set()).update(name for name in columns.columns if name in own)
    return {table: frozenset(names) for table, names in kept.items()}


def _household(placement: Placement) -> str:
    for record in placement.records.values():
        household_id = record.id if record.table == "household" else record.values.get("household_id")
        if household_id:
            return str(household_id)
    return ""


class _Coverage:
    """Puts down which columns a list has of each record, and which of them are empty."""

    def __init__(self, plan: ImportPlan, listed: ListedValues) -> None:
        self._plan, self._listed = plan, listed
        self._headed: dict[tuple[int, str, int], frozenset[str]] = {}  # columns of a heading, for all its rows

    def add(self, row: RosterRow, record: PlannedRecord) -> None:
        kept = _kept_columns().get(record.table)
        if not kept:
            return
        columns, blanks = self._listed.columns, self._listed.blanks
        key, existing = (record.table, record.id), self._plan.snapshot.get(record.table, record.id) or {}
        headed = self._headed_columns(row, record.table) & kept
        columns[key] = columns.get(key, frozenset()) | headed | (kept & record.values.keys())
        blank = [
            name
            for name in headed - record.values.keys()
            if existing.get(name) is not None and not _has_text(row, f"{record.table}.{name}")
        ]
        if blank:
            blanks[key] = tuple(sorted({*blanks.get(key, ()), *blank}))

    def _headed_columns(self, row: RosterRow, table: str) -> frozenset[str]:
        key = (id(row.columns), table, row.person)
        if key not in self._headed:
            targets = (column.target.partition(".") for column in row.columns if column.person == row.person)
            self._headed[key] = frozenset(name for target_table, _, name in targets if target_table == table)
        return self._headed[key]


def _measure_kinds(row: RosterRow) -> set[str] | None:
    """The kinds of measures that a row says yes to, None where the list has no columns of measures."""
    columns = [column for column in row.columns if column.target.startswith(_MEASURE)]
    if not columns:
        return None
    year = max(column.year for column in columns)
    values = row.by_year.get(year, {}) if year else row.values
    told = {column.target: values.get(column.target) for column in columns if column.year == year}
    return {
        target.removeprefix(_MEASURE)
        for target, value in told.items()
        if isinstance(value, str) and yes_or_no(value) is not False
    }


def _has_text(row: RosterRow, target: str) -> bool:
    """Whether something stands there that could not be read: then nobody knows what the system holds."""
    return any(column.target == target and text_of(row.cells[column.index]) for column in row.columns)


def _cells(listed: ListedValues, table: str, row_id: str, values: Mapping[str, Stored]) -> dict[str, Stored]:
    cells: dict[str, Stored] = {name: values[name] for name in listed.columns[table, row_id]}
    cells[WITHDRAWN] = False
    cells.update(dict.fromkeys(listed.blanks.get((table, row_id), ())))
    return cells


def _add_worked_out(listed: ListedValues, household_id: str, values: Held) -> None:
    """What the system says of the household as a whole: its people, its income of the newest year, its helpers."""
    told: dict[str, Stored] = {}
    incomes = values.pop(_INCOME[0], {})
    newest = max(incomes.values(), key=lambda cells: str(cells.get("year") or ""), default={})
    if newest.get(_INCOME[1]) is not None:
        told["net_per_head"] = newest[_INCOME[1]]
    if listed.sizes[household_id]:
        told["size"] = listed.sizes[household_id]
    if household_id in listed.helpers:
        told["helpers"] = "、".join(sorted(listed.helpers[household_id]))
    if household_id in listed.measures:
        told["measures"] = stored_form(tuple(listed.measures[household_id]))
    if told:
        values.setdefault("household", {}).setdefault(household_id, {WITHDRAWN: False}).update(told)
