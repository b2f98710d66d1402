"""Which copy of a workbook this is.

A replica numbers its changes 1, 2, 3 … and must never use a number twice. A file that was copied, moved to another
machine, or restored from a backup holds numbers that another copy may use as well, so it goes on as a new replica. What
tells: a small file in this user's folder on this machine, outside the workbook, that remembers for each replica where
it was last open and how far it had counted.
"""

import json
import os
from pathlib import Path
from typing import Any
from uuid import uuid4

from platformdirs import user_data_path


def memory_path() -> Path:
    """The machine's memory; HUDANG_STATE names another folder (tests, a roaming profile)."""
    folder = os.environ.get("HUDANG_STATE")
    return (Path(folder) if folder else user_data_path("hudang", appauthor=False)) / "replicas.json"


def _remembered() -> dict[str, Any]:
    try:
        found = json.loads(memory_path().read_text(encoding="utf-8"))
    except (OSError, ValueError):
        return {}
    return found if isinstance(found, dict) else {}


def goes_on(replica: str, path: Path, counted: int) -> bool:
    """Whether the workbook at `path`, whose replica has counted so far, is the one that was here last time."""
    known = _remembered().get(replica)
    return bool(known and known.get("path") == str(path.resolve()) and known.get("counted", 0) <= counted)


def remember(replica: str, path: Path, counted: int) -> None:
    """Keep where the replica is and how far it has counted. Without it the next opening makes a new replica, which is
    safe, so a folder that cannot be written is no error."""
    _keep(_remembered() | {replica: {"path": str(path.resolve()), "counted": counted}})


def forget(path: Path) -> None:
    """Another file lies at this path now: it must go on as a new replica."""
    _keep({replica: known for replica, known in _remembered().items() if known.get("path") != str(path.resolve())})


def _keep(kept: dict[str, Any]) -> None:
    memory = memory_path()
    try:
        memory.parent.mkdir(parents=True, exist_ok=True)
        part = memory.with_name(f"{memory.name}.{os.getpid()}")
        part.write_text(json.dumps(kept, ensure_ascii=False, indent=1), encoding="utf-8")
        os.replace(part, memory)
    except OSError:
        pass


def new_replica() -> str:
    return uuid4().hex
