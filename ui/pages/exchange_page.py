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

from app.exchange import incoming, outgoing, package, peers
from app.progress import Progress, Work
from ui.exchange.cards import Cards
from ui.exchange.large_button import LargeButton
from ui.exchange.my_card import MyCard
from ui.exchange.preview_card import PreviewCard
from ui.page import Office, Page
from ui.tables.row_table import Column, Row, RowTable

if TYPE_CHECKING:
    from app.exchange.incoming import Receipt
    from app.exchange.outgoing import Sent
    from app.exchange.preview import Preview
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
Looked = tuple[peers.Card, tuple[peers.PeerEntry, ...], tuple[peers.PackageEntry, ...]]


def _look(workbook: "Workbook") -> Work[Looked]:
    yield Progress(0, 1)
    return peers.my_card(workbook), peers.listed(workbook), peers.packages(workbook)


class ExchangePage(Page):
    """Exporting to the chosen colleague, importing with a preview. `shown(path=…)` takes a dropped file."""

    TITLE = "数据交换"
    ICON = "exchange"
    ORDER = 70

    def __init__(self, office: Office) -> None:
        super().__init__(office)
        self._entries: dict[str, peers.PeerEntry] = {}
        self.cards = Cards(office, self)
        self._stop = self.action("revokeCard", "停用名片", "Ctrl+Delete", self._revoke, "close")
        self._actions = [
            self.action("exportPackage", "导出给…", "Ctrl+E", self.ask_export, "export"),
            self.action("importPackage", "导入…", "Ctrl+I", self._ask_import, "take_in"),
            self.action("addCard", "添加同事名片…", "Ctrl+N", self.cards.ask_add, "add"),
            self.action("saveCard", "保存本机名片…", "Ctrl+S", self.cards.ask_save, "card"),
            self._stop,
        ]
        self.peers = RowTable("peers", "同事名单")
        self.peers.set_columns(_PEERS)
        self.peers.hint = _NOBODY
        self.peers.opened.connect(lambda _: self.ask_export())
        self.peers.pointed.connect(lambda _: self._enable())
        self.log = RowTable("packages", "数据包记录")
        self.log.set_columns(_LOG)
        self.log.hint = _NOTHING
        self.mine, self.preview = MyCard(), PreviewCard()
        self._lay_out()
        self.mine.named.connect(self.cards.rename)
        self.mine.save_wanted.connect(self.cards.ask_save)
        self.cards.changed.connect(self._read)
        self.preview.accepted.connect(self._take)
        self.preview.left.connect(lambda: self._stack.setCurrentIndex(0))
        self._enable()

    def _lay_out(self) -> None:
        self.out = LargeButton("bigExport", "导出给…", "export", "把选中的同事还没有的修改写成一个包（Ctrl+E）")
        self.out.clicked.connect(self.ask_export)
        into = LargeButton("bigImport", "导入数据包…", "take_in", "先看内容，再决定导入；也可以把包拖进窗口（Ctrl+I）")
        into.clicked.connect(self._ask_import)
        tabs = QTabWidget()
        tabs.setObjectName("exchangeTabs")
        tabs.setAccessibleName("同事与记录")
        tabs.addTab(self.peers, "同事")
        tabs.addTab(self.log, "数据包记录")
        front = QWidget()
        large, left, whole = QHBoxLayout(), QVBoxLayout(), QHBoxLayout(front)
        large.addWidget(self.out, 1)
        large.addWidget(into, 1)
        left.addLayout(large)
        left.addWidget(tabs, 1)
        self.mine.setFixedWidth(300)
        whole.setContentsMargins(0, 0, 0, 0)
        whole.setSpacing(12)
        whole.addLayout(left, 1)
        whole.addWidget(self.mine)
        self._stack = QStackedWidget()
        self._stack.addWidget(front)
        self._stack.addWidget(self.preview)
        page = QVBoxLayout(self)
        page.setContentsMargins(16, 12, 16, 12)
        page.addWidget(self._stack)

    def actions_shown(self) -> list[QAction]:
        return self._actions

    def shown(self, **about: Any) -> None:
        """`path`: a package or a card that was dropped on the window."""
        self._read()
        path = about.get("path")
        if isinstance(path, Path):
            if path.suffix.lower() == peers.SUFFIX:
                self.cards.add(path)
            else:
                self.open_package(path)

    def refresh(self, changes: "Changes") -> None:
        self._read()

    def _read(self) -> None:
        self.office.jobs.start(_look(self.office.workbook), self._show, lane="read")

    def _show(self, looked: Looked) -> None:
        card, entries, packages = looked
        self.mine.show_card(card)
        self._entries = {entry.sign_key: entry for entry in entries}
        names = {village.code: village.name for village in self.office.workbook.villages}
        self.peers.set_rows(_peer_row(entry, names) for entry in entries)
        self.log.set_rows(_log_row(n, entry) for n, entry in enumerate(packages))
        self._enable()

    def _enable(self) -> None:
        chosen = self._entries.get(self.peers.current())
        usable = chosen is not None and not chosen.revoked_at
        self._stop.setEnabled(usable)
        self.out.say(f"导出给 {chosen.name}" if chosen is not None and usable else "导出给…")

    def _chosen(self) -> peers.PeerEntry | None:
        entry = self._entries.get(self.peers.current())
        if entry is None:
            self.office.notices.tell("请先在同事名单里选一位；名单是空的，就先添加对方的名片（Ctrl+N）。")
        elif entry.revoked_at:
            self.office.notices.tell(f"“{entry.name}”的名片已经停用。要重新交换，请再添加一次他的名片并核对指纹。")
            return None
        return entry

    def _revoke(self) -> None:
        entry = self._chosen()
        if entry is not None:
            self.cards.ask_revoke(entry)

    def ask_export(self) -> None:
        """Ask where to write the package for the chosen colleague."""
        entry = self._chosen()
        if entry is not None:
            name = outgoing.suggested_name(entry)
            path = QFileDialog.getSaveFileName(self, f"导出给 {entry.name}", name, f"数据包 (*{package.SUFFIX})")[0]
            if path:
                self.export(entry.sign_key, Path(path).with_suffix(package.SUFFIX))

    def export(self, sign_key: str, path: Path) -> None:
        """Write what this colleague lacks."""
        work = outgoing.write_package(self.office.workbook, sign_key, path)
        self.office.jobs.start(work, self._sent, title="导出数据包")

    def _sent(self, sent: "Sent") -> None:
        self.office.notices.tell(f"{sent.sentence}文件：{sent.path.name}")
        self._read()

    def _ask_import(self) -> None:
        path = QFileDialog.getOpenFileName(self, "导入数据包", "", f"数据包 (*{package.SUFFIX})")[0]
        if path:
            self.open_package(Path(path))

    def open_package(self, path: Path) -> None:
        """Verify a package and show what it would bring; nothing is written."""
        work = incoming.verify(self.office.workbook, path)
        self.office.jobs.start(work, self._verified, lane="read", title="核对数据包")

    def _verified(self, preview: "Preview") -> None:
        self.preview.show_preview(preview)
        self._stack.setCurrentWidget(self.preview)
        self.preview.table.setFocus()

    def _take(self) -> None:
        preview = self.preview.preview
        self._stack.setCurrentIndex(0)
        if preview is not None:
            work = incoming.apply(self.office.workbook, preview, self)
            self.office.jobs.start(work, self._taken, title="导入数据包")

    def _taken(self, receipt: "Receipt") -> None:
        self._read()
        if receipt.conflicts:
            self.office.open("conflicts")
        self.office.notices.tell(receipt.sentence)


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
