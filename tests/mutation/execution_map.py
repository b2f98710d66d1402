"""Which tests of an area execute which line of the program, and how long each of them takes."""

import json
import os
import subprocess
import sys
from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass, field
from itertools import accumulate
from pathlib import Path

from coverage import CoverageData

from tests.mutation import contexts

QUICK = 40.0  # seconds of tests that are run for one line before the whole area is


@dataclass(frozen=True, slots=True)
class ExecutionMap:
    """`tests` by path and line; a test is named by its node id, a whole file by its path. `seconds` by node id."""

    tests: dict[tuple[str, int], set[str]]
    seconds: dict[str, float]
    files: dict[str, float] = field(init=False)

    def __post_init__(self) -> None:
        by_file = defaultdict[str, float](float)
        for test, seconds in self.seconds.items():
            by_file[test.partition("::")[0]] += seconds
        object.__setattr__(self, "files", dict(by_file))

    def quickest(self, path: str, line: int) -> list[str]:
        """The tests that execute a line, the quickest first, as many as fit into `QUICK` seconds.

        A line that only importing executes (a constant, a default) belongs to every test of its module.
        """
        found = self.tests.get((path, line)) or {
            test for (other, _), tests in self.tests.items() if other == path for test in tests
        }
        quickest_first = sorted(found, key=lambda test: (self.seconds_of([test]), test))
        totals = accumulate(self.seconds_of([test]) for test in quickest_first)
        return [
            test for n, (test, total) in enumerate(zip(quickest_first, totals, strict=True)) if n == 0 or total <= QUICK
        ]

    def seconds_of(self, tests: Sequence[str]) -> float:
        """How long these tests and files took when they were recorded."""
        return sum(self.seconds.get(test, 0.0) or self.files.get(test, 0.0) for test in tests)


def record(tree: Path, folder: str, kept: Path) -> ExecutionMap | None:
    """Run the tests of a folder once under coverage.py; None if one of them fails. What is in `kept` is used again."""
    name = folder.replace("/", "-")
    data_file, seconds_file = kept / f"{name}.coverage", kept / f"{name}.json"
    if not seconds_file.is_file():
        coverage = (sys.executable, "-m", "coverage", "run", f"--data-file={data_file}", "-m")
        words = (*coverage, "pytest", "-q", "-x", "-p", "no:cacheprovider", "-p", contexts.__name__, folder)
        settings = os.environ | {"QT_QPA_PLATFORM": "offscreen", contexts.SECONDS_FILE: str(seconds_file)}
        if subprocess.run(words, cwd=tree, env=settings, stdout=subprocess.DEVNULL, check=False).returncode:
            seconds_file.unlink(missing_ok=True)
            return None
    return read(data_file, seconds_file)


def read(data_file: Path, seconds_file: Path) -> ExecutionMap:
    """What a recording holds; its paths are relative to the tree."""
    data = CoverageData(str(data_file))
    data.read()
    tests = defaultdict[tuple[str, int], set[str]](set)
    for path in data.measured_files():
        for line, names in data.contexts_by_lineno(path).items():
            tests[path, line] |= set(names) - {""}
    return ExecutionMap(dict(tests), json.loads(seconds_file.read_text(encoding="utf-8")))
