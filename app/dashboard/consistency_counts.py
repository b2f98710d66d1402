"""How much waits to be typed into other systems, and how many households agree with them, on paper and in fact."""

from dataclasses import dataclass

from app.consistency.entry_list import count_waiting
from app.consistency.three_way import AgreementShare, agreement_share
from app.progress import Task
from app.workbook.workbook import Workbook


@dataclass(frozen=True, slots=True)
class ConsistencyCounts:
    """In the systems of which something is known: records that are not entered, those that changed since; and 三者一致,
    counted over no household while nothing is known elsewhere."""

    not_entered: int
    changed: int
    share: AgreementShare

    @property
    def waiting(self) -> int:
        return self.not_entered + self.changed


def consistency_counts(workbook: Workbook) -> Task[ConsistencyCounts]:
    """Both counts; some seconds in a township, and nothing where no system was ever used."""
    not_entered, changed = yield from count_waiting(workbook)
    with workbook.reading() as session:
        share = agreement_share(session)
    return ConsistencyCounts(not_entered, changed, share)
