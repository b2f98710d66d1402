"""`python -m ui.screenshots FOLDER`: a PNG of every page of the sample village, as an officer's screen shows it."""

import sys
import tempfile
import time
from pathlib import Path
from typing import Any

from PySide6.QtCore import QSettings
from PySide6.QtWidgets import QApplication, QWidget

from app import sample
from app.progress import run_to_completion
from app.workbook.keyring import TEST_COST
from ui.dialogs.new_workbook_dialog import NewWorkbookDialog
from ui.dialogs.shortcuts_dialog import ShortcutsDialog
from ui.dialogs.start_window import StartWindow
from ui.shell.main_window import MainWindow
from ui.shell.theme import add_rare_fonts, apply_theme

_PREVIEW_DELAY = 2.0  # seconds after the last work in which a page of a preview is drawn
_LONGEST_WAIT = 600.0  # seconds for one page, however busy the machine is
WIDTH, HEIGHT = 1366, 728  # a 768-line screen less its task bar


def main(folder: Path) -> int:
    """Write the pictures and return the exit status."""
    folder.mkdir(parents=True, exist_ok=True)
    application = QApplication.instance() or QApplication(sys.argv[:1])
    assert isinstance(application, QApplication)
    QSettings.setPath(QSettings.Format.NativeFormat, QSettings.Scope.UserScope, tempfile.mkdtemp())
    apply_theme(application)
    add_rare_fonts(application)
    for name, widget in (("start", StartWindow()), ("new_workbook", NewWorkbookDialog())):
        widget.show()
        _save_screenshot(widget, folder / f"{name}.png")
        widget.close()
    with tempfile.TemporaryDirectory() as temp_dir:
        workbook = run_to_completion(sample.make(Path(temp_dir) / "柳树沟村.hdb", sample.PASSPHRASE, cost=TEST_COST))
        window = MainWindow(workbook)
        window.auto_lock.stop()  # nobody touches it, and on a busy machine the pictures take longer than it waits
        window.resize(WIDTH, HEIGHT)
        window.show()
        for name in window.page_names:
            window.open(name, **page_params(name, window))
            _wait_until_idle(window)
            _save_screenshot(window, folder / f"{name}.png")
        page = window.page(window.current)
        shortcuts_dialog = ShortcutsDialog(window.actions(), page.actions(), page.TITLE, window)
        shortcuts_dialog.show()
        _save_screenshot(shortcuts_dialog, folder / "shortcuts.png")
        shortcuts_dialog.close()
        window.close()
    return 0


def page_params(name: str, window: MainWindow) -> dict[str, Any]:
    """Pages that are opened from others are shown about something that is there."""
    from app.checklists.rounds import list_rounds
    from app.list_views.definition import PLAIN
    from app.list_views.register_source import register_source
    from app.list_views.rows import view_ids
    from app.records.row_views import household_rows
    from app.registers import get_register

    workbook = window.workbook
    with workbook.reading() as session:
        household_id = household_rows(session)[0].id
        open_rounds = list_rounds(session)
        reports = view_ids(session, register_source(get_register("period_report")), PLAIN)
    if name == "household":
        return {"household": household_id}
    if name == "work_calendar":
        return {"month": f"{sample.STORY_DAY:%Y-%m}"}
    if name == "score_grid":
        return {"round": open_rounds[0].id}
    if name == "report_comparison":
        return {"report": reports[0]}
    if name == "scoring":
        return {"round": open_rounds[0].id, "household": household_id}
    return {}


def _wait_until_idle(window: MainWindow) -> None:
    """Let what the page started, some of it a moment later (a preview), come to its end."""
    started = time.monotonic()
    last_busy = started
    while time.monotonic() - started < _LONGEST_WAIT and time.monotonic() - last_busy < _PREVIEW_DELAY:
        QApplication.processEvents()
        time.sleep(0.01)
        if not window.tasks.is_idle:
            last_busy = time.monotonic()


def _save_screenshot(widget: QWidget, path: Path) -> None:
    QApplication.processEvents()
    widget.grab().save(str(path))
    print(path.name)


if __name__ == "__main__":
    sys.exit(main(Path(sys.argv[1] if len(sys.argv) > 1 else "shots")))
