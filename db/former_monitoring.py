"""Brings over what programs before revision 0010 write of monitoring: 户类型 and four columns of the household.

There 户类型 was 脱贫户 or 边缘易致贫户, never both. Here the household keeps its kind and monitoring is a record of its
own (docs/decisions/0019-monitoring.md). A colleague may go on writing the former columns, so that this runs after an
upgrade and after every package. `Monitoring.former` holds what was taken over last: a cell is taken again only where
the former program changed it since, and only where nobody has changed it here. What both changed is left for the
officer (app/issues/rules/monitoring.py).
"""

import json
from collections.abc import Iterable, Iterator, Mapping
from typing import Any

from sqlalchemy import or_, select
from sqlalchemy.orm import Session

import resources
from db.journal.conflicts import open_conflicts
from db.journal.sql_variables import batched
from db.schema.household import Household
from db.schema.monitoring import Monitoring
from db.schema.relations import standing_record
from resources.option_roles import value_of, values_with_role
from resources.overlay import cached

_COLUMNS = {
    "risks": "monitor_risks",
    "identified": "monitor_since",
    "removed": "monitor_removed",
    "risk_note": "monitor_note",
}
Cells = dict[str, Any]  # column of `monitoring` → value, as the household states it; choices as a list


def waiting_households(session: Session) -> list[str]:
    """Ids of the households of which a former program wrote something that is not taken over yet."""
    households = list(_households(session))
    rows = _records(session, households)
    former = [household for household in households if _is_former_kind(household)]
    disputed = _households_with_disputed_kind(session) if former else set()
    kind_waits = {household.id for household in former} - disputed
    return [
        household.id
        for household in households
        if household.id in kind_waits or household.id not in rows or _split(household, rows[household.id])[0]
    ]


def bring_over(session: Session, household_ids: Iterable[str]) -> None:
    """Take over what former programs wrote of these households."""
    for household_id in household_ids:
        _bring_over_household(session, session.get_one(Household, household_id))


def differing_cells(household: Household, row: Monitoring) -> dict[str, Any]:
    """Column → what a former program wrote there after it was taken over, where it was changed here as well."""
    return {} if row.former is None else dict(_split(household, row)[1])


def _households(session: Session) -> Iterator[Household]:
    stated = [getattr(Household, column).is_not(None) for column in _COLUMNS.values()]
    is_former = Household.household_kind.in_(values_with_role("household_kind", "monitored"))
    yield from session.scalars(select(Household).where(~Household.withdrawn, or_(is_former, *stated)))


def _records(session: Session, households: Iterable[Household]) -> dict[str, Monitoring]:
    """Household → the record that stands for its former columns, as `_record` finds it for one."""
    owners = {Monitoring.id_of(household.id): household.id for household in households}
    return {
        owners[row.id]: session.get_one(Monitoring, row.merged_into) if row.merged_into else row
        for batch in batched(owners)
        for row in session.scalars(select(Monitoring).where(Monitoring.id.in_(batch)))
    }


def _households_with_disputed_kind(session: Session) -> set[str]:
    """Those whose 户类型 has several values, between which a person has to choose."""
    return {conflict.row for conflict in open_conflicts(session, "household") if conflict.column == "household_kind"}


def _bring_over_household(session: Session, household: Household) -> None:
    row = _record(session, household)
    if row is None:
        stated = _stated(household)
        row = Monitoring(
            id=Monitoring.id_of(household.id),
            village=household.village,
            household_id=household.id,
            former=_to_text(stated),
            **{name: _to_cell(value) for name, value in stated.items()},
        )
        session.add(row)
    else:
        changed, _ = _split(household, row)
        if changed:
            row.former = _to_text({**_taken_over(row), **changed})
        for name, value in changed.items():
            setattr(row, name, _to_cell(value))
    if _kind_waits(session, household):
        household.household_kind = _household_kind(household)


def _record(session: Session, household: Household) -> Monitoring | None:
    """The one record of a household that stands for the former columns: its id follows from the household alone."""
    return standing_record(session, Monitoring, Monitoring.id_of(household.id))


def _split(household: Household, row: Monitoring) -> tuple[Cells, Cells]:
    """What a former program wrote since it was taken over: what nobody changed here, and what was changed here too."""
    taken, free, disputed = _taken_over(row), dict[str, Any](), dict[str, Any]()
    for name, value in _stated(household).items():
        here = _from_cell(getattr(row, name))
        if value != taken.get(name):
            (free if here in (taken.get(name), value) else disputed)[name] = value
    return free, disputed


def _stated(household: Household) -> Cells:
    """What the former columns say; a kind that is none of monitoring says nothing of it, for we write such too."""
    stated = {name: _from_cell(getattr(household, column)) for name, column in _COLUMNS.items()}
    if _is_former_kind(household):
        stated["kind"] = household.household_kind
    return stated


def _taken_over(row: Monitoring) -> Mapping[str, Any]:
    taken: Mapping[str, Any] = json.loads(row.former) if row.former else {}
    return taken


def _to_text(stated: Mapping[str, Any]) -> str:
    """The same on every laptop, so that two that bring over the same agree."""
    return json.dumps(stated, ensure_ascii=False, sort_keys=True)


def _from_cell(value: Any) -> Any:
    return list(value) if isinstance(value, tuple) else value


def _to_cell(value: Any) -> Any:
    return tuple(value) if isinstance(value, list) else value


def _is_former_kind(household: Household) -> bool:
    """Whether 户类型 holds what is a kind of monitoring now."""
    return household.household_kind in values_with_role("household_kind", "monitored")


def _kind_waits(session: Session, household: Household) -> bool:
    """Whether 户类型 holds a kind of monitoring, and no other value that a person has to choose between."""
    return _is_former_kind(household) and all(
        conflict.column != "household_kind" for conflict in open_conflicts(session, "household", household.id)
    )


def _household_kind(household: Household) -> str:
    """What the household is beside being monitored. The kind tells it of two; of the third, what else is known."""
    own_kind = household_kind_of(household.household_kind)
    return own_kind or value_of("household_kind", registered_role(household) or "ordinary")


@cached
def household_kind_of(kind: str | None) -> str:
    """户类型 that goes with a kind of monitoring: 脱贫不稳定户 is a 脱贫户; "" where the kind does not tell."""
    for option in resources.read("dictionaries", "monitoring_kind")["options"]:
        if option["value"] == kind and "household" in option:
            return value_of("household_kind", option["household"])
    return ""


def registered_role(household: Household) -> str:
    """The role of the 户类型 that exit and registration speak for; "" where they say nothing."""
    exited = household.exit_status == value_of("exit_status", "exited")
    if exited or household.exit_year:
        return "lifted"
    return "poor" if household.exit_status or household.register_date else ""
