"""What the registers of one household have otherwise, one figure or mark a row; Space ticks what is to be taken."""

from collections.abc import Sequence

from PySide6.QtCore import Qt, Signal
from PySide6.QtGui import QKeyEvent

from app.register_proposals.proposal import CardProposal
from ui.proposals.proposal_rows import PROPOSAL_COLUMNS, Ticks
from ui.widgets.row_table import RowTable


class TickedTable(RowTable):
    """Signals:
    ticks_changed: another selection is ticked
    """

    ticks_changed = Signal()

    def __init__(self, name: str) -> None:
        super().__init__(name, "从台账带入")
        self.set_columns(PROPOSAL_COLUMNS)
        self._ticks = Ticks()

    def show_proposals(self, proposals: Sequence[CardProposal]) -> None:
        """These, in their order."""
        self._ticks.use({one.key: one for one in proposals})
        self._show()

    def ticked(self) -> list[CardProposal]:
        """What is ticked among the rows that are shown."""
        return self._ticks.among(self.visible_ids())

    def keyPressEvent(self, event: QKeyEvent) -> None:
        if event.key() == Qt.Key.Key_Space:
            selected = self.selected_ids()
            self._ticks.turn(selected or [self.current_id()])
            self._show()
            self.select_ids(selected)
        else:
            super().keyPressEvent(event)

    def _show(self) -> None:
        self.set_rows(self._ticks.row(key, one) for key, one in self._ticks.proposals.items())
        self.ticks_changed.emit()
