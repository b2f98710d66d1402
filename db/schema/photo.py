"""Photographs and scans: what they show is a record; the picture itself is stored once, by its content."""

from datetime import datetime

from sqlalchemy import Index, LargeBinary, String, text
from sqlalchemy.orm import Mapped, mapped_column

from db.schema.column import column
from db.schema.record import Event, LocalTable, Record, reference


class Photo(Record):
    """One photograph of a household, a visit, an inspection or a form, or a paper that was scanned.

    `content` names the picture (SHA-256, hex). A scan has `pages`, and is bound into the archive behind `archive_part`,
    else behind the part of the row that it is attached to: `about_table` and `about_id`, which may be of any register.
    `before_id` is the photograph of the same thing before it was put right.
    """

    __tablename__ = "photo"
    __table_args__ = (
        Index("ix_photo_content", "content"),
        Index("ix_photo_about_id", "about_id", sqlite_where=text("about_id IS NOT NULL")),
    )
    LABEL = "照片"
    TITLE = ("kind", "caption")
    PARENT = "household_id"
    KEY = ("household_id", "content", "visit_id", "inspection_id", "entry_id", "check", "about_id")
    BLANK_IN_KEY = ("visit_id", "inspection_id", "entry_id", "check", "about_id")
    PRINTED = ("photographs",)
    EVENTS = (Event("拍照", ("taken_at",), ("place",)),)

    household_id: Mapped[str | None] = reference("户", "household")
    visit_id: Mapped[str | None] = reference("走访记录", "visit", required=False)
    inspection_id: Mapped[str | None] = reference("入户检查", "inspection", required=False)
    entry_id: Mapped[str | None] = reference("填写的表单", "form_entry", required=False)
    check: Mapped[str | None] = column("检查要点", derived=True)
    kind: Mapped[str | None] = column("照片类别", "choice", options="photo_kind")
    taken_at: Mapped[str | None] = column("拍摄时间", hint="2018-08-10 09:30")
    place: Mapped[str | None] = column("拍摄地点")
    people: Mapped[str | None] = column("人物")
    photographer: Mapped[str | None] = column("摄影者")
    caption: Mapped[str | None] = column("说明")
    archive_part: Mapped[str | None] = column("归入档案", "choice", options="archive_part")
    pages: Mapped[int | None] = column("页数", "integer", unit="页", derived=True)
    before_id: Mapped[str | None] = reference("整治前的照片", "photo", required=False)
    about_table: Mapped[str | None] = column("所附记录的台账", derived=True, internal=True)
    about_id: Mapped[str | None] = column("所附的记录", derived=True, internal=True)
    content: Mapped[str | None] = column("照片内容", derived=True, internal=True)


class Picture(LocalTable):
    """The bytes of a photograph (JPEG) or of a scan (a PDF that is nothing but JPEG pages).

    Not journaled: the journal carries the hash, packages carry the bytes once.
    """

    __tablename__ = "picture"

    sha256: Mapped[str] = mapped_column(String(64), primary_key=True)
    jpeg: Mapped[bytes] = mapped_column(LargeBinary)


def format_taken_at(moment: datetime) -> str:
    """How `Photo.taken_at` is written."""
    return moment.strftime("%Y-%m-%d %H:%M")
