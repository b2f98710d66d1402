"""输入名片文字: a card as text, pasted from a message or typed by a scanner that reads QR codes."""

from PySide6.QtGui import QGuiApplication
from PySide6.QtWidgets import QDialog, QLabel, QPlainTextEdit, QVBoxLayout, QWidget

from ui.dialogs.two_buttons import two_buttons

_MARK = "HDCARD1:"


class CardText(QDialog):
    """What is in the clipboard stands there already if it is a card."""

    def __init__(self, parent: QWidget) -> None:
        super().__init__(parent)
        self.setObjectName("cardText")
        self.setWindowTitle("输入名片文字")
        self.resize(520, 300)
        told = QLabel("把对方发来的名片文字贴在这里（Ctrl+V），或用扫码枪扫他屏幕上的二维码。")
        told.setWordWrap(True)
        told.setProperty("quiet", True)
        self.text = QPlainTextEdit()
        self.text.setObjectName("cardTextField")
        self.text.setAccessibleName("名片文字")
        self.text.setTabChangesFocus(True)
        copied = QGuiApplication.clipboard().text()
        if copied.strip().upper().startswith(_MARK):
            self.text.setPlainText(copied.strip())
        buttons = two_buttons(self, ("添加", "takeCardText"), ("取消", "leaveCardText"))
        whole = QVBoxLayout(self)
        whole.setContentsMargins(24, 20, 24, 20)
        whole.setSpacing(12)
        whole.addWidget(told)
        whole.addWidget(self.text, 1)
        whole.addLayout(buttons)
        self.text.setFocus()

    def accept(self) -> None:
        if self.text.toPlainText().strip():
            super().accept()
        else:
            self.text.setFocus()
