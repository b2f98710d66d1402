"""Set up, run, test, check, picture, measure, build. Standard library only; `python3 dev.py` lists the commands."""

import argparse
import ctypes.util
import hashlib
import importlib.util
import os
import shutil
import subprocess
import sys
import tempfile
from collections.abc import Sequence
from pathlib import Path

ROOT = Path(__file__).resolve().parent
VENV = ROOT / ".venv"
BIN = VENV / ("Scripts" if os.name == "nt" else "bin")
PYTHON = BIN / ("python.exe" if os.name == "nt" else "python")
DISTRIBUTED = Path(f"/usr/bin/python{sys.version_info.major}.{sys.version_info.minor}")  # on Linux
RUNTIME, READING, EVERYTHING = "requirements.lock", "requirements-ocr.lock", "requirements-dev.lock"
PUBLISHING = "requirements-publish.lock"  # RUNTIME and the driver of PostgreSQL
INCLUDING = {
    RUNTIME: (RUNTIME, READING, PUBLISHING, EVERYTHING),
    READING: (READING, EVERYTHING),
    PUBLISHING: (PUBLISHING, EVERYTHING),
    EVERYTHING: (EVERYTHING,),
}
MEGABYTES = {RUNTIME: 130, READING: 280, PUBLISHING: 140, EVERYTHING: 360}  # that are downloaded the first time

WITH_OCR = "--with-ocr"

MEMORY, ROOM_FOR_TESTS = Path("/dev/shm"), 4 << 30  # bytes; the whole suite leaves about a quarter of it until it ends

# what Qt's xcb platform needs, by the library that shows it is there
DEBIAN = {
    "EGL": "libegl1",
    "GL": "libgl1",
    "xkbcommon-x11": "libxkbcommon-x11-0",
    "xcb-cursor": "libxcb-cursor0",
    "xcb-icccm": "libxcb-icccm4",
    "xcb-image": "libxcb-image0",
    "xcb-keysyms": "libxcb-keysyms1",
    "xcb-render-util": "libxcb-render-util0",
    "xcb-shape": "libxcb-shape0",
    "xcb-xinerama": "libxcb-xinerama0",
    "dbus-1": "libdbus-1-3",
    "fontconfig": "libfontconfig1",
}
# what tests start, by the program's name: a screen for the built program, pdftoppm to look at pages
DEBIAN_FOR_TESTS = {"Xvfb": "xvfb", "pdftoppm": "poppler-utils"}


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    commands = parser.add_subparsers(metavar="COMMAND", required=True)
    for name, function in COMMANDS.items():
        command = commands.add_parser(name, help=function.__doc__, description=function.__doc__, add_help=False)
        command.set_defaults(function=function)
    if len(sys.argv) < 2:
        parser.print_help()
        return 0
    arguments, rest = parser.parse_known_args()
    status: int = arguments.function(rest)
    return status


def run(rest: Sequence[str]) -> int:
    """open the app (arguments go to it: a workbook, or a command such as `info BOOK`)"""
    set_up(PUBLISHING if rest[:1] == ["publish"] else RUNTIME)
    opens_a_window = not rest or rest[0].lower().endswith((".hdb", ".hdpack", ".hdcard", ".hdreceipt", ".hdcounty"))
    screen = any(os.environ.get(name) for name in ("DISPLAY", "WAYLAND_DISPLAY", "QT_QPA_PLATFORM"))
    if sys.platform == "linux" and opens_a_window and not screen:
        print("这台电脑没有图形界面；可用 xvfb-run -a python3 dev.py run 打开，或在桌面环境里运行。", file=sys.stderr)
        return 1
    return call(str(PYTHON), "-m", "app", *rest)


def ocr(rest: Sequence[str]) -> int:
    """add the component that reads certificates from pictures (about 150 MB more)"""
    set_up(READING)
    print("“证件识别”组件已装好，打开软件就能用“收证件”。")
    return 0


def test(rest: Sequence[str]) -> int:
    """run the tests (arguments go to pytest; the benchmarks have a command of their own)"""
    set_up(EVERYTHING)
    # One worker more than there are processors: a quarter of its time a test waits for a timer, a thread or a program.
    # For a few chosen tests the start of workers is the longest part.
    chosen = list(rest) or ["-n", str((os.cpu_count() or 1) + 1), "--dist", "worksteal"]
    # A folder of this run's own: pytest numbers the folders of all runs, and one that ends may take from the next its
    # lock with the number, so that a third one deletes it. What tests kill leaves nothing in memory either.
    with tempfile.TemporaryDirectory(prefix="tests-", dir=folder_in_memory(), ignore_cleanup_errors=True) as folder:
        # the programs that tests start compile nothing again, whatever the shell says about bytecode
        return call(
            str(PYTHON), "-m", "pytest", "-q", "--ignore=tests/benchmarks", *chosen,
            QT_QPA_PLATFORM="offscreen", PYTHONDONTWRITEBYTECODE="", TMPDIR=folder,
        )  # fmt: skip


def folder_in_memory() -> Path | None:
    """Where temporary files lie in memory, if it has room: on a disk, each commit of a test's workbook waits for it."""
    if MEMORY.is_dir() and os.access(MEMORY, os.W_OK) and shutil.disk_usage(MEMORY).free > ROOM_FOR_TESTS:
        return MEMORY
    return None


def check(rest: Sequence[str]) -> int:
    """ruff, mypy --strict, the import contracts, and this project's own rules"""
    set_up(EVERYTHING)
    steps = (
        (str(PYTHON), "-m", "ruff", "check", "."),
        (str(PYTHON), "-m", "ruff", "format", "--check", "."),
        (str(PYTHON), "-m", "mypy"),
        (str(BIN / "lint-imports"),),
        (str(PYTHON), "-m", "tests.structure"),
        (str(PYTHON), "-m", "app.registers.engine.validation"),
    )
    failed = [" ".join([Path(step[0]).name, *step[1:]]) for step in steps if call(*step)]
    print("\n".join(f"failed: {step}" for step in failed) or "all checks passed")
    return 1 if failed else 0


def shots(rest: Sequence[str]) -> int:
    """take a PNG of every page of the sample village: shots [FOLDER]"""
    set_up(RUNTIME)
    return call(str(PYTHON), "-m", "ui.screenshots", *(rest or ["shots"]), QT_QPA_PLATFORM="offscreen")


def bench(rest: Sequence[str]) -> int:
    """measure speed and memory against the stated limits"""
    set_up(EVERYTHING)
    return call(
        str(PYTHON), "-m", "pytest", "-q", "-s", "--benchmark-columns=min,median,max,rounds", "tests/benchmarks", *rest,
        QT_QPA_PLATFORM="offscreen",
    )  # fmt: skip


def mutants(rest: Sequence[str]) -> int:
    """put faults into a copy and name those that no test notices: mutants [-n N] [--seed S] [PATH …]"""
    set_up(EVERYTHING)
    return call(str(PYTHON), "-m", "tests.mutation", *rest)


def audit(rest: Sequence[str]) -> int:
    """licences and known vulnerabilities of what is shipped: audit [REPORT made by pip-audit elsewhere]"""
    set_up(EVERYTHING)
    return call(str(PYTHON), "-m", "release.audit", *rest)


def build(rest: Sequence[str]) -> int:
    """build the program: dist/hudang, a portable zip and a Debian package, each started once: build [--with-ocr]"""
    set_up(EVERYTHING)
    words = [word for word in rest if word != WITH_OCR]
    environment = {"HUDANG_WITH_OCR": "1"} if WITH_OCR in rest else {}
    status = call(str(PYTHON), "-m", "PyInstaller", "--noconfirm", "--clean", *words, "build.spec", **environment)
    return status or call(str(PYTHON), "-m", "release")


def migration(rest: Sequence[str]) -> int:
    """write the next migration from what db/schema says: migration NAME"""
    set_up(EVERYTHING)
    status = call(str(PYTHON), "-m", "db.migrations.generate", *rest)
    return status or call(str(PYTHON), "-m", "ruff", "format", "--quiet", "db/migrations/versions")


def lock(rest: Sequence[str]) -> int:
    """pin the dependencies with hashes (needs uv on the PATH): those new in pyproject, all anew with --upgrade"""
    uv = shutil.which("uv")
    if not uv:
        print("uv is not installed; it is needed only to make the lock files", file=sys.stderr)
        return 1
    # no annotations and no index: a lock file names neither this machine nor a registry
    flags = "--quiet --universal --generate-hashes --no-header --no-annotate --no-emit-index-url --python-version 3.11"
    compiled = (uv, "pip", "compile", "pyproject.toml", *rest, *flags.split())
    groups = {READING: ("--group", "ocr"), PUBLISHING: ("--extra", "publish"), EVERYTHING: ("--group", "dev")}
    status = call(*compiled, "-o", RUNTIME)
    # what the program itself needs has one version in all of them
    return max(status, *(call(*compiled, "-c", RUNTIME, *group, "-o", name) for name, group in groups.items()))


COMMANDS = {
    function.__name__: function
    for function in (run, ocr, test, check, shots, bench, mutants, audit, build, migration, lock)
}


def call(*words: str, **environment: str) -> int:
    """Run a program from the project's folder and return its exit status."""
    return subprocess.run(words, cwd=ROOT, env=os.environ | environment, check=False).returncode


def set_up(wanted: str) -> None:
    """Create the virtual environment, or install the pinned packages that it lacks."""
    if sys.version_info < (3, 11):  # noqa: UP036 - this file is what an officer's older Python meets first
        sys.exit("需要 Python 3.11 或更新的版本。")
    system_libraries(for_tests=wanted == EVERYTHING)
    stamp = VENV / "installed"
    installed = stamp.read_text().split() if stamp.is_file() else []
    if not PYTHON.is_file():
        if call(interpreter(), "-m", "venv", "--clear", str(VENV)):
            sys.exit("运行环境没有建成。请检查磁盘空间后再运行一次。")
        installed = []
    print_of = {name: hashlib.sha256((ROOT / name).read_bytes()).hexdigest() for name in INCLUDING}
    if any(print_of[name] in installed for name in INCLUDING[wanted]):
        return
    print(f"正在准备运行环境（要下载约 {MEGABYTES[wanted]} MB，只在第一次和更新以后）…", flush=True)
    status = call(
        str(PYTHON), "-m", "pip", "install", "--quiet", "--disable-pip-version-check",
        "--require-hashes", "--no-deps", "-r", wanted,
    )  # fmt: skip
    if status:
        sys.exit("依赖没有装成。请检查网络后再运行一次。")
    stamp.write_text(print_of[wanted])


def interpreter() -> str:
    """The Python of the environment: of two of one version the distribution's own, where it can make environments.

    It is compiled by what a profile says, which one that was compiled at home mostly is not: the same tests take a
    tenth less with it, and so does the window.
    """
    if DISTRIBUTED.is_file() and not quietly(str(DISTRIBUTED), "-c", "import ensurepip, venv"):
        return str(DISTRIBUTED)
    return sys.executable


def system_libraries(for_tests: bool) -> None:
    """On Debian: install what Qt needs when root, otherwise print the one command that does."""
    if sys.platform != "linux" or not shutil.which("apt-get"):
        return
    missing = [package for library, package in DEBIAN.items() if not ctypes.util.find_library(library)]
    if not importlib.util.find_spec("ensurepip"):
        missing.append("python3-venv")  # Debian's Python comes without the half that makes environments
    if for_tests:
        missing += [package for program, package in DEBIAN_FOR_TESTS.items() if not shutil.which(program)]
        if DISTRIBUTED.is_file() and not ctypes.util.find_library(DISTRIBUTED.name):
            missing.append(f"lib{DISTRIBUTED.name}")  # goes into the built program
    if not missing:
        return
    words = ["apt-get", "install", "-y", "--no-install-recommends", *missing]
    if os.geteuid() != 0:
        print(f"缺少系统库，请先运行：sudo {' '.join(words)}", file=sys.stderr)
        return
    print(f"正在安装系统库：{' '.join(missing)}", flush=True)
    quietly("apt-get", "update", "-qq")
    if quietly(*words, "-qq"):
        print(f"系统库没有装成，窗口可能打不开：{' '.join(missing)}", file=sys.stderr)


def quietly(*words: str) -> int:
    """Run a program that asks nothing and whose output nobody reads; its errors still show."""
    settings = os.environ | {"DEBIAN_FRONTEND": "noninteractive"}
    nothing = subprocess.DEVNULL
    return subprocess.run(words, env=settings, stdin=nothing, stdout=nothing, check=False).returncode


if __name__ == "__main__":
    sys.exit(main())
