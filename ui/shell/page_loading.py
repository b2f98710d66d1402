"""What pages need that takes long to load (papers and their forms) is loaded behind the first page, not with theirs."""

from collections.abc import Iterable

from PySide6.QtCore import QTimer

from ui.shell.old_objects import set_aside
from ui.shell.page import Page
from ui.shell.tasks import TaskRunner

DELAY_MS = 600  # after the window came, so that its first page has the processor


def load_behind(tasks: TaskRunner, pages: Iterable[type[Page]]) -> None:
    """Load a moment later, on a reader's thread, what these pages say (`Page.load_ahead`). Then the window stands."""
    loads = [page.load_ahead for page in pages]

    def load() -> None:
        for one in loads:
            one()

    QTimer.singleShot(DELAY_MS, tasks, lambda: tasks.read(load, lambda _: set_aside()))
