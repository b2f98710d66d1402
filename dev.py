"""Set up, run, test, check, picture, measure, build. Standard library only; `python3 dev.py` lists the commands."""

import argparse
import ast
import ctypes.util
import hashlib
import importlib.util
import os
import re
import shutil
import subprocess
import sys
import venv
from collections.abc import Sequence
from pathlib import Path

ROOT = Path(__file__).resolve().parent
VENV = ROOT / ".venv"
BIN = VENV / ("Scripts" if os.name == "nt" else "bin")
PYTHON = BIN / ("python.exe" if os.name == "nt" else "python")
RUNTIME, EVERYTHING = "requirements.lock", "requirements-dev.lock"

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
# names that say nothing of what a module is for
DRAWERS = re.compile(r"(^|/)(utils?|helpers?|common|misc|managers?|base|core|services?|handlers?)(\.py|/)")
LOOSE_WAIT = re.compile(r"^\s*qtbot\.wait(Signal|Signals)\(", re.MULTILINE)
# the journal's tables, and where SQL may speak of them
JOURNAL_TABLES = (
    "change", "head", "stream", "seen", "writer", "folded", "cell_edit", "operation", "operation_range",
)  # fmt: skip
JOURNAL_SQL = re.compile(rf"\b(?:FROM|INTO|UPDATE|JOIN|TABLE|VIEW|ON)\s+\"?(?:{'|'.join(JOURNAL_TABLES)})\b")
JOURNAL = ("db/journal/", "db/schema/", "db/migrations/", "db/record_merge/", "db/migrate.py")
# what writes only logs, settings and peers; records are written by a named `operation`
UNNAMED_WRITERS = (
    "app/printing/batch.py", "app/printing/print_record.py", "app/sync/compaction.py", "app/sync/identity_card.py",
    "app/sync/package_export.py", "app/sync/peers.py", "app/sync/receipts.py", "app/workbook/preferences.py",
    "app/workbook/workbook.py",
)  # fmt: skip
ADDRESS = re.compile(r"(index-url|registry|resolved)[\"']?\s*[=:]\s*[\"']?https?://")
# options that are also ordinary words of the interface; nothing is compared with them and no field is filled with them
ORDINARY = {
    "户主": "head of the column with the head's name, and who signs",
    "年度": "head of the column with a year, label of columns, and of a year's records",
    "省": "a level of the administration", "县": "a level of the administration",
    "其他": "what is left over: a group of printouts, the last bar of a chart",
    "公示": "title and group of a printout", "整改清单": "title of a printout",
    "草稿": "watermark of a printout", "符合": "a verdict of the check on two assurances",
    "走访": "title of a tab and of a part of a form", "健康": "title of a part of a form",
    "问题整改": "title of a page and label of its records",
    "达标": "head of the column, and whether a home passed a round",
    "务工": "a verb in sentences", "季度": "in the title of a round", "半年": "in the title of a round",
    "电话": "head of the column with a number",
    "A": "a channel of a picture, a key", "B": "conformance of PDF/A",
}  # fmt: skip
# these call kinds of records, groups and steps by their names, which may be options of something else as well
DECLARATIONS = ("db/schema/", "app/registers/")
MACHINE = re.compile(r"(?<![\w.])/(work|root|home|farm)/\w")


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    commands = parser.add_subparsers(metavar="COMMAND", required=True)
    for name, function in COMMANDS.items():
        one = commands.add_parser(name, help=function.__doc__, description=function.__doc__, add_help=False)
        one.set_defaults(function=function)
    if len(sys.argv) < 2:
        parser.print_help()
        return 0
    given, rest = parser.parse_known_args()
    status: int = given.function(rest)
    return status


def run(rest: Sequence[str]) -> int:
    """open the app (arguments go to it: a workbook, or a command such as `info BOOK`)"""
    set_up(RUNTIME)
    opens_a_window = not rest or rest[0].endswith(".hdb")
    screen = any(os.environ.get(name) for name in ("DISPLAY", "WAYLAND_DISPLAY", "QT_QPA_PLATFORM"))
    if sys.platform == "linux" and opens_a_window and not screen:
        print("这台电脑没有图形界面；可用 xvfb-run -a python3 dev.py run 打开，或在桌面环境里运行。", file=sys.stderr)
        return 1
    return call(str(PYTHON), "-m", "app", *rest)


def test(rest: Sequence[str]) -> int:
    """pass the tests (arguments go to pytest; the benchmarks have a command of their own)"""
    set_up(EVERYTHING)
    # two workers halve the time of the whole suite; for a few chosen tests their start is the longest part
    chosen = list(rest) or ["-n", "2", "--dist", "worksteal"]
    return call(
        str(PYTHON), "-m", "pytest", "-q", "--ignore=tests/benchmarks", *chosen, QT_QPA_PLATFORM="offscreen"
    )  # fmt: skip


def check(rest: Sequence[str]) -> int:
    """ruff, mypy --strict, the import contracts, and this project's own rules"""
    set_up(EVERYTHING)
    steps = (
        (str(PYTHON), "-m", "ruff", "check", "."),
        (str(PYTHON), "-m", "ruff", "format", "--check", "."),
        (str(PYTHON), "-m", "mypy"),
        (str(BIN / "lint-imports"),),
        (str(PYTHON), "-m", "app.registers.engine.validation"),
    )
    failed = [" ".join([Path(step[0]).name, *step[1:]]) for step in steps if call(*step)]
    faults = own_rules()
    print("\n".join([*faults, *(f"failed: {step}" for step in failed), f"own rules: {len(faults)} faults"]))
    return 1 if failed or faults else 0


def shots(rest: Sequence[str]) -> int:
    """make a PNG of every page of the sample village: shots [FOLDER]"""
    set_up(RUNTIME)
    return call(str(PYTHON), "-m", "ui.screenshots", *(rest or ["shots"]), QT_QPA_PLATFORM="offscreen")


def bench(rest: Sequence[str]) -> int:
    """measure speed and memory against the stated floors"""
    set_up(EVERYTHING)
    return call(
        str(PYTHON), "-m", "pytest", "-q", "-s", "--benchmark-columns=min,median,max,rounds", "tests/benchmarks", *rest,
        QT_QPA_PLATFORM="offscreen",
    )  # fmt: skip


def build(rest: Sequence[str]) -> int:
    """make the one-folder program in dist/hudang"""
    set_up(EVERYTHING)
    return call(str(PYTHON), "-m", "PyInstaller", "--noconfirm", "--clean", *rest, "build.spec")


def migration(rest: Sequence[str]) -> int:
    """write the next migration from what db/schema says: migration NAME"""
    set_up(EVERYTHING)
    status = call(str(PYTHON), "-m", "db.migrations.generate", *rest)
    return status or call(str(PYTHON), "-m", "ruff", "format", "--quiet", "db/migrations/versions")


def lock(rest: Sequence[str]) -> int:
    """resolve the dependencies anew and pin them with hashes (needs uv on the PATH)"""
    uv = shutil.which("uv")
    if not uv:
        print("uv is not installed; it is needed only to make the lock files", file=sys.stderr)
        return 1
    # no annotations and no index: a lock file names neither this machine nor a registry
    flags = "--quiet --universal --generate-hashes --no-header --no-annotate --no-emit-index-url --python-version 3.11"
    compiled = (uv, "pip", "compile", "pyproject.toml", "--upgrade", *flags.split())
    return max(call(*compiled, "-o", RUNTIME), call(*compiled, "--group", "dev", "-o", EVERYTHING))


COMMANDS = {one.__name__: one for one in (run, test, check, shots, bench, build, migration, lock)}


def call(*words: str, **environment: str) -> int:
    """Run a program from the project's folder and return its exit status."""
    return subprocess.run(words, cwd=ROOT, env=os.environ | environment, check=False).returncode


def set_up(wanted: str) -> None:
    """The virtual environment with the pinned packages, made or brought up to date only where it is not."""
    if sys.version_info < (3, 11):  # noqa: UP036 - this file is what an officer's older Python meets first
        sys.exit("需要 Python 3.11 或更新的版本。")
    system_libraries(for_tests=wanted == EVERYTHING)
    stamp = VENV / "installed"
    installed = stamp.read_text().split() if stamp.is_file() else []
    if not PYTHON.is_file():
        venv.create(VENV, with_pip=True, clear=True)
        installed = []
    print_of = {name: hashlib.sha256((ROOT / name).read_bytes()).hexdigest() for name in (RUNTIME, EVERYTHING)}
    if print_of[wanted] in installed or print_of[EVERYTHING] in installed:
        return
    print("正在准备运行环境（要下载约 130 MB，只在第一次和更新以后）…", flush=True)
    status = call(
        str(PYTHON), "-m", "pip", "install", "--quiet", "--disable-pip-version-check",
        "--require-hashes", "--no-deps", "-r", wanted,
    )  # fmt: skip
    if status:
        sys.exit("依赖没有装成。请检查网络后再运行一次。")
    stamp.write_text(print_of[wanted])


def system_libraries(for_tests: bool) -> None:
    """On Debian: install what Qt needs when root, otherwise print the one command that does."""
    if sys.platform != "linux" or not shutil.which("apt-get"):
        return
    missing = [package for library, package in DEBIAN.items() if not ctypes.util.find_library(library)]
    if not importlib.util.find_spec("ensurepip"):
        missing.append("python3-venv")  # Debian's Python comes without the half that makes environments
    if for_tests:
        missing += [package for program, package in DEBIAN_FOR_TESTS.items() if not shutil.which(program)]
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


def tracked() -> list[str]:
    """The files that git keeps, as paths with slashes."""
    listed = subprocess.run(["git", "ls-files", "-z"], cwd=ROOT, capture_output=True, check=True, text=True)
    return [name for name in listed.stdout.split("\0") if name and (ROOT / name).is_file()]


def own_rules() -> list[str]:
    """What no tool of others checks, each as one line with its file."""
    faults = []
    labels, models = column_labels(), journal_models()
    labels, values, choices = column_labels(), option_values(), choice_columns()
    for name in tracked():
        if name.endswith(".py") and DRAWERS.search(name):
            faults.append(f"{name}: a module is a noun of the office, not a drawer")
        if not name.endswith((".py", ".toml", ".md", ".lock", ".spec", ".txt", ".yml")) and name != ".ci/run":
            continue
        text = (ROOT / name).read_text(encoding="utf-8")
        if name.startswith("tests/") and LOOSE_WAIT.search(text):
            faults.append(f"{name}: waitSignal without `with` waits for nothing")
        if ADDRESS.search(text):
            faults.append(f"{name}: a package registry's address")
        if MACHINE.search(text) and name != "dev.py":
            faults.append(f"{name}: a path of one machine")
        if name.startswith(("app/", "db/", "ui/", "resources/")) and name.endswith(".py"):
            lines = text.splitlines()
            if lines and not text.lstrip().startswith('"""'):
                faults.append(f"{name}: no docstring says what the module is for")
            if not name.startswith(JOURNAL):
                faults += [
                    f"{name}:{line}: {what}; only db/journal knows its tables"
                    for line, what in journal_access(text, models)
                ]
            if ".writing()" in text and name not in UNNAMED_WRITERS:
                faults.append(f"{name}: a write of records has a name; use workbook.operation(title)")
            if len(lines) > 400 and not name.startswith(("db/migrations/versions/", "resources/")):
                faults.append(f"{name}: {len(lines)} lines; a module has at most 400")
        if name.startswith(("app/", "db/", "ui/")) and name.endswith(".py") and not name.startswith("db/migrations/"):
            faults += [
                f"{name}:{line}: “{value}” is an option; ask for its role (resources/option_roles.py)"
                for line, value in hidden_options(text, values, choices, names=name.startswith(DECLARATIONS))
            ]
        if name.startswith("ui/") and name.endswith(".py"):
            faults += [
                f"{name}:{line}: “{label}” is a column's label; ask its Field"
                for line, label in texts(text)
                if label in labels
            ]
    return faults


def column_labels() -> set[str]:
    """The labels that db/schema declares; those of one or two characters are ordinary words as well."""
    said = {call.args[0].value for _, call in schema_columns() if isinstance(call.args[0], ast.Constant)}
    return {label for label in said if isinstance(label, str) and len(label) > 2}


def schema_columns() -> list[tuple[str, ast.Call]]:
    """What db/schema declares: the name of each column and its call of `column`."""
    return [
        (node.target.id, node.value)
        for path in (ROOT / "db" / "schema").glob("*.py")
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8")))
        if isinstance(node, ast.AnnAssign) and isinstance(node.target, ast.Name) and isinstance(node.value, ast.Call)
        if isinstance(node.value.func, ast.Name) and node.value.func.id == "column" and node.value.args
    ]


def choice_columns() -> set[str]:
    """The columns that an option is kept in."""
    return {name for name, call in schema_columns() if any(word.arg == "options" for word in call.keywords)}


def option_values() -> set[str]:
    """What the dictionaries keep."""
    from tomllib import loads  # an older Python comes as far as the sentence that refuses it

    paths = (ROOT / "resources" / "dictionaries").glob("*.toml")
    return {one["value"] for path in paths for one in loads(path.read_text(encoding="utf-8"))["options"]}


def hidden_options(source: str, values: set[str], choices: set[str], *, names: bool = False) -> list[tuple[int, str]]:
    """Options that code names by their wording, with their lines; docstrings may.

    An ordinary word is one only where it is compared, matched, stands in SQL, or goes into a column of options; where
    a file declares `names`, any word is.
    """
    nodes = list(ast.walk(ast.parse(source)))
    prose = {id(node.value) for node in nodes if isinstance(node, ast.Expr)}
    meant = {id(part) for node in nodes for one in kept_or_compared(node, choices) for part in ast.walk(one)}
    found = []
    for node in nodes:
        if not isinstance(node, ast.Constant) or not isinstance(node.value, str) or id(node) in prose:
            continue
        if node.value in values and ((node.value not in ORDINARY and not names) or id(node) in meant):
            found.append((node.lineno, node.value))
        found += [(node.lineno, value) for value in re.findall(r"'([^']+)'", node.value) if value in values]
    return found


def kept_or_compared(node: ast.AST, choices: set[str]) -> list[ast.expr]:
    """The expressions of a node that are held against a value, or become the value of a column of options."""
    match node:
        case ast.Compare():
            return [node.left, *node.comparators]
        case ast.MatchValue():
            return [node.value]
        case ast.keyword(arg=name) if name in choices:
            return [node.value]
        case ast.Dict():
            pairs = zip(node.keys, node.values, strict=True)
            return [value for key, value in pairs if isinstance(key, ast.Constant) and key.value in choices]
        case ast.Assign(targets=[ast.Attribute(attr=name)]) if name in choices:
            return [node.value]
        case ast.arguments():
            named = node.args[len(node.args) - len(node.defaults) :]
            given = [*zip(named, node.defaults, strict=True), *zip(node.kwonlyargs, node.kw_defaults, strict=True)]
            return [value for one, value in given if value is not None and one.arg in choices]
    return []


def journal_models() -> set[str]:
    """The classes of db/schema that are tables of the journal."""
    return {
        node.name
        for path in (ROOT / "db" / "schema").glob("*.py")
        for node in ast.parse(path.read_text(encoding="utf-8")).body
        if isinstance(node, ast.ClassDef)
        for line in node.body
        if isinstance(line, ast.Assign)
        and isinstance(line.value, ast.Constant)
        and isinstance(line.targets[0], ast.Name)
        and line.targets[0].id == "__tablename__"
        and line.value.value in JOURNAL_TABLES
    }


def journal_access(source: str, models: set[str]) -> list[tuple[int, str]]:
    """Where a module imports one of these models or holds SQL on a table of the journal: line and which."""
    imports = (node for node in ast.walk(ast.parse(source)) if isinstance(node, ast.ImportFrom))
    found = [
        (node.lineno, one.name)
        for node in imports
        if (node.module or "").startswith("db.schema")
        for one in node.names
        if one.name in models
    ]
    return found + [(line, "SQL") for line, said in texts(source) if JOURNAL_SQL.search(said)]


def texts(source: str) -> list[tuple[int, str]]:
    """Every string constant of a module with its line."""
    constants = (node for node in ast.walk(ast.parse(source)) if isinstance(node, ast.Constant))
    return [(node.lineno, node.value) for node in constants if isinstance(node.value, str)]


if __name__ == "__main__":
    sys.exit(main())
