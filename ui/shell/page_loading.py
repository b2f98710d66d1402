"""What pages need that takes long to load (papers and their forms) is loaded behind the first page, not with theirs."""

from collections.abc import Iterable, Iterator, Sequence

from PySide6.QtCore import QTimer

from app.progress import Progress, Task
from ui.shell.old_objects import set_aside
from ui.shell.page import Page
from ui.shell.tasks import TaskRunner

DELAY_MS = 600  # after the window came, so that its first page has the processor


def load_behind(tasks: TaskRunner, pages: Iterable[type[Page]]) -> None:
    """Load a moment later, in the background, what these pages say (`Page.load_ahead`). Then the window stands."""

    def start() -> None:
        tasks.start(_load(loads), lambda _: set_aside(), queue="background")

    loads = [page.load_ahead() for page in pages]
    QTimer.singleShot(DELAY_MS, tasks, start)


def _load(loads: Sequence[Iterator[None]]) -> Task[None]:
    for done, parts in enumerate(loads):
        for _ in parts:
            yield Progress(done, len(loads))
