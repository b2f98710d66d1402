"""What lies on a stick for this workbook: packages, cards and receipts, by what they say of themselves.

Only the beginning of a file is read, so a stick with a gigabyte of packages is told in a moment. Nothing is proven by
it: whoever knows our card can write a beginning. The import proves every byte (app/exchange/incoming.py).
"""

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Literal

from sqlalchemy import select
from sqlalchemy.orm import Session

from app.errors import OfficeError
from app.exchange import package, peers, receipts, vetting
from app.exchange.package import Manifest, PackageReader
from app.exchange.refusals import ForeignReceipt, NotForUs, OwnPackage
from app.progress import Progress, Work
from app.workbook.workbook import Workbook
from db.schema.exchange import PackageLog, Peer

State = Literal["new", "known", "own", "others", "refused"]
MOST_LOOKED_AT = 2000  # names of files and folders; a stick full of photographs is not walked to its end
MOST_FOUND = 200
_DOING = "查看U盘"


@dataclass(frozen=True, slots=True)
class Found:
    """One file of the exchange.

    Attributes:
        kind: "package", "card" or "receipt"
        state: "new" (worth opening), "known" (opened before), "own" (we wrote it), "others" (for somebody else),
            "refused" (cannot be used; `sentence` says why)
        sender: whose it is, as far as it says; `made_at`: local time there, ISO, "" if unknown
        changes: in the package, also those that are here already
        sentence: what there is to know, for the officer
    """

    path: Path
    kind: str
    state: State
    sender: str
    made_at: str
    changes: int
    sentence: str


def on_stick(workbook: Workbook, folder: Path) -> Work[tuple[Found, ...]]:
    """Files of the exchange in a folder and in the folders right below it, what is worth opening first, oldest first.

    Packages of one sender build on each other, so the older goes in first. A file that cannot be read is one of the
    results, with the sentence that says why; a folder that cannot be read holds nothing.
    """
    found: list[Found] = []
    for path in _files(folder):
        yield Progress(len(found), 0, _DOING)
        with workbook.reading() as session:
            found.append(_KINDS[path.suffix.lower()](session, workbook.operator, path))
        if len(found) == MOST_FOUND:
            break
    order, kinds = ("new", "refused", "known", "others", "own"), ("card", "receipt", "package")
    return tuple(sorted(found, key=lambda one: (order.index(one.state), kinds.index(one.kind), one.made_at, one.path)))


def _files(folder: Path) -> Iterator[Path]:
    """Regular files of our kinds, those in the folder itself before those one folder below."""
    below: list[Path] = []
    looked_at = 0
    for place in _names(folder):
        looked_at += 1
        if looked_at > MOST_LOOKED_AT:
            return
        if _is_ours(place):
            yield place
        elif not place.name.startswith((".", "$")) and _is_folder(place):
            below.append(place)
    for place in (inside for one in below for inside in _names(one)):
        looked_at += 1
        if looked_at > MOST_LOOKED_AT:
            return
        if _is_ours(place):
            yield place


def _names(folder: Path) -> Iterator[Path]:
    try:
        yield from folder.iterdir()
    except OSError:  # pulled out, or not for us to read
        return


def _is_ours(path: Path) -> bool:
    try:
        return path.suffix.lower() in _KINDS and not path.name.startswith(".") and path.is_file()
    except OSError:
        return False


def _is_folder(path: Path) -> bool:
    try:
        return path.is_dir() and not path.is_symlink()
    except OSError:
        return False


def _package(session: Session, operator: str, path: Path) -> Found:
    try:
        with path.open("rb") as file:
            manifest = PackageReader(file, path.name, peers.identity(session).age_secret).manifest
    except NotForUs:
        return _others(session, path)
    except OfficeError as error:
        return _refused(path, "package", str(error))
    except OSError:
        return _refused(path, "package", f"“{path.name}”读不出来，U盘可能拔出或坏了。请重新插好再试。")
    return _told(session, manifest, path)


def _told(session: Session, manifest: Manifest, path: Path) -> Found:
    sender, told = manifest.sender_name[:40], "可以导入"
    state: State = "new"
    try:
        sender = vetting.sender(session, manifest, path.name).name
    except OwnPackage:
        state, told = "own", "本机导出的，请交给收包的同事"
    except OfficeError as error:
        state, told = "refused", str(error)
    if state == "new" and _log_entry(session, manifest.package, "in"):
        state, told = "known", "已经导入过"
    return Found(path, "package", state, sender, manifest.made_at[:19], manifest.changes, told)


def _others(session: Session, path: Path) -> Found:
    """Not to be opened here: our own for a colleague, which the log knows by name, or somebody else's."""
    written = session.scalars(select(PackageLog).filter_by(way="out", file_name=path.name)).first()
    if written is None:
        return Found(path, "package", "others", "", "", 0, "不是导出给本机的")
    peer = session.get(Peer, written.peer)
    told = f"本机导出给“{peer.name}”的，请交给他" if peer else "本机导出的，请交给收包的同事"
    return Found(path, "package", "own", "本机", written.at, written.changes, told)


def _log_entry(session: Session, package_id: str, way: str) -> PackageLog | None:
    return session.scalars(select(PackageLog).filter_by(package=package_id, way=way, undone_at=None)).first()


def _card(session: Session, operator: str, path: Path) -> Found:
    try:
        card = peers.read_card(path)
    except OfficeError as error:
        return _refused(path, "card", str(error))
    if card.sign_key == peers.own_card(session, operator).sign_key:
        return Found(path, "card", "own", card.name, "", 0, "本机自己的名片，请交给同事")
    peer = session.get(Peer, card.sign_key)
    if peer is not None and not peer.revoked_at:
        return Found(path, "card", "known", card.name, "", 0, "已经在同事名单里")
    return Found(path, "card", "new", card.name, "", 0, "还没有添加，添加前要核对指纹")


def _receipt(session: Session, operator: str, path: Path) -> Found:
    try:
        line, peer = receipts.about(session, operator, path)
    except ForeignReceipt:
        return Found(path, "receipt", "others", "", "", 0, "不是写给本机的，或不是本机导出的包的回执")
    except OfficeError as error:
        return _refused(path, "receipt", str(error))
    if line.acknowledged_at:
        return Found(path, "receipt", "known", peer.name, "", line.changes, "已经登记过")
    told = f"他收到了 {line.at[:16]} 导出的包，还没有登记"
    return Found(path, "receipt", "new", peer.name, "", line.changes, told)


def _refused(path: Path, kind: str, why: str) -> Found:
    return Found(path, kind, "refused", "", "", 0, why)


_KINDS: dict[str, Callable[[Session, str, Path], Found]] = {
    package.SUFFIX: _package,
    peers.SUFFIX: _card,
    receipts.SUFFIX: _receipt,
}
