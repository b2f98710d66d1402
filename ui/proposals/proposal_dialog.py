"""从台账带入 for one household: what its registers have otherwise than its card."""

from collections.abc import Sequence

from PySide6.QtWidgets import QLabel, QVBoxLayout, QWidget

from app.register_proposals.proposal import CardProposal
from ui.proposals.ticked_table import TickedTable
from ui.widgets.button_row import ButtonRow
from ui.widgets.dialog import Dialog

_HINT = "打勾的写进户档，算一步，可以撤销；按空格打勾或去掉勾。有疑点的没有打勾，请先核对。"


class ProposalDialog(Dialog):
    """Accepted: take what is ticked."""

    def __init__(self, title: str, proposals: Sequence[CardProposal], parent: QWidget) -> None:
        super().__init__(parent)
        self.setObjectName("proposalDialog")
        self.setWindowTitle(title)
        self.resize(1040, 460)
        hint = QLabel(_HINT)
        hint.setWordWrap(True)
        self.table = TickedTable("household_proposals")
        self.buttons = ButtonRow(self, "带入", "take")
        self.table.ticks_changed.connect(self._limit)
        self.table.show_proposals(proposals)
        layout = QVBoxLayout(self)
        layout.addWidget(hint)
        layout.addWidget(self.table, 1)
        layout.addWidget(self.buttons)
        self.table.setFocus()

    def _limit(self) -> None:
        self.buttons.accept_button.setEnabled(bool(self.table.ticked()))
