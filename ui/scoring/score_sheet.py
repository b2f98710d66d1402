"""All check points of a checklist on one sheet, answered with the keyboard alone or with clicks."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass

from PySide6.QtCore import QEvent, QPoint, QSize, Qt, Signal
from PySide6.QtGui import QFontMetrics, QKeyEvent, QMouseEvent, QResizeEvent
from PySide6.QtWidgets import (
    QFrame,
    QGridLayout,
    QHBoxLayout,
    QLabel,
    QScrollArea,
    QSizePolicy,
    QToolButton,
    QVBoxLayout,
    QWidget,
)

from app.checklists.scoring import Score
from app.checklists.template import Check, Checklist, ChecklistItem

ROW_HEIGHT = 26
_BUTTONS_WIDTH = 180  # pixels: what stands behind the words of a check point
_TWO_COLUMNS = 560  # pixels of room from which both halves stand beside each other


@dataclass(frozen=True, slots=True)
class AnswerChoice:
    """One value of the scale as the sheet offers it: the digit that gives it and how its button looks."""

    value: str
    digit: str
    abbreviation: str
    rating: str


def choices(checklist: Checklist) -> tuple[AnswerChoice, ...]:
    """The scale with its digits: 1, 2, 3 … as the checklist lists them, 0 for what does not apply."""
    answer_choices: list[AnswerChoice] = []
    for step in checklist.scale:
        if step.points is None:
            answer_choices.append(AnswerChoice(step.value, "0", "—", "out"))
        else:
            rating = {0: "none", 1: "full"}.get(int(step.points) if step.points.denominator == 1 else -1, "part")
            digit = str(1 + sum(choice.digit != "0" for choice in answer_choices))
            answer_choices.append(AnswerChoice(step.value, digit, step.value[0], rating))
    return tuple(answer_choices)


class CheckRow(QFrame):
    """One check point: its words, what was wrong last time, note and photographs, and a button a value."""

    picked = Signal(str, str)  # check code, value
    clicked = Signal(str)  # check code

    def __init__(self, check: Check, scale: Iterable[AnswerChoice]) -> None:
        super().__init__()
        self.code = check.code
        self.setObjectName(f"check_{check.code}")
        self.setAccessibleName(check.label)
        self.setFixedHeight(ROW_HEIGHT)
        self.setProperty("current", False)
        line = QHBoxLayout(self)
        line.setContentsMargins(8, 0, 4, 0)
        line.setSpacing(3)
        self._full_text = check.label
        self.label = QLabel(check.label)
        self.label.setObjectName("label")
        self.label.setSizePolicy(QSizePolicy.Policy.Ignored, QSizePolicy.Policy.Preferred)  # it is cut, not the buttons
        self.label.setToolTip(check.label + (f"\n不达标时：{check.hard_fail}" if check.hard_fail else ""))
        self.failed_before_label = QLabel("上轮✗")
        self.failed_before_label.setObjectName("last")
        self.failed_before_label.setToolTip("上一轮这里不达标")
        self.attachments_label = QLabel()
        self.attachments_label.setObjectName("more")
        line.addWidget(self.label, 1)
        line.addWidget(self.failed_before_label)
        line.addWidget(self.attachments_label)
        self.buttons: dict[str, QToolButton] = {}
        for choice in scale:
            button = QToolButton()
            button.setObjectName(f"answer_{check.code}_{choice.digit}")
            button.setAccessibleName(f"{check.label} {choice.value}")
            button.setText(choice.abbreviation)
            button.setToolTip(f"{choice.digit} {choice.value}")
            button.setCheckable(True)
            button.setProperty("worth", choice.rating)
            button.setFixedSize(QSize(26, 22))
            button.setFocusPolicy(Qt.FocusPolicy.NoFocus)
            button.clicked.connect(lambda _=False, value=choice.value: self.picked.emit(self.code, value))
            line.addWidget(button)
            self.buttons[choice.value] = button

    def show_answer(self, value: str | None) -> None:
        for button_value, button in self.buttons.items():
            button.setChecked(button_value == value)

    def show_attachments(self, *, failed_before: bool, note: str, photos: int) -> None:
        """What hangs on this check point beside its answer."""
        self.failed_before_label.setVisible(failed_before)
        self.attachments_label.setText(" ".join(filter(None, ("注" if note else "", f"图{photos}" if photos else ""))))
        self.attachments_label.setToolTip(note)
        self.attachments_label.setVisible(bool(note or photos))

    def set_current(self, current: bool) -> None:
        self.setProperty("current", current)
        self.style().unpolish(self)
        self.style().polish(self)

    def mousePressEvent(self, event: QMouseEvent) -> None:
        self.clicked.emit(self.code)
        super().mousePressEvent(event)

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        self.elide_label()

    def elide_label(self) -> None:
        """Cut the words off with … where the row is narrow; the whole of them is in the tool tip."""
        self.label.setText(
            QFontMetrics(self.label.font()).elidedText(
                self._full_text, Qt.TextElideMode.ElideRight, max(40, self.label.width())
            )
        )


class ItemHeader(QFrame):
    """The name of an item and the points it has come to."""

    def __init__(self, item: ChecklistItem) -> None:
        super().__init__()
        self.setObjectName("item")
        self.setFixedHeight(ROW_HEIGHT)
        line = QHBoxLayout(self)
        line.setContentsMargins(8, 0, 8, 0)
        line.addWidget(QLabel(item.label), 1)
        self.points = QLabel()
        self.points.setObjectName("points")
        line.addWidget(self.points)

    def show_points(self, earned: str, possible: str, failing: bool) -> None:
        self.points.setText(f"{earned} / {possible} 分")
        self.points.setProperty("failing", failing)
        self.points.style().unpolish(self.points)
        self.points.style().polish(self.points)


class ScoreSheet(QScrollArea):
    """The check points in two columns, or in one on a narrow window; one of them is current.

    Digits answer it and go on, arrows and Enter move, A and W answer all that is open in the item or the household
    with full points, Delete takes an answer away. Letters arrive although a Chinese input method is on, because the
    sheet takes no text.
    """

    answered = Signal(dict)  # check code → value or None, only what has just changed
    current_changed = Signal(str)  # the check point that is current now

    def __init__(self) -> None:
        super().__init__()
        self.setObjectName("score_sheet")
        self.setAccessibleName("评分表")
        self.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
        self.setAttribute(Qt.WidgetAttribute.WA_InputMethodEnabled, False)
        self.setWidgetResizable(True)
        self.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self.rows: dict[str, CheckRow] = {}
        self.headers: dict[str, ItemHeader] = {}
        self._checklist: Checklist | None = None
        self._answers: dict[str, str] = {}
        self._current = ""
        self._writable = True
        self._stays_at_fault = False
        self._held_keys: list[int] | None = None
        self._halves: list[tuple[QWidget, int]] = []  # with the pixels that it would like to have
        self._columns = 0
        self._grid = QGridLayout()

    @property
    def is_holding(self) -> bool:
        """Another household is being read."""
        return self._held_keys is not None

    @property
    def current(self) -> str:
        """The code of the current check point; empty before a checklist is set."""
        return self._current

    @property
    def answers(self) -> Mapping[str, str]:
        return self._answers

    def set_checklist(self, checklist: Checklist) -> None:
        """Lay the sheet out; nothing happens when it is laid out for this checklist already."""
        if checklist is self._checklist:
            return
        self._checklist = checklist
        self.rows, self.headers, self._answers = {}, {}, {}
        self._current = ""
        content = QWidget()
        content.setObjectName("paper")
        grid = self._grid = QGridLayout(content)
        grid.setContentsMargins(6, 4, 6, 4)
        grid.setHorizontalSpacing(14)
        grid.setVerticalSpacing(0)
        scale = choices(checklist)
        self._halves = []
        for items in split_columns(checklist):
            half = QWidget()
            lines = QVBoxLayout(half)
            lines.setContentsMargins(0, 0, 0, 0)
            lines.setSpacing(0)
            for item in items:
                self.headers[item.code] = header = ItemHeader(item)
                lines.addWidget(header)
                for check in item.checks:
                    row = CheckRow(check, scale)
                    row.picked.connect(self._on_picked)
                    row.clicked.connect(self.set_current)
                    lines.addWidget(row)
                    self.rows[check.code] = row
            lines.addStretch(1)
            words = [self.fontMetrics().horizontalAdvance(check.label) for item in items for check in item.checks]
            self._halves.append((half, max(words, default=0) + _BUTTONS_WIDTH))
        self._columns = 0
        self._arrange()
        self.setWidget(content)

    def _arrange(self) -> None:
        """Both halves beside each other, or one below the other where the words would be cut."""
        columns = 2 if self.width() >= _TWO_COLUMNS else 1
        if columns == self._columns:
            return
        self._columns = columns
        for n, (half, width) in enumerate(self._halves):
            self._grid.addWidget(half, *((0, n) if columns == 2 else (n, 0)))
            self._grid.setColumnStretch(n, width if n < columns else 0)  # the longer words get more of the room

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        self._arrange()

    def hold_keys(self) -> None:
        """Another household is being read: keys wait for it, so that fast fingers do not write into the one before."""
        if self._held_keys is None:
            self._held_keys = []

    def release_keys(self) -> None:
        """Do what the keys that waited say."""
        held_keys, self._held_keys = self._held_keys or [], None
        for key in held_keys:
            self.handle_key(key)

    def discard_held(self) -> None:
        """The household could not be read: keys that waited for it are for nothing."""
        self._held_keys = None

    def set_answers(self, answers: Mapping[str, str], *, writable: bool, current: str = "") -> None:
        """Show a household; `current`, or else the first open check point, becomes current, and keys count again."""
        self._answers, self._writable = dict(answers), writable
        for code, row in self.rows.items():
            row.show_answer(self._answers.get(code))
            for button in row.buttons.values():
                button.setEnabled(writable)
        self.set_current(current or self.first_unanswered() or next(iter(self.rows), ""))
        self.release_keys()

    def show_score(self, score: Score) -> None:
        """The points of each item so far."""
        for item in score.items:
            earned = "—" if item.earned is None else str(item.earned)
            self.headers[item.code].show_points(earned, f"{item.possible.normalize():f}", item.failed)

    def first_unanswered(self) -> str:
        """The first check point without an answer, empty where all have one."""
        return next((code for code in self.rows if code not in self._answers), "")

    def set_current(self, code: str) -> None:
        """Make a check point current and bring it into sight."""
        if code not in self.rows:
            return
        if self._current in self.rows:
            self.rows[self._current].set_current(False)
        self._current, self._stays_at_fault = code, False
        row = self.rows[code]
        row.set_current(True)
        content = self.widget()
        if content is not None and row.isVisible():
            top = row.mapTo(content, QPoint(0, 0)).y()
            self.ensureVisible(0, top + ROW_HEIGHT // 2, 0, 2 * ROW_HEIGHT)
        self.current_changed.emit(code)

    def update_answers(self, answers: Mapping[str, str | None]) -> None:
        """Answer check points, or take their answers away; what is so already is passed over."""
        if not self._writable or self.is_holding:
            return
        changed = {code: value for code, value in answers.items() if self._answers.get(code) != value}
        for code, value in changed.items():
            if value is None:
                self._answers.pop(code, None)
            else:
                self._answers[code] = value
            self.rows[code].show_answer(value)
        if changed:
            self.answered.emit(changed)

    def keyPressEvent(self, event: QKeyEvent) -> None:
        if not self.handle_key(event.key(), event.modifiers()):
            super().keyPressEvent(event)

    def viewportEvent(self, event: QEvent) -> bool:
        if event.type() == QEvent.Type.MouseButtonPress:
            self.setFocus()
        return super().viewportEvent(event)

    def handle_key(self, key: int, modifiers: Qt.KeyboardModifier = Qt.KeyboardModifier.NoModifier) -> bool:
        """What a key does here; False where it is no key of the sheet."""
        if self._checklist is None or modifiers & ~Qt.KeyboardModifier.KeypadModifier:
            return False
        if self._held_keys is not None:
            self._held_keys.append(key)
            return True
        by_digit = {choice.digit: choice for choice in choices(self._checklist)}
        digit = chr(key) if Qt.Key.Key_0 <= key <= Qt.Key.Key_9 else ""
        if digit in by_digit:
            self._answer(by_digit[digit])
            return True
        match key:
            case Qt.Key.Key_Return | Qt.Key.Key_Enter | Qt.Key.Key_Down:
                self._move_check(1)
            case Qt.Key.Key_Up:
                self._move_check(-1)
            case Qt.Key.Key_Right:
                self._move_item(1)
            case Qt.Key.Key_Left:
                self._move_item(-1)
            case Qt.Key.Key_Home:
                self.set_current(next(iter(self.rows)))
            case Qt.Key.Key_End:
                self.set_current(next(reversed(self.rows)))
            case Qt.Key.Key_Delete | Qt.Key.Key_Backspace:
                self.update_answers({self._current: None})
            case Qt.Key.Key_A:
                self._fill_full_marks(self._current_item())
                self._move_item(1)
            case Qt.Key.Key_W:
                self._fill_full_marks(*self._checklist.items)
                self.set_current(self._current)
            case _:
                return False
        return True

    def _answer(self, choice: AnswerChoice) -> None:
        """Answer and go on. A fault is stayed at, so that note and photograph belong to it; the next digit goes on from
        there."""
        if self._stays_at_fault:
            self._move_check(1)
        self.update_answers({self._current: choice.value})
        self._stays_at_fault = choice.rating == "none"
        if not self._stays_at_fault:
            self._move_check(1)

    def _on_picked(self, code: str, value: str) -> None:
        self.setFocus()
        self.rows[code].show_answer(self._answers.get(code))
        self.set_current(code)
        self.update_answers({code: value})

    def _move_check(self, by: int) -> None:
        codes = list(self.rows)
        index = codes.index(self._current) + by
        self.set_current(codes[min(max(index, 0), len(codes) - 1)])

    def _current_item(self) -> ChecklistItem:
        assert self._checklist is not None
        return next(item for item in self._checklist.items if any(check.code == self._current for check in item.checks))

    def _move_item(self, by: int) -> None:
        assert self._checklist is not None
        items = self._checklist.items
        index = items.index(self._current_item()) + by
        if 0 <= index < len(items):
            self.set_current(items[index].checks[0].code)

    def _fill_full_marks(self, *items: ChecklistItem) -> None:
        """Full points for what is still open: exceptions that were marked before stay."""
        assert self._checklist is not None
        full = next(choice.value for choice in choices(self._checklist) if choice.rating == "full")
        self.update_answers(
            {check.code: full for item in items for check in item.checks if check.code not in self._answers}
        )


def split_columns(checklist: Checklist) -> tuple[tuple[ChecklistItem, ...], ...]:
    """The items in two columns as equally long as can be; one column where there is only one item."""
    items = checklist.items
    heights = [1 + len(item.checks) for item in items]
    split_at = min(range(1, len(items) + 1), key=lambda at: max(sum(heights[:at]), sum(heights[at:])))
    return tuple(part for part in (items[:split_at], items[split_at:]) if part)
