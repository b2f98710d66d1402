"""政策: which policies the household and its people have, may have and do not have, or have and may not."""

from collections.abc import Mapping
from functools import partial
from typing import Any, ClassVar

from PySide6.QtWidgets import QHBoxLayout, QVBoxLayout

from app.dashboard.household_counts import CountedHousehold, PartCount, policy_count
from app.issues.policy_lines import PolicyLine, policy_lines
from app.policies.claiming import begin_records
from app.policies.entitlement import RECEIVED, UNCLAIMED, UNENTITLED
from app.records.household import HouseholdDetails
from ui.household.household_part import HouseholdPart
from ui.policies.policy_rows import POLICY_COLUMNS, policy_row
from ui.shell.page import AppContext
from ui.widgets.row_table import RowTable

_COLUMNS = tuple(one for one in POLICY_COLUMNS if one.key not in ("home", "group"))


class PoliciesPart(HouseholdPart):
    """What is missing first; Enter opens the record, or the list 应享未享."""

    TITLE = "政策享受"
    GROUP = "帮扶"
    ORDER = 75
    KEY = "Z"
    ADDS: ClassVar[Mapping[str, str]] = {"Alt+A": "政策享受"}

    @classmethod
    def count(cls, session: Any, household: CountedHousehold) -> PartCount | None:
        return policy_count(household.issues)

    def __init__(self, context: AppContext) -> None:
        super().__init__(context)
        self._household_id = ""
        self._lines: dict[str, PolicyLine] = {}
        self.table = RowTable("policies", self.TITLE)
        self.table.set_columns(_COLUMNS)
        self.table.placeholder = "没有适用于这一户的政策。政策在“政策库”页登记。"
        self.table.row_activated.connect(self._open)
        line = QHBoxLayout()
        line.addWidget(self.add_button("begin_policy", "登记享受", "Alt+A", self._begin))
        line.addStretch(1)
        layout = QVBoxLayout(self)
        layout.addLayout(line)
        layout.addWidget(self.table, 1)

    def show_card(self, card: HouseholdDetails) -> None:
        if card.id != self._household_id:
            self._household_id = card.id
            self.table.set_rows([])
        states = (UNCLAIMED, UNENTITLED, RECEIVED)
        self.context.read(partial(self._show_lines, card.id), policy_lines, card.id, states=states)

    def _show_lines(self, household_id: str, lines: list[PolicyLine]) -> None:
        if household_id == self._household_id:
            self._lines = {line.key: line for line in sorted(lines, key=lambda line: not line.is_open)}
            self.table.set_rows([policy_row(line) for line in self._lines.values()])

    def _open(self, key: str) -> None:
        entitlement = self._lines[key].entitlement
        if entitlement.record_id and entitlement.policy.proof:
            at = (entitlement.policy.proof.key, entitlement.record_id, "")
            self.context.open("household", household=self._household_id, at=at)
        else:
            self.context.open("entitlement", policy=entitlement.policy.id)

    def _begin(self) -> None:
        lines = [self._lines[id] for id in self.table.selected_ids() if id in self._lines]
        entitlements = [line.entitlement for line in lines if line.is_open]
        self.context.write(partial(begin_records, self.context.workbook, entitlements), self._show_begun, message="")

    def _show_begun(self, begun: list[tuple[str, str]]) -> None:
        self.context.status_bar.saved(f"已登记享受 {len(begun)} 条，请补充内容")
