"""可能重复的户: pairs of records that may be one household."""

from collections.abc import Sequence

from PySide6.QtWidgets import QLabel, QVBoxLayout, QWidget

from app.records.household_merge import DuplicateCandidate
from ui.widgets.button_row import ButtonRow
from ui.widgets.dialog import Dialog
from ui.widgets.row_table import Column, Row, RowTable

_COLUMNS = (
    Column("first", "一户", width=24),
    Column("second", "另一户", width=24),
    Column("why", "哪里像", width=0),
)


class DuplicatesDialog(Dialog):
    """Enter compares a pair. `chosen` is it then."""

    def __init__(self, candidates: Sequence[DuplicateCandidate], parent: QWidget) -> None:
        super().__init__(parent)
        self.setObjectName("likelyDialog")
        self.setWindowTitle("可能重复的户")
        self.resize(820, 460)
        self.selected: DuplicateCandidate | None = None
        self._candidates = candidates
        hint = QLabel("以下农户疑似重复登记，请核对后决定是否合并；不是同一户的，不必处理。")
        hint.setWordWrap(True)
        self.table = RowTable("likely", "可能重复的户")
        self.table.set_columns(_COLUMNS)
        self.table.placeholder = "没有看起来重复的户。"
        self.table.set_rows(_row(n, candidate) for n, candidate in enumerate(candidates))
        self.table.row_activated.connect(lambda _: self.accept())
        buttons = ButtonRow(self, "核对这两户", "comparePair", "关闭", "leaveLikely")
        buttons.accept_button.setEnabled(bool(candidates))
        layout = QVBoxLayout(self)
        layout.setContentsMargins(20, 16, 20, 16)
        layout.setSpacing(10)
        layout.addWidget(hint)
        layout.addWidget(self.table, 1)
        layout.addWidget(buttons)
        self.table.setFocus()

    def accept(self) -> None:
        current = self.table.current_id()
        if current:
            self.selected = self._candidates[int(current)]
            super().accept()


def _row(number: int, candidate: DuplicateCandidate) -> Row:
    return Row(
        str(number),
        {"first": candidate.first_name, "second": candidate.second_name, "why": "、".join(candidate.reasons)},
    )
