"""评比汇总表: a round group by group, and every household with its points."""

from collections.abc import Sequence
from decimal import Decimal

from sqlalchemy.orm import Session

from app.checklists.ranking import group_summaries, rank_households
from app.checklists.results import HouseholdResult, load_round, round_results
from app.pdf.flowables import Flowable, HeaderLine, Heading, Spacer, Title
from app.pdf.page_style import CELL, LABEL
from app.reports import formatting
from app.reports.household_selection import select_households
from app.reports.ledger import LedgerColumn, ledger_table, signature_row
from app.reports.parameters import ReportParameters
from resources.option_roles import yes_no

TITLE = "评比汇总表"
GROUP = "四净两规范"
ORDER = 50
SUBJECT = "round"


def build(session: Session, parameters: ReportParameters) -> Sequence[Flowable]:
    """The groups, the village as their last line, then the households in walking order with their rank in the village.

    Raises:
        UserError: there is no such round
    """
    round_version = load_round(session, parameters.round)
    household_results = round_results(session, parameters.round)
    group_lines = group_summaries(household_results)
    grades = [name for name, _ in group_lines[0].grades] if group_lines else []
    group_rows = [
        [
            line.group if line.group is not None else "全村",
            str(line.households),
            str(line.inspected),
            str(line.passed),
            *(str(count) for _, count in line.grades),
            _format_points(line.average),
        ]
        for line in group_lines
        if line.households
    ]
    columns = [
        LedgerColumn("村民组", 34),
        LedgerColumn("应评", 16, "right"),
        LedgerColumn("已评", 16, "right"),
        LedgerColumn("达标", 16, "right"),
    ]
    columns += [*(LedgerColumn(name, 16, "right") for name in grades), LedgerColumn("平均分", 20, "right")]
    ranks = {rank.result.household.household_id: rank.village_rank for rank in rank_households(household_results)}
    start_text = f"{formatting.day(round_version.started_on)}开始" if round_version.started_on else ""
    return [
        Title(TITLE, round_version.title),
        HeaderLine(f"行政村：{select_households(session, parameters).place}", start_text),
        ledger_table(
            columns, group_rows[:-1], body_style=CELL, header_style=LABEL, total=group_rows[-1] if group_rows else ()
        ),
        Spacer(2),
        Heading("各户得分"),
        ledger_table(
            _HOUSEHOLD_COLUMNS,
            [_row(result, ranks) for result in household_results],
            body_style=CELL,
            header_style=LABEL,
        ),
        signature_row("填表人", "审核人"),
    ]


_HOUSEHOLD_COLUMNS = (
    LedgerColumn("村民组", 30),
    LedgerColumn("户主", 26),
    LedgerColumn("总分", 18, "right"),
    LedgerColumn("等级", 18),
    LedgerColumn("是否达标", 20),
    LedgerColumn("全村名次", 18, "right"),
    LedgerColumn("评分人", 30),
)


def _format_points(points: Decimal | None) -> str:
    return "" if points is None else f"{points:.1f}"


def _row(result: HouseholdResult, ranks: dict[str, int]) -> list[str]:
    rank = ranks.get(result.household.household_id)
    return [
        result.household.group,
        result.household.name,
        _format_points(result.points),
        result.grade or ("未评完" if result.in_progress else "未评"),
        yes_no(result.passed) if result.finished else "",
        str(rank) if rank else "",
        "、".join(result.inspectors),
    ]
