"""往来记录: every package in and out, and what can be done about the one that is chosen."""

from collections.abc import Iterable, Mapping, Sequence

from PySide6.QtCore import Qt, Signal
from PySide6.QtGui import QAction
from PySide6.QtWidgets import QLabel, QVBoxLayout, QWidget

from app.sync.views import PackageView
from app.viewed_lists.package_source import package_cells, package_list, package_source
from ui.list_views.viewed_tab import ListedRows, ViewedTab
from ui.shell.page import AppContext
from ui.widgets.action_row import ActionRow
from ui.widgets.row_table import Column, Row

_WIDTHS = {"at": 18, "way": 6, "peer": 22, "changes": 8, "pictures": 6, "state": 26, "operator": 9, "file": 0}
_EMPTY_HINT = "还没有导出或导入过数据包。"


def log_list(context: AppContext) -> ViewedTab:
    """The list of packages, with the line of 筛选 and 视图 above it."""
    source = package_list()
    shown = source.shown_fields(source.columns)
    columns = [
        Column(one.key, one.label, "right" if one.is_number else "left", width=_WIDTHS[one.key]) for one in shown
    ]
    return ViewedTab(context, source, "packages", source.title, columns, _EMPTY_HINT)


class LogTab(QWidget):
    """The newest first.

    Signals:
        selection_changed: another line is chosen
    """

    selection_changed = Signal()

    def __init__(self, listed: ViewedTab, actions: Iterable[QAction]) -> None:
        """`listed`: shows the list (`log_list`)."""
        super().__init__()
        self._listed, self.table = listed, listed.table
        self._entries: Sequence[PackageView] = ()
        self._reasons: Mapping[int, str] = {}
        self.table.current_row_changed.connect(lambda _: self._update_detail())
        self.detail_label = QLabel()
        self.detail_label.setObjectName("packageTold")
        self.detail_label.setTextFormat(Qt.TextFormat.PlainText)
        self.detail_label.setWordWrap(True)
        self.detail_label.setMinimumHeight(2 * self.detail_label.fontMetrics().lineSpacing())
        self.detail_label.setAlignment(Qt.AlignmentFlag.AlignTop)
        layout = QVBoxLayout(self)
        layout.setContentsMargins(10, 8, 10, 8)
        layout.addWidget(listed, 1)
        layout.addWidget(self.detail_label)
        layout.addWidget(ActionRow(actions))

    def show_entries(self, entries: Sequence[PackageView]) -> None:
        """Renew the list."""
        self._entries = entries
        rows = {str(n): _row(n, entry) for n, entry in enumerate(entries)}
        self._listed.show_list(ListedRows(rows, package_source(entries)))
        self._update_detail()

    def show_reasons(self, reasons: Mapping[int, str]) -> None:
        """Why imports cannot be undone, by their line in the log; "" where they can."""
        self._reasons = reasons
        self._update_detail()

    def selected_entry(self) -> PackageView | None:
        """The line that is current."""
        current = self.table.current_id()
        return self._entries[int(current)] if current and int(current) < len(self._entries) else None

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
    return Row(str(number), package_cells(entry), "quiet" if entry.undone_at else "")
