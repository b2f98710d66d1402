"""一户: everything of one household: an index of its parts and the one that is chosen.

Opened from the list, `open(household=…, order=…)`.
"""

from collections.abc import Mapping, Sequence
from functools import partial
from typing import Any

from PySide6.QtCore import Qt
from PySide6.QtGui import QAction
from PySide6.QtWidgets import QFrame, QHBoxLayout, QLabel, QPushButton, QStackedWidget, QVBoxLayout, QWidget

from app.dashboard.household_counts import PartCount, counted_household
from app.issues.issues import Severity, severity_counts
from app.records.household import HouseholdDetails, household_details, household_tables, nearest_record, nearest_table
from app.registers.engine.rows import ids_of_households
from app.registers.lists import all_lists, is_about_households
from app.workbook.roles import REVEAL, refusal
from app.workbook.workbook import WorkbookChanges
from ui.household.household_header import HouseholdHeader
from ui.household.household_part import HouseholdPart
from ui.household.merge_controller import MergeController
from ui.household.part_index import PartIndex
from ui.household.parts import part_classes
from ui.printing.page_queries import papers_of
from ui.registers.list_export import FindIds, ListExport
from ui.shell.page import SUBMENU, AppContext, Page

_PARTS = part_classes()
_PART_OF_TABLE = {part.TABLE: name for name, part in _PARTS.items() if part.TABLE}
_FIRST_PART = "basic"
# what the parts' buttons share; {} is what the parts add
_SHORTCUTS = {
    "Alt+A": "新增（{}）",
    "Alt+D": "减少、结束或撤回",
    "Alt+B": "配成整治前后（照片）",
    "Alt+E": "写进户档（动态）",
    "Alt+H": "设为户主",
    "Alt+Y": "打印附件（照片）",
    "Alt+L": "添加{}",
    "Alt+V": "入户核实（走访）",
    "Alt+W": "列为问题（走访）",
    "Alt+M": "交办任务（走访）",
    "Alt+R": "从台账带入（收入）",
    "Alt+O": "看来源（收入）",
}


def _shortcut_label(shortcut: str) -> str:
    things = dict.fromkeys(part.ADDS[shortcut] for part in _PARTS.values() if shortcut in part.ADDS)
    return _SHORTCUTS[shortcut].format("、".join(things))


def _part_of(table: str) -> str:
    """The part that shows a table's records; the first one for a table that none shows."""
    return _PART_OF_TABLE.get(nearest_table(table, _PART_OF_TABLE), _FIRST_PART)


def _read_household(
    session: Any, household_id: str, target: tuple[str, str, str] | None
) -> tuple[HouseholdDetails, tuple[str, str, str] | None]:
    """The household, and the field that the cursor is to go to, of the record that a part shows."""
    if target is not None:
        table, record_id, column = target
        shown_id = nearest_record(session, table, record_id, _PART_OF_TABLE)
        target = (table, shown_id, column if table in _PART_OF_TABLE else "")
    return household_details(session, household_id), target


def _count_parts(session: Any, household_id: str) -> tuple[dict[str, PartCount | None], dict[Severity, int]]:
    """What stands beside each part, and the open doubts by severity."""
    household = counted_household(session, household_id)
    return {name: part.count(session, household) for name, part in _PARTS.items()}, severity_counts(household.issues)


class HouseholdPage(Page):
    """The parts are made when they are first looked at; each gets the household again after every change."""

    TITLE = "户档"
    CHAPTER = "04-农户与户档"
    ICON = "card"
    ORDER = 21
    IN_NAVIGATION = False
    PARENT = "households"

    def __init__(self, context: AppContext) -> None:
        super().__init__(context)
        self._household_id = ""
        self._order: Sequence[str] = ()
        self._card: HouseholdDetails | None = None
        self._asked_target: tuple[str, str, str] | None = None  # where the cursor is to go once it was looked up
        self._focus_target: tuple[str, str, str] | None = None  # where it is to go
        self._add_pending = False  # a new record is to be begun on the part
        self._index_pending = False  # the keyboard goes to the index
        self._request_number = 0  # counts readings, so that only the last one is shown
        self._up_to_date: set[str] = set()  # parts that have seen this card
        self._parts: dict[str, HouseholdPart] = {}
        self._shown_part = _FIRST_PART
        self.header = HouseholdHeader()
        self.header.phone_requested.connect(self._show_phone)
        self.header.issues_requested.connect(self._show_issues)
        self.merge_controller = MergeController(context, self)
        self.merge_controller.merged.connect(lambda household_id: self.open(household=household_id))
        self.index = PartIndex(_PARTS)
        self.index.mark(_FIRST_PART)
        self.index.part_selected.connect(self.show_part)
        self.index.part_entered.connect(self._enter_part)
        self._part_stack = QStackedWidget()
        self._stack = QStackedWidget()
        self._build_layout()
        self.exporting = ListExport(self, [one for one in all_lists() if is_about_households(one)], self._find_own)
        self._actions = self._make_actions()

    def _build_layout(self) -> None:
        hint_label = QLabel("在“农户”页选一户，按回车打开。")
        hint_label.setProperty("quiet", True)
        part_card = QFrame()
        part_card.setProperty("card", True)
        card_layout = QVBoxLayout(part_card)
        card_layout.setContentsMargins(1, 1, 1, 1)
        card_layout.addWidget(self._part_stack)
        columns = QHBoxLayout()
        columns.setSpacing(10)
        columns.addWidget(self.index)
        columns.addWidget(part_card, 1)
        body = QWidget()
        body_layout = QVBoxLayout(body)
        body_layout.setContentsMargins(0, 0, 0, 0)
        body_layout.setSpacing(4)
        body_layout.addWidget(self.header)
        body_layout.addLayout(columns, 1)
        self._stack.addWidget(hint_label)
        self._stack.addWidget(body)
        layout = QVBoxLayout(self)
        layout.setContentsMargins(12, 0, 12, 10)
        layout.addWidget(self._stack)

    def _make_actions(self) -> list[QAction]:
        for key in _SHORTCUTS:
            self.add_page_action(f"press_{key[-1]}", _shortcut_label(key), key, partial(self._click_shortcut, key))
        self.add_page_action("show_phone", "显示联系电话", "Alt+P", self._show_phone)
        self.add_page_action("show_doubts", "查看疑点", "Alt+Q", self._show_issues)
        self.add_page_action("go_to_index", "到目录", "Alt+I", self.index.setFocus)
        self.add_page_action("part_above", "看目录上一项", "Ctrl+PgUp", lambda: self._show_neighbour(-1))
        self.add_page_action("part_below", "看目录下一项", "Ctrl+PgDown", lambda: self._show_neighbour(1))
        self.add_page_action("grid", "表格编辑", "Ctrl+G", self._open_grid)
        self.add_page_action("print_row", "打印这一项", "Ctrl+Shift+L", self._print_part)
        for name in self.index.names:
            part, show = _PARTS[name], partial(self.show_part, name)
            action = self.add_page_action(f"part_{name}", f"看{part.TITLE}", f"Alt+{part.KEY}", show)
            action.setProperty(SUBMENU, "目录")
        return [
            self.add_page_action("back", "返回列表", "Alt+Left", lambda: self.context.open("households"), "back"),
            self.add_page_action("previous", "上一户", "Alt+Up", lambda: self._step(-1), "previous"),
            self.add_page_action("next", "下一户", "Alt+Down", lambda: self._step(1), "next"),
            self.add_page_action("print", "打印档案", "Ctrl+P", self._print, "print"),
            self.add_page_action("export", "导出表格…", "Ctrl+E", self._ask_export, "export"),
            self.add_page_action("join", "与另一户合并…", "Ctrl+J", self._start_merge, "join"),
            self.add_page_action("part", "拆分并入的户…", "Ctrl+Shift+J", self._start_unmerge, "part"),
        ]

    def visible_actions(self) -> list[QAction]:
        return self._actions

    def part_buttons(self) -> Mapping[str, QPushButton]:
        return self.current_part.shortcut_buttons if self.current_part else {}

    def open(
        self,
        household: str = "",
        order: Sequence[str] | None = None,
        part: str = "",
        at: tuple[str, str, str] | None = None,
        new: bool = False,
        **params: Any,
    ) -> None:
        """
        Args:
            household: its id
            order: ids in the order of the list it was opened from
            part: name of a part: its file's without _part, or the key of a register
            at: table, record and column to put the cursor into; without a column the record is pointed at
            new: begin a new record on the part
        """
        self._asked_target, self._focus_target, self._add_pending = at, None, False
        if order is not None:
            self._order = order
        if household and household != self._household_id:
            self._household_id = household
            self._card = None
        name = _part_of(at[0]) if at is not None else part
        if name:
            self.show_part(name if name in _PARTS else _FIRST_PART)
        self._index_pending = at is None and not new
        self._add_pending = new  # not before: the part still shows what it showed
        if self._household_id:
            self._load()

    def refresh(self, changes: WorkbookChanges) -> None:
        if self._household_id and changes.touches(*household_tables()):
            self._load()

    def can_leave(self) -> bool:
        return all(part.can_leave() for part in self._parts.values())

    @property
    def current_part(self) -> HouseholdPart | None:
        """The part that is seen."""
        return self._parts.get(self._shown_part)

    def _load(self) -> None:
        self._request_number += 1
        request_number = self._request_number
        self.context.read(
            lambda found: self._show_card(*found) if request_number == self._request_number else None,
            _read_household,
            self._household_id,
            self._asked_target,
        )

    def _show_card(self, household_card: HouseholdDetails, focus_target: tuple[str, str, str] | None) -> None:
        self._asked_target, self._focus_target = None, focus_target
        self._card = household_card
        self._up_to_date.clear()
        position = self._order.index(household_card.id) if household_card.id in self._order else -1
        self.header.show_card(
            household_card, f"第 {position + 1} 户，共 {len(self._order)} 户" if position >= 0 else ""
        )
        for action, enabled in zip(
            self._actions[1:3], (position > 0, 0 <= position < len(self._order) - 1), strict=True
        ):
            action.setEnabled(enabled)
        self._stack.setCurrentIndex(1)
        if self._index_pending:
            self._index_pending = False
            self.index.setFocus()  # the arrow keys go from part to part, Enter into the one that is shown
        self._show_current()
        self.context.read(partial(self._show_counts, self._request_number), _count_parts, household_card.id)

    def _show_counts(self, request_number: int, found: tuple[dict[str, PartCount | None], dict[Severity, int]]) -> None:
        if request_number == self._request_number:
            part_counts, issue_counts = found
            self.index.set_counts(part_counts)
            self.header.show_issues(issue_counts)

    def _open_grid(self) -> None:
        """The people of the household as a sheet that is typed into."""
        if self._card is not None and self.can_leave():
            ids = [member.id for member in self._card.members]
            about = f"{self.header.name_label.text()}户的 {len(ids)} 人"
            self.context.open("cell_grid", list="member", ids=ids, about=about, back="household")

    def _show_issues(self) -> None:
        if self._household_id and self.can_leave():
            self.context.open("issues", household=self._household_id, head=self.header.name_label.text())

    def show_part(self, name: str) -> None:
        """Show a part of the household; not while something typed in the one that is shown is refused."""
        current = self.current_part
        if name != self._shown_part and current is not None and not current.can_leave():
            name = self._shown_part
        self.index.mark(name)
        self._shown_part = name
        self._show_current()

    def _show_neighbour(self, offset: int) -> None:
        self.show_part(self.index.neighbour(offset))

    def _enter_part(self) -> None:
        """The keyboard goes to the first thing of the part that takes it."""
        part = self.current_part
        widget = part.nextInFocusChain() if part is not None else None
        while part is not None and widget is not None and part.isAncestorOf(widget):
            if widget.isVisible() and widget.isEnabled() and widget.focusPolicy() & Qt.FocusPolicy.TabFocus:
                widget.setFocus(Qt.FocusReason.TabFocusReason)
                return
            widget = widget.nextInFocusChain()

    def _show_current(self) -> None:
        name = self._shown_part
        if self._card is None:
            return
        if name not in self._parts:
            self._parts[name] = _PARTS[name](self.context)
            self._part_stack.addWidget(self._parts[name])
        part = self._parts[name]
        self._part_stack.setCurrentWidget(part)
        if name in self._up_to_date:
            return
        self._up_to_date.add(name)
        part.show_card(self._card)
        if self._focus_target is not None and name == _part_of(self._focus_target[0]):
            part.focus_field(*self._focus_target[1:])
            if not self._focus_target[2]:
                self._enter_part()
            self._focus_target = None
        if self._add_pending:
            self._add_pending = False
            self._click_shortcut("Alt+A")

    def _step(self, offset: int) -> None:
        if self._household_id in self._order and self.can_leave():
            position = self._order.index(self._household_id) + offset
            if 0 <= position < len(self._order):
                self.open(household=self._order[position])

    def _click_shortcut(self, shortcut: str) -> None:
        button = self.part_buttons().get(shortcut)
        if button is not None:
            button.click()

    def _print(self) -> None:
        if self._household_id and self.can_leave():
            self.context.open("printing", household=self._household_id, households=(self._household_id,))

    def _print_part(self) -> None:
        """The parts of the archive that print what is shown, else a paper of its own."""
        if self._household_id and self.can_leave():
            self.context.read(self._open_papers, papers_of, _PARTS[self._shown_part].TABLE)

    def _open_papers(self, printed: tuple[list[str], list[str]]) -> None:
        sections, papers = printed
        if sections or papers:
            chosen = {"sections": sections} if sections else {"paper": papers[0]}
            self.context.open("printing", household=self._household_id, households=(self._household_id,), **chosen)
        else:
            self.context.status_bar.info("这一项没有单独的材料，按 Ctrl+P 打印整份档案。")

    def _ask_export(self) -> None:
        """This household as a list; the part that is shown is proposed."""
        if self._household_id and self.can_leave():
            self.exporting.ask((), "这一户的", _PARTS[self._shown_part].TABLE)

    def _find_own(self) -> FindIds:
        household_ids = [self._household_id]
        return lambda session, register: ids_of_households(session, register, household_ids)

    def _start_merge(self) -> None:
        if self._household_id and self.can_leave():
            self.merge_controller.start(self._household_id)

    def _start_unmerge(self) -> None:
        if self._household_id and self.can_leave():
            self.merge_controller.start_unmerge(self._household_id)

    def _show_phone(self) -> None:
        # looking at a hidden number is a deed that the log keeps
        if not self.context.workbook.may(REVEAL):
            self.context.status_bar.info(refusal(self.context.workbook.role, REVEAL, "查看完整号码"))
            return
        audit = partial(self.context.workbook.audit, "查看联系电话", 1)
        self.context.tasks.start(audit, lambda _: self.header.reveal_phone())
