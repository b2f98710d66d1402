"""When what is done every week, month, quarter or year is due next."""

from calendar import monthrange
from datetime import date, timedelta

from app.records.field import options


def next_due(due_on: date, period: str | None, today: date) -> date | None:
    """The first last day of a period that is not over; None for what is done once.

    Args:
        due_on: the last day of the period before
        period: a value of task_period
    """
    length = next((option.extra for option in options("task_period") if option.value == period), {})
    if "days" in length:
        periods = -(-(today - due_on).days // int(length["days"]))
        return due_on + timedelta(days=periods * int(length["days"]))
    if "months" not in length:
        return None
    n = 0
    while True:
        n += int(length["months"])
        year, month = divmod(due_on.year * 12 + due_on.month - 1 + n, 12)
        last = monthrange(year, month + 1)[1]
        is_last = due_on.day == monthrange(due_on.year, due_on.month)[1]  # the end of a month stays the end
        day = date(year, month + 1, last if is_last else min(due_on.day, last))
        if day >= today:
            return day
