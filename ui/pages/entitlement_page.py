"""应享未享: who may have which policy and has no record of it, and who has one and does not meet the condition."""

from collections import Counter
from collections.abc import Callable, Mapping, Sequence
from functools import partial
from pathlib import Path
from typing import Any, ClassVar

from PySide6.QtWidgets import QLabel

from app.issues.issues import dismiss, reopen
from app.issues.policy_lines import DISMISSED_LABELS, PolicyLine
from app.policies.claiming import begin_records
from app.policies.entitlement import UNCLAIMED, UNENTITLED, state_label
from app.registers.engine.topic import Topic
from app.viewed_lists.entitlement_source import STATES, entitlement_list
from ui.issues.dismiss_dialog import DismissDialog
from ui.list_views.viewed_page import ViewedPage
from ui.policies.policy_rows import POLICY_COLUMNS, PolicyTable, load_table
from ui.shell.page import AppContext

_ALL_POLICIES = ("全部政策", "")
_NO_POLICIES = "政策库里还没有执行中的政策。按 Ctrl+Shift+G、9、7 打开政策库登记，或载入常见政策。"
_DISMISS_HINT = "写明核实的情况，如“本人自愿放弃”。依据的内容改动以后，它会重新列出。"


class EntitlementPage(ViewedPage):
    """One policy and household or person a row; Enter opens the household."""

    TITLE = "应享未享"
    ICON = "doubts"
    ORDER = 300
    TOPIC: ClassVar[Topic | None] = Topic.SUPPORT
    SHORTCUT = "Shift+F6"
    CHAPTER = "21-政策库与应享未享"
    IS_RELEASED = True
    NOTHING = "没有符合条件的应享未享，也没有享受而不符合条件的。"

    def __init__(self, context: AppContext) -> None:
        hint = "户主、姓名、村组、政策或依据（Ctrl+F）"
        choices = {
            "state": ("结果", [("全部结果", ""), *((state, state) for state in STATES)]),
            "policy": ("政策", [_ALL_POLICIES]),
        }
        super().__init__(context, hint, choices, entitlement_list(), POLICY_COLUMNS)
        self._found: PolicyTable | None = None
        self._policy = ""  # id of the policy that is wanted, before the policies were read
        self.table.row_activated.connect(self._open_household)
        self.faults = QLabel()
        self.faults.setObjectName("faults")
        self.faults.setProperty("fault", True)
        self.faults.setWordWrap(True)
        self.dialog: DismissDialog | None = None
        self.add_page_action("policies", "政策库", "Ctrl+Shift+J", lambda: self.context.open("policy"))
        self._page_actions = [
            self.add_page_action("begin", "登记享受", "Ctrl+M", self._begin, "add"),
            self.add_page_action("dismiss", "已核实…", "Ctrl+K", self._dismiss, "settled"),
            self.add_page_action("reopen", "撤销核实", "Ctrl+U", self._reopen, "undo"),
            self.add_page_action("print", "核实表", "Ctrl+P", self._print, "print"),
            self.add_page_action(
                "export", "导出", "Ctrl+E", partial(self.choose_export_path, self.TITLE, self.export), "export"
            ),
        ]
        self.add_list_actions()
        self.lay_out(self.table, self.faults)

    def open(self, view: str = "", state: str = "", policy: str = "", **params: Any) -> None:
        """`state`: "unclaimed" or "unentitled"; `policy`: id of the policy whose lines are wanted."""
        if state in (UNCLAIMED, UNENTITLED):
            self.filter_line.choose(state=state_label(UNCLAIMED if state == UNCLAIMED else UNENTITLED))
        if policy:
            self._want(policy)
            self.filter_rows()
        super().open(view, **params)

    def read_work(self) -> Callable[[], PolicyTable]:
        return partial(load_table, self.context.workbook)

    def show_list(self, found: Any) -> None:
        self._found = found
        self._offer_policies(found.policies)
        self.faults.setText("；".join(f"“{name}”没有核对：{fault}" for name, fault in found.faults.items()))
        self.faults.setVisible(bool(found.faults))
        super().show_list(found)

    def restore_choices(self, state: Mapping[str, str]) -> None:
        self._want(state.get("policy", ""))
        super().restore_choices(state)

    def _want(self, policy: str) -> None:
        """Choose a policy, at the latest when the policies have been read."""
        self._policy = policy
        if self._found is not None:
            self._offer_policies(self._found.policies)

    def _offer_policies(self, policies: Mapping[str, str]) -> None:
        """The policies in force; the one that is chosen or wanted stays chosen."""
        self.filter_line.offer("policy", [_ALL_POLICIES, *((name, id) for id, name in policies.items())], self._policy)
        self._policy = ""

    def tell_shown(self, keys: Sequence[str]) -> None:
        if self._found is None:
            return
        if not self._found.policies:
            self.table.placeholder = _NO_POLICIES
        shown = [self._found.lines[key] for key in keys if key in self._found.lines]
        counts = Counter(line.state for line in shown)
        households = len({line.entitlement.household_id for line in shown if line.is_open})
        told = "　".join(f"{state} {counts[state]} 项" for state in STATES if counts[state])
        self.count.setText(f"{told}　涉及 {households} 户（已核实的不计）" if told else "")

    def _chosen(self) -> list[PolicyLine]:
        """The selected rows, or the current one."""
        ids = self.table.selected_ids() or [self.table.current_id()]
        return [self._found.lines[id] for id in ids if id in self._found.lines] if self._found else []

    def _shown(self) -> list[PolicyLine]:
        return [self._found.lines[id] for id in self.table.chosen_ids()] if self._found else []

    def _open_household(self, key: str) -> None:
        """The household at the register in question; the others of the list follow with Alt+↓."""
        if self._found is None:
            return
        line = self._found.lines[key]
        order = tuple(dict.fromkeys(self._found.lines[id].entitlement.household_id for id in self.table.visible_ids()))
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

    def export(self, path: Path) -> None:
        """Write the rows that are chosen (or shown) as an Excel list."""
        from app.sheets.policy_export import write_policy_lines

        self.start_export(write_policy_lines(self.context.workbook, self._shown(), path), self.TITLE, path)
