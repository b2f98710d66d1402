"""数据交换: packages to and from colleagues, whom we exchange with, and what went back and forth."""

from pathlib import Path
from typing import TYPE_CHECKING, Any

from PySide6.QtGui import QAction
from PySide6.QtWidgets import QFileDialog, QHBoxLayout, QStackedWidget, QTabWidget, QVBoxLayout, QWidget

from app.errors import OfficeError
from app.exchange import card_signs, package, peers, receipts
from app.exchange.entries import PackageEntry, PeerDetail, PeerEntry
from app.progress import Progress, Work
from ui.exchange.arrived_card import Arrived, ArrivedCard
from ui.exchange.arriving import Arriving
from ui.exchange.cards import Cards
from ui.exchange.folding import FoldingDesk
from ui.exchange.large_button import LargeButton
from ui.exchange.log_tab import LogTab
from ui.exchange.my_card import MyCard
from ui.exchange.peer_pane import PeerPane
from ui.exchange.preview_card import PreviewCard
from ui.exchange.receipt_desk import ReceiptDesk
from ui.exchange.sending import Sending
from ui.exchange.stick_bar import StickBar
from ui.exchange.stick_card import StickCard
from ui.exchange.undoing import Undoing
from ui.page import Office, Page
from ui.tables.row_table import Column, Row, RowTable

if TYPE_CHECKING:
    from app.workbook.workbook import Changes, Workbook

_PEERS = (
    Column("name", "同事", width=26),
    Column("role", "级别", width=5),
    Column("waiting", "待发修改", align="right", width=8),
    Column("photographs", "待发照片", align="right", width=8),
    Column("heard", "上次收到", width=0),
    Column("fingerprint", "指纹", width=31, hidden=True),
)
_NOBODY = "还没有同事。\n1. 保存本机名片拷给对方；2. 按 Ctrl+N 添加对方的名片，当面核对指纹。"
_FILES = f"数据包、名片和回执 (*{package.SUFFIX} *{peers.SUFFIX} *{receipts.SUFFIX})"
_PEERS_TAB, _LOG_TAB, _CARD_TAB = range(3)
Looked = tuple[peers.Card, str, tuple[bytes, ...], tuple[PeerEntry, ...], tuple[PackageEntry, ...]]


def _look(workbook: "Workbook") -> Work[Looked]:
    yield Progress(0, 1)
    card = peers.my_card(workbook)
    try:
        sign = card_signs.card_sign(card)
    except OfficeError:  # more villages than a QR code holds; the file still does
        sign = ()
    return card, card_signs.card_text(card), sign, peers.listed(workbook), peers.packages(workbook)


def _detail(workbook: "Workbook", sign_key: str) -> Work[PeerDetail]:
    yield Progress(0, 1)
    return peers.detail(workbook, sign_key)


class ExchangePage(Page):
    """One large action each way, a bar while a stick is plugged in, and what went back and forth.

    `shown(path=…)` or `shown(paths=…)` takes dropped files, `shown(stick=True)` those on the stick.
    """

    TITLE = "数据交换"
    ICON = "exchange"
    ORDER = 70

    def __init__(self, office: Office) -> None:
        super().__init__(office)
        self._entries: dict[str, PeerEntry] = {}
        self._detail: PeerDetail | None = None
        self.cards, self.sending = Cards(office, self), Sending(office, self)
        self.receipts, self.undoing = ReceiptDesk(office, self), Undoing(office, self)
        self.folding = FoldingDesk(office, self)
        self.mine, self.preview, self.stick, self.arrived = MyCard(), PreviewCard(), StickCard(), ArrivedCard()
        self.arriving = Arriving(office, self.cards, self.receipts, self.preview)
        self._make_actions()
        self.peers = RowTable("peers", "同事名单")
        self.peers.set_columns(_PEERS)
        self.peers.hint = _NOBODY
        self.pane = PeerPane([self._villages, self._stop])
        receipt = [self._take_receipt, self._save_receipt, self._show_code]
        self.record = LogTab([*receipt, self._undo, self._fold])
        self.log = self.record.table
        self._lay_out()
        self._connect()
        self._show_sticks()
        self._enable()

    def _make_actions(self) -> None:
        self._stop = self.action("revokeCard", "停用名片", "Ctrl+Delete", self._revoke, "close")
        self._villages = self.action("peerVillages", "能看的村…", "Ctrl+G", self._ask_villages, "village")
        self._look = self.action("lookAtStick", "查看U盘", "Ctrl+U", self._show_stick, "stick")
        self._onto = self.action("exportToStick", "导出到U盘…", "Ctrl+Shift+E", self.export_to_stick, "export")
        self._take_receipt = self.action("takeReceipt", "登记回执…", "Ctrl+R", self.receipts.ask_file, "settled")
        self._type_code = self.action("typeCode", "输入回执码…", "Ctrl+K", self._ask_code, "key")
        self._save_receipt = self.action("saveReceipt", "保存回执…", "Ctrl+Shift+S", self._ask_receipt, "save")
        self._show_code = self.action("showCode", "显示回执码", "Ctrl+Shift+K", self._tell_code, "key")
        self._undo = self.action("undoImport", "撤销这次导入", "Ctrl+Shift+Z", self._ask_undo, "undo")
        self._fold = self.action("foldHistory", "整理历史…", "Ctrl+H", self.folding.ask)
        self._actions = [
            self.action("exportPackage", "导出给…", "Ctrl+E", self.ask_export, "export"),
            self.action("importPackage", "导入…", "Ctrl+I", self._ask_import, "take_in"),
            self._look,
            self.action("addCard", "添加同事名片…", "Ctrl+N", self.cards.ask_add, "add"),
            self.action("saveCard", "保存本机名片…", "Ctrl+S", self.cards.ask_save, "card"),
            self._type_code,
        ]
        self.action("cardText", "输入名片文字…", "Ctrl+Shift+N", self.cards.ask_text)
        for n, name in enumerate(("同事", "往来记录", "本机名片")):
            self.action(f"tab{n}", f"看{name}", f"Alt+{n + 1}", lambda n=n: self._turn(n))  # type: ignore[misc]

    def _lay_out(self) -> None:
        self.bar = StickBar()
        self.out = LargeButton("bigExport", "导出给…", "export", "把同事还没有的修改写成一个包（Ctrl+E）")
        self.into = LargeButton("bigImport", "导入…", "take_in", "先看再导入；文件可以拖进窗口（Ctrl+I）")
        people = QWidget()
        beside = QHBoxLayout(people)
        beside.setContentsMargins(10, 8, 0, 8)
        beside.setSpacing(0)
        beside.addWidget(self.peers, 3)
        beside.addWidget(self.pane, 2)
        self.tabs = QTabWidget()
        self.tabs.setObjectName("exchangeTabs")
        self.tabs.setAccessibleName("同事与记录")
        for widget, name in ((people, "同事"), (self.record, "往来记录"), (self.mine, "本机名片")):
            self.tabs.addTab(widget, name)
        front, large = QWidget(), QHBoxLayout()
        large.setSpacing(12)
        large.addWidget(self.out, 1)
        large.addWidget(self.into, 1)
        whole = QVBoxLayout(front)
        whole.setContentsMargins(0, 0, 0, 0)
        whole.addWidget(self.bar)
        whole.addLayout(large)
        whole.addWidget(self.tabs, 1)
        self._stack = QStackedWidget()
        for widget in (front, self.preview, self.stick, self.arrived):
            self._stack.addWidget(widget)
        page = QVBoxLayout(self)
        page.setContentsMargins(16, 12, 16, 12)
        page.addWidget(self._stack)

    def _connect(self) -> None:
        self.out.clicked.connect(self.ask_export)
        self.into.clicked.connect(self._ask_import)
        self.bar.look_wanted.connect(self._show_stick)
        self.bar.export_wanted.connect(self.export_to_stick)
        self.peers.opened.connect(self._export_to)
        self.peers.pointed.connect(self._point)
        self.record.pointed.connect(self._enable)
        self.tabs.currentChanged.connect(self._turned)
        self.mine.named.connect(self.cards.rename)
        self.mine.save_wanted.connect(self.cards.ask_save)
        self.mine.copied.connect(lambda: self.office.notices.saved("名片文字已复制，可以粘贴到微信发给同事。"))
        self.arriving.shown.connect(lambda: self._stack.setCurrentWidget(self.preview))
        self.arriving.rested.connect(self._front)
        self.arriving.finished.connect(self._show_arrived)
        self.arrived.save_wanted.connect(self._save_one)
        self.arrived.conflicts_wanted.connect(lambda: self.office.open("conflicts"))
        self.arrived.left.connect(self._front)
        self.stick.wanted.connect(self.arriving.open)
        self.stick.left.connect(self._front)
        self.undoing.reasons.connect(self.record.show_reasons)
        for part in (self.cards.changed, self.sending.written, self.arriving.written):
            part.connect(self._written)
        for part in (self.receipts.written, self.undoing.written):
            part.connect(self._written)
        self.office.sticks.changed.connect(self._show_sticks)

    def actions_shown(self) -> list[QAction]:
        return self._actions

    def shown(self, **about: Any) -> None:
        self._read()
        paths = about.get("paths") or tuple(filter(None, [about.get("path")]))
        if paths:
            self.arriving.open(paths)
        elif about.get("stick"):
            self._show_stick()

    def refresh(self, changes: "Changes") -> None:
        self._read()

    def _read(self) -> None:
        self.office.jobs.start(_look(self.office.workbook), self._show, lane="read")

    def _written(self) -> None:
        self._read()
        self.office.sticks.look_again()

    def _show(self, looked: Looked) -> None:
        card, text, sign, entries, packages = looked
        self.mine.show_card(card, text, sign)
        self._entries = {entry.sign_key: entry for entry in entries}
        self.peers.set_rows(_peer_row(entry) for entry in entries)
        self.record.show_entries(packages)
        self._point(self.peers.current())
        self._turned()

    def _point(self, sign_key: str) -> None:
        if sign_key:
            work = _detail(self.office.workbook, sign_key)
            self.office.jobs.start(work, self._show_detail, lane="read")
        else:
            self._show_detail(None)
        self._enable()

    def _show_detail(self, detail: PeerDetail | None) -> None:
        if detail is None or detail.entry.sign_key == self.peers.current():
            self._detail = detail
            self.pane.show_detail(detail)

    def _turn(self, tab: int) -> None:
        self._stack.setCurrentIndex(0)
        self.tabs.setCurrentIndex(tab)
        (self.peers, self.log, self.mine.name)[tab].setFocus()

    def _turned(self) -> None:
        if self.tabs.currentIndex() == _LOG_TAB:
            self.undoing.look()

    def _front(self) -> None:
        self._stack.setCurrentIndex(0)
        self.tabs.currentWidget().setFocus()

    def _show_arrived(self, arrived: tuple[Arrived, ...]) -> None:
        self.arrived.show_arrived(arrived)
        self._stack.setCurrentWidget(self.arrived)
        self.arrived.done.setFocus()

    def _show_sticks(self) -> None:
        there = self.office.sticks.there
        self.bar.show_sticks(there)
        self.stick.show_sticks(there)
        self._look.setEnabled(bool(there))
        self._onto.setEnabled(bool(there))
        if not there and self._stack.currentWidget() is self.stick:
            self._front()

    def _show_stick(self) -> None:
        """What lies on it; a single file that brings something is shown at once."""
        worth = [path for stick in self.office.sticks.there for path in stick.worth_opening]
        if len(worth) == 1:
            self.arriving.open(worth)
        elif self.office.sticks.there:
            self._stack.setCurrentWidget(self.stick)
            self.stick.table.setFocus()

    def _enable(self) -> None:
        chosen, entry = self._entries.get(self.peers.current()), self.record.chosen()
        usable = [one for one in self._entries.values() if not one.revoked_at]
        for action in (self._stop, self._villages):
            action.setEnabled(chosen is not None and not chosen.revoked_at)
        for action in (self._save_receipt, self._show_code):
            action.setEnabled(entry is not None and entry.way == "in" and not entry.undone_at)
        self._undo.setEnabled(self.record.may_be_undone())
        self.out.say(f"导出给 {usable[0].name}" if len(usable) == 1 else "导出给…")

    def _revoke(self) -> None:
        entry = self._entries.get(self.peers.current())
        if entry is not None:
            self.cards.ask_revoke(entry)

    def _ask_villages(self) -> None:
        if self._detail is not None:
            self.cards.ask_villages(self._detail)

    def _ask_code(self) -> None:
        self.receipts.ask_code(self._entries.values(), self.peers.current())

    def _ask_receipt(self) -> None:
        entry = self.record.chosen()
        if entry is not None:
            self.receipts.ask_save(entry.n, entry.peer)

    def _save_one(self, n: int, sender: str) -> None:
        self.receipts.ask_save(n, sender)

    def _tell_code(self) -> None:
        entry = self.record.chosen()
        if entry is not None:
            self.receipts.show_code(entry)

    def _ask_undo(self) -> None:
        entry = self.record.chosen()
        if entry is not None:
            self.undoing.ask(entry)

    def ask_export(self) -> None:
        """For whom, where there is a choice; then where to."""
        self.sending.ask(self._entries.values(), self.peers.current())

    def export_to_stick(self) -> None:
        """The same, onto the stick that came last, without asking where."""
        there = self.office.sticks.there
        if there:
            self.sending.ask(self._entries.values(), self.peers.current(), there[0].volume.root)

    def _export_to(self, sign_key: str) -> None:
        self.sending.ask([self._entries[sign_key]], sign_key)

    def _ask_import(self) -> None:
        """A stick's folder is where it begins."""
        there = self.office.sticks.there
        begin = str(there[0].volume.root) if there else ""
        paths = QFileDialog.getOpenFileNames(self, "导入", begin, _FILES)[0]
        if paths:
            self.arriving.open([Path(path) for path in paths])


def _peer_row(entry: PeerEntry) -> Row:
    cells = {
        "name": entry.name + ("（已停用）" if entry.revoked_at else ""),
        "role": peers.ROLES.get(entry.role, entry.role),
        "waiting": entry.waiting,
        "photographs": entry.photographs or None,
        "heard": entry.last_heard[:16] or "从未",
        "fingerprint": entry.fingerprint,
    }
    return Row(entry.sign_key, cells, "quiet" if entry.revoked_at else "")
