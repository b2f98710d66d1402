"""一户: everything of one household, on tabs. Opened from the list, `shown(household=…, order=…)`."""

from collections.abc import Mapping, Sequence
from functools import partial
from typing import Any

from PySide6.QtGui import QAction
from PySide6.QtWidgets import QLabel, QStackedWidget, QTabWidget, QVBoxLayout, QWidget

from app.progress import Progress, Work
from app.quality.doubts import Severity, counts
from app.records.household import HouseholdCard, card
from app.workbook.workbook import Changes, Workbook
from ui.household.aid_tab import AidTab
from ui.household.basic_tab import BasicTab
from ui.household.conditions_tab import ConditionsTab
from ui.household.desk import Desk, Tab
from ui.household.forms_tab import FormsTab
from ui.household.header import Header
from ui.household.history_tab import HistoryTab
from ui.household.income_tab import IncomeTab
from ui.household.inspections_tab import InspectionsTab
from ui.household.joiner import Joiner
from ui.household.measures_tab import MeasuresTab
from ui.household.members_tab import MembersTab
from ui.household.photos_tab import PhotosTab
from ui.household.rectification_tab import RectificationTab
from ui.household.visits_tab import VisitsTab
from ui.page import Office, Page

TABS: tuple[type[Tab], ...] = (
    BasicTab,
    MembersTab,
    ConditionsTab,
    IncomeTab,
    AidTab,
    MeasuresTab,
    VisitsTab,
    InspectionsTab,
    FormsTab,
    RectificationTab,
    PhotosTab,
    HistoryTab,
)
# the tab that shows a table's records
_TAB_OF: dict[str, type[Tab]] = {
    "household": BasicTab,
    "member": MembersTab,
    "living_condition": ConditionsTab,
    "income_year": IncomeTab,
    "assignment": AidTab,
    "measure": MeasuresTab,
    "visit": VisitsTab,
    "inspection": InspectionsTab,
}
_LETTERS = {FormsTab: "F", RectificationTab: "G"}  # the other tabs are numbered
_TABLES = (
    "household",
    "member",
    "living_condition",
    "income_year",
    "income_line",
    "helper",
    "assignment",
    "measure",
    "visit",
    "photo",
    "inspection",
    "answer",
    "round",
    "form_entry",
    "form_answer",
    "rectification",
)


# what the tabs' buttons share
_KEYS = {
    "Alt+A": "新增（成员、年度、结对、措施、走访、表单、整改、照片）",
    "Alt+D": "减少、结束或撤回",
    "Alt+H": "设为户主",
    "Alt+L": "添加收入明细、表单照片",
}


class HouseholdPage(Page):
    """The tabs are made when they are first looked at; each gets the household again after every change."""

    TITLE = "户档"
    ICON = "card"
    ORDER = 21
    SHOWN = False

    def __init__(self, office: Office) -> None:
        super().__init__(office)
        self._id = ""
        self._order: Sequence[str] = ()
        self._card: HouseholdCard | None = None
        self._at: tuple[str, str, str] | None = None  # where the cursor is to go
        self._new = False  # a new record is to be begun on the tab
        self._asked = 0  # counts readings, so that only the last one is shown
        self._fresh: set[int] = set()  # tabs that have seen this card
        self._desk = Desk(office, self)
        self._tabs: dict[int, Tab] = {}
        self._before = 0
        self.header = Header()
        self.header.asked.connect(self._show_phone)
        self.header.doubted.connect(self._show_doubts)
        self.joiner = Joiner(office, self)
        self.joiner.joined.connect(lambda kept: self.shown(household=kept))
        self.tabs = QTabWidget()
        self.tabs.setObjectName("household_tabs")
        self.tabs.setDocumentMode(False)
        self._places: list[QVBoxLayout] = []
        for kind in TABS:
            place = QWidget()
            self._places.append(QVBoxLayout(place))
            self._places[-1].setContentsMargins(0, 0, 0, 0)
            self.tabs.addTab(place, kind.TITLE)
        self.tabs.currentChanged.connect(self._turned)
        self.hint = QLabel("在“农户”页选一户，按回车打开。")
        self.hint.setProperty("quiet", True)
        body = QWidget()
        inside = QVBoxLayout(body)
        inside.setContentsMargins(0, 0, 0, 0)
        inside.setSpacing(4)
        inside.addWidget(self.header)
        inside.addWidget(self.tabs, 1)
        self._stack = QStackedWidget()
        self._stack.addWidget(self.hint)
        self._stack.addWidget(body)
        whole = QVBoxLayout(self)
        whole.setContentsMargins(8, 0, 8, 8)
        whole.addWidget(self._stack)
        self._actions = self._made_actions()

    def _made_actions(self) -> list[QAction]:
        for key, label in _KEYS.items():
            self.action(f"press_{key[-1]}", label, key, partial(self._press, key))
        self.action("show_phone", "显示联系电话", "Alt+P", self._show_phone)
        self.action("show_doubts", "查看疑点", "Alt+Q", self._show_doubts)
        numbered = [kind for kind in TABS if kind not in _LETTERS]
        for n, kind in enumerate(TABS):
            key = _LETTERS.get(kind) or str((numbered.index(kind) + 1) % 10)
            self.action(f"tab_{n}", f"看{kind.TITLE}", f"Alt+{key}", partial(self.tabs.setCurrentIndex, n))
        return [
            self.action("back", "返回列表", "Alt+Left", lambda: self.office.open("households"), "back"),
            self.action("previous", "上一户", "Alt+Up", lambda: self._step(-1), "previous"),
            self.action("next", "下一户", "Alt+Down", lambda: self._step(1), "next"),
            self.action("print", "打印档案", "Ctrl+P", self._print, "print"),
            self.action("join", "与另一户合并…", "Ctrl+J", self._ask_join, "join"),
            self.action("part", "拆分并入的户…", "Ctrl+Shift+J", self._ask_part, "part"),
        ]

    def actions_shown(self) -> list[QAction]:
        return self._actions

    def shown(
        self,
        household: str = "",
        order: Sequence[str] | None = None,
        tab: str = "",
        at: tuple[str, str, str] | None = None,
        new: bool = False,
        **about: Any,
    ) -> None:
        """`household`: its id. `order`: ids in the order of the list it was opened from. `tab`: title of a tab. `at`:
        table, record and column to put the cursor into. `new`: begin a new record on the tab."""
        self._at, self._new = at, False
        if at is not None:
            tab = _TAB_OF.get(at[0], BasicTab).TITLE
        if order is not None:
            self._order = order
        if tab:
            titles = [kind.TITLE for kind in TABS]
            self.tabs.setCurrentIndex(titles.index(tab) if tab in titles else 0)
        if household and household != self._id:
            self._id = household
            self._card = None
        self._new = new  # not before: the turned tab still shows the household of before
        if self._id:
            self._read()

    def refresh(self, changes: Changes) -> None:
        if self._id and changes.touches(*_TABLES):
            self._read()

    def may_leave(self) -> bool:
        return all(tab.may_leave() for tab in self._tabs.values())

    @property
    def tab(self) -> Tab | None:
        """The tab that is seen."""
        return self._tabs.get(self.tabs.currentIndex())

    def _read(self) -> None:
        self._asked += 1
        asked = self._asked
        self._desk.read(lambda found: self._show(found) if asked == self._asked else None, card, self._id)

    def _show(self, found: HouseholdCard) -> None:
        self._card = found
        self._fresh.clear()
        place = self._order.index(found.id) if found.id in self._order else -1
        self.header.show_card(found, f"第 {place + 1} 户，共 {len(self._order)} 户" if place >= 0 else "")
        for action, there in zip(self._actions[1:3], (place > 0, 0 <= place < len(self._order) - 1), strict=True):
            action.setEnabled(there)
        self._stack.setCurrentIndex(1)
        self._show_tab()
        self._desk.read(lambda counted: self._count(found.id, counted), counts, found.id)

    def _count(self, household_id: str, counted: "Mapping[Severity, int]") -> None:
        if household_id == self._id:
            self.header.show_doubts(counted)

    def _show_doubts(self) -> None:
        if self._id and self.may_leave():
            self.office.open("doubts", household=self._id, head=self.header.name.text())

    def _turned(self, now: int) -> None:
        before = self._tabs.get(self._before)
        if now != self._before and before is not None and not before.may_leave():
            self.tabs.setCurrentIndex(self._before)
            return
        self._before = now
        self._show_tab()

    def _show_tab(self) -> None:
        now = self.tabs.currentIndex()
        if self._card is None or now in self._fresh:
            return
        if now not in self._tabs:
            made = self._tabs[now] = TABS[now](self._desk)
            self._places[now].addWidget(made)
        self._fresh.add(now)
        self._tabs[now].show_card(self._card)
        if self._at is not None and isinstance(self._tabs[now], _TAB_OF.get(self._at[0], BasicTab)):
            self._tabs[now].point(*self._at[1:])
            self._at = None
        if self._new:
            self._new = False
            self._press("Alt+A")

    def _step(self, by: int) -> None:
        if self._id in self._order and self.may_leave():
            place = self._order.index(self._id) + by
            if 0 <= place < len(self._order):
                self.shown(household=self._order[place])

    def _press(self, key: str) -> None:
        button = self.tab.keys.get(key) if self.tab else None
        if button is not None:
            button.click()

    def _print(self) -> None:
        if self._id and self.may_leave():
            self.office.open("archive", household=self._id, households=(self._id,))

    def _ask_join(self) -> None:
        if self._id and self.may_leave():
            self.joiner.ask(self._id)

    def _ask_part(self) -> None:
        if self._id and self.may_leave():
            self.joiner.ask_part(self._id)

    def _show_phone(self) -> None:
        self.office.jobs.start(_written_down(self.office.workbook), lambda _: self.header.reveal())


def _written_down(workbook: Workbook) -> Work[None]:
    """Looking at a hidden number is a deed that the log keeps."""
    yield Progress(0, 1)
    workbook.deed("查看联系电话", 1)
