"""导出给…: for whom, where to, and one package after the other."""

from collections.abc import Iterable
from pathlib import Path

from PySide6.QtCore import QObject, Signal
from PySide6.QtWidgets import QWidget

from app.progress import Progress, Task
from app.sync import package, package_export
from app.sync.package_export import PackageExportResult
from app.sync.peers import PeerView
from ui.shell.page import AppContext
from ui.sync.peer_picker import PeerPicker
from ui.widgets.file_choice import folder_name, save_file_name

_FILE_FILTER = f"数据包 (*{package.PACKAGE_SUFFIX})"


class ExportController(QObject):
    """Asks what is not yet said, then writes.

    Signals:
        exported: packages are there, and the log has them
    """

    exported = Signal()

    def __init__(self, context: AppContext, page: QWidget) -> None:
        super().__init__(page)
        self._context, self._page = context, page
        self.dialog: PeerPicker | None = None

    def choose_recipients(self, entries: Iterable[PeerView], current: str, folder: Path | None = None) -> None:
        """For whom? Asked only where there is a choice.

        Args:
            current: sign key of the one to begin with
            folder: where to write without asking
        """
        peers = tuple(entries)
        active_peers = [entry for entry in peers if not entry.revoked_at]
        if not active_peers:
            self._context.status_bar.info(_no_recipient_message(peers))
        elif len(active_peers) == 1:
            self.export_to(tuple(active_peers), folder)
        else:
            self.dialog = PeerPicker(active_peers, current, self._page)
            self.dialog.accepted.connect(lambda: self._on_recipients_chosen(folder))
            self.dialog.open()

    def _on_recipients_chosen(self, folder: Path | None) -> None:
        if self.dialog is not None:
            self.export_to(self.dialog.selected_peers, folder)

    def export_to(self, peers: tuple[PeerView, ...], folder: Path | None = None) -> None:
        """Where to? A USB drive is suggested; several packages go into one folder under their suggested names."""
        initial_folder = folder or self._usb_folder()
        if folder is None and len(peers) == 1:
            initial_path = str(initial_folder / package_export.suggested_file_name(peers[0]))
            title = f"导出给 {peers[0].name}"
            path = save_file_name(self._page, title, initial_path, _FILE_FILTER)
            if path:
                self._write([(peers[0], Path(path).with_suffix(package.PACKAGE_SUFFIX))])
            return
        if folder is None:
            title = f"导出给 {len(peers)} 位同事，存到哪个文件夹"
            path = folder_name(self._page, title, str(initial_folder))
            folder = Path(path) if path else None
        if folder is not None:
            self._write([(peer, _unused_path(folder / package_export.suggested_file_name(peer))) for peer in peers])

    def _usb_folder(self) -> Path:
        """The folder to begin in: the USB drive that came last, else wherever the file dialog is."""
        drives = self._context.usb_watcher.drives
        return drives[0].volume.root if drives else Path()

    def _write(self, packages: list[tuple[PeerView, Path]]) -> None:
        self._context.tasks.start(
            _export_all(self._context, packages), self._on_exported, failed=self._on_failed, title="导出数据包"
        )

    def _on_exported(self, results: list[tuple[PeerView, PackageExportResult]]) -> None:
        [(_, first), *others] = results
        if others:
            names = "、".join(f"“{result.peer}”" for _, result in results[:5])
            message = f"已导出 {len(results)} 个包，给{names}，存在“{first.path.parent}”。"
        else:
            message = f"{first.message}文件：{first.path.name}"
        self.exported.emit()
        self._offer_remaining(message, [(entry, result) for entry, result in results if result.left_out])

    def _offer_remaining(self, message: str, incomplete: list[tuple[PeerView, PackageExportResult]]) -> None:
        """Photographs that found no room go into a package of their own, beside the first."""
        if not incomplete:
            self._context.status_bar.info(message)
            return
        photo_count = sum(result.left_out for _, result in incomplete)
        remaining = [
            (entry, _unused_path(result.path.parent / package_export.suggested_file_name(entry)))
            for entry, result in incomplete
        ]
        message = message if len(incomplete) == 1 else f"{message}还有 {photo_count} 张照片没装下。"
        self._context.status_bar.offer(
            message, f"再导出一个包，装剩下的 {photo_count} 张照片", lambda: self._write(remaining)
        )

    def _on_failed(self, error: object) -> None:
        """Those that were written before it are there."""
        self._context.status_bar.error(error)
        self.exported.emit()


def _no_recipient_message(peers: tuple[PeerView, ...]) -> str:
    if len(peers) == 1:
        return f"“{peers[0].name}”的名片已经停用。要重新交换，请再添加一次他的名片并核对指纹。"
    if peers:
        return "名单里的名片都已经停用。请先添加对方的名片（Ctrl+N）。"
    return "请先添加对方的名片（Ctrl+N），再导出给他。"


def _unused_path(path: Path) -> Path:
    """Beside what is there already: names tell the minute only."""
    number = 2
    candidate = path
    while candidate.exists():
        candidate = path.with_name(f"{path.stem} ({number}){path.suffix}")
        number += 1
    return candidate


def _export_all(
    context: AppContext, packages: list[tuple[PeerView, Path]]
) -> Task[list[tuple[PeerView, PackageExportResult]]]:
    results: list[tuple[PeerView, PackageExportResult]] = []
    for entry, path in packages:
        yield Progress(0, 0, "导出数据包")
        results.append((entry, (yield from package_export.write_package(context.workbook, entry.sign_key, path))))
    return results
