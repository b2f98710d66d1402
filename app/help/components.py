"""What the program is made of: the components with their versions and licences."""

import json
import tomllib
from dataclasses import dataclass
from importlib import metadata
from pathlib import Path
from typing import Any

import resources
from app.desktop.program import build_manifest

LICENCE_FILE = resources.ROOT.parent / "LICENSE"
FONT_NOTICE = resources.ROOT / "fonts" / "licences" / "NOTICE.txt"
DIVISION_NOTICE = resources.ROOT / "divisions" / "NOTICE.txt"
_LICENCES = resources.ROOT / "licences.toml"
_BUILD_ONLY = frozenset(("pip", "setuptools", "wheel"))


@dataclass(frozen=True, slots=True)
class Component:
    """A package that the program uses."""

    name: str
    version: str
    licence: str


def components() -> list[Component]:
    """Of a built program those that were put into it, else those of the environment."""
    if build_manifest().is_file():
        stored = json.loads(build_manifest().read_text(encoding="utf-8"))["components"]
        return [Component(*entry) for entry in stored]
    return environment_components(resources.ROOT.parent / "requirements-ocr.lock")


def environment_components(lock: Path) -> list[Component]:
    """The packages that a lock file names and that are installed here."""
    found, stated = [], _licence_table()["stated"]
    for line in lock.read_text(encoding="utf-8").splitlines():
        name, pinned, _ = line.partition("==")
        if not pinned or not name or name[0] in " #" or name in _BUILD_ONLY:
            continue
        try:
            described = metadata.metadata(name)
        except metadata.PackageNotFoundError:  # for another platform
            continue
        found.append(Component(described["Name"], described["Version"], _licence(described) or stated.get(name, "")))
    return sorted(found, key=lambda component: component.name.casefold())


def accepted_licences() -> frozenset[str]:
    """The licences, in the words of the packages' metadata, under which something may be shipped with the program."""
    return frozenset(_licence_table()["accepted"])


def _licence_table() -> dict[str, Any]:
    return tomllib.loads(_LICENCES.read_text(encoding="utf-8"))


def _licence(described: metadata.PackageMetadata) -> str:
    """In a word: the expression, a short statement, or the classifier."""
    for key in ("License-Expression", "License"):
        stated = str(described[key] or "") if key in described else ""
        if stated and "\n" not in stated and len(stated) < 80:
            return stated
    classifiers = described.get_all("Classifier") or []
    return next((one.rpartition(" :: ")[2] for one in classifiers if one.startswith("License ::")), "")


def licence_text() -> str:
    """The program's own licence and the notices of what it ships."""
    texts = []
    for path in (LICENCE_FILE, FONT_NOTICE, DIVISION_NOTICE):
        if path.is_file():
            texts.append(path.read_text(encoding="utf-8").strip())
    return "\n\n".join(texts)
