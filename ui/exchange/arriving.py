"""Files that came in: each is shown in its turn, then laid in or left."""

from collections.abc import Iterable
from contextlib import suppress
from pathlib import Path

from PySide6.QtCore import QObject, Signal

from app.errors import OfficeError
from app.exchange import incoming, peers, receipts
from app.exchange.incoming import Receipt
from app.exchange.preview import Preview
from app.progress import Progress, Work
from app.workbook.workbook import Workbook
from ui.exchange.arrived_card import Arrived
from ui.exchange.cards import Cards
from ui.exchange.preview_card import PreviewCard
from ui.exchange.receipt_desk import ReceiptDesk
from ui.page import Office


class Arriving(QObject):
    """Cards first, because a package is only believed from whom we know; then receipts, then packages as given.

    Signals:
        shown: a package's preview is there to be decided on
        rested: nothing waits any more
        finished: tuple of Arrived, the packages that were laid in, when nothing waits any more
        written: the workbook, the log or the list of colleagues is another now
    """

    shown = Signal()
    rested = Signal()
    finished = Signal(object)
    written = Signal()

    def __init__(self, office: Office, cards: Cards, receipt_desk: ReceiptDesk, preview: PreviewCard) -> None:
        super().__init__(preview)
        self._office, self._cards, self._receipts, self._preview = office, cards, receipt_desk, preview
        self._waiting: list[Path] = []
        self._many = 0
        self._in: list[Receipt] = []
        self._laying_in = False
        self._verifying: Path | None = None
        preview.accepted.connect(self._take)
        preview.left.connect(self._leave)

    def open(self, paths: Iterable[Path]) -> None:
        """These files, one after the other; what waited before waits no more, but what is being laid in comes first."""
        order = (peers.SUFFIX, receipts.SUFFIX)
        self._waiting = sorted(paths, key=lambda path: [*order, path.suffix.lower()].index(path.suffix.lower()))
        self._many = len(self._waiting)
        if not self._laying_in:
            self._in = []
            self._next()

    def _next(self) -> None:
        if not self._waiting:
            self._rest()
            return
        path = self._waiting.pop(0)
        if path.suffix.lower() == peers.SUFFIX:
            self._cards.add(path, self._next)
        elif path.suffix.lower() == receipts.SUFFIX:
            self._receipts.take(path, self._next)
        else:
            self._verifying = path
            work = incoming.verify(self._office.workbook, path)
            job = self._office.jobs.start(work, self._verified, failed=self._refused, lane="read", title="核对数据包")
            job.cancelled.connect(self._next)

    def _rest(self) -> None:
        """What came in is told with the codes of its receipts; conflicts are opened at once."""
        self.rested.emit()
        done, self._in = self._in, []
        if done:
            work = _with_codes(self._office.workbook, done)
            self._office.jobs.start(work, self.finished.emit, lane="read")
        if any(receipt.conflicts for receipt in done):
            self._office.open("conflicts")

    def _refused(self, error: OfficeError) -> None:
        """The sentence stays; the next file is shown all the same."""
        self._laying_in = False
        self._office.notices.refused(error)
        self._next()

    def _verified(self, preview: Preview) -> None:
        if preview.path != self._verifying:
            return  # others were opened meanwhile
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
        self._in.append(receipt)
        self._next()
        self._office.notices.tell(receipt.sentence)

    def _cancelled(self) -> None:
        self._laying_in = False
        self._next()


def _with_codes(workbook: Workbook, done: list[Receipt]) -> Work[tuple[Arrived, ...]]:
    """The code of a sender's last package speaks for those before it."""
    arrived: list[Arrived] = []
    last = {receipt.sender: receipt.n for receipt in done}
    for receipt in done:
        yield Progress(len(arrived), len(done))
        code = ""
        if last[receipt.sender] == receipt.n:
            with suppress(OfficeError):
                code = receipts.code(workbook, receipt.n)
        arrived.append(Arrived(receipt, code))
    return tuple(arrived)
