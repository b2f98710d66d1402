"""已核实无误 and the like: the reason is asked for, because an inspector will ask for it too."""

from collections.abc import Mapping

from PySide6.QtWidgets import QLabel, QVBoxLayout, QWidget

from app.records.field import field
from ui.widgets.button_row import ButtonRow
from ui.widgets.dialog import Dialog, title_about
from ui.widgets.record_form import RecordForm

_TITLE, _HINT = "已核实无误", "写明怎样核实的。数据改动以后，它会重新列为疑点。"


class DismissDialog(Dialog):
    """One field; it is refused in place while it is empty."""

    def __init__(
        self,
        description: str,
        households: Mapping[str, str],
        parent: QWidget,
        title: str = _TITLE,
        hint: str = _HINT,
    ) -> None:
        """`households`: id → what they are called, for the title."""
        super().__init__(parent)
        self.setWindowTitle(title_about(title, households))
        self.setObjectName("settle_dialog")
        self.setMinimumWidth(520)
        description_label = QLabel(description)
        description_label.setWordWrap(True)
        hint_label = QLabel(hint)
        hint_label.setProperty("quiet", True)
        hint_label.setWordWrap(True)
        self.form = RecordForm([field("verdict", "reason")], 1)
        self.form.load({})
        buttons = ButtonRow(self, title)
        layout = QVBoxLayout(self)
        for widget in (description_label, self.form, hint_label, buttons):
            layout.addWidget(widget)
        self.form.focus_field("reason")

    @property
    def reason(self) -> str:
        return str(self.form.values()["reason"] or "")

    def accept(self) -> None:
        if not self.form.show_errors():
            super().accept()
