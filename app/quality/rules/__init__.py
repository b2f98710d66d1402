"""One file a family. Every function here that is marked `@rule` is a rule."""

from functools import cache
from importlib import import_module
from pkgutil import iter_modules

from app.quality.rule import Rule


@cache
def rules() -> tuple[Rule, ...]:
    """Every rule, family by family, as they are written."""
    modules = [import_module(f"{__name__}.{info.name}") for info in iter_modules(__path__)]
    return tuple(one for module in modules for one in vars(module).values() if isinstance(one, Rule))
