"""What was printed: told to the officer, and kept as a record that travels, because paper does."""

import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

from sqlalchemy import select
from sqlalchemy.orm import Session

from app.archive.drawing import Drawn
from app.archive.fingerprint import Fingerprint
from app.archive.sign import short
from app.workbook.workbook import Workbook
from db.schema.archive import ArchivePrint
from db.schema.household import Household


@dataclass(frozen=True, slots=True)
class Printed:
    """What was printed: the files, how many households and pages they hold, and for how many it is a draft."""

    files: tuple[Path, ...]
    households: int
    pages: int
    drafts: int = 0


@dataclass(frozen=True, slots=True)
class Imprint:
    """One printing of a household's volume.

    Attributes:
        at: local time, "YYYY-MM-DD hh:mm:ss.mmm"
        parts: name of a part → hash of what it said
        draft: it carried the watermark
        reason: why it was printed without one in spite of doubts
    """

    household_id: str
    at: str
    by: str
    file_no: str
    content: str
    parts: Mapping[str, str]
    pages: int
    draft: bool
    reason: str

    @property
    def short(self) -> str:
        """The code beside the square sign."""
        return short(self.content)


def remember(workbook: Workbook, drawn: Sequence[Drawn]) -> None:
    """Keep that these volumes were printed, by whoever is at the keyboard."""
    with workbook.writing() as session:
        for one in drawn:
            home = session.get(Household, one.household_id)
            if home is not None:
                session.add(
                    ArchivePrint(
                        village=home.village,
                        household_id=home.id,
                        printed_at=one.at.isoformat(" ", "milliseconds"),
                        printed_by=workbook.operator,
                        file_no=one.sign.file_no,
                        content_hash=one.sign.content,
                        parts=json.dumps(dict(one.parts.parts)),
                        pages=one.pages,
                        draft=one.draft,
                        reason=one.reason or None,
                    )
                )


def last_print(session: Session, household_id: str) -> Imprint | None:
    """The latest printing of a household's volume, on whatever laptop; None where none is known."""
    query = select(ArchivePrint).where(ArchivePrint.household_id == household_id, ~ArchivePrint.withdrawn)
    row = session.scalars(query.order_by(ArchivePrint.printed_at.desc(), ArchivePrint.id).limit(1)).first()
    return imprint(row) if row else None


def prints_of(session: Session, content: str) -> list[Imprint]:
    """Printings whose content hash begins so, the latest first."""
    query = select(ArchivePrint).where(ArchivePrint.content_hash.startswith(content), ~ArchivePrint.withdrawn)
    return [imprint(row) for row in session.scalars(query.order_by(ArchivePrint.printed_at.desc(), ArchivePrint.id))]


def changed_parts(then: Mapping[str, str], now: Fingerprint) -> tuple[str, ...]:
    """Parts that say something else now than they did, that came or that went."""
    both = {**then, **now.parts}
    return tuple(name for name in both if then.get(name) != now.parts.get(name))


def imprint(row: ArchivePrint) -> Imprint:
    """A kept printing; what another version of the program wrote is taken as far as it can be read."""
    try:
        parts = json.loads(row.parts or "{}")
    except ValueError:
        parts = {}
    return Imprint(
        household_id=row.household_id or "",
        at=row.printed_at or "",
        by=row.printed_by or "",
        file_no=row.file_no or "",
        content=row.content_hash or "0" * 32,
        parts=parts if isinstance(parts, dict) else {},
        pages=row.pages or 0,
        draft=bool(row.draft),
        reason=row.reason or "",
    )
