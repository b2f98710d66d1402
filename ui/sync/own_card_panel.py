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

from app.sync.peers import ROLES, Card
from ui.sync.qr_widget import QrWidget


class OwnCardPanel(QFrame):
    """Name and level are saved when the officer leaves them.

    Signals:
        edited: name, role: to be saved
        save_requested: the card file is to be written
        copied: its text is in the clipboard
    """

    edited = Signal(str, str)
    save_requested = Signal()
    copied = Signal()

    def __init__(self) -> None:
        super().__init__()
        self._card: Card | None = None
        self._text = ""
        self.name, self.role, self.fingerprint, self.qr_code = QLineEdit(), QComboBox(), QLabel(), QrWidget()
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
        self._build_layout()
        self.name.editingFinished.connect(self._on_edited)
        self.role.activated.connect(self._on_edited)

    def _build_layout(self) -> None:
        grid = QGridLayout()
        for n, (label, control) in enumerate((("名称", self.name), ("级别", self.role))):
            label_widget = QLabel(label)
            label_widget.setBuddy(control)
            grid.addWidget(label_widget, n, 0)
            grid.addWidget(control, n, 1)
        grid.addWidget(QLabel("指纹"), 2, 0, Qt.AlignmentFlag.AlignTop)
        grid.addWidget(self.fingerprint, 2, 1)
        save, copy = QPushButton("保存本机名片…"), QPushButton("复制名片文字")
        save.setObjectName("saveCardButton")
        save.clicked.connect(self.save_requested)
        copy.setObjectName("copyCard")
        copy.clicked.connect(self._copy)
        buttons = QHBoxLayout()
        buttons.addWidget(save)
        buttons.addWidget(copy)
        buttons.addStretch()
        form, layout = QVBoxLayout(), QHBoxLayout(self)
        form.setSpacing(10)
        form.addWidget(_heading_label("本机名片"))
        form.addLayout(grid)
        form.addWidget(_note_label("把名片给同事：拷名片文件，或让他用手机拍右边的二维码，再把照片导进他的电脑。"))
        form.addWidget(
            _note_label("然后当面或打电话，把上面的指纹念给他核对。名片里没有任何户的资料，也打不开任何包。")
        )
        form.addLayout(buttons)
        form.addStretch()
        layout.setContentsMargins(16, 10, 16, 14)
        layout.setSpacing(20)
        layout.addLayout(form, 1)
        layout.addWidget(self.qr_code, 1)

    def show_card(self, card: Card, text: str, qr_matrix: tuple[bytes, ...]) -> None:
        """What the card says now, as text and as QR code; the last empty where it has no room."""
        self._card, self._text = card, text
        if not self.name.hasFocus():
            self.name.setText(card.name)
        self.role.setCurrentIndex(self.role.findData(card.role))
        groups = card.fingerprint.split(" ")
        self.fingerprint.setText(" ".join(groups[:3]) + "\n" + " ".join(groups[3:]))
        self.qr_code.show_matrix(qr_matrix)

    def _copy(self) -> None:
        QGuiApplication.clipboard().setText(self._text)
        self.copied.emit()

    def _on_edited(self) -> None:
        name, role = self.name.text().strip(), str(self.role.currentData())
        if self._card is None or (name, role) == (self._card.name, self._card.role):
            return
        if not name:
            self.name.setText(self._card.name)
            return
        self.edited.emit(name, role)


def _heading_label(text: str) -> QLabel:
    label = QLabel(text)
    label.setProperty("heading", True)
    return label


def _note_label(text: str) -> QLabel:
    label = QLabel(text)
    label.setWordWrap(True)
    label.setProperty("quiet", True)
    return label
