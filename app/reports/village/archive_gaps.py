"""档案缺漏清单: what is missing in the archives of households, and what was not signed."""

from collections.abc import Sequence

from sqlalchemy.orm import Session

from app.pdf.flowables import Flowable, Title
from app.pdf.page_style import A4_LANDSCAPE
from app.reports import formatting
from app.reports.completeness import MISSING, UNSIGNED, PaperLine, PaperState, told_together, village_papers
from app.reports.household_selection import select_households
from app.reports.ledger import LedgerColumn, ledger_table, signature_row
from app.reports.parameters import ReportParameters

TITLE = "档案缺漏清单"
GROUP = "台账"
ORDER = 63
SUBJECT = "village"
FORMAT = A4_LANDSCAPE
_COLUMNS = (
    LedgerColumn("户主", 20),
    LedgerColumn("户编号", 40),
    LedgerColumn("村民组", 24),
    LedgerColumn("应有", 12, "right"),
    LedgerColumn("缺的材料", 78, "left"),
    LedgerColumn("没有签字的材料", 68, "left"),
    LedgerColumn("已补齐", 16),
)


def build(session: Session, parameters: ReportParameters) -> Sequence[Flowable]:
    """One household a row, those whose archive is complete left out."""
    selection = select_households(session, parameters)
    wanted = {household.id for household in selection.households}
    found = [(one, papers) for one, papers in village_papers(session, parameters.today) if one.id in wanted]
    rows = [
        [one.head, one.number, one.group, str(len(papers)), _titles(papers, MISSING), _titles(papers, UNSIGNED), " "]
        for one, papers in found
        if any(paper.what_is_missing for paper in papers)
    ]
    return [
        Title(f"{selection.village}{TITLE}", f"截至 {formatting.day(parameters.today)}"),
        selection.header_line(f"共 {len(found)} 户，{len(rows)} 户不齐"),
        ledger_table(_COLUMNS, rows),
        signature_row("核对人", "档案员"),
    ]


def _titles(papers: Sequence[PaperLine], state: PaperState) -> str:
    return "；".join(told_together(papers, state)) or formatting.EMPTY
