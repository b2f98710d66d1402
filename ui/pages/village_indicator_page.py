"""村情: the indicators of the village by year, worked out from the households, typed, or taken from the list 行政村."""

from datetime import date
from functools import partial
from pathlib import Path
from typing import ClassVar

from PySide6.QtGui import QAction

from app.figures.proposals import propose_indicators
from app.registers.engine.register import Register
from app.registers.village_indicator import REGISTER
from app.sheets.indicator_import import IndicatorPreview, apply_indicators, preview_indicators
from ui.registers.indicator_preview_dialog import IndicatorPreviewDialog
from ui.registers.proposal_writer import ask_year, write_proposal
from ui.registers.register_page import RegisterPage
from ui.widgets.file_choice import open_file_name


class VillageIndicatorPage(RegisterPage):
    """What every register has, and two commands more."""

    REGISTER: ClassVar[Register] = REGISTER
    CHAPTER: ClassVar[str] = "19-统计和图表"
    HINT: ClassVar[str] = "还没有村情。按 Ctrl+M 按户档核算，按 Ctrl+Shift+I 导入行政村表，或按 Ctrl+N 手工填。"

    def make_actions(self) -> list[QAction]:
        actions = super().make_actions()
        actions[2:2] = [
            self.add_page_action("propose", "按户档核算…", "Ctrl+M", self._ask_year, "register"),
            self.add_page_action("village_list", "导入行政村表…", "Ctrl+Shift+I", self._choose_list, "take_in"),
        ]
        self.preview_dialog: IndicatorPreviewDialog | None = None
        return actions

    def _ask_year(self) -> None:
        if self.can_leave() and (year := ask_year(self, "按户档核算村情")):
            self.propose(year)

    def propose(self, year: int) -> None:
        """Work out what the households tell of a year."""
        write_proposal(self, partial(propose_indicators, self.context.workbook, year, date.today()))

    def _choose_list(self) -> None:
        name = open_file_name(self, "导入行政村表", "", "表格 (*.xlsx *.xls *.et *.csv)")
        if name and (year := ask_year(self, "导入行政村表")):
            self.import_village_list(Path(name), year)

    def import_village_list(self, path: Path, year: int) -> None:
        """Show what the list 行政村 of the national system says of this village.

        Args:
            year: where the list does not say it
        """
        task = preview_indicators(self.context.workbook, path, year)
        self.context.tasks.start(task, self._show_village_list, title="读取表格", queue="read")

    def _show_village_list(self, shown: IndicatorPreview) -> None:
        self.preview_dialog = dialog = IndicatorPreviewDialog(shown, self)
        dialog.accepted.connect(lambda: self._apply_village_list(shown))
        dialog.open()

    def _apply_village_list(self, shown: IndicatorPreview) -> None:
        work = partial(apply_indicators, self.context.workbook, shown)
        self.context.write(work, lambda n: self.context.status_bar.saved(f"导入 {n} 项村情"), message="")
