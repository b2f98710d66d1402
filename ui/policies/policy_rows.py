"""The table of 应享未享: one policy and one household or person a row."""

from collections.abc import Mapping
from dataclasses import dataclass

from app.issues.policy_lines import PolicyLine, policy_lines
from app.list_views.list_source import ListSource
from app.policies.policy import load_policies
from app.records.field import field_label
from app.records.validators import current_date
from app.viewed_lists.entitlement_source import STATES, entitlement_source, passes, search_text
from app.workbook.workbook import Workbook
from ui.household.household_columns import group_key, pinyin_key
from ui.widgets.row_table import Column, Row

POLICY_COLUMNS = (
    Column("state", "结果", width=16, sort_key=STATES.index),
    Column("policy", field_label("policy", "name"), width=24),
    Column("home", "户主", width=9, sort_key=pinyin_key),
    Column("group", field_label("household", "group_name"), width=9, sort_key=group_key),
    Column("whom", "享受人", width=9, sort_key=pinyin_key),
    Column("reasons", "依据", width=0),
    Column("proof", field_label("policy", "proof"), width=12),
    Column("note", "核实情况", width=20, hidden=True),
)


@dataclass(frozen=True, slots=True)
class PolicyTable:
    """Lines made ready for the page: by key, as rows, in the words by which they are found, and as a list for views.

    Attributes:
        policies: id → name of the policies in force, in their order
        faults: name of a policy that cannot be judged → why
    """

    lines: Mapping[str, PolicyLine]
    rows: Mapping[str, Row]
    search_texts: Mapping[str, str]
    source: ListSource
    policies: Mapping[str, str]
    faults: Mapping[str, str]

    def passing(self, quick: Mapping[str, str]) -> list[str]:
        """Keys of those that fit what is set in the line above the list."""
        return [key for key, line in self.lines.items() if passes(line, self.search_texts[key], quick)]


def load_table(workbook: Workbook) -> PolicyTable:
    """All policies in force, all households that are not closed."""
    with workbook.reading() as session:
        lines = {line.key: line for line in policy_lines(session)}
        policies = load_policies(session, current_date())
    return PolicyTable(
        lines,
        {key: policy_row(line) for key, line in lines.items()},
        {key: search_text(line) for key, line in lines.items()},
        entitlement_source(list(lines.values())),
        {one.id: one.name for one in policies},
        {one.name: one.fault for one in policies if one.fault},
    )


def policy_row(line: PolicyLine) -> Row:
    """One line with its texts; what somebody has looked into is quiet."""
    cells = {
        "state": line.state,
        "policy": line.entitlement.policy.name,
        "home": line.household,
        "group": line.group,
        "whom": line.whom,
        "reasons": line.entitlement.reasons,
        "proof": line.entitlement.policy.proof.title if line.entitlement.policy.proof else "",
        "note": line.note,
    }
    return Row(line.key, cells, "warn" if line.is_open else "quiet")
