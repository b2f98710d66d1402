"""能看的村: which villages of this workbook a colleague may see and write."""

from collections.abc import Sequence

from PySide6.QtCore import Qt
from PySide6.QtWidgets import (
    QCheckBox,
    QDialog,
    QLabel,
    QListWidget,
    QListWidgetItem,
    QVBoxLayout,
    QWidget,
)

from app.exchange.entries import PeerDetail
from ui.dialogs.two_buttons import two_buttons

_CODE = Qt.ItemDataRole.UserRole


class PeerVillages(QDialog):
    """For a township or county "all of ours" is a choice of its own: it holds for villages that come later too."""

    def __init__(self, detail: PeerDetail, ours: Sequence[tuple[str, str]], parent: QWidget) -> None:
        """`ours`: (code, name) of this workbook's villages."""
        super().__init__(parent)
        self.setObjectName("peerVillagesDialog")
        self.setWindowTitle("能看的村")
        self.resize(460, 420)
        sees = dict(detail.sees)
        told = QLabel(f"给“{detail.entry.name}”的包只带打勾的村，他的包也只收这些村的。已经发出去的收不回来。")
        told.setTextFormat(Qt.TextFormat.PlainText)
        told.setWordWrap(True)
        self.all = QCheckBox("本机的每个村，以后增加的也算")
        self.all.setObjectName("allVillages")
        self.all.setChecked(not sees)
        self.all.setVisible(detail.entry.role != "village")
        self.list = QListWidget()
        self.list.setObjectName("villageChoice")
        self.list.setAccessibleName("能看的村")
        for code, name in {**dict(ours), **sees}.items():
            item = QListWidgetItem(f"{name}（{code}）")
            item.setData(_CODE, code)
            item.setCheckState(Qt.CheckState.Checked if code in sees else Qt.CheckState.Unchecked)
            self.list.addItem(item)
        self.list.setCurrentRow(0)
        self.all.toggled.connect(lambda on: self.list.setEnabled(not on))
        self.list.setEnabled(not self.all.isChecked() or not self.all.isVisibleTo(self))
        self.fault = QLabel()
        self.fault.setObjectName("villagesFault")
        self.fault.setProperty("fault", True)
        whole = QVBoxLayout(self)
        whole.setContentsMargins(24, 20, 24, 20)
        whole.setSpacing(10)
        for widget in (told, self.all, self.list, self.fault):
            whole.addWidget(widget)
        whole.addLayout(two_buttons(self, ("保存", "keepVillages"), ("取消", "leaveVillages")))

    def chosen(self) -> tuple[str, ...]:
        """Codes; none means all of ours."""
        if self.all.isVisibleTo(self) and self.all.isChecked():
            return ()
        items = [self.list.item(n) for n in range(self.list.count())]
        return tuple(item.data(_CODE) for item in items if item.checkState() == Qt.CheckState.Checked)

    def accept(self) -> None:
        if self.chosen() or (self.all.isVisibleTo(self) and self.all.isChecked()):
            super().accept()
        else:
            self.fault.setText("至少选一个村。不再和他交换，请用“停用名片”。")
            self.list.setFocus()
