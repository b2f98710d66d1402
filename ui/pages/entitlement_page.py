"""应享未享: who may have which policy and has no record of it, and who has one and does not meet the condition."""

from collections import Counter
from functools import partial
from pathlib import Path
from typing import Any

from PySide6.QtGui import QAction
from PySide6.QtWidgets import QLabel, QVBoxLayout

from app.issues.issues import dismiss, reopen
from app.issues.policy_lines import DISMISSED_LABELS, PolicyLine
from app.policies.claiming import begin_records
from app.policies.entitlement import UNCLAIMED, UNENTITLED, state_label
from app.workbook.workbook import WorkbookChanges
from ui.issues.dismiss_dialog import DismissDialog
from ui.policies.policy_rows import POLICY_COLUMNS, STATES, PolicyTable, load_table
from ui.shell.page import AppContext, Page
from ui.widgets.file_choice import save_file_name
from ui.widgets.filter_line import FilterLine
from ui.widgets.row_table import RowTable

_READING = "正在核对…"
_NO_POLICIES = "政策库里还没有执行中的政策。按 Ctrl+Shift+G、9、7 打开政策库登记，或载入常见政策。"
_NOTHING = "没有应享未享，也没有享受而不符合条件的。"
_DISMISS_HINT = "写明核实的情况，如“本人自愿放弃”。依据的内容改动以后，它会重新列出。"


class EntitlementPage(Page):
    """One policy and household or person a row; Enter opens the household."""

    TITLE = "应享未享"
    ICON = "doubts"
    ORDER = 300
    GROUP = "帮扶台账"
    SHORTCUT = "Shift+F6"
    CHAPTER = "21-政策库与应享未享"
    IS_RELEASED = True

    def __init__(self, context: AppContext) -> None:
        super().__init__(context)
        self._table: PolicyTable | None = None
        self._policy = ""  # id of the policy to begin with
        choices = {"state": ("结果", [("全部结果", ""), *((state, state) for state in STATES)])}
        self.filter_line = FilterLine(
            "户主、姓名、村组、政策或依据（Ctrl+F）", {**choices, "policy": ("政策", [("全部政策", "")])}
        )
        self.table = RowTable("entitlements", self.TITLE)
        self.table.set_columns(POLICY_COLUMNS)
        self.table.placeholder = _READING
        self.filter_line.changed.connect(self._filter)
        self.filter_line.search_submitted.connect(self.table.setFocus)
        self.table.row_activated.connect(self._open_household)
        self.count = QLabel()
        self.count.setObjectName("count")
        self.count.setProperty("quiet", True)
        self.count.setWordWrap(True)
        self.faults = QLabel()
        self.faults.setObjectName("faults")
        self.faults.setProperty("fault", True)
        self.faults.setWordWrap(True)
        self.dialog: DismissDialog | None = None
        self._actions = self._make_actions()
        layout = QVBoxLayout(self)
        layout.setContentsMargins(16, 12, 16, 8)
        for widget in (self.filter_line, self.faults):
            layout.addWidget(widget)
        layout.addWidget(self.table, 1)
        layout.addWidget(self.count)

    def _make_actions(self) -> list[QAction]:
        self.add_page_action("policies", "政策库", "Ctrl+Shift+J", lambda: self.context.open("policy"))
        return [
            self.add_page_action("begin", "登记享受", "Ctrl+M", self._begin, "add"),
            self.add_page_action("dismiss", "已核实…", "Ctrl+K", self._dismiss, "settled"),
            self.add_page_action("reopen", "撤销核实", "Ctrl+U", self._reopen, "undo"),
            self.add_page_action("find", "查找", "Ctrl+F", self.filter_line.focus_search, "search"),
            self.add_page_action("clear", "清除筛选", "Ctrl+Shift+F", self.filter_line.clear),
            self.add_page_action("print", "核实表", "Ctrl+P", self._print, "print"),
            self.add_page_action("export", "导出", "Ctrl+E", self._choose_export_path, "export"),
            self.add_page_action("refresh", "刷新", "F5", self._load),
        ]

    def visible_actions(self) -> list[QAction]:
        return self._actions

    def open(self, state: str = "", policy: str = "", **params: Any) -> None:
        """`state`: "unclaimed" or "unentitled"; `policy`: id of the policy whose lines are wanted."""
        if state in (UNCLAIMED, UNENTITLED):
            self.filter_line.choose(state=state_label(UNCLAIMED if state == UNCLAIMED else UNENTITLED))
        self._policy = policy or self._policy
        self._load()
        self.table.setFocus()

    def refresh(self, changes: WorkbookChanges) -> None:
        self._load()

    def _load(self) -> None:
        self.context.read(self._show, load_table)

    def _show(self, table: PolicyTable) -> None:
        self._table = table
        self.table.placeholder = _NOTHING if table.policies else _NO_POLICIES
        self.table.set_rows(table.rows)
        box, chosen = self.filter_line.boxes["policy"], self._policy or self.filter_line.value("policy")
        box.blockSignals(True)
        box.clear()
        for name, id in (("全部政策", ""), *((name, id) for id, name in table.policies.items())):
            box.addItem(name, id)
        box.setCurrentIndex(max(0, box.findData(chosen)))
        box.blockSignals(False)
        self._policy = ""
        self.faults.setText("；".join(f"“{name}”没有核对：{fault}" for name, fault in table.faults.items()))
        self.faults.setVisible(bool(table.faults))
        self._filter()

    def _filter(self) -> None:
        if self._table is None:
            return
        lines, texts = self._table.lines, self._table.search_texts
        state, policy = self.filter_line.value("state"), self.filter_line.value("policy")

        def passes(line: PolicyLine) -> bool:
            return (
                state in ("", line.state)
                and policy in ("", line.entitlement.policy.id)
                and self.filter_line.has_words(texts[line.key])
            )

        self.table.set_filter(lambda row: row.id in lines and passes(lines[row.id]))
        shown = [lines[id] for id in self.table.visible_ids() if id in lines]
        counts = Counter(line.state for line in shown)
        households = len({line.entitlement.household_id for line in shown if line.is_open})
        told = "　".join(f"{state} {counts[state]} 项" for state in STATES if counts[state])
        self.count.setText(f"{told}　涉及 {households} 户（已核实的不计）" if told else "")

    def _chosen(self) -> list[PolicyLine]:
        """The selected rows, or the current one."""
        ids = self.table.selected_ids() or [self.table.current_id()]
        return [self._table.lines[id] for id in ids if id in self._table.lines] if self._table else []

    def _shown(self) -> list[PolicyLine]:
        return [self._table.lines[id] for id in self.table.chosen_ids()] if self._table else []

    def _open_household(self, key: str) -> None:
        """The household at the register in question; the others of the list follow with Alt+↓."""
        if self._table is None:
            return
        line = self._table.lines[key]
        order = tuple(dict.fromkeys(self._table.lines[id].entitlement.household_id for id in self.table.visible_ids()))
        cell = line.issue.cells[0] if line.issue and line.issue.cells else None
        at = (cell.table, cell.record_id, cell.column) if cell else None
        self.context.open("household", household=line.entitlement.household_id, order=order, at=at)

    def _begin(self) -> None:
        """A row in the right register for each that is selected; of a single one its form is opened."""
        lines = [line for line in self._chosen() if line.is_open]
        work = partial(begin_records, self.context.workbook, [line.entitlement for line in lines])
        self.context.write(work, self._show_begun, message="")

    def _show_begun(self, begun: list[tuple[str, str]]) -> None:
        self.context.status_bar.saved(f"已登记享受 {len(begun)} 条，请补充内容")
        if len(begun) == 1:
            register, record = begun[0]
            self.context.open(register, record=record)

    def _dismiss(self) -> None:
        lines = [line for line in self._chosen() if line.is_open and line.issue]
        if not lines:
            return
        rest = f"\n等 {len(lines)} 项" if len(lines) > 1 else ""
        first = lines[0]
        told = f"{first.household}户：{first.issue.message if first.issue else ''}{rest}"
        households = {line.entitlement.household_id: f"{line.household}户" for line in lines}
        title = DISMISSED_LABELS[first.entitlement.state]
        self.dialog = DismissDialog(told, households, self, title, _DISMISS_HINT)
        self.dialog.accepted.connect(partial(self._write_dismissal, lines))
        self.dialog.open()

    def _write_dismissal(self, lines: list[PolicyLine]) -> None:
        assert self.dialog is not None
        issues = [line.issue for line in lines if line.issue]
        work = partial(dismiss, self.context.workbook, issues, self.dialog.reason)
        self.context.write(work, message=f"已核实 {len(issues)} 项")

    def _reopen(self) -> None:
        issues = [line.issue for line in self._chosen() if line.issue and not line.is_open]
        if issues:
            work = partial(reopen, self.context.workbook, issues)
            self.context.write(work, message=f"已撤销核实 {len(issues)} 项")

    def _print(self) -> None:
        households = tuple(dict.fromkeys(line.entitlement.household_id for line in self._shown()))
        self.context.open("printing", paper="policy_check", households=households)

    def _choose_export_path(self) -> None:
        name = save_file_name(self, "导出应享未享", "应享未享.xlsx", "Excel 工作簿 (*.xlsx)")
        if name:
            self.export(Path(name))

    def export(self, path: Path) -> None:
        """Write the rows that are chosen (or shown) as an Excel list."""
        from app.sheets.policy_export import write_policy_lines

        self.context.tasks.start(
            write_policy_lines(self.context.workbook, self._shown(), path),
            lambda count: self.context.status_bar.written(f"已导出 {count} 项到“{path.name}”。", path),
            title="导出应享未享",
        )
