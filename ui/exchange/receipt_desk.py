"""Receipts coming and going: the file, and the number for the telephone."""

from collections.abc import Callable, Iterable
from pathlib import Path

from PySide6.QtCore import QObject, Qt, Signal
from PySide6.QtWidgets import QFileDialog, QMessageBox, QWidget

from app.errors import OfficeError
from app.exchange import outgoing, receipts
from app.exchange.entries import PackageEntry, PeerEntry
from app.exchange.receipts import Acknowledged
from app.progress import Progress, Work
from app.workbook.workbook import Workbook
from ui.dialogs.type_code import TypeCode
from ui.page import Office

_FILES = f"回执 (*{receipts.SUFFIX})"


def _code(workbook: Workbook, n: int) -> Work[str]:
    yield Progress(0, 1)
    return receipts.code(workbook, n)


class ReceiptDesk(QObject):
    """What the page does with receipts.

    Signals:
        written: the log, or what a colleague is known to have, is another now
    """

    written = Signal()

    def __init__(self, office: Office, page: QWidget) -> None:
        super().__init__(page)
        self._office, self._page = office, page
        self.dialog: TypeCode | None = None

    def ask_file(self) -> None:
        """Ask for a receipt that came back."""
        sticks = self._office.sticks.there
        begin = str(sticks[0].volume.root) if sticks else ""
        path = QFileDialog.getOpenFileName(self._page, "登记回执", begin, _FILES)[0]
        if path:
            self.take(Path(path))

    def take(self, path: Path, then: Callable[[], object] | None = None) -> None:
        """Take a receipt in. `then`: done at the end, whatever came of it."""

        def refused(error: OfficeError) -> None:
            self._office.notices.refused(error)
            if then is not None:
                then()

        def taken(done: Acknowledged) -> None:
            self._office.notices.tell(done.sentence)
            self.written.emit()
            if then is not None:
                then()

        self._office.jobs.start(receipts.read(self._office.workbook, path), taken, failed=refused)

    def ask_code(self, entries: Iterable[PeerEntry], current: str) -> None:
        """Ask whose code it is, and for the code."""
        usable = [entry for entry in entries if not entry.revoked_at]
        if not usable:
            self._office.notices.tell("同事名单是空的，没有谁的回执可登记。请先添加对方的名片（Ctrl+N）。")
            return
        self.dialog = TypeCode(usable, current, self._take_code, self._page)
        self.dialog.open()

    def _take_code(self, sign_key: str, typed: str) -> None:
        dialog = self.dialog
        assert dialog is not None

        def taken(done: Acknowledged) -> None:
            dialog.accept()
            self._office.notices.tell(done.sentence)
            self.written.emit()

        work = receipts.take_code(self._office.workbook, sign_key, typed)
        self._office.jobs.start(work, taken, failed=dialog.refuse)

    def ask_save(self, n: int, sender: str) -> None:
        """Ask where the receipt for an import goes; a stick is suggested."""
        sticks = self._office.sticks.there
        folder = sticks[0].volume.root if sticks else Path()
        begin = str(folder / f"回执 {outgoing.named_for(sender)}{receipts.SUFFIX}")
        path = QFileDialog.getSaveFileName(self._page, "保存回执", begin, _FILES)[0]
        if path:
            work = receipts.write(self._office.workbook, n, Path(path).with_suffix(receipts.SUFFIX))
            self._office.jobs.start(work, self._saved)

    def _saved(self, path: Path) -> None:
        self._office.notices.tell(f"回执已存为“{path.name}”。请把它拷给对方，他拖进窗口就登记好了。")
        self._office.sticks.look_again()

    def show_code(self, entry: PackageEntry) -> None:
        """The number again, for an import of before."""
        self._office.jobs.start(
            _code(self._office.workbook, entry.n), lambda code: self._show_code(entry.peer, code), lane="read"
        )

    def _show_code(self, peer: str, code: str) -> None:
        box = QMessageBox(self._page)
        box.setObjectName("receiptCodeBox")
        box.setWindowTitle("回执码")
        box.setTextFormat(Qt.TextFormat.PlainText)
        box.setText(code)
        box.setInformativeText(f"打电话把这 12 位数字报给“{peer}”，请他按“输入回执码”登记。")
        box.addButton("知道了", QMessageBox.ButtonRole.AcceptRole)
        box.setTextInteractionFlags(Qt.TextInteractionFlag.TextSelectableByMouse)
        box.open()
