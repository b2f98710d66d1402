"""批量修改 on a page: the dialog, the preview, and the one operation that it becomes."""

from collections.abc import Sequence
from functools import partial
from pathlib import Path
from typing import Any

from PySide6.QtWidgets import QDialog, QWidget

from app.cell_edits.clipboard_block import PlacedBlock
from app.cell_edits.column_source import copy_column, copy_last_year, set_column
from app.cell_edits.plan_text import addition_lines, addition_summary
from app.cell_edits.record_addition import AdditionPlan, apply_addition, plan_addition, plan_member_addition
from app.cell_edits.row_households import households_of_rows, members_of_rows
from app.cell_edits.year_copy import plan_year_copy
from app.records.assignment import have_helpers
from app.records.photo import add_photo_to_all
from app.records.row_views import HelperRow, helper_rows
from app.registers.engine.register import Register
from app.registers.lists import is_about_households
from ui.bulk_edit.bulk_choices import BulkTarget, bulk_choices
from ui.bulk_edit.bulk_dialog import BulkDialog
from ui.bulk_edit.bulk_panes import FROM_COLUMN, FROM_LAST_YEAR, TYPED, PhotoPane, RecordPane, ValuePane, YearPane
from ui.grid.edit_controller import EditController
from ui.grid.edit_preview_dialog import EditPreviewDialog
from ui.household.assign_dialog import AssignDialog, assign_with_confirmation
from ui.shell.page import AppContext

_VERB = "批量设置"


class BulkController:
    """Attributes:
    dialog: the one that is open, or was last
    """

    def __init__(self, context: AppContext, parent: QWidget) -> None:
        self._context, self._parent = context, parent
        self.editing = EditController(context, parent)
        self.dialog: QDialog | None = None

    def ask(self, target: BulkTarget) -> None:
        """Ask what is done to the rows that are chosen now."""
        ids = list(target.ids())
        if not ids:
            self._context.status_bar.info("列表里没有记录。")
            return
        choices = bulk_choices(target.register, is_about_households(target.register))
        operator = self._context.workbook.operator
        self.dialog = dialog = BulkDialog(
            target.register, choices, f"：{len(ids)} {target.unit}", operator, self._parent
        )
        dialog.accepted.connect(lambda: self._go_on(target.register, ids, dialog))
        dialog.open()

    def _go_on(self, register: Register, ids: Sequence[str], dialog: BulkDialog) -> None:
        choice, pane = dialog.choice, dialog.pane
        if choice is None:
            return
        if isinstance(pane, ValuePane):
            self._set(register, ids, choice.column, pane)
            return
        operator = self._context.workbook.operator
        find = partial(households_of_rows, register=register, ids=ids)
        if isinstance(pane, RecordPane) and choice.register is not None:
            if choice.register.subject == "member":
                find = partial(members_of_rows, register=register, ids=ids)
            addition = partial(_addition, values=pane.values(), operator=operator)
            self._preview(choice.label, partial(addition, find=find, register=choice.register))
        elif isinstance(pane, YearPane) and choice.register is not None:
            self._preview(choice.label, partial(_copy, find=find, register=choice.register, year=pane.year.value()))
        elif isinstance(pane, PhotoPane):
            self._context.read(partial(self._add_photo, Path(pane.path.text()), pane.values()), find)
        else:
            self._context.read(self._choose_helper, partial(_helpers, find=find))

    def _set(self, register: Register, ids: Sequence[str], column: str, pane: ValuePane) -> None:
        method, text, source = pane.chosen_method, pane.text, pane.source.key

        def find(session: Any) -> PlacedBlock:
            if method == FROM_COLUMN:
                return copy_column(session, register, ids, column, source)
            if method == FROM_LAST_YEAR:
                return copy_last_year(session, register, ids, column)
            return set_column(ids, column, text if method == TYPED else "")

        self.editing.preview(register, find, _VERB)

    def _preview(self, title: str, plan: Any) -> None:
        self._context.read(partial(self._show_addition, title), plan)

    def _show_addition(self, title: str, plan: AdditionPlan) -> None:
        lines, summary = addition_lines(plan), addition_summary(plan)
        self.dialog = dialog = EditPreviewDialog(title, summary, lines, not plan.records, self._parent)
        work = partial(apply_addition, self._context.workbook, plan)
        dialog.accepted.connect(lambda: self._context.write(work, message=f"{plan.verb}：已新增 {plan.count} 条"))
        dialog.open()

    def _add_photo(self, path: Path, values: dict[str, Any], household_ids: list[str]) -> None:
        kind = values.pop("kind", None)
        work = partial(add_photo_to_all, self._context.workbook, household_ids, path, kind, **values)
        self._context.write(work, message=f"已添加照片：{len(household_ids)} 户")

    def _choose_helper(self, found: tuple[list[str], list[HelperRow], bool]) -> None:
        household_ids, helpers, is_change = found
        self.dialog = dialog = AssignDialog(helpers, len(household_ids), is_change, self._parent)
        dialog.accepted.connect(lambda: assign_with_confirmation(self._context, household_ids, dialog, self._parent))
        dialog.open()


def _addition(session: Any, find: Any, register: Register, values: Any, operator: str) -> AdditionPlan:
    plan = plan_member_addition if register.subject == "member" else plan_addition
    return plan(session, register, find(session), values, operator)


def _copy(session: Any, find: Any, register: Register, year: int) -> AdditionPlan:
    return plan_year_copy(session, register, year, find(session))


def _helpers(session: Any, find: Any) -> tuple[list[str], list[HelperRow], bool]:
    household_ids = find(session)
    return household_ids, helper_rows(session), have_helpers(session, household_ids)
