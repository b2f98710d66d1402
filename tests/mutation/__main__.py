"""Sample faults of the program and say which of them the tests of the same folder do not notice.

Works on a copy of the tree, so that the tree itself stays as it is. docs/mutants.md says how to read the result.
"""

import argparse
import random
import shutil
import sys
import time
from collections import Counter
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from pathlib import Path
from tempfile import TemporaryDirectory

from tests.mutation.execution_map import ExecutionMap, record
from tests.mutation.operators import Mutant, mutants
from tests.mutation.runner import Outcome, outcome

ROOT = Path(__file__).resolve().parents[2]
AREAS = ("db", "app/records", "app/checklists", "app/sheets", "app/sync", "app/reports")
# the doors of an area whose tests stand in another folder
ALSO_TESTED_BY = {
    "tests/db": (
        "tests/app/workbook",
        "tests/app/sync/test_import_undo.py",
        "tests/app/sync/test_former_monitoring.py",
        "tests/app/records/test_withdrawn_records.py",
        "tests/faults/test_cloned_disk.py",
        "tests/faults/test_rescue.py",
    ),
    "tests/app/sync": (
        "tests/faults/test_cloned_disk.py",
        "tests/faults/test_forged_streams.py",
        "tests/faults/test_package_faults.py",
        "tests/faults/test_rescue.py",
        "tests/faults/test_trust.py",
    ),
    "tests/app/records": ("tests/app/reports/test_paper_days.py", "tests/ui/test_newer_records.py"),
    "tests/app/checklists": ("tests/ui/test_score_grid_page.py",),
    "tests/app/sheets": (
        "tests/app/registers/test_sheets.py",
        "tests/app/comparison/test_list_comparison.py",
        "tests/app/consistency/test_paper_and_files.py",
    ),
    "tests/app/reports": ("tests/app/printing",),
}
# migrations are frozen: what they once did is held by workbooks of former versions
FROZEN = "db/migrations"
LEFT_OUT = shutil.ignore_patterns(".git", ".venv", "__pycache__", ".*_cache", ".hypothesis", "dist", "build", "shots")


@dataclass(frozen=True, slots=True)
class Sample:
    """A fault and where it is put; `path` is relative to the tree."""

    path: str
    mutant: Mutant

    def __str__(self) -> str:
        before, after = (" ".join(text.split()) for text in (self.mutant.before, self.mutant.after))
        return f"{self.path}:{self.mutant.line}  {before[:110]}  →  {after[:110]}"


def main(arguments: Sequence[str] | None = None) -> int:
    parser = argparse.ArgumentParser(prog="dev.py mutants", description=__doc__)
    parser.add_argument("-n", type=int, default=60, help="how many faults are tried (60)")
    parser.add_argument("--seed", type=int, default=1, help="another number draws other faults (1)")
    parser.add_argument("--record", type=Path, metavar="FOLDER", help="keep there which test executes which line")
    parser.add_argument("--quick", action="store_true", help="survivors are not held against the whole area")
    parser.add_argument("paths", nargs="*", default=AREAS, metavar="PATH", help="folder, module or module.py:LINE")
    given = parser.parse_args(arguments)
    candidates = [sample for path in given.paths for sample in samples_of(path)]
    chosen = random.Random(given.seed).sample(candidates, min(given.n, len(candidates)))
    chosen.sort(key=lambda sample: (sample.path, sample.mutant.start))
    print(f"{len(chosen)} of {len(candidates)} faults, seed {given.seed}", flush=True)
    with TemporaryDirectory(prefix="mutants-") as folder:
        copy, kept = Path(folder) / "tree", (given.record or Path(folder)).resolve()
        kept.mkdir(parents=True, exist_ok=True)
        shutil.copytree(ROOT, copy, ignore=LEFT_OUT)
        maps = {area: record(copy, area, kept) for area in sorted({tests_of(sample.path) for sample in chosen})}
        broken = [area[0] for area, found in maps.items() if found is None]
        if broken:
            print(f"{', '.join(broken)} fails without any fault: mend it first", file=sys.stderr)
            return 2
        areas = {area: found for area, found in maps.items() if found is not None}
        return report(chosen, lambda sample: try_one(copy, sample, areas[tests_of(sample.path)], given.quick))


def samples_of(path: str) -> list[Sample]:
    """Every fault that can be put into a folder, a module, or one line of a module."""
    name, _, line = path.partition(":")
    target = ROOT / name
    modules = sorted(target.rglob("*.py")) if target.is_dir() else [target]
    names = [module.relative_to(ROOT).as_posix() for module in modules]
    return [
        Sample(module, mutant)
        for module in names
        if not module.startswith(FROZEN)
        for mutant in mutants((ROOT / module).read_text(encoding="utf-8"))
        if not line or mutant.line == int(line)
    ]


def tests_of(path: str) -> tuple[str, ...]:
    """The tests of a module's area."""
    parts = Path(path).parts
    folder = Path("tests", *(parts[:2] if parts[0] == "app" and len(parts) > 2 else parts[:1])).as_posix()
    return (folder, *(file for file in ALSO_TESTED_BY.get(folder, ()) if (ROOT / file).exists()))


def report(chosen: Sequence[Sample], try_fault: Callable[[Sample], Outcome]) -> int:
    """Try every fault, print each as it is known and a table at the end; 0 if all were noticed.

    Those that made the tests hang are named with the survivors: whether the fault does that is worth a look.
    """
    tried = []
    for sample in chosen:
        began = time.monotonic()
        found = try_fault(sample)
        print(f"{found:8} {time.monotonic() - began:5.0f} s  {sample}", flush=True)
        tried.append((sample, found))
    counts = Counter((tests_of(sample.path)[0], found) for sample, found in tried)
    counts.update(("all", found) for _, found in tried)
    print(f"\n{'tests':24}", *(f"{one.lower():>8}" for one in Outcome))
    for folder in [*sorted({folder for folder, _ in counts} - {"all"}), "all"]:
        print(f"{folder:24}", *(f"{counts[folder, one]:8}" for one in Outcome))
    print("", *(f"{found:8} {sample}" for sample, found in tried if found != Outcome.KILLED), sep="\n")
    return 1 if counts["all", Outcome.SURVIVED] else 0


def try_one(copy: Path, sample: Sample, executed: ExecutionMap, quick: bool) -> Outcome:
    """Whether a test fails, or does not end, with this fault in the copy: first of those that execute its line."""
    file = copy / sample.path
    source = file.read_text(encoding="utf-8")
    likely = executed.likely(sample.path, sample.mutant.line)
    found = Outcome.SURVIVED
    try:
        _write(file, sample.mutant.apply(source))
        if likely:
            found = outcome(copy, likely, executed.seconds_of(likely))
        if found == Outcome.SURVIVED and not quick:
            found = outcome(copy, tests_of(sample.path), sum(executed.seconds.values()))
        return found
    finally:
        _write(file, source)


def _write(file: Path, source: str) -> None:
    """Python compares size and second of a source with those of its compiled file: a fault often has both."""
    file.write_text(source, encoding="utf-8")
    for compiled in (file.parent / "__pycache__").glob(f"{file.stem}.*.pyc"):
        compiled.unlink()


if __name__ == "__main__":
    sys.exit(main())
