"""Edits on their way into the workbook: planned off the window's thread, shown where they are many, written at once."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from functools import partial
from typing import TYPE_CHECKING, Any

from PySide6.QtWidgets import QDialog, QWidget

from app.cell_edits.cell_edit import CellInput, EditPlan
from app.cell_edits.clipboard_block import PlacedBlock
from app.cell_edits.edit_planning import plan_edits
from app.cell_edits.edit_writing import apply_plan, edit_cells
from app.cell_edits.plan_text import plan_lines, plan_summary
from app.registers.engine.register import Register
from ui.grid.edit_preview_dialog import EditPreviewDialog
from ui.shell.page import AppContext

if TYPE_CHECKING:
    from app.errors import UserError

FindEdits = Callable[[Any], PlacedBlock]  # session → edits


@dataclass(frozen=True, slots=True)
class DescribedPlan:
    """A plan with what the dialog says of it."""

    plan: EditPlan
    summary: str
    lines: list[str]


class EditController:
    """Attributes:
    dialog: the preview that is open, or was last
    """

    def __init__(self, context: AppContext, parent: QWidget) -> None:
        self._context, self._parent = context, parent
        self.dialog: QDialog | None = None

    def write(
        self,
        register: Register,
        edits: Sequence[CellInput],
        verb: str,
        done: Callable[[EditPlan], object],
        failed: "Callable[[UserError], object] | None" = None,
    ) -> None:
        """Write at once; what is refused is told by the plan that `done` gets."""
        work = partial(edit_cells, self._context.workbook, register, list(edits), verb)
        self._context.tasks.start(work, done, failed=failed)

    def preview(self, register: Register, find: FindEdits, verb: str, done: Any = None) -> None:
        """Show what edits would do, and write them if the officer says so.

        Args:
            find: finds the edits, off the window's thread
            done: called when they are written
        """
        show = partial(self._show, register, verb, done)
        self._context.read(show, _described, register, find)

    def _show(self, register: Register, verb: str, done: Any, described: DescribedPlan) -> None:
        plan = described.plan
        self.dialog = EditPreviewDialog(
            f"{verb}{register.title}", described.summary, described.lines, not plan.changes, self._parent
        )
        self.dialog.accepted.connect(partial(self._apply, register, plan, verb, done))
        self.dialog.open()

    def _apply(self, register: Register, plan: EditPlan, verb: str, done: Any) -> None:
        work = partial(apply_plan, self._context.workbook, register, plan, verb)
        self._context.write(work, done, f"{verb}：已改动 {plan.records} 条")


def _described(session: Any, register: Register, find: FindEdits) -> DescribedPlan:
    placed = find(session)
    plan = plan_edits(session, register, placed.edits)
    return DescribedPlan(plan, plan_summary(plan), plan_lines(plan, placed.left_over))
