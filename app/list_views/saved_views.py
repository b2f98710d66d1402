"""Views that are kept under a name: shared ones as records, others in this copy of the workbook only."""

from dataclasses import dataclass

from sqlalchemy import delete, select
from sqlalchemy.orm import Session

from app.errors import UserError, ValidationError
from app.list_views.catalogue import list_keys
from app.list_views.definition import ListView
from app.list_views.stored_form import decode, encode
from app.records.draft import is_taken, new_draft, write_draft
from app.workbook.workbook import Workbook
from db.journal.changes import write_cell
from db.schema.saved_view import LocalView, SavedView

_LONGEST_NAME = 30  # characters


@dataclass(frozen=True, slots=True)
class NamedView:
    """A view that was saved; `definition` is not read before it is opened. `list`: key of its list."""

    id: str
    list: str
    name: str
    shared: bool
    definition: str

    def opened(self) -> ListView:
        """What it says.

        Raises:
            UserError: it cannot be read
        """
        return decode(self.definition)


def saved_views(session: Session, list_key: str = "") -> list[NamedView]:
    """The views of a list, or of all lists that this program has, by name."""
    views = [
        NamedView(row.id, row.list or "", row.name or "", isinstance(row, SavedView), row.definition or "")
        for row in (
            *session.scalars(select(SavedView).where(~SavedView.withdrawn)),
            *session.scalars(select(LocalView)),
        )
    ]
    wanted = (list_key,) if list_key else list_keys()
    return sorted((view for view in views if view.list in wanted), key=lambda view: (view.list, view.name, view.id))


def readable_views(session: Session) -> list[NamedView]:
    """The views of all lists that this program can open."""
    return [view for view in saved_views(session) if _is_readable(view)]


def _is_readable(view: NamedView) -> bool:
    try:
        view.opened()
    except UserError:
        return False
    return True


def save_view(workbook: Workbook, list_key: str, name: str, view: ListView, *, shared: bool) -> str:
    """Keep a view under a name, in place of those of this list that had it; returns its id.

    Raises:
        ValidationError: the name is empty or too long
    """
    name = " ".join(name.split())
    if not name:
        raise ValidationError("请填写视图的名称。")
    if len(name) > _LONGEST_NAME:
        raise ValidationError(f"视图的名称最多 {_LONGEST_NAME} 个字，现在是 {len(name)} 个字。")
    definition = encode(view)
    with workbook.operation(f"保存视图：{name}") as session:
        former = [one for one in saved_views(session, list_key) if one.name == name]
        kept = next((one for one in former if (one.shared, one.definition) == (shared, definition)), None)
        for one in former:
            if one is not kept:
                _remove(session, one)
        if kept is not None:
            return kept.id
        if shared:
            return _write_shared(session, workbook.villages[0].code, list_key, name, definition)
        local = LocalView(list=list_key, name=name, definition=definition)
        session.add(local)
        session.flush()
        return local.id


def delete_view(workbook: Workbook, view_id: str) -> None:
    """Take a view away; a shared one is withdrawn, here and with the next package at colleagues'.

    Raises:
        UserError: there is no such view
    """
    with workbook.operation("删除视图") as session:
        found = next((view for view in saved_views(session) if view.id == view_id), None)
        if found is None:
            raise UserError("这个视图已经不在了。")
        _remove(session, found)


def _write_shared(session: Session, village: str, list_key: str, name: str, definition: str) -> str:
    table, id = SavedView.__tablename__, SavedView.id_of(list_key, name, definition)
    if is_taken(session, table, id):  # saved before and withdrawn
        write_cell(session, table, id, "withdrawn", 0)
    else:
        write_draft(session, new_draft(table, village, id, list=list_key, name=name, definition=definition))
    return id


def _remove(session: Session, view: NamedView) -> None:
    if view.shared:
        write_cell(session, SavedView.__tablename__, view.id, "withdrawn", 1)
    else:
        session.execute(delete(LocalView).where(LocalView.id == view.id))
