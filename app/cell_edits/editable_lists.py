"""The lists whose cells may be written one by one."""

from functools import cache

from app.registers.engine.register import Register
from app.registers.lists import all_lists
from db.schema.aid import Assignment

# giving a household to a helper ends the former assignment and asks about a limit: app/records/assignment.py
_WRITTEN_ELSEWHERE = (Assignment.__tablename__,)


@cache
def editable_lists() -> tuple[Register, ...]:
    """People, households and what belongs to them, then all registers."""
    return tuple(one for one in all_lists() if one.key not in _WRITTEN_ELSEWHERE)
