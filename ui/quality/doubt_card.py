"""Below the list: the current doubt in full."""

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QFrame, QLabel, QVBoxLayout

from app.quality.doubts import Doubt


class DoubtCard(QFrame):
    """What clashes, where, which rule says so, the correction that is offered, and the verdict."""

    def __init__(self) -> None:
        super().__init__()
        self.setProperty("card", True)
        self.sentence, self.source, self.more = QLabel(), QLabel(), QLabel()
        inside = QVBoxLayout(self)
        inside.setContentsMargins(14, 8, 14, 10)
        inside.setSpacing(4)
        for name, label in (("sentence", self.sentence), ("source", self.source), ("more", self.more)):
            label.setObjectName(f"doubt_{name}")
            label.setTextFormat(Qt.TextFormat.PlainText)
            label.setWordWrap(True)
            inside.addWidget(label)
        self.source.setProperty("quiet", True)
        self.setMinimumHeight(92)
        self.show_doubt(None)

    def show_doubt(self, doubt: Doubt | None) -> None:
        """None: nothing is chosen."""
        if doubt is None:
            for label in (self.sentence, self.source, self.more):
                label.setText("")
            return
        about = f" {doubt.called}" if doubt.about != doubt.household_id else ""
        self.sentence.setText(f"{doubt.home}户{about}：{doubt.sentence}")
        fields = f"　涉及：{'、'.join(doubt.fields)}" if doubt.fields else ""
        self.source.setText(f"{doubt.severity}　{doubt.title}{fields}")
        said = doubt.settled
        if said:
            self.more.setText(f"已核实无误：{said.reason}（{said.by or '操作员未填'}，{said.on or '日期未填'}）")
        else:
            self.more.setText(f"可以直接采用：{doubt.fix.sentence}" if doubt.fix else "")
