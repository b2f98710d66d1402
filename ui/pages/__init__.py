"""The pages. A file here that ends in _page.py holds one Page; the folder is walked when the window opens."""

from importlib import import_module
from pkgutil import iter_modules

from ui.page import Page


def pages() -> dict[str, type[Page]]:
    """Page name (the file's, without _page) → its class, in the order of the navigation."""
    found: dict[str, type[Page]] = {}
    for info in iter_modules(__path__):
        if info.name.endswith("_page"):
            module = import_module(f"{__name__}.{info.name}")
            [page] = [
                one
                for one in vars(module).values()
                if isinstance(one, type) and issubclass(one, Page) and one.__module__ == module.__name__
            ]
            found[info.name.removesuffix("_page")] = page
    return dict(sorted(found.items(), key=lambda entry: (entry[1].ORDER, entry[0])))
