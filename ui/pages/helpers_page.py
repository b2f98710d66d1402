"""帮扶联系人: who helps how many households, who is over the limit, and which households have nobody."""

from collections.abc import Sequence
from functools import partial
from typing import Any, TypeAlias

from PySide6.QtGui import QAction
from PySide6.QtWidgets import QHBoxLayout, QLabel, QTabWidget, QVBoxLayout, QWidget

from app.list_views.catalogue import HELPERS
from app.list_views.definition import ListView
from app.list_views.register_source import register_source
from app.list_views.rows import view_ids
from app.list_views.stored_form import VIEW_LEDGER
from app.records.assignment import end_assignments, without_helper
from app.records.draft import new_draft, save_draft
from app.records.field import field_label
from app.records.row_views import (
    AssignmentRow,
    HelperRow,
    HouseholdRow,
    assignment_rows,
    helper_rows,
    household_rows,
)
from app.registers.engine.register import Register
from app.registers.engine.rows import RowQuery, row_ids
from app.registers.lists import get_list
from app.workbook.workbook import WorkbookChanges
from ui.household.assign_dialog import AssignDialog, EndAssignmentDialog, assign_with_confirmation
from ui.household.helper_dialog import HelperDialog
from ui.household.household_columns import group_key, pinyin_key
from ui.list_views.view_bar import NO_QUICK_FILTER, ViewBar
from ui.list_views.view_rows import FoundRows, added_fields, with_added, with_headings
from ui.registers.list_export import FindIds, ListExport
from ui.shell.page import AppContext, Page
from ui.widgets.list_with_detail import ListWithDetail
from ui.widgets.paged_table import PagedTable
from ui.widgets.record_editor import RecordEditor
from ui.widgets.row_table import Column, Row, RowTable

_TABLES = ("helper", "assignment", "household", "member")
_HELPER_COLUMNS = (
    Column("name", "姓名", width=9, sort_key=pinyin_key),
    Column("unit", field_label("helper", "unit"), width=0),
    Column("rank", field_label("helper", "rank"), width=12),
    Column("phone", field_label("helper", "phone"), mask="phone", width=12, hidden=True),
    Column("households", "户数", align="right", width=5),
    Column("limit", "限额", align="right", width=5),
)
_HOUSEHOLD_COLUMNS = (
    Column("head", "户主", width=9, sort_key=pinyin_key),
    Column("group", field_label("household", "group_name"), width=10, sort_key=group_key),
    Column("size", "人数", align="right", width=5),
    Column("attribute", field_label("household", "household_attribute"), width=14),
    Column("started_on", field_label("assignment", "started_on"), width=11),
    Column("household_no", field_label("household", "household_no"), width=0),
)
_HELPERS = get_list(HELPERS)
_HINT = "还没有帮扶联系人。按 Ctrl+N 新建，或从花名册导入。"
_NONE_FITS = "没有符合条件的帮扶联系人：{}。\n按 Ctrl+Shift+F 清除筛选，看全部。"
# what is shown of the helpers, all of them, households, assignments, ids of the households without anybody
_PageData: TypeAlias = tuple[FoundRows, list[HelperRow], list[HouseholdRow], list[AssignmentRow], list[str]]
_GROUPS = (
    ("帮扶联系人", ("name", "sex", "unit", "unit_type", "affiliation", "post", "rank", "phone")),
    ("驻村", ("is_first_secretary", "is_team_leader", "is_team_member", "political", "id_no", "note")),
)


class HelpersPage(Page):
    """Helpers on the left; on the right the current one's households and fields, and the households without anybody."""

    TITLE = "帮扶联系人"
    ICON = "helpers"
    ORDER = 30
    GROUP = "帮扶"
    SHORTCUT = "Ctrl+3"
    CHAPTER = "05-帮扶联系人"

    def __init__(self, context: AppContext) -> None:
        super().__init__(context)
        self._helpers: dict[str, HelperRow] = {}
        self._households: dict[str, HouseholdRow] = {}
        self._assignments: dict[str, list[AssignmentRow]] = {}
        self._unassigned_ids: list[str] = []
        self._loaded = False
        self.table = PagedTable("helpers", "帮扶联系人")
        self.table.placeholder = _HINT
        self._source = register_source(_HELPERS)
        self.view_bar = ViewBar(context, self._source, NO_QUICK_FILTER, self.table, _HELPER_COLUMNS)
        self.view_bar.follow_head()
        self.view_bar.changed.connect(self._load)
        self.assigned_table = self._make_table(
            "their_households", "结对的户", _HOUSEHOLD_COLUMNS, "还没有结对的户。按 Ctrl+J 安排。"
        )
        self.unassigned_table = self._make_table(
            "without_helper",
            "没有帮扶联系人的户",
            _HOUSEHOLD_COLUMNS[:4] + _HOUSEHOLD_COLUMNS[5:],
            "每一户都有帮扶联系人。",
        )
        for table in (self.assigned_table, self.unassigned_table):
            table.row_activated.connect(
                lambda household_id, table=table: context.open(
                    "household", household=household_id, order=table.visible_ids()
                )
            )
        self.editor = RecordEditor(self.context, "helper", 3, _GROUPS, hint="在左边选一位帮扶联系人。")
        self.count_label = QLabel()
        self.count_label.setObjectName("count")
        self.count_label.setProperty("quiet", True)
        self.exporting = ListExport(
            self, (_HELPERS, get_list("assignment")), self._find_chosen, view=lambda: self.view_bar.shown
        )
        self._actions = [
            self.add_page_action("new_helper", "新建联系人", "Ctrl+N", self._show_new_dialog, "add"),
            self.add_page_action("assign", "安排帮扶联系人", "Ctrl+J", self._show_assign_dialog, "helpers"),
            self.add_page_action("end_assignment", "结束结对", "Ctrl+D", self._show_end_dialog, "close"),
            self.add_page_action("export", "导出表格…", "Ctrl+E", self._ask_export, "export"),
            self.add_page_action("print_homes", "打印包保户名单", "Ctrl+P", self._print, "print"),
            self.add_page_action("print_list", "打印名单", "Ctrl+T", self._print_list, "print"),
        ]
        self.view_bar.add_actions_to(self)
        self.add_page_action("clear", "清除筛选", "Ctrl+Shift+F", self.view_bar.clear)
        self._build_layout()

    def _make_table(self, name: str, label: str, columns: Sequence[Column], hint: str) -> RowTable:
        table = RowTable(name, label)
        table.set_columns(columns)
        table.placeholder = hint
        return table

    def _build_layout(self) -> None:
        self.tabs = QTabWidget()
        self.tabs.setObjectName("helper_tabs")
        for widget, title in (
            (self.assigned_table, "结对的户"),
            (self.editor, "资料"),
            (self.unassigned_table, "没有帮扶人的户"),
        ):
            tab = QWidget()
            QVBoxLayout(tab).addWidget(widget)
            self.tabs.addTab(tab, title)
        for n in range(3):
            self.add_page_action(
                f"tab_{n}", f"看{self.tabs.tabText(n)}", f"Alt+{n + 1}", partial(self.tabs.setCurrentIndex, n)
            )
        self.records = ListWithDetail(self.table, self.editor, (520, 660), detail_widget=self.tabs, parent=self)
        self.records.record_opened.connect(self._on_helper_opened)
        footer, layout = QHBoxLayout(), QVBoxLayout(self)
        footer.addWidget(self.count_label)
        layout.setContentsMargins(16, 12, 16, 8)
        layout.addWidget(self.view_bar)
        layout.addWidget(self.records, 1)
        layout.addLayout(footer)

    def _ask_export(self) -> None:
        """The helpers that are chosen (or shown), or their households, as a list."""
        count = len(self.table.chosen_ids())
        self.exporting.ask(self.table.columns_shown(), f"列表里的 {count} 位，按现在的次序")

    def _find_chosen(self) -> FindIds:
        """What finds the chosen helpers, or their assignments helper by helper."""
        helper_ids = self.table.chosen_ids()

        def find(session: Any, register: Register) -> list[str]:
            if register.key == "helper":
                return helper_ids
            return [id for helper in helper_ids for id in row_ids(session, register, RowQuery(helper_id=helper))]

        return find

    def _print_list(self) -> None:
        self.context.open("printing", paper=VIEW_LEDGER, view=self.view_bar.for_printing())

    def _print(self) -> None:
        if self.table.current_id():
            self.context.open("printing", paper="helper_households", helper=self.table.current_id())

    def visible_actions(self) -> list[QAction]:
        return self._actions

    def open(self, helper: str = "", no_helper: bool = False, view: str = "", **params: Any) -> None:
        """`helper`: point at this one. `no_helper`: show the households that have nobody. `view`: a saved one."""
        if view:
            self.view_bar.open_view(view)
        if no_helper:
            self.tabs.setCurrentIndex(2)
        if not self._loaded:
            self._load()
        if helper:
            self.view_bar.clear()
            self.records.select(helper)
        (self.unassigned_table if no_helper else self.table).setFocus()

    def refresh(self, changes: WorkbookChanges) -> None:
        if changes.touches(*_TABLES):
            self._load()

    def can_leave(self) -> bool:
        return self.editor.can_leave()

    def _load(self) -> None:
        self._loaded = True
        self.context.read(self._show_data, _load_data, self.view_bar.shown, self.view_bar.shown_keys())

    def _show_data(self, data: _PageData) -> None:
        found, helpers, households, assignments, self._unassigned_ids = data
        self._helpers = {row.id: row for row in helpers}
        self._households = {row.id: row for row in households}
        self._assignments = {}
        for row in assignments:
            if row.in_force and row.household_id in self._households:
                self._assignments.setdefault(row.helper_id, []).append(row)
        conditions = self.view_bar.describe()
        self.table.placeholder = _NONE_FITS.format(conditions) if conditions else _HINT
        self.table.set_ids(found.ids, found.rows, found.headings)
        self.unassigned_table.set_rows(
            [_household_row(self._households[household_id], None) for household_id in self._unassigned_ids]
        )
        over_limit, shown = sum(row.is_over_limit for row in helpers), len(self.table.visible_ids())
        some = f"，列出 {shown} 位" if shown != len(helpers) else ""
        self.count_label.setText(
            f"共 {len(helpers)} 位{some}，超限 {over_limit} 位；没有帮扶联系人的 {len(self._unassigned_ids)} 户"
        )
        self.tabs.setTabText(2, f"没有帮扶人的户（{len(self._unassigned_ids)}）")
        self.records.sync()

    def _on_helper_opened(self, helper_id: str) -> None:
        assignments = self._assignments.get(helper_id, [])
        self.assigned_table.set_rows(
            [_household_row(self._households[assignment.household_id], assignment) for assignment in assignments]
        )

    def _show_new_dialog(self) -> None:
        dialog = HelperDialog(self.context.workbook.villages, self)
        if self.can_leave() and dialog.exec():
            draft = new_draft("helper", dialog.village, "", **dialog.values())
            self.records.select(draft.id)
            self.context.write(partial(save_draft, self.context.workbook, draft), message="已新建帮扶联系人")

    def _show_assign_dialog(self) -> None:
        """Give the chosen households away: those without anybody, or the current helper's own."""
        table = self.unassigned_table if self.tabs.currentIndex() == 2 else self.assigned_table
        household_ids = table.selected_ids()
        if not household_ids:
            self.context.status_bar.info("请先在右边选好要安排的户（Ctrl+A 全选，Shift 或 Ctrl 多选）。")
        elif not self._helpers:
            self.context.status_bar.info("还没有帮扶联系人，请先按 Ctrl+N 新建。")
        else:
            dialog = AssignDialog(list(self._helpers.values()), len(household_ids), table is self.assigned_table, self)
            if dialog.exec():
                assign_with_confirmation(self.context, household_ids, dialog, self)

    def _show_end_dialog(self) -> None:
        selected_ids = set(self.assigned_table.selected_ids())
        assignment_ids = [
            assignment.id
            for assignment in self._assignments.get(self.table.current_id(), [])
            if assignment.household_id in selected_ids
        ]
        if not assignment_ids or self.tabs.currentIndex() != 0:
            self.context.status_bar.info("请先在“结对的户”里选好要结束的户。")
            return
        dialog = EndAssignmentDialog(f"{len(assignment_ids)} 户", self)
        if dialog.exec() and dialog.day is not None:
            work = partial(end_assignments, self.context.workbook, assignment_ids, dialog.day, dialog.reason)
            self.context.write(work, message=f"已结束 {len(assignment_ids)} 户的结对")


def _load_data(session: Any, view: ListView, shown: Sequence[str]) -> _PageData:
    helpers = helper_rows(session)
    found = _find_helpers(session, helpers, view, shown)
    return found, helpers, household_rows(session), assignment_rows(session), without_helper(session)


def _find_helpers(session: Any, helpers: Sequence[HelperRow], view: ListView, shown: Sequence[str]) -> FoundRows:
    """Those that the view shows, in its order, with headings of groups."""
    source = register_source(_HELPERS)
    ids = view_ids(session, source, view)
    placed, headings = with_headings(session, source, view, ids, shown, "位")
    by_id = {helper.id: helper for helper in helpers}
    rows = [_helper_row(by_id[id]) for id in ids if id in by_id]
    return FoundRows(placed, with_added(session, source, rows, added_fields(source, view, _HELPER_COLUMNS)), headings)


def _helper_row(helper: HelperRow) -> Row:
    cells = {
        "name": helper.name,
        "unit": helper.unit,
        "rank": helper.rank,
        "phone": helper.phone,
        "households": helper.households,
        "limit": helper.limit,
    }
    return Row(helper.id, cells, "bad" if helper.is_over_limit else "")


def _household_row(household: HouseholdRow, assignment: AssignmentRow | None) -> Row:
    cells = {
        "head": household.head,
        "group": household.group or household.hamlet,
        "size": household.size,
        "attribute": household.attribute,
        "started_on": assignment.started_on if assignment else None,
        "household_no": household.household_no,
    }
    return Row(household.id, cells)
