"""What the registers have otherwise, one figure or mark a row; Space ticks what is to be taken over."""

from collections.abc import Sequence

from PySide6.QtCore import Qt, Signal
from PySide6.QtGui import QKeyEvent

from app.records.field import field_label
from app.register_proposals.proposal import CardProposal
from ui.household.household_columns import group_key, pinyin_key
from ui.widgets.row_table import Column, Row, RowTable

_TICKED = "✓"
_COLUMNS = (
    Column("tick", "带入", width=6),
    Column("group", field_label("household", "group_name"), width=9, sort_key=group_key),
    Column("home", "户主", width=8, sort_key=pinyin_key),
    Column("label", "项目", width=26),
    Column("now", "卡上现在", align="right", width=11),
    Column("proposed", "台账", align="right", width=11),
    Column("doubt", "疑点", width=26),
    Column("basis", "依据", width=0),
)


class ProposalTable(RowTable):
    """What nothing speaks against is ticked at first.

    Signals:
        ticks_changed: another selection is ticked
    """

    ticks_changed = Signal()

    def __init__(self, name: str) -> None:
        super().__init__(name, "从台账带入")
        self.set_columns(_COLUMNS)
        self.proposals: dict[str, CardProposal] = {}
        self._ticked: set[str] = set()

    def show_proposals(self, proposals: Sequence[CardProposal]) -> None:
        """These; what was ticked or not stays so where the same is proposed again."""
        known = {key for key, one in self.proposals.items() if one in proposals}
        self.proposals = {one.key: one for one in proposals}
        fresh = {key for key, one in self.proposals.items() if key not in known and not one.doubt}
        self._ticked = (self._ticked & known) | fresh
        self._show()

    def ticked(self) -> list[CardProposal]:
        """What is ticked among the rows that are shown."""
        return [self.proposals[key] for key in self.visible_ids() if key in self._ticked]

    def tick_selected(self) -> None:
        """Tick the selected rows, or take their ticks away where all have one."""
        keys = set(self.selected_ids() or [self.current_id()]) & set(self.proposals)
        self._ticked = self._ticked - keys if keys <= self._ticked else self._ticked | keys
        selected = self.selected_ids()
        self._show()
        self.select_ids(selected)

    def keyPressEvent(self, event: QKeyEvent) -> None:
        if event.key() == Qt.Key.Key_Space:
            self.tick_selected()
        else:
            super().keyPressEvent(event)

    def _show(self) -> None:
        self.set_rows(self._row(key, one) for key, one in self.proposals.items())
        self.ticks_changed.emit()

    def _row(self, key: str, one: CardProposal) -> Row:
        cells = {
            "tick": _TICKED if key in self._ticked else "",
            "group": one.group,
            "home": one.head,
            "label": one.label,
            "now": one.now_text,
            "proposed": one.proposed_text or "（空）",
            "doubt": one.doubt,
            "basis": one.basis,
        }
        return Row(key, cells, "warn" if one.doubt else "")
