"""What a paste, a fill or a change of many rows would do, before it is written."""

from collections.abc import Sequence

from PySide6.QtWidgets import QLabel, QListWidget, QVBoxLayout, QWidget

from ui.widgets.button_row import ButtonRow
from ui.widgets.dialog import Dialog


class EditPreviewDialog(Dialog):
    """Counts above, below what is refused, doubtful, and what changes, line by line; Enter writes."""

    def __init__(self, title: str, summary: str, lines: Sequence[str], is_empty: bool, parent: QWidget) -> None:
        """`is_empty`: there is nothing to write, so that Enter leaves."""
        super().__init__(parent)
        self.setObjectName("editPreview")
        self.setWindowTitle(title)
        self.resize(760, 440)
        label = QLabel(summary)
        label.setObjectName("edit_summary")
        label.setWordWrap(True)
        self.lines = QListWidget()
        self.lines.setObjectName("edit_lines")
        self.lines.setAccessibleName("逐条说明")
        self.lines.setWordWrap(True)
        self.lines.setLayoutMode(QListWidget.LayoutMode.Batched)
        self.lines.addItems(lines)
        self.buttons = ButtonRow(self, "写入", "write")
        self.buttons.accept_button.setEnabled(not is_empty)
        layout = QVBoxLayout(self)
        layout.addWidget(label)
        layout.addWidget(self.lines, 1)
        layout.addWidget(self.buttons)
        first = self.buttons.cancel_button if is_empty else self.buttons.accept_button
        first.setFocus()
