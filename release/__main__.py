"""`python -m release`: from dist/hudang to the zip and the package, each unpacked elsewhere and started."""

import json
import sys
import tempfile
from pathlib import Path

from app.desktop.program import VERSION_FILE, version
from release.packaging import executable_name, make_debian, make_portable, unpack_debian, unpack_portable
from release.start_test import try_program

ROOT = Path(__file__).resolve().parents[1]


def main() -> int:
    out = ROOT / "dist"
    built = out / "hudang"
    if not (built / executable_name()).is_file():
        print("dist/hudang is not there: python3 dev.py build makes it first", file=sys.stderr)
        return 1
    stated = {"version": version(), "executable": executable_name()}
    (built / VERSION_FILE).write_text(json.dumps(stated), encoding="utf-8")
    portable = make_portable(built, out, version())
    with tempfile.TemporaryDirectory() as folder:
        _report(portable, unpack_portable(portable, Path(folder), version()))
    package = make_debian(built, out, version(), ROOT / "LICENSE")
    if package is None:
        print("no Debian package: dpkg-deb is not here")
        return 0
    with tempfile.TemporaryDirectory() as folder:
        _report(package, unpack_debian(package, Path(folder)))
    return 0


def _report(file: Path, program: Path) -> None:
    result = try_program(program)
    print(
        f"{file.name}\t{file.stat().st_size / 1e6:.1f} MB\tself-check passed\tfirst window {result.first_window:.1f} s"
        f" ({result.display})\tsecond start {result.again:.2f} s"
    )


if __name__ == "__main__":
    sys.exit(main())
