"""The line at the top of the exchange page while a stick is plugged in: what lies on it, and both ways at once."""

from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import QFrame, QHBoxLayout, QLabel, QPushButton

from ui.exchange.sticks import Stick
from ui.icons import icon

_ICON = 22


class StickBar(QFrame):
    """Hidden while nothing is plugged in.

    Signals:
        look_wanted: the files on the stick are to be shown
        export_wanted: a package is to be written onto it
    """

    look_wanted = Signal()
    export_wanted = Signal()

    def __init__(self) -> None:
        super().__init__()
        self.setObjectName("stickBar")
        self.setProperty("card", True)
        self.sentence = QLabel()
        self.sentence.setObjectName("stickSentence")
        self.sentence.setTextFormat(Qt.TextFormat.PlainText)
        self.sentence.setWordWrap(True)
        self.look, self.out = QPushButton("查看文件（Ctrl+U）"), QPushButton("导出到这里…（Ctrl+Shift+E）")
        for button, name, wanted in (
            (self.look, "lookAtStick", self.look_wanted),
            (self.out, "exportToStick", self.export_wanted),
        ):
            button.setObjectName(name)
            button.clicked.connect(wanted)
        drawn = QLabel()
        drawn.setPixmap(icon("stick").pixmap(_ICON, _ICON))
        line = QHBoxLayout(self)
        line.setContentsMargins(14, 8, 10, 8)
        line.setSpacing(10)
        line.addWidget(drawn)
        line.addWidget(self.sentence, 1)
        line.addWidget(self.look)
        line.addWidget(self.out)
        self.show_sticks(())

    def show_sticks(self, sticks: tuple[Stick, ...]) -> None:
        """Those that are plugged in, the last one first."""
        self.setVisible(bool(sticks))
        if not sticks:
            return
        self.sentence.setText("\n".join(stick.sentence for stick in sticks[:3]))
        worth = any(stick.worth_opening for stick in sticks)
        self.look.setText("查看并导入…（Ctrl+U）" if worth else "查看文件（Ctrl+U）")
        self.look.setProperty("primary", worth)
        self.look.style().polish(self.look)
