"""Our own line icons, resources/icons/*.svg, drawn in the colour that is asked for."""

from functools import cache

from PySide6.QtCore import QByteArray, Qt
from PySide6.QtGui import QIcon, QPainter, QPixmap
from PySide6.QtSvg import QSvgRenderer

import resources

INK, ACCENT, QUIET = "#33403A", "#1F6F50", "#66706B"
SIZE = 96  # drawn large, so that it is sharp at 200 %


@cache
def icon(name: str, colour: str = INK) -> QIcon:
    """The icon of this name; an empty one where there is none, so that a new page can do without."""
    path = resources.ROOT / "icons" / f"{name}.svg"
    if not path.is_file():
        return QIcon()
    svg = path.read_text(encoding="utf-8").replace("currentColor", colour)
    pixmap = QPixmap(SIZE, SIZE)
    pixmap.fill(Qt.GlobalColor.transparent)
    painter = QPainter(pixmap)
    QSvgRenderer(QByteArray(svg.encode())).render(painter)
    painter.end()
    return QIcon(pixmap)
