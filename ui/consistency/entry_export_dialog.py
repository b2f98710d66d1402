"""How 待录入清单 leaves as a file: with whole numbers, for which a reason is asked, or masked."""

from collections.abc import Mapping

from PySide6.QtWidgets import QCheckBox, QFormLayout, QLabel, QLineEdit, QVBoxLayout, QWidget

from ui.widgets.button_row import ButtonRow
from ui.widgets.dialog import Dialog, title_about


class EntryExportDialog(Dialog):
    """Enter goes on to where the file is put."""

    def __init__(self, about: str, households: Mapping[str, str], parent: QWidget) -> None:
        """`households`: id → what they are called, for the title."""
        super().__init__(parent)
        self.setObjectName("exportEntries")
        self.setWindowTitle(title_about("导出待录入清单", households))
        self.setMinimumWidth(440)
        self.full = QCheckBox("写全证件号码、电话和卡号(&Q)")
        self.full.setObjectName("full")
        self.reason_edit = QLineEdit()
        self.reason_edit.setObjectName("reason")
        self.reason_edit.setAccessibleName("写全号码的事由")
        self.reason_edit.setPlaceholderText("为什么要写全，会记在操作记录里")
        self.reason_edit.setEnabled(False)
        self.buttons = ButtonRow(self, "选择位置…", "choose_place")
        form, layout = QFormLayout(), QVBoxLayout(self)
        form.addRow("号码", self.full)
        form.addRow("事由(&S)", self.reason_edit)
        note = QLabel(about)
        note.setProperty("quiet", True)
        layout.addLayout(form)
        layout.addWidget(note)
        layout.addWidget(self.buttons)
        self.full.toggled.connect(self._ask_reason)
        self.reason_edit.textChanged.connect(lambda _: self._check())

    @property
    def reason(self) -> str:
        """Why numbers are whole, "" where they are masked."""
        return self.reason_edit.text().strip() if self.full.isChecked() else ""

    def _ask_reason(self, full: bool) -> None:
        self.reason_edit.setEnabled(full)
        if full:
            self.reason_edit.setFocus()
        self._check()

    def _check(self) -> None:
        self.buttons.accept_button.setEnabled(not self.full.isChecked() or bool(self.reason_edit.text().strip()))
