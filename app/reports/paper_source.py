"""档案完整性 as a list that can be viewed: one paper that an archive owes a row, and the household whose it is."""

from collections.abc import Mapping
from datetime import date
from functools import cache

from sqlalchemy import case
from sqlalchemy.orm import Session

from app.consistency.households import ComparedHousehold
from app.list_views.catalogue import PAPERS
from app.list_views.list_source import Expression, ListSource, made_field
from app.records.field import field_label
from app.reports.completeness import PAPER_STATES, PaperLine, village_papers
from app.viewed_lists.household_rows import household_row_source

GAPS = "gaps"  # value of "state" in the line above the list: what is not complete
_FIELDS = (
    made_field(PAPERS, "state", "情况"),
    made_field(PAPERS, "home", "户主"),
    made_field(PAPERS, "group", field_label("household", "group_name")),
    made_field(PAPERS, "paper", "材料"),
    made_field(PAPERS, "year", "年度", "year"),
    made_field(PAPERS, "signers", "应签字"),
    made_field(PAPERS, "signed", field_label("paper_signature", "signed_on"), "date"),
    made_field(PAPERS, "check", field_label("answer", "check")),
)
_SHOWN = ("state", "home", "group", "paper", "signers", "signed")


def paper_source(papers: Mapping[str, PaperLine], households: Mapping[str, ComparedHousehold]) -> ListSource:
    """The list with these rows by id, in their order, and the households whose they are."""
    return household_row_source(
        PAPERS,
        "档案完整性",
        _FIELDS,
        lambda: ((id, _cells(households[line.household_id], line)) for id, line in papers.items()),
        columns=_SHOWN,
        orders={"state": _state_order},
        passes=lambda id, quick: _fits(households[papers[id].household_id], papers[id], quick),
        computed=_loaded,
    )


@cache
def paper_list() -> ListSource:
    """The list without rows: its fields."""
    return paper_source({}, {})


def papers_of_village(session: Session) -> list[tuple[ComparedHousehold, PaperLine]]:
    """Every paper that an archive of the village owes, household by household."""
    return [(household, line) for household, papers in village_papers(session) for line in papers]


def _loaded(session: Session, _choices: Mapping[str, str]) -> ListSource:
    found = papers_of_village(session)
    return paper_source({line.id: line for _, line in found}, {household.id: household for household, _ in found})


def search_text(household: ComparedHousehold, line: PaperLine) -> str:
    """The words by which a paper is found, in small letters."""
    return f"{household.head} {household.group} {household.number} {line.title}".casefold()


def passes(line: PaperLine, words: str, quick: Mapping[str, str]) -> bool:
    """Whether a paper fits what is set in the line above the list.

    Args:
        words: its `search_text`
    """
    state = quick.get("state", "")
    wanted = bool(line.what_is_missing) if state == GAPS else state in ("", line.state)
    return wanted and all(term in words for term in quick.get("text", "").casefold().split())


def _fits(household: ComparedHousehold, line: PaperLine, quick: Mapping[str, str]) -> bool:
    return passes(line, search_text(household, line) if quick.get("text") else "", quick)


def signed_day(line: PaperLine) -> date | None:
    """When it was signed, None where that is not known."""
    return line.signed_on if line.signed_on and line.signed_on > date.min else None


def _cells(household: ComparedHousehold, line: PaperLine) -> tuple[object, ...]:
    return (
        line.state,
        household.head,
        household.group,
        line.title,
        line.year,
        "、".join(line.signers) or None,
        signed_day(line),
        line.check or None,
        household.id,
    )


def _state_order(value: Expression) -> Expression:
    return case({state: place for place, state in enumerate(PAPER_STATES)}, value=value)
