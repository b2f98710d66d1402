"""What a certificate says beside what is stored, column by column."""

from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

from sqlalchemy.orm import Session

from app.certificate_intake.kind import HEAD, CertificateKind, Place
from app.certificate_intake.matching import CertificateOwner, MatchedPicture, match_pictures
from app.certificate_intake.recognition import ReadValue
from app.certificate_intake.scanning import read_pictures
from app.photo_intake.scanning import picture_files
from app.progress import Progress, Task
from app.records.field import Value, fields
from app.workbook.workbook import Workbook
from db.schema.household import Household, Member

_RELATION = Place("member", "relation")


@dataclass(frozen=True, slots=True)
class ColumnProposal:
    """One column: what is stored, and what was read (None where nothing was: a person may fill it in)."""

    place: Place
    now: Value
    read: ReadValue | None

    @property
    def is_same(self) -> bool:
        """Whether what was read is stored already."""
        return self.read is not None and self.read.value is not None and self.read.value == self.now

    @property
    def is_ticked(self) -> bool:
        """Whether it is written unless a person says otherwise: it is certain, and nothing else stands there."""
        return self.read is not None and self.read.is_certain and self.now is None


def read_folder(workbook: Workbook, folder: Path) -> Task[list[MatchedPicture]]:
    """Read the pictures below a folder, and propose whose each is.

    Raises:
        ReaderUnusable: the component that reads is not here, or does not start
        UserError: the folder cannot be read, holds no pictures, or far too many
    """
    yield Progress(0, 0, folder.name)
    paths = yield from picture_files(folder)
    return (yield from read_files(workbook, paths))


def read_files(workbook: Workbook, paths: list[Path]) -> Task[list[MatchedPicture]]:
    """As `read_folder`, for pictures that were chosen one by one."""
    pictures = yield from read_pictures(paths)
    with workbook.reading() as session:
        return match_pictures(session, pictures)


def column_proposals(
    session: Session, kind: CertificateKind, values: Mapping[Place, ReadValue], owner: CertificateOwner | None
) -> list[ColumnProposal]:
    """What was read and what is stored of the owner, in the order of the certificate; also what was not read."""
    stored = _stored(session, owner)
    places = [place for place in kind.places() if place.table != HEAD]
    if owner is not None and owner.is_new and _RELATION not in places:
        places.append(_RELATION)  # nobody is added without it
    return [ColumnProposal(place, stored.get(place), values.get(place)) for place in places]


def _stored(session: Session, owner: CertificateOwner | None) -> Mapping[Place, Value]:
    if owner is None:
        return {}
    household = session.get(Household, owner.household_id)
    member = session.get(Member, owner.member_id) if owner.member_id else None
    return {
        Place(table, one.name): getattr(row, one.name)
        for table, row in (("household", household), ("member", member))
        if row is not None
        for one in fields(table)
    }
