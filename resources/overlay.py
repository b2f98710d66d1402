"""What a county changes of the data that the program brings along, and which county's is asked at the moment.

The files of resources are the program's. A workbook keeps what its county words, counts or allows differently, entry by
entry (db/schema/amendment.py), and is read under the `Overlay` of its entries. Which overlay counts is said for the
running context alone, never for the process: two workbooks may be open side by side. docs/decisions/0021-county-data.md
"""

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from contextvars import ContextVar
from copy import deepcopy
from dataclasses import dataclass
from decimal import Decimal
from functools import wraps
from typing import Any, ParamSpec, TypeVar

__all__ = [
    "ORDER", "PROGRAM", "Amended", "Overlay", "cached", "current_overlay", "in_order", "use_overlay", "used_overlay",
]  # fmt: skip

P = ParamSpec("P")
R = TypeVar("R")
T = TypeVar("T")
ORDER = "/order"  # the item that says, in its text, in which order a county has the entries of a file; one a line
_OWN_KEYS = ("value", "label", "code", "aliases", "retired")  # of an option; a new one takes the others of its model


@dataclass(frozen=True, slots=True)
class Amended:
    """What a county changes of one entry; None where it leaves a part as it is.

    Attributes:
        kind: the folder of resources, e.g. "dictionaries"; "eras" for the words of one option of dictionaries/era.toml
        name: the file, without its ending, or the era
        item: which entry of the file: an option's value, the path of a limit ("days.claim_pay"), the place in a yearly
            table ("2026/茶园/cap"), a word of an era ("words/volume"), the target of a roster's column, the section of
            an archive, ORDER; "" where the whole text is replaced
        label: how an option or a part is called
        code: its number
        aliases: further wordings that are recognised
        model: of a new option: the option that it is treated like
        hidden: it is not offered any more (or, False, offered again)
        amount: the number of a limit
        text: a checklist or form as a whole; of ORDER: the entries, one a line
    """

    kind: str
    name: str
    item: str = ""
    label: str | None = None
    code: str | None = None
    aliases: tuple[str, ...] = ()
    model: str | None = None
    hidden: bool | None = None
    amount: Decimal | None = None
    text: str | None = None


class Overlay:
    """All that one county changes; `results` keeps what was worked out under it (`cached`)."""

    def __init__(self, amended: Iterable[Amended] = ()) -> None:
        self.results: dict[Any, dict[Any, Any]] = {}  # function → arguments → what it gave
        self._by_file: dict[tuple[str, str], dict[str, Amended]] = {}
        for one in amended:
            self._by_file.setdefault((one.kind, one.name), {})[one.item] = one

    def amended(self) -> list[Amended]:
        """All of it."""
        return [one for items in self._by_file.values() for one in items.values()]

    def without(self, kind: str, name: str, item: str | None = None) -> "Overlay":
        """The same but for what it changes of one file, or of one entry of it."""
        return Overlay(
            one for one in self.amended() if (one.kind, one.name) != (kind, name) or item not in (None, one.item)
        )

    def items(self, kind: str, name: str) -> Mapping[str, Amended]:
        """What it changes of one file, by item."""
        return self._by_file.get((kind, name), {})

    def text(self, kind: str, name: str) -> str | None:
        """The text that stands for a whole file, None where the file itself does."""
        whole = self.items(kind, name).get("")
        return whole.text if whole else None

    def is_hidden(self, kind: str, name: str) -> bool:
        """Whether a whole file is not offered any more."""
        whole = self.items(kind, name).get("")
        return bool(whole and whole.hidden)

    def names(self, kind: str) -> set[str]:
        """Files that it adds or replaces as a whole."""
        return {name for (of, name), items in self._by_file.items() if of == kind and "" in items and items[""].text}

    def applied(self, kind: str, name: str, raw: dict[str, Any]) -> dict[str, Any]:
        """The content of a file as this county has it; `raw` itself is left alone."""
        items = [one for item, one in self.items(kind, name).items() if item]
        if not items or kind not in _APPLY:
            return raw
        result = deepcopy(raw)
        for one in sorted(items, key=lambda one: one.item == ORDER):
            _APPLY[kind](result, one)
        return result


PROGRAM = Overlay()
_current: ContextVar[Overlay] = ContextVar("overlay", default=PROGRAM)


def current_overlay() -> Overlay:
    """The overlay that counts now."""
    return _current.get()


def use_overlay(overlay: Overlay) -> None:
    """Count by it from now on, in this thread: a window that shows one workbook."""
    _current.set(overlay)


@contextmanager
def used_overlay(overlay: Overlay) -> Iterator[None]:
    """Count by it within the block."""
    former = _current.get()
    _current.set(overlay)
    try:
        yield
    finally:
        _current.set(former)


def cached(function: Callable[P, R]) -> Callable[P, R]:
    """As functools.cache, but once for each overlay: what a function makes of resources."""

    current = _current.get

    @wraps(function)
    def call(*args: P.args, **kwargs: P.kwargs) -> R:
        key: Any = (args, *kwargs.items()) if kwargs else args
        try:
            return current().results[function][key]  # type: ignore[no-any-return]
        except KeyError:
            found = function(*args, **kwargs)  # may raise a KeyError of its own
        current().results.setdefault(function, {})[key] = found
        return found

    return call


def number_at(raw: Mapping[str, Any], path: str) -> int | float | None:
    """The number under "table.name" (or "list.0.name"), None where there is none."""
    found: Any = raw
    for key in path.split("."):
        found = _below(found, key)
    return found if isinstance(found, int | float) and not isinstance(found, bool) else None


def _below(found: Any, key: str) -> Any:
    """What stands under a key of a table, or at a place of a list; None where nothing does."""
    if isinstance(found, Mapping):
        return found.get(key)
    if isinstance(found, list) and key.isdigit() and int(key) < len(found):
        return found[int(key)]
    return None


def _apply_limit(raw: dict[str, Any], one: Amended) -> None:
    """A number that the program has no more, or that it never had, changes nothing."""
    if one.amount is None or number_at(raw, one.item) is None:
        return
    *tables, key = one.item.split(".")
    place: Any = raw
    for table in tables:
        place = _below(place, table)
    at = int(key) if isinstance(place, list) else key
    place[at] = int(one.amount) if one.amount == one.amount.to_integral_value() else float(one.amount)


def in_order(entries: Sequence[T], name_of: Callable[[T], str], wanted: Sequence[str]) -> list[T]:
    """Entries in the order of their names that is wanted; one that is not named stays behind its neighbour."""
    places = {name: n for n, name in enumerate(wanted)}
    found = sorted((one for one in entries if name_of(one) in places), key=lambda one: places[name_of(one)])
    for n, one in enumerate(entries):
        if name_of(one) not in places:
            found.insert(found.index(entries[n - 1]) + 1 if n else 0, one)
    return found


def _apply_option(raw: dict[str, Any], one: Amended) -> None:
    options: list[dict[str, Any]] = raw["options"]
    if one.item == ORDER:
        raw["options"] = in_order(options, lambda option: str(option["value"]), _listed(one))
        return
    option = next((option for option in options if option["value"] == one.item), None)
    if option is None:
        at, model = next(((n, o) for n, o in enumerate(options) if o["value"] == one.model), (len(options), {}))
        own = {*_OWN_KEYS, *raw.get("not_copied", ())}
        option = {"value": one.item} | {key: value for key, value in model.items() if key not in own}
        options.insert(at + 1, option)
    if one.label:
        option["label"] = one.label
    if one.code:
        option["code"] = one.code
    if one.aliases:
        option["aliases"] = list(dict.fromkeys((*option.get("aliases", ()), *one.aliases)))
    if one.hidden is not None:
        option["retired"] = one.hidden
    if one.text and raw.get("typed"):
        option[raw["typed"]["key"]] = one.text
    if one.amount is not None and raw.get("limit"):
        option[raw["limit"]["key"]] = int(one.amount)


def _apply_yearly(raw: dict[str, Any], one: Amended) -> None:
    """`item` is year/option/column. A line that the program does not have is the county's; hidden: no such limit."""
    year, _, place = one.item.partition("/")
    item, _, key = place.rpartition("/")
    if not year.isdigit() or key not in {column["key"] for column in raw["columns"]}:
        return
    lines: list[dict[str, Any]] = raw["lines"]
    line = next((line for line in lines if (str(line["year"]), line.get("item", "")) == (year, item)), None)
    if line is None:
        line = {"year": int(year)} | ({"item": item} if item else {})
        lines.append(line)
    if one.hidden:
        line.pop(key, None)
    elif one.amount is not None:
        line[key] = int(one.amount) if one.amount == one.amount.to_integral_value() else float(one.amount)


def _apply_roster(raw: dict[str, Any], one: Amended) -> None:
    columns: dict[str, list[str]] = raw.setdefault("columns", {})
    columns[one.item] = list(dict.fromkeys((*columns.get(one.item, ()), *one.aliases)))


def _apply_part(raw: dict[str, Any], one: Amended) -> None:
    if one.item == ORDER:
        raw["order"] = _listed(one)
    if one.label:
        raw.setdefault("titles", {})[one.item] = one.label
    if one.code:
        raw.setdefault("codes", {})[one.item] = one.code


def _apply_era(raw: dict[str, Any], one: Amended) -> None:
    table, _, key = one.item.partition("/")
    if key and one.label and isinstance(raw.get(table, {}), Mapping):
        raw[table] = {**raw.get(table, {}), key: one.label}
    elif one.amount is not None and table in raw:
        raw[table] = int(one.amount)


def _listed(order: Amended) -> list[str]:
    return (order.text or "").split("\n")


_APPLY: Mapping[str, Callable[[dict[str, Any], Amended], None]] = {
    "dictionaries": _apply_option,
    "thresholds": _apply_limit,
    "yearly": _apply_yearly,
    "eras": _apply_era,
    "rosters": _apply_roster,
    "archive": _apply_part,
}
