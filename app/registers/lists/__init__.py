"""Lists of what has pages of its own: people, households, helpers and what belongs to them, as sheets out and in.

A file holds `LIST = Register(…)` (app/registers/engine/register.py) with what a sheet needs. There is no register page
for it, no ledger and no part of the archive: those records have their own.
"""

from functools import cache
from importlib import import_module
from pkgutil import iter_modules

from app.registers import all_registers
from app.registers.engine.register import Register


@cache
def own_lists() -> tuple[Register, ...]:
    """The lists of this folder by their order."""
    declared = [import_module(f"{__name__}.{module.name}").LIST for module in iter_modules(__path__)]
    return tuple(sorted(declared, key=lambda one: one.order))


def all_lists() -> tuple[Register, ...]:
    """Every kind of list that leaves as a sheet: those of this folder, then all registers."""
    return (*own_lists(), *all_registers())


def is_about_households(register: Register) -> bool:
    """Whether each row is a household, or about one or somebody in one."""
    return register.key == "household" or register.subject in ("household", "member")


def is_about_members(register: Register) -> bool:
    """Whether each row is a member, or about one."""
    return register.key == "member" or register.subject == "member"


def get_list(key: str) -> Register:
    """One list by its key (the name of its table) or its title.

    Raises:
        KeyError: there is none
    """
    for one in all_lists():
        if key in (one.key, one.title):
            return one
    raise KeyError(key)
