"""A copy on this machine's disk of a workbook that lies on a share or a read-only medium: a replica of its own."""

import shutil
from pathlib import Path

from app.errors import UserError
from app.progress import Progress, Task
from app.workbook import access, files, keyring
from app.workbook.workbook import Workbook


def open_local_copy(path: Path, folder: Path, passphrase: str) -> Task[Workbook]:
    """Copy a closed workbook into a folder and open the copy; one of the same name there is left alone.

    Raises:
        WrongPassphrase, UnrecognizedFile, CorruptFile: nothing was copied
        UserError: the workbook is open on another machine, or the folder cannot be written
    """
    yield Progress(0, 2, "正在复制")
    keyring.read_keyring(path).unwrap(passphrase)
    if keyring.read_trailer(path) is None:
        raise UserError(f"“{path.name}”正在别处打开，或上次没有正常关闭，不能复制。请在原来的电脑上关闭后再复制。")
    copy = files.available_path(folder / path.name)
    try:
        folder.mkdir(parents=True, exist_ok=True)
        with files.atomic_write(copy) as temporary:
            shutil.copyfile(path, temporary)
    except OSError as error:
        raise UserError(f"没有复制：“{folder}”不能写入或已满，或“{path.name}”读取失败。") from error
    yield Progress(1, 2, "正在打开")
    return access.unlock(copy, passphrase)
