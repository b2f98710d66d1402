"""The index at the left of the household's page: its parts in groups, each with what is in it."""

from collections.abc import Mapping

from PySide6.QtCore import QModelIndex, QPersistentModelIndex, QRect, QSize, Qt, Signal
from PySide6.QtGui import QFontMetrics, QKeyEvent, QPainter
from PySide6.QtWidgets import QListWidget, QListWidgetItem, QStyle, QStyledItemDelegate, QStyleOptionViewItem, QWidget

from app.dashboard.household_counts import PartCount
from ui.household.household_part import PART_GROUPS, HouseholdPart
from ui.shell.theme import tokens
from ui.widgets.chip_painter import paint_chip
from ui.widgets.line_painter import paint_ground, paint_heading, paint_title

FOLDED_GROUP, MOST_EMPTY = "台账", 6  # where more parts are empty, they fold to one line until they are asked for
_NAME_ROLE = Qt.ItemDataRole.UserRole
_COUNT_ROLE = Qt.ItemDataRole.UserRole + 1  # PartCount, None where there is nothing
_ROW, _HEADING = 27, 24  # pixels
_WIDTH = 12  # characters: the longest usual title and its count

Index = QModelIndex | QPersistentModelIndex


class PartIndex(QListWidget):
    """Up and down go from part to part and open each; Enter gives the keyboard to the part, and unfolds empty ones.

    Signals:
        part_selected: name of the part the officer went to
        part_entered: Enter was pressed on the current part
    """

    part_selected = Signal(str)
    part_entered = Signal()

    def __init__(self, parts: Mapping[str, type[HouseholdPart]], parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setObjectName("household_index")
        self.setAccessibleName("户档目录")
        self.setItemDelegate(_PartDelegate(self))
        self.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self.setFixedWidth(max(168, _WIDTH * self.fontMetrics().horizontalAdvance("字")))
        self._items: dict[str, QListWidgetItem] = {}
        self._groups = {name: part.GROUP for name, part in parts.items()}
        self._tool_tips = {name: f"{part.TITLE}（Alt+{part.KEY}）" for name, part in parts.items()}
        self._open_name, self._unfolded = "", False
        for group in PART_GROUPS:
            self._add_group(group, {name: part.TITLE for name, part in parts.items() if group == part.GROUP})
        self.set_counts({})
        self.currentItemChanged.connect(self._on_current_changed)
        self.itemClicked.connect(self._on_clicked)

    def _add_group(self, group: str, titles: Mapping[str, str]) -> None:
        if group and titles:
            QListWidgetItem(group, self).setFlags(Qt.ItemFlag.NoItemFlags)
        for name, title in titles.items():
            item = self._items[name] = QListWidgetItem(title, self)
            item.setData(_NAME_ROLE, name)
        if group == FOLDED_GROUP:
            self._fold_item = QListWidgetItem(self)

    @property
    def names(self) -> list[str]:
        """Of all parts, from top to bottom."""
        return list(self._items)

    def mark(self, name: str) -> None:
        """Show which part is open, without a signal."""
        self._open_name = name
        self.blockSignals(True)
        self.setCurrentItem(self._items[name])
        self.blockSignals(False)
        self._fold()

    def neighbour(self, offset: int) -> str:
        """The part so many lines below the open one that is not folded away, the last or first one at the end."""
        visible = [name for name, item in self._items.items() if not item.isHidden()]
        at = visible.index(self._open_name) + offset
        return visible[max(0, min(len(visible) - 1, at))]

    def set_counts(self, counts: Mapping[str, PartCount | None]) -> None:
        """What is in each part; parts that are not named hold nothing."""
        for name, item in self._items.items():
            count = counts.get(name)
            item.setData(_COUNT_ROLE, count)
            told = count.description or count.text if count is not None else ""
            item.setToolTip("\n".join(filter(None, (self._tool_tips[name], told))))
            item.setData(Qt.ItemDataRole.AccessibleTextRole, "，".join(filter(None, (item.text(), told))))
        self._fold()

    def _fold(self) -> None:
        """Empty registers are one line where they are many; the part that is open is never folded away."""
        of_group = [name for name, group in self._groups.items() if group == FOLDED_GROUP]
        empty = [name for name in of_group if self.count_of(name) is None and name != self._open_name]
        folds = len(empty) > MOST_EMPTY
        for name in of_group:
            self._items[name].setHidden(folds and not self._unfolded and name in empty)
        self._fold_item.setText("收起无记录的" if self._unfolded else f"无记录的 {len(empty)} 种…")
        self._fold_item.setHidden(not folds)

    def count_of(self, name: str) -> PartCount | None:
        """What stands beside a part."""
        count: PartCount | None = self._items[name].data(_COUNT_ROLE)
        return count

    def keyPressEvent(self, event: QKeyEvent) -> None:
        if event.key() not in (Qt.Key.Key_Return, Qt.Key.Key_Enter, Qt.Key.Key_Right):
            super().keyPressEvent(event)
        elif self.currentItem() is self._fold_item:
            self._toggle_fold()
        else:
            self.part_entered.emit()

    def _on_clicked(self, item: QListWidgetItem) -> None:
        if item is self._fold_item:
            self._toggle_fold()

    def _toggle_fold(self) -> None:
        self._unfolded = not self._unfolded
        self._fold()

    def _on_current_changed(self, item: QListWidgetItem | None) -> None:
        if item is not None and item is not self._fold_item:
            self.part_selected.emit(item.data(_NAME_ROLE))


class _PartDelegate(QStyledItemDelegate):
    """A heading small and quiet; a part with its count at the right, marked while it is open."""

    def sizeHint(self, option: QStyleOptionViewItem, index: Index) -> QSize:
        height = QFontMetrics(option.font).height()
        return QSize(0, max(_ROW, height + 6) if _is_line(index) else max(_HEADING, height + 2))

    def paint(self, painter: QPainter, option: QStyleOptionViewItem, index: Index) -> None:
        painter.save()
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        rect = option.rect.adjusted(2, 1, -2, -1)
        if _is_line(index):
            self._paint_part(painter, rect, option, index)
        else:
            paint_heading(painter, rect.adjusted(8, 4, 0, 0), option.font, str(index.data()))
        painter.restore()

    def _paint_part(self, painter: QPainter, rect: QRect, option: QStyleOptionViewItem, index: Index) -> None:
        t, is_open = tokens(), bool(option.state & QStyle.StateFlag.State_Selected)
        has_focus, hovered = (
            bool(option.state & flag) for flag in (QStyle.StateFlag.State_HasFocus, QStyle.StateFlag.State_MouseOver)
        )
        paint_ground(painter, rect, is_open=is_open, has_focus=has_focus and is_open, hovered=hovered)
        count: PartCount | None = index.data(_COUNT_ROLE)
        chip_width = paint_chip(painter, rect, option.font, count.text, count.urgency) if count is not None else 0
        text_rect, colour = rect.adjusted(8, 0, -chip_width - 4, 0), t.ink if index.data(_NAME_ROLE) else t.quiet
        paint_title(painter, text_rect, option.font, str(index.data()), colour, is_open=is_open)


def _is_line(index: Index) -> bool:
    """Whether it is a part, or unfolds some: not a heading."""
    return bool(index.flags() & Qt.ItemFlag.ItemIsSelectable)
