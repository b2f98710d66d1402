"""列对照: each sheet of a file with what its columns become, and the questions about it, before the preview."""

from collections.abc import Mapping

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QCheckBox, QHBoxLayout, QLabel, QPushButton, QTabWidget, QVBoxLayout, QWidget

from app.sheets.import_choices import SheetChoices
from app.sheets.import_preview import ImportedSheet, ImportPreview
from app.sheets.row_selection import RowChoices
from app.sheets.sheet_recognition import SheetQuestion
from ui.roster_import.column_table import ColumnTable

_KINDS = {"member": "一行一个人的名册", "household": "一行一户的名册", "helper": "帮扶联系人名册"}
_ANSWERS = {"office": "当作名册导入", "hidden": "取隐藏的行", "struck": "取划掉的行"}


class _SheetPanel(QWidget):
    """One sheet: its questions as boxes to tick, its columns as a table."""

    def __init__(self, sheet: ImportedSheet) -> None:
        super().__init__()
        self.sheet = sheet
        self.table = ColumnTable(sheet)
        self.answers: dict[str, QCheckBox] = {}
        layout = QVBoxLayout(self)
        layout.setContentsMargins(8, 8, 8, 0)
        kind = QLabel(f"认作{_KINDS[sheet.kind]}，表头在第 {sheet.heading.row + 1} 行")
        kind.setProperty("quiet", True)
        layout.addWidget(kind)
        for question in sheet.questions:
            layout.addLayout(self._question_row(question))
        layout.addWidget(self.table, 1)

    def _question_row(self, question: SheetQuestion) -> QHBoxLayout:
        text = QLabel(question.text)
        text.setWordWrap(True)
        box = QCheckBox(_ANSWERS[question.kind])
        box.setChecked(question.proposed)
        self.answers[question.kind] = box
        row = QHBoxLayout()
        row.addWidget(text, 1)
        row.addWidget(box)
        return row

    def choices(self) -> SheetChoices:
        given = {kind: box.isChecked() for kind, box in self.answers.items()}
        before = self.sheet.choices
        rows = RowChoices(given.get("hidden", before.rows.hidden), given.get("struck", before.rows.struck))
        return SheetChoices(self.table.choices(), given.get("office", before.is_roster), rows, confirmed=True)


class ColumnMappingPanel(QWidget):
    """`confirmed` carries sheet → what was decided."""

    confirmed = Signal(dict)

    def __init__(self) -> None:
        super().__init__()
        self.setObjectName("columnMapping")
        self.message = QLabel()
        self.message.setObjectName("mappingSentence")
        self.message.setProperty("heading", True)
        self.message.setWordWrap(True)
        self.alike_button = QPushButton("都这样")
        self.alike_button.setObjectName("alike")
        self.alike_button.setToolTip("同一种疑问的列，都照选中的这一列办")
        self.alike_button.clicked.connect(self._decide_alike)
        self.confirm_button = QPushButton("按这样预览（Ctrl+M）")
        self.confirm_button.setObjectName("confirmColumns")
        self.confirm_button.setProperty("primary", True)
        self.confirm_button.clicked.connect(self.confirm)
        self.sheets = QTabWidget()
        self.sheets.setAccessibleName("工作表")
        header = QHBoxLayout()
        header.setSpacing(10)
        header.addWidget(self.message, 1)
        header.addWidget(self.alike_button)
        header.addWidget(self.confirm_button)
        layout = QVBoxLayout(self)
        layout.setContentsMargins(0, 0, 0, 0)
        layout.setSpacing(10)
        layout.addLayout(header)
        layout.addWidget(self.sheets, 1)

    def show_preview(self, preview: ImportPreview) -> None:
        """The sheets of a file as they are understood now."""
        self.clear()
        for sheet in preview.sheets:
            panel = _SheetPanel(sheet)
            panel.table.changed.connect(self._show_count)
            count = sheet.count_doubts()
            self.sheets.addTab(panel, f"{sheet.name}（{count}）" if count else sheet.name)
        first = next((n for n, sheet in enumerate(preview.sheets) if sheet.count_doubts()), 0)
        self.sheets.setCurrentIndex(first)
        for panel in self._panels():
            panel.table.select_first_open()
        self._show_count()

    def clear(self) -> None:
        """No file is looked at any more."""
        panels = self._panels()
        self.sheets.clear()
        for panel in panels:
            panel.deleteLater()

    def _panels(self) -> list[_SheetPanel]:
        widgets = [self.sheets.widget(n) for n in range(self.sheets.count())]
        return [widget for widget in widgets if isinstance(widget, _SheetPanel)]

    def _show_count(self) -> None:
        count = sum(panel.table.count_open() for panel in self._panels())
        questions = sum(len(panel.answers) for panel in self._panels())
        doubts = f"有 {count} 列要看一看，" if count else ""
        asked = f"有 {questions} 个问题，" if questions else ""
        self.message.setText(f"每一列记到哪里：{doubts}{asked}核对后按“按这样预览”。下次同样的表不再问。")
        self.alike_button.setEnabled(count > 0)

    def _decide_alike(self) -> None:
        panel = self.sheets.currentWidget()
        if isinstance(panel, _SheetPanel):
            panel.table.decide_alike()

    def choices(self) -> Mapping[str, SheetChoices]:
        """Sheet → what is chosen now."""
        return {panel.sheet.name: panel.choices() for panel in self._panels()}

    def confirm(self) -> None:
        """Take what is chosen, as proposed where nothing was."""
        self.confirmed.emit(dict(self.choices()))
