"""A printed volume as it will lie on the table, shown from memory: nothing unencrypted touches the disk."""

from collections.abc import Sequence
from functools import partial

from PySide6.QtCore import QBuffer, QByteArray, QIODevice, QPointF, Qt
from PySide6.QtGui import QAction, QFontMetrics
from PySide6.QtPdf import QPdfDocument
from PySide6.QtPdfWidgets import QPdfView
from PySide6.QtWidgets import QLabel, QStackedLayout, QToolButton, QVBoxLayout, QWidget

from app.errors import UserError
from ui.shell.tasks import PageTasks, RunningTask, Work
from ui.widgets.flow_grid import FlowGrid

_ZOOM_STEP, _MIN_ZOOM, _MAX_ZOOM = 1.2, 0.2, 4.0


class PdfPreview(QWidget):
    """Shows one PDF, page below page."""

    def __init__(self) -> None:
        super().__init__()
        self._document = QPdfDocument(self)
        self._buffer: QBuffer | None = None
        self._running: RunningTask | None = None  # makes what is shown next
        self._note = ""
        self._request_id = 0  # counts what was asked for, so that only the last one is shown
        self.view = QPdfView(self)
        self.view.setObjectName("preview")
        self.view.setAccessibleName("预览")
        self.view.setPageMode(QPdfView.PageMode.MultiPage)
        self.view.setZoomMode(QPdfView.ZoomMode.FitToWidth)
        self.view.setDocument(self._document)
        self._hint_label = QLabel()
        self._hint_label.setObjectName("previewHint")
        self._hint_label.setProperty("quiet", True)
        self._hint_label.setWordWrap(True)
        self._hint_label.setContentsMargins(24, 24, 24, 24)
        self._page_label = QLabel()
        self._page_label.setObjectName("previewPage")
        self._page_label.setProperty("quiet", True)
        self._page_label.setMinimumHeight(QFontMetrics(self._page_label.font()).height() + 6)
        stack_widget = QWidget()
        self._stack = QStackedLayout(stack_widget)
        self._stack.addWidget(self._hint_label)
        self._stack.addWidget(self.view)
        self._bar = QVBoxLayout()
        self._bar.setSpacing(2)
        self._bar.addWidget(self._page_label)
        layout = QVBoxLayout(self)
        layout.setContentsMargins(0, 0, 0, 0)
        layout.setSpacing(4)
        layout.addLayout(self._bar)
        layout.addWidget(stack_widget, 1)
        self.view.pageNavigator().currentPageChanged.connect(self._on_page_changed)

    def add_actions(self, actions: Sequence[QAction]) -> None:
        """A button over the pages for each of these actions, which have their keys."""
        buttons = []
        for action in actions:
            button = QToolButton()
            button.setDefaultAction(action)
            button.setObjectName(f"{action.objectName()}Preview")
            button.setAccessibleName(action.text())
            button.setToolTip(action.toolTip())
            button.setFocusPolicy(Qt.FocusPolicy.NoFocus)  # every action has its key
            button.setAutoRaise(True)
            buttons.append(button)
        for button in buttons:  # all alike, so that two rows stand straight
            button.setMinimumWidth(max(one.sizeHint().width() for one in buttons))
        self._bar.addWidget(FlowGrid(buttons, len(buttons), 2))  # on a narrow window in two rows

    @property
    def page_count(self) -> int:
        """How many pages are shown, 0 for none."""
        return self._document.pageCount()

    @property
    def hint(self) -> str:
        """The sentence that is shown instead of pages, "" where pages are shown."""
        return self._hint_label.text() if self._stack.currentWidget() is self._hint_label else ""

    def load(self, tasks: PageTasks, work: Work, note: str = "") -> None:
        """Show what this work makes, unless something else is asked for meanwhile. `note`: stands over its pages."""
        self._stop_running()
        self._note = note
        self._running = tasks.start(
            work,
            partial(self._on_rendered, self._request_id),
            failed=partial(self._on_failed, self._request_id),
            queue="read",
        )

    def _stop_running(self) -> None:
        """What is under way is no longer asked for: a bound volume takes seconds, and the reader is shared."""
        self._request_id += 1
        if self._running is not None:
            self._running.cancel()
            self._running = None

    def _on_rendered(self, request_id: int, pdf: bytes) -> None:
        if request_id == self._request_id:
            self.show_pdf(pdf)

    def _on_failed(self, request_id: int, error: UserError) -> None:
        if request_id == self._request_id:
            self.show_hint(str(error))

    def show_pdf(self, pdf: bytes) -> None:
        """Show a PDF; where it has as many pages as the one before, the same place of it."""
        previous_count, scroll_position = self.page_count, self.view.verticalScrollBar().value()
        buffer = QBuffer(self)
        buffer.setData(QByteArray(pdf))
        buffer.open(QIODevice.OpenModeFlag.ReadOnly)
        self._document.load(buffer)
        if self._buffer is not None:
            self._buffer.deleteLater()
        self._buffer = buffer
        self._stack.setCurrentWidget(self.view)
        if self.page_count == previous_count:
            self.view.verticalScrollBar().setValue(scroll_position)
        self._update_page_label()

    def show_hint(self, hint: str) -> None:
        """Show a sentence instead of pages."""
        self._stop_running()
        self._document.close()
        self._hint_label.setText(hint)
        self._stack.setCurrentWidget(self._hint_label)
        self._page_label.clear()

    def show_hint_while_empty(self, hint: str) -> None:
        """Show a sentence until there are pages; pages that are shown stay until others take their place."""
        if self.hint:
            self.show_hint(hint)

    def zoom(self, larger: bool) -> None:
        """One step larger or smaller."""
        factor = self.view.zoomFactor() if self.view.zoomMode() == QPdfView.ZoomMode.Custom else 1.0
        self.view.setZoomMode(QPdfView.ZoomMode.Custom)
        self.view.setZoomFactor(min(_MAX_ZOOM, max(_MIN_ZOOM, factor * (_ZOOM_STEP if larger else 1 / _ZOOM_STEP))))

    def turn_pages(self, pages: int) -> None:
        """So many pages on, or back."""
        navigator = self.view.pageNavigator()
        page = min(max(navigator.currentPage() + pages, 0), self.page_count - 1)
        if page >= 0:
            navigator.jump(page, QPointF(), navigator.currentZoom())

    def fit_width(self) -> None:
        """As wide as the window allows."""
        self.view.setZoomMode(QPdfView.ZoomMode.FitToWidth)

    def _on_page_changed(self, _: int) -> None:
        # a slot of this widget, not a lambda: the connection ends with it, before its document goes
        self._update_page_label()

    def _update_page_label(self) -> None:
        page = self.view.pageNavigator().currentPage() + 1
        self._page_label.setText(f"预览　第 {page} 页，共 {self.page_count} 页{self._note}")
