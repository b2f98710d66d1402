"""The line above a list: 筛选, the saved views, what is filtered, and the commands behind them."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, replace
from functools import partial

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QHBoxLayout, QMenu, QPushButton, QWidget

from app.errors import UserError
from app.list_views.comparisons import condition_text
from app.list_views.condition_sql import ignored_conditions
from app.list_views.definition import (
    Condition,
    ConditionGroup,
    ListView,
    SortKey,
    alternatives,
    any_of_all,
    chosen_rows,
)
from app.list_views.list_source import ListField, ListSource
from app.list_views.rows import distinct_texts
from app.list_views.saved_views import NamedView, delete_view, save_view, saved_views
from app.list_views.stored_form import encode_for_printing
from ui.list_views.chip_bar import Chip, ChipBar
from ui.list_views.condition_row import OR
from ui.list_views.filter_dialog import FilterDialog
from ui.list_views.row_seeking import seek
from ui.list_views.view_rows import view_columns
from ui.list_views.view_saving import SaveViewDialog
from ui.shell.page import AppContext, Page
from ui.widgets.paged_table import PagedTable
from ui.widgets.row_table import Column

_MOST_SUGGESTIONS = 300
FILTER_KEY, VIEWS_KEY = "F3", "Shift+F3"


@dataclass(frozen=True, slots=True)
class QuickFilter:
    """The line of search and boxes that the list had before: what is set in it, and setting it."""

    state: Callable[[], Mapping[str, str]]
    restore: Callable[[Mapping[str, str]], None]


NO_QUICK_FILTER = QuickFilter(dict, lambda state: None)  # of a list without such a line


class ViewBar(QWidget):
    """Holds the view of one list and sets the columns of its table; the page shows the rows that it says.

    Signals:
        changed: another view, or with `follow_head` another order
    """

    changed = Signal()

    def __init__(
        self,
        context: AppContext,
        source: ListSource,
        quick: QuickFilter,
        table: PagedTable,
        columns: Sequence[Column],
    ) -> None:
        """
        Args:
            table: shows the list
            columns: of the table where no view names others
        """
        super().__init__()
        self._context, self._source, self._quick, self._table, self._columns = context, source, quick, table, columns
        table.set_columns(columns)
        table.begin_wanted.connect(partial(seek, context, lambda: self._source, table))
        self._view = ListView()
        self._head_sort: tuple[SortKey, ...] = ()  # chosen in the head of the table
        self._named: NamedView | None = None
        self._views: list[NamedView] = []
        self.dialog: FilterDialog | SaveViewDialog | None = None
        self.filter_button = self._button("filter_button", "筛选", FILTER_KEY, self.open_dialog)
        self.views_button = self._button("views_button", "视图", VIEWS_KEY, self.open_menu)
        self.menu = QMenu(self)
        self.menu.setObjectName("views_menu")
        self.chips = ChipBar()
        layout = QHBoxLayout(self)
        layout.setContentsMargins(0, 0, 0, 0)
        layout.setSpacing(8)
        layout.addWidget(self.filter_button)
        layout.addWidget(self.views_button)
        layout.addWidget(self.chips, 1)

    def _button(self, name: str, label: str, keys: str, callback: Callable[[], object]) -> QPushButton:
        button = QPushButton(f"{label}　{keys}")
        button.setObjectName(name)
        button.setAccessibleName(label)
        button.setToolTip(f"{label}（{keys}）")
        button.clicked.connect(lambda: callback())
        return button

    def use(self, source: ListSource) -> None:
        """The same list with other rows, where they are worked out anew."""
        self._source = source

    def add_actions_to(self, page: Page) -> None:
        """The keys of the page."""
        page.add_page_action("filter", "筛选", FILTER_KEY, self.open_dialog)
        page.add_page_action("views", "视图", VIEWS_KEY, self.open_menu)

    @property
    def view(self) -> ListView:
        """What the list is to show, with what is set in the line of search and boxes."""
        return replace(self._view, quick=dict(self._quick.state()))

    def follow_head(self) -> None:
        """From now on the order that is chosen in the head of the table goes before that of the view (`shown`)."""
        self._table.paged.sorted_by.connect(self._sort_by_head)

    def _sort_by_head(self, place: int, descending: bool) -> None:
        key = self._table.paged.columns[place].key if place >= 0 else ""
        before = self._head_sort
        self._head_sort = (SortKey(key, descending),) if self._source.field(key) is not None else ()
        if self._head_sort != before:
            self.changed.emit()

    @property
    def shown(self) -> ListView:
        """The view in the order of the list as it stands there."""
        return replace(self.view, sort=self._head_sort) if self._head_sort else self.view

    @property
    def is_plain(self) -> bool:
        """Whether neither view nor head say anything of rows, order or columns."""
        return replace(self.shown, quick={}).is_plain

    def for_printing(self, **quick: str) -> str:
        """What a paper has to be told to have the rows that are chosen (or shown), with the columns, order and groups
        of the list; `quick`: what is chosen beside it."""
        shown, chosen = self.shown, self._table.partly_chosen_ids()
        where = ConditionGroup((shown.where, chosen_rows(chosen))) if chosen else shown.where
        shown = replace(shown, where=where, columns=tuple(self.shown_keys()), quick={**shown.quick, **quick})
        return encode_for_printing(self._source.key, self.name, shown)

    @property
    def name(self) -> str:
        """Of the saved view that is shown, "" for none."""
        return self._named.name if self._named is not None else ""

    def shown_keys(self) -> list[str]:
        """Keys of the columns that the list shows now."""
        return [column.key for column in self._table.columns_shown()]

    def describe(self) -> str:
        """What the conditions say, in one sentence; "" where there are none."""
        rows = ["，且 ".join(self._text(one) for one in row) for row in alternatives(self._view.where)]
        return "；或 ".join(rows)

    def clear(self) -> None:
        """The list as it is without a view."""
        if self._named is not None or not self._view.is_plain:
            self._show(ListView(), None)

    def show_view(self, view: ListView) -> None:
        """Show a view that was not saved, e.g. of what stands behind a figure."""
        self._quick.restore(view.quick)
        self._show(view, None)

    def open_view(self, view_id: str) -> None:
        """Show a saved view by its id."""
        self._context.read(partial(self._open_found, view_id), saved_views, self._source.key)

    def _open_found(self, view_id: str, views: list[NamedView]) -> None:
        named = next((view for view in views if view.id == view_id), None)
        if named is None:
            self._context.status_bar.info("这个视图已经不在了。")
        else:
            self._open(named)

    def _open(self, named: NamedView) -> None:
        try:
            view = named.opened()
        except UserError as error:
            self._context.status_bar.error(error)
            return
        self._quick.restore(view.quick)
        self._show(view, named)
        unknown = ignored_conditions(self._source, view.where)
        if unknown:
            self._context.status_bar.info(f"视图“{named.name}”有 {len(unknown)} 个条件这个版本的程序不认识，没有用上。")

    def _show(self, view: ListView, named: NamedView | None) -> None:
        self._view, self._named, self._head_sort = replace(view, quick={}), named, ()
        self.views_button.setText(f"视图：{named.name}" if named is not None else f"视图　{VIEWS_KEY}")
        self.chips.show_chips(self._chips())
        self._table.clear_sort_mark()
        self._table.set_columns(view_columns(self._source, view, self._columns), of_view=bool(view.columns))
        self.changed.emit()

    def _chips(self) -> list[Chip | str]:
        chips: list[Chip | str] = []
        rows = alternatives(self._view.where)
        for n, row in enumerate(rows):
            if n:
                chips.append(OR)
            chips += [(self._text(one), partial(self._remove, n, m)) for m, one in enumerate(row)]
        if self._view.groups:
            chips.append((f"分组：{self._labels(self._view.groups)}", partial(self._drop, groups=())))
        if self._view.sort:
            named = [f"{self._labels([key.field])}{'从大到小' if key.descending else ''}" for key in self._view.sort]
            chips.append((f"排序：{'、'.join(named)}", partial(self._drop, sort=())))
        if self._view.columns:
            chips.append((f"显示 {len(self._view.columns)} 列", partial(self._drop, columns=())))
        return chips

    def _labels(self, keys: Sequence[str]) -> str:
        return "、".join(one.label if (one := self._source.field(key)) is not None else key for key in keys)

    def _text(self, condition: Condition) -> str:
        one = self._source.field(condition.field)
        if one is None:
            return f"“{condition.field}”这一项这个版本的程序不认识，没有用上"
        return condition_text(one.field, condition)

    def _remove(self, n: int, m: int) -> None:
        rows = alternatives(self._view.where)
        del rows[n][m]
        self._drop(where=any_of_all(rows))

    def _drop(self, **parts: object) -> None:
        self._show(replace(self._view, **parts), None)  # type: ignore[arg-type]
        self.filter_button.setFocus()

    def open_dialog(self) -> None:
        """Choose conditions, order, groups and columns."""
        self.dialog = dialog = FilterDialog(self._source, self._view, self.shown_keys(), self._offer_texts, self)
        dialog.accepted.connect(lambda: self._on_accepted(dialog))
        dialog.open()

    def _on_accepted(self, dialog: FilterDialog) -> None:
        if dialog.view != self._view:
            self._show(dialog.view, self._named if dialog.to_be_saved else None)
        if dialog.to_be_saved:
            self.ask_name()

    def _offer_texts(self, one: ListField, offer: Callable[[list[str]], None]) -> None:
        self._context.read(offer, distinct_texts, one, self._source, _MOST_SUGGESTIONS)

    def ask_name(self) -> None:
        """Keep what is shown under a name."""
        shared = self._named is not None and self._named.shared
        self.dialog = dialog = SaveViewDialog(self.name, shared, self)
        dialog.accepted.connect(lambda: self._save(dialog.name, dialog.shared))
        dialog.open()

    def _save(self, name: str, shared: bool) -> None:
        work = partial(save_view, self._context.workbook, self._source.key, name, self.view, shared=shared)
        self._context.write(work, self.open_view, f"已保存视图“{name.strip()}”")

    def open_menu(self) -> None:
        """The saved views of the list below their button."""
        self._context.read(self._show_menu, saved_views, self._source.key)

    def _show_menu(self, views: list[NamedView]) -> None:
        self._views = views
        self.menu.clear()
        for view in views:
            action = self.menu.addAction(view.name if view.shared else f"{view.name}（只在本机）")
            action.setCheckable(True)
            action.setChecked(self._named is not None and view.id == self._named.id)
            action.triggered.connect(lambda _=False, view=view: self._open(view))
        if not views:
            self.menu.addAction("还没有保存过视图").setEnabled(False)
        self.menu.addSeparator()
        self.menu.addAction("保存为视图…", self.ask_name)
        if self._named is not None:
            self.menu.addAction("不用视图，看全部", self._leave_view)
            self.menu.addAction(f"删除视图“{self.name}”", self._delete)
        self.menu.popup(self.views_button.mapToGlobal(self.views_button.rect().bottomLeft()))
        self.menu.setActiveAction(self.menu.actions()[0])

    def _leave_view(self) -> None:
        self._quick.restore({})
        self.clear()

    def _delete(self) -> None:
        if self._named is not None:
            named, self._named = self._named, None
            self.views_button.setText(f"视图　{VIEWS_KEY}")
            work = partial(delete_view, self._context.workbook, named.id)
            self._context.write(work, message=f"已删除视图“{named.name}”")
