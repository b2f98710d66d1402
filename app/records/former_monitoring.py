"""Brings over what programs before revision 0010 write of monitoring: 户类型 and four columns of the household.

There 户类型 was 脱贫户 or 边缘易致贫户, never both. Here the household keeps its kind and monitoring is a record of its
own (docs/decisions/0018-monitoring.md). A colleague may go on writing the former columns, so that this runs after an
upgrade and after every package. `Monitoring.former` holds what was taken over last: a cell is taken again only where
the former program changed it since, and only where nobody has changed it here. What both changed is left for the
officer (app/issues/rules/monitoring.py).
"""

import json
from collections.abc import Iterator, Mapping
from typing import Any

from sqlalchemy import or_, select
from sqlalchemy.orm import Session

from app.records.monitoring import household_kind_of
from app.workbook.workbook import Workbook
from db.journal.conflicts import open_conflicts
from db.schema.household import Household
from db.schema.monitoring import Monitoring
from db.schema.relations import standing_record
from db.schema.setting import Setting
from resources.option_roles import value_of, values_with_role

TITLE = "监测情况单独成册"
_DONE = "former_monitoring"  # in table `setting`: this copy of the workbook was looked through once
_COLUMNS = {
    "risks": "monitor_risks",
    "identified": "monitor_since",
    "removed": "monitor_removed",
    "risk_note": "monitor_note",
}
Cells = dict[str, Any]  # column of `monitoring` → value, as the household states it; choices as a list


def bring_over_once(workbook: Workbook) -> None:
    """`bring_over` after an upgrade; the next time this copy is opened nothing is looked through."""
    with workbook.reading() as session:
        done = session.get(Setting, _DONE) is not None
    if not done:
        bring_over(workbook)
        with workbook.writing() as session:
            session.add(Setting(key=_DONE, value=json.dumps(True)))


def bring_over(workbook: Workbook) -> int:
    """Take over everything that former programs wrote and is not here yet, as one operation; returns how many homes."""
    with workbook.reading() as session:
        waiting = [household.id for household in _households(session) if _is_waiting(session, household)]
    if waiting:
        with workbook.operation(TITLE) as session:
            for household_id in waiting:
                _bring_over_household(session, session.get_one(Household, household_id))
    return len(waiting)


def differing_cells(household: Household, row: Monitoring) -> dict[str, Any]:
    """Column → what a former program wrote there after it was taken over, where it was changed here as well."""
    return {} if row.former is None else dict(_split(household, row)[1])


def _households(session: Session) -> Iterator[Household]:
    stated = [getattr(Household, column).is_not(None) for column in _COLUMNS.values()]
    is_former = Household.household_kind.in_(values_with_role("household_kind", "monitored"))
    yield from session.scalars(select(Household).where(~Household.withdrawn, or_(is_former, *stated)))


def _is_waiting(session: Session, household: Household) -> bool:
    row = _record(session, household)
    return _kind_waits(session, household) or row is None or bool(_split(household, row)[0])


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
    if household.household_kind in values_with_role("household_kind", "monitored"):
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


def _kind_waits(session: Session, household: Household) -> bool:
    """Whether 户类型 holds a kind of monitoring, and no other value that a person has to choose between."""
    is_former = household.household_kind in values_with_role("household_kind", "monitored")
    return is_former and all(
        conflict.column != "household_kind" for conflict in open_conflicts(session, "household", household.id)
    )


def _household_kind(household: Household) -> str:
    """What the household is beside being monitored. The kind tells it of two; of the third, what else is known."""
    own_kind = household_kind_of(household.household_kind)
    return own_kind or value_of("household_kind", registered_role(household) or "ordinary")


def registered_role(household: Household) -> str:
    """The role of the 户类型 that exit and registration speak for; "" where they say nothing."""
    exited = household.exit_status == value_of("exit_status", "exited")
    if exited or household.exit_year:
        return "lifted"
    return "poor" if household.exit_status or household.register_date else ""
