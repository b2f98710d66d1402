"""帮扶联系人: who helps how many households, who is over the limit, and which households have nobody."""

from collections.abc import Sequence
from functools import partial
from typing import Any

from PySide6.QtCore import Qt
from PySide6.QtGui import QAction
from PySide6.QtWidgets import QHBoxLayout, QLabel, QSplitter, QTabWidget, QVBoxLayout, QWidget

from app.records.assignment import end, without_helper
from app.records.draft import new_draft, save_draft
from app.records.field import label_of
from app.records.lists import AssignmentRow, HelperRow, HouseholdRow, assignment_rows, helper_rows, household_rows
from app.workbook.workbook import Changes
from ui.household.assign_dialog import AssignDialog, EndDialog, assign_asking
from ui.household.desk import Desk
from ui.household.editor import Editor
from ui.household.helper_dialog import HelperDialog
from ui.household.list_columns import by_group, by_pinyin
from ui.page import Office, Page
from ui.tables.row_table import Column, Row, RowTable

_TABLES = ("helper", "assignment", "household", "member")
_HELPERS = (
    Column("name", "姓名", width=9, sort_key=by_pinyin),
    Column("unit", label_of("helper", "unit"), width=0),
    Column("rank", label_of("helper", "rank"), width=12),
    Column("phone", label_of("helper", "phone"), mask="phone", width=12, hidden=True),
    Column("households", "户数", align="right", width=5),
    Column("limit", "限额", align="right", width=5),
)
_HOMES = (
    Column("head", "户主", width=9, sort_key=by_pinyin),
    Column("group", label_of("household", "group_name"), width=10, sort_key=by_group),
    Column("size", "人数", align="right", width=5),
    Column("attribute", label_of("household", "household_attribute"), width=14),
    Column("started_on", label_of("assignment", "started_on"), width=11),
    Column("household_no", label_of("household", "household_no"), width=0),
)
_GROUPS = (
    ("帮扶联系人", ("name", "sex", "unit", "unit_type", "affiliation", "post", "rank", "phone")),
    ("驻村", ("is_first_secretary", "is_team_leader", "is_team_member", "political", "id_no", "note")),
)


class HelpersPage(Page):
    """Helpers on the left; on the right the current one's households and fields, and the households without anybody."""

    TITLE = "帮扶联系人"
    ICON = "helpers"
    ORDER = 30

    def __init__(self, office: Office) -> None:
        super().__init__(office)
        self._helpers: dict[str, HelperRow] = {}
        self._homes: dict[str, HouseholdRow] = {}
        self._assignments: dict[str, list[AssignmentRow]] = {}
        self._lonely: list[str] = []
        self._loaded = False
        self._wanted = ""
        self._desk = Desk(office, self)
        self.table = self._list("helpers", "帮扶联系人", _HELPERS, "还没有帮扶联系人。按 Ctrl+N 新建，或从花名册导入。")
        self.table.pointed.connect(self._pointed)
        self.theirs = self._list("their_households", "结对的户", _HOMES, "还没有结对的户。按 Ctrl+J 安排。")
        self.lonely = self._list(
            "without_helper", "没有帮扶联系人的户", _HOMES[:4] + _HOMES[5:], "每一户都有帮扶联系人。"
        )
        for one in (self.theirs, self.lonely):
            one.opened.connect(lambda id, one=one: office.open("household", household=id, order=one.shown_ids()))
        self.editor = Editor(self._desk, "helper", 2, _GROUPS, hint="在左边选一位帮扶联系人。")
        self.count = QLabel()
        self.count.setObjectName("count")
        self.count.setProperty("quiet", True)
        self._actions = [
            self.action("new_helper", "新建联系人", "Ctrl+N", self._ask_new, "add"),
            self.action("assign", "安排帮扶", "Ctrl+J", self._ask_assign, "helpers"),
            self.action("end_assignment", "结束结对", "Ctrl+D", self._ask_end, "close"),
            self.action("print_homes", "打印包保户名单", "Ctrl+P", self._print, "print"),
        ]
        self._lay_out()

    def _list(self, name: str, label: str, columns: Sequence[Column], hint: str) -> RowTable:
        made = RowTable(name, label)
        made.set_columns(columns)
        made.hint = hint
        return made

    def _lay_out(self) -> None:
        self.tabs = QTabWidget()
        self.tabs.setObjectName("helper_tabs")
        for part, title in ((self.theirs, "结对的户"), (self.editor, "资料"), (self.lonely, "没有帮扶人的户")):
            place = QWidget()
            QVBoxLayout(place).addWidget(part)
            self.tabs.addTab(place, title)
        for n in range(3):
            self.action(f"tab_{n}", f"看{self.tabs.tabText(n)}", f"Alt+{n + 1}", partial(self.tabs.setCurrentIndex, n))
        parts = QSplitter(Qt.Orientation.Horizontal)
        parts.addWidget(self.table)
        parts.addWidget(self.tabs)
        parts.setSizes([520, 660])
        parts.setChildrenCollapsible(False)
        foot, whole = QHBoxLayout(), QVBoxLayout(self)
        foot.addWidget(self.count)
        whole.setContentsMargins(16, 12, 16, 8)
        whole.addWidget(parts, 1)
        whole.addLayout(foot)

    def _print(self) -> None:
        if self.table.current():
            self.office.open("archive", paper="helper_households", helper=self.table.current())

    def actions_shown(self) -> list[QAction]:
        return self._actions

    def shown(self, helper: str = "", no_helper: bool = False, **about: Any) -> None:
        """`helper`: point at this one. `no_helper`: show the households that have nobody."""
        self._wanted = helper
        if no_helper:
            self.tabs.setCurrentIndex(2)
        if not self._loaded:
            self._load()
        elif helper:
            self.table.point_at(helper)
        (self.lonely if no_helper else self.table).setFocus()

    def refresh(self, changes: Changes) -> None:
        if changes.touches(*_TABLES):
            self._load()

    def may_leave(self) -> bool:
        return self.editor.may_leave()

    def _load(self) -> None:
        self._loaded = True
        self._desk.read(self._show, _everything)

    def _show(self, found: "tuple[list[HelperRow], list[HouseholdRow], list[AssignmentRow], list[str]]") -> None:
        helpers, homes, assignments, self._lonely = found
        self._helpers = {one.id: one for one in helpers}
        self._homes = {one.id: one for one in homes}
        self._assignments = {}
        for one in assignments:
            if one.in_force and one.household_id in self._homes:
                self._assignments.setdefault(one.helper_id, []).append(one)
        self.table.set_rows([_helper_row(one) for one in helpers])
        self.lonely.set_rows([_home_row(self._homes[id], None) for id in self._lonely])
        if self._wanted and self.table.point_at(self._wanted):
            self._wanted = ""
        over = sum(one.over for one in helpers)
        self.count.setText(f"共 {len(helpers)} 位，超限 {over} 位；没有帮扶联系人的 {len(self._lonely)} 户")
        self.tabs.setTabText(2, f"没有帮扶人的户（{len(self._lonely)}）")
        self._pointed(self.table.current())

    def _pointed(self, helper_id: str) -> None:
        if helper_id != self.editor.record_id and not self.editor.may_leave():
            self.table.blockSignals(True)
            self.table.point_at(self.editor.record_id)
            self.table.blockSignals(False)
            return
        self.editor.open(helper_id)
        mine = self._assignments.get(helper_id, [])
        self.theirs.set_rows([_home_row(self._homes[one.household_id], one) for one in mine])

    def _ask_new(self) -> None:
        dialog = HelperDialog(self.office.workbook.villages, self)
        if self.may_leave() and dialog.exec():
            draft = new_draft("helper", dialog.village, "", **dialog.values())
            self._wanted = draft.id
            self._desk.write(save_draft(self.office.workbook, draft), said="已新建帮扶联系人")

    def _ask_assign(self) -> None:
        """Give the chosen households away: those without anybody, or the current helper's own."""
        table = self.lonely if self.tabs.currentIndex() == 2 else self.theirs
        chosen = table.chosen()
        if not chosen:
            self.office.notices.tell("请先在右边选好要安排的户（Ctrl+A 全选，Shift 或 Ctrl 多选）。")
        elif not self._helpers:
            self.office.notices.tell("还没有帮扶联系人，请先按 Ctrl+N 新建。")
        else:
            dialog = AssignDialog(list(self._helpers.values()), len(chosen), table is self.theirs, self)
            if dialog.exec():
                assign_asking(self.office, chosen, dialog, self)

    def _ask_end(self) -> None:
        chosen = set(self.theirs.chosen())
        mine = [one.id for one in self._assignments.get(self.table.current(), []) if one.household_id in chosen]
        if not mine or self.tabs.currentIndex() != 0:
            self.office.notices.tell("请先在“结对的户”里选好要结束的户。")
            return
        dialog = EndDialog(self)
        if dialog.exec() and dialog.day is not None:
            work = end(self.office.workbook, mine, dialog.day, dialog.reason)
            self._desk.write(work, said=f"已结束 {len(mine)} 户的结对")


def _everything(session: Any) -> tuple[list[HelperRow], list[HouseholdRow], list[AssignmentRow], list[str]]:
    return helper_rows(session), household_rows(session), assignment_rows(session), without_helper(session)


def _helper_row(one: HelperRow) -> Row:
    cells = {
        "name": one.name,
        "unit": one.unit,
        "rank": one.rank,
        "phone": one.phone,
        "households": one.households,
        "limit": one.limit,
    }
    return Row(one.id, cells, "bad" if one.over else "")


def _home_row(one: HouseholdRow, assignment: AssignmentRow | None) -> Row:
    cells = {
        "head": one.head,
        "group": one.group or one.hamlet,
        "size": one.size,
        "attribute": one.attribute,
        "started_on": assignment.started_on if assignment else None,
        "household_no": one.household_no,
    }
    return Row(one.id, cells)
