"""What every tab of the household page is and works with."""

from collections.abc import Callable

from PySide6.QtWidgets import QPushButton, QWidget

from app.records.household import HouseholdDetails
from ui.shell.page import AppContext


class HouseholdTab(QWidget):
    """One tab: shows one side of the household. `show_card` comes again after every change."""

    TITLE = ""

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
