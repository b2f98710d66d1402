"""Sticks: which are plugged in, and what lies on them for this workbook. Looked for every few seconds, off the window's
thread: a drive that does not answer holds up nobody."""

import os
import sys
from collections.abc import Callable
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path

from PySide6.QtCore import QDir, QObject, QStorageInfo, QTimer, Signal

from app.exchange.found import Found, on_stick
from app.progress import Progress, Work
from app.workbook.workbook import Workbook
from ui.jobs import Job, Jobs

EVERY_MS = 3000
_NETWORK = ("nfs", "cifs", "smb", "afp", "9p", "davfs", "webdav", "fuse.sshfs", "fuse.rclone", "fuse.gvfsd")
_FILES = ("vfat", "exfat", "ntfs", "ntfs3", "fuseblk", "msdos", "fat32", "fat", "ext4", "ext3", "ext2", "hfs", "apfs")
_DRIVE_REMOVABLE, _DRIVE_FIXED = 2, 3  # GetDriveTypeW


@dataclass(frozen=True, slots=True)
class Volume:
    """A place to read and write files. `removable`: the system says that it is made to be pulled out."""

    root: Path
    name: str
    removable: bool


@dataclass(frozen=True, slots=True)
class Stick:
    """A stick and what lies on it for us."""

    volume: Volume
    found: tuple[Found, ...]

    @property
    def worth_opening(self) -> tuple[Path, ...]:
        """Files that bring something, in the order in which to open them."""
        return tuple(one.path for one in self.found if one.state == "new")

    @property
    def sentence(self) -> str:
        """E.g. 发现U盘“KINGSTON”：给本机的包 2 个、名片 1 张。"""
        told = [
            f"{label} {count} {unit}"
            for kind, label, unit in (
                ("package", "给本机的包", "个"),
                ("receipt", "回执", "份"),
                ("card", "同事的名片", "张"),
            )
            if (count := sum(1 for one in self.found if one.kind == kind and one.state == "new"))
        ]
        return f"发现U盘“{self.volume.name}”：{'、'.join(told) or '没有给本机的新文件'}。"


def mounted() -> tuple[Volume, ...]:
    """Local volumes that are not the system's own; network drives are none of them."""
    if sys.platform == "win32":
        # a drive is asked for its kind before it is asked for anything else: a network drive may not answer
        roots = [drive.absolutePath() for drive in QDir.drives()]
        found = [QStorageInfo(root) for root in roots if _drive_type(root) in (_DRIVE_REMOVABLE, _DRIVE_FIXED)]
    else:
        found = [one for one in QStorageInfo.mountedVolumes() if _is_local(one)]
    return tuple(
        Volume(root := Path(one.rootPath()), one.name() or root.name or one.rootPath(), _removable(one))
        for one in found
        if not one.isRoot() and one.isReady()
    )


def _is_local(one: QStorageInfo) -> bool:
    kind, device = bytes(one.fileSystemType().data()).decode().lower(), bytes(one.device().data()).decode()
    if kind.startswith(_NETWORK) or device.startswith("//"):
        return False
    return device.startswith("/dev/") and kind in _FILES


def _removable(one: QStorageInfo) -> bool:
    if sys.platform == "win32":
        return _drive_type(one.rootPath()) == _DRIVE_REMOVABLE
    if one.rootPath().startswith(("/media/", "/run/media/", "/Volumes/")):
        return True
    name = os.path.basename(bytes(one.device().data()).decode()).rstrip("0123456789")
    with suppress(OSError):
        return Path(f"/sys/block/{name}/removable").read_text(encoding="ascii").strip() == "1"
    return False


def _drive_type(root: str) -> int:
    if sys.platform != "win32":
        return 0
    import ctypes

    return int(ctypes.windll.kernel32.GetDriveTypeW(root.replace("/", "\\")))


class Sticks(QObject):
    """Watches what is plugged in. A volume counts when it is removable, or came after the window opened: many large
    sticks say of themselves that they are fixed.

    Signals:
        noticed: Stick, one that has just come, with what lies on it
        changed: which are there, or what lies on them, is another now
    """

    noticed = Signal(object)
    changed = Signal()

    def __init__(
        self, workbook: Workbook, jobs: Jobs, parent: QObject, volumes: Callable[[], tuple[Volume, ...]] | None = None
    ) -> None:
        super().__init__(parent)
        self._workbook, self._jobs = workbook, jobs
        self._volumes = volumes or (lambda: mounted())  # by name, so that a test can say what is plugged in
        self._fixed: frozenset[Path] | None = None
        self._there: dict[Path, Stick] = {}
        self._asking: Job | None = None
        self._clock = QTimer(self)
        self._clock.timeout.connect(self.look)
        self._clock.start(EVERY_MS)

    @property
    def there(self) -> tuple[Stick, ...]:
        """Sticks that are plugged in, the last one first."""
        return tuple(reversed(self._there.values()))

    def end(self) -> None:
        """Look no more."""
        self._clock.stop()

    def look(self) -> None:
        """Ask what is plugged in, unless the last question is still open."""
        if self._asking is None or self._asking.ended.is_set():
            self._asking = self._jobs.start(_asked(self._volumes), self._compare, failed=_ignored, lane="read")

    def look_again(self, root: Path | None = None) -> None:
        """What lies on the sticks (or on that one) may be another now: something was imported or written."""
        for place, stick in self._there.items():
            if root is None or place == root:
                self._read(stick.volume, new=False)

    def _compare(self, volumes: tuple[Volume, ...]) -> None:
        if self._fixed is None:
            self._fixed = frozenset(one.root for one in volumes if not one.removable)
        now = {one.root: one for one in volumes if one.removable or one.root not in self._fixed}
        gone = [root for root in self._there if root not in now]
        for root in gone:
            del self._there[root]
        if gone:
            self.changed.emit()
        for root, volume in now.items():
            if root not in self._there:
                self._there[root] = Stick(volume, ())
                self._read(volume, new=True)

    def _read(self, volume: Volume, *, new: bool) -> None:
        self._jobs.start(
            on_stick(self._workbook, volume.root),
            lambda found: self._show(volume, found, new),
            failed=_ignored,
            lane="read",
        )

    def _show(self, volume: Volume, found: tuple[Found, ...], new: bool) -> None:
        if volume.root not in self._there:
            return  # pulled out meanwhile
        stick = self._there[volume.root] = Stick(volume, found)
        self.changed.emit()
        if new:
            self.noticed.emit(stick)


def _asked(volumes: Callable[[], tuple[Volume, ...]]) -> Work[tuple[Volume, ...]]:
    yield Progress(0, 1)
    return volumes()


def _ignored(error: object) -> None:
    """Nobody asked; a stick that cannot be read now is looked at again when it is next plugged in."""
