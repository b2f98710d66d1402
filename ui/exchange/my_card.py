"""本机名片: how colleagues see this workbook, and the fingerprint they compare."""

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QComboBox, QFrame, QGridLayout, QLabel, QLineEdit, QPushButton, QVBoxLayout

from app.exchange.peers import ROLES, Card


class MyCard(QFrame):
    """Name and level are saved when the officer leaves them.

    Signals:
        named: name, role: to be saved
        save_wanted: the card file is to be written
    """

    named = Signal(str, str)
    save_wanted = Signal()

    def __init__(self) -> None:
        super().__init__()
        self.setProperty("card", True)
        self._card: Card | None = None
        self.name, self.role, self.fingerprint = QLineEdit(), QComboBox(), QLabel()
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
        self.fingerprint.setProperty("title", True)
        self._lay_out()
        self.name.editingFinished.connect(self._changed)
        self.role.activated.connect(self._changed)

    def _lay_out(self) -> None:
        heading = QLabel("本机名片")
        heading.setProperty("heading", True)
        hint = QLabel("把名片文件拷给同事，再当面念指纹给对方核对。名片里没有任何户的资料，也打不开任何包。")
        hint.setWordWrap(True)
        hint.setProperty("quiet", True)
        save = QPushButton("保存名片文件…")
        save.setObjectName("saveCardButton")
        save.clicked.connect(self.save_wanted)
        lines = QGridLayout()
        for n, (label, control) in enumerate((("名称", self.name), ("级别", self.role))):
            told = QLabel(label)
            told.setBuddy(control)
            lines.addWidget(told, n, 0)
            lines.addWidget(control, n, 1)
        lines.addWidget(QLabel("指纹"), 2, 0)
        lines.addWidget(self.fingerprint, 3, 0, 1, 2)
        side = QVBoxLayout(self)
        side.setContentsMargins(16, 10, 16, 14)
        side.setSpacing(8)
        side.addWidget(heading)
        side.addLayout(lines)
        side.addWidget(hint)
        side.addWidget(save)
        side.addStretch()

    def show_card(self, card: Card) -> None:
        """What the card says now."""
        self._card = card
        if not self.name.hasFocus():
            self.name.setText(card.name)
        self.role.setCurrentIndex(self.role.findData(card.role))
        groups = card.fingerprint.split(" ")
        self.fingerprint.setText(" ".join(groups[:3]) + "\n" + " ".join(groups[3:]))

    def _changed(self) -> None:
        name, role = self.name.text().strip(), str(self.role.currentData())
        if self._card is None or (name, role) == (self._card.name, self._card.role):
            return
        if not name:
            self.name.setText(self._card.name)
            return
        self.named.emit(name, role)
