"""Opening, restoring and making workbooks as tasks of the first window; each loads what it needs when it runs."""

from importlib import import_module
from pathlib import Path
from typing import TYPE_CHECKING

from app.progress import Progress, Task

if TYPE_CHECKING:
    from app.sync.rescue import RescueReport
    from app.workbook.access import NewVillage
    from app.workbook.key_renewal import KeyRenewal
    from app.workbook.restore_preview import RestorePreview
    from app.workbook.workbook import Workbook


def load_pages() -> None:
    """The pages and all that stands behind them, while the first window still answers."""
    import_module("ui.shell.main_window")
    import_module("ui.pages").page_classes()


def unlock_workbook(path: Path, secret: str, despite_synchronisation: bool = False) -> "Task[Workbook]":
    """Open a workbook.

    Args:
        despite_synchronisation: in a folder that a cloud program synchronises, too

    Raises:
        UserError: as `access.unlock` says; LocalCopyAdvised for such a folder
    """
    yield Progress(0, 0, "正在打开")
    from app.workbook.access import unlock
    from app.workbook.synchronised_folder import refuse_synchronised_folder

    if not despite_synchronisation:
        refuse_synchronised_folder(path)
    workbook = unlock(path, secret)
    load_pages()
    return workbook


def preview_restore(backup_path: Path, path: Path, secret: str) -> "Task[RestorePreview]":
    """What restoring a backup would change."""
    yield Progress(0, 0, "正在比较")
    from app.workbook.restore_preview import preview_restore as preview

    return (yield from preview(backup_path, path, secret))


def restore_backup(backup_path: Path, path: Path, secret: str) -> "Task[tuple[Workbook, str]]":
    """Put a backup in the place of a workbook and open it; returns what there is to say about it, too."""
    yield Progress(0, 0, "正在恢复")
    from app.workbook import backup
    from app.workbook.access import unlock

    before = set(path.parent.glob(f"{path.stem} 恢复前 *"))
    yield from backup.restore(backup_path, path, secret)
    kept = sorted(set(path.parent.glob(f"{path.stem} 恢复前 *{path.suffix}")) - before)
    workbook = unlock(path, secret)
    load_pages()
    note = f"已从备份“{backup_path.stem}”恢复。"
    return workbook, note + (f"恢复前的文件已改名为“{kept[0].name}”，仍在原文件夹。" if kept else "")


def rescue_workbook(path: Path, target: Path, secret: str) -> "Task[RescueReport]":
    """Rescue what is readable of a damaged workbook into a new one."""
    yield Progress(0, 0, "读出工作簿")
    from app.sync.rescue import rescue

    return (yield from rescue(path, target, secret))


def renew_key(path: Path, secret: str) -> "Task[tuple[Workbook, KeyRenewal]]":
    """Encrypt a closed workbook under a new key, and open it."""
    yield Progress(0, 0, "换密钥")
    from app.workbook.access import unlock
    from app.workbook.key_renewal import renew

    renewal = yield from renew(path, secret)
    workbook = unlock(path, secret)
    load_pages()
    return workbook, renewal


def open_local_copy(path: Path, folder: Path, secret: str) -> "Task[Workbook]":
    """Copy a workbook to a folder of this machine and open the copy."""
    from app.workbook.local_copy import open_local_copy as open_copy

    workbook = yield from open_copy(path, folder, secret)
    load_pages()
    return workbook


def open_sample_workbook() -> "Task[Workbook]":
    """Open the sample village. One that somebody gave a passphrase of his own is put aside."""
    yield Progress(0, 0, "正在准备示例村")
    from app import sample
    from app.desktop.sample_file import sample_path
    from app.errors import WrongPassphrase
    from app.workbook.access import unlock
    from app.workbook.files import available_path

    path = sample_path()
    if path.is_file():
        try:
            workbook = unlock(path, sample.PASSPHRASE)
        except WrongPassphrase:
            path.rename(available_path(path.with_name(f"{path.stem} 旧{path.suffix}")))
        else:
            load_pages()
            return workbook
    path.parent.mkdir(parents=True, exist_ok=True)
    workbook = yield from sample.make(path, sample.PASSPHRASE)
    load_pages()
    return workbook


def create_workbook(
    path: Path, secret: str, operator: str, village: "NewVillage", despite_synchronisation: bool = False
) -> "tuple[Workbook, str]":
    """Make a workbook; returns it open, and its recovery code.

    Args:
        despite_synchronisation: in a folder that a cloud program synchronises, too

    Raises:
        UserError: as `access.create` says; LocalCopyAdvised for such a folder
    """
    from app.workbook.access import create
    from app.workbook.synchronised_folder import refuse_synchronised_folder

    if not despite_synchronisation:
        refuse_synchronised_folder(path)
    return create(path, secret, operator, village)


def write_recovery_sheet(out: Path, workbook: "Workbook", code: str) -> Path:
    """Write the sheet with the recovery code as a PDF."""
    from app.printing import recovery_sheet

    recovery_sheet.write_for_workbook(workbook, code, out)
    return out


def recovery_sheet_pdf(workbook: "Workbook", code: str) -> bytes:
    """The sheet's PDF, for a printer; nothing of it is left on the disk."""
    from app.printing import recovery_sheet

    return recovery_sheet.pdf_for_workbook(workbook, code)
