"""A table of very many rows: it knows all their ids, and reads a row when it is first looked at."""

from collections.abc import Iterable, Mapping, Sequence
from itertools import islice
from typing import Any

from PySide6.QtCore import QElapsedTimer, QItemSelectionModel, QModelIndex, Qt, QTimer, Signal
from PySide6.QtGui import QColor, QFont
from PySide6.QtWidgets import QApplication, QWidget

from ui.shell.theme import tokens
from ui.widgets.cell_texts import ALIGN_LEFT, cell_text
from ui.widgets.pinyin import begins_with
from ui.widgets.row_table import Column, Index, Row, RowModel, RowTable

PAGE = 100  # rows that are read together
_MOST_ROWS = 5000  # that are remembered
_IN_SIGHT = 3  # pages that can be in sight together, with the current row
_MOST_SPANS = 500  # headings of groups whose title gets the room of several columns
_NONE = Row("", {})


class PagedModel(RowModel):
    """Ids in their order; `row` of one that is not here yet is empty, and it is asked for.

    Signals:
        wanted: ids of rows that were looked at and must be read; the next are asked for after `put`
        sorted_by: another column and direction were chosen (a column of -1: none)
    """

    wanted = Signal(object)  # list[str]
    sorted_by = Signal(int, bool)  # column, descending

    def __init__(self) -> None:
        super().__init__()
        self._ids: Sequence[str] = ()
        self._positions: dict[str, int] = {}
        self._read: dict[str, Row] = {}
        self.rows_at_hand: Mapping[str, Row] = {}  # of a list that was read as a whole: nothing is asked for
        self._headings: dict[str, Row] = {}
        self._missing: dict[int, None] = {}  # pages, the one that was looked at last at the end
        self._asked = False
        self._soon = QTimer(self)
        self._soon.setSingleShot(True)
        self._soon.setInterval(0)
        self._soon.timeout.connect(self._ask)

    def rowCount(self, parent: Index = QModelIndex()) -> int:  # noqa: B008 - Qt's own signature
        return 0 if parent.isValid() else len(self._ids)

    def ids(self) -> Sequence[str]:
        return self._ids

    def id_at(self, position: int) -> str:
        return self._ids[position]

    def record_ids(self, span: range) -> list[str]:
        return [id for id in self._ids[span.start : span.stop] if id not in self._headings]

    def is_record(self, position: int) -> bool:
        return self._ids[position] not in self._headings

    def flags(self, index: Index) -> Qt.ItemFlag:
        """The heading of a group is passed over by the cursor and cannot be selected."""
        if index.isValid() and not self.is_record(index.row()):
            return Qt.ItemFlag.NoItemFlags
        return super().flags(index)

    def data(self, index: Index, role: int = Qt.ItemDataRole.DisplayRole) -> Any:
        if index.isValid() and self._headings and not self.is_record(index.row()):
            if role == Qt.ItemDataRole.FontRole:
                bold = QFont()
                bold.setBold(True)
                return bold
            if role == Qt.ItemDataRole.ForegroundRole:
                return QColor(tokens().ink)
            if role == Qt.ItemDataRole.TextAlignmentRole and self._is_title(index):
                return ALIGN_LEFT
        return super().data(index, role)

    def _is_title(self, index: Index) -> bool:
        """Of the cells of a heading the first, which has the room of several columns; sums stand below numbers."""
        cells = self._headings[self._ids[index.row()]].cells
        return index.column() == next((n for n, one in enumerate(self.columns) if cells.get(one.key)), -1)

    def text(self, position: int, column: Column) -> str:
        heading = self._headings.get(self._ids[position])
        return super().text(position, column) if heading is None else str(heading.cells.get(column.key, ""))

    def row(self, position: int) -> Row:
        id = self._ids[position]
        found = self._headings.get(id) or self._read.get(id)
        if found is None and id in self.rows_at_hand:
            found = self.rows_at_hand[id]
            self._remember({id: found})
        elif found is None:
            page = position // PAGE
            self._missing.pop(page, None)
            self._missing[page] = None
            self._ask_soon()
        return found or _NONE

    def known(self, ids: Iterable[str]) -> bool:
        """Whether these rows have been read."""
        return all(id in self._read or id in self.rows_at_hand for id in ids)

    def position_of(self, row_id: str) -> int:
        if not self._positions:
            self._positions = {id: place for place, id in enumerate(self._ids)}
        return self._positions.get(row_id, -1)

    def sort(self, column: int, order: Qt.SortOrder = Qt.SortOrder.AscendingOrder) -> None:
        self.sorted_by.emit(column, order == Qt.SortOrder.DescendingOrder)

    def first_beginning(self, start: int, column: Column, typed: str) -> tuple[str, list[str]]:
        """The next row from `start` on, at the end from the beginning, whose cell begins with what was typed.

        Returns:
            its id, or "" and the ids that must be looked through elsewhere, in their order: from the first that was not
            read on
        """
        ids = [*self._ids[start:], *self._ids[:start]]
        for n, id in enumerate(ids):
            if id not in self._headings:
                row = self._read.get(id)
                if row is None:
                    return "", [one for one in ids[n:] if one not in self._headings]
                if begins_with(cell_text(row, column), typed):
                    return id, []
        return "", []

    def set_ids(self, ids: Sequence[str], rows: Iterable[Row], headings: Iterable[Row] = ()) -> None:
        """Everything anew: what is shown, in its order, with headings among it, and some of its rows."""
        self.beginResetModel()
        self._ids, self._positions = ids, {}
        self._headings = {row.id: row for row in headings}
        self._read = {row.id: row for row in rows}
        self._missing.clear()
        self.endResetModel()

    def put(self, rows: Iterable[Row]) -> None:
        """What was asked for."""
        self._asked = False
        read = {row.id: row for row in rows}
        self._remember(read)
        places = [place for place in (self.position_of(id) for id in read) if place >= 0]
        if places:
            last = self.index(max(places), len(self.columns) - 1)
            self.dataChanged.emit(self.index(min(places), 0), last)
        if self._missing:
            self._ask_soon()

    def _remember(self, read: Mapping[str, Row]) -> None:
        """Keep these rows, and forget those that came first where they become too many."""
        for id in [*islice(self._read, max(0, len(self._read) + len(read) - _MOST_ROWS))]:
            del self._read[id]
        self._read |= read

    def _ask_soon(self) -> None:
        if not self._asked and not self._soon.isActive():
            self._soon.start()

    def _ask(self) -> None:
        """Ask for what was looked at last; what was only scrolled past is left out."""
        pages, self._missing = [*self._missing][-_IN_SIGHT:], {}
        looked_at = (id for page in pages for id in self._ids[page * PAGE : (page + 1) * PAGE])
        ids = [id for id in looked_at if id not in self._read and id not in self._headings]
        if ids:
            self._asked = True
            self.wanted.emit(ids)


class PagedTable(RowTable):
    """A `RowTable` whose rows come page by page. Its owner answers the signals of `paged` and these.

    Letters that are typed into it lead on to the next row whose cell in the current column begins so.

    Signals:
        copy_wanted: ids of rows of which not all have been read
        begin_wanted: key of a column, what was typed, ids in the order in which they are to be looked through
    """

    copy_wanted = Signal(object)  # list[str]
    begin_wanted = Signal(str, str, object)

    def __init__(
        self, name: str, label: str, parent: QWidget | None = None, *, model: PagedModel | None = None
    ) -> None:
        self.paged = model or PagedModel()
        super().__init__(name, label, parent, model=self.paged)
        self._typed, self._since_typed = "", QElapsedTimer()
        self.seeking = 0  # counts what was typed and where the cursor went, so that no late answer moves it
        self.selectionModel().currentRowChanged.connect(self._count_move)

    def set_ids(self, ids: Sequence[str], rows: Iterable[Row], headings: Sequence[Row] = ()) -> None:
        """Show these, of which some rows have been read; the current one stays current if it is still among them.

        Args:
            headings: rows of groups; their ids stand among `ids`
        """
        before = self.current_id()
        read = list(rows)
        self.paged.set_ids(ids, read, headings)
        self.measure_rows(read)
        self.clearSpans()
        for heading in headings[:_MOST_SPANS]:
            self._span(heading)
        self._restore_current(before)

    def look_up(self, ids: Sequence[str], rows: Mapping[str, Row], headings: Sequence[Row] = ()) -> None:
        """Show these as `set_ids` does; `rows` has each of them, and is asked for those that are drawn."""
        self.paged.rows_at_hand = rows
        self.set_ids(ids, (), headings)
        self.measure_rows(row for id in ids if (row := rows.get(id)) is not None)

    def _span(self, heading: Row) -> None:
        """The title of a group has the room up to the first sum."""
        columns = self.paged.columns
        first = self._first_visible()
        filled = (n for n in range(first + 1, len(columns)) if heading.cells.get(columns[n].key))
        width = next(filled, len(columns)) - first
        if width > 1:
            self.setSpan(self.paged.position_of(heading.id), first, 1, width)

    def keyboardSearch(self, search: str) -> None:
        """Qt would look at every row, and so have all of them read. As there, a letter that is typed again and again
        leads on from row to row."""
        interval = QApplication.keyboardInputInterval()
        goes_on = self._since_typed.isValid() and self._since_typed.elapsed() <= interval
        self._typed = f"{self._typed}{search}" if goes_on else search
        self._since_typed.start()
        self.seeking += 1
        current = self.currentIndex()
        if not self._typed.strip() or not current.isValid():
            return
        is_repeated = self._typed == self._typed[0] * len(self._typed)
        wanted, column = self._typed[0] if is_repeated else self._typed, self.paged.columns[current.column()]
        found, others = self.paged.first_beginning(current.row() + is_repeated, column, wanted)
        if found:
            self.go_to(found)
        elif others:
            self.begin_wanted.emit(column.key, wanted, others)

    def _count_move(self) -> None:
        self.seeking += 1

    def go_to(self, row_id: str) -> None:
        """Make a row current in the column that is current; nothing where it is not shown."""
        position = self.paged.position_of(row_id)
        if position >= 0:
            flags = QItemSelectionModel.SelectionFlag.ClearAndSelect | QItemSelectionModel.SelectionFlag.Rows
            index = self.paged.index(position, max(0, self.currentIndex().column()))
            self.selectionModel().setCurrentIndex(index, flags)

    def partly_chosen_ids(self) -> list[str]:
        """Ids of the selected rows where several but not all are selected; none where all that are shown are meant."""
        chosen = self.chosen_ids()
        return chosen if len(chosen) < len(self.visible_ids()) else []

    def shown_now(self) -> tuple[int, int]:
        """The first place that is in sight, and how many are at most."""
        height = max(1, self.verticalHeader().defaultSectionSize())
        return max(0, self.rowAt(0)), self.viewport().height() // height + 2

    def _copy(self) -> None:
        chosen = self.selected_ids()
        if self.paged.known(chosen):
            super()._copy()
        else:
            self.copy_wanted.emit(chosen)
