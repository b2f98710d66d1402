"""A colleague's card, before it is trusted: whose it is, and the fingerprint that both read to each other."""

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QCheckBox, QFormLayout, QLabel, QVBoxLayout, QWidget

from app.sync.peers import ROLES, Card
from ui.widgets.button_row import ButtonRow
from ui.widgets.dialog import Dialog


class TrustDialog(Dialog):
    """Accepted when the officer has confirmed that the fingerprint on the colleague's screen is the same.

    Args:
        objections: names of colleagues who have revoked this card
    """

    def __init__(self, card: Card, objections: tuple[str, ...], parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setObjectName("trustCard")
        self.setWindowTitle("添加同事的名片")
        self.card = card
        instructions = _plain_label(
            "请对方打开“数据交换”页，把“本机名片”上的指纹念出来，逐组核对。有一位不同就不要添加。"
        )
        instructions.setWordWrap(True)
        instructions.setProperty("quiet", True)
        names = "、".join(f"“{name}”" for name in objections)
        self.objections = _plain_label(f"{names}停用过这张名片。请先问清楚：电脑找回来了、人还在任，再添加。")
        self.objections.setObjectName("objections")
        self.objections.setWordWrap(True)
        self.objections.setProperty("fault", True)
        self.match_box = QCheckBox("已核对，与对方屏幕上的指纹完全一致")
        self.match_box.setObjectName("same")
        buttons = ButtonRow(self, "添加", "add", "不添加", "leave")
        self.add_button = buttons.accept_button
        self.add_button.setEnabled(False)
        self.match_box.toggled.connect(self.add_button.setEnabled)
        layout = QVBoxLayout(self)
        layout.setContentsMargins(24, 20, 24, 20)
        layout.setSpacing(12)
        layout.addLayout(self._build_card_details(card))
        layout.addWidget(self._build_fingerprint(card), 0, Qt.AlignmentFlag.AlignHCenter)
        layout.addWidget(instructions)
        if objections:
            layout.addWidget(self.objections)
        layout.addWidget(self.match_box)
        layout.addWidget(buttons)
        self.match_box.setFocus()

    def _build_card_details(self, card: Card) -> QFormLayout:
        form = QFormLayout()
        for label, value in (
            ("名称", card.name),
            ("级别", ROLES[card.role]),
            ("所辖村", "、".join(f"{name}（{code}）" for code, name in card.villages[:6]) or "未填"),
        ):
            form.addRow(label, _plain_label(value))
        return form

    def _build_fingerprint(self, card: Card) -> QLabel:
        label = _plain_label(card.fingerprint)
        label.setObjectName("fingerprint")
        label.setAccessibleName("名片指纹")
        label.setProperty("figure", True)
        return label


def _plain_label(value: str) -> QLabel:
    label = QLabel(value)
    label.setTextFormat(Qt.TextFormat.PlainText)  # a card's name comes from outside
    label.setTextInteractionFlags(Qt.TextInteractionFlag.TextSelectableByMouse)
    return label
