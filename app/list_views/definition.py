"""What a view of a list says. Data only; app/list_views/comparisons.py says what a comparison means."""

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from itertools import chain, product
from typing import Union

CHOSEN = "id"  # key of the field that is the record itself, by which rows are picked out one by one
_MOST_ALTERNATIVES = 64  # beyond which a tree of conditions is not spread out


@dataclass(frozen=True, slots=True)
class Condition:
    """One field compared with values.

    Attributes:
        field: key of a field of the list; one that a newer program wrote may be unknown here
        comparison: name of a comparison, e.g. "greater"; likewise
        values: as text, in the form in which the field is stored (ISO dates, plain numbers, the value of an option)
    """

    field: str
    comparison: str
    values: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class ConditionGroup:
    """Conditions of which all must hold, or with `any_of` one; without parts everything fits."""

    parts: tuple[Union[Condition, "ConditionGroup"], ...] = ()
    any_of: bool = False

    def conditions(self) -> Iterator[Condition]:
        """Every condition in it, from the first to the last."""
        for part in self.parts:
            if isinstance(part, Condition):
                yield part
            else:
                yield from part.conditions()


@dataclass(frozen=True, slots=True)
class SortKey:
    """A field that rows are sorted by."""

    field: str
    descending: bool = False


@dataclass(frozen=True, slots=True)
class ListView:
    """How a list is seen.

    Attributes:
        where: which rows
        sort: the order, the list's own where there is none
        columns: keys of the fields that are shown, in this order; those of the list where there are none
        groups: the fields by which rows stand together, each group with its count and sums, the widest first
        quick: what is set in the line of search and boxes above the list, by the list's own names
    """

    where: ConditionGroup = ConditionGroup()
    sort: tuple[SortKey, ...] = ()
    columns: tuple[str, ...] = ()
    groups: tuple[str, ...] = ()
    quick: Mapping[str, str] = field(default_factory=dict)

    @property
    def is_plain(self) -> bool:
        """Whether the list is as it is without a view."""
        return self == PLAIN


PLAIN = ListView()


def chosen_rows(ids: Iterable[str]) -> ConditionGroup:
    """These rows and no others: the households behind a bar of a chart, the records that a figure counted."""
    return ConditionGroup((Condition(CHOSEN, "one_of", tuple(ids)),))


def alternatives(group: ConditionGroup) -> list[list[Condition]]:
    """The same conditions as rows of a form: one of these lists must hold, of which all conditions must.

    Of a tree that would become too long only the first alternatives are given.
    """
    spread_parts = ([[part]] if isinstance(part, Condition) else alternatives(part) for part in group.parts)
    parts = [part for part in spread_parts if part]  # a group without conditions says nothing
    if group.any_of:
        return [one for part in parts for one in part][:_MOST_ALTERNATIVES]
    spread = (list(chain.from_iterable(combination)) for combination in product(*parts) if combination)
    return [one for one, _ in zip(spread, range(_MOST_ALTERNATIVES), strict=False)]


def any_of_all(rows: list[list[Condition]]) -> ConditionGroup:
    """The tree of such lists."""
    groups = [ConditionGroup(tuple(row)) for row in rows if row]
    return groups[0] if len(groups) == 1 else ConditionGroup(tuple(groups), any_of=True) if groups else ConditionGroup()
