"""Letters typed into a long list: the row that begins so is looked for in the workbook where it was not read yet."""

from collections.abc import Callable, Sequence
from functools import partial

from app.list_views.list_source import ListSource
from app.list_views.rows import first_with_text
from ui.shell.page import AppContext
from ui.widgets.paged_table import PagedTable
from ui.widgets.pinyin import begins_with


def seek(
    context: AppContext,
    source: Callable[[], ListSource],
    table: PagedTable,
    column: str,
    typed: str,
    ids: Sequence[str],
) -> None:
    """Make the first of these rows current whose cell begins with what was typed; answers `PagedTable.begin_wanted`.

    Args:
        source: gives the list as it is now
        column: key; one that the list has no field of is looked through only as far as it was read
    """
    field = source().field(column)
    if field is None:
        return
    seeking = table.seeking

    def show(found: str) -> None:
        if found and table.seeking == seeking:  # whoever went on meanwhile is not called back
            table.go_to(found)

    context.read(show, first_with_text, source(), ids, field, partial(_begins, typed))


def _begins(typed: str, text: str) -> bool:
    return begins_with(text, typed)
