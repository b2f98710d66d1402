"""待录入清单: per record and system whether it is entered there, and what changed since.

Nobody keeps it: it is what stands here beside what each system is known to hold. A value that was changed and changed
back is no change.
"""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Literal

from sqlalchemy.orm import Session

from app.consistency.households import BLOCK, ComparedHousehold, blocks, compared_households, gone_households
from app.consistency.observed_values import (
    WITHDRAWN,
    Held,
    Observation,
    ObservedIndex,
    observations,
    observe,
    observed_households,
    observed_places,
)
from app.consistency.record_values import RecordValues, Stored, compared_field, record_values, value_text
from app.consistency.systems import EntrySystem, Screen, entry_system, entry_systems
from app.progress import Progress, Task
from app.workbook.workbook import Workbook
from db.journal.changes import changes_of_rows
from db.schema.relations import record_titles

EntryState = Literal["未录入", "有变动", "已录入"]
NOT_ENTERED: EntryState = "未录入"
CHANGED: EntryState = "有变动"
ENTERED: EntryState = "已录入"
ENTRY_STATES: tuple[EntryState, ...] = (NOT_ENTERED, CHANGED, ENTERED)
_IN_SYSTEM, _WITHDRAWN_HERE = "在系统里", "本工作簿已撤回"


@dataclass(frozen=True, slots=True)
class EntryDifference:
    """A value that has to be typed in.

    Attributes:
        column: "withdrawn" where the record itself is to be removed; then `after` says why
        before, after: what the system is known to hold, and what stands here
        changed_by, changed_at: of the newest change of the cell, local time; "" and None where the journal does not say
    """

    table: str
    column: str
    before: Stored
    after: Stored
    changed_by: str = ""
    changed_at: datetime | None = None

    @property
    def label(self) -> str:
        return "记录" if self.column == WITHDRAWN else compared_field(self.table, self.column).label

    def texts(self, *, hide: bool = True) -> tuple[str, str]:
        """Both for people, personal numbers masked or not."""
        if self.column == WITHDRAWN:
            return _IN_SYSTEM, str(self.after)
        one = compared_field(self.table, self.column)
        return value_text(one, self.before, hide=hide), value_text(one, self.after, hide=hide)


@dataclass(frozen=True, slots=True)
class EntryLine:
    """One record in one system.

    Attributes:
        title: what the record is called, e.g. a member's name
        stored: all that the screen asks for, as it stands here, in the order of its columns
        known_at, basis: when and from what it was last known what the system holds; "" where it is not entered
        changes: what changed since, in the order of the screen
    """

    system: EntrySystem
    screen: Screen
    household: ComparedHousehold
    record_id: str
    title: str
    state: EntryState
    withdrawn: bool
    stored: tuple[Stored, ...]
    known_at: str
    basis: str
    changes: tuple[EntryDifference, ...]

    @property
    def values(self) -> Mapping[str, Stored]:
        """All that the screen asks for, by column."""
        return dict(zip(self.screen.columns.columns, self.stored, strict=True))

    @property
    def differences(self) -> tuple[EntryDifference, ...]:
        """What is to be typed in: what changed, or all that is filled where the record is not entered."""
        if self.state != NOT_ENTERED:
            return self.changes
        filled = ((name, value) for name, value in self.values.items() if value is not None)
        return tuple(EntryDifference(self.table, name, None, value) for name, value in filled)

    @property
    def key(self) -> str:
        """Tells it from all other lines."""
        return f"{self.system.key} {self.record_id}"

    @property
    def table(self) -> str:
        return self.screen.columns.table

    def content(self, *, hide: bool = True) -> str:
        """All that has to be typed in, in one line; `hide` masks personal numbers."""
        told = []
        for one in self.differences:
            before, after = one.texts(hide=hide)
            change = f"{before or '空'} → {after or '空'}" if self.state == CHANGED else after
            told.append(f"{one.label}：{change}")
        return "；".join(told)


def entry_lines(
    workbook: Workbook,
    system_key: str = "",
    *,
    states: Sequence[EntryState] = (NOT_ENTERED, CHANGED),
    most: int | None = None,
) -> Task[tuple[EntryLine, ...]]:
    """The lines of one system or all, household by household, in the order of the screens.

    Args:
        states: only lines in these states
        most: no more lines than this
    """
    systems = (entry_system(system_key),) if system_key else entry_systems()
    found: list[EntryLine] = []
    with workbook.reading() as session:
        households = households_to_enter(session, systems)
        for done, block in enumerate(blocks(households)):
            yield Progress(done * BLOCK, len(households), "正在比对")
            found += lines_of(session, block, systems, states)
            if most is not None and len(found) >= most:
                break
    return tuple(found[:most])


def households_to_enter(session: Session, systems: Sequence[EntrySystem]) -> list[ComparedHousehold]:
    """All households in use, then those that are gone as a whole and that a system is known to have still."""
    known = observed_households(session, [system.place for system in systems])
    return [*compared_households(session), *gone_households(session, known)]


def lines_of(
    session: Session, block: Sequence[ComparedHousehold], systems: Sequence[EntrySystem], states: Sequence[EntryState]
) -> list[EntryLine]:
    """The lines of some households."""
    index = observations(session, [system.place for system in systems], [one.id for one in block])
    place = {one.id: n for n, one in enumerate(block)}
    lines = [
        line
        for system in systems
        for line in sorted(_system_lines(session, system, block, index), key=lambda one: place[one.household.id])
        if line.state in states
    ]
    return _with_authors(session, _with_titles(session, lines))


def used_systems(session: Session) -> tuple[EntrySystem, ...]:
    """The systems of which something is known: those that the office really enters into."""
    places = observed_places(session)
    return tuple(system for system in entry_systems() if system.place in places)


def count_waiting(workbook: Workbook) -> Task[tuple[int, int]]:
    """How many records are not entered, and how many changed since, in the systems that are used."""
    not_entered = changed = 0
    with workbook.reading() as session:
        systems = used_systems(session)
        households = households_to_enter(session, systems) if systems else []
        for done, block in enumerate(blocks(households)):
            yield Progress(done * BLOCK, len(households), "正在比对")
            index = observations(session, [system.place for system in systems], [one.id for one in block])
            states = [line.state for system in systems for line in _system_lines(session, system, block, index)]
            not_entered += states.count(NOT_ENTERED)
            changed += states.count(CHANGED)
    return not_entered, changed


def mark_entered(workbook: Workbook, lines: Sequence[EntryLine]) -> int:
    """Mark that each system now holds what the lines show, as one operation; returns how many are marked."""
    if not lines:
        return 0
    titles = "、".join(dict.fromkeys(line.system.place for line in lines))
    now = datetime.now().isoformat(" ", "milliseconds")
    with workbook.operation(f"标记已录入{titles}：{len(lines)} 条") as session:
        for system in dict.fromkeys(line.system for line in lines):
            held: dict[str, Held] = {}
            for line in lines:
                if line.system == system:
                    cells: dict[str, Stored] = {WITHDRAWN: line.withdrawn}
                    cells |= {} if line.withdrawn else line.values
                    held.setdefault(line.household.id, {}).setdefault(line.table, {})[line.record_id] = cells
            observe(session, system.place, held, now, by=workbook.operator)
    return len(lines)


def _system_lines(
    session: Session, system: EntrySystem, block: Sequence[ComparedHousehold], index: ObservedIndex
) -> Iterator[EntryLine]:
    """The lines of one system. A household that it should not have is compared too while it has it; one that is gone
    as a whole is one line where the system has a screen for households."""
    households = {one.id: one for one in block}
    removed = {
        one.id
        for one in block
        if one.gone and system.screen_of("household") and index.of_record(system.place, "household", one.id)
    }
    for screen in system.screens:
        for record in record_values(session, screen.columns, list(households)):
            household = households[record.household_id]
            known = _known(index, system, record)
            wanted = household.registered or not system.registered_only
            if (known or wanted) and (record.table == "household" or household.id not in removed):
                line = _line(system, screen, household, record, known)
                if line is not None:
                    yield line


def _known(index: ObservedIndex, system: EntrySystem, record: RecordValues) -> Mapping[str, Observation]:
    """What a system holds of a record; what was known before its household was removed there as a whole is past."""
    known = index.of_record(system.place, record.table, record.id)
    removed = index.of_record(system.place, "household", record.household_id).get(WITHDRAWN)
    if record.table == "household" or removed is None or not removed.value:
        return known
    return {name: one for name, one in known.items() if one.at > removed.at}


def _line(
    system: EntrySystem,
    screen: Screen,
    household: ComparedHousehold,
    record: RecordValues,
    known: Mapping[str, Observation],
) -> EntryLine | None:
    """The line of a record; None for one that is not there and has no need to be."""
    there = bool(known) and not (WITHDRAWN in known and known[WITHDRAWN].value)
    ended = screen.columns.ended and record.values.get(screen.columns.ended) is not None
    why_gone = household.gone or (_WITHDRAWN_HERE if record.withdrawn else "")
    if not there and (why_gone or ended):
        return None
    changes: tuple[EntryDifference, ...] = ()
    if why_gone:
        changes = (EntryDifference(record.table, WITHDRAWN, False, why_gone),)
    elif there:
        changes = tuple(
            EntryDifference(record.table, name, known[name].value, value)
            for name, value in record.values.items()
            if name in known and known[name].value != value
        )
    newest = max(known.values(), key=lambda one: one.at, default=None) if there else None
    return EntryLine(
        system=system,
        screen=screen,
        household=household,
        record_id=record.id,
        title="",
        state=NOT_ENTERED if not there else CHANGED if changes else ENTERED,
        withdrawn=bool(why_gone),
        stored=tuple(record.values[name] for name in screen.columns.columns),
        known_at=newest.at if newest else "",
        basis=(newest.basis or newest.by) if newest else "",
        changes=changes,
    )


def _with_titles(session: Session, lines: Sequence[EntryLine]) -> list[EntryLine]:
    ids: dict[str, list[str]] = {}
    for line in lines:
        ids.setdefault(line.table, []).append(line.record_id)
    titles = {table: record_titles(session, table, found) for table, found in ids.items()}
    return [replace(line, title=titles[line.table].get(line.record_id, "")) for line in lines]


def _with_authors(session: Session, lines: Sequence[EntryLine]) -> list[EntryLine]:
    """Who changed each value that changed, and when, as the journal has it."""
    rows = {line.record_id for line in lines if line.state == CHANGED}
    if not rows:
        return list(lines)
    newest = {(change.row, change.column): change for change in changes_of_rows(session, rows)}

    def with_author(line: EntryLine, one: EntryDifference) -> EntryDifference:
        columns = (WITHDRAWN, "registration_state") if one.column == WITHDRAWN else (one.column, "")
        change = next((found for name in columns if (found := newest.get((line.record_id, name)))), None)
        if change is None:
            return one
        return replace(one, changed_by=change.operator, changed_at=datetime.fromtimestamp((change.stamp >> 16) / 1000))

    return [
        replace(line, changes=tuple(with_author(line, one) for one in line.changes)) if line.state == CHANGED else line
        for line in lines
    ]
