"""随机抽查: how many households are drawn, from which, and by which number of the draw."""

from collections.abc import Iterable, Sequence
from datetime import date
from secrets import randbelow

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QCheckBox, QComboBox, QFormLayout, QLabel, QLineEdit, QVBoxLayout, QWidget

from app.checklists.rounds import checklist_presets
from app.issues.random_sample import SampleRequest
from app.records.field import field, field_label
from app.workbook.workbook import VillageInfo
from ui.widgets.button_row import ButtonRow
from ui.widgets.dialog import Dialog
from ui.widgets.number_box import NumberBox

_ALL = "全部"
_MOST, _PROPOSED = 9999, 10  # households


class SampleDialog(Dialog):
    """A form and a sentence where it is refused; it stays until the round is opened.

    Signals:
        requested: SampleRequest
        groups_needed: village; the page answers with `show_groups`
    """

    requested = Signal(object)
    groups_needed = Signal(str)

    def __init__(self, villages: Iterable[VillageInfo], today: date, parent: QWidget) -> None:
        super().__init__(parent)
        self.setObjectName("new_sample")
        self.setWindowTitle("随机抽查")
        self.setMinimumWidth(520)
        self.village_box, self.checklist_box = QComboBox(), QComboBox()
        self.group_box, self.kind_box = QComboBox(), QComboBox()
        self.number_box, self.title_line, self.draw_line = NumberBox(), QLineEdit(), QLineEdit()
        self.errors_box = QCheckBox("疑点数据里有错误的户都列入")
        self.errors_box.setObjectName("with_errors")
        self.error_label = QLabel()
        self.error_label.setObjectName("fault")
        self.error_label.setProperty("fault", True)
        self.error_label.setWordWrap(True)
        self.error_label.hide()
        for village in villages:
            self.village_box.addItem(village.name, village.code)
        for preset in checklist_presets():
            self.checklist_box.addItem(preset.title, preset.name)
        self.kind_box.addItem(_ALL, "")
        for option in field("household", "household_kind").options:
            self.kind_box.addItem(option.value, option.value)
        self.show_groups(())
        self.number_box.setRange(1, _MOST)
        self.number_box.setValue(_PROPOSED)
        self.number_box.setSuffix(" 户")
        self.title_line.setText(f"随机抽查 {today.isoformat()}")
        self.draw_line.setText(f"{today:%Y%m%d}-{randbelow(10000):04}")
        self._build_layout()
        self.number_box.selectAll()
        self.number_box.setFocus()

    def _build_layout(self) -> None:
        form = QFormLayout()
        for label, name, widget in (
            (field_label("village", "name"), "village", self.village_box),
            ("评分标准", "checklist", self.checklist_box),
            (field_label("round", "title"), "title", self.title_line),
            ("抽几户", "number", self.number_box),
            (field_label("household", "group_name"), "group", self.group_box),
            (field_label("household", "household_kind"), "kind", self.kind_box),
            ("抽签号", "draw", self.draw_line),
        ):
            widget.setObjectName(name)
            widget.setAccessibleName(label)
            if widget is not self.village_box or self.village_box.count() > 1:
                form.addRow(label, widget)
        form.addRow("", self.errors_box)
        hint = QLabel("记下抽签号：同一个号码、同样的户，抽出来的总是同样的户。")
        hint.setProperty("quiet", True)
        hint.setWordWrap(True)
        layout = QVBoxLayout(self)
        layout.setSpacing(10)
        layout.addLayout(form)
        layout.addWidget(hint)
        layout.addWidget(self.error_label)
        layout.addWidget(ButtonRow(self, "抽取", "yes", cancel_name="no", on_accept=self.submit))
        self.village_box.currentIndexChanged.connect(lambda _: self.ask_for_groups())

    def ask_for_groups(self) -> None:
        """Have the groups of the chosen village listed."""
        self.groups_needed.emit(self.village_box.currentData())

    def show_groups(self, groups: Sequence[str]) -> None:
        """The groups of the village, to draw from one of them only."""
        self.group_box.clear()
        self.group_box.addItem(_ALL, "")
        for group in groups:
            self.group_box.addItem(group, group)

    def submit(self) -> None:
        """Ask for what stands in the form."""
        self.requested.emit(
            SampleRequest(
                village=self.village_box.currentData(),
                checklist=self.checklist_box.currentData(),
                title=self.title_line.text().strip(),
                number=self.number_box.value(),
                draw=self.draw_line.text(),
                group=self.group_box.currentData(),
                kind=self.kind_box.currentData(),
                with_errors=self.errors_box.isChecked(),
            )
        )

    def show_error(self, error: object) -> None:
        """Say why nothing was drawn."""
        self.error_label.setText(str(error))
        self.error_label.show()
