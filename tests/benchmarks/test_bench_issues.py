"""The check of a whole village. HUDANG_BENCH_HOMES: how many households are in it (1,000 if not set)."""

import os
import time
import tracemalloc
from collections.abc import Iterator
from contextlib import closing
from pathlib import Path

import pytest
from sqlalchemy import select

from app.issues.issues import household_issues, village_issues
from app.progress import run_to_completion
from app.workbook.workbook import Workbook
from db.schema import records
from db.schema.household import Household
from tests import builders
from tests.app.issues.clean_household import TODAY, clean_household
from tests.benchmarks.test_bench_township import fill

HOMES = int(os.environ.get("HUDANG_BENCH_HOMES", "1000"))
_READ = ("household", "member", "living_condition", "income_year", "assignment", "helper", "measure")


@pytest.fixture(scope="module")
def book(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Workbook]:
    folder = tmp_path_factory.mktemp("village")
    patch = pytest.MonkeyPatch()
    patch.setenv("HUDANG_STATE", str(folder))
    workbook = builders.workbook(folder)
    with workbook.writing() as session:
        for number in range(1, HOMES + 1):
            rows = clean_household(session, number)
            if number % 10 == 0:
                rows.household.population = 9
    yield workbook
    workbook.close()
    patch.undo()


def _bare(book: Workbook) -> float:
    """Seconds to read the same records, and nothing else."""
    start = time.process_time()
    with book.reading() as session:
        for table in _READ:
            session.scalars(select(records()[table])).all()
    return time.process_time() - start


def test_a_village_is_checked_in_a_few_times_what_reading_it_takes(book: Workbook) -> None:
    bare = min(_bare(book) for _ in range(3))
    took = []
    for _ in range(3):
        start = time.process_time()
        issues = run_to_completion(village_issues(book, check_date=TODAY))
        took.append(time.process_time() - start)
    print(f"{HOMES} households: {min(took):.2f} s, their records read {bare:.2f} s, {len(issues)} doubts")
    assert sum(one.rule == "population" for one in issues) == HOMES // 10
    assert min(took) <= 8 * bare


def test_one_household_costs_a_small_share_of_the_village(book: Workbook) -> None:
    start = time.process_time()
    all_issues = run_to_completion(village_issues(book, check_date=TODAY))
    village = time.process_time() - start
    with book.reading() as session:
        start = time.process_time()
        household_issues(session, all_issues[0].household_id, check_date=TODAY)
        one = time.process_time() - start
    print(f"one household {one * 1000:.0f} ms, the village {village:.2f} s")
    assert one <= village / 10


def test_one_household_costs_a_township_what_it_costs_a_village(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("HUDANG_STATE", str(tmp_path))
    took = []
    for villages in (1, 30):
        with closing(builders.workbook(tmp_path, f"{villages}.hdb")) as book:
            for n in range(villages):
                fill(book, 300, str(int(builders.VILLAGE.code) + n), 300 * n)
            with book.reading() as session:
                some = session.scalar(select(Household.id).offset(150 * villages))
            took.append(min(_seconds_of_one(book, str(some)) for _ in range(7)))
    print(f"in a village {took[0] * 1000:.1f} ms, among 30 {took[1] * 1000:.1f} ms")
    assert took[1] <= 1.3 * took[0]


def _seconds_of_one(book: Workbook, household_id: str) -> float:
    start = time.process_time()
    with book.reading() as session:
        household_issues(session, household_id, check_date=TODAY)
    return time.process_time() - start


def test_memory_follows_the_block_and_not_the_village(book: Workbook) -> None:
    tracemalloc.start()
    run_to_completion(village_issues(book, check_date=TODAY))
    peak = tracemalloc.get_traced_memory()[1]
    tracemalloc.stop()
    print(f"{HOMES} households: {peak / 1e6:.0f} MB at most")
    assert peak <= 40e6
