"""三者一致: per household and fact what the national system, the printed archive and a person's own eyes say.

The record here is compared with all three. What counts as true is what somebody saw, and the record where nobody went.
"""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Literal

from sqlalchemy.orm import Session

from app.consistency.facts import compared_facts
from app.consistency.households import BLOCK, ComparedHousehold, blocks, compared_household, compared_households
from app.consistency.observed_values import Observation, ObservedIndex, observations, observed_households
from app.consistency.record_values import RecordValues, Stored, compared_field, record_values, value_text
from app.consistency.systems import entry_systems
from app.progress import Progress, Task
from app.records.field import Field
from app.workbook.workbook import Workbook
from db.schema.relations import record_titles
from resources.option_roles import value_of

AgreementState = Literal["不一致", "未核全", "一致"]
DIFFERENT: AgreementState = "不一致"
INCOMPLETE: AgreementState = "未核全"
AGREEING: AgreementState = "一致"
AGREEMENT_STATES: tuple[AgreementState, ...] = (DIFFERENT, INCOMPLETE, AGREEING)
Correction = Literal["修改工作簿", "改系统", "重印", "入户核实"]
CORRECT_RECORD: Correction = "修改工作簿"
CORRECT_SYSTEM: Correction = "改系统"
PRINT_AGAIN: Correction = "重印"
LOOK: Correction = "入户核实"
CORRECTIONS: tuple[Correction, ...] = (CORRECT_RECORD, CORRECT_SYSTEM, PRINT_AGAIN, LOOK)


def system_place() -> str:
    return value_of("data_place", "national")


def archive_place() -> str:
    return value_of("data_place", "archive")


def actual_place() -> str:
    return value_of("data_place", "actual")


@dataclass(frozen=True, slots=True)
class FactLine:
    """One fact of one household.

    Attributes:
        title: of the record that it is a value of, "" for the household itself
        value: as it stands in this workbook
        system, archive, actual: None where nothing is known
    """

    household: ComparedHousehold
    table: str
    record_id: str
    title: str
    column: str
    value: Stored
    system: Observation | None
    archive: Observation | None
    actual: Observation | None

    @property
    def key(self) -> str:
        """Tells it from all other lines."""
        return f"{self.record_id} {self.column}"

    @property
    def field(self) -> Field:
        return compared_field(self.table, self.column)

    @property
    def expected(self) -> Stored:
        """What should stand everywhere."""
        return self.value if self.actual is None else self.actual.value

    @property
    def corrections(self) -> tuple[Correction, ...]:
        """What is to be done so that all agree; going there comes last, and does not count as a difference."""
        wrong = {
            CORRECT_RECORD: self.value != self.expected,
            CORRECT_SYSTEM: self.system is not None and self.system.value != self.expected,
            PRINT_AGAIN: self.archive is not None and self.archive.value != self.expected,
            LOOK: self.actual is None,
        }
        return tuple(correction for correction in CORRECTIONS if wrong[correction])

    @property
    def state(self) -> AgreementState:
        if any(correction != LOOK for correction in self.corrections):
            return DIFFERENT
        return INCOMPLETE if None in (self.system, self.archive, self.actual) else AGREEING

    def text(self, stored: Stored, *, hide: bool = True) -> str:
        return value_text(self.field, stored, hide=hide)


@dataclass(frozen=True, slots=True)
class AgreementShare:
    """How many of the households that are registered or monitored agree in every fact, and how many differ in one."""

    households: int
    agreeing: int
    different: int

    @property
    def percent(self) -> int:
        return 100 * self.agreeing // self.households if self.households else 0


def fact_lines(
    workbook: Workbook, *, states: Sequence[AgreementState] = AGREEMENT_STATES, most: int | None = None
) -> Task[tuple[FactLine, ...]]:
    """The facts of the households that are registered or monitored, in the order of the list of households.

    Args:
        states: only facts in these states
        most: no more facts than this
    """
    found: list[FactLine] = []
    with workbook.reading() as session:
        households = [one for one in compared_households(session) if one.registered]
        for done, block in enumerate(blocks(households)):
            yield Progress(done * BLOCK, len(households), "正在比对")
            found += (line for line in lines_of(session, block) if line.state in states)
            if most is not None and len(found) >= most:
                break
    return tuple(found[:most])


def lines_of(session: Session, block: Sequence[ComparedHousehold]) -> list[FactLine]:
    """The facts of some households, household by household; values that nobody knows of are left out."""
    by_household: dict[str, list[FactLine]] = {one.id: [] for one in block}
    for line in _lines(session, block):
        by_household[line.household.id].append(line)
    return [line for lines in by_household.values() for line in lines]


def household_facts(session: Session, household_id: str) -> list[FactLine]:
    """The facts of one household, none where it is not registered or monitored."""
    household = compared_household(session, household_id)
    return lines_of(session, [household]) if household is not None and household.registered else []


def system_corrections(lines: Iterable[FactLine]) -> list[FactLine]:
    """Those that are wrong in the national system, household by household in the order of its screens."""
    national = next(system for system in entry_systems() if system.place == system_place())
    order = {
        (screen.columns.table, name): (n, m)
        for n, screen in enumerate(national.screens)
        for m, name in enumerate(screen.columns.columns)
    }
    last = (len(national.screens), 0)
    by_household: dict[str, list[FactLine]] = {}
    for line in lines:
        if CORRECT_SYSTEM in line.corrections:
            by_household.setdefault(line.household.id, []).append(line)

    def place(line: FactLine) -> tuple[int, str, int]:
        screen, column = order.get((line.table, line.column), last)
        return screen, line.record_id, column

    return [line for found in by_household.values() for line in sorted(found, key=place)]


def archive_reprints(lines: Iterable[FactLine]) -> dict[ComparedHousehold, list[FactLine]]:
    """The households whose archive has to be printed again → what is wrong in it."""
    found: dict[ComparedHousehold, list[FactLine]] = {}
    for line in lines:
        if PRINT_AGAIN in line.corrections:
            found.setdefault(line.household, []).append(line)
    return found


def agreement_share(session: Session) -> AgreementShare:
    """Households of which nothing is known elsewhere agree in nothing yet. Of no household while that is so of all."""
    known = observed_households(session, (system_place(), archive_place(), actual_place()))
    if not known:
        return AgreementShare(0, 0, 0)
    households = [one for one in compared_households(session) if one.registered]
    agreeing = different = 0
    for block in blocks([one for one in households if one.id in known]):
        states: dict[str, set[AgreementState]] = {}
        for line in _lines(session, block, titled=False):
            states.setdefault(line.household.id, set()).add(line.state)
        agreeing += sum(found == {AGREEING} for found in states.values())
        different += sum(DIFFERENT in found for found in states.values())
    return AgreementShare(len(households), agreeing, different)


def _lines(session: Session, block: Sequence[ComparedHousehold], *, titled: bool = True) -> Iterator[FactLine]:
    households = {one.id: one for one in block}
    index = observations(session, (system_place(), archive_place(), actual_place()), list(households))
    for facts in compared_facts():
        present = [one for one in record_values(session, facts, list(households)) if _is_compared(one, facts.ended)]
        titles = _titles(session, present) if titled else {}
        for record in present:
            household = households[record.household_id]
            yield from _record_lines(household, record, titles.get(record.id, ""), facts.ended, index)


def _record_lines(
    household: ComparedHousehold, record: RecordValues, title: str, ended: str, index: ObservedIndex
) -> Iterator[FactLine]:
    system, archive, actual = (
        index.of_record(place, record.table, record.id) for place in (system_place(), archive_place(), actual_place())
    )
    for name, value in record.values.items():
        line = FactLine(
            household, record.table, record.id, title, name, value,
            system.get(name), archive.get(name), actual.get(name),
        )  # fmt: skip
        somewhere = any(one is not None and one.value is not None for one in (line.system, line.archive, line.actual))
        if name != ended and (value is not None or somewhere):
            yield line


def _is_compared(record: RecordValues, ended: str) -> bool:
    return not record.withdrawn and (not ended or record.values.get(ended) is None)


def _titles(session: Session, present: Sequence[RecordValues]) -> Mapping[str, str]:
    table = present[0].table if present else "household"
    return record_titles(session, table, [one.id for one in present]) if table != "household" else {}
