"""What is asked about a workbook in a folder that a cloud program synchronises, and what the officer said once."""

from collections.abc import Callable
from pathlib import Path

from PySide6.QtCore import QSettings, QStandardPaths
from PySide6.QtWidgets import QWidget

from ui.widgets.question import Choice, QuestionDialog, ask

_SETTING = "despite_synchronisation"
_OWN_FOLDER = "驻村户档"  # in the officer's own folder, where even 文档 is synchronised
HERE = "仍放在这里"


def is_accepted(path: Path) -> bool:
    """Whether the officer wants this workbook to lie where it is, whatever synchronises it."""
    return str(path.resolve()) in _accepted()


def accept(path: Path) -> None:
    """Ask no more about this workbook."""
    QSettings("hudang", "hudang").setValue(_SETTING, sorted({*_accepted(), str(path.resolve())}))


def _accepted() -> list[str]:
    stored = QSettings("hudang", "hudang").value(_SETTING) or []
    return [stored] if isinstance(stored, str) else list(stored)


def folder_for_copies() -> Path:
    """Where a workbook is copied to: 文档, or a folder of the officer's own where a cloud program has that."""
    from app.workbook.synchronised_folder import cloud_program

    documents = Path(QStandardPaths.writableLocation(QStandardPaths.StandardLocation.DocumentsLocation))
    return Path("~").expanduser() / _OWN_FOLDER if cloud_program(documents / _OWN_FOLDER) else documents


def ask_where_to_keep(
    parent: QWidget, path: Path, warning: str, choose: Callable[[], object], go_on: Callable[[], object]
) -> QuestionDialog:
    """A new workbook was to lie in such a folder: choose another, or keep it there."""

    def keep() -> None:
        accept(path)
        go_on()

    choices: tuple[Choice, ...] = (("换个文件夹…", choose), (HERE, keep))
    return ask(parent, "askWhereToKeep", "存放在哪里", warning, choices=choices)
