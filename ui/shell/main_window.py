"""The window of an open workbook: navigation, one page, notices, status."""

from collections.abc import Callable, Sequence
from functools import partial
from pathlib import Path
from typing import Any

from PySide6.QtCore import QEventLoop, QPoint, Qt, QTimer, Signal
from PySide6.QtGui import QAction, QCloseEvent, QDragEnterEvent, QDropEvent, QKeySequence
from PySide6.QtWidgets import QApplication, QDialog, QHBoxLayout, QMainWindow, QVBoxLayout, QWidget

from app.desktop.file_kinds import COUNTY, EXCHANGED_KINDS
from app.errors import UserError
from app.workbook.amendments import AMENDMENT
from app.workbook.open_file import replaced_message
from app.workbook.workbook import Workbook, WorkbookChanges
from resources.overlay import PROGRAM, use_overlay
from ui.dialogs.recent_workbooks import add_recent
from ui.help.help_actions import HelpActions
from ui.pages import page_classes
from ui.shell.auto_lock import AutoLock
from ui.shell.clipboard_guard import ClipboardGuard
from ui.shell.command_palette import CommandPalette
from ui.shell.field_keys import FieldKeys
from ui.shell.menu_bar import MenuBar
from ui.shell.message_log import MessageLog
from ui.shell.navigation import Navigation
from ui.shell.page import AppContext, Location, Page, page_actions
from ui.shell.page_loading import load_behind
from ui.shell.page_stack import PageStack
from ui.shell.palette_sources import palette_sources
from ui.shell.repair_offer import report_error
from ui.shell.role_limits import limit_actions, limit_window_actions, operator_text, page_refusal
from ui.shell.shortcut_text import display_text
from ui.shell.status_bar import StatusBar
from ui.shell.tasks import PageTasks, RunningTask, TaskRunner, query
from ui.shell.theme import dress
from ui.shell.tool_bar import PageBar
from ui.shell.undo_redo import UndoRedo
from ui.shell.waiting import WaitingCounter
from ui.shell.window_place import keep_place, restore_place
from ui.sync.usb_watcher import UsbDrive, UsbWatcher
from ui.widgets.question import QuestionDialog, tell

# what a file dropped on the window is for
DROP_TARGETS = dict.fromkeys((".xlsx", ".xls", ".et", ".csv", ".xlsm"), "roster_import")
DROP_TARGETS |= {kind.suffix: "sync" for kind in EXCHANGED_KINDS} | {COUNTY.suffix: "county"}


class MainWindow(QMainWindow):
    """Shows pages and routes between them; decides nothing.

    Signals:
        closed: the workbook was closed (the start window comes back)
    """

    closed = Signal()
    _changes_committed = Signal(object)  # Changes, from whichever thread wrote

    def __init__(
        self, workbook: Workbook, messages: MessageLog | None = None, location: Location | None = None
    ) -> None:
        """`messages`: where what is said is kept beyond this window. `location`: where an earlier one stood."""
        super().__init__()
        self.setObjectName("window")
        dress(self)
        self.workbook = workbook
        self.messages = messages or MessageLog()
        use_overlay(workbook.overlay)
        self.close_error: UserError | None = None
        self.after_close = ""  # what the start window goes on with, by the name of its action
        self._shown_path = workbook.path
        self._village_names = "、".join(village.name for village in workbook.villages[:3])
        self.status_bar = StatusBar(self._status_text)
        self.status_bar.message_shown.connect(self.messages.add)
        self.tasks = TaskRunner(partial(report_error, self), self)
        self.tasks.task_started.connect(self._on_task_started)
        self.tasks.idle_reached.connect(self._on_idle)
        self._undo_redo = UndoRedo(workbook, self.tasks, self.status_bar, self)
        self.usb_watcher = UsbWatcher(workbook, self.tasks, self)
        self.usb_watcher.drive_added.connect(self._announce_usb_drive)
        self._page_classes = page_classes()
        self._page_actions: dict[str, QAction] = {}  # of the pages that the navigation lists
        self._current = ""
        self._params: dict[str, Any] = {}
        self.is_locked = False
        self._field_keys = FieldKeys(self)
        self._help = HelpActions(self)
        self._build()
        self._populate_navigation()
        self._add_actions()
        limit_window_actions(self.actions(), workbook)
        self._update_listed_pages()
        self._palette = self._make_palette()
        self._waiting = WaitingCounter(workbook, self.tasks, self._navigation.set_counts, self)
        self._changes_committed.connect(self._refresh)
        self._changes_committed.connect(self._waiting.refresh)
        self._unsubscribe = workbook.subscribe(self._changes_committed.emit)
        self.auto_lock = AutoLock(workbook, self.tasks.attention.idle_clock, lambda: self.tasks.is_idle, self)
        self.auto_lock.due.connect(self.lock)
        self.clipboard_guard = ClipboardGuard(self)
        self.setAcceptDrops(True)
        self.setMinimumSize(480, 320)  # or a page, if only until it is laid out, grows the window past the screen
        self.resize(1280, 700)
        restore_place(self)
        self._open_first_page(location)
        load_behind(self.tasks, self._page_classes.values())

    @property
    def _status_text(self) -> str:
        return f"{self._village_names}　操作员：{operator_text(self.workbook)}　文件：{self.workbook.path.name}"

    def _build(self) -> None:
        self._show_title()
        self._navigation = Navigation()
        self._navigation.page_selected.connect(self._on_navigated)
        self._menu_bar = MenuBar()
        self.setMenuBar(self._menu_bar)
        self._page_bar = PageBar()
        self._stack = PageStack()
        page_column = QVBoxLayout()
        page_column.setContentsMargins(0, 0, 0, 0)
        page_column.setSpacing(0)
        page_column.addWidget(self._page_bar)
        page_column.addWidget(self._stack, 1)
        columns = QHBoxLayout()
        columns.setSpacing(0)
        columns.addWidget(self._navigation)
        columns.addLayout(page_column, 1)
        central = QWidget()
        rows = QVBoxLayout(central)
        rows.setContentsMargins(0, 0, 0, 0)
        rows.setSpacing(0)
        rows.addLayout(columns, 1)
        rows.addWidget(self.status_bar)
        self.setCentralWidget(central)

    def _show_title(self) -> None:
        """What tells this window from others in the task bar: village, operator, file."""
        parts = (self._village_names, self.workbook.operator, self.workbook.path.name)
        self.setWindowTitle(" · ".join(part for part in parts if part))

    def _add_actions(self) -> None:
        menus = self._menu_bar
        for name, label, shortcut, callback, icon_name, menu in (
            ("palette", "查找或命令", "Ctrl+/", self._show_palette, "search", menus.edit_menu),
            ("go_to_navigation", "到导航", "F6", self._go_to_navigation, "", menus.view_menu),
            ("collapse", "收起导航", "Ctrl+\\", self._toggle_navigation, "fold", menus.view_menu),
            ("lock", "锁定", "Ctrl+L", self.lock, "lock", menus.file_menu),
            ("leave", "关闭工作簿", "Ctrl+W", self.close, "", menus.file_menu),
            ("menus", "菜单", "F10", menus.open_first, "", None),
        ):
            action = self._add_window_action(name, label, shortcut, callback)
            if menu is not None:
                menu.addAction(action)
            if name == "palette":
                # two keys, as an input method may take one of them
                action.setShortcuts([QKeySequence(shortcut), QKeySequence("Ctrl+Shift+P")])
                self._navigation.set_palette_action(action)
            elif icon_name:
                self._navigation.add_action(action, icon_name)
        menus.add_appearance_menu()
        menus.help_menu.addActions(self._help.actions)
        self._navigation.add_action(self._help.actions[0], "help")
        for action in (self._undo_redo.undo_action, self._undo_redo.redo_action):
            self.addAction(action)
            menus.edit_menu.addAction(action)
        self._navigation.set_collapsed(self._navigation.collapsed)

    def _add_window_action(self, name: str, label: str, shortcut: str, callback: Callable[[], object]) -> QAction:
        action = QAction(label, self)
        action.setObjectName(name)
        action.setShortcut(QKeySequence(shortcut))
        action.triggered.connect(lambda: callback())
        self.addAction(action)
        return action

    def _populate_navigation(self) -> None:
        pages: list[tuple[type[Page], QAction]] = []
        for name, page in self._page_classes.items():
            if page.IN_NAVIGATION:
                self._navigation.add_page(name, page.TITLE, page.ICON or name, page.SHORTCUT, page.GROUP, page.TOPIC)
                action = self._add_window_action(f"open_{name}", page.TITLE, page.SHORTCUT, partial(self.open, name))
                self._page_actions[name] = action
                pages.append((page, action))
        self._navigation.finish()
        self._menu_bar.fill_pages_menu(pages)
        for page, action in pages:
            if page.LISTED_WHILE is not None:
                self._set_listed(action.objectName().removeprefix("open_"), listed=False)

    def _update_listed_pages(self) -> None:
        """Pages that the navigation lists only while there is something for them to show."""
        for name, page in self._page_classes.items():
            if page.LISTED_WHILE is not None:
                self.tasks.read(partial(query, self.workbook, page.LISTED_WHILE), partial(self._set_listed, name))

    def _set_listed(self, name: str, listed: bool) -> None:
        self._navigation.set_listed(name, listed)
        self._page_actions[name].setVisible(listed)

    def _make_palette(self) -> CommandPalette:
        sources = palette_sources(
            self.workbook,
            self._page_classes,
            self.open,
            lambda name: self._page_actions[name].isVisible(),
            lambda: self.page(self._current),
            lambda: [action for action in self.actions() if not action.objectName().startswith("open_")],
        )
        return CommandPalette(sources, self.tasks, self)

    def _show_palette(self) -> None:
        field = self._navigation.palette_field
        self._palette.toggle(field.mapTo(self, QPoint(-6, -6)))

    def _go_to_navigation(self) -> None:
        self._navigation.page_tree.setFocus(Qt.FocusReason.ShortcutFocusReason)

    def _on_navigated(self, name: str) -> None:
        if name != self._current:
            self.open(name)

    def page(self, name: str) -> Page:
        """A page, made when it is first asked for."""
        page = self._stack.page_of(name)
        if page is None:
            page = self._stack.add(name, partial(self._make_page, name))
        return page

    def _make_page(self, name: str, holder: QWidget) -> Page:
        tasks = PageTasks(self.tasks, self._page_classes[name])
        shown = (self.status_bar, self.open, self, self.usb_watcher, self.messages, self.close_to)
        page = self._page_classes[name](AppContext(self.workbook, tasks, *shown, holder))
        page.setObjectName(page.objectName() or f"{name}_page")
        limit_actions(page_actions(page), self.workbook)
        return page

    @property
    def current(self) -> str:
        """Name of the page that is shown."""
        return self._current

    @property
    def location(self) -> Location:
        """The page that is shown and what about, to come back to."""
        return self._current, {key: value for key, value in self._params.items() if isinstance(value, str)}

    @property
    def page_names(self) -> list[str]:
        """Names of all pages, in the order of the navigation."""
        return list(self._page_classes)

    def open(self, name: str, **params: Any) -> None:
        """Show a page, telling it what about."""
        if not self._can_leave():
            self._navigation.set_current(self._page_classes[self._current].PARENT or self._current)
            return
        if refused := page_refusal(self._page_classes[name], self.workbook):
            self.status_bar.info(refused)
            self._navigation.set_current(self._page_classes[self._current].PARENT or self._current)
            return
        page = self.page(name)
        self._current, self._params = name, params
        self._navigation.set_current(page.PARENT or name)
        self._page_bar.show_page(page.TITLE, page.visible_actions())
        self._menu_bar.show_page(page)
        self._stack.show_page(name)
        page.open(**params)
        self._stack.release_pages()

    def _open_first_page(self, location: Location | None) -> None:
        """Where the work goes on, unless whoever opened the workbook may not see it."""
        if location is None or page_refusal(self._page_classes[location[0]], self.workbook):
            self.open(next(name for name, page in self._page_classes.items() if page.IN_NAVIGATION))
        if location is not None:
            self.open(location[0], **location[1])

    def _can_leave(self) -> bool:
        return not self._current or self.page(self._current).can_leave()

    def _on_task_started(self, task: RunningTask) -> None:
        if task.title:
            self.status_bar.show_progress(task)
        if task.queue == "write":
            self.status_bar.saving(True)

    def _on_idle(self) -> None:
        self.status_bar.saving(False)

    def _refresh(self, changes: WorkbookChanges) -> None:
        self._undo_redo.refresh()
        self._update_listed_pages()
        if self.workbook.path != self._shown_path:
            self._announce_rescue()
        if changes.touches(AMENDMENT):
            use_overlay(self.workbook.overlay)
            self._stack.forget(self._current)
        self._stack.refresh(self._current, changes)

    def _announce_rescue(self) -> None:
        """Somebody has put a file in the place of the workbook; the work goes on in a copy."""
        message = replaced_message(self._shown_path, self.workbook.path)
        self._shown_path = self.workbook.path
        add_recent(self._shown_path)
        self.status_bar.set_status(self._status_text)
        self._show_title()
        tell(self, "rescued", "工作簿已另存", message)

    def _toggle_navigation(self) -> None:
        self._navigation.set_collapsed(not self._navigation.collapsed)

    def lock(self) -> None:
        """Close the workbook whatever stands in the window; open dialogs are given up."""
        self.is_locked = True
        for dialog in QApplication.topLevelWidgets():
            if isinstance(dialog, QDialog) and dialog.isVisible():
                dialog.reject()
        # the dialogs' own event loops end first
        QTimer.singleShot(0, self.close)

    def close_to(self, step: str) -> None:
        """Close the workbook for what is done with a closed one: `step` is the name of the start window's action."""
        self.after_close = step
        if not self.close():
            self.after_close = ""

    def dragEnterEvent(self, event: QDragEnterEvent) -> None:
        if any(Path(url.toLocalFile()).suffix.lower() in DROP_TARGETS for url in event.mimeData().urls()):
            event.acceptProposedAction()

    def dropEvent(self, event: QDropEvent) -> None:
        if self.open_files([Path(url.toLocalFile()) for url in event.mimeData().urls()]):
            event.acceptProposedAction()

    def open_files(self, paths: Sequence[Path]) -> bool:
        """All files for the page that the first one is for; a page that takes one only gets the first.

        Returns whether there is one for any page.
        """
        known = [path for path in paths if path.suffix.lower() in DROP_TARGETS]
        if known:
            page = DROP_TARGETS[known[0].suffix.lower()]
            accepted = tuple(path for path in known if DROP_TARGETS[path.suffix.lower()] == page)
            self.open(page, path=accepted[0], paths=accepted)
        return bool(known)

    def _announce_usb_drive(self, drive: UsbDrive) -> None:
        """On the exchange page its own bar says so."""
        if drive.new_files and self._current != "sync":
            shortcut = next(action.shortcut() for action in self.actions() if action.objectName() == "open_sync")
            self.status_bar.offer(
                drive.message, f"查看（{display_text(shortcut)}）", lambda: self.open("sync", stick=True)
            )

    def _can_close(self) -> bool:
        """Not while something typed is refused, and not in the middle of long work without asking. A lock asks nobody:
        what was refused is not saved, as if it had never been left."""
        can_leave = self._can_leave()
        if self.is_locked:
            return True
        if not can_leave:
            return False
        running = "、".join(self.tasks.running_titles)
        if not running:
            return True
        message = f"“{running}”尚未完成。现在关闭将取消该操作，不留下任何改动。"
        question = QuestionDialog(
            self, "askClose", "关闭工作簿", message, choices=(("仍要关闭", bool),), cancel="继续等待", careful=True
        )
        return question.exec() == QuestionDialog.DialogCode.Accepted

    def _finish_tasks(self) -> None:
        """What a page started to save when it was left is saved; what that starts in turn too."""
        for _ in range(5):
            self.tasks.close()
            QApplication.processEvents(QEventLoop.ProcessEventsFlag.ExcludeUserInputEvents)
            if self.tasks.is_idle:
                break
        self.tasks.shutdown()

    def closeEvent(self, event: QCloseEvent) -> None:
        if not self._can_close():
            event.ignore()
            return
        keep_place(self)
        self.auto_lock.stop()
        self.clipboard_guard.clear()
        self._waiting.stop()
        self.usb_watcher.stop()
        self._finish_tasks()
        self._unsubscribe()
        use_overlay(PROGRAM)
        try:
            self.workbook.close()
        except UserError as error:
            self.close_error = error
        event.accept()
        self.closed.emit()
