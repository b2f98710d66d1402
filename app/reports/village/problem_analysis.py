"""问题分析表: problems by class, the most frequent first, with what became of them and which households have them."""

from collections import defaultdict
from collections.abc import Sequence

from sqlalchemy.orm import Session

from app.pdf.flowables import Flowable, Title
from app.pdf.page_style import CELL, LABEL
from app.registers.engine.rows import RegisterRow, RowQuery, load_rows, row_ids
from app.registers.rectification import REGISTER
from app.reports import formatting
from app.reports.household_selection import select_households
from app.reports.ledger import LedgerColumn, ledger_table, signature_row
from app.reports.parameters import ReportParameters

TITLE = "问题分析表"
GROUP = "走访与整改"
ORDER = 90
SUBJECT = "village"
PARAMETERS = ("year",)
_MOST = 10  # classes
_UNKNOWN = "没有分类"


def build(session: Session, parameters: ReportParameters) -> Sequence[Flowable]:
    """The ten classes with most problems; of a year, or of all."""
    selection = select_households(session, parameters)
    rows = load_rows(session, REGISTER, row_ids(session, REGISTER, RowQuery(year=parameters.year)), parameters.today)
    by_class: defaultdict[str, list[RegisterRow]] = defaultdict(list)
    for row in rows:
        by_class[row.texts["problem_class"] or _UNKNOWN].append(row)
    first = sorted(by_class.items(), key=lambda entry: (-len(entry[1]), entry[0]))[:_MOST]
    columns = [
        LedgerColumn("问题类别", 30),
        LedgerColumn("问题数", 16, "right"),
        LedgerColumn("涉及户数", 18, "right"),
        LedgerColumn("已销号", 16, "right"),
        LedgerColumn("超期", 14, "right"),
        LedgerColumn("反弹", 14, "right"),
        LedgerColumn("占比", 16, "right"),
        LedgerColumn("原因和对策", 46, "left"),
    ]
    as_of = f"{parameters.year}年" if parameters.year else f"截至 {formatting.day(parameters.today)}"
    return [
        Title(f"{selection.village}{TITLE}", as_of),
        selection.header_line(f"共 {len(rows)} 个问题"),
        ledger_table(
            columns,
            [[name, *_figures(found, len(rows)), " "] for name, found in first],
            body_style=CELL,
            header_style=LABEL,
            min_height=14,
        ),
        signature_row("填表人", "审核人"),
    ]


def _figures(rows: Sequence[RegisterRow], total: int) -> list[str]:
    """How many, in how many households, closed, late, come back, and their share of all."""
    return [
        str(len(rows)),
        str(len({row.household_id for row in rows if row.household_id})),
        str(sum(row.values["closed_on"] is not None for row in rows)),
        str(sum(row.progress.overdue for row in rows)),
        str(sum(bool(row.values["recurs"]) for row in rows)),
        f"{100 * len(rows) / total:.0f}%",
    ]
