"""导出给谁: which colleagues a package is for, when there are several."""

from collections.abc import Sequence

from PySide6.QtWidgets import QLabel, QVBoxLayout, QWidget

from app.sync.peers import ROLES, PeerView
from ui.widgets.button_row import ButtonRow
from ui.widgets.dialog import Dialog
from ui.widgets.pinyin import initials
from ui.widgets.row_table import Column, Row, RowTable
from ui.widgets.search_line import SearchLine

_COLUMNS = (
    Column("name", "同事", width=0),
    Column("role", "级别", width=6),
    Column("waiting", "待发修改", align="right", width=10),
    Column("heard", "上次收到", width=17),
)


class PeerPicker(Dialog):
    """Type a part of the name or its initials, go down, Enter. Several at once: Ctrl or Shift."""

    def __init__(self, entries: Sequence[PeerView], current: str, parent: QWidget) -> None:
        super().__init__(parent)
        self.setObjectName("choosePeer")
        self.setWindowTitle("导出给谁")
        self.resize(620, 400)
        self.selected_peers: tuple[PeerView, ...] = ()
        self._entries = {entry.sign_key: entry for entry in entries}
        self.search = SearchLine("peerSearch", "查找同事", "同事的名称或首字母")
        self.table = RowTable("peerChoice", "导出给谁")
        self.table.set_columns(_COLUMNS)
        self.table.placeholder = "名单里没有这位同事。"
        self.table.set_rows(_row(entry) for entry in entries)
        self.table.set_current_id(current)
        self.table.row_activated.connect(lambda _: self.accept())
        self.search.textChanged.connect(self._filter)
        self.search.returnPressed.connect(self.accept)
        self.search.lead_to(self.table)
        note = QLabel("每位同事一个包，只有他打得开。按住 Ctrl 可以多选几位，一次写好。")
        note.setWordWrap(True)
        note.setProperty("quiet", True)
        layout = QVBoxLayout(self)
        layout.setContentsMargins(20, 16, 20, 16)
        layout.setSpacing(10)
        layout.addWidget(self.search)
        layout.addWidget(self.table, 1)
        layout.addWidget(note)
        layout.addWidget(ButtonRow(self, "导出给他", "exportToChosen", cancel_name="leaveChoice"))
        self.table.setFocus()

    def _filter(self, text: str) -> None:
        query = text.strip().casefold()

        def matches(row: Row) -> bool:
            name = str(row.cells["name"]).casefold()
            return query in name or query in initials(name)

        self.table.set_filter(matches if query else None)

    def accept(self) -> None:
        self.selected_peers = tuple(
            self._entries[key] for key in self.table.selected_ids() or filter(None, [self.table.current_id()])
        )
        if self.selected_peers:
            super().accept()
        else:
            self.search.setFocus()


def _row(entry: PeerView) -> Row:
    cells = {
        "name": entry.name,
        "role": ROLES.get(entry.role, entry.role),
        "waiting": entry.waiting,
        "heard": entry.last_heard[:16] or "无",
    }
    return Row(entry.sign_key, cells)
