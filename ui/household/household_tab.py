"""What every tab of the household page is and works with."""

from collections.abc import Callable, Mapping
from typing import ClassVar

from PySide6.QtWidgets import QPushButton, QWidget

from app.records.household import HouseholdDetails
from ui.shell.page import AppContext


class HouseholdTab(QWidget):
    """One side of the household. `show_card` comes again after every change.

    To add a tab: one file ui/household/tabs/*_tab.py with one subclass.

    Attributes:
        TITLE: what stands on the tab
        ORDER: smaller ones stand further to the left
        KEY: with Alt, shows the tab
        TABLE: whose records it shows, so that what is found in one of them leads here; "" for none
        OTHER_TABLES: whose changes show on it too
        ADDS: shortcut of a button → what the button adds, for the sheet of shortcuts
    """

    TITLE: ClassVar[str] = ""
    ORDER: ClassVar[int] = 500
    KEY: ClassVar[str] = ""
    TABLE: ClassVar[str] = ""
    OTHER_TABLES: ClassVar[tuple[str, ...]] = ()
    ADDS: ClassVar[Mapping[str, str]] = {}

    def __init__(self, context: AppContext) -> None:
        super().__init__()
        self.context = context
        self.shortcut_buttons: dict[str, QPushButton] = {}  # what the page's shortcuts press while this tab is seen

    def add_button(self, name: str, label: str, shortcut: str, callback: Callable[[], object]) -> QPushButton:
        """A button that the page presses by its shortcut."""
        button = QPushButton(label, self)
        button.setObjectName(name)
        button.setAccessibleName(label)
        button.setToolTip(f"{label}（{shortcut}）")
        button.clicked.connect(lambda: callback())
        self.shortcut_buttons[shortcut] = button
        return button

    def show_card(self, card: HouseholdDetails) -> None:
        """The household as it is now: the one shown so far, or another."""
        raise NotImplementedError

    def focus_field(self, record_id: str, column: str) -> None:
        """Put the cursor into a field of one of the household's records, as far as this tab shows it."""

    def can_leave(self) -> bool:
        """False while something that was typed is refused; the tab then says what."""
        return True
