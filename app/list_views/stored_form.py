"""A view as the text in which it is kept, sent and handed to the printer.

A newer program may write comparisons, fields and keys that are unknown here: conditions stay as they are, keys are
passed over.
"""

import msgspec

from app.errors import UserError
from app.list_views.definition import Condition, ConditionGroup, ListView, SortKey

VIEW_LEDGER = "view_ledger"  # name of the report that prints a view
_MAX_LENGTH = 2_000_000  # characters; a view may name 50,000 rows
_MAX_DEPTH = 8  # groups of conditions inside each other
_UNREADABLE = "这个视图读不出来，可能是用更新版本的程序做的。请更新本机的程序，或重新做一个。"


class _StoredPart(msgspec.Struct, omit_defaults=True):
    """A condition, or with `match` ("all", "any") a group."""

    field: str = ""
    comparison: str = ""
    values: list[str] = []
    match: str = ""
    parts: list["_StoredPart"] = []


class _StoredSort(msgspec.Struct, omit_defaults=True):
    field: str
    descending: bool = False


class _StoredView(msgspec.Struct, omit_defaults=True):
    where: _StoredPart = msgspec.field(default_factory=_StoredPart)
    sort: list[_StoredSort] = []
    columns: list[str] = []
    groups: list[str] = []
    quick: dict[str, str] = {}


class _StoredPrint(msgspec.Struct):
    list: str
    name: str
    view: str


def encode(view: ListView) -> str:
    """The stored form; equal views have equal texts."""
    stored = _StoredView(
        where=_store(view.where),
        sort=[_StoredSort(key.field, key.descending) for key in view.sort],
        columns=list(view.columns),
        groups=list(view.groups),
        quick=dict(sorted(view.quick.items())),
    )
    return msgspec.json.encode(stored).decode()


def decode(text: str) -> ListView:
    """The view of a stored form.

    Raises:
        UserError: it cannot be read
    """
    try:
        if len(text) > _MAX_LENGTH:
            raise ValueError(len(text))
        stored = msgspec.json.decode(text, type=_StoredView)
        where = _group(stored.where, _MAX_DEPTH)
    except (msgspec.MsgspecError, ValueError, RecursionError) as error:
        raise UserError(_UNREADABLE) from error
    return ListView(
        where=where,
        sort=tuple(SortKey(key.field, key.descending) for key in stored.sort),
        columns=tuple(stored.columns),
        groups=tuple(stored.groups),
        quick=stored.quick,
    )


def encode_for_printing(list_key: str, name: str, view: ListView) -> str:
    """A view with its list and name, as a report is told of it."""
    return msgspec.json.encode(_StoredPrint(list_key, name, encode(view))).decode()


def decode_for_printing(text: str) -> tuple[str, str, ListView]:
    """List, name and view.

    Raises:
        UserError: it cannot be read
    """
    try:
        stored = msgspec.json.decode(text, type=_StoredPrint)
    except msgspec.MsgspecError as error:
        raise UserError(_UNREADABLE) from error
    return stored.list, stored.name, decode(stored.view)


def _store(group: ConditionGroup) -> _StoredPart:
    parts = [
        _StoredPart(part.field, part.comparison, list(part.values)) if isinstance(part, Condition) else _store(part)
        for part in group.parts
    ]
    return _StoredPart(match="any" if group.any_of else "all", parts=parts)


def _group(stored: _StoredPart, depth: int) -> ConditionGroup:
    if depth == 0:
        raise ValueError("too deep")
    parts = tuple(
        _group(part, depth - 1) if part.match else Condition(part.field, part.comparison, tuple(part.values))
        for part in stored.parts
    )
    return ConditionGroup(parts, any_of=stored.match == "any")
