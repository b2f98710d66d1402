"""数据比对核实表: who differs from an office's list, with room for what was found out and for signatures."""

from collections.abc import Sequence

from sqlalchemy.orm import Session

from app.comparison.decision import StoredLine, stored_lines
from app.comparison.subject import all_subjects
from app.errors import UserError
from app.pdf.flowables import Flowable, Paragraph, Title
from app.pdf.page_style import A4_LANDSCAPE, SMALL
from app.records.field import Field, field
from app.reports import formatting
from app.reports.household_selection import select_households
from app.reports.ledger import LedgerColumn, ledger_table, signature_row
from app.reports.parameters import ReportParameters
from app.workbook.masking import mask_numbers

TITLE = "数据比对核实表"
GROUP = "单据"
ORDER = 5
SUBJECT = "comparison"
FORMAT = A4_LANDSCAPE
PARAMETERS = ("full",)
_COLUMNS = (
    LedgerColumn("户", 34), LedgerColumn("姓名", 20), LedgerColumn("证件号码", 38), LedgerColumn("比对结果", 20),
    LedgerColumn("本工作簿 → 名单", 70, "left"), LedgerColumn("核实情况", 48, "left"),
    LedgerColumn("户主或本人签字", 28),
)  # fmt: skip
_NO_KIND = "请在左边选一种名单。还没有的，先到“数据比对”里比对一份。"


def build(session: Session, parameters: ReportParameters) -> Sequence[Flowable]:
    """The lines of one kind of list, by household; what was decided stands in its place already.

    Raises:
        UserError: no kind of list is chosen
    """
    if not parameters.record:
        raise UserError(_NO_KIND)
    selection = select_households(session, parameters)
    subject = next((one for one in all_subjects() if one.key == parameters.record), None)
    lines = stored_lines(session, parameters.record)
    title = lines[0].list_title if lines else subject.title if subject is not None else ""
    meaning = [Paragraph(subject.meaning, SMALL)] if subject is not None else []
    return [
        Title(f"{selection.village}{TITLE}", title),
        selection.header_line(f"共 {len(lines)} 人"),
        *meaning,
        ledger_table(_COLUMNS, [_cells(line, full=parameters.full) for line in lines], min_height=12),
        signature_row("核实人", "村负责人"),
    ]


def _cells(line: StoredLine, *, full: bool) -> list[str]:
    decision = field("comparison_line", "decision").text(line.decision)
    decided = f"{decision}：{line.reason}" if line.reason else decision
    when = f"（{line.decided_by}，{formatting.day(line.decided_on)}）" if line.is_decided else ""
    difference = line.difference if full else mask_numbers(line.difference)
    return [
        line.about or "不在本工作簿",
        line.name,
        _number_field().text(line.id_no or None, hide=not full),
        line.result,
        difference,
        f"{decided}{when}" if line.is_decided else " ",
        " ",
    ]


def _number_field() -> Field:
    return field("comparison_line", "id_no")
