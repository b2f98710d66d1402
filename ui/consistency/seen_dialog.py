"""入户核实: who saw it, when, and what stood there where it differs from the record."""

from collections.abc import Mapping
from dataclasses import replace
from datetime import date

from PySide6.QtWidgets import QLabel, QVBoxLayout, QWidget

from app.records.field import Field, Value, field
from ui.widgets.button_row import ButtonRow
from ui.widgets.dialog import Dialog, title_about
from ui.widgets.record_form import RecordForm

SEEN_FIELDS = (field("verdict", "decided_on"), field("verdict", "decided_by"))  # when, and who


class SeenDialog(Dialog):
    """Enter keeps it."""

    def __init__(
        self,
        description: str,
        households: Mapping[str, str],
        who: str | None,
        parent: QWidget,
        fact: Field | None = None,
        value: Value = None,
    ) -> None:
        """
        Args:
            households: id → what they are called, for the title
            who: proposed as the one who saw it; None where day and name are asked for elsewhere
            fact: what is asked for, None where all is as the record says
            value: that stands in the control at first
        """
        super().__init__(parent)
        self.setWindowTitle(title_about("入户核实", households))
        self.setObjectName("seen_dialog")
        self.setMinimumWidth(480)
        self._fact = fact
        fields = list(SEEN_FIELDS) if who is not None else []
        loaded: dict[str, Value] = {"decided_on": date.today(), "decided_by": who} if who is not None else {}
        if fact is not None:  # an empty one can be seen too, and what is worked out here can be counted there
            fields.insert(0, replace(fact, spec=replace(fact.spec, required=False, derived=False)))
            loaded[fact.name] = value
        self.form = RecordForm(fields, 1)
        self.form.load(loaded)
        description_label = QLabel(description)
        description_label.setWordWrap(True)
        layout = QVBoxLayout(self)
        for widget in (description_label, self.form, ButtonRow(self, "记下")):
            layout.addWidget(widget)
        self.form.focus_field(fact.name if fact else "decided_on")

    @property
    def seen_on(self) -> date:
        day = self.form.values()["decided_on"]
        return day if isinstance(day, date) else date.today()

    @property
    def seen_by(self) -> str:
        return str(self.form.values()["decided_by"] or "")

    @property
    def value(self) -> Value:
        """What was seen."""
        return self.form.values()[self._fact.name] if self._fact else None

    def accept(self) -> None:
        if not self.form.show_errors():
            super().accept()
