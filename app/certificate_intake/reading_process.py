"""What the reading process does: load the models once, then answer each picture with the lines that stand in it.

It is started by multiprocessing's "spawn", as the reader of sheets (app/sheets/reader_process.py). It gets pixels and
no files, has no workbook, and reaches no network: whatever tries to is refused.
"""

import os
import sys
from contextlib import suppress
from multiprocessing.connection import Connection
from pathlib import Path
from typing import Any

from app.confined_process import ComputingTime, confine_process

MOST_MEMORY = 600 << 20  # bytes; a picture of 1600 pixels to a side needs 330 MB
_THREADS = 2
_COMPUTING = 120.0  # seconds of the processor for one picture, or for the models; they take two
_DETECTED_SIDE = 960  # pixels of the picture in which lines are looked for; they are read in the whole
_NETWORK = frozenset(("socket.connect", "socket.getaddrinfo", "socket.gethostbyname", "socket.sendto"))
_MODELS = {"Det": "PP-OCRv6_det_small.onnx", "Rec": "PP-OCRv6_rec_small.onnx"}


def run_reading(connection: "Connection[Any, Any]") -> None:
    """Send ("ready", "") or ("unusable", why), then answer each (size, pixels).

    The answer is ("lines", lines), ("hungry", "") where that takes too much memory, or ("failed", why); a line is
    (text, confidence, corners), a pixel three bytes.
    """
    _restrict_process()
    computing = ComputingTime(_COMPUTING)
    try:
        engine = _load_engine()
    except Exception as error:  # whatever a component that is not whole says
        connection.send(("unusable", f"{type(error).__name__}: {error}"))
        return
    connection.send(("ready", ""))
    with suppress(EOFError, OSError):  # whoever asked has ended
        while True:
            size, pixels = connection.recv()
            computing.begin()
            try:
                connection.send(("lines", _read(engine, size, pixels)))
            except MemoryError:
                connection.send(("hungry", ""))
            except Exception as error:
                connection.send(("failed", f"{type(error).__name__}: {error}"))


def _load_engine() -> Any:
    """The engine with the models that lie beside it: where their paths are given it looks for no others."""
    import rapidocr

    folder = Path(rapidocr.__file__).parent / "models"
    threads = min(_THREADS, os.cpu_count() or 1)
    settings: dict[str, Any] = {f"{part}.model_path": str(folder / name) for part, name in _MODELS.items()}
    settings |= {
        "Global.log_level": "critical",
        "Global.use_cls": False,
        "Det.limit_type": "max",
        "Det.limit_side_len": _DETECTED_SIDE,
        "Rec.rec_batch_num": 1,  # a batch is padded to its longest line, and takes that much more memory
        "EngineConfig.onnxruntime.intra_op_num_threads": threads,
        "EngineConfig.onnxruntime.inter_op_num_threads": 1,
        "EngineConfig.onnxruntime.enable_cpu_mem_arena": False,
    }
    return rapidocr.RapidOCR(params=settings)


def _read(engine: Any, size: tuple[int, int], pixels: bytes) -> list[tuple[str, float, tuple[Any, ...]]]:
    from PIL import Image

    found = engine(Image.frombytes("RGB", size, pixels))
    if not getattr(found, "txts", None):
        return []
    boxes = [tuple((float(x), float(y)) for x, y in box) for box in found.boxes]
    return [(str(text), float(score), box) for text, score, box in zip(found.txts, found.scores, boxes, strict=True)]


def _restrict_process() -> None:
    """No word on the officer's terminal, no more memory than a small laptop can spare, and no way to a network."""
    confine_process(MOST_MEMORY)
    for name in ("OPENBLAS_NUM_THREADS", "OMP_NUM_THREADS"):  # numpy's threads only hold memory: the engine has its own
        os.environ[name] = "1"
    sys.addaudithook(_refuse_network)


def _refuse_network(event: str, _: object) -> None:
    if event in _NETWORK:
        raise PermissionError(f"the reading process reaches no network: {event}")
