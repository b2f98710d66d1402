"""冲突: what two people wrote differently, side by side; one of them, or a third value, is kept."""

from collections.abc import Callable, Sequence
from dataclasses import replace
from functools import partial
from typing import Any

from PySide6.QtCore import Qt
from PySide6.QtGui import QAction, QKeySequence
from PySide6.QtWidgets import QHBoxLayout, QLabel, QPushButton, QVBoxLayout, QWidget

from app.errors import ValidationError
from app.list_views.definition import ListView
from app.records.field import Field, Value, field
from app.sync import conflicts
from app.sync.conflicts import Conflict, Side
from app.viewed_lists.conflict_source import conflict_list, record_text
from app.workbook.roles import REVIEW
from ui.list_views.computed_rows import LookedUpRows, ViewedTable
from ui.list_views.viewed_page import ViewedPage
from ui.shell.page import AppContext
from ui.shell.role_limits import limit_widget
from ui.sync.conflict_rows import CONFLICT_COLUMNS, NO_CONFLICTS, OpenConflicts, household_by_household, load_conflicts
from ui.sync.resolve_household_dialog import ResolveHouseholdDialog
from ui.sync.value_card import ValueCard
from ui.widgets.field_controls import FieldControl, make_control
from ui.widgets.scrolling import scrolling
from ui.widgets.two_sides import two_sides

_ORDINALS = "一二三四五"  # as many values have a key
_MAX_WORKBOOK_NAME = 10  # letters of a workbook's name in the tool bar


class ConflictsPage(ViewedPage):
    """At the left what is open, at the right the values of one. Keys 1, 2 … take one of them, T types another."""

    TITLE = "冲突"
    ICON = "conflicts"
    ORDER = 71
    GROUP = "交换"
    SHORTCUT = "Ctrl+8"
    CHAPTER = "07-数据交换"
    IS_RELEASED = False
    NOTHING = "暂无冲突。\n不同电脑对同一项内容填写不一致时，将在此列出，由您确认。"

    def __init__(self, context: AppContext) -> None:
        super().__init__(context, "户、记录、项目、内容或填写人（Ctrl+F）", {}, conflict_list(), CONFLICT_COLUMNS)
        self._found = NO_CONFLICTS
        self._current: Conflict | None = None
        self._resolving_id = ""
        self.dialog: ResolveHouseholdDialog | None = None
        self.custom_control: FieldControl | None = None
        self.table.setMinimumWidth(240)
        self.heading = QLabel()
        self.heading.setObjectName("conflictHeading")
        self.heading.setProperty("title", True)
        self.heading.setWordWrap(True)
        self._sides_layout = QHBoxLayout()
        self._sides_layout.setSpacing(12)
        self._custom_layout = QVBoxLayout()
        self._custom_action = self.add_page_action("typeThird", "另行填写", "T", self._focus_custom, "edit")
        self._save_custom_action = self.add_page_action("keepThird", "保存", "Ctrl+Return", self.save_custom, "save")
        self._save_custom_action.setShortcuts([QKeySequence("Ctrl+Return"), QKeySequence("Ctrl+Enter")])
        self._household_action = self.add_page_action(
            "wholeHousehold", "整户采用一方…", "A", self._choose_household_side, "households"
        )
        self._side_actions = [self._side_action(n, ordinal) for n, ordinal in enumerate(_ORDINALS)]
        self._conflict_actions = [
            *self._side_actions,
            self._custom_action,
            self._household_action,
            self.add_page_action("nextConflict", "下一处", "Ctrl+Down", lambda: self._step(1), "next"),
            self.add_page_action("previousConflict", "上一处", "Ctrl+Up", lambda: self._step(-1), "previous"),
            self.add_page_action("openHousehold", "打开这一户", "Ctrl+O", self._open_household, "households"),
        ]
        self.add_list_actions()  # by their keys only: the tool bar is full
        self._page_actions = [*self._conflict_actions, self.shown_export.add_action()]
        self._build_layout()
        self.table.current_row_changed.connect(self._show_conflict)

    def _side_action(self, n: int, ordinal: str) -> QAction:
        return self.add_page_action(f"take{n + 1}", f"采用第{ordinal}个", str(n + 1), lambda: self.take_side(n))

    def _build_layout(self) -> None:
        content = QWidget()
        right_layout = QVBoxLayout(content)
        right_layout.setContentsMargins(0, 0, 0, 0)
        right_layout.setSpacing(12)
        right_layout.addWidget(self.heading)
        right_layout.addLayout(self._sides_layout)
        right_layout.addLayout(self._custom_layout)
        right_layout.addStretch()
        self._values = scrolling(content)
        self._values.hide()  # without a conflict the list has the page, and its hint the middle of it
        self.lay_out(two_sides(self.table, self._values, (480, 700), self))

    def read_work(self) -> Callable[[], OpenConflicts]:
        return partial(load_conflicts, self.context.workbook)

    def show_list(self, found: Any) -> None:
        self._found = found
        super().show_list(found)

    def listed(self, read: ViewedTable, view: ListView) -> tuple[Sequence[str], LookedUpRows]:
        keys, found = super().listed(read, view)
        rows = household_by_household(self._found, [found.rows[key] for key in keys])
        return keys, replace(found, rows={row.id: row for row in rows})

    def tell_shown(self, keys: Sequence[str]) -> None:
        self.count.setText(f"列出 {len(keys)} 处，共 {len(self._found.conflicts)} 处" if self._found.conflicts else "")
        self._show_conflict(self.table.current_id())

    def _show_conflict(self, conflict_id: str) -> None:
        conflict = self._found.conflicts.get(conflict_id)
        if conflict == self._current and conflict is not None:
            return
        self._current = conflict
        self._values.setVisible(conflict is not None)
        _clear_layout(self._sides_layout)
        _clear_layout(self._custom_layout)
        self.custom_control = None
        for action in (*self._conflict_actions, self._save_custom_action):
            action.setEnabled(conflict is not None)
        self._label_side_actions(conflict)
        if conflict is None:
            self.heading.setText("")
            return
        self.heading.setText("　".join(filter(None, (conflict.household, record_text(conflict), conflict.field_label))))
        for n, side in enumerate(conflict.sides):
            self._sides_layout.addWidget(self._value_card(conflict, n, side), 1)
        self._add_custom_control(conflict)

    def _value_card(self, conflict: Conflict, n: int, side: Side) -> ValueCard:
        card = ValueCard(n, side, conflict.sides[1 if n == 0 else 0], str(n + 1) if n < len(_ORDINALS) else "")
        card.chosen.connect(lambda: self.take_side(n))
        limit_widget(card.choose_button, self.context.workbook, REVIEW, "处理冲突")
        return card

    def _label_side_actions(self, conflict: Conflict | None) -> None:
        """Each value is offered by whose it is; a third and further ones only where there are so many."""
        sides = conflict.sides if conflict is not None else ()
        for n, (action, ordinal) in enumerate(zip(self._side_actions, _ORDINALS, strict=True)):
            action.setText(f"采用“{_short(sides[n].where)}”的内容" if n < len(sides) else f"采用第{ordinal}个")
            action.setVisible(n < max(2, len(sides)))
            action.setEnabled(n < len(sides))

    def _add_custom_control(self, conflict: Conflict) -> None:
        """A control for another value; references and withdrawals are one or the other."""
        may_decide = self.context.workbook.may(REVIEW)
        target_field = _editable_field(conflict) if may_decide else None
        self._custom_action.setEnabled(target_field is not None)
        self._save_custom_action.setEnabled(target_field is not None)
        if target_field is None:
            return
        label = QLabel(f"两者均不正确的，请另行填写“{target_field.label}”（T），Ctrl+回车 保存")
        label.setProperty("heading", True)
        self.custom_control = make_control(target_field)
        save_button = QPushButton("保存")
        save_button.setObjectName("keepThirdButton")
        save_button.clicked.connect(self.save_custom)
        row = QWidget()
        row_layout = QHBoxLayout(row)
        row_layout.setContentsMargins(0, 0, 0, 0)
        row_layout.addWidget(self.custom_control, 1, Qt.AlignmentFlag.AlignTop)
        row_layout.addWidget(save_button, 0, Qt.AlignmentFlag.AlignTop)
        self._custom_layout.addWidget(label)
        self._custom_layout.addWidget(row)

    def _focus_custom(self) -> None:
        if self.custom_control is not None:
            self.custom_control.setFocus(Qt.FocusReason.ShortcutFocusReason)

    def take_side(self, n: int) -> None:
        """Keep the n-th value of the conflict that is shown."""
        if self._current is not None and n < len(self._current.sides):
            self._resolve(self._current, self._current.sides[n])

    def save_custom(self) -> None:
        """Keep what was typed instead of either."""
        if self._current is None or self.custom_control is None:
            return
        try:
            value = self.custom_control.field.parse_and_validate(self.custom_control.raw_value())
        except ValidationError as error:
            self.context.status_bar.error(error)
            self._focus_custom()
            return
        if value is None:
            self.context.status_bar.info(f"请先填写“{self._current.field_label}”，再按 Ctrl+回车 保存。")
            self._focus_custom()
            return
        self._resolve(self._current, value)

    def _resolve(self, conflict: Conflict, choice: Side | Value) -> None:
        if self._resolving_id == conflict.id:
            return  # the key was held down
        self._resolving_id = conflict.id
        if not self._step(1):
            self._step(-1)
        work = partial(conflicts.resolve, self.context.workbook, conflict, choice)
        self.context.tasks.start(work, self._on_resolved, failed=self._on_failed)

    def _on_resolved(self, conflict: Conflict) -> None:
        self._resolving_id = ""
        remaining = len(self._found.conflicts) - (conflict.id in self._found.conflicts)
        message = f"还有 {remaining} 处" if remaining else "冲突都处理完了"
        self.context.status_bar.saved(f"已处理“{conflict.household} {conflict.field_label}”，{message}。")
        self.read_again()
        self.table.setFocus()

    def _choose_household_side(self) -> None:
        """One side for all that is open in this household."""
        household = self._found.households.get(self._current.household_id) if self._current is not None else None
        if household is None:
            self.context.status_bar.info("这一处不属于某一户，请单独决定。")
            return
        dialog = self.dialog = ResolveHouseholdDialog(household, self)
        dialog.accepted.connect(lambda: self._resolve_household(dialog))
        dialog.open()

    def _resolve_household(self, dialog: ResolveHouseholdDialog) -> None:
        work = partial(
            conflicts.resolve_household, self.context.workbook, dialog.household.conflicts, dialog.chosen_workbook
        )
        prefix = f"“{dialog.household.household}”采用了“{dialog.chosen_workbook}”的"
        self.context.tasks.start(
            work, lambda count: self._on_household_resolved(f"{prefix} {count} 处。"), failed=self._on_failed
        )

    def _on_household_resolved(self, message: str) -> None:
        self.context.status_bar.saved(message)
        self.read_again()
        self.table.setFocus()

    def _on_failed(self, error: object) -> None:
        self._resolving_id = ""
        self.context.status_bar.error(error)
        self.read_again()

    def _step(self, offset: int) -> bool:
        """To the next or previous conflict; False at the end."""
        ids = self.table.visible_ids()
        position = ids.index(self.table.current_id()) if self.table.current_id() in ids else -1
        target = position + offset
        return 0 <= target < len(ids) and self.table.set_current_id(ids[target])

    def _open_household(self) -> None:
        if self._current is not None and self._current.household_id:
            self.context.open("household", household=self._current.household_id)


def _editable_field(conflict: Conflict) -> Field | None:
    try:
        target_field = field(conflict.table, conflict.column)
    except KeyError:  # withdrawn
        return None
    return None if target_field.kind == "reference" or target_field.spec.derived else target_field


def _short(workbook: str) -> str:
    return workbook if len(workbook) <= _MAX_WORKBOOK_NAME else f"{workbook[: _MAX_WORKBOOK_NAME - 1]}…"


def _clear_layout(layout: QHBoxLayout | QVBoxLayout) -> None:
    while (item := layout.takeAt(0)) is not None:
        widget = item.widget()
        if widget is not None:
            widget.hide()
            widget.deleteLater()
