"""What a printing process does: draw the households it is told, a file each, until it is told no more.

It is started by multiprocessing's "spawn", like the process that reads sheets (app/sheets/reader_process.py). All its
input comes through a pipe, the file key too: nothing of it stands on a command line.
It may be killed at any moment and leaves only
a file ending in .part, which the office clears away.
"""

import os
import sys
from dataclasses import dataclass
from multiprocessing.connection import Connection
from pathlib import Path
from typing import Any

from app.errors import UserError
from app.pdf.encryption import encrypted_output
from app.printing.atomic_output import translate_os_errors
from app.reports import render
from app.reports.render import RenderedVolume, RenderSettings
from app.workbook.access import WorkerAccess, open_read_only
from app.workbook.workbook import Workbook


@dataclass(frozen=True, slots=True)
class WorkerConfig:
    """What all files of a process share. `password` locks them."""

    access: WorkerAccess
    folder: Path
    settings: RenderSettings
    password: str


@dataclass(frozen=True, slots=True)
class RenderRequest:
    """One household to print.

    Attributes:
        doubted: its quality check does not pass
        content: what the file says that is there already, "" where there is none or it must be printed anew
    """

    household_id: str
    has_errors: bool
    current_content: str = ""


@dataclass(frozen=True, slots=True)
class RenderDone:
    """A household is done. `drawn` is None where the file that was there still says the same."""

    household_id: str
    name: str
    volume: RenderedVolume | None


def partial_path(folder: Path, household_id: str) -> Path:
    """Where a process writes a household's file before it is whole."""
    return folder / f"{household_id}.pdf.part"


def run_worker(config: WorkerConfig, connection: "Connection[Any, Any]") -> None:
    """Receive `Wanted`, send `Finished` or a refusal (UserError), until the office hangs up."""
    _lower_priority()
    try:
        with open_read_only(config.access) as workbook:
            while True:
                connection.send(_render(workbook, config, connection.recv()))
    except UserError as refusal:
        connection.send(refusal)
    except EOFError:
        pass
    finally:
        connection.close()


def _render(workbook: Workbook, config: WorkerConfig, request: RenderRequest) -> RenderDone:
    household_id = request.household_id
    with workbook.reading() as session:
        name = render.file_name(session, household_id)
        if (
            request.current_content
            and render.content_now(session, household_id, config.settings.sections).overall == request.current_content
        ):
            return RenderDone(household_id, name, None)
    part = partial_path(config.folder, household_id)
    with translate_os_errors(part), part.open("wb") as file:
        with encrypted_output(file, config.password) as content:
            volume = render.render_file(
                workbook,
                content,
                household_id,
                config.settings,
                has_errors=request.has_errors,
                declare_pdfa=not config.password,
            )
        file.flush()
        os.fsync(file.fileno())
    return RenderDone(household_id, name, volume)


def _lower_priority() -> None:
    os.dup2(os.open(os.devnull, os.O_WRONLY), 2)
    if sys.platform != "win32":
        os.nice(2)  # the window comes first
