"""A number that is counted up and down, typed into like any other field."""

from PySide6.QtWidgets import QSpinBox, QWidget

_MARGIN = 6  # pixels, as of other fields: the style sheet's padding does not reach what a spin box holds


class NumberBox(QSpinBox):
    """A spin box whose number does not stick to its edge."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.lineEdit().setTextMargins(_MARGIN, 0, 0, 0)
