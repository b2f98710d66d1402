"""变更记录: who wrote what when."""

from PySide6.QtWidgets import QLabel, QVBoxLayout

from app.records.history import HistoryLine, history
from app.records.household import HouseholdCard
from ui.household.desk import Desk, Tab
from ui.tables.row_table import Column, Row, RowTable

_MOST = 500
_COLUMNS = (
    Column("at", "时间", width=15),
    Column("operator", "操作员", width=9),
    Column("about", "记录", width=16),
    Column("label", "栏目", width=12),
    Column("before", "原来", width=20),
    Column("after", "改为", width=0),
)


class HistoryTab(Tab):
    """The latest changes, personal numbers hidden."""

    TITLE = "变更记录"

    def __init__(self, desk: Desk) -> None:
        super().__init__(desk)
        self._id = ""
        self.table = RowTable("history", "变更记录")
        self.table.set_columns(_COLUMNS)
        self.count = QLabel()
        self.count.setObjectName("history_count")
        self.count.setProperty("quiet", True)
        whole = QVBoxLayout(self)
        whole.addWidget(self.table, 1)
        whole.addWidget(self.count)

    def show_card(self, card: HouseholdCard) -> None:
        if card.id != self._id:
            self._id = card.id
            self.table.set_rows([])
        self.desk.read(lambda lines: self._show(card.id, lines), history, card.id, _MOST)

    def _show(self, household_id: str, lines: list[HistoryLine]) -> None:
        if household_id != self._id:
            return
        self.table.set_rows([_row(n, one) for n, one in enumerate(lines)])
        more = f"，只列出最近 {_MOST} 条" if len(lines) == _MOST else ""
        self.count.setText(f"共 {len(lines)} 条{more}。证件号码、电话、银行卡号已遮盖。")


def _row(n: int, one: HistoryLine) -> Row:
    cells = {
        "at": f"{one.at:%Y-%m-%d %H:%M}",
        "operator": one.operator,
        "about": one.about,
        "label": one.label,
        "before": one.before,
        "after": one.after,
    }
    return Row(str(n), cells, "quiet" if one.label in ("撤回", "恢复") else "")
