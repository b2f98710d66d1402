"""表格评分: the households of a round by its check points, typed into as a spreadsheet is."""

from collections.abc import Sequence
from datetime import date
from functools import partial
from typing import Any, ClassVar

from PySide6.QtGui import QAction, QGuiApplication
from PySide6.QtWidgets import QComboBox, QHBoxLayout, QLabel, QVBoxLayout

from app.cell_edits.cell_edit import CellInput, RefusedCell
from app.cell_edits.clipboard_block import block_text, parse_block, place_block
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
from ui.grid.edit_preview_dialog import EditPreviewDialog
from ui.grid.grid_table import CellArea, GridTable
from ui.scoring.answer_grid_model import AnswerGridModel, answer_rows, plan_text
from ui.shell.page import AppContext, Page

_TABLES = ("round", "checklist_used", "inspection", "answer", "household", "member")
_PREVIEWED = 200  # cells that are changed without a look at them first, at the most


class ScoreGridPage(Page):
    """`open(round=…)`. What is refused stays in red with its sentence; Esc gives back."""

    TITLE: ClassVar[str] = "表格评分"
    ICON: ClassVar[str] = "round"
    GROUP: ClassVar[str] = "检查整改"
    IN_NAVIGATION: ClassVar[bool] = False
    PARENT: ClassVar[str] = "rounds"
    NEEDS = ENTER

    def __init__(self, context: AppContext) -> None:
        super().__init__(context)
        self._round_id, self._shown = "", ""
        self._asked = ""  # the inspector whose answers were asked for last
        self._grid: AnswerGrid | None = None
        self._state = 0  # counts what was asked, so that only the last answer is shown
        self.dialog: EditPreviewDialog | None = None
        self.cells = AnswerGridModel()
        self.table = GridTable("score_grid", "表格评分", self.cells)
        self.table.placeholder = "这一轮没有要评的户。"
        self.cells.typed.connect(lambda id, key, text: self._write([AnswerInput(id, key, text)]))
        self.table.emptied.connect(self._empty)
        self.table.escaped.connect(self._give_back)
        self.table.copied.connect(self._copy)
        self.table.selectionModel().currentChanged.connect(lambda *_: self._tell())
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
        self.title_label, self.check_label, self.refusal_label = QLabel(), QLabel(), QLabel()
        self._build_layout()
        self._actions = [
            self.add_page_action("back", "返回轮次", "Ctrl+G", self._return, "undo"),
            self.add_page_action("paste", "粘贴", "Ctrl+V", self._paste),
            self.add_page_action("fill_down", "向下填充", "Ctrl+D", self._fill_down),
            self.add_page_action("score_home", "逐户评分", "Ctrl+Return", self._open_sheet, "next"),
        ]

    def _return(self) -> None:
        self.context.open("rounds", round=self._round_id)

    def _build_layout(self) -> None:
        for label, name, property_name in (
            (self.title_label, "round_title", "title"),
            (self.check_label, "check_words", "quiet"),
            (self.refusal_label, "refusal", "fault"),
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
        self.refusal_label.hide()

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
            self.table.set_columns(self.cells.show_checklist(grid.checklist))
        self.title_label.setText(grid.round.title)
        self._offer_inspectors(grid.inspectors)
        rows = answer_rows(grid)
        ids = [row.id for row in rows]
        if ids == self.table.record_rows:
            self.table.paged.put(rows)  # a cell that is open stays open
        else:
            self.table.set_ids(ids, rows)
        self._tell()

    def _tell(self) -> None:
        """The words of the check point that the cursor is at, and why its cell was refused."""
        index = self.table.currentIndex()
        key = self.cells.columns[index.column()].key if index.isValid() else ""
        self.check_label.setText(self.cells.words.get(key, "填 1、2、3 或首字母选择；0 为不适用"))
        reason = self.cells.refusal_at(index)
        self.refusal_label.setText(f"{reason}。按 Esc 恢复原值，或重新填写。" if reason else "")
        self.refusal_label.setVisible(bool(reason))

    def _write(self, inputs: Sequence[AnswerInput]) -> None:
        self.cells.show_typed((one.household_id, one.check, one.text) for one in inputs)
        work = partial(save_answers, self.context.workbook, self._round_id, self._inspector, date.today(), list(inputs))
        cells = [(one.household_id, one.check) for one in inputs]
        self.context.tasks.start(work, partial(self._settle, cells), failed=partial(self._fail, cells))

    def _settle(self, cells: Sequence[tuple[str, str]], plan: AnswerPlan) -> None:
        refused = [
            RefusedCell(CellInput(one.household_id, one.check, one.text), "", "", reason)
            for one, reason in plan.refused
        ]
        self.cells.settle(cells, refused)
        self._tell()
        if plan.changes:
            self.context.status_bar.saved(f"已保存：{len(plan.changes)} 个要点")
        self._load()

    def _fail(self, cells: Sequence[tuple[str, str]], error: object) -> None:
        self.cells.settle(cells, ())
        self.context.status_bar.error(error)

    def _checks(self, keys: Sequence[str]) -> list[str]:
        return [key for key in keys if key in self.cells.grid.fields]

    def _inputs(self, area: CellArea, text: str) -> list[AnswerInput]:
        return [AnswerInput(id, key, text) for id in area.ids for key in self._checks(area.columns)]

    def _empty(self) -> None:
        self._change(self._inputs(self.table.area(), ""), "清空")

    def _give_back(self) -> None:
        area = self.table.area()
        self.cells.give_back((id, key) for id in area.ids for key in area.columns)
        self._tell()

    def _copy(self) -> None:
        QGuiApplication.clipboard().setText(block_text(self.table.block(self.table.area())))
        self.context.status_bar.info(f"已复制 {len(self.table.area().ids)} 行。")

    def _paste(self) -> None:
        text = QGuiApplication.clipboard().text()
        if self.table.is_editing or not text.strip("\r\n"):
            return
        chosen, rest = self.table.area(), self.table.rest()
        placed = place_block(parse_block(text), rest.ids, rest.columns, (len(chosen.ids), len(chosen.columns)))
        self._preview(
            [AnswerInput(one.record_id, one.column, one.text) for one in placed.edits], "粘贴", placed.left_over
        )

    def _fill_down(self) -> None:
        """The first chosen row goes into those below; with one row chosen, the row above goes into it."""
        area = self.table.area()
        ids, shown = list(area.ids), self.table.record_rows
        if self.table.is_editing or not ids:
            return
        source = ids.pop(0) if len(ids) > 1 else shown[max(0, shown.index(ids[0]) - 1)]
        answers = self._grid.answers.get(source, {}) if self._grid else {}
        inputs = [AnswerInput(id, key, answers.get(key, "")) for id in ids for key in self._checks(area.columns)]
        if source != ids[0]:
            self._change(inputs, "向下填充")

    def _change(self, inputs: Sequence[AnswerInput], verb: str) -> None:
        if len(inputs) > _PREVIEWED:
            self._preview(inputs, verb)
        elif inputs:
            self._write(inputs)

    def _preview(self, inputs: Sequence[AnswerInput], verb: str, left_over: str = "") -> None:
        show = partial(self._show_preview, list(inputs), verb, left_over)
        self.context.read(show, plan_answers, self._round_id, self._inspector, inputs)

    def _show_preview(self, inputs: list[AnswerInput], verb: str, left_over: str, plan: AnswerPlan) -> None:
        summary, lines = plan_text(plan, self._grid, self.cells.words) if self._grid else ("", [])
        lines = [f"没有收　{left_over}", *lines] if left_over else lines
        self.dialog = dialog = EditPreviewDialog(f"{verb}评分", summary, lines, not plan.changes, self)
        dialog.accepted.connect(lambda: self._write(inputs))
        dialog.open()

    def _open_sheet(self) -> None:
        household = self.table.current_id()
        if household:
            self.context.open("scoring", round=self._round_id, household=household)
