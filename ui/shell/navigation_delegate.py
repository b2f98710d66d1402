"""How the rail draws its lines: headings of groups, pages with icon and title, and what waits as a chip."""

from PySide6.QtCore import QModelIndex, QPersistentModelIndex, QPointF, QRect, QSize, Qt
from PySide6.QtGui import QColor, QFontMetrics, QPainter, QPolygonF
from PySide6.QtWidgets import QStyle, QStyledItemDelegate, QStyleOptionViewItem, QWidget

from app.dashboard.waiting import WaitingCount
from ui.shell.theme import tokens
from ui.widgets.chip_painter import paint_chip, urgency_colours
from ui.widgets.line_painter import paint_ground, paint_heading, paint_title

COUNT_ROLE = Qt.ItemDataRole.UserRole + 1  # WaitingCount, None where nothing waits
OPEN_ROLE = Qt.ItemDataRole.UserRole + 2  # whether this page is shown
HEADING_ROLE = Qt.ItemDataRole.UserRole + 3  # whether the line is the heading of a group
FOLDED_ROLE = Qt.ItemDataRole.UserRole + 4  # whether the pages of a heading are folded away
TOPIC_ROLE = Qt.ItemDataRole.UserRole + 5  # whether a heading is that of a topic, within a group
_ROW, _HEADING, _DIVIDER, _ICON = 28, 22, 8, 18  # pixels
_TOPIC, _INDENT = 24, 10  # pixels: height of the heading of a topic, and how far it stands in
_CLOSER = 3  # pixels that a row gives up where room is short
_LARGEST_NUMBER = 999

Index = QModelIndex | QPersistentModelIndex


class NavigationDelegate(QStyledItemDelegate):
    """Two looks: with titles, and icons only (`collapsed`), where a heading is a line and a count a dot."""

    def __init__(self, parent: QWidget) -> None:
        super().__init__(parent)
        self.collapsed = False
        self.is_close = False  # rows stand closer, so that the rail need not roll for want of a line or two

    def sizeHint(self, option: QStyleOptionViewItem, index: Index) -> QSize:
        if index.data(HEADING_ROLE):
            height = _TOPIC if index.data(TOPIC_ROLE) else _HEADING
            return QSize(0, _DIVIDER if self.collapsed else max(height, QFontMetrics(option.font).height() + 2))
        spare = _CLOSER if self.is_close else 0
        row = max(_ROW - spare, QFontMetrics(option.font).height() + 8 - spare)
        return QSize(0, row + (0 if index.parent().isValid() else _DIVIDER))

    def paint(self, painter: QPainter, option: QStyleOptionViewItem, index: Index) -> None:
        painter.save()
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        rect = option.rect.adjusted(4, 1, -4, -1)
        if not index.data(HEADING_ROLE) and not index.parent().isValid():
            # the only page of its group: a line instead of a heading keeps it apart from the group above
            painter.setPen(QColor(tokens().line))
            painter.drawLine(rect.left() + 6, rect.top() + 3, rect.right() - 6, rect.top() + 3)
            rect.setTop(rect.top() + _DIVIDER)
        self._paint_ground(painter, rect, option, index)
        if index.data(HEADING_ROLE):
            self._paint_heading(painter, rect, option, index)
        else:
            self._paint_page(painter, rect, option, index)
        painter.restore()

    def _paint_ground(self, painter: QPainter, rect: QRect, option: QStyleOptionViewItem, index: Index) -> None:
        paint_ground(
            painter,
            rect,
            is_open=bool(index.data(OPEN_ROLE)),
            has_focus=bool(option.state & QStyle.StateFlag.State_HasFocus),
            hovered=bool(option.state & QStyle.StateFlag.State_MouseOver) and not index.data(HEADING_ROLE),
        )

    def _paint_heading(self, painter: QPainter, rect: QRect, option: QStyleOptionViewItem, index: Index) -> None:
        if self.collapsed:
            painter.setPen(QColor(tokens().line))
            painter.drawLine(rect.left() + 6, rect.center().y(), rect.right() - 6, rect.center().y())
            return
        indent = _INDENT if index.data(TOPIC_ROLE) else 0
        paint_heading(painter, rect.adjusted(6 + indent, 0, 0, 0), option.font, str(index.data()))
        if index.data(FOLDED_ROLE):
            self._paint_count(painter, rect.adjusted(0, 0, -22, 0), option, index)
        _paint_chevron(painter, QPointF(rect.right() - 11, rect.center().y() + 0.5), bool(index.data(FOLDED_ROLE)))

    def _paint_page(self, painter: QPainter, rect: QRect, option: QStyleOptionViewItem, index: Index) -> None:
        icon = index.data(Qt.ItemDataRole.DecorationRole)
        left = rect.left() + ((rect.width() - _ICON) // 2 if self.collapsed else 8)
        icon_rect = QRect(left, rect.center().y() - _ICON // 2 + 1, _ICON, _ICON)
        if icon is not None:
            icon.paint(painter, icon_rect)
        if self.collapsed:
            self._paint_dot(painter, icon_rect, index)
            return
        chip_width = self._paint_count(painter, rect, option, index)
        text_rect, is_open = rect.adjusted(8 + _ICON + 8, 0, -chip_width - 8, 0), bool(index.data(OPEN_ROLE))
        paint_title(painter, text_rect, option.font, str(index.data()), tokens().ink, is_open=is_open)

    def _paint_count(self, painter: QPainter, rect: QRect, option: QStyleOptionViewItem, index: Index) -> int:
        """A chip at the right; returns the pixels it takes."""
        count: WaitingCount | None = index.data(COUNT_ROLE)
        if count is None:
            return 0
        text = str(count.count) if count.count <= _LARGEST_NUMBER else f"{_LARGEST_NUMBER}+"
        return paint_chip(painter, rect, option.font, text, count.urgency)

    def _paint_dot(self, painter: QPainter, icon_rect: QRect, index: Index) -> None:
        count: WaitingCount | None = index.data(COUNT_ROLE)
        if count is not None:
            painter.setPen(QColor(tokens().surface))
            painter.setBrush(QColor(urgency_colours(count.urgency)[0]))
            painter.drawEllipse(QPointF(icon_rect.right() + 2, icon_rect.top() + 1), 4.5, 4.5)


def _paint_chevron(painter: QPainter, middle: QPointF, folded: bool) -> None:
    corners = ((-2, -4), (2, 0), (-2, 4)) if folded else ((-4, -2), (0, 2), (4, -2))
    pen = painter.pen()
    pen.setColor(QColor(tokens().quiet))
    pen.setWidthF(1.4)
    painter.setPen(pen)
    painter.setBrush(Qt.BrushStyle.NoBrush)
    painter.drawPolyline(QPolygonF([middle + QPointF(x, y) for x, y in corners]))
