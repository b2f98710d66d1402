"""表格评分: the households of a round by its check points, typed into as a spreadsheet is."""

from collections.abc import Sequence
from datetime import date
from functools import partial
from typing import Any, ClassVar

from PySide6.QtGui import QAction
from PySide6.QtWidgets import QComboBox, QHBoxLayout, QLabel, QVBoxLayout

from app.cell_edits.cell_edit import CellInput
from app.checklists.answer_grid import (
    AnswerGrid,
    AnswerInput,
    AnswerPlan,
    load_answer_grid,
    plan_answers,
    save_answers,
)
from app.records.field import field_label
from app.workbook.roles import ENTER
from app.workbook.workbook import WorkbookChanges
from ui.grid.grid_table import GridTable
from ui.grid.typed_sheet import TypedSheetPage
from ui.scoring.answer_grid_model import AnswerGridModel, answer_rows, plan_text
from ui.shell.page import AppContext

_TABLES = ("round", "checklist_used", "inspection", "answer", "household", "member")


class ScoreGridPage(TypedSheetPage):
    """`open(round=…)`. What is refused stays in red with its sentence; Esc gives back."""

    TITLE: ClassVar[str] = "表格评分"
    ICON: ClassVar[str] = "round"
    GROUP: ClassVar[str] = "检查整改"
    IN_NAVIGATION: ClassVar[bool] = False
    PARENT: ClassVar[str] = "rounds"
    NEEDS = ENTER

    def __init__(self, context: AppContext) -> None:
        self.answers = AnswerGridModel()
        super().__init__(context, self.answers, GridTable("score_grid", "表格评分", self.answers))
        self._round_id, self._shown = "", ""
        self._asked = ""  # the inspector whose answers were asked for last
        self._grid: AnswerGrid | None = None
        self._state = 0  # counts what was asked, so that only the last answer is shown
        self.table.placeholder = "这一轮没有要评的户。"
        self.inspector = QComboBox()
        self.inspector.setObjectName("inspector")
        self.inspector.setAccessibleName(field_label("inspection", "inspector"))
        self.inspector.setEditable(True)
        self.inspector.setInsertPolicy(QComboBox.InsertPolicy.NoInsert)
        self.inspector.addItem(context.workbook.operator)
        self.inspector.activated.connect(self._on_inspector_edited)
        line_edit = self.inspector.lineEdit()
        assert line_edit is not None
        line_edit.setObjectName("inspector_name")
        line_edit.editingFinished.connect(self._on_inspector_edited)
        self.title_label, self.check_label = QLabel(), QLabel()
        self._build_layout()
        self._actions = [
            self.add_page_action("back", "返回轮次", "Ctrl+G", self._return, "undo"),
            *self.sheet_actions(),
            self.add_page_action("score_home", "逐户评分", "Ctrl+Return", self._open_sheet, "next"),
        ]

    def _return(self) -> None:
        self.context.open("rounds", round=self._round_id)

    def _build_layout(self) -> None:
        for label, name, property_name in (
            (self.title_label, "round_title", "title"),
            (self.check_label, "check_words", "quiet"),
        ):
            label.setObjectName(name)
            label.setProperty(property_name, True)
            label.setWordWrap(label is not self.title_label)
        head = QHBoxLayout()
        head.addWidget(self.title_label, 1)
        head.addWidget(QLabel(field_label("inspection", "inspector")))
        head.addWidget(self.inspector)
        layout = QVBoxLayout(self)
        layout.setContentsMargins(16, 12, 16, 8)
        layout.setSpacing(8)
        layout.addLayout(head)
        layout.addWidget(self.table, 1)
        layout.addWidget(self.check_label)
        layout.addWidget(self.refusal_label)

    def visible_actions(self) -> list[QAction]:
        return self._actions

    def open(self, **params: Any) -> None:
        self._round_id = str(params.get("round", self._round_id))
        if self._round_id:
            self._load()
        else:
            self.context.status_bar.info("请从“四净两规范”页选一轮检查，再按 Ctrl+G。")
        self.table.setFocus()

    def refresh(self, changes: WorkbookChanges) -> None:
        if changes.touches(*_TABLES):
            self._load()

    @property
    def _inspector(self) -> str:
        return self.inspector.currentText().strip() or self.context.workbook.operator

    def _load(self) -> None:
        self._state += 1
        self._asked = self._inspector
        self.context.read(partial(self._show, self._state), load_answer_grid, self._round_id, self._asked)

    def _on_inspector_edited(self) -> None:
        """Another one has other answers: those that are shown go at once, before one is taken for theirs."""
        if self._round_id and self._inspector != self._asked:
            self.table.set_ids((), ())
            self._load()

    def _offer_inspectors(self, names: Sequence[str]) -> None:
        """Those who looked in this round already; what was typed stays."""
        offered = list(dict.fromkeys((self.context.workbook.operator, *names)))
        if offered != [self.inspector.itemText(n) for n in range(self.inspector.count())]:
            typed = self.inspector.currentText()
            self.inspector.clear()
            self.inspector.addItems(offered)
            self.inspector.setCurrentText(typed)

    def _show(self, state: int, grid: AnswerGrid) -> None:
        if state != self._state:
            return
        self._grid = grid
        if self._shown != grid.round.id:
            self._shown = grid.round.id
            self.table.set_ids((), ())
            self.table.set_columns(self.answers.show_checklist(grid.checklist))
        self.title_label.setText(grid.round.title)
        self._offer_inspectors(grid.inspectors)
        rows = answer_rows(grid)
        ids = [row.id for row in rows]
        if ids == self.table.record_rows:
            self.table.paged.put(rows)  # a cell that is open stays open
        else:
            self.table.set_ids(ids, rows)
        self.tell()

    def tell(self) -> None:
        """The words of the check point that the cursor is at, and why its cell was refused."""
        index = self.table.currentIndex()
        key = self.cells.columns[index.column()].key if index.isValid() else ""
        self.check_label.setText(self.answers.words.get(key, "填 1、2、3 或首字母选择；0 为不适用"))
        super().tell()

    def write_cells(self, edits: Sequence[CellInput]) -> None:
        """As answers of the inspector."""
        inputs = _answer_inputs(edits)
        work = partial(save_answers, self.context.workbook, self._round_id, self._inspector, date.today(), inputs)
        self.context.tasks.start(work, partial(self._show_written, edits), failed=partial(self.fail, edits))

    def _show_written(self, edits: Sequence[CellInput], plan: AnswerPlan) -> None:
        self.settle(edits, [(CellInput(one.household_id, one.check, one.text), reason) for one, reason in plan.refused])
        if plan.changes:
            self.context.status_bar.saved(f"已保存：{len(plan.changes)} 个要点")
        self._load()

    def preview_cells(self, edits: Sequence[CellInput], verb: str, left_over: str) -> None:
        """Answer by answer."""
        show = partial(self._show_plan, edits, verb, left_over)
        self.context.read(show, plan_answers, self._round_id, self._inspector, _answer_inputs(edits))

    def _show_plan(self, edits: Sequence[CellInput], verb: str, left_over: str, plan: AnswerPlan) -> None:
        summary, lines = plan_text(plan, self._grid, self.answers.words) if self._grid else ("", [])
        lines = [f"没有收　{left_over}", *lines] if left_over else lines
        self.show_preview(f"{verb}评分", summary, lines, edits, not plan.changes)

    def _open_sheet(self) -> None:
        household = self.table.current_id()
        if household:
            self.context.open("scoring", round=self._round_id, household=household)


def _answer_inputs(edits: Sequence[CellInput]) -> list[AnswerInput]:
    return [AnswerInput(one.record_id, one.column, one.text) for one in edits]
