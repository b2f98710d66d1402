"""Figures below a list: in one line, unless that were wider than a small window."""

from PySide6.QtWidgets import QLabel

_MOST = 640  # pixels: what a screen of 1366 at 150 % leaves beside the rail
_GAP = "　"  # between two figures; a line is broken there only


class QuietLabel(QLabel):
    """Breaks its lines itself: with `wordWrap` the whole page would be as high as it likes to be, not as it can."""

    def __init__(self, name: str) -> None:
        super().__init__()
        self.setObjectName(name)
        self.setProperty("quiet", True)

    def tell(self, text: str) -> None:
        """Show figures with ideographic spaces between them."""
        lines: list[str] = []
        for figure in text.split(_GAP):
            longer = f"{lines[-1]}{_GAP}{figure}" if lines else figure
            if lines and self.fontMetrics().horizontalAdvance(longer) <= _MOST:
                lines[-1] = longer
            else:
                lines.append(figure)
        self.setText("\n".join(lines))
