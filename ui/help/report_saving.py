"""Saving the report for technicians from wherever it is offered."""

from collections.abc import Callable
from pathlib import Path
from typing import TYPE_CHECKING

from PySide6.QtCore import QLocale, QObject, qVersion
from PySide6.QtGui import QGuiApplication
from PySide6.QtWidgets import QDialog, QLabel, QPushButton, QWidget

from app.progress import Progress
from ui.shell.tasks import RunningTask, TaskRunner
from ui.widgets.file_choice import save_file_name

if TYPE_CHECKING:
    from app.workbook.workbook import Workbook

TITLE = "保存技术报告"


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


def start_report(
    parent: QWidget, workbook: "Workbook | None", tasks: TaskRunner, say: Callable[[str], object]
) -> RunningTask | None:
    """Ask for a place and write the report there; None if no place was given.

    Args:
        say: is told how it ended
    """
    from app.help.system_report import suggested_name, write_report

    name = save_file_name(parent, TITLE, suggested_name(), "文本 (*.txt)")
    if not name:
        return None
    return tasks.start(
        write_report(Path(name).with_suffix(".txt"), workbook, surroundings()),
        lambda out: say(f"技术报告已保存：{out.name}。其中没有农户和干部的信息，可发给技术人员。"),
        failed=lambda error: say(str(error)),
        queue="read",
        title=TITLE,
    )


class ReportSaver(QObject):
    """The report from a dialog: while it is being written, its label says how far that is and its button cancels."""

    def __init__(
        self, button: QPushButton, message: QLabel, workbook: "Callable[[], Workbook | None]", parent: QDialog
    ) -> None:
        super().__init__(parent)
        self._button, self._message, self._workbook, self._dialog = button, message, workbook, parent
        self._label = button.text()
        self._tasks = TaskRunner(lambda error: message.setText(str(error)), self)
        self._running: RunningTask | None = None
        button.clicked.connect(self._on_clicked)
        parent.finished.connect(self._cancel)

    def _on_clicked(self) -> None:
        if self._running is not None:
            self._cancel()
            return
        task = start_report(self._dialog, self._workbook(), self._tasks, self._on_ended)
        if task is not None:
            self._running = task
            task.progressed.connect(self._on_progressed)
            task.cancelled.connect(lambda: self._on_ended("已取消，技术报告没有保存。"))
            self._name_button("取消")

    def _cancel(self) -> None:
        if self._running is not None:
            self._running.cancel()

    def _on_progressed(self, progress: Progress) -> None:
        count = f" {progress.done}/{progress.total}" if progress.total else ""
        self._message.setText(f"技术报告：{progress.message}{count}")

    def _on_ended(self, told: str) -> None:
        self._running = None
        self._message.setText(told)
        self._name_button(self._label)

    def _name_button(self, label: str) -> None:
        self._button.setText(label)
        self._button.setAccessibleName(label)
