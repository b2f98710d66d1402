"""重印户档清单: the households whose printed archive says something that is no longer true."""

from collections.abc import Sequence

from sqlalchemy.orm import Session

from app.consistency.households import ComparedHousehold, blocks, compared_households
from app.consistency.three_way import FactLine, archive_reprints, lines_of
from app.pdf.flowables import Flowable, Title
from app.pdf.page_style import A4_LANDSCAPE
from app.reports import formatting
from app.reports.household_selection import select_households
from app.reports.ledger import LedgerColumn, ledger_table, signature_row
from app.reports.parameters import ReportParameters

TITLE = "重印户档清单"
GROUP = "台账"
ORDER = 62
SUBJECT = "village"
FORMAT = A4_LANDSCAPE
_COLUMNS = (
    LedgerColumn("户主", 20),
    LedgerColumn("户编号", 40),
    LedgerColumn("村民组", 24),
    LedgerColumn("打印时间", 26),
    LedgerColumn("要改的内容（档案里的值 → 应为）", 126, "left"),
    LedgerColumn("已重印", 16),
)


def build(session: Session, parameters: ReportParameters) -> Sequence[Flowable]:
    """One household a row; personal numbers are masked."""
    selection = select_households(session, parameters)
    wanted = {household.id for household in selection.households}
    households = [one for one in compared_households(session) if one.id in wanted and one.registered]
    found = archive_reprints(line for block in blocks(households) for line in lines_of(session, block))
    return [
        Title(f"{selection.village}{TITLE}", f"截至 {formatting.day(parameters.today)}"),
        selection.header_line(f"共 {len(found)} 户"),
        ledger_table(_COLUMNS, [_row(household, lines) for household, lines in found.items()]),
        signature_row("核对人", "档案员"),
    ]


def _row(household: ComparedHousehold, lines: Sequence[FactLine]) -> list[str]:
    wrong = [
        f"{line.title}{line.field.label}：{line.text(line.archive.value) or '空'} → {line.text(line.expected) or '空'}"
        for line in lines
        if line.archive is not None
    ]
    printed = max((line.archive.at for line in lines if line.archive is not None), default="")
    return [household.head, household.number, household.group, printed[:10], "；".join(wrong), " "]
