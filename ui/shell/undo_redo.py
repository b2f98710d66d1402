"""Ctrl+Z and Ctrl+Y for the whole window, by the name of what they would do."""

from collections.abc import Callable
from functools import partial

from PySide6.QtCore import QObject
from PySide6.QtGui import QAction, QKeySequence
from PySide6.QtWidgets import QWidget

from app.progress import Task
from app.workbook.operations import UndoState, redo, undo, undo_state
from app.workbook.workbook import Workbook
from ui.shell.status_bar import StatusBar
from ui.shell.tasks import TaskRunner, query

_MANY_RECORDS = 500  # from here on it takes long enough for a bar


class UndoRedo(QObject):
    """撤销 and 重做. What they would do is asked anew after every write; pages learn of it as of any other write."""

    def __init__(self, workbook: Workbook, tasks: TaskRunner, status_bar: StatusBar, window: QWidget) -> None:
        super().__init__(window)
        self._workbook, self._tasks, self._status_bar = workbook, tasks, status_bar
        self._state = UndoState()
        self.undo_action = self._action("undo", "撤销", "Ctrl+Z", self._undo)
        self.redo_action = self._action("redo", "重做", "Ctrl+Y", self._redo)
        status_bar.undo_requested.connect(self._undo)
        status_bar.redo_requested.connect(self._redo)

    def _action(self, name: str, label: str, shortcut: str, callback: Callable[[], object]) -> QAction:
        action = QAction(label, self)
        action.setObjectName(name)
        action.setShortcut(QKeySequence(shortcut))
        action.triggered.connect(lambda: callback())
        return action

    def refresh(self) -> None:
        """Something was written, taken back or done again."""
        self._tasks.read(partial(query, self._workbook, undo_state, self._workbook.first_operation), self._show)

    def _show(self, state: UndoState) -> None:
        self._state = state
        self.undo_action.setText(f"撤销：{state.undo}" if state.undo else "撤销")
        self.redo_action.setText(f"重做：{state.redo}" if state.redo else "重做")
        self._status_bar.set_undo(state.undo, state.redo)

    def _undo(self) -> None:
        self._run(undo(self._workbook), "撤销", self._state.undo_records)

    def _redo(self) -> None:
        self._run(redo(self._workbook), "重做", self._state.redo_records)

    def _run(self, task: Task[str], verb: str, records: int) -> None:
        self._tasks.start(task, self._status_bar.saved, title=verb if records >= _MANY_RECORDS else "")
