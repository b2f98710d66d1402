"""Dialogs that ask for files and folders. They begin where the last one ended, this session or another."""

from pathlib import Path

from PySide6.QtCore import QSettings, QStandardPaths
from PySide6.QtWidgets import QFileDialog, QWidget

from app.desktop.file_kinds import WORKBOOK

WORKBOOK_FILTER = f"{WORKBOOK.label} (*{WORKBOOK.suffix})"
_KEY = "folders/last"


def documents_folder() -> Path:
    """The officer's documents; his home where the desktop has no such folder."""
    documents = Path(QStandardPaths.writableLocation(QStandardPaths.StandardLocation.DocumentsLocation))
    return documents if documents.is_dir() else Path("~").expanduser()


def last_folder() -> Path:
    """Where the last file was chosen, or the officer's documents."""
    stored = QSettings("hudang", "hudang").value(_KEY)
    if isinstance(stored, str) and stored and Path(stored).is_dir():
        return Path(stored)
    return documents_folder()


def _remember(folder: Path) -> None:
    QSettings("hudang", "hudang").setValue(_KEY, str(folder))


def workbook_to_write(parent: QWidget, title: str, suggested: str) -> Path | None:
    """Where a workbook is to lie, None if cancelled.

    One that is there is never written over: to ask would promise it.
    """
    name = save_file_name(parent, title, suggested, WORKBOOK_FILTER, asks=False)
    return Path(name if name.endswith(WORKBOOK.suffix) else f"{name}{WORKBOOK.suffix}") if name else None


def _start(suggested: str) -> str:
    """A suggested name in the last folder; a whole path stays what it is."""
    return suggested if Path(suggested).is_absolute() else str(last_folder() / suggested)


def open_file_name(parent: QWidget, title: str, suggested: str, file_filter: str) -> str:
    """A file that is there, "" if cancelled."""
    name, _ = QFileDialog.getOpenFileName(parent, title, _start(suggested), file_filter)
    if name:
        _remember(Path(name).parent)
    return name


def open_file_names(parent: QWidget, title: str, suggested: str, file_filter: str) -> list[str]:
    """Files that are there, none if cancelled."""
    names, _ = QFileDialog.getOpenFileNames(parent, title, _start(suggested), file_filter)
    if names:
        _remember(Path(names[0]).parent)
    return names


def save_file_name(parent: QWidget, title: str, suggested: str, file_filter: str, *, asks: bool = True) -> str:
    """Where to write a file, "" if cancelled.

    Args:
        asks: whether the dialog asks before a file is replaced
    """
    if asks:
        name, _ = QFileDialog.getSaveFileName(parent, title, _start(suggested), file_filter)
    else:
        name, _ = QFileDialog.getSaveFileName(
            parent, title, _start(suggested), file_filter, options=QFileDialog.Option.DontConfirmOverwrite
        )
    if name:
        _remember(Path(name).parent)
    return name


def folder_name(parent: QWidget, title: str, suggested: str = "") -> str:
    """A folder, "" if cancelled."""
    name = QFileDialog.getExistingDirectory(parent, title, _start(suggested))
    if name:
        _remember(Path(name))
    return name
