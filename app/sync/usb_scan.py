"""The packages, cards and receipts on a USB drive, by what they say about themselves.

Only the beginning of a file is read, so a USB drive with a gigabyte of packages is listed in a moment. This
proves nothing: whoever knows our card can write a beginning. The import verifies every byte
(app/sync/package_import.py).
"""

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Literal

from sqlalchemy import select
from sqlalchemy.orm import Session

from app.errors import UserError
from app.progress import Progress, Task
from app.sync import package, package_validation, peers, receipts
from app.sync.errors import ForeignReceipt, SelfAddressed, WrongRecipient
from app.sync.package import Manifest, PackageReader
from app.workbook.workbook import Workbook
from db.schema.exchange import PackageLog, Peer

ScanState = Literal["new", "known", "own", "others", "refused"]
MAX_NAMES = 2000  # names of files and folders; a USB drive full of photographs is not walked completely
MAX_FILES = 200
_PROGRESS_TITLE = "查看 U 盘"


@dataclass(frozen=True, slots=True)
class ScannedFile:
    """One file of the exchange.

    Attributes:
        kind: "package", "card" or "receipt"
        state: "new" (worth opening), "known" (opened before), "own" (we wrote it), "others" (for somebody else),
            "refused" (cannot be used; `message` says why)
        sender: whose it is, as far as it says; `made_at`: local time there, ISO, "" if unknown
        changes: in the package, also those that are here already
        message: what the officer should know
    """

    path: Path
    kind: str
    state: ScanState
    sender: str
    made_at: str
    changes: int
    message: str


def scan_folder(workbook: Workbook, folder: Path) -> Task[tuple[ScannedFile, ...]]:
    """Files of the exchange in a folder and its direct subfolders: those worth opening first, then by age.

    Packages of one sender build on each other, so older ones come first. A file that cannot be read is one of the
    results, with the reason; a folder that cannot be read counts as empty.
    """
    files: list[ScannedFile] = []
    for path in _iter_files(folder):
        yield Progress(len(files), 0, _PROGRESS_TITLE)
        with workbook.reading() as session:
            files.append(_SCANNERS[path.suffix.lower()](session, workbook.operator, path))
        if len(files) == MAX_FILES:
            break
    state_order, kind_order = ("new", "refused", "known", "others", "own"), ("card", "receipt", "package")
    return tuple(
        sorted(
            files,
            key=lambda file: (state_order.index(file.state), kind_order.index(file.kind), file.made_at, file.path),
        )
    )


def _iter_files(folder: Path) -> Iterator[Path]:
    """Regular files of our kinds, those in the folder itself before those one folder below."""
    subfolders: list[Path] = []
    name_count = 0
    for entry in _iter_folder(folder):
        name_count += 1
        if name_count > MAX_NAMES:
            return
        if _is_sync_file(entry):
            yield entry
        elif not entry.name.startswith((".", "$")) and _is_folder(entry):
            subfolders.append(entry)
    for entry in (child for subfolder in subfolders for child in _iter_folder(subfolder)):
        name_count += 1
        if name_count > MAX_NAMES:
            return
        if _is_sync_file(entry):
            yield entry


def _iter_folder(folder: Path) -> Iterator[Path]:
    try:
        yield from folder.iterdir()
    except OSError:  # pulled out, or not readable
        return


def _is_sync_file(path: Path) -> bool:
    try:
        return path.suffix.lower() in _SCANNERS and not path.name.startswith(".") and path.is_file()
    except OSError:
        return False


def _is_folder(path: Path) -> bool:
    try:
        return path.is_dir() and not path.is_symlink()
    except OSError:
        return False


def _scan_package(session: Session, operator: str, path: Path) -> ScannedFile:
    try:
        with path.open("rb") as file:
            manifest = PackageReader(file, path.name, peers.load_identity(session).age_secret).manifest
    except WrongRecipient:
        return _classify_foreign_package(session, path)
    except UserError as error:
        return _rejected_file(path, "package", str(error))
    except OSError:
        return _rejected_file(path, "package", f"“{path.name}”读不出来，U 盘可能拔出或坏了。请重新插好再试。")
    return _classify_package(session, manifest, path)


def _classify_package(session: Session, manifest: Manifest, path: Path) -> ScannedFile:
    sender, message = manifest.sender_name[:40], "可以导入"
    state: ScanState = "new"
    try:
        sender = package_validation.authenticate_sender(session, manifest, path.name).name
    except SelfAddressed:
        state, message = "own", "本机导出的，请交给收包的同事"
    except UserError as error:
        state, message = "refused", str(error)
    if state == "new" and _find_log_entry(session, manifest.package, "in"):
        state, message = "known", "已经导入过"
    return ScannedFile(path, "package", state, sender, manifest.made_at[:19], manifest.changes, message)


def _classify_foreign_package(session: Session, path: Path) -> ScannedFile:
    """Not to be opened here: our own for a colleague, which the log knows by name, or somebody else's."""
    log_entry = session.scalars(select(PackageLog).filter_by(way="out", file_name=path.name)).first()
    if log_entry is None:
        return ScannedFile(path, "package", "others", "", "", 0, "不是导出给本机的")
    peer = session.get(Peer, log_entry.peer)
    message = f"本机导出给“{peer.name}”的，请交给他" if peer else "本机导出的，请交给收包的同事"
    return ScannedFile(path, "package", "own", "本机", log_entry.at, log_entry.changes, message)


def _find_log_entry(session: Session, package_id: str, way: str) -> PackageLog | None:
    return session.scalars(select(PackageLog).filter_by(package=package_id, way=way, undone_at=None)).first()


def _scan_card(session: Session, operator: str, path: Path) -> ScannedFile:
    try:
        card = peers.read_card(path)
    except UserError as error:
        return _rejected_file(path, "card", str(error))
    if card.sign_key == peers.build_own_card(session, operator).sign_key:
        return ScannedFile(path, "card", "own", card.name, "", 0, "本机自己的名片，请交给同事")
    peer = session.get(Peer, card.sign_key)
    if peer is not None and not peer.revoked_at:
        return ScannedFile(path, "card", "known", card.name, "", 0, "已经在同事名单里")
    return ScannedFile(path, "card", "new", card.name, "", 0, "还没有添加，添加前要核对指纹")


def _scan_receipt(session: Session, operator: str, path: Path) -> ScannedFile:
    try:
        log_entry, peer = receipts.match_package(session, operator, path)
    except ForeignReceipt:
        return ScannedFile(path, "receipt", "others", "", "", 0, "不是写给本机的，或不是本机导出的包的回执")
    except UserError as error:
        return _rejected_file(path, "receipt", str(error))
    if log_entry.acknowledged_at:
        return ScannedFile(path, "receipt", "known", peer.name, "", log_entry.changes, "已经登记过")
    message = f"他收到了 {log_entry.at[:16]} 导出的包，还没有登记"
    return ScannedFile(path, "receipt", "new", peer.name, "", log_entry.changes, message)


def _rejected_file(path: Path, kind: str, message: str) -> ScannedFile:
    return ScannedFile(path, kind, "refused", "", "", 0, message)


_SCANNERS: dict[str, Callable[[Session, str, Path], ScannedFile]] = {
    package.PACKAGE_SUFFIX: _scan_package,
    peers.SUFFIX: _scan_card,
    receipts.RECEIPT_SUFFIX: _scan_receipt,
}
