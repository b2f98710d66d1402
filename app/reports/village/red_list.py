"""红榜: the best households of a round, to be posted: name, group, rank, nothing about hardship."""

from collections.abc import Sequence

from sqlalchemy.orm import Session

from app.checklists.ranking import rank_households, red_list
from app.checklists.results import load_round, round_results
from app.pdf.flowables import Flowable, Paragraph, Spacer
from app.pdf.page_style import TextStyle
from app.reports import formatting
from app.reports.household_selection import public_head_names, select_households
from app.reports.ledger import LedgerColumn, ledger_table
from app.reports.parameters import ReportParameters

KEY = "honour_roll"  # the name stored by earlier versions
TITLE = "红榜"
GROUP = "四净两规范"
ORDER = 30
SUBJECT = "round"
FRAME = "bare"
PUBLIC = True
PARAMETERS = ("title",)
_TITLE_STYLE = TextStyle("song_bold", 40, 56, "center")
_SUBTITLE_STYLE = TextStyle("kai", 18, 28, "center")
_CELL_STYLE = TextStyle("fangsong", 16, 24)
_HEADER_STYLE = TextStyle("hei", 14, 22, "center")
_NOTE_STYLE = TextStyle("fangsong", 12, 18)
_UNIT_STYLE = TextStyle("song_bold", 16, 26, "right")

_ORDER_NOTE = "注：得分相同的户名次并列，按村民组和走访顺序排列。"


def build(session: Session, parameters: ReportParameters) -> Sequence[Flowable]:
    """The households of the best grade that passed, and the holders of a 流动红旗.

    Raises:
        UserError: there is no such round
    """
    round_version = load_round(session, parameters.round)
    household_results = round_results(session, parameters.round)
    best_ids = {result.household.household_id for result in red_list(household_results)}
    ranks = [
        rank
        for rank in rank_households(household_results)
        if rank.has_flag or rank.result.household.household_id in best_ids
    ]
    head_names = public_head_names(session, parameters.today)
    table_rows = [
        [
            f"第 {rank.village_rank} 名",
            head_names.get(rank.result.household.household_id, ""),
            rank.result.household.group,
            rank.result.grade,
            "流动红旗" if rank.has_flag else " ",
        ]
        for rank in ranks
    ]
    columns = [
        LedgerColumn("名次", 26),
        LedgerColumn("户主", 36),
        LedgerColumn("村民组", 44),
        LedgerColumn("等级", 26),
        LedgerColumn("荣誉", 34),
    ]
    inspection_dates = [result.seen_on for result in household_results if result.seen_on]
    return [
        Paragraph("红　榜", _TITLE_STYLE),
        Paragraph(parameters.title or round_version.title, _SUBTITLE_STYLE),
        Spacer(6),
        ledger_table(columns, table_rows, body_style=_CELL_STYLE, header_style=_HEADER_STYLE, min_height=13),
        Spacer(4),
        Paragraph(_ORDER_NOTE, _NOTE_STYLE),
        Spacer(8),
        Paragraph(select_households(session, parameters).unit, _UNIT_STYLE),
        Paragraph(formatting.day(max(inspection_dates) if inspection_dates else parameters.today), _UNIT_STYLE),
    ]
