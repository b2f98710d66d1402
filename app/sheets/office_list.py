"""Whether a list is another office's: of people all the same, and yet no roster of households."""

import resources
from app.comparison.subject import all_subjects
from app.sheets.header_matching import HeaderRow
from app.sheets.roster_aliases import aliases, normalize_header
from resources.overlay import cached

_HOUSEHOLD_NO, _PERSON_NO = "household.household_no", "member.person_no"


@cached
def _offices() -> tuple[tuple[str, tuple[str, ...], frozenset[str]], ...]:
    """Office, words of its titles, its headings; then those of the lists that are compared.

    Of the latter only headings that no roster has.
    """
    offices = [
        (one["office"], tuple(one["titles"]), frozenset(map(normalize_header, one["headers"])))
        for one in resources.read("rosters", "office_lists")["offices"]
    ]
    compared = [
        (one.office, one.titles, frozenset(map(normalize_header, one.headers)) - aliases("member").keys())
        for one in all_subjects()
    ]
    return (*offices, *compared)


def office_of(header_row: HeaderRow, names: str) -> str:
    """The office that keeps such a list, "" where it is a roster.

    A list with the numbers that the national system gives to people is none of another office; one with those of
    households is if both a word in a title and a heading say so. Of the others, one heading that only that office
    uses is enough, or its word in a title.

    Args:
        names: of file and sheet
    """
    if header_row.kind == "helper" or _PERSON_NO in header_row.targets:
        return ""
    needed = 2 if _HOUSEHOLD_NO in header_row.targets else 1
    headers = {normalize_header(header) for header in header_row.headers}
    titles = " ".join((names, *header_row.titles))
    for office, words, known in _offices():
        if bool(headers & known) + any(word in titles for word in words) >= needed:
            return office
    return ""
