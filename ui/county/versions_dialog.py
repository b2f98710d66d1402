"""历次改动 of one entry."""

from collections.abc import Sequence

from PySide6.QtWidgets import QVBoxLayout, QWidget

from app.records.history import HistoryEntry
from ui.widgets.button_row import ChoiceRow
from ui.widgets.dialog import Dialog
from ui.widgets.row_table import Column, Row, RowTable

_COLUMNS = (
    Column("at", "时间", width=16),
    Column("operator", "操作人", width=8),
    Column("about", "条目", width=22),
    Column("label", "项目", width=8),
    Column("before", "原来", width=18),
    Column("after", "改为", width=0),
)


class VersionsDialog(Dialog):
    """The changes, the latest first."""

    def __init__(self, title: str, entries: Sequence[HistoryEntry], parent: QWidget) -> None:
        super().__init__(parent)
        self.setObjectName("countyVersions")
        self.setWindowTitle(f"历次改动：{title}")
        self.resize(980, 460)
        self.table = RowTable("countyVersionRows", "历次改动")
        self.table.set_columns(_COLUMNS)
        self.table.placeholder = "这一项还没有改动过，是程序自带的内容。"
        self.table.set_rows([_row(n, entry) for n, entry in enumerate(entries)])
        layout = QVBoxLayout(self)
        layout.addWidget(self.table, 1)
        layout.addWidget(ChoiceRow(self, "关闭", "close"))


def _row(n: int, entry: HistoryEntry) -> Row:
    return Row(
        str(n),
        {
            "at": f"{entry.at:%Y-%m-%d %H:%M}",
            "operator": entry.operator,
            "about": entry.record_title,
            "label": entry.label,
            "before": entry.before,
            "after": entry.after,
        },
    )
