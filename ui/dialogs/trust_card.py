"""A colleague's card, before it is trusted: whose it is, and the fingerprint that both read to each other."""

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QCheckBox, QDialog, QFormLayout, QHBoxLayout, QLabel, QPushButton, QVBoxLayout, QWidget

from app.exchange.peers import ROLES, Card


class TrustCard(QDialog):
    """Accepted when the officer has said that the fingerprint on the colleague's screen is the same."""

    def __init__(self, card: Card, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setObjectName("trustCard")
        self.setWindowTitle("添加同事的名片")
        self.card = card
        how = _text("请对方打开“数据交换”页，把“本机名片”上的指纹念出来，逐组核对。有一位不同就不要添加。")
        how.setWordWrap(True)
        how.setProperty("quiet", True)
        self.same = QCheckBox("已核对，与对方屏幕上的指纹完全一致")
        self.same.setObjectName("same")
        whole = QVBoxLayout(self)
        whole.setContentsMargins(24, 20, 24, 20)
        whole.setSpacing(12)
        whole.addLayout(self._about(card))
        whole.addWidget(self._digits(card), 0, Qt.AlignmentFlag.AlignHCenter)
        whole.addWidget(how)
        whole.addWidget(self.same)
        whole.addLayout(self._buttons())
        self.same.setFocus()

    def _about(self, card: Card) -> QFormLayout:
        told = QFormLayout()
        for label, value in (
            ("名称", card.name),
            ("级别", ROLES[card.role]),
            ("所辖村", "、".join(f"{name}（{code}）" for code, name in card.villages[:6]) or "未填"),
        ):
            told.addRow(label, _text(value))
        return told

    def _digits(self, card: Card) -> QLabel:
        digits = _text(card.fingerprint)
        digits.setObjectName("fingerprint")
        digits.setAccessibleName("名片指纹")
        digits.setProperty("figure", True)
        return digits

    def _buttons(self) -> QHBoxLayout:
        self.add = QPushButton("添加")
        self.add.setObjectName("add")
        self.add.setProperty("primary", True)
        self.add.setEnabled(False)
        self.add.setDefault(True)
        self.add.clicked.connect(self.accept)
        leave = QPushButton("不添加")
        leave.setObjectName("leave")
        leave.setAutoDefault(False)
        leave.clicked.connect(self.reject)
        self.same.toggled.connect(self.add.setEnabled)
        buttons = QHBoxLayout()
        buttons.addStretch()
        buttons.addWidget(leave)
        buttons.addWidget(self.add)
        return buttons


def _text(value: str) -> QLabel:
    label = QLabel(value)
    label.setTextFormat(Qt.TextFormat.PlainText)  # a card's name comes from outside
    label.setTextInteractionFlags(Qt.TextInteractionFlag.TextSelectableByMouse)
    return label
