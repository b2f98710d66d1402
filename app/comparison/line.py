"""The outcome for one person: on which side he stands, what differs, and what taking the list's side would write."""

import hashlib
import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from typing import Literal, TypeAlias

from app.comparison.id_number import fold_id_number
from app.comparison.list_row import ListRow
from app.comparison.people import Person
from app.records.field import Field, field
from app.workbook.masking import mask_numbers, mask_text
from db.schema.record import derived_id
from resources.option_roles import value_of

Result: TypeAlias = Literal[
    "same", "ours_only", "theirs_only", "different", "incomplete", "duplicate", "elsewhere"
]  # roles of resources/dictionaries/comparison_result.toml
RESULTS: tuple[Result, ...] = (
    "ours_only", "theirs_only", "different", "incomplete", "duplicate", "elsewhere", "same",
)  # fmt: skip
QUIET: frozenset[Result] = frozenset({"same", "elsewhere"})  # nothing is to be done about them
DICTIONARY = "comparison_result"
_BETWEEN = re.compile(r"[\s-]")  # within a number
_MOST_REVEALED = 2  # hidden digits: more would show most of a number
_ACCOUNT = re.compile(r"\d{12,}")  # of a bank, or whatever else no list should show whole


def result_value(result: Result) -> str:
    """As it is stored."""
    return value_of(DICTIONARY, result)


def result_label(result: Result) -> str:
    """As people read it."""
    return field("comparison_line", "result").text(result_value(result))


@dataclass(frozen=True, slots=True)
class LineChange:
    """One cell of ours that the list says otherwise. Values as `Field.text` writes them, which `Field.parse` reads.

    Attributes:
        record_id: "" where no record of ours has such a cell yet: then it cannot be written here
    """

    table: str
    record_id: str
    column: str
    ours: str
    theirs: str

    @property
    def field(self) -> Field:
        return field(self.table, self.column)

    def describe(self) -> str:
        """Ours, then the list's, in a few words, numbers masked."""
        one = self.field
        ours, theirs = (one.text(one.parse(text), hide=True) if text else "" for text in (self.ours, self.theirs))
        if ours == theirs:  # what is hidden is what differs
            places = {n for n, (a, b) in enumerate(zip(self.ours, self.theirs, strict=False)) if a != b}
            if len(places) > _MOST_REVEALED or len(ours) != len(self.ours):
                theirs = f"{theirs}（中间几位不同）"
            else:
                ours, theirs = (
                    _revealed(hidden, text, places) for hidden, text in ((ours, self.ours), (theirs, self.theirs))
                )
        return f"{one.label}：{ours or '（空）'} → {theirs or '（空）'}"


@dataclass(frozen=True, slots=True)
class ComparedLine:
    """One row of a list, or somebody who is on no row of it, compared.

    Attributes:
        key: the same for this person in every list of this kind, on every laptop
        row: None for somebody whom only the workbook has
        person: None where nobody of ours was found
        changes: what taking the list's side would write
        explanation: in sentences
    """

    key: str
    result: Result
    row: ListRow | None
    person: Person | None
    changes: tuple[LineChange, ...] = ()
    explanation: str = ""

    @property
    def name(self) -> str:
        return (self.row.name if self.row is not None else "") or (self.person.name if self.person else "")

    @property
    def number(self) -> str:
        return (self.row.number if self.row is not None else "") or (self.person.number if self.person else "")


def _revealed(hidden: str, text: str, places: set[int]) -> str:
    """A masked number with the characters at some places, and behind the last of them, as they are."""
    last = max(places, default=len(text))
    return "".join(text[n] if n in places or n > last else character for n, character in enumerate(hidden))


def person_key(name: str, number: str, birth: object, *more: object) -> str:
    """A key without the number itself, because keys are not masked."""
    return derived_id("comparison_person", number or f"{name}|{birth or ''}", *more)


def state_hash(result: str, changes: str) -> str:
    """What a decision was about; it is open again as soon as this is another.

    Args:
        result, changes: as they are stored
    """
    return hashlib.sha256(f"{result}\x1f{changes}".encode()).hexdigest()[:32]


def masked_cells(cells: Iterable[tuple[str, str]], number: str) -> Iterator[tuple[str, str]]:
    """(heading, text) with personal numbers hidden, however they are written; `number`: the person's own."""
    for title, text in cells:
        compact = _BETWEEN.sub("", text)
        folded, fault = fold_id_number(text)
        if folded and (not fault or folded == number):
            yield title, mask_text(text, "id")
        elif _ACCOUNT.fullmatch(compact):
            yield title, mask_text(compact, "bank")
        else:
            yield title, mask_numbers(text)
