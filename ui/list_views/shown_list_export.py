"""Ctrl+E on a list that does not come back: what is shown of it, as an Excel file."""

from pathlib import Path

from PySide6.QtGui import QAction

from ui.shell.page import Page
from ui.widgets.file_choice import save_file_name
from ui.widgets.row_table import RowModel, RowTable


class ShownListExport:
    """Writes the rows of a table that are chosen, or all that are shown, with the columns that are seen."""

    def __init__(self, page: Page, table: RowTable, title: str) -> None:
        self._page, self._table, self._title = page, table, title

    def add_action(self, name: str = "export", label: str = "导出", shortcut: str = "Ctrl+E") -> QAction:
        """The command of the page; under another name and key where the page has several lists."""
        return self._page.add_page_action(name, label, shortcut, self.ask, "export")

    def ask(self) -> None:
        """Ask where to."""
        name = save_file_name(self._page, f"导出{self._title}", f"{self._title}.xlsx", "Excel 工作簿 (*.xlsx)")
        if name:
            self.write(Path(name))

    def write(self, path: Path) -> None:
        """Write the file, personal numbers masked as on the screen."""
        from app.sheets.shown_list_export import write_shown_list

        context = self._page.context
        columns = self._table.columns_shown()
        model, wanted = self._table.model(), frozenset(self._table.chosen_ids())
        assert isinstance(model, RowModel)
        rows = [[model.text(n, column) for column in columns] for n, id in enumerate(model.ids()) if id in wanted]
        context.tasks.start(
            write_shown_list(context.workbook, self._title, [column.label for column in columns], rows, path),
            lambda count: context.status_bar.written(f"已导出 {count} 条到“{path.name}”。", path),
            title=f"导出{self._title}",
        )
