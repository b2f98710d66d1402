"""档案材料: what the archive of the household owes, what is missing, what was not signed."""

from collections.abc import Mapping
from datetime import date
from functools import partial
from typing import Any, ClassVar

from PySide6.QtWidgets import QHBoxLayout, QLabel, QVBoxLayout

from app.dashboard.household_counts import CountedHousehold, PartCount
from app.records.household import HouseholdDetails
from app.reports.completeness import MISSING, UNSIGNED, PaperLine, household_papers, register_signatures
from ui.archive_papers.paper_rows import HOUSEHOLD_COLUMNS, paper_row, to_register
from ui.household.household_part import HouseholdPart
from ui.shell.page import AppContext
from ui.widgets.row_table import RowTable


class PapersPart(HouseholdPart):
    """One paper a row, in filing order."""

    TITLE: ClassVar[str] = "档案材料"
    GROUP: ClassVar[str] = "检查与档案"
    ORDER: ClassVar[int] = 940
    KEY: ClassVar[str] = "J"
    TABLE: ClassVar[str] = "paper_signature"
    ADDS: ClassVar[Mapping[str, str]] = {"Alt+A": "签字登记"}

    @classmethod
    def count(cls, session: Any, household: CountedHousehold) -> PartCount | None:
        """How many are missing, or else not signed."""
        papers = household_papers(session, household.id)
        missing, unsigned = (sum(one.state == state for one in papers) for state in (MISSING, UNSIGNED))
        if not papers:
            return None
        described = f"应有 {len(papers)} 份，缺 {missing} 份，未签字 {unsigned} 份"
        if missing or unsigned:
            return PartCount(
                f"缺{missing}" if missing else f"待签{unsigned}", "warn" if missing else "quiet", described
            )
        return PartCount(str(len(papers)), "quiet", described)

    def __init__(self, context: AppContext) -> None:
        super().__init__(context)
        self._lines: dict[str, PaperLine] = {}
        self._household_id = ""
        self._request_number = 0  # counts readings, so that only the last one is shown
        self.table = RowTable("papers_of_household", self.TITLE)
        self.table.set_columns(HOUSEHOLD_COLUMNS)
        self.table.setSortingEnabled(False)  # filing order
        self.table.placeholder = "这一户不需要建档。"
        self.summary = QLabel()
        self.summary.setObjectName("papers_summary")
        self.summary.setProperty("quiet", True)
        sign = self.add_button("sign_papers", "登记已签字", "Alt+A", self._register)
        layout = QVBoxLayout(self)
        buttons = QHBoxLayout()
        buttons.addWidget(sign)
        buttons.addStretch()
        layout.addLayout(buttons)
        layout.addWidget(self.table, 1)
        layout.addWidget(self.summary)

    def show_card(self, card: HouseholdDetails) -> None:
        if card.id != self._household_id:
            self._household_id = card.id
            self.table.set_rows([])
        self._request_number += 1
        self.context.read(partial(self._show_papers, self._request_number), household_papers, card.id)

    def _show_papers(self, request_number: int, papers: tuple[PaperLine, ...]) -> None:
        if request_number != self._request_number:
            return
        self._lines = {line.id: line for line in papers}
        self.table.set_rows([paper_row(line) for line in papers])
        missing, unsigned = (sum(one.state == state for one in papers) for state in (MISSING, UNSIGNED))
        self.summary.setText(f"应有 {len(papers)} 份，缺 {missing} 份，未签字 {unsigned} 份")

    def _register(self) -> None:
        """The selected papers came back signed."""
        lines = to_register([self._lines[id] for id in self.table.selected_ids() if id in self._lines])
        if not lines:
            self.context.status_bar.info("请先在列表里选中签好字的材料。缺的材料要先填写。")
            return
        work = partial(register_signatures, self.context.workbook, lines, date.today())
        self.context.write(work, message=f"已登记 {len(lines)} 份材料签字")
