"""What a household's archive owes, as data: resources/archive/owed.toml."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any, Literal

import resources
from app.reports.catalogue import Part, parts
from app.reports.era import Terms
from resources.overlay import cached

Repeats = Literal["once", "latest", "year"]


@dataclass(frozen=True, slots=True)
class OwedPart:
    """One thing that an archive must hold.

    Attributes:
        key: tells it from all others; by it a signature is registered
        part: of the archive
        title: what is asked for, "" for the whole part
        check: the check point of the checklist archive_completeness that it belongs to
        owed_by: of whom it is owed, any of these
        repeats: once, of the latest year, or of each
        due: month and day from which a year's is owed
        eras: only for years of these, all if there are none
        signed: who signs it, nobody if it is not signed
        shown_by: what shows that it is there, any of these
    """

    key: str
    part: str
    title: str
    check: str
    owed_by: frozenset[str]
    repeats: Repeats
    due: tuple[int, int]
    eras: frozenset[str]
    signed: tuple[str, ...]
    shown_by: Mapping[str, Any]

    def called(self, words: Terms) -> str:
        """What is asked for, in the words of an era."""
        return self.title or _parts()[self.part].called(words)

    @property
    def by_hand(self) -> bool:
        """Whether only paper can hold it, so that an officer says that it is there."""
        return bool(self.shown_by.get("by_hand"))

    def listed(self, how: str) -> Sequence[str]:
        """The names under one of the keys that hold several: forms, checklists, dated, photos, columns."""
        return tuple(self.shown_by.get(how, ()))

    def is_due(self, year: int, today: date) -> bool:
        """Whether the paper of a year is owed by today."""
        return (year, *self.due) <= (today.year, today.month, today.day)


@cached
def owed_parts() -> tuple[OwedPart, ...]:
    """All of them, in filing order."""
    return tuple(_owed_part(raw) for raw in resources.read("archive", "owed")["owed"])


@cached
def _parts() -> Mapping[str, Part]:
    return {part.name: part for part in parts()}


def _owed_part(raw: Mapping[str, Any]) -> OwedPart:
    month, day = str(raw.get("due", "01-01")).split("-")
    told = {"part", "key", "title", "check", "for", "each", "due", "eras", "signed"}
    return OwedPart(
        key=raw.get("key", raw["part"]),
        part=raw["part"],
        title=raw.get("title", ""),
        check=raw["check"],
        owed_by=frozenset(raw["for"]),
        repeats=raw.get("each", "once"),
        due=(int(month), int(day)),
        eras=frozenset(raw.get("eras", ())),
        signed=tuple(raw.get("signed", ())),
        shown_by={key: value for key, value in raw.items() if key not in told},
    )
