"""What each kind of event asks for; the kinds are the roles of the dictionary life_event_kind."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Literal

from app.records.field import options
from resources.option_roles import values_with_role
from resources.overlay import cached

Asked = tuple[str, str]  # table and column


@dataclass(frozen=True, slots=True)
class EventKind:
    """What must be known of an event beside its day and what it rests on.

    Attributes:
        role: what it does (app/life_events/effects.py)
        chosen: whose members are chosen: "one" or "some" of the household, "" where nobody is
        head: whether somebody becomes the head: "new" always, "left" where the head is among those chosen
        asks: fields that are filled in
        needs_other: whether another household takes part
        required: those of `asks` without which it is not recorded
    """

    role: str
    chosen: Literal["", "one", "some"] = ""
    head: Literal["", "new", "left"] = ""
    asks: tuple[Asked, ...] = ()
    needs_other: bool = False
    required: tuple[str, ...] = field(default=())


_MEMBER = tuple(("member", name) for name in ("name", "relation", "id_no", "sex", "birth", "joined"))
_KINDS = (
    EventKind("arrival", asks=_MEMBER, required=("name", "relation", "joined")),
    EventKind("departure", "one", "left", asks=(("member", "left"),), required=("left",)),
    EventKind("head", head="new"),
    EventKind(
        "split",
        "some",
        "new",
        asks=(("household", "household_no"), ("household", "group_name"), ("household", "address")),
    ),
    EventKind("union", needs_other=True),
    EventKind(
        "identified",
        asks=(("household", "ident_standard"), ("household", "household_attribute"), ("household", "cause_main")),
        required=("ident_standard", "household_attribute", "cause_main"),
    ),
    EventKind("returned", asks=(("household", "return_cause"),), required=("return_cause",)),
    EventKind("exited"),
    EventKind("risk_removed", asks=(("monitoring", "removal_way"),), required=("removal_way",)),
    EventKind("attribute", asks=(("household", "household_attribute"),), required=("household_attribute",)),
    EventKind("closed"),
    EventKind("reopened"),
)

# the dates that a decision from above is made by, in their order; asked of what is posted before it is decided
DECISION_STEPS = (
    "applied_on", "checked_on", "checked_by", "appraised_on", "notice_on", "notice_until", "objection", "town_on",
    "county_on",
)  # fmt: skip


@cached
def event_kinds() -> Mapping[str, EventKind]:
    """Option of life_event_kind → what it asks for."""
    return {value: kind for kind in _KINDS for value in values_with_role("life_event_kind", kind.role)}


def publicity_days(kind: str) -> int | None:
    """How many days an event of this kind is posted before it is decided, None where it is not."""
    return next((one.extra.get("publicity_days") for one in options("life_event_kind") if one.value == kind), None)
