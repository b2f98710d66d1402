"""Taking confirmed photographs into the workbook: one operation, which is undone as one."""

from collections.abc import Sequence
from concurrent.futures import Future, ThreadPoolExecutor
from dataclasses import dataclass
from itertools import islice
from pathlib import Path

from sqlalchemy.orm import Session

from app.errors import UserError
from app.photo_intake.sorting import Target
from app.progress import Progress, Task
from app.records.photo import PreparedPhoto, has_photo, prepare_photo, store_photo
from app.workbook.workbook import Workbook

_WORKERS = 2
_AHEAD = 8  # pictures that are prepared before they are written: a few megabytes


@dataclass(frozen=True, slots=True)
class ChosenPhoto:
    """One file and where it goes. `kind`: an option of photo_kind, "" for none."""

    path: Path
    target: Target
    kind: str = ""


@dataclass(frozen=True, slots=True)
class IntakeResult:
    """How many were added, how many were here already, and what was refused: a sentence each."""

    added: int
    already: int
    refusals: tuple[str, ...]


def take_in(workbook: Workbook, chosen: Sequence[ChosenPhoto]) -> Task[IntakeResult]:
    """Add the photographs. What cannot be read is refused by itself; cancelling leaves none of them."""
    added = already = 0
    refusals: list[str] = []
    pending = iter(chosen)
    with (
        workbook.operation(f"收照片：{len(chosen)} 张") as session,
        ThreadPoolExecutor(_WORKERS, "take-in") as workers,
    ):
        queue = [(one, workers.submit(prepare_photo, one.path)) for one in islice(pending, _AHEAD)]
        try:
            for done in range(len(chosen)):
                one, future = queue.pop(0)
                yield Progress(done, len(chosen), one.path.name)
                queue += [(more, workers.submit(prepare_photo, more.path)) for more in islice(pending, 1)]
                picture = _prepared(future, refusals)
                if picture is None:
                    continue
                if has_photo(session, one.target.household_id, picture.sha256):
                    already += 1
                    continue
                _store(session, one, picture)
                added += 1
        finally:
            workers.shutdown(wait=True, cancel_futures=True)
    return IntakeResult(added, already, tuple(refusals))


def _prepared(future: Future[PreparedPhoto], refusals: list[str]) -> PreparedPhoto | None:
    try:
        return future.result()
    except UserError as error:
        refusals.append(str(error))
        return None


def _store(session: Session, one: ChosenPhoto, picture: PreparedPhoto) -> None:
    values = {
        "visit_id": one.target.visit_id or None,
        "inspection_id": one.target.inspection_id or None,
        "kind": one.kind or None,
        "taken_at": picture.taken_at or None,
    }
    store_photo(session, one.target.household_id, picture, values)
