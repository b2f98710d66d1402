"""The first window: which workbook, and its passphrase. Loads nothing that is not needed to ask that."""

from collections.abc import Callable
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING, Any

from PySide6.QtCore import Qt, Signal
from PySide6.QtGui import QAction, QCloseEvent
from PySide6.QtWidgets import (
    QFrame,
    QHBoxLayout,
    QLabel,
    QLineEdit,
    QPushButton,
    QStackedWidget,
    QVBoxLayout,
    QWidget,
)

from app.desktop.sample_file import is_sample
from app.errors import DamagedWorkbook, LocalCopyAdvised, LocalCopyNeeded, UserError
from app.progress import Task
from ui.dialogs import opening_tasks
from ui.dialogs.closed_workbook_dialogs import ClosedWorkbookDialogs
from ui.dialogs.message_label import MessageLabel
from ui.dialogs.recent_workbooks import RecentList, add_recent
from ui.dialogs.synchronised_folder import HERE, accept, folder_for_copies, is_accepted
from ui.shell.field_keys import FieldKeys
from ui.shell.tasks import TaskRunner
from ui.shell.theme import dress
from ui.widgets.dialog import fit_on_screen
from ui.widgets.icons import icon
from ui.widgets.large_button import LargeButton
from ui.widgets.question import ask

if TYPE_CHECKING:
    from app.desktop.program import OtherVersion
    from app.workbook.workbook import Workbook

_WAYS = (
    ("newWorkbook", "新建本村工作簿", "add", "填写村名和口令，打印恢复单，再导入农户名册"),
    ("openSample", "打开示例村", "today", "虚构的村，不用口令，可随意练习，不影响本村数据"),
    ("restore", "从备份恢复", "undo", "换了电脑、误删了文件，或文件已损坏"),
)
_FIRST, _DAILY = 0, 1  # pages of the stack


class StartWindow(QWidget):
    """Three ways to begin; once there are workbooks, the recent ones and the passphrase.

    Signals:
        workbook_opened: the open workbook, and what there is to say about it ("" for nothing)
        successor_chosen: another program, and its arguments, that is started when this one has ended
    """

    workbook_opened = Signal(object, str)  # Workbook
    successor_chosen = Signal(str, list)

    def __init__(self) -> None:
        super().__init__()
        self.setObjectName("start")
        dress(self)
        self.setWindowTitle("驻村户档")
        self.resize(820, 500)
        self.tasks = TaskRunner(self.show_error, self)
        self._path: Path | None = None
        self._closed = False
        self._field_keys = FieldKeys(self)
        self._dialogs = ClosedWorkbookDialogs(self, self._on_opened)
        self._held_actions = {
            name: self._make_action(name, text, shortcut, callback)
            for name, text, shortcut, callback in (
                ("openFile", "打开…", "Ctrl+O", self._choose_file),
                ("newWorkbook", "新建…", "Ctrl+N", self._dialogs.create),
                ("openSample", "打开示例村", "Ctrl+E", self.open_sample),
                ("restore", "从备份恢复…", "Ctrl+R", lambda: self._dialogs.restore(self._path)),
                ("rescue", "抢救损坏的工作簿…", "Ctrl+Shift+R", self._rescue),
                ("renewKey", "换密钥…", "Ctrl+K", lambda: self._dialogs.renew_key(self._path)),
                ("manual", "使用手册", "F1", self._show_manual),
                ("about", "关于", "", self._show_about),
            )
        }
        self._stack = QStackedWidget()
        self._stack.addWidget(self._build_first_page())
        self._stack.addWidget(self._build_daily_page())
        self._message_label = MessageLabel("refusal")
        layout = QVBoxLayout(self)
        layout.setContentsMargins(36, 28, 36, 20)
        layout.setSpacing(8)
        layout.addWidget(self._stack, 1)
        layout.addWidget(self._message_label)
        layout.addLayout(self._build_foot())
        self._reload_recent()
        fit_on_screen(self)

    # --- what it looks like ------------------------------------------------------------------------------------------

    def _make_action(self, name: str, text: str, shortcut: str, callback: Callable[[], object]) -> QAction:
        action = QAction(text, self)
        action.setObjectName(f"{name}Action")
        action.setShortcut(shortcut)
        action.triggered.connect(lambda: callback())
        self.addAction(action)
        return action

    def _make_button(self, name: str, icon_name: str = "", flat: bool = False) -> QPushButton:
        """A button that does what an action does; the action has the key."""
        action = self._held_actions[name]
        button = QPushButton(icon(icon_name), action.text()) if icon_name else QPushButton(action.text())
        button.setObjectName(name)
        button.setAccessibleName(action.text())
        if key := action.shortcut().toString():
            button.setToolTip(f"{action.text()}（{key}）")
        button.setProperty("flat", flat)
        button.setProperty("withIcon", bool(icon_name))  # whose line is ink: not filled when Enter presses it
        button.setAutoDefault(True)
        button.clicked.connect(action.trigger)
        return button

    def _make_title(self) -> QVBoxLayout:
        layout = QVBoxLayout()
        layout.setSpacing(6)
        title = QLabel("驻村户档")
        title.setProperty("title", True)
        subtitle = QLabel("一村一簿，一户一档。数据加密存放在本机，不联网。")
        subtitle.setProperty("quiet", True)
        subtitle.setWordWrap(True)
        layout.addWidget(title)
        layout.addWidget(subtitle)
        return layout

    def _build_first_page(self) -> QWidget:
        page = QWidget()
        layout = QVBoxLayout(page)
        layout.setContentsMargins(0, 0, 0, 0)
        layout.setSpacing(12)
        layout.addLayout(self._make_title())
        layout.addSpacing(8)
        self._ways = [LargeButton(f"first_{name}", *texts) for name, *texts in _WAYS]
        self._new_way, self._sample_way, _ = self._ways
        for button, (name, *_) in zip(self._ways, _WAYS, strict=True):
            button.clicked.connect(self._held_actions[name].trigger)
            layout.addWidget(button)
        open_button = self._make_button("openFile", "open", flat=True)
        open_button.setObjectName("firstOpen")
        open_button.setText("打开已有的工作簿…")
        others = QHBoxLayout()
        others.addWidget(open_button)
        rescue_button = self._make_button("rescue", "part", flat=True)
        rescue_button.setObjectName("firstRescue")
        others.addWidget(rescue_button)
        others.addStretch()
        layout.addLayout(others)
        layout.addStretch()
        return page

    def _build_daily_page(self) -> QWidget:
        page = QWidget()
        layout = QHBoxLayout(page)
        layout.setContentsMargins(0, 0, 0, 0)
        layout.setSpacing(32)
        layout.addLayout(self._build_recent_panel(), 1)
        layout.addWidget(self._build_unlock_panel(), 1)
        return page

    def _build_recent_panel(self) -> QVBoxLayout:
        layout = QVBoxLayout()
        layout.setSpacing(10)
        layout.addLayout(self._make_title())
        layout.addSpacing(6)
        label = QLabel("最近的工作簿(&L)")
        layout.addWidget(label)
        self._recent_list = RecentList()
        self._recent_list.currentItemChanged.connect(lambda *_: self._set_path(self._recent_list.current_path()))
        self._recent_list.itemActivated.connect(lambda _: self._passphrase_edit.setFocus())
        label.setBuddy(self._recent_list)
        layout.addWidget(self._recent_list, 1)
        buttons = QHBoxLayout()
        buttons.setSpacing(8)
        for name, icon_name in (("openFile", "open"), ("newWorkbook", "add"), ("openSample", "today")):
            buttons.addWidget(self._make_button(name, icon_name))
        layout.addLayout(buttons)
        return layout

    def _build_unlock_panel(self) -> QFrame:
        card = QFrame()
        card.setProperty("card", True)
        layout = QVBoxLayout(card)
        layout.setContentsMargins(28, 28, 28, 16)
        layout.setSpacing(10)
        lock_icon = QLabel()
        lock_icon.setPixmap(icon("lock", "accent").pixmap(40, 40))
        layout.addWidget(lock_icon, 0, Qt.AlignmentFlag.AlignHCenter)
        self._name_label = QLabel()
        self._name_label.setObjectName("chosenName")
        self._name_label.setAlignment(Qt.AlignmentFlag.AlignHCenter)
        self._name_label.setWordWrap(True)
        self._name_label.setProperty("heading", True)
        layout.addWidget(self._name_label)
        label = QLabel("口令或恢复码(&P)")
        layout.addWidget(label)
        self._passphrase_edit = QLineEdit()
        self._passphrase_edit.setObjectName("passphrase")
        self._passphrase_edit.setAccessibleName("口令或恢复码")
        self._passphrase_edit.setEchoMode(QLineEdit.EchoMode.Password)
        self._passphrase_edit.returnPressed.connect(self.unlock)
        label.setBuddy(self._passphrase_edit)
        layout.addWidget(self._passphrase_edit)
        self._unlock_button = QPushButton("打开")
        self._unlock_button.setObjectName("unlock")
        self._unlock_button.setAccessibleName("打开工作簿")
        self._unlock_button.setProperty("primary", True)
        self._unlock_button.clicked.connect(self.unlock)
        layout.addWidget(self._unlock_button)
        layout.addStretch()
        for name, icon_name in (("restore", "undo"), ("rescue", "part"), ("renewKey", "lock")):
            layout.addWidget(self._make_button(name, icon_name, flat=True), 0, Qt.AlignmentFlag.AlignHCenter)
        return card

    def _build_foot(self) -> QHBoxLayout:
        foot = QHBoxLayout()
        self._newer_button = QPushButton()
        self._newer_button.setObjectName("useNewer")
        self._newer_button.hide()
        foot.addWidget(self._newer_button)
        foot.addStretch()
        for name in ("manual", "about"):
            foot.addWidget(self._make_button(name, flat=True))
        return foot

    # --- which workbook ----------------------------------------------------------------------------------------------

    def _reload_recent(self) -> None:
        self._recent_list.reload()
        self._set_path(self._recent_list.current_path())

    def select(self, path: Path) -> None:
        """Make this workbook the one to open; the sample village is opened by its own button."""
        if is_sample(path):
            return
        if path.is_file():
            add_recent(path)
            self._reload_recent()
        self._set_path(path)

    def _set_path(self, path: Path | None) -> None:
        self._path = path
        self._stack.setCurrentIndex(_FIRST if path is None else _DAILY)
        self._name_label.setText(path.stem if path else "")
        self._passphrase_edit.setEnabled(path is not None)
        self._unlock_button.setEnabled(path is not None)
        self._message_label.clear()
        (self._passphrase_edit if path else self._new_way).setFocus()

    def unlock(self) -> None:
        """Open the chosen workbook with what was typed."""
        if self._path is not None and self._unlock_button.isEnabled():
            secret, despite = self._passphrase_edit.text(), is_accepted(self._path)
            self._run_task(opening_tasks.unlock_workbook(self._path, secret, despite))

    def open_sample(self) -> None:
        """Open the fictional village, made on first use among the program's own data."""
        self._run_task(opening_tasks.open_sample_workbook())

    def back_up(self, path: Path) -> None:
        """A backup of the workbook that was just closed. In one piece: a program that is closed now ends it first."""
        from app.workbook.backup import back_up_closed
        from app.workbook.second_backup import copy_to_second_folder

        self.tasks.start(
            lambda: copy_to_second_folder(path, back_up_closed(path)),
            lambda note: self.show_note(note) if note else None,
            failed=lambda error: self._message_label.warn(str(error)),
        )

    def closeEvent(self, event: QCloseEvent) -> None:
        self._closed = True
        self.tasks.close()
        super().closeEvent(event)

    def _run_task(self, task: "Task[Any]") -> None:
        self._set_busy(True)
        self._message_label.clear()
        self.tasks.start(task, self._on_opened, lambda progress: self._show_progress(f"{progress.message}…"))

    def _show_progress(self, text: str) -> None:
        if self._stack.currentIndex() == _DAILY:
            self._unlock_button.setText(text)
        else:
            self._message_label.say(text)

    def _set_busy(self, on: bool) -> None:
        if on:
            self.setFocus()  # else the next button that can be pressed has it, and a second Enter would press that
        for widget in (self._unlock_button, self._passphrase_edit, self._recent_list, *self._ways):
            widget.setEnabled(not on)
        if not on:
            self._unlock_button.setText("打开")

    def _on_opened(self, workbook: "Workbook", note: str = "") -> None:
        if self._closed:  # the officer went while it was being opened
            workbook.close()
            return
        self._passphrase_edit.clear()
        self._set_busy(False)
        add_recent(workbook.path)
        self._reload_recent()
        self.workbook_opened.emit(workbook, note)

    def _offer_local_copy(self, path: Path, reason: LocalCopyNeeded) -> None:
        """A workbook on a share, a write-protected stick or in a synchronised folder: a copy among the officer's own
        documents can be opened; in a synchronised folder it can be opened itself, too."""
        folder = folder_for_copies()
        details = f"现在复制到“{folder}”并打开吗？以后请在这台电脑上打开复制的文件；它与原文件的内容通过数据包交换。"
        secret = self._passphrase_edit.text()
        choices = [("复制并打开", lambda: self._run_task(opening_tasks.open_local_copy(path, folder, secret)))]
        if isinstance(reason, LocalCopyAdvised):
            choices.append((HERE, lambda: self._open_there(path)))
        ask(self, "askLocalCopy", "复制到本机", str(reason), details, choices=choices)

    def _open_there(self, path: Path) -> None:
        accept(path)
        self.unlock()

    def show_error(self, error: UserError) -> None:
        """What went wrong with the workbook that was to be opened, or that was closed last."""
        if isinstance(error, LocalCopyNeeded) and self._path is not None:
            self._offer_local_copy(self._path, error)
        elif isinstance(error, DamagedWorkbook):
            self._dialogs.offer_repair(self._path, self._passphrase_edit.text(), str(error))
        self._set_busy(False)
        self._message_label.warn(str(error))
        if self._path is not None:
            self._passphrase_edit.selectAll()
            self._passphrase_edit.setFocus()

    def show_locked(self, path: Path) -> None:
        """Why this workbook was closed, ready to be opened again; the sample village has a button instead."""
        self._message_label.say("已锁定。填得合规的都已保存，打开后回到刚才那一页。")
        if self._path is None and is_sample(path):
            self._sample_way.setFocus()

    def show_note(self, text: str) -> None:
        """Something to know before a workbook is opened."""
        self._message_label.warn(text)

    # --- dialogs -----------------------------------------------------------------------------------------------------

    def _choose_file(self) -> None:
        from ui.widgets.file_choice import WORKBOOK_FILTER, open_file_name

        name = open_file_name(self, "打开工作簿", "", f"{WORKBOOK_FILTER};;所有文件 (*)")
        if name and is_sample(Path(name)):
            self.open_sample()
        elif name:
            self.select(Path(name))

    def begin(self, step: str) -> None:
        """Go on with what the window was closed for: the name of one of the actions here."""
        self._held_actions[step].trigger()

    def _rescue(self) -> None:
        self._dialogs.rescue(self._path, self._passphrase_edit.text())

    def _show_manual(self) -> None:
        from ui.help.manual_window import show_manual

        show_manual("01-安装与打开", self)

    def _show_about(self) -> None:
        from ui.help.about_dialog import AboutDialog

        AboutDialog(None, self).open()

    # --- after the first window --------------------------------------------------------------------------------------

    def look_for_newer(self) -> None:
        """Offer a newer version of the program that was put beside this one."""
        from app.desktop.program import newer_beside, program_folder, version

        self.tasks.start(partial(newer_beside, program_folder(), version()), self._offer_newer, queue="read")

    def _offer_newer(self, newer: "OtherVersion | None") -> None:
        if newer is not None:
            self._newer_button.setText(f"旁边有新版本（{newer.version}），改用新版本")
            self._newer_button.clicked.connect(lambda: self._use_newer(newer.executable))
            self._newer_button.show()

    def _use_newer(self, executable: Path) -> None:
        """The newer program takes over; it finds settings and workbooks where they are."""
        self.successor_chosen.emit(str(executable), [str(self._path)] if self._path is not None else [])
        self.close()

    def register_file_types(self, executable: Path) -> None:
        """Let double clicks open this program. The desktop may refuse: then files are opened from within."""
        from app.desktop.association import register

        self.tasks.start(partial(register, executable), failed=lambda _: None, queue="read")
