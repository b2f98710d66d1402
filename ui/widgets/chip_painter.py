"""A count or a state at the right end of a line that is painted by hand."""

from PySide6.QtCore import QRect, Qt
from PySide6.QtGui import QColor, QFont, QFontMetrics, QPainter

from ui.shell.theme import tokens

_HEIGHT, _PADDING, _MARGIN = 20, 7, 4  # pixels


def paint_chip(painter: QPainter, rect: QRect, font: QFont, text: str, urgency: str) -> int:
    """Draw it and return the pixels it takes.

    Args:
        rect: the line
        font: of the line; the chip's letters are smaller
        urgency: "bad", "warn" or "quiet"; a quiet one has no ground
    """
    small = QFont(font)
    small.setPixelSize(12)
    width = QFontMetrics(small).horizontalAdvance(text) + 2 * _PADDING
    chip = QRect(rect.right() - width - _MARGIN, rect.center().y() - _HEIGHT // 2 + 1, width, _HEIGHT)
    colour, ground = urgency_colours(urgency)
    if ground:
        painter.setPen(Qt.PenStyle.NoPen)
        painter.setBrush(QColor(ground))
        painter.drawRoundedRect(chip, _HEIGHT / 2, _HEIGHT / 2)
    painter.setFont(small)
    painter.setPen(QColor(colour))
    painter.drawText(chip, int(Qt.AlignmentFlag.AlignCenter), text)
    return width + _MARGIN


def urgency_colours(urgency: str) -> tuple[str, str]:
    """Colour of the text and of its ground, "" for none."""
    t = tokens()
    return {"bad": (t.bad, t.bad_soft), "warn": (t.warn, t.warn_soft), "quiet": (t.quiet, "")}[urgency]
