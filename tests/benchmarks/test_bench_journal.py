"""Taking changes out of the journal: undoing an import against the import itself, and what folding holds in memory.

HUDANG_BENCH_ROWS (50,000) rows, HUDANG_BENCH_CHANGES (20,000) changed cells, each of another row.
"""

import os
import random
import tracemalloc

from app.progress import run_to_completion
from app.sync import compaction, import_undo, package_import
from tests.app.sync.peers import exchange_cards
from tests.benchmarks.test_bench_sync import CHANGES, ROWS, edit_many, export, fill, seconds
from tests.builders import workbook

CHAIN = int(os.environ.get("HUDANG_BENCH_CHAIN", "3"))


def test_undoing_and_folding(tmp_path, monkeypatch, record_property):
    # the backups before are measured apart: their cost is the size of the file
    monkeypatch.setattr("app.workbook.backup.automatic_backup", lambda *_: iter(()))
    a, b = workbook(tmp_path, "a.hdb", "甲"), workbook(tmp_path, "b.hdb", "乙")
    exchange_cards(a, b)
    rows = fill(a, ROWS)
    for one, other, name in ((a, b, "1"), (b, a, "2")):
        run_to_completion(
            package_import.import_package(
                other, run_to_completion(export(one, other, tmp_path / f"{name}.hdpack")).path
            )
        )
    some = random.Random(1).sample(rows, CHANGES)
    edit_many(a, some, 2)
    path = run_to_completion(export(a, b, tmp_path / "3.hdpack")).path
    importing, undoing = [], []
    for _ in range(3):
        importing.append(seconds(lambda: run_to_completion(package_import.import_package(b, path))))
        newest = run_to_completion(import_undo.list_undoable(b))[0]
        assert (newest.changes, newest.reason) == (CHANGES, "")
        undoing.append(seconds(lambda: run_to_completion(import_undo.undo_import(b, newest.n))))  # noqa: B023 - called at once
    ratio = min(undoing) / min(importing)
    print(f"\nimport {min(importing):.2f} s, undone in {min(undoing):.2f} s: {ratio:.2f}×")
    record_property("undo_ratio", ratio)
    assert ratio <= 1

    for seed in range(CHAIN):
        edit_many(a, some, seed + 3)
    for one, other, name in ((a, b, "4"), (b, a, "5")):
        run_to_completion(
            package_import.import_package(
                other, run_to_completion(export(one, other, tmp_path / f"{name}.hdpack")).path
            )
        )
    size = a.path.stat().st_size
    tracemalloc.start()
    expected = run_to_completion(compaction.estimate(a))
    folded = run_to_completion(compaction.compact(a))
    peak = tracemalloc.get_traced_memory()[1]
    tracemalloc.stop()
    print(
        f"{folded.changes} changes folded: {size / 2**20:.0f} MB less {folded.size / 2**20:.1f} MB "
        f"({expected.size / 2**20:.1f} foretold), {peak / 2**20:.0f} MB in memory at most"
    )
    assert folded.changes == CHAIN * CHANGES
    assert expected.size / 2 <= folded.size <= expected.size * 2
    assert peak < 32 * 2**20
    a.close()
    b.close()
