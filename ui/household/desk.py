"""What every tab of the household page works with."""

from collections.abc import Callable
from typing import Any

from PySide6.QtWidgets import QPushButton, QWidget

from app.progress import Work
from app.records.household import HouseholdCard
from ui.looking import look
from ui.page import Office


class Desk:
    """One page's way to the workbook. `by` is the page, so that it can tell its own changes from others'."""

    def __init__(self, office: Office, by: QWidget) -> None:
        self.office = office
        self.by = by

    def read(self, done: Callable[[Any], object], function: Callable[..., Any], *args: Any, **kwargs: Any) -> None:
        """Read off the window's thread."""
        self.office.jobs.start(look(self.office.workbook, function, *args, **kwargs), done, lane="read")

    def write(self, work: Work[Any], done: Callable[[Any], object] | None = None, said: str = "已保存") -> None:
        """Write in turn; `said` is shown afterwards."""

        def written(result: object) -> None:
            if said:
                self.office.notices.saved(said)
            if done is not None:
                done(result)

        self.office.jobs.start(work, written)


class Tab(QWidget):
    """One tab: shows one side of the household. `show_card` comes again after every change."""

    TITLE = ""

    def __init__(self, desk: Desk) -> None:
        super().__init__()
        self.desk = desk
        self.keys: dict[str, QPushButton] = {}  # what the page's shortcuts press while this tab is seen

    def button(self, name: str, label: str, shortcut: str, run: Callable[[], object]) -> QPushButton:
        """A button that the page presses by its shortcut."""
        made = QPushButton(label, self)
        made.setObjectName(name)
        made.setAccessibleName(label)
        made.setToolTip(f"{label}（{shortcut}）")
        made.clicked.connect(lambda: run())
        self.keys[shortcut] = made
        return made

    def show_card(self, card: HouseholdCard) -> None:
        """The household as it is now: the one shown so far, or another."""
        raise NotImplementedError

    def point(self, record_id: str, column: str) -> None:
        """Put the cursor into a field of one of the household's records, as far as this tab shows it."""

    def may_leave(self) -> bool:
        """False while something that was typed is refused; the tab then says what."""
        return True
