"""The window of an open workbook: navigation, one page, notices, status."""

import time
from pathlib import Path
from typing import Any

from PySide6.QtCore import QEvent, QObject, QSettings, QSize, Qt, QTimer, Signal
from PySide6.QtGui import QAction, QCloseEvent, QDragEnterEvent, QDropEvent, QKeySequence
from PySide6.QtWidgets import (
    QApplication,
    QHBoxLayout,
    QLabel,
    QListWidget,
    QListWidgetItem,
    QMainWindow,
    QStackedWidget,
    QToolBar,
    QVBoxLayout,
    QWidget,
)

from app.errors import OfficeError
from app.workbook import preferences
from app.workbook.workbook import Changes, Workbook
from ui.icons import icon
from ui.jobs import Jobs
from ui.notices import Notices
from ui.page import Office, Page
from ui.pages import pages

# what a file dropped on the window is for
DROPPED = {".xlsx": "take_in", ".xls": "take_in", ".et": "take_in", ".csv": "take_in", ".xlsm": "take_in"}
DROPPED |= {".hdpack": "exchange", ".hdcard": "exchange"}


class MainWindow(QMainWindow):
    """Shows pages and routes between them; decides nothing.

    Signals:
        left: the workbook was closed (the start window comes back)
        locked: nobody touched anything for a while
    """

    left = Signal()
    locked = Signal()
    _written = Signal(object)  # Changes, from whichever thread wrote

    def __init__(self, workbook: Workbook) -> None:
        super().__init__()
        self.setObjectName("window")
        self.workbook = workbook
        self.notices = Notices()
        self.jobs = Jobs(self.notices.refused)
        self.jobs.started.connect(self.notices.busy)
        self.office = Office(workbook, self.jobs, self.notices, self.open, self)
        self._classes = pages()
        self._pages: dict[str, Page] = {}
        self._stale: dict[str, Changes] = {}
        self._current = ""
        self._build()
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
        villages = "、".join(village.name for village in self.workbook.villages[:3])
        self.setWindowTitle(f"{villages} - 驻村户档")
        self._navigation = QListWidget()
        self._navigation.setObjectName("navigation")
        self._navigation.setAccessibleName("页面")
        self._navigation.setIconSize(QSize(20, 20))
        self._navigation.setFixedWidth(max(168, self.fontMetrics().horizontalAdvance("字" * 11)))
        self._tools = QToolBar()
        self._tools.setObjectName("tools")
        self._tools.setIconSize(QSize(18, 18))
        self._tools.setToolButtonStyle(Qt.ToolButtonStyle.ToolButtonTextBesideIcon)
        self._stack = QStackedWidget()
        right = QVBoxLayout()
        right.setContentsMargins(0, 0, 0, 0)
        right.setSpacing(0)
        right.addWidget(self._tools)
        right.addWidget(self._stack, 1)
        right.addWidget(self.notices)
        whole = QWidget()
        line = QHBoxLayout(whole)
        line.setContentsMargins(0, 0, 0, 0)
        line.setSpacing(0)
        line.addWidget(self._navigation)
        line.addLayout(right, 1)
        self.setCentralWidget(whole)
        self._fill_navigation()
        self._status = QLabel(f"{villages}　操作员：{self.workbook.operator}　文件：{self.workbook.path.name}")
        self._status.setObjectName("status")
        self.statusBar().addWidget(self._status, 1)
        self.statusBar().setSizeGripEnabled(False)
        for name, label, shortcut, run in (
            ("shortcuts", "快捷键", "F1", self.show_shortcuts),
            ("collapse", "收起导航", "Ctrl+\\", self._collapse),
            ("lock", "锁定", "Ctrl+L", self.locked.emit),
            ("leave", "关闭工作簿", "Ctrl+W", self.close),
        ):
            action = QAction(label, self)
            action.setObjectName(name)
            action.setShortcut(QKeySequence(shortcut))
            action.triggered.connect(lambda _=False, run=run: run())
            self.addAction(action)

    def _fill_navigation(self) -> None:
        number = 0
        for name, page in self._classes.items():
            if not page.SHOWN:
                continue
            number += 1
            shortcut = page.SHORTCUT or (f"Ctrl+{number}" if number < 10 else "")
            item = QListWidgetItem(icon(page.ICON or name), page.TITLE)
            item.setData(Qt.ItemDataRole.UserRole, name)
            item.setToolTip(f"{page.TITLE}（{shortcut}）" if shortcut else page.TITLE)
            self._navigation.addItem(item)
            action = QAction(page.TITLE, self)
            action.setObjectName(f"open_{name}")
            action.setShortcut(QKeySequence(shortcut))
            action.triggered.connect(lambda _=False, name=name: self.open(name))
            self.addAction(action)
        self._navigation.currentItemChanged.connect(self._navigated)

    def _navigated(self, item: QListWidgetItem | None) -> None:
        if item is not None and item.data(Qt.ItemDataRole.UserRole) != self._current:
            self.open(item.data(Qt.ItemDataRole.UserRole))

    def page(self, name: str) -> Page:
        """A page, made when it is first asked for."""
        if name not in self._pages:
            made = self._pages[name] = self._classes[name](self.office)
            made.setObjectName(made.objectName() or f"{name}_page")
            self._stack.addWidget(made)
        return self._pages[name]

    @property
    def current(self) -> str:
        """Name of the page that is shown."""
        return self._current

    @property
    def page_names(self) -> list[str]:
        """Names of all pages, in the order of the navigation."""
        return list(self._classes)

    def open(self, name: str, **about: Any) -> None:
        """Show a page, telling it what about."""
        if self._current and not self._pages[self._current].may_leave():
            self._mark(self._current)
            return
        page = self.page(name)
        self._current = name
        self._mark(name)
        self._tools.clear()
        self._tools.addActions(page.actions_shown())
        self._tools.setVisible(bool(page.actions_shown()))
        self._stack.setCurrentWidget(page)
        stale = self._stale.pop(name, None)
        if stale is not None:
            page.refresh(stale)
        page.shown(**about)

    def _mark(self, name: str) -> None:
        self._navigation.blockSignals(True)
        for n in range(self._navigation.count()):
            if self._navigation.item(n).data(Qt.ItemDataRole.UserRole) == name:
                self._navigation.setCurrentRow(n)
        self._navigation.blockSignals(False)

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
        self._navigation.setVisible(not self._navigation.isVisible())

    def _watch_idleness(self) -> None:
        self._minutes = int(preferences.get(self.workbook, "idle_minutes"))
        self._touched = time.monotonic()
        self._clock = QTimer(self)
        self._clock.timeout.connect(self._look_at_clock)
        self._clock.start(5000)
        QApplication.instance().installEventFilter(self)

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        if event.type() in (QEvent.Type.KeyPress, QEvent.Type.MouseButtonPress, QEvent.Type.Wheel):
            self._touched = time.monotonic()
        return False

    def _look_at_clock(self) -> None:
        if self._minutes and self.jobs.idle and time.monotonic() - self._touched > self._minutes * 60:
            self._touched = time.monotonic()
            self.locked.emit()

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

    def closeEvent(self, event: QCloseEvent) -> None:
        if self._current and not self._pages[self._current].may_leave():
            event.ignore()
            return
        QSettings("hudang", "hudang").setValue("window", self.saveGeometry())
        QApplication.instance().removeEventFilter(self)
        self._clock.stop()
        # what a page started to save when it was left comes to its end; only then the file is closed
        self.jobs.wait()
        QApplication.processEvents()
        self.jobs.close()
        self._unsubscribe()
        try:
            self.workbook.close()
        except OfficeError as error:
            self.notices.refused(error)
        event.accept()
        self.left.emit()
