"""Which automatic backups stay: the newest, and one of each of the last hours, days, weeks and months."""

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
_STAMP_LENGTH = len("20260131-235959")


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
