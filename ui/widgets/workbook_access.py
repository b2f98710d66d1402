"""What every tab of the household page works with."""

from collections.abc import Callable
from typing import Any

from PySide6.QtWidgets import QPushButton, QWidget

from app.progress import Task
from app.records.household import HouseholdDetails
from ui.shell.page import AppContext
from ui.shell.query import query
from ui.shell.tasks import while_alive


class WorkbookAccess:
    """One page's way to the workbook. `by` is the page, so that it can tell its own changes from others'."""

    def __init__(self, context: AppContext, source: QWidget) -> None:
        self.context = context
        self.source = source

    def read(self, done: Callable[[Any], object], function: Callable[..., Any], *args: Any, **kwargs: Any) -> None:
        """Read off the window's thread."""
        self.context.tasks.start(query(self.context.workbook, function, *args, **kwargs), done, queue="read")

    def write(self, task: Task[Any], done: Callable[[Any], object] | None = None, message: str = "已保存") -> None:
        """Write in turn; `message` is shown afterwards."""
        then = while_alive(done) if done is not None else None

        def on_done(result: object) -> None:
            if message:
                self.context.status_bar.saved(message)
            if then is not None:
                then(result)

        self.context.tasks.start(task, on_done)


class HouseholdTab(QWidget):
    """One tab: shows one side of the household. `show_card` comes again after every change."""

    TITLE = ""

    def __init__(self, access: WorkbookAccess) -> None:
        super().__init__()
        self.access = access
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
