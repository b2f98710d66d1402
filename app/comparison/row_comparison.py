"""Rows of a list and the people of the workbook → lines, each row in exactly one."""

from collections import defaultdict
from collections.abc import Generator, Iterator, Sequence
from dataclasses import dataclass, field

from app.comparison.line import ComparedLine, LineChange, Result, person_key
from app.comparison.list_row import ListRow
from app.comparison.matching import Match, find_person
from app.comparison.people import OwnRow, PeopleIndex, Person
from app.comparison.subject import Subject
from app.progress import Progress
from app.records.field import Field, Value
from app.records.field import field as field_of

_BLOCK = 1000


@dataclass(slots=True)
class _Comparing:
    """What was seen of a list so far.

    Attributes:
        first_rows: person of ours, or number → the row that named him first
        used: how many rows have had this key already
        villages: codes of the villages that the list is about
    """

    subject: Subject
    index: PeopleIndex
    first_rows: dict[str, ListRow] = field(default_factory=dict)
    used: dict[str, int] = field(default_factory=lambda: defaultdict(int))
    villages: set[str] = field(default_factory=set)


def compare_rows(
    rows: Sequence[ListRow], index: PeopleIndex, subject: Subject, *, is_complete: bool
) -> Generator[Progress, None, tuple[ComparedLine, ...]]:
    """One line for each row, in their order, then one for everybody whom only the workbook has.

    Args:
        is_complete: whether the list names everybody of its villages; else nobody is missing on it
    """
    comparing = _Comparing(subject, index)
    lines: list[ComparedLine] = []
    for n, row in enumerate(rows):
        if n % _BLOCK == 0:
            yield Progress(n, len(rows), "逐行比对")
        lines.append(_line(row, comparing))
    if is_complete and subject.is_answered:
        lines += _missing(lines, comparing)
    return tuple(lines)


def _line(row: ListRow, comparing: _Comparing) -> ComparedLine:
    match = find_person(row, comparing.index)
    person = match.person
    if row.village or person is not None:
        comparing.villages.add(row.village or (person.village if person is not None else ""))
    key = person_key(row.name, "" if row.number_fault else row.number, row.birth, *_unknown(row, person))
    identity = person.id if person is not None else row.number or (key if row.birth else "")
    first = comparing.first_rows.setdefault(identity, row) if identity else row
    comparing.used[key] += 1
    if comparing.used[key] > 1:
        key = person_key("", "", "", key, comparing.used[key])
    if first is not row:
        return ComparedLine(key, "duplicate", row, person, (), _told(row, f"与{first.place}是同一个人"))
    result, changes, why = _outcome(row, match, comparing.subject)
    return ComparedLine(key, result, row, person, changes, _told(row, why))


def _unknown(row: ListRow, person: Person | None) -> tuple[object, ...]:
    """What tells a row from others where it has no whole number and no birth date."""
    if (row.number and not row.number_fault) or (row.name and row.birth):
        return ()
    if person is not None:
        return (person.id,)
    return (row.number,) if row.name or row.number else row.cells


def _told(row: ListRow, why: str) -> str:
    return "；".join(text for text in (why, *row.doubts) if text)


def _outcome(row: ListRow, match: Match, subject: Subject) -> tuple[Result, tuple[LineChange, ...], str]:
    """Result, what taking the list's side would write, and why."""
    person = match.person
    if person is None:
        return _without_person(row, match)
    if match.by_visible:
        return "incomplete", (), f"{row.number_fault}，按姓名和没有打星号的几位对上的，请核对"
    changes = tuple(_changes(row, person, match, subject))
    by_name = "；".join(one for one in ("按姓名和出生日期对上的，请核对", _fault(row)) if one) if match.by_name else ""
    if not subject.is_answered:
        return "theirs_only", (), by_name or "名单上有，请核实"
    is_about_leaving = subject.ours.field is not None and subject.ours.field.name == "left"
    ours = person.is_listed and (is_about_leaving or not person.left)
    if person.left and not is_about_leaving:
        if row.is_absent:
            return "same", (), ""
        return "theirs_only", (), f"本工作簿已减少（{person.left}）"
    if row.is_absent:
        dropped = tuple(_flag(person, subject.ours.field, subject.ours.no))
        return ("ours_only", dropped, _absence(row)) if ours else ("same", (), "")
    if not ours:
        joined = (*_flag(person, subject.ours.field, subject.ours.yes), *_date(row, person, subject))
        return "theirs_only", (*joined, *changes), by_name
    return ("different" if changes else "same"), changes, by_name


def _fault(row: ListRow) -> str:
    """What is wrong with a number that is written."""
    return row.number_fault if row.has_number else ""


def _absence(row: ListRow) -> str:
    return f"名单上写的是“{row.state}”" if row.state else "这份名单列的是不在列的人"


def _without_person(row: ListRow, match: Match) -> tuple[Result, tuple[LineChange, ...], str]:
    if row.elsewhere:
        return "elsewhere", (), f"写的是“{row.elsewhere}”"
    if match.several and not match.by_name:
        return "duplicate", (), f"本工作簿有 {match.several} 人是这个证件号码"
    if match.several:
        return "incomplete", (), f"本工作簿有 {match.several} 人同名同出生日期，要有证件号码才分得清"
    if row.number_fault and not (row.name and row.birth and not row.number):
        return "incomplete", (), row.number_fault
    return "theirs_only", (), "本工作簿没有这个人"


def _changes(row: ListRow, person: Person, match: Match, subject: Subject) -> Iterator[LineChange]:
    """Where name, number and the compared columns differ."""
    if match.by_name and row.number and not row.number_fault:
        yield from _difference(field_of("member", "id_no"), person.id, person.number or None, row.number)
    if row.name and not match.by_name:
        yield from _difference(field_of("member", "name"), person.id, person.name or None, row.name)
    for one, theirs in row.values.items():
        if one.table == "member":
            yield from _difference(one, person.id, person.values.get(one.name), theirs)
    yield from _row_changes({one: value for one, value in row.values.items() if one.table != "member"}, person)


def _row_changes(values: dict[Field, Value], person: Person) -> Iterator[LineChange]:
    """What the closest of our rows says otherwise. Who has none is not compared: it may not be kept here at all."""
    if not values or not person.rows:
        return

    def differences(own: OwnRow) -> list[LineChange]:
        return [
            change
            for one, theirs in values.items()
            for change in _difference(one, own.id, own.values[one.name], theirs)
        ]

    yield from min((differences(own) for own in person.rows), key=len)


def _difference(one: Field, record_id: str, ours: Value, theirs: Value) -> Iterator[LineChange]:
    if theirs is not None and ours != theirs:
        yield LineChange(one.table, record_id, one.name, one.text(ours), one.text(theirs))


def _flag(person: Person, one: Field | None, value: Value) -> Iterator[LineChange]:
    """The cell that says whether somebody belongs on the list, where a value for it is certain."""
    if one is not None and value is not None:
        yield from _difference(one, person.id, person.own_value, value)


def _date(row: ListRow, person: Person, subject: Subject) -> Iterator[LineChange]:
    one = subject.ours.date_field
    if one is not None and row.happened_on is not None:
        yield LineChange("member", person.id, one.name, "", one.text(row.happened_on))


def _missing(lines: Sequence[ComparedLine], comparing: _Comparing) -> Iterator[ComparedLine]:
    """Who belongs on the list by the workbook, lives in a village that it is about, and is on none of its rows.

    A list that names none of ours, and no other village either, is about all of ours.
    """
    subject = comparing.subject
    named = {line.person.id for line in lines if line.person is not None}
    households = {line.person.household_id for line in lines if line.person is not None}
    anywhere = not comparing.villages and not any(line.result == "elsewhere" for line in lines)
    for person in comparing.index.listed():
        if not person.is_in_place or not (anywhere or person.village in comparing.villages):
            continue
        if person.id in named or (subject.ours.by_rows and not _answers_for_household(person, households, subject)):
            continue
        changes = tuple(_flag(person, subject.ours.field, subject.ours.no))
        yield ComparedLine(person_key(person.name, person.number, person.birth), "ours_only", None, person, changes)


def _answers_for_household(person: Person, named_households: set[str], subject: Subject) -> bool:
    """Of a household's row only one person is missing: whose row it is, or the head."""
    if subject.rows is None or subject.rows.owner == "member_id":
        return True
    if person.household_id in named_households:
        return False
    borrowers = {row.member_id for row in person.rows if row.member_id}
    return person.id in borrowers or (not borrowers and person.is_head)
