"""All lists that can be viewed."""

from app.list_views.household_source import HOUSEHOLDS, household_source
from app.list_views.list_source import ListSource
from app.list_views.register_source import register_source
from app.registers import all_registers, get_register


def list_source(key: str) -> ListSource:
    """A list by its key.

    Raises:
        KeyError: this program has no such list
    """
    return household_source() if key == HOUSEHOLDS else register_source(get_register(key))


def list_keys() -> tuple[str, ...]:
    """The keys of all lists."""
    return HOUSEHOLDS, *(register.key for register in all_registers())
