"""All lists that can be viewed."""

from app.list_views.household_source import HOUSEHOLDS, household_source
from app.list_views.issue_source import ISSUES, issue_list
from app.list_views.list_source import ListSource
from app.list_views.register_source import register_source
from app.list_views.withdrawn_source import WITHDRAWN, withdrawn_list
from app.registers import all_registers
from app.registers.lists import get_list

_SOURCES = {HOUSEHOLDS: household_source, ISSUES: issue_list, WITHDRAWN: withdrawn_list}
PEOPLE, HELPERS = "member", "helper"  # keys of lists that have pages of their own beside the registers


def list_source(key: str) -> ListSource:
    """A list by its key.

    Raises:
        KeyError: this program has no such list
    """
    own = _SOURCES.get(key)
    return own() if own is not None else register_source(get_list(key))


def list_keys() -> tuple[str, ...]:
    """The keys of all lists."""
    return *_SOURCES, PEOPLE, HELPERS, *(register.key for register in all_registers())
