"""能看的村: which villages of this workbook a colleague may see and write."""

from collections.abc import Sequence

from PySide6.QtCore import Qt
from PySide6.QtWidgets import (
    QCheckBox,
    QLabel,
    QListWidget,
    QListWidgetItem,
    QVBoxLayout,
    QWidget,
)

from app.sync.views import PeerDetailView
from ui.widgets.button_row import ButtonRow
from ui.widgets.dialog import Dialog

_CODE_ROLE = Qt.ItemDataRole.UserRole


class PeerVillagesDialog(Dialog):
    """For a township or county "all of ours" is a choice of its own: it holds for villages that come later too."""

    def __init__(self, detail: PeerDetailView, own_villages: Sequence[tuple[str, str]], parent: QWidget) -> None:
        """`ours`: (code, name) of this workbook's villages."""
        super().__init__(parent)
        self.setObjectName("peerVillagesDialog")
        self.setWindowTitle("能看的村")
        self.resize(460, 420)
        visible_villages = dict(detail.sees)
        hint = QLabel(f"给“{detail.entry.name}”的包只带打勾的村，他的包也只收这些村的。已经发出去的收不回来。")
        hint.setTextFormat(Qt.TextFormat.PlainText)
        hint.setWordWrap(True)
        self.all_box = QCheckBox("本机的每个村，以后增加的也算")
        self.all_box.setObjectName("allVillages")
        self.all_box.setChecked(not visible_villages)
        self.all_box.setVisible(detail.entry.role != "village")
        self.village_list = QListWidget()
        self.village_list.setObjectName("villageChoice")
        self.village_list.setAccessibleName("能看的村")
        for code, name in {**dict(own_villages), **visible_villages}.items():
            item = QListWidgetItem(f"{name}（{code}）")
            item.setData(_CODE_ROLE, code)
            item.setCheckState(Qt.CheckState.Checked if code in visible_villages else Qt.CheckState.Unchecked)
            self.village_list.addItem(item)
        self.village_list.setCurrentRow(0)
        self.all_box.toggled.connect(lambda on: self.village_list.setEnabled(not on))
        self.village_list.setEnabled(not self.all_box.isChecked() or not self.all_box.isVisibleTo(self))
        self.error_label = QLabel()
        self.error_label.setObjectName("villagesFault")
        self.error_label.setProperty("fault", True)
        layout = QVBoxLayout(self)
        layout.setContentsMargins(24, 20, 24, 20)
        layout.setSpacing(10)
        for widget in (hint, self.all_box, self.village_list, self.error_label):
            layout.addWidget(widget)
        layout.addWidget(ButtonRow(self, "保存", "keepVillages", cancel_name="leaveVillages"))

    def selected_codes(self) -> tuple[str, ...]:
        """Codes; none means all of ours."""
        if self.all_box.isVisibleTo(self) and self.all_box.isChecked():
            return ()
        items = [self.village_list.item(n) for n in range(self.village_list.count())]
        return tuple(item.data(_CODE_ROLE) for item in items if item.checkState() == Qt.CheckState.Checked)

    def accept(self) -> None:
        if self.selected_codes() or (self.all_box.isVisibleTo(self) and self.all_box.isChecked()):
            super().accept()
        else:
            self.error_label.setText("至少选一个村。不再和他交换，请用“停用名片”。")
            self.village_list.setFocus()
