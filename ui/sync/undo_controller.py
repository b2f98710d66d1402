"""撤销这次导入: asked, done, and what stands in the way."""

from collections.abc import Mapping

from PySide6.QtCore import QObject, Qt, Signal
from PySide6.QtWidgets import QMessageBox, QWidget

from app.sync import import_undo
from app.sync.import_undo import ImportEntry, PackageUndoResult
from app.sync.views import PackageView
from ui.shell.page import AppContext
from ui.shell.tasks import RunningTask

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
        question = QMessageBox(self._page)
        question.setObjectName("askUndoImport")
        question.setWindowTitle("撤销这次导入")
        question.setTextFormat(Qt.TextFormat.PlainText)
        question.setText(f"撤销 {entry.at[:16]} 导入的“{entry.peer}”的包？")
        question.setInformativeText(
            f"它带来的 {entry.changes} 条修改都退回，各户回到导入前的样子；您自己写的都在。原来的包以后还可以再导入。"
        )
        undo_button = question.addButton("撤销导入", QMessageBox.ButtonRole.AcceptRole)
        question.addButton("不撤销", QMessageBox.ButtonRole.RejectRole)
        question.buttonClicked.connect(lambda button: self._undo(entry) if button is undo_button else None)
        question.open()

    def _undo(self, entry: PackageView) -> None:
        task = import_undo.undo_import(self._context.workbook, entry.n)
        self._context.tasks.start(task, self._on_undone, title="撤销导入")

    def _on_undone(self, result: PackageUndoResult) -> None:
        self._context.status_bar.info(result.message)
        self.undone.emit()
