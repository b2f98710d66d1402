"""A new file key for a workbook: what whoever was removed once had opens the file no more, from now on.

The closed file is copied, encrypted anew in the copy, read back, and put in the place of the old one in one step; a
backup under the old key stays. Passphrases of others wrap the old key and are known to nobody here, so that the others
must be added again.
"""

import os
import shutil
from contextlib import closing
from dataclasses import dataclass
from pathlib import Path

from sqlcipher3.dbapi2 import DatabaseError as DriverError

from app.errors import UserError
from app.progress import Progress, Task
from app.workbook import access, backup, files, keyring
from app.workbook.derivation_cost import measured_cost
from app.workbook.file_lock import acquire_lock
from app.workbook.keyring import RECOVERY_SLOT, KdfCost, Keyring
from app.workbook.roles import MANAGE
from app.workbook.temporary_files import noted
from db.engine import connect

_REASON = "换密钥前"


@dataclass(frozen=True, slots=True)
class KeyRenewal:
    """What was done. `recovery`: the new recovery code, stored nowhere; `removed`: operators to be added again."""

    operator: str
    recovery: str
    removed: tuple[str, ...]
    backup: Path

    @property
    def message(self) -> str:
        return self._message(f"新的恢复码（只显示这一次，请抄下来锁好）：{self.recovery}。")

    @property
    def message_without_code(self) -> str:
        """For where the recovery code is shown by itself, and for what is kept of messages."""
        return self._message("")

    def _message(self, code: str) -> str:
        message = f"已换新密钥，“{self.operator}”的口令不变。{code}"
        if self.removed:
            message += f"{'、'.join(f'“{name}”' for name in self.removed)}的口令已不能用，请到设置里重新添加操作员。"
        return message + f"换之前的备份“{self.backup.name}”和以前拷走的文件，用旧口令仍能打开，请收回或删除。"


def renew(path: Path, passphrase: str, *, cost: KdfCost | None = None) -> Task[KeyRenewal]:
    """Encrypt a closed workbook under a new key. Killed at any instant, it is whole under the old one or the new one.

    Args:
        passphrase: of the operator who stays; the recovery code will not do, because it is renewed
        cost: of deriving keys from now on; measured if None

    Raises:
        WrongPassphrase
        UserError: it is open, or the disk has no room for a backup and a copy; nothing was changed
    """
    keyring.require_file(path)
    key, operator = keyring.read_keyring(path).unwrap(passphrase)
    if operator == RECOVERY_SLOT:
        raise UserError("换密钥要用操作员的口令，不能用恢复码：恢复码这次也要换。请先用恢复码打开，改好口令，再来换。")
    yield Progress(0, 4, "备份")
    with closing(access.unlock(path, passphrase)) as opened:  # what a crash left is put in order, an old one upgraded
        opened.require(MANAGE, "换密钥")
    copy = backup.back_up_closed(path, _REASON)
    yield Progress(1, 4, "换密钥")
    staging = path.with_name(f".{path.name}.restoring")
    new_key, recovery = keyring.new_file_key(), keyring.new_recovery_code()
    try:
        with noted(staging), acquire_lock(path):
            former = keyring.read_trailer(path)
            if former is None or files.wal_path(path).exists():
                raise UserError(f"“{path.name}”刚被打开过，没有正常关闭，没有换密钥。请打开再关闭一次，然后再换。")
            cost = cost or measured_cost()
            renewed = Keyring(former.workbook).with_slot(operator, passphrase, new_key, cost)
            renewed = renewed.with_slot(RECOVERY_SLOT, recovery, new_key, cost)
            try:
                staged = _encrypt_anew(path, staging, key, new_key, former)
                yield Progress(3, 4, "换密钥")
                with staged.open("ab") as file:
                    file.write(renewed.to_bytes())
                    file.flush()
                    os.fsync(file.fileno())
                os.replace(staged, path)
            finally:
                shutil.rmtree(staging, ignore_errors=True)
    except (OSError, DriverError) as error:
        raise UserError("没有换成密钥：磁盘已满或不能写入。工作簿没有改动，仍用原来的口令打开。") from error
    yield Progress(4, 4, "换密钥")
    return KeyRenewal(operator, recovery, tuple(name for name in former.operators if name != operator), copy)


def _encrypt_anew(path: Path, staging: Path, key: bytes, new_key: bytes, former: Keyring) -> Path:
    """A copy of the file under another key, without keys at its end, every page read back."""
    shutil.rmtree(staging, ignore_errors=True)
    staging.mkdir(mode=0o700)
    staged = staging / path.name
    shutil.copyfile(path, staged)
    keyring.detach_trailer(staged, former)
    with closing(connect(staged, key)) as connection:
        connection.execute("PRAGMA journal_mode = DELETE").fetchall()
        connection.execute(f"PRAGMA rekey = \"x'{new_key.hex()}'\"")
        connection.execute("PRAGMA journal_mode = WAL").fetchall()
    with closing(connect(staged, new_key)) as connection:
        if connection.execute("PRAGMA cipher_integrity_check").fetchall():
            raise OSError(f"{staged.name}: a page could not be read back")
        connection.execute("SELECT count(*) FROM sqlite_master").fetchone()
    files.wal_path(staged).unlink(missing_ok=True)
    return staged
