"""What restoring a backup would change: what was done since, and how many records there were of what.

Both files are copied and the copies are opened, so that neither is touched.
"""

import shutil
from collections.abc import Iterator
from contextlib import closing, contextmanager
from dataclasses import dataclass
from pathlib import Path

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from app.errors import UserError
from app.progress import Progress, Task
from app.workbook import access, replicas
from app.workbook.file_lock import acquire_lock
from app.workbook.operations import OperationEntry, list_operations
from app.workbook.temporary_files import noted
from app.workbook.workbook import Workbook
from db.filled_tables import filled_tables
from db.journal import operations
from db.schema import records

_LISTED = 200  # operations


@dataclass(frozen=True, slots=True)
class RestorePreview:
    """What a backup would take away and bring back.

    Attributes:
        lost: operations of now that the backup does not have, in words, the latest first, not more than 200
        lost_count, brought_count: how many the backup does not have, and how many only it has
        counts: kinds of records of which there are another number: label, now, in the backup
        unreadable: why the workbook of now cannot be compared, "" where it can
    """

    lost: tuple[str, ...] = ()
    lost_count: int = 0
    brought_count: int = 0
    counts: tuple[tuple[str, int, int], ...] = ()
    unreadable: str = ""

    @property
    def changes_nothing(self) -> bool:
        """Whether nothing would be lost or brought back."""
        return not (self.lost_count or self.brought_count or self.unreadable)

    @property
    def message(self) -> str:
        if self.unreadable:
            return f"现有文件无法与备份比较：{self.unreadable}"
        if self.changes_nothing:
            return "备份与现在的内容一致。"
        parts = [f"备份以后做的 {self.lost_count} 项操作将没有"] * bool(self.lost_count)
        parts += [f"备份里有、现在没有的 {self.brought_count} 项操作将回来"] * bool(self.brought_count)
        message = "，".join(parts) + "。"
        if self.counts:
            message += "记录数：" + "，".join(f"{label} {now} → {then}" for label, now, then in self.counts) + "。"
        return message


def preview_restore(source: Path, path: Path, passphrase: str) -> Task[RestorePreview]:
    """Compare a backup with the workbook in whose place it would come; where there is none, nothing changes.

    Raises:
        WrongPassphrase, UnrecognizedFile, CorruptFile: the backup cannot be opened
        UserError: the workbook is open, or there is no room for the copies
    """
    staging = path.with_name(f".{path.name}.preview.restoring")
    yield Progress(0, 2, "打开备份")
    try:
        with noted(staging), _folder(staging), _opened_copy(source, staging / "备份.hdb", passphrase) as backup:
            if not path.exists():
                return RestorePreview()
            yield Progress(1, 2, "和现在的比较")
            try:
                with acquire_lock(path), _opened_copy(path, staging / "现在.hdb", passphrase) as current:
                    return _compare(current, backup)
            except UserError as error:
                return RestorePreview(unreadable=str(error))
    except OSError as error:
        raise UserError(f"没有比较：“{path.parent}”已满或不能写入。原来的文件没有改动。") from error


@contextmanager
def _folder(staging: Path) -> Iterator[None]:
    shutil.rmtree(staging, ignore_errors=True)
    staging.mkdir(mode=0o700)
    try:
        yield
    finally:
        shutil.rmtree(staging, ignore_errors=True)


@contextmanager
def _opened_copy(path: Path, copy: Path, passphrase: str) -> Iterator[Workbook]:
    for tail in ("", "-keys", "-wal"):
        part = path.with_name(path.name + tail)
        if part.exists():
            shutil.copyfile(part, copy.with_name(copy.name + tail))
    try:
        with closing(access.unlock(copy, passphrase)) as workbook:
            yield workbook
    finally:
        replicas.drop_state(copy)


def _compare(current: Workbook, backup: Workbook) -> RestorePreview:
    with current.reading() as now, backup.reading() as then:
        done_now, done_then = operations.identities(now), operations.identities(then)
        lost = done_now - done_then
        numbers = {n for n, _, _ in lost}
        told = [one for one in list_operations(now, limit=_LISTED) if one.n in numbers]
        return RestorePreview(
            lost=tuple(_line(one) for one in told),
            lost_count=len(lost),
            brought_count=len(done_then - done_now),
            counts=tuple(_different_counts(now, then)),
        )


def _line(one: OperationEntry) -> str:
    return "　".join(part for part in (one.at[:16].replace("T", " "), one.operator, one.title, one.households) if part)


def _different_counts(now: Session, then: Session) -> Iterator[tuple[str, int, int]]:
    for table in sorted(filled_tables(now) | filled_tables(then)):
        model = records().get(table)
        if model is None:
            continue
        query = select(func.count()).select_from(model).where(~model.withdrawn)
        counts = now.scalar(query) or 0, then.scalar(query) or 0
        if counts[0] != counts[1]:
            yield model.LABEL, *counts
