"""The only place that tells the officer something: saved, refused, what can be undone, how far a long job is."""

from collections.abc import Callable
from functools import partial
from pathlib import Path

from PySide6.QtCore import Qt, QTimer, Signal
from PySide6.QtWidgets import QFrame, QHBoxLayout, QLabel, QProgressBar, QPushButton, QSizePolicy, QWidget

from app.progress import Progress
from ui.shell.desktop import open_in_desktop
from ui.shell.tasks import RunningTask

SAVED_MS, INFO_MS, OFFER_MS = 2500, 6000, 20000
_UNDO_LETTERS = 16  # of the name of what can be undone


class StatusBar(QFrame):
    """The line at the foot of the window: where one is, and in its place for a while what there is to say. It is always
    there, so that nothing moves when something is said. What was said is also kept in `last`, newest last.

    A refusal stays until the next notice or until it is closed; everything else goes by itself.

    Signals:
        undo_requested, redo_requested: by a button
        message_shown: what is said now: "saved", "told" or "refused", and the sentence
    """

    message_shown = Signal(str, str)
    undo_requested = Signal()
    redo_requested = Signal()

    def __init__(self, status: str = "", parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setObjectName("notices")
        self.messages: list[str] = []
        self._message_label, self._status_label, self._saved_label = QLabel(), QLabel(status), QLabel("全部已保存")
        self._undo_button, self._redo_button = QPushButton(), QPushButton()
        self._close_button = QPushButton("确定")
        self._action_buttons = (QPushButton(), QPushButton())
        self._actions: tuple[Callable[[], object], ...] = ()
        self._progress_row = QHBoxLayout()
        self._configure_widgets()
        self._build_layout()
        self._timer = QTimer(self)
        self._timer.setSingleShot(True)
        self._timer.timeout.connect(self._hide)
        self._bar_count = 0
        self.set_undo("", "")
        self._hide()

    def _configure_widgets(self) -> None:
        self._message_label.setObjectName("noticeText")
        self._message_label.setWordWrap(True)
        self._message_label.setAccessibleName("提示")
        self._message_label.setTextInteractionFlags(Qt.TextInteractionFlag.TextSelectableByMouse)
        for button, name, signal in (
            (self._undo_button, "undo", self.undo_requested),
            (self._redo_button, "redo", self.redo_requested),
        ):
            button.setObjectName(name)
            button.setFocusPolicy(Qt.FocusPolicy.NoFocus)  # it has its key, and what is typed elsewhere goes on
            button.clicked.connect(signal)
        for n, button in enumerate(self._action_buttons):
            button.setObjectName("noticeAction" if n == 0 else f"noticeAction{n + 1}")
            button.clicked.connect(partial(self._on_action, n))
        self._close_button.setObjectName("closeNotice")
        self._close_button.setAccessibleName("关闭提示")
        self._close_button.clicked.connect(self._hide)
        for label, name in ((self._status_label, "status"), (self._saved_label, "savedState")):
            label.setObjectName(name)
            label.setProperty("quiet", True)

    def _build_layout(self) -> None:
        row = QHBoxLayout()
        row.setSpacing(10)
        # a small window is not pushed wider by where one is
        self._status_label.setSizePolicy(QSizePolicy.Policy.Ignored, QSizePolicy.Policy.Preferred)
        row.addWidget(self._status_label, 1)
        row.addWidget(self._message_label, 1)
        row.addLayout(self._progress_row)
        for widget in (*self._action_buttons, self._close_button, self._undo_button, self._redo_button):
            row.addWidget(widget)
        row.addWidget(self._saved_label)
        # a button keeps its place while it is hidden, so that the line is always as high as with one
        size_policy = self._undo_button.sizePolicy()
        size_policy.setRetainSizeWhenHidden(True)
        self._undo_button.setSizePolicy(size_policy)
        row.setContentsMargins(16, 3, 16, 3)
        self.setLayout(row)

    def set_status(self, text: str) -> None:
        """What always stands at the end: villages, operator, file."""
        self._status_label.setText(text)

    def saving(self, on: bool) -> None:
        """Whether something is on its way into the file."""
        self._saved_label.setText("正在保存…" if on else "全部已保存")

    def saved(self, text: str = "已保存") -> None:
        """Something was written, and it needs no attention."""
        self._show_message(text, "saved", SAVED_MS)

    def info(self, text: str) -> None:
        """Something to know."""
        self._show_message(text, "told", INFO_MS)

    def error(self, reason: object) -> None:
        """Something was not done; the sentence says what to do. Stays until closed."""
        self._show_message(str(reason), "refused", 0)

    def clear_error(self) -> None:
        """The officer goes at it anew: a refusal of before is no longer of use."""
        if self._close_button.isVisibleTo(self):
            self._hide()

    def set_undo(self, undo: str, redo: str) -> None:
        """What Ctrl+Z and Ctrl+Y would do, by name; "" for nothing."""
        for button, verb, title, key in (
            (self._undo_button, "撤销", undo, "Ctrl+Z"),
            (self._redo_button, "重做", redo, "Ctrl+Y"),
        ):
            short = title if len(title) <= _UNDO_LETTERS else f"{title[: _UNDO_LETTERS - 1]}…"
            button.setText(f"{verb}：{short}" if title else verb)
            button.setToolTip(f"{verb}：{title}（{key}）")
            button.setAccessibleName(f"{verb}：{title}")
            button.setVisible(bool(title))

    def offer(
        self,
        text: str,
        label: str,
        callback: Callable[[], object],
        other: tuple[str, Callable[[], object]] | None = None,
    ) -> None:
        """Something to know, and one or two things to do about it. A refusal that nobody has read yet is not covered
        by it."""
        if self._close_button.isVisibleTo(self):
            return
        self._show_message(text, "told", OFFER_MS)
        offered = [(label, callback), *([other] if other else [])]
        self._actions = tuple(action for _, action in offered)
        for button, (action_label, _) in zip(self._action_buttons, offered, strict=False):
            button.setText(action_label)
            button.setAccessibleName(action_label)
            button.show()

    def written(self, text: str, path: Path) -> None:
        """A file was written: it can be opened, or the folder in which it lies."""
        folder = path if path.is_dir() else path.parent
        if self._close_button.isVisibleTo(self):
            self.info(text)  # beside a refusal that nobody has read yet there is no room for buttons
        elif path.is_dir():
            self.offer(text, "打开文件夹", partial(open_in_desktop, folder))
        else:
            other = ("打开文件夹", partial(open_in_desktop, folder))
            self.offer(text, "打开文件", partial(open_in_desktop, path), other)

    def show_progress(self, task: RunningTask, title: str = "") -> None:
        """A bar for a long task, with its cancel button, until the task ends."""
        bar, row = _TaskProgressBar(task, title or task.title, self._bar_count), self._progress_row
        row.addWidget(bar)
        self._bar_count += 1
        for finished_signal in (task.done, task.failed, task.cancelled):
            finished_signal.connect(partial(self._remove_bar, bar))
        task.cancelled.connect(lambda: self.info(f"已取消：{title or task.title}，没有留下任何改动。"))

    def _remove_bar(self, bar: "_TaskProgressBar", *_: object) -> None:
        self._progress_row.removeWidget(bar)
        bar.deleteLater()
        self._bar_count -= 1

    def _show_message(self, text: str, kind: str, duration_ms: int) -> None:
        self.messages.append(text)
        del self.messages[:-50]
        self.message_shown.emit(kind, text)
        self._hide_actions()
        self._close_button.setVisible(duration_ms == 0)
        self._message_label.setText(text)
        self._apply_kind(kind)
        if duration_ms:
            self._timer.start(duration_ms)
        else:
            self._timer.stop()

    def _on_action(self, n: int) -> None:
        actions = self._actions
        self._hide()
        if n < len(actions):
            actions[n]()

    def _hide_actions(self) -> None:
        self._actions = ()
        for button in self._action_buttons:
            button.hide()

    def _hide(self) -> None:
        self._message_label.clear()
        self._hide_actions()
        self._close_button.hide()
        self._apply_kind("")

    def _apply_kind(self, kind: str) -> None:
        self._message_label.setVisible(bool(kind))
        self._status_label.setVisible(not kind)
        self.setProperty("how", kind)
        self.style().unpolish(self)
        self.style().polish(self)


class _TaskProgressBar(QWidget):
    def __init__(self, task: RunningTask, title: str, other_bars: int) -> None:
        super().__init__()
        self._label = QLabel(title)
        self._title = title
        self._bar = QProgressBar()
        self._bar.setObjectName("progress")
        self._bar.setAccessibleName(title)
        self._bar.setTextVisible(False)
        self._bar.setFixedWidth(160)
        self._bar.setRange(0, 0)
        cancel = QPushButton("取消")
        cancel.setObjectName("cancel")
        cancel.setAccessibleName(f"取消{title}")
        if not other_bars:  # the same key twice would do nothing at all
            cancel.setToolTip("取消（Shift+Esc）")
            cancel.setShortcut("Shift+Esc")
        cancel.clicked.connect(task.cancel)
        cancel.clicked.connect(lambda: cancel.setEnabled(False))
        row = QHBoxLayout(self)
        row.setContentsMargins(0, 0, 0, 0)
        row.addWidget(self._label)
        row.addWidget(self._bar)
        row.addWidget(cancel)
        task.progressed.connect(self._on_progress)

    def _on_progress(self, progress: Progress) -> None:
        self._bar.setRange(0, progress.total)
        self._bar.setValue(progress.done)
        count_text = f" {progress.done}/{progress.total}" if progress.total else ""
        self._label.setText(
            f"{self._title}：{progress.message}{count_text}" if progress.message else f"{self._title}{count_text}"
        )
