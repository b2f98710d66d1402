"""What the desktop shows by other programs."""

from pathlib import Path

from PySide6.QtCore import QUrl
from PySide6.QtGui import QDesktopServices


def open_in_desktop(path: Path) -> None:
    """A file in the program that the desktop has for it, a folder in its file manager."""
    QDesktopServices.openUrl(QUrl.fromLocalFile(str(path)))
