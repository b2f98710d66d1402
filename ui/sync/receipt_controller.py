"""Receipts coming and going: the file, and the number for the telephone."""

from collections.abc import Callable, Iterable
from functools import partial
from pathlib import Path

from PySide6.QtCore import QObject, Signal
from PySide6.QtWidgets import QWidget

from app.errors import UserError
from app.sync import package_export, receipts
from app.sync.receipts import Acknowledgement
from app.sync.views import PackageView, PeerView
from ui.dialogs.enter_code_dialog import EnterCodeDialog
from ui.shell.page import AppContext
from ui.widgets.file_choice import open_file_name, save_file_name
from ui.widgets.question import tell

_FILE_FILTER = f"回执 (*{receipts.RECEIPT_SUFFIX})"


class ReceiptController(QObject):
    """What the page does with receipts.

    Signals:
        receipts_changed: the log, or what a colleague is known to have, is another now
    """

    receipts_changed = Signal()

    def __init__(self, context: AppContext, page: QWidget) -> None:
        super().__init__(page)
        self._context, self._page = context, page
        self.dialog: EnterCodeDialog | None = None

    def choose_file(self) -> None:
        """Ask for a receipt that came back."""
        drives = self._context.usb_watcher.drives
        initial_folder = str(drives[0].volume.root) if drives else ""
        path = open_file_name(self._page, "登记回执", initial_folder, _FILE_FILTER)
        if path:
            self.accept_file(Path(path))

    def accept_file(self, path: Path, on_finished: Callable[[], object] | None = None) -> None:
        """Take a receipt in. `then`: done at the end, whatever came of it."""

        def on_failed(error: UserError) -> None:
            self._context.status_bar.error(error)
            if on_finished is not None:
                on_finished()

        def on_accepted(acknowledgement: Acknowledgement) -> None:
            self._context.status_bar.info(acknowledgement.message)
            self.receipts_changed.emit()
            if on_finished is not None:
                on_finished()

        self._context.tasks.start(partial(receipts.accept, self._context.workbook, path), on_accepted, failed=on_failed)

    def enter_code(self, entries: Iterable[PeerView], current: str) -> None:
        """Ask whose code it is, and for the code."""
        active_peers = [entry for entry in entries if not entry.revoked_at]
        if not active_peers:
            self._context.status_bar.info("同事名单是空的，没有谁的回执可登记。请先添加对方的名片（Ctrl+N）。")
            return
        self.dialog = EnterCodeDialog(active_peers, current, self._accept_code, self._page)
        self.dialog.open()

    def _accept_code(self, sign_key: str, code: str) -> None:
        dialog = self.dialog
        assert dialog is not None

        def on_accepted(acknowledgement: Acknowledgement) -> None:
            dialog.accept()
            self._context.status_bar.info(acknowledgement.message)
            self.receipts_changed.emit()

        work = partial(receipts.accept_code, self._context.workbook, sign_key, code)
        self._context.tasks.start(work, on_accepted, failed=dialog.show_error)

    def choose_save_path(self, n: int, sender: str) -> None:
        """Ask where the receipt for an import goes; a USB drive is suggested."""
        drives = self._context.usb_watcher.drives
        folder = drives[0].volume.root if drives else Path()
        initial_path = str(folder / f"回执 {package_export.suggested_stem(sender)}{receipts.RECEIPT_SUFFIX}")
        path = save_file_name(self._page, "保存回执", initial_path, _FILE_FILTER)
        if path:
            work = partial(receipts.write, self._context.workbook, n, Path(path).with_suffix(receipts.RECEIPT_SUFFIX))
            self._context.tasks.start(work, self._on_saved)

    def _on_saved(self, path: Path) -> None:
        self._context.status_bar.info(f"回执已存为“{path.name}”。请拷给对方，对方将其拖入窗口即完成登记。")
        self._context.usb_watcher.rescan()

    def load_code(self, entry: PackageView) -> None:
        """The number again, for an import of before."""
        self._context.tasks.start(
            partial(receipts.code_for_import, self._context.workbook, entry.n),
            lambda code: self._show_code(entry.peer, code),
            queue="read",
        )

    def _show_code(self, peer: str, code: str) -> None:
        details = f"打电话把这 12 位数字报给“{peer}”，请他按“输入回执码”登记。"
        tell(self._page, "receiptCodeBox", "回执码", code, details)
