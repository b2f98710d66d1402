"""Below the list: the current issue in full."""

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QFrame, QLabel, QVBoxLayout

from app.issues.issues import Issue


class IssueCard(QFrame):
    """What clashes, where, which rule says so, the correction that is offered, and the verdict."""

    def __init__(self) -> None:
        super().__init__()
        self.setProperty("card", True)
        self.message, self.source, self.resolution = QLabel(), QLabel(), QLabel()
        layout = QVBoxLayout(self)
        layout.setContentsMargins(14, 8, 14, 10)
        layout.setSpacing(4)
        for name, label in (("sentence", self.message), ("source", self.source), ("more", self.resolution)):
            label.setObjectName(f"doubt_{name}")
            label.setTextFormat(Qt.TextFormat.PlainText)
            label.setWordWrap(True)
            layout.addWidget(label)
        self.source.setProperty("quiet", True)
        self.setMinimumHeight(92)
        self.show_issue(None)

    def show_issue(self, issue: Issue | None) -> None:
        """None: nothing is chosen."""
        if issue is None:
            for label in (self.message, self.source, self.resolution):
                label.setText("")
            return
        record = f" {issue.record_title}" if issue.record_id != issue.household_id else ""
        self.message.setText(f"{issue.household_name}户{record}：{issue.message}")
        fields = f"　涉及：{'、'.join(issue.field_labels)}" if issue.field_labels else ""
        self.source.setText(f"{issue.severity}　{issue.title}{fields}")
        dismissal = issue.dismissal
        if dismissal:
            self.resolution.setText(
                f"已核实无误：{dismissal.reason}（{dismissal.dismissed_by or '操作员未填'}"
                f"，{dismissal.dismissed_on or '日期未填'}）"
            )
        elif issue.county:
            self.resolution.setText("按回车打开“县里的规定”，光标停在要填的地方。")
        else:
            self.resolution.setText(f"可以直接采用：{issue.fix.label}" if issue.fix else "")
