"""待录入清单: what has to be typed into each system that the office uses, in the order of its screens."""

from collections.abc import Sequence

from sqlalchemy.orm import Session

from app.consistency.entry_list import CHANGED, NOT_ENTERED, EntryLine, households_to_enter, lines_of, used_systems
from app.consistency.households import blocks
from app.consistency.systems import EntrySystem
from app.list_views.catalogue import ENTRY_LIST
from app.list_views.stored_form import decode_for_printing
from app.pdf.flowables import Flowable, Paragraph, Title
from app.pdf.page_style import A4_LANDSCAPE, CELL
from app.reports import formatting
from app.reports.household_selection import select_households
from app.reports.ledger import LedgerColumn, ledger_table, signature_row
from app.reports.parameters import ReportParameters
from app.viewed_lists.entry_source import entry_lines_in_view

TITLE = "待录入清单"
GROUP = "台账"
ORDER = 60
SUBJECT = "village"
LIST = ENTRY_LIST
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
    """What is not entered, or changed since; of a view what it shows, in its order. Personal numbers are masked unless
    asked for in full.

    Raises:
        UserError: the view cannot be read
    """
    selection = select_households(session, parameters)
    systems = used_systems(session)
    lines = _lines_in_view(session, parameters.view) if parameters.view else _waiting(session, parameters, systems)
    heading: list[Flowable] = [
        Title(f"{selection.village}{TITLE}", f"截至 {formatting.day(parameters.today)}"),
        selection.header_line(f"共 {len(lines)} 条"),
    ]
    if not systems and not lines:
        return [*heading, Paragraph(_NOTHING, CELL)]
    table = ledger_table(_COLUMNS, [_row(line, hide=not parameters.full) for line in lines])
    return [*heading, table, signature_row("录入人", "审核人")]


def _lines_in_view(session: Session, printed: str) -> Sequence[EntryLine]:
    _, _, view = decode_for_printing(printed)
    return entry_lines_in_view(session, view)


def _waiting(session: Session, parameters: ReportParameters, systems: Sequence[EntrySystem]) -> Sequence[EntryLine]:
    """All that the chosen households, or all, lack in the systems that are used, system by system."""
    households = [
        one
        for one in households_to_enter(session, systems)
        if not parameters.households or one.id in parameters.households
    ]
    lines = [line for block in blocks(households) for line in lines_of(session, block, systems, (NOT_ENTERED, CHANGED))]
    return sorted(lines, key=lambda line: systems.index(line.system))


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
