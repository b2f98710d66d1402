"""开始使用: the first steps in a new workbook, each with what is done there and whether it is done."""

from collections.abc import Callable, Sequence
from functools import partial

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QFrame, QGridLayout, QLabel, QPushButton

from app.dashboard.first_steps import FirstStep
from ui.widgets.icons import icon

_TICK = 18  # pixels


class FirstStepsCard(QFrame):
    """Hidden once all that is needed is done."""

    def __init__(self, open_page: Callable[..., object]) -> None:
        super().__init__()
        self.setObjectName("firstSteps")
        self.setProperty("card", True)
        self._open_page = open_page
        self._steps: Sequence[FirstStep] = ()
        self._grid = QGridLayout(self)
        self._grid.setContentsMargins(14, 8, 14, 10)
        self._grid.setHorizontalSpacing(12)
        self._grid.setVerticalSpacing(6)
        self._grid.setColumnStretch(2, 1)
        self.hide()

    def show_steps(self, steps: Sequence[FirstStep]) -> None:
        """The steps as they stand now."""
        if steps == self._steps:
            return  # as after almost everything that is written
        self._steps = steps
        self.hide()  # what is put into a card that is seen is shown, and the page laid out, piece by piece
        while item := self._grid.takeAt(0):
            if widget := item.widget():
                widget.hide()
                widget.deleteLater()
        if not steps:
            return
        heading = QLabel("开始使用")
        heading.setProperty("heading", True)
        self._grid.addWidget(heading, 0, 0, 1, 3)
        is_next = True
        for n, step in enumerate(steps, 1):
            self._add_step(n, step, is_next and not step.done)
            is_next = is_next and step.done
        self.show()

    def _add_step(self, n: int, step: FirstStep, is_next: bool) -> None:
        mark = QLabel("" if step.done else str(n))
        mark.setFixedWidth(_TICK)
        mark.setAlignment(Qt.AlignmentFlag.AlignCenter)
        if step.done:
            mark.setPixmap(icon("settled", "good").pixmap(_TICK, _TICK))
        state = "完成" if step.done else "可选" if not step.needed else ""
        detail = QLabel(f"{step.detail}　{state}" if state else step.detail)
        detail.setProperty("quiet", True)
        detail.setWordWrap(True)
        button = QPushButton(step.title)
        button.setObjectName(f"firstStep_{step.page}")
        button.setAccessibleName(f"{step.title}{'，完成' if step.done else ''}")
        button.setProperty("primary", is_next)
        button.clicked.connect(partial(self._open, step.page))
        for column, widget in enumerate((mark, button, detail)):
            self._grid.addWidget(widget, n, column)

    def _open(self, page: str, _checked: bool = False) -> None:
        self._open_page(page)
