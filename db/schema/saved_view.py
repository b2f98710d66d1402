"""Views of lists that were saved under a name: shared ones are records, others belong to this copy of the workbook."""

from sqlalchemy import String
from sqlalchemy.orm import Mapped, mapped_column

from db.schema.column import column
from db.schema.record import LocalTable, NotPrinted, Record, new_id


class SavedView(Record):
    """A view that colleagues get with the next package; `definition` as app/list_views/stored_form.py writes it.

    It is never edited: another definition is another view, so that two laptops cannot disagree about one.
    """

    __tablename__ = "saved_view"
    LABEL = "视图"
    TITLE = ("name",)
    PARENT = ""
    KEY = ("list", "name", "definition")
    REVIEWED = ()
    PRINTED = NotPrinted.ARRANGEMENT
    EVENTS = ()

    list: Mapped[str | None] = column("列表", required=True, derived=True, internal=True)
    name: Mapped[str | None] = column("名称", required=True)
    definition: Mapped[str | None] = column("视图内容", "long", required=True, derived=True, internal=True)


class LocalView(LocalTable):
    """A view that stays here: no journal, no package. Columns as in `SavedView`."""

    __tablename__ = "local_view"

    id: Mapped[str] = mapped_column(String(32), primary_key=True, default=new_id)
    list: Mapped[str] = mapped_column(String)
    name: Mapped[str] = mapped_column(String)
    definition: Mapped[str] = mapped_column(String)
