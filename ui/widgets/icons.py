"""Our own line icons, resources/icons/*.svg, drawn in a colour of the scheme that the desktop asks for."""

from functools import cache

from PySide6.QtCore import QByteArray, QRect, QSize, Qt
from PySide6.QtGui import QIcon, QIconEngine, QPainter, QPixmap
from PySide6.QtSvg import QSvgRenderer

import resources
from ui.shell.theme import tokens


class _LineIconEngine(QIconEngine):
    """Looks the colour up whenever it draws, so that an icon follows the desktop from light to dark."""

    def __init__(self, svg: str, token: str) -> None:
        super().__init__()
        self._svg, self._token = svg, token

    def paint(self, painter: QPainter, rect: QRect, mode: QIcon.Mode, state: QIcon.State) -> None:
        colour = tokens().edge if mode == QIcon.Mode.Disabled else getattr(tokens(), self._token)
        _drawing(self._svg, colour).render(painter, rect)

    def pixmap(self, size: QSize, mode: QIcon.Mode, state: QIcon.State) -> QPixmap:
        pixmap = QPixmap(size)
        pixmap.fill(Qt.GlobalColor.transparent)
        painter = QPainter(pixmap)
        self.paint(painter, QRect(0, 0, size.width(), size.height()), mode, state)
        painter.end()
        return pixmap


@cache
def _drawing(svg: str, colour: str) -> QSvgRenderer:
    """To read it takes as long as to draw it, and the rail draws two dozen whenever a page is opened."""
    return QSvgRenderer(QByteArray(svg.replace("currentColor", colour).encode()))


@cache
def icon(name: str, token: str = "ink") -> QIcon:
    """The icon of this name in the colour of a token; an empty one where there is none, so that a page can do without
    one."""
    path = resources.ROOT / "icons" / f"{name}.svg"
    return QIcon(_LineIconEngine(path.read_text(encoding="utf-8"), token)) if path.is_file() else QIcon()
