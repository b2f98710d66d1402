"""What an officer reads when something failed that nobody foresaw: a sentence, and a report for technicians."""

from typing import TYPE_CHECKING

from PySide6.QtWidgets import QApplication, QLabel, QVBoxLayout, QWidget

from ui.help.report_saving import ReportSaver
from ui.shell.tasks import BUG_MESSAGE
from ui.widgets.button_row import ChoiceRow
from ui.widgets.dialog import Dialog

if TYPE_CHECKING:
    from app.workbook.workbook import Workbook


class FaultDialog(Dialog):
    """The sentence, and the button that saves the report."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setObjectName("fault")
        self.setWindowTitle("驻村户档")
        self.setMinimumWidth(460)
        self.message = QLabel(f"{BUG_MESSAGE}\n\n请保存技术报告，发给技术人员；报告里没有农户和干部的信息。")
        self.message.setObjectName("faultMessage")
        self.message.setWordWrap(True)
        buttons = ChoiceRow(self, "确定", "ok")
        ReportSaver(buttons.add_button("保存技术报告…", "saveReport"), self.message, open_workbook, self)
        layout = QVBoxLayout(self)
        layout.setContentsMargins(20, 16, 20, 16)
        layout.setSpacing(16)
        layout.addWidget(self.message)
        layout.addWidget(buttons)


def open_workbook() -> "Workbook | None":
    """The workbook of the window that is open, whichever it is."""
    for window in QApplication.topLevelWidgets():
        workbook: Workbook | None = getattr(window, "workbook", None)
        if workbook is not None and window.isVisible():
            return workbook
    return None
