"""政策库: the register of policies, with for whom each is and which record proves that somebody has it."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import date
from functools import partial
from typing import Any, ClassVar

from PySide6.QtGui import QAction
from PySide6.QtWidgets import QLabel

from app.list_views.definition import ListView
from app.list_views.list_source import ListField, ListSource
from app.list_views.rows import distinct_texts
from app.policies.common_policies import add_common_policies
from app.policies.entitlement import RECEIVED, UNCLAIMED, UNENTITLED, State, state_counts, state_label
from app.policies.policy import PolicyTerms, condition_sentence, load_policies, proof_source, set_condition
from app.registers.engine.register import Register
from app.registers.policy import REGISTER
from app.workbook.workbook import WorkbookChanges
from ui.list_views.filter_dialog import FilterDialog
from ui.registers.register_page import RegisterPage
from ui.shell.page import AppContext

_MOST_SUGGESTIONS = 300
_STATES = (RECEIVED, UNCLAIMED, UNENTITLED)


@dataclass(frozen=True, slots=True)
class _Told:
    """A policy with how many households or people are in each state."""

    terms: PolicyTerms
    counts: dict[State, int]


class PolicyPage(RegisterPage):
    """What every register has; above the form the two conditions, which are set in the dialog of F3."""

    REGISTER: ClassVar[Register] = REGISTER
    CHAPTER: ClassVar[str] = "21-政策库与应享未享"
    HINT: ClassVar[str] = "还没有政策。按 Ctrl+M 载入常见政策，按 Ctrl+N 新建，或按 Ctrl+I 从表格导入。"

    def __init__(self, context: AppContext) -> None:
        super().__init__(context)
        self.conditions_label = QLabel()
        self.conditions_label.setObjectName("policy_conditions")
        self.conditions_label.setWordWrap(True)
        self.editor.above.addWidget(self.conditions_label)
        self.editor.record_opened.connect(self._read_terms)
        self.editor.record_saved.connect(lambda _: self._read_terms())
        self.condition_dialog: FilterDialog | None = None

    def make_actions(self) -> list[QAction]:
        actions = super().make_actions()
        actions[1:1] = [
            self.add_page_action("condition", "设置条件…", "Ctrl+K", partial(self._ask, "condition"), "edit"),
            self.add_page_action("proof_condition", "享受记录的条件…", "Ctrl+J", partial(self._ask, "proof_condition")),
            self.add_page_action("lines", "应享未享", "Ctrl+Shift+J", self._open_lines, "doubts"),
        ]
        self.add_page_action("common", "载入常见政策", "Ctrl+M", self._add_common)
        return actions

    def _read_terms(self) -> None:
        self.conditions_label.clear()
        if self.editor.draft is not None and not self.editor.draft.new:
            self.context.read(partial(self._show_terms, self.editor.record_id), _told, self.editor.record_id)

    def _show_terms(self, record_id: str, told: _Told | None) -> None:
        if told is None or record_id != self.editor.record_id:
            return
        terms = told.terms
        proof = condition_sentence(proof_source(terms.proof), terms.proof_where) if terms.proof else ""
        counts = "　".join(f"{state_label(state)} {told.counts[state]}" for state in _STATES)
        lines = (
            f"适用条件（Ctrl+K）：{condition_sentence(terms.source, terms.where) or '未设置'}",
            f"享受记录（Ctrl+J）：{terms.proof.title if terms.proof else '未选'}{f'，{proof}' if proof else ''}",
            f"没有核对：{terms.fault}。" if terms.fault else f"{terms.unit}：{counts}",
        )
        self.conditions_label.setText("\n".join(lines))

    def _ask(self, column: str) -> None:
        if self._is_begun or not self.table.current_id():
            self.context.status_bar.info("请先选一项已经保存的政策。")
        elif self.can_leave():
            self.context.read(partial(self._show_dialog, column), _told, self.table.current_id())

    def _show_dialog(self, column: str, told: _Told | None) -> None:
        if told is None:
            return
        terms = told.terms
        if column == "condition":
            source, where, title = terms.source, terms.where, f"适用条件：{terms.name}"
        elif terms.proof is not None:
            source, where, title = proof_source(terms.proof), terms.proof_where, f"享受记录的条件：{terms.name}"
        else:
            self.context.status_bar.info("请先在右边选“享受记录”，再设置它的条件。")
            return
        self.condition_dialog = dialog = FilterDialog(
            source, ListView(where=where), (), partial(self._offer_texts, source), self, title
        )
        dialog.accepted.connect(lambda: self._write(terms.id, column, dialog.view))
        dialog.open()

    def _offer_texts(self, source: ListSource, one: ListField, offer: Callable[[list[str]], None]) -> None:
        self.context.read(offer, distinct_texts, one, source, _MOST_SUGGESTIONS)

    def _write(self, policy_id: str, column: str, view: ListView) -> None:
        work = partial(set_condition, self.context.workbook, policy_id, column, view.where)
        self.context.write(work, message="已设置政策条件")

    def refresh(self, changes: WorkbookChanges) -> None:
        super().refresh(changes)
        self._read_terms()  # who it fits depends on any record

    def _open_lines(self) -> None:
        self.context.open("entitlement", policy=self.table.current_id())

    def _add_common(self) -> None:
        work = partial(add_common_policies, self.context.workbook)
        self.context.write(work, self._show_added, message="")

    def _show_added(self, count: int) -> None:
        if count:
            self.context.status_bar.saved(f"已载入常见政策 {count} 项，请按县里的文件核对")
        else:
            self.context.status_bar.info("常见政策都已经在政策库里。")


def _told(session: Any, policy_id: str) -> _Told | None:
    terms = next(iter(load_policies(session, date.today(), policy_id)), None)
    return _Told(terms, state_counts(session, policy_id, date.today())) if terms else None
