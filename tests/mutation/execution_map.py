"""Which tests of an area execute which line of the program, and how long each of them takes."""

import json
import os
import subprocess
import sys
from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass
from itertools import accumulate
from pathlib import Path

from coverage import CoverageData

from tests.mutation import contexts

QUICK = 12.0  # seconds of tests that are run for one line before the whole area is


@dataclass(frozen=True, slots=True)
class ExecutionMap:
    """`tests` by path and line; a test is named by its node id, a whole file by its path. `seconds` by node id."""

    tests: dict[tuple[str, int], set[str]]
    seconds: dict[str, float]

    def likely(self, path: str, line: int) -> list[str]:
        """The tests that execute a line, as many as fit into `QUICK` seconds: first those of the file that is named
        like the module, then the quickest.

        A line that only importing executes (a constant, a default) belongs to every test of its module, and a module
        that is only imported (declarations) to every test of the area.
        """
        of_module = {test for (other, _), tests in self.tests.items() if other == path for test in tests}
        found = self.tests.get((path, line)) or of_module or set(self.seconds)
        named = f"/test_{Path(path).stem}.py"
        ordered = sorted(found, key=lambda test: (named not in test, self.seconds_of([test]), test))
        totals = accumulate(self.seconds_of([test]) for test in ordered)
        return [test for n, (test, total) in enumerate(zip(ordered, totals, strict=True)) if n == 0 or total <= QUICK]

    def seconds_of(self, tests: Sequence[str]) -> float:
        """How long these tests and files took when they were recorded."""
        chosen = set(tests)
        return sum(
            seconds for test, seconds in self.seconds.items() if test in chosen or test.partition("::")[0] in chosen
        )


def record(tree: Path, folders: Sequence[str], kept: Path) -> ExecutionMap | None:
    """Run the tests of some folders once under coverage.py; None if one fails. What is in `kept` is used again."""
    recording = ExecutionMap({}, {})
    for folder in folders:
        name = folder.replace("/", "-")
        data_file, seconds_file = kept / f"{name}.coverage", kept / f"{name}.json"
        if not seconds_file.is_file() and not _run(tree, folder, data_file, seconds_file):
            seconds_file.unlink(missing_ok=True)
            return None
        recording = read(data_file, seconds_file, recording)
    return recording


def _run(tree: Path, folder: str, data_file: Path, seconds_file: Path) -> bool:
    coverage = (sys.executable, "-m", "coverage", "run", f"--data-file={data_file}", "-m")
    words = (*coverage, "pytest", "-q", "-x", "-p", "no:cacheprovider", "-p", contexts.__name__, folder)
    settings = os.environ | {"QT_QPA_PLATFORM": "offscreen", contexts.SECONDS_FILE: str(seconds_file)}
    return not subprocess.run(words, cwd=tree, env=settings, stdout=subprocess.DEVNULL, check=False).returncode


def read(data_file: Path, seconds_file: Path, before: ExecutionMap) -> ExecutionMap:
    """What a recording holds, added to what was recorded before; its paths are relative to the tree."""
    data = CoverageData(str(data_file))
    data.read()
    tests = defaultdict[tuple[str, int], set[str]](set, before.tests)
    for path in data.measured_files():
        for line, names in data.contexts_by_lineno(path).items():
            tests[path, line] |= set(names) - {""}
    return ExecutionMap(dict(tests), before.seconds | json.loads(seconds_file.read_text(encoding="utf-8")))
