"""What the printing page asks of app/; the modules behind it are first imported on a worker's thread."""

from typing import TYPE_CHECKING, Any

from app.records.row_views import HouseholdRow, household_rows

if TYPE_CHECKING:
    from app.printing.batch import UnfinishedBatch
    from app.reports.catalogue import Part
    from app.reports.subject_choices import SubjectChoice
    from app.workbook.workbook import Workbook


def load_households(session: Any) -> "tuple[list[HouseholdRow], tuple[Part, ...]]":
    """All households, and the parts of an archive."""
    from app.reports.catalogue import parts

    return household_rows(session), parts()


def load_subjects(session: Any, kind: Any, register: str) -> "tuple[SubjectChoice, ...]":
    """What a report of this kind may be about."""
    from app.reports.subject_choices import subject_choices

    return subject_choices(session, kind, register)


def load_unfinished(workbook: "Workbook") -> "tuple[UnfinishedBatch, ...]":
    """Batches that were stopped and can go on."""
    from app.printing.batch import unfinished_batches

    return unfinished_batches(workbook)


def dismiss_batch(workbook: "Workbook", n: int) -> None:
    """Forget a batch that was stopped."""
    from app.printing.batch import dismiss

    dismiss(workbook, n)
