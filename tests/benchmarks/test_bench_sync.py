"""The exchange against its floors: bare statements for importing, bytes on the stick, and what an export depends on.

HUDANG_BENCH_ROWS (50,000) rows, HUDANG_BENCH_CHANGES (20,000) changed cells, each of another row.
"""

import math
import os
import random
import time
import tracemalloc
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import insert, text

from app.progress import Task, run_to_completion
from app.sync import package_export, package_import, peers
from app.workbook.workbook import Workbook
from db.journal import chains
from db.schema.exchange import PendingPhoto
from db.schema.household import Household
from db.schema.photo import Photo, Picture
from tests.app.sync.peers import exchange_cards
from tests.builders import VILLAGE, workbook

ROWS = int(os.environ.get("HUDANG_BENCH_ROWS", "50000"))
CHANGES = int(os.environ.get("HUDANG_BENCH_CHANGES", "20000"))


def fill(book: Workbook, count: int) -> list[str]:
    """Households as a roster brings them."""
    rows = [
        {
            "id": Household.id_of(f"{VILLAGE.code}{n:06}"),
            "village": VILLAGE.code,
            "household_no": f"{VILLAGE.code}{n:06}",
            "group_name": f"第{n % 20 + 1}组",
            "address": f"{n % 20 + 1}组{n}号",
            "withdrawn": False,
        }
        for n in range(count)
    ]
    with book.writing() as session:
        session.execute(insert(Household), rows)
    return [str(row["id"]) for row in rows]


def edit_many(book: Workbook, rows: list[str], seed: int) -> None:
    """One cell of each row, to values that do not compress."""
    chance = random.Random(seed)
    with book.writing() as session:
        connection = session.connection()
        for row in rows:
            value = f"138{chance.randrange(10**8):08}"
            connection.exec_driver_sql("UPDATE household SET phone = ? WHERE id = ?", (value, row))


def seconds(run: Callable[[], object]) -> float:
    start = time.perf_counter()
    run()
    return time.perf_counter() - start


def export(book: Workbook, to: Workbook, path: Path) -> Task[package_export.PackageExportResult]:
    return package_export.write_package(book, peers.load_own_card(to).sign_key, path)


@pytest.fixture(scope="module")
def pair(tmp_path_factory: pytest.TempPathFactory) -> Iterator[tuple[Workbook, Workbook, list[str], Path]]:
    folder = tmp_path_factory.mktemp("exchange")
    patch = pytest.MonkeyPatch()
    patch.setenv("HUDANG_STATE", str(folder))
    a, b = workbook(folder, "a.hdb", "甲"), workbook(folder, "b.hdb", "乙")
    exchange_cards(a, b)
    rows = fill(a, ROWS)
    for one, other, name in ((a, b, "1"), (b, a, "2")):
        run_to_completion(
            package_import.import_package(other, run_to_completion(export(one, other, folder / f"{name}.hdpack")).path)
        )
    edit_many(a, random.Random(1).sample(rows, CHANGES), 2)
    yield a, b, rows, folder
    a.close()
    b.close()
    patch.undo()


def bare_import(book: Workbook, changes: list[tuple[object, ...]]) -> None:
    """The same journal lines, heads and cells in bare statements, already decoded, with nothing checked."""
    with book.writing() as session:
        raw = session.connection().connection.driver_connection
        raw.execute("UPDATE writer SET capturing = 0")
        raw.executemany(
            "INSERT INTO change (stream, number, table_name, row_id, column_name, value, stamp, operator, replaces) "
            "VALUES (9, ?, ?, ?, ?, ?, ?, ?, ?)",
            changes,
        )
        raw.executemany("DELETE FROM head WHERE row_id = ? AND column_name = ?", [(c[2], c[3]) for c in changes])
        raw.executemany(
            "INSERT INTO head (row_id, column_name, stream, number) VALUES (?, ?, 9, ?)",
            [(c[2], c[3], c[0]) for c in changes],
        )
        raw.executemany("UPDATE household SET phone = ? WHERE id = ?", [(c[4], c[2]) for c in changes])
        raw.execute("UPDATE writer SET capturing = 1")


def hash_all(changes: list[tuple[object, ...]]) -> bytes:
    """The chain values of the same changes, one after the other."""
    value = chains.first_value(VILLAGE.code, "f" * 32)
    for change in changes:
        hashed: Any = (*change[1:7], (("f" * 32, int(str(change[0]))),))
        value = chains.next_value(value, chains.HashedChange(*hashed))
    return value


def test_import_and_size(pair, monkeypatch, tmp_path, record_property):
    a, b, _, folder = pair
    sent = run_to_completion(export(a, b, folder / "3.hdpack"))
    assert sent.changes == CHANGES
    with a.reading() as session:
        changes = [
            tuple(row)
            for row in session.execute(
                text(
                    "SELECT number, table_name, row_id, column_name, value, stamp, operator, replaces FROM change "
                    "WHERE column_name = 'phone'"
                )
            )
        ]
    (tmp_path / "bare").mkdir()
    bare = workbook(tmp_path / "bare")
    fill(bare, ROWS)
    floor = seconds(lambda: bare_import(bare, changes))
    bare.close()
    # the backup before it is measured apart: its cost is the size of the file, not of the import
    monkeypatch.setattr("app.workbook.backup.automatic_backup", lambda *_: iter(()))
    took = seconds(lambda: run_to_completion(package_import.import_package(b, sent.path)))
    each = sent.size / CHANGES
    chained = seconds(lambda: hash_all(changes))
    print(f"\nimport {took:.2f} s, floor {floor:.2f} s: {took / floor:.2f}×; {each:.1f} bytes a change")
    print(f"chain values {chained:.2f} s: the import without them times {took / (took - chained):.2f}")
    record_property("chain_ratio", took / (took - chained))
    record_property("import_ratio", took / floor)
    record_property("bytes_a_change", each)
    assert each <= 10  # with what chains and signatures add; 8 without
    assert took <= 2 * floor
    assert took <= 1.15 * (took - chained)


def changed_village(place: Path, size: int) -> tuple[Workbook, Workbook, Path]:
    """A village that its peer has whole but for the same number of changes, whatever its size; where to write them."""
    place.mkdir()
    a, b = workbook(place, "a.hdb", "甲"), workbook(place, "b.hdb", "乙")
    exchange_cards(a, b)
    rows = fill(a, size)
    for one, other, name in ((a, b, "1"), (b, a, "2")):
        run_to_completion(
            package_import.import_package(other, run_to_completion(export(one, other, place / f"{name}.hdpack")).path)
        )
    edit_many(a, random.Random(3).sample(rows, CHANGES // 10), 4)
    return a, b, place / "3.hdpack"


def test_export_follows_the_changes_not_the_village(tmp_path, record_property):
    """In turns, because the machine is busy, and in CPU time: the disk takes as long for either."""
    villages = {size: changed_village(tmp_path / str(size), size) for size in (ROWS // 10, ROWS)}
    took = dict.fromkeys(villages, math.inf)
    for _ in range(9):
        for size, (a, b, path) in villages.items():
            start = time.process_time()
            run_to_completion(export(a, b, path))
            took[size] = min(took[size], time.process_time() - start)
    for a, b, _ in villages.values():
        a.close()
        b.close()
    ratio = took[ROWS] / took[ROWS // 10]
    print(f"\nexport {took[ROWS]:.3f} s of {ROWS} rows, {took[ROWS // 10]:.3f} s of a tenth: {ratio:.2f}×")
    record_property("export_ratio", ratio)
    assert ratio <= 1.2


def test_what_is_owed_follows_what_is_owed(tmp_path, record_property):
    """The list of peers, with photographs owed to one of them, against one bare look at all photographs."""
    a, b = workbook(tmp_path, "a.hdb", "甲"), workbook(tmp_path, "b.hdb", "乙")
    exchange_cards(a, b)
    hashes = [f"{n:064x}" for n in range(ROWS)]
    key, photo = peers.load_own_card(b).sign_key, {"village": VILLAGE.code, "withdrawn": False, "caption": "门前"}
    with a.writing() as session:
        session.execute(insert(Photo), [photo | {"id": f"{n:032x}", "content": one} for n, one in enumerate(hashes)])
        session.execute(insert(Picture), [{"sha256": one, "jpeg": b"x" * 2000} for one in hashes])
        session.execute(insert(PendingPhoto), [{"peer": key, "sha256": one} for one in hashes[:: ROWS // 500]])
    with a.reading() as session:
        floor = min(seconds(lambda: session.execute(text("SELECT sum(length(caption)) FROM photo"))) for _ in range(3))
    took = min(seconds(lambda: peers.list_peers(a)) for _ in range(3))
    assert peers.find_peer(a, key).photographs >= 500
    print(f"\npeers with 500 owed of {ROWS}: {took:.3f} s, a look at all {floor:.3f} s: {took / floor:.2f}×")
    record_property("owed_ratio", took / floor)
    assert took <= 3 * floor  # a look at all for each that is owed would be 500 times
    a.close()
    b.close()


def test_memory_does_not_grow_with_the_package(pair, tmp_path):
    """What Python holds while verifying the whole village, beyond the preview itself."""
    a, b, _, _ = pair
    path = tmp_path / "all.hdpack"
    run_to_completion(package_export.write_package(a, peers.load_own_card(b).sign_key, path, full=True))
    tracemalloc.start()
    run_to_completion(package_import.verify_package(b, path))
    peak = tracemalloc.get_traced_memory()[1]
    tracemalloc.stop()
    print(f"\nverifying {ROWS + CHANGES} changes: {peak / 2**20:.0f} MB at most")
    assert peak < 64 * 2**20
