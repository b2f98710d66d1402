"""列入检查问题: which of the items and check points that failed in a round become rectifications."""

from collections.abc import Sequence

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QLabel, QListWidget, QListWidgetItem, QVBoxLayout, QWidget

from app.rectifications.round_problems import RoundProblem
from ui.widgets.button_row import ButtonRow
from ui.widgets.dialog import Dialog

_ID_ROLE = Qt.ItemDataRole.UserRole


class HandOverDialog(Dialog):
    """A line for each, ticked; Space takes a tick away, Enter hands over what is ticked."""

    def __init__(self, round_title: str, problems: Sequence[RoundProblem], parent: QWidget) -> None:
        super().__init__(parent)
        self.setObjectName("handOverDialog")
        self.setWindowTitle("列入检查问题")
        self.resize(720, 480)
        households = len({problem.household_id for problem in problems})
        hint = QLabel(
            f"“{round_title}”里 {households} 户有 {len(problems)} 个问题还没有列入整改。打勾的列入；按空格去掉勾。"
        )
        hint.setWordWrap(True)
        self.problem_list = QListWidget()
        self.problem_list.setObjectName("problemsToHandOver")
        self.problem_list.setAccessibleName("要列入整改的问题")
        self.problem_list.setWordWrap(True)
        for problem in problems:
            item = QListWidgetItem(f"{problem.head}：{problem.problem}（{problem.due_on} 前）")
            item.setData(_ID_ROLE, problem.id)
            item.setCheckState(Qt.CheckState.Checked)
            self.problem_list.addItem(item)
        self.problem_list.setCurrentRow(0)
        layout = QVBoxLayout(self)
        layout.setContentsMargins(20, 16, 20, 16)
        layout.setSpacing(10)
        layout.addWidget(hint)
        layout.addWidget(self.problem_list)
        layout.addWidget(ButtonRow(self, "列入整改", "handOver", cancel_name="leaveHandOver"))

    def chosen_ids(self) -> list[str]:
        """Ids of the problems that are ticked."""
        items = [self.problem_list.item(n) for n in range(self.problem_list.count())]
        return [str(item.data(_ID_ROLE)) for item in items if item.checkState() == Qt.CheckState.Checked]
