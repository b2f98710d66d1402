"""档案完整性: what the archives of the village owe, what of it is missing, and what was not signed."""

from collections import Counter
from collections.abc import Callable
from datetime import date
from functools import partial
from typing import Any, ClassVar

from PySide6.QtWidgets import QVBoxLayout

from app.reports.completeness import MISSING, PAPER_STATES, UNSIGNED, PaperLine, register_signatures
from ui.archive_papers.paper_rows import VILLAGE_COLUMNS, PaperTable, load_papers, to_register
from ui.consistency.compared_page import ComparedPage
from ui.shell.page import AppContext
from ui.widgets.row_table import RowTable

_GAPS = "gaps"
_STATE_CHOICES = [("不齐的", _GAPS), *((state, state) for state in PAPER_STATES), ("全部", "")]


class ArchiveCompletenessPage(ComparedPage):
    """One paper a row; Enter opens the household."""

    TITLE: ClassVar[str] = "档案完整性"
    ICON: ClassVar[str] = "archive"
    ORDER: ClassVar[int] = 15
    GROUP: ClassVar[str] = "村务台账"
    SHORTCUT: ClassVar[str] = "Shift+F4"
    CHAPTER: ClassVar[str] = "08-打印一户一档"
    NOTHING: ClassVar[str] = "没有符合条件的材料。"

    def __init__(self, context: AppContext) -> None:
        super().__init__(
            context,
            "户主、村组、户编号或材料名称（Ctrl+F）",
            {"state": ("情况", _STATE_CHOICES)},
            RowTable("papers", "档案材料"),
        )
        self._papers = PaperTable({}, (), {})
        self.table.set_columns(VILLAGE_COLUMNS)
        self.table.row_activated.connect(self._open_household)
        self._page_actions = [
            self.add_page_action("sign", "登记已签字", "Ctrl+K", self._register, "settled"),
            self.add_page_action("print", "缺漏清单", "Ctrl+P", partial(self._print, "archive_gaps"), "print"),
            self.add_page_action("print_archives", "打印户档", "Ctrl+R", partial(self._print, ""), "archive"),
        ]
        self.add_list_actions()
        layout = QVBoxLayout(self)
        layout.setContentsMargins(16, 12, 16, 8)
        layout.addWidget(self.filter_line)
        layout.addWidget(self.table, 1)
        layout.addWidget(self.count)

    def read_work(self) -> Callable[[], PaperTable]:
        return partial(load_papers, self.context.workbook)

    def show_list(self, found: PaperTable) -> None:
        self._papers = found
        self.table.set_rows(found.rows)
        states = Counter(line.state for line in found.lines.values())
        incomplete = len({line.household_id for line in found.lines.values() if line.what_is_missing})
        self.count.setText(
            f"{len(found.households)} 户，{incomplete} 户不齐　缺 {states[MISSING]} 份　未签字 {states[UNSIGNED]} 份"
        )

    def filter_rows(self) -> None:
        state, lines = self.filter_line.value("state"), self._papers.lines
        texts = self._papers.search_texts if self.filter_line.terms() else {}

        def passes(id: str, line: PaperLine) -> bool:
            wanted = bool(line.what_is_missing) if state == _GAPS else state in ("", line.state)
            return wanted and self.filter_line.has_words(texts.get(id, ""))

        self.table.set_filter(lambda row: row.id in lines and passes(row.id, lines[row.id]))

    def _lines(self, ids: list[str]) -> list[PaperLine]:
        return [self._papers.lines[id] for id in ids if id in self._papers.lines]

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
