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
    session: Any, kind: Any, register: str, list_key: str = "", view: str = ""
) -> "tuple[SubjectChoice, ...]":
    """What a report of this kind may be about.

    Args:
        register: key of the register, of a report about one row of it
        list_key: of the only list whose views it prints, "" for any
        view: a list as another page shows it, which stands first unless it is among the saved ones
    """
    from app.list_views.stored_form import decode_for_printing
    from app.reports.all_lists import viewed_list
    from app.reports.subject_choices import SubjectChoice, subject_choices

    choices = subject_choices(session, kind, register)
    if kind == "view" and list_key:
        choices = tuple(choice for choice in choices if decode_for_printing(choice.id)[0] == list_key)
    if kind != "view" or not view or any(choice.id == view for choice in choices):
        return choices
    key, name, _ = decode_for_printing(view)
    return (SubjectChoice(view, f"{name}（改过）" if name else "刚才的列表", viewed_list(key).title), *choices)


def load_unfinished(workbook: "Workbook") -> "tuple[UnfinishedBatch, ...]":
    """Batches that were stopped and can go on."""
    from app.printing.batch import unfinished_batches

    return unfinished_batches(workbook)


def dismiss_batch(workbook: "Workbook", n: int) -> None:
    """Forget a batch that was stopped."""
    from app.printing.batch import dismiss

    dismiss(workbook, n)
