"""Files that came in: each is shown in its turn, then laid in or left."""

from collections.abc import Iterable
from contextlib import suppress
from functools import partial
from pathlib import Path

from PySide6.QtCore import QObject, Signal

from app.errors import UserError
from app.sync import package_import, peers, receipts
from app.sync.package_import import PackageImportResult
from app.sync.package_preview import PackagePreview
from app.workbook.workbook import Workbook
from ui.shell.page import AppContext
from ui.sync.import_result_card import ImportedPackage
from ui.sync.peer_card_controller import PeerCardController
from ui.sync.preview_card import PackagePreviewCard
from ui.sync.receipt_controller import ReceiptController


class ImportQueue(QObject):
    """Cards first, because a package is only believed from whom we know; then receipts, then packages as given.

    Signals:
        preview_ready: a package's preview is there to be decided on
        drained: nothing waits any more
        imported: tuple of Arrived, the packages that were laid in, when nothing waits any more
        data_changed: the workbook, the log or the list of colleagues is another now
    """

    preview_ready = Signal()
    drained = Signal()
    imported = Signal(object)
    data_changed = Signal()

    def __init__(
        self,
        context: AppContext,
        card_controller: PeerCardController,
        receipt_controller: ReceiptController,
        preview_card: PackagePreviewCard,
    ) -> None:
        super().__init__(preview_card)
        self._context, self._card_controller, self._receipt_controller, self._preview_card = (
            context,
            card_controller,
            receipt_controller,
            preview_card,
        )
        self._pending: list[Path] = []
        self._total = 0
        self._results: list[PackageImportResult] = []
        self._importing = False
        self._verifying: Path | None = None
        preview_card.import_requested.connect(self._import_current)
        preview_card.closed.connect(self._skip)

    def open(self, paths: Iterable[Path]) -> None:
        """These files, one after the other; what waited before waits no more, but what is being laid in comes first."""
        suffix_order = (peers.SUFFIX, receipts.RECEIPT_SUFFIX)
        self._pending = sorted(paths, key=lambda path: [*suffix_order, path.suffix.lower()].index(path.suffix.lower()))
        self._total = len(self._pending)
        if not self._importing:
            self._results = []
            self._next()

    def _next(self) -> None:
        if not self._pending:
            self._finish()
            return
        path = self._pending.pop(0)
        if path.suffix.lower() == peers.SUFFIX:
            self._card_controller.add(path, self._next)
        elif path.suffix.lower() == receipts.RECEIPT_SUFFIX:
            self._receipt_controller.accept_file(path, self._next)
        else:
            self._verifying = path
            task = package_import.verify_package(self._context.workbook, path)
            running_task = self._context.tasks.start(
                task, self._on_verified, failed=self._on_failed, queue="read", title="核对数据包"
            )
            running_task.cancelled.connect(self._next)

    def _finish(self) -> None:
        """What came in is told with the codes of its receipts; conflicts are opened at once."""
        self.drained.emit()
        results, self._results = self._results, []
        if results:
            work = partial(_attach_codes, self._context.workbook, results)
            self._context.tasks.read(work, self.imported.emit)
        if any(result.conflicts for result in results):
            self._context.open("conflicts")

    def _on_failed(self, error: UserError) -> None:
        """The sentence stays; the next file is shown all the same."""
        self._importing = False
        self._context.status_bar.error(error)
        self._next()

    def _on_verified(self, preview: PackagePreview) -> None:
        if preview.path != self._verifying:
            return  # others were opened meanwhile
        position = self._total - len(self._pending)
        self._preview_card.show_preview(preview, f"第 {position} 个，共 {self._total} 个" if self._total > 1 else "")
        self.preview_ready.emit()
        self._preview_card.table.setFocus()

    def _skip(self) -> None:
        if not self._importing:
            self._next()

    def _import_current(self) -> None:
        preview = self._preview_card.preview
        if preview is None or self._importing:
            return  # the key was held down
        self._importing = True
        self._preview_card.import_button.setEnabled(False)
        accept_unseen = self._preview_card.accept_unseen.isChecked()
        task = package_import.import_package(self._context.workbook, preview, accept_unseen=accept_unseen)
        running_task = self._context.tasks.start(task, self._on_imported, failed=self._on_failed, title="导入数据包")
        running_task.cancelled.connect(self._on_cancelled)
        if not self._pending:
            self.drained.emit()

    def _on_imported(self, result: PackageImportResult) -> None:
        self._importing = False
        self.data_changed.emit()
        self._results.append(result)
        self._next()
        self._context.status_bar.info(result.message)

    def _on_cancelled(self) -> None:
        self._importing = False
        self._next()


def _attach_codes(workbook: Workbook, results: list[PackageImportResult]) -> tuple[ImportedPackage, ...]:
    """The code of a sender's last package speaks for those before it."""
    packages: list[ImportedPackage] = []
    last_n_by_sender = {result.sender: result.n for result in results}
    for result in results:
        code = ""
        if last_n_by_sender[result.sender] == result.n:
            with suppress(UserError):
                code = receipts.code_for_import(workbook, result.n)
        packages.append(ImportedPackage(result, code))
    return tuple(packages)
