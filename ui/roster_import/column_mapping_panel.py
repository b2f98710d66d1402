"""列对照: each sheet of a file with what its columns become, and the questions about it, before the preview."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QCheckBox, QHBoxLayout, QLabel, QPushButton, QTabWidget, QVBoxLayout, QWidget

from app.sheets.import_choices import SheetChoices
from app.sheets.imported_sheet import ImportedSheet, SheetQuestion
from app.sheets.row_selection import RowChoices
from ui.roster_import.column_table import ColumnTable

Targets = Sequence[tuple[str, str]]  # what a column may become, with its label
_ANSWERS = {"office": "当作名册导入", "hidden": "取隐藏的行", "struck": "取划掉的行"}


@dataclass(frozen=True, slots=True)
class MappingWords:
    """What the panel says, which is not the same for a roster and for a list that is compared.

    Attributes:
        question: before the number of what is open
        confirm: on the button, without its key
        target: heading of the column with what each becomes
        kinds: kind of sheet → what it was taken for
    """

    question: str
    confirm: str
    target: str
    kinds: Mapping[str, str]


ROSTER = MappingWords(
    "每一列记到哪里",
    "按这样预览",
    "记到",
    {"member": "一行一个人的名册", "household": "一行一户的名册", "helper": "帮扶联系人名册"},
)


class _SheetPanel(QWidget):
    """One sheet: its questions as boxes to tick, its columns as a table."""

    def __init__(self, sheet: ImportedSheet, targets: Targets, words: MappingWords) -> None:
        super().__init__()
        self.sheet = sheet
        self.table = ColumnTable(sheet, targets, words.target)
        self.answers: dict[str, QCheckBox] = {}
        layout = QVBoxLayout(self)
        layout.setContentsMargins(8, 8, 8, 0)
        kind = QLabel(f"认作{words.kinds[sheet.kind]}，表头在第 {sheet.heading.row + 1} 行")
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

    def __init__(self, words: MappingWords = ROSTER) -> None:
        super().__init__()
        self._words = words
        self.setObjectName("columnMapping")
        self.message = QLabel()
        self.message.setObjectName("mappingSentence")
        self.message.setProperty("heading", True)
        self.message.setWordWrap(True)
        self.alike_button = QPushButton("都这样")
        self.alike_button.setObjectName("alike")
        self.alike_button.setToolTip("同一种疑问的列，都照选中的这一列办")
        self.alike_button.clicked.connect(self._decide_alike)
        self.confirm_button = QPushButton(f"{words.confirm}（Ctrl+M）")
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

    def show_sheets(self, sheets: Sequence[ImportedSheet], targets_of: Callable[[ImportedSheet], Targets]) -> None:
        """The sheets of a file as they are understood now, with what each one's columns may become."""
        self.clear()
        for sheet in sheets:
            panel = _SheetPanel(sheet, targets_of(sheet), self._words)
            panel.table.changed.connect(self._show_count)
            count = sheet.count_doubts()
            self.sheets.addTab(panel, f"{sheet.name}（{count}）" if count else sheet.name)
        first = next((n for n, sheet in enumerate(sheets) if sheet.count_doubts()), 0)
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
        words = self._words
        self.message.setText(f"{words.question}：{doubts}{asked}核对后按“{words.confirm}”。下次同样的表不再问。")
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
