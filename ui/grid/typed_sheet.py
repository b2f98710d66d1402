"""A page that is a sheet of its own cells: typed, pasted, filled down, emptied; what is refused stays in red."""

from abc import abstractmethod
from collections.abc import Sequence

from PySide6.QtGui import QAction, QGuiApplication
from PySide6.QtWidgets import QLabel

from app.cell_edits.cell_edit import CellInput, RefusedCell
from app.cell_edits.clipboard_block import block_text, parse_block, place_block
from ui.grid.edit_preview_dialog import EditPreviewDialog
from ui.grid.grid_model import GridModel
from ui.grid.grid_table import CellArea, GridTable
from ui.shell.page import AppContext, Page

_PREVIEWED = 200  # cells that are changed without a look at them first, at the most


class TypedSheetPage(Page):
    """Subclasses say how edits are planned and written. Esc gives back what was refused.

    Attributes:
        cells, table: the sheet
        refusal_label: why the cell under the cursor was refused
        dialog: the preview that is open, or was last
    """

    def __init__(self, context: AppContext, cells: GridModel, table: GridTable) -> None:
        super().__init__(context)
        self.dialog: EditPreviewDialog | None = None
        self.cells, self.table = cells, table
        self.cells.typed.connect(lambda id, key, text: self.send([CellInput(id, key, text)]))
        self.table.emptied.connect(self._empty)
        self.table.escaped.connect(self._give_back)
        self.table.copied.connect(self._copy)
        self.table.selectionModel().currentChanged.connect(lambda *_: self.tell())
        self.refusal_label = QLabel()
        self.refusal_label.setObjectName("refusal")
        self.refusal_label.setProperty("fault", True)
        self.refusal_label.setWordWrap(True)
        self.refusal_label.hide()

    def sheet_actions(self) -> list[QAction]:
        """Paste and fill down, for the tool bar."""
        return [
            self.add_page_action("paste", "粘贴", "Ctrl+V", self._paste),
            self.add_page_action("fill_down", "向下填充", "Ctrl+D", self._fill_down),
        ]

    @abstractmethod
    def write_cells(self, edits: Sequence[CellInput]) -> None:
        """Write at once; afterwards `settle` or `fail` is called with the cells."""

    @abstractmethod
    def preview_cells(self, edits: Sequence[CellInput], verb: str, left_over: str) -> None:
        """Find out what edits would do, and call `show_preview`."""

    def tell(self) -> None:
        """Say why the cell that the cursor is at was refused."""
        reason = self.cells.refusal_at(self.table.currentIndex())
        self.refusal_label.setText(f"{reason}。按 Esc 恢复原值，或重新填写。" if reason else "")
        self.refusal_label.setVisible(bool(reason))

    def send(self, edits: Sequence[CellInput]) -> None:
        """Show what was typed, and write it."""
        self.cells.show_typed((one.record_id, one.column, one.text) for one in edits)
        self.write_cells(edits)

    def settle(self, edits: Sequence[CellInput], refused: Sequence[tuple[CellInput, str]]) -> None:
        """What was sent is written but for those that were refused, each with the reason."""
        self.cells.settle(
            [(one.record_id, one.column) for one in edits],
            [RefusedCell(one, "", "", reason) for one, reason in refused],
        )
        self.tell()

    def fail(self, edits: Sequence[CellInput], error: object) -> None:
        """Nothing of it was written."""
        self.settle(edits, ())
        self.context.status_bar.error(error)

    def show_preview(
        self, title: str, summary: str, lines: Sequence[str], edits: Sequence[CellInput], is_empty: bool
    ) -> None:
        """What a paste or a fill would do; Enter writes it. `is_empty`: nothing would change."""
        self.dialog = dialog = EditPreviewDialog(title, summary, lines, is_empty, self)
        dialog.accepted.connect(lambda: self.send(edits))
        dialog.open()

    def change(self, edits: Sequence[CellInput], verb: str) -> None:
        """Write, with a look at it first where it is much."""
        if len(edits) > _PREVIEWED:
            self.preview_cells(edits, verb, "")
        elif edits:
            self.send(edits)

    def typed_columns(self, keys: Sequence[str]) -> list[str]:
        """Those that can be typed into."""
        return [key for key in keys if key in self.cells.grid.fields]

    def _empty(self) -> None:
        area = self.table.area()
        self.change([CellInput(id, key, "") for id in area.ids for key in self.typed_columns(area.columns)], "清空")

    def _give_back(self) -> None:
        area = self.table.area()
        self.cells.give_back((id, key) for id in area.ids for key in area.columns)
        self.tell()

    def _copy(self) -> None:
        area = self.table.area()
        QGuiApplication.clipboard().setText(block_text(self.table.block(area)))
        self.context.status_bar.info(f"已复制 {len(area.ids)} 行。")

    def _paste(self) -> None:
        text = QGuiApplication.clipboard().text()
        if self.table.is_editing or not text.strip("\r\n"):
            return
        chosen, rest = self.table.area(), self.table.rest()
        placed = place_block(parse_block(text), rest.ids, rest.columns, (len(chosen.ids), len(chosen.columns)))
        self.preview_cells(placed.edits, "粘贴", placed.left_over)

    def _fill_down(self) -> None:
        """The first chosen row goes into those below; with one row chosen, the row above goes into it."""
        area = self.table.area()
        ids, shown = list(area.ids), self.table.record_rows
        if self.table.is_editing or not ids:
            return
        source = ids.pop(0) if len(ids) > 1 else shown[max(0, shown.index(ids[0]) - 1)]
        keys = self.typed_columns(area.columns)
        [texts] = self.table.block(CellArea([source], keys))
        edits = [CellInput(id, key, text) for id in ids for key, text in zip(keys, texts, strict=True)]
        if source != ids[0]:
            self.change(edits, "向下填充")
