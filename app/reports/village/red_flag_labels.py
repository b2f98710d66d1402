"""流动红旗: a card for the best household of each group in a round, to be pinned beside its door."""

from collections.abc import Sequence

from sqlalchemy.orm import Session

from app.checklists.ranking import rank_households
from app.checklists.results import load_round, round_results
from app.errors import UserError
from app.pdf.flowables import Flowable, PageBreak, Paragraph, Spacer
from app.pdf.page_style import A5_LANDSCAPE, TextStyle
from app.reports import formatting
from app.reports.household_selection import public_head_names, select_households
from app.reports.parameters import ReportParameters

KEY = "flag_labels"  # the name stored by earlier versions
TITLE = "流动红旗"
GROUP = "四净两规范"
ORDER = 40
SUBJECT = "round"
FORMAT = A5_LANDSCAPE
FRAME = "bare"
PUBLIC = True
_TITLE_STYLE = TextStyle("song_bold", 54, 72, "center")
_NAME_STYLE = TextStyle("kai", 30, 44, "center")
_SUBTITLE_STYLE = TextStyle("fangsong", 16, 26, "center")


def build(session: Session, parameters: ReportParameters) -> Sequence[Flowable]:
    """One card on each page, numbered by the month of the round: 202611-01.

    Raises:
        UserError: there is no such round, or nobody has earned a flag in it yet
    """
    round_version = load_round(session, parameters.round)
    head_names, unit = public_head_names(session, parameters.today), select_households(session, parameters).unit
    month = f"{round_version.started_on or parameters.today:%Y%m}"
    holders = [rank for rank in rank_households(round_results(session, parameters.round)) if rank.has_flag]
    flowables: list[Flowable] = []
    for n, rank in enumerate(holders, 1):
        household = rank.result.household
        flowables += [
            PageBreak(),
            Spacer(10, keep_at_page_top=True),
            Paragraph("流动红旗", _TITLE_STYLE),
            Spacer(4),
            Paragraph(
                f"{household.group}　{head_names.get(household.household_id) or formatting.EMPTY} 户", _NAME_STYLE
            ),
            Spacer(6),
            Paragraph(round_version.title, _SUBTITLE_STYLE),
            Paragraph(unit, _SUBTITLE_STYLE),
            Paragraph(f"编号：{month}-{n:02}", _SUBTITLE_STYLE),
        ]
    if not flowables:
        raise UserError("这一轮还没有得流动红旗的户。评完各组的户再打印。")
    return flowables
