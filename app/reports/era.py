"""The words of papers: which era's, by the year of the paper and what is chosen for the village.

resources/dictionaries/era.toml.
"""

import re
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from typing import Literal, get_args

import resources
from app.records.field import Option, options
from resources.option_roles import values_with_role
from resources.overlay import cached, current_overlay

SUBJECT = "{subject}"  # in a title: whom the file is about
Standing = Literal["registered", "monitored", "ordinary"]


@dataclass(frozen=True, slots=True)
class Era:
    """An era with its words, those for registered households unless `words_of` has others.

    `confirmed`: used where a village has chosen none.
    """

    value: str
    first_year: int
    confirmed: bool
    words: Mapping[str, str]
    words_of: Mapping[Standing, Mapping[str, str]]
    titles: Mapping[str, str]


@dataclass(frozen=True, slots=True)
class Terms:
    """The words of one paper about a household of that standing.

    `helper`: what those who help are called in this workbook whatever the era, "" for the era's word.
    """

    era: Era
    standing: Standing
    helper: str = ""

    def word(self, key: str) -> str:
        """A word of the era, one of those that `called` of the file names.

        Raises:
            KeyError: there is no such word
        """
        if key == "helper" and self.helper:
            return self.helper
        return self.era.words_of.get(self.standing, {}).get(key) or self.era.words[key]

    def title(self, part: str, usual: str) -> str:
        """What a part of the archive is called: by the county, in the era, or else `usual`."""
        of_county = _titles_of_county().get(part)
        return of_county or self.relabel(self.era.titles.get(part, usual).replace(SUBJECT, self.word("subject")))

    def relabel(self, text: str) -> str:
        """A title or label of the program in the words of this era, whichever era's it was written in."""
        pattern, keys = _wordings()
        return pattern.sub(lambda found: self.word(keys[found[0]]), text)


def terms(chosen: str | None, day: date, standing: Standing = "registered", helper: str = "") -> Terms:
    """The words of a paper of that day in a village that has chosen an era (None: by the year alone)."""
    return Terms(_era(chosen, day.year), standing, helper)


def names_era_words(label: str) -> bool:
    """Whether a label holds words that differ by era."""
    return _wordings()[0].search(label) is not None


@cached
def _wordings() -> tuple[re.Pattern[str], Mapping[str, str]]:
    """What finds the program's wordings in labels, the longest first, and which word of an era each stands for."""
    raw = resources.program_data("dictionaries", "era")
    keys = {option["words"][key]: key for option in raw["options"] for key in raw["in_labels"]}
    return re.compile("|".join(map(re.escape, sorted(keys, key=len, reverse=True)))), keys


@cached
def _titles_of_county() -> Mapping[str, str]:
    titles: Mapping[str, str] = resources.read("archive", "household").get("titles", {})
    return titles


@cached
def eras() -> tuple[Era, ...]:
    """All of them, the earliest first."""
    return tuple(sorted(map(_made, options("era")), key=lambda era: era.first_year))


def _made(option: Option) -> Era:
    """An era as the county has it: its words are amended one by one, beside what the list of options says."""
    confirmed = option.value in values_with_role("era", "confirmed")
    raw = current_overlay().applied("eras", option.value, {**option.extra, "confirmed": confirmed})
    return Era(
        option.value,
        int(raw["first_year"]),
        bool(raw["confirmed"]),
        raw["words"],
        {standing: raw.get(standing, {}) for standing in get_args(Standing)},
        raw.get("titles", {}),
    )


def _era(chosen: str | None, year: int) -> Era:
    last = next((era for era in eras() if era.value == chosen), None)
    usable = [
        era
        for era in eras()
        if era.first_year <= year and (era.first_year <= last.first_year if last else era.confirmed)
    ]
    return usable[-1] if usable else eras()[0]
