"""输入名片文字: a card as text, pasted from a message or typed by a scanner that reads QR codes."""

from PySide6.QtGui import QGuiApplication
from PySide6.QtWidgets import QLabel, QPlainTextEdit, QVBoxLayout, QWidget

from ui.widgets.button_row import ButtonRow
from ui.widgets.dialog import Dialog

_PREFIX = "HDCARD1:"


class CardTextDialog(Dialog):
    """What is in the clipboard stands there already if it is a card."""

    def __init__(self, parent: QWidget) -> None:
        super().__init__(parent)
        self.setObjectName("cardText")
        self.setWindowTitle("输入名片文字")
        self.resize(520, 300)
        hint = QLabel("把对方发来的名片文字贴在这里（Ctrl+V），或用扫码枪扫他屏幕上的二维码。")
        hint.setWordWrap(True)
        hint.setProperty("quiet", True)
        self.text = QPlainTextEdit()
        self.text.setObjectName("cardTextField")
        self.text.setAccessibleName("名片文字")
        self.text.setTabChangesFocus(True)
        clipboard_text = QGuiApplication.clipboard().text()
        if clipboard_text.strip().upper().startswith(_PREFIX):
            self.text.setPlainText(clipboard_text.strip())
        buttons = ButtonRow(self, "添加", "takeCardText", cancel_name="leaveCardText")
        layout = QVBoxLayout(self)
        layout.setContentsMargins(24, 20, 24, 20)
        layout.setSpacing(12)
        layout.addWidget(hint)
        layout.addWidget(self.text, 1)
        layout.addWidget(buttons)
        self.text.setFocus()

    def accept(self) -> None:
        if self.text.toPlainText().strip():
            super().accept()
        else:
            self.text.setFocus()
