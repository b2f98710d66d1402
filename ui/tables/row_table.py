"""One table for all lists: whole rows of plain data, sorted natively, masked, with columns of choice."""

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from PySide6.QtCore import (
    QAbstractTableModel,
    QItemSelection,
    QItemSelectionModel,
    QModelIndex,
    QPersistentModelIndex,
    QPoint,
    QSettings,
    Qt,
    Signal,
)
from PySide6.QtGui import (
    QAction,
    QColor,
    QContextMenuEvent,
    QGuiApplication,
    QKeyEvent,
    QKeySequence,
    QPainter,
    QPaintEvent,
    QResizeEvent,
)
from PySide6.QtWidgets import QAbstractItemView, QHeaderView, QMenu, QTableView, QWidget

from app.records.masking import masked
from ui.hanzi import order

Index = QModelIndex | QPersistentModelIndex
RIGHT = Qt.AlignmentFlag.AlignRight | Qt.AlignmentFlag.AlignVCenter
LEFT = Qt.AlignmentFlag.AlignLeft | Qt.AlignmentFlag.AlignVCenter


@dataclass(frozen=True, slots=True)
class Column:
    """One column.

    Attributes:
        key: of the cell in `Row.cells`
        align: "left" or "right" (numbers)
        mask: how personal numbers are hidden, as in app/records/masking.py
        width: in characters of the usual text; 0 takes what is left
        sort_key: value → something that compares, where the value itself does not
        text: value → what is shown, where str() is not it
        hidden: not shown until chosen
    """

    key: str
    label: str
    align: str = "left"
    mask: str = ""
    width: int = 10
    sort_key: Callable[[Any], Any] | None = None
    text: Callable[[Any], str] | None = None
    hidden: bool = False


@dataclass(frozen=True, slots=True)
class Row:
    """One row: an id to open it by, plain values by column key, and how it stands out ("", "warn", "bad", "quiet")."""

    id: str
    cells: Mapping[str, Any]
    look: str = field(default="")


_LEAST = 8  # characters that a column which takes what is left has at the least
_LOOKS = {"warn": QColor("#8A5A00"), "bad": QColor("#B3261E"), "quiet": QColor("#8A948F")}


class RowModel(QAbstractTableModel):
    """Rows as given; `shown` is which of them, in which order."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.columns: tuple[Column, ...] = ()
        self._rows: list[Row] = []
        self.shown: list[int] = []
        self._order: list[int] = []
        self._sorted_by = (-1, Qt.SortOrder.AscendingOrder)
        self._wanted: Callable[[Row], bool] | None = None

    def rowCount(self, parent: Index = QModelIndex()) -> int:  # noqa: B008 - Qt's own signature
        return 0 if parent.isValid() else len(self.shown)

    def columnCount(self, parent: Index = QModelIndex()) -> int:  # noqa: B008
        return 0 if parent.isValid() else len(self.columns)

    def headerData(self, section: int, orientation: Qt.Orientation, role: int = Qt.ItemDataRole.DisplayRole) -> Any:
        if orientation != Qt.Orientation.Horizontal or not 0 <= section < len(self.columns):
            return None
        if role == Qt.ItemDataRole.DisplayRole:
            return self.columns[section].label
        if role == Qt.ItemDataRole.TextAlignmentRole:
            return RIGHT if self.columns[section].align == "right" else LEFT
        return None

    def data(self, index: Index, role: int = Qt.ItemDataRole.DisplayRole) -> Any:
        if not index.isValid():
            return None
        column = self.columns[index.column()]
        if role in (Qt.ItemDataRole.DisplayRole, Qt.ItemDataRole.ToolTipRole):
            return self.text(index.row(), column) or None
        if role == Qt.ItemDataRole.TextAlignmentRole:
            return RIGHT if column.align == "right" else LEFT
        if role == Qt.ItemDataRole.ForegroundRole:
            return _LOOKS.get(self.row(index.row()).look)
        return None

    def row(self, place: int) -> Row:
        return self._rows[self.shown[place]]

    def text(self, place: int, column: Column) -> str:
        """What a cell shows, masked."""
        value = self.row(place).cells.get(column.key)
        if value is None:
            return ""
        told = column.text(value) if column.text else str(value)
        return masked(told, column.mask) if column.mask and told else told

    def set_columns(self, columns: Sequence[Column]) -> None:
        self.beginResetModel()
        self.columns = tuple(columns)
        self.endResetModel()

    def set_rows(self, rows: Iterable[Row]) -> None:
        self.beginResetModel()
        self._rows = list(rows)
        self._sort()
        self._filter()
        self.endResetModel()

    def show_only(self, wanted: Callable[[Row], bool] | None) -> None:
        self.beginResetModel()
        self._wanted = wanted
        self._filter()
        self.endResetModel()

    def sort(self, column: int, order: Qt.SortOrder = Qt.SortOrder.AscendingOrder) -> None:
        self.beginResetModel()
        self._sorted_by = (column, order)
        self._sort()
        self._filter()
        self.endResetModel()

    def place_of(self, row_id: str) -> int:
        """Where a row is shown now, -1 if it is not."""
        return next((place for place, n in enumerate(self.shown) if self._rows[n].id == row_id), -1)

    def _sort(self) -> None:
        """All rows, once; a filter then only leaves some out."""
        place, direction = self._sorted_by
        self._order = list(range(len(self._rows)))
        if 0 <= place < len(self.columns):
            column = self.columns[place]
            cells = [row.cells.get(column.key) for row in self._rows]
            full = [n for n in self._order if cells[n] not in (None, "")]
            key = column.sort_key or _native
            full.sort(key=lambda n: key(cells[n]), reverse=direction == Qt.SortOrder.DescendingOrder)
            # what is empty stands last either way
            self._order = full + [n for n in self._order if cells[n] in (None, "")]

    def _filter(self) -> None:
        wanted = self._wanted
        self.shown = list(self._order) if wanted is None else [n for n in self._order if wanted(self._rows[n])]


def _native(value: Any) -> Any:
    return (1, order(value)) if isinstance(value, str) else (0, value)


class RowTable(QTableView):
    """The table itself. Enter or a double click opens a row, Ctrl+C copies what is shown, the header's menu chooses
    columns."""

    opened = Signal(str)  # id
    pointed = Signal(str)  # id of the current row, "" for none

    def __init__(self, name: str, label: str, parent: QWidget | None = None) -> None:
        """`name`: objectName, and under which the choice of columns is remembered; `label`: accessible name."""
        super().__init__(parent)
        self.setObjectName(name)
        self.setAccessibleName(label)
        self.hint = ""
        self._model = RowModel(self)
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
        header.setSectionsMovable(True)
        header.setContextMenuPolicy(Qt.ContextMenuPolicy.CustomContextMenu)
        header.customContextMenuRequested.connect(self._choose_columns)
        header.setSortIndicator(-1, Qt.SortOrder.AscendingOrder)
        self.setSortingEnabled(True)
        self.doubleClicked.connect(lambda index: self.opened.emit(self._model.row(index.row()).id))
        self.selectionModel().currentRowChanged.connect(lambda *_: self.pointed.emit(self.current()))

    def set_columns(self, columns: Sequence[Column]) -> None:
        """The columns, with widths, and with those hidden that the officer hid last time."""
        self._model.set_columns(columns)
        kept = QSettings("hudang", "hudang").value(f"columns/{self.objectName()}")
        chosen = kept.split(",") if isinstance(kept, str) else None
        letter = self.fontMetrics().horizontalAdvance("字")
        for n, column in enumerate(columns):
            if column.width:
                self.setColumnWidth(n, column.width * letter // 2 + 24)
            else:
                self.horizontalHeader().setSectionResizeMode(n, QHeaderView.ResizeMode.Stretch)
            self.setColumnHidden(n, column.hidden if chosen is None else column.key not in chosen)
        self._fit()

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        self._fit()

    def _fit(self) -> None:
        """What takes what is left is never squeezed out: where hardly anything is left, the table rolls sideways."""
        shown = [(n, column) for n, column in enumerate(self._model.columns) if not self.isColumnHidden(n)]
        taking = [n for n, column in shown if not column.width]
        least = _LEAST * self.fontMetrics().horizontalAdvance("字")
        left = self.viewport().width() - sum(self.columnWidth(n) for n, column in shown if column.width)
        for n in taking:
            if left >= least * len(taking):
                self.horizontalHeader().setSectionResizeMode(n, QHeaderView.ResizeMode.Stretch)
            else:
                self.horizontalHeader().setSectionResizeMode(n, QHeaderView.ResizeMode.Interactive)
                self.setColumnWidth(n, least)

    def set_rows(self, rows: Iterable[Row]) -> None:
        """Show these rows; the current one stays current if it is still among them."""
        before = self.current()
        self._model.set_rows(rows)
        self._again(before)

    def filter(self, wanted: Callable[[Row], bool] | None) -> None:
        """Show only rows for which this is true, all for None."""
        before = self.current()
        self._model.show_only(wanted)
        self._again(before)

    def show_ids(self, ids: Iterable[str] | None) -> None:
        """Show only these rows, all for None."""
        wanted = None if ids is None else frozenset(ids)
        self.filter(None if wanted is None else lambda row: row.id in wanted)

    def shown_ids(self) -> list[str]:
        """Ids of what is shown, in its order."""
        return [self._model.row(place).id for place in range(self._model.rowCount())]

    def chosen(self) -> list[str]:
        """Ids of the selected rows, in their order."""
        places = sorted({index.row() for index in self.selectionModel().selectedRows()})
        return [self._model.row(place).id for place in places]

    def current(self) -> str:
        """Id of the current row, "" for none."""
        index = self.currentIndex()
        return self._model.row(index.row()).id if index.isValid() else ""

    def point_at(self, row_id: str) -> bool:
        """Make a row current and visible; False if it is not shown."""
        place = self._model.place_of(row_id)
        if place >= 0:
            self._point(place)
        return place >= 0

    def choose(self, ids: Iterable[str]) -> None:
        """Select these rows and no others, as far as they are shown; the first of them becomes current."""
        wanted = frozenset(ids)
        chosen = QItemSelection()
        places = [place for place in range(self._model.rowCount()) if self._model.row(place).id in wanted]
        for place in places:
            chosen.select(self._model.index(place, 0), self._model.index(place, len(self._model.columns) - 1))
        if places:
            self._point(places[0])
        self.selectionModel().select(chosen, QItemSelectionModel.SelectionFlag.ClearAndSelect)

    def cell_text(self, row_id: str, key: str) -> str:
        """What a cell of a row shows, "" for a row that is not shown."""
        place = self._model.place_of(row_id)
        column = next(column for column in self._model.columns if column.key == key)
        return self._model.text(place, column) if place >= 0 else ""

    def _again(self, row_id: str) -> None:
        if not (row_id and self.point_at(row_id)) and self._model.rowCount():
            self._point(0)
        self.viewport().update()

    def _point(self, place: int) -> None:
        """This row alone, also while Ctrl of a shortcut is still held (setCurrentIndex would toggle it then)."""
        how = QItemSelectionModel.SelectionFlag.ClearAndSelect | QItemSelectionModel.SelectionFlag.Rows
        self.selectionModel().setCurrentIndex(self._model.index(place, self._first_visible()), how)

    def _first_visible(self) -> int:
        return next((n for n in range(len(self._model.columns)) if not self.isColumnHidden(n)), 0)

    def contextMenuEvent(self, event: QContextMenuEvent) -> None:
        """The menu key too: copy, and which columns."""
        menu = QMenu(self)
        copy = menu.addAction("复制（Ctrl+C）", self._copy)
        copy.setEnabled(bool(self.chosen()))
        columns = menu.addMenu("显示的列")
        self._offer_columns(columns)
        menu.exec(event.globalPos())

    def _choose_columns(self, at: QPoint) -> None:
        menu = QMenu(self)
        self._offer_columns(menu)
        menu.exec(self.horizontalHeader().mapToGlobal(at))

    def _offer_columns(self, menu: QMenu) -> None:
        for n, column in enumerate(self._model.columns):
            one = QAction(column.label, menu)
            one.setCheckable(True)
            one.setChecked(not self.isColumnHidden(n))
            one.toggled.connect(lambda on, n=n: self._show_column(n, on))
            menu.addAction(one)

    def _show_column(self, place: int, on: bool) -> None:
        self.setColumnHidden(place, not on)
        shown = [column.key for n, column in enumerate(self._model.columns) if not self.isColumnHidden(n)]
        QSettings("hudang", "hudang").setValue(f"columns/{self.objectName()}", ",".join(shown))

    def keyPressEvent(self, event: QKeyEvent) -> None:
        if event.key() in (Qt.Key.Key_Return, Qt.Key.Key_Enter) and self.current():
            self.opened.emit(self.current())
        elif event.matches(QKeySequence.StandardKey.Copy):
            self._copy()
        else:
            super().keyPressEvent(event)

    def _copy(self) -> None:
        columns = [column for n, column in enumerate(self._model.columns) if not self.isColumnHidden(n)]
        places = sorted({index.row() for index in self.selectionModel().selectedRows()})
        lines = ["\t".join(column.label for column in columns)]
        lines += ["\t".join(self._model.text(place, column) for column in columns) for place in places]
        QGuiApplication.clipboard().setText("\n".join(lines))

    def paintEvent(self, event: QPaintEvent) -> None:
        super().paintEvent(event)
        if self.hint and not self._model.rowCount():
            painter = QPainter(self.viewport())
            painter.setPen(QColor("#7A8580"))
            flags = int(Qt.AlignmentFlag.AlignCenter | Qt.TextFlag.TextWordWrap)
            painter.drawText(self.viewport().rect().adjusted(24, 0, -24, 0), flags, self.hint)
