"""Reading pictures in a process of its own, one for a folder; a picture that kills it is refused by itself."""

from contextlib import suppress
from importlib.util import find_spec
from multiprocessing import get_context
from multiprocessing.connection import Connection
from time import monotonic
from typing import TYPE_CHECKING, Any

from app.certificate_intake.reading_process import MOST_MEMORY, run_reading
from app.certificate_intake.text_line import ReadLine
from app.errors import UserError
from app.progress import Progress, Task

if TYPE_CHECKING:
    from PIL.Image import Image

_COMPONENT = ("rapidocr", "onnxruntime", "cv2")  # modules of the dependency group “ocr”
_POLL = 0.05  # seconds between two looks whether it was cancelled
_PATIENCE = 900.0  # seconds by the clock; what computes ends itself long before, however busy the machine is
NOT_INSTALLED = (
    "这台电脑上的程序没有装“证件识别”组件，不能从照片里读字，别的功能不受影响。"
    "证件照片可以先用“收照片”收进来；要装组件，请技术人员联网运行一次：python dev.py ocr"
)


class ReaderUnusable(UserError):
    """The component is not here, or does not start on this machine."""


class _ReaderGone(Exception):
    """The process died, ended itself after too much computing, or gave no answer."""


def is_installed() -> bool:
    """Whether the component is here that reads pictures."""
    return all(find_spec(name) is not None for name in _COMPONENT)


class CertificateReader:
    """One process and its models, begun at the first picture; `close` ends it."""

    def __init__(self) -> None:
        self._process: Any = None
        self._connection: Connection[Any, Any] | None = None

    def read(self, image: "Image") -> Task[list[ReadLine]]:
        """The lines of a picture in three colours.

        Raises:
            ReaderUnusable: the component is not here, or does not start
            UserError: the picture cannot be read
        """
        try:
            if self._connection is None:
                yield from self._start()
            assert self._connection is not None
            self._connection.send((image.size, image.tobytes()))
            answer, found = yield from self._answer()
        except (_ReaderGone, OSError) as error:
            self.close()
            raise UserError("这张照片读不了（识别程序中断）。请重拍，或自己填写。") from error
        if answer == "hungry":
            raise UserError(
                f"这张照片内容太多，识别要用的内存超过 {MOST_MEMORY >> 20} MB。请只拍证件本身，或自己填写。"
            )
        if answer != "lines":
            raise UserError("这张照片读不了。请重拍，或自己填写。")
        return [ReadLine(text, confidence, corners) for text, confidence, corners in found]

    def _start(self) -> Task[None]:
        if not is_installed():
            raise ReaderUnusable(NOT_INSTALLED)
        context = get_context("spawn")
        self._connection, other = context.Pipe()
        self._process = context.Process(target=run_reading, args=(other,), daemon=True)
        self._process.start()
        other.close()
        try:
            answer, why = yield from self._answer()
        except _ReaderGone as error:
            answer, why = "unusable", str(error)
        if answer != "ready":
            self.close()
            raise ReaderUnusable(
                "“证件识别”组件在这台电脑上不能用，别的功能不受影响。请把日志发给技术人员。"
            ) from RuntimeError(why)

    def _answer(self) -> Task[Any]:
        """What the process says next."""
        assert self._connection is not None
        until = monotonic() + _PATIENCE
        while not self._connection.poll(_POLL):
            if monotonic() > until:
                raise _ReaderGone("no answer in time")
            yield Progress(0, 0)
        try:
            return self._connection.recv()
        except EOFError as error:
            raise _ReaderGone("the process died") from error

    def close(self) -> None:
        """End the process; it has nothing to save."""
        if self._process is not None:
            self._process.kill()
            self._process.join()
            self._process.close()
        if self._connection is not None:
            with suppress(OSError):
                self._connection.close()
        self._process = self._connection = None
