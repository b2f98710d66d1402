"""The pages that were made, of which one is seen."""

from collections.abc import Callable

from PySide6.QtWidgets import QStackedWidget, QWidget

from app.workbook.workbook import WorkbookChanges
from ui.shell.page import Page
from ui.widgets.scrolling import scroll_area

MOST_REGISTERS = 4  # pages of registers, and of others that begin anew as easily, that are kept ready


class PageStack(QStackedWidget):
    """Pages by name, each with what was written while it was not seen."""

    def __init__(self) -> None:
        super().__init__()
        self._pages: dict[str, Page] = {}  # in the order of the stack
        self._shown_order: dict[str, None] = {}  # names, the one shown last at the end
        self._pending_changes: dict[str, WorkbookChanges] = {}

    def page_of(self, name: str) -> Page | None:
        """A page, None if it was not made yet or was let go."""
        return self._pages.get(name)

    def add(self, name: str, make: Callable[[QWidget], Page]) -> Page:
        """One more page, made in its place by `make`, so that nothing in it is styled twice."""
        # a page larger than the window rolls in it: no part is out of reach on a small screen with large letters
        area = scroll_area()
        self.addWidget(area)
        try:
            page = make(area.viewport())
        except Exception:
            self._remove(area)
            raise
        self._pages[name] = page
        area.setWidget(page)
        return page

    def show_page(self, name: str) -> None:
        """Bring a page to the front, and tell it what was written meanwhile."""
        self.setCurrentIndex(list(self._pages).index(name))
        self._shown_order.pop(name, None)
        self._shown_order[name] = None
        changes = self._pending_changes.pop(name, None)
        if changes is not None:
            self._pages[name].refresh(changes)

    def release_pages(self) -> None:
        """Let go of pages that were not looked at lately and begin anew: each holds 3 to 5 MB, and there are dozens."""
        released = [name for name in self._shown_order if self._pages[name].IS_RELEASED]
        for name in released[:-MOST_REGISTERS]:
            self._let_go(name)

    def forget(self, shown: str) -> None:
        """Let go of all pages but the one that is seen: they were built of options and limits that count no more."""
        for name in [name for name in self._pages if name != shown]:
            self._let_go(name)

    def _let_go(self, name: str) -> None:
        scroll_area = self.widget(list(self._pages).index(name))
        assert scroll_area is not None
        del self._pages[name]
        self._shown_order.pop(name, None)
        self._pending_changes.pop(name, None)
        self._remove(scroll_area)

    def _remove(self, area: QWidget) -> None:
        self.removeWidget(area)
        area.deleteLater()

    def refresh(self, shown: str, changes: WorkbookChanges) -> None:
        """The page that is seen learns of it now, the others when they are shown next."""
        for name, page in self._pages.items():
            if name == shown:
                page.refresh(changes)
            else:
                pending = self._pending_changes.get(name)
                tables = changes.tables | (pending.tables if pending else frozenset())
                self._pending_changes[name] = WorkbookChanges(tables, frozenset(), None)
