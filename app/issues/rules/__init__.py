"""One file a family. Every function here that is marked `@rule` is a rule."""

from functools import cache
from importlib import import_module
from pkgutil import iter_modules

from app.issues.rule import Rule


@cache
def rules() -> tuple[Rule, ...]:
    """Every rule, family by family, as they are written."""
    modules = [import_module(f"{__name__}.{info.name}") for info in iter_modules(__path__)]
    return tuple(item for module in modules for item in vars(module).values() if isinstance(item, Rule))
