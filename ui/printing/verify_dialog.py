"""核对纸质档案: the code on a cover, typed, scanned or on a photograph, held against the record of today."""

from collections.abc import Callable
from pathlib import Path
from typing import TYPE_CHECKING

from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import (
    QHBoxLayout,
    QLabel,
    QLineEdit,
    QListWidget,
    QPushButton,
    QVBoxLayout,
)

from app.errors import UserError
from ui.shell.page import AppContext
from ui.widgets.dialog import Dialog
from ui.widgets.file_choice import open_file_name
from ui.widgets.picture_filter import PICTURE_PATTERNS

if TYPE_CHECKING:
    from app.printing.verify import VerificationResult

_INSTRUCTIONS = "扫描或输入封面上的码（码旁的 12 位校验码也行），或打开封面的照片、档案的 PDF。"
_FILE_FILTER = f"照片或 PDF ({PICTURE_PATTERNS} *.pdf)"
_MAX_CHANGES = 40


class VerifyDialog(Dialog):
    """Stays open, for one cover after the other.

    Signals:
        household_requested: id of the household that the officer wants to look at
    """

    household_requested = Signal(str)

    def __init__(self, context: AppContext) -> None:
        super().__init__(context.window)
        self.setObjectName("verifying")
        self.setWindowTitle("核对纸质档案")
        self.setMinimumWidth(560)
        self._context, self._household_id = context, ""
        self.code_edit = QLineEdit()
        self.code_edit.setObjectName("code")
        self.code_edit.setAccessibleName("封面上的码")
        self.code_edit.setPlaceholderText("例如 7K3D-9QXM-2F4T")
        self.message = QLabel(_INSTRUCTIONS)
        self.message.setObjectName("verified")
        self.message.setTextFormat(Qt.TextFormat.PlainText)
        self.message.setWordWrap(True)
        self.changes = QListWidget()
        self.changes.setObjectName("changes")
        self.changes.setAccessibleName("打印以后的变更")
        self.changes.hide()
        self.check_button = self._button("check", "核对(&H)", self._verify_code)
        self.check_button.setDefault(True)
        self.file_button = self._button("fromFile", "打开照片或 PDF(&O)…", self._choose_file)
        self.household_button = self._button(
            "openHome", "打开这一户(&K)", lambda: self.household_requested.emit(self._household_id)
        )
        self.household_button.setEnabled(False)
        self._build_layout()

    def _button(self, name: str, text: str, slot: Callable[[], object]) -> QPushButton:
        button = QPushButton(text)
        button.setObjectName(name)
        button.setAutoDefault(False)
        button.clicked.connect(lambda: slot())
        return button

    def _build_layout(self) -> None:
        code_row, button_row = QHBoxLayout(), QHBoxLayout()
        code_row.addWidget(self.code_edit, 1)
        code_row.addWidget(self.check_button)
        code_row.addWidget(self.file_button)
        button_row.addStretch()
        button_row.addWidget(self.household_button)
        button_row.addWidget(self._button("leave", "关闭", self.accept))
        layout = QVBoxLayout(self)
        layout.setContentsMargins(20, 16, 20, 16)
        layout.setSpacing(10)
        layout.addLayout(code_row)
        layout.addWidget(self.message)
        layout.addWidget(self.changes, 1)
        layout.addLayout(button_row)

    def _verify_code(self) -> None:
        if self.code_edit.text().strip():
            self.verify(self.code_edit.text().strip())
        else:
            self._show_message(_INSTRUCTIONS)

    def _choose_file(self) -> None:
        name = open_file_name(self, "封面的照片或档案的 PDF", "", _FILE_FILTER)
        if name:
            self.verify(Path(name))

    def verify(self, source: str | Path) -> None:
        """Hold a code, a photograph or a PDF against the record."""
        from app.printing.verify import verify

        self._context.tasks.start(
            verify(self._context.workbook, source),
            self._show_result,
            failed=self._on_failed,
            queue="read",
            title="核对档案",
        )

    def _show_result(self, result: "VerificationResult") -> None:
        self._show_message(result.message, is_error=not result.matches)
        self._household_id = result.household_id
        self.household_button.setEnabled(True)
        self.changes.addItems(
            [
                f"{change.at:%Y-%m-%d %H:%M}　{change.operator}　{change.label}"
                for change in result.changes[:_MAX_CHANGES]
            ]
        )
        self.changes.setVisible(bool(result.changes))
        self.code_edit.selectAll()
        self.code_edit.setFocus()

    def _on_failed(self, error: UserError) -> None:
        self._show_message(str(error), is_error=True)

    def _show_message(self, message: str, *, is_error: bool = False) -> None:
        self._household_id = ""
        self.household_button.setEnabled(False)
        self.changes.clear()
        self.changes.hide()
        self.message.setProperty("fault", is_error)
        self.message.style().unpolish(self.message)
        self.message.style().polish(self.message)
        self.message.setText(message)
