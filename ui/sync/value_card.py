"""One of the values of a conflict: who wrote it, when, where, and what stood there before."""

from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import QFrame, QLabel, QPushButton, QVBoxLayout

from app.sync.conflicts import Side
from ui.sync.text_diff import highlight_additions

_MAX_TITLE_LENGTH = 24  # letters that are shown large


class ValueCard(QFrame):
    """The n-th value beside the others.

    Signals:
        chosen: it is the one to keep
    """

    chosen = Signal()

    def __init__(self, n: int, side: Side, other: Side, key: str) -> None:
        """
        Args:
            other: from which it is marked where it differs
            key: that takes it, "" for none
        """
        super().__init__()
        self.setProperty("card", True)
        value = QLabel(highlight_additions(side.text, other.text) if side.text else "<i>（空）</i>")
        value.setObjectName(f"value{n + 1}")
        value.setAccessibleName(f"第 {n + 1} 个值：{side.text or '空'}")
        value.setTextFormat(Qt.TextFormat.RichText)
        value.setProperty("title", len(side.text) <= _MAX_TITLE_LENGTH)
        value.setTextInteractionFlags(Qt.TextInteractionFlag.TextSelectableByMouse)
        source = _plain_label(
            f"{side.who}　{side.when}\n写在：{side.where}\n改之前：{side.before or '（空）'}", "quiet"
        )
        self.choose_button = choose_button = QPushButton(f"采用这个（{key}）" if key else "采用这个")
        choose_button.setObjectName(f"take{n + 1}")
        choose_button.clicked.connect(self.chosen)
        layout = QVBoxLayout(self)
        layout.setContentsMargins(16, 10, 16, 14)
        for widget in (_plain_label(f"{n + 1}　{side.where}", "heading"), value, source, choose_button):
            layout.addWidget(widget)
            if isinstance(widget, QLabel):
                widget.setWordWrap(True)
        layout.setStretchFactor(source, 1)
        source.setAlignment(Qt.AlignmentFlag.AlignTop)


def _plain_label(text: str, style: str) -> QLabel:
    label = QLabel(text)
    label.setTextFormat(Qt.TextFormat.PlainText)  # names come from outside
    label.setProperty(style, True)
    return label
