"""防返贫监测: whether a household is monitored. Everything that asks it asks here."""

from collections.abc import Iterable
from typing import Any

from sqlalchemy import ColumnElement, and_, func, or_, select
from sqlalchemy.orm import Session

from db.schema.household import Household
from db.schema.monitoring import Monitoring

UNKNOWN_KIND = "监测对象"  # stands for the kind of monitoring where it is not filled in


def is_identified(row: Monitoring) -> bool:
    """Whether the county has decided that the household is monitored.

    Lists of the national system and former versions of the program tell the kind and sometimes no date: what did not
    begin as a lead here was identified.
    """
    return bool(row.identified or (row.kind and not row.lead_on))


def is_open(row: Monitoring) -> bool:
    """Whether the household is monitored by this record now: identified, neither removed nor turned down."""
    return is_identified(row) and not row.removed and not row.excluded_on and not row.withdrawn


def open_condition(record: Any = Monitoring) -> ColumnElement[bool]:
    """`is_open` as a condition on monitoring records, or on an alias of them."""
    identified = or_(record.identified.is_not(None), and_(record.kind.is_not(None), record.lead_on.is_(None)))
    return and_(identified, record.removed.is_(None), record.excluded_on.is_(None), ~record.withdrawn)


def monitored_household() -> ColumnElement[bool]:
    """The condition for households that are monitored now."""
    return Household.id.in_(
        select(Monitoring.household_id).where(open_condition(), Monitoring.household_id.is_not(None))
    )


def monitored_kind() -> ColumnElement[str | None]:
    """In SQL: 监测对象类别 of a household that is monitored now, NULL of others."""
    newest = select(func.coalesce(Monitoring.kind, UNKNOWN_KIND)).where(
        open_condition(), Monitoring.household_id == Household.id
    )
    return newest.order_by(Monitoring.identified.desc(), Monitoring.id.desc()).limit(1).scalar_subquery()


def open_kinds(session: Session) -> dict[str, str]:
    """Household → 监测对象类别 (`UNKNOWN_KIND` where it is not filled in) of those that are monitored now."""
    statement = (
        select(Monitoring.household_id, Monitoring.kind)
        .where(open_condition(), Monitoring.household_id.is_not(None))
        .order_by(Monitoring.identified, Monitoring.id)
    )
    return {household or "": kind or UNKNOWN_KIND for household, kind in session.execute(statement)}


def open_kind(session: Session, household_id: str) -> str:
    """The same of one household, "" where it is not monitored."""
    return next((row.kind or UNKNOWN_KIND for row in monitorings(session, household_id) if is_open(row)), "")


def monitorings(session: Session, household_id: str) -> list[Monitoring]:
    """The records of one household, the newest first."""
    rows = session.scalars(select(Monitoring).where(Monitoring.household_id == household_id, ~Monitoring.withdrawn))
    return newest_first(rows)


def newest_first(rows: Iterable[Monitoring]) -> list[Monitoring]:
    """Records of one household: the open one, then the latest begun."""
    begun = sorted(rows, key=lambda row: (_begun(row), row.id), reverse=True)
    return sorted(begun, key=lambda row: not is_open(row))


def _begun(row: Monitoring) -> str:
    return row.identified or (row.lead_on.isoformat() if row.lead_on else "")
