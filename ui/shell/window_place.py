"""Where the main window stood last, and how large it was."""

from PySide6.QtCore import QSettings
from PySide6.QtWidgets import QWidget

from ui.widgets.dialog import fit_on_screen

_SETTING = "window"


def restore_place(window: QWidget) -> None:
    """Put a window where it stood, as far as the screen of today has room."""
    geometry = QSettings("hudang", "hudang").value(_SETTING)
    if geometry is not None:
        window.restoreGeometry(geometry)
    fit_on_screen(window)


def keep_place(window: QWidget) -> None:
    """Remember where a window stands."""
    QSettings("hudang", "hudang").setValue(_SETTING, window.saveGeometry())
