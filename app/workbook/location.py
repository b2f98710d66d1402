"""Where a file lies: on a disk of this machine, or on another machine's."""

import sys
from pathlib import Path

_MOUNT_TABLE = Path("/proc/self/mountinfo")
_NETWORK_FILE_SYSTEMS = frozenset(
    ("afs", "cifs", "davfs", "fuse.davfs", "fuse.gvfsd-fuse", "fuse.sshfs", "ncpfs", "nfs", "nfs4", "smb3", "smbfs")
)
_DRIVE_REMOTE = 4  # GetDriveTypeW


def is_network_location(path: Path) -> bool:
    """Whether a path is on a share. SQLite's write-ahead log needs memory that all its users share, which two machines
    do not."""
    resolved = path.resolve()
    if sys.platform == "win32":
        import ctypes

        drive = resolved.drive
        return drive.startswith("\\\\") or ctypes.windll.kernel32.GetDriveTypeW(f"{drive}\\") == _DRIVE_REMOTE
    try:
        table = _MOUNT_TABLE.read_text(encoding="utf-8", errors="surrogateescape")
    except OSError:
        return False  # a system without this table
    return file_system_type(resolved, table) in _NETWORK_FILE_SYSTEMS


def file_system_type(path: Path, mount_table: str) -> str:
    """The type of the file system that holds an absolute path, "" if none does; the table as proc(5) describes it."""
    best, kind = -1, ""
    for line in mount_table.splitlines():
        before, _, after = line.partition(" - ")
        fields, source = before.split(" "), after.split(" ")
        if len(fields) < 5 or not source[0]:
            continue
        mount_point = Path(_unescaped(fields[4]))
        if len(mount_point.parts) >= best and path.is_relative_to(mount_point):
            best, kind = len(mount_point.parts), source[0]
    return kind


def _unescaped(mount_point: str) -> str:
    """Spaces and the like are written in octal."""
    for code in ("040", "011", "012", "134"):
        mount_point = mount_point.replace(f"\\{code}", chr(int(code, 8)))
    return mount_point
