"""调度报告: reports over a period whose figures are frozen on a day and compared."""

from datetime import date
from functools import partial
from typing import ClassVar

from PySide6.QtGui import QAction

from app.figures.catalogue import months_of_kind
from app.figures.comparison import missing_line_year
from app.figures.frozen_report import freeze_report, make_report
from app.records.field import field
from app.registers.engine.register import Register
from app.registers.period_report import REGISTER
from ui.registers.proposal_writer import open_line
from ui.registers.register_page import RegisterPage
from ui.widgets.short_answer import ask_option

_PAPER = "period_report_paper"


class PeriodReportPage(RegisterPage):
    """What every register has, and commands of reports; a line of the county that a figure lacks is a key away."""

    REGISTER: ClassVar[Register] = REGISTER
    CHAPTER: ClassVar[str] = "19-统计和图表"
    HINT: ClassVar[str] = "还没有报告。按 Ctrl+Shift+N 生成本期的月报、双月调度、半年盘点或年终自评。"

    def make_actions(self) -> list[QAction]:
        actions = super().make_actions()
        actions[1:1] = [
            self.add_page_action("make", "生成本期报告…", "Ctrl+Shift+N", self._ask_kind, "add"),
            self.add_page_action("freeze", "统计", "Ctrl+M", self.freeze, "save"),
            self.add_page_action("compare", "对比", "Ctrl+D", self._compare, "conflicts"),
            self.add_page_action("line", "录入缺少的标准", "Ctrl+Shift+M", self._open_line),
        ]
        return actions

    def _ask_kind(self) -> None:
        kinds = [one.label for one in field("period_report", "kind").options if months_of_kind(one.value)]
        kind = ask_option(self, "生成本期报告", "哪一种？", kinds)
        if kind and self.can_leave():
            self.make(kind)

    def make(self, kind: str) -> None:
        """Begin a report over the present period of its kind, with the figures of today."""
        work = partial(make_report, self.context.workbook, kind, None, date.today())
        self.context.write(work, self.records.select, f"已生成{kind}，数据按今天统计")

    def freeze(self) -> None:
        """Write the figures of the current report down."""
        record_id = self.table.current_id()
        if self._is_begun:
            self.context.status_bar.info("新建的这一条还没有保存，先填好期间再统计。")
        elif record_id and self.can_leave():
            work = partial(freeze_report, self.context.workbook, record_id, date.today())
            self.context.write(work, self._tell_frozen, message="")

    def _tell_frozen(self, count: int) -> None:
        self.context.status_bar.saved(f"统计了 {count} 项数据，以后不再改动")

    def _compare(self) -> None:
        if record_id := self.table.current_id():
            self.context.open("report_comparison", report=record_id)

    def _open_line(self) -> None:
        """Where the line of the county is entered that a figure of the current report lacks."""
        if record_id := self.table.current_id():
            self.context.read(self._show_line, missing_line_year, record_id)

    def _show_line(self, year: int) -> None:
        if year:
            open_line(self, year)
        else:
            self.context.status_bar.info("这份报告的数据不缺标准。")

    def _print_row(self) -> None:
        self.context.open("printing", paper=_PAPER, record=self.table.current_id())
