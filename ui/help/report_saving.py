"""Saving the report for technicians from wherever it is offered."""

from pathlib import Path
from typing import TYPE_CHECKING

from PySide6.QtCore import QLocale, qVersion
from PySide6.QtGui import QGuiApplication
from PySide6.QtWidgets import QWidget

from app.errors import UserError
from ui.widgets.file_choice import save_file_name

if TYPE_CHECKING:
    from app.workbook.workbook import Workbook


def surroundings() -> dict[str, str]:
    """What only the window knows: Qt, the platform's screen and its scale."""
    screen = QGuiApplication.primaryScreen()
    size = screen.size()
    return {
        "Qt": str(qVersion()),
        "平台": QGuiApplication.platformName(),
        "屏幕": f"{size.width()}×{size.height()}，缩放 {screen.devicePixelRatio():g}",
        "语言": QLocale.system().name(),
    }


def save_report(parent: QWidget, workbook: "Workbook | None") -> str:
    """Ask for a place and write the report; returns what there is to say, "" if cancelled."""
    from app.help.system_report import suggested_name, write_report

    name = save_file_name(parent, "保存技术报告", suggested_name(), "文本 (*.txt)")
    if not name:
        return ""
    try:
        out = write_report(Path(name).with_suffix(".txt"), workbook, surroundings())
    except UserError as error:
        return str(error)
    return f"技术报告已保存：{out.name}。其中没有农户和干部的信息，可发给技术人员。"
