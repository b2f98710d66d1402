"""措施: what the household or one of its members gets."""

from collections.abc import Mapping, Sequence
from datetime import date
from decimal import Decimal
from typing import ClassVar

from PySide6.QtWidgets import QComboBox, QHBoxLayout, QLabel

from app.records.field import Value, field, field_label
from app.records.household import HouseholdDetails
from ui.household.records_tab import RecordsTab
from ui.shell.page import AppContext
from ui.widgets.row_table import Column, Row

_WHOLE_HOUSEHOLD = "（全户）"


class MeasuresTab(RecordsTab):
    """Measures by year; whom a measure is for is chosen from the household's members."""

    TITLE = "措施"
    GROUP = "帮扶"
    ORDER = 60
    KEY = "6"
    TABLE = "measure"
    ADDS: ClassVar[Mapping[str, str]] = {"Alt+A": "措施"}
    NEW_LABEL = "新建措施"
    HINT = "还没有帮扶措施。按 Alt+A 新建。"
    COLUMNS = (
        Column("year", "年度", width=5),
        Column("kind", "类别", width=10),
        Column("title", field_label("measure", "title"), width=0),
        Column("amount", "金额", align="right", width=9, text=lambda value: f"{value:,.2f}"),
        Column("member", "享受人", width=7, hidden=True),
        Column("state", "状态", width=7),
    )
    GROUPS = (
        ("措施", ("title", "kind", "year", "state", "content", "quantity", "amount", "fund_source", "responsible")),
        ("进度与成效", ("started_on", "ended_on", "expected_gain", "evidence", "effect", "note")),
    )

    def __init__(self, context: AppContext) -> None:
        super().__init__(context)
        self._member_box = QComboBox()
        self._member_box.setObjectName("member_id")
        self._member_box.setAccessibleName(field("measure", "member_id").label)
        self._member_box.activated.connect(
            lambda _: self.editor.save_field("member_id", self._member_box.currentData())
        )
        line = QHBoxLayout()
        line.setContentsMargins(16, 4, 20, 0)
        line.addWidget(QLabel(field("measure", "member_id").label))
        line.addWidget(self._member_box)
        line.addStretch()
        self.editor_layout.insertLayout(0, line)
        self.editor.record_opened.connect(self._show_member)

    def show_card(self, card: HouseholdDetails) -> None:
        self._member_box.clear()
        self._member_box.addItem(_WHOLE_HOUSEHOLD, None)
        for member in (*card.members, *card.former_members):
            self._member_box.addItem(member.name, member.id)
        super().show_card(card)
        self._show_member()

    def _show_member(self) -> None:
        draft = self.editor.draft
        self._member_box.setEnabled(draft is not None)
        self._member_box.setCurrentIndex(max(0, self._member_box.findData(draft.values["member_id"])) if draft else 0)

    def rows(self, card: HouseholdDetails) -> Sequence[Row]:
        return [
            Row(
                measure.id,
                {
                    "year": measure.year,
                    "kind": measure.kind,
                    "title": measure.title,
                    "amount": measure.amount if measure.amount != Decimal() else None,
                    "member": measure.member or _WHOLE_HOUSEHOLD,
                    "state": measure.state,
                },
            )
            for measure in card.measures
        ]

    def default_values(self) -> Mapping[str, Value]:
        kinds = field("measure", "kind").options
        return {"year": date.today().year, "title": "新措施", "kind": kinds[0].value if kinds else None}
