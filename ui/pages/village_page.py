"""What is known of the village itself: names, first secretary, sponsor unit. Printed on every archive."""

from typing import Any, ClassVar

from PySide6.QtWidgets import QComboBox, QHBoxLayout, QLabel, QVBoxLayout

from app.records.field import label_of
from app.records.village import village_ids
from app.workbook.workbook import Changes
from ui.household.desk import Desk
from ui.household.editor import Editor
from ui.page import Office, Page


class VillagePage(Page):
    """One form; each field is saved when it is left. The code is what the village is known by and never changes."""

    TITLE: ClassVar[str] = "本村资料"
    ICON: ClassVar[str] = "village"
    ORDER: ClassVar[int] = 950
    SHORTCUT: ClassVar[str] = "F8"

    def __init__(self, office: Office) -> None:
        super().__init__(office)
        self.desk = Desk(office, self)
        self.editor = Editor(self.desk, "village", without=("code",), hint="没有村的资料。")
        self.choice = QComboBox()
        self.choice.setObjectName("village")
        self.choice.setAccessibleName(label_of("village", "name"))
        self.choice.setSizeAdjustPolicy(QComboBox.SizeAdjustPolicy.AdjustToContents)
        self.choice.activated.connect(lambda _: self.editor.open(self.choice.currentData()))
        hint = QLabel("改动离开即保存，会印在档案上，也会随数据交换传给同事。")
        hint.setProperty("quiet", True)
        head = QHBoxLayout()
        head.addWidget(self.choice)
        head.addWidget(hint, 1)
        whole = QVBoxLayout(self)
        whole.setContentsMargins(16, 12, 16, 12)
        whole.addLayout(head)
        whole.addWidget(self.editor, 1)

    def shown(self, **about: Any) -> None:
        self.desk.read(self._show, village_ids)

    def refresh(self, changes: Changes) -> None:
        if changes.touches("village"):
            self.desk.read(self._show, village_ids)

    def may_leave(self) -> bool:
        return self.editor.may_leave()

    def _show(self, villages: list[tuple[str, str, str]]) -> None:
        chosen = self.choice.currentData()
        self.choice.clear()
        for record_id, code, name in villages:
            self.choice.addItem(f"{name}（{code}）", record_id)
        self.choice.setCurrentIndex(max(0, self.choice.findData(chosen)))
        self.editor.open(self.choice.currentData() or "")
