"""数据比对统计表: lists of other offices that were compared, with their results and what was decided."""

from collections.abc import Sequence

from sqlalchemy.orm import Session

from app.comparison.decision import decision_label
from app.comparison.line import RESULTS, result_label
from app.comparison.summary import DECISIONS, ListSummary, list_summaries
from app.pdf.flowables import Flowable, Title
from app.pdf.page_style import A4_LANDSCAPE
from app.reports import formatting
from app.reports.household_selection import select_households
from app.reports.ledger import LedgerColumn, ledger_table, signature_row
from app.reports.parameters import ReportParameters

TITLE = "数据比对统计表"
GROUP = "台账"
ORDER = 95
SUBJECT = "village"
FORMAT = A4_LANDSCAPE
_COUNT_WIDTH = 17


def build(session: Session, parameters: ReportParameters) -> Sequence[Flowable]:
    """One list a row; the sums below."""
    selection = select_households(session, parameters)
    lists = list_summaries(session)
    labels = [result_label(result) for result in RESULTS]
    columns = [LedgerColumn("名单种类", 30), LedgerColumn("提供部门", 26), LedgerColumn("名单日期", 28)]
    columns += [LedgerColumn(label, _COUNT_WIDTH, "right") for label in ("名单行数", *labels)]
    columns += [LedgerColumn(decision_label(role), _COUNT_WIDTH, "right") for role in DECISIONS]
    columns.append(LedgerColumn("待处理", _COUNT_WIDTH, "right"))
    figures = [_figures(one) for one in lists]
    sums = [str(sum(column)) for column in zip(*figures, strict=True)]
    rows = [
        [one.title, one.office, formatting.day(one.list_date), *(str(number) for number in numbers)]
        for one, numbers in zip(lists, figures, strict=True)
    ]
    return [
        Title(f"{selection.village}{TITLE}", f"截至 {formatting.day(parameters.today)}"),
        selection.header_line(f"共比对 {len(lists)} 份名单"),
        ledger_table(columns, rows, total=[" ", " ", " ", *sums]),
        signature_row("填表人", "审核人"),
    ]


def _figures(one: ListSummary) -> list[int]:
    return [one.rows, *(one.counts[result] for result in RESULTS), *(one.decided[role] for role in DECISIONS), one.open]
