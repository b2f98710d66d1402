"""What the controls of the print page ask for, as app/reports takes it."""

from functools import partial
from typing import TYPE_CHECKING

from app.reports.parameters import ReportParameters
from ui.printing.household_list import PrintHouseholdList
from ui.printing.print_options import SELECTED_ONLY, PrintOptionsForm
from ui.printing.subject_list import SubjectList

if TYPE_CHECKING:
    from app.reports.village import Report


def collect_parameters(
    report: "Report", household_list: PrintHouseholdList, subject_list: SubjectList, options: PrintOptionsForm
) -> list[ReportParameters]:
    """What a report is to be printed about: one for each chosen household, or one for all; none where none is chosen.

    A list that shows every household stands for those in force, so that closed ones are left out.
    """
    selected = tuple(household_list.table.selected_ids())
    if report.subject == "household":
        return [
            _parameters_factory(report, subject_list, options)(households=(household_id,)) for household_id in selected
        ]
    if report.subject != "village":
        return [_parameters_factory(report, subject_list, options)()]
    if options.scope.currentText() == SELECTED_ONLY:
        return [_parameters_factory(report, subject_list, options)(households=selected)] if selected else []
    listed = () if household_list.shows_all else tuple(household_list.table.visible_ids())
    return (
        [_parameters_factory(report, subject_list, options)(households=listed)]
        if household_list.shows_all or listed
        else []
    )


def _parameters_factory(
    report: "Report", subject_list: SubjectList, options: PrintOptionsForm
) -> "partial[ReportParameters]":
    """All but the households; what the report does not ask for stays as it usually is."""
    subject_id = subject_list.current_id()
    return partial(
        ReportParameters,
        round=subject_id if report.subject == "round" else "",
        helper=subject_id if report.subject == "helper" else "",
        view=subject_id if report.subject == "view" else "",
        entry=subject_id if report.subject == "entry" else "",
        record=subject_id if report.subject in ("row", "comparison") else "",
        month=subject_id if report.subject == "month" else "",
        package=int(subject_id) if report.subject == "package" and subject_id.isdecimal() else 0,
        title=options.title.text().strip() if "title" in report.parameters else "",
        phone=options.phone.text().strip() if "phone" in report.parameters else "",
        days=options.days.value(),
        year=options.selected_year() if "year" in report.parameters else 0,
        full=options.unmasked.isChecked() and "full" in report.parameters,
        blank=options.blank.isChecked() and "blank" in report.parameters,
    )
