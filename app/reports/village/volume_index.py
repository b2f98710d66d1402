"""案卷目录: the volumes of the village with their pages, for the front of the box and for handover."""

from collections.abc import Sequence

from sqlalchemy import select
from sqlalchemy.orm import Session

from app.pdf.flowables import Flowable, Title
from app.pdf.page_style import A4_LANDSCAPE
from app.records.field import field_label
from app.reports import formatting
from app.reports.household_selection import group_or_hamlet, select_households
from app.reports.ledger import LedgerColumn, ledger_table, signature_row
from app.reports.parameters import ReportParameters
from db.schema.archive import ArchivePrint

TITLE = "案卷目录"
GROUP = "其他"
ORDER = 40
SUBJECT = "village"
FORMAT = A4_LANDSCAPE


def build(session: Session, parameters: ReportParameters) -> Sequence[Flowable]:
    """A row for each household; file number, pages and date are those of its last printing."""
    selection = select_households(session, parameters)
    latest_prints: dict[str, ArchivePrint] = {}
    for print_row in session.scalars(
        select(ArchivePrint).where(~ArchivePrint.withdrawn).order_by(ArchivePrint.printed_at, ArchivePrint.id)
    ):
        latest_prints[print_row.household_id or ""] = print_row
    table_rows = []
    for household in selection.households:
        latest = latest_prints.get(household.id)
        table_rows.append(
            [
                household.household_no.removeprefix(household.village) or household.household_no,
                (latest.file_no if latest else "") or "",
                f"{household.head or '（户主未填）'}户档案",
                group_or_hamlet(household),
                str(latest.pages) if latest and latest.pages else "",
                (latest.printed_at or "")[:10] if latest else "",
                "永久",
                " ",
            ]
        )
    columns = [
        LedgerColumn("案卷号", 22),
        LedgerColumn(field_label("archive_print", "file_no"), 56),
        LedgerColumn("案卷题名", 56, "left"),
        LedgerColumn("村民组", 28),
        LedgerColumn(field_label("archive_print", "pages"), 16, "right"),
        LedgerColumn(field_label("archive_print", "printed_at"), 28),
        LedgerColumn("保管期限", 22),
        LedgerColumn("备注", 24, "left"),
    ]
    return [
        Title(TITLE, f"一户一档　{parameters.today.year}年"),
        selection.header_line(f"共 {len(table_rows)} 卷，制表日期 {formatting.day(parameters.today)}"),
        ledger_table(columns, table_rows),
        signature_row("移交人", "接收人"),
    ]
