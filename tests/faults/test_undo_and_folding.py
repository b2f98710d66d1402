"""Power that fails while an import is undone or history is folded: before or after, never between."""

import os
import random
import shutil
import time

import pytest
from sqlalchemy import text

from app.errors import OfficeError
from app.exchange import compaction, undo
from app.progress import finish
from app.workbook import access, files, preferences
from app.workbook.soundness import faults
from tests.app.exchange.team import acquaint, edit, send, standing
from tests.builders import PASSPHRASE, household, workbook
from tests.faults.conditions import full_disk, power_fails_after, sound

SEED = int(os.environ.get("HUDANG_SEED", "1"))
KILLS = int(os.environ.get("HUDANG_KILLS", "8"))


@pytest.fixture
def path(tmp_path):
    """A closed workbook of 乙: two imports of 甲, the second of which brought 80 households, and chains of edits."""
    (tmp_path / "册").mkdir()
    a, b = workbook(tmp_path / "册", "甲.hdb", "甲"), workbook(tmp_path / "册", "乙.hdb", "乙")
    acquaint(a, b)
    preferences.put(b, "backup_before_import", False)
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
    edit(a, rows[0], note="新")
    send(a, b)
    a.close()
    b.close()
    return b.path


def taken(path, what):
    """How long it takes from opening to closing, on a copy, and how the workbook is before and after."""
    shutil.copy(path, path.with_suffix(".vorher"))
    book = access.unlock(path, PASSPHRASE)
    before = standing(book)
    book.close()
    start = time.perf_counter()
    what()
    seconds = time.perf_counter() - start
    book = access.unlock(path, PASSPHRASE)
    after = standing(book)
    book.close()
    return seconds, before, after


def undoing(path):
    book = access.unlock(path, PASSPHRASE)
    [newest, *_] = finish(undo.possible(book))
    finish(undo.undo(book, newest.n))
    book.close()


def folding(path):
    book = access.unlock(path, PASSPHRASE)
    assert finish(compaction.fold(book)).changes == 121
    book.close()


@pytest.mark.parametrize("what", [undoing, folding])
def test_killed_anywhere(path, what):
    chance = random.Random(SEED)
    seconds, before, after = taken(path, lambda: what(path))
    assert before["journal"] != after["journal"]
    outcomes = set()
    for kill in range(KILLS):
        shutil.copy(path.with_suffix(".vorher"), path)
        power_fails_after(lambda: what(path), seconds * (kill + chance.random()) / KILLS)
        sound(path)
        book = access.unlock(path, PASSPHRASE)
        found = standing(book)
        book.close()
        assert found in (before, after)
        outcomes.add(found == after)
        what(path) if found == before else None
    assert False in outcomes
    assert sound(path) == (40 if what is undoing else 120)


def test_a_disk_that_is_full(path):
    book = access.unlock(path, PASSPHRASE)
    before = standing(book)
    [newest, *_] = finish(undo.possible(book))
    with full_disk(files.wal(path).stat().st_size + 30_000), pytest.raises(OfficeError, match="磁盘已满"):
        finish(undo.undo(book, newest.n))
    assert standing(book) == before
    with full_disk(files.wal(path).stat().st_size + 30_000), pytest.raises(OfficeError, match=r"备份没有写成|磁盘已满"):
        finish(compaction.fold(book))
    assert standing(book) == before
    assert finish(faults(book)) == []
    finish(undo.undo(book, newest.n))
    book.close()
    assert sound(path) == 40
