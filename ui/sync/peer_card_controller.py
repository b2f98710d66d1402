"""Cards coming and going: ours saved, a colleague's compared and trusted, one revoked."""

from collections.abc import Callable
from functools import partial
from pathlib import Path

from PySide6.QtCore import QObject, Signal
from PySide6.QtWidgets import QWidget

from app.errors import UserError
from app.picture_file import PICTURE_SUFFIXES
from app.sync import card_qr, peers
from app.sync.peers import Card, PeerView
from app.sync.views import PeerDetailView
from ui.dialogs.card_text_dialog import CardTextDialog
from ui.dialogs.peer_villages_dialog import PeerVillagesDialog
from ui.dialogs.trust_dialog import TrustDialog
from ui.shell.page import AppContext
from ui.widgets.file_choice import open_file_name, save_file_name
from ui.widgets.picture_filter import PICTURE_PATTERNS
from ui.widgets.question import ask

_CARD_FILTER = f"名片 (*{peers.SUFFIX})"
_CARD_OR_IMAGE_FILTER = f"名片或二维码照片 (*{peers.SUFFIX} {PICTURE_PATTERNS})"


def _do_nothing() -> None:
    return


class PeerCardController(QObject):
    """What the page does with cards.

    Signals:
        changed: the list of colleagues, or our own card, is another now
    """

    changed = Signal()

    def __init__(self, context: AppContext, page: QWidget) -> None:
        super().__init__(page)
        self._context, self._page = context, page
        self.dialog: TrustDialog | None = None
        self.text_dialog: CardTextDialog | None = None
        self.villages_dialog: PeerVillagesDialog | None = None

    def choose_file(self) -> None:
        """Ask for a colleague's card file, or a photograph of its QR code."""
        drives = self._context.usb_watcher.drives
        initial_folder = str(drives[0].volume.root) if drives else ""
        path = open_file_name(self._page, "添加同事的名片", initial_folder, _CARD_OR_IMAGE_FILTER)
        if path:
            self.add(Path(path))

    def enter_text(self) -> None:
        """Ask for a card as text."""
        self.text_dialog = CardTextDialog(self._page)
        self.text_dialog.accepted.connect(self._accept_text)
        self.text_dialog.open()

    def _accept_text(self) -> None:
        text = self.text_dialog.text.toPlainText() if self.text_dialog is not None else ""
        self._read(partial(card_qr.card_from_text, text), _do_nothing)

    def add(self, path: Path, on_finished: Callable[[], object] = _do_nothing) -> None:
        """Show a card, and trust it once the officer has compared the fingerprint.

        Args:
            path: of the card's file, or of a picture of its QR code
            on_finished: called at the end, whatever was decided
        """
        is_image = path.suffix.lower() in PICTURE_SUFFIXES
        self._read(partial(card_qr.card_from_image if is_image else peers.read_card, path), on_finished)

    def _read(self, read: Callable[[], Card], on_finished: Callable[[], object]) -> None:
        def on_failed(error: UserError) -> None:
            self._context.status_bar.error(error)
            on_finished()

        self._context.tasks.start(
            partial(self._read_with_objections, read),
            lambda found: self._confirm_trust(found[0], found[1], on_finished),
            failed=on_failed,
            queue="read",
        )

    def _read_with_objections(self, read: Callable[[], Card]) -> tuple[Card, tuple[str, ...]]:
        card = read()
        return card, peers.objections(self._context.workbook, card.sign_key)

    def _confirm_trust(self, card: Card, objections: tuple[str, ...], on_finished: Callable[[], object]) -> None:
        self.dialog = TrustDialog(card, objections, self._page)
        self.dialog.accepted.connect(lambda: self._trust(card, on_finished))
        self.dialog.rejected.connect(on_finished)
        self.dialog.open()

    def _trust(self, card: Card, on_finished: Callable[[], object]) -> None:
        def on_trusted(entry: PeerView) -> None:
            self._context.status_bar.saved(f"已把“{entry.name}”加入同事名单，可以互相导出、导入了。")
            self.changed.emit()
            on_finished()

        def on_failed(error: UserError) -> None:
            self._context.status_bar.error(error)
            on_finished()

        self._context.tasks.start(partial(peers.trust, self._context.workbook, card), on_trusted, failed=on_failed)

    def choose_save_path(self) -> None:
        """Ask where our card file is to be written."""
        name = f"{peers.load_own_card(self._context.workbook).name}{peers.SUFFIX}"
        path = save_file_name(self._page, "保存本机名片", name, _CARD_FILTER)
        if path:
            self.save(Path(path).with_suffix(peers.SUFFIX))

    def save(self, path: Path) -> None:
        """Write our card file."""
        message = f"名片已存为“{path.name}”。把它拷给同事，再当面核对指纹。"
        work = partial(peers.save_card, self._context.workbook, path)
        self._context.tasks.start(work, lambda _: self._context.status_bar.info(message))

    def update_own_card(self, name: str, role: str) -> None:
        """How colleagues see us from the next card on."""
        self._context.tasks.start(
            partial(peers.update_own_card, self._context.workbook, name, role), self._on_own_card_updated
        )

    def _on_own_card_updated(self, _: Card) -> None:
        self._context.status_bar.saved("本机名片已改。已经添加过旧名片的同事仍可照常交换。")
        self.changed.emit()

    def confirm_revoke(self, entry: PeerView) -> None:
        """Ask, then exchange with this colleague no more."""
        message = f"停用“{entry.name}”的名片？"
        details = (
            "电脑丢失、人员离任时停用。停用后不再向对方导出，也不再接收对方的数据包；以后导出的数据包会告知其他同事："
            "上级停用的，下级随之停用；同级停用的，由各自决定。"
        )
        choices = (("停用", partial(self._revoke, entry)),)
        ask(self._page, "askRevoke", "停用名片", message, details, choices=choices, careful=True)

    def _revoke(self, entry: PeerView) -> None:
        self._context.tasks.start(
            partial(peers.revoke, self._context.workbook, entry.sign_key), lambda _: self._on_revoked(entry)
        )

    def _on_revoked(self, entry: PeerView) -> None:
        self._context.status_bar.saved(f"已停用“{entry.name}”的名片。")
        self.changed.emit()

    def keep(self, entry: PeerView) -> None:
        """Decline what colleagues propose: this one stays trusted."""
        self._context.tasks.start(
            partial(peers.keep, self._context.workbook, entry.sign_key), lambda _: self._on_kept(entry)
        )

    def _on_kept(self, entry: PeerView) -> None:
        self._context.status_bar.saved(f"仍然信任“{entry.name}”的名片。")
        self.changed.emit()

    def choose_villages(self, detail: PeerDetailView) -> None:
        """Which villages this colleague may see and write."""
        own_villages = [(village.code, village.name) for village in self._context.workbook.villages]
        self.villages_dialog = PeerVillagesDialog(detail, own_villages, self._page)
        self.villages_dialog.accepted.connect(lambda: self._save_villages(detail.entry))
        self.villages_dialog.open()

    def _save_villages(self, entry: PeerView) -> None:
        if self.villages_dialog is not None:
            village_codes = self.villages_dialog.selected_codes()
            work = partial(peers.set_villages, self._context.workbook, entry.sign_key, village_codes)
            self._context.tasks.start(work, lambda _: self._on_villages_saved(entry))

    def _on_villages_saved(self, entry: PeerView) -> None:
        self._context.status_bar.saved(f"“{entry.name}”能看的村已改，从下一个包起算数。")
        self.changed.emit()
