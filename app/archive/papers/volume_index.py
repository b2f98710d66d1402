"""案卷目录: the volumes of the village with their pages, for the front of the box and for handing over."""

from collections.abc import Sequence

from sqlalchemy import select
from sqlalchemy.orm import Session

from app.archive import wording
from app.archive.about import About
from app.archive.blocks import Block, Title
from app.archive.ledger import Column, ledger, signed
from app.archive.listed import group_of, listed
from app.archive.paper import A4_ACROSS
from app.records.field import label_of
from db.schema.archive import ArchivePrint

TITLE = "案卷目录"
GROUP = "其他"
ORDER = 40
ABOUT = "village"
FORMAT = A4_ACROSS


def paper(session: Session, about: About) -> Sequence[Block]:
    """A volume a household; file number, pages and day are those of its last printing."""
    found = listed(session, about)
    printed: dict[str, ArchivePrint] = {}
    for one in session.scalars(
        select(ArchivePrint).where(~ArchivePrint.withdrawn).order_by(ArchivePrint.printed_at, ArchivePrint.id)
    ):
        printed[one.household_id or ""] = one
    rows = []
    for home in found.homes:
        last = printed.get(home.id)
        rows.append(
            [
                home.household_no.removeprefix(home.village) or home.household_no,
                (last.file_no if last else "") or "",
                f"{home.head or '（户主未填）'}户档案",
                group_of(home),
                str(last.pages) if last and last.pages else "",
                (last.printed_at or "")[:10] if last else "",
                "永久",
                " ",
            ]
        )
    columns = [
        Column("案卷号", 22),
        Column(label_of("archive_print", "file_no"), 56),
        Column("案卷题名", 56, "left"),
        Column("村民组", 28),
        Column(label_of("archive_print", "pages"), 16, "right"),
        Column(label_of("archive_print", "printed_at"), 28),
        Column("保管期限", 22),
        Column("备注", 24),
    ]
    return [
        Title(TITLE, f"一户一档　{about.today.year}年"),
        found.heading(f"共 {len(rows)} 卷，制表日期 {wording.day(about.today)}"),
        ledger(columns, rows),
        signed("移交人", "接收人"),
    ]
