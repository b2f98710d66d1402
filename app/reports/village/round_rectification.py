"""整改清单: the households of a round that did not pass, what to rectify and until when; completed by hand."""

from collections.abc import Sequence

from sqlalchemy.orm import Session

from app.checklists.ranking import FailedHousehold, find_failed_households
from app.checklists.results import load_round, round_results
from app.pdf.flowables import Flowable, HeaderLine, Title
from app.pdf.page_style import A4_LANDSCAPE
from app.reports import formatting
from app.reports.household_selection import select_households
from app.reports.ledger import LedgerColumn, ledger_table, signature_row
from app.reports.parameters import ReportParameters

TITLE = "整改清单"
GROUP = "四净两规范"
ORDER = 60
SUBJECT = "round"
FORMAT = A4_LANDSCAPE
_COLUMNS = (
    LedgerColumn("村民组", 22),
    LedgerColumn("户主", 20),
    LedgerColumn("总分", 14, "right"),
    LedgerColumn("需整改的项目", 34, "left"),
    LedgerColumn("不达标的要点", 66, "left"),
    LedgerColumn("须立即处理", 34, "left"),
    LedgerColumn("复查日期", 24),
    LedgerColumn("责任人", 18),
    LedgerColumn("整改情况", 26, "left"),
    LedgerColumn("户主签字", 20),
)


def build(session: Session, parameters: ReportParameters) -> Sequence[Flowable]:
    """One row for each household; who is responsible and what was done is written in by hand.

    Raises:
        UserError: there is no such round
    """
    round_version = load_round(session, parameters.round)
    failed_households = find_failed_households(round_results(session, parameters.round))
    return [
        Title(f"{round_version.checklist.title}{TITLE}", round_version.title),
        HeaderLine(f"行政村：{select_households(session, parameters).place}", f"共 {len(failed_households)} 户"),
        ledger_table(_COLUMNS, [_row(failed) for failed in failed_households], min_height=12),
        signature_row("交办人", "检查人", "销号审核人"),
    ]


def _row(failed: FailedHousehold) -> list[str]:
    return [
        failed.result.household.group,
        failed.result.household.name,
        f"{failed.result.points:.1f}" if failed.result.points is not None else "",
        "、".join(failed.items),
        "；".join(failed.checks),
        "；".join(failed.hard_fails) or " ",
        formatting.day(failed.recheck_on),
        *[" "] * 3,
    ]
