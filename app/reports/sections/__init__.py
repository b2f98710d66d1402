"""The sections of an archive, one module each: ORDER places it, TITLE names it, `section` builds its flowables.

KEY is its stored name, by default the name of the module. LANDSCAPE sets its orientation; LOG marks it as no part of
the content of the record (app/reports/content_hash.py).
"""

from functools import cache
from importlib import import_module
from pkgutil import iter_modules
from types import ModuleType


@cache
def sections() -> tuple[ModuleType, ...]:
    """Every section by its ORDER. `section(session, household_id)` returns nothing if there is nothing to print."""
    modules = [import_module(f"{__name__}.{info.name}") for info in iter_modules(__path__)]
    return tuple(sorted(modules, key=lambda module: (module.ORDER, section_key(module))))


def section_key(module: ModuleType) -> str:
    """The name under which prints and choices store a section: its KEY, or the name of its module."""
    key: str = getattr(module, "KEY", module.__name__.rpartition(".")[2])
    return key
