"""The quick card on a printer or as a file."""

from collections.abc import Callable
from functools import partial
from pathlib import Path

from PySide6.QtWidgets import QWidget

from app.errors import UserError
from app.printing.quick_card import quick_card, write_quick_card
from ui.shell.tasks import TaskRunner
from ui.widgets.file_choice import save_file_name


def print_card(parent: QWidget, say: Callable[[str], object]) -> None:
    """Ask for a printer and print one card."""
    from PySide6.QtPrintSupport import QPrintDialog, QPrinter

    from ui.printing.printer import print_document

    printer = QPrinter(QPrinter.PrinterMode.HighResolution)
    if QPrintDialog(printer, parent).exec():
        _runner(parent, say).start(
            print_document(quick_card, printer, "驻村户档快捷卡"), lambda _: say("快捷卡已送打印机。"), queue="read"
        )


def save_card(parent: QWidget, say: Callable[[str], object]) -> None:
    """Ask for a place and write the card as a PDF."""
    name = save_file_name(parent, "保存快捷卡", "驻村户档快捷卡.pdf", "PDF (*.pdf)")
    if name:
        out = Path(name).with_suffix(".pdf")
        _runner(parent, say).start(
            lambda: write_quick_card(out), lambda _: say(f"快捷卡已保存：{out.name}"), queue="read"
        )


def _say_error(say: Callable[[str], object], error: UserError) -> None:
    say(str(error))


def _runner(parent: QWidget, say: Callable[[str], object]) -> TaskRunner:
    """A runner of the window that asks, for as long as that is there."""
    runner = parent.findChild(TaskRunner, "cardTasks")
    if runner is None:
        runner = TaskRunner(partial(_say_error, say), parent)
        runner.setObjectName("cardTasks")
    assert isinstance(runner, TaskRunner)
    return runner
