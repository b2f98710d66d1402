"""已核实无误: the reason is asked for, because an inspector will ask for it too."""

from PySide6.QtWidgets import QDialog, QLabel, QVBoxLayout, QWidget

from app.records.field import field
from ui.widgets.button_row import ButtonRow
from ui.widgets.record_form import RecordForm


class DismissDialog(QDialog):
    """One field; it is refused in place while it is empty."""

    def __init__(self, description: str, parent: QWidget) -> None:
        super().__init__(parent)
        self.setWindowTitle("已核实无误")
        self.setObjectName("settle_dialog")
        self.setMinimumWidth(520)
        description_label = QLabel(description)
        description_label.setWordWrap(True)
        hint = QLabel("写明怎样核实的。数据改动以后，它会重新列为疑点。")
        hint.setProperty("quiet", True)
        self.form = RecordForm([field("verdict", "reason")], 1)
        self.form.load({})
        buttons = ButtonRow(self, "已核实无误")
        layout = QVBoxLayout(self)
        for widget in (description_label, self.form, hint, buttons):
            layout.addWidget(widget)
        self.form.focus_field("reason")

    @property
    def reason(self) -> str:
        return str(self.form.values()["reason"] or "")

    def accept(self) -> None:
        if not self.form.show_errors():
            super().accept()
