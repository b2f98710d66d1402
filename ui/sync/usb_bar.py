"""The line at the top of the exchange page while a USB drive is plugged in: what lies on it, and both ways at once."""

from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import QFrame, QHBoxLayout, QLabel, QPushButton

from ui.sync.usb_watcher import UsbDrive
from ui.widgets.icons import icon

_ICON_SIZE = 22


class UsbBar(QFrame):
    """Hidden while nothing is plugged in.

    Signals:
        view_requested: the files on the USB drive are to be shown
        export_requested: a package is to be written onto it
    """

    view_requested = Signal()
    export_requested = Signal()

    def __init__(self) -> None:
        super().__init__()
        self.setObjectName("stickBar")
        self.setProperty("card", True)
        self.message = QLabel()
        self.message.setObjectName("stickSentence")
        self.message.setTextFormat(Qt.TextFormat.PlainText)
        self.message.setWordWrap(True)
        self.view_button, self.export_button = (
            QPushButton("查看文件（Ctrl+U）"),
            QPushButton("导出到这里…（Ctrl+Shift+E）"),
        )
        for button, name, requested in (
            (self.view_button, "lookAtStick", self.view_requested),
            (self.export_button, "exportToStick", self.export_requested),
        ):
            button.setObjectName(name)
            button.clicked.connect(requested)
        icon_label = QLabel()
        icon_label.setPixmap(icon("stick").pixmap(_ICON_SIZE, _ICON_SIZE))
        row = QHBoxLayout(self)
        row.setContentsMargins(14, 8, 10, 8)
        row.setSpacing(10)
        row.addWidget(icon_label)
        row.addWidget(self.message, 1)
        row.addWidget(self.view_button)
        row.addWidget(self.export_button)
        self.show_drives(())

    def show_drives(self, drives: tuple[UsbDrive, ...]) -> None:
        """Those that are plugged in, the last one first."""
        self.setVisible(bool(drives))
        if not drives:
            return
        self.message.setText("\n".join(drive.message for drive in drives[:3]))
        has_new_files = any(drive.new_files for drive in drives)
        self.view_button.setText("查看并导入…（Ctrl+U）" if has_new_files else "查看文件（Ctrl+U）")
        self.view_button.setProperty("primary", has_new_files)
        self.view_button.style().polish(self.view_button)
