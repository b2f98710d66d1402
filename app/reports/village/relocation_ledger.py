"""易地扶贫搬迁户一览表: who moved where and when, into how large a house, and what they live on."""

from collections.abc import Mapping, Sequence

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from app.forms.definition import Form, load_form
from app.forms.entries import form_rows
from app.pdf.flowables import Flowable, Title
from app.pdf.page_style import A4_LANDSCAPE
from app.records.field import Value
from app.records.measure_roles import has_role
from app.reports import formatting
from app.reports.filled_form import readable_entry
from app.reports.household_selection import group_or_hamlet, select_households
from app.reports.ledger import LedgerColumn, field_align, ledger_table, signature_row
from app.reports.parameters import ReportParameters
from db.schema.aid import Measure
from db.schema.household import Member

TITLE = "易地扶贫搬迁户一览表"
GROUP = "台账"
ORDER = 81
SUBJECT = "village"
FORMAT = A4_LANDSCAPE
PARAMETERS = ("blank",)
_FORM = "relocation"
_BLANK_ROWS = 12
_WIDTHS = {
    "way": 24.0, "address": 50.0, "agreed_on": 24.0, "moved_on": 24.0, "area": 18.0, "paid": 24.0,
    "old_down": 16.0, "follow_up": 44.0,
}  # fmt: skip


def build(session: Session, parameters: ReportParameters) -> Sequence[Flowable]:
    """A row for each household with relocated people, a measure that moved it, or the form of it."""
    selection, form = select_households(session, parameters), load_form(_FORM)
    widths = {name: width for name, width in _WIDTHS.items() if any(one.key == name for one in form.questions)}
    answers = _answers(session)
    relocated, moved = _relocated_people(session), _moved_households(session)
    known = answers.keys() | relocated.keys() | moved
    columns = [LedgerColumn("村民组", 22), LedgerColumn("户主", 18), LedgerColumn("搬迁人口", 16, "right")]
    columns += [
        LedgerColumn(form.field(name).label, width, field_align(form.field(name))) for name, width in widths.items()
    ]
    rows = [
        [
            group_or_hamlet(household),
            household.head,
            str(relocated.get(household.id) or " "),
            *(_text(form, name, answers.get(household.id, {})) for name in widths),
        ]
        for household in selection.households
        if household.id in known and not parameters.blank
    ]
    return [
        Title(f"{selection.village}{TITLE}", "" if parameters.blank else f"截至 {formatting.day(parameters.today)}"),
        selection.header_line(" " if parameters.blank else f"共 {len(rows)} 户"),
        ledger_table(columns, rows, blank_rows=_BLANK_ROWS if parameters.blank else 0),
        signature_row("填表人", "村负责人", "乡镇审核人"),
    ]


def _answers(session: Session) -> dict[str, Mapping[str, Value]]:
    """Household → what its latest form says."""
    latest: dict[str, Mapping[str, Value]] = {}
    for row in form_rows(session, _FORM):
        if row.household_id not in latest and (filled := readable_entry(session, row)):
            latest[row.household_id] = filled.values
    return latest


def _relocated_people(session: Session) -> dict[str, int]:
    """Household → how many of its people are marked as relocated."""
    counted = (
        select(Member.household_id, func.count())
        .where(Member.relocated_person.is_(True), ~Member.withdrawn, Member.left.is_(None))
        .group_by(Member.household_id)
    )
    return {household or "": count for household, count in session.execute(counted)}


def _moved_households(session: Session) -> set[str]:
    measures = select(Measure.household_id, Measure.kind, Measure.title).where(~Measure.withdrawn)
    return {household or "" for household, kind, title in session.execute(measures) if has_role(kind, title, _FORM)}


def _text(form: Form, name: str, answers: Mapping[str, Value]) -> str:
    """An answer as it is printed; a place to write where there is none."""
    value = answers.get(name)
    return formatting.format_field(form.field(name), value) if value is not None else " "
