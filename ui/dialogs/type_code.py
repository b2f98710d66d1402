"""输入回执码: a number that a colleague reads out over the telephone."""

from collections.abc import Callable, Sequence

from PySide6.QtWidgets import (
    QComboBox,
    QDialog,
    QFormLayout,
    QHBoxLayout,
    QLabel,
    QLineEdit,
    QPushButton,
    QVBoxLayout,
    QWidget,
)

from app.exchange.peers import PeerEntry


class TypeCode(QDialog):
    """Stays open until the number is right; `take` is asked to look it up."""

    def __init__(
        self, entries: Sequence[PeerEntry], current: str, take: Callable[[str, str], object], parent: QWidget
    ) -> None:
        """`take`: sign key and what was typed; it calls `accept` or `refuse`."""
        super().__init__(parent)
        self.setObjectName("typeCode")
        self.setWindowTitle("输入回执码")
        self.setMinimumWidth(460)
        self._take = take
        self.peer, self.code, self.fault = QComboBox(), QLineEdit(), QLabel()
        self.peer.setObjectName("codePeer")
        self.peer.setAccessibleName("谁报的")
        for entry in entries:
            self.peer.addItem(entry.name, entry.sign_key)
        self.peer.setCurrentIndex(max(0, self.peer.findData(current)))
        self.code.setObjectName("code")
        self.code.setAccessibleName("回执码")
        self.code.setPlaceholderText("12 位数字，空格可以不打")
        self.code.setMaxLength(40)
        self.fault.setObjectName("codeFault")
        self.fault.setProperty("fault", True)
        self.fault.setWordWrap(True)
        self.fault.setMinimumHeight(2 * self.fault.fontMetrics().lineSpacing())
        told = QLabel("对方导入您的包以后，屏幕上有一个回执码。请他在电话里报给您，四位一报。")
        told.setWordWrap(True)
        told.setProperty("quiet", True)
        lines = QFormLayout()
        lines.addRow("谁报的", self.peer)
        lines.addRow("回执码", self.code)
        whole = QVBoxLayout(self)
        whole.setContentsMargins(24, 20, 24, 20)
        whole.setSpacing(12)
        whole.addWidget(told)
        whole.addLayout(lines)
        whole.addWidget(self.fault)
        whole.addLayout(self._buttons())
        self.code.setFocus()

    def _buttons(self) -> QHBoxLayout:
        self.ok = QPushButton("登记")
        self.ok.setObjectName("takeCode")
        self.ok.setDefault(True)
        self.ok.clicked.connect(self._ask)
        leave = QPushButton("取消")
        leave.setObjectName("leaveCode")
        leave.setAutoDefault(False)
        leave.clicked.connect(self.reject)
        line = QHBoxLayout()
        line.addStretch()
        line.addWidget(leave)
        line.addWidget(self.ok)
        return line

    def _ask(self) -> None:
        if not self.code.text().strip():
            self.code.setFocus()
            return
        self.ok.setEnabled(False)
        self._take(str(self.peer.currentData()), self.code.text())

    def refuse(self, error: object) -> None:
        """Say why, with the number still there to be put right."""
        self.fault.setText(str(error))
        self.ok.setEnabled(True)
        self.code.setFocus()
        self.code.selectAll()
