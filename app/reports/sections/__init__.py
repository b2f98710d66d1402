"""One file a section. A file here is a section: ORDER places it, TITLE names it, `section` gives its blocks.

KEY is what prints keep it by, the name of the file where it says nothing. LANDSCAPE lays it across; LOG says that it is
no part of what the record says (app/reports/content_hash.py).
"""

from functools import cache
from importlib import import_module
from pkgutil import iter_modules
from types import ModuleType


@cache
def sections() -> tuple[ModuleType, ...]:
    """Every section by its ORDER. `section(session, household_id)` gives no blocks where there is nothing to print."""
    modules = [import_module(f"{__name__}.{info.name}") for info in iter_modules(__path__)]
    return tuple(sorted(modules, key=lambda module: (module.ORDER, section_key(module))))


def section_key(module: ModuleType) -> str:
    """What prints and choices keep a section by: its KEY, or the name of its file."""
    key: str = getattr(module, "KEY", module.__name__.rpartition(".")[2])
    return key
