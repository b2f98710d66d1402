"""The command palette: type some characters or pinyin initials, go down, Enter."""

from collections.abc import Sequence
from functools import partial

from PySide6.QtCore import QEvent, QModelIndex, QObject, QPersistentModelIndex, QPoint, QRect, QSize, Qt, QTimer
from PySide6.QtGui import QColor, QFocusEvent, QFont, QFontMetrics, QKeyEvent, QPainter
from PySide6.QtWidgets import (
    QApplication,
    QFrame,
    QLineEdit,
    QListWidget,
    QListWidgetItem,
    QStyle,
    QStyledItemDelegate,
    QStyleOptionViewItem,
    QVBoxLayout,
    QWidget,
)

from ui.shell.palette_sources import PaletteEntry, PaletteSource, match_rank
from ui.shell.tasks import RunningTask, TaskRunner
from ui.shell.theme import tokens

WIDTH, MOST_HEIGHT, MARGIN = 560, 460, 8  # pixels
SEARCH_MS = 120  # after the last key
_ENTRY_ROLE = Qt.ItemDataRole.UserRole
_ROW, _HEADING = 30, 24
_MOVES = {Qt.Key.Key_Up: -1, Qt.Key.Key_Down: 1, Qt.Key.Key_PageUp: -8, Qt.Key.Key_PageDown: 8}
_RUN_KEYS = (Qt.Key.Key_Return, Qt.Key.Key_Enter)


class CommandPalette(QFrame):
    """Lies over the window, never outside it. The keyboard stays in its field; Esc gives it back to where it was."""

    def __init__(self, sources: Sequence[PaletteSource], tasks: TaskRunner, window: QWidget) -> None:
        super().__init__(window)
        self._window = window
        self.setObjectName("palette")
        self.hide()
        self._sources, self._tasks = sources, tasks
        self._searches: list[RunningTask] = []
        self._found: dict[int, Sequence[PaletteEntry]] = {}
        self._order: list[int] = []
        self._previous_focus: QWidget | None = None
        self._serial, self._outstanding, self._run_first = 0, 0, False
        self.field, self.results = QLineEdit(), QListWidget()
        self.field.setObjectName("paletteSearch")
        self.field.setAccessibleName("查找或命令")
        self.field.setPlaceholderText("农户、页面、命令、台账记录；汉字或拼音首字母")
        self.field.textChanged.connect(self._on_typed)
        self.field.installEventFilter(self)
        self.results.setObjectName("paletteResults")
        self.results.setAccessibleName("查找结果")
        self.results.setFocusPolicy(Qt.FocusPolicy.NoFocus)
        self.results.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self.results.setItemDelegate(_EntryDelegate(self.results))
        self.results.itemClicked.connect(self._run)
        self.results.currentItemChanged.connect(self._announce)
        layout = QVBoxLayout(self)
        layout.setContentsMargins(6, 6, 6, 6)
        layout.setSpacing(4)
        layout.addWidget(self.field)
        layout.addWidget(self.results)
        self._timer = QTimer(self)
        self._timer.setSingleShot(True)
        self._timer.setInterval(SEARCH_MS)
        self._timer.timeout.connect(self._search)

    def toggle(self, corner: QPoint) -> None:
        """Show it with its corner there (in the window's pixels), or hide it if it is shown."""
        if self.isVisible():
            self.dismiss()
            return
        self._previous_focus = QApplication.focusWidget()
        self._corner = corner
        self.field.clear()
        self._on_typed("")
        self.show()
        self.raise_()
        self.field.setFocus(Qt.FocusReason.ShortcutFocusReason)

    def dismiss(self) -> None:
        """Hide it and give the keyboard back."""
        self._stop_searching()
        had_focus = self.field.hasFocus()
        previous, self._previous_focus = self._previous_focus, None
        self.hide()
        if had_focus and previous is not None and previous.isVisible():
            previous.setFocus(Qt.FocusReason.OtherFocusReason)

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        """Keys of the list go to the list although the field has the keyboard; the page's own keys wait."""
        if isinstance(event, QFocusEvent) and event.lostFocus():
            if event.reason() not in (Qt.FocusReason.PopupFocusReason, Qt.FocusReason.ActiveWindowFocusReason):
                QTimer.singleShot(0, self._dismiss_if_left)
            return False
        if not isinstance(event, QKeyEvent) or event.modifiers() & ~Qt.KeyboardModifier.KeypadModifier:
            return False
        if event.key() not in (*_MOVES, *_RUN_KEYS, Qt.Key.Key_Escape):
            return False
        if event.type() == QEvent.Type.ShortcutOverride:
            event.accept()
        elif event.type() == QEvent.Type.KeyPress:
            self._handle_key(event.key())
        return True

    def _dismiss_if_left(self) -> None:
        if self.isVisible() and not self.field.hasFocus():
            self.dismiss()

    def _handle_key(self, key: int) -> None:
        if key == Qt.Key.Key_Escape:
            self.dismiss()
        elif key in _RUN_KEYS:
            item = self.results.currentItem()
            if item is not None:
                self._run(item)
            else:
                self._run_first = True  # whoever types fast does not wait for the search
        else:
            self._move(_MOVES[Qt.Key(key)])

    def _move(self, step: int) -> None:
        rows = [n for n in range(self.results.count()) if self.results.item(n).data(_ENTRY_ROLE) is not None]
        if rows:
            here = rows.index(self.results.currentRow()) if self.results.currentRow() in rows else 0
            self.results.setCurrentRow(rows[max(0, min(len(rows) - 1, here + step))])

    def _run(self, item: QListWidgetItem) -> None:
        entry: PaletteEntry | None = item.data(_ENTRY_ROLE)
        if entry is not None:
            self.dismiss()
            entry.run()

    def _announce(self, item: QListWidgetItem | None) -> None:
        """A screen reader follows the field, which has the keyboard."""
        self.field.setAccessibleDescription(item.text() if item is not None else "")

    def _on_typed(self, _: str) -> None:
        self._stop_searching()
        typed = self.field.text().strip()
        self._found = {n: source.find(typed) for n, source in enumerate(self._sources)}
        # those with the better match first; what is found later comes at the end, so that nothing jumps
        ranks = {n: match_rank(typed, entries[0]) or 0 for n, entries in self._found.items() if entries}
        self._order = sorted(self._found, key=lambda n: (n not in ranks, ranks.get(n, 0), n))
        self._outstanding = bool(typed)
        self._show_found()
        if typed:
            self._timer.start()

    def _stop_searching(self) -> None:
        self._timer.stop()
        self._serial += 1
        self._run_first = False
        for running_task in self._searches:
            running_task.cancel()
        self._searches.clear()

    def _search(self) -> None:
        typed = self.field.text().strip()
        for n, source in enumerate(self._sources):
            task = source.search(typed)
            if task is not None:
                done = partial(self._on_found, self._serial, n)
                self._searches.append(self._tasks.start(task, done, queue="read"))
        self._outstanding = len(self._searches)

    def _on_found(self, serial: int, source: int, entries: Sequence[PaletteEntry]) -> None:
        if serial != self._serial or not self.isVisible():
            return  # an answer to what is no longer asked
        self._outstanding -= 1
        self._found[source] = [*self._found[source], *entries]
        self._show_found()
        item = self.results.currentItem()
        if self._run_first and item is not None:
            self._run(item)

    def _show_found(self) -> None:
        """The line the officer went to stays the current one while more is found."""
        current = self.results.currentItem()
        chosen: PaletteEntry | None = (
            current.data(_ENTRY_ROLE) if current is not None and self.results.currentRow() > 1 else None
        )
        self.results.clear()
        for n in self._order:
            if self._found.get(n):
                heading = QListWidgetItem(self._sources[n].heading, self.results)
                heading.setFlags(Qt.ItemFlag.NoItemFlags)
                for entry in self._found[n]:
                    item = QListWidgetItem(" ".join(filter(None, (entry.title, entry.subtitle, entry.key))))
                    item.setData(_ENTRY_ROLE, entry)
                    self.results.addItem(item)
                    if entry is chosen:
                        self.results.setCurrentItem(item)
        if self.results.currentItem() is None and self.results.count():
            self.results.setCurrentRow(1)
        if not self.results.count():
            nothing = QListWidgetItem("正在查找…" if self._outstanding else "没有找到", self.results)
            nothing.setFlags(Qt.ItemFlag.NoItemFlags)
        self._place()

    def _place(self) -> None:
        """As high as what was found, as far as the window goes."""
        room = self._window.rect().adjusted(MARGIN, MARGIN, -MARGIN, -MARGIN)
        rows = sum(self.results.sizeHintForRow(n) for n in range(self.results.count()))
        height = self.field.sizeHint().height() + 16 + rows + 2 * self.results.frameWidth() + 4
        corner = QPoint(max(self._corner.x(), room.left()), max(self._corner.y(), room.top()))
        size = QSize(min(WIDTH, room.right() - corner.x()), min(height, MOST_HEIGHT, room.bottom() - corner.y()))
        self.setGeometry(QRect(corner, size))


class _EntryDelegate(QStyledItemDelegate):
    """Title, beside it what tells it from others, at the right its key."""

    def sizeHint(self, option: QStyleOptionViewItem, index: QModelIndex | QPersistentModelIndex) -> QSize:
        return QSize(0, _ROW if index.data(_ENTRY_ROLE) is not None else _HEADING)

    def paint(
        self, painter: QPainter, option: QStyleOptionViewItem, index: QModelIndex | QPersistentModelIndex
    ) -> None:
        t = tokens()
        entry: PaletteEntry | None = index.data(_ENTRY_ROLE)
        small = QFont(option.font)
        small.setPixelSize(12)
        rect: QRect = option.rect.adjusted(2, 0, -2, 0)
        text_rect = rect.adjusted(8, 0, -8, 0)
        middle, right = (
            int(Qt.AlignmentFlag.AlignVCenter),
            int(Qt.AlignmentFlag.AlignVCenter | Qt.AlignmentFlag.AlignRight),
        )
        painter.save()
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        if entry is None:
            painter.setFont(small)
            painter.setPen(QColor(t.quiet))
            painter.drawText(text_rect, middle, str(index.data()))
            painter.restore()
            return
        selected = bool(option.state & QStyle.StateFlag.State_Selected)
        if selected:
            painter.setPen(Qt.PenStyle.NoPen)
            painter.setBrush(QColor(t.selection))
            painter.drawRoundedRect(rect, 6, 6)
        painter.setPen(QColor(t.ink))
        painter.drawText(text_rect, middle, entry.title)
        title_width = QFontMetrics(option.font).horizontalAdvance(entry.title)
        painter.setFont(small)
        painter.setPen(QColor(t.ink if selected else t.quiet))
        painter.drawText(text_rect, right, entry.key)
        key_width = QFontMetrics(small).horizontalAdvance(entry.key)
        subtitle_rect = text_rect.adjusted(title_width + 12, 0, -key_width - 12, 0)
        elided = QFontMetrics(small).elidedText(entry.subtitle, Qt.TextElideMode.ElideRight, subtitle_rect.width())
        painter.drawText(subtitle_rect, middle, elided)
        painter.restore()
