"""整理历史: measured first, explained, and done only on the officer's word."""

from PySide6.QtCore import QObject, Qt
from PySide6.QtWidgets import QMessageBox, QWidget

from app.exchange import compaction
from app.exchange.compaction import Foldable, Folding
from ui.page import Office

_MEANS = (
    "一格改过几次、同事又都收到了的，只留最后一次和它的来历，中间的几次不再保存，“变更记录”里也看不到了。"
    "各户现在的内容一个字都不变，还有冲突的户不动。归并前自动备份一份，想看中间的几次，就打开那份备份。"
)


class FoldingDesk(QObject):
    """What the page does with old history."""

    def __init__(self, office: Office, page: QWidget) -> None:
        super().__init__(page)
        self._office, self._page = office, page

    def ask(self) -> None:
        """Find out how much it would be."""
        work = compaction.measure(self._office.workbook)
        self._office.jobs.start(work, self._measured, lane="read", title="看看能归并多少")

    def _measured(self, found: Foldable) -> None:
        question = QMessageBox(self._page)
        question.setObjectName("askFold")
        question.setWindowTitle("整理历史")
        question.setTextFormat(Qt.TextFormat.PlainText)
        question.setText(found.sentence)
        if found.changes:
            question.setInformativeText(_MEANS)
            yes = question.addButton("归并", QMessageBox.ButtonRole.AcceptRole)
            no = question.addButton("不归并", QMessageBox.ButtonRole.RejectRole)
            question.setDefaultButton(no)
            question.buttonClicked.connect(lambda button: self._fold() if button is yes else None)
        else:
            question.addButton("知道了", QMessageBox.ButtonRole.AcceptRole)
        question.open()

    def _fold(self) -> None:
        work = compaction.fold(self._office.workbook, self)
        self._office.jobs.start(work, self._folded, title="归并历史")

    def _folded(self, done: Folding) -> None:
        self._office.notices.tell(done.sentence)
