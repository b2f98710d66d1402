"""Power that fails while an import is undone or history is folded: before or after, never between."""

import os
import random
import shutil
import time

import pytest
from sqlalchemy import text

from app.errors import UserError
from app.progress import run_to_completion
from app.sync import compaction, import_undo
from app.workbook import access, files, preferences
from app.workbook.integrity import check_integrity
from tests.app.sync.peers import bring_memories, close_team, edit_record, full_state, send
from tests.builders import PASSPHRASE, household
from tests.faults.fault_injection import check_closed_workbook, full_disk, kill_after

SEED = int(os.environ.get("HUDANG_SEED", "1"))
KILLS = int(os.environ.get("HUDANG_KILLS", "8"))


def two_imports(books):
    """乙 imports twice from 甲, the second time 80 households; 甲 has written chains of edits before."""
    a, b = books
    preferences.save(b, "backup_before_import", False)
    rows = []
    with a.writing() as session:
        for n in range(1, 41):
            rows.append(household(session, members=0, number=n).id)
    for value in range(4):
        with a.writing() as session:
            for row in rows:
                session.execute(text("UPDATE household SET note = :n WHERE id = :id"), {"n": "旧" * value, "id": row})
    send(a, b)
    send(b, a)
    with a.writing() as session:
        for n in range(101, 181):
            household(session, number=n)
    edit_record(a, rows[0], note="新")
    send(a, b)


@pytest.fixture(scope="module")
def closed_books(tmp_path_factory):
    return close_team(tmp_path_factory.mktemp("team"), ("甲", "乙"), two_imports)


@pytest.fixture
def path(closed_books, tmp_path):
    """乙's closed workbook after two imports."""
    bring_memories(closed_books, tmp_path)
    return shutil.copytree(closed_books / "乙", tmp_path / "乙") / "石桥村.hdb"


def timed_call(path, what):
    """How long it takes from opening to closing, on a copy, and how the workbook is before and after."""
    shutil.copy(path, path.with_suffix(".vorher"))
    book = access.unlock(path, PASSPHRASE)
    before = full_state(book)
    book.close()
    start = time.perf_counter()
    what()
    seconds = time.perf_counter() - start
    book = access.unlock(path, PASSPHRASE)
    after = full_state(book)
    book.close()
    return seconds, before, after


def undo_import(path):
    book = access.unlock(path, PASSPHRASE)
    [newest, *_] = run_to_completion(import_undo.list_undoable(book))
    run_to_completion(import_undo.undo_import(book, newest.n))
    book.close()


def compact_history(path):
    book = access.unlock(path, PASSPHRASE)
    assert run_to_completion(compaction.compact(book)).changes == 121
    book.close()


@pytest.mark.parametrize("what", [undo_import, compact_history])
def test_killed_anywhere(path, what):
    chance = random.Random(SEED)
    seconds, before, after = timed_call(path, lambda: what(path))
    assert before["journal"] != after["journal"]
    outcomes = set()
    for kill in range(KILLS):
        shutil.copy(path.with_suffix(".vorher"), path)
        kill_after(lambda: what(path), seconds * (kill + chance.random()) / KILLS)
        check_closed_workbook(path)
        book = access.unlock(path, PASSPHRASE)
        state_found = full_state(book)
        book.close()
        assert state_found in (before, after)
        outcomes.add(state_found == after)
        what(path) if state_found == before else None
    assert False in outcomes
    assert check_closed_workbook(path) == (40 if what is undo_import else 120)


def test_a_disk_that_is_full(path):
    book = access.unlock(path, PASSPHRASE)
    before = full_state(book)
    [newest, *_] = run_to_completion(import_undo.list_undoable(book))
    with full_disk(files.wal_path(path).stat().st_size + 30_000), pytest.raises(UserError, match="磁盘已满"):
        run_to_completion(import_undo.undo_import(book, newest.n))
    assert full_state(book) == before
    with (
        full_disk(files.wal_path(path).stat().st_size + 30_000),
        pytest.raises(UserError, match=r"备份没有写成|磁盘已满"),
    ):
        run_to_completion(compaction.compact(book))
    assert full_state(book) == before
    assert run_to_completion(check_integrity(book)) == []
    run_to_completion(import_undo.undo_import(book, newest.n))
    book.close()
    assert check_closed_workbook(path) == 40
