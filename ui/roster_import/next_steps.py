"""What comes after an import: taking it back, and what is done next with the households that came in."""

from functools import partial

from PySide6.QtWidgets import QFrame, QHBoxLayout, QLabel, QPushButton

from app.workbook.operations import OperationEntry, OperationFilter, list_operations, take_back
from ui.shell.page import AppContext

_NEXT = (
    ("households", "查看农户", "households", "Alt+1"),
    ("issues", "核实疑点", "issues", "Alt+2"),
    ("helpers", "落实帮扶联系人", "helpers", "Alt+3"),
    ("rounds", "开展检查", "rounds", "Alt+4"),
)


class NextSteps(QFrame):
    """A line below what an import said; hidden until there is one."""

    def __init__(self, context: AppContext) -> None:
        super().__init__()
        self.setObjectName("nextSteps")
        self.setProperty("card", True)
        self._context = context
        self._operation = 0
        self.undo_button = self._make_button("undoImport", "撤销本次导入", "Alt+Z")
        self.undo_button.clicked.connect(self._take_back)
        row = QHBoxLayout(self)
        row.setContentsMargins(12, 6, 12, 6)
        row.addWidget(QLabel("接下来"))
        for name, label, page, key in _NEXT:
            button = self._make_button(f"next_{name}", label, key)
            button.clicked.connect(partial(self._open, page))
            row.addWidget(button)
        row.addStretch()
        row.addWidget(self.undo_button)
        self.hide()

    def _make_button(self, name: str, label: str, key: str) -> QPushButton:
        button = QPushButton(label)
        button.setObjectName(name)
        button.setAccessibleName(label)
        button.setShortcut(key)
        button.setToolTip(f"{label}（{key}）")
        return button

    def begin(self) -> None:
        """The import that was just written is the latest operation."""
        self._operation = 0
        self.undo_button.setEnabled(False)
        self.show()
        self._context.read(self._remember, list_operations, OperationFilter(), limit=1)

    def _remember(self, operations: list[OperationEntry]) -> None:
        if operations:
            self._operation = operations[0].n
            self.undo_button.setEnabled(True)

    def _open(self, page: str, _checked: bool = False) -> None:
        self._context.open(page)

    def _take_back(self) -> None:
        self.undo_button.setEnabled(False)
        task = take_back(self._context.workbook, self._operation)
        self._context.tasks.start(task, self._on_taken_back, failed=self._context.status_bar.error, title="撤销导入")

    def _on_taken_back(self, said: str) -> None:
        self._context.status_bar.saved(said)
        self.hide()
