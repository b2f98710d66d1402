"""Files that appear complete or not at all: written under another name and renamed together at the end."""

import contextlib
import errno
import os
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from types import TracebackType
from typing import BinaryIO, Self

from app.errors import UserError
from app.workbook.files import create_private
from app.workbook.temporary_files import noted


class StagedOutput:
    """Writes files into a folder. What is not committed is removed at the end, and a folder created for it."""

    def __init__(self, folder: Path) -> None:
        self._folder = folder
        self._created: list[Path] = []
        self._pending: list[tuple[Path, Path]] = []
        self._notes = contextlib.ExitStack()

    def __enter__(self) -> Self:
        with translate_os_errors(self._folder):
            missing = [parent for parent in (self._folder, *self._folder.parents) if not parent.exists()]
            self._folder.mkdir(parents=True, exist_ok=True)
            self._created = missing
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        for part, _ in self._pending:
            with contextlib.suppress(OSError):
                part.unlink(missing_ok=True)
        self._notes.close()
        for folder in self._created:
            with contextlib.suppress(OSError):  # not empty, because files were committed
                folder.rmdir()

    @contextmanager
    def file(self, name: str) -> Iterator[BinaryIO]:
        """Open a file for writing. A name already used in this run gets a number.

        Raises:
            UserError: the folder cannot be written to or the disk is full
        """
        used_names = {final.name.lower() for _, final in self._pending}
        stem, suffix, n = Path(name).stem, Path(name).suffix, 1
        while name.lower() in used_names:
            n += 1
            name = f"{stem}_{n}{suffix}"
        final = self._folder / name
        part = final.with_name(f"{name}.part")
        with translate_os_errors(final):
            self._notes.enter_context(noted(part))
            create_private(part, final)
            self._pending.append((part, final))
            file = part.open("wb")
            with file:
                yield file
                file.flush()
                os.fsync(file.fileno())

    def commit(self) -> tuple[Path, ...]:
        """Rename all files to their final names.

        Raises:
            UserError: one of them is open in another program
        """
        committed = []
        while self._pending:
            part, final = self._pending[0]
            with translate_os_errors(final):
                part.replace(final)
            committed.append(self._pending.pop(0)[1])
        return tuple(committed)


@contextmanager
def translate_os_errors(path: Path) -> Iterator[None]:
    """Turn errors of disk and folder into messages for the officer."""
    try:
        yield
    except OSError as error:
        if error.errno in (errno.ENOSPC, errno.EDQUOT, errno.EFBIG):
            raise UserError(f"磁盘已满，“{path.name}”没有写成。请腾出空间，或换一个位置再试。") from error
        raise UserError(
            f"不能写到“{path}”。请检查文件夹是否存在、是否只读，文件是否正在别的程序里打开，或换一个位置。"
        ) from error
