"""档案完整性: what the archives of the village owe, what of it is missing, and what was not signed."""

from collections import Counter
from collections.abc import Callable, Sequence
from datetime import date
from functools import partial
from typing import Any, ClassVar

from app.registers.engine.topic import Topic
from app.reports.completeness import MISSING, PAPER_STATES, UNSIGNED, PaperLine, register_signatures
from app.reports.paper_source import GAPS, paper_list
from ui.archive_papers.paper_rows import VILLAGE_COLUMNS, PaperTable, load_papers, to_register
from ui.list_views.viewed_page import ViewedPage
from ui.shell.page import AppContext

_STATE_CHOICES = [("不齐的", GAPS), *((state, state) for state in PAPER_STATES), ("全部", "")]


class ArchiveCompletenessPage(ViewedPage):
    """One paper a row; Enter opens the household."""

    TITLE: ClassVar[str] = "档案完整性"
    ICON: ClassVar[str] = "archive"
    ORDER: ClassVar[int] = 15
    TOPIC: ClassVar[Topic | None] = Topic.REPORTS
    SHORTCUT: ClassVar[str] = "Shift+F4"
    CHAPTER: ClassVar[str] = "08-打印一户一档"
    NOTHING: ClassVar[str] = "没有符合条件的材料。"

    def __init__(self, context: AppContext) -> None:
        hint, choices = "户主、村组、户编号或材料名称（Ctrl+F）", {"state": ("情况", _STATE_CHOICES)}
        super().__init__(context, hint, choices, paper_list(), VILLAGE_COLUMNS)
        self._papers: PaperTable | None = None
        self.table.row_activated.connect(self._open_household)
        self._page_actions = [
            self.add_page_action("sign", "登记已签字", "Ctrl+K", self._register, "settled"),
            self.add_page_action("print", "缺漏清单", "Ctrl+P", partial(self._print, "archive_gaps"), "print"),
            self.add_page_action("print_archives", "打印户档", "Ctrl+R", partial(self._print, ""), "archive"),
            self.shown_export.add_action(),
        ]
        self.add_list_actions()
        self.lay_out(self.table)

    def read_work(self) -> Callable[[], PaperTable]:
        return partial(load_papers, self.context.workbook)

    def show_list(self, found: Any) -> None:
        self._papers = found
        super().show_list(found)

    def tell_shown(self, keys: Sequence[str]) -> None:
        """Of the whole village, whatever the list shows of it."""
        lines = self._papers.lines.values() if self._papers else ()
        states = Counter(line.state for line in lines)
        incomplete = len({line.household_id for line in lines if line.what_is_missing})
        households = len(self._papers.households) if self._papers else 0
        self.count.setText(
            f"{households} 户，{incomplete} 户不齐　缺 {states[MISSING]} 份　未签字 {states[UNSIGNED]} 份"
            f"　列出 {len(keys)} 份"
        )

    def _lines(self, ids: list[str]) -> list[PaperLine]:
        return [self._papers.lines[id] for id in ids if id in self._papers.lines] if self._papers else []

    def _open_household(self, id: str) -> None:
        for line in self._lines([id]):
            self.context.open("household", household=line.household_id)

    def _register(self) -> None:
        """Those that are selected came back signed."""
        lines = to_register(self._lines(self.table.selected_ids()))
        if not lines:
            self.context.status_bar.info("选中的材料里没有要登记签字的。缺的材料请先填写；按 Ctrl+A 可以全选。")
            return
        work: Callable[[], Any] = partial(register_signatures, self.context.workbook, lines, date.today())
        self.context.write(work, message=f"已登记 {len(lines)} 份材料签字")

    def _print(self, paper: str) -> None:
        """The list of gaps, or the archives, of the households that are chosen or shown."""
        chosen = self._lines(self.table.chosen_ids())
        households = tuple(dict.fromkeys(line.household_id for line in chosen))
        self.context.open("printing", households=households, **({"paper": paper} if paper else {}))
