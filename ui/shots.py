"""`python -m ui.shots FOLDER`: a PNG of every page of the sample village, as an officer's screen shows it."""

import sys
import tempfile
import time
from pathlib import Path
from typing import Any

from PySide6.QtCore import QSettings
from PySide6.QtWidgets import QApplication, QWidget

from app import sample
from app.progress import finish
from app.workbook.keyring import TEST
from ui.dialogs.new_workbook import NewWorkbook
from ui.dialogs.shortcuts import Shortcuts
from ui.dialogs.start import StartWindow
from ui.main_window import MainWindow
from ui.style import add_rare_fonts, dress

_DRAWN = 2.0  # seconds after the last work in which a page of a preview is drawn
WIDTH, HEIGHT = 1366, 728  # a 768-line screen less its task bar


def main(folder: Path) -> int:
    """Write the pictures and return the exit status."""
    folder.mkdir(parents=True, exist_ok=True)
    application = QApplication.instance() or QApplication(sys.argv[:1])
    assert isinstance(application, QApplication)
    QSettings.setPath(QSettings.Format.NativeFormat, QSettings.Scope.UserScope, tempfile.mkdtemp())
    dress(application)
    add_rare_fonts(application)
    for name, widget in (("start", StartWindow()), ("new_workbook", NewWorkbook())):
        widget.show()
        _take(widget, folder / f"{name}.png")
        widget.close()
    with tempfile.TemporaryDirectory() as place:
        workbook = finish(sample.make(Path(place) / "柳树沟村.hdb", sample.PASSPHRASE, cost=TEST))
        window = MainWindow(workbook)
        window.resize(WIDTH, HEIGHT)
        window.show()
        for name in window.page_names:
            window.open(name, **_about(name, window))
            _settle(window)
            _take(window, folder / f"{name}.png")
        page = window.page(window.current)
        sheet = Shortcuts(window.actions(), page.actions(), page.TITLE, window)
        sheet.show()
        _take(sheet, folder / "shortcuts.png")
        sheet.close()
        window.close()
    return 0


def _about(name: str, window: MainWindow) -> dict[str, Any]:
    """Pages that are opened from others are shown about something that is there."""
    from app.checklists.rounds import rounds
    from app.records.lists import household_rows

    workbook = window.workbook
    with workbook.reading() as session:
        home = household_rows(session)[0].id
        open_rounds = rounds(session)
    if name == "household":
        return {"household": home}
    if name == "inspection":
        return {"round": open_rounds[0].id, "household": home}
    return {}


def _settle(window: MainWindow) -> None:
    """Let what the page started, some of it a moment later (a preview), come to its end."""
    begun = time.monotonic()
    rested = begun
    while time.monotonic() - begun < 20 and time.monotonic() - rested < _DRAWN:
        QApplication.processEvents()
        time.sleep(0.01)
        if not window.jobs.idle:
            rested = time.monotonic()


def _take(widget: QWidget, path: Path) -> None:
    QApplication.processEvents()
    widget.grab().save(str(path))
    print(path.name)


if __name__ == "__main__":
    sys.exit(main(Path(sys.argv[1] if len(sys.argv) > 1 else "shots")))
