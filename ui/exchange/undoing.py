"""撤销这次导入: asked, done, and what stands in the way."""

from collections.abc import Mapping

from PySide6.QtCore import QObject, Qt, Signal
from PySide6.QtWidgets import QMessageBox, QWidget

from app.exchange import undo
from app.exchange.entries import PackageEntry
from app.exchange.undo import Import, Undone
from ui.jobs import Job
from ui.page import Office

_LOOKED_AT = 20  # the latest imports; what stands in the way of older ones is told when it is tried


class Undoing(QObject):
    """What the page does to take an import back.

    Signals:
        reasons: why imports cannot be undone, by their line in the log; "" where they can
        written: an import was undone
    """

    reasons = Signal(object)
    written = Signal()

    def __init__(self, office: Office, page: QWidget) -> None:
        super().__init__(page)
        self._office, self._page = office, page
        self._looking: Job | None = None
        self._again = False

    def look(self) -> None:
        """Find out which imports may still be undone; once more afterwards if something changed meanwhile."""
        if self._looking is not None and not self._looking.ended.is_set():
            self._again = True
            return
        self._again = False
        work = undo.possible(self._office.workbook, _LOOKED_AT)
        self._looking = self._office.jobs.start(work, self._found, lane="read")

    def _found(self, imports: tuple[Import, ...]) -> None:
        told: Mapping[int, str] = {one.n: one.reason for one in imports}
        self.reasons.emit(told)
        self._looking = None
        if self._again:
            self.look()

    def ask(self, entry: PackageEntry) -> None:
        """Ask, then take the whole import back."""
        question = QMessageBox(self._page)
        question.setObjectName("askUndoImport")
        question.setWindowTitle("撤销这次导入")
        question.setTextFormat(Qt.TextFormat.PlainText)
        question.setText(f"撤销 {entry.at[:16]} 导入的“{entry.peer}”的包？")
        question.setInformativeText(
            f"它带来的 {entry.changes} 条修改都退回，各户回到导入前的样子；您自己写的都在。原来的包以后还可以再导入。"
        )
        yes = question.addButton("撤销导入", QMessageBox.ButtonRole.AcceptRole)
        question.addButton("不撤销", QMessageBox.ButtonRole.RejectRole)
        question.buttonClicked.connect(lambda button: self._undo(entry) if button is yes else None)
        question.open()

    def _undo(self, entry: PackageEntry) -> None:
        work = undo.undo(self._office.workbook, entry.n, self)
        self._office.jobs.start(work, self._undone, title="撤销导入")

    def _undone(self, undone: Undone) -> None:
        self._office.notices.tell(undone.sentence)
        self.written.emit()
