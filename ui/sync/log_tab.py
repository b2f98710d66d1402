"""往来记录: every package in and out, and what can be done about the one that is chosen."""

from collections.abc import Iterable, Mapping, Sequence

from PySide6.QtCore import Qt, Signal
from PySide6.QtGui import QAction
from PySide6.QtWidgets import QLabel, QVBoxLayout, QWidget

from app.sync.views import PackageView
from ui.widgets.action_row import ActionRow
from ui.widgets.row_table import Column, Row, RowTable

_COLUMNS = (
    Column("at", "时间", width=18),
    Column("way", "收发", width=6),
    Column("peer", "同事", width=22),
    Column("changes", "修改", align="right", width=8),
    Column("pictures", "照片", align="right", width=6),
    Column("state", "后来", width=26),
    Column("operator", "经手人", width=9),
    Column("file", "文件", width=0),
)
_EMPTY_HINT = "还没有导出或导入过数据包。"


class LogTab(QWidget):
    """The newest first.

    Signals:
        selection_changed: another line is chosen
    """

    selection_changed = Signal()

    def __init__(self, table: RowTable, actions: Iterable[QAction]) -> None:
        """`table`: in which the list is shown."""
        super().__init__()
        self._entries: Sequence[PackageView] = ()
        self._reasons: Mapping[int, str] = {}
        self.table = table
        self.table.set_columns(_COLUMNS)
        self.table.placeholder = _EMPTY_HINT
        self.table.current_row_changed.connect(lambda _: self._update_detail())
        self.detail_label = QLabel()
        self.detail_label.setObjectName("packageTold")
        self.detail_label.setTextFormat(Qt.TextFormat.PlainText)
        self.detail_label.setWordWrap(True)
        self.detail_label.setMinimumHeight(2 * self.detail_label.fontMetrics().lineSpacing())
        self.detail_label.setAlignment(Qt.AlignmentFlag.AlignTop)
        layout = QVBoxLayout(self)
        layout.setContentsMargins(10, 8, 10, 8)
        layout.addWidget(self.table, 1)
        layout.addWidget(self.detail_label)
        layout.addWidget(ActionRow(actions))

    def show_entries(self, entries: Sequence[PackageView]) -> None:
        """Renew the list."""
        self._entries = entries
        self.table.set_rows(_row(n, entry) for n, entry in enumerate(entries))
        self._update_detail()

    def show_reasons(self, reasons: Mapping[int, str]) -> None:
        """Why imports cannot be undone, by their line in the log; "" where they can."""
        self._reasons = reasons
        self._update_detail()

    def selected_entry(self) -> PackageView | None:
        """The line that is current."""
        current = self.table.current_id()
        return self._entries[int(current)] if current else None

    def can_undo(self) -> bool:
        """As far as is known now."""
        entry = self.selected_entry()
        return entry is not None and entry.way == "in" and not entry.undone_at and not self._reasons.get(entry.n, "")

    def _update_detail(self) -> None:
        entry = self.selected_entry()
        self.detail_label.setText("" if entry is None else self._detail_text(entry))
        self.selection_changed.emit()

    def _detail_text(self, entry: PackageView) -> str:
        if entry.way == "out":
            if entry.acknowledged_at:
                return f"“{entry.peer}”收到了（{entry.acknowledged_at[:16]} 登记）。"
            return f"还没有“{entry.peer}”的回执。请他保存回执给您，或在电话里报回执码；他有了多少，看“同事”。"
        if entry.undone_at:
            return f"这次导入在 {entry.undone_at[:16]} 撤销了。原来的包可以再导入。"
        reason = self._reasons.get(entry.n)
        if reason is None:
            return "把回执给对方，他就知道您收到了，下次不再重发。"
        return reason or "导错了还可以整包撤销。把回执给对方，他就知道您收到了，下次不再重发。"


def _row(number: int, entry: PackageView) -> Row:
    cells = {
        "at": entry.at[:16],
        "way": "导出" if entry.way == "out" else "导入",
        "peer": entry.peer,
        "changes": entry.changes,
        "pictures": entry.pictures or None,
        "state": _state(entry),
        "operator": entry.operator,
        "file": entry.file_name,
    }
    return Row(str(number), cells, "quiet" if entry.undone_at else "")


def _state(entry: PackageView) -> str:
    omitted = f"{entry.left_out} 张照片没装下" if entry.left_out else ""
    if entry.way == "out":
        return "，".join(
            filter(None, (f"{entry.acknowledged_at[5:16]} 已回执" if entry.acknowledged_at else "", omitted))
        )
    return f"{entry.undone_at[5:16]} 已撤销" if entry.undone_at else ""
