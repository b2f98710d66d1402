"""What an inspector enters goes into the workbook at once, save after save, and is known here until it is there."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date
from functools import partial

from PySide6.QtCore import QObject, Signal

from app.checklists.inspections import save_inspection
from app.errors import UserError
from ui.shell.page import AppContext


@dataclass(frozen=True, slots=True)
class SheetKey:
    """The sheet that is written: one inspector's, of one household in one round."""

    round_id: str
    household_id: str
    inspector: str


@dataclass(slots=True)
class PendingAnswers:
    """Cells on their way into the workbook; None as `note` leaves the note about the household alone."""

    seen_on: date
    answers: dict[str, str | None] = field(default_factory=dict)
    notes: dict[str, str | None] = field(default_factory=dict)
    note: str | None = None

    def merged_over(self, older: "PendingAnswers | None") -> "PendingAnswers":
        """Both together, this one's cells where both have one."""
        if older is None:
            return self
        note = older.note if self.note is None else self.note
        return PendingAnswers(self.seen_on, older.answers | self.answers, older.notes | self.notes, note)


class ScoreAutosave(QObject):
    """Saves one after another; what comes in meanwhile is gathered, so that fast keys make no queue of transactions.

    A save that was refused is told of once and tried again with the next thing that is written.
    """

    state_changed = Signal()  # a save began, ended or was refused
    saved = Signal(object)  # Where

    def __init__(self, context: AppContext) -> None:
        super().__init__()
        self._context = context
        self._pending: dict[SheetKey, PendingAnswers] = {}
        self._running: list[tuple[SheetKey, PendingAnswers]] = []
        self._failed: set[SheetKey] = set()

    @property
    def is_idle(self) -> bool:
        """Everything that was written is in the workbook."""
        return not self._running and not self._pending

    @property
    def is_saving(self) -> bool:
        """A save is under way."""
        return bool(self._running)

    @property
    def has_failed(self) -> bool:
        """Something is held back because it could not be saved."""
        return bool(self._failed)

    def enqueue(
        self,
        key: SheetKey,
        seen_on: date,
        answers: Mapping[str, str | None] | None = None,
        notes: Mapping[str, str | None] | None = None,
        note: str | None = None,
    ) -> None:
        """Save cells of one sheet; without any, that the inspector was there on that day."""
        pending = PendingAnswers(seen_on, dict(answers or {}), dict(notes or {}), note)
        self._pending[key] = pending.merged_over(self._pending.get(key))
        self._failed.clear()
        self._save_next()

    def unsaved(self, key: SheetKey) -> PendingAnswers | None:
        """What of a sheet is not in the workbook yet."""
        pending = None
        for pending_key, cells in (*self._running, *self._pending.items()):
            if pending_key == key:
                pending = cells.merged_over(pending)
        return pending

    def flush(self) -> None:
        """Send everything on its way at once: the page is left, or the window closes and waits for what runs."""
        for key in [pending_key for pending_key in self._pending if pending_key not in self._failed]:
            self._start_save(key)

    def discard(self, key: SheetKey) -> None:
        """Do not try again to save what was refused of a sheet."""
        self._pending.pop(key, None)
        self._failed.discard(key)
        self.state_changed.emit()

    def _save_next(self) -> None:
        key = next((pending_key for pending_key in self._pending if pending_key not in self._failed), None)
        if key is not None and not self._running:
            self._start_save(key)
        self.state_changed.emit()

    def _start_save(self, key: SheetKey) -> None:
        cells = self._pending.pop(key)
        self._running.append((key, cells))
        work = partial(
            save_inspection,
            self._context.workbook,
            key.round_id,
            key.household_id,
            key.inspector,
            cells.seen_on,
            cells.answers,
            cells.notes,
            cells.note,
        )
        self._context.tasks.start(
            work,
            done=lambda _: self._on_save_finished(key, cells, None),
            failed=lambda error: self._on_save_finished(key, cells, error),
            queue="write",
        )

    def _on_save_finished(self, key: SheetKey, cells: PendingAnswers, error: UserError | None) -> None:
        self._running = [pair for pair in self._running if pair[1] is not cells]
        if error is not None:
            pending = self._pending.get(key)
            self._pending[key] = pending.merged_over(cells) if pending else cells
            self._failed.add(key)
            self._context.status_bar.error(error)
        self._save_next()
        if error is None:
            self.saved.emit(key)
