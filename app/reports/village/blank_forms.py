"""空白表: every form of resources/forms as a sheet to fill in by hand, for each household with a code of its own."""

from collections.abc import Iterator, Sequence
from functools import partial

from sqlalchemy.orm import Session

from app.forms.definition import all_forms, load_form
from app.forms.entries import FormEntryDraft
from app.pdf.flowables import Flowable, Title
from app.pdf.page_style import A4
from app.reports.blank_sheet import SheetTitle, emptied
from app.reports.filled_form import entry_flowables
from app.reports.household_context import load_context
from app.reports.household_selection import select_households
from app.reports.parameters import ReportParameters
from app.reports.village import Report

_GROUP, _FIRST_PLACE = "空白表", 10


def reports() -> Iterator[Report]:
    """A report for each form, in the order of their codes."""
    for n, form in enumerate(all_forms()):
        yield Report(
            name=f"blank_{form.code}",
            title=f"{form.title}（空白）",
            group=_GROUP,
            order=_FIRST_PLACE + n,
            subject="village" if form.subject == "village" else "household",
            format=A4,
            frame="plain",
            public=False,
            parameters=frozenset(),
            build=partial(_sheet, form.code),
        )


def _sheet(code: str, session: Session, parameters: ReportParameters) -> Sequence[Flowable]:
    """The form without answers. A household's name and number are printed, all else is left to write."""
    form = load_form(code)
    household_id = "" if form.subject == "village" else parameters.households[0]
    village = next((one.code or "" for one in select_households(session, parameters).villages), "")
    entry = FormEntryDraft("", form, village, household_id, "", None, {})
    context = load_context(session, household_id) if household_id else None
    title, *rest = entry_flowables(session, entry, context)
    assert isinstance(title, Title)
    return [SheetTitle(title.text, form.code, household_id, title.subtitle), *emptied(rest)]
