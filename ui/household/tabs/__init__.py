"""The tabs of the household page. A file here that ends in _tab.py holds one HouseholdTab; the folder is walked."""

from ui.household.household_tab import HouseholdTab
from ui.shell.discovery import discover_classes


def tab_classes() -> dict[str, type[HouseholdTab]]:
    """Tab name (the file's, without _tab) → its class, from left to right."""
    return discover_classes(__name__, "_tab", HouseholdTab)
