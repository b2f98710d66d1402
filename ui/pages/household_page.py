"""一户: everything of one household, on tabs. Opened from the list, `open(household=…, order=…)`."""

from collections.abc import Mapping, Sequence
from functools import partial
from typing import Any

from PySide6.QtGui import QAction
from PySide6.QtWidgets import QLabel, QStackedWidget, QTabWidget, QVBoxLayout, QWidget

from app.issues.issues import Severity, severity_counts
from app.records.household import HouseholdDetails, household_details
from app.workbook.workbook import WorkbookChanges
from ui.household.household_header import HouseholdHeader
from ui.household.household_tab import HouseholdTab
from ui.household.merge_controller import MergeController
from ui.household.tabs import tab_classes
from ui.shell.page import AppContext, Page

_TABS = tab_classes()
_TAB_NAMES = list(_TABS)
_TAB_CLASSES = list(_TABS.values())
_TABLES = frozenset(table for tab in _TAB_CLASSES for table in (tab.TABLE, *tab.OTHER_TABLES)) - {""}
# what the tabs' buttons share; {} is what the tabs add
_SHORTCUTS = {"Alt+A": "新增（{}）", "Alt+D": "减少、结束或撤回", "Alt+H": "设为户主", "Alt+L": "添加{}"}


def _shortcut_label(shortcut: str) -> str:
    things = dict.fromkeys(tab.ADDS[shortcut] for tab in _TAB_CLASSES if shortcut in tab.ADDS)
    return _SHORTCUTS[shortcut].format("、".join(things))


def _tab_index(table: str) -> int:
    """The tab that shows a table's records; the first one for a table that none shows."""
    return next((n for n, tab in enumerate(_TAB_CLASSES) if table in (tab.TABLE, *tab.OTHER_TABLES)), 0)


class HouseholdPage(Page):
    """The tabs are made when they are first looked at; each gets the household again after every change."""

    TITLE = "户档"
    ICON = "card"
    ORDER = 21
    IN_NAVIGATION = False
    PARENT = "households"

    def __init__(self, context: AppContext) -> None:
        super().__init__(context)
        self._household_id = ""
        self._order: Sequence[str] = ()
        self._card: HouseholdDetails | None = None
        self._focus_target: tuple[str, str, str] | None = None  # where the cursor is to go
        self._add_pending = False  # a new record is to be begun on the tab
        self._request_number = 0  # counts readings, so that only the last one is shown
        self._up_to_date_tabs: set[int] = set()  # tabs that have seen this card
        self._tabs: dict[int, HouseholdTab] = {}
        self._previous_index = 0
        self.header = HouseholdHeader()
        self.header.phone_requested.connect(self._show_phone)
        self.header.issues_requested.connect(self._show_issues)
        self.merge_controller = MergeController(context, self)
        self.merge_controller.merged.connect(lambda household_id: self.open(household=household_id))
        self.tabs = QTabWidget()
        self.tabs.setObjectName("household_tabs")
        self.tabs.setDocumentMode(False)
        self._tab_layouts: list[QVBoxLayout] = []
        for tab_class in _TAB_CLASSES:
            tab = QWidget()
            self._tab_layouts.append(QVBoxLayout(tab))
            self._tab_layouts[-1].setContentsMargins(0, 0, 0, 0)
            self.tabs.addTab(tab, tab_class.TITLE)
        self.tabs.currentChanged.connect(self._on_tab_changed)
        self.hint_label = QLabel("在“农户”页选一户，按回车打开。")
        self.hint_label.setProperty("quiet", True)
        body = QWidget()
        body_layout = QVBoxLayout(body)
        body_layout.setContentsMargins(0, 0, 0, 0)
        body_layout.setSpacing(4)
        body_layout.addWidget(self.header)
        body_layout.addWidget(self.tabs, 1)
        self._stack = QStackedWidget()
        self._stack.addWidget(self.hint_label)
        self._stack.addWidget(body)
        layout = QVBoxLayout(self)
        layout.setContentsMargins(8, 0, 8, 8)
        layout.addWidget(self._stack)
        self._actions = self._make_actions()

    def _make_actions(self) -> list[QAction]:
        for key in _SHORTCUTS:
            self.add_page_action(f"press_{key[-1]}", _shortcut_label(key), key, partial(self._click_shortcut, key))
        self.add_page_action("show_phone", "显示联系电话", "Alt+P", self._show_phone)
        self.add_page_action("show_doubts", "查看疑点", "Alt+Q", self._show_issues)
        for n, tab_class in enumerate(_TAB_CLASSES):
            show_tab = partial(self.tabs.setCurrentIndex, n)
            self.add_page_action(f"tab_{n}", f"看{tab_class.TITLE}", f"Alt+{tab_class.KEY}", show_tab)
        return [
            self.add_page_action("back", "返回列表", "Alt+Left", lambda: self.context.open("households"), "back"),
            self.add_page_action("previous", "上一户", "Alt+Up", lambda: self._step(-1), "previous"),
            self.add_page_action("next", "下一户", "Alt+Down", lambda: self._step(1), "next"),
            self.add_page_action("print", "打印档案", "Ctrl+P", self._print, "print"),
            self.add_page_action("join", "与另一户合并…", "Ctrl+J", self._start_merge, "join"),
            self.add_page_action("part", "拆分并入的户…", "Ctrl+Shift+J", self._start_unmerge, "part"),
        ]

    def visible_actions(self) -> list[QAction]:
        return self._actions

    def open(
        self,
        household: str = "",
        order: Sequence[str] | None = None,
        tab: str = "",
        at: tuple[str, str, str] | None = None,
        new: bool = False,
        **params: Any,
    ) -> None:
        """
        Args:
            household: its id
            order: ids in the order of the list it was opened from
            tab: name of a tab's file, without _tab
            at: table, record and column to put the cursor into
            new: begin a new record on the tab
        """
        self._focus_target, self._add_pending = at, False
        if at is not None:
            tab = _TAB_NAMES[_tab_index(at[0])]
        if order is not None:
            self._order = order
        if tab:
            self.tabs.setCurrentIndex(_TAB_NAMES.index(tab) if tab in _TAB_NAMES else 0)
        if household and household != self._household_id:
            self._household_id = household
            self._card = None
        self._add_pending = new  # not before: the turned tab still shows the household of before
        if self._household_id:
            self._load()

    def refresh(self, changes: WorkbookChanges) -> None:
        if self._household_id and changes.touches(*_TABLES):
            self._load()

    def can_leave(self) -> bool:
        return all(tab.can_leave() for tab in self._tabs.values())

    @property
    def current_tab(self) -> HouseholdTab | None:
        """The tab that is seen."""
        return self._tabs.get(self.tabs.currentIndex())

    def _load(self) -> None:
        self._request_number += 1
        request_number = self._request_number
        self.context.read(
            lambda household_card: self._show_card(household_card) if request_number == self._request_number else None,
            household_details,
            self._household_id,
        )

    def _show_card(self, household_card: HouseholdDetails) -> None:
        self._card = household_card
        self._up_to_date_tabs.clear()
        position = self._order.index(household_card.id) if household_card.id in self._order else -1
        self.header.show_card(
            household_card, f"第 {position + 1} 户，共 {len(self._order)} 户" if position >= 0 else ""
        )
        for action, enabled in zip(
            self._actions[1:3], (position > 0, 0 <= position < len(self._order) - 1), strict=True
        ):
            action.setEnabled(enabled)
        self._stack.setCurrentIndex(1)
        self._show_tab()
        self.context.read(
            lambda issue_counts: self._show_issue_counts(household_card.id, issue_counts),
            severity_counts,
            household_card.id,
        )

    def _show_issue_counts(self, household_id: str, issue_counts: "Mapping[Severity, int]") -> None:
        if household_id == self._household_id:
            self.header.show_issues(issue_counts)

    def _show_issues(self) -> None:
        if self._household_id and self.can_leave():
            self.context.open("issues", household=self._household_id, head=self.header.name_label.text())

    def _on_tab_changed(self, index: int) -> None:
        previous_tab = self._tabs.get(self._previous_index)
        if index != self._previous_index and previous_tab is not None and not previous_tab.can_leave():
            self.tabs.setCurrentIndex(self._previous_index)
            return
        self._previous_index = index
        self._show_tab()

    def _show_tab(self) -> None:
        index = self.tabs.currentIndex()
        if self._card is None or index in self._up_to_date_tabs:
            return
        if index not in self._tabs:
            tab = self._tabs[index] = _TAB_CLASSES[index](self.context)
            self._tab_layouts[index].addWidget(tab)
        self._up_to_date_tabs.add(index)
        self._tabs[index].show_card(self._card)
        if self._focus_target is not None and index == _tab_index(self._focus_target[0]):
            self._tabs[index].focus_field(*self._focus_target[1:])
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
        button = self.current_tab.shortcut_buttons.get(shortcut) if self.current_tab else None
        if button is not None:
            button.click()

    def _print(self) -> None:
        if self._household_id and self.can_leave():
            self.context.open("printing", household=self._household_id, households=(self._household_id,))

    def _start_merge(self) -> None:
        if self._household_id and self.can_leave():
            self.merge_controller.start(self._household_id)

    def _start_unmerge(self) -> None:
        if self._household_id and self.can_leave():
            self.merge_controller.start_unmerge(self._household_id)

    def _show_phone(self) -> None:
        # looking at a hidden number is a deed that the log keeps
        audit = partial(self.context.workbook.audit, "查看联系电话", 1)
        self.context.tasks.start(audit, lambda _: self.header.reveal_phone())
