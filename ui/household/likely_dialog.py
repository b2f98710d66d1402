"""可能重复的户: pairs of records that may be one household."""

from collections.abc import Sequence

from PySide6.QtWidgets import QDialog, QLabel, QVBoxLayout, QWidget

from app.records.joining import Likely
from ui.dialogs.two_buttons import two_buttons
from ui.tables.row_table import Column, Row, RowTable

_COLUMNS = (
    Column("first", "一户", width=24),
    Column("second", "另一户", width=24),
    Column("why", "哪里像", width=0),
)


class LikelyDialog(QDialog):
    """Enter compares a pair. `chosen` is it then."""

    def __init__(self, found: Sequence[Likely], parent: QWidget) -> None:
        super().__init__(parent)
        self.setObjectName("likelyDialog")
        self.setWindowTitle("可能重复的户")
        self.resize(820, 460)
        self.chosen: Likely | None = None
        self._found = found
        told = QLabel("这些户看起来是同一户记了两次：先核对，再决定合不合并。不是同一户的，不用管。")
        told.setWordWrap(True)
        self.table = RowTable("likely", "可能重复的户")
        self.table.set_columns(_COLUMNS)
        self.table.hint = "没有看起来重复的户。"
        self.table.set_rows(_row(n, one) for n, one in enumerate(found))
        self.table.opened.connect(lambda _: self.accept())
        buttons = two_buttons(self, ("核对这两户", "comparePair"), ("关闭", "leaveLikely"), usable=bool(found))
        whole = QVBoxLayout(self)
        whole.setContentsMargins(20, 16, 20, 16)
        whole.setSpacing(10)
        whole.addWidget(told)
        whole.addWidget(self.table, 1)
        whole.addLayout(buttons)
        self.table.setFocus()

    def accept(self) -> None:
        current = self.table.current()
        if current:
            self.chosen = self._found[int(current)]
            super().accept()


def _row(number: int, one: Likely) -> Row:
    return Row(str(number), {"first": one.first_name, "second": one.second_name, "why": "、".join(one.why)})
