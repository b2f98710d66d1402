"""月考勤表: a month of attendance as one sheet, written by one letter a day."""

from collections.abc import Sequence
from datetime import date, timedelta
from functools import partial
from typing import Any, ClassVar

from PySide6.QtGui import QAction
from PySide6.QtWidgets import QHBoxLayout, QLabel, QVBoxLayout

from app.cell_edits.cell_edit import CellInput
from app.registers.engine.topic import Topic
from app.work_team.day_marks import day_marks
from app.work_team.month_sheet import DayInput, MonthPlan, MonthSheet, latest_month, load_month, plan_month, save_month
from app.workbook.roles import ENTER
from app.workbook.workbook import WorkbookChanges
from ui.grid.typed_sheet import TypedSheetPage
from ui.shell.page import AppContext
from ui.work_team.month_table import MonthModel, MonthTable, month_rows, plan_text

_TABLES = ("attendance", "helper", "team_term")
_PAPER = "attendance_month"
_NO_BREAK = "\u00a0"  # within one mark of the legend


def _load(session: Any, first: date | None, today: date) -> tuple[date, MonthSheet]:
    month = first or latest_month(session, today)
    return month, load_month(session, month)


class AttendanceMonthPage(TypedSheetPage):
    """Opens at the newest month that has attendance. One operation an entry, a paste or a fill."""

    TITLE: ClassVar[str] = "月考勤表"
    ICON: ClassVar[str] = "register"
    TOPIC: ClassVar[Topic | None] = Topic.TEAM
    IN_NAVIGATION: ClassVar[bool] = False
    PARENT: ClassVar[str] = "attendance"
    CHAPTER: ClassVar[str] = "15-村务工作"
    NEEDS = ENTER

    def __init__(self, context: AppContext) -> None:
        self.month_cells = MonthModel()
        super().__init__(context, self.month_cells, MonthTable(self.month_cells))
        self.first: date | None = None  # of the month that is shown
        self._state = 0  # counts what was asked, so that only the last answer is shown
        self.table.placeholder = "这个月没有驻村队员。请先在“驻村任职”里登记队员的到岗日期。"
        self.title_label, self.legend_label = QLabel(), QLabel()
        self.title_label.setObjectName("month_title")
        self.title_label.setProperty("title", True)
        self.legend_label.setObjectName("month_legend")
        self.legend_label.setProperty("quiet", True)
        self.legend_label.setWordWrap(True)
        marks = (f"{one.key} = {one.mark} {one.value}" if one.key else f"{one.mark} {one.value}" for one in day_marks())
        told = (*(mark.replace(" ", _NO_BREAK) for mark in marks), "上下午不同的按 F2 填两个记号，如“√县”；Delete 清空")
        self.legend_label.setText("　".join(told))
        head = QHBoxLayout()
        head.addWidget(self.title_label, 1)
        layout = QVBoxLayout(self)
        layout.setContentsMargins(16, 12, 16, 8)
        layout.setSpacing(8)
        layout.addLayout(head)
        layout.addWidget(self.table, 1)
        layout.addWidget(self.refusal_label)
        layout.addWidget(self.legend_label)
        self._actions = [
            self.add_page_action("back", "返回台账", "Ctrl+M", lambda: context.open("attendance"), "undo"),
            self.add_page_action("before", "上个月", "Alt+Up", lambda: self._go(-1)),
            self.add_page_action("after", "下个月", "Alt+Down", lambda: self._go(1)),
            *self.sheet_actions(),
            self.add_page_action("print", "打印考勤表", "Ctrl+P", self._print, "print"),
        ]

    def visible_actions(self) -> list[QAction]:
        return self._actions

    def open(self, **params: Any) -> None:
        self._load()
        self.table.setFocus()

    def refresh(self, changes: WorkbookChanges) -> None:
        if changes.touches(*_TABLES):
            self._load()

    def _go(self, months: int) -> None:
        """So many months on."""
        if self.first is not None:
            by = self.first + timedelta(days=31) if months > 0 else self.first - timedelta(days=1)
            self.first = by.replace(day=1)
            self._load()

    def _load(self) -> None:
        self._state += 1
        self.context.read(partial(self._show, self._state), _load, self.first, date.today())

    def _show(self, state: int, loaded: tuple[date, MonthSheet]) -> None:
        if state != self._state:
            return
        first, sheet = loaded
        self.first = first
        title = f"{first.year}年{first.month}月考勤"
        if self.title_label.text() != title:
            self.title_label.setText(title)
            self.table.set_ids((), ())
            self.table.set_columns(self.month_cells.show_days(sheet.days))
        rows = month_rows(sheet)
        ids = [row.id for row in rows]
        if ids == self.table.record_rows:
            self.table.paged.put(rows)  # a cell that is open stays open
        else:
            self.table.set_ids(ids, rows)
            if ids:
                self.table.set_current_cell(ids[0], "1")
        self.tell()

    def write_cells(self, edits: Sequence[CellInput]) -> None:
        """Days of the month that is shown."""
        if self.first is None:
            return
        work = partial(save_month, self.context.workbook, self.first, _day_inputs(edits), date.today())
        self.context.tasks.start(work, partial(self._show_written, edits), failed=partial(self.fail, edits))

    def _show_written(self, edits: Sequence[CellInput], plan: MonthPlan) -> None:
        self.settle(edits, [(CellInput(one.helper_id, one.day, one.text), reason) for one, reason in plan.refused])
        if plan.changes:
            self.context.status_bar.saved(f"已保存：{len(plan.changes)} 天次")
        self._load()

    def preview_cells(self, edits: Sequence[CellInput], verb: str, left_over: str) -> None:
        """Day by day."""
        if self.first is not None:
            show = partial(self._show_plan, edits, verb, left_over)
            self.context.read(show, plan_month, self.first, _day_inputs(edits), date.today())

    def _show_plan(self, edits: Sequence[CellInput], verb: str, left_over: str, plan: MonthPlan) -> None:
        summary, lines = plan_text(plan)
        lines = [f"没有收　{left_over}", *lines] if left_over else lines
        self.show_preview(f"{verb}考勤", summary, lines, edits, not plan.changes)

    def _print(self) -> None:
        """The month that is shown, as it is handed in."""
        if self.first is not None:
            self.context.open("printing", paper=_PAPER, month=f"{self.first:%Y-%m}")


def _day_inputs(edits: Sequence[CellInput]) -> list[DayInput]:
    return [DayInput(one.record_id, one.column, one.text) for one in edits]
