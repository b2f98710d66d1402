"""The pages. A file here that ends in _page.py holds one Page; the folder is walked when the window opens."""

from functools import cache

from ui.registers import register_page_classes
from ui.shell.discovery import discover_classes
from ui.shell.page import Page


@cache
def page_classes() -> dict[str, type[Page]]:
    """Page name (the file's, without _page; a register's key) → its class, in the order of the navigation.

    A file that is named after a register holds a page of its own for it. Found once: the folder is walked while the
    workbook is being opened, and the window, which cannot wait, finds it done.
    """
    classes = register_page_classes() | discover_classes(__name__, "_page", Page)
    return dict(sorted(classes.items(), key=lambda entry: (entry[1].ORDER, entry[0])))
