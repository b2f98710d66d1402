"""附件: one attachment by itself, page by page as it was scanned."""

from collections.abc import Sequence

from sqlalchemy.orm import Session

from app.errors import UserError
from app.pdf.flowables import Flowable
from app.reports.attachment_pages import attached_pages
from app.reports.parameters import ReportParameters
from db.schema.photo import Photo

TITLE = "附件"
GROUP = "其他"
ORDER = 90
SUBJECT = "attachment"
FRAME = "bare"


def build(session: Session, parameters: ReportParameters) -> Sequence[Flowable]:
    """Its pages.

    Raises:
        UserError: it is gone
    """
    photo = session.get(Photo, parameters.record)
    if photo is None or photo.withdrawn:
        raise UserError("请选一份附件。已撤回的先到“已撤回”里恢复。")
    return attached_pages(session, photo)
