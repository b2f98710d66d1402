"""Photographs of one thing before and after it was put right: marked as a pair, printed side by side."""

from collections.abc import Sequence

from sqlalchemy.orm import Session

from app.errors import UserError
from app.records.draft import open_draft, write_draft
from app.records.field import Value
from app.workbook.workbook import Workbook
from db.schema.photo import Photo
from resources.option_roles import value_of

_TWO = "请选两张照片：整治前的一张，整治后的一张（按住 Ctrl 点，或按住 Shift 移动）。"


def toggle_pair(workbook: Workbook, photo_ids: Sequence[str]) -> str:
    """Make two photographs a pair, or part them again; returns a message.

    The one of the kind 整治后 is the later one; where the kinds do not tell, the times do. A photograph without a kind
    gets that of its side.

    Raises:
        UserError: these are not two photographs of one household, or it cannot be told which was first
    """
    with workbook.operation("配成整治前后") as session:
        before, after = _ordered([session.get_one(Photo, id) for id in photo_ids])
        if after.before_id == before.id:
            write_draft(session, open_draft(session, "photo", after.id).with_values(before_id=None))
            return "已拆开，不再是一对"
        pair(session, before.id, after.id)
        _name(session, before, "before")
        _name(session, after, "after")
    return "已配成整治前后，打印时排在一起"


def pair(session: Session, before_id: str, after_id: str) -> None:
    """Let one photograph be that of before for the other, in an operation that is under way.

    Two that were a pair the other way round change sides: each as that of before for the other would print both twice.
    """
    before, after = (open_draft(session, "photo", id) for id in (before_id, after_id))
    if before.values["before_id"] == after_id:
        write_draft(session, before.with_values(before_id=None, kind=value_of("photo_kind", "before")))
        after = after.with_values(kind=value_of("photo_kind", "after"))
    write_draft(session, after.with_values(before_id=before_id))


def _ordered(photos: Sequence[Photo]) -> tuple[Photo, Photo]:
    if len(photos) != 2 or photos[0].household_id != photos[1].household_id or any(one.pages for one in photos):
        raise UserError(_TWO)
    kinds = {value_of("photo_kind", "before"): 0, value_of("photo_kind", "after"): 2}
    keys = [(kinds.get(one.kind or "", 1), one.taken_at or "") for one in photos]
    if keys[0] == keys[1] or (keys[0][0] == keys[1][0] and not (keys[0][1] and keys[1][1])):
        raise UserError("看不出哪一张在前：请先给照片选类别“整治前”“整治后”，或填上拍摄时间。")
    first, second = sorted(photos, key=lambda one: keys[photos.index(one)])
    return first, second


def _name(session: Session, photo: Photo, role: str) -> None:
    if not photo.kind:
        kind: Value = value_of("photo_kind", role)
        write_draft(session, open_draft(session, "photo", photo.id).with_values(kind=kind))
