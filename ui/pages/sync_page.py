"""数据交换: packages to and from colleagues, whom we exchange with, and what went back and forth."""

from collections.abc import Callable
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING, Any

from PySide6.QtCore import Qt
from PySide6.QtGui import QAction
from PySide6.QtWidgets import QHBoxLayout, QLabel, QTabWidget, QVBoxLayout, QWidget

from app.errors import UserError
from app.sync import card_qr, package, peers, receipts
from app.sync.views import PackageView, PeerDetailView, PeerView
from ui.list_views.shown_list_export import ShownListExport
from ui.list_views.view_bar import FILTER_KEY, VIEWS_KEY
from ui.shell.page import AppContext, Page
from ui.shell.role_limits import limit_widget
from ui.sync.compaction_controller import CompactionController
from ui.sync.export_controller import ExportController
from ui.sync.import_queue import ImportQueue
from ui.sync.import_result_card import ImportedPackage, ImportResultCard
from ui.sync.log_tab import LogTab, log_list
from ui.sync.own_card_panel import OwnCardPanel
from ui.sync.peer_card_controller import PeerCardController
from ui.sync.peer_pane import PeerPane
from ui.sync.preview_card import PackagePreviewCard
from ui.sync.receipt_controller import ReceiptController
from ui.sync.undo_controller import UndoController
from ui.sync.usb_bar import UsbBar
from ui.sync.usb_card import UsbCard
from ui.widgets.current_stack import CurrentStack
from ui.widgets.file_choice import open_file_names
from ui.widgets.large_button import LargeButton
from ui.widgets.row_table import Column, Row, RowTable

if TYPE_CHECKING:
    from app.workbook.workbook import Workbook, WorkbookChanges

_PEER_COLUMNS = (
    Column("name", "同事", width=26),
    Column("role", "级别", width=5),
    Column("waiting", "待发修改", align="right", width=8),
    Column("photographs", "待发照片", align="right", width=8),
    Column("heard", "上次收到", width=0),
    Column("fingerprint", "指纹", width=31, hidden=True),
)
_EMPTY_HINT = "还没有同事。\n1. 保存本机名片拷给对方；2. 按 Ctrl+N 添加对方的名片，当面核对指纹。"
_FILE_FILTER = f"数据包、名片和回执 (*{package.PACKAGE_SUFFIX} *{peers.SUFFIX} *{receipts.RECEIPT_SUFFIX})"
_PEERS_TAB, _LOG_TAB, _CARD_TAB = range(3)
SyncState = tuple[peers.Card, str, tuple[bytes, ...], tuple[PeerView, ...], tuple[PackageView, ...], str]


def _load_state(workbook: "Workbook") -> SyncState:
    card = peers.load_own_card(workbook)
    with workbook.reading() as session:
        packages = peers.logged_packages(session)
    try:
        qr_matrix = card_qr.card_qr_matrix(card)
    except UserError:  # more villages than a QR code holds; the file still does
        qr_matrix = ()
    unproven = peers.unproven_message(workbook)
    return card, card_qr.card_text(card), qr_matrix, peers.list_peers(workbook), packages, unproven


class SyncPage(Page):
    """One large action each way, a bar while a USB drive is plugged in, and what went back and forth.

    `open(path=…)` or `open(paths=…)` takes dropped files, `open(stick=True)` those on the USB drive.
    """

    TITLE = "数据交换"
    ICON = "exchange"
    ORDER = 70
    GROUP = "交换"
    SHORTCUT = "Ctrl+7"
    CHAPTER = "07-数据交换"

    def __init__(self, context: AppContext) -> None:
        super().__init__(context)
        self._entries: dict[str, PeerView] = {}
        self._detail: PeerDetailView | None = None
        self.card_controller, self.exports = PeerCardController(context, self), ExportController(context, self)
        self.receipt_controller, self.undo_controller = ReceiptController(context, self), UndoController(context, self)
        self.compaction = CompactionController(context, self)
        self.own_card, self.preview, self.usb_card, self.import_result = (
            OwnCardPanel(),
            PackagePreviewCard(),
            UsbCard(),
            ImportResultCard(),
        )
        self.import_queue = ImportQueue(context, self.card_controller, self.receipt_controller, self.preview)
        self.log_list = log_list(context)
        self._create_actions()
        self.peers = RowTable("peers", "同事名单")
        self.peers.set_columns(_PEER_COLUMNS)
        self.peers.placeholder = _EMPTY_HINT
        self.peer_pane = PeerPane([self._villages_action, self._keep_action, self._revoke_action])
        receipt_actions = [self._accept_receipt_action, self._save_receipt_action, self._show_code_action]
        self.log_table = self.log_list.table
        log_export = ShownListExport(self, self.log_table, self.log_table.accessibleName())
        log_export_action = log_export.add_action("exportLog", "导出往来记录", "Ctrl+Shift+L")
        self.log_tab = LogTab(
            self.log_list, [*receipt_actions, self._undo_action, self._compact_action, log_export_action]
        )
        self._build_layout()
        self._connect_signals()
        self._update_usb()
        self._update_actions()

    def _create_actions(self) -> None:
        self._revoke_action = self.add_page_action("revokeCard", "停用名片", "Ctrl+Delete", self._revoke, "close")
        self._keep_action = self.add_page_action("keepCard", "仍然信任", "Ctrl+Shift+R", self._keep, "settled")
        self._villages_action = self.add_page_action(
            "peerVillages", "能看的村…", "Ctrl+G", self._choose_villages, "village"
        )
        self._usb_action = self.add_page_action("lookAtStick", "查看 U 盘", "Ctrl+U", self._open_usb, "stick")
        self._usb_export_action = self.add_page_action(
            "exportToStick", "导出到 U 盘…", "Ctrl+Shift+E", self.export_to_usb, "export"
        )
        self._accept_receipt_action = self.add_page_action(
            "takeReceipt", "登记回执…", "Ctrl+R", self.receipt_controller.choose_file, "settled"
        )
        self._enter_code_action = self.add_page_action("typeCode", "输入回执码…", "Ctrl+K", self._enter_code, "key")
        self._save_receipt_action = self.add_page_action(
            "saveReceipt", "保存回执…", "Ctrl+Shift+S", self._save_receipt, "save"
        )
        self._show_code_action = self.add_page_action("showCode", "显示回执码", "Ctrl+Shift+K", self._show_code, "key")
        self._undo_action = self.add_page_action(
            "undoImport", "撤销这次导入", "Ctrl+Shift+Z", self._undo_import, "undo"
        )
        self._compact_action = self.add_page_action("foldHistory", "整理历史…", "Ctrl+H", self.compaction.start)
        self._actions = [
            self.add_page_action("exportPackage", "导出给…", "Ctrl+E", self.export, "export"),
            self.add_page_action("importPackage", "导入…", "Ctrl+I", self._choose_import_files, "take_in"),
            self._usb_action,
            self.add_page_action("addCard", "添加同事名片…", "Ctrl+N", self.card_controller.choose_file, "add"),
            self.add_page_action("saveCard", "保存本机名片…", "Ctrl+S", self.card_controller.choose_save_path, "card"),
            self._enter_code_action,
        ]
        self.add_page_action("cardText", "输入名片文字…", "Ctrl+Shift+N", self.card_controller.enter_text)
        bar = self.log_list.view_bar
        for action_name, label, keys, run in (
            ("filter", "筛选往来记录", FILTER_KEY, bar.open_dialog),
            ("views", "往来记录的视图", VIEWS_KEY, bar.open_menu),
            ("clear", "清除往来记录的筛选", "Ctrl+Shift+F", bar.clear),
            ("ledger", "打印往来记录", "Ctrl+T", self.log_list.print_ledger),
        ):
            self.add_page_action(action_name, label, keys, partial(self._on_log, run))
        for n, name in enumerate(("同事", "往来记录", "本机名片")):
            self.add_page_action(f"tab{n}", f"看{name}", f"Alt+{n + 1}", lambda n=n: self._switch_tab(n))  # type: ignore[misc]

    def _build_layout(self) -> None:
        self.usb_bar = UsbBar()
        self.export_button = LargeButton("bigExport", "导出给…", "export", "把同事还没有的修改写成一个包（Ctrl+E）")
        self.import_button = LargeButton("bigImport", "导入…", "take_in", "先看再导入；文件可以拖进窗口（Ctrl+I）")
        for button in (self.export_button, self.import_button):
            limit_widget(button, self.context.workbook, what="收发数据包")
        # from the outside to the inside: what a stack or a tab shows is styled at once, and put elsewhere once more
        self._stack = CurrentStack(self)
        front, button_row = QWidget(self._stack), QHBoxLayout()
        for part in (self.usb_bar, self.export_button, self.import_button):
            part.setParent(front)  # Tab comes to them before the tabs
        self.tabs = QTabWidget(front)
        peers_tab = QWidget(self.tabs)
        peers_layout = QHBoxLayout(peers_tab)
        peers_layout.setContentsMargins(10, 8, 0, 8)
        peers_layout.setSpacing(0)
        self.unproven_note = QLabel()
        self.unproven_note.setObjectName("unprovenChanges")
        self.unproven_note.setTextFormat(Qt.TextFormat.PlainText)  # names come from outside
        self.unproven_note.setWordWrap(True)
        self.unproven_note.setProperty("fault", True)
        self.unproven_note.hide()
        list_layout = QVBoxLayout()
        list_layout.addWidget(self.peers, 1)
        list_layout.addWidget(self.unproven_note)
        peers_layout.addLayout(list_layout, 3)
        peers_layout.addWidget(self.peer_pane, 2)
        self.tabs.setObjectName("exchangeTabs")
        self.tabs.setAccessibleName("同事与记录")
        for widget, name in ((peers_tab, "同事"), (self.log_tab, "往来记录"), (self.own_card, "本机名片")):
            self.tabs.addTab(widget, name)
        button_row.setSpacing(12)
        button_row.addWidget(self.export_button, 1)
        button_row.addWidget(self.import_button, 1)
        front_layout = QVBoxLayout(front)
        front_layout.setContentsMargins(0, 0, 0, 0)
        front_layout.addWidget(self.usb_bar)
        front_layout.addLayout(button_row)
        front_layout.addWidget(self.tabs, 1)
        for widget in (front, self.preview, self.usb_card, self.import_result):
            self._stack.addWidget(widget)
        layout = QVBoxLayout(self)
        layout.setContentsMargins(16, 12, 16, 12)
        layout.addWidget(self._stack)

    def _connect_signals(self) -> None:
        self.export_button.clicked.connect(self.export)
        self.import_button.clicked.connect(self._choose_import_files)
        self.usb_bar.view_requested.connect(self._open_usb)
        self.usb_bar.export_requested.connect(self.export_to_usb)
        self.peers.row_activated.connect(self._export_to_peer)
        self.peers.current_row_changed.connect(self._on_peer_selected)
        self.log_tab.selection_changed.connect(self._update_actions)
        self.tabs.currentChanged.connect(self._on_tab_changed)
        self.own_card.edited.connect(self.card_controller.update_own_card)
        self.own_card.save_requested.connect(self.card_controller.choose_save_path)
        self.own_card.copied.connect(lambda: self.context.status_bar.saved("名片文字已复制，可以粘贴到微信发给同事。"))
        self.import_queue.preview_ready.connect(lambda: self._stack.setCurrentWidget(self.preview))
        self.import_queue.drained.connect(self._show_front)
        self.import_queue.imported.connect(self._show_import_result)
        self.import_result.save_requested.connect(self._save_receipt_for)
        self.import_result.conflicts_requested.connect(lambda: self.context.open("conflicts"))
        self.import_result.closed.connect(self._show_front)
        self.usb_card.open_requested.connect(self.import_queue.open)
        self.usb_card.closed.connect(self._show_front)
        self.undo_controller.reasons_changed.connect(self.log_tab.show_reasons)
        for signal in (self.card_controller.changed, self.exports.exported, self.import_queue.data_changed):
            signal.connect(self._on_data_changed)
        for signal in (self.receipt_controller.receipts_changed, self.undo_controller.undone):
            signal.connect(self._on_data_changed)
        self.context.usb_watcher.drives_changed.connect(self._update_usb)

    def visible_actions(self) -> list[QAction]:
        return self._actions

    def open(self, view: str = "", **params: Any) -> None:
        """`view`: a saved one of 往来记录."""
        self._load()
        if view:
            self._on_log(partial(self.log_list.view_bar.open_view, view))
        paths = params.get("paths") or tuple(filter(None, [params.get("path")]))
        if paths:
            self.import_queue.open(paths)
        elif params.get("stick"):
            self._open_usb()

    def refresh(self, changes: "WorkbookChanges") -> None:
        self._load()

    def _load(self) -> None:
        self.context.tasks.read(partial(_load_state, self.context.workbook), self._show)

    def _on_data_changed(self) -> None:
        self._load()
        self.context.usb_watcher.rescan()

    def _show(self, state: SyncState) -> None:
        own_card, text, qr_matrix, entries, packages, unproven = state
        self.unproven_note.setText(unproven)
        self.unproven_note.setVisible(bool(unproven))
        self.own_card.show_card(own_card, text, qr_matrix)
        self._entries = {entry.sign_key: entry for entry in entries}
        self.peers.set_rows(_peer_row(entry) for entry in entries)
        self.log_tab.show_entries(packages)
        self._on_peer_selected(self.peers.current_id())
        self._on_tab_changed()

    def _on_peer_selected(self, sign_key: str) -> None:
        if sign_key:
            self.context.tasks.read(partial(peers.peer_detail, self.context.workbook, sign_key), self._show_detail)
        else:
            self._show_detail(None)
        self._update_actions()

    def _show_detail(self, detail: PeerDetailView | None) -> None:
        if detail is None or detail.entry.sign_key == self.peers.current_id():
            self._detail = detail
            self.peer_pane.show_detail(detail)

    def _switch_tab(self, tab: int) -> None:
        self._stack.setCurrentIndex(0)
        self.tabs.setCurrentIndex(tab)
        (self.peers, self.log_table, self.own_card.name)[tab].setFocus()

    def _on_log(self, run: Callable[[], object]) -> None:
        """What is done with 往来记录, from whichever tab."""
        self._switch_tab(_LOG_TAB)
        run()

    def _on_tab_changed(self) -> None:
        if self.tabs.currentIndex() == _LOG_TAB:
            self.undo_controller.refresh()

    def _show_front(self) -> None:
        self._stack.setCurrentIndex(0)
        self.tabs.currentWidget().setFocus()

    def _show_import_result(self, packages: tuple[ImportedPackage, ...]) -> None:
        self.import_result.show_packages(packages)
        self._stack.setCurrentWidget(self.import_result)
        self.focus_when_shown(self.import_result.done_button)

    def _update_usb(self) -> None:
        drives = self.context.usb_watcher.drives
        self.usb_bar.show_drives(drives)
        self.usb_card.show_drives(drives)
        self._usb_action.setEnabled(bool(drives))
        self._usb_export_action.setEnabled(bool(drives))
        if not drives and self._stack.currentWidget() is self.usb_card:
            self._show_front()

    def _open_usb(self) -> None:
        """What lies on it; a single file that brings something is shown at once."""
        new_files = [path for drive in self.context.usb_watcher.drives for path in drive.new_files]
        if len(new_files) == 1:
            self.import_queue.open(new_files)
        elif self.context.usb_watcher.drives:
            self._stack.setCurrentWidget(self.usb_card)
            self.usb_card.table.setFocus()

    def _update_actions(self) -> None:
        peer, entry = self._entries.get(self.peers.current_id()), self.log_tab.selected_entry()
        active_peers = [candidate for candidate in self._entries.values() if not candidate.revoked_at]
        for action in (self._revoke_action, self._villages_action):
            action.setEnabled(peer is not None and not peer.revoked_at)
        self._keep_action.setEnabled(peer is not None and bool(peer.proposed_by))
        for action in (self._save_receipt_action, self._show_code_action):
            action.setEnabled(entry is not None and entry.way == "in" and not entry.undone_at)
        self._undo_action.setEnabled(self.log_tab.can_undo())
        self.export_button.set_title(f"导出给 {active_peers[0].name}" if len(active_peers) == 1 else "导出给…")

    def _revoke(self) -> None:
        entry = self._entries.get(self.peers.current_id())
        if entry is not None:
            self.card_controller.confirm_revoke(entry)

    def _keep(self) -> None:
        entry = self._entries.get(self.peers.current_id())
        if entry is not None:
            self.card_controller.keep(entry)

    def _choose_villages(self) -> None:
        if self._detail is not None:
            self.card_controller.choose_villages(self._detail)

    def _enter_code(self) -> None:
        self.receipt_controller.enter_code(self._entries.values(), self.peers.current_id())

    def _save_receipt(self) -> None:
        entry = self.log_tab.selected_entry()
        if entry is not None:
            self.receipt_controller.choose_save_path(entry.n, entry.peer)

    def _save_receipt_for(self, n: int, sender: str) -> None:
        self.receipt_controller.choose_save_path(n, sender)

    def _show_code(self) -> None:
        entry = self.log_tab.selected_entry()
        if entry is not None:
            self.receipt_controller.load_code(entry)

    def _undo_import(self) -> None:
        entry = self.log_tab.selected_entry()
        if entry is not None:
            self.undo_controller.confirm(entry)

    def export(self) -> None:
        """For whom, where there is a choice; then where to."""
        self.exports.choose_recipients(self._entries.values(), self.peers.current_id())

    def export_to_usb(self) -> None:
        """The same, onto the USB drive that came last, without asking where."""
        drives = self.context.usb_watcher.drives
        if drives:
            self.exports.choose_recipients(self._entries.values(), self.peers.current_id(), drives[0].volume.root)

    def _export_to_peer(self, sign_key: str) -> None:
        self.exports.choose_recipients([self._entries[sign_key]], sign_key)

    def _choose_import_files(self) -> None:
        """A USB drive's folder is where it begins."""
        drives = self.context.usb_watcher.drives
        initial_folder = str(drives[0].volume.root) if drives else ""
        paths = open_file_names(self, "导入", initial_folder, _FILE_FILTER)
        if paths:
            self.import_queue.open([Path(path) for path in paths])


def _peer_row(entry: PeerView) -> Row:
    note = "（已停用）" if entry.revoked_at else "（有人已停用，请决定）" if entry.proposed_by else ""
    cells = {
        "name": entry.name + note,
        "role": peers.ROLES.get(entry.role, entry.role),
        "waiting": entry.waiting,
        "photographs": entry.photographs or None,
        "heard": entry.last_heard[:16] or "无",
        "fingerprint": entry.fingerprint,
    }
    return Row(entry.sign_key, cells, "quiet" if entry.revoked_at else "warn" if entry.proposed_by else "")
