"""A township's workbook: 50,000 households, 200,000 people, 2,000,000 cells in the journal, and 1,000,000 edited cells.

Times are told beside bare statements of the same run, memory as the most that a process of its own took.
HUDANG_BENCH_TOWNSHIP (50,000) households.
"""

import json
import os
import subprocess
import sys
import time
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from app.progress import run_to_completion
from app.sync import package_export, peers
from app.workbook import access, preferences
from app.workbook.workbook import Workbook
from tests.app.sync.peers import exchange_cards
from tests.builders import PASSPHRASE, VILLAGE, workbook

HOMES = int(os.environ.get("HUDANG_BENCH_TOWNSHIP", "50000"))
ROOT = Path(__file__).parents[2]
GROUPS, NAMES = 20, ("陈卫国", "李秀英", "王建国", "张桂兰", "刘志强")
EDITED = ("school_name", "work_place", "work_company", "illness_name", "member_phone")
PROGRAM = "tests.benchmarks.programs.one_exchange"


def run_in_subprocess(what: str, book: Path, other: str, path: Path) -> dict[str, Any]:
    process = subprocess.run(
        [sys.executable, "-m", PROGRAM, what, str(book), other, str(path)], cwd=ROOT, stdout=subprocess.PIPE, check=True
    )
    report: dict[str, Any] = json.loads(process.stdout)
    print(
        f"\n{what}: {report['changes']} changes, {report['seconds']:.1f}"
        f" s, {report['MB']:.0f} MB, {report['size']} bytes"
    )
    return report


def fill(book: Workbook, households: int, village: str = VILLAGE.code, first: int = 0) -> None:
    """Households of four, of nine cells a row, as a roster brings them.

    Args:
        first: the number of the first one; their ids are made of it
    """
    with book.writing() as session:
        raw: Any = session.connection().connection.driver_connection
        raw.execute("CREATE TEMP TABLE n (n INTEGER PRIMARY KEY)")
        raw.executemany("INSERT INTO n VALUES (?)", ((first * 4 + n,) for n in range(households * 4)))
        raw.execute(
            "INSERT INTO household (id, village, household_no, group_name, hamlet, address, phone, population, "
            f"household_kind, withdrawn) SELECT printf('%032x', n / 4), '{village}', '{village}' || "
            f"printf('%06d', n / 4), '第' || (n / 4 % {GROUPS} + 1) || '组', '下屋', n / 4 || '号', "
            "printf('138%08d', n / 4 * 7919), 4, '一般农户', 0 FROM n WHERE n % 4 = 0"
        )
        name = " ".join(f"WHEN {at} THEN '{name}'" for at, name in enumerate(NAMES))
        raw.execute(
            "INSERT INTO member (id, village, household_id, person_no, name, sex, relation, birth, education, "
            f"withdrawn) SELECT printf('1%031x', n), '{village}', printf('%032x', n / 4), '{village}' || "
            f"printf('%08d', n), CASE n % 5 {name} END, iif(n % 2, '女', '男'), iif(n % 4, '其他', '户主'), "
            "printf('19%02d-01-01', n % 90 + 10), '小学', 0 FROM n"
        )
        raw.execute("DROP TABLE n")


@pytest.fixture(scope="module")
def township(tmp_path_factory: pytest.TempPathFactory) -> Iterator[tuple[Workbook, Workbook, Path]]:
    """A full workbook, and an empty one that trusts it."""
    folder = tmp_path_factory.mktemp("township")
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("HUDANG_STATE", str(folder))
        full, empty = workbook(folder, "a.hdb", "甲"), workbook(folder, "b.hdb", "乙")
        exchange_cards(full, empty)
        preferences.save(empty, "backup_before_import", False)
        start = time.perf_counter()
        fill(full, HOMES)
        print(f"\nfilled in {time.perf_counter() - start:.0f} s")
        yield full, empty, folder
        for book in (full, empty):
            book.close()


def key_of(book: Workbook) -> str:
    return peers.load_own_card(book).sign_key


def test_first_full_copy_and_a_million_cells(township, record_property, monkeypatch):
    full, empty, folder = township
    monkeypatch.setenv("HUDANG_STATE", str(folder))  # the same machine all along
    names = [book.path for book in (full, empty)]
    to, path = key_of(empty), folder / "1.hdpack"
    for book in (full, empty):
        book.close()
    sent = run_in_subprocess("export", names[0], to, path)
    imported = run_in_subprocess("import", names[1], "", path)
    assert sent["changes"] == imported["changes"] == HOMES * 5 + 1
    book = access.unlock(names[0], PASSPHRASE)
    cells = ", ".join(f"{column} = '{column}' || printf('%07d', rowid * 7919 % 9999991)" for column in EDITED)
    start = time.perf_counter()
    with book.writing() as session:
        session.connection().exec_driver_sql(f"UPDATE member SET {cells}")
    wrote = time.perf_counter() - start
    with book.writing() as session:  # the receiver has told what it knows
        session.connection().exec_driver_sql(
            "UPDATE peer SET vector = (SELECT json_group_object(village, json(known)) FROM (SELECT village, "
            f"json_group_object(replica, last - {HOMES * 4 * len(EDITED)}) AS known FROM stream GROUP BY village))"
        )
    small = folder / "2.hdpack"
    start = time.perf_counter()
    export_result = run_to_completion(package_export.write_package(book, to, small))
    exported = time.perf_counter() - start
    book.close()
    edits = run_in_subprocess("import", names[1], "", small)
    assert export_result.changes == edits["changes"] == HOMES * 4 * len(EDITED)
    print(
        f"{export_result.changes} cells: written in {wrote:.1f} s, "
        f"exported in {exported:.1f} s, {export_result.size} bytes"
    )
    again = access.unlock(names[0], PASSPHRASE)
    floor = bare_edits(again)
    again.close()
    print(f"bare statements: {floor:.1f} s; importing takes {edits['seconds'] / floor:.2f}×")
    record_property("million_ratio", edits["seconds"] / floor)
    for report in (sent, imported, edits):
        assert report["MB"] < 400
    assert export_result.size / export_result.changes <= 15
    assert edits["seconds"] <= 3 * floor


def bare_edits(book: Workbook) -> float:
    """The same cells, journal lines and heads once more, already decoded, with nothing checked."""
    with book.writing() as session:
        raw: Any = session.connection().connection.driver_connection
        raw.execute("UPDATE writer SET capturing = 0")
        took = 0.0
        read = raw.execute(
            "SELECT number, table_name, row_id, column_name, value, stamp, operator, replaces FROM change "
            "WHERE column_name <> '' ORDER BY seq"
        ).fetchall()
        for first in range(0, len(read), 4000):
            changes = read[first : first + 4000]
            start = time.perf_counter()
            raw.executemany(
                "INSERT INTO change (stream, number, table_name, row_id, column_name, value, stamp, operator, "
                "replaces) VALUES (9, ?, ?, ?, ?, ?, ?, ?, ?)",
                changes,
            )
            raw.executemany("DELETE FROM head WHERE row_id = ? AND column_name = ?", [(c[2], c[3]) for c in changes])
            raw.executemany(
                "INSERT INTO head (row_id, column_name, stream, number) VALUES (?, ?, 9, ?)",
                [(c[2], c[3], c[0]) for c in changes],
            )
            for column in EDITED:
                cells = [(c[4], c[2]) for c in changes if c[3] == column]
                raw.executemany(f"UPDATE member SET {column} = ? WHERE id = ?", cells)
            took += time.perf_counter() - start
    return took
