"""抽查名单: the households of a round, in walking order, to be seen and ticked off; how they were drawn is told."""

from collections.abc import Sequence

from sqlalchemy.orm import Session

from app.checklists.results import HouseholdResult, load_round, round_results
from app.pdf.flowables import Flowable, HeaderLine, Paragraph, Spacer, Title
from app.pdf.page_style import CELL, LABEL, LINE_TEXT
from app.reports import formatting
from app.reports.household_selection import select_households
from app.reports.ledger import LedgerColumn, ledger_table, signature_row
from app.reports.parameters import ReportParameters

TITLE = "抽查名单"
GROUP = "四净两规范"
ORDER = 70
SUBJECT = "round"
_COLUMNS = (
    LedgerColumn("村民组", 20),
    LedgerColumn("户主", 18),
    LedgerColumn("户编号", 40),
    LedgerColumn("住址", 40, "left"),
    LedgerColumn("抽查情况", 28, "left"),
    LedgerColumn("签字", 22),
)


def build(session: Session, parameters: ReportParameters) -> Sequence[Flowable]:
    """A line for each household.

    Raises:
        UserError: there is no such round
    """
    round_version = load_round(session, parameters.round)
    results = round_results(session, parameters.round)
    remark: list[Flowable] = [Paragraph(round_version.note, LINE_TEXT), Spacer(2)] if round_version.note else []
    days = "　".join(formatting.day(day) for day in (round_version.started_on, round_version.due_on) if day)
    return [
        Title(TITLE, round_version.title),
        HeaderLine(f"行政村：{select_households(session, parameters).place}", f"{days}　共 {len(results)} 户"),
        *remark,
        ledger_table(
            _COLUMNS, [_row(result) for result in results], body_style=CELL, header_style=LABEL, min_height=10
        ),
        signature_row("抽取人", "监督人"),
    ]


def _row(result: HouseholdResult) -> list[str]:
    household = result.household
    return [household.group, household.name, household.household_no, household.address, " ", " "]
