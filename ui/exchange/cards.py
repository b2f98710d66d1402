"""Cards coming and going: ours saved, a colleague's compared and trusted, one revoked."""

from collections.abc import Callable
from pathlib import Path
from typing import Any

from PySide6.QtCore import QObject, Qt, Signal
from PySide6.QtWidgets import QFileDialog, QMessageBox, QWidget

from app.errors import OfficeError
from app.exchange import card_signs, peers
from app.exchange.entries import PeerDetail
from app.exchange.peers import Card, PeerEntry
from app.progress import Progress, Work
from ui.dialogs.card_text import CardText
from ui.dialogs.peer_villages import PeerVillages
from ui.dialogs.trust_card import TrustCard
from ui.page import Office

_FILES = f"名片 (*{peers.SUFFIX})"
PICTURES = (".jpg", ".jpeg", ".png", ".webp", ".bmp")
_TO_ADD = f"名片或二维码照片 (*{peers.SUFFIX} {' '.join('*' + suffix for suffix in PICTURES)})"


def _once(run: Callable[[], Any]) -> Work[Any]:
    """A short piece of work off the window's thread."""
    yield Progress(0, 1)
    return run()


def _nothing() -> None:
    return


class Cards(QObject):
    """What the page does with cards.

    Signals:
        changed: the list of colleagues, or our own card, is another now
    """

    changed = Signal()

    def __init__(self, office: Office, page: QWidget) -> None:
        super().__init__(page)
        self._office, self._page = office, page
        self.dialog: TrustCard | None = None
        self.text: CardText | None = None
        self.villages: PeerVillages | None = None

    def ask_add(self) -> None:
        """Ask for a colleague's card file, or a photograph of its QR code."""
        sticks = self._office.sticks.there
        begin = str(sticks[0].volume.root) if sticks else ""
        path = QFileDialog.getOpenFileName(self._page, "添加同事的名片", begin, _TO_ADD)[0]
        if path:
            self.add(Path(path))

    def ask_text(self) -> None:
        """Ask for a card as text."""
        self.text = CardText(self._page)
        self.text.accepted.connect(self._take_text)
        self.text.open()

    def _take_text(self) -> None:
        typed = self.text.text.toPlainText() if self.text is not None else ""
        self._read(lambda: card_signs.card_from_text(typed), _nothing)

    def add(self, path: Path, then: Callable[[], object] = _nothing) -> None:
        """Show a card, and trust it once the officer has compared the fingerprint.

        Args:
            path: of the card's file, or of a picture of its QR code
            then: done at the end, whatever was decided
        """
        picture = path.suffix.lower() in PICTURES
        self._read(lambda: card_signs.card_from_picture(path) if picture else peers.read_card(path), then)

    def _read(self, read: Callable[[], Card], then: Callable[[], object]) -> None:
        def refused(error: OfficeError) -> None:
            self._office.notices.refused(error)
            then()

        self._office.jobs.start(_once(read), lambda card: self._ask_trust(card, then), failed=refused, lane="read")

    def _ask_trust(self, card: Card, then: Callable[[], object]) -> None:
        self.dialog = TrustCard(card, self._page)
        self.dialog.accepted.connect(lambda: self._trust(card, then))
        self.dialog.rejected.connect(then)
        self.dialog.open()

    def _trust(self, card: Card, then: Callable[[], object]) -> None:
        def trusted(entry: PeerEntry) -> None:
            self._office.notices.saved(f"已把“{entry.name}”加入同事名单，可以互相导出、导入了。")
            self.changed.emit()
            then()

        def refused(error: OfficeError) -> None:
            self._office.notices.refused(error)
            then()

        self._office.jobs.start(_once(lambda: peers.trust(self._office.workbook, card)), trusted, failed=refused)

    def ask_save(self) -> None:
        """Ask where our card file is to be written."""
        name = f"{peers.my_card(self._office.workbook).name}{peers.SUFFIX}"
        path = QFileDialog.getSaveFileName(self._page, "保存本机名片", name, _FILES)[0]
        if path:
            self.save(Path(path).with_suffix(peers.SUFFIX))

    def save(self, path: Path) -> None:
        """Write our card file."""
        told = f"名片已存为“{path.name}”。把它拷给同事，再当面核对指纹。"
        work = _once(lambda: peers.save_card(self._office.workbook, path))
        self._office.jobs.start(work, lambda _: self._office.notices.tell(told))

    def rename(self, name: str, role: str) -> None:
        """How colleagues see us from the next card on."""
        self._office.jobs.start(_once(lambda: peers.name_my_card(self._office.workbook, name, role)), self._renamed)

    def _renamed(self, _: Card) -> None:
        self._office.notices.saved("本机名片已改。已经添加过旧名片的同事仍可照常交换。")
        self.changed.emit()

    def ask_revoke(self, entry: PeerEntry) -> None:
        """Ask, then exchange with this colleague no more."""
        question = QMessageBox(self._page)
        question.setObjectName("askRevoke")
        question.setWindowTitle("停用名片")
        question.setTextFormat(Qt.TextFormat.PlainText)
        question.setText(f"停用“{entry.name}”的名片？")
        question.setInformativeText(
            "电脑丢失、人员离任时停用。停用后不再给他导出，也不再接收他的包；以后导出的包会告诉其他同事。"
        )
        yes = question.addButton("停用", QMessageBox.ButtonRole.AcceptRole)
        question.addButton("不停用", QMessageBox.ButtonRole.RejectRole)
        question.buttonClicked.connect(lambda button: self._revoke(entry) if button is yes else None)
        question.open()

    def _revoke(self, entry: PeerEntry) -> None:
        self._office.jobs.start(
            _once(lambda: peers.revoke(self._office.workbook, entry.sign_key)), lambda _: self._revoked(entry)
        )

    def _revoked(self, entry: PeerEntry) -> None:
        self._office.notices.saved(f"已停用“{entry.name}”的名片。")
        self.changed.emit()

    def ask_villages(self, detail: PeerDetail) -> None:
        """Which villages this colleague may see and write."""
        ours = [(village.code, village.name) for village in self._office.workbook.villages]
        self.villages = PeerVillages(detail, ours, self._page)
        self.villages.accepted.connect(lambda: self._keep_villages(detail.entry))
        self.villages.open()

    def _keep_villages(self, entry: PeerEntry) -> None:
        if self.villages is not None:
            chosen = self.villages.chosen()
            work = _once(lambda: peers.set_villages(self._office.workbook, entry.sign_key, chosen))
            self._office.jobs.start(work, lambda _: self._villages_kept(entry))

    def _villages_kept(self, entry: PeerEntry) -> None:
        self._office.notices.saved(f"“{entry.name}”能看的村已改，从下一个包起算数。")
        self.changed.emit()
