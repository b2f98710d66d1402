"""The pages. A file here that ends in _page.py holds one Page; the folder is walked when the window opens."""

from importlib import import_module
from pkgutil import iter_modules

from ui.shell.page import Page


def page_classes() -> dict[str, type[Page]]:
    """Page name (the file's, without _page) → its class, in the order of the navigation."""
    classes: dict[str, type[Page]] = {}
    for info in iter_modules(__path__):
        if info.name.endswith("_page"):
            module = import_module(f"{__name__}.{info.name}")
            [page] = [
                member
                for member in vars(module).values()
                if isinstance(member, type) and issubclass(member, Page) and member.__module__ == module.__name__
            ]
            classes[info.name.removesuffix("_page")] = page
    return dict(sorted(classes.items(), key=lambda entry: (entry[1].ORDER, entry[0])))
