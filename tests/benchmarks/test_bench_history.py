"""A township's workbook with 1, 4 and 16 times its history: what costs as much as it touches costs the same in each.

HUDANG_BENCH_TOWNSHIP (50,000) households of four people each, in 30 villages. The history is edits of people's cells in
the villages' own workbooks, which come in packages, so that each village has an import that may be undone; figures
are processor time, the least of three.
"""

import os
import time
from collections.abc import Callable, Iterator
from contextlib import closing
from dataclasses import dataclass
from datetime import date
from functools import partial
from pathlib import Path
from typing import Any

import pytest

from app.issues.issues import household_issues
from app.list_views.catalogue import list_source
from app.list_views.definition import ListView
from app.list_views.rows import view_ids
from app.progress import run_to_completion
from app.records.row_views import household_rows
from app.records.search import search_households
from app.sync import compaction, import_undo, package_export, package_import, peers, receipts
from app.workbook import access, preferences
from app.workbook.access import NewVillage
from app.workbook.operations import list_operations
from app.workbook.workbook import Workbook
from tests.app.sync.peers import exchange_cards
from tests.benchmarks.test_bench_township import fill
from tests.builders import PASSPHRASE, VILLAGE, workbook

TIMES = (1, 4, 16)
VILLAGES = 30
HOMES = int(os.environ.get("HUDANG_BENCH_TOWNSHIP", "50000")) // VILLAGES * VILLAGES
ROUND = HOMES * 4  # edits of one round: a cell of each person
SCREEN = 40
TOLERATED = 1.5  # times the figure with the first history, and a little for the clock
FLOOR = 0.003  # seconds
CELLS = ("school_name", "work_place", "work_company", "illness_name", "member_phone")
HOUSEHOLDS = list_source("household")
IMPORTS = "an import that can be undone"  # each round adds one of each village


@dataclass(slots=True)
class Township:
    """The township's workbook, which is opened anew now and then, and those of its villages."""

    town: Workbook
    villages: list[Workbook]
    folder: Path


@pytest.fixture(scope="module")
def township(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Township]:
    folder = tmp_path_factory.mktemp("township")
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("HUDANG_STATE", str(folder))
        town = workbook(folder, "a.hdb", "镇")
        peers.update_own_card(town, "响水镇", "township")
        preferences.save(town, "backup_before_import", False)
        opened = Township(town, [_make_village(town, n) for n in range(VILLAGES)], folder)
        for village in opened.villages:
            _pass_on(village, opened, full=True)
        yield opened
        for book in (opened.town, *opened.villages):
            book.close()


def _make_village(town: Workbook, n: int) -> Workbook:
    """A village with its share of the households, which the township trusts."""
    code = str(int(VILLAGE.code) + n)
    book = workbook(town.path.parent, f"{n}.hdb", "乙", NewVillage(f"第{n}村", code))
    exchange_cards(town, book)
    fill(book, HOMES // VILLAGES, code, HOMES // VILLAGES * n)
    return book


def _pass_on(village: Workbook, township: Township, **options: Any) -> None:
    """What is new in a village goes to the township, which says what it has."""
    key, path = peers.load_own_card(township.town).sign_key, township.folder / "包.hdpack"
    run_to_completion(package_export.write_package(village, key, path, **options))
    imported = run_to_completion(package_import.import_package(township.town, path))
    receipts.write(township.town, imported.n, township.folder / "回执.hdreceipt")
    receipts.accept(village, township.folder / "回执.hdreceipt")


def _write_round(township: Township, n: int) -> None:
    """One more round of edits, which the township takes in village by village."""
    for village in township.villages:
        with village.operation("改成员") as session:
            session.connection().exec_driver_sql(
                f"UPDATE member SET {CELLS[n % len(CELLS)]} = '第' || ? || '次' || rowid", (n,)
            )
        _pass_on(village, township)


def _least(act: Callable[[], object], each: bool = False) -> float:
    """Seconds; `each`: of one of the lines that come back, where the history makes them more."""
    taken = []
    for _ in range(3):
        start = time.process_time()
        lines = act()
        seconds = time.process_time() - start
        taken.append(seconds / len(lines) if each and isinstance(lines, list | tuple) else seconds)
    return min(taken)


def _opening(path: Path) -> None:
    with closing(access.unlock(path, PASSPHRASE)):
        pass


def _measures(town: Workbook) -> dict[str, Callable[[], object]]:
    with town.reading() as session:
        ids = view_ids(session, HOUSEHOLDS, ListView())
    some = ids[len(ids) // 2]

    def reading(act: Callable[[Any], object]) -> Callable[[], object]:
        def run() -> object:
            with town.reading() as session:
                return act(session)

        return run

    return {
        "list, in order": reading(lambda session: view_ids(session, HOUSEHOLDS, ListView())),
        "list, first screen": reading(lambda session: household_rows(session, ids[:SCREEN])),
        "search": reading(lambda session: search_households(session, "陈卫国 第3组", 50)),
        "issues of a household": reading(lambda session: household_issues(session, some, check_date=date(2018, 12, 1))),
        "operations": reading(lambda session: list_operations(session, limit=50)),
        IMPORTS: lambda: run_to_completion(import_undo.list_undoable(town)),
    }


def test_what_is_looked_at_costs_the_same_with_any_history(township: Township, record_property: Any) -> None:
    figures: dict[int, dict[str, float]] = {}
    done = 0
    for times in TIMES:
        while done < times:
            done += 1
            _write_round(township, done)
        figures[times] = {name: _least(act, name == IMPORTS) for name, act in _measures(township.town).items()}
        path = township.town.path
        township.town.close()
        figures[times]["opening"] = _least(partial(_opening, path))
        township.town = access.unlock(path, PASSPHRASE)
        print(f"\n{times}×: " + ", ".join(f"{name} {taken * 1000:.1f} ms" for name, taken in figures[times].items()))
    for name in figures[TIMES[0]]:
        told = "  ".join(f"{times}×: {figures[times][name] * 1000:.1f} ms" for times in TIMES)
        print(f"\n{name}: {told}", end="")
        record_property(name, told)
    first, last = figures[TIMES[0]], figures[TIMES[-1]]
    assert [name for name in first if last[name] > TOLERATED * first[name] + FLOOR] == []


def test_folding_is_linear_in_what_it_folds(township: Township, record_property: Any) -> None:
    """After the histories above: all but the last edit of each cell goes."""
    start = time.process_time()
    folded = run_to_completion(compaction.compact(township.town))
    taken = time.process_time() - start
    print(f"\n{folded.changes} changes folded in {taken:.1f} s: {taken / folded.changes * 1e6:.0f} µs a change")
    record_property("fold_us", taken / folded.changes * 1e6)
    assert folded.changes == ROUND * (TIMES[-1] - len(CELLS))
