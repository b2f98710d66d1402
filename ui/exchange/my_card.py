"""本机名片: how colleagues see this workbook, the fingerprint they compare, and the QR code they photograph."""

from PySide6.QtCore import Qt, Signal
from PySide6.QtGui import QGuiApplication
from PySide6.QtWidgets import (
    QComboBox,
    QFrame,
    QGridLayout,
    QHBoxLayout,
    QLabel,
    QLineEdit,
    QPushButton,
    QVBoxLayout,
)

from app.exchange.peers import ROLES, Card
from ui.exchange.card_sign import CardSign


class MyCard(QFrame):
    """Name and level are saved when the officer leaves them.

    Signals:
        named: name, role: to be saved
        save_wanted: the card file is to be written
        copied: its text is in the clipboard
    """

    named = Signal(str, str)
    save_wanted = Signal()
    copied = Signal()

    def __init__(self) -> None:
        super().__init__()
        self._card: Card | None = None
        self._text = ""
        self.name, self.role, self.fingerprint, self.sign = QLineEdit(), QComboBox(), QLabel(), CardSign()
        for control, name, label in (
            (self.name, "myName", "本机名称"),
            (self.role, "myRole", "本机级别"),
            (self.fingerprint, "myFingerprint", "本机指纹"),
        ):
            control.setObjectName(name)
            control.setAccessibleName(label)
        self.name.setMaxLength(40)
        for key, label in ROLES.items():
            self.role.addItem(label, key)
        self.fingerprint.setProperty("figure", True)
        self.fingerprint.setTextInteractionFlags(Qt.TextInteractionFlag.TextSelectableByMouse)
        self._lay_out()
        self.name.editingFinished.connect(self._changed)
        self.role.activated.connect(self._changed)

    def _lay_out(self) -> None:
        lines = QGridLayout()
        for n, (label, control) in enumerate((("名称", self.name), ("级别", self.role))):
            told = QLabel(label)
            told.setBuddy(control)
            lines.addWidget(told, n, 0)
            lines.addWidget(control, n, 1)
        lines.addWidget(QLabel("指纹"), 2, 0, Qt.AlignmentFlag.AlignTop)
        lines.addWidget(self.fingerprint, 2, 1)
        save, copy = QPushButton("保存本机名片…"), QPushButton("复制名片文字")
        save.setObjectName("saveCardButton")
        save.clicked.connect(self.save_wanted)
        copy.setObjectName("copyCard")
        copy.clicked.connect(self._copy)
        buttons = QHBoxLayout()
        buttons.addWidget(save)
        buttons.addWidget(copy)
        buttons.addStretch()
        left, whole = QVBoxLayout(), QHBoxLayout(self)
        left.setSpacing(10)
        left.addWidget(_heading("本机名片"))
        left.addLayout(lines)
        left.addWidget(_told("把名片给同事：拷名片文件，或让他用手机拍右边的二维码，再把照片导进他的电脑。"))
        left.addWidget(_told("然后当面或打电话，把上面的指纹念给他核对。名片里没有任何户的资料，也打不开任何包。"))
        left.addLayout(buttons)
        left.addStretch()
        whole.setContentsMargins(16, 10, 16, 14)
        whole.setSpacing(20)
        whole.addLayout(left, 1)
        whole.addWidget(self.sign, 1)

    def show_card(self, card: Card, text: str, sign: tuple[bytes, ...]) -> None:
        """What the card says now, as text and as QR code; the last empty where it has no room."""
        self._card, self._text = card, text
        if not self.name.hasFocus():
            self.name.setText(card.name)
        self.role.setCurrentIndex(self.role.findData(card.role))
        groups = card.fingerprint.split(" ")
        self.fingerprint.setText(" ".join(groups[:3]) + "\n" + " ".join(groups[3:]))
        self.sign.show_sign(sign)

    def _copy(self) -> None:
        QGuiApplication.clipboard().setText(self._text)
        self.copied.emit()

    def _changed(self) -> None:
        name, role = self.name.text().strip(), str(self.role.currentData())
        if self._card is None or (name, role) == (self._card.name, self._card.role):
            return
        if not name:
            self.name.setText(self._card.name)
            return
        self.named.emit(name, role)


def _heading(text: str) -> QLabel:
    label = QLabel(text)
    label.setProperty("heading", True)
    return label


def _told(text: str) -> QLabel:
    label = QLabel(text)
    label.setWordWrap(True)
    label.setProperty("quiet", True)
    return label
