"""The parts of the household's page. Each file here that ends in _part.py holds one HouseholdPart."""

from functools import cache

from ui.household.household_part import HouseholdPart
from ui.registers.register_part import register_part_classes
from ui.shell.discovery import discover_classes


@cache
def part_classes() -> dict[str, type[HouseholdPart]]:
    """Name of a part (its file's without _part, a register's key) → its class, by ORDER. Found once."""
    own = discover_classes(__name__, "_part", HouseholdPart)
    shown = {part.TABLE for part in own.values()}  # a register whose part is a file here
    parts = own | {key: part for key, part in register_part_classes().items() if key not in shown}
    return dict(sorted(parts.items(), key=lambda named: named[1].ORDER))
