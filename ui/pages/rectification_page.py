"""问题整改: every problem of the village, from the day it was found until it is closed out."""

from datetime import date
from functools import partial
from pathlib import Path
from typing import Any, ClassVar

from PySide6.QtGui import QAction
from PySide6.QtWidgets import QCheckBox, QComboBox, QFileDialog, QHBoxLayout, QLabel, QVBoxLayout

from app.checklists.rounds import RoundRow, list_rounds
from app.records.field import field_label
from app.rectifications.rectification import (
    CLOSING_COLUMNS,
    RectificationRow,
    RectificationState,
    close_out,
    create_from_round,
    rectification_rows,
    reopen,
)
from app.workbook.workbook import WorkbookChanges
from ui.household.household_columns import group_key, pinyin_key
from ui.household.household_picker import HouseholdPicker
from ui.household.rectification_rows import RECTIFICATION_GROUPS, rectification_row
from ui.shell.page import AppContext, Page
from ui.widgets.list_with_detail import ListWithDetail
from ui.widgets.record_editor import RecordEditor
from ui.widgets.row_table import Column, RowTable

_TABLES = ("rectification", "household", "member")
_COLUMNS = (
    Column("state", "状态", width=10),
    Column("head", "户主", width=8, sort_key=pinyin_key),
    Column("group", field_label("household", "group_name"), width=8, sort_key=group_key),
    Column("due_on", field_label("rectification", "due_on"), width=11),
    Column("problem", field_label("rectification", "problem"), width=0),
    Column("number", field_label("rectification", "number"), width=10, hidden=True),
    Column("source", field_label("rectification", "source"), width=12, hidden=True),
    Column("responsible", field_label("rectification", "responsible"), width=9),
    Column("found_on", field_label("rectification", "found_on"), width=11, hidden=True),
    Column("done_on", field_label("rectification", "done_on"), width=11, hidden=True),
    Column("followup_on", field_label("rectification", "followup_on"), width=11, hidden=True),
    Column("closed_on", field_label("rectification", "closed_on"), width=11, hidden=True),
)
_ALL = "全部状态"


class RectificationPage(Page):
    """The list, overdue ones first; beside it the current problem. It is closed out by a key of its own."""

    TITLE: ClassVar[str] = "问题整改"
    ICON: ClassVar[str] = "rectification"
    ORDER: ClassVar[int] = 45
    GROUP: ClassVar[str] = "检查整改"
    SHORTCUT: ClassVar[str] = "F7"

    def __init__(self, context: AppContext) -> None:
        super().__init__(context)
        self._rows: dict[str, RectificationRow] = {}
        self.table = RowTable("problems", self.TITLE)
        self.table.set_columns(_COLUMNS)
        self.table.placeholder = "没有要整改的问题。按 Ctrl+N 新建，或按 Ctrl+I 从检查里列入不达标的项目。"
        self.table.row_activated.connect(self._open_household)
        self.editor = RecordEditor(
            self.context, "rectification", 1, RECTIFICATION_GROUPS, CLOSING_COLUMNS, "在左边选一个问题。"
        )
        self.state_box = QComboBox()
        self.state_box.setObjectName("state")
        self.state_box.setAccessibleName("状态")
        self.state_box.addItem(_ALL, "")
        for state in RectificationState:
            self.state_box.addItem(str(state), str(state))
        self.state_box.currentIndexChanged.connect(lambda _: self._apply_filters())
        self.overdue_box = QCheckBox("只看超期")
        self.overdue_box.setObjectName("overdue")
        self.overdue_box.toggled.connect(lambda _: self._apply_filters())
        self.count_label = QLabel()
        self.count_label.setObjectName("count")
        self.count_label.setProperty("quiet", True)
        self.picker: HouseholdPicker | None = None
        self._actions = [
            self.add_page_action("new", "新建整改…", "Ctrl+N", self._start_new, "add"),
            self.add_page_action("close_out", "销号", "Ctrl+Return", self._close_out, "rectification"),
            self.add_page_action("reopen", "重新整改", "Ctrl+R", self._reopen, "undo"),
            self.add_page_action("hand_over", "列入检查问题", "Ctrl+I", self._import_from_rounds, "round"),
            self.add_page_action("export", "导出清单", "Ctrl+E", self._choose_export_path, "export"),
        ]
        self.add_page_action("only_overdue", "只看超期", "Alt+O", self.overdue_box.toggle)
        self._build_layout()

    def _build_layout(self) -> None:
        header = QHBoxLayout()
        for widget in (self.state_box, self.overdue_box):
            header.addWidget(widget)
        header.addStretch()
        header.addWidget(self.count_label)
        self.records = ListWithDetail(self.table, self.editor, (760, 420), header=header)
        layout = QVBoxLayout(self)
        layout.setContentsMargins(16, 12, 16, 8)
        layout.addWidget(self.records, 1)

    def visible_actions(self) -> list[QAction]:
        return self._actions

    def open(self, problem: str = "", overdue: bool = False, **params: Any) -> None:
        """`problem`: point at this one. `overdue`: only those."""
        if overdue:
            self.overdue_box.setChecked(True)
        self._load(problem)
        self.table.setFocus()

    def refresh(self, changes: WorkbookChanges) -> None:
        if changes.touches(*_TABLES):
            self._load()

    def can_leave(self) -> bool:
        return self.editor.can_leave()

    def _load(self, selected_id: str = "") -> None:
        self.context.read(partial(self._show_rows, selected_id), rectification_rows)

    def _show_rows(self, selected_id: str, rectifications: list[RectificationRow]) -> None:
        self._rows = {rectification.id: rectification for rectification in rectifications}
        self.table.set_rows([rectification_row(rectification) for rectification in rectifications])
        self._apply_filters()
        overdue = sum(rectification.overdue for rectification in rectifications)
        closed = sum(rectification.state is RectificationState.CLOSED for rectification in rectifications)
        self.count_label.setText(f"共 {len(rectifications)} 个，已销号 {closed} 个，超期 {overdue} 个")
        if selected_id:
            self.table.set_current_id(selected_id)
        self.records.sync()

    def _apply_filters(self) -> None:
        state, overdue_only = self.state_box.currentData(), self.overdue_box.isChecked()
        self.table.set_filter(
            lambda row: (
                state in ("", str(self._rows[row.id].state)) and (self._rows[row.id].overdue or not overdue_only)
            )
        )

    def _open_household(self, record_id: str) -> None:
        household_id = self._rows[record_id].household_id
        if household_id:
            self.context.open("household", household=household_id, tab="rectification")

    def _start_new(self) -> None:
        if not self.can_leave():
            return
        self.picker = picker = HouseholdPicker(self.context, "新建整改", "哪一户的问题？", self)
        picker.accepted.connect(
            lambda: self.context.open("household", household=picker.household_id, tab="rectification", new=True)
        )
        picker.open()

    def _close_out(self) -> None:
        record_id, workbook = self.table.current_id(), self.context.workbook
        if record_id and self.can_leave():
            self.context.write(
                partial(close_out, workbook, record_id, date.today(), workbook.operator),
                lambda _: self._load(record_id),
                "已销号",
            )

    def _reopen(self) -> None:
        rectification = self._rows.get(self.table.current_id())
        if rectification is None or rectification.state is RectificationState.OPEN:
            self.context.status_bar.info("只有整改完成或已销号的问题，才能重新整改。")
        elif self.can_leave():
            self.context.write(
                partial(reopen, self.context.workbook, rectification.id),
                lambda _: self._load(rectification.id),
                "已改为整改中",
            )

    def _import_from_rounds(self) -> None:
        self.context.read(self._import_from_last_round, list_rounds)

    def _import_from_last_round(self, round_rows: list[RoundRow]) -> None:
        """From the last round: what failed there and was not handed over yet."""
        if not round_rows:
            self.context.status_bar.info("还没有检查。请先在“四净两规范”页开一轮检查。")
            return
        last_round = round_rows[0]

        def show_result(count: int) -> None:
            self.context.status_bar.saved(
                f"从“{last_round.title}”列入 {count} 个问题" if count else f"“{last_round.title}”里没有新的问题可以列入"
            )

        self.context.write(partial(create_from_round, self.context.workbook, last_round.id), show_result, message="")

    def _choose_export_path(self) -> None:
        if not self.table.visible_ids():
            self.context.status_bar.info("没有可以导出的问题。")
            return
        name, _ = QFileDialog.getSaveFileName(self, "导出清单", "问题整改清单.xlsx", "Excel 工作簿 (*.xlsx)")
        if name:
            self.export(Path(name))

    def export(self, path: Path) -> None:
        """Write the problems that are shown as an Excel list."""
        from app.sheets.rectification_export import write_rectifications

        task = write_rectifications(
            self.context.workbook, [self._rows[record_id] for record_id in self.table.visible_ids()], path
        )
        self.context.tasks.start(
            task,
            lambda count: self.context.status_bar.info(f"已导出 {count} 个问题到“{path.name}”。"),
            title="导出清单",
        )
