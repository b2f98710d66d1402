"""已核实无误: the reason is asked for, because an inspector will ask for it too."""

from PySide6.QtWidgets import QDialog, QDialogButtonBox, QLabel, QVBoxLayout, QWidget

from app.records.field import field
from ui.forms.record_form import RecordForm


class SettleDialog(QDialog):
    """One field; it is refused in place while it is empty."""

    def __init__(self, about: str, parent: QWidget) -> None:
        super().__init__(parent)
        self.setWindowTitle("已核实无误")
        self.setObjectName("settle_dialog")
        self.setMinimumWidth(520)
        told = QLabel(about)
        told.setWordWrap(True)
        hint = QLabel("写明怎样核实的。数据改动以后，它会重新列为疑点。")
        hint.setProperty("quiet", True)
        self.form = RecordForm([field("verdict", "reason")], 1)
        self.form.load({})
        buttons = QDialogButtonBox(QDialogButtonBox.StandardButton.Ok | QDialogButtonBox.StandardButton.Cancel)
        ok = buttons.button(QDialogButtonBox.StandardButton.Ok)
        ok.setObjectName("ok")
        ok.setText("已核实无误")
        buttons.button(QDialogButtonBox.StandardButton.Cancel).setText("取消")
        buttons.accepted.connect(self.accept)
        buttons.rejected.connect(self.reject)
        whole = QVBoxLayout(self)
        for part in (told, self.form, hint, buttons):
            whole.addWidget(part)
        self.form.focus("reason")

    @property
    def reason(self) -> str:
        return str(self.form.values()["reason"] or "")

    def accept(self) -> None:
        if not self.form.show_faults():
            super().accept()
