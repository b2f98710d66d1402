"""Who was in a household when: counted in one pass for all households, or for one."""

import json
from collections.abc import Sequence
from datetime import date
from typing import NamedTuple

from sqlalchemy import text
from sqlalchemy.orm import Session

from resources.option_roles import value_of

AMONG = "household_id IN (SELECT value FROM json_each(:households))"  # one parameter, however many they are


class Residency(NamedTuple):
    """The people of one household.

    Attributes:
        size: how many have not left
        head: the name of the present member whose relation is 户主, "" where there is none
        constant: how many neither came nor left while the household was registered
        movements: of the others, day of coming, whether they left, day of leaving (ISO dates, "" if unknown)
    """

    size: int
    head: str
    constant: int
    movements: tuple[tuple[str, bool, str], ...]

    def count_on(self, day: date) -> int:
        """How many belonged to the household on a day; who left on an unknown day is not counted."""
        iso = day.isoformat()
        return self.constant + sum(came <= iso and (not left or went > iso) for came, left, went in self.movements)


def load_residencies(session: Session, households: Sequence[str] | None = None) -> dict[str, Residency]:
    """Household → its people, of some households or of all; those without anybody are not in it."""
    constant_condition = 'joined_on IS NULL AND "left" IS NULL'
    rows = session.execute(
        text(
            'SELECT household_id, count(*) FILTER (WHERE "left" IS NULL), '
            'max(CASE WHEN relation = :head AND "left" IS NULL THEN name END), '
            f"count(*) FILTER (WHERE {constant_condition}), group_concat(CASE WHEN NOT ({constant_condition}) THEN "
            "coalesce(joined_on, '') || '/' || (\"left\" IS NOT NULL) || '/' || coalesce(left_on, '') END) "
            # a scan: by index every row would be a jump in the encrypted file
            f"FROM member {'NOT INDEXED' if households is None else ''} WHERE NOT withdrawn "
            f"AND {'household_id IS NOT NULL' if households is None else AMONG} GROUP BY household_id"
        ),
        {"head": value_of("relation", "head")} | ({} if households is None else {"households": json.dumps(households)}),
    ).all()
    return {
        household: Residency(size, head or "", constant, _parse_movements(movements) if movements else ())
        for household, size, head, constant, movements in rows
    }


def _parse_movements(encoded: str) -> tuple[tuple[str, bool, str], ...]:
    parts = (entry.split("/") for entry in encoded.split(","))
    return tuple((came, left == "1", went) for came, left, went in parts)
