"""撤销这次导入: asked, done, and what stands in the way."""

from collections.abc import Mapping
from functools import partial

from PySide6.QtCore import QObject, Signal
from PySide6.QtWidgets import QWidget

from app.sync import import_undo
from app.sync.import_undo import ImportEntry, PackageUndoResult
from app.sync.views import PackageView
from ui.shell.page import AppContext
from ui.shell.tasks import RunningTask
from ui.widgets.question import ask

_MAX_IMPORTS = 20  # the latest imports; what stands in the way of older ones is told when it is tried


class UndoController(QObject):
    """What the page does to take an import back.

    Signals:
        reasons_changed: why imports cannot be undone, by their line in the log; "" where they can
        undone: an import was undone
    """

    reasons_changed = Signal(object)
    undone = Signal()

    def __init__(self, context: AppContext, page: QWidget) -> None:
        super().__init__(page)
        self._context, self._page = context, page
        self._query: RunningTask | None = None
        self._query_again = False

    def refresh(self) -> None:
        """Find out which imports may still be undone; once more afterwards if something changed meanwhile."""
        if self._query is not None and not self._query.worker_finished.is_set():
            self._query_again = True
            return
        self._query_again = False
        task = import_undo.list_undoable(self._context.workbook, _MAX_IMPORTS)
        self._query = self._context.tasks.start(task, self._on_reasons, queue="read")

    def _on_reasons(self, imports: tuple[ImportEntry, ...]) -> None:
        reasons: Mapping[int, str] = {entry.n: entry.reason for entry in imports}
        self.reasons_changed.emit(reasons)
        self._query = None
        if self._query_again:
            self.refresh()

    def confirm(self, entry: PackageView) -> None:
        """Ask, then take the whole import back."""
        message = f"撤销 {entry.at[:16]} 导入的“{entry.peer}”的数据包？"
        details = f"它带来的 {entry.changes} 项更新全部退回；您自己填写的内容保留。该数据包以后可以再次导入。"
        choices = (("撤销导入", partial(self._undo, entry)),)
        ask(self._page, "askUndoImport", "撤销这次导入", message, details, choices=choices, careful=True)

    def _undo(self, entry: PackageView) -> None:
        task = import_undo.undo_import(self._context.workbook, entry.n)
        self._context.tasks.start(task, self._on_undone, title="撤销导入")

    def _on_undone(self, result: PackageUndoResult) -> None:
        self._context.status_bar.info(result.message)
        self.undone.emit()
