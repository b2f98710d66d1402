"""公示: a list of households for the notice board, in the layout of GB/T 9704.

It gives head, group, size and kind, and nothing else about anybody (docs/domain/privacy-and-characters.md 6.1).
"""

from collections.abc import Sequence
from datetime import timedelta

from sqlalchemy.orm import Session

from app.pdf.canvas import PageCanvas
from app.pdf.flowables import Flowable, Fragment, Paragraph, Spacer
from app.pdf.page_style import MM, OFFICIAL, TextStyle
from app.pdf.text_layout import break_lines
from app.records.field import field_label
from app.reports import formatting
from app.reports.household_selection import group_or_hamlet, public_head_names, select_households
from app.reports.ledger import LedgerColumn, ledger_table
from app.reports.parameters import ReportParameters

TITLE = "公示"
GROUP = "公示"
ORDER = 10
SUBJECT = "village"
FORMAT = OFFICIAL
FRAME = "official"
PUBLIC = True
PARAMETERS = ("title", "phone", "days")
_TITLE_STYLE = TextStyle("song_bold", 22, 35, "center")
_BODY_STYLE = TextStyle("fangsong", 15.75, 29, "full", 2)  # 22 lines of 28 characters a page
_CELL_STYLE = TextStyle("fangsong", 14, 20)
_HEADER_STYLE = TextStyle("hei", 14, 20, "center")
_SEAL_SIZE = 42 * MM


class _SealedSignature:
    """Unit and date, four characters from the right, with room for the seal over the date."""

    keep_with_previous = True

    def __init__(self, unit: str, day: str) -> None:
        self.unit, self.day = unit, day

    def split(self, width: float, max_height: float) -> list[Fragment]:
        return [Fragment(_SEAL_SIZE + 4 * MM, lambda canvas, x, y: self._draw(canvas, x, y, width))]

    def _draw(self, canvas: PageCanvas, x: float, y: float, width: float) -> None:
        style = TextStyle(_BODY_STYLE.font, _BODY_STYLE.size, _BODY_STYLE.leading)
        unit, day = break_lines(self.unit, style, width), break_lines(self.day, style, width)
        middle = x + width - 4 * style.size - max(unit.width, day.width) / 2
        top = y - (_SEAL_SIZE - 2 * style.leading) / 2
        for n, block in enumerate((unit, day)):
            canvas.text_block(middle - block.width / 2, top - n * style.leading, block.width + 1, block)


def build(session: Session, parameters: ReportParameters) -> Sequence[Flowable]:
    """The notice; it is posted from the day of printing for the chosen number of days."""
    selection = select_households(session, parameters)
    head_names = public_head_names(session, parameters.today)
    title = parameters.title or f"关于{selection.village}农户名单的公示"
    last_day = parameters.today + timedelta(days=max(parameters.days, 1) - 1)
    subject = title.removeprefix("关于").removesuffix("的公示").removesuffix("公示") or "名单"
    paragraphs = (
        f"根据有关规定，现将{subject}予以公示，共 {len(selection.households)} 户，接受群众监督。"
        f"公示期 {max(parameters.days, 1)} 天，自{formatting.day(parameters.today)}起至{formatting.day(last_day)}止。",
        "公示期内，对名单有不同意见的，请向村民委员会或驻村工作队反映，也可以拨打监督电话。"
        "反映情况请实事求是，留下姓名和联系办法，我们为反映人保密。",
        f"监督电话：{parameters.phone or selection.terms.word('hotline')}",
    )
    columns = [
        LedgerColumn("户主姓名", 34),
        LedgerColumn("村民组", 44),
        LedgerColumn("人数", 20, "right"),
        LedgerColumn(field_label("household", "household_kind"), 44),
    ]
    table_rows = [
        [head_names.get(item.id, ""), group_or_hamlet(item), str(item.size), item.kinds]
        for item in selection.households
    ]
    return [
        Paragraph(title, _TITLE_STYLE),
        Spacer(8, keep_at_page_top=True),
        *(Paragraph(item, _BODY_STYLE) for item in paragraphs),
        Spacer(3),
        ledger_table(columns, table_rows, body_style=_CELL_STYLE, header_style=_HEADER_STYLE, min_height=9),
        Spacer(4),
        _SealedSignature(selection.unit, formatting.day(parameters.today)),
    ]
