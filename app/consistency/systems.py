"""The systems of other offices into which records are typed: resources/systems, one file a system."""

from dataclasses import dataclass

import resources
from app.consistency.record_values import ColumnSet
from resources.overlay import cached


@dataclass(frozen=True, slots=True)
class Screen:
    """One screen of a system: its title and what is typed there, in its order."""

    title: str
    columns: ColumnSet


@dataclass(frozen=True, slots=True)
class EntrySystem:
    """One system.

    Attributes:
        key: the name of its file
        place: the option of `data_place` under which it is known what the system holds
        registered_only: only households that are registered or monitored are entered
    """

    key: str
    title: str
    place: str
    registered_only: bool
    screens: tuple[Screen, ...]

    def screen_of(self, table: str) -> Screen | None:
        """The screen in which records of a table are typed; a table has one screen in a system."""
        return next((screen for screen in self.screens if screen.columns.table == table), None)


@cached
def entry_systems() -> tuple[EntrySystem, ...]:
    """All systems, in the order of their places in the dictionary."""
    order = [option["value"] for option in resources.read("dictionaries", "data_place")["options"]]
    return tuple(sorted(map(_system, resources.names("systems")), key=lambda one: (order.index(one.place), one.key)))


def entry_system(key: str) -> EntrySystem:
    """A system by its key.

    Raises:
        KeyError: there is none
    """
    for system in entry_systems():
        if system.key == key:
            return system
    raise KeyError(key)


def _system(name: str) -> EntrySystem:
    raw = resources.read("systems", name)
    screens = tuple(Screen(one["title"], ColumnSet.of(one)) for one in raw["screens"])
    return EntrySystem(name, raw["title"], raw["place"], raw["households"] == "registered", screens)
