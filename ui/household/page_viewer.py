"""Shows a photograph, or a scan page by page; a scan can be saved as the PDF that it is."""

from collections.abc import Sequence
from pathlib import Path

from PySide6.QtCore import Qt, Signal
from PySide6.QtGui import QPixmap, QResizeEvent
from PySide6.QtWidgets import QLabel, QPushButton, QSizePolicy, QVBoxLayout, QWidget

from ui.widgets.dialog import Dialog
from ui.widgets.file_choice import save_file_name
from ui.widgets.flow_grid import FlowGrid

_SHARE = 0.9  # of the window
_GAP = 6  # pixels


class PageViewer(Dialog):
    """PgDn and PgUp turn the pages, Esc closes.

    Signals:
        save_wanted: where the scan is to be written
        print_wanted: the scan is to be printed
    """

    save_wanted = Signal(Path)
    print_wanted = Signal()

    def __init__(self, title: str, pages: Sequence[bytes], parent: QWidget, *, is_scan: bool) -> None:
        """`pages`: JPEG of each."""
        super().__init__(parent)
        self.setObjectName("pageViewer")
        self.setWindowTitle(f"{title}，按 Esc 返回")
        self.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        self._title, self._pages, self._page, self._pixmap = title, pages, 0, QPixmap()
        self.page_label = QLabel()
        self.page_label.setObjectName("page")
        self.page_label.setAccessibleName(title)
        self.page_label.setAlignment(Qt.AlignmentFlag.AlignCenter)
        self.page_label.setSizePolicy(QSizePolicy.Policy.Ignored, QSizePolicy.Policy.Ignored)
        self.number_label = QLabel()
        self.number_label.setObjectName("page_number")
        self.previous_button = self._button("上一页", "previous_page", "PgUp", lambda: self.show_page(self._page - 1))
        self.next_button = self._button("下一页", "next_page", "PgDown", lambda: self.show_page(self._page + 1))
        self.save_button = self._button("另存为 PDF…", "save_scan", "Ctrl+S", self._ask_where)
        self.print_button = self._button("打印…", "print_scan", "Ctrl+P", self.print_wanted.emit)
        bar = QWidget()
        bar_layout = QVBoxLayout(bar)
        bar_layout.setContentsMargins(0, 0, 0, 0)
        buttons = (self.previous_button, self.next_button, self.number_label, self.save_button, self.print_button)
        bar_layout.addWidget(FlowGrid(buttons, len(buttons), _GAP))
        layout = QVBoxLayout(self)
        layout.addWidget(self.page_label, 1)
        layout.addWidget(bar)
        bar.setVisible(is_scan)
        for button in (self.save_button, self.print_button):
            button.setEnabled(is_scan)
        self.resize(parent.window().size() * _SHARE)
        self.show_page(0)

    def show_page(self, page: int) -> None:
        """Turn to a page, counted from 0; there is none before the first and after the last."""
        self._page = max(0, min(page, len(self._pages) - 1))
        self._pixmap.loadFromData(self._pages[self._page])
        self.number_label.setText(f"第 {self._page + 1} 页，共 {len(self._pages)} 页")
        self.previous_button.setEnabled(self._page > 0)
        self.next_button.setEnabled(self._page < len(self._pages) - 1)
        self._draw()

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        self._draw()

    def _draw(self) -> None:
        ratio = self.devicePixelRatioF()
        shown = self._pixmap.scaled(
            self.page_label.size() * ratio,
            Qt.AspectRatioMode.KeepAspectRatio,
            Qt.TransformationMode.SmoothTransformation,
        )
        shown.setDevicePixelRatio(ratio)
        self.page_label.setPixmap(shown)

    def _ask_where(self) -> None:
        name = save_file_name(self, "另存为 PDF", f"{self._title}.pdf", "PDF (*.pdf)")
        if name:
            self.save_wanted.emit(Path(name))

    def _button(self, label: str, name: str, key: str, pressed: object) -> QPushButton:
        button = QPushButton(label)
        button.setObjectName(name)
        button.setAccessibleName(label)
        button.setShortcut(key)
        button.setToolTip(f"{label}（{key}）")
        button.setAutoDefault(False)
        button.clicked.connect(pressed)
        return button
