"""What a page is, and what it gets. To add a page: one file ui/pages/*_page.py with one Page subclass."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, ClassVar

from PySide6.QtGui import QAction, QKeySequence
from PySide6.QtWidgets import QWidget

if TYPE_CHECKING:
    from app.workbook.workbook import Changes, Workbook
    from ui.exchange.sticks import Sticks
    from ui.jobs import Jobs
    from ui.notices import Notices


@dataclass(frozen=True, slots=True)
class Office:
    """What every page works with.

    Attributes:
        open: show another page by its name ("household"), telling it what about: open("household", household=id)
        window: for dialogs
        sticks: what is plugged in
    """

    workbook: "Workbook"
    jobs: "Jobs"
    notices: "Notices"
    open: Callable[..., None]
    window: QWidget
    sticks: "Sticks"


class Page(QWidget):
    """One page of the window. It decides nothing about the domain; it shows, and asks app/.

    Attributes:
        TITLE, ICON (a file of resources/icons), ORDER: how the navigation shows it
        SHORTCUT: what opens it from anywhere, "" for Ctrl and its number
        SHOWN: whether the navigation shows it; others are opened from a page
    """

    TITLE: ClassVar[str] = ""
    ICON: ClassVar[str] = ""
    ORDER: ClassVar[int] = 500
    SHORTCUT: ClassVar[str] = ""
    SHOWN: ClassVar[bool] = True

    def __init__(self, office: Office) -> None:
        super().__init__()
        self.office = office

    def actions_shown(self) -> list[QAction]:
        """The page's actions, for its tool bar and the sheet of shortcuts."""
        return []

    def shown(self, **about: Any) -> None:
        """The page is opened, perhaps about something."""

    def refresh(self, changes: "Changes") -> None:
        """Something was written. Called while visible, or when shown next."""

    def may_leave(self) -> bool:
        """False while something that was typed is refused; the page then says what."""
        return True

    def action(self, name: str, label: str, shortcut: str, run: Callable[[], object], icon: str = "") -> QAction:
        """One of the page's actions: works by shortcut wherever the focus is on the page."""
        from ui.icons import icon as drawn
        from ui.keys import said

        made = QAction(label, self)
        made.setObjectName(name)
        if shortcut:
            made.setShortcut(QKeySequence(shortcut))
            made.setToolTip(f"{label}（{said(QKeySequence(shortcut))}）")
        if icon:
            made.setIcon(drawn(icon))
        made.triggered.connect(lambda: run())
        self.addAction(made)
        return made
