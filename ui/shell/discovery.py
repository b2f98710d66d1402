"""Classes found by walking a package, so that adding one is adding a file and no list names them."""

from importlib import import_module
from pkgutil import iter_modules
from typing import TypeVar

Found = TypeVar("Found")


def discover_classes(package: str, suffix: str, base: type[Found]) -> dict[str, type[Found]]:
    """The one class of this base that each module of a package defines whose name ends in `suffix`.

    Returns module name without the suffix → class, by the class's ORDER and then by name.
    """
    classes: dict[str, type[Found]] = {}
    for info in iter_modules(import_module(package).__path__):
        if info.name.endswith(suffix):
            module = import_module(f"{package}.{info.name}")
            [found] = [
                member
                for member in vars(module).values()
                if isinstance(member, type) and issubclass(member, base) and member.__module__ == module.__name__
            ]
            classes[info.name.removesuffix(suffix)] = found
    return dict(sorted(classes.items(), key=lambda entry: (getattr(entry[1], "ORDER"), entry[0])))  # noqa: B009
