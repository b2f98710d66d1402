"""The lines of an index that is painted by hand: headings of groups, and titles on a ground that tells their state."""

from PySide6.QtCore import QRect, Qt
from PySide6.QtGui import QColor, QFont, QFontMetrics, QPainter

from ui.shell.theme import tokens

_RADIUS, _HEADING_SIZE = 6, 12  # pixels


def paint_ground(painter: QPainter, rect: QRect, *, is_open: bool, has_focus: bool, hovered: bool) -> None:
    """The ground of a line: of what is open, of what the mouse is over, or the page's."""
    t = tokens()
    painter.setPen(QColor(t.accent) if has_focus else Qt.PenStyle.NoPen)
    painter.setBrush(QColor(t.accent_soft if is_open else t.ground if hovered else t.surface))
    painter.drawRoundedRect(rect, _RADIUS, _RADIUS)


def paint_heading(painter: QPainter, rect: QRect, font: QFont, heading: str) -> None:
    """A heading, small and quiet.

    Args:
        font: of the lines below it
    """
    small = QFont(font)
    small.setPixelSize(_HEADING_SIZE)
    painter.setFont(small)
    painter.setPen(QColor(tokens().quiet))
    painter.drawText(rect, int(Qt.AlignmentFlag.AlignVCenter), heading)


def paint_title(painter: QPainter, rect: QRect, font: QFont, title: str, colour: str, *, is_open: bool) -> None:
    """A title, cut with … where it does not fit; heavier while what it names is open.

    Args:
        colour: while it is not open
    """
    weighted = QFont(font)
    weighted.setWeight(QFont.Weight.DemiBold if is_open else QFont.Weight.Normal)
    painter.setFont(weighted)
    painter.setPen(QColor(tokens().accent if is_open else colour))
    text = QFontMetrics(weighted).elidedText(title, Qt.TextElideMode.ElideRight, rect.width())
    painter.drawText(rect, int(Qt.AlignmentFlag.AlignVCenter), text)
