"""本机名片 as a QR code, large enough for a telephone's camera."""

from PySide6.QtCore import QRectF, QSize, Qt
from PySide6.QtGui import QColor, QPainter, QPaintEvent
from PySide6.QtWidgets import QWidget

_QUIET_ZONE = 4  # squares of white around it, as the standard asks
_MIN_MODULE_PIXELS = 3  # pixels of a square


class QrWidget(QWidget):
    """Always black on white, whatever the colours of the window."""

    def __init__(self) -> None:
        super().__init__()
        self.setObjectName("cardSign")
        self.setAccessibleName("本机名片的二维码")
        self._rows: tuple[bytes, ...] = ()

    def show_matrix(self, rows: tuple[bytes, ...]) -> None:
        """As `card_signs.card_sign` makes it; empty: none."""
        self._rows = rows
        self.setVisible(bool(rows))
        self.updateGeometry()
        self.update()

    def sizeHint(self) -> QSize:
        side = (len(self._rows) + 2 * _QUIET_ZONE) * _MIN_MODULE_PIXELS
        return QSize(side, side)

    def minimumSizeHint(self) -> QSize:
        return self.sizeHint()

    def paintEvent(self, event: QPaintEvent) -> None:
        if not self._rows:
            return
        module_count = len(self._rows) + 2 * _QUIET_ZONE
        painter = QPainter(self)
        # whole pixels of the screen, so that no square is blurred
        scale = self.devicePixelRatioF()
        module_size = int(min(self.width(), self.height()) * scale / module_count) / scale
        painter.fillRect(
            QRectF(0, 0, module_size * module_count, module_size * module_count), QColor(Qt.GlobalColor.white)
        )
        for y, row in enumerate(self._rows):
            for x, dark in enumerate(row):
                if dark:
                    rect = QRectF(
                        (x + _QUIET_ZONE) * module_size, (y + _QUIET_ZONE) * module_size, module_size, module_size
                    )
                    painter.fillRect(rect, QColor(Qt.GlobalColor.black))
