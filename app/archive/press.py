"""What a printing process does: draw the households it is told, a file each, until it is told no more.

It is started by multiprocessing's "spawn", as the process that reads sheets (app/sheets/child.py). All it is told comes
through a pipe, the file key too: nothing of it stands on a command line. It may be killed at any moment and leaves only
a file ending in .part, which the office clears away.
"""

import os
import sys
from dataclasses import dataclass
from multiprocessing.connection import Connection
from pathlib import Path
from typing import Any

from app.archive import drawing
from app.archive.drawing import Drawn, Setting
from app.archive.locking import writing
from app.archive.output import sentences
from app.errors import OfficeError
from app.workbook.access import Ticket, admitted
from app.workbook.workbook import Workbook


@dataclass(frozen=True, slots=True)
class Errand:
    """What all files of a process share. `password` locks them."""

    ticket: Ticket
    folder: Path
    setting: Setting
    password: str


@dataclass(frozen=True, slots=True)
class Wanted:
    """One household to print.

    Attributes:
        doubted: its quality check does not pass
        content: what the file says that is there already, "" where there is none or it must be printed anew
    """

    household_id: str
    doubted: bool
    content: str = ""


@dataclass(frozen=True, slots=True)
class Finished:
    """A household is done. `drawn` is None where the file that was there still says the same."""

    household_id: str
    name: str
    drawn: Drawn | None


def part_of(folder: Path, household_id: str) -> Path:
    """Where a process writes a household's file before it is whole."""
    return folder / f"{household_id}.pdf.part"


def press(errand: Errand, office: "Connection[Any, Any]") -> None:
    """Receive `Wanted`, send `Finished` or a refusal (OfficeError), until the office hangs up."""
    _keep_quiet()
    try:
        with admitted(errand.ticket) as workbook:
            while True:
                office.send(_printed(workbook, errand, office.recv()))
    except OfficeError as refusal:
        office.send(refusal)
    except EOFError:
        pass
    finally:
        office.close()


def _printed(workbook: Workbook, errand: Errand, wanted: Wanted) -> Finished:
    household = wanted.household_id
    with workbook.reading() as session:
        name = drawing.file_name(session, household)
        if wanted.content and drawing.said(session, household, errand.setting.sections).whole == wanted.content:
            return Finished(household, name, None)
    part = part_of(errand.folder, household)
    with sentences(part), part.open("wb") as file:
        with writing(file, errand.password) as content:
            drawn = drawing.file(
                workbook,
                content,
                household,
                errand.setting,
                doubted=wanted.doubted,
                archival=not errand.password,
            )
        file.flush()
        os.fsync(file.fileno())
    return Finished(household, name, drawn)


def _keep_quiet() -> None:
    os.dup2(os.open(os.devnull, os.O_WRONLY), 2)
    if sys.platform != "win32":
        os.nice(2)  # the window comes first
