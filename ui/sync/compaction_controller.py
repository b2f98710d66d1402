"""整理历史: measured first, explained, and done only on the officer's word."""

from PySide6.QtCore import QObject
from PySide6.QtWidgets import QWidget

from app.sync import compaction
from app.sync.compaction import CompactionEstimate, CompactionResult
from ui.shell.page import AppContext
from ui.widgets.question import ask, tell

_EXPLANATION = (
    "同一项修改过多次、同事均已收到的，只留最后一次和它的来历，中间的几次不再保存，“变更记录”里也看不到了。"
    "各户现在的内容一个字都不变，还有冲突的户不动。归并前自动备份一份，想看中间的几次，就打开那份备份。"
)


class CompactionController(QObject):
    """What the page does with old history."""

    def __init__(self, context: AppContext, page: QWidget) -> None:
        super().__init__(page)
        self._context, self._page = context, page

    def start(self) -> None:
        """Find out how much it would be."""
        task = compaction.estimate(self._context.workbook)
        self._context.tasks.start(task, self._confirm, queue="read", title="看看能归并多少")

    def _confirm(self, estimate: CompactionEstimate) -> None:
        if estimate.changes:
            choices = (("归并", self._compact),)
            ask(self._page, "askFold", "整理历史", estimate.message, _EXPLANATION, choices=choices, careful=True)
        else:
            tell(self._page, "askFold", "整理历史", estimate.message)

    def _compact(self) -> None:
        task = compaction.compact(self._context.workbook)
        self._context.tasks.start(task, self._on_compacted, title="归并历史")

    def _on_compacted(self, result: CompactionResult) -> None:
        self._context.status_bar.info(result.message)
