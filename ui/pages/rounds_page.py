"""四净两规范: the rounds, and of each who is left, the ranking, honours, what to put right, groups, the last round."""

from datetime import date
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING, Any

from PySide6.QtCore import Qt
from PySide6.QtGui import QAction
from PySide6.QtWidgets import (
    QComboBox,
    QFrame,
    QHBoxLayout,
    QLabel,
    QVBoxLayout,
)

from app.checklists.households import RoundHousehold, load_register
from app.checklists.rounds import RoundRow, list_rounds, open_round, set_round_state
from app.issues.random_sample import SampleRequest, open_sample, sample_groups
from app.records.draft import Draft, open_draft, save_draft, withdraw
from app.records.field import field
from app.viewed_lists.round_left_source import LEFT_LIST
from app.viewed_lists.round_list import load_outcome
from ui.list_views.view_bar import FILTER_KEY, VIEWS_KEY
from ui.scoring.round_dialogs import EditRoundDialog, NewRoundDialog, RoundRequest
from ui.scoring.round_tables import NONE_LEFT, ROUND_COLUMNS, RoundTables, round_row, round_tables
from ui.scoring.round_tabs import RoundTabs
from ui.scoring.sample_dialog import SampleDialog
from ui.shell.page import AppContext, Page
from ui.shell.tasks import Work
from ui.widgets.file_choice import save_file_name
from ui.widgets.question import ask
from ui.widgets.row_table import RowTable
from ui.widgets.two_sides import two_sides

if TYPE_CHECKING:
    from app.workbook.workbook import WorkbookChanges

_TABLES = ("round", "checklist_used", "inspection", "answer", "household", "member")
_NO_HOUSEHOLDS = "这一轮没有要检查的户。请先导入或登记户。"
_EMPTY_HINT = "还没有检查轮次。\n按 Ctrl+N 建立第一轮，例如“2026年11月四净两规范”。"


def _load_tables(session: Any, round_id: str) -> RoundTables:
    return round_tables(load_outcome(session, round_id))


def _load_households(session: Any, village: str) -> list[RoundHousehold]:
    return [entry.household for entry in load_register(session, village) if entry.in_force]


class RoundsPage(Page):
    """At the left the rounds, at the right the one that is chosen. `open(round=…)` chooses one."""

    TITLE = "四净两规范"
    ICON = "round"
    ORDER = 40
    GROUP = "检查整改"
    SHORTCUT = "Ctrl+4"
    CHAPTER = "06-四净两规范"

    def __init__(self, context: AppContext) -> None:
        super().__init__(context)
        self._rows: dict[str, RoundRow] = {}
        self._pending_id = ""  # the round to choose when the list has been read
        self._list_request = 0  # counts readings of the list, so that only the last one is shown
        self.dialog: NewRoundDialog | EditRoundDialog | SampleDialog | None = None
        self.round_table = RowTable("rounds", "检查轮次")
        self.round_table.set_columns(ROUND_COLUMNS)
        self.round_table.placeholder = _EMPTY_HINT
        self.round_table.setMinimumWidth(300)
        self._round_request = 0  # counts readings of a round, so that only the last one is shown
        self._build_layout()
        self._actions = self._make_actions()
        self.round_table.current_row_changed.connect(self._show_round)
        self.round_table.row_activated.connect(lambda _: self._continue_scoring())
        self.tabs.row_activated.connect(self._open_scoring)
        self.tabs.currentChanged.connect(lambda _: self._update_list_actions())

    def _make_actions(self) -> list[QAction]:
        self._list_actions = [
            self.add_page_action("filter", "筛选", FILTER_KEY, self.tabs.open_filter),
            self.add_page_action("views", "视图", VIEWS_KEY, self.tabs.open_views),
            self.add_page_action("clear", "清除筛选", "Ctrl+Shift+F", self.tabs.clear_filter),
            self.add_page_action("ledger", "打印所见", "Ctrl+T", self._print_ledger, "print"),
        ]
        return [
            self.add_page_action("new_round", "新建轮次", "Ctrl+N", self._show_new_dialog, "add"),
            self.add_page_action("sample", "随机抽查…", "Ctrl+Shift+N", self._show_sample_dialog, "search"),
            self.add_page_action("go_on", "接着评分", "Ctrl+Return", self._continue_scoring, "next"),
            self.add_page_action("score_grid", "表格评分", "Ctrl+G", self._open_grid, "register"),
            self.add_page_action("change_round", "修改轮次", "F2", self._show_edit_dialog, "edit"),
            self.add_page_action("fill_round", "按档案填写", "Ctrl+M", self._fill_from_archives, "archive"),
            self.add_page_action("export", "导出本表", "Ctrl+E", self._choose_export_path, "export"),
            self.add_page_action("print_round", "打印本表", "Ctrl+P", self._print, "print"),
            self.add_page_action("withdraw_round", "撤回轮次", "Ctrl+Delete", self._withdraw_round, "close"),
        ]

    def _update_list_actions(self) -> None:
        """The sums of the groups are no list that can be viewed."""
        for action in self._list_actions:
            action.setEnabled(self.tabs.current_list() is not None)

    def _open_grid(self) -> None:
        """The round as one sheet of households and check points."""
        if round_id := self.round_table.current_id():
            self.context.open("score_grid", round=round_id)

    def _build_layout(self) -> None:
        self.title_label, self.figures_label, self.comparison_label = QLabel(), QLabel(), QLabel()
        for label, name in (
            (self.title_label, "round_title"),
            (self.figures_label, "figures"),
            (self.comparison_label, "before"),
        ):
            label.setObjectName(name)
            label.setTextFormat(Qt.TextFormat.PlainText)
            label.setProperty("title" if label is self.title_label else "quiet", True)
            label.setWordWrap(True)
        self.state_box = QComboBox()
        self.state_box.setObjectName("round_state")
        self.state_box.setAccessibleName("轮次状态")
        self.state_box.addItems([option.value for option in field("round", "state").options])
        self.state_box.activated.connect(self._set_state)
        header = QHBoxLayout()
        header.addWidget(self.title_label, 1)
        header.addWidget(QLabel("状态"))
        header.addWidget(self.state_box)
        self.card = QFrame()
        sides = two_sides(self.round_table, self.card, (450, 720), self)
        self.tabs = RoundTabs(self.context, self.card)
        card_layout = QVBoxLayout(self.card)
        card_layout.setContentsMargins(8, 0, 0, 0)
        card_layout.addLayout(header)
        card_layout.addWidget(self.figures_label)
        card_layout.addWidget(self.comparison_label)
        card_layout.addWidget(self.tabs, 1)
        layout = QVBoxLayout(self)
        layout.setContentsMargins(16, 12, 16, 12)
        layout.addWidget(sides)
        self.setFocusProxy(self.round_table)
        self.card.hide()

    def visible_actions(self) -> list[QAction]:
        return self._actions

    def open(self, **params: Any) -> None:
        self._pending_id = str(params.get("round", ""))
        if view := str(params.get("view", "")):
            self.tabs.open_view(str(params.get("view_list", "")), view)
        self._read_rounds()
        self.round_table.setFocus()

    def refresh(self, changes: "WorkbookChanges") -> None:
        if changes.touches(*_TABLES):
            self._read_rounds()

    # --- reading -----------------------------------------------------------------------------------------------------

    def _read_rounds(self) -> None:
        self._list_request += 1
        request_number = self._list_request
        self.context.read(
            lambda round_rows: self._show_rounds(round_rows) if request_number == self._list_request else None,
            list_rounds,
        )

    def _show_rounds(self, round_rows: tuple[RoundRow, ...]) -> None:
        self._rows = {row.id: row for row in round_rows}
        self.round_table.blockSignals(True)
        self.round_table.set_rows(round_row(row) for row in round_rows)
        if self._pending_id:
            self.round_table.set_current_id(self._pending_id)
        self._pending_id = ""
        self.round_table.blockSignals(False)
        self._show_round(self.round_table.current_id())

    def _show_round(self, round_id: str) -> None:
        row = self._rows.get(round_id)
        self.card.setVisible(row is not None)
        if row is None:
            return
        self.title_label.setText(row.title)
        self.state_box.setCurrentText(row.state)
        average = "" if row.average is None else f"平均 {row.average} 分　达标 {row.passed} 户　"
        days = "　".join(
            f"{label} {day}" for label, day in (("开始", row.started_on), ("截止", row.due_on)) if day is not None
        )
        self.figures_label.setText(
            f"应评 {row.households} 户　已评 {row.inspected} 户　未评 {row.remaining} 户　{average}{days}"
        )
        self.tabs.setTabText(0, f"未评（{row.remaining}）")
        self._round_request += 1
        request_number = self._round_request
        self.tabs.tab_of(LEFT_LIST).nothing = NONE_LEFT if row.households else _NO_HOUSEHOLDS
        self.context.read(
            lambda loaded: self._show_tables(loaded) if request_number == self._round_request else None,
            _load_tables,
            round_id,
        )

    def _show_tables(self, shown: RoundTables) -> None:
        self.tabs.show_tables(shown)
        comparison = shown.comparison
        self.comparison_label.setVisible(comparison is not None)
        if comparison is not None:
            averages = " → ".join(
                str(average or "—") for average in (comparison.previous_average, comparison.current_average)
            )
            self.comparison_label.setText(
                f"与“{comparison.previous_title}”比：进步 {comparison.improved} 户，持平 {comparison.unchanged} 户，"
                f"退步 {comparison.declined} 户；平均分 {averages}"
            )

    def _choose_export_path(self) -> None:
        """The table that is seen, as an Excel file."""
        row = self._rows.get(self.round_table.current_id())
        if row is not None:
            suggested = f"{row.title} {self.tabs.current_title()}.xlsx"
            name = save_file_name(self, "导出到", suggested, "Excel 工作簿 (*.xlsx)")
            if name:
                self.tabs.export_to(Path(name))

    def _print(self) -> None:
        """The paper that says what the table says that is seen."""
        if round_id := self.round_table.current_id():
            self.context.open("printing", paper=self.tabs.current_report(), round=round_id)

    def _print_ledger(self) -> None:
        """The list that is seen, as it is seen."""
        if round_id := self.round_table.current_id():
            self.tabs.print_ledger(round_id)

    # --- scoring -----------------------------------------------------------------------------------------------------

    def _open_scoring(self, household_id: str) -> None:
        self.context.open("scoring", round=self.round_table.current_id(), household=household_id)

    def _continue_scoring(self) -> None:
        """Score the first household that is left, or look at the first household of a round that is done."""
        if self.round_table.current_id():
            self.context.open("scoring", round=self.round_table.current_id())
        else:
            self._show_new_dialog()

    def _fill_from_archives(self) -> None:
        """A round of 档案完整性检查: each household by what its archive owes and has."""
        from app.reports.archive_answers import fill_from_archives

        if round_id := self.round_table.current_id():
            work = partial(
                fill_from_archives, self.context.workbook, round_id, self.context.workbook.operator, date.today()
            )
            self.context.write(work, lambda count: self.context.status_bar.saved(f"已按档案填写 {count} 户"))

    # --- the round itself --------------------------------------------------------------------------------------------

    def _show_new_dialog(self) -> None:
        dialog = self.dialog = NewRoundDialog(self.context.workbook.villages, date.today(), self)
        dialog.requested.connect(self._create_round)
        dialog.households_needed.connect(self._load_dialog_households)
        dialog.open()

    def _load_dialog_households(self, village: str) -> None:
        dialog = self.dialog
        if isinstance(dialog, NewRoundDialog):
            self.context.read(dialog.show_households, _load_households, village)

    def _create_round(self, request: RoundRequest) -> None:
        work = partial(
            open_round,
            self.context.workbook,
            request.village,
            request.checklist,
            request.title,
            request.period,
            request.started_on,
            request.due_on,
            request.household_ids,
        )
        self._save_round(work, f"已建立“{request.title}”，按 Ctrl+回车 逐户评分。")

    def _show_sample_dialog(self) -> None:
        dialog = self.dialog = SampleDialog(self.context.workbook.villages, date.today(), self)
        dialog.requested.connect(self._draw_sample)
        dialog.groups_needed.connect(lambda village: self.context.read(dialog.show_groups, sample_groups, village))
        dialog.ask_for_groups()
        dialog.open()

    def _draw_sample(self, request: SampleRequest) -> None:
        task = open_sample(self.context.workbook, request, date.today())
        self._save_round(task, f"已抽出“{request.title}”，抽签号记在备注里；在打印页可以印抽查名单。")

    def _show_edit_dialog(self) -> None:
        def show(draft: Draft) -> None:
            dialog = self.dialog = EditRoundDialog(draft, self)
            dialog.requested.connect(
                lambda changed: self._save_round(partial(save_draft, self.context.workbook, changed), "已保存")
            )
            dialog.open()

        if self.round_table.current_id():
            self.context.read(show, open_draft, "round", self.round_table.current_id())

    def _save_round(self, work: Work, message: str) -> None:
        """Write what a dialog asked for; it closes when that is written, and says in place why it was not."""
        dialog = self.dialog
        assert dialog is not None

        def on_saved(result: object) -> None:
            self._pending_id = result if isinstance(result, str) else self.round_table.current_id()
            dialog.accept()
            self.round_table.setFocus()
            self.context.status_bar.saved(message)
            self._read_rounds()

        self.context.tasks.start(work, done=on_saved, failed=dialog.show_error)

    def _set_state(self) -> None:
        row = self._rows.get(self.round_table.current_id())
        state = self.state_box.currentText()
        if row is None or state == row.state:
            return
        work = partial(set_round_state, self.context.workbook, row.id, state)
        self.context.write(work, message=f"“{row.title}”已改为“{state}”。")

    def _withdraw_round(self) -> None:
        row = self._rows.get(self.round_table.current_id())
        if row is None:
            return
        details = f"这一轮已评 {row.inspected} 户，撤回后都不再统计。以后可以在“已撤回”里恢复。"
        work = partial(withdraw, self.context.workbook, "round", row.id)
        write = partial(self.context.write, work, message=f"已撤回“{row.title}”，其中的评分不再统计。")
        choices = (("撤回", write),)
        ask(self, "askWithdraw", "撤回这一轮", f"撤回“{row.title}”？", details, choices=choices, careful=True)
