"""表格编辑: any list as a sheet that is typed into, as in Excel."""

from collections.abc import Mapping, Sequence
from functools import partial
from typing import Any

from PySide6.QtCore import QMimeData, QModelIndex
from PySide6.QtGui import QAction, QGuiApplication
from PySide6.QtWidgets import QLabel, QVBoxLayout

from app.cell_edits.cell_edit import CellInput, EditPlan
from app.cell_edits.clipboard_block import Block, PlacedBlock, block_html, block_text, parse_block, place_block
from app.cell_edits.editable_lists import editable_lists
from app.cell_edits.headed_block import has_heading, preview_headed_block
from app.cell_edits.list_cells import cell_texts, fill_down
from app.cell_edits.new_row import NewRow, add_row
from app.errors import UserError
from app.registers.engine.register import Register
from app.registers.lists import get_list
from app.workbook.roles import ENTER
from app.workbook.workbook import WorkbookChanges
from ui.bulk_edit.bulk_choices import BulkTarget
from ui.bulk_edit.bulk_controller import BulkController
from ui.grid.edit_controller import EditController
from ui.grid.grid_model import TypedCell
from ui.grid.grid_rows import ACCOUNTS, NEW_ROW, GridContent, grid_columns, grid_content, grid_rows
from ui.grid.grid_table import CellArea, GridTable
from ui.grid.list_choice import ListChoice
from ui.registers.import_list_dialog import DescribedPreview, ImportListDialog, describe
from ui.shell.page import AppContext, Page
from ui.widgets.row_table import Row

_PREVIEWED = 200  # cells that are changed without a look at them first, at the most
_MOST_SUMMED = 5000  # cells
_LISTS = ("member", "household", ACCOUNTS, "living_condition", "helper")  # each has a key: Alt and its number
_HINT = "这个名单里还没有记录。"


class CellGridPage(Page):
    """One table for all lists. Nothing that is refused holds the officer: Esc gives back, leaving forgets."""

    TITLE = "表格编辑"
    ICON = "register"
    ORDER = 25
    NEEDS = ENTER
    GROUP = "日常"
    SHORTCUT = "F12"
    CHAPTER = "17-表格编辑与批量修改"

    def __init__(self, context: AppContext) -> None:
        super().__init__(context)
        self._register = get_list(_LISTS[0])
        self._back = ""  # the page that is returned to
        self._sort = ""
        self._state = 0  # counts what was asked, so that only the last answer is shown
        self._pending = 0  # writes of typed, filled or emptied cells under way
        self._is_adding = False  # the row below the list is being written
        self._left_rows: dict[str, dict[str, TypedCell]] = {}  # key of a list → what stands in the row below it
        self._is_stale = False  # another page wrote while a cell was open
        self.choice = ListChoice(editable_lists())
        self.choice.list_chosen.connect(lambda key: self._show_list(get_list(key)))
        self.choice.changed.connect(self._load)
        self.table = GridTable("grid", "表格编辑")
        self.choice.search.lead_to(self.table, by_enter=True)
        self.table.placeholder = _HINT
        self.table.cells.typed.connect(self._on_typed)
        self.table.paged.wanted.connect(self._read_page)
        self.table.paged.sorted_by.connect(self._sort_by)
        self.table.emptied.connect(self._empty)
        self.table.escaped.connect(self._give_back)
        self.table.copied.connect(self._copy)
        self.table.row_finished.connect(self._add_row)
        self.table.closed.connect(lambda: self._load() if self._is_stale else None)
        self.table.selectionModel().selectionChanged.connect(lambda *_: self._tell_selection())
        self.table.selectionModel().currentChanged.connect(lambda *_: self._tell_refusal())
        self.table.selectionModel().currentRowChanged.connect(self._on_row_changed)
        self.controller = EditController(context, self)
        self.bulk = BulkController(context, self)
        self.dialog: ImportListDialog | None = None
        self.refusal_label = QLabel()
        self.refusal_label.setObjectName("refusal")
        self.refusal_label.setWordWrap(True)
        self.refusal_label.setProperty("remark", "fault")
        self.count_label = QLabel()
        self.count_label.setObjectName("grid_count")
        self.count_label.setProperty("quiet", True)
        self._actions = self._make_actions()
        layout = QVBoxLayout(self)
        layout.setContentsMargins(16, 12, 16, 8)
        for widget in (self.choice, self.table, self.refusal_label, self.count_label):
            layout.addWidget(widget, 1 if widget is self.table else 0)
        self.refusal_label.hide()
        self._show_list(self._register)

    def _make_actions(self) -> list[QAction]:
        actions = [
            self.add_page_action("back", "返回", "Ctrl+G", self._return, "undo"),
            self.add_page_action("paste", "粘贴", "Ctrl+V", self._paste),
            self.add_page_action("fill_down", "向下填充", "Ctrl+D", self._fill_down),
            self.add_page_action("bulk", "批量修改…", "Ctrl+B", self._ask_bulk),
        ]
        self.add_page_action("find", "查找", "Ctrl+F", self.choice.search.setFocus)
        for n, key in enumerate(_LISTS, start=1):
            title = get_list(key).title
            self.add_page_action(f"show_{key}", f"看{title}", f"Alt+{n}", partial(self.open, list=key))
        return actions

    def visible_actions(self) -> list[QAction]:
        return self._actions

    def open(self, list: str = "", ids: Sequence[str] = (), about: str = "", back: str = "", **params: Any) -> None:
        """`list`: key of the one that is shown. `ids`: only these rows, which `about` names. `back`: the page that
        is returned to."""
        self._back = back or self._back
        if list:
            self._show_list(get_list(list))
        if ids:
            self.choice.narrow(frozenset(ids), about)
        elif not self._state:
            self._load()
        self.table.setFocus()

    def refresh(self, changes: WorkbookChanges) -> None:
        below = ("income_line",) if self._register.key == ACCOUNTS else ()
        if not changes.touches(self._register.key, "household", "member", *below):
            return
        if changes.source is type(self) and self._pending:
            return  # the cells are read again when they have settled
        if self.table.is_editing:
            self._is_stale = True
        else:
            self._load()

    def can_leave(self) -> bool:
        self._add_row()
        return True

    def _return(self) -> None:
        self.context.open(self._back or "households")

    def _show_list(self, register: Register) -> None:
        if register is not self._register:
            self._add_row()
        self._left_rows[self._register.key] = self.table.cells.new_cells()
        self._register, self._sort = register, ""
        grid = grid_columns(register)
        self.table.cells.set_grid(grid)
        self.table.cells.put_new(self._left_rows.pop(register.key, {}))
        self.table.setObjectName(f"grid_{register.key}")
        self.table.set_columns(grid.columns)
        self.table.clear_sort_mark()
        self.choice.show_list(register)
        if self._state:
            self._load()

    def _load(self) -> None:
        self._state += 1
        self._is_stale = False
        first, height = self.table.shown_now()
        asked = (self._register, self.choice.query(self._sort), self.choice.only, first, height)
        self.context.read(partial(self._show, self._state), grid_content, *asked)

    def _show(self, state: int, content: GridContent) -> None:
        if state == self._state and self.table.is_editing:
            self._is_stale = True  # the cell was opened while the list was read
        elif state == self._state:
            self.table.cells.takes_new = not self.choice.only and not self.choice.search.text()
            self.table.set_ids(content.ids, content.rows)
            self._tell_selection()
            self._tell_refusal()

    def _read_page(self, ids: Sequence[str]) -> None:
        state = self._state

        def put(rows: Sequence[Row]) -> None:
            self.table.paged.put(rows if state == self._state else ())

        self.context.read(put, grid_rows, self._register, list(ids), failed=lambda _: self.table.paged.put(()))

    def _sort_by(self, column: int, descending: bool) -> None:
        key = self.table.paged.columns[column].key if column >= 0 else ""
        stored = key in {one.name for one in self._register.fields() if self._register.is_kept(one)}
        self._sort = f"{'-' if descending else ''}{key}" if stored else ""
        self._load()

    def _tell_selection(self) -> None:
        """How many cells are chosen, and the sum of those that are numbers, as below every spreadsheet."""
        area = self.table.area()
        count = len(area.ids) * len(area.columns)
        chosen = f"　选中 {len(area.ids)} 行 {len(area.columns)} 栏" if count > 1 else ""
        if 1 < count <= _MOST_SUMMED and self.table.paged.known(area.ids):
            chosen += self.table.sum_text(area)
        self.count_label.setText(f"共 {len(self.table.record_rows)} 条{chosen}")

    def _tell_refusal(self) -> None:
        """Why the current cell was refused; the sentence goes when the cell is right, given back or left."""
        reason = self.table.cells.refusal_at(self.table.currentIndex())
        self.refusal_label.setText(f"{reason}。按 Esc 恢复原值，或重新填写。" if reason else "")
        self.refusal_label.setVisible(bool(reason))

    def _on_typed(self, record_id: str, key: str, text: str) -> None:
        if record_id != NEW_ROW:  # that one is written when it is whole
            self._write([CellInput(record_id, key, text)], "填写")

    def _on_row_changed(self, current: QModelIndex, previous: QModelIndex) -> None:
        if previous.isValid() and current.isValid() and self.table.cells.id_at(previous.row()) == NEW_ROW:
            self._add_row()

    def _add_row(self) -> None:
        """The row below the list becomes a record; what cannot be one stays there with the sentence why."""
        self.table.take_over()
        sent = self.table.cells.new_cells()
        if sent and not self._is_adding:
            self._is_adding = True
            work = partial(add_row, self.context.workbook, self._register, self.table.cells.new_texts())
            self.context.tasks.start(work, partial(self._on_added, self._register, sent), failed=self._on_not_added)

    def _on_added(self, register: Register, sent: Mapping[str, TypedCell], added: NewRow) -> None:
        self._is_adding = False
        is_shown = register is self._register
        if added.reason:
            if is_shown:
                self.table.cells.refuse_new(added.column, added.reason)
                self._tell_refusal()
            where = "" if is_shown else f"“{register.title}”里"
            self.context.status_bar.error(f"{where}新增的一行没有收：{added.reason}。")
            return
        self.context.status_bar.saved(f"已新增：{register.title} 1 条")
        if not is_shown:
            left = self._left_rows.get(register.key, {})
            self._left_rows[register.key] = {key: cell for key, cell in left.items() if sent.get(key) is not cell}
            return
        self.table.cells.clear_new(sent)
        if self.table.is_editing:
            self._is_stale = True
            return
        if self.table.is_in_new_row and not self.table.cells.new_texts():
            self.table.go_to_new_row()
        self._load()

    def _on_not_added(self, error: UserError) -> None:
        self._is_adding = False
        self.context.status_bar.error(error)

    def _write(self, edits: Sequence[CellInput], verb: str) -> None:
        """Write at once; each text stands in its cell until it has arrived or was refused."""
        cells = [(edit.record_id, edit.column) for edit in edits]
        self.table.cells.show_typed((edit.record_id, edit.column, edit.text) for edit in edits)
        self._pending += 1
        self.controller.write(
            self._register,
            edits,
            verb,
            partial(self._settle, self._register, cells),
            lambda error: self._fail(cells, error),
        )

    def _settle(self, register: Register, cells: Sequence[tuple[str, str]], plan: EditPlan) -> None:
        self._pending -= 1
        if plan.changes:
            self.context.status_bar.saved(f"已保存：{plan.changes[0].label}" if len(plan.changes) == 1 else "已保存")
        if register is not self._register:
            if plan.refused:
                self.context.status_bar.error(f"“{register.title}”里填写的没有收：{plan.refused[0].reason}。")
            return
        self.table.cells.settle(cells, plan.refused)
        self._tell_refusal()
        self._read_page([id for id in dict.fromkeys(id for id, _ in cells) if self.table.paged.known([id])])

    def _fail(self, cells: Sequence[tuple[str, str]], error: object) -> None:
        self._pending -= 1
        self.table.cells.settle(cells, ())
        self.context.status_bar.error(error)

    def _give_back(self) -> None:
        """Esc: what was refused in the chosen cells goes."""
        area = self.table.area()
        self.table.cells.give_back((id, key) for id in area.ids for key in area.columns)
        self._tell_refusal()

    def _writable(self, area: CellArea) -> list[str]:
        return [key for key in area.columns if key in self.table.cells.grid.fields]

    def _change(self, edits: Sequence[CellInput], verb: str) -> None:
        """At once where it can be seen what happens, else after a look at it."""
        if len(edits) > _PREVIEWED:
            self.controller.preview(self._register, lambda _: PlacedBlock(tuple(edits)), verb)
        elif edits:
            self._write(edits, verb)

    def _empty(self) -> None:
        area = self.table.area()
        if self.table.is_in_new_row:
            self.table.cells.give_back((NEW_ROW, key) for key in area.columns)
            self._tell_refusal()
            return
        edits = [CellInput(id, key, "") for id in area.ids for key in self._writable(area)]
        self._change(edits, "清空")

    def _ask_bulk(self) -> None:
        """The rows of the chosen cells; with one row chosen, all that are shown."""
        rows = self.table.area().ids
        ids = rows if len(rows) > 1 else self.table.record_rows
        if not self.table.is_editing:
            self.bulk.ask(BulkTarget(self._register, lambda: ids, "条", "cell_grid"))

    def _copy(self) -> None:
        area = self.table.area()
        if self.table.paged.known(area.ids):
            self._put_on_clipboard(self.table.block(area))
        else:
            read = (cell_texts, self._register, list(area.ids), list(area.columns))
            self.context.read(self._put_on_clipboard, *read)

    def _put_on_clipboard(self, rows: Sequence[Sequence[str]]) -> None:
        data = QMimeData()
        data.setText(block_text(rows))
        data.setHtml(block_html(rows))
        QGuiApplication.clipboard().setMimeData(data)
        self.context.status_bar.info(f"已复制 {len(rows)} 行。")

    def _paste(self) -> None:
        text = QGuiApplication.clipboard().text()
        if self.table.is_editing or not text.strip("\r\n"):
            return
        if has_heading(self._register, text):
            task = describe(preview_headed_block(self.context.workbook, self._register, text))
            self.context.tasks.start(task, self._show_headed, title="核对粘贴的内容", queue="read")
            return
        if self.table.is_in_new_row:
            self._paste_into_new(parse_block(text))
            return
        chosen, rest = self.table.area(), self.table.rest()
        size = (len(chosen.ids), len(chosen.columns))

        def find(_: Any) -> PlacedBlock:
            return place_block(parse_block(text), rest.ids, rest.columns, size)

        self.controller.preview(self._register, find, "粘贴")

    def _paste_into_new(self, block: Block) -> None:
        """One line is one record; of more than one the heading must say what stands where."""
        if len(block) > 1:
            self.context.status_bar.info("粘贴多行新记录，请连同表头一起复制，软件按表头新增。")
            return
        cells = zip(self.table.columns_onward(), block[0], strict=False)
        self.table.cells.show_typed((NEW_ROW, key, text) for key, text in cells)

    def _show_headed(self, described: DescribedPreview) -> None:
        self.dialog = ImportListDialog(self.context, described, self)
        self.dialog.open()

    def _fill_down(self) -> None:
        """The first chosen row goes into those below; with one row chosen, the row above goes into it."""
        area, columns = self.table.area(), self._writable(self.table.area())
        if self.table.is_editing or not area.ids or self.table.is_in_new_row:
            return
        ids, visible = list(area.ids), self.table.record_rows
        source = ids.pop(0) if len(ids) > 1 else visible[max(0, visible.index(ids[0]) - 1)]
        if not columns or source == ids[0]:
            return

        def find(session: Any) -> PlacedBlock:
            return fill_down(session, self._register, source, ids, columns)

        if len(ids) * len(columns) > _PREVIEWED:
            self.controller.preview(self._register, find, "向下填充")
        else:
            self.context.read(lambda placed: self._write(placed.edits, "向下填充"), find)
