"""Reads the certificates of a folder; prints as JSON what was read, seconds by picture, and the peak of the reader."""

import json
import resource
import sys
from pathlib import Path
from time import perf_counter

from app.certificate_intake.recognition import Certificate
from app.certificate_intake.scanning import read_pictures


def main(folder: Path) -> None:
    paths = sorted(folder.iterdir())
    task, read = read_pictures(paths), []
    begun, first = perf_counter(), 0.0
    try:
        while True:
            if next(task).done and not first:
                first = perf_counter() - begun  # the models are loaded with the first picture
    except StopIteration as stop:
        read = stop.value
    seconds = (perf_counter() - begun - first) / (len(paths) - 1)
    peak = resource.getrusage(resource.RUSAGE_CHILDREN).ru_maxrss / 1024
    processor = resource.getrusage(resource.RUSAGE_CHILDREN)
    told = {
        one.path.name: {} if one.certificate is None else _values(one.certificate) | {"kind": one.certificate.kind.key}
        for one in read
    }
    used = (processor.ru_utime + processor.ru_stime) / len(paths)
    print(json.dumps({"read": told, "first": first, "seconds": seconds, "processor": used, "peak": peak}))


def _values(certificate: Certificate) -> dict[str, tuple[str, bool]]:
    """Column → what was read, and whether it is proposed as certain."""
    return {place.column: (one.text, one.is_certain) for place, one in certificate.values.items()}


if __name__ == "__main__":
    main(Path(sys.argv[1]))
