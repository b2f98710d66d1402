"""Files that appear whole or not at all: written under another name, renamed together at the end."""

import contextlib
import errno
import os
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from types import TracebackType
from typing import BinaryIO, Self

from app.errors import OfficeError


class Staged:
    """A folder that gets files. What is not kept when the block ends is removed, the folder too if it was made here."""

    def __init__(self, folder: Path) -> None:
        self._folder = folder
        self._made: list[Path] = []
        self._waiting: list[tuple[Path, Path]] = []

    def __enter__(self) -> Self:
        with sentences(self._folder):
            missing = [one for one in (self._folder, *self._folder.parents) if not one.exists()]
            self._folder.mkdir(parents=True, exist_ok=True)
            self._made = missing
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        for part, _ in self._waiting:
            with contextlib.suppress(OSError):
                part.unlink(missing_ok=True)
        for folder in self._made:
            with contextlib.suppress(OSError):  # not empty, because files were kept
                folder.rmdir()

    @contextmanager
    def file(self, name: str) -> Iterator[BinaryIO]:
        """One file to write. A name that is taken in this run gets a number.

        Raises:
            OfficeError: the folder cannot be written to or the disk is full
        """
        wanted = {final.name.lower() for _, final in self._waiting}
        stem, suffix, n = Path(name).stem, Path(name).suffix, 1
        while name.lower() in wanted:
            n += 1
            name = f"{stem}_{n}{suffix}"
        final = self._folder / name
        part = final.with_name(f"{name}.part")
        with sentences(final):
            file = part.open("wb")
            self._waiting.append((part, final))
            with file:
                yield file
                file.flush()
                os.fsync(file.fileno())

    def keep(self) -> tuple[Path, ...]:
        """Give all files their names.

        Raises:
            OfficeError: one of them is open elsewhere
        """
        kept = []
        while self._waiting:
            part, final = self._waiting[0]
            with sentences(final):
                part.replace(final)
            kept.append(self._waiting.pop(0)[1])
        return tuple(kept)


@contextmanager
def sentences(path: Path) -> Iterator[None]:
    """Faults of disk and folder as sentences."""
    try:
        yield
    except OSError as error:
        if error.errno in (errno.ENOSPC, errno.EDQUOT, errno.EFBIG):
            raise OfficeError(f"磁盘已满，“{path.name}”没有写成。请腾出空间，或换一个位置再试。") from error
        raise OfficeError(
            f"不能写到“{path}”。请检查文件夹是否存在、是否只读，文件是否正在别的程序里打开，或换一个位置。"
        ) from error
