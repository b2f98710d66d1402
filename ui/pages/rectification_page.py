"""问题整改: every problem of the village, from the day it was found until it is closed out."""

from datetime import date
from functools import partial
from pathlib import Path
from typing import Any, ClassVar

from PySide6.QtCore import Qt
from PySide6.QtGui import QAction
from PySide6.QtWidgets import QCheckBox, QComboBox, QFileDialog, QHBoxLayout, QLabel, QSplitter, QVBoxLayout, QWidget

from app.checklists.rounds import RoundRow, rounds
from app.records.field import label_of
from app.records.lists import HouseholdRow, household_rows
from app.work.rectification import CLOSING, RectificationRow, State, close_out, open_failings, reopen, rows
from app.workbook.workbook import Changes
from ui.household.choose_household import ChooseHousehold
from ui.household.desk import Desk
from ui.household.editor import Editor
from ui.household.list_columns import by_group, by_pinyin
from ui.household.rectification_tab import GROUPS, row_of
from ui.page import Office, Page
from ui.tables.row_table import Column, RowTable

_TABLES = ("rectification", "household", "member")
_COLUMNS = (
    Column("state", "状态", width=10),
    Column("head", "户主", width=8, sort_key=by_pinyin),
    Column("group", label_of("household", "group_name"), width=8, sort_key=by_group),
    Column("due_on", label_of("rectification", "due_on"), width=11),
    Column("problem", label_of("rectification", "problem"), width=0),
    Column("number", label_of("rectification", "number"), width=10, hidden=True),
    Column("source", label_of("rectification", "source"), width=12, hidden=True),
    Column("responsible", label_of("rectification", "responsible"), width=9),
    Column("found_on", label_of("rectification", "found_on"), width=11, hidden=True),
    Column("done_on", label_of("rectification", "done_on"), width=11, hidden=True),
    Column("followup_on", label_of("rectification", "followup_on"), width=11, hidden=True),
    Column("closed_on", label_of("rectification", "closed_on"), width=11, hidden=True),
)
_ALL = "全部状态"


class RectificationPage(Page):
    """The list, overdue ones first; beside it the current problem. It is closed out by a key of its own."""

    TITLE: ClassVar[str] = "问题整改"
    ICON: ClassVar[str] = "rectification"
    ORDER: ClassVar[int] = 45
    SHORTCUT: ClassVar[str] = "F7"

    def __init__(self, office: Office) -> None:
        super().__init__(office)
        self._desk = Desk(office, self)
        self._rows: dict[str, RectificationRow] = {}
        self.table = RowTable("problems", self.TITLE)
        self.table.set_columns(_COLUMNS)
        self.table.hint = "没有要整改的问题。按 Ctrl+N 新建，或按 Ctrl+I 从检查里列入不达标的项目。"
        self.table.pointed.connect(self._pointed)
        self.table.opened.connect(self._open_home)
        self.editor = Editor(self._desk, "rectification", 1, GROUPS, CLOSING, "在左边选一个问题。")
        self.state = QComboBox()
        self.state.setObjectName("state")
        self.state.setAccessibleName("状态")
        self.state.addItem(_ALL, "")
        for one in State:
            self.state.addItem(str(one), str(one))
        self.state.currentIndexChanged.connect(lambda _: self._filter())
        self.late = QCheckBox("只看超期")
        self.late.setObjectName("overdue")
        self.late.toggled.connect(lambda _: self._filter())
        self.count = QLabel()
        self.count.setObjectName("count")
        self.count.setProperty("quiet", True)
        self.choice: ChooseHousehold | None = None
        self._actions = [
            self.action("new", "新建整改…", "Ctrl+N", self._ask_new, "add"),
            self.action("close_out", "销号", "Ctrl+Return", self._close_out, "rectification"),
            self.action("reopen", "重新整改", "Ctrl+R", self._reopen, "undo"),
            self.action("hand_over", "列入检查问题", "Ctrl+I", self._hand_over, "round"),
            self.action("export", "导出清单", "Ctrl+E", self._ask_export, "export"),
        ]
        self.action("only_overdue", "只看超期", "Alt+O", self.late.toggle)
        self._lay_out()

    def _lay_out(self) -> None:
        head = QHBoxLayout()
        for part in (self.state, self.late):
            head.addWidget(part)
        head.addStretch()
        head.addWidget(self.count)
        parts = QSplitter(Qt.Orientation.Horizontal)
        left = QWidget()
        stacked = QVBoxLayout(left)
        stacked.setContentsMargins(0, 0, 0, 0)
        stacked.addLayout(head)
        stacked.addWidget(self.table, 1)
        parts.addWidget(left)
        parts.addWidget(self.editor)
        parts.setSizes([760, 420])
        parts.setChildrenCollapsible(False)
        whole = QVBoxLayout(self)
        whole.setContentsMargins(16, 12, 16, 8)
        whole.addWidget(parts, 1)

    def actions_shown(self) -> list[QAction]:
        return self._actions

    def shown(self, problem: str = "", overdue: bool = False, **about: Any) -> None:
        """`problem`: point at this one. `overdue`: only those."""
        if overdue:
            self.late.setChecked(True)
        self._load(problem)
        self.table.setFocus()

    def refresh(self, changes: Changes) -> None:
        if changes.touches(*_TABLES):
            self._load()

    def may_leave(self) -> bool:
        return self.editor.may_leave()

    def _load(self, wanted: str = "") -> None:
        self._desk.read(partial(self._show, wanted), rows)

    def _show(self, wanted: str, found: list[RectificationRow]) -> None:
        self._rows = {one.id: one for one in found}
        self.table.set_rows([row_of(one) for one in found])
        self._filter()
        if wanted:
            self.table.point_at(wanted)
        late = sum(one.overdue for one in found)
        closed = sum(one.state is State.CLOSED for one in found)
        self.count.setText(f"共 {len(found)} 个，已销号 {closed} 个，超期 {late} 个")
        self._pointed(self.table.current())

    def _filter(self) -> None:
        state, late = self.state.currentData(), self.late.isChecked()
        self.table.filter(
            lambda row: state in ("", str(self._rows[row.id].state)) and (self._rows[row.id].overdue or not late)
        )

    def _pointed(self, record_id: str) -> None:
        if record_id != self.editor.record_id and not self.editor.may_leave():
            self.table.blockSignals(True)
            self.table.point_at(self.editor.record_id)
            self.table.blockSignals(False)
            return
        self.editor.open(record_id)

    def _open_home(self, record_id: str) -> None:
        home = self._rows[record_id].household_id
        if home:
            self.office.open("household", household=home, tab="整改")

    def _ask_new(self) -> None:
        if self.may_leave():
            self._desk.read(self._ask_home, household_rows)

    def _ask_home(self, homes: list[HouseholdRow]) -> None:
        self.choice = choice = ChooseHousehold("新建整改", "哪一户的问题？", homes, self)
        choice.accepted.connect(lambda: self.office.open("household", household=choice.chosen, tab="整改", new=True))
        choice.open()

    def _close_out(self) -> None:
        id, book = self.table.current(), self.office.workbook
        if id and self.may_leave():
            self._desk.write(close_out(book, id, date.today(), book.operator, self), lambda _: self._load(id), "已销号")

    def _reopen(self) -> None:
        one = self._rows.get(self.table.current())
        if one is None or one.state is State.OPEN:
            self.office.notices.tell("只有整改完成或已销号的问题，才能重新整改。")
        elif self.may_leave():
            self._desk.write(reopen(self.office.workbook, one.id), lambda _: self._load(one.id), "已改为整改中")

    def _hand_over(self) -> None:
        self._desk.read(self._hand_over_from, rounds)

    def _hand_over_from(self, found: list[RoundRow]) -> None:
        """From the last round: what failed there and was not handed over yet."""
        if not found:
            self.office.notices.tell("还没有检查。请先在“四净两规范”页开一轮检查。")
            return
        last = found[0]

        def told(many: int) -> None:
            self.office.notices.saved(
                f"从“{last.title}”列入 {many} 个问题" if many else f"“{last.title}”里没有新的问题可以列入"
            )

        self._desk.write(open_failings(self.office.workbook, last.id), told, said="")

    def _ask_export(self) -> None:
        if not self.table.shown_ids():
            self.office.notices.tell("没有可以导出的问题。")
            return
        name, _ = QFileDialog.getSaveFileName(self, "导出清单", "问题整改清单.xlsx", "Excel 工作簿 (*.xlsx)")
        if name:
            self.export(Path(name))

    def export(self, path: Path) -> None:
        """Write the problems that are shown as an Excel list."""
        from app.sheets.rectifications import write_rectifications

        work = write_rectifications(self.office.workbook, [self._rows[id] for id in self.table.shown_ids()], path)
        self.office.jobs.start(
            work, lambda count: self.office.notices.tell(f"已导出 {count} 个问题到“{path.name}”。"), title="导出清单"
        )
