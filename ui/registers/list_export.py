"""Lists of a page as files: asked for in a dialog, written as a task."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any

from app.list_views.catalogue import list_source
from app.list_views.definition import PLAIN, ListView
from app.list_views.list_source import ListSource
from app.list_views.rows import field_totals, row_groups
from app.progress import Progress, Task
from app.registers.engine.register import SORT_BY_DUE, SORT_BY_STEP, Register
from app.sheets.register_layout import DUE, PROGRESS, VIEWED
from app.workbook.workbook import Workbook
from ui.registers.export_list_dialog import ExportableList, ExportChoice, ExportListDialog
from ui.shell.page import Page
from ui.widgets.file_choice import save_file_name
from ui.widgets.row_table import Column

if TYPE_CHECKING:
    from app.sheets.group_rows import SheetGroup

_FILES = "Excel 工作簿 (*.xlsx);;CSV 表格 (*.csv);;JSON (*.json)"
_SUBJECT_KEYS = ("head", "group", "name", "unit")  # columns that tell whom a row is about, which leave always
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
        view: Callable[[], ListView] = lambda: PLAIN,
    ) -> None:
        """
        Args:
            lists: what may leave, the list of the page first
            find_ids: called when the file is written, gives what finds the rows of a list
            view: of the page's list, in whose groups its rows stand
            column_names: key of a column of the page's table → what the list calls it, where it calls it otherwise
        """
        self._page, self._lists, self._find_ids, self._view = page, lists, find_ids, view
        self._column_names = column_names
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
        targets = (self._target(column.key) for column in columns)
        return tuple(dict.fromkeys(target for target in targets if target))

    def _target(self, key: str) -> str:
        """What the written list calls a column of the page's table; "" for what tells whom a row is about."""
        register = self._lists[0]
        name = self._column_names.get(key, key)
        if name in {*(one.name for one in register.fields()), PROGRESS, DUE}:
            return name
        is_viewed = key not in _SUBJECT_KEYS and list_source(register.key).field(key) is not None
        return f"{VIEWED}{key}" if is_viewed else ""

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
        view = self._view() if choice.place == 0 else PLAIN
        source = list_source(register.key) if view.groups else None
        grouped = GroupedView(source, view, self._target) if source is not None else None
        task = _write(context.workbook, register, choice, self._find_ids(), grouped, path)
        context.tasks.start(
            task,
            lambda count: context.status_bar.written(f"已导出 {count} 条到“{path.name}”。", path),
            title=f"导出{register.title}",
        )


@dataclass(frozen=True, slots=True)
class GroupedView:
    """A view with groups; `target`: key of a field → what the written list calls its column."""

    source: ListSource
    view: ListView
    target: Callable[[str], str]


def _write(
    workbook: Workbook,
    register: Register,
    choice: ExportChoice,
    find_ids: FindIds,
    grouped: GroupedView | None,
    path: Path,
) -> Task[int]:
    from app.sheets.register_export import write_register

    yield Progress(0, 0, "读取名单")
    with workbook.reading() as session:
        ids = find_ids(session, register)
        groups = _sheet_groups(session, grouped, ids) if grouped is not None and ids else ()
    hide = not choice.reason
    task = write_register(
        workbook, register, ids, path, chosen=choice.columns, groups=groups, hide=hide, reason=choice.reason
    )
    return (yield from task)


def _sheet_groups(session: Any, grouped: GroupedView, ids: Sequence[str]) -> "list[SheetGroup]":
    """The groups with their counts and sums, and what they come to altogether."""
    from app.sheets.group_rows import SheetGroup

    summed = [one for one in grouped.source.fields if one.is_summed and one.is_shown and grouped.target(one.key)]
    found = row_groups(session, grouped.source, grouped.view, ids, summed)
    groups = [
        SheetGroup(
            f"{'　' * group.level}{group.title}（{group.count} 条）",
            group.start,
            {grouped.target(key): total for key, total in group.sums.items()},
        )
        for group in found
    ]
    totals = {grouped.target(one.field.key): one.total for one in field_totals(session, grouped.source, ids, summed)}
    return [*groups, SheetGroup(f"合计（{len(ids)} 条）", len(ids), totals)] if groups else []
