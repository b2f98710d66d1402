"""The pages. A file here that ends in _page.py holds one Page; the folder is walked when the window opens."""

from ui.shell.discovery import discover_classes
from ui.shell.page import Page


def page_classes() -> dict[str, type[Page]]:
    """Page name (the file's, without _page) → its class, in the order of the navigation."""
    return discover_classes(__name__, "_page", Page)
