"""全国系统更正清单: the compared facts that are wrong in the national system, in the order of its screens."""

from collections.abc import Sequence

from sqlalchemy.orm import Session

from app.consistency.households import blocks, compared_households
from app.consistency.three_way import FactLine, lines_of, system_corrections
from app.pdf.flowables import Flowable, Title
from app.pdf.page_style import A4_LANDSCAPE
from app.reports import formatting
from app.reports.household_selection import select_households
from app.reports.ledger import LedgerColumn, ledger_table, signature_row
from app.reports.parameters import ReportParameters

TITLE = "全国系统更正清单"
GROUP = "台账"
ORDER = 61
SUBJECT = "village"
FORMAT = A4_LANDSCAPE
PARAMETERS = ("full",)
_COLUMNS = (
    LedgerColumn("户主", 18),
    LedgerColumn("户编号", 36),
    LedgerColumn("对象", 20),
    LedgerColumn("字段", 34),
    LedgerColumn("系统里的值", 46),
    LedgerColumn("应为", 46),
    LedgerColumn("依据", 36),
    LedgerColumn("已更正", 16),
)


def build(session: Session, parameters: ReportParameters) -> Sequence[Flowable]:
    """One value a row; personal numbers are masked unless asked for in full."""
    selection = select_households(session, parameters)
    wanted = {household.id for household in selection.households}
    households = [one for one in compared_households(session) if one.id in wanted and one.registered]
    lines = system_corrections(line for block in blocks(households) for line in lines_of(session, block))
    return [
        Title(f"{selection.village}{TITLE}", f"截至 {formatting.day(parameters.today)}"),
        selection.header_line(f"共 {len(lines)} 处"),
        ledger_table(_COLUMNS, [_row(line, hide=not parameters.full) for line in lines]),
        signature_row("核对人", "录入人", "审核人"),
    ]


def _row(line: FactLine, *, hide: bool) -> list[str]:
    seen = f"{line.actual.by} {line.actual.at[:10]} 入户核实" if line.actual else "本工作簿记录"
    return [
        line.household.head,
        line.household.number,
        line.title,
        line.field.label,
        line.text(line.system.value, hide=hide) if line.system else "",
        line.text(line.expected, hide=hide),
        seen,
        " ",
    ]
