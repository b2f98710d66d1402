"""What every part of the household's page is and works with."""

from collections.abc import Callable, Mapping
from typing import Any, ClassVar

from PySide6.QtWidgets import QPushButton, QWidget

from app.dashboard.household_counts import CountedHousehold, PartCount, record_count
from app.records.household import HouseholdDetails
from ui.shell.page import AppContext
from ui.shell.role_limits import limit_widget

PART_GROUPS = ("", "帮扶", "台账", "检查与档案")  # of the index, in this order; the first has no heading


class HouseholdPart(QWidget):
    """One side of the household. `show_card` comes again after every change.

    To add a part: one file ui/household/parts/*_part.py with one subclass.

    Attributes:
        TITLE: what stands in the index
        GROUP: the heading that it stands under, one of PART_GROUPS
        ORDER: smaller ones stand further up in their group
        KEY: with Alt, opens the part
        TABLE: whose records it shows, so that what is found in one of them, or below it, leads here; "" for none
        ADDS: shortcut of a button → what the button adds, for the sheet of shortcuts
    """

    TITLE: ClassVar[str] = ""
    GROUP: ClassVar[str] = ""
    ORDER: ClassVar[int] = 500
    KEY: ClassVar[str] = ""
    TABLE: ClassVar[str] = ""
    ADDS: ClassVar[Mapping[str, str]] = {}

    @classmethod
    def count(cls, session: Any, household: CountedHousehold) -> PartCount | None:
        """What stands beside the title in the index; asked off the window's thread."""
        return record_count(session, cls.TABLE, household.id) if cls.TABLE else None

    def __init__(self, context: AppContext) -> None:
        super().__init__()
        self.context = context
        self.shortcut_buttons: dict[str, QPushButton] = {}  # what the page's shortcuts press while this part is seen

    def add_button(self, name: str, label: str, shortcut: str, callback: Callable[[], object]) -> QPushButton:
        """A button that the page presses by its shortcut."""
        button = QPushButton(label, self)
        button.setObjectName(name)
        button.setAccessibleName(label)
        button.setToolTip(f"{label}（{shortcut}）")
        button.clicked.connect(lambda: callback())
        limit_widget(button, self.context.workbook, what=label)
        self.shortcut_buttons[shortcut] = button
        return button

    def show_card(self, card: HouseholdDetails) -> None:
        """The household as it is now: the one shown so far, or another."""
        raise NotImplementedError

    def focus_field(self, record_id: str, column: str) -> None:
        """Put the cursor into a field of one of the household's records, as far as this part shows it."""

    def can_leave(self) -> bool:
        """False while something that was typed is refused; the part then says what."""
        return True
