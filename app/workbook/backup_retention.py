"""Which automatic backups stay: the newest, and one of each of the last hours, days, weeks and months."""

import contextlib
import shutil
from collections.abc import Callable, Sequence
from datetime import datetime
from pathlib import Path

MAX_BACKUPS = 10  # newest ones that stay in any case
# period of a copy, and for how many of them one copy stays
_PERIODS: tuple[tuple[Callable[[datetime], str], int], ...] = (
    (lambda made: f"{made:%Y%m%d%H}", 12),
    (lambda made: f"{made:%Y%m%d}", 7),
    (lambda made: f"{made:%G-%V}", 5),
    (lambda made: f"{made:%Y%m}", 12),
)
_SCARCE = 5  # a disk with room for fewer copies than this keeps only the newest few
_MAX_WHERE_SCARCE = 3
_STAMP_LENGTH = len("20260131-235959")


def backup_folder(path: Path) -> Path:
    """The folder of a workbook's own backups."""
    return path.with_name(f"{path.stem}-备份")


def newest_first(folder: Path) -> list[Path]:
    """The backups in a folder."""
    return sorted(folder.glob("*.hdb"), key=lambda copy: copy.name, reverse=True)


def made_at(copy: Path) -> datetime | None:
    """When an automatic backup was made, by its name; None for a file that somebody else put there."""
    try:
        return datetime.strptime(copy.name[:_STAMP_LENGTH], "%Y%m%d-%H%M%S")
    except ValueError:
        return None


def expired(copies: Sequence[Path], newest: int = MAX_BACKUPS) -> list[Path]:
    """Those of some backups that need not stay. What is not named like a backup is nobody's to remove.

    Args:
        newest: how many of the newest stay whatever their period
    """
    newest_first = sorted(copies, key=lambda copy: copy.name, reverse=True)
    dated = [(made, copy) for copy in newest_first if (made := made_at(copy))]
    kept = {copy for _, copy in dated[:newest]}
    for period, limit in _PERIODS:
        seen: set[str] = set()
        for made, copy in dated:
            if len(seen) < limit and period(made) not in seen:
                seen.add(period(made))
                kept.add(copy)
    return [copy for _, copy in dated if copy not in kept]


def thin(created: Path) -> None:
    """Remove backups beside this one that need not stay; it does, though with a clock that went back it has the oldest
    name."""
    others = [copy for copy in newest_first(created.parent) if copy != created]
    outdated = expired(others, MAX_BACKUPS - 1)
    with contextlib.suppress(OSError):
        if shutil.disk_usage(created.parent).free < _SCARCE * created.stat().st_size:
            outdated = [copy for copy in others if made_at(copy)][_MAX_WHERE_SCARCE - 1 :]
    for copy in outdated:
        with contextlib.suppress(OSError):
            copy.unlink(missing_ok=True)
