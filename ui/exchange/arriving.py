"""Files that came in: each is shown in its turn, then laid in or left."""

from collections.abc import Iterable
from pathlib import Path

from PySide6.QtCore import QObject, Signal

from app.errors import OfficeError
from app.exchange import incoming, peers
from app.exchange.incoming import Receipt
from app.exchange.preview import Preview
from ui.exchange.cards import Cards
from ui.exchange.preview_card import PreviewCard
from ui.page import Office


class Arriving(QObject):
    """Cards first, because a package is only believed from whom we know; then packages in the order given.

    Signals:
        shown: a package's preview is there to be decided on
        rested: nothing waits any more
        written: the workbook, the log or the list of colleagues is another now
    """

    shown = Signal()
    rested = Signal()
    written = Signal()

    def __init__(self, office: Office, cards: Cards, preview: PreviewCard) -> None:
        super().__init__(preview)
        self._office, self._cards, self._preview = office, cards, preview
        self._waiting: list[Path] = []
        self._many = 0
        self._conflicts = 0
        self._laying_in = False
        preview.accepted.connect(self._take)
        preview.left.connect(self._leave)

    def open(self, paths: Iterable[Path]) -> None:
        """These files, one after the other; what waited before waits no more."""
        self._waiting = sorted(paths, key=lambda path: path.suffix.lower() != peers.SUFFIX)
        self._many = len(self._waiting)
        self._conflicts = 0
        self._next()

    def _next(self) -> None:
        if not self._waiting:
            self.rested.emit()
            if self._conflicts:
                self._conflicts = 0
                self._office.open("conflicts")
            return
        path = self._waiting.pop(0)
        if path.suffix.lower() == peers.SUFFIX:
            self._cards.add(path, self._next)
        else:
            work = incoming.verify(self._office.workbook, path)
            job = self._office.jobs.start(work, self._verified, failed=self._refused, lane="read", title="核对数据包")
            job.cancelled.connect(self._next)

    def _refused(self, error: OfficeError) -> None:
        """The sentence stays; the next file is shown all the same."""
        self._laying_in = False
        self._office.notices.refused(error)
        self._next()

    def _verified(self, preview: Preview) -> None:
        here = self._many - len(self._waiting)
        self._preview.show_preview(preview, f"第 {here} 个，共 {self._many} 个" if self._many > 1 else "")
        self.shown.emit()
        self._preview.table.setFocus()

    def _leave(self) -> None:
        if not self._laying_in:
            self._next()

    def _take(self) -> None:
        preview = self._preview.preview
        if preview is None or self._laying_in:
            return  # the key was held down
        self._laying_in = True
        self._preview.take.setEnabled(False)
        work = incoming.apply(self._office.workbook, preview, self)
        job = self._office.jobs.start(work, self._taken, failed=self._refused, title="导入数据包")
        job.cancelled.connect(self._cancelled)
        if not self._waiting:
            self.rested.emit()

    def _taken(self, receipt: Receipt) -> None:
        self._laying_in = False
        self.written.emit()
        self._conflicts += receipt.conflicts
        self._next()
        self._office.notices.tell(receipt.sentence)

    def _cancelled(self) -> None:
        self._laying_in = False
        self._next()
