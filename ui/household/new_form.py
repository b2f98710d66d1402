"""Which form is to be filled in, for which year, and of which member."""

from collections.abc import Sequence
from datetime import date

from PySide6.QtWidgets import QComboBox, QDialog, QDialogButtonBox, QFormLayout, QLabel, QSpinBox, QWidget

from app.forms.definition import Form
from app.records.field import label_of
from app.records.lists import MemberRow


class NewForm(QDialog):
    """Choose by the arrow keys or by typing; the year is asked for where the form is filled in once a year."""

    def __init__(self, forms: Sequence[Form], members: Sequence[MemberRow], parent: QWidget) -> None:
        super().__init__(parent)
        self.setWindowTitle("填写新表")
        self.setObjectName("new_form")
        self.setMinimumWidth(460)
        self._forms = list(forms)
        self.forms = QComboBox()
        self.forms.setObjectName("form")
        self.forms.setAccessibleName("表单")
        self.forms.setMaxVisibleItems(20)
        self.forms.addItems([one.title for one in forms])
        self.year = QSpinBox()
        self.year.setObjectName("year")
        self.year.setAccessibleName(label_of("form_entry", "year"))
        self.year.setRange(1990, date.today().year + 5)
        self.year.setValue(date.today().year)
        self.member = QComboBox()
        self.member.setObjectName("member")
        self.member.setAccessibleName("成员")
        for one in members:
            self.member.addItem(f"{one.name}（{one.relation}）", one.id)
        self.source = QLabel()
        self.source.setProperty("quiet", True)
        self.source.setWordWrap(True)
        buttons = QDialogButtonBox(QDialogButtonBox.StandardButton.Ok | QDialogButtonBox.StandardButton.Cancel)
        ok = buttons.button(QDialogButtonBox.StandardButton.Ok)
        ok.setObjectName("ok")
        ok.setText("填写")
        buttons.button(QDialogButtonBox.StandardButton.Cancel).setText("取消")
        buttons.accepted.connect(self.accept)
        buttons.rejected.connect(self.reject)
        whole = QFormLayout(self)
        whole.addRow("表单", self.forms)
        whole.addRow(label_of("form_entry", "year"), self.year)
        whole.addRow("成员", self.member)
        whole.addRow(self.source)
        whole.addRow(buttons)
        self._whole = whole
        self.forms.currentIndexChanged.connect(self._chosen)
        self._chosen()

    @property
    def form(self) -> Form:
        return self._forms[self.forms.currentIndex()]

    @property
    def member_id(self) -> str:
        """The member it is about, "" where it is about the household."""
        return str(self.member.currentData() or "") if self.form.about == "member" else ""

    @property
    def of_year(self) -> int | None:
        return self.year.value() if self.form.repeats == "yearly" else None

    def _chosen(self) -> None:
        repeats = {"once": "一户只填一份；已经有的会打开。", "yearly": "一年一份；已经有的会打开。", "dated": ""}
        self.source.setText(f"{repeats[self.form.repeats]}{self.form.source}")
        self._whole.setRowVisible(self.year, self.form.repeats == "yearly")
        self._whole.setRowVisible(self.member, self.form.about == "member")
