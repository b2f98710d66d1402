"""发放表: goods or money given to households, with a signature for each."""

from collections.abc import Sequence

from sqlalchemy.orm import Session

from app.pdf.flowables import Flowable, HeaderLine, Title
from app.pdf.page_style import CELL, LABEL
from app.reports.household_selection import group_or_hamlet, select_households
from app.reports.ledger import LedgerColumn, ledger_table, signature_row
from app.reports.parameters import ReportParameters

KEY = "handing_out"  # the name stored by earlier versions
TITLE = "发放表"
GROUP = "其他"
ORDER = 20
SUBJECT = "village"
FRAME = "plain"
PARAMETERS = ("title", "blank")
_BLANK_ROWS = 14


def build(session: Session, parameters: ReportParameters) -> Sequence[Flowable]:
    """A row for each household, high enough for a fingerprint; fourteen empty ones for a blank form."""
    selection = select_households(session, parameters)
    table_rows = (
        []
        if parameters.blank
        else [
            [household.head, group_or_hamlet(household) or " ", str(household.size), *[" "] * 4]
            for household in selection.households
        ]
    )
    columns = [
        LedgerColumn("户主", 24),
        LedgerColumn("村民组", 24),
        LedgerColumn("人口", 14, "right"),
        LedgerColumn("物品或金额", 34, "left"),
        LedgerColumn("领取人签字（按指印）", 42),
        LedgerColumn("领取日期", 24),
        LedgerColumn("备注", 18, "left"),
    ]
    return [
        Title(parameters.title or TITLE),
        HeaderLine(f"{selection.place}", "日期：　　　　年　　月　　日"),
        ledger_table(
            columns,
            table_rows,
            body_style=CELL,
            header_style=LABEL,
            min_height=14,
            blank_rows=0 if table_rows else _BLANK_ROWS,
        ),
        signature_row("发放人", "监督人"),
    ]
