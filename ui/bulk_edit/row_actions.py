"""What every list offers for its rows: 表格编辑 and 批量修改."""

from collections.abc import Callable

from ui.bulk_edit.bulk_choices import BulkTarget
from ui.bulk_edit.bulk_controller import BulkController
from ui.shell.page import Page


def add_row_actions(page: Page, target: BulkTarget, can_begin: Callable[[], bool] = lambda: True) -> BulkController:
    """Add both to a page's commands.

    Args:
        can_begin: whether the page can be left just now
    """
    controller = BulkController(page.context, page)

    def open_grid() -> None:
        if can_begin():
            ids = tuple(target.ids())
            about = f"{page.TITLE}里的 {len(ids)} {target.unit}"
            page.context.open("cell_grid", list=target.register.key, ids=ids, about=about, back=target.back)

    def ask() -> None:
        if can_begin():
            controller.ask(target)

    page.add_page_action("grid", "表格编辑", "Ctrl+G", open_grid)
    page.add_page_action("bulk", "批量修改…", "Ctrl+B", ask)
    return controller
