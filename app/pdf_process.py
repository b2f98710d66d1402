"""PDF files that others made are drawn as pictures in a process of their own: one of them can abort what draws it.

What comes back is nothing but pixels: no script, no embedded file, no font and no form of a foreign file gets further.
The process is started for one file, by multiprocessing's "spawn" as the one of app/sheets/reader_process.py,
and is ended with it.
"""

from collections.abc import Generator
from contextlib import suppress
from dataclasses import dataclass
from multiprocessing import get_context
from multiprocessing.connection import Connection
from multiprocessing.context import SpawnProcess
from pathlib import Path
from time import monotonic
from typing import TYPE_CHECKING, Any, Literal

from app.confined_process import COMPUTED_TOO_LONG, ComputingTime, confine_process
from app.picture_file import encode_jpeg

if TYPE_CHECKING:
    from PIL.Image import Image

Refusal = Literal["password", "damaged", "empty", "long", "heavy"]
PAGE_SIDE, _SHORTEST = 2340, 1600  # pixels of a page: 200 dpi of A4, and what is still read without effort
PAGE_QUALITY = 75
_QUALITIES = (PAGE_QUALITY, 60, 45)
_PAGE_BYTES = 400 * 1024
_GRAY_SPREAD = 24  # of 255: how far the colours of a scan of black on white lie apart
_COMPUTING = 60.0  # seconds of the processor for the outline, and for each page
_PATIENCE = 900.0  # seconds by the clock; what computes ends itself long before, however busy the machine is
_MOST_MEMORY = 600 << 20  # bytes; a page of a scanner at 600 dpi needs 250 MB
_POLL = 0.1  # seconds between two looks whether it was cancelled
_POINTS_AN_INCH = 72
_DPI = 200


class UnreadablePdfError(Exception):
    """The file is not drawn; `pages`: how many it has, where that is the reason."""

    def __init__(self, refusal: Refusal, pages: int = 0) -> None:
        super().__init__(refusal)
        self.refusal, self.pages = refusal, pages


@dataclass(frozen=True, slots=True)
class PdfOutline:
    """What a PDF says of itself: how many pages, and when it was made as "D:YYYYMMDD…", "" where it does not say."""

    pages: int
    created: str


def drawn_pages(path: Path, most_pages: int) -> Generator[PdfOutline | bytes | None]:
    """First the outline of a PDF, then each page as JPEG; None while one is waited for. Closing the iterator ends the
    process.

    Raises:
        UnreadablePdfError: it cannot be drawn; also after some pages
    """
    context = get_context("spawn")
    connection, other = context.Pipe(duplex=False)
    arguments = (other, str(path), most_pages, _COMPUTING)
    process = context.Process(target=draw_pdf, args=arguments, name="draw-pdf", daemon=True)
    process.start()
    other.close()
    try:
        outline = yield from _awaited(connection, process)
        yield outline
        for _ in range(outline.pages):
            page = yield from _awaited(
                connection, process, "heavy"
            )  # it could be opened: what ends the process is this page
            yield page
    finally:
        connection.close()
        process.terminate()
        process.join()
        process.close()


def _awaited(
    connection: "Connection[Any, Any]", process: SpawnProcess, died: Refusal = "damaged"
) -> Generator[None, None, Any]:
    """What the process says next; None again and again until then, so that whoever asked can break it off.

    Args:
        died: what is wrong with the file if the process has ended, and not because it computed too long
    """
    until = monotonic() + _PATIENCE
    try:
        while not connection.poll(_POLL):
            if monotonic() > until:
                raise UnreadablePdfError("heavy")
            yield None
        answer = connection.recv()
    except (EOFError, OSError) as error:
        process.join()
        raise UnreadablePdfError("heavy" if process.exitcode == COMPUTED_TOO_LONG else died) from error
    if isinstance(answer, tuple):
        raise UnreadablePdfError(*answer)
    return answer


def draw_pdf(connection: "Connection[Any, Any]", path: str, most_pages: int, seconds: float) -> None:
    """Send the outline and then the pages, or (why not, pages).

    Args:
        seconds: of the processor, for the outline and for each page
    """
    import pypdfium2

    confine_process(_MOST_MEMORY)
    computing = ComputingTime(seconds)
    with suppress(OSError):  # whoever asked has ended
        try:
            with pypdfium2.PdfDocument(path) as document:
                pages = len(document)
                if not 0 < pages <= most_pages:
                    connection.send(("long" if pages else "empty", pages))
                    return
                connection.send(PdfOutline(pages, str(document.get_metadata_value("CreationDate"))))
                for n in range(pages):
                    computing.begin()
                    connection.send(_page_jpeg(document[n]))
        except MemoryError:
            connection.send(("heavy", 0))
        except pypdfium2.PdfiumError as error:
            is_locked = error.err_code == pypdfium2.raw.FPDF_ERR_PASSWORD
            connection.send(("password" if is_locked else "empty" if _has_no_page(path) else "damaged", 0))


def _has_no_page(path: str) -> bool:
    """Whether a file is a whole PDF of no page, which pdfium does not tell from a damaged one."""
    import pikepdf

    try:
        with pikepdf.open(path) as document:
            return len(document.pages) == 0
    except (pikepdf.PdfError, OSError):
        return False


def _page_jpeg(page: Any) -> bytes:
    """The page at 200 dpi, smaller where that is more than `_PAGE_BYTES`; gray where it has no colours."""
    width, height = page.get_size()
    scale = min(_DPI / _POINTS_AN_INCH, PAGE_SIDE / max(width, height, 1))
    image = page.render(scale=scale).to_pil().convert("RGB")
    if not _is_coloured(image):
        image = image.convert("L")
    jpeg = b""
    for side in (PAGE_SIDE, _SHORTEST):
        image.thumbnail((side, side))
        for quality in _QUALITIES:
            jpeg = encode_jpeg(image, quality)
            if len(jpeg) <= _PAGE_BYTES:
                return jpeg
    return jpeg


def _is_coloured(image: "Image") -> bool:
    """Whether there is more than black on paper: a seal, a photograph."""
    from PIL import ImageChops

    red, green, blue = image.split()
    spreads: tuple[Any, ...] = (ImageChops.difference(red, green), ImageChops.difference(green, blue))
    return any(spread.getextrema()[1] > _GRAY_SPREAD for spread in spreads)
