"""变更记录: who wrote what when."""

from PySide6.QtWidgets import QLabel, QVBoxLayout

from app.records.history import HistoryEntry, household_history
from app.records.household import HouseholdDetails
from ui.household.household_part import HouseholdPart
from ui.shell.page import AppContext
from ui.widgets.row_table import Column, Row, RowTable

_MAX_LINES = 500
_COLUMNS = (
    Column("at", "时间", width=15),
    Column("operator", "操作员", width=9),
    Column("about", "记录", width=16),
    Column("label", "栏目", width=12),
    Column("before", "原来", width=20),
    Column("after", "改为", width=0),
)


class HistoryPart(HouseholdPart):
    """The latest changes, personal numbers hidden."""

    TITLE = "变更记录"
    GROUP = "检查与档案"
    ORDER = 120
    KEY = "0"

    def __init__(self, context: AppContext) -> None:
        super().__init__(context)
        self._household_id = ""
        self.table = RowTable("history", "变更记录")
        self.table.set_columns(_COLUMNS)
        self.count_label = QLabel()
        self.count_label.setObjectName("history_count")
        self.count_label.setProperty("quiet", True)
        layout = QVBoxLayout(self)
        layout.addWidget(self.table, 1)
        layout.addWidget(self.count_label)

    def show_card(self, card: HouseholdDetails) -> None:
        if card.id != self._household_id:
            self._household_id = card.id
            self.table.set_rows([])
        self.context.read(lambda lines: self._show_lines(card.id, lines), household_history, card.id, _MAX_LINES)

    def _show_lines(self, household_id: str, lines: list[HistoryEntry]) -> None:
        if household_id != self._household_id:
            return
        self.table.set_rows([_row(n, line) for n, line in enumerate(lines)])
        truncation_note = f"，只列出最近 {_MAX_LINES} 条" if len(lines) == _MAX_LINES else ""
        self.count_label.setText(f"共 {len(lines)} 条{truncation_note}。证件号码、电话、银行卡号已部分隐藏。")


def _row(n: int, line: HistoryEntry) -> Row:
    cells = {
        "at": f"{line.at:%Y-%m-%d %H:%M}",
        "operator": line.operator,
        "about": line.record_title,
        "label": line.label,
        "before": line.before,
        "after": line.after,
    }
    return Row(str(n), cells, "quiet" if line.label in ("撤回", "恢复") else "")
