"""The parts of the household's page. A file here that ends in _tab.py holds one HouseholdTab; the folder is walked."""

from ui.household.household_tab import HouseholdTab
from ui.registers.register_tab import register_tab_classes
from ui.shell.discovery import discover_classes


def tab_classes() -> dict[str, type[HouseholdTab]]:
    """Name of a part (its file's without _tab, a register's key) → its class, by ORDER."""
    own = discover_classes(__name__, "_tab", HouseholdTab)
    shown = {part.TABLE for part in own.values()}  # a register whose part is a file here
    return own | {key: part for key, part in register_tab_classes().items() if key not in shown}
