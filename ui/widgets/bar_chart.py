"""A chart as a list of bars: arrows move from bar to bar, Enter or a click opens what stands behind one."""

from collections.abc import Sequence
from dataclasses import dataclass

from PySide6.QtCore import QModelIndex, QPersistentModelIndex, QRect, QSize, Qt, Signal
from PySide6.QtGui import QColor, QFontMetrics, QKeyEvent, QPainter
from PySide6.QtWidgets import QListWidget, QListWidgetItem, QStyle, QStyledItemDelegate, QStyleOptionViewItem

from ui.shell.theme import tokens
from ui.widgets.line_painter import paint_ground

_BAR_ROLE = Qt.ItemDataRole.UserRole
_GAP, _BAR_HEIGHT, _LEAST_BAR, _SPARE = 8, 12, 2, 4  # pixels
_LABEL_SHARE = 0.45  # of the width, at the most

Index = QModelIndex | QPersistentModelIndex


@dataclass(frozen=True, slots=True)
class BarRow:
    """One bar: its label, how long it is of the longest (0 to 1), and its value as people read it."""

    label: str
    share: float
    text: str


class BarChart(QListWidget):
    """Signals:
    bar_activated: number of the bar that was chosen by Enter or a click
    """

    bar_activated = Signal(int)

    def __init__(self, name: str, title: str) -> None:
        super().__init__()
        self.setObjectName(name)
        self.setAccessibleName(title)
        self.setMouseTracking(True)
        self.setFrameShape(QListWidget.Shape.NoFrame)
        self.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self.setVerticalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self.setItemDelegate(_BarDelegate(self))
        self.itemClicked.connect(lambda item: self.bar_activated.emit(self.row(item)))

    def show_bars(self, bars: Sequence[BarRow]) -> None:
        """What is read aloud of each is its label and value."""
        current = max(0, self.currentRow())
        self.clear()
        for bar in bars:
            item = QListWidgetItem(f"{bar.label}：{bar.text}", self)
            item.setToolTip(f"{bar.label}：{bar.text}。按回车看这些户")
            item.setData(_BAR_ROLE, bar)
        self.setCurrentRow(min(current, self.count() - 1))
        self.setFixedHeight(sum(self.sizeHintForRow(n) for n in range(self.count())) + 4)

    def keyPressEvent(self, event: QKeyEvent) -> None:
        if event.key() in (Qt.Key.Key_Return, Qt.Key.Key_Enter) and self.currentRow() >= 0:
            self.bar_activated.emit(self.currentRow())
        else:
            super().keyPressEvent(event)


class _BarDelegate(QStyledItemDelegate):
    """Label, bar and value beside each other; columns are as wide as their longest text."""

    def sizeHint(self, option: QStyleOptionViewItem, index: Index) -> QSize:
        return QSize(0, QFontMetrics(option.font).height() + 8)

    def paint(self, painter: QPainter, option: QStyleOptionViewItem, index: Index) -> None:
        chart, t = self.parent(), tokens()
        assert isinstance(chart, BarChart)
        bars: list[BarRow] = [chart.item(n).data(_BAR_ROLE) for n in range(chart.count())]
        bar = bars[index.row()]
        metrics = QFontMetrics(option.font)
        rect = option.rect.adjusted(2, 1, -2, -1)
        label_width = min(
            max(metrics.horizontalAdvance(one.label) for one in bars) + _SPARE, int(rect.width() * _LABEL_SHARE)
        )
        text_width = max(metrics.horizontalAdvance(one.text) for one in bars)
        painter.save()
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        state = option.state
        has_focus = chart.hasFocus() and index.row() == chart.currentRow()
        paint_ground(
            painter, rect, is_open=False, has_focus=has_focus, hovered=bool(state & QStyle.StateFlag.State_MouseOver)
        )
        painter.setFont(option.font)
        painter.setPen(QColor(t.ink))
        inner = rect.adjusted(6, 0, -6, 0)
        label = metrics.elidedText(bar.label, Qt.TextElideMode.ElideRight, label_width)
        middle = int(Qt.AlignmentFlag.AlignVCenter)
        painter.drawText(QRect(inner.left(), inner.top(), label_width, inner.height()), middle, label)
        painter.drawText(inner, int(Qt.AlignmentFlag.AlignVCenter | Qt.AlignmentFlag.AlignRight), bar.text)
        left = inner.left() + label_width + _GAP
        room = max(0, inner.right() - text_width - _GAP - left)
        length = max(_LEAST_BAR, round(room * bar.share)) if bar.share > 0 else 0
        painter.setPen(Qt.PenStyle.NoPen)
        painter.setBrush(QColor(t.accent))
        painter.drawRoundedRect(QRect(left, inner.center().y() - _BAR_HEIGHT // 2, length, _BAR_HEIGHT), 3, 3)
        painter.restore()
