"""Joining two records of one household, and parting them: what is asked in which order."""

from functools import partial
from typing import Any

from PySide6.QtCore import QObject, Signal
from PySide6.QtWidgets import QWidget

from app.records import household_merge
from app.records.household_merge import DuplicateCandidate, HouseholdMergeResult, HouseholdUnmergeResult
from app.records.merge_comparison import MergeComparison
from app.records.row_views import HouseholdRow, household_rows
from ui.household.duplicates_dialog import DuplicatesDialog
from ui.household.household_picker import HouseholdPicker
from ui.household.merge_dialog import MergeDialog
from ui.shell.page import AppContext
from ui.shell.tasks import Work
from ui.widgets.question import ask


class MergeController(QObject):
    """Used by the page of one household and by the list.

    Signals:
        merged: id of the household that is kept
    """

    merged = Signal(str)

    def __init__(self, context: AppContext, page: QWidget) -> None:
        super().__init__(page)
        self._context, self._page = context, page
        self.picker: HouseholdPicker | None = None
        self.merge_dialog: MergeDialog | None = None
        self.duplicates_dialog: DuplicatesDialog | None = None

    def _read(self, work: Work, done: Any, title: str = "") -> None:
        self._context.tasks.start(work, done, queue="read", title=title)

    def start(self, household_id: str) -> None:
        """With which household is this one to be joined?"""
        self._context.read(self._show_picker, household_rows, [household_id])

    def _show_picker(self, rows: list[HouseholdRow]) -> None:
        if not rows:
            return
        [household] = rows
        prompt = f"“{household.head or household.household_no}”这一户与哪一户是同一户？选出来，下一步核对。"
        self.picker = HouseholdPicker(
            self._context, "与另一户合并", prompt, self._page, village=household.village, excluded=(household.id,)
        )
        self.picker.accepted.connect(lambda: self._compare_picked(household.id))
        self.picker.open()

    def _compare_picked(self, household_id: str) -> None:
        if self.picker is not None:
            self.compare(household_id, self.picker.household_id)

    def find_duplicates(self) -> None:
        """Show the pairs that look like one household."""
        self._read(
            partial(household_merge.find_duplicates, self._context.workbook), self._show_duplicates, "查找重复的户"
        )

    def _show_duplicates(self, candidates: tuple[DuplicateCandidate, ...]) -> None:
        if not candidates:
            self._context.status_bar.info("没有看起来重复的户。")
            return
        self.duplicates_dialog = DuplicatesDialog(candidates, self._page)
        self.duplicates_dialog.accepted.connect(self._compare_duplicates)
        self.duplicates_dialog.open()

    def _compare_duplicates(self) -> None:
        if self.duplicates_dialog is not None and self.duplicates_dialog.selected is not None:
            self.compare(self.duplicates_dialog.selected.first, self.duplicates_dialog.selected.second)

    def compare(self, kept_id: str, other_id: str) -> None:
        """Hold the two against each other."""
        self._read(
            partial(household_merge.compare_for_merge, self._context.workbook, kept_id, other_id), self._show_comparison
        )

    def _show_comparison(self, comparison: MergeComparison) -> None:
        dialog = self.merge_dialog = MergeDialog(comparison, self._page)
        dialog.swapped.connect(dialog.reject)
        dialog.swapped.connect(lambda: self.compare(comparison.other.id, comparison.kept.id))
        dialog.accepted.connect(lambda: self._merge(dialog))
        dialog.open()

    def _merge(self, dialog: MergeDialog) -> None:
        work = partial(
            household_merge.merge, self._context.workbook, dialog.comparison, dialog.choices, dialog.head_relation()
        )
        self._context.tasks.start(work, lambda result: self._on_merged(dialog.comparison, result))

    def _on_merged(self, comparison: MergeComparison, result: HouseholdMergeResult) -> None:
        message = f"“{comparison.other.name}”已并入“{comparison.kept.name}”，补填 {result.cells} 处"
        message += f"，重复的 {result.withdrawn} 条只留一条。" if result.withdrawn else "。"
        self._context.status_bar.saved(message)
        self.merged.emit(result.kept_id)

    def start_unmerge(self, household_id: str) -> None:
        """Which household is to be parted from this one again?"""
        self._read(
            partial(household_merge.merged_households, self._context.workbook, household_id), self._choose_unmerge
        )

    def _choose_unmerge(self, merged_households: tuple[DuplicateCandidate, ...]) -> None:
        if not merged_households:
            self._context.status_bar.info("没有别的户并入这一户，不用拆分。")
            return
        is_single = len(merged_households) == 1
        message = f"把“{merged_households[0].second_name}”拆分为独立一户？" if is_single else "请选择要拆分的农户："
        details = "拆分后，原户及其成员、收入、走访、照片恢复为独立一户。"
        choices = [
            ("拆分" if is_single else candidate.second_name, partial(self.unmerge, candidate.second))
            for candidate in merged_households[:4]
        ]
        ask(self._page, "askPart", "拆分并入的户", message, details, choices=choices)

    def unmerge(self, other_id: str) -> None:
        """Take a joining back."""
        self._context.tasks.start(partial(household_merge.unmerge, self._context.workbook, other_id), self._on_unmerged)

    def _on_unmerged(self, result: HouseholdUnmergeResult) -> None:
        skipped_note = f"，{result.not_restored} 处合并以后又改过，没有动" if result.not_restored else ""
        self._context.status_bar.info(f"已拆开，{result.cells} 处恢复成合并以前的样子{skipped_note}。")
