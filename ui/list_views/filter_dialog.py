"""筛选: the conditions, the order, the groups and the columns of a list."""

from collections.abc import Callable, Sequence
from dataclasses import replace
from functools import partial

from PySide6.QtGui import QKeySequence, QShortcut
from PySide6.QtWidgets import QDialog, QHBoxLayout, QLabel, QPushButton, QScrollArea, QTabWidget, QVBoxLayout, QWidget

from app.errors import ValidationError
from app.list_views.definition import CHOSEN, Condition, ConditionGroup, ListView, alternatives, any_of_all
from app.list_views.list_source import ListField, ListSource
from ui.list_views.columns_pane import ColumnsPane
from ui.list_views.condition_row import OR, ConditionRow
from ui.list_views.order_pane import OrderPane
from ui.widgets.button_row import ButtonRow
from ui.widgets.dialog import Dialog

_TABS = (("条件", "Alt+1"), ("排序和分组", "Alt+2"), ("显示的列", "Alt+3"))


class FilterDialog(Dialog):
    """Accepted, `view` is what was chosen; `to_be_saved` says that it is to be kept under a name."""

    def __init__(
        self,
        source: ListSource,
        view: ListView,
        shown: Sequence[str],
        offer_texts: Callable[[ListField, Callable[[list[str]], None]], None],
        parent: QWidget,
        conditions_of: str = "",
    ) -> None:
        """
        Args:
            shown: keys of the columns that the list shows now
            offer_texts: as `ConditionRow` takes it
            conditions_of: what the conditions are kept with, where they are all that is asked for; "" for a list
        """
        super().__init__(parent)
        self.setObjectName("filterDialog")
        self._conditions_of = conditions_of
        self.setWindowTitle(conditions_of or f"筛选：{source.title}")
        self.resize(820, 480)
        self.view, self.to_be_saved = view, False
        self._source, self._shown, self._offer_texts = source, tuple(shown), offer_texts
        self.rows: list[ConditionRow] = []
        self.order_pane, self.columns_pane = OrderPane(source), ColumnsPane(source)
        self.error_label = QLabel()
        self.error_label.setObjectName("filter_error")
        self.error_label.setProperty("fault", True)
        self.error_label.setWordWrap(True)
        self.error_label.hide()
        self._build_layout()
        self._show(view)

    def _build_layout(self) -> None:
        self.tabs = QTabWidget()
        self.tabs.setObjectName("filter_tabs")
        for n, (pane, (title, keys)) in enumerate(
            zip((self._conditions_pane(), self.order_pane, self.columns_pane), _TABS, strict=True)
        ):
            self.tabs.addTab(pane, f"{title}（{keys}）")
            self.tabs.setTabVisible(n, not n or not self._conditions_of)
            if self.tabs.isTabVisible(n):
                self._add_key(keys, partial(self._show_tab, n))
        buttons = ButtonRow(self, "确定" if self._conditions_of else "筛选", "apply_filter")
        if not self._conditions_of:
            self._add_key("Ctrl+S", self._accept_to_save)
            buttons.add_button("保存为视图…（Ctrl+S）", "save_view", self._accept_to_save)
        layout = QVBoxLayout(self)
        layout.addWidget(self.tabs, 1)
        layout.addWidget(self.error_label)
        layout.addWidget(buttons)

    def _add_key(self, keys: str, callback: Callable[[], object]) -> None:
        QShortcut(QKeySequence(keys), self).activated.connect(lambda: callback())

    def _conditions_pane(self) -> QWidget:
        hint = QLabel("“且”先算，“或”另起一组：任何一组的条件都符合，就列出来。打列名的一部分或拼音首字母。")
        hint.setProperty("quiet", True)
        hint.setWordWrap(True)
        lines = QWidget()
        self._lines = QVBoxLayout(lines)
        self._lines.setContentsMargins(0, 0, 4, 0)
        self._lines.addStretch(1)
        scroll = QScrollArea()
        scroll.setWidgetResizable(True)
        scroll.setFrameShape(QScrollArea.Shape.NoFrame)
        buttons = QHBoxLayout()
        for name, label, keys, callback in (
            ("add_condition", "加条件", "Alt+A", self._add_empty),
            ("clear_conditions", "全部去掉", "Alt+C", self._clear),
        ):
            button = QPushButton(f"{label}（{keys}）")
            button.setObjectName(name)
            button.setAccessibleName(label)
            button.setAutoDefault(False)
            self._add_key(keys, callback)
            button.clicked.connect(lambda _=False, callback=callback: callback())
            buttons.addWidget(button)
        buttons.addStretch(1)
        pane = QWidget()
        layout = QVBoxLayout(pane)
        layout.addWidget(hint)
        layout.addWidget(scroll, 1)
        layout.addLayout(buttons)
        scroll.setWidget(lines)
        return pane

    def _show(self, view: ListView) -> None:
        for n, row in enumerate(_typed(view.where)):
            for m, condition in enumerate(row):
                line = self._add_row()
                line.show_condition(condition)
                if n and not m:
                    line.join_box.setCurrentText(OR)
        if not self.rows:
            self._add_row()
        self.order_pane.show_order(view.sort, view.groups)
        self.columns_pane.show_columns(self._shown)
        self.rows[-1].field_box.setFocus()

    def _add_row(self) -> ConditionRow:
        row = ConditionRow(self._source, self._offer_texts)
        row.set_first(not self.rows)
        row.removed.connect(lambda: self._remove(row))
        self.rows.append(row)
        self._lines.insertWidget(len(self.rows) - 1, row)
        row.show()  # now, so that the next Tab goes through it
        return row

    def _add_empty(self) -> None:
        self.tabs.setCurrentIndex(0)
        self._add_row().field_box.setFocus()

    def _remove(self, row: ConditionRow) -> None:
        self.rows.remove(row)
        self._lines.removeWidget(row)
        row.deleteLater()
        if not self.rows:
            self._add_row()
        self.rows[0].set_first(True)
        self.rows[-1].field_box.setFocus()

    def _clear(self) -> None:
        for row in [*self.rows]:
            self._remove(row)

    def _show_tab(self, n: int) -> None:
        self.tabs.setCurrentIndex(n)
        (self.rows[-1].field_box, self.order_pane, self.columns_pane.list)[n].setFocus()
        if n == 1:
            self.order_pane.focusNextChild()

    def _accept_to_save(self) -> None:
        self.to_be_saved = True
        self.accept()
        self.to_be_saved = self.result() == QDialog.DialogCode.Accepted

    def accept(self) -> None:
        try:
            where = self._where()
        except ValidationError as error:
            self.error_label.setText(str(error))
            self.error_label.show()
            self.tabs.setCurrentIndex(0)
            return
        columns = self.columns_pane.columns()
        self.view = replace(
            self.view,
            where=where,
            sort=self.order_pane.sort(),
            groups=self.order_pane.groups(),
            columns=self.view.columns if columns == self._shown else columns,
        )
        super().accept()

    def _where(self) -> ConditionGroup:
        """The tree as it was where its conditions were not touched, so that what is unknown here stays in it."""
        rows: list[list[Condition]] = [[]]
        for line in self.rows:
            line.focus_value()  # there it stays where something is refused
            condition = line.condition()
            if line.begins_alternative and rows[-1]:
                rows.append([])
            if condition is not None:
                rows[-1].append(condition)
        known = [[one for one in row if self._source.field(one.field)] for row in _typed(self.view.where)]
        if rows == known or (rows == [[]] and not known):
            return self.view.where
        chosen = [one for one in self.view.where.conditions() if one.field == CHOSEN]
        return ConditionGroup((*chosen, any_of_all(rows))) if chosen else any_of_all(rows)


def _typed(where: ConditionGroup) -> list[list[Condition]]:
    """The conditions that lines are made of; rows that were picked out one by one have no line, and stay."""
    rows = [[one for one in row if one.field != CHOSEN] for row in alternatives(where)]
    return [row for row in rows if row]
