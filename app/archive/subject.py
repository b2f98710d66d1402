"""Whose archive it is: the household, its people and its village, read once for all sections."""

import json
from dataclasses import dataclass
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session

from app.archive.blocks import Between
from app.archive.pdf import Jpeg, jpeg
from app.errors import OfficeError
from app.records.lists import HEAD
from app.records.photo import photo
from db.schema.household import Household, Member
from db.schema.photo import Photo
from db.schema.setting import Setting
from db.schema.village import Village

_KEPT = "archive_subject"


@dataclass(frozen=True, slots=True)
class Subject:
    """One household as its archive's sections see it. `members` are those who have not left, the head first."""

    household: Household
    village: Village | None
    members: tuple[Member, ...]
    left: tuple[Member, ...]
    photos: tuple[Photo, ...]
    unit: str
    helper_word: str

    @property
    def head(self) -> Member | None:
        return next((one for one in self.members if one.relation == HEAD), None)

    @property
    def head_name(self) -> str:
        return (self.head.name if self.head else None) or "（户主未填）"

    @property
    def number(self) -> str:
        return self.household.household_no or ""

    @property
    def fonds(self) -> str:
        """全宗号, as the archive of the village's township or county gives it."""
        return (self.village.archive_class if self.village else None) or "—"

    @property
    def volume_no(self) -> str:
        """案卷号: what the household's number adds to its village's."""
        return self.number.removeprefix(self.household.village) or self.number or "—"

    @property
    def file_no(self) -> str:
        """档号: 全宗号-分类号-案卷号, the class being JF, 02 for households and the village code."""
        return f"{self.fonds}-JF02{self.household.village}-{self.volume_no}"

    @property
    def place(self) -> str:
        """Township, village and group in one."""
        village = self.village
        parts = [village.township, village.name] if village else []
        group = self.household.group_name or self.household.hamlet
        return "".join(part for part in (*parts, group) if part) or "—"

    @property
    def whole_place(self) -> str:
        """From the province down to the group."""
        village = self.village
        upper = [village.province, village.city, village.county] if village else []
        return "".join(part for part in upper if part) + self.place

    def heading(self, right: str = "") -> Between:
        """The line over each form: whose it is."""
        return Between(f"户主：{self.head_name}　　户编号：{self.number or '—'}", right or f"村组：{self.place}")


def subject(session: Session, household_id: str) -> Subject:
    """The household of an archive; the same object for all sections of one reading.

    Raises:
        OfficeError: there is no such household
    """
    kept: dict[str, Subject] = session.info.setdefault(_KEPT, {})
    if household_id not in kept:
        kept.clear()
        kept[household_id] = _read(session, household_id)
    return kept[household_id]


def _read(session: Session, household_id: str) -> Subject:
    household = session.get(Household, household_id)
    if household is None or household.withdrawn or household.merged_into:
        raise OfficeError("要打印的户已不在名单里，请刷新后再选。")
    people = rows(session, Member, household_id)
    people.sort(key=lambda one: (one.relation != HEAD, one.birth is None, one.birth, one.person_no or "", one.id))
    village = session.scalar(select(Village).where(Village.code == household.village, ~Village.withdrawn))
    photos = rows(session, Photo, household_id)
    photos.sort(key=lambda one: (one.taken_at or "", one.id))
    unit = setting(session, "archive_unit") or (
        f"{village.name}村民委员会" if village and village.name else "村民委员会"
    )
    return Subject(
        household=household,
        village=village,
        members=tuple(one for one in people if one.left is None),
        left=tuple(one for one in people if one.left is not None),
        photos=tuple(photos),
        unit=unit,
        helper_word=setting(session, "helper_word") or "帮扶联系人",
    )


def rows(session: Session, table: Any, household_id: str) -> list[Any]:
    """The records of one table that belong to a household and are not withdrawn, in no order."""
    return list(session.scalars(select(table).where(table.household_id == household_id, ~table.withdrawn)))


def picture(session: Session, about: Photo | None) -> Jpeg | None:
    """A photograph's picture; None where it has not arrived or cannot be shown."""
    data = photo(session, about.id) if about else b""
    return jpeg(data) if data else None


def first_photo(found: Subject, kind: str) -> Photo | None:
    """The latest photograph of a kind."""
    return next((one for one in reversed(found.photos) if one.kind == kind), None)


def setting(session: Session, key: str) -> str:
    """A preference that is a text, "" where it was never chosen."""
    kept = session.scalar(select(Setting.value).where(Setting.key == key))
    return str(json.loads(kept)) if kept else ""
