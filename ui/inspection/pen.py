"""What an inspector enters goes into the workbook at once, save after save, and is known here until it is there."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date

from PySide6.QtCore import QObject, Signal

from app.checklists.inspections import save_inspection
from app.errors import OfficeError
from ui.page import Office


@dataclass(frozen=True, slots=True)
class Where:
    """The sheet that is written: one inspector's, of one home in one round."""

    round_id: str
    household_id: str
    inspector: str


@dataclass(slots=True)
class Unsaved:
    """Cells on their way into the workbook; None as `note` leaves the note about the home alone."""

    seen_on: date
    answers: dict[str, str | None] = field(default_factory=dict)
    notes: dict[str, str | None] = field(default_factory=dict)
    note: str | None = None

    def over(self, older: "Unsaved | None") -> "Unsaved":
        """Both together, this one's cells where both have one."""
        if older is None:
            return self
        note = older.note if self.note is None else self.note
        return Unsaved(self.seen_on, older.answers | self.answers, older.notes | self.notes, note)


class Pen(QObject):
    """Saves one after another; what comes in meanwhile is gathered, so that fast keys make no queue of transactions.

    A save that was refused is told of once and tried again with the next thing that is written.
    """

    moved = Signal()  # a save began, ended or was refused
    saved = Signal(object)  # Where

    def __init__(self, office: Office, by: object) -> None:
        super().__init__()
        self._office, self._by = office, by
        self._waiting: dict[Where, Unsaved] = {}
        self._running: list[tuple[Where, Unsaved]] = []
        self._refused: set[Where] = set()

    @property
    def at_rest(self) -> bool:
        """Everything that was written is in the workbook."""
        return not self._running and not self._waiting

    @property
    def busy(self) -> bool:
        """A save is under way."""
        return bool(self._running)

    @property
    def refused(self) -> bool:
        """Something is held back because it could not be saved."""
        return bool(self._refused)

    def write(
        self,
        where: Where,
        seen_on: date,
        answers: Mapping[str, str | None] | None = None,
        notes: Mapping[str, str | None] | None = None,
        note: str | None = None,
    ) -> None:
        """Save cells of one sheet; without any, that the inspector was there on that day."""
        new = Unsaved(seen_on, dict(answers or {}), dict(notes or {}), note)
        self._waiting[where] = new.over(self._waiting.get(where))
        self._refused.clear()
        self._go_on()

    def unsaved(self, where: Where) -> Unsaved | None:
        """What of a sheet is not in the workbook yet."""
        found = None
        for place, cells in (*self._running, *self._waiting.items()):
            if place == where:
                found = cells.over(found)
        return found

    def hurry(self) -> None:
        """Send everything on its way at once: the page is left, or the window closes and waits for what runs."""
        for where in [one for one in self._waiting if one not in self._refused]:
            self._start(where)

    def forget(self, where: Where) -> None:
        """Do not try again to save what was refused of a sheet."""
        self._waiting.pop(where, None)
        self._refused.discard(where)
        self.moved.emit()

    def _go_on(self) -> None:
        where = next((one for one in self._waiting if one not in self._refused), None)
        if where is not None and not self._running:
            self._start(where)
        self.moved.emit()

    def _start(self, where: Where) -> None:
        cells = self._waiting.pop(where)
        self._running.append((where, cells))
        work = save_inspection(
            self._office.workbook,
            where.round_id,
            where.household_id,
            where.inspector,
            cells.seen_on,
            cells.answers,
            cells.notes,
            cells.note,
            by=self._by,
        )
        self._office.jobs.start(
            work,
            done=lambda _: self._ended(where, cells, None),
            failed=lambda error: self._ended(where, cells, error),
            lane="write",
        )

    def _ended(self, where: Where, cells: Unsaved, error: OfficeError | None) -> None:
        self._running = [pair for pair in self._running if pair[1] is not cells]
        if error is not None:
            waiting = self._waiting.get(where)
            self._waiting[where] = waiting.over(cells) if waiting else cells
            self._refused.add(where)
            self._office.notices.refused(error)
        self._go_on()
        if error is None:
            self.saved.emit(where)
