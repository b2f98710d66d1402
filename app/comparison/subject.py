"""Kinds of lists that other offices keep, each a file of resources/comparisons: how such a list is known, which field
of ours it answers to, and what it means that somebody stands on it.
"""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from functools import cache
from typing import Any

import resources
from app.errors import UserError
from app.records.field import Field, Value
from app.records.field import field as field_of
from db.schema import records
from resources.option_roles import RoleError, value_of, values_with_role, values_without_role

_KIND = "comparisons"
_IDENTITY = frozenset({"name", "id_no", "birth", "village", "date"})
_KEYS = frozenset(
    {"title", "office", "order", "source", "meaning", "is_complete", "titles", "headers"}
    | {"columns", "values", "ours", "rows", "absent"}
)
_REQUIRED = ("title", "office", "order", "source", "meaning", "is_complete", "titles", "headers")


class SubjectError(Exception):
    """A file of resources/comparisons does not say what it must; the message names the file and the fault."""


@dataclass(frozen=True, slots=True)
class Ours:
    """Where the workbook says whether somebody belongs on the list.

    Attributes:
        field: of the member; None where rows of another table say it, or nothing does
        role, without_role: the options that say yes; with neither, 是 of a yes-or-no field, or any value
        by_rows: having a row in `Subject.rows` says yes
        date_field: of the member, takes the date that the list gives
    """

    field: Field | None = None
    role: str = ""
    without_role: str = ""
    by_rows: bool = False
    date_field: Field | None = None

    def says_yes(self, value: object) -> bool:
        """Whether a stored value of `field` says that somebody belongs on the list."""
        if self.field is None or value is None:
            return False
        if self.role:
            return value in values_with_role(self.field.spec.options, self.role)
        if self.without_role:
            return value in values_without_role(self.field.spec.options, self.without_role)
        return value is True if self.field.kind == "yes_no" else True

    @property
    def yes(self) -> Value:
        """What to write for somebody on the list, None where only the list's own columns can tell."""
        if self.field is None:
            return None
        if self.role:
            return value_of(self.field.spec.options, self.role)
        return True if self.field.kind == "yes_no" else None

    @property
    def no(self) -> Value:
        """What to write for somebody who is not on the list, None where a person must decide."""
        return False if self.field is not None and self.field.kind == "yes_no" else None


@dataclass(frozen=True, slots=True)
class AnsweringRows:
    """Rows of another table that answer to the list: those of the person, or of its household.

    Attributes:
        owner: the column that says whose they are, member_id or household_id
        column, value: only rows whose column has this value
        open_until: the date column that is empty while a row holds
    """

    table: str
    owner: str
    column: str = ""
    value: str = ""
    open_until: str = ""


@dataclass(frozen=True, slots=True)
class Absence:
    """How a list says of somebody that he is not in it: a column with a state, or the title of the whole list."""

    headers: tuple[str, ...] = ()
    values: frozenset[str] = frozenset()
    titles: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True, eq=False)
class Subject:
    """One kind of list.

    Attributes:
        key: name of its file
        office: who keeps such lists
        meaning: what is to be done about who stands on one side only
        is_complete: whether such a list usually names everybody, so that who is missing is 我有他无
        titles, headers: words of its title, and headings, that only such a list has
        columns: "name", "id_no", "birth", "village" or "date" → further headings of it
        values: field of ours → headings of the column that is compared with it
    """

    key: str
    title: str
    office: str
    order: int
    meaning: str
    is_complete: bool
    titles: tuple[str, ...]
    headers: tuple[str, ...]
    columns: Mapping[str, tuple[str, ...]] = field(default_factory=dict)
    values: Mapping[Field, tuple[str, ...]] = field(default_factory=dict)
    ours: Ours = field(default_factory=Ours)
    rows: AnsweringRows | None = None
    absent: Absence = field(default_factory=Absence)

    @property
    def is_answered(self) -> bool:
        """Whether anything in the workbook says who belongs on the list."""
        return self.ours.field is not None or self.ours.by_rows

    def value_fields(self, table: str) -> list[Field]:
        """The compared fields of one table."""
        return [one for one in self.values if one.table == table]


@cache
def all_subjects() -> tuple[Subject, ...]:
    """Every kind of list in its order.

    Raises:
        SubjectError: a file is wrong
    """
    subjects = [load_subject(name, resources.read(_KIND, name)) for name in resources.names(_KIND)]
    return tuple(sorted(subjects, key=lambda one: one.order))


def get_subject(name: str) -> Subject:
    """One kind of list by its key or title.

    Raises:
        UserError: there is none; the sentence names those that there are
    """
    for one in all_subjects():
        if name in (one.key, one.title):
            return one
    known = "、".join(f"{one.key}（{one.title}）" for one in all_subjects())
    raise UserError(f"没有“{name}”这种名单。有：{known}。")


def load_subject(key: str, raw: Mapping[str, Any]) -> Subject:
    """A kind of list as its file declares it.

    Raises:
        SubjectError: something is missing, unknown, or says nothing that db/schema knows
    """
    if faults := list(_faults(raw)):
        raise SubjectError(f"resources/{_KIND}/{key}.toml: {'; '.join(faults)}")
    try:
        return _built(key, raw)
    except (KeyError, RoleError, TypeError) as error:
        raise SubjectError(f"resources/{_KIND}/{key}.toml: {error}") from error


def _faults(raw: Mapping[str, Any]) -> Iterator[str]:
    yield from (f"“{name}” is missing" for name in _REQUIRED if name not in raw)
    yield from (f"“{name}” is unknown" for name in raw if name not in _KEYS)
    yield from (f"columns: “{name}” is unknown" for name in raw.get("columns", {}) if name not in _IDENTITY)
    if not raw.get("titles") and not raw.get("headers"):
        yield "nothing tells such a list from others"
    headings = [
        one for names in (raw.get("columns", {}), raw.get("values", {})) for each in names.values() for one in each
    ]
    yield from (f"the heading “{one}” stands for two things" for one in {h for h in headings if headings.count(h) > 1})
    if bool(raw.get("absent", {}).get("headers")) != bool(raw.get("absent", {}).get("values")):
        yield "absent: headers and values belong together"
    allowed = {"member", raw.get("rows", {}).get("table")}
    for name in raw.get("values", {}):
        if name.partition(".")[0] not in allowed:
            yield f"values: “{name}” is no field of the member or of its rows"


def _built(key: str, raw: Mapping[str, Any]) -> Subject:
    ours, absent = raw.get("ours", {}), raw.get("absent", {})
    subject = Subject(
        key=key,
        title=raw["title"],
        office=raw["office"],
        order=raw["order"],
        meaning=raw["meaning"],
        is_complete=raw["is_complete"],
        titles=tuple(raw["titles"]),
        headers=tuple(raw["headers"]),
        columns={name: tuple(headings) for name, headings in raw.get("columns", {}).items()},
        values={_field(name): tuple(headings) for name, headings in raw.get("values", {}).items()},
        ours=Ours(
            field=_field(ours["column"]) if "column" in ours else None,
            role=ours.get("role", ""),
            without_role=ours.get("without_role", ""),
            by_rows=ours.get("by_rows", False),
            date_field=_field(ours["date"]) if "date" in ours else None,
        ),
        rows=_rows(raw["rows"]) if "rows" in raw else None,
        absent=Absence(
            tuple(absent.get("headers", ())), frozenset(absent.get("values", ())), tuple(absent.get("titles", ()))
        ),
    )
    _check_ours(subject)
    return subject


def _check_ours(subject: Subject) -> None:
    own = [one for one in (subject.ours.field, subject.ours.date_field) if one is not None]
    if any(one.table != "member" for one in own):
        raise KeyError("ours: a column of the member is asked for")
    if subject.ours.by_rows and subject.rows is None:
        raise KeyError("ours: by_rows without rows")
    subject.ours.says_yes("")  # a role that no option has is found here, not when a list comes


def _field(name: str) -> Field:
    table, _, column = name.partition(".")
    return field_of(table, column)


def _rows(raw: Mapping[str, Any]) -> AnsweringRows:
    table = raw["table"]
    columns: Sequence[str] = [column.name for column in records()[table].__table__.columns]
    owner = next((name for name in ("member_id", "household_id") if name in columns and name == raw["owner"]), None)
    if owner is None:
        raise KeyError(f"rows: {table} has no {raw['owner']}")
    column, role, until = raw.get("column", ""), raw.get("role", ""), raw.get("open_until", "")
    value = value_of(field_of(table, column).spec.options, role) if column else ""
    if until:
        field_of(table, until)
    return AnsweringRows(table, owner, column, value, until)
