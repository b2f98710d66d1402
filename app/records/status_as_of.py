"""What a household counted as on a day, by the dates in its record: registered, exited, fallen back, monitored."""

from collections.abc import Iterable
from datetime import date

from app.records.monitoring import is_identified, newest_first
from db.schema.household import Household
from db.schema.monitoring import Monitoring
from resources.option_roles import value_of, values_with_role

_GROUPS = ("ordinary", "dibao", "tekun")  # of 贫困户属性


def apply_status(row: Household, day: date) -> tuple[str, ...]:
    """Set what a copy of a household's record says of its status to what it was on that day.

    An exit and a fall back are dated by their year; they count from its last day on. A month counts from its first day.

    Returns:
        what cannot be decided, sentence by sentence
    """
    exited = None if row.exit_year is None else _by_end_of(row.exit_year, day)
    if row.register_date and month_start(row.register_date) > day:
        row.household_attribute = row.exit_status = row.household_kind = row.registration_state = None
    elif exited is False:
        _not_exited(row)
    elif exited and row.exit_status in values_with_role("exit_status", "not_exited"):
        row.exit_status = value_of("exit_status", "exited")
    if row.return_year is not None and not _by_end_of(row.return_year, day):
        _not_returned(row, exited=bool(exited))
        row.return_year = row.return_cause = None
    says_exited = row.exit_status in values_with_role("exit_status", "exited")
    if exited is False:
        row.exit_year = None
    if says_exited and exited is None:
        return ("脱贫年度未填，脱贫属性按现有登记填写",)
    return ()


def monitoring_on(rows: Iterable[Monitoring], day: date) -> tuple[Monitoring | None, tuple[str, ...]]:
    """The record by which a household was monitored on a day, and what cannot be decided."""
    found, doubts = [], []
    for row in rows:
        if not is_identified(row) or (row.excluded_on and row.excluded_on <= day):
            continue
        if row.removed and month_start(row.removed) <= day:
            continue
        if row.identified is None:
            doubts.append("识别监测时间未填，未计入监测对象")
        elif month_start(row.identified) <= day:
            found.append(row)
    return next(iter(newest_first(found)), None), tuple(dict.fromkeys(doubts))


def month_start(month: str) -> date:
    """The first day of YYYY-MM."""
    year, _, number = month.partition("-")
    return date(int(year), int(number or 1), 1)


def year_end(year: int) -> date:
    return date(year, 12, 31)


def _by_end_of(year: int, day: date) -> bool:
    return year_end(year) <= day


def _not_exited(row: Household) -> None:
    """As before the exit: the wording of each column for households that are poor."""
    if row.household_attribute in values_with_role("household_attribute", "exited"):
        group = next(one for one in _GROUPS if row.household_attribute in values_with_role("household_attribute", one))
        row.household_attribute = value_of("household_attribute", group, "poor")
    if row.exit_status not in values_with_role("exit_status", "not_exited"):
        row.exit_status = value_of("exit_status", "poor") if row.exit_status else None
    if row.household_kind in values_with_role("household_kind", "lifted"):
        row.household_kind = value_of("household_kind", "poor")
    if row.registration_state in values_with_role("registration_state", "exited"):
        row.registration_state = value_of("registration_state", "registered")


def _not_returned(row: Household, *, exited: bool) -> None:
    if row.exit_status in values_with_role("exit_status", "returned"):
        row.exit_status = value_of("exit_status", "exited" if exited else "poor")
    if row.registration_state in values_with_role("registration_state", "returned"):
        row.registration_state = value_of("registration_state", "exited" if exited else "registered")
