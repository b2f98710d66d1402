"""往来记录: every package in and out, and what can be done about the one that is chosen."""

from collections.abc import Iterable, Mapping, Sequence

from PySide6.QtCore import Qt, Signal
from PySide6.QtGui import QAction
from PySide6.QtWidgets import QLabel, QVBoxLayout, QWidget

from app.exchange.entries import PackageEntry
from ui.exchange.action_row import ActionRow
from ui.tables.row_table import Column, Row, RowTable

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
_NOTHING = "还没有导出或导入过数据包。"


class LogTab(QWidget):
    """The newest first.

    Signals:
        pointed: another line is chosen
    """

    pointed = Signal()

    def __init__(self, actions: Iterable[QAction]) -> None:
        super().__init__()
        self._entries: Sequence[PackageEntry] = ()
        self._reasons: Mapping[int, str] = {}
        self.table = RowTable("packages", "往来记录")
        self.table.set_columns(_COLUMNS)
        self.table.hint = _NOTHING
        self.table.pointed.connect(lambda _: self._tell())
        self.told = QLabel()
        self.told.setObjectName("packageTold")
        self.told.setTextFormat(Qt.TextFormat.PlainText)
        self.told.setWordWrap(True)
        self.told.setMinimumHeight(2 * self.told.fontMetrics().lineSpacing())
        self.told.setAlignment(Qt.AlignmentFlag.AlignTop)
        side = QVBoxLayout(self)
        side.setContentsMargins(10, 8, 10, 8)
        side.addWidget(self.table, 1)
        side.addWidget(self.told)
        side.addWidget(ActionRow(actions))

    def show_entries(self, entries: Sequence[PackageEntry]) -> None:
        """Renew the list."""
        self._entries = entries
        self.table.set_rows(_row(n, entry) for n, entry in enumerate(entries))
        self._tell()

    def show_reasons(self, reasons: Mapping[int, str]) -> None:
        """Why imports cannot be undone, by their line in the log; "" where they can."""
        self._reasons = reasons
        self._tell()

    def chosen(self) -> PackageEntry | None:
        """The line that is current."""
        current = self.table.current()
        return self._entries[int(current)] if current else None

    def may_be_undone(self) -> bool:
        """As far as is known now."""
        entry = self.chosen()
        return entry is not None and entry.way == "in" and not entry.undone_at and not self._reasons.get(entry.n, "")

    def _tell(self) -> None:
        entry = self.chosen()
        self.told.setText("" if entry is None else self._about(entry))
        self.pointed.emit()

    def _about(self, entry: PackageEntry) -> str:
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


def _row(number: int, entry: PackageEntry) -> Row:
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


def _state(entry: PackageEntry) -> str:
    left = f"{entry.left_out} 张照片没装下" if entry.left_out else ""
    if entry.way == "out":
        return "，".join(filter(None, (f"{entry.acknowledged_at[5:16]} 已回执" if entry.acknowledged_at else "", left)))
    return f"{entry.undone_at[5:16]} 已撤销" if entry.undone_at else ""
