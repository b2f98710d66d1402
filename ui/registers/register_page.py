"""One page for every register: the list with filters and sums, and beside it the form of the current row."""

from collections.abc import Mapping, Sequence
from datetime import date
from functools import partial
from pathlib import Path
from typing import Any, ClassVar

from PySide6.QtGui import QAction
from PySide6.QtWidgets import QVBoxLayout

from app.list_views.definition import ListView
from app.list_views.register_source import register_source
from app.list_views.stored_form import VIEW_LEDGER
from app.records.draft import Draft, withdraw
from app.records.field import Value
from app.records.row_views import HelperRow, helper_rows
from app.registers.engine.figures import figure_values
from app.registers.engine.new_row import start_row, start_row_of_household, start_row_of_member
from app.registers.engine.register import Register
from app.registers.engine.row_address import RECORD_SHEET, row_address
from app.registers.engine.rows import load_rows, sums
from app.registers.engine.steps import complete_step
from app.workbook.workbook import WorkbookChanges
from ui.attachments.attachments_pane import ADD_KEY
from ui.bulk_edit.bulk_choices import BulkTarget
from ui.bulk_edit.row_actions import add_row_actions
from ui.household.household_picker import HouseholdPicker
from ui.household.member_picker import MemberChoice
from ui.list_views.view_bar import QuickFilter, ViewBar
from ui.list_views.view_rows import FoundRows, selection_text
from ui.registers.import_list_dialog import DescribedPreview, ImportListDialog, describe
from ui.registers.list_export import FindIds, ListExport
from ui.registers.register_editor import RegisterEditor
from ui.registers.register_filter import RegisterFilter
from ui.registers.register_rows import find_rows, register_columns, table_rows
from ui.shell.page import AppContext, Page
from ui.widgets.file_choice import open_file_name
from ui.widgets.list_with_detail import ListWithDetail
from ui.widgets.paged_table import PagedTable
from ui.widgets.quiet_label import QuietLabel
from ui.widgets.short_answer import ask_option
from ui.widgets.wrapping_line import WrappingLine

_FILES_TO_READ = "表格 (*.xlsx *.xls *.et *.csv)"


_ORDER = 300  # behind the pages of everyday work, before those of the workbook


class RegisterPage(Page):
    """A subclass a register (ui/registers/__init__.py) says which; one with more to it is a file of ui/pages.

    Where a subclass says nothing else, its title, group, place and key follow from the register; the key is its
    number, which never changes.

    Attributes:
        STEP_LABEL: what the next step is called among the commands
        IMPORT_SHORTCUT: its key, where the usual one has another meaning
        HINT: stands there while the list is empty
    """

    REGISTER: ClassVar[Register]
    ICON: ClassVar[str] = "register"
    IS_RELEASED: ClassVar[bool] = True
    STEP_LABEL: ClassVar[str] = "办下一步"
    IMPORT_SHORTCUT: ClassVar[str] = "Ctrl+I"
    HINT: ClassVar[str] = "还没有记录。按 Ctrl+N 新建，或按 Ctrl+I 从表格导入。"

    def __init_subclass__(cls) -> None:
        register = cls.REGISTER
        cls.TITLE = cls.__dict__.get("TITLE", register.title)
        cls.TOPIC = cls.__dict__.get("TOPIC", register.topic)
        cls.ORDER = cls.__dict__.get("ORDER", _ORDER + register.order)
        cls.SHORTCUT = cls.__dict__.get("SHORTCUT", f"Ctrl+Shift+G, {register.order // 10}, {register.order % 10}")
        super().__init_subclass__()

    def __init__(self, context: AppContext) -> None:
        super().__init__(context)
        register = self.REGISTER
        self._to_start: Draft | None = None  # a row to begin when the list is there
        self._state = 0  # counts what was asked, so that only the last answer is shown
        self._sums_state = 0  # the same for the sums: two selections may be summed at once
        self.filter_bar = RegisterFilter(register)
        self.filter_bar.changed.connect(self._load)
        self._source = register_source(register)
        quick = QuickFilter(self.filter_bar.state, self.filter_bar.restore)
        self.editor = RegisterEditor(context, register)
        self.table = PagedTable(f"{register.key}_rows", register.title)
        self.view_bar = ViewBar(context, self._source, quick, self.table, register_columns(register))
        self.view_bar.follow_head()
        self.view_bar.changed.connect(self._load)
        self.table.placeholder = self.HINT
        self.table.paged.wanted.connect(self._read_page)
        self.table.row_activated.connect(self._activate)
        self.filter_bar.search.lead_to(self.table, by_enter=True)
        self.table.selectionModel().selectionChanged.connect(lambda *_: self._tell_sums())
        self.records = ListWithDetail(self.table, self.editor, (780, 440), parent=self)
        self.editor.record_saved.connect(lambda draft: self.records.select(draft.id))
        self.sums_label, self.figures_label = QuietLabel("sums"), QuietLabel("figures")
        self.dialog: HouseholdPicker | ImportListDialog | None = None
        self.choice = MemberChoice(context, f"新建{self.TITLE}", self, self._start_for_member)
        self.exporting = ListExport(self, (register,), self._find_chosen, view=lambda: self.view_bar.shown)
        self._actions = self.make_actions()
        self._build_layout()

    def make_actions(self) -> list[QAction]:
        """What can be done on the page; those of the tool bar are returned."""
        actions = [
            self.add_page_action("new", "新建", "Ctrl+N", self._start_new, "add"),
            self.add_page_action("withdraw", "撤回", "Ctrl+Delete", self._withdraw, "withdrawn"),
            self.add_page_action("import", "从表格导入…", self.IMPORT_SHORTCUT, self._choose_import, "take_in"),
            self.add_page_action("export", "导出表格…", "Ctrl+E", self._ask_export, "export"),
            self.add_page_action("print", "打印台账", "Ctrl+P", self._print, "print"),
        ]
        self.add_page_action("print_row", "打印这一条", "Ctrl+Shift+L", self._print_row)
        self.add_page_action("attach", "添加附件…", ADD_KEY, lambda: self.editor.attachments.choose())
        if self.REGISTER.steps:
            step = self.add_page_action("step", self.STEP_LABEL, "Ctrl+Return", self._complete_step, "next")
            actions.insert(1, step)
        rows = BulkTarget(self.REGISTER, self.table.chosen_ids, "条", self.REGISTER.key)
        self.bulk = add_row_actions(self, rows, self.can_leave)
        self.add_page_action("find", "查找", "Ctrl+F", self.filter_bar.search.setFocus)
        self.view_bar.add_actions_to(self)
        self.add_page_action("clear", "清除筛选", "Ctrl+Shift+F", self._clear)
        return actions

    def _build_layout(self) -> None:
        layout = QVBoxLayout(self)
        layout.setContentsMargins(16, 12, 16, 8)
        layout.addWidget(self.filter_bar)
        layout.addWidget(self.view_bar)
        layout.addWidget(self.records, 1)
        layout.addWidget(WrappingLine(self.sums_label, (self.figures_label,)))

    def visible_actions(self) -> list[QAction]:
        return self._actions

    def open(
        self,
        record: str = "",
        overdue: bool = False,
        start: Mapping[str, Value] | None = None,
        view: str = "",
        shown: ListView | None = None,
        ask_new: bool = False,
        **params: Any,
    ) -> None:
        """`record`: point at this row. `overdue`: only those past their day. `start`: begin a row with these values.
        `ask_new`: as 新建 does, ask first whose a new row is.
        `view`: id of a saved view that is to be shown; `shown`: a view that was not saved."""
        if shown is not None:
            self.view_bar.show_view(shown)
        if overdue or record:
            self._clear()
            self.filter_bar.overdue.setChecked(overdue)
        if view:
            self.view_bar.open_view(view)
        if record:
            self.records.select(record)
        if start is not None and self.can_leave():
            operator, village = self.context.workbook.operator, self.context.workbook.villages[0].code
            self._to_start = start_row(self.REGISTER, village, operator=operator).with_values(**start)
        self._load()
        self.table.setFocus()
        if ask_new:
            self._start_new()

    def refresh(self, changes: WorkbookChanges) -> None:
        below = (children.record.__tablename__ for children in self.REGISTER.children)
        if changes.touches(self.REGISTER.key, "household", "member", "helper", *below):
            self._load()
        if changes.touches("photo"):
            self.editor.reload_attachments()

    def can_leave(self) -> bool:
        return self.editor.can_leave()

    def _load(self) -> None:
        self._state += 1
        seen, current = self.table.shown_now(), self.table.current_id()
        asked = (self.REGISTER, self.view_bar.shown, self.view_bar.shown_keys(), seen, current)
        self.context.read(partial(self._show, self._state), find_rows, *asked)

    def _clear(self) -> None:
        self.filter_bar.reset()
        self.view_bar.clear()

    def _show(self, state: int, found: FoundRows) -> None:
        if state == self._state:
            self.table.placeholder = self._empty_text()
            self.table.set_ids(found.ids, found.rows, found.headings)
            self.records.sync()
            self._tell_sums()
            shown = list(self.table.visible_ids())
            self.context.read(partial(self._show_figures, state), _figures, self.REGISTER, shown)
            if self._to_start is not None:
                draft, self._to_start = self._to_start, None
                self._show_new(draft)

    def _empty_text(self) -> str:
        """Why nothing is listed, and what to do."""
        conditions = [one for one in (self.filter_bar.describe(), self.view_bar.describe()) if one]
        if not conditions:
            return self.HINT
        return f"没有符合条件的记录：{'；'.join(conditions)}。\n按 Ctrl+Shift+F 清除筛选，看全部。"

    def _show_figures(self, state: int, told: str) -> None:
        if state == self._state:
            self.figures_label.tell(told)

    def _activate(self, record_id: str) -> None:
        self.editor.focus_field(self.editor.first_field)

    def _read_page(self, ids: list[str]) -> None:
        state = self._state
        self.context.read(
            lambda rows: self.table.paged.put(rows if state == self._state else ()),
            table_rows,
            self.REGISTER,
            ids,
            self.view_bar.view,
            failed=lambda _: self.table.paged.put(()),
        )

    def _tell_sums(self) -> None:
        self._sums_state += 1
        ids, total = self.table.chosen_ids(), len(self.table.visible_ids())
        shown = partial(self._show_sums, self._sums_state, len(ids), total)
        if len(ids) == total:
            self.context.read(shown, _sums, self.REGISTER, ids)
        else:
            self.context.read(shown, selection_text, self._source, ids, self.view_bar.shown_keys())

    def _show_sums(self, state: int, chosen: int, total: int, told: str) -> None:
        if state == self._sums_state:
            some = f"　选中 {chosen} 条" if chosen != total else ""
            self.sums_label.tell(f"共 {total} 条{some}{told}")

    def _start_new(self) -> None:
        if not self.can_leave():
            return
        if self.REGISTER.subject == "helper":
            self.context.read(self._choose_helper, helper_rows)
        elif self.REGISTER.subject == "village":
            self._start(self.context.workbook.villages[0].code)
        elif self.REGISTER.subject == "member":
            self.choice.choose()
        else:
            self.dialog = picker = HouseholdPicker(self.context, f"新建{self.TITLE}", "哪一户的？", self)
            picker.accepted.connect(lambda: self._start_for_household(picker.household_id))
            picker.open()

    def _start_for_household(self, household_id: str) -> None:
        self.context.read(
            self._show_new, _draft_for_household, self.REGISTER, household_id, self.context.workbook.operator
        )

    def _choose_helper(self, helpers: list[HelperRow]) -> None:
        if not helpers:
            self.context.status_bar.info("还没有帮扶联系人。请先在“帮扶联系人”页登记。")
            return
        named = {f"{one.name}（{one.unit}）" if one.unit else one.name: one for one in helpers}
        if chosen := ask_option(self, f"新增{self.TITLE}", "哪一位？", list(named)):
            self._start(named[chosen].village, helper_id=named[chosen].id)

    def _start_for_member(self, member_ids: list[str]) -> None:
        operator = self.context.workbook.operator
        self.context.read(self._show_new, start_row_of_member, self.REGISTER, member_ids[0], operator)

    def _start(self, village: str, **subject: str) -> None:
        self._show_new(start_row(self.REGISTER, village, operator=self.context.workbook.operator, **subject))

    def _show_new(self, draft: Draft) -> None:
        self.editor.start_typing(draft)

    @property
    def _is_begun(self) -> bool:
        """Whether the form holds a new row of which nothing is stored yet."""
        return self.editor.draft is not None and self.editor.draft.new

    def _withdraw(self) -> None:
        record_id, workbook = self.table.current_id(), self.context.workbook
        if self._is_begun:  # nothing is stored yet; the list still marks the row before it
            self.editor.open(record_id)
            self.context.status_bar.info("新建的这一条还没有保存，已经清掉。")
        elif record_id:
            ids = list(self.table.visible_ids())
            at = ids.index(record_id)
            self.editor.open("")
            if neighbours := ids[at + 1 : at + 2] or ids[max(0, at - 1) : at]:
                self.records.select(neighbours[0])  # else the list would go to its beginning
            work = partial(withdraw, workbook, self.REGISTER.key, record_id)
            self.context.write(work, message=f"已撤回这条{self.TITLE}")

    def _complete_step(self) -> None:
        record_id = self.table.current_id()
        if self._is_begun:
            self.context.status_bar.info("新建的这一条还没有保存，先填好再办下一步。")
        elif record_id and self.can_leave():
            self.context.read(partial(self._complete, record_id), _next_step, self.REGISTER, record_id)

    def _complete(self, record_id: str, step: str) -> None:
        if not step:
            self.context.status_bar.info("这一条已经办结，没有下一步。")
            return
        work = partial(complete_step, self.context.workbook, self.REGISTER, record_id, step, date.today())
        self.context.write(work, message=f"已办：{step}")

    def _print(self) -> None:
        """The usual ledger; where a view, or what is selected, says otherwise, the list as it is shown."""
        if self.view_bar.is_plain and not self.table.partly_chosen_ids():
            self.context.open("printing", paper=f"{self.REGISTER.key}_ledger")
        else:
            self.context.open("printing", paper=VIEW_LEDGER, view=self.view_bar.for_printing())

    def _print_row(self) -> None:
        """The first of its papers, of which the print page offers the others; else all that is kept of it."""
        register, record_id = self.REGISTER, self.table.current_id()
        if register.slips:
            self.context.open("printing", paper=register.slip_report(register.slips[0]), record=record_id)
        else:
            self.context.open("printing", paper=RECORD_SHEET, record=row_address(register, record_id))

    def _ask_export(self) -> None:
        self.exporting.ask(self.table.columns_shown(), f"列表里的 {len(self.table.chosen_ids())} 条，按现在的次序")

    def export(self, path: Path) -> None:
        """Write the rows that are chosen (or shown); without any, an empty sheet to be filled in."""
        self.exporting.write(path)

    def _find_chosen(self) -> FindIds:
        ids = self.table.chosen_ids()
        return lambda session, register: ids

    def _choose_import(self) -> None:
        name = open_file_name(self, "从表格导入", "", _FILES_TO_READ)
        if name:
            self.import_file(Path(name))

    def import_file(self, path: Path) -> None:
        """Show what taking a file in would do."""
        from app.sheets.register_import import preview

        task = describe(preview(self.context.workbook, path, self.REGISTER))
        self.context.tasks.start(task, self._show_import, title="读取表格", queue="read")

    def _show_import(self, described: DescribedPreview) -> None:
        self.dialog = ImportListDialog(self.context, described, self)
        self.dialog.open()


def _sums(session: Any, register: Register, ids: Sequence[str]) -> str:
    found = sums(session, register, ids)
    fields = [register.field(name) for name in found]
    return "".join(f"　{one.label.removesuffix('合计')}合计 {one.text(found[one.name])}{one.unit}" for one in fields)


def _figures(session: Any, register: Register, ids: Sequence[str]) -> str:
    return "　".join(f"{figure.label} {figure.text}" for figure in figure_values(session, register, ids=ids))


def _draft_for_household(session: Any, register: Register, household_id: str, operator: str) -> Draft:
    from app.records.household import household_details

    village = household_details(session, household_id).village
    return start_row_of_household(session, register, village, household_id, operator)


def _next_step(session: Any, register: Register, record_id: str) -> str:
    rows = load_rows(session, register, [record_id])
    return rows[0].progress.next.name if rows and rows[0].progress.next else ""
