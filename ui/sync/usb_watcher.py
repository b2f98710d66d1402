"""Sticks: which are plugged in, and what lies on them for this workbook. Looked for every few seconds, off the window's
thread: a drive that does not answer holds up nobody."""

import os
import sys
from collections.abc import Callable
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path

from PySide6.QtCore import QDir, QObject, QStorageInfo, QTimer, Signal

from app.sync.usb_scan import ScannedFile, scan_folder
from app.workbook.workbook import Workbook
from ui.shell.tasks import RunningTask, TaskRunner

POLL_MS = 3000
_NETWORK_FILE_SYSTEMS = (
    "nfs",
    "cifs",
    "smb",
    "afp",
    "9p",
    "davfs",
    "webdav",
    "fuse.sshfs",
    "fuse.rclone",
    "fuse.gvfsd",
)
_LOCAL_FILE_SYSTEMS = (
    "vfat",
    "exfat",
    "ntfs",
    "ntfs3",
    "fuseblk",
    "msdos",
    "fat32",
    "fat",
    "ext4",
    "ext3",
    "ext2",
    "hfs",
    "apfs",
)
_DRIVE_REMOVABLE, _DRIVE_FIXED = 2, 3  # GetDriveTypeW


@dataclass(frozen=True, slots=True)
class UsbVolume:
    """A place to read and write files. `removable`: the system says that it is made to be pulled out."""

    root: Path
    name: str
    removable: bool


@dataclass(frozen=True, slots=True)
class UsbDrive:
    """A USB drive and what lies on it for us."""

    volume: UsbVolume
    files: tuple[ScannedFile, ...]

    @property
    def new_files(self) -> tuple[Path, ...]:
        """Files that bring something, in the order in which to open them."""
        return tuple(file.path for file in self.files if file.state == "new")

    @property
    def message(self) -> str:
        """E.g. 发现 U 盘“KINGSTON”：给本机的包 2 个、名片 1 张。"""
        counts = [
            f"{label} {count} {unit}"
            for kind, label, unit in (
                ("package", "给本机的包", "个"),
                ("receipt", "回执", "份"),
                ("card", "同事的名片", "张"),
            )
            if (count := sum(1 for file in self.files if file.kind == kind and file.state == "new"))
        ]
        return f"发现 U 盘“{self.volume.name}”：{'、'.join(counts) or '没有给本机的新文件'}。"


def mounted_volumes() -> tuple[UsbVolume, ...]:
    """Local volumes that are not the system's own; network drives are none of them."""
    if sys.platform == "win32":
        # a drive is asked for its kind before it is asked for anything else: a network drive may not answer
        roots = [drive.absolutePath() for drive in QDir.drives()]
        storages = [QStorageInfo(root) for root in roots if _drive_type(root) in (_DRIVE_REMOVABLE, _DRIVE_FIXED)]
    else:
        storages = [storage for storage in QStorageInfo.mountedVolumes() if _is_local(storage)]
    return tuple(
        UsbVolume(
            root := Path(storage.rootPath()), storage.name() or root.name or storage.rootPath(), _is_removable(storage)
        )
        for storage in storages
        if not storage.isRoot() and storage.isReady()
    )


def _is_local(storage: QStorageInfo) -> bool:
    file_system, device = (
        bytes(storage.fileSystemType().data()).decode().lower(),
        bytes(storage.device().data()).decode(),
    )
    if file_system.startswith(_NETWORK_FILE_SYSTEMS) or device.startswith("//"):
        return False
    return device.startswith("/dev/") and file_system in _LOCAL_FILE_SYSTEMS


def _is_removable(storage: QStorageInfo) -> bool:
    if sys.platform == "win32":
        return _drive_type(storage.rootPath()) == _DRIVE_REMOVABLE
    if storage.rootPath().startswith(("/media/", "/run/media/", "/Volumes/")):
        return True
    name = os.path.basename(bytes(storage.device().data()).decode()).rstrip("0123456789")
    with suppress(OSError):
        return Path(f"/sys/block/{name}/removable").read_text(encoding="ascii").strip() == "1"
    return False


def _drive_type(root: str) -> int:
    if sys.platform != "win32":
        return 0
    import ctypes

    return int(ctypes.windll.kernel32.GetDriveTypeW(root.replace("/", "\\")))


class UsbWatcher(QObject):
    """Watches what is plugged in. A volume counts when it is removable, or came after the window opened: many large
    USB drives say of themselves that they are fixed.

    Signals:
        drive_added: Stick, one that has just come, with what lies on it
        drives_changed: which are there, or what lies on them, is another now
    """

    drive_added = Signal(object)
    drives_changed = Signal()

    def __init__(
        self,
        workbook: Workbook,
        task_runner: TaskRunner,
        parent: QObject,
        volumes: Callable[[], tuple[UsbVolume, ...]] | None = None,
    ) -> None:
        super().__init__(parent)
        self._workbook, self._task_runner = workbook, task_runner
        self._volumes = volumes or (lambda: mounted_volumes())  # by name, so that a test can say what is plugged in
        self._initial_fixed_roots: frozenset[Path] | None = None
        self._drives: dict[Path, UsbDrive] = {}
        self._pending_query: RunningTask | None = None
        self._timer = QTimer(self)
        self._timer.timeout.connect(self.poll)
        self._timer.start(POLL_MS)

    @property
    def drives(self) -> tuple[UsbDrive, ...]:
        """Sticks that are plugged in, the last one first."""
        return tuple(reversed(self._drives.values()))

    def stop(self) -> None:
        """Look no more."""
        self._timer.stop()

    def poll(self) -> None:
        """Ask what is plugged in, unless the last question is still open."""
        if self._pending_query is None or self._pending_query.worker_finished.is_set():
            self._pending_query = self._task_runner.start(
                self._volumes, self._on_volumes, failed=_ignore_error, queue="read"
            )

    def rescan(self, root: Path | None = None) -> None:
        """What lies on the USB drives (or on that one) may be another now: something was imported or written."""
        for drive_root, drive in self._drives.items():
            if root is None or drive_root == root:
                self._scan(drive.volume, is_new=False)

    def _on_volumes(self, volumes: tuple[UsbVolume, ...]) -> None:
        if self._initial_fixed_roots is None:
            self._initial_fixed_roots = frozenset(candidate.root for candidate in volumes if not candidate.removable)
        present = {
            candidate.root: candidate
            for candidate in volumes
            if candidate.removable or candidate.root not in self._initial_fixed_roots
        }
        removed_roots = [root for root in self._drives if root not in present]
        for root in removed_roots:
            del self._drives[root]
        if removed_roots:
            self.drives_changed.emit()
        for root, volume in present.items():
            if root not in self._drives:
                self._drives[root] = UsbDrive(volume, ())
                self._scan(volume, is_new=True)

    def _scan(self, volume: UsbVolume, *, is_new: bool) -> None:
        self._task_runner.start(
            scan_folder(self._workbook, volume.root),
            lambda files: self._on_scanned(volume, files, is_new),
            failed=_ignore_error,
            queue="read",
        )

    def _on_scanned(self, volume: UsbVolume, files: tuple[ScannedFile, ...], is_new: bool) -> None:
        if volume.root not in self._drives:
            return  # pulled out meanwhile
        drive = self._drives[volume.root] = UsbDrive(volume, files)
        self.drives_changed.emit()
        if is_new:
            self.drive_added.emit(drive)


def _ignore_error(error: object) -> None:
    """Nobody asked; a USB drive that cannot be read now is looked at again when it is next plugged in."""
