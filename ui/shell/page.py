"""What a page is, and what it gets. To add a page: one file ui/pages/*_page.py with one Page subclass."""

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from functools import partial
from typing import TYPE_CHECKING, Any, ClassVar, TypeAlias

from PySide6.QtGui import QAction, QKeySequence
from PySide6.QtWidgets import QPushButton, QWidget

from app.registers.engine.topic import Topic
from ui.shell.tasks import PageTasks, Work, query, while_alive

if TYPE_CHECKING:
    from app.errors import UserError
    from app.workbook.roles import Duty
    from app.workbook.workbook import Workbook, WorkbookChanges
    from ui.shell.message_log import MessageLog
    from ui.shell.status_bar import StatusBar
    from ui.sync.usb_watcher import UsbWatcher

Location: TypeAlias = tuple[str, dict[str, Any]]  # name of a page, and what it shows
SUBMENU = "submenu"  # property of an action: the menu within the page's that it stands in


@dataclass(frozen=True, slots=True)
class AppContext:
    """What a page works with.

    Attributes:
        tasks: work off the window's thread, on behalf of this page
        open: show another page by its name ("household"), telling it what about: open("household", household=id)
        window: for dialogs
        usb_watcher: what is plugged in
        messages: what was said since the program was started
        close_to: close the workbook for what is done with a closed one, by the name of the start window's action
        holder: what the page is made in: what is made first and put into its place later is styled once more
    """

    workbook: "Workbook"
    tasks: PageTasks
    status_bar: "StatusBar"
    open: Callable[..., None]
    window: QWidget
    usb_watcher: "UsbWatcher"
    messages: "MessageLog"
    close_to: Callable[[str], object]
    holder: QWidget | None = None

    def read(
        self,
        done: Callable[[Any], object],
        function: Callable[..., Any],
        *args: Any,
        failed: "Callable[[UserError], object] | None" = None,
        **kwargs: Any,
    ) -> None:
        """Show, by `done`, what `function(session, *args, **kwargs)` finds in the workbook (`TaskRunner.read`)."""
        self.tasks.read(partial(query, self.workbook, function, *args, **kwargs), done, failed)

    def write(self, work: Work, done: Callable[[Any], object] | None = None, message: str = "已保存") -> None:
        """Change the workbook, and say `message` (if any) when that is done."""
        then = while_alive(done) if done is not None else None

        def on_done(result: object) -> None:
            if message:
                self.status_bar.saved(message)
            if then is not None:
                then(result)

        self.tasks.start(work, on_done)


class Page(QWidget):
    """One page of the window. It decides nothing about the domain; it shows, and asks app/.

    Attributes:
        TITLE, ICON (a file of resources/icons), ORDER: how the navigation shows it
        GROUP: under which heading, one of GROUPS in ui/shell/navigation.py; that of its topic where it has one
        TOPIC: under which heading within the group, None where it stands under the group itself
        SHORTCUT: what opens it from anywhere, a key of its own that never changes; "" only where it is not listed
        IN_NAVIGATION: whether the navigation lists it; others are opened from a page
        LISTED_WHILE: what the workbook is asked, after every change, whether there is something for the page to show;
            until there is, neither navigation nor menus nor palette have it. None for a page that is always there
        NEEDS: what the role of the operator must include for the page to be shown
        PARENT: name of the page that the navigation marks while a page is shown that it does not list
        CHAPTER: where F1 opens the manual (docs/manual), by the file's name
        IS_RELEASED: whether the window may let go of it when many others of its kind were shown since; it begins anew
    """

    TITLE: ClassVar[str] = ""
    ICON: ClassVar[str] = ""
    ORDER: ClassVar[int] = 500
    GROUP: ClassVar[str] = "村务台账"
    TOPIC: ClassVar[Topic | None] = None
    SHORTCUT: ClassVar[str] = ""
    IN_NAVIGATION: ClassVar[bool] = True
    LISTED_WHILE: ClassVar[Callable[[Any], bool] | None] = None
    PARENT: ClassVar[str] = ""
    NEEDS: "ClassVar[Duty | None]" = None
    CHAPTER: ClassVar[str] = "13-台账"
    IS_RELEASED: ClassVar[bool] = False

    def __init_subclass__(cls) -> None:
        super().__init_subclass__()
        if cls.TOPIC is not None and "GROUP" not in cls.__dict__:
            cls.GROUP = cls.TOPIC.group

    def __init__(self, context: AppContext) -> None:
        super().__init__(context.holder)
        self.context = context
        # a menu that is cleared takes along what Python does not hold
        self._held_actions: list[QAction] = []

    @classmethod
    def load_ahead(cls) -> Iterator[None]:
        """Load into memory, step by step, what making the page needs and takes long. The window does so ahead, off its
        own thread."""
        yield from ()

    def visible_actions(self) -> list[QAction]:
        """The page's actions, for its tool bar and the sheet of shortcuts."""
        return []

    def part_buttons(self) -> Mapping[str, QPushButton]:
        """Of the part of the page that is seen: shortcut → the button that it presses."""
        return {}

    def open(self, **params: Any) -> None:
        """The page is opened, perhaps about something."""

    def refresh(self, changes: "WorkbookChanges") -> None:
        """Something was written. Called while visible, or when shown next."""

    def can_leave(self) -> bool:
        """False while something that was typed is refused; the page then says what."""
        return True

    def focus_when_shown(self, widget: QWidget) -> None:
        """Give it the keys when what it shows has arrived, unless the officer has gone on to another page meanwhile."""
        if self.isVisible():
            widget.setFocus()

    def add_page_action(
        self, name: str, label: str, shortcut: str, callback: Callable[[], object], icon: str = ""
    ) -> QAction:
        """One of the page's actions: works by shortcut wherever the focus is on the page."""
        from ui.shell.shortcut_text import display_text
        from ui.widgets.icons import icon as drawn

        action = QAction(label, self)
        action.setObjectName(name)
        if shortcut:
            action.setShortcut(QKeySequence(shortcut))
            action.setToolTip(f"{label}（{display_text(QKeySequence(shortcut))}）")
        if icon:
            action.setIcon(drawn(icon))
        action.triggered.connect(lambda: callback())
        self.addAction(action)
        self._held_actions.append(action)
        return action


def page_actions(page: Page) -> list[QAction]:
    """All commands of a page, those of its tool bar first."""
    shown = page.visible_actions()
    return [*shown, *(action for action in page.actions() if action not in shown)]
