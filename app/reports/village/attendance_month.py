"""驻村工作队考勤表: a month, a line a member and a column a day, with what the marks mean and what they come to."""

from collections.abc import Sequence

from sqlalchemy.orm import Session

from app.pdf.flowables import Flowable, Paragraph, Spacer, Title
from app.pdf.page_style import A4_LANDSCAPE, SMALL, SMALL_LABEL, TextStyle
from app.pdf.table import Cell, Table, TableRow
from app.reports.household_selection import select_households
from app.reports.ledger import signature_row
from app.reports.parameters import ReportParameters
from app.work_team.day_marks import day_marks, day_sums, legend
from app.work_team.month_sheet import MonthRow, MonthSheet, latest_month, load_month

TITLE = "驻村工作队考勤表"
GROUP = "单据"
ORDER = 5000  # behind the papers of rows, which are numbered by their registers
SUBJECT = "month"
FORMAT = A4_LANDSCAPE
FRAME = "plain"
PARAMETERS = ("title", "blank")
_WEEKDAYS = "一二三四五六日"
_SATURDAY = 5
_NAME_WIDTH, _DAY_WIDTH, _SUM_WIDTH, _SIGN_WIDTH = 20, 6.1, 10, 18  # millimetres
_MARK = TextStyle("fangsong", 9, 11.5, "center")
_HEIGHT = 11  # of a line, millimetres
_BLANK_ROWS = 6


def build(session: Session, parameters: ReportParameters) -> Sequence[Flowable]:
    """A month as it is handed in; with `blank` without marks.

    Raises:
        UserError: the month is not written as 2018-12
    """
    first = parameters.first_of_month or latest_month(session, parameters.today)
    sheet, selection = load_month(session, first), select_households(session, parameters)
    title = parameters.title or f"{selection.village}{TITLE}"
    return [
        Title(title, f"{first.year}年{first.month}月"),
        selection.header_line(f"共 {len(sheet.rows)} 人"),
        Table(_widths(sheet), _rows(sheet, parameters.blank), _header_rows(sheet), padding=0.3),
        Spacer(2),
        Paragraph(f"说明：{legend(day_marks())}；两个记号的单元格，前一个是上午，后一个是下午。", SMALL),
        Spacer(6),
        signature_row("考勤员", "工作队队长", "村党组织负责人"),
    ]


def _widths(sheet: MonthSheet) -> tuple[float, ...]:
    return (_NAME_WIDTH, *(_DAY_WIDTH for _ in sheet.days), *(_SUM_WIDTH for _ in day_sums()), _SIGN_WIDTH)


def _header_rows(sheet: MonthSheet) -> list[TableRow]:
    days = [f"{day.day}" for day in sheet.days]
    weekdays = [_WEEKDAYS[day.weekday()] for day in sheet.days]
    return [
        TableRow(
            [Cell(text, SMALL_LABEL, shaded=True) for text in ("日期", *days, *day_sums().values(), "本人签字")], 7
        ),
        TableRow(
            [Cell(text, SMALL_LABEL, shaded=True) for text in ("星期", *weekdays, *("天" for _ in day_sums()), "")], 6
        ),
    ]


def _rows(sheet: MonthSheet, is_blank: bool) -> list[TableRow]:
    rows = [_member_row(sheet, one, is_blank) for one in sheet.rows]
    if not rows:
        width = len(_widths(sheet))
        rows = [TableRow([Cell("", _MARK) for _ in range(width)], _HEIGHT) for _ in range(_BLANK_ROWS)]
    return rows


def _member_row(sheet: MonthSheet, one: MonthRow, is_blank: bool) -> TableRow:
    sums = ["" if is_blank else f"{getattr(one, name):g}" for name in day_sums()]
    marks = [
        Cell("" if is_blank else one.cells.get(day.day, ""), _MARK, shaded=day.weekday() >= _SATURDAY)
        for day in sheet.days
    ]
    return TableRow([Cell(one.name, _MARK), *marks, *(Cell(text, _MARK) for text in sums), Cell("", _MARK)], _HEIGHT)
