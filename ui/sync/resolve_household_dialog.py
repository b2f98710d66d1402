"""整户采用一方: all conflicts of one household in one look, and one side of them taken for all."""

from collections.abc import Sequence
from functools import partial

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QLabel, QVBoxLayout, QWidget

from app.sync.conflicts import Conflict, ConflictedHousehold
from ui.widgets.button_row import ChoiceRow
from ui.widgets.dialog import Dialog
from ui.widgets.row_table import Column, Row, RowTable

_MAX_SIDES = 5  # sides that are offered


class ResolveHouseholdDialog(Dialog):
    """One button a side. `taken` is the side then, by the name of its workbook."""

    def __init__(self, household: ConflictedHousehold, parent: QWidget) -> None:
        super().__init__(parent)
        self.setObjectName("settleHousehold")
        self.setWindowTitle(f"整户采用一方（{household.household}）")
        self.resize(900, 480)
        self.household = household
        self.chosen_workbook = ""
        workbooks = household.workbooks[:_MAX_SIDES]
        question = QLabel(
            f"“{household.household}”有 {len(household.conflicts)} 处内容不一致。请选择整户采用哪一方的内容："
        )
        question.setTextFormat(Qt.TextFormat.PlainText)
        question.setWordWrap(True)
        table = RowTable("householdConflicts", "这一户的冲突")
        table.set_columns(
            (
                Column("what", "项目", width=24),
                *(Column(workbook, workbook, width=0) for workbook in workbooks),
            )
        )
        table.set_rows(_row(conflict, workbooks) for conflict in household.conflicts)
        note = QLabel("那一方没有写过的，仍留着逐处决定。定下以后，每一处原来的几种写法都还在“变更记录”里。")
        note.setWordWrap(True)
        note.setProperty("quiet", True)
        layout = QVBoxLayout(self)
        layout.setContentsMargins(20, 16, 20, 16)
        layout.setSpacing(10)
        layout.addWidget(question)
        layout.addWidget(table, 1)
        layout.addWidget(note)
        layout.addWidget(self._make_buttons(workbooks))
        table.setFocus()

    def _make_buttons(self, workbooks: Sequence[str]) -> ChoiceRow:
        """A button for each workbook; none of them is what Enter does."""
        row = ChoiceRow(self, "不定", "leaveHousehold")
        for n, workbook in enumerate(workbooks):
            count = sum(1 for conflict in self.household.conflicts if _side_text(conflict, workbook) is not None)
            row.add_button(
                f"全部采用“{workbook}”的 {count} 处（Alt+{n + 1}）", f"takeAll{n + 1}", partial(self._choose, workbook)
            ).setShortcut(f"Alt+{n + 1}")
        return row

    def _choose(self, workbook: str) -> None:
        self.chosen_workbook = workbook
        self.accept()


def _side_text(conflict: Conflict, workbook: str) -> str | None:
    return next((side.text or "（空）" for side in conflict.sides if workbook in side.places), None)


def _row(conflict: Conflict, workbooks: Sequence[str]) -> Row:
    record = "" if conflict.table == "household" else f"{conflict.table_label} {conflict.record}　"
    cells = {"what": record + conflict.field_label} | {
        workbook: _side_text(conflict, workbook) or "—" for workbook in workbooks
    }
    return Row(conflict.id, cells)
