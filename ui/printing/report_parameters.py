"""What the controls of the print page ask for, as app/reports takes it."""

from functools import partial
from typing import TYPE_CHECKING

from app.reports.parameters import ReportParameters
from ui.printing.household_list import PrintHouseholdList
from ui.printing.print_options import SELECTED_ONLY, PrintOptionsForm
from ui.printing.subject_list import SubjectList

if TYPE_CHECKING:
    from app.reports.village import Report, ReportSubject


def collect_parameters(
    report: "Report",
    subject: "ReportSubject",
    household_list: PrintHouseholdList,
    subject_list: SubjectList,
    options: PrintOptionsForm,
) -> list[ReportParameters]:
    """What a report is to be printed about: one for each chosen household, or one for all; none where none is chosen.

    A list that shows every household stands for those in force, so that closed ones are left out.

    Args:
        subject: what the report is printed about this time (`Report.asked_about`)
    """
    selected = tuple(household_list.table.selected_ids())
    make_parameters = _parameters_factory(report, subject, subject_list, options)
    if subject == "household":
        return [make_parameters(households=(household_id,)) for household_id in selected]
    if subject != "village":
        return [make_parameters()]
    if options.scope.currentText() == SELECTED_ONLY:
        return [make_parameters(households=selected)] if selected else []
    listed = () if household_list.shows_all else tuple(household_list.table.visible_ids())
    return [make_parameters(households=listed)] if household_list.shows_all or listed else []


def _parameters_factory(
    report: "Report", subject: "ReportSubject", subject_list: SubjectList, options: PrintOptionsForm
) -> "partial[ReportParameters]":
    """All but the households; what the report does not ask for stays as it usually is."""
    subject_id, asks_month = subject_list.current_id(), "month" in report.parameters
    return partial(
        ReportParameters,
        round=subject_id if subject == "round" else "",
        helper=subject_id if subject == "helper" else "",
        view=subject_id if subject == "view" else "",
        entry=subject_id if subject == "entry" else "",
        record=subject_id if subject in ("row", "comparison", "attachment") else "",
        month=subject_id if subject == "month" else options.selected_month() if asks_month else "",
        package=int(subject_id) if subject == "package" and subject_id.isdecimal() else 0,
        title=options.title.text().strip() if "title" in report.parameters else "",
        phone=options.phone.text().strip() if "phone" in report.parameters else "",
        days=options.days.value(),
        year=options.selected_year() if "year" in report.parameters else 0,
        full=options.unmasked.isChecked() and "full" in report.parameters,
        blank=options.blank.isChecked() and "blank" in report.parameters,
    )
