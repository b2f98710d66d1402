"""整改: problems found in this household, until they are closed out."""

from collections.abc import Mapping
from datetime import date
from typing import Any, ClassVar

from PySide6.QtWidgets import QComboBox, QHBoxLayout, QLabel

from app.dashboard.household_counts import CountedHousehold, PartCount, rectification_count
from app.records.field import options
from app.registers.rectification import REGISTER, due_date
from ui.registers.photo_pair_pane import PhotoPairPane
from ui.registers.register_part import RegisterPart
from ui.shell.page import AppContext


class RectificationPart(RegisterPart):
    """Overdue ones first. Closing out is done on the page of all problems, after a follow-up visit."""

    REGISTER = REGISTER
    TITLE = "整改"
    GROUP = "检查与档案"
    ORDER = 100
    KEY = "G"
    TABLE = "rectification"
    ADDS: ClassVar[Mapping[str, str]] = {"Alt+A": "整改"}

    @classmethod
    def count(cls, session: Any, household: CountedHousehold) -> PartCount | None:
        return rectification_count(household.rows[cls.REGISTER.key])

    def __init__(self, context: AppContext) -> None:
        super().__init__(context)
        self.deadline_box = QComboBox()
        self.deadline_box.setObjectName("deadline")
        self.deadline_box.setAccessibleName("时限类别")
        self.deadline_box.setPlaceholderText("时限类别")
        self.deadline_box.addItems([option.label for option in options("rectification_deadline")])
        self.deadline_box.setCurrentIndex(-1)
        self.deadline_box.activated.connect(lambda _: self._apply_deadline())
        line = QHBoxLayout()
        line.addWidget(QLabel("自发现之日起"))
        line.addWidget(self.deadline_box)
        line.addWidget(QLabel("（自动填入整改时限）"))
        line.addStretch()
        self.editor.above.addLayout(line)
        self.photo_pair = PhotoPairPane(context, self.editor)

    def _apply_deadline(self) -> None:
        """The class that is chosen gives the last day."""
        draft, deadline = self.editor.draft, self.deadline_box.currentText()
        found_on = draft.values["found_on"] if draft else None
        if isinstance(found_on, date):
            self.editor.save_field("due_on", due_date(found_on, deadline))
        self.deadline_box.setCurrentIndex(-1)
