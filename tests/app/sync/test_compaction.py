"""Folding old history: who exchanges afterwards, in whatever order, has the same records and heads as without it."""

import contextlib
import os
import shutil
import tempfile
from itertools import pairwise
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from sqlalchemy import select, text

from app.progress import run_to_completion
from app.records.history import household_history
from app.sync import (
    compaction,
    conflicts,
    import_undo,
    package,
    package_export,
    package_import,
    peers,
)
from app.sync.errors import MissingChanges, NewerPackage, Tampered
from app.workbook import access, backup, preferences
from app.workbook.integrity import check_integrity
from db.schema.exchange import AuditEntry
from db.schema.household import Household
from tests.app.sync.peers import (
    all_records,
    card_of,
    close_team,
    edit_record,
    exchange_cards,
    full_state,
    opened_team,
    read_cell,
    send,
    write_package,
)
from tests.app.sync.test_import_undo import PEOPLE, deeds, household_id, laptop, perform, template  # noqa: F401  a fixture
from tests.builders import PASSPHRASE, VILLAGE, household, workbook


def sync_all(books, rounds=2):
    """Everybody sends everybody a package, a few times."""
    for _ in range(rounds):
        for one in books:
            for other in books:
                if one is not other:
                    try:
                        send(one, other)
                    except MissingChanges:
                        send(other, one)
                        send(one, other)


def sync_in_order(books):
    """Along a row and back: in the end everybody knows everything."""
    pairs = list(pairwise(books))
    for one, other in (*pairs, *reversed(pairs)):
        sync_all((one, other), 1)


def comparable_state(book):
    """What folding must not change: records, heads, vector, open conflicts."""
    result = full_state(book)
    return {name: result[name] for name in ("records", "heads", "vector")} | {
        "conflicts": {(one.id, frozenset(side.value for side in one.sides)) for one in conflicts.list_conflicts(book)}
    }


@pytest.fixture(scope="module")
def closed_books(tmp_path_factory):
    """Three laptops that know one household, and that its telephone number was changed three times."""

    def change_a_number(books):
        with books[0].writing() as session:
            household(session)
        for n in range(1, 4):
            edit_record(books[0], household_id(), phone=f"1380000000{n}")
        for book in books:
            preferences.save(book, "backup_before_import", False)
        sync_all(books)

    return close_team(tmp_path_factory.mktemp("team"), PEOPLE, change_a_number)


@pytest.fixture
def books(closed_books, tmp_path):
    with opened_team(closed_books, tmp_path, *PEOPLE) as team:
        yield team


def cell_changes(book, column="phone"):
    with book.reading() as session:
        query = text("SELECT value, replaces FROM change WHERE row_id = :row AND column_name = :column ORDER BY seq")
        return [tuple(row) for row in session.execute(query, {"row": household_id(), "column": column})]


def test_folding_keeps_the_head_and_what_it_replaced(books):
    a = books[0]
    before = comparable_state(a)
    result = run_to_completion(compaction.estimate(a))
    assert (result.changes, result.disputed, result.holding) == (2, (), ())
    assert result.message.startswith("可以归并 2 条")
    compaction_result = run_to_completion(compaction.compact(a))
    assert compaction_result.changes == 2
    assert compaction_result.message.startswith("已归并 2 条旧修改，")
    [(value, replaces)] = cell_changes(a)
    assert (value, len(replaces.split())) == ("13800000003", 3)
    assert comparable_state(a) == before
    assert run_to_completion(check_integrity(a)) == []
    assert any("归并历史前" in copy.name for copy in backup.list_backups(a.path))
    with a.reading() as session:
        assert session.scalars(select(AuditEntry.how_many).filter_by(what="归并历史")).all() == [2]
        assert [tuple(row) for row in session.execute(text("SELECT first, last FROM folded"))] == [(6, 7)]
    again = run_to_completion(compaction.compact(a))
    assert again.message == "没有可以归并的旧修改，工作簿没有改动。"


def test_what_a_peer_has_not_acknowledged_waits(books):
    a, b, c = books
    edit_record(a, household_id(), phone="13800000004")
    send(a, b)
    send(b, a)
    result = run_to_completion(compaction.estimate(a))
    assert (result.changes, result.holding) == (3, ())
    edit_record(a, household_id(), phone="13800000005")
    result = run_to_completion(compaction.estimate(a))
    assert result.changes == 3
    assert [(one.name, one.changes) for one in result.holding] == [("石桥村 丙", 1)]
    assert "另有 1 条要等“石桥村 丙”收到（上次听到他是 20" in result.message
    peers.revoke(a, card_of(c).sign_key)
    assert (run_to_completion(compaction.estimate(a)).changes, run_to_completion(compaction.estimate(a)).holding) == (
        4,
        (),
    )


def test_a_household_under_dispute_is_left_alone(books):
    a, b, _ = books
    edit_record(a, household_id(), note="甲")
    edit_record(b, household_id(), note="乙")
    with a.writing() as session:
        household(session, members=0, number=2)
    for n in range(3):
        edit_record(a, household_id(2), phone=f"1390000000{n}")
    sync_all(books)
    result = run_to_completion(compaction.estimate(a))
    assert (result.changes, result.disputed) == (2, ("陈卫国（下屋组）",))
    assert run_to_completion(compaction.compact(a)).message.count("陈卫国（下屋组）还有冲突没有处理，历史都留着。") == 1
    assert len(cell_changes(a)) == 3


def test_a_withdrawal_that_waits_for_a_decision_is_a_dispute(books):
    a, b, _ = books
    edit_record(a, household_id(), withdrawn=True)
    edit_record(b, household_id(), note="乙不知道")
    sync_all(books)
    assert run_to_completion(compaction.estimate(a)).changes == 0


def test_a_new_peer_gets_a_whole_copy_without_what_was_folded(books, tmp_path):
    a = books[0]
    run_to_completion(compaction.compact(a))
    new = workbook(tmp_path, "新.hdb", "丁")
    exchange_cards(a, new)
    path = write_package(a, new)
    assert path.read_bytes()[14] == package.FORMAT
    receipt = run_to_completion(package_import.import_package(new, path))
    assert receipt.new_changes == len(full_state(a)["journal"])
    assert run_to_completion(check_integrity(new)) == []
    send(new, a)
    send(a, new)
    assert comparable_state(new) == comparable_state(a)
    with new.reading() as session:
        assert [tuple(row) for row in session.execute(text("SELECT first, last FROM folded"))] == [(6, 7)]
    # and hands it on
    other = workbook(tmp_path, "又.hdb", "戊")
    exchange_cards(new, other)
    send(new, other)
    send(other, new)
    assert comparable_state(other)["records"] == comparable_state(new)["records"]
    assert run_to_completion(package_import.verify_package(new, path)).known_before
    new.close()
    other.close()


def test_a_program_of_before_refuses_it(books, tmp_path, monkeypatch):
    a = books[0]
    run_to_completion(compaction.compact(a))
    new = workbook(tmp_path, "新.hdb", "丁")
    exchange_cards(a, new)
    path = write_package(a, new)
    monkeypatch.delitem(package._BLOCK_DECODERS, package.FORMAT)
    before = full_state(new)
    with pytest.raises(NewerPackage, match="请先升级本程序"):
        run_to_completion(package_import.import_package(new, path))
    assert full_state(new) == before
    new.close()


def test_without_folded_numbers_the_format_stays_that_of_before(books):
    a, b, _ = books
    run_to_completion(compaction.compact(a))
    edit_record(a, household_id(), note="后来")
    assert write_package(a, b).read_bytes()[14] == package.FORMAT


def test_whoever_has_the_changes_keeps_them(books):
    a, b, _ = books
    run_to_completion(compaction.compact(a))
    stored = cell_changes(b)
    path = a.path.with_name("全部.hdpack")
    run_to_completion(package_export.write_package(a, peers.load_own_card(b).sign_key, path, full=True))
    run_to_completion(package_import.import_package(b, path))
    assert cell_changes(b) == stored
    assert run_to_completion(check_integrity(b)) == []


def test_a_restored_backup_that_still_shows_a_folded_value(books, tmp_path):
    """乙 goes back to when the number had been changed once only."""
    a, b, _ = books
    old = workbook(tmp_path, "旧.hdb", "丁")
    exchange_cards(*books, old)
    with old.writing() as session:
        household(session, members=0, number=3)
    for n in range(1, 3):
        edit_record(old, household_id(3), phone=f"1370000000{n}")
        if n == 1:
            send(old, b)
            run_to_completion(backup.backup(b, tmp_path / "早.hdb"))
    edit_record(old, household_id(3), phone="13700000003")
    sync_all([*books, old])
    for book in (*books, old):
        run_to_completion(compaction.compact(book))
    path = b.path
    b.close()
    run_to_completion(backup.restore(tmp_path / "早.hdb", path, PASSPHRASE))
    b = books[1] = access.unlock(path, PASSPHRASE)
    assert read_cell(b, household_id(3), "phone") == "13700000001"
    edit_record(b, household_id(3), note="在旧备份上写的")
    sync_all([*books, old])
    assert read_cell(b, household_id(3), "phone") == "13700000003"
    assert len({repr(sorted(all_records(book).items())) for book in (*books, old)}) == 1
    assert conflicts.list_conflicts(a) == ()
    old.close()


def test_an_edit_of_a_folded_value_is_a_conflict(books, tmp_path):
    """丙's backup shows a number that was folded since; what is written there did not know of the later ones."""
    a, _, c = books
    edit_record(a, household_id(), phone="13800000004")
    send(a, c)
    run_to_completion(backup.backup(c, tmp_path / "早.hdb"))
    edit_record(a, household_id(), phone="13800000005")
    sync_all(books)
    run_to_completion(compaction.compact(a))
    path = c.path
    c.close()
    run_to_completion(backup.restore(tmp_path / "早.hdb", path, PASSPHRASE))
    c = books[2] = access.unlock(path, PASSPHRASE)
    edit_record(c, household_id(), phone="13811111111")
    send(c, a)
    [conflict] = conflicts.list_conflicts(a)
    assert {side.value for side in conflict.sides} == {"13800000005", "13811111111"}
    assert {side.before for side in conflict.sides} == {"（历史已归并）"}


def test_history_says_that_it_was_folded(books):
    a = books[0]
    with a.reading() as session:
        assert [line.before for line in household_history(session, household_id()) if line.label == "联系电话"][
            -1
        ] == ""
    run_to_completion(compaction.compact(a))
    with a.reading() as session:
        [line] = [line for line in household_history(session, household_id()) if line.label == "联系电话"]
    assert line.before == "（历史已归并）"


def test_imports_that_were_folded_into_cannot_be_undone(books):
    a, b, _ = books
    send(a, b)
    edit_record(a, household_id(), phone="13800000004")
    receipt = send(a, b)
    sync_all(books)
    run_to_completion(compaction.compact(b))
    result = {one.n: one.reason for one in run_to_completion(import_undo.list_undoable(b))}
    assert "已经归并过" in result[receipt.n]


def test_an_import_that_brought_folded_numbers_can_be_undone(books, tmp_path):
    a = books[0]
    run_to_completion(compaction.compact(a))
    new = workbook(tmp_path, "新.hdb", "丁")
    exchange_cards(a, new)
    path = write_package(a, new)
    before = full_state(new)
    receipt = run_to_completion(package_import.import_package(new, path))
    after = full_state(new)
    run_to_completion(import_undo.undo_import(new, receipt.n))
    assert full_state(new) == before
    with new.reading() as session:
        assert session.execute(text("SELECT count(*) FROM folded")).scalar_one() == 0
    run_to_completion(package_import.import_package(new, path))
    assert full_state(new) == after
    assert run_to_completion(check_integrity(new)) == []
    new.close()


def test_skips_that_no_workbook_could_declare_are_refused(books, tmp_path, monkeypatch):
    a = books[0]
    run_to_completion(compaction.compact(a))
    new = workbook(tmp_path, "新.hdb", "丁")
    exchange_cards(a, new)
    # numbers beyond what the manifest tells, in a plain package, of another village
    for wrong in ("beyond", "format", "village"):
        with monkeypatch.context() as patch:
            real = package_export.encode_compacted

            def skips(result, ends, wrong=wrong, real=real):
                if wrong == "beyond":
                    result = [result[0]._replace(last=99)]
                if wrong == "village":
                    result = [result[0]._replace(village="340828100102")]
                return real(result, ends)

            patch.setattr(package_export, "encode_compacted", skips)
            if wrong == "format":
                patch.setattr(package, "FORMAT", 1)
            path = write_package(a, new, tmp_path / f"{wrong}.hdpack")
        before = full_state(new)
        with pytest.raises((Tampered, package_import.InvalidContent, package_import.UserError)):
            run_to_completion(package_import.import_package(new, path))
        assert full_state(new) == before
    new.close()


def test_cancelled_in_the_middle_nothing_is_folded(books):
    a = books[0]
    before = full_state(a)
    task = compaction.compact(a)
    for progress in task:
        if progress.message == "归并历史":
            task.close()
            break
    assert full_state(a) == before
    assert run_to_completion(check_integrity(a)) == []


def test_without_room_the_history_is_folded_and_the_sentence_says_so(books, monkeypatch):
    a = books[0]

    def no_room():
        raise package_import.UserError("磁盘已满")

    monkeypatch.setattr(a, "vacuum", no_room)
    compaction_result = run_to_completion(compaction.compact(a))
    assert "文件没能整理（磁盘要有再放一份的空间）" in compaction_result.message
    assert len(cell_changes(a)) == 1


@settings(
    max_examples=max(1, int(os.environ.get("HUDANG_HISTORIES", "12")) // 6),
    deadline=None,
    suppress_health_check=list(HealthCheck),
    database=None,
)
@given(
    before=st.lists(deeds, min_size=6, max_size=16),
    restored=st.sampled_from([None, 0, 1, 2]),
    after=st.lists(deeds, max_size=5),
    folding=st.sets(st.integers(0, len(PEOPLE) - 1), min_size=1),
)
def test_any_history_converges_as_without_folding(template, before, restored, after, folding):  # noqa: F811
    """Two teams live through the same history; one of them folds in the middle, and a laptop of both may be restored
    from a copy of before. In the end both show the same records, heads and conflicts, and so does a new laptop.

    More and wilder histories, without the files: tests/db/test_compaction.py.
    """
    ends = []
    for folds_too in (False, True):
        folder = Path(tempfile.mkdtemp())
        team = ReplicaTeam(folder, template)
        try:
            ends.append(team.run_history(before, restored, after, folding if folds_too else set()))
        finally:
            team.close()
            shutil.rmtree(folder)
    assert ends[0] == ends[1]


later = st.tuples(st.sampled_from(["undo", "fold", "copy", "restore", "meet"]), laptop, st.integers(0, 2))


@settings(
    max_examples=max(1, int(os.environ.get("HUDANG_HISTORIES", "12")) // 6),
    deadline=None,
    suppress_health_check=list(HealthCheck),
    database=None,
)
@given(history=st.lists(st.one_of(deeds, deeds, later), min_size=15, max_size=35))
def test_undone_folded_joined_and_restored_in_any_order(template, history):  # noqa: F811
    """Whatever the order, each workbook stays proved by its journal, and in the end all show the same."""
    folder = Path(tempfile.mkdtemp())
    team = ReplicaTeam(folder, template)
    try:
        for action in history:
            with contextlib.suppress(MissingChanges):
                team.perform(action)
            assert [run_to_completion(check_integrity(book)) for book in team.books] == [[]] * len(team.books)
        sync_in_order(team.books)
        sync_in_order(team.books)
        states = [comparable_state(book) for book in team.books]
        assert all(one == states[0] for one in states)
    finally:
        team.close()
        shutil.rmtree(folder)


class ReplicaTeam:
    """Laptops whose replicas are called by the order in which they began, so that two teams can be compared."""

    def __init__(self, folder, template_folder):
        self.folder, self.books, self.labels = folder, [], {}
        for who, name in enumerate(PEOPLE):
            shutil.copy(template_folder / f"{name}.hdb", folder)
            self.books.append(access.unlock(folder / f"{name}.hdb", PASSPHRASE))
            self.labels[self.books[-1].replica] = f"{who}"

    def run_history(self, before, restored, after, compacting):
        for action in before[: len(before) // 2]:
            perform(self.books, action)
        if restored is not None:
            run_to_completion(backup.backup(self.books[restored], self.folder / "备份"))
        for action in before[len(before) // 2 :]:
            perform(self.books, action)
        sync_all(self.books, 1)
        for who in sorted(compacting):
            run_to_completion(compaction.compact(self.books[who]))
            assert run_to_completion(check_integrity(self.books[who])) == []
        if restored is not None:
            self.restore(restored)
        for action in after:
            with contextlib.suppress(MissingChanges):
                perform(self.books, action)
        sync_in_order(self.books)
        for who in sorted(compacting):
            run_to_completion(compaction.compact(self.books[who]))
        new = workbook(self.folder, "全新.hdb", "丁")
        self.books.append(new)
        self.labels[new.replica] = "new"
        exchange_cards(*self.books)
        sync_in_order(self.books)
        states = [self.normalize(comparable_state(book)) for book in self.books]
        assert all(one == states[0] for one in states)
        assert [run_to_completion(check_integrity(book)) for book in self.books] == [[]] * len(self.books)
        return states[0]

    def perform(self, action):
        what, who, *how = action
        copy = self.folder / f"备份 {who}"
        if what == "undo":
            can = [one.n for one in run_to_completion(import_undo.list_undoable(self.books[who])) if not one.reason]
            if can:
                run_to_completion(import_undo.undo_import(self.books[who], can[how[0] % len(can)]))
        elif what == "fold":
            before = comparable_state(self.books[who])
            run_to_completion(compaction.compact(self.books[who]))
            assert comparable_state(self.books[who]) == before
        elif what == "copy":
            copy.unlink(missing_ok=True)
            run_to_completion(backup.backup(self.books[who], copy))
        elif what == "restore" and copy.exists():
            self.restore(who, copy)
        elif what == "meet":
            sync_all(self.books, 1)
        elif what != "restore":
            perform(self.books, action)

    def restore(self, who, copy=None):
        path = self.books[who].path
        self.books[who].close()
        run_to_completion(backup.restore(copy or self.folder / "备份", path, PASSPHRASE))
        self.books[who] = access.unlock(path, PASSPHRASE)
        self.labels[self.books[who].replica] = f"{who} again"

    def normalize(self, raw_state):
        """Heads by the names of their laptops; random ids of records and stamps that lie between do not count."""
        known = {Household.id_of(f"{VILLAGE.code}{n:03}") for n in (1, 2)}
        return {
            "heads": {
                (row, column, self.labels.get(replica, ""), number)
                for row, column, replica, number in raw_state["heads"]
                if row in known
            },
            "households": raw_state["records"]["household"],
            "visits": len(raw_state["records"]["visit"]),
            "conflicts": {one for one in raw_state["conflicts"] if any(row in one[0] for row in known)},
        }

    def close(self):
        for book in self.books:
            book.close()
