"""三者一致核对表: what record, national system and archive say of a household, to be checked at its door."""

from collections.abc import Sequence

from sqlalchemy.orm import Session

from app.consistency.households import compared_households
from app.consistency.observed_values import Observation
from app.consistency.three_way import AGREEING, FactLine, lines_of
from app.pdf.flowables import Flowable, HeaderLine, Paragraph, Title
from app.pdf.page_style import A4_LANDSCAPE, CELL
from app.reports import formatting
from app.reports.era import Terms
from app.reports.household_context import load_context
from app.reports.ledger import LedgerColumn, ledger_table, signature_row
from app.reports.parameters import ReportParameters

TITLE = "三者一致核对表"
GROUP = "走访与整改"
ORDER = 100
SUBJECT = "household"
FORMAT = A4_LANDSCAPE
PARAMETERS = ("full",)
_NOT_COMPARED = "这一户不是建档立卡户，也不是监测对象，全国系统里没有它，不核对三者一致。"
_COLUMNS = (
    LedgerColumn("对象", 20),
    LedgerColumn("内容", 34, "left"),
    LedgerColumn("本工作簿", 40),
    LedgerColumn("系统数据", 46),
    LedgerColumn("打印的档案", 46),
    LedgerColumn("实际情况（入户填写）", 46),
    LedgerColumn("是否一致", 18),
)


def build(session: Session, parameters: ReportParameters) -> Sequence[Flowable]:
    """A row for each fact; what somebody saw is printed, what nobody saw yet is left to be written in."""
    context = load_context(session, parameters.households[0])
    households = [one for one in compared_households(session) if one.id == context.household.id and one.registered]
    lines = lines_of(session, households)
    heading: list[Flowable] = [
        Title(f"{context.head_name}户{TITLE}", f"截至 {formatting.day(parameters.today)}"),
        HeaderLine(f"户编号：{context.household.household_no or '未填'}", f"共 {len(lines)} 项"),
    ]
    if not households:
        return [*heading, Paragraph(_NOT_COMPARED, CELL)]
    table = ledger_table(_COLUMNS, [_row(line, context.terms, hide=not parameters.full) for line in lines])
    return [*heading, table, signature_row("户主（签字、按指印）", "核实人", "核实日期")]


def _row(line: FactLine, words: Terms, *, hide: bool) -> list[str]:
    return [
        line.title,
        words.relabel(line.field.label),
        line.text(line.value, hide=hide),
        _told(line, line.system, hide=hide),
        _told(line, line.archive, hide=hide),
        _told(line, line.actual, hide=hide) if line.actual else " ",
        "是" if line.state == AGREEING else "、".join(line.corrections) if line.actual else " ",
    ]


def _told(line: FactLine, observation: Observation | None, *, hide: bool) -> str:
    if observation is None:
        return "不详"
    return f"{line.text(observation.value, hide=hide) or '空'}（{formatting.days_in(observation.at[:10])}）"
