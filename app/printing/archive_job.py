"""Prints household archives: as one bound volume, as a file a household, to a printer, or to look at."""

from collections.abc import Sequence
from dataclasses import dataclass
from io import BytesIO
from pathlib import Path
from typing import BinaryIO

from app.errors import UserError
from app.pdf import encryption
from app.pdf.document import PdfDocument
from app.pdf.encryption import encrypted_output
from app.printing import batch, print_record
from app.printing.atomic_output import StagedOutput
from app.printing.print_record import PrintResult
from app.progress import Progress, Task
from app.reports import master_contents, render
from app.reports.draft_check import households_with_errors
from app.reports.glyph_check import MissingGlyphsError, find_missing_glyphs, require_glyphs
from app.reports.render import RenderedVolume, RenderSettings, file_name
from app.workbook.workbook import Workbook

__all__ = [
    "MissingGlyphsError",
    "PrintResult",
    "file_name",
    "find_missing_glyphs",
    "preview",
    "print_archives",
    "render_for_printer",
]

_BATCH_THRESHOLD = 8  # households in files of their own appear together or not at all; more of them are a batch


def print_archives(
    workbook: Workbook,
    households: Sequence[str],
    out: Path,
    sections: Sequence[str] | None = None,
    *,
    substitute_missing: bool = False,
    password: str = "",
    reason: str = "",
) -> Task[PrintResult]:
    """Print household archives as PDF.

    Every file is written beside its place and renamed when it is whole. One volume, or the files of a few households,
    appear together at the end; cancelled or refused, nothing is left behind and what was there stays. The files of many
    are a batch (app/printing/batch.py): those that are finished stay, and it can be gone on with.

    Args:
        households: ids, in the order in which they are bound
        out: a file ending in .pdf that takes all of them as one volume, or a folder that gets one file a household
        sections: names of parts (app/reports/catalogue); all if None
        substitute_missing: print characters that no font has as 〔U+xxxx〕 instead of refusing
        password: what opens the files; with one they are locked (AES-256) and no PDF/A
        reason: why households with doubts are printed without the watermark of a draft

    Raises:
        MissingGlyphsError: a character cannot be printed; nothing was written
        UserError: no household chosen, one is gone, or the place cannot be written to
    """
    if not households:
        raise UserError("没有选择要打印的户，请先选择。")
    encryption.check_password(password)
    if not substitute_missing:
        yield from require_glyphs(workbook, households)
    settings = render.render_settings(workbook, sections, reason)
    one_file = out.suffix.lower() == ".pdf"
    if not one_file and len(households) > _BATCH_THRESHOLD:
        return (yield from batch.start(workbook, households, out, settings, password))
    with StagedOutput(out.parent if one_file else out) as staged:
        with_errors = yield from households_with_errors(workbook, households)
        request = _PrintRequest(tuple(households), settings, with_errors, password)
        volumes = yield from (
            _bound_volume(workbook, staged, request, out.name)
            if one_file
            else _separate_files(workbook, staged, request)
        )
        yield Progress(len(households), len(households), "正在存盘")
        files = staged.commit()
    print_record.save(workbook, volumes)
    workbook.audit("打印一户一档", len(households))
    return PrintResult(
        files, len(volumes), sum(volume.pages for volume in volumes), sum(volume.draft for volume in volumes)
    )


@dataclass(frozen=True, slots=True)
class _PrintRequest:
    """Households to print now, those of them whose quality check does not pass, and what locks their files."""

    households: tuple[str, ...]
    settings: RenderSettings
    with_errors: frozenset[str]
    password: str


def _bound_volume(
    workbook: Workbook, staged: StagedOutput, request: _PrintRequest, name: str
) -> Task[list[RenderedVolume]]:
    """All households in one file, at its front a roll of them where there are several."""
    if len(request.households) == 1:
        with staged.file(name) as file:
            return [_render_file(workbook, file, request, request.households[0])]
    title, duplex, first_pages = _volume_title(workbook, request.households), request.settings.duplex, []
    volumes: list[RenderedVolume] = []
    with staged.file(name) as file, encrypted_output(file, request.password) as content:
        pdf = PdfDocument(content, title, workbook.operator, declare_pdfa=not request.password)
        contents_pages = master_contents.page_count(len(request.households), duplex)
        pdf.bookmark(master_contents.TITLE, anchor="roll")
        for n, household_id in enumerate(request.households):
            yield Progress(n, len(request.households), "正在排版")
            if duplex and pdf.page_count % 2:
                pdf.blank_page()
            first_pages.append(contents_pages + pdf.page_count + 1)
            has_errors = household_id in request.with_errors
            volumes.append(
                render.render_volume(workbook, pdf, household_id, request.settings, level=1, has_errors=has_errors)
            )
        pdf.set_anchor("roll")
        master_contents.draw_contents(pdf, title, volumes, first_pages, request.settings)
        pdf.move_to_front(contents_pages)
        pdf.close()
    return volumes


def _separate_files(workbook: Workbook, staged: StagedOutput, request: _PrintRequest) -> Task[list[RenderedVolume]]:
    """A file for each household."""
    volumes = []
    for n, household_id in enumerate(request.households):
        yield Progress(n, len(request.households), "正在排版")
        with workbook.reading() as session:
            name = file_name(session, household_id)
        with staged.file(f"{name}.pdf") as file:
            volumes.append(_render_file(workbook, file, request, household_id))
    return volumes


def _render_file(workbook: Workbook, file: BinaryIO, request: _PrintRequest, household_id: str) -> RenderedVolume:
    has_errors, archival = household_id in request.with_errors, not request.password
    with encrypted_output(file, request.password) as content:
        return render.render_file(
            workbook, content, household_id, request.settings, has_errors=has_errors, declare_pdfa=archival
        )


def preview(
    workbook: Workbook, household_id: str, sections: Sequence[str] | None = None, reason: str = ""
) -> Task[bytes]:
    """One household's archive as it would be printed, kept in memory only, and not remembered as a printing.

    Raises:
        UserError: there is no such household
    """
    return (yield from _render_in_memory(workbook, household_id, sections, reason))[0]


def render_for_printer(
    workbook: Workbook, household_id: str, sections: Sequence[str] | None = None, reason: str = ""
) -> Task[bytes]:
    """One household's archive for a printer: as `preview`, and remembered as a printing.

    Raises:
        UserError: there is no such household
    """
    content, volume = yield from _render_in_memory(workbook, household_id, sections, reason)
    print_record.save(workbook, [volume])
    return content


def _render_in_memory(
    workbook: Workbook, household_id: str, sections: Sequence[str] | None, reason: str
) -> Task[tuple[bytes, RenderedVolume]]:
    yield Progress(0, 1, "正在排版")
    settings = render.render_settings(workbook, sections, reason)
    with_errors = yield from households_with_errors(workbook, [household_id])
    file = BytesIO()
    volume = render.render_file(workbook, file, household_id, settings, has_errors=bool(with_errors))
    return file.getvalue(), volume


def _volume_title(workbook: Workbook, households: Sequence[str]) -> str:
    return f"{'、'.join(village.name for village in workbook.villages)}一户一档（{len(households)}户）"
