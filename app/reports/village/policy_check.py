"""应享未享核实表: who may have which policy and has no record, to be looked into at the door."""

from collections.abc import Sequence

from sqlalchemy.orm import Session

from app.issues.policy_lines import PolicyLine, policy_lines
from app.pdf.flowables import Flowable, Heading, Paragraph, Title
from app.pdf.page_style import A4_LANDSCAPE, CELL
from app.reports import formatting
from app.reports.household_selection import select_households
from app.reports.ledger import LedgerColumn, ledger_table, signature_row
from app.reports.parameters import ReportParameters

TITLE = "应享未享核实表"
GROUP = "走访与整改"
ORDER = 110
SUBJECT = "village"
FORMAT = A4_LANDSCAPE
_NOTHING = "按政策库里设置的条件，没有应享未享，也没有享受而不符合条件的。"
_COLUMNS = (
    LedgerColumn("村民组", 24),
    LedgerColumn("户主", 20),
    LedgerColumn("享受人", 20),
    LedgerColumn("结果", 32),
    LedgerColumn("依据", 96, "left"),
    LedgerColumn("核实情况", 44, "left"),
    LedgerColumn("核实人", 24),
)


def build(session: Session, parameters: ReportParameters) -> Sequence[Flowable]:
    """Policy by policy, each household or person in a row; what was looked into has its reason."""
    selection = select_households(session, parameters)
    chosen = {household.id for household in selection.households}
    lines = [line for line in policy_lines(session, today=parameters.today) if line.entitlement.household_id in chosen]
    content: list[Flowable] = [
        Title(f"{selection.village}{TITLE}", f"截至 {formatting.day(parameters.today)}"),
        selection.header_line(),
    ]
    if not lines:
        return [*content, Paragraph(_NOTHING, CELL)]
    by_policy: dict[str, list[PolicyLine]] = {}
    for line in lines:
        by_policy.setdefault(line.entitlement.policy.id, []).append(line)
    for of_policy in by_policy.values():
        terms = of_policy[0].entitlement.policy
        told = "　".join(text for text in (terms.texts["document_no"], terms.texts["standard"]) if text)
        content += [
            Heading(f"{terms.name}（{len(of_policy)}）　{told}".rstrip()),
            ledger_table(_COLUMNS, [_row(line) for line in of_policy]),
        ]
    return [*content, signature_row("填表人", "审核人", "日期")]


def _row(line: PolicyLine) -> list[str]:
    reasons = line.entitlement.reasons
    return [line.group, line.household, line.whom, line.state, reasons, line.note or " ", " "]
