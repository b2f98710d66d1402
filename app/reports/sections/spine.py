"""A00: labels for the spine of a volume or box, to be cut out: 20, 30, 40 and 50 mm wide. On request only."""

from datetime import date

from sqlalchemy.orm import Session

from app.pdf.canvas import PageCanvas
from app.pdf.flowables import Flowable, Fragment, HeaderLine, Spacer
from app.pdf.page_style import MM, TextStyle
from app.reports.household_context import HouseholdContext, load_context

ORDER = 21
TITLE = "卷脊标签"
_LABEL_WIDTHS = (20, 30, 40, 50)  # millimetres: the usual boxes (docs/domain/archive.md §3.4)
_LABEL_HEIGHT = 210
_YEAR_STYLE = TextStyle("hei", 12, 16, "center")
_TEXT_STYLE = TextStyle("song_bold", 16, 21, "center")


class _SpineLabels:
    """The labels side by side, with names written downwards, one character below another."""

    def __init__(self, context: HouseholdContext) -> None:
        village = (context.village.name if context.village else None) or ""
        self._village, self._head_name = list(village[:14]), list(context.head_name.strip("（）")[:12])
        self._number_suffix = (context.number or "—")[-4:]

    def split(self, width: float, max_height: float) -> list[Fragment]:
        return [Fragment(_LABEL_HEIGHT * MM, self._draw)]

    def _draw(self, canvas: PageCanvas, x: float, y: float) -> None:
        left = x
        for millimetres in _LABEL_WIDTHS:
            label_width = millimetres * MM
            canvas.dashed_rect(left, y - _LABEL_HEIGHT * MM, label_width, _LABEL_HEIGHT * MM)
            canvas.text(left, y - 6 * MM, label_width, f"{date.today().year}", _YEAR_STYLE)
            top = y - 20 * MM
            for letters in (self._village, self._head_name):
                for letter in letters:
                    canvas.text(left, top, label_width, letter, _TEXT_STYLE)
                    top -= _TEXT_STYLE.leading
                top -= 8 * MM
            canvas.text(left, y - (_LABEL_HEIGHT - 12) * MM, label_width, self._number_suffix, _YEAR_STYLE)
            left += label_width + 8 * MM


def section(session: Session, household_id: str) -> list[Flowable]:
    """One page. The last four digits of the household number are at the foot of each label."""
    context = load_context(session, household_id)
    return [HeaderLine(TITLE, "按档案盒宽度选一条，沿虚线裁下"), Spacer(4), _SpineLabels(context)]
