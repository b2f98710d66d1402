"""Which parts a household's archive owes, which of them are missing, and which were not signed.

It follows from what the household is, its years and what happened, by resources/archive/owed.toml.
"""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Literal

from sqlalchemy import select
from sqlalchemy.orm import Session

from app.consistency.households import ComparedHousehold, compared_households
from app.reports.archive_evidence import HouseholdEvidence, Year, load_evidence, year_of
from app.reports.era import Standing, terms
from app.reports.owed_parts import OwedPart, owed_parts
from app.workbook.workbook import Workbook
from db.schema.archive import PaperSignature
from db.schema.relations import standing_record
from db.schema.village import Village
from resources.option_roles import value_of, values_with_role

PaperState = Literal["缺", "未签字", "齐全"]
MISSING: PaperState = "缺"
UNSIGNED: PaperState = "未签字"
COMPLETE: PaperState = "齐全"
PAPER_STATES: tuple[PaperState, ...] = (MISSING, UNSIGNED, COMPLETE)


@dataclass(frozen=True, slots=True)
class PaperLine:
    """One paper that a household's archive owes.

    Attributes:
        key: of what is owed (OwedPart)
        part: of the archive that it is printed in
        title: as the paper is called, with its year
        check: the check point of the checklist archive_completeness
        signers: who has to sign it
        by_hand: that it is there is only known if an officer says so
    """

    household_id: str
    village: str
    key: str
    part: str
    title: str
    year: Year
    check: str
    state: PaperState
    signers: tuple[str, ...]
    by_hand: bool
    signed_on: date | None

    @property
    def id(self) -> str:
        return f"{self.household_id} {self.key} {self.year or ''}"

    @property
    def what_is_missing(self) -> str:
        """For people: "缺2018年收入核算表", "…未签字（核算人、户主）", "" where nothing is."""
        if self.state == UNSIGNED:
            return f"{self.title}未签字（{'、'.join(self.signers)}）"
        return f"缺{self.title}" if self.state == MISSING else ""


def told_together(papers: Sequence[PaperLine], state: PaperState) -> list[str]:
    """The titles of papers in a state, years that follow each other in one: 2019—2023年收入核算表."""
    spans: dict[tuple[str, str], list[list[int]]] = {}
    for one in papers:
        if one.state == state:
            name = one.title.removeprefix(f"{one.year}年")
            years = spans.setdefault((one.key, name), [])
            if one.year is not None and years and years[-1][-1] == one.year - 1:
                years[-1].append(one.year)
            elif one.year is not None:
                years.append([one.year])
    return ["、".join(map(_span, years)) + name for (_, name), years in spans.items()]


def _span(years: Sequence[int]) -> str:
    return f"{years[0]}年" if len(years) == 1 else f"{years[0]}—{years[-1]}年"


def household_papers(session: Session, household_id: str, today: date | None = None) -> tuple[PaperLine, ...]:
    """All that one household's archive owes, in filing order; nothing where its registration is closed."""
    return _papers(session, [household_id], today or date.today()).get(household_id, ())


def village_papers(
    session: Session, today: date | None = None
) -> tuple[tuple[ComparedHousehold, tuple[PaperLine, ...]], ...]:
    """The same of every household in use, in walking order."""
    papers = _papers(session, None, today or date.today())
    return tuple((one, papers[one.id]) for one in compared_households(session) if papers.get(one.id))


def register_signatures(workbook: Workbook, lines: Sequence[PaperLine], day: date) -> int:
    """Write down that papers came back signed (or, where only paper can hold them, that they are there)."""
    with workbook.operation(f"登记材料签字：{len(lines)} 份") as session:
        for line in lines:
            id = PaperSignature.id_of(line.household_id, line.key, line.year)
            row = standing_record(session, PaperSignature, id)
            if row is None:
                row = PaperSignature(id=id, village=line.village, household_id=line.household_id)
                row.part, row.year = line.key, line.year
                session.add(row)
            row.withdrawn, row.paper, row.signed_on = False, line.title, day
    return len(lines)


def _papers(session: Session, households: Sequence[str] | None, today: date) -> Mapping[str, tuple[PaperLine, ...]]:
    eras = {code or "": era for code, era in session.execute(select(Village.code, Village.era))}
    evidence = load_evidence(session, households)
    return {id: tuple(_lines(one, eras.get(one.household.village), today)) for id, one in evidence.items()}


def _lines(evidence: HouseholdEvidence, chosen_era: str | None, today: date) -> Iterator[PaperLine]:
    standing, kinds = _standing(evidence), _kinds(evidence)
    kept = _years_kept(evidence, today)
    for owed in owed_parts():
        if not owed.owed_by & kinds:
            continue
        for year in _years(owed, kept, chosen_era, today):
            words = terms(chosen_era, date(year, 12, 31) if year else today, standing)
            title = owed.called(words)
            state = _state(owed, year, evidence)
            yield PaperLine(
                evidence.household.id,
                evidence.household.village,
                owed.key,
                owed.part,
                f"{year}年{title}" if year else title,
                year,
                owed.check,
                state,
                owed.signed,
                owed.by_hand,
                evidence.signatures.get((owed.key, year)),
            )


def _standing(evidence: HouseholdEvidence) -> Standing:
    if any(until is None for _, until in evidence.monitored):
        return "monitored"
    ordinary = values_with_role("household_kind", "ordinary")
    return "ordinary" if evidence.household.household_kind in ordinary else "registered"


def _kinds(evidence: HouseholdEvidence) -> set[str]:
    """All that a household is or was, and that happened to it."""
    row = evidence.household
    is_ordinary = row.household_kind in values_with_role("household_kind", "ordinary")
    told = {
        "registered": not is_ordinary,
        "monitored": bool(evidence.monitored),
        "ordinary": is_ordinary and not evidence.monitored,
        "exited": row.exit_year is not None or row.exit_status == value_of("exit_status", "exited"),
        "changed": evidence.changed,
        "problem": evidence.problem,
        "helped": bool(evidence.dated.get("measure.year")),
    }
    return {kind for kind, is_so in told.items() if is_so}


def _years_kept(evidence: HouseholdEvidence, today: date) -> set[int]:
    """The years of which a file is owed: since it was registered or monitored, as far back as the workbook knows it."""
    first_known = min(evidence.known_years, default=today.year)
    years: set[int] = set()
    if "registered" in _kinds(evidence):
        registered = year_of(evidence.household.register_date) or first_known
        years |= set(range(max(registered, first_known), today.year + 1))
    for first, until in evidence.monitored:
        years |= set(range(first, (until or today.year) + 1))
    return years


def _years(owed: OwedPart, kept: set[int], chosen_era: str | None, today: date) -> Sequence[Year]:
    def counts(year: int) -> bool:
        return not owed.eras or terms(chosen_era, date(year, 12, 31)).era.value in owed.eras

    if owed.repeats == "once":
        return [None] if not owed.eras or any(map(counts, kept)) else []
    if owed.repeats == "latest":
        year = today.year if owed.is_due(today.year, today) else today.year - 1
        return [year] if year in kept and counts(year) else []
    return [year for year in sorted(kept) if owed.is_due(year, today) and counts(year)]


def _state(owed: OwedPart, year: Year, evidence: HouseholdEvidence) -> PaperState:
    is_registered = (owed.key, year) in evidence.signatures
    if not (_is_there(owed, year, evidence) or (owed.by_hand and is_registered)):
        return MISSING
    return UNSIGNED if owed.signed and not is_registered else COMPLETE


def _is_there(owed: OwedPart, year: Year, evidence: HouseholdEvidence) -> bool:
    if owed.shown_by.get("built") or (owed.shown_by.get("helper") and evidence.helper):
        return True
    columns, photos = owed.listed("columns"), owed.listed("photos")
    if columns and all(getattr(evidence.household, name) for name in columns):
        return True
    if photos and all(value_of("photo_kind", role) in evidence.photos for role in photos):
        return True
    if _covers(evidence.attached.get(owed.part, set()), owed, year):
        return True
    known = (("forms", evidence.forms), ("checklists", evidence.checklists), ("dated", evidence.dated))
    return any(_covers(years.get(name, set()), owed, year) for how, years in known for name in owed.listed(how))


def _covers(years: set[Year], owed: OwedPart, year: Year) -> bool:
    """Whether what there is of these years shows what is owed of a year, or once."""
    return bool(years and year is None) or year in years or (owed.repeats == "latest" and _since(years, year))


def _since(years: set[Year], year: Year) -> bool:
    return any(one is not None and year is not None and one >= year for one in years)
