"""导出给谁: which colleagues a package is for, when there are several."""

from collections.abc import Sequence

from PySide6.QtWidgets import QDialog, QLabel, QLineEdit, QVBoxLayout, QWidget

from app.exchange.peers import ROLES, PeerEntry
from ui.dialogs.two_buttons import two_buttons
from ui.hanzi import initials
from ui.tables.row_table import Column, Row, RowTable

_COLUMNS = (
    Column("name", "同事", width=0),
    Column("role", "级别", width=6),
    Column("waiting", "待发修改", align="right", width=10),
    Column("heard", "上次收到", width=17),
)


class ChoosePeer(QDialog):
    """Type a part of the name or its initials, go down, Enter. Several at once: Ctrl or Shift."""

    def __init__(self, entries: Sequence[PeerEntry], current: str, parent: QWidget) -> None:
        super().__init__(parent)
        self.setObjectName("choosePeer")
        self.setWindowTitle("导出给谁")
        self.resize(620, 400)
        self.chosen: tuple[PeerEntry, ...] = ()
        self._entries = {entry.sign_key: entry for entry in entries}
        self.search = QLineEdit()
        self.search.setObjectName("peerSearch")
        self.search.setAccessibleName("查找同事")
        self.search.setPlaceholderText("同事的名称或首字母")
        self.search.setClearButtonEnabled(True)
        self.table = RowTable("peerChoice", "导出给谁")
        self.table.set_columns(_COLUMNS)
        self.table.hint = "名单里没有这位同事。"
        self.table.set_rows(_row(entry) for entry in entries)
        self.table.point_at(current)
        self.table.opened.connect(lambda _: self.accept())
        self.search.textChanged.connect(self._narrow)
        self.search.returnPressed.connect(self.accept)
        told = QLabel("每位同事一个包，只有他打得开。按住 Ctrl 可以多选几位，一次写好。")
        told.setWordWrap(True)
        told.setProperty("quiet", True)
        whole = QVBoxLayout(self)
        whole.setContentsMargins(20, 16, 20, 16)
        whole.setSpacing(10)
        whole.addWidget(self.search)
        whole.addWidget(self.table, 1)
        whole.addWidget(told)
        whole.addLayout(two_buttons(self, ("导出给他", "exportToChosen"), ("取消", "leaveChoice")))
        self.table.setFocus()

    def _narrow(self, typed: str) -> None:
        wanted = typed.strip().casefold()

        def fits(row: Row) -> bool:
            name = str(row.cells["name"]).casefold()
            return wanted in name or wanted in initials(name)

        self.table.filter(fits if wanted else None)

    def accept(self) -> None:
        self.chosen = tuple(self._entries[key] for key in self.table.chosen() or filter(None, [self.table.current()]))
        if self.chosen:
            super().accept()
        else:
            self.search.setFocus()


def _row(entry: PeerEntry) -> Row:
    cells = {
        "name": entry.name,
        "role": ROLES.get(entry.role, entry.role),
        "waiting": entry.waiting,
        "heard": entry.last_heard[:16] or "从未",
    }
    return Row(entry.sign_key, cells)
