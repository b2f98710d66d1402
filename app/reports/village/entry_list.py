"""待录入清单: what has to be typed into each system that the office uses, in the order of its screens."""

from collections.abc import Sequence

from sqlalchemy.orm import Session

from app.consistency.entry_list import CHANGED, NOT_ENTERED, EntryLine, households_to_enter, lines_of, used_systems
from app.consistency.households import blocks
from app.pdf.flowables import Flowable, Paragraph, Title
from app.pdf.page_style import A4_LANDSCAPE, CELL
from app.reports import formatting
from app.reports.household_selection import select_households
from app.reports.ledger import LedgerColumn, ledger_table, signature_row
from app.reports.parameters import ReportParameters

TITLE = "待录入清单"
GROUP = "台账"
ORDER = 60
SUBJECT = "village"
FORMAT = A4_LANDSCAPE
PARAMETERS = ("full",)
_NOTHING = "还没有哪个系统标记过已录入，也没有导入过全国系统的名册。请先在“待录入”页标记，或导入名册。"
_COLUMNS = (
    LedgerColumn("系统、界面", 34),
    LedgerColumn("户主", 16),
    LedgerColumn("村民组", 20),
    LedgerColumn("对象", 30),
    LedgerColumn("状态", 16),
    LedgerColumn("要录的内容（系统里的值 → 本工作簿的值）", 110, "left"),
    LedgerColumn("修改人", 18),
    LedgerColumn("已录", 12),
)


def build(session: Session, parameters: ReportParameters) -> Sequence[Flowable]:
    """What is not entered, or changed since; personal numbers are masked unless asked for in full."""
    selection = select_households(session, parameters)
    systems = used_systems(session)
    households = [
        one
        for one in households_to_enter(session, systems)
        if not parameters.households or one.id in parameters.households
    ]
    lines = [line for block in blocks(households) for line in lines_of(session, block, systems, (NOT_ENTERED, CHANGED))]
    lines.sort(key=lambda line: systems.index(line.system))
    blocks_of_page: list[Flowable] = [
        Title(f"{selection.village}{TITLE}", f"截至 {formatting.day(parameters.today)}"),
        selection.header_line(f"共 {len(lines)} 条"),
    ]
    if not systems:
        return [*blocks_of_page, Paragraph(_NOTHING, CELL)]
    table = ledger_table(_COLUMNS, [_row(line, hide=not parameters.full) for line in lines])
    return [*blocks_of_page, table, signature_row("录入人", "审核人")]


def _row(line: EntryLine, *, hide: bool) -> list[str]:
    return [
        f"{line.system.place}　{line.screen.title}",
        line.household.head,
        line.household.group,
        line.title,
        line.state,
        line.content(hide=hide),
        "、".join(dict.fromkeys(one.changed_by for one in line.differences if one.changed_by)) or " ",
        " ",
    ]
