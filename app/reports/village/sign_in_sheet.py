"""签到表: who came to a meeting, a training or the evening school, with signatures."""

from collections.abc import Sequence

from sqlalchemy.orm import Session

from app.pdf.flowables import Flowable, HeaderLine, Title
from app.pdf.page_style import CELL, LABEL
from app.reports.household_selection import group_or_hamlet, select_households
from app.reports.ledger import LedgerColumn, ledger_table, signature_row
from app.reports.parameters import ReportParameters

KEY = "signing_roster"  # the name stored by earlier versions
TITLE = "签到表"
GROUP = "其他"
ORDER = 10
SUBJECT = "village"
FRAME = "plain"
PARAMETERS = ("title", "blank")
_BLANK_ROWS = 20


def build(session: Session, parameters: ReportParameters) -> Sequence[Flowable]:
    """A row for each household, or twenty empty ones."""
    selection = select_households(session, parameters)
    table_rows = (
        []
        if parameters.blank
        else [[household.head, group_or_hamlet(household) or " ", " ", " ", " "] for household in selection.households]
    )
    columns = [
        LedgerColumn("姓名", 28),
        LedgerColumn("村民组（单位）", 36),
        LedgerColumn("签到", 36),
        LedgerColumn("时间", 26),
    ]
    return [
        Title(parameters.title or TITLE),
        HeaderLine(f"{selection.place}", "日期：　　　　年　　月　　日"),
        HeaderLine("地点：　　　　　　　　　　　　", "主持人：　　　　　　　　"),
        ledger_table(
            [*columns, LedgerColumn("备注", 30, "left")],
            table_rows,
            body_style=CELL,
            header_style=LABEL,
            min_height=10,
            blank_rows=0 if table_rows else _BLANK_ROWS,
        ),
        signature_row("记录人"),
    ]
