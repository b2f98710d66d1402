"""What the dialog of a bulk change asks beside what is to be done: a value, a new record, a picture, a year."""

from datetime import date
from pathlib import Path

from PySide6.QtCore import Qt
from PySide6.QtWidgets import (
    QComboBox,
    QFormLayout,
    QFrame,
    QHBoxLayout,
    QLineEdit,
    QPushButton,
    QScrollArea,
    QVBoxLayout,
    QWidget,
)

from app.cell_edits.column_source import is_yearly
from app.records.field import Field, Value, field
from app.registers.engine.new_row import start_row
from app.registers.engine.register import Register
from ui.bulk_edit.bulk_choices import settable_fields
from ui.widgets.file_choice import open_file_name
from ui.widgets.number_box import NumberBox
from ui.widgets.picture_filter import PICTURE_FILTER
from ui.widgets.record_form import RecordForm
from ui.widgets.search_combo import SearchCombo

TYPED, FROM_COLUMN, FROM_LAST_YEAR, CLEARED = "value", "column", "last_year", "clear"


class ValuePane(QWidget):
    """A column's new value: typed, taken from another column or from last year, or nothing."""

    def __init__(self, register: Register, column: str) -> None:
        super().__init__()
        self._field = register.field(column)
        self.method = QComboBox()
        self.method.setObjectName("bulk_method")
        self.method.setAccessibleName("怎样修改")
        methods = [("填写", TYPED), ("取自另一栏", FROM_COLUMN)]
        methods += [("取自上年", FROM_LAST_YEAR)] if is_yearly(register) else []
        methods += [] if self._field.spec.required else [("清空", CLEARED)]
        for label, method in methods:
            self.method.addItem(label, method)
        self.form = RecordForm([self._field], columns=1)
        self.form.load({column: None})
        others = [(one.label, one.name) for one in settable_fields(register) if one.name != column]
        self.source = SearchCombo("bulk_source", "另一栏", others)
        self.method.currentIndexChanged.connect(lambda _: self._show_method())
        layout = QVBoxLayout(self)
        layout.setContentsMargins(0, 0, 0, 0)
        for widget in (self.method, self.form, self.source):
            layout.addWidget(widget)
        layout.addStretch(1)
        self._show_method()

    def _show_method(self) -> None:
        self.form.setVisible(self.chosen_method == TYPED)
        self.source.setVisible(self.chosen_method == FROM_COLUMN)

    @property
    def chosen_method(self) -> str:
        return str(self.method.currentData())

    @property
    def text(self) -> str:
        """What was typed, as a cell says it."""
        return self._field.text(self.form.values()[self._field.name])

    def begin(self) -> None:
        """Put the cursor where one types."""
        self.form.focus_field(self._field.name)

    def complaint(self) -> str:
        """What is missing or refused, a sentence, "" for nothing."""
        if self.chosen_method == FROM_COLUMN:
            return "" if self.source.key else "请选择取自哪一栏。"
        if self.chosen_method == TYPED:
            self.form.flush()
            fault = self.form.error_text(self._field.name)
            return fault or ("" if self.text else f"请填写“{self._field.label}”，或选择“清空”。")
        return ""


class RecordPane(QScrollArea):
    """The form of a record that is added for all."""

    def __init__(self, register: Register, operator: str) -> None:
        super().__init__()
        self._register = register
        shown = [one for one in register.fields() if self._is_asked(one)]
        self.form = RecordForm(shown, groups=register.groups)
        self.form.load(start_row(register, "", operator=operator).values)
        self.setFrameShape(QFrame.Shape.NoFrame)
        self.setWidgetResizable(True)
        self.setFocusPolicy(Qt.FocusPolicy.NoFocus)
        self.setWidget(self.form)
        self._first = next(iter((*(name for _, names in register.groups for name in names), *(f.name for f in shown))))

    def _is_asked(self, one: Field) -> bool:
        register = self._register
        return register.is_kept(one) and one.kind != "reference" and one.name not in register.form_excludes

    def begin(self) -> None:
        """Put the cursor where one types."""
        self.form.focus_field(self._first)

    def values(self) -> dict[str, Value]:
        """What stands in the form."""
        return {name: value for name, value in self.form.values().items() if value is not None}

    def complaint(self) -> str:
        """What is missing or refused, a sentence, "" for nothing."""
        self.form.flush()
        refused = next(iter(self.form.refusals().values()), "")
        missing = [one for one in self._register.fields() if one.spec.required and self._is_asked(one)]
        values = self.values()
        blank = next((f"请填写“{one.label}”。" for one in missing if one.name not in values), "")
        return refused or blank


class PhotoPane(QWidget):
    """A picture for all, and what it shows."""

    def __init__(self) -> None:
        super().__init__()
        self.path = QLineEdit()
        self.path.setObjectName("bulk_photo")
        self.path.setAccessibleName("照片文件")
        choose = QPushButton("选择…")
        choose.setObjectName("choose_photo")
        choose.clicked.connect(self._choose)
        self.form = RecordForm([field("photo", name) for name in ("kind", "taken_at", "caption")], columns=1)
        self.form.load({"kind": None, "taken_at": None, "caption": None})
        line, layout = QHBoxLayout(), QFormLayout(self)
        line.addWidget(self.path, 1)
        line.addWidget(choose)
        layout.addRow("照片文件", line)
        layout.addRow(self.form)

    def _choose(self) -> None:
        name = open_file_name(self, "添加照片", "", PICTURE_FILTER)
        if name:
            self.path.setText(name)

    def begin(self) -> None:
        """Put the cursor where one types."""
        self.path.setFocus()

    def values(self) -> dict[str, Value]:
        """Columns of the photograph that are filled."""
        return {name: value for name, value in self.form.values().items() if value is not None}

    def complaint(self) -> str:
        """What is missing, a sentence, "" for nothing."""
        self.form.flush()
        return "" if Path(self.path.text()).is_file() else "请选择照片文件。"


class YearPane(QWidget):
    """The year whose rows are made from those of the year before."""

    def __init__(self) -> None:
        super().__init__()
        self.year = NumberBox()
        self.year.setObjectName("bulk_year")
        self.year.setAccessibleName("年度")
        self.year.setRange(1990, date.today().year + 1)
        self.year.setValue(date.today().year)
        layout = QFormLayout(self)
        layout.addRow("填到年度", self.year)

    def begin(self) -> None:
        """Put the cursor where one types."""
        self.year.setFocus()
        self.year.selectAll()

    def complaint(self) -> str:
        """Nothing can be missing."""
        return ""


BulkPane = ValuePane | RecordPane | PhotoPane | YearPane
