"""疑点数据: what the cleaning rules find, to be corrected or settled."""

from collections import Counter
from collections.abc import Iterable, Sequence
from functools import partial
from pathlib import Path
from typing import Any

from PySide6.QtGui import QAction
from PySide6.QtWidgets import QLabel, QVBoxLayout, QWidget

from app.issues.issues import SEVERITIES, Issue, apply_fix, dismiss, reopen
from app.list_views.stored_form import VIEW_LEDGER
from app.workbook.workbook import WorkbookChanges
from ui.issues.dismiss_dialog import DismissDialog
from ui.issues.filter_bar import IssueFilterBar
from ui.issues.issue_card import IssueCard
from ui.issues.issue_rows import (
    ALL_RULES,
    EMPTY_TABLE,
    ISSUE_COLUMNS,
    RULE_COLUMNS,
    FoundIssues,
    IssueTable,
    find_issues,
    load_all,
    only_rule,
    reload_households,
    rule_rows,
)
from ui.list_views.computed_rows import LookedUpRows
from ui.list_views.view_bar import QuickFilter, ViewBar
from ui.shell.page import AppContext, Page
from ui.shell.tasks import Work
from ui.widgets.file_choice import save_file_name
from ui.widgets.paged_table import PagedTable
from ui.widgets.row_table import RowTable
from ui.widgets.two_sides import two_sides

_UNCHECKED_HINT = "还没有核对。按 F5 核对全部户。"
_EMPTY_HINT = "没有符合条件的疑点。"
_NONE_FITS = "没有符合条件的疑点：{}。\n按 Ctrl+Shift+F 清除筛选，看全部。"
_UNRELATED_TABLES = frozenset({"photo", "archive_print"})  # no rule looks at these


class IssuesPage(Page):
    """Rules on the left, their issues on the right. Enter opens the household at the field."""

    TITLE = "疑点数据"
    ICON = "doubts"
    ORDER = 45
    GROUP = "数据"
    SHORTCUT = "Ctrl+Shift+Y"
    CHAPTER = "11-数据质量"

    def __init__(self, context: AppContext) -> None:
        super().__init__(context)
        self._issues = EMPTY_TABLE
        self._found = FoundIssues((), ALL_RULES, LookedUpRows((), {}, []))
        self._request_number = 0  # counts what was asked, so that only the last answer is shown
        self._stale = True  # something was written since the last check
        self._rechecking: dict[str, None] = {}  # ids of households that are checked apart just now, in order
        self._checking = self._recheck_pending = False
        self.filter_bar, self.issue_card = IssueFilterBar(), IssueCard()
        self.rule_table, self.issue_table = RowTable("rules", "规则"), PagedTable("doubts", "疑点")
        self.rule_table.set_columns(RULE_COLUMNS)
        self.rule_table.setMinimumWidth(200)
        quick = QuickFilter(self.filter_bar.quick_state, self.filter_bar.restore)
        self.view_bar = ViewBar(context, self._issues.source, quick, self.issue_table, ISSUE_COLUMNS)
        self.view_bar.follow_head()
        self.view_bar.changed.connect(self._find)
        self.filter_bar.changed.connect(self._find)
        self.filter_bar.search.lead_to(self.issue_table, by_enter=True)
        self.rule_table.current_row_changed.connect(lambda _: self._find())
        self.rule_table.row_activated.connect(self._focus_table)
        self.issue_table.current_row_changed.connect(self._on_issue_selected)
        self.issue_table.row_activated.connect(self._open_household)
        self.count = QLabel()
        self.count.setObjectName("count")
        self.count.setProperty("quiet", True)
        self._actions = [
            self.add_page_action("check", "重新核对", "F5", self._check),
            self.add_page_action("settle", "已核实无误…", "Ctrl+K", self._dismiss_selected, "settled"),
            self.add_page_action("put_right", "采用建议", "Ctrl+U", self._apply_fix, "edit"),
            self.add_page_action("reopen", "撤销核实", "Ctrl+R", self._reopen_selected, "undo"),
            self.add_page_action("find", "查找", "Ctrl+F", self.filter_bar.focus_search, "search"),
            self.add_page_action("clear", "清除筛选", "Ctrl+Shift+F", self._clear_filter),
            self.add_page_action("export", "导出", "Ctrl+E", self._choose_export_path, "export"),
            self.add_page_action("print", "打印清单", "Ctrl+P", self._print, "print"),
        ]
        self.view_bar.add_actions_to(self)
        self._build_layout()
        self._show(self._issues)

    def _rule_choice(self) -> dict[str, str]:
        """What is chosen beside the list."""
        return {} if self._found.rule == ALL_RULES else {"rule": self._found.rule}

    def _build_layout(self) -> None:
        right_panel = QWidget()
        right_layout = QVBoxLayout(right_panel)
        right_layout.setContentsMargins(0, 0, 0, 0)
        right_layout.addWidget(self.issue_table, 1)
        right_layout.addWidget(self.issue_card)
        layout = QVBoxLayout(self)
        layout.setContentsMargins(16, 12, 16, 8)
        layout.addWidget(self.filter_bar)
        layout.addWidget(self.view_bar)
        layout.addWidget(two_sides(self.rule_table, right_panel, (360, 820), self), 1)
        layout.addWidget(self.count)

    def visible_actions(self) -> list[QAction]:
        return self._actions

    def open(self, household: str = "", head: str = "", dismissed: bool = False, view: str = "", **params: Any) -> None:
        """`household`, `head`: begin with this household's issues. `dismissed`: also those that somebody checked.
        `view`: a saved one."""
        if view:
            self.view_bar.open_view(view)
        if household:
            self.filter_bar.clear()
            self.view_bar.clear()
            self.filter_bar.show_household(household, head)
            if dismissed:
                self.filter_bar.show_dismissed()
            self.rule_table.set_current_id(ALL_RULES)
        if self._stale:
            self._check()
        self.issue_table.setFocus()

    def refresh(self, changes: WorkbookChanges) -> None:
        """What was written may have put something right: checked again when the page is looked at."""
        if changes.source is type(self) or changes.tables <= _UNRELATED_TABLES:
            return  # what this page wrote it looks at itself
        self._stale = True
        if self.isVisible():
            self._check()

    def _check(self) -> None:
        """Check all households; while a check is under way the next one waits."""
        if self._checking:
            self._recheck_pending = True
            return
        self._checking, self._stale = True, False
        self.count.setText("正在核对…")
        task = load_all(self.context.workbook)
        running_task = self.context.tasks.start(
            task, self._on_checked, failed=self._on_failed, title="核对数据质量", queue="read"
        )
        running_task.cancelled.connect(self._on_cancelled)

    def _on_checked(self, issues: IssueTable) -> None:
        self._checking = False
        self._show(issues)
        if self._recheck_pending:
            self._recheck_pending = False
            self._check()

    def _on_failed(self, error: object) -> None:
        self._on_cancelled()
        self.context.status_bar.error(error)

    def _on_cancelled(self) -> None:
        self._checking = self._recheck_pending = False
        self._stale = True
        self._show(EMPTY_TABLE)

    def _reload(self, issues: Iterable[Issue]) -> None:
        """Check their households only, which the page wrote about, and those whose check is still under way."""
        self._rechecking |= dict.fromkeys(issue.household_id for issue in issues)
        household_ids = tuple(self._rechecking)
        self.context.tasks.read(
            partial(reload_households, self.context.workbook, self._issues, household_ids),
            partial(self._show_rechecked, household_ids),
        )

    def _show_rechecked(self, household_ids: tuple[str, ...], issues: IssueTable) -> None:
        for household_id in household_ids:
            self._rechecking.pop(household_id, None)
        self._show(issues)

    def _show(self, issues: IssueTable) -> None:
        self._issues = issues
        self.view_bar.use(issues.source)
        self._find()

    def _find(self) -> None:
        """What passes the bar and the view, and of that the issues of the current rule."""
        self._request_number += 1
        quick, table = self.filter_bar.quick_state(), self._issues
        ids = table.passing(quick)
        rule = self.rule_table.current_id() or ALL_RULES
        if self.view_bar.is_plain:
            self._show_found(self._request_number, only_rule(table, ids, rule))
        else:
            show = partial(self._show_found, self._request_number)
            self.context.read(show, find_issues, table, self.view_bar.shown, ids, rule, self.view_bar.shown_keys())

    def _show_found(self, request_number: int, found: FoundIssues) -> None:
        """The issues that are listed, and how often each rule is broken among all that were found."""
        if request_number != self._request_number:
            return
        if found.ids != self._found.ids or found.rule != self.rule_table.current_id():
            self.rule_table.blockSignals(True)
            self.rule_table.set_rows(rule_rows([self._issues.issues[id] for id in found.ids]))
            self.rule_table.set_current_id(found.rule)
            self.rule_table.blockSignals(False)
        self._found = found
        conditions = self.view_bar.describe()
        self.issue_table.placeholder = (
            _UNCHECKED_HINT if self._stale else _NONE_FITS.format(conditions) if conditions else _EMPTY_HINT
        )
        self.issue_table.look_up(found.listed.ids, found.listed.rows, found.listed.headings)
        self._show_counts([self._issues.issues[id] for id in found.ids])
        self._on_issue_selected(self.issue_table.current_id())

    def _show_counts(self, issues: Sequence[Issue]) -> None:
        counts = Counter(issue.severity for issue in issues)
        household_count = len({issue.household_id for issue in issues})
        counts_text = "　".join(f"{severity} {counts[severity]} 条" for severity in SEVERITIES)
        self.count.setText(_UNCHECKED_HINT if self._stale else f"{counts_text}　涉及 {household_count} 户")

    @property
    def _current_issue(self) -> Issue | None:
        return self._issues.issues.get(self.issue_table.current_id())

    def _on_issue_selected(self, _: str) -> None:
        issue = self._current_issue
        self.issue_card.show_issue(issue)
        for action, enabled in (
            ("settle", issue is not None and issue.dismissal is None),
            ("put_right", issue is not None and issue.fix is not None and issue.dismissal is None),
            ("reopen", issue is not None and issue.dismissal is not None),
            ("export", bool(self._issues.issues)),
            ("print", bool(self._issues.issues)),
        ):
            self._action_named(action).setEnabled(enabled)

    def _action_named(self, name: str) -> QAction:
        return next(action for action in self._actions if action.objectName() == name)

    def _open_household(self, issue_id: str) -> None:
        """The household, its part and the field; the other households of the list follow with Alt+↓.

        What the county has not set yet is entered on its page instead.
        """
        issue = self._issues.issues[issue_id]
        if place := issue.county:
            self.context.open("county", kind=place.kind, entry=place.name, year=place.year, column=place.column)
            return
        household_order = tuple(
            dict.fromkeys(self._issues.issues[row_id].household_id for row_id in self.issue_table.visible_ids())
        )
        cell = issue.cells[0] if issue.cells else None
        target = (cell.table, cell.record_id, cell.column) if cell else None
        self.context.open("household", household=issue.household_id, order=household_order, at=target)

    def _focus_table(self, _: str = "") -> None:
        self.issue_table.setFocus()

    def _clear_filter(self) -> None:
        self.filter_bar.clear()
        self.view_bar.clear()
        self.rule_table.set_current_id(ALL_RULES)

    def _dismiss_selected(self) -> None:
        """One issue, or several that are chosen, for one reason."""
        issues = [
            self._issues.issues[row_id]
            for row_id in self.issue_table.selected_ids()
            if self._issues.issues[row_id].dismissal is None
        ]
        if not issues:
            return
        households = {issue.household_id: f"{issue.household_name}户" for issue in issues}
        remainder = f"\n等 {len(issues)} 条" if len(issues) > 1 else ""
        dialog = DismissDialog(f"{issues[0].household_name}户：{issues[0].message}{remainder}", households, self)
        if dialog.exec():
            work = partial(dismiss, self.context.workbook, issues, dialog.reason)
            self._write(work, f"已核实 {len(issues)} 条", issues)

    def _reopen_selected(self) -> None:
        issues = [
            self._issues.issues[row_id]
            for row_id in self.issue_table.selected_ids()
            if self._issues.issues[row_id].dismissal is not None
        ]
        work = partial(reopen, self.context.workbook, issues)
        self._write(work, f"重新列为疑点 {len(issues)} 条", issues)

    def _write(self, work: Work, message: str, issues: Sequence[Issue]) -> None:
        def on_written(_: object) -> None:
            self.context.status_bar.saved(message)
            self._reload(issues)

        self.context.tasks.start(work, on_written)

    def _apply_fix(self) -> None:
        issue = self._current_issue
        if issue is not None and issue.fix is not None:
            work = partial(apply_fix, self.context.workbook, issue)
            self.context.tasks.start(work, lambda _: self._on_fix_applied(issue))

    def _on_fix_applied(self, issue: Issue) -> None:
        self._reload((issue,))
        self.context.status_bar.saved(f"{issue.household_name}户：{issue.fix.label if issue.fix else ''}")

    def _choose_export_path(self) -> None:
        name = save_file_name(self, "导出疑点数据", "疑点数据.xlsx", "Excel 工作簿 (*.xlsx)")
        if name:
            self.export(Path(name))

    def export(self, path: Path) -> None:
        """Write what is shown as an Excel list."""
        from app.sheets.issue_export import write_issues

        issues = [self._issues.issues[row_id] for row_id in self.issue_table.visible_ids()]
        self.context.tasks.start(
            write_issues(self.context.workbook, issues, path),
            lambda count: self.context.status_bar.written(f"已导出 {count} 条到“{path.name}”。", path),
            title="导出疑点数据",
        )

    def _print(self) -> None:
        self.context.open("printing", paper=VIEW_LEDGER, view=self.view_bar.for_printing(**self._rule_choice()))
