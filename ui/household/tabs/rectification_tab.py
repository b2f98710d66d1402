"""整改: problems found in this household, until they are closed out."""

from collections.abc import Mapping, Sequence
from datetime import date
from typing import Any, ClassVar

from PySide6.QtWidgets import QComboBox, QHBoxLayout, QLabel

from app.dashboard.household_counts import PartCount, rectification_count
from app.records.field import Value, field_label, options
from app.records.household import HouseholdDetails
from app.rectifications.rectification import (
    CLOSING_COLUMNS,
    RectificationRow,
    default_values,
    due_date,
    rectification_rows,
)
from ui.household.records_tab import RecordsTab
from ui.household.rectification_rows import RECTIFICATION_GROUPS, rectification_row
from ui.shell.page import AppContext
from ui.widgets.row_table import Column, Row


class RectificationTab(RecordsTab):
    """Overdue ones first. Closing out is done on the page of all problems, after a follow-up visit."""

    TITLE = "整改"
    GROUP = "检查与档案"
    ORDER = 100
    KEY = "G"
    TABLE = "rectification"
    ADDS: ClassVar[Mapping[str, str]] = {"Alt+A": "整改"}
    NEW_LABEL = "新建整改"
    HINT = "这一户没有要整改的问题。按 Alt+A 新建。"
    EXCLUDED = CLOSING_COLUMNS
    COLUMNS = (
        Column("state", "状态", width=7),
        Column("due_on", field_label("rectification", "due_on"), width=11),
        Column("problem", field_label("rectification", "problem"), width=0),
    )
    GROUPS = RECTIFICATION_GROUPS

    @classmethod
    def count(cls, session: Any, household_id: str) -> PartCount | None:
        return rectification_count(session, household_id)

    def __init__(self, context: AppContext) -> None:
        super().__init__(context)
        self._rectifications: list[RectificationRow] = []
        self.deadline_box = QComboBox()
        self.deadline_box.setObjectName("deadline")
        self.deadline_box.setAccessibleName("时限类别")
        self.deadline_box.setPlaceholderText("时限类别")
        self.deadline_box.addItems([option.label for option in options("rectification_deadline")])
        self.deadline_box.setCurrentIndex(-1)
        self.deadline_box.activated.connect(lambda _: self._apply_deadline())
        line = QHBoxLayout()
        line.setContentsMargins(16, 4, 20, 0)
        line.addWidget(QLabel("从发现那天起"))
        line.addWidget(self.deadline_box)
        line.addWidget(QLabel("改好（会填进整改时限）"))
        line.addStretch()
        self.editor_layout.insertLayout(0, line)

    def show_card(self, card: HouseholdDetails) -> None:
        if self.card is None or self.card.id != card.id:
            self._rectifications = []
            super().show_card(card)
        self.context.read(
            lambda rectifications: self._show_rectifications(card, rectifications), rectification_rows, card.id
        )

    def _show_rectifications(self, card: HouseholdDetails, rectifications: list[RectificationRow]) -> None:
        if self.card is not None and self.card.id == card.id:
            self._rectifications = rectifications
            super().show_card(card)

    def _apply_deadline(self) -> None:
        """The class that is chosen gives the last day."""
        draft, deadline = self.editor.draft, self.deadline_box.currentText()
        found_on = draft.values["found_on"] if draft else None
        if isinstance(found_on, date):
            self.editor.save_field("due_on", due_date(found_on, deadline))
        self.deadline_box.setCurrentIndex(-1)

    def rows(self, card: HouseholdDetails) -> Sequence[Row]:
        return [rectification_row(rectification) for rectification in self._rectifications]

    def default_values(self) -> Mapping[str, Value]:
        return default_values(date.today())
