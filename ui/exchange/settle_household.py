"""整户采用一方: all conflicts of one household in one look, and one side of them taken for all."""

from collections.abc import Sequence

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QDialog, QHBoxLayout, QLabel, QPushButton, QVBoxLayout, QWidget

from app.exchange.conflicts import Conflict, Disputed
from ui.tables.row_table import Column, Row, RowTable

_MOST = 5  # sides that are offered


class SettleHousehold(QDialog):
    """One button a side. `taken` is the side then, by the name of its workbook."""

    def __init__(self, about: Disputed, parent: QWidget) -> None:
        super().__init__(parent)
        self.setObjectName("settleHousehold")
        self.setWindowTitle("整户采用一方")
        self.resize(900, 480)
        self.about = about
        self.taken = ""
        places = about.places[:_MOST]
        told = QLabel(f"“{about.household}”有 {len(about.conflicts)} 处写得不同。采用哪一方的，整户一次定下？")
        told.setTextFormat(Qt.TextFormat.PlainText)
        told.setWordWrap(True)
        table = RowTable("householdConflicts", "这一户的冲突")
        table.set_columns(
            (
                Column("what", "项目", width=24),
                *(Column(place, place, width=0) for place in places),
            )
        )
        table.set_rows(_row(one, places) for one in about.conflicts)
        rest = QLabel("那一方没有写过的，仍留着逐处决定。定下以后，每一处原来的几种写法都还在“变更记录”里。")
        rest.setWordWrap(True)
        rest.setProperty("quiet", True)
        whole = QVBoxLayout(self)
        whole.setContentsMargins(20, 16, 20, 16)
        whole.setSpacing(10)
        whole.addWidget(told)
        whole.addWidget(table, 1)
        whole.addWidget(rest)
        whole.addLayout(self._buttons(places))
        table.setFocus()

    def _buttons(self, places: Sequence[str]) -> QHBoxLayout:
        line = QHBoxLayout()
        leave = QPushButton("不定")
        leave.setObjectName("leaveHousehold")
        leave.setAutoDefault(False)
        leave.clicked.connect(self.reject)
        line.addStretch()
        line.addWidget(leave)
        for n, place in enumerate(places):
            many = sum(1 for one in self.about.conflicts if _text(one, place) is not None)
            take = QPushButton(f"全部采用“{place}”的 {many} 处（Alt+{n + 1}）")
            take.setObjectName(f"takeAll{n + 1}")
            take.setShortcut(f"Alt+{n + 1}")
            take.setAutoDefault(False)
            take.clicked.connect(lambda _=False, place=place: self._take(place))
            line.addWidget(take)
        return line

    def _take(self, place: str) -> None:
        self.taken = place
        self.accept()


def _text(one: Conflict, place: str) -> str | None:
    return next((side.text or "（空）" for side in one.sides if place in side.places), None)


def _row(one: Conflict, places: Sequence[str]) -> Row:
    record = "" if one.table == "household" else f"{one.table_label} {one.record}　"
    cells = {"what": record + one.field_label} | {place: _text(one, place) or "—" for place in places}
    return Row(one.id, cells)
