"""四净两规范: the rounds, and of each who is left, the ranking, honours, what to put right, groups, the last round."""

from datetime import date
from pathlib import Path
from typing import TYPE_CHECKING, Any

from PySide6.QtCore import Qt
from PySide6.QtGui import QAction
from PySide6.QtWidgets import QComboBox, QFileDialog, QFrame, QHBoxLayout, QLabel, QSplitter, QTabWidget, QVBoxLayout

from app.checklists.homes import Home, register
from app.checklists.ranking import Comparison, compare
from app.checklists.results import results
from app.checklists.rounds import RoundRow, open_round, rounds, set_state
from app.progress import Progress, Work
from app.records.draft import Draft, open_draft, restore, save_draft, withdraw
from app.records.field import field
from ui.inspection import round_tables as tables
from ui.inspection.round_dialogs import ChangeRound, NewRound, RoundWanted
from ui.inspection.round_export import export_table
from ui.inspection.round_tables import RoundTables
from ui.page import Office, Page
from ui.tables.row_table import Column, RowTable

if TYPE_CHECKING:
    from app.workbook.workbook import Changes, Workbook

_TABLES = ("round", "checklist_used", "inspection", "answer", "household", "member")
_PAPERS = {  # table → the printout of app/archive/papers that it is printed as
    "left": "score_sheet",
    "places": "round_summary",
    "honours": "honour_roll",
    "wrong": "round_rectification",
    "groups": "round_summary",
    "steps": "round_summary",
}
_NONE_YET = "还没有检查轮次。\n按 Ctrl+N 建立第一轮，例如“2026年11月四净两规范”。"


def _rounds(workbook: "Workbook") -> Work[tuple[RoundRow, ...]]:
    yield Progress(0, 1)
    with workbook.reading() as session:
        return rounds(session)


def _tables(workbook: "Workbook", round_id: str) -> Work[tuple[RoundTables, Comparison | None]]:
    yield Progress(0, 1)
    with workbook.reading() as session:
        found, comparison = results(session, round_id), compare(session, round_id)
    yield Progress(1, 1)
    return tables.round_tables(found, comparison), comparison


def _homes(workbook: "Workbook", village: str) -> Work[list[Home]]:
    yield Progress(0, 1)
    with workbook.reading() as session:
        return [entry.home for entry in register(session, village) if entry.in_force]


def _draft(workbook: "Workbook", round_id: str) -> Work[Draft]:
    yield Progress(0, 1)
    with workbook.reading() as session:
        return open_draft(session, "round", round_id)


class RoundPage(Page):
    """At the left the rounds, at the right the one that is chosen. `shown(round=…)` chooses one."""

    TITLE = "四净两规范"
    ICON = "round"
    ORDER = 40

    def __init__(self, office: Office) -> None:
        super().__init__(office)
        self._rows: dict[str, RoundRow] = {}
        self._wanted = ""  # the round to choose when the list has been read
        self._read = 0  # counts readings of the list, so that only the last one is shown
        self.dialog: NewRound | ChangeRound | None = None
        self.rounds = RowTable("rounds", "检查轮次")
        self.rounds.set_columns(tables.ROUNDS)
        self.rounds.hint = _NONE_YET
        self.rounds.setMinimumWidth(300)
        self.tabs = QTabWidget()
        self.tabs.setObjectName("tabs")
        self._chosen = 0  # counts readings of a round, so that only the last one is shown
        self._lists: RoundTables = {}
        self.left = self._table("left", "未评", tables.LEFT, "各户都已评完。")
        self.places = self._table("places", "排名", tables.RANKING, "还没有评完的户，评完一户就有排名。")
        self.honours = self._table("honours", "红榜", tables.HONOURS, "还没有够得上红榜的户。")
        self.wrong = self._table("wrong", "待整改", tables.WRONG, "没有未达标的户。")
        self.groups = self._table("groups", "分组汇总", (), "")
        self.steps = self._table("steps", "与上轮比", tables.STEPS, "同一评分标准还没有上一轮。")
        self._actions = self._made_actions()
        self._lay_out()
        self.rounds.pointed.connect(self._choose)
        self.rounds.opened.connect(lambda _: self._go_on())
        for table in (self.left, self.places, self.honours, self.wrong, self.steps):
            table.opened.connect(self._score)

    def _table(self, name: str, label: str, columns: tuple[Column, ...], hint: str) -> RowTable:
        table = RowTable(name, label)
        table.set_columns(columns)
        table.hint = hint
        self.tabs.addTab(table, label)
        return table

    def _made_actions(self) -> list[QAction]:
        return [
            self.action("new_round", "新建轮次", "Ctrl+N", self._new, "add"),
            self.action("go_on", "接着评分", "Ctrl+Return", self._go_on, "next"),
            self.action("change_round", "修改轮次", "F2", self._change, "edit"),
            self.action("export", "导出本表", "Ctrl+E", self._export, "export"),
            self.action("print_round", "打印本表", "Ctrl+P", self._print, "print"),
            self.action("withdraw_round", "撤回轮次", "Ctrl+Delete", self._withdraw, "close"),
        ]

    def _lay_out(self) -> None:
        self.title, self.figures, self.before = QLabel(), QLabel(), QLabel()
        for label, name in ((self.title, "round_title"), (self.figures, "figures"), (self.before, "before")):
            label.setObjectName(name)
            label.setTextFormat(Qt.TextFormat.PlainText)
            label.setProperty("title" if label is self.title else "quiet", True)
            label.setWordWrap(True)
        self.state = QComboBox()
        self.state.setObjectName("round_state")
        self.state.setAccessibleName("轮次状态")
        self.state.addItems([option.value for option in field("round", "state").options])
        self.state.activated.connect(self._set_state)
        head = QHBoxLayout()
        head.addWidget(self.title, 1)
        head.addWidget(QLabel("状态"))
        head.addWidget(self.state)
        self.card = QFrame()
        lines = QVBoxLayout(self.card)
        lines.setContentsMargins(8, 0, 0, 0)
        lines.addLayout(head)
        lines.addWidget(self.figures)
        lines.addWidget(self.before)
        lines.addWidget(self.tabs, 1)
        sides = QSplitter()
        sides.setObjectName("sides")
        sides.setChildrenCollapsible(False)
        sides.addWidget(self.rounds)
        sides.addWidget(self.card)
        sides.setStretchFactor(1, 1)
        sides.setSizes([390, 780])
        whole = QVBoxLayout(self)
        whole.setContentsMargins(16, 12, 16, 12)
        whole.addWidget(sides)
        self.setFocusProxy(self.rounds)
        self.card.hide()

    def actions_shown(self) -> list[QAction]:
        return self._actions

    def shown(self, **about: Any) -> None:
        self._wanted = str(about.get("round", ""))
        self._read_rounds()
        self.rounds.setFocus()

    def refresh(self, changes: "Changes") -> None:
        if changes.touches(*_TABLES):
            self._read_rounds()

    # --- reading -----------------------------------------------------------------------------------------------------

    def _read_rounds(self) -> None:
        self._read += 1
        reading = self._read
        self.office.jobs.start(
            _rounds(self.office.workbook),
            done=lambda found: self._show_rounds(found) if reading == self._read else None,
            lane="read",
        )

    def _show_rounds(self, found: tuple[RoundRow, ...]) -> None:
        self._rows = {row.id: row for row in found}
        self.rounds.blockSignals(True)
        self.rounds.set_rows(tables.round_row(row) for row in found)
        if self._wanted:
            self.rounds.point_at(self._wanted)
        self._wanted = ""
        self.rounds.blockSignals(False)
        self._choose(self.rounds.current())

    def _choose(self, round_id: str) -> None:
        row = self._rows.get(round_id)
        self.card.setVisible(row is not None)
        if row is None:
            return
        self.title.setText(row.title)
        self.state.setCurrentText(row.state)
        average = "" if row.average is None else f"平均 {row.average} 分　达标 {row.passed} 户　"
        days = "　".join(
            f"{word} {day}" for word, day in (("开始", row.started_on), ("截止", row.due_on)) if day is not None
        )
        self.figures.setText(f"应评 {row.homes} 户　已评 {row.seen} 户　未评 {row.left} 户　{average}{days}")
        self.tabs.setTabText(0, f"未评（{row.left}）")
        self._chosen += 1
        chosen = self._chosen
        self.left.hint = "各户都已评完。" if row.homes else "这一轮没有要检查的户。请先导入或登记户。"
        self.office.jobs.start(
            _tables(self.office.workbook, round_id),
            done=lambda found: self._show_tables(*found) if chosen == self._chosen else None,
            lane="read",
        )

    def _show_tables(self, shown: RoundTables, comparison: Comparison | None) -> None:
        self._lists = shown
        self.groups.set_columns(shown["groups"][0])
        for table in (self.left, self.places, self.honours, self.wrong, self.groups, self.steps):
            table.set_rows(shown[table.objectName()][1])
        self.before.setVisible(comparison is not None)
        if comparison is not None:
            averages = " → ".join(str(one or "—") for one in (comparison.average_before, comparison.average_now))
            self.before.setText(
                f"与“{comparison.before_title}”比：进步 {comparison.better} 户，持平 {comparison.same} 户，"
                f"退步 {comparison.worse} 户；平均分 {averages}"
            )

    def _export(self) -> None:
        """The table that is seen, as an Excel file."""
        row = self._rows.get(self.rounds.current())
        if row is not None:
            suggested = f"{row.title} {self._seen().accessibleName()}.xlsx"
            name, _ = QFileDialog.getSaveFileName(self, "导出到", suggested, "Excel 工作簿 (*.xlsx)")
            if name:
                self.export_to(Path(name))

    def _print(self) -> None:
        """The paper that says what the table says that is seen."""
        if self.rounds.current():
            self.office.open("archive", paper=_PAPERS[self._seen().objectName()], round=self.rounds.current())

    def _seen(self) -> RowTable:
        table = self.tabs.currentWidget()
        assert isinstance(table, RowTable)
        return table

    def export_to(self, out: Path) -> None:
        """Write the table that is seen, in the order in which it is seen."""
        table = self._seen()
        columns, rows = self._lists.get(table.objectName(), ((), ()))
        by_id = {row.id: row for row in rows}
        shown = [by_id[id] for id in table.shown_ids()]
        work = export_table(self.office.workbook, table.accessibleName(), columns, shown, out)

        def done(count: int) -> None:
            self.office.notices.saved(f"已导出 {count} 行到“{out.name}”。")

        self.office.jobs.start(work, done=done, title="正在导出")

    # --- scoring -----------------------------------------------------------------------------------------------------

    def _score(self, household_id: str) -> None:
        self.office.open("inspection", round=self.rounds.current(), household=household_id)

    def _go_on(self) -> None:
        """Score the first home that is left, or look at the first home of a round that is done."""
        if self.rounds.current():
            self.office.open("inspection", round=self.rounds.current())
        else:
            self._new()

    # --- the round itself --------------------------------------------------------------------------------------------

    def _new(self) -> None:
        dialog = self.dialog = NewRound(self.office.workbook.villages, date.today(), self)
        dialog.wanted.connect(self._open_round)
        dialog.homes_needed.connect(self._choose_homes)
        dialog.open()

    def _choose_homes(self, village: str) -> None:
        dialog = self.dialog
        if isinstance(dialog, NewRound):
            self.office.jobs.start(_homes(self.office.workbook, village), done=dialog.show_homes, lane="read")

    def _open_round(self, wanted: RoundWanted) -> None:
        work = open_round(
            self.office.workbook,
            wanted.village,
            wanted.checklist,
            wanted.title,
            wanted.period,
            wanted.started_on,
            wanted.due_on,
            wanted.household_ids,
            by=self,
        )
        self._save(work, f"已建立“{wanted.title}”，按 Ctrl+回车 逐户评分。")

    def _change(self) -> None:
        def show(draft: Draft) -> None:
            dialog = self.dialog = ChangeRound(draft, self)
            dialog.wanted.connect(
                lambda changed: self._save(save_draft(self.office.workbook, changed, by=self), "已保存")
            )
            dialog.open()

        if self.rounds.current():
            self.office.jobs.start(_draft(self.office.workbook, self.rounds.current()), done=show, lane="read")

    def _save(self, work: Work[Any], said: str) -> None:
        """Write what a dialog asked for; it closes when that is written, and says in place why it was not."""
        dialog = self.dialog
        assert dialog is not None

        def done(made: object) -> None:
            self._wanted = made if isinstance(made, str) else self.rounds.current()
            dialog.accept()
            self.rounds.setFocus()
            self.office.notices.saved(said)
            self._read_rounds()

        self.office.jobs.start(work, done=done, failed=dialog.refuse)

    def _set_state(self) -> None:
        row = self._rows.get(self.rounds.current())
        state = self.state.currentText()
        if row is None or state == row.state:
            return

        def done(_: object) -> None:
            self.office.notices.offer_undo(
                f"“{row.title}”已改为“{state}”。", lambda: self._start_state(row.id, row.state)
            )

        self._start_state(row.id, state, done)

    def _start_state(self, round_id: str, state: str, done: Any = None) -> None:
        self.office.jobs.start(set_state(self.office.workbook, round_id, state), done=done)

    def _withdraw(self) -> None:
        row = self._rows.get(self.rounds.current())
        if row is None:
            return

        def done(_: object) -> None:
            self.office.notices.offer_undo(f"已撤回“{row.title}”，其中的评分不再统计。", undo)

        def undo() -> None:
            self.office.jobs.start(restore(self.office.workbook, "round", row.id))

        self.office.jobs.start(withdraw(self.office.workbook, "round", row.id), done=done)
