"""HEIC pictures are decoded in a process of their own: a damaged header can abort the decoder, not the program.

Each thread that opens pictures has one such process, which ends with it. It is started by multiprocessing's "spawn",
as the reader of sheets (app/sheets/reader_process.py).
"""

import threading
from contextlib import suppress
from multiprocessing import get_context
from multiprocessing.connection import Connection
from pathlib import Path
from typing import TYPE_CHECKING, Any

from app.confined_process import ComputingTime

if TYPE_CHECKING:
    from PIL.Image import Image

_BRANDS = (b"heic", b"heix", b"heim", b"heis", b"hevc", b"hevx", b"mif1", b"msf1")
_COMPUTING = 60.0  # seconds of the processor for one picture
_HEAD_BYTES = 12  # size of the first box, "ftyp", and the brand


def is_heic(path: Path) -> bool:
    """Whether a file begins as HEIC does, whatever its name says. Raises OSError where it cannot be read."""
    with path.open("rb") as file:
        head = file.read(_HEAD_BYTES)
    return head[4:8] == b"ftyp" and head[8:] in _BRANDS


def open_heic(path: Path, most_pixels: int) -> "Image":
    """A HEIC picture, decoded and upright, with its EXIF.

    Raises:
        PIL.UnidentifiedImageError: it is damaged, or has more than `most_pixels`
    """
    from PIL import Image

    decoder = _decoder()
    try:
        mode, size, pixels, exif = decoder.decode(path, most_pixels)
    finally:
        if threading.current_thread() is threading.main_thread():
            decoder.end()  # it opens one now and then, and its process would stay as long as the program
    image = Image.frombytes(mode, size, pixels)
    if exif:
        image.info["exif"] = exif
    return image


def run_decoder(connection: "Connection[Any, Any]") -> None:
    """Answer each (path, most pixels) with (mode, size, pixels, EXIF), or with a text that says what is wrong."""
    import pi_heif

    computing = ComputingTime(_COMPUTING)
    with suppress(EOFError, OSError):  # whoever asked has ended
        while True:
            path, most_pixels = connection.recv()
            computing.begin()
            try:
                connection.send(_decoded(pi_heif.open_heif(path, convert_hdr_to_8bit=True), most_pixels))
            except Exception as error:  # whatever the decoder says of bytes that make no sense
                connection.send(f"{type(error).__name__}: {error}")


def _decoded(picture: Any, most_pixels: int) -> tuple[str, tuple[int, int], bytes, bytes | None]:
    width, height = picture.size
    if width * height > most_pixels:
        raise ValueError(f"{width} x {height} pixels")
    image = picture.to_pillow()  # which turns it upright, and says so in its EXIF
    return image.mode, image.size, image.tobytes(), image.info.get("exif")


class _Decoder:
    """The process of one thread, begun when the first picture is asked for and anew after it has died."""

    def __init__(self) -> None:
        self._process: Any = None
        self._connection: Connection[Any, Any] | None = None

    def decode(self, path: Path, most_pixels: int) -> tuple[str, tuple[int, int], bytes, bytes | None]:
        from PIL import UnidentifiedImageError

        connection = self._connected()
        try:
            connection.send((str(path), most_pixels))
            answer = connection.recv()
        except (EOFError, OSError) as error:
            self.end()
            raise UnidentifiedImageError(f"the decoder died of {path.name}") from error
        if isinstance(answer, str):
            raise UnidentifiedImageError(answer)
        decoded: tuple[str, tuple[int, int], bytes, bytes | None] = answer
        return decoded

    def _connected(self) -> "Connection[Any, Any]":
        if self._connection is None:
            context = get_context("spawn")
            self._connection, other = context.Pipe()
            self._process = context.Process(target=run_decoder, args=(other,), daemon=True)
            self._process.start()
            other.close()
        return self._connection

    def end(self) -> None:
        """End the process; the next picture begins another."""
        if self._connection is not None:
            self._connection.close()
            self._process.join()
        self._connection = self._process = None


_OF_THREAD = threading.local()


def _decoder() -> _Decoder:
    if not hasattr(_OF_THREAD, "decoder"):
        _OF_THREAD.decoder = _Decoder()
    decoder: _Decoder = _OF_THREAD.decoder
    return decoder
