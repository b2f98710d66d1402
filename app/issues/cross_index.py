"""What only all households of the workbook together show: numbers used twice, helpers and their limits."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any

from sqlalchemy import text
from sqlalchemy.orm import Session

from app.records.assignment import HelperLoad, helper_loads
from app.records.row_views import HEAD_RELATION
from db.text_search import any_number


@dataclass(frozen=True, slots=True)
class Owner:
    """Who has a number: a record, its household, and their titles."""

    record_id: str
    household_id: str
    name: str
    household_name: str


@dataclass(frozen=True, slots=True)
class CrossHouseholdIndex:
    """Holds only what is used more than once.

    Attributes:
        ids: first 18 characters of an ID number → present members who have it, where there are several
        phones: number → holders in several households
        numbers: 户编号 → households, where there are several
        namesakes: (village, group, head) → households, where there are several
        helpers: ID number of a helper → helper's name
        helper_phones: phone → the helpers who give it, where there are several
        burdens: helper → households in force and the limit
    """

    ids: Mapping[str, tuple[Owner, ...]]
    phones: Mapping[str, tuple[Owner, ...]]
    numbers: Mapping[str, tuple[Owner, ...]]
    namesakes: Mapping[tuple[str, str, str], tuple[Owner, ...]]
    helpers: Mapping[str, str]
    helper_phones: Mapping[str, tuple[str, ...]]
    burdens: Mapping[str, HelperLoad]


_ACTIVE_HOUSEHOLD = "NOT household.withdrawn AND household.merged_into IS NULL"
_LISTED = "withdrawn = 0 AND near.merged_into IS NULL"  # as the index of listed households says it
_HEADS = (
    "SELECT household_id, min(name) AS head FROM member NOT INDEXED "
    'WHERE NOT withdrawn AND "left" IS NULL AND relation = :head GROUP BY household_id'
)
_HOUSEHOLDS = (
    "SELECT household.id, household.village, household.household_no, household.phone, "
    "coalesce(household.group_name, household.hamlet, ''), coalesce(heads.head, '') "
    f"FROM household LEFT JOIN ({_HEADS}) heads ON heads.household_id = household.id "
    f"WHERE {_ACTIVE_HOUSEHOLD} ORDER BY household.id"
)
_MEMBERS = (
    "SELECT id, household_id, name, substr(id_no, 1, 18), member_phone FROM member NOT INDEXED "
    'WHERE NOT withdrawn AND "left" IS NULL AND (id_no IS NOT NULL OR member_phone IS NOT NULL) ORDER BY id'
)
# Of one household: only it, those of its group, and those with a word in the search index like one of its numbers. No
# others share anything with it, and a township's workbook is not read through.
_HITS = "SELECT found.{} FROM search JOIN searchable found ON found.n = search.rowid WHERE search.words MATCH :numbers"
_GROUP = "coalesce(own.group_name, own.hamlet, '')"
_NEAR = (
    f"SELECT :household UNION {_HITS.format('household_id')} "
    "UNION SELECT near.id FROM household own JOIN household near "
    f"ON near.village = own.village AND near.group_name = {_GROUP} AND near.{_LISTED} WHERE own.id = :household "
    "UNION SELECT near.id FROM household own JOIN household near ON near.village = own.village "
    f"AND near.group_name IS NULL AND coalesce(near.hamlet, '') = {_GROUP} AND near.{_LISTED} WHERE own.id = :household"
)
_OWN_HEAD = (
    "(SELECT min(name) FROM member WHERE household_id = household.id AND relation = :head "
    'AND "left" IS NULL AND withdrawn = 0)'
)
_NEAR_HOUSEHOLDS = (
    "SELECT id, village, household_no, phone, coalesce(group_name, hamlet, ''), "
    f"coalesce({_OWN_HEAD}, '') FROM household WHERE {_ACTIVE_HOUSEHOLD} AND id IN ({_NEAR}) ORDER BY id"
)
_NEAR_MEMBERS = (
    "SELECT id, household_id, name, substr(id_no, 1, 18), member_phone FROM member "
    'WHERE NOT withdrawn AND "left" IS NULL AND (id_no IS NOT NULL OR member_phone IS NOT NULL) AND id IN '
    f"(SELECT id FROM member WHERE household_id = :household UNION {_HITS.format('row_id')}) ORDER BY id"
)
_OWN_NUMBERS = (
    "SELECT household_no FROM household WHERE id = :household UNION SELECT phone FROM household WHERE id = :household "
    "UNION SELECT substr(id_no, 1, 18) FROM member WHERE household_id = :household "
    "UNION SELECT member_phone FROM member WHERE household_id = :household"
)


def build_index(session: Session, household_id: str = "") -> CrossHouseholdIndex:
    """One pass over a few columns of households, members and helpers.

    Args:
        household_id: only what this one shares with others; everything if ""
    """
    households, members = _read_near(session, household_id) if household_id else _read_all(session)
    ids: dict[str, list[Owner]] = {}
    phones: dict[str, list[Owner]] = {}
    numbers: dict[str, list[Owner]] = {}
    namesakes: dict[tuple[str, str, str], list[Owner]] = {}
    household_names: dict[str, str] = {}
    for record_id, village, identifier, phone, group_name, head in households:
        household_names[record_id] = household_name = head or identifier or "（户主未填）"
        owner = Owner(record_id, record_id, household_name, household_name)
        for key, index in ((identifier, numbers), (phone, phones)):
            if key:
                index.setdefault(key, []).append(owner)
        if head:
            namesakes.setdefault((village, group_name, head), []).append(owner)
    for record_id, owner_household_id, name, identifier, phone in members:
        if owner_household_id in household_names and (identifier or phone):
            owner = Owner(record_id, owner_household_id, name or "", household_names[owner_household_id])
            for key, index in ((identifier, ids), (phone, phones)):
                if key:
                    index.setdefault(key, []).append(owner)
    helpers, helper_phones = _load_helpers(session)
    return CrossHouseholdIndex(
        ids=_shared_only(ids),
        phones={
            key: owners
            for key, owners in _shared_only(phones).items()
            if len({item.household_id for item in owners}) > 1
        },
        numbers=_shared_only(numbers),
        namesakes=_shared_only(namesakes),
        helpers=helpers,
        helper_phones=helper_phones,
        burdens={item.helper_id: item for item in helper_loads(session)},
    )


def _read_all(session: Session) -> tuple[Iterable[Any], Iterable[Any]]:
    """Rows of all households and their people, as `build_index` takes them."""
    return session.execute(text(_HOUSEHOLDS), {"head": HEAD_RELATION}), session.execute(text(_MEMBERS))


def _read_near(session: Session, household_id: str) -> tuple[Iterable[Any], Iterable[Any]]:
    """Those among which one household may share something with others."""
    own_numbers = session.scalars(text(_OWN_NUMBERS), {"household": household_id})
    params = {"household": household_id, "numbers": any_number(number for number in own_numbers if number)}
    return (
        session.execute(text(_NEAR_HOUSEHOLDS), params | {"head": HEAD_RELATION}),
        session.execute(text(_NEAR_MEMBERS), params),
    )


def _shared_only(owners_by_key: Mapping[Any, list[Owner]]) -> dict[Any, tuple[Owner, ...]]:
    return {key: tuple(owners) for key, owners in owners_by_key.items() if len(owners) > 1}


def _load_helpers(session: Session) -> tuple[dict[str, str], dict[str, tuple[str, ...]]]:
    ids: dict[str, str] = {}
    phones: dict[str, list[str]] = {}
    for name, id_no, phone in session.execute(
        text("SELECT name, id_no, phone FROM helper WHERE NOT withdrawn ORDER BY id")
    ):
        if id_no:
            ids[id_no[:18]] = name or ""
        if phone:
            phones.setdefault(phone, []).append(name or "")
    return ids, {phone: tuple(names) for phone, names in phones.items() if len(names) > 1}
