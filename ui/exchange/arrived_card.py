"""After an import: what came in, and how its sender learns of it — a receipt to take along, or a number to read out."""

from dataclasses import dataclass

from PySide6.QtCore import Qt, Signal
from PySide6.QtGui import QAction
from PySide6.QtWidgets import QFrame, QHBoxLayout, QLabel, QPushButton, QScrollArea, QVBoxLayout, QWidget

from app.exchange.incoming import Receipt


@dataclass(frozen=True, slots=True)
class Arrived:
    """A package that is in, with the code of its receipt; "" where it has none."""

    receipt: Receipt
    code: str


class ArrivedCard(QFrame):
    """One part a package.

    Signals:
        save_wanted: n and sender, the receipt of this import is to be written
        conflicts_wanted: the page of conflicts is to be opened
        left: the officer has seen it
    """

    save_wanted = Signal(int, str)
    conflicts_wanted = Signal()
    left = Signal()

    def __init__(self) -> None:
        super().__init__()
        self.setObjectName("arrived")
        self.setProperty("card", True)
        inside = QWidget()
        self._parts = QVBoxLayout(inside)
        self._parts.setSpacing(14)
        scroll = QScrollArea()
        scroll.setFrameShape(QFrame.Shape.NoFrame)
        scroll.setFocusPolicy(Qt.FocusPolicy.NoFocus)
        scroll.setWidgetResizable(True)
        scroll.setWidget(inside)
        self.conflicts, self.done = QPushButton("处理冲突"), QPushButton("好了（Esc）")
        self.conflicts.setObjectName("toConflicts")
        self.conflicts.clicked.connect(self.conflicts_wanted)
        self.done.setObjectName("leaveArrived")
        self.done.setProperty("primary", True)
        self.done.clicked.connect(self.left)
        leave = QAction("好了", self)
        leave.setShortcut("Esc")
        leave.setShortcutContext(Qt.ShortcutContext.WidgetWithChildrenShortcut)
        leave.triggered.connect(self.left)
        self.addAction(leave)
        buttons = QHBoxLayout()
        buttons.addStretch()
        buttons.addWidget(self.conflicts)
        buttons.addWidget(self.done)
        side = QVBoxLayout(self)
        side.setContentsMargins(16, 8, 16, 14)
        side.addWidget(scroll, 1)
        side.addLayout(buttons)

    def show_arrived(self, arrived: tuple[Arrived, ...]) -> None:
        """What has just come in."""
        while (item := self._parts.takeAt(0)) is not None:
            widget = item.widget()
            if widget is not None:
                widget.hide()
                widget.deleteLater()
        for one in arrived:
            self._parts.addWidget(self._part(one))
        self._parts.addStretch()
        self.conflicts.setVisible(any(one.receipt.conflicts for one in arrived))
        self.done.setFocus()

    def _part(self, one: Arrived) -> QFrame:
        part = QFrame()
        inside = QVBoxLayout(part)
        inside.setContentsMargins(0, 6, 0, 6)
        inside.setSpacing(8)
        inside.addWidget(_line(one.receipt.sentence, "heading"))
        if not one.code:
            return part
        code = _line(one.code, "code")
        code.setObjectName("receiptCode")
        code.setAccessibleName("回执码")
        code.setTextInteractionFlags(Qt.TextInteractionFlag.TextSelectableByMouse)
        code.setWordWrap(False)
        save = QPushButton("保存回执…")
        save.setObjectName("saveReceiptHere")
        save.clicked.connect(lambda: self.save_wanted.emit(one.receipt.n, one.receipt.sender))
        line = QHBoxLayout()
        line.setSpacing(12)
        line.addWidget(code)
        line.addWidget(save)
        line.addStretch()
        told = (
            f"请告诉“{one.receipt.sender}”收到了：打电话报这个号，或把回执拷给他。他登记以后，下次就不再重发这些。\n"
            "导错了，到“往来记录”里可以整包撤销。"
        )
        inside.addWidget(_line(told, "quiet"))
        inside.addLayout(line)
        return part


def _line(text: str, look: str) -> QLabel:
    label = QLabel(text)
    label.setTextFormat(Qt.TextFormat.PlainText)  # names come from outside
    label.setWordWrap(True)
    label.setProperty(look, True)
    return label
