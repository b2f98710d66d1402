"""The households that a round is about, in walking order: by group, then by number."""

import re
from collections.abc import Collection, Container, Iterable
from dataclasses import dataclass

from sqlalchemy import select
from sqlalchemy.orm import Session

from app.records.row_views import HEAD_RELATION
from db.schema.household import Household, Member
from resources.option_roles import values_with_role

_DIGITS = {character: number for number, character in enumerate("零一二三四五六七八九")} | {"〇": 0, "两": 2}
_NUMBER = re.compile(r"\d+|[零〇一二两三四五六七八九十百]+")


@dataclass(frozen=True, slots=True)
class RoundHousehold:
    """One household as a list names it. `group` is the 村民组, the 自然村 where no group is filled in, or empty."""

    household_id: str
    household_no: str
    head: str
    group: str
    address: str

    @property
    def name(self) -> str:
        """What lists call it, also where the head is missing."""
        return self.head or self.household_no or "（户主未填）"


def walking_order(household: RoundHousehold) -> tuple[object, ...]:
    """Sort key: 二组 before 十组, households without a group or a number last."""
    number = group_number(household.group)
    return (
        not household.group,
        number is None,
        number or 0,
        household.group,
        not household.household_no,
        household.household_no,
        household.head,
        household.household_id,
    )


def group_number(group: str) -> int | None:
    """The number in the name of a group, in figures or in Chinese: 第十二村民组 → 12; None where it has none."""
    match = _NUMBER.search(group)
    if not match:
        return None
    numeral = match[0]
    if numeral.isascii() and numeral.isdigit():
        return int(numeral)
    total, digit = 0, 0
    for character in numeral:
        if character in "十百":
            total += (digit or 1) * (10 if character == "十" else 100)
            digit = 0
        else:
            digit = _DIGITS[character]
    return total + digit


def closed_registration_states() -> frozenset[str]:
    """登记状态 in which a household no longer appears in lists, rounds and statistics."""
    return values_with_role("registration_state", "closed")


@dataclass(frozen=True, slots=True)
class RegisterEntry:
    """A household of the register. `in_force`: neither closed nor merged into another."""

    household: RoundHousehold
    merged: bool
    in_force: bool


def load_register(session: Session, village: str, household_id: str = "") -> tuple[RegisterEntry, ...]:
    """All households of a village that are not withdrawn, or the one named, in walking order."""
    query = select(
        Household.id,
        Household.household_no,
        Household.group_name,
        Household.hamlet,
        Household.address,
        Household.registration_state,
        Household.merged_into,
    ).where(Household.village == village, ~Household.withdrawn)
    heads = _heads(session, village, household_id)
    entries = [
        RegisterEntry(
            RoundHousehold(id, no or "", heads.get(id, ""), group or hamlet or "", address or ""),
            merged is not None,
            merged is None and state not in closed_registration_states(),
        )
        for id, no, group, hamlet, address, state, merged in session.execute(
            query.where(Household.id == household_id) if household_id else query
        )
    ]
    return tuple(sorted(entries, key=lambda entry: walking_order(entry.household)))


def round_households(
    entries: Iterable[RegisterEntry],
    selected_ids: Collection[str] | None,
    inspected_ids: Container[str],
    *,
    round_closed: bool,
) -> list[RoundHousehold]:
    """The households of a register that one round covers.

    Args:
        selected_ids: ids of the households the round is about, None for all that are in force
        inspected_ids: ids of those with an inspection; they stay even if they left the register since
        round_closed: households that were selected stay in a closed round even if they have left the register since
    """
    selected = None if selected_ids is None else frozenset(selected_ids)

    def is_included(entry: RegisterEntry) -> bool:
        if selected is None:
            return entry.in_force
        return entry.household.household_id in selected and (entry.in_force or (round_closed and not entry.merged))

    return [entry.household for entry in entries if entry.household.household_id in inspected_ids or is_included(entry)]


def _heads(session: Session, village: str, household_id: str) -> dict[str, str]:
    query = (
        select(Member.household_id, Member.name)
        .where(Member.village == village, Member.relation == HEAD_RELATION, Member.left.is_(None), ~Member.withdrawn)
        .order_by(Member.id.desc())
    )
    if household_id:
        query = query.where(Member.household_id == household_id)
    return {household or "": name or "" for household, name in session.execute(query)}
