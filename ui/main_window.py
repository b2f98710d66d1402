"""The window of an open workbook: navigation, one page, notices, status."""

import time
from collections.abc import Callable
from functools import partial
from pathlib import Path
from typing import Any

from PySide6.QtCore import QCoreApplication, QEvent, QEventLoop, QObject, QSettings, Qt, QTimer, Signal
from PySide6.QtGui import QAction, QCloseEvent, QDragEnterEvent, QDropEvent, QKeySequence
from PySide6.QtWidgets import (
    QApplication,
    QDialog,
    QFrame,
    QHBoxLayout,
    QMainWindow,
    QMessageBox,
    QScrollArea,
    QStackedWidget,
    QVBoxLayout,
    QWidget,
)

from app.errors import OfficeError
from app.workbook import preferences
from app.workbook.workbook import Changes, Workbook
from ui.jobs import Job, Jobs
from ui.navigation import Navigation
from ui.notices import Notices
from ui.page import Office, Page
from ui.pages import pages
from ui.tool_bar import PageBar

# what a file dropped on the window is for
DROPPED = {".xlsx": "take_in", ".xls": "take_in", ".et": "take_in", ".csv": "take_in", ".xlsm": "take_in"}
DROPPED |= {".hdpack": "exchange", ".hdcard": "exchange"}

_TOUCHES = frozenset({QEvent.Type.KeyPress, QEvent.Type.MouseButtonPress, QEvent.Type.MouseMove, QEvent.Type.Wheel})


def _application() -> QCoreApplication:
    application = QApplication.instance()
    assert application is not None
    return application


def _rolling(page: Page) -> QScrollArea:
    """A page larger than the window rolls in it: no part is out of reach on a small screen with large letters."""
    frame = QScrollArea()
    frame.setFrameShape(QFrame.Shape.NoFrame)
    frame.setFocusPolicy(Qt.FocusPolicy.NoFocus)
    frame.setWidgetResizable(True)
    frame.setWidget(page)
    return frame


class MainWindow(QMainWindow):
    """Shows pages and routes between them; decides nothing.

    Signals:
        left: the workbook was closed (the start window comes back)
    """

    left = Signal()
    _written = Signal(object)  # Changes, from whichever thread wrote

    def __init__(self, workbook: Workbook) -> None:
        super().__init__()
        self.setObjectName("window")
        self.workbook = workbook
        self._villages = "、".join(village.name for village in workbook.villages[:3])
        self.notices = Notices(f"{self._villages}　操作员：{workbook.operator}　文件：{workbook.path.name}")
        self.jobs = Jobs(self.notices.refused)
        self.jobs.started.connect(self._began)
        self.jobs.rested.connect(self._rested)
        self.office = Office(workbook, self.jobs, self.notices, self.open, self)
        self._classes = pages()
        self._pages: dict[str, Page] = {}
        self._stale: dict[str, Changes] = {}
        self._current = ""
        self._about: dict[str, Any] = {}
        self._locking = False
        self._build()
        self._fill_navigation()
        self._add_actions()
        self._written.connect(self._refresh)
        self._unsubscribe = workbook.subscribe(self._written.emit)
        self._watch_idleness()
        self.setAcceptDrops(True)
        self.resize(1280, 700)
        geometry = QSettings("hudang", "hudang").value("window")
        if geometry is not None:
            self.restoreGeometry(geometry)
        first = next((name for name, page in self._classes.items() if page.SHOWN), "")
        if first:
            self.open(first)

    def _build(self) -> None:
        self.setWindowTitle(f"{self._villages} - 驻村户档")
        self._navigation = Navigation()
        self._navigation.chosen.connect(self._navigated)
        self._tools = PageBar()
        self._stack = QStackedWidget()
        right = QVBoxLayout()
        right.setContentsMargins(0, 0, 0, 0)
        right.setSpacing(0)
        right.addWidget(self._tools)
        right.addWidget(self._stack, 1)
        line = QHBoxLayout()
        line.setSpacing(0)
        line.addWidget(self._navigation)
        line.addLayout(right, 1)
        whole = QWidget()
        rows = QVBoxLayout(whole)
        rows.setContentsMargins(0, 0, 0, 0)
        rows.setSpacing(0)
        rows.addLayout(line, 1)
        rows.addWidget(self.notices)
        self.setCentralWidget(whole)

    def _add_actions(self) -> None:
        for name, label, shortcut, run, drawn in (
            ("shortcuts", "快捷键", "F1", self.show_shortcuts, "help"),
            ("collapse", "收起导航", "Ctrl+\\", self._collapse, "fold"),
            ("lock", "锁定", "Ctrl+L", self.lock, "lock"),
            ("leave", "关闭工作簿", "Ctrl+W", self.close, ""),
        ):
            action = self._action(name, label, shortcut, run)
            if drawn:
                self._navigation.add_action(action, drawn)
        self._navigation.fold(self._navigation.folded)

    def _action(self, name: str, label: str, shortcut: str, run: Callable[[], object]) -> QAction:
        action = QAction(label, self)
        action.setObjectName(name)
        action.setShortcut(QKeySequence(shortcut))
        action.triggered.connect(lambda: run())
        self.addAction(action)
        return action

    def _fill_navigation(self) -> None:
        number = 0
        for name, page in self._classes.items():
            if not page.SHOWN:
                continue
            number += not page.SHORTCUT
            shortcut = page.SHORTCUT or (f"Ctrl+{number}" if number < 10 else "")
            self._navigation.add_page(name, page.TITLE, page.ICON or name, shortcut)
            self._action(f"open_{name}", page.TITLE, shortcut, partial(self.open, name))

    def _navigated(self, name: str) -> None:
        if name != self._current:
            self.open(name)

    def page(self, name: str) -> Page:
        """A page, made when it is first asked for."""
        if name not in self._pages:
            made = self._pages[name] = self._classes[name](self.office)
            made.setObjectName(made.objectName() or f"{name}_page")
            self._stack.addWidget(_rolling(made))
        return self._pages[name]

    @property
    def current(self) -> str:
        """Name of the page that is shown."""
        return self._current

    @property
    def place(self) -> tuple[str, dict[str, Any]]:
        """The page that is shown and what about, to come back to."""
        return self._current, {key: value for key, value in self._about.items() if isinstance(value, str)}

    @property
    def page_names(self) -> list[str]:
        """Names of all pages, in the order of the navigation."""
        return list(self._classes)

    def open(self, name: str, **about: Any) -> None:
        """Show a page, telling it what about."""
        if self._current and not self._pages[self._current].may_leave():
            self._navigation.mark(self._current)
            return
        page = self.page(name)
        self._current, self._about = name, about
        self._navigation.mark(name)
        self._tools.show_page(page.TITLE, page.actions_shown())
        self._stack.setCurrentIndex(list(self._pages).index(name))
        stale = self._stale.pop(name, None)
        if stale is not None:
            page.refresh(stale)
        page.shown(**about)

    def _began(self, job: Job) -> None:
        if job.title:
            self.notices.busy(job)
        if job.lane == "write":
            self.notices.saving(True)

    def _rested(self) -> None:
        self.notices.saving(False)

    def _refresh(self, changes: Changes) -> None:
        """The page that is seen learns of it now, the others when they are shown next."""
        for name, page in self._pages.items():
            if name == self._current:
                page.refresh(changes)
            else:
                before = self._stale.get(name)
                tables = changes.tables | (before.tables if before else frozenset())
                self._stale[name] = Changes(tables, frozenset(), None)

    def show_shortcuts(self) -> None:
        """All shortcuts that work now, on one sheet."""
        from ui.dialogs.shortcuts import Shortcuts

        page = self._pages.get(self._current)
        Shortcuts(self.actions(), page.actions() if page else [], page.TITLE if page else "", self).exec()

    def _collapse(self) -> None:
        self._navigation.fold(not self._navigation.folded)

    def _watch_idleness(self) -> None:
        self._touched = time.monotonic()
        self._clock = QTimer(self)
        self._clock.timeout.connect(self._look_at_clock)
        self._clock.start(5000)
        _application().installEventFilter(self)

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        if event.type() in _TOUCHES:
            self._touched = time.monotonic()
        return False

    def _look_at_clock(self) -> None:
        idle = time.monotonic() - self._touched
        if idle > 60 and self.jobs.idle:
            minutes = int(preferences.get(self.workbook, "idle_minutes"))
            if minutes and idle > minutes * 60:
                self.lock()

    def lock(self) -> None:
        """Close the workbook whatever stands in the window; open dialogs are given up."""
        self._locking = True
        for dialog in QApplication.topLevelWidgets():
            if isinstance(dialog, QDialog) and dialog.isVisible():
                dialog.reject()
        # the dialogs' own event loops end first
        QTimer.singleShot(0, self.close)

    def dragEnterEvent(self, event: QDragEnterEvent) -> None:
        if any(Path(url.toLocalFile()).suffix.lower() in DROPPED for url in event.mimeData().urls()):
            event.acceptProposedAction()

    def dropEvent(self, event: QDropEvent) -> None:
        for url in event.mimeData().urls():
            path = Path(url.toLocalFile())
            if path.suffix.lower() in DROPPED:
                event.acceptProposedAction()
                self.open(DROPPED[path.suffix.lower()], path=path)
                return

    def _may_close(self) -> bool:
        """Not while something typed is refused, and not in the middle of long work without asking. A lock asks nobody:
        what was refused is not saved, as if it had never been left."""
        may_leave = not self._current or self._pages[self._current].may_leave()
        if self._locking:
            return True
        if not may_leave:
            return False
        under_way = "、".join(self.jobs.long_ones)
        if not under_way:
            return True
        ask = QMessageBox(
            QMessageBox.Icon.Question, "驻村户档", f"“{under_way}”还没有完成。现在关闭就取消它，不留下任何改动。"
        )
        ask.setObjectName("askClose")
        wait = ask.addButton("等它完成", QMessageBox.ButtonRole.RejectRole)
        ask.addButton("取消它并关闭", QMessageBox.ButtonRole.AcceptRole)
        ask.setDefaultButton(wait)
        ask.exec()
        return ask.clickedButton() is not wait

    def _finish_work(self) -> None:
        """What a page started to save when it was left is saved; what that starts in turn too."""
        for _ in range(5):
            self.jobs.close()
            QApplication.processEvents(QEventLoop.ProcessEventsFlag.ExcludeUserInputEvents)
            if self.jobs.idle:
                break
        self.jobs.end()

    def closeEvent(self, event: QCloseEvent) -> None:
        if not self._may_close():
            event.ignore()
            return
        QSettings("hudang", "hudang").setValue("window", self.saveGeometry())
        _application().removeEventFilter(self)
        self._clock.stop()
        self._finish_work()
        self._unsubscribe()
        try:
            self.workbook.close()
        except OfficeError as error:
            self.notices.refused(error)
        event.accept()
        self.left.emit()
