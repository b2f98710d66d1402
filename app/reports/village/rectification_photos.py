"""问题整改前后对照表: problems with their photographs, before and after beside each other."""

from collections.abc import Iterator, Sequence

from sqlalchemy.orm import Session

from app.pdf.flowables import Flowable, Heading, KeepTogether, Paragraph, Spacer, Title
from app.pdf.page_style import BODY
from app.registers.engine.rows import RegisterRow, RowQuery, load_rows, row_ids
from app.registers.rectification import PHOTOS, REGISTER
from app.reports import formatting
from app.reports.household_selection import select_households
from app.reports.ledger import signature_row
from app.reports.parameters import ReportParameters
from app.reports.photo_pair_table import photo_pair_table

TITLE = "问题整改前后对照表"
GROUP = "走访与整改"
ORDER = 91
SUBJECT = "village"
PARAMETERS = ("year",)


def build(session: Session, parameters: ReportParameters) -> Sequence[Flowable]:
    """Those that have a photograph, by the day on which they were found; of a year, or of all."""
    selection = select_households(session, parameters)
    ids = row_ids(session, REGISTER, RowQuery(year=parameters.year, sort="found_on"))
    rows = load_rows(session, REGISTER, ids, parameters.today, hide=not parameters.full)
    shown = [row for row in rows if any(row.values[name] for name in PHOTOS)]
    as_of = f"{parameters.year}年" if parameters.year else f"截至 {formatting.day(parameters.today)}"
    told = f"{len(rows)} 个问题，{len(shown)} 个有照片"
    flowables: list[Flowable] = [Title(f"{selection.village}{TITLE}", as_of), selection.header_line(told)]
    for row in shown:
        flowables.append(KeepTogether([*_problem(session, row), Spacer(3)]))
    return [*flowables, signature_row("填表人", "审核人")]


def _problem(session: Session, row: RegisterRow) -> Iterator[Flowable]:
    texts = row.texts
    yield Heading("　".join(text for text in (texts["number"], str(row.subject), row.progress.label) if text))
    yield Paragraph(f"问题：{texts['problem']}", BODY)
    if texts["outcome"]:
        yield Paragraph(f"整改：{texts['outcome']}", BODY)
    yield photo_pair_table(session, [(REGISTER.field(name).label, str(row.values[name] or "")) for name in PHOTOS])
