"""Which copy of a workbook this is.

A replica numbers its changes 1, 2, 3 … and must never use a number twice. A file that was copied, moved to another
machine, or restored from a backup holds numbers that another copy may use as well, so it continues as a new replica.
It is recognised by small files in the user's folder on this machine, outside the workbook, one for each replica, that
record where it was last open and how far it had counted. They are written after every transaction, so that an older
copy is recognised even if the program crashed before it closed the workbook.
"""

import contextlib
import json
import os
from hashlib import blake2b
from pathlib import Path
from typing import Any

from platformdirs import user_data_path

_NONCE_BYTES = 16


def state_dir() -> Path:
    """This machine's folder outside of any workbook; HUDANG_STATE names another one (tests, a roaming profile)."""
    folder = os.environ.get("HUDANG_STATE")
    return Path(folder) if folder else user_data_path("hudang", appauthor=False)


def _state_path(replica: str) -> Path:
    return state_dir() / "replicas" / f"{replica}.json"


def _read_state(state_path: Path) -> dict[str, Any]:
    try:
        state = json.loads(state_path.read_text(encoding="utf-8"))
    except (OSError, ValueError):
        return {}
    return state if isinstance(state, dict) else {}


def is_same_replica(replica: str, path: Path, change_count: int) -> bool:
    """Whether the workbook at `path`, whose replica has counted so far, is the one that was open here last time."""
    state = _read_state(_state_path(replica))
    counted = state.get("counted")
    return state.get("path") == str(path.resolve()) and isinstance(counted, int) and counted <= change_count


def save_state(replica: str, path: Path, change_count: int) -> None:
    """Save where the replica is and how far it has counted.

    Without it the next opening makes a new replica, which is safe, so a folder that cannot be written is no error;
    an older count would not be safe and is removed.
    """
    state_path = _state_path(replica)
    temporary = state_path.with_suffix(".part")
    try:
        state_path.parent.mkdir(parents=True, exist_ok=True)
        temporary.write_text(json.dumps({"path": str(path.resolve()), "counted": change_count}), encoding="utf-8")
        os.replace(temporary, state_path)
    except OSError:
        _unlink(state_path)


def drop_state(path: Path) -> None:
    """Another file is at this path now: it must continue as a new replica."""
    for state_path in (state_dir() / "replicas").glob("*.json"):
        if _read_state(state_path).get("path") == str(path.resolve()):
            _unlink(state_path)


def _unlink(state_path: Path) -> None:
    with contextlib.suppress(OSError):
        state_path.unlink(missing_ok=True)


def new_replica(sign_key: str) -> tuple[str, bytes]:
    """The id of a new replica of the workbook with this key, and the nonce that it is derived from."""
    nonce = os.urandom(_NONCE_BYTES)
    return derived_replica(sign_key, nonce), nonce


def derived_replica(sign_key: str, nonce: bytes) -> str:
    """A replica's id says whose it is: nobody else can find a nonce that makes it theirs."""
    from db.journal.chains import derived_name  # the first window loads no database

    return derived_name(blake2b(f"hudang replica {sign_key} {nonce.hex()}".encode(), digest_size=16).digest())
