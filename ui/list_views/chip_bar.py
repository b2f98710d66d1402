"""What a list is narrowed by, as chips that are taken away one by one."""

from collections.abc import Callable, Sequence

from PySide6.QtCore import Qt
from PySide6.QtGui import QFontMetrics
from PySide6.QtWidgets import QHBoxLayout, QLabel, QPushButton, QSizePolicy, QWidget

_WIDEST = 260  # pixels of one chip
_MOST = 6  # chips; what is more is told by a number
Chip = tuple[str, Callable[[], object]]  # text, what takes it away


class ChipBar(QWidget):
    """Each chip is a button: 空格 or a click takes it away."""

    def __init__(self) -> None:
        super().__init__()
        self.buttons: list[QPushButton] = []
        self._layout = QHBoxLayout(self)
        self._layout.setContentsMargins(0, 0, 0, 0)
        self._layout.setSpacing(6)
        self._layout.addStretch(1)
        self.setSizePolicy(QSizePolicy.Policy.Ignored, QSizePolicy.Policy.Fixed)

    def show_chips(self, chips: Sequence[Chip | str]) -> None:
        """These and no others; a text between them is only a word."""
        self.buttons.clear()
        while self._layout.count() > 1:
            item = self._layout.takeAt(0)
            widget = item.widget() if item is not None else None
            if widget is not None:
                widget.hide()
                widget.deleteLater()
        for chip in chips[:_MOST]:
            self._layout.insertWidget(
                self._layout.count() - 1, self._word(chip) if isinstance(chip, str) else self._button(*chip)
            )
        if len(chips) > _MOST:
            self._layout.insertWidget(self._layout.count() - 1, self._word(f"等 {len(chips)} 项"))

    def texts(self) -> list[str]:
        """What the chips say."""
        return [button.toolTip() for button in self.buttons]

    def _word(self, text: str) -> QLabel:
        label = QLabel(text)
        label.setProperty("quiet", True)
        return label

    def _button(self, text: str, remove: Callable[[], object]) -> QPushButton:
        button = QPushButton()
        button.setObjectName("chip")
        button.setText(f"{QFontMetrics(button.font()).elidedText(text, Qt.TextElideMode.ElideRight, _WIDEST)}　×")
        button.setToolTip(text)
        button.setAccessibleName(f"去掉：{text}")
        button.setAutoDefault(False)
        button.clicked.connect(lambda: remove())
        self.buttons.append(button)
        return button
