"""Printed archives: the result of a job, and the record of each printing, which is exchanged like other records."""

import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

from sqlalchemy import select
from sqlalchemy.orm import Session

from app.consistency.observed_values import observe
from app.consistency.three_way import archive_place
from app.reports.content_hash import ContentHash
from app.reports.render import RenderedVolume
from app.reports.verification_code import short_code
from app.workbook.roles import ENTER
from app.workbook.workbook import Workbook
from db.schema.archive import ArchivePrint
from db.schema.household import Household


@dataclass(frozen=True, slots=True)
class PrintResult:
    """What was printed: the files (none on a printer), how many documents and pages, and how many are drafts."""

    files: tuple[Path, ...]
    documents: int
    pages: int
    drafts: int = 0


@dataclass(frozen=True, slots=True)
class PrintRecord:
    """One printing of a household's archive.

    Attributes:
        printed_at: local time, "YYYY-MM-DD hh:mm:ss.mmm"
        content: the hash over all parts
        parts: name of a part → hash of its content
        draft: it carried the watermark
        reason: why it was printed without one in spite of open issues
    """

    household_id: str
    printed_at: str
    printed_by: str
    file_no: str
    content: str
    parts: Mapping[str, str]
    pages: int
    draft: bool
    reason: str

    @property
    def short_code(self) -> str:
        """The code beside the QR code on the cover."""
        return short_code(self.content)


def save(workbook: Workbook, volumes: Sequence[RenderedVolume]) -> None:
    """Record that these archives were printed by the current operator.

    Those with masked numbers, for somebody who may only read, are not what stands in the village's cabinet.
    """
    if not workbook.may(ENTER):
        return
    with workbook.operation("打印档案", "print") as session:
        for volume in volumes:
            household = session.get(Household, volume.household_id)
            if household is not None:
                session.add(
                    ArchivePrint(
                        village=household.village,
                        household_id=household.id,
                        printed_at=volume.read_at.isoformat(" ", "milliseconds"),
                        printed_by=workbook.operator,
                        file_no=volume.code.file_no,
                        content_hash=volume.code.content,
                        parts=json.dumps(dict(volume.content.parts)),
                        pages=volume.pages,
                        draft=volume.draft,
                        reason=volume.reason or None,
                    )
                )
                observe(
                    session,
                    archive_place(),
                    {household.id: volume.printed},
                    volume.read_at.isoformat(" ", "milliseconds"),
                    by=workbook.operator,
                )


def latest_print(session: Session, household_id: str) -> PrintRecord | None:
    """The latest printing of a household's archive, on any computer; None if none is known."""
    query = select(ArchivePrint).where(ArchivePrint.household_id == household_id, ~ArchivePrint.withdrawn)
    row = session.scalars(query.order_by(ArchivePrint.printed_at.desc(), ArchivePrint.id).limit(1)).first()
    return from_row(row) if row else None


def find_prints(session: Session, content: str) -> list[PrintRecord]:
    """Printings whose content hash starts with `content`, the latest first."""
    query = select(ArchivePrint).where(ArchivePrint.content_hash.startswith(content), ~ArchivePrint.withdrawn)
    return [from_row(row) for row in session.scalars(query.order_by(ArchivePrint.printed_at.desc(), ArchivePrint.id))]


def changed_parts(printed: Mapping[str, str], current: ContentHash) -> tuple[str, ...]:
    """Parts whose content changed, that were added or that were removed."""
    combined = {**printed, **current.parts}
    return tuple(name for name in combined if printed.get(name) != current.parts.get(name))


def from_row(row: ArchivePrint) -> PrintRecord:
    """A stored printing; fields written by another version of the program are read as far as possible."""
    try:
        parts = json.loads(row.parts or "{}")
    except ValueError:
        parts = {}
    return PrintRecord(
        household_id=row.household_id or "",
        printed_at=row.printed_at or "",
        printed_by=row.printed_by or "",
        file_no=row.file_no or "",
        content=row.content_hash or "0" * 32,
        parts=parts if isinstance(parts, dict) else {},
        pages=row.pages or 0,
        draft=bool(row.draft),
        reason=row.reason or "",
    )
