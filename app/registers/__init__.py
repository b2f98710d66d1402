"""台账: kinds of records with all that people do to them, each declared in one file of this folder.

A file holds `REGISTER = Register(…)` (app/registers/engine/register.py) and what is special about its kind, nothing
else. The table is one class in db/schema; `python3 dev.py migration NAME` writes its migration.
"""

from functools import cache
from importlib import import_module
from pkgutil import iter_modules

from app.registers.engine.register import Register


@cache
def all_registers() -> tuple[Register, ...]:
    """Every register by its order and title."""
    found = [
        import_module(f"{__name__}.{module.name}").REGISTER for module in iter_modules(__path__) if not module.ispkg
    ]
    return tuple(sorted(found, key=lambda register: (register.order, register.title)))


def get_register(key: str) -> Register:
    """One register by its key (the name of its table) or its title.

    Raises:
        KeyError: there is none
    """
    for register in all_registers():
        if key in (register.key, register.title):
            return register
    raise KeyError(key)


def household_registers() -> tuple[Register, ...]:
    """The registers that a household has rows in."""
    return tuple(register for register in all_registers() if register.about_households)
