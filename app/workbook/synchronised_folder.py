"""Folders that a cloud program keeps alike on several machines (resources/desktop/synchronised_folders.toml)."""

import os
from collections.abc import Iterator
from dataclasses import dataclass
from fnmatch import fnmatch
from pathlib import Path

import resources
from app.errors import LocalCopyAdvised
from app.workbook.location import is_network_location
from resources.overlay import cached


@dataclass(frozen=True, slots=True)
class CloudProgram:
    """A program that synchronises folders, and how they are known.

    Attributes:
        folders: patterns of the folder's name, in small letters
        marks: patterns of what lies in the topmost folder
        environment: variables that hold its path
    """

    name: str
    folders: tuple[str, ...]
    marks: tuple[str, ...]
    environment: tuple[str, ...]

    def keeps(self, folder: Path) -> bool:
        """Whether this is the topmost folder that the program synchronises."""
        if any(fnmatch(folder.name.casefold(), pattern) for pattern in self.folders):
            return True
        if any(folder == Path(place).resolve() for variable in self.environment if (place := os.environ.get(variable))):
            return True
        return any(next(folder.glob(mark), None) is not None for mark in self.marks)


@cached
def _programs() -> tuple[CloudProgram, ...]:
    return tuple(_read_programs())


def _read_programs() -> Iterator[CloudProgram]:
    for entry in resources.read("desktop", "synchronised_folders").values():
        patterns = tuple(pattern.casefold() for pattern in entry.get("folders", ()))
        yield CloudProgram(entry["name"], patterns, tuple(entry.get("marks", ())), tuple(entry.get("environment", ())))


def cloud_program(path: Path) -> str:
    """The name of the program that synchronises the folder of a file, "" if none is known to.

    Not for a file on a share, where each look at a folder may take long.
    """
    for folder in path.resolve().parents:
        for program in _programs():
            try:
                if program.keeps(folder):
                    return program.name
            except OSError:
                continue  # a folder above that may not be read keeps no marks of this user's program
    return ""


def synchronisation_warning(path: Path) -> str:
    """What an officer has to know of a workbook in such a folder, "" of one in any other."""
    if is_network_location(path) or not (program := cloud_program(path)):
        return ""
    return (
        f"“{path.name}”在“{program}”同步的文件夹里：同步软件会在使用时复制或替换工作簿，几台电脑都用就会互相覆盖。"
        "请放在不同步的文件夹里。"
    )


def refuse_synchronised_folder(path: Path) -> None:
    """
    Raises:
        LocalCopyAdvised: a cloud program keeps the folder of this workbook alike on several machines
    """
    if warning := synchronisation_warning(path):
        raise LocalCopyAdvised(warning)
