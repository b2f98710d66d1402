"""What reports are about that is no household, to choose from: rounds, helpers, exchanges, forms, views …"""

from dataclasses import dataclass

from sqlalchemy import select
from sqlalchemy.orm import Session

from app.checklists.rounds import list_rounds
from app.comparison.summary import list_summaries
from app.forms.entries import village_entries
from app.list_views.saved_views import readable_views
from app.list_views.stored_form import encode_for_printing
from app.records.attachment import title_of
from app.records.attachment_owner import is_with_its_owner
from app.records.row_views import helper_rows
from app.registers import get_register
from app.registers.engine.row_address import addressed_row
from app.registers.engine.rows import RegisterRow, load_rows, row_ids
from app.registers.engine.titles import SubjectTitle, household_titles
from app.reports import formatting
from app.reports.all_lists import viewed_list
from app.reports.village import ReportSubject
from app.work_team.month_sheet import attended_months
from db.schema.exchange import PackageLog, Peer
from db.schema.photo import Photo

_MAX_PACKAGES = 200
_MAX_ROWS = 1000  # of a register, as it is sorted


@dataclass(frozen=True, slots=True)
class SubjectChoice:
    """One choice: `id` for `ReportParameters`, its label, and what distinguishes it from others."""

    id: str
    name: str
    detail: str


def subject_choices(session: Session, subject: ReportSubject, register: str = "") -> tuple[SubjectChoice, ...]:
    """All subjects of a kind, the likeliest first; none for reports about households. `register`: of a row."""
    if subject == "row":
        return _row_choices(session, register)
    if subject == "round":
        return tuple(
            SubjectChoice(item.id, item.title, f"{formatting.day(item.started_on)}，已评 {item.inspected} 户")
            for item in list_rounds(session)
        )
    if subject == "helper":
        return tuple(
            SubjectChoice(item.id, item.name, "，".join(text for text in (item.unit, f"{item.households} 户") if text))
            for item in helper_rows(session)
        )
    if subject == "entry":
        return tuple(
            SubjectChoice(
                item.id,
                f"{item.year}年{item.title}" if item.year else item.title,
                "，".join(text for text in (formatting.day(item.filled_on), item.filled_by) if text),
            )
            for item in village_entries(session)
        )
    if subject == "view":
        return tuple(
            SubjectChoice(encode_for_printing(named.list, named.name, named.opened()), named.name, source.title)
            for named in readable_views(session)
            if (source := viewed_list(named.list))
        )
    if subject == "comparison":
        return _comparison_choices(session)
    if subject == "attachment":
        return _attachment_choices(session)
    if subject == "month":
        return tuple(
            SubjectChoice(f"{first:%Y-%m}", f"{first.year}年{first.month}月", f"在村 {days:g} 天次")
            for first, days in attended_months(session)
        )
    return _package_choices(session) if subject == "package" else ()


def addressed_choice(session: Session, address: str) -> tuple[SubjectChoice, ...]:
    """The one row of any register that a page names (app/registers/engine/row_address.py); none where it is gone."""
    if not address:
        return ()
    register, record_id = addressed_row(address)
    rows = load_rows(session, register, [record_id])
    return tuple(SubjectChoice(address, _row_name(row), row.progress.label or register.title) for row in rows)


def _row_name(row: RegisterRow) -> str:
    return f"{row.subject}　{row.title}".strip("　")


def _row_choices(session: Session, key: str) -> tuple[SubjectChoice, ...]:
    if not key:
        return ()  # any register: a page names the row
    register = get_register(key)
    rows = load_rows(session, register, row_ids(session, register)[:_MAX_ROWS])
    return tuple(SubjectChoice(row.id, _row_name(row), row.progress.label) for row in rows)


def _comparison_choices(session: Session) -> tuple[SubjectChoice, ...]:
    """The kinds of lists that were compared, each with its newest list."""
    newest: dict[str, SubjectChoice] = {}
    for one in list_summaries(session):
        more = f"{formatting.day(one.list_date)}，待处理 {one.open} 条"
        newest.setdefault(one.subject, SubjectChoice(one.subject, one.title, more))
    return tuple(newest.values())


def _attachment_choices(session: Session) -> tuple[SubjectChoice, ...]:
    """All scans, those that were added to the same household together."""
    query = select(Photo).where(Photo.pages.is_not(None), ~Photo.withdrawn, is_with_its_owner(session))
    photos = list(session.scalars(query.order_by(Photo.household_id, Photo.caption, Photo.id).limit(_MAX_ROWS)))
    titles = household_titles(session, {photo.household_id for photo in photos if photo.household_id})
    return tuple(
        SubjectChoice(
            photo.id, title_of(photo), f"{titles.get(photo.household_id or '', SubjectTitle())} {photo.pages} 页"
        )
        for photo in photos
    )


def _package_choices(session: Session) -> tuple[SubjectChoice, ...]:
    names = {peer.sign_key: peer.name for peer in session.scalars(select(Peer))}
    rows = session.scalars(select(PackageLog).order_by(PackageLog.n.desc()).limit(_MAX_PACKAGES))
    directions = {"out": "交给", "in": "收自"}
    return tuple(
        SubjectChoice(
            str(package.n),
            package.file_name,
            f"{package.at[:16]}，{directions.get(package.way, '')}{names.get(package.peer, '对方')}",
        )
        for package in rows
    )
