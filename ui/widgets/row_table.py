"""One table for all lists: whole rows of plain data, sorted natively, masked, with columns of choice."""

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from PySide6.QtCore import (
    QAbstractTableModel,
    QEvent,
    QItemSelection,
    QItemSelectionModel,
    QModelIndex,
    QPersistentModelIndex,
    QPoint,
    QSettings,
    QSignalBlocker,
    Qt,
    Signal,
)
from PySide6.QtGui import (
    QColor,
    QContextMenuEvent,
    QGuiApplication,
    QKeyEvent,
    QKeySequence,
    QPainter,
    QPaintEvent,
    QResizeEvent,
)
from PySide6.QtWidgets import QAbstractItemView, QMenu, QTableView, QWidget

from ui.shell.theme import tokens
from ui.widgets.cell_texts import ALIGN_LEFT, ALIGN_RIGHT, as_text, cell_text
from ui.widgets.column_fit import ColumnFit
from ui.widgets.context_commands import add_commands
from ui.widgets.pinyin import sort_key

Index = QModelIndex | QPersistentModelIndex


@dataclass(frozen=True, slots=True)
class Column:
    """One column.

    Attributes:
        key: of the cell in `Row.cells`
        align, mask: "left" or "right" (numbers); how personal numbers are hidden, as in app/workbook/masking.py
        width: in characters of the usual text; 0 takes what is left
        sort_key: value → something that compares, where the value itself does not
        text: value → what is shown, where str() is not it
        hidden, pinned: not shown until chosen; shown whatever a view names, being no field of its list, e.g. a tick
    """

    key: str
    label: str
    align: str = "left"
    mask: str = ""
    width: int = 10
    sort_key: Callable[[Any], Any] | None = None
    text: Callable[[Any], str] | None = None
    hidden: bool = False
    pinned: bool = False


@dataclass(frozen=True, slots=True)
class Row:
    """One row: an id to open it by, plain values by column key, and how it stands out ("", "warn", "bad", "quiet")."""

    id: str
    cells: Mapping[str, Any]
    emphasis: str = field(default="")


class RowModel(QAbstractTableModel):
    """Rows as given; `shown` is which of them, in which order."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.columns: tuple[Column, ...] = ()
        self._rows: list[Row] = []
        self.visible: list[int] = []
        self._order: list[int] = []
        self._sorted_by = (-1, Qt.SortOrder.AscendingOrder)
        self._predicate: Callable[[Row], bool] | None = None

    def rowCount(self, parent: Index = QModelIndex()) -> int:  # noqa: B008 - Qt's own signature
        return 0 if parent.isValid() else len(self.visible)

    def columnCount(self, parent: Index = QModelIndex()) -> int:  # noqa: B008
        return 0 if parent.isValid() else len(self.columns)

    def headerData(self, section: int, orientation: Qt.Orientation, role: int = Qt.ItemDataRole.DisplayRole) -> Any:
        if orientation != Qt.Orientation.Horizontal or not 0 <= section < len(self.columns):
            return None
        if role == Qt.ItemDataRole.DisplayRole:
            return self.columns[section].label
        if role == Qt.ItemDataRole.TextAlignmentRole:
            return ALIGN_RIGHT if self.columns[section].align == "right" else ALIGN_LEFT
        return None

    def data(self, index: Index, role: int = Qt.ItemDataRole.DisplayRole) -> Any:
        if not index.isValid():
            return None
        column = self.columns[index.column()]
        if role in (Qt.ItemDataRole.DisplayRole, Qt.ItemDataRole.ToolTipRole):
            return self.text(index.row(), column) or None
        if role == Qt.ItemDataRole.TextAlignmentRole:
            return ALIGN_RIGHT if column.align == "right" else ALIGN_LEFT
        if role == Qt.ItemDataRole.ForegroundRole:
            emphasis = self.row(index.row()).emphasis  # a token: "warn", "bad" or "quiet"
            return QColor(getattr(tokens(), emphasis)) if emphasis else None
        return None

    def row(self, position: int) -> Row:
        return self._rows[self.visible[position]]

    def ids(self) -> Sequence[str]:
        """Of what is shown, in its order."""
        return [self._rows[n].id for n in self.visible]

    def id_at(self, position: int) -> str:
        return self.row(position).id

    def record_ids(self, span: range) -> list[str]:
        """Of the records among these rows. Many at once: asking for each of 50,000 stops the window."""
        return [self._rows[n].id for n in self.visible[span.start : span.stop]]

    def is_record(self, position: int) -> bool:
        """Whether a row is one of the list, not the heading of a group."""
        return True

    def text(self, position: int, column: Column) -> str:
        """What a cell shows, masked."""
        return cell_text(self.row(position), column)

    def set_columns(self, columns: Sequence[Column]) -> None:
        self.beginResetModel()
        self.columns = tuple(columns)
        self.endResetModel()

    def set_rows(self, rows: Iterable[Row]) -> None:
        self.beginResetModel()
        self._rows = list(rows)
        self._sort()
        self._apply_filter()
        self.endResetModel()

    def set_filter(self, predicate: Callable[[Row], bool] | None) -> None:
        self.beginResetModel()
        self._predicate = predicate
        self._apply_filter()
        self.endResetModel()

    def sort(self, column: int, order: Qt.SortOrder = Qt.SortOrder.AscendingOrder) -> None:
        self.beginResetModel()
        self._sorted_by = (column, order)
        self._sort()
        self._apply_filter()
        self.endResetModel()

    def position_of(self, row_id: str) -> int:
        """Where a row is shown now, -1 if it is not."""
        return next((position for position, n in enumerate(self.visible) if self._rows[n].id == row_id), -1)

    def _sort(self) -> None:
        """All rows, once; a filter then only leaves some out."""
        sort_column, direction = self._sorted_by
        self._order = list(range(len(self._rows)))
        if 0 <= sort_column < len(self.columns):
            column = self.columns[sort_column]
            cells = [row.cells.get(column.key) for row in self._rows]
            non_empty = [n for n in self._order if cells[n] not in (None, "")]
            key = column.sort_key or _natural_key
            non_empty.sort(key=lambda n: key(cells[n]), reverse=direction == Qt.SortOrder.DescendingOrder)
            # what is empty stands last either way
            self._order = non_empty + [n for n in self._order if cells[n] in (None, "")]

    def _apply_filter(self) -> None:
        predicate = self._predicate
        self.visible = list(self._order) if predicate is None else [n for n in self._order if predicate(self._rows[n])]


def _natural_key(value: Any) -> Any:
    return (1, sort_key(value)) if isinstance(value, str) else (0, value)


class RowTable(QTableView):
    """The table itself. Enter or a double click opens a row, Ctrl+C copies it, the header's menu chooses columns."""

    row_activated = Signal(str)  # id
    current_row_changed = Signal(str)  # id of the current row, "" for none

    def __init__(self, name: str, label: str, parent: QWidget | None = None, *, model: RowModel | None = None) -> None:
        """`name`: objectName, and under which the choice of columns is remembered; `label`: accessible name."""
        super().__init__(parent)
        self.setObjectName(name)
        self.setAccessibleName(label)
        self.placeholder = ""
        self._columns_of_view = False
        self._column_fit = ColumnFit(self)
        self._model = model or RowModel()
        self._model.setParent(self)
        self.setModel(self._model)
        self.setSelectionBehavior(QAbstractItemView.SelectionBehavior.SelectRows)
        self.setSelectionMode(QAbstractItemView.SelectionMode.ExtendedSelection)
        self.setEditTriggers(QAbstractItemView.EditTrigger.NoEditTriggers)
        self.setAlternatingRowColors(True)
        self.setShowGrid(False)
        self.setWordWrap(False)
        self.setTabKeyNavigation(False)
        self.verticalHeader().hide()
        self.verticalHeader().setDefaultSectionSize(max(30, self.fontMetrics().height() + 12))
        header = self.horizontalHeader()
        header.setHighlightSections(False)
        # a header asks of every column whether all its rows are selected, each time it is drawn: 1.4 s for 50,000
        header.setSelectionModel(QItemSelectionModel(self._model, header))
        header.setSectionsMovable(True)
        header.setContextMenuPolicy(Qt.ContextMenuPolicy.CustomContextMenu)
        header.customContextMenuRequested.connect(self._show_column_menu)
        header.setSortIndicator(-1, Qt.SortOrder.AscendingOrder)
        self.setSortingEnabled(True)
        self.doubleClicked.connect(lambda index: self.row_activated.emit(self._model.id_at(index.row())))
        self.selectionModel().currentRowChanged.connect(lambda *_: self.current_row_changed.emit(self.current_id()))

    def set_columns(self, columns: Sequence[Column], *, of_view: bool = False) -> None:
        """The columns, with widths, and with those hidden that the officer hid last time.

        Args:
            of_view: all are shown, in this order; what is hidden from now on is not remembered
        """
        self._model.set_columns(columns)
        self._columns_of_view = of_view
        stored = None if of_view else QSettings("hudang", "hudang").value(f"columns/{self.objectName()}")
        visible_keys = stored.split(",") if isinstance(stored, str) else None
        header = self.horizontalHeader()
        for n in range(len(columns)) if of_view else ():
            header.moveSection(header.visualIndex(n), n)
        self._column_fit.begin(columns)
        for n, column in enumerate(columns):
            self.setColumnHidden(n, column.hidden if visible_keys is None else column.key not in visible_keys)
        self.show_whole_headings()

    def clear_sort_mark(self) -> None:
        """The head of the table says nothing about the order any more; nothing is sorted anew."""
        with QSignalBlocker(header := self.horizontalHeader()):
            header.setSortIndicator(-1, Qt.SortOrder.AscendingOrder)

    def changeEvent(self, event: QEvent) -> None:
        super().changeEvent(event)
        if event.type() == QEvent.Type.StyleChange:  # put into a window: only there the look of headings is known
            self.show_whole_headings()

    def show_whole_headings(self) -> None:
        """Let no column be narrower than its heading."""
        self._column_fit.show_whole_headings()

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        if event.size().width() != event.oldSize().width():
            self._column_fit.fit()

    def measure_rows(self, rows: Iterable[Row]) -> None:
        """Let columns be as wide as the texts of the first rows need."""
        columns = self._model.columns
        self._column_fit.measure(rows, lambda row, n: cell_text(row, columns[n]))

    def set_rows(self, rows: Iterable[Row]) -> None:
        """Show these rows; the current one stays current if it is still among them."""
        current_id = self.current_id()
        shown = list(rows)
        self._model.set_rows(shown)
        self.measure_rows(shown)
        self._restore_current(current_id)

    def set_filter(self, predicate: Callable[[Row], bool] | None) -> None:
        """Show only rows for which this is true, all for None."""
        current_id = self.current_id()
        self._model.set_filter(predicate)
        self._restore_current(current_id)

    def filter_ids(self, ids: Iterable[str] | None) -> None:
        """Show only these rows, all for None."""
        wanted_ids = None if ids is None else frozenset(ids)
        self.set_filter(None if wanted_ids is None else lambda row: row.id in wanted_ids)

    def visible_ids(self) -> list[str]:
        """Ids of what is shown, in its order."""
        return self._model.record_ids(range(self._model.rowCount()))

    def selected_ids(self) -> list[str]:
        """Ids of the selected rows, in their order."""
        return [id for span in self._chosen_spans() for id in self._model.record_ids(span)]

    def chosen_ids(self) -> list[str]:
        """Ids of the selected rows; with none or one selected, of all that are shown."""
        selected = self.selected_ids()
        return selected if len(selected) > 1 else self.visible_ids()

    def _chosen_spans(self) -> list[range]:
        """Places of the selected rows, each once, in their order."""
        spans: list[range] = []
        for one in sorted(self.selectionModel().selection().toList(), key=lambda one: one.top()):
            start = spans[-1].stop if spans else 0
            spans.append(range(max(one.top(), start), max(one.bottom() + 1, start)))
        return spans

    def current_id(self) -> str:
        """Id of the current row, "" for none."""
        index = self.currentIndex()
        return self._model.id_at(index.row()) if index.isValid() and self._model.is_record(index.row()) else ""

    def set_current_id(self, row_id: str) -> bool:
        """Make a row current and visible; False if it is not shown."""
        position = self._model.position_of(row_id)
        if position >= 0:
            self._set_current_position(position)
        return position >= 0

    def select_ids(self, ids: Iterable[str]) -> None:
        """Select these rows and no others, as far as they are shown; the first of them becomes current."""
        wanted_ids = frozenset(ids)
        selection = QItemSelection()
        positions = [position for position, id in enumerate(self._model.ids()) if id in wanted_ids]
        for position in positions:
            selection.select(self._model.index(position, 0), self._model.index(position, len(self._model.columns) - 1))
        if positions:
            self._set_current_position(positions[0])
        self.selectionModel().select(selection, QItemSelectionModel.SelectionFlag.ClearAndSelect)

    def cell_text(self, row_id: str, key: str) -> str:
        """What a cell of a row shows, "" for a row that is not shown."""
        position = self._model.position_of(row_id)
        column = next(column for column in self._model.columns if column.key == key)
        return self._model.text(position, column) if position >= 0 else ""

    def _restore_current(self, row_id: str) -> None:
        if not (row_id and self.set_current_id(row_id)) and self._model.rowCount():
            self._set_current_position(next(filter(self._model.is_record, range(self._model.rowCount())), 0))
        self.viewport().update()

    def _set_current_position(self, position: int) -> None:
        """This row alone, also while Ctrl of a shortcut is still held (setCurrentIndex would toggle it then)."""
        selection_flags = QItemSelectionModel.SelectionFlag.ClearAndSelect | QItemSelectionModel.SelectionFlag.Rows
        self.selectionModel().setCurrentIndex(self._model.index(position, self._first_visible()), selection_flags)

    def _first_visible(self) -> int:
        return next((n for n in range(len(self._model.columns)) if not self.isColumnHidden(n)), 0)

    def contextMenuEvent(self, event: QContextMenuEvent) -> None:
        """The menu key too: copy, which columns, and the commands of the page."""
        menu = QMenu(self)
        menu.addAction("复制（Ctrl+C）", self._copy).setEnabled(bool(self.selected_ids()))
        self._add_column_actions(menu.addMenu("显示的列"))
        add_commands(menu, self)
        menu.exec(event.globalPos())

    def _show_column_menu(self, position: QPoint) -> None:
        menu = QMenu(self)
        self._add_column_actions(menu)
        menu.exec(self.horizontalHeader().mapToGlobal(position))

    def _add_column_actions(self, menu: QMenu) -> None:
        for n, column in enumerate(self._model.columns):
            action = menu.addAction(column.label)
            action.setCheckable(True)
            action.setChecked(not self.isColumnHidden(n))
            action.toggled.connect(lambda on, n=n: self._set_column_visible(n, on))

    def _set_column_visible(self, section: int, on: bool) -> None:
        self.setColumnHidden(section, not on)
        self.show_whole_headings()
        if not self._columns_of_view:
            keys = ",".join(one.key for one in self.columns_shown())
            QSettings("hudang", "hudang").setValue(f"columns/{self.objectName()}", keys)

    def keyPressEvent(self, event: QKeyEvent) -> None:
        if event.key() in (Qt.Key.Key_Return, Qt.Key.Key_Enter) and self.current_id():
            self.row_activated.emit(self.current_id())
        elif event.matches(QKeySequence.StandardKey.Copy):
            self._copy()
        else:
            super().keyPressEvent(event)

    def _copy(self) -> None:
        places = (place for span in self._chosen_spans() for place in span if self._model.is_record(place))
        rows = [self._model.row(place) for place in places]
        QGuiApplication.clipboard().setText(as_text(rows, self.columns_shown()))

    def columns_shown(self) -> list[Column]:
        """The columns that are not hidden."""
        return [column for n, column in enumerate(self._model.columns) if not self.isColumnHidden(n)]

    def paintEvent(self, event: QPaintEvent) -> None:
        super().paintEvent(event)
        if self.placeholder and not self._model.rowCount():
            painter = QPainter(self.viewport())
            painter.setPen(QColor(tokens().quiet))
            flags = int(Qt.AlignmentFlag.AlignCenter | Qt.TextFlag.TextWordWrap)
            painter.drawText(self.viewport().rect().adjusted(24, 0, -24, 0), flags, self.placeholder)
