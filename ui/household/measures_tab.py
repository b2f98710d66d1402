"""措施: what the household or one of its members gets."""

from collections.abc import Mapping, Sequence
from datetime import date
from decimal import Decimal

from PySide6.QtWidgets import QComboBox, QHBoxLayout, QLabel

from app.records.field import Value, field, label_of
from app.records.household import HouseholdCard
from ui.household.desk import Desk
from ui.household.records_tab import RecordsTab
from ui.tables.row_table import Column, Row

_WHOLE = "（全户）"


class MeasuresTab(RecordsTab):
    """Measures by year; whom a measure is for is chosen from the household's members."""

    TITLE = "措施"
    TABLE = "measure"
    NEW_LABEL = "新建措施"
    HINT = "还没有帮扶措施。按 Alt+A 新建。"
    COLUMNS = (
        Column("year", "年度", width=5),
        Column("kind", "类别", width=10),
        Column("title", label_of("measure", "title"), width=0),
        Column("amount", "金额", align="right", width=9, text=lambda value: f"{value:,.2f}"),
        Column("member", "享受人", width=7, hidden=True),
        Column("state", "状态", width=7),
    )
    GROUPS = (
        ("措施", ("title", "kind", "year", "state", "content", "quantity", "amount", "fund_source", "responsible")),
        ("进度与成效", ("started_on", "ended_on", "expected_gain", "evidence", "effect", "note")),
    )

    def __init__(self, desk: Desk) -> None:
        super().__init__(desk)
        self._who = QComboBox()
        self._who.setObjectName("member_id")
        self._who.setAccessibleName(field("measure", "member_id").label)
        self._who.activated.connect(lambda _: self.editor.put("member_id", self._who.currentData()))
        line = QHBoxLayout()
        line.setContentsMargins(16, 4, 20, 0)
        line.addWidget(QLabel(field("measure", "member_id").label))
        line.addWidget(self._who)
        line.addStretch()
        self.beside.insertLayout(0, line)
        self.editor.opened.connect(self._show_who)

    def show_card(self, card: HouseholdCard) -> None:
        self._who.clear()
        self._who.addItem(_WHOLE, None)
        for one in (*card.members, *card.left):
            self._who.addItem(one.name, one.id)
        super().show_card(card)
        self._show_who()

    def _show_who(self) -> None:
        draft = self.editor.draft
        self._who.setEnabled(draft is not None)
        self._who.setCurrentIndex(max(0, self._who.findData(draft.values["member_id"])) if draft else 0)

    def rows(self, card: HouseholdCard) -> Sequence[Row]:
        return [
            Row(
                one.id,
                {
                    "year": one.year,
                    "kind": one.kind,
                    "title": one.title,
                    "amount": one.amount if one.amount != Decimal() else None,
                    "member": one.member or _WHOLE,
                    "state": one.state,
                },
            )
            for one in card.measures
        ]

    def begins_with(self) -> Mapping[str, Value]:
        kinds = field("measure", "kind").options
        return {"year": date.today().year, "title": "新措施", "kind": kinds[0].value if kinds else None}
