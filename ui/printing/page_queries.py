"""What the printing page asks of app/; the modules behind it are first imported on a worker's thread."""

from datetime import date
from typing import TYPE_CHECKING, Any

from app.records.row_views import HouseholdRow, household_rows

if TYPE_CHECKING:
    from app.printing.batch import UnfinishedBatch
    from app.reports.catalogue import Part
    from app.reports.era import Terms
    from app.reports.subject_choices import SubjectChoice
    from app.workbook.workbook import Workbook


def load_households(session: Any) -> "tuple[list[HouseholdRow], tuple[Part, ...], Terms]":
    """All households, the parts of an archive, and the words that papers of today use."""
    from app.reports.catalogue import parts
    from app.reports.household_selection import village_terms

    return household_rows(session), parts(), village_terms(session, date.today())


def load_subjects(
    session: Any, kind: Any, register: str, list_key: str = "", view: str = "", wanted: str = ""
) -> "tuple[SubjectChoice, ...]":
    """What a report of this kind may be about.

    Args:
        register: key of the register, of a report about one row of it
        list_key: of the only list whose views it prints, "" for any
        view: a list as another page shows it, which stands first unless it is among the saved ones
        wanted: what another page shows: a month, which stands first where there is no attendance in it yet, or a row of
            whichever register
    """
    from app.list_views.stored_form import decode_for_printing
    from app.reports.all_lists import viewed_list
    from app.reports.subject_choices import SubjectChoice, addressed_choice, subject_choices

    if kind == "row" and not register:
        return addressed_choice(session, wanted)
    choices = subject_choices(session, kind, register)
    if kind == "month" and wanted and all(choice.id != wanted for choice in choices):
        return (SubjectChoice(wanted, f"{int(wanted[:4])}年{int(wanted[5:])}月", "没有考勤"), *choices)
    if kind == "view" and list_key:
        choices = tuple(choice for choice in choices if decode_for_printing(choice.id)[0] == list_key)
    if kind != "view" or not view or any(choice.id == view for choice in choices):
        return choices
    key, name, _ = decode_for_printing(view)
    return (SubjectChoice(view, f"{name}（改过）" if name else "刚才的列表", viewed_list(key).title), *choices)


def papers_of(session: Any, table: str) -> tuple[list[str], list[str]]:
    """The parts of an archive, and the reports, that print records of this kind."""
    from app.reports.catalogue import papers_of_table

    return papers_of_table(table)


def load_unfinished(workbook: "Workbook") -> "tuple[UnfinishedBatch, ...]":
    """Batches that were stopped and can go on."""
    from app.printing.batch import unfinished_batches

    return unfinished_batches(workbook)


def dismiss_batch(workbook: "Workbook", n: int) -> None:
    """Forget a batch that was stopped."""
    from app.printing.batch import dismiss

    dismiss(workbook, n)
