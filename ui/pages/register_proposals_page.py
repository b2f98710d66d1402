"""从台账带入: households whose account of a year, or whose members, say otherwise than their registers."""

from datetime import date
from functools import partial
from typing import Any, ClassVar

from PySide6.QtGui import QAction
from PySide6.QtWidgets import QLabel, QVBoxLayout

from app.register_proposals.origins import OriginRow, source_rows
from app.register_proposals.proposal import CardProposal
from app.register_proposals.taking import Taken, proposals, take
from app.registers.engine.topic import Topic
from app.workbook.workbook import WorkbookChanges
from ui.list_views.shown_list_export import ShownListExport
from ui.proposals.proposal_table import ProposalTable
from ui.proposals.source_choice import open_origin
from ui.shell.page import AppContext, Page
from ui.widgets.filter_line import FilterLine

_READING = "正在核对…"
_NOTHING = "户档和台账一致，没有要带入的。"
_YEARS_BACK = 5
_INCOME, _MEMBERS, _CLEAR, _DOUBTFUL = "income", "members", "clear", "doubtful"


class RegisterProposalsPage(Page):
    """One figure or mark a row; Enter opens the household, Ctrl+Enter takes what is ticked."""

    TITLE = "从台账带入"
    ICON = "take_in"
    ORDER = 301
    TOPIC: ClassVar[Topic | None] = Topic.SUPPORT
    SHORTCUT = "Shift+F12"
    CHAPTER = "24-从台账带入"
    IS_RELEASED = True

    def __init__(self, context: AppContext) -> None:
        super().__init__(context)
        this_year = date.today().year
        years = [(f"{year} 年", str(year)) for year in range(this_year, this_year - _YEARS_BACK - 1, -1)]
        self.filter_line = FilterLine(
            "户主、村组、项目或依据（Ctrl+F）",
            {
                "year": ("年度", years),
                "kind": ("内容", [("全部内容", ""), ("收入", _INCOME), ("家庭成员", _MEMBERS)]),
                "doubt": ("疑点", [("有没有疑点", ""), ("没有疑点", _CLEAR), ("有疑点", _DOUBTFUL)]),
            },
        )
        self._year = this_year
        self.table = ProposalTable("register_proposals")
        self.table.placeholder = _READING
        self.table.ticks_changed.connect(self._tell)
        self.table.row_activated.connect(self._open_household)
        self.filter_line.changed.connect(self._on_filter)
        self.filter_line.search_submitted.connect(self.table.setFocus)
        self.count = QLabel()
        self.count.setObjectName("count")
        self.count.setProperty("quiet", True)
        self._actions = self._make_actions()
        layout = QVBoxLayout(self)
        layout.setContentsMargins(16, 12, 16, 8)
        layout.addWidget(self.filter_line)
        layout.addWidget(self.table, 1)
        layout.addWidget(self.count)

    def _make_actions(self) -> list[QAction]:
        return [
            self.add_page_action("take", "带入打勾的", "Ctrl+Return", self._take, "take_in"),
            self.add_page_action("tick", "打勾、去掉勾", "Ctrl+K", self.table.tick_selected),
            self.add_page_action("open_row", "看台账", "Ctrl+J", self._open_row, "register"),
            ShownListExport(self, self.table, self.TITLE).add_action(),
            self.add_page_action("find", "查找", "Ctrl+F", self.filter_line.search.setFocus, "search"),
            self.add_page_action("clear", "清除筛选", "Ctrl+Shift+F", self.filter_line.clear),
            self.add_page_action("refresh", "刷新", "F5", self._load),
        ]

    def visible_actions(self) -> list[QAction]:
        return self._actions

    def open(self, year: int = 0, **params: Any) -> None:
        """`year`: of the accounts that are wanted, this one by default."""
        if year and self.filter_line.boxes["year"].findData(str(year)) < 0:
            self.filter_line.boxes["year"].addItem(f"{year} 年", str(year))
        if year:
            self.filter_line.choose(year=str(year))
        self._load()
        self.table.setFocus()

    def refresh(self, changes: WorkbookChanges) -> None:
        self._load()

    def _on_filter(self) -> None:
        if int(self.filter_line.value("year")) != self._year:
            self._load()
        else:
            self._filter()

    def _load(self) -> None:
        self._year = int(self.filter_line.value("year"))
        self.context.read(partial(self._show, self._year), proposals, self._year, date.today())

    def _show(self, year: int, found: list[CardProposal]) -> None:
        if year == self._year:
            self.table.placeholder = _NOTHING
            self.table.show_proposals(found)
            self._filter()

    def _filter(self) -> None:
        kind, doubt = self.filter_line.value("kind"), self.filter_line.value("doubt")

        def passes(one: CardProposal) -> bool:
            words = f"{one.group} {one.head} {one.label} {one.basis} {one.doubt}".casefold()
            return (
                (not kind or one.is_income == (kind == _INCOME))
                and (not doubt or bool(one.doubt) == (doubt == _DOUBTFUL))
                and self.filter_line.has_words(words)
            )

        self.table.set_filter(lambda row: passes(self.table.proposals[row.id]))
        self._tell()

    def _tell(self) -> None:
        shown = [self.table.proposals[key] for key in self.table.visible_ids()]
        households = len({one.household_id for one in shown})
        doubts = sum(bool(one.doubt) for one in shown)
        told = f"{households} 户 {len(shown)} 项和台账不一样，{doubts} 项有疑点；打勾 {len(self.table.ticked())} 项"
        self.count.setText(told if shown else "")

    def _take(self) -> None:
        work = partial(take, self.context.workbook, self.table.ticked(), self._year, date.today())
        self.context.write(work, self._show_taken, message="")

    def _show_taken(self, taken: Taken) -> None:
        changed = f"；{taken.changed_since} 项列出以后有改动，没有写" if taken.changed_since else ""
        self.context.status_bar.saved(f"带入 {taken.written} 项{changed}")

    def _open_household(self, key: str) -> None:
        one = self.table.proposals[key]
        order = tuple(dict.fromkeys(self.table.proposals[id].household_id for id in self.table.visible_ids()))
        part = "income" if one.is_income else "members"
        self.context.open("household", household=one.household_id, order=order, part=part)

    def _open_row(self) -> None:
        one = self.table.proposals.get(self.table.current_id())
        if one is not None:
            self.context.read(self._show_rows, source_rows, one.sources)

    def _show_rows(self, rows: list[OriginRow]) -> None:
        open_origin(self.context, self, rows)
