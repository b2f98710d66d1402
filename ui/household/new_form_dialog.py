"""Which form is to be filled in, for which year, and of which member."""

from collections.abc import Sequence
from datetime import date

from PySide6.QtWidgets import QComboBox, QFormLayout, QLabel, QWidget

from app.forms.definition import Form
from app.records.field import field_label
from app.records.row_views import MemberRow
from ui.widgets.button_row import ButtonRow
from ui.widgets.dialog import Dialog
from ui.widgets.number_box import NumberBox


class NewFormDialog(Dialog):
    """Choose by the arrow keys or by typing; the year is asked for where the form is filled in once a year."""

    def __init__(self, forms: Sequence[Form], members: Sequence[MemberRow], about: str, parent: QWidget) -> None:
        """`about`: which household or village, for the title."""
        super().__init__(parent)
        self.setWindowTitle(f"填写新表（{about}）")
        self.setObjectName("new_form")
        self.setMinimumWidth(460)
        self._forms = list(forms)
        self.form_box = QComboBox()
        self.form_box.setObjectName("form")
        self.form_box.setAccessibleName("表单")
        self.form_box.setMaxVisibleItems(20)
        self.form_box.addItems([item.title for item in forms])
        self.year_box = NumberBox()
        self.year_box.setObjectName("year")
        self.year_box.setAccessibleName(field_label("form_entry", "year"))
        self.year_box.setRange(1990, date.today().year + 5)
        self.year_box.setValue(date.today().year)
        self.member_box = QComboBox()
        self.member_box.setObjectName("member")
        self.member_box.setAccessibleName("成员")
        for item in members:
            self.member_box.addItem(f"{item.name}（{item.relation}）", item.id)
        self.source_label = QLabel()
        self.source_label.setProperty("quiet", True)
        self.source_label.setWordWrap(True)
        buttons = ButtonRow(self, "填写")
        layout = QFormLayout(self)
        layout.addRow("表单", self.form_box)
        layout.addRow(field_label("form_entry", "year"), self.year_box)
        layout.addRow("成员", self.member_box)
        layout.addRow(self.source_label)
        layout.addRow(buttons)
        self._layout = layout
        self.form_box.currentIndexChanged.connect(self._on_form_changed)
        self._on_form_changed()

    @property
    def form(self) -> Form:
        return self._forms[self.form_box.currentIndex()]

    @property
    def member_id(self) -> str:
        """The member it is about, "" where it is about the household."""
        return str(self.member_box.currentData() or "") if self.form.subject == "member" else ""

    @property
    def selected_year(self) -> int | None:
        return self.year_box.value() if self.form.repetition == "yearly" else None

    def _on_form_changed(self) -> None:
        repeats = {"once": "一户只填一份；已经有的会打开。", "yearly": "一年一份；已经有的会打开。", "dated": ""}
        self.source_label.setText(f"{repeats[self.form.repetition]}{self.form.source}")
        self._layout.setRowVisible(self.year_box, self.form.repetition == "yearly")
        self._layout.setRowVisible(self.member_box, self.form.subject == "member")
