"""The newest automatic backup once more, on another disk or a stick: the disk that a workbook lies on may be lost.

The folder is chosen for a workbook and remembered on this machine. A stick that is away keeps nobody from working:
the backup beside the workbook is there, and the next one is copied again.
"""

import filecmp
import json
import shutil
from pathlib import Path

from app.errors import UserError
from app.workbook import backup_retention, files, keyring
from app.workbook.replicas import state_dir

_ID_DIGITS = 8  # of a workbook's id; enough to tell the few that share a stick


def _memory_path() -> Path:
    return state_dir() / "second-backups.json"


def _remembered() -> dict[str, str]:
    """Workbook → folder, as paths. What cannot be read is as if nothing were chosen."""
    try:
        stored = json.loads(_memory_path().read_text(encoding="utf-8"))
    except (OSError, ValueError):
        return {}
    if not isinstance(stored, dict):
        return {}
    return {key: folder for key, folder in stored.items() if isinstance(folder, str) and folder}


def second_folder(path: Path) -> Path | None:
    """The folder that was chosen for the backups of a workbook, None if none was."""
    folder = _remembered().get(str(path.resolve()))
    return Path(folder) if folder else None


def choose_folder(path: Path, folder: Path | None) -> None:
    """Copy each automatic backup of a workbook to this folder from now on; to none if None.

    Raises:
        UserError: it is where the workbook itself is, or cannot be written
    """
    remembered = _remembered()
    remembered.pop(str(path.resolve()), None)
    if folder is not None:
        if folder.resolve() in (path.parent.resolve(), backup_retention.backup_folder(path).resolve()):
            raise UserError(f"“{folder}”就是工作簿所在的地方，复制在这里没有用。请选另一个盘或 U 盘上的文件夹。")
        remembered[str(path.resolve())] = str(folder.resolve())
    try:
        state_dir().mkdir(parents=True, exist_ok=True)
        with files.atomic_write(_memory_path()) as temporary:
            temporary.write_text(json.dumps(remembered, ensure_ascii=False), encoding="utf-8")
    except OSError as error:
        raise UserError("没有记住另存备份的文件夹：磁盘已满或不能写入。工作簿没有改动。") from error


def _own_folder(folder: Path, path: Path, newest: Path) -> Path:
    """The folder of a workbook's backups there. Several workbooks may share a stick and a name, so it tells which
    one by the beginning of its id."""
    keys = keyring.read_trailer(newest)
    workbook_id = keys.workbook[:_ID_DIGITS] if keys else ""
    return folder / f"{backup_retention.backup_folder(path).name}-{workbook_id}"


def copy_to_second_folder(path: Path, newest: Path) -> str:
    """Copy a backup that was just made, compare it, and thin the older ones there.

    Returns what to say where it could not be copied, "" where it was, or where no folder is chosen.
    """
    folder = second_folder(path)
    if folder is None:
        return ""
    try:
        target = _own_folder(folder, path, newest) / newest.name
        target.parent.mkdir(exist_ok=True)  # the folder itself is not made: where a stick is away, nothing is
        with files.atomic_write(target) as temporary:
            shutil.copyfile(newest, temporary)
            if not filecmp.cmp(newest, temporary, shallow=False):
                raise OSError(f"{target.name}: the copy is not what was copied")
    except OSError:
        return f"备份没有复制到“{folder}”：U 盘没有插好，或已满、不能写入。旁边的备份已做好；插好以后，下次会再复制。"
    backup_retention.thin(target)
    return ""
