"""导出给…: for whom, where to, and one package after the other."""

from collections.abc import Iterable
from pathlib import Path

from PySide6.QtCore import QObject, Signal
from PySide6.QtWidgets import QFileDialog, QWidget

from app.exchange import outgoing, package
from app.exchange.outgoing import Sent
from app.exchange.peers import PeerEntry
from app.progress import Progress, Work
from ui.exchange.choose_peer import ChoosePeer
from ui.page import Office

_FILES = f"数据包 (*{package.SUFFIX})"


class Sending(QObject):
    """Asks what is not yet said, then writes.

    Signals:
        written: packages are there, and the log has them
    """

    written = Signal()

    def __init__(self, office: Office, page: QWidget) -> None:
        super().__init__(page)
        self._office, self._page = office, page
        self.dialog: ChoosePeer | None = None

    def ask(self, entries: Iterable[PeerEntry], current: str, folder: Path | None = None) -> None:
        """For whom? Asked only where there is a choice.

        Args:
            current: sign key of the one to begin with
            folder: where to write without asking
        """
        everybody = tuple(entries)
        usable = [entry for entry in everybody if not entry.revoked_at]
        if not usable:
            self._office.notices.tell(_nobody(everybody))
        elif len(usable) == 1:
            self.to(tuple(usable), folder)
        else:
            self.dialog = ChoosePeer(usable, current, self._page)
            self.dialog.accepted.connect(lambda: self._chosen(folder))
            self.dialog.open()

    def _chosen(self, folder: Path | None) -> None:
        if self.dialog is not None:
            self.to(self.dialog.chosen, folder)

    def to(self, chosen: tuple[PeerEntry, ...], folder: Path | None = None) -> None:
        """Where to? A stick is suggested; several packages go into one folder under their suggested names."""
        suggested = folder or self._stick()
        if folder is None and len(chosen) == 1:
            begin = str(suggested / outgoing.suggested_name(chosen[0]))
            title = f"导出给 {chosen[0].name}"
            path = QFileDialog.getSaveFileName(self._page, title, begin, _FILES)[0]
            if path:
                self._write([(chosen[0], Path(path).with_suffix(package.SUFFIX))])
            return
        if folder is None:
            title = f"导出给 {len(chosen)} 位同事，存到哪个文件夹"
            path = QFileDialog.getExistingDirectory(self._page, title, str(suggested))
            folder = Path(path) if path else None
        if folder is not None:
            self._write([(one, _free(folder / outgoing.suggested_name(one))) for one in chosen])

    def _stick(self) -> Path:
        """The folder to begin in: the stick that came last, else wherever the file dialog is."""
        sticks = self._office.sticks.there
        return sticks[0].volume.root if sticks else Path()

    def _write(self, packages: list[tuple[PeerEntry, Path]]) -> None:
        self._office.jobs.start(_all(self._office, packages), self._tell, failed=self._failed, title="导出数据包")

    def _tell(self, written: list[tuple[PeerEntry, Sent]]) -> None:
        [(_, first), *more] = written
        if more:
            names = "、".join(f"“{sent.peer}”" for _, sent in written[:5])
            told = f"已导出 {len(written)} 个包，给{names}，存在“{first.path.parent}”。"
        else:
            told = f"{first.sentence}文件：{first.path.name}"
        self.written.emit()
        self._offer_rest(told, [(entry, sent) for entry, sent in written if sent.left_out])

    def _offer_rest(self, told: str, short: list[tuple[PeerEntry, Sent]]) -> None:
        """Photographs that found no room go into a package of their own, beside the first."""
        if not short:
            self._office.notices.tell(told)
            return
        left = sum(sent.left_out for _, sent in short)
        rest = [(entry, _free(sent.path.parent / outgoing.suggested_name(entry))) for entry, sent in short]
        told = told if len(short) == 1 else f"{told}还有 {left} 张照片没装下。"
        self._office.notices.offer(told, f"再导出一个包，装剩下的 {left} 张照片", lambda: self._write(rest))

    def _failed(self, error: object) -> None:
        """Those that were written before it are there."""
        self._office.notices.refused(error)
        self.written.emit()


def _nobody(everybody: tuple[PeerEntry, ...]) -> str:
    if len(everybody) == 1:
        return f"“{everybody[0].name}”的名片已经停用。要重新交换，请再添加一次他的名片并核对指纹。"
    if everybody:
        return "名单里的名片都已经停用。请先添加对方的名片（Ctrl+N）。"
    return "请先添加对方的名片（Ctrl+N），再导出给他。"


def _free(path: Path) -> Path:
    """Beside what is there already: names tell the minute only."""
    number = 2
    free = path
    while free.exists():
        free = path.with_name(f"{path.stem} ({number}){path.suffix}")
        number += 1
    return free


def _all(office: Office, packages: list[tuple[PeerEntry, Path]]) -> Work[list[tuple[PeerEntry, Sent]]]:
    written: list[tuple[PeerEntry, Sent]] = []
    for entry, path in packages:
        yield Progress(0, 0, "导出数据包")
        written.append((entry, (yield from outgoing.write_package(office.workbook, entry.sign_key, path))))
    return written
