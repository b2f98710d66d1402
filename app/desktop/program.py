"""Where this program lies, which version it is, and whether a newer one was put beside it."""

import json
import os
import sys
import tomllib
from dataclasses import dataclass
from functools import cache
from pathlib import Path

import resources
from app.errors import UserError

VERSION_FILE = "version.json"  # in the folder of a built program, beside the executable
_SYSTEM_FOLDERS = ("/usr", "/opt")


@dataclass(frozen=True, slots=True)
class OtherVersion:
    """A newer program in a folder beside this one."""

    version: str
    executable: Path


def build_manifest() -> Path:
    """The file that build.spec writes: the version, the components, and what must be found again. Sources have none."""
    return resources.ROOT / "built.json"


@cache
def version() -> str:
    """The version of this program, e.g. "0.1.0"."""
    if build_manifest().is_file():
        return str(json.loads(build_manifest().read_text(encoding="utf-8"))["version"])
    project = tomllib.loads((resources.ROOT.parent / "pyproject.toml").read_text(encoding="utf-8"))
    return str(project["project"]["version"])


def is_built() -> bool:
    """Whether this is the built program and not a folder of sources."""
    return bool(getattr(sys, "frozen", False))


def program_folder() -> Path:
    """The folder that a newer version replaces: nothing of an officer's may lie in it."""
    return Path(sys.executable).resolve().parent if is_built() else resources.ROOT.parent


def is_installed() -> bool:
    """Whether the system's packages put it there, which tell the desktop of it themselves."""
    return sys.platform != "win32" and str(program_folder()).startswith(_SYSTEM_FOLDERS)


def refuse_program_folder(path: Path) -> None:
    """
    Raises:
        UserError: a file at this path would lie in the program's folder, and go with it at the next update
    """
    if path.resolve().is_relative_to(program_folder()):
        raise UserError(
            f"“{path.parent}”是软件所在的文件夹，更新软件时会被替换。请把工作簿放到“文档”或数据盘的其他文件夹。"
        )


def version_key(text: str) -> tuple[int, ...]:
    """A version's numbers, to compare it with others; () for what is no version."""
    parts = text.split(".")
    return tuple(int(part) for part in parts) if parts and all(part.isdecimal() for part in parts) else ()


def newer_beside(folder: Path, own_version: str) -> OtherVersion | None:
    """The newest program in the folders beside this one, if it is newer.

    A folder counts when it has a version file that names its executable, and that executable is there.
    """
    newest: OtherVersion | None = None
    try:
        beside = [entry for entry in folder.parent.iterdir() if entry != folder and entry.is_dir()]
    except OSError:
        return None
    for entry in beside:
        other = _read_version(entry)
        known = version_key(newest.version if newest else own_version)
        if other is not None and version_key(other.version) > known:
            newest = other
    return newest


def _read_version(folder: Path) -> OtherVersion | None:
    try:
        stated = json.loads((folder / VERSION_FILE).read_text(encoding="utf-8"))
        other = OtherVersion(str(stated["version"]), folder / Path(str(stated["executable"])).name)
    except (OSError, ValueError, KeyError, TypeError):
        return None
    return other if version_key(other.version) and os.access(other.executable, os.X_OK) else None
