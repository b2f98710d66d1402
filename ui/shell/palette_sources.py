"""What the command palette finds: commands of the page and the window, pages, views, households, rows of registers.

A new source is a class with the three members of `PaletteSource`, and one line in `palette_sources`.
"""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from functools import partial
from typing import Protocol

from PySide6.QtGui import QAction

from app.list_views.catalogue import HELPERS, PACKAGES, PEOPLE
from app.list_views.household_source import HOUSEHOLDS
from app.list_views.saved_views import saved_views
from app.progress import Progress, Task
from app.records.row_views import household_rows
from app.records.search import search_households
from app.registers import all_registers
from app.registers.engine.lookup import find_records
from app.reports.all_lists import viewed_list
from app.viewed_lists.round_sources import ROUND_SOURCES
from app.workbook.workbook import Workbook
from ui.shell.page import Page, page_actions
from ui.shell.shortcut_text import display_text
from ui.widgets.pinyin import initials

# key of a list → its page, where that is called otherwise
LIST_PAGES = {HOUSEHOLDS: "households", PEOPLE: "people", HELPERS: "helpers", PACKAGES: "sync"} | dict.fromkeys(
    ROUND_SOURCES, "rounds"
)
MOST_HOUSEHOLDS, MOST_ROWS, MOST_ROWS_OF_REGISTER = 20, 30, 5


@dataclass(frozen=True, slots=True)
class PaletteEntry:
    """One line of the palette: what it is called, what tells it from others, its key, and what Enter does."""

    title: str
    subtitle: str
    run: Callable[[], object]
    key: str = ""


class PaletteSource(Protocol):
    """Where entries come from. What takes longer than a few milliseconds is found in the background."""

    @property
    def heading(self) -> str:
        """Over its entries."""

    def find(self, typed: str) -> Sequence[PaletteEntry]:
        """What is known at once; for an empty text what is worth offering unasked."""

    def search(self, typed: str) -> Task[Sequence[PaletteEntry]] | None:
        """What the task runner is to find in addition, None for nothing."""


class ActionSource:
    """Commands that can be given now, of the page or of the window."""

    def __init__(self, heading: Callable[[], str], actions: Callable[[], Sequence[QAction]]) -> None:
        self._heading, self._actions = heading, actions

    @property
    def heading(self) -> str:
        return self._heading()

    def find(self, typed: str) -> Sequence[PaletteEntry]:
        entries = [
            PaletteEntry(action.text(), "", action.trigger, display_text(action.shortcut()))
            for action in self._actions()
            if action.isEnabled() and action.isVisible() and action.text()
        ]
        return best_matches(typed, entries)

    def search(self, typed: str) -> None:
        return None


class PageSource:
    """Pages by title, with their group."""

    heading = "页面"

    def __init__(
        self, pages: dict[str, type[Page]], open_page: Callable[[str], object], is_listed: Callable[[str], bool]
    ) -> None:
        self._entries = {
            name: PaletteEntry(page.TITLE, page.GROUP, partial(open_page, name), page.SHORTCUT)
            for name, page in pages.items()
            if page.IN_NAVIGATION
        }
        self._is_listed = is_listed

    def find(self, typed: str) -> Sequence[PaletteEntry]:
        return best_matches(typed, [entry for name, entry in self._entries.items() if self._is_listed(name)])

    def search(self, typed: str) -> None:
        return None


class HouseholdSource:
    """Households by anything that the search of the list knows: name, pinyin, initials, group, numbers."""

    heading = "农户"

    def __init__(self, workbook: Workbook, open_household: Callable[[str], object]) -> None:
        self._workbook, self._open_household = workbook, open_household

    def find(self, typed: str) -> Sequence[PaletteEntry]:
        return ()

    def search(self, typed: str) -> Task[Sequence[PaletteEntry]] | None:
        return self._search(typed) if typed else None

    def _search(self, typed: str) -> Task[Sequence[PaletteEntry]]:
        yield Progress(0, 1)
        with self._workbook.reading() as session:
            names = {hit.household_id: hit.matched_name for hit in search_households(session, typed, MOST_HOUSEHOLDS)}
            rows = {row.id: row for row in household_rows(session, list(names))} if names else {}
        return [
            PaletteEntry(
                rows[id].head or "（没有户主）",
                " · ".join(
                    part
                    for part in (rows[id].group or rows[id].hamlet, rows[id].household_no, name)
                    if part and part != rows[id].head
                ),
                partial(self._open_household, id),
            )
            for id, name in names.items()
            if id in rows
        ]


class ViewSource:
    """Saved views by name and list; one opens its list."""

    heading = "视图"

    def __init__(self, workbook: Workbook, open_view: Callable[[str, str], object]) -> None:
        self._workbook, self._open_view = workbook, open_view

    def find(self, typed: str) -> Sequence[PaletteEntry]:
        return ()

    def search(self, typed: str) -> Task[Sequence[PaletteEntry]] | None:
        return self._search(typed) if typed else None

    def _search(self, typed: str) -> Task[Sequence[PaletteEntry]]:
        yield Progress(0, 1)
        with self._workbook.reading() as session:
            views = saved_views(session)
        entries = [
            PaletteEntry(view.name, viewed_list(view.list).title, partial(self._open_view, view.list, view.id))
            for view in views
        ]
        return best_matches(typed, entries)


class RegisterRowSource:
    """Rows of all registers by whose they are and what they are called; one opens on the register's page."""

    heading = "台账记录"

    def __init__(self, workbook: Workbook, open_row: Callable[[str, str], object]) -> None:
        self._workbook, self._open_row = workbook, open_row

    def find(self, typed: str) -> Sequence[PaletteEntry]:
        return ()

    def search(self, typed: str) -> Task[Sequence[PaletteEntry]] | None:
        return self._search(typed) if typed else None

    def _search(self, typed: str) -> Task[Sequence[PaletteEntry]]:
        entries: list[PaletteEntry] = []
        yield Progress(0, 1)
        with self._workbook.reading() as session:
            for hits in find_records(session, all_registers(), typed, MOST_ROWS_OF_REGISTER):
                entries += [
                    PaletteEntry(
                        hit.subject or hit.title,
                        " · ".join(part for part in (hit.register.title, hit.title) if part),
                        partial(self._open_row, hit.register.key, hit.row_id),
                    )
                    for hit in hits
                ]
                yield Progress(0, 1)
        return entries[:MOST_ROWS]


def palette_sources(
    workbook: Workbook,
    pages: dict[str, type[Page]],
    open_page: Callable[..., object],
    is_listed: Callable[[str], bool],
    current_page: Callable[[], Page],
    window_actions: Callable[[], Sequence[QAction]],
) -> tuple[PaletteSource, ...]:
    """All of them, in the order in which the palette shows what they find."""
    return (
        ActionSource(lambda: f"“{current_page().TITLE}”页", lambda: page_actions(current_page())),
        PageSource(pages, open_page, is_listed),
        ViewSource(workbook, lambda key, id: open_page(LIST_PAGES.get(key, key), view=id, view_list=key)),
        HouseholdSource(workbook, lambda id: open_page("household", household=id)),
        RegisterRowSource(workbook, lambda register, id: open_page(register, record=id)),
        ActionSource(lambda: "任何时候", window_actions),
    )


def best_matches(typed: str, entries: Sequence[PaletteEntry]) -> list[PaletteEntry]:
    """Entries that every word fits, by characters or by pinyin initials; those that are or begin with it first."""
    ranked = [(rank, n) for n, entry in enumerate(entries) if (rank := match_rank(typed, entry)) is not None]
    return [entries[n] for _, n in sorted(ranked)]


def match_rank(typed: str, entry: PaletteEntry) -> int | None:
    """0 where the title is what was typed, 1 where it begins with it, 2 where it has it, 3 where the subtitle does;
    None for no match."""
    words = typed.casefold().split()
    title, subtitle = (entry.title.casefold(), initials(entry.title)), (entry.subtitle, initials(entry.subtitle))
    if not all(any(word in text for text in (*title, *subtitle)) for word in words):
        return None
    if not words or words[0] in title:
        return 0
    if any(text.startswith(words[0]) for text in title):
        return 1
    return 2 if any(words[0] in text for text in title) else 3
