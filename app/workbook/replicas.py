"""Which copy of a workbook this is.

A replica numbers its changes 1, 2, 3 … and must never use a number twice. A file that was copied, moved to another
machine, or restored from a backup holds numbers that another copy may use as well, so it goes on as a new replica. What
tells: small files in this user's folder on this machine, outside the workbook, one for each replica, that remember
where it was last open and how far it had counted. They are written after every transaction, so that an older copy is
recognised even if the program crashed before it closed the workbook.
"""

import contextlib
import json
import os
from pathlib import Path
from typing import Any
from uuid import uuid4

from platformdirs import user_data_path


def memory() -> Path:
    """This machine's folder outside of any workbook; HUDANG_STATE names another one (tests, a roaming profile)."""
    folder = os.environ.get("HUDANG_STATE")
    return Path(folder) if folder else user_data_path("hudang", appauthor=False)


def _place(replica: str) -> Path:
    return memory() / "replicas" / f"{replica}.json"


def _remembered(place: Path) -> dict[str, Any]:
    try:
        found = json.loads(place.read_text(encoding="utf-8"))
    except (OSError, ValueError):
        return {}
    return found if isinstance(found, dict) else {}


def goes_on(replica: str, path: Path, counted: int) -> bool:
    """Whether the workbook at `path`, whose replica has counted so far, is the one that was here last time."""
    known = _remembered(_place(replica))
    return known.get("path") == str(path.resolve()) and int(known.get("counted", 0)) <= counted


def remember(replica: str, path: Path, counted: int) -> None:
    """Keep where the replica is and how far it has counted.

    Without it the next opening makes a new replica, which is safe, so a folder that cannot be written is no error;
    an older count would not be safe and goes.
    """
    place = _place(replica)
    part = place.with_suffix(".part")
    try:
        place.parent.mkdir(parents=True, exist_ok=True)
        part.write_text(json.dumps({"path": str(path.resolve()), "counted": counted}), encoding="utf-8")
        os.replace(part, place)
    except OSError:
        _drop(place)


def forget(path: Path) -> None:
    """Another file lies at this path now: it must go on as a new replica."""
    for place in (memory() / "replicas").glob("*.json"):
        if _remembered(place).get("path") == str(path.resolve()):
            _drop(place)


def _drop(place: Path) -> None:
    with contextlib.suppress(OSError):
        place.unlink(missing_ok=True)


def new_replica() -> str:
    return uuid4().hex
