"""数据交换: packages to and from colleagues, whom we exchange with, and what went back and forth."""

from pathlib import Path
from typing import TYPE_CHECKING, Any

from PySide6.QtGui import QAction
from PySide6.QtWidgets import (
    QFileDialog,
    QHBoxLayout,
    QStackedWidget,
    QTabWidget,
    QVBoxLayout,
    QWidget,
)

from app.exchange import package, peers
from app.progress import Progress, Work
from ui.exchange.arriving import Arriving
from ui.exchange.cards import Cards
from ui.exchange.large_button import LargeButton
from ui.exchange.my_card import MyCard
from ui.exchange.preview_card import PreviewCard
from ui.exchange.sending import Sending
from ui.exchange.stick_bar import StickBar
from ui.exchange.stick_card import StickCard
from ui.page import Office, Page
from ui.tables.row_table import Column, Row, RowTable

if TYPE_CHECKING:
    from app.workbook.workbook import Changes, Workbook

_PEERS = (
    Column("name", "同事", width=24),
    Column("role", "级别", width=5),
    Column("waiting", "待发修改", align="right", width=8),
    Column("heard", "上次收到", width=16),
    Column("fingerprint", "指纹", width=31),
    Column("villages", "交换的村", width=0),
)
_LOG = (
    Column("at", "时间", width=20),
    Column("way", "", width=6),
    Column("peer", "同事", width=24),
    Column("changes", "修改", align="right", width=8),
    Column("pictures", "照片", align="right", width=8),
    Column("operator", "经手人", width=10),
    Column("file", "文件", width=0),
)
_NOBODY = "还没有同事。\n1. 保存本机名片拷给对方；2. 按 Ctrl+N 添加对方的名片，当面核对指纹。"
_NOTHING = "还没有导出或导入过数据包。"
_FILES = f"数据包和名片 (*{package.SUFFIX} *{peers.SUFFIX})"
Looked = tuple[peers.Card, tuple[peers.PeerEntry, ...], tuple[peers.PackageEntry, ...]]


def _look(workbook: "Workbook") -> Work[Looked]:
    yield Progress(0, 1)
    return peers.my_card(workbook), peers.listed(workbook), peers.packages(workbook)


class ExchangePage(Page):
    """One large action each way, a bar while a stick is plugged in, and what went back and forth.

    `shown(path=…)` or `shown(paths=…)` takes dropped files, `shown(stick=True)` those on the stick.
    """

    TITLE = "数据交换"
    ICON = "exchange"
    ORDER = 70

    def __init__(self, office: Office) -> None:
        super().__init__(office)
        self._entries: dict[str, peers.PeerEntry] = {}
        self.cards, self.sending = Cards(office, self), Sending(office, self)
        self.mine, self.preview, self.stick = MyCard(), PreviewCard(), StickCard()
        self.arriving = Arriving(office, self.cards, self.preview)
        self._stop = self.action("revokeCard", "停用名片", "Ctrl+Delete", self._revoke, "close")
        self._look = self.action("lookAtStick", "查看U盘", "Ctrl+U", self._show_stick, "stick")
        self._onto = self.action("exportToStick", "导出到U盘…", "Ctrl+Shift+E", self.export_to_stick, "export")
        self._actions = [
            self.action("exportPackage", "导出给…", "Ctrl+E", self.ask_export, "export"),
            self.action("importPackage", "导入…", "Ctrl+I", self._ask_import, "take_in"),
            self._look,
            self.action("addCard", "添加同事名片…", "Ctrl+N", self.cards.ask_add, "add"),
            self.action("saveCard", "保存本机名片…", "Ctrl+S", self.cards.ask_save, "card"),
            self._stop,
        ]
        self.peers = RowTable("peers", "同事名单")
        self.peers.set_columns(_PEERS)
        self.peers.hint = _NOBODY
        self.log = RowTable("packages", "数据包记录")
        self.log.set_columns(_LOG)
        self.log.hint = _NOTHING
        self._lay_out()
        self._connect()
        self._show_sticks()
        self._enable()

    def _lay_out(self) -> None:
        self.bar = StickBar()
        self.out = LargeButton("bigExport", "导出给…", "export", "把同事还没有的修改写成一个包（Ctrl+E）")
        self.into = LargeButton("bigImport", "导入…", "take_in", "先看内容，再决定导入；也可以把文件拖进窗口（Ctrl+I）")
        tabs = QTabWidget()
        tabs.setObjectName("exchangeTabs")
        tabs.setAccessibleName("同事与记录")
        tabs.addTab(self.peers, "同事")
        tabs.addTab(self.log, "数据包记录")
        front = QWidget()
        large, left, whole = QHBoxLayout(), QVBoxLayout(), QHBoxLayout(front)
        large.addWidget(self.out, 1)
        large.addWidget(self.into, 1)
        left.addWidget(self.bar)
        left.addLayout(large)
        left.addWidget(tabs, 1)
        self.mine.setFixedWidth(300)
        whole.setContentsMargins(0, 0, 0, 0)
        whole.setSpacing(12)
        whole.addLayout(left, 1)
        whole.addWidget(self.mine)
        self._stack = QStackedWidget()
        for widget in (front, self.preview, self.stick):
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
        self.peers.pointed.connect(lambda _: self._enable())
        self.mine.named.connect(self.cards.rename)
        self.mine.save_wanted.connect(self.cards.ask_save)
        self.cards.changed.connect(self._written)
        self.sending.written.connect(self._written)
        self.arriving.written.connect(self._written)
        self.arriving.shown.connect(lambda: self._stack.setCurrentWidget(self.preview))
        self.arriving.rested.connect(self._front)
        self.stick.wanted.connect(self.arriving.open)
        self.stick.left.connect(self._front)
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
        card, entries, packages = looked
        self.mine.show_card(card)
        self._entries = {entry.sign_key: entry for entry in entries}
        names = {village.code: village.name for village in self.office.workbook.villages}
        self.peers.set_rows(_peer_row(entry, names) for entry in entries)
        self.log.set_rows(_log_row(n, entry) for n, entry in enumerate(packages))
        self._enable()

    def _front(self) -> None:
        self._stack.setCurrentIndex(0)
        self.peers.setFocus()

    def _show_sticks(self) -> None:
        there = self.office.sticks.there
        self.bar.show_sticks(there)
        self.stick.show_sticks(there)
        self._look.setEnabled(bool(there))
        self._onto.setEnabled(bool(there))
        if not there and self._stack.currentWidget() is self.stick:
            self._front()

    def _show_stick(self) -> None:
        """What lies on it; a single package is shown at once."""
        worth = [path for stick in self.office.sticks.there for path in stick.worth_opening]
        if len(worth) == 1:
            self.arriving.open(worth)
        elif self.office.sticks.there:
            self._stack.setCurrentWidget(self.stick)
            self.stick.table.setFocus()

    def _enable(self) -> None:
        chosen = self._entries.get(self.peers.current())
        usable = [entry for entry in self._entries.values() if not entry.revoked_at]
        self._stop.setEnabled(chosen is not None and not chosen.revoked_at)
        self.out.say(f"导出给 {usable[0].name}" if len(usable) == 1 else "导出给…")

    def _revoke(self) -> None:
        entry = self._entries.get(self.peers.current())
        if entry is not None:
            self.cards.ask_revoke(entry)

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


def _peer_row(entry: peers.PeerEntry, names: dict[str, str]) -> Row:
    cells = {
        "name": entry.name + ("（已停用）" if entry.revoked_at else ""),
        "role": peers.ROLES.get(entry.role, entry.role),
        "waiting": entry.waiting,
        "heard": entry.last_heard[:16] or "从未",
        "villages": "、".join(names.get(code, code) for code in entry.villages) or "本机各村",
        "fingerprint": entry.fingerprint,
    }
    return Row(entry.sign_key, cells, "quiet" if entry.revoked_at else "")


def _log_row(number: int, entry: peers.PackageEntry) -> Row:
    cells = {
        "at": entry.at,
        "way": "导出" if entry.way == "out" else "导入",
        "peer": entry.peer,
        "changes": entry.changes,
        "pictures": entry.pictures or None,
        "operator": entry.operator,
        "file": entry.file_name,
    }
    return Row(str(number), cells)
