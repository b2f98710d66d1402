"""A group of a form: its heading, which folds it, and its fields in columns."""

from PySide6.QtCore import QSettings, QSize, Qt, QTimer, Signal
from PySide6.QtGui import QFontMetrics
from PySide6.QtWidgets import QApplication, QGridLayout, QLabel, QToolButton, QVBoxLayout, QWidget

from app.records.field import Field
from ui.widgets.field_controls import FieldControl

WIDE_KINDS = ("long", "choices")
LABEL_GAP = 12  # pixels between a label and its control
ROW_GAP = 6  # pixels between two rows
ERROR_LINE_HEIGHT = 18  # pixels: a line of the small letters below a control
_SHORTEST_LABEL, _LONGEST_LABEL = 6, 9  # characters
_RELEASE_MS = 40  # how often a pressed mouse button is looked at
REQUIRED = "\u00a0*"  # behind a label; the blank does not break, so that the star stands by its word


class RemarkLabel(QLabel):
    """The sentence below a control; without one it takes no room.

    It comes and goes only while no mouse button is down, so that nothing moves away under a click.
    """

    def __init__(self, name: str, parent: QWidget) -> None:
        super().__init__(parent)
        self.setObjectName(f"{name}_fault")
        self.setProperty("remark", "fault")
        self.setWordWrap(True)
        self.setAlignment(Qt.AlignmentFlag.AlignTop)
        self.hide()

    def say(self, sentence: str) -> None:
        """Show another sentence, "" for none."""
        self.setText(sentence)
        self._follow()

    def _follow(self) -> None:
        if QApplication.mouseButtons() == Qt.MouseButton.NoButton:
            self.setVisible(bool(self.text()))
        else:
            QTimer.singleShot(_RELEASE_MS, self, self._follow)

    def heightForWidth(self, width: int) -> int:
        """One line stands close below its control; more have all the room that they need."""
        whole = super().heightForWidth(width)
        return whole if whole > 1.5 * self.fontMetrics().lineSpacing() else ERROR_LINE_HEIGHT - 4

    def sizeHint(self) -> QSize:
        return QSize(super().sizeHint().width(), ERROR_LINE_HEIGHT - 4)

    def minimumSizeHint(self) -> QSize:
        return QSize(super().minimumSizeHint().width(), ERROR_LINE_HEIGHT - 4)


class FormLine:
    """One field of a form: its label, its control, and below it the remark, which is made with its first sentence."""

    def __init__(self, field: Field, control: FieldControl, parent: QWidget) -> None:
        self.field, self.control = field, control
        self.label = QLabel(label_text(field), parent)
        self.label.setBuddy(control)
        self.label.setObjectName(f"{field.name}_label")
        self.label.setProperty("fieldLabel", True)
        self.label.setAlignment(Qt.AlignmentFlag.AlignRight | Qt.AlignmentFlag.AlignTop)
        self.label.setContentsMargins(0, 6, 0, 0)
        self.label.setWordWrap(True)
        metrics = parent.fontMetrics()
        self.label.setMinimumWidth(label_width(field, metrics))
        self.label.setMaximumWidth(metrics.horizontalAdvance("字") * _LONGEST_LABEL)
        self._parent = parent
        self._remark: RemarkLabel | None = None
        self._remark_place: tuple[QGridLayout, int, int, int] | None = None  # layout, row, column, columns

    @property
    def is_wide(self) -> bool:
        return self.field.kind in WIDE_KINDS

    @property
    def remark_text(self) -> str:
        """The sentence that stands below the control, "" for none."""
        return self._remark.text() if self._remark is not None else ""

    def say(self, sentence: str, look: str) -> None:
        """Let another sentence stand below the control, "" for none. `look`: of the style sheet's remarks."""
        if sentence == self.remark_text:
            return
        if self._remark is None:
            self._remark = RemarkLabel(self.field.name, self._parent)
            self._place_remark()
        self._remark.say(sentence)
        self._remark.setProperty("remark", look)
        self._remark.style().unpolish(self._remark)
        self._remark.style().polish(self._remark)

    def place(self, grid: QGridLayout, row: int, column: int, span: int) -> None:
        """Stand in two rows of a grid from here, the control as wide as so many pairs of its columns."""
        grid.addWidget(self.label, row, 2 * column, Qt.AlignmentFlag.AlignTop)
        grid.addWidget(self.control, row, 2 * column + 1, 1, 2 * span - 1, Qt.AlignmentFlag.AlignTop)
        self._remark_place = (grid, row + 1, 2 * column + 1, 2 * span - 1)
        self._place_remark()

    def _place_remark(self) -> None:
        if self._remark is not None and self._remark_place is not None:
            grid, row, column, columns = self._remark_place
            grid.addWidget(self._remark, row, column, 1, columns)


def label_text(field: Field) -> str:
    """What stands before the control of a field."""
    return f"{field.label}{REQUIRED if field.spec.required else ''}"


def label_width(field: Field, metrics: QFontMetrics) -> int:
    """Pixels that the label of a field takes at the least."""
    character = metrics.horizontalAdvance("字")
    whole = metrics.horizontalAdvance(label_text(field)) + 4  # a little more, or the last character wraps
    return min(max(character * _SHORTEST_LABEL, whole), character * _LONGEST_LABEL)


class FormGroup(QWidget):
    """The heading folds and unfolds by a click, or by Space while the group is folded; the form remembers it.

    Signals:
        folded: the group was folded or unfolded by the officer
    """

    folded = Signal()

    def __init__(self, heading: str, key: str, parent: QWidget) -> None:
        """`key`: under which it is remembered that the group is folded."""
        super().__init__(parent)
        self.heading, self._key = heading, key
        self.lines: list[FormLine] = []
        self._button = QToolButton(self)
        self.body = QWidget(self)
        self._grid = QGridLayout(self.body)
        self._grid.setContentsMargins(0, 0, 0, 0)
        self._grid.setHorizontalSpacing(LABEL_GAP)
        self._grid.setVerticalSpacing(ROW_GAP)
        layout = QVBoxLayout(self)
        layout.setContentsMargins(0, 0, 0, 0)
        layout.setSpacing(ROW_GAP)
        if heading:
            self._add_heading(layout)
        else:
            self._button.hide()
        layout.addWidget(self.body)

    def _add_heading(self, layout: QVBoxLayout) -> None:
        button = self._button
        button.setObjectName(f"group_{self.heading}")
        button.setAccessibleName(f"{self.heading}（可收起）")
        button.setText(self.heading)
        button.setProperty("groupHeading", True)
        button.setToolButtonStyle(Qt.ToolButtonStyle.ToolButtonTextBesideIcon)
        button.setToolTip("收起或展开（Alt+-）")
        button.clicked.connect(lambda: self.set_folded(not self.is_folded))
        layout.addWidget(button)
        self._show_folded(bool(self._key) and QSettings("hudang", "hudang").value(f"folded/{self._key}") == "1")

    @property
    def is_folded(self) -> bool:
        return self.body.isHidden()

    def set_folded(self, folded: bool) -> None:
        """Fold or unfold, and remember it; the cursor goes to the heading where its field disappears."""
        if not self.heading or folded == self.is_folded:
            return
        focused = QApplication.focusWidget()
        held_focus = focused is not None and self.body.isAncestorOf(focused)
        self._show_folded(folded)
        if held_focus:
            self._button.setFocus(Qt.FocusReason.OtherFocusReason)
        QSettings("hudang", "hudang").setValue(f"folded/{self._key}", "1" if folded else "0")
        self.folded.emit()

    def _show_folded(self, folded: bool) -> None:
        self.body.setVisible(not folded)
        self._button.setArrowType(Qt.ArrowType.RightArrow if folded else Qt.ArrowType.DownArrow)
        # a heading is no stop on the way through the fields, unless these are out of sight
        self._button.setFocusPolicy(Qt.FocusPolicy.StrongFocus if folded else Qt.FocusPolicy.ClickFocus)

    def arrange(self, columns: int, most: int) -> None:
        """Lay the lines out in so many columns. `most`: that were ever used."""
        grid = self._grid
        while grid.count():
            grid.takeAt(0)
        for n in range(most):
            grid.setColumnStretch(2 * n + 1, int(n < columns))
        row = column = 0
        for line in self.lines:
            if line.is_wide and column:
                row, column = row + 2, 0
            line.place(grid, row, column, columns if line.is_wide else 1)
            column += columns if line.is_wide else 1
            if column >= columns:
                row, column = row + 2, 0
