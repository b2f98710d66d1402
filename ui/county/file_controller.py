"""县级资料包 on the page: out to a file, and in from one after a look at what it would change."""

from collections.abc import Callable
from functools import partial
from pathlib import Path

from PySide6.QtWidgets import QWidget

from app.county.county_file import SUFFIX, CountyFile, export_county, import_county, read_county
from app.county.sheet import ChangeLine
from ui.grid.edit_preview_dialog import EditPreviewDialog
from ui.shell.page import AppContext
from ui.widgets.file_choice import open_file_name, save_file_name

_FILES = f"县级资料包 (*{SUFFIX})"


def line_text(line: ChangeLine) -> str:
    """One line of a preview."""
    return f"{line.what}：{line.before or '（无）'} → {line.after or '（无）'}"


class FileController:
    """Asks for the file and shows the preview.

    Attributes:
        dialog: the preview that is open, or was last
    """

    def __init__(self, context: AppContext, parent: QWidget, imported: Callable[[], object]) -> None:
        """`imported`: called when a file was taken in."""
        self._context, self._parent, self._imported = context, parent, imported
        self.dialog: EditPreviewDialog | None = None

    def choose_export(self) -> None:
        """Ask where to, then write."""
        proposed = f"{self._context.workbook.villages[0].county}县级资料包{SUFFIX}"
        name = save_file_name(self._parent, "导出县级资料包", proposed, _FILES)
        if name:
            path = Path(name)
            self.export(path if path.suffix == SUFFIX else path.with_name(path.name + SUFFIX))

    def export(self, path: Path) -> None:
        """Write the file."""
        task = partial(export_county, self._context.workbook, path)
        self._context.tasks.start(
            task, lambda count: self._context.status_bar.saved(f"已导出 {count} 项到“{path.name}”，可以发给本县各村")
        )

    def choose_import(self) -> None:
        """Ask which file, then show what it would change."""
        name = open_file_name(self._parent, "导入县级资料包", "", _FILES)
        if name:
            self.preview(Path(name))

    def preview(self, path: Path) -> None:
        """Show what a file would change."""
        self._context.tasks.read(partial(read_county, self._context.workbook, path), partial(self._show, path))

    def _show(self, path: Path, file: CountyFile) -> None:
        origin = f"“{path.name}”：{file.county}，{file.author} {file.made_on} 导出。"
        summary = (
            f"将改动 {len(file.lines)} 项。本县已录入而文件里没有的，保持不变。"
            if file.lines
            else "与本机一致，没有要改的。"
        )
        self.dialog = EditPreviewDialog(
            "导入县级资料包", origin + summary, [line_text(line) for line in file.lines], not file.lines, self._parent
        )
        self.dialog.accepted.connect(partial(self._import, path))
        self.dialog.open()

    def _import(self, path: Path) -> None:
        self._context.tasks.start(partial(import_county, self._context.workbook, path), self._on_imported)

    def _on_imported(self, count: int) -> None:
        self._context.status_bar.saved(f"已导入 {count} 项县里的规定")
        self._imported()
