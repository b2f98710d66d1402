"""Small events of one person, written at once from the list of members: who comes, who goes, who is the head now.

They are the same events as those of the wizard (app/life_events/recording.py), with all that follows; what proves them
may be told later, in 动态管理.
"""

from collections.abc import Mapping
from datetime import date

from app.errors import UserError
from app.life_events.planning import EventPlan, EventRequest
from app.life_events.recording import record_at_once
from app.records.field import Value, field
from app.workbook.workbook import Workbook
from resources.option_roles import value_of


def record_arrival(workbook: Workbook, household_id: str, values: Mapping[str, Value], basis: str) -> EventPlan:
    """Somebody was born, married or moved into a household.

    Args:
        values: of the member; `joined` and `joined_on` say why and when

    Raises:
        UserError: something is missing, or the person is there already
    """
    day = values.get("joined_on")
    if not isinstance(day, date):
        raise UserError(f"请填写“{field('member', 'joined_on').label}”。")
    said = {name: value for name, value in values.items() if name != "joined_on"}
    return record_at_once(workbook, EventRequest(_kind("arrival"), household_id, day, basis, values=said))


def record_departure(
    workbook: Workbook,
    household_id: str,
    member_id: str,
    reason: str,
    day: date,
    basis: str,
    *,
    new_head: str = "",
    relations: Mapping[str, str] | None = None,
) -> EventPlan:
    """Somebody died, married or moved away; the others are what they are to the new head where the head goes.

    Raises:
        UserError: something is missing or does not fit
    """
    return record_at_once(
        workbook,
        EventRequest(
            _kind("departure"),
            household_id,
            day,
            basis,
            members=(member_id,),
            new_head=new_head,
            relations=relations or {},
            values={"left": reason},
        ),
    )


def record_head(
    workbook: Workbook, household_id: str, member_id: str, relations: Mapping[str, str], basis: str
) -> EventPlan:
    """Another member is the head from today on.

    Raises:
        UserError: something is missing or does not fit
    """
    request = EventRequest(_kind("head"), household_id, date.today(), basis, new_head=member_id, relations=relations)
    return record_at_once(workbook, request)


def told(plan: EventPlan) -> str:
    """What else it changed and what is to be thought of, behind what was done; "" for nothing."""
    others = len({line.record_id for line in plan.lines}) - 1
    changed = [f"连带改了 {others} 条记录，见动态管理"] if others > 0 else []
    return "。".join(["", *changed, *plan.warnings])


def _kind(role: str) -> str:
    return value_of("life_event_kind", role)
