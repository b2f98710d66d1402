"""A batch that did not come to its end: how far it is, to be gone on with or forgotten."""

from typing import TYPE_CHECKING

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QFrame, QHBoxLayout, QLabel, QLineEdit, QPushButton

if TYPE_CHECKING:
    from app.printing.batch import UnfinishedBatch


class UnfinishedBatchBanner(QFrame):
    """Hidden where every batch is finished.

    Signals:
        resume_requested: number of the batch, the password of its files ("" for none)
        dismissed: number of the batch
    """

    resume_requested = Signal(int, str)
    dismissed = Signal(int)

    def __init__(self) -> None:
        super().__init__()
        self.setProperty("card", True)
        self.message = QLabel()
        self.message.setObjectName("unfinished")
        self.message.setWordWrap(True)
        self.password = QLineEdit()
        self.password.setObjectName("batchPassword")
        self.password.setAccessibleName("这批文件的密码")
        self.password.setPlaceholderText("这批文件的密码")
        self.password.setEchoMode(QLineEdit.EchoMode.Password)
        self.password.setMaximumWidth(180)
        self.resume_button = QPushButton("继续打印（Ctrl+J）")
        self.resume_button.setObjectName("goOn")
        self.resume_button.setShortcut("Ctrl+J")
        self.dismiss_button = QPushButton("取消打印")
        self.dismiss_button.setObjectName("forget")
        row = QHBoxLayout(self)
        row.addWidget(self.message, 1)
        for widget in (self.password, self.resume_button, self.dismiss_button):
            row.addWidget(widget)
        self._batch_number = 0
        self.resume_button.clicked.connect(lambda: self.resume_requested.emit(self._batch_number, self.password.text()))
        self.dismiss_button.clicked.connect(lambda: self.dismissed.emit(self._batch_number))
        self.hide()

    def show_batches(self, batches: "tuple[UnfinishedBatch, ...]") -> None:
        """Show the latest of them, if any."""
        self.setVisible(bool(batches))
        if not batches:
            return
        batch = batches[0]
        self._batch_number = batch.n
        self.password.setVisible(batch.encrypted)
        self.password.clear()
        self.message.setText(
            f"有一批档案尚未打印完成：{batch.started_at[:16]} 由{batch.operator}"
            f"开始，已印 {batch.done} 户，共 {batch.total} 户，"
            f"存在“{batch.folder}”。"
        )
