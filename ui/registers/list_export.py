"""Lists of a page as files: asked for in a dialog, written as a task."""

from collections.abc import Callable, Mapping, Sequence
from pathlib import Path
from typing import Any

from app.progress import Progress, Task
from app.registers.engine.register import SORT_BY_DUE, SORT_BY_STEP, Register
from app.sheets.register_layout import DUE, PROGRESS
from app.workbook.workbook import Workbook
from ui.registers.export_list_dialog import ExportableList, ExportChoice, ExportListDialog
from ui.shell.page import Page
from ui.widgets.file_choice import save_file_name
from ui.widgets.row_table import Column

_FILES = "Excel 工作簿 (*.xlsx);;CSV 表格 (*.csv);;JSON (*.json)"
_STEP_COLUMNS = {SORT_BY_STEP: PROGRESS, SORT_BY_DUE: DUE}
FindIds = Callable[[Any, Register], Sequence[str]]  # (session, list) → ids of its rows in order


class ListExport:
    """What Ctrl+E does on a page of lists.

    Attributes:
        dialog: the one that is open, or was last
    """

    def __init__(
        self,
        page: Page,
        lists: Sequence[Register],
        find_ids: Callable[[], FindIds],
        column_names: Mapping[str, str] = _STEP_COLUMNS,
    ) -> None:
        """
        Args:
            lists: what may leave, the list of the page first
            find_ids: called when the file is written, gives what finds the rows of a list
            column_names: key of a column of the page's table → what the list calls it, where it calls it otherwise
        """
        self._page, self._lists, self._find_ids, self._column_names = page, lists, find_ids, column_names
        self.dialog: ExportListDialog | None = None

    def ask(self, columns: Sequence[Column], about: str, table: str = "") -> None:
        """Ask what leaves and where to.

        Args:
            columns: of the page's table that are seen, none where it has no such table
            about: which rows, in words
            table: whose list is proposed, the page's own if ""
        """
        exportable = [ExportableList(one.title, one.sheet.national) for one in self._lists]
        self.dialog = ExportListDialog(exportable, self._chosen(columns), about, self._page)
        proposed = next((one.title for one in self._lists if one.key == table), self._lists[0].title)
        self.dialog.content.setCurrentText(proposed)
        self.dialog.accepted.connect(self._choose_place)
        self.dialog.open()

    def _chosen(self, columns: Sequence[Column]) -> tuple[str, ...]:
        """The columns of the page's list that are seen, in their order; whom a row is about leaves always."""
        known = {*(one.name for one in self._lists[0].fields()), PROGRESS, DUE}
        names = (self._column_names.get(column.key, column.key) for column in columns)
        return tuple(dict.fromkeys(name for name in names if name in known))

    def _choose_place(self) -> None:
        assert self.dialog is not None
        choice = self.dialog.choice()
        title = self._lists[choice.place].title
        name = save_file_name(self._page, "导出表格", f"{title}.xlsx", _FILES)
        if name:
            self.write(Path(name), choice)

    def write(self, path: Path, choice: ExportChoice | None = None) -> None:
        """Write a list as it was chosen, or the page's own with all columns and masked numbers."""
        context, choice = self._page.context, choice or ExportChoice()
        register = self._lists[choice.place]
        task = _write(context.workbook, register, choice, self._find_ids(), path)
        context.tasks.start(
            task,
            lambda count: context.status_bar.written(f"已导出 {count} 条到“{path.name}”。", path),
            title=f"导出{register.title}",
        )


def _write(workbook: Workbook, register: Register, choice: ExportChoice, find_ids: FindIds, path: Path) -> Task[int]:
    from app.sheets.register_export import write_register

    yield Progress(0, 0, "读取名单")
    with workbook.reading() as session:
        ids = find_ids(session, register)
    hide = not choice.reason
    task = write_register(workbook, register, ids, path, chosen=choice.columns, hide=hide, reason=choice.reason)
    return (yield from task)
