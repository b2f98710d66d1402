"""What can only be seen over all households of the workbook: numbers that are used twice, helpers and their limits."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from sqlalchemy import text
from sqlalchemy.orm import Session

from app.records.assignment import Burden, burdens


@dataclass(frozen=True, slots=True)
class Holder:
    """Who has a number: a record of a household, and how the two are called."""

    record_id: str
    household_id: str
    name: str
    home: str


@dataclass(frozen=True, slots=True)
class Across:
    """Only what more than one uses is kept.

    Attributes:
        ids: first 18 characters of an ID number → present members who have it, where there are several
        phones: number → holders in several households
        numbers: 户编号 → households, where there are several
        namesakes: (village, group, head) → households, where there are several
        helpers: ID number of a helper → helper's name
        helper_phones: phone → the helpers who give it, where there are several
        burdens: helper → households in force and the limit
    """

    ids: Mapping[str, tuple[Holder, ...]]
    phones: Mapping[str, tuple[Holder, ...]]
    numbers: Mapping[str, tuple[Holder, ...]]
    namesakes: Mapping[tuple[str, str, str], tuple[Holder, ...]]
    helpers: Mapping[str, str]
    helper_phones: Mapping[str, tuple[str, ...]]
    burdens: Mapping[str, Burden]


_KEPT = "NOT household.withdrawn AND household.merged_into IS NULL"
_HEADS = (
    "SELECT household_id, min(name) AS head FROM member NOT INDEXED "
    "WHERE NOT withdrawn AND \"left\" IS NULL AND relation = '户主' GROUP BY household_id"
)
_HOUSEHOLDS = (
    "SELECT household.id, household.village, household.household_no, household.phone, "
    "coalesce(household.group_name, household.hamlet, ''), coalesce(heads.head, '') "
    f"FROM household LEFT JOIN ({_HEADS}) heads ON heads.household_id = household.id "
    f"WHERE {_KEPT}{{}} ORDER BY household.id"
)
_MEMBERS = (
    "SELECT id, household_id, name, substr(id_no, 1, 18), member_phone FROM member NOT INDEXED "
    'WHERE NOT withdrawn AND "left" IS NULL AND (id_no IS NOT NULL OR member_phone IS NOT NULL){} ORDER BY id'
)
# what one household shares with others: the rest is left where it is
_OWN = "SELECT {} FROM household WHERE id = :household"
_GROUP = "coalesce({0}group_name, {0}hamlet, '')"
_PHONES = f"{_OWN.format('phone')} UNION SELECT member_phone FROM member WHERE household_id = :household"
_ALIKE = (
    " AND (substr(id_no, 1, 18) IN (SELECT substr(id_no, 1, 18) FROM member WHERE household_id = :household) "
    f"OR member_phone IN ({_PHONES}))"
)
_NEAR = (
    f" AND (household.id = :household OR household.household_no = ({_OWN.format('household_no')}) "
    f"OR household.phone IN ({_PHONES}) "
    f"OR (household.village, {_GROUP.format('household.')}) = ({_OWN.format('village, ' + _GROUP.format(''))}) "
    f"OR household.id IN (SELECT household_id FROM member NOT INDEXED WHERE NOT withdrawn{_ALIKE}))"
)


def across(session: Session, household_id: str = "") -> Across:
    """One pass over households, members and helpers, in a few columns; nothing is kept of what is used once.

    Args:
        household_id: only what this one shares with others; everything if ""
    """
    near, alike = (_NEAR, _ALIKE) if household_id else ("", "")
    own = {"household": household_id} if household_id else {}
    ids: dict[str, list[Holder]] = {}
    phones: dict[str, list[Holder]] = {}
    numbers: dict[str, list[Holder]] = {}
    namesakes: dict[tuple[str, str, str], list[Holder]] = {}
    homes: dict[str, str] = {}
    for id, village, number, phone, group, head in session.execute(text(_HOUSEHOLDS.format(near)), own):
        homes[id] = home = head or number or "（户主未填）"
        holder = Holder(id, id, home, home)
        for key, into in ((number, numbers), (phone, phones)):
            if key:
                into.setdefault(key, []).append(holder)
        if head:
            namesakes.setdefault((village, group, head), []).append(holder)
    for id, household, name, number, phone in session.execute(text(_MEMBERS.format(alike)), own):
        if household in homes and (number or phone):
            holder = Holder(id, household, name or "", homes[household])
            for key, into in ((number, ids), (phone, phones)):
                if key:
                    into.setdefault(key, []).append(holder)
    helpers, helper_phones = _helpers(session)
    return Across(
        ids=_several(ids),
        phones={key: found for key, found in _several(phones).items() if len({one.household_id for one in found}) > 1},
        numbers=_several(numbers),
        namesakes=_several(namesakes),
        helpers=helpers,
        helper_phones=helper_phones,
        burdens={one.helper_id: one for one in burdens(session)},
    )


def _several(found: Mapping[Any, list[Holder]]) -> dict[Any, tuple[Holder, ...]]:
    return {key: tuple(holders) for key, holders in found.items() if len(holders) > 1}


def _helpers(session: Session) -> tuple[dict[str, str], dict[str, tuple[str, ...]]]:
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
