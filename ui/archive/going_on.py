"""A batch that did not come to its end: how far it is, to be gone on with or forgotten."""

from typing import TYPE_CHECKING

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QFrame, QHBoxLayout, QLabel, QLineEdit, QPushButton

if TYPE_CHECKING:
    from app.archive.batch import Unfinished


class GoingOn(QFrame):
    """Hidden where every batch is finished.

    Signals:
        wanted: number of the batch, the password of its files ("" for none)
        dismissed: number of the batch
    """

    wanted = Signal(int, str)
    dismissed = Signal(int)

    def __init__(self) -> None:
        super().__init__()
        self.setProperty("card", True)
        self.said = QLabel()
        self.said.setObjectName("unfinished")
        self.said.setWordWrap(True)
        self.password = QLineEdit()
        self.password.setObjectName("batchPassword")
        self.password.setAccessibleName("这批文件的密码")
        self.password.setPlaceholderText("这批文件的密码")
        self.password.setEchoMode(QLineEdit.EchoMode.Password)
        self.password.setMaximumWidth(180)
        self.go_on = QPushButton("接着打印（Ctrl+J）")
        self.go_on.setObjectName("goOn")
        self.go_on.setShortcut("Ctrl+J")
        self.forget = QPushButton("不再打印")
        self.forget.setObjectName("forget")
        line = QHBoxLayout(self)
        line.addWidget(self.said, 1)
        for widget in (self.password, self.go_on, self.forget):
            line.addWidget(widget)
        self._n = 0
        self.go_on.clicked.connect(lambda: self.wanted.emit(self._n, self.password.text()))
        self.forget.clicked.connect(lambda: self.dismissed.emit(self._n))
        self.hide()

    def show_batches(self, found: "tuple[Unfinished, ...]") -> None:
        """Show the latest of them, if any."""
        self.setVisible(bool(found))
        if not found:
            return
        one = found[0]
        self._n = one.n
        self.password.setVisible(one.locked)
        self.password.clear()
        self.said.setText(
            f"有一批档案没有印完：{one.at[:16]} 由{one.operator}开始，已印 {one.done} 户，共 {one.wanted} 户，"
            f"存在“{one.folder}”。"
        )
