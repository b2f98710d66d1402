"""The kinds of certificates that are read: one file each in resources/certificates."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from functools import cache
from typing import Any, Literal

import resources
from app.records.field import Field
from app.records.field import field as record_field

NumberShape = Literal["id", "disability", "bank"]
HEAD = "head"  # as a table: who heads the household, by whom it is found; nothing of it is written


@dataclass(frozen=True, slots=True)
class Place:
    """The column that something on a certificate goes to. `table`: member, household, or `HEAD`."""

    table: str
    column: str

    @property
    def field(self) -> Field:
        return record_field("member" if self.table == HEAD else self.table, self.column)


@dataclass(frozen=True, slots=True)
class CertificateKind:
    """
    Attributes:
        title: what it is called; the caption of its copy in the archive
        words: one of them stands on every certificate of the kind
        stops: words after which something begins that is not taken
        labels: column → the words before its value
        numbers: column → what kind of number it takes
        phrases: column → pattern of what is taken wherever it stands
        follows: the kind that lies before it in a folder and says whose it is, "" where it says so itself
    """

    key: str
    title: str
    words: Sequence[str]
    stops: Sequence[str] = ()
    labels: Mapping[Place, Sequence[str]] = field(default_factory=dict)
    numbers: Mapping[Place, NumberShape] = field(default_factory=dict)
    phrases: Mapping[Place, str] = field(default_factory=dict)
    follows: str = ""

    @property
    def is_of_member(self) -> bool:
        """Whether it is somebody's own, and not the household's."""
        return bool(self.follows) or any(one.table == "member" for one in (*self.labels, *self.numbers))

    def places(self) -> Iterator[Place]:
        """All columns that it may fill, each once, in the order in which they are looked at."""
        yield from dict.fromkeys((*self.numbers, *self.labels, *self.phrases))


@cache
def certificate_kinds() -> tuple[CertificateKind, ...]:
    """All kinds, in the order in which they are tried."""
    found = {name: resources.program_data("certificates", name) for name in resources.program_names("certificates")}
    return tuple(_kind(name, raw) for name, raw in sorted(found.items(), key=lambda entry: int(entry[1]["order"])))


def certificate_kind(key: str) -> CertificateKind:
    """The kind of a file of resources/certificates."""
    return next(one for one in certificate_kinds() if one.key == key)


def _kind(name: str, raw: Mapping[str, Any]) -> CertificateKind:
    places = {part: {_place(key): value for key, value in raw.get(part, {}).items()} for part in _PARTS}
    stops, follows = tuple(raw.get("stops", ())), raw.get("follows", "")
    return CertificateKind(name, raw["title"], tuple(raw["words"]), stops, **places, follows=follows)


_PARTS = ("labels", "numbers", "phrases")


def _place(key: str) -> Place:
    table, _, column = key.partition(".")
    return Place(table, column)
