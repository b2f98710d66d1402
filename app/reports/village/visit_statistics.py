"""走访统计表: what each helper planned and did in a year, and how many visits in each month."""

from collections.abc import Sequence
from decimal import Decimal

from sqlalchemy.orm import Session

from app.pdf.flowables import Flowable, Heading, Title
from app.pdf.page_style import A4_LANDSCAPE
from app.reports import formatting
from app.reports.household_selection import select_households
from app.reports.ledger import LedgerColumn, ledger_table, signature_row
from app.reports.parameters import ReportParameters
from app.visits.by_helper import HelperVisits, visits_by_helper

TITLE = "走访统计表"
GROUP = "走访与整改"
ORDER = 12
SUBJECT = "village"
FORMAT = A4_LANDSCAPE
PARAMETERS = ("year",)
_WHO = (LedgerColumn("姓名", 20), LedgerColumn("单位", 44, "left"))
_COUNTS = (
    "计划户次", "按月完成", "走访次数", "走访户数", "走访天数", "反映问题", "已解决", "宣传政策", "同吃（餐）",
    "同住（晚）", "同劳动（小时）", "户主签字", "已传APP",
)  # fmt: skip
_COUNT_WIDTH, _MONTH_WIDTH = 14.4, 14.0


def build(session: Session, parameters: ReportParameters) -> Sequence[Flowable]:
    """One row a helper, and below each helper's visits month by month."""
    year = parameters.year or parameters.today.year
    helpers = [one for one in visits_by_helper(session, f"{year}-01", f"{year}-12") if one.visits or one.planned]
    selection = select_households(session, parameters)
    counted = [LedgerColumn(label, _COUNT_WIDTH, "right") for label in _COUNTS]
    months = [f"{year}-{month:02}" for month in range(1, 13)]
    monthly = [LedgerColumn(f"{month} 月", _MONTH_WIDTH, "right") for month in range(1, 13)]
    return [
        Title(f"{selection.village}{TITLE}", f"{year}年"),
        selection.header_line(f"截至 {formatting.day(parameters.today)}"),
        ledger_table([*_WHO, *counted], [[one.name, one.unit or " ", *_counts(one)] for one in helpers]),
        Heading("各月走访次数"),
        ledger_table(
            [*_WHO, *monthly, LedgerColumn("合计", _MONTH_WIDTH, "right")],
            [
                [one.name, one.unit or " ", *(_text(one.months[month]) for month in months), _text(one.visits)]
                for one in helpers
            ],
        ),
        signature_row("填表人", "审核人"),
    ]


def _counts(one: HelperVisits) -> list[str]:
    numbers = (
        one.planned, one.kept, one.visits, one.households, one.days, one.asked, one.solved, one.explained, one.meals,
        one.nights, one.hours, one.signed, one.uploaded,
    )  # fmt: skip
    return [_text(number) for number in numbers]


def _text(number: int | Decimal) -> str:
    """Zeros are left out: a table of them hides what was done."""
    return f"{float(number):g}" if number else "—"
