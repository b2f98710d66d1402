"""从台账带入: households whose account of a year, or whose members, say otherwise than their registers."""

from collections.abc import Callable, Mapping, Sequence
from datetime import date
from functools import partial
from typing import Any, ClassVar

from PySide6.QtCore import Qt
from PySide6.QtGui import QShortcut

from app.register_proposals.origins import OriginRow, source_rows
from app.register_proposals.taking import Taken, take
from app.registers.engine.topic import Topic
from app.viewed_lists.proposal_source import CLEAR, DOUBTFUL, KIND_LABELS, proposal_list
from ui.list_views.viewed_page import ViewedPage
from ui.proposals.proposal_rows import PROPOSAL_COLUMNS, ProposalTable, Ticks, load_proposals
from ui.proposals.source_choice import open_origin
from ui.shell.page import AppContext

_YEARS_BACK = 5


class RegisterProposalsPage(ViewedPage):
    """One figure or mark a row; Space ticks, Ctrl+Enter takes what is ticked among the rows that are shown."""

    TITLE = "从台账带入"
    ICON = "take_in"
    ORDER = 301
    TOPIC: ClassVar[Topic | None] = Topic.SUPPORT
    SHORTCUT = "Shift+F12"
    CHAPTER = "24-从台账带入"
    IS_RELEASED = True
    READ_CHOICES: ClassVar[tuple[str, ...]] = ("year",)
    NOTHING = "户档和台账一致，没有要带入的。"

    def __init__(self, context: AppContext) -> None:
        this_year = date.today().year
        years = [(f"{year} 年", str(year)) for year in range(this_year, this_year - _YEARS_BACK - 1, -1)]
        choices = {
            "year": ("年度", years),
            "kind": ("内容", [("全部内容", ""), *((label, kind) for kind, label in KIND_LABELS.items())]),
            "doubt": ("疑点", [("有没有疑点", ""), ("没有疑点", CLEAR), ("有疑点", DOUBTFUL)]),
        }
        super().__init__(context, "户主、村组、项目或依据（Ctrl+F）", choices, proposal_list(), PROPOSAL_COLUMNS)
        self.ticks = Ticks()
        self._selected: list[str] = []  # to be selected again when the list with other ticks is there
        self.table.row_activated.connect(self._open_household)
        space = QShortcut(Qt.Key.Key_Space, self.table)
        space.setContext(Qt.ShortcutContext.WidgetShortcut)
        space.activated.connect(self._tick)
        self._page_actions = [
            self.add_page_action("take", "带入打勾的", "Ctrl+Return", self._take, "take_in"),
            self.add_page_action("tick", "打勾、去掉勾", "Ctrl+K", self._tick),
            self.add_page_action("open_row", "看台账", "Ctrl+J", self._open_row, "register"),
            self.shown_export.add_action(),
        ]
        self.add_list_actions()
        self.lay_out(self.table)

    def open(self, view: str = "", year: int = 0, **params: Any) -> None:
        """`year`: of the accounts that are wanted, this one by default."""
        if year:
            self._offer_year(str(year))
            self.filter_line.choose(year=str(year))
        super().open(view, **params)

    def restore_choices(self, state: Mapping[str, str]) -> None:
        if year := state.get("year", ""):
            self._offer_year(year)
        super().restore_choices(state)

    def _offer_year(self, year: str) -> None:
        """One that is further back than those that are listed can be chosen too."""
        box = self.filter_line.boxes["year"]
        if box.findData(year) < 0:
            box.addItem(f"{year} 年", year)

    @property
    def _year(self) -> int:
        return int(self.filter_line.value("year"))

    def read_work(self) -> Callable[[], ProposalTable]:
        return partial(load_proposals, self.context.workbook, self._year, self.ticks)

    def show_list(self, found: Any) -> None:
        self.ticks.use(found.proposals)
        super().show_list(found)

    def tell_shown(self, keys: Sequence[str]) -> None:
        if self._selected:
            self.table.select_ids(self._selected)
            self._selected = []
        shown = [self.ticks.proposals[key] for key in keys]
        households = len({one.household_id for one in shown})
        doubts = sum(bool(one.doubt) for one in shown)
        told = f"{households} 户 {len(shown)} 项与台账不一致，{doubts} 项有疑点；打勾 {len(self.ticks.among(keys))} 项"
        self.count.setText(told if shown else "")

    def _tick(self) -> None:
        """Tick the selected rows, or take their ticks away where all have one."""
        self._selected = self.table.selected_ids()
        self.ticks.turn(self._selected or [self.table.current_id()])
        self.filter_rows()

    def _take(self) -> None:
        ticked = self.ticks.among(self.table.visible_ids())
        work = partial(take, self.context.workbook, ticked, self._year, date.today())
        self.context.write(work, self._show_taken, message="")

    def _show_taken(self, taken: Taken) -> None:
        changed = f"；{taken.changed_since} 项列出以后有改动，没有写" if taken.changed_since else ""
        self.context.status_bar.saved(f"带入 {taken.written} 项{changed}")

    def _open_household(self, key: str) -> None:
        proposals = self.ticks.proposals
        order = tuple(dict.fromkeys(proposals[id].household_id for id in self.table.visible_ids()))
        part = "income" if proposals[key].is_income else "members"
        self.context.open("household", household=proposals[key].household_id, order=order, part=part)

    def _open_row(self) -> None:
        one = self.ticks.proposals.get(self.table.current_id())
        if one is not None:
            self.context.read(self._show_rows, source_rows, one.sources)

    def _show_rows(self, rows: list[OriginRow]) -> None:
        open_origin(self.context, self, rows)
