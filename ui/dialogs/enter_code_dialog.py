"""输入回执码: a number that a colleague reads out over the telephone."""

from collections.abc import Callable, Sequence

from PySide6.QtWidgets import (
    QComboBox,
    QFormLayout,
    QLabel,
    QLineEdit,
    QVBoxLayout,
    QWidget,
)

from app.sync.peers import PeerView
from ui.widgets.button_row import ButtonRow
from ui.widgets.dialog import Dialog


class EnterCodeDialog(Dialog):
    """Stays open until the number is right; `take` is asked to look it up."""

    def __init__(
        self, entries: Sequence[PeerView], current: str, submit: Callable[[str, str], object], parent: QWidget
    ) -> None:
        """`take`: sign key and what was typed; it calls `accept` or `refuse`."""
        super().__init__(parent)
        self.setObjectName("typeCode")
        self.setWindowTitle("输入回执码")
        self.setMinimumWidth(460)
        self._submit = submit
        self.peer_box, self.code_edit, self.error_label = QComboBox(), QLineEdit(), QLabel()
        self.peer_box.setObjectName("codePeer")
        self.peer_box.setAccessibleName("谁报的")
        for entry in entries:
            self.peer_box.addItem(entry.name, entry.sign_key)
        self.peer_box.setCurrentIndex(max(0, self.peer_box.findData(current)))
        self.code_edit.setObjectName("code")
        self.code_edit.setAccessibleName("回执码")
        self.code_edit.setPlaceholderText("12 位数字，空格可以不打")
        self.code_edit.setMaxLength(40)
        self.error_label.setObjectName("codeFault")
        self.error_label.setProperty("fault", True)
        self.error_label.setWordWrap(True)
        self.error_label.setMinimumHeight(2 * self.error_label.fontMetrics().lineSpacing())
        hint = QLabel("对方导入您的包以后，屏幕上有一个回执码。请他在电话里报给您，四位一报。")
        hint.setWordWrap(True)
        hint.setProperty("quiet", True)
        buttons = ButtonRow(self, "登记", "takeCode", cancel_name="leaveCode", on_accept=self._on_ok)
        self.ok_button = buttons.accept_button
        form = QFormLayout()
        form.addRow("谁报的", self.peer_box)
        form.addRow("回执码", self.code_edit)
        layout = QVBoxLayout(self)
        layout.setContentsMargins(24, 20, 24, 20)
        layout.setSpacing(12)
        layout.addWidget(hint)
        layout.addLayout(form)
        layout.addWidget(self.error_label)
        layout.addWidget(buttons)
        self.code_edit.setFocus()

    def _on_ok(self) -> None:
        if not self.code_edit.text().strip():
            self.code_edit.setFocus()
            return
        self.ok_button.setEnabled(False)
        self._submit(str(self.peer_box.currentData()), self.code_edit.text())

    def show_error(self, error: object) -> None:
        """Say why, with the number still there to be put right."""
        self.error_label.setText(str(error))
        self.ok_button.setEnabled(True)
        self.code_edit.setFocus()
        self.code_edit.selectAll()
