"""Shows a kept photograph or scan large, page by page, and sends it on to a file or to the printer."""

from collections.abc import Sequence
from functools import partial
from pathlib import Path

from PySide6.QtWidgets import QWidget

from ui.household.page_viewer import PageViewer
from ui.household.photo_tasks import load_pages, save_scan
from ui.shell.page import AppContext


class PaperReader:
    """`viewer`: the dialog, while one is open."""

    def __init__(self, context: AppContext, parent: QWidget) -> None:
        self._context, self._parent = context, parent
        self.viewer: PageViewer | None = None

    def open(self, photo_id: str, title: str, *, is_scan: bool) -> None:
        """Show it as soon as it is read."""
        self._context.read(partial(self._show, photo_id, title, is_scan), load_pages, photo_id)

    def print(self, photo_id: str) -> None:
        """Go to the print page with this scan."""
        if self.viewer is not None:
            self.viewer.close()
        self._context.open("printing", paper="attachment", record=photo_id)

    def _show(self, photo_id: str, title: str, is_scan: bool, pages: Sequence[bytes]) -> None:
        if not pages:
            self._context.status_bar.info("这张照片还没有收到，请同事再发一次数据包。")
            return
        self.viewer = viewer = PageViewer(title, pages, self._parent, is_scan=is_scan)
        viewer.save_wanted.connect(partial(self._save, photo_id))
        viewer.print_wanted.connect(partial(self.print, photo_id))
        viewer.finished.connect(self._forget)
        viewer.open()

    def _forget(self) -> None:
        self.viewer = None

    def _save(self, photo_id: str, path: Path) -> None:
        work = partial(save_scan, self._context.workbook, photo_id, path)
        self._context.tasks.start(work, lambda name: self._context.status_bar.saved(f"已存为 {name}"))
