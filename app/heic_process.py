"""HEIC pictures are decoded in a process of their own: a damaged header can abort the decoder, not the program.

Each thread that opens pictures has one such process, which ends with it. It is started by multiprocessing's "spawn",
as the reader of sheets (app/sheets/reader_process.py).
"""

import threading
from contextlib import suppress
from multiprocessing import get_context
from multiprocessing.connection import Connection
from pathlib import Path
from typing import TYPE_CHECKING, Any, TypeAlias

from app.confined_process import ComputingTime, confine_process
from app.errors import UserError

if TYPE_CHECKING:
    from PIL.Image import Image

_BRANDS = (b"heic", b"heix", b"heim", b"heis", b"hevc", b"hevx", b"mif1", b"msf1")
_COMPUTING = 60.0  # seconds of the processor for one picture
_MOST_MEMORY = 1000 << 20  # bytes; a picture of 48 megapixels needs 490 MB, one of the most pixels 980 MB
_LACKS_MEMORY = "Memory allocation error"  # with this the decoder begins what it says where memory was refused
_Answer: TypeAlias = tuple[str, tuple[int, int], bytes | None]  # mode, size in pixels, EXIF
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
        UserError: to decode it takes more memory than it may
    """
    from PIL import Image

    decoder = _decoder()
    try:
        (mode, size, exif), pixels = decoder.decode(path, most_pixels)
    finally:
        if threading.current_thread() is threading.main_thread():
            decoder.end()  # it opens one now and then, and its process would stay as long as the program
    image = Image.frombytes(mode, size, pixels)
    if exif:
        image.info["exif"] = exif
    return image


def run_decoder(connection: "Connection[Any, Any]", most_memory: int) -> None:
    """Answer each (path, most pixels) with (mode, size, EXIF) and then the pixels, or with a text of what is wrong.

    Args:
        most_memory: bytes that this process may have; what then fails begins with `_LACKS_MEMORY`
    """
    import pi_heif

    confine_process(most_memory)
    computing = ComputingTime(_COMPUTING)
    with suppress(EOFError, OSError):  # whoever asked has ended
        while True:
            path, most_pixels = connection.recv()
            computing.begin()
            try:
                answer, pixels = _decoded(pi_heif.open_heif(path, convert_hdr_to_8bit=True), most_pixels)
            except MemoryError:
                connection.send(_LACKS_MEMORY)
            except Exception as error:  # whatever the decoder says of bytes that make no sense
                connection.send(str(error))
            else:
                connection.send(answer)
                connection.send_bytes(pixels)  # as they are: in a message they would be copied twice
                del pixels


def _decoded(picture: Any, most_pixels: int) -> tuple[_Answer, bytes]:
    width, height = picture.size
    if width * height > most_pixels:
        raise ValueError(f"{width} x {height} pixels")
    image = picture.to_pillow()  # which turns it upright, and says so in its EXIF
    del picture  # a third of the memory, and what follows needs as much
    return (image.mode, image.size, image.info.get("exif")), image.tobytes()


class _Decoder:
    """The process of one thread, begun when the first picture is asked for and anew after it has died."""

    def __init__(self) -> None:
        self._process: Any = None
        self._connection: Connection[Any, Any] | None = None

    def decode(self, path: Path, most_pixels: int) -> tuple[_Answer, bytes]:
        from PIL import UnidentifiedImageError

        connection = self._connected()
        try:
            connection.send((str(path), most_pixels))
            answer: _Answer | str = connection.recv()
            pixels = b"" if isinstance(answer, str) else connection.recv_bytes()
        except (EOFError, OSError) as error:
            self.end()
            raise UnidentifiedImageError(f"the decoder died of {path.name}") from error
        if isinstance(answer, str):
            if answer.startswith(_LACKS_MEMORY):
                raise UserError(
                    f"照片“{path.name}”太大，解码要用的内存超过 {_MOST_MEMORY >> 20} MB。"
                    "请在手机上改存为 JPG，或缩小后再添加。"
                )
            raise UnidentifiedImageError(answer)
        return answer, pixels

    def _connected(self) -> "Connection[Any, Any]":
        if self._connection is None:
            context = get_context("spawn")
            self._connection, other = context.Pipe()
            self._process = context.Process(target=run_decoder, args=(other, _MOST_MEMORY), daemon=True)
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
