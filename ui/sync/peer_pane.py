"""One colleague: what they have, village by village, what waits for them, and what came back."""

from collections.abc import Iterable

from PySide6.QtCore import Qt
from PySide6.QtGui import QAction
from PySide6.QtWidgets import QFrame, QLabel, QVBoxLayout

from app.sync.peers import ROLES
from app.sync.views import PackageView, PeerDetailView, PeerVillageView
from ui.widgets.action_row import ActionRow
from ui.widgets.row_table import Column, Row, RowTable

_COLUMNS = (
    Column("name", "村", width=9),
    Column("has", "对方已有", align="right", width=6, text=lambda value: f"{value}%"),
    Column("waiting", "待发修改", align="right", width=8),
    Column("photographs", "待发照片", align="right", width=0),
)


class PeerPane(QFrame):
    """Beside the list of colleagues."""

    def __init__(self, actions: Iterable[QAction]) -> None:
        super().__init__()
        self.setObjectName("peerPane")
        self.setMaximumWidth(430)
        self.name, self.summary, self.village_names, self.revoked_note, self.proposal_note = (
            _label("peerName", "title"),
            _label("peerAbout", "quiet"),
            _label("peerSees", ""),
            _label("peerRevoked", "fault"),
            _label("peerProposal", "fault"),
        )
        self.villages = RowTable("peerVillages", "对方已有")
        self.villages.set_columns(_COLUMNS)
        self.villages.placeholder = "对方暂无权查看本村数据。"
        self.villages.setMinimumHeight(90)
        layout = QVBoxLayout(self)
        layout.setContentsMargins(14, 10, 14, 12)
        layout.setSpacing(8)
        for widget in (self.name, self.summary, self.village_names, self.revoked_note, self.proposal_note):
            layout.addWidget(widget)
        layout.addWidget(self.villages, 1)
        layout.addWidget(ActionRow(actions))
        self.show_detail(None)

    def show_detail(self, detail: PeerDetailView | None) -> None:
        """None: nobody is chosen."""
        self.setVisible(detail is not None)
        if detail is None:
            return
        entry = detail.entry
        self.name.setText(entry.name + ("（已停用）" if entry.revoked_at else ""))
        lines = [
            f"{ROLES.get(entry.role, entry.role)}　指纹 {entry.fingerprint}",
            f"收到的数据包：{_package_text(detail.last_received)}",
            f"发出的数据包：{_package_text(detail.last_sent)}{_acknowledged_text(detail)}",
        ]
        self.summary.setText("\n".join(lines))
        names = "、".join(name for _, name in detail.sees[:8]) + (
            f"等 {len(detail.sees)} 个村" if detail.sees[8:] else ""
        )
        self.village_names.setText(f"能看的村：{names or '本机的每个村'}")
        revoked = "、".join(f"“{name}”" for name in detail.revoked)
        self.revoked_note.setText(f"对方已停用：{revoked}")
        self.revoked_note.setVisible(bool(revoked))
        proposed_by = "、".join(f"“{name}”" for name in entry.proposed_by)
        self.proposal_note.setText(
            f"{proposed_by}停用了对方的名片，本机未随之停用。请核实：电脑丢失或人员离任的，请停用；情况不属实的，请按“仍然信任”。"
        )
        self.proposal_note.setVisible(bool(proposed_by))
        self.villages.set_rows(_row(share) for share in detail.villages)


def _package_text(entry: PackageView | None) -> str:
    if entry is None:
        return "还没有"
    pictures = f"、{entry.pictures} 张照片" if entry.pictures else ""
    return f"{entry.at[:16]}，{entry.changes} 条修改{pictures}"


def _acknowledged_text(detail: PeerDetailView) -> str:
    if detail.last_sent is None:
        return ""
    if detail.last_sent.acknowledged_at:
        return "，已回执"
    earlier = detail.last_acknowledged
    return f"，还没有回执（{earlier.at[:10]} 的有）" if earlier else "，还没有回执"


def _row(share: PeerVillageView) -> Row:
    cells = {
        "name": share.name,
        "has": share.percent,
        "waiting": share.waiting or None,
        "photographs": share.photographs or None,
    }
    return Row(share.code, cells)


def _label(name: str, style: str) -> QLabel:
    label = QLabel()
    label.setObjectName(name)
    label.setTextFormat(Qt.TextFormat.PlainText)  # names come from outside
    label.setWordWrap(True)
    label.setTextInteractionFlags(Qt.TextInteractionFlag.TextSelectableByMouse)
    if style:
        label.setProperty(style, True)
    return label
