"""The only place that tells the officer something: saved, refused, undo, and how far a long job is."""

from collections.abc import Callable
from functools import partial

from PySide6.QtCore import Qt, QTimer
from PySide6.QtWidgets import QFrame, QHBoxLayout, QLabel, QProgressBar, QPushButton, QSizePolicy, QWidget

from app.progress import Progress
from ui.jobs import Job

SAVED_MS, TOLD_MS, UNDO_MS, OFFER_MS = 2500, 6000, 12000, 20000


class Notices(QFrame):
    """The line at the foot of the window: where one is, and in its place for a while what there is to say. It is always
    there, so that nothing moves when something is said. What was said is also kept in `last`, newest last.

    A refusal stays until the next notice or until it is closed; everything else goes by itself.
    """

    def __init__(self, status: str = "", parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setObjectName("notices")
        self.last: list[str] = []
        self._undo: Callable[[], object] | None = None
        self._text, self._status, self._state = QLabel(), QLabel(status), QLabel("全部已保存")
        self._button, self._close = QPushButton("撤销（Ctrl+Z）"), QPushButton("知道了")
        self._go = QPushButton()
        self._run: Callable[[], object] | None = None
        self._jobs = QHBoxLayout()
        self._dress()
        self._lay_out()
        self._timer = QTimer(self)
        self._timer.setSingleShot(True)
        self._timer.timeout.connect(self._hide)
        self._bars = 0
        self._hide()

    def _dress(self) -> None:
        self._text.setObjectName("noticeText")
        self._text.setWordWrap(True)
        self._text.setAccessibleName("提示")
        self._text.setTextInteractionFlags(Qt.TextInteractionFlag.TextSelectableByMouse)
        self._button.setObjectName("undo")
        self._button.setAccessibleName("撤销刚才的修改")
        self._button.setShortcut("Ctrl+Z")
        self._button.clicked.connect(self._take_back)
        self._go.setObjectName("noticeAction")
        self._go.clicked.connect(self._do)
        self._close.setObjectName("closeNotice")
        self._close.setAccessibleName("关闭提示")
        self._close.clicked.connect(self._hide)
        for label, name in ((self._status, "status"), (self._state, "savedState")):
            label.setObjectName(name)
            label.setProperty("quiet", True)

    def _lay_out(self) -> None:
        line = QHBoxLayout()
        line.setSpacing(10)
        # a small window is not pushed wider by where one is
        self._status.setSizePolicy(QSizePolicy.Policy.Ignored, QSizePolicy.Policy.Preferred)
        line.addWidget(self._status, 1)
        line.addWidget(self._text, 1)
        line.addLayout(self._jobs)
        for widget in (self._button, self._go, self._close, self._state):
            line.addWidget(widget)
        # a button keeps its place while it is hidden, so that the line is always as high as with one
        keeps = self._button.sizePolicy()
        keeps.setRetainSizeWhenHidden(True)
        self._button.setSizePolicy(keeps)
        line.setContentsMargins(16, 3, 16, 3)
        self.setLayout(line)

    def saving(self, on: bool) -> None:
        """Whether something is on its way into the file."""
        self._state.setText("正在保存…" if on else "全部已保存")

    def saved(self, text: str = "已保存") -> None:
        """Something was written, and it needs no attention."""
        self._say(text, "saved", SAVED_MS)

    def tell(self, text: str) -> None:
        """Something to know."""
        self._say(text, "told", TOLD_MS)

    def refused(self, error: object) -> None:
        """Something was not done; the sentence says what to do. Stays until closed."""
        self._say(str(error), "refused", 0)

    def over(self) -> None:
        """The officer goes at it anew: a refusal of before is no longer of use."""
        if self._close.isVisibleTo(self):
            self._hide()

    def offer_undo(self, text: str, undo: Callable[[], object]) -> None:
        """Something was written and can be taken back for a while (Ctrl+Z)."""
        self._say(text, "saved", UNDO_MS)
        self._undo = undo
        self._button.show()

    def offer(self, text: str, label: str, run: Callable[[], object]) -> None:
        """Something to know, and one thing to do about it. A refusal that nobody has read yet is not covered by it."""
        if self._close.isVisibleTo(self):
            return
        self._say(text, "told", OFFER_MS)
        self._run = run
        self._go.setText(label)
        self._go.show()

    def busy(self, job: Job, title: str = "") -> None:
        """A bar for a long job, with its cancel button, until the job ends."""
        bar, line = _JobBar(job, title or job.title, self._bars), self._jobs
        line.addWidget(bar)
        self._bars += 1
        for ended in (job.done, job.failed, job.cancelled):
            ended.connect(partial(self._ended, bar))
        job.cancelled.connect(lambda: self.tell(f"已取消：{title or job.title}，没有留下任何改动。"))

    def _ended(self, bar: "_JobBar", *_: object) -> None:
        self._jobs.removeWidget(bar)
        bar.deleteLater()
        self._bars -= 1

    def _say(self, text: str, how: str, stays: int) -> None:
        self.last.append(text)
        del self.last[:-50]
        self._undo = self._run = None
        self._button.hide()
        self._go.hide()
        self._close.setVisible(stays == 0)
        self._text.setText(text)
        self._look(how)
        if stays:
            self._timer.start(stays)
        else:
            self._timer.stop()

    def _take_back(self) -> None:
        undo, self._undo = self._undo, None
        self._button.hide()
        if undo is not None:
            undo()

    def _do(self) -> None:
        run = self._run
        self._hide()
        if run is not None:
            run()

    def _hide(self) -> None:
        self._undo = self._run = None
        self._text.clear()
        self._button.hide()
        self._go.hide()
        self._close.hide()
        self._look("")

    def _look(self, how: str) -> None:
        self._text.setVisible(bool(how))
        self._status.setVisible(not how)
        self.setProperty("how", how)
        self.style().unpolish(self)
        self.style().polish(self)


class _JobBar(QWidget):
    def __init__(self, job: Job, title: str, others: int) -> None:
        super().__init__()
        self._label = QLabel(title)
        self._title = title
        self._bar = QProgressBar()
        self._bar.setObjectName("progress")
        self._bar.setAccessibleName(title)
        self._bar.setTextVisible(False)
        self._bar.setFixedWidth(160)
        self._bar.setRange(0, 0)
        cancel = QPushButton("取消")
        cancel.setObjectName("cancel")
        cancel.setAccessibleName(f"取消{title}")
        if not others:  # the same key twice would do nothing at all
            cancel.setToolTip("取消（Shift+Esc）")
            cancel.setShortcut("Shift+Esc")
        cancel.clicked.connect(job.cancel)
        cancel.clicked.connect(lambda: cancel.setEnabled(False))
        line = QHBoxLayout(self)
        line.setContentsMargins(0, 0, 0, 0)
        line.addWidget(self._label)
        line.addWidget(self._bar)
        line.addWidget(cancel)
        job.progressed.connect(self._moved)

    def _moved(self, progress: Progress) -> None:
        self._bar.setRange(0, progress.total)
        self._bar.setValue(progress.done)
        counted = f" {progress.done}/{progress.total}" if progress.total else ""
        self._label.setText(
            f"{self._title}：{progress.doing}{counted}" if progress.doing else f"{self._title}{counted}"
        )
