"""The worker process of a batch: draws one household after another, a file each, until it gets no more requests.

It is started by multiprocessing's "spawn", like the process that reads sheets (app/sheets/reader_process.py). All its
input comes through a pipe, the file key too: nothing is on a command line. It may be killed at any moment and leaves
only a file ending in .part, which the main process removes.
"""

import os
import sys
from dataclasses import dataclass
from multiprocessing.connection import Connection
from pathlib import Path
from typing import Any

from app.confined_process import confine_process
from app.errors import UserError
from app.pdf.document import PdfDocument
from app.printing.atomic_output import translate_os_errors
from app.printing.pdf_file import write_pdf
from app.printing.print_job import PrintOptions
from app.reports import render
from app.reports.file_names import archive_file_stem
from app.reports.render import RenderedVolume, RenderSettings
from app.workbook.access import open_read_only
from app.workbook.files import create_private
from app.workbook.open_file import WorkerAccess
from app.workbook.temporary_files import noted
from app.workbook.workbook import Workbook

MOST_MEMORY = 600 << 20  # bytes; an archive of 400 photographs needs 250 MB


@dataclass(frozen=True, slots=True)
class WorkerConfig:
    """What all files of a process share.

    Attributes:
        most_memory: bytes that each process may have
    """

    access: WorkerAccess
    folder: Path
    settings: RenderSettings
    options: PrintOptions
    most_memory: int


@dataclass(frozen=True, slots=True)
class RenderRequest:
    """One household to print.

    Attributes:
        has_errors: its quality check does not pass
        current_content: hash of the file that is there already, "" where there is none or it must be printed again
    """

    household_id: str
    has_errors: bool
    current_content: str = ""


@dataclass(frozen=True, slots=True)
class RenderDone:
    """A household is done.

    Attributes:
        name: of its file, without the ending
        volume: what was drawn; None where the file that was there still has the same content
        refused: the archive has characters that no font has, and its file is not to be used
        too_large: the archive takes more memory than a process may have; there is no file
    """

    household_id: str
    name: str
    volume: RenderedVolume | None
    refused: bool = False
    too_large: bool = False


def partial_path(folder: Path, household_id: str) -> Path:
    """Where a process writes a household's file before it is complete."""
    return folder / f"{household_id}.pdf.part"


def run_worker(config: WorkerConfig, connection: "Connection[Any, Any]") -> None:
    """Receive `RenderRequest`, send `RenderDone` or a refusal (UserError), until the main process hangs up."""
    confine_process(config.most_memory)
    if sys.platform != "win32":
        os.nice(2)  # the window comes first
    try:
        with open_read_only(config.access) as workbook:
            while True:
                connection.send(_answer(workbook, config, connection.recv()))
    except UserError as refusal:
        connection.send(refusal)
    except EOFError:
        pass
    finally:
        connection.close()


def _answer(workbook: Workbook, config: WorkerConfig, request: RenderRequest) -> RenderDone:
    try:
        return _render(workbook, config, request)
    except MemoryError:  # what it took is given back; the next household has it
        return RenderDone(request.household_id, "", None, too_large=True)


def _render(workbook: Workbook, config: WorkerConfig, request: RenderRequest) -> RenderDone:
    household_id = request.household_id
    with workbook.reading() as session:
        name = archive_file_stem(session, household_id)
        if (
            request.current_content
            and render.content_now(session, household_id, config.settings.sections).overall == request.current_content
        ):
            return RenderDone(household_id, name, None)
    part = partial_path(config.folder, household_id)

    def draw(pdf: PdfDocument) -> RenderedVolume:
        return render.render_volume(workbook, pdf, household_id, config.settings, has_errors=request.has_errors)

    with translate_os_errors(part), noted(part):
        create_private(part)
        with part.open("wb") as file:
            volume = write_pdf(file, workbook.operator, draw, config.options.password)
            file.flush()
            os.fsync(file.fileno())
    return RenderDone(household_id, name, volume, bool(volume.missing) and not config.options.substitute_missing)
