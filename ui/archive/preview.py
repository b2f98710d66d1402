"""A printed volume as it will lie on the table, shown from memory: nothing unencrypted touches the disk."""

from collections.abc import Sequence
from functools import partial

from PySide6.QtCore import QBuffer, QByteArray, QIODevice, QPointF, Qt
from PySide6.QtGui import QAction, QFontMetrics
from PySide6.QtPdf import QPdfDocument
from PySide6.QtPdfWidgets import QPdfView
from PySide6.QtWidgets import QHBoxLayout, QLabel, QStackedLayout, QToolButton, QVBoxLayout, QWidget

from app.errors import OfficeError
from app.progress import Work
from ui.jobs import Jobs

_STEP, _LEAST, _MOST = 1.2, 0.2, 4.0


class Preview(QWidget):
    """Shows one PDF, page below page."""

    def __init__(self) -> None:
        super().__init__()
        self._document = QPdfDocument(self)
        self._kept: QBuffer | None = None
        self._asked = 0  # counts what was asked for, so that only the last one is shown
        self.view = QPdfView(self)
        self.view.setObjectName("preview")
        self.view.setAccessibleName("预览")
        self.view.setPageMode(QPdfView.PageMode.MultiPage)
        self.view.setZoomMode(QPdfView.ZoomMode.FitToWidth)
        self.view.setDocument(self._document)
        self._hint = QLabel()
        self._hint.setObjectName("previewHint")
        self._hint.setProperty("quiet", True)
        self._hint.setWordWrap(True)
        self._hint.setContentsMargins(24, 24, 24, 24)
        self._page = QLabel()
        self._page.setObjectName("previewPage")
        self._page.setProperty("quiet", True)
        self._page.setMinimumHeight(QFontMetrics(self._page.font()).height() + 6)
        body = QWidget()
        self._stack = QStackedLayout(body)
        self._stack.addWidget(self._hint)
        self._stack.addWidget(self.view)
        self._bar = QHBoxLayout()
        self._bar.setSpacing(2)
        self._bar.addWidget(self._page, 1)
        whole = QVBoxLayout(self)
        whole.setContentsMargins(0, 0, 0, 0)
        whole.setSpacing(4)
        whole.addLayout(self._bar)
        whole.addWidget(body, 1)
        self.view.pageNavigator().currentPageChanged.connect(self._turned)

    def offer(self, actions: Sequence[QAction]) -> None:
        """A button over the pages for each of these actions, which have their keys."""
        for action in actions:
            button = QToolButton()
            button.setDefaultAction(action)
            button.setObjectName(f"{action.objectName()}Preview")
            button.setAccessibleName(action.text())
            button.setToolTip(action.toolTip())
            button.setFocusPolicy(Qt.FocusPolicy.NoFocus)  # every action has its key
            button.setAutoRaise(True)
            self._bar.addWidget(button)

    @property
    def pages(self) -> int:
        """How many pages are shown, 0 for none."""
        return self._document.pageCount()

    @property
    def hint(self) -> str:
        """The sentence that is shown instead of pages, "" where pages are shown."""
        return self._hint.text() if self._stack.currentWidget() is self._hint else ""

    def ask(self, jobs: Jobs, work: Work[bytes]) -> None:
        """Show what this work makes, unless something else is asked for meanwhile."""
        self._asked += 1
        jobs.start(work, partial(self._made, self._asked), failed=partial(self._not_made, self._asked), lane="read")

    def _made(self, asked: int, content: bytes) -> None:
        if asked == self._asked:
            self.show_pdf(content)

    def _not_made(self, asked: int, error: OfficeError) -> None:
        if asked == self._asked:
            self.tell(str(error))

    def show_pdf(self, content: bytes) -> None:
        """Show a PDF; where it has as many pages as the one before, the same place of it."""
        before, at = self.pages, self.view.verticalScrollBar().value()
        buffer = QBuffer(self)
        buffer.setData(QByteArray(content))
        buffer.open(QIODevice.OpenModeFlag.ReadOnly)
        self._document.load(buffer)
        if self._kept is not None:
            self._kept.deleteLater()
        self._kept = buffer
        self._stack.setCurrentWidget(self.view)
        if self.pages == before:
            self.view.verticalScrollBar().setValue(at)
        self._tell()

    def tell(self, hint: str) -> None:
        """Show a sentence instead of pages."""
        self._asked += 1
        self._document.close()
        self._hint.setText(hint)
        self._stack.setCurrentWidget(self._hint)
        self._page.clear()

    def wait(self, hint: str) -> None:
        """Show a sentence until there are pages; pages that are shown stay until others take their place."""
        if self.hint:
            self.tell(hint)

    def zoom(self, larger: bool) -> None:
        """One step larger or smaller."""
        factor = self.view.zoomFactor() if self.view.zoomMode() == QPdfView.ZoomMode.Custom else 1.0
        self.view.setZoomMode(QPdfView.ZoomMode.Custom)
        self.view.setZoomFactor(min(_MOST, max(_LEAST, factor * (_STEP if larger else 1 / _STEP))))

    def turn(self, pages: int) -> None:
        """So many pages on, or back."""
        navigator = self.view.pageNavigator()
        page = min(max(navigator.currentPage() + pages, 0), self.pages - 1)
        if page >= 0:
            navigator.jump(page, QPointF(), navigator.currentZoom())

    def fit_width(self) -> None:
        """As wide as the window allows."""
        self.view.setZoomMode(QPdfView.ZoomMode.FitToWidth)

    def _turned(self, _: int) -> None:
        # a slot of this widget, not a lambda: the connection ends with it, before its document goes
        self._tell()

    def _tell(self) -> None:
        self._page.setText(f"预览　第 {self.view.pageNavigator().currentPage() + 1} 页，共 {self.pages} 页")
