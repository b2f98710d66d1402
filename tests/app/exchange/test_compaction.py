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

from app.exchange import compaction, conflicts, incoming, outgoing, package, peers, undo
from app.exchange.refusals import Altered, MissingChanges, NewerPackage
from app.progress import finish
from app.records.history import history
from app.workbook import access, backup
from app.workbook.soundness import faults
from db.schema.exchange import Deed
from db.schema.household import Household
from tests.app.exchange.team import acquaint, all_records, card_of, cell, edit, laptops, packed, send, standing
from tests.app.exchange.test_undo import PEOPLE, deeds, do, home, laptop, template  # noqa: F401  a fixture
from tests.builders import PASSPHRASE, VILLAGE, household, workbook


def meet(books, rounds=2):
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


def meet_in_a_row(books):
    """Along a row and back: in the end everybody knows everything."""
    pairs = list(pairwise(books))
    for one, other in (*pairs, *reversed(pairs)):
        meet((one, other), 1)


def what_counts(book):
    """What folding must not change: records, heads, vector, open conflicts."""
    found = standing(book)
    return {name: found[name] for name in ("records", "heads", "vector")} | {
        "conflicts": {(one.id, frozenset(side.value for side in one.sides)) for one in conflicts.listed(book)}
    }


@pytest.fixture
def books(tmp_path):
    """Three laptops that know one household, and that its telephone number was changed three times."""
    made = laptops(tmp_path, *PEOPLE)
    with made[0].writing() as session:
        household(session)
    for n in range(1, 4):
        edit(made[0], home(), phone=f"1380000000{n}")
    meet(made)
    yield made
    for book in made:
        book.close()


def changes(book, column="phone"):
    with book.reading() as session:
        query = text("SELECT value, replaces FROM change WHERE row_id = :row AND column_name = :column ORDER BY seq")
        return [tuple(row) for row in session.execute(query, {"row": home(), "column": column})]


def test_folding_keeps_the_head_and_what_it_replaced(books):
    a = books[0]
    before = what_counts(a)
    found = finish(compaction.measure(a))
    assert (found.changes, found.disputed, found.holding) == (2, (), ())
    assert found.sentence.startswith("可以归并 2 条")
    done = finish(compaction.fold(a))
    assert done.changes == 2
    assert done.sentence.startswith("已归并 2 条旧修改，")
    [(value, replaces)] = changes(a)
    assert (value, len(replaces.split())) == ("13800000003", 3)
    assert what_counts(a) == before
    assert finish(faults(a)) == []
    assert any("归并历史前" in copy.name for copy in backup.copies(a.path))
    with a.reading() as session:
        assert session.scalars(select(Deed.how_many).filter_by(what="归并历史")).all() == [2]
        assert [tuple(row) for row in session.execute(text("SELECT first, last FROM folded"))] == [(6, 7)]
    again = finish(compaction.fold(a))
    assert again.sentence == "没有可以归并的旧修改，工作簿没有改动。"


def test_what_a_peer_has_not_acknowledged_waits(books):
    a, b, c = books
    edit(a, home(), phone="13800000004")
    send(a, b)
    send(b, a)
    found = finish(compaction.measure(a))
    assert (found.changes, found.holding) == (3, ())
    edit(a, home(), phone="13800000005")
    found = finish(compaction.measure(a))
    assert found.changes == 3
    assert [(one.name, one.changes) for one in found.holding] == [("石桥村 丙", 1)]
    assert "另有 1 条要等“石桥村 丙”收到（上次听到他是 20" in found.sentence
    peers.revoke(a, card_of(c).sign_key)
    assert (finish(compaction.measure(a)).changes, finish(compaction.measure(a)).holding) == (4, ())


def test_a_household_under_dispute_is_left_alone(books):
    a, b, _ = books
    edit(a, home(), note="甲")
    edit(b, home(), note="乙")
    with a.writing() as session:
        household(session, members=0, number=2)
    for n in range(3):
        edit(a, home(2), phone=f"1390000000{n}")
    meet(books)
    found = finish(compaction.measure(a))
    assert (found.changes, found.disputed) == (2, ("陈卫国（下屋组）",))
    assert finish(compaction.fold(a)).sentence.count("陈卫国（下屋组）还有冲突没有处理，历史都留着。") == 1
    assert len(changes(a)) == 3


def test_a_withdrawal_that_waits_for_a_decision_is_a_dispute(books):
    a, b, _ = books
    edit(a, home(), withdrawn=True)
    edit(b, home(), note="乙不知道")
    meet(books)
    assert finish(compaction.measure(a)).changes == 0


def test_a_new_peer_gets_a_whole_copy_without_what_was_folded(books, tmp_path):
    a = books[0]
    finish(compaction.fold(a))
    new = workbook(tmp_path, "新.hdb", "丁")
    acquaint(a, new)
    path = packed(a, new)
    assert path.read_bytes()[14] == package.FORMAT_WITH_SKIPS
    receipt = finish(incoming.apply(new, path))
    assert receipt.new_changes == len(standing(a)["journal"])
    assert finish(faults(new)) == []
    send(new, a)
    send(a, new)
    assert what_counts(new) == what_counts(a)
    with new.reading() as session:
        assert [tuple(row) for row in session.execute(text("SELECT first, last FROM folded"))] == [(6, 7)]
    # and hands it on
    other = workbook(tmp_path, "又.hdb", "戊")
    acquaint(new, other)
    send(new, other)
    send(other, new)
    assert what_counts(other)["records"] == what_counts(new)["records"]
    assert finish(incoming.verify(new, path)).known_before
    new.close()
    other.close()


def test_a_program_of_before_refuses_it(books, tmp_path, monkeypatch):
    a = books[0]
    finish(compaction.fold(a))
    new = workbook(tmp_path, "新.hdb", "丁")
    acquaint(a, new)
    path = packed(a, new)
    monkeypatch.delitem(package._MIDDLE, package.FORMAT_WITH_SKIPS)
    before = standing(new)
    with pytest.raises(NewerPackage, match="请先升级本程序"):
        finish(incoming.apply(new, path))
    assert standing(new) == before
    new.close()


def test_without_folded_numbers_the_format_stays_that_of_before(books):
    a, b, _ = books
    finish(compaction.fold(a))
    edit(a, home(), note="后来")
    assert packed(a, b).read_bytes()[14] == package.FORMAT


def test_whoever_has_the_changes_keeps_them(books):
    a, b, _ = books
    finish(compaction.fold(a))
    kept = changes(b)
    path = a.path.with_name("全部.hdpack")
    finish(outgoing.write_package(a, peers.my_card(b).sign_key, path, everything=True))
    finish(incoming.apply(b, path))
    assert changes(b) == kept
    assert finish(faults(b)) == []


def test_a_restored_backup_that_still_shows_a_folded_value(books, tmp_path):
    """乙 goes back to when the number had been changed once only."""
    a, b, _ = books
    old = workbook(tmp_path, "旧.hdb", "丁")
    acquaint(*books, old)
    with old.writing() as session:
        household(session, members=0, number=3)
    for n in range(1, 3):
        edit(old, home(3), phone=f"1370000000{n}")
        if n == 1:
            send(old, b)
            finish(backup.backup(b, tmp_path / "早.hdb"))
    edit(old, home(3), phone="13700000003")
    meet([*books, old])
    for book in (*books, old):
        finish(compaction.fold(book))
    path = b.path
    b.close()
    finish(backup.restore(tmp_path / "早.hdb", path, PASSPHRASE))
    b = books[1] = access.unlock(path, PASSPHRASE)
    assert cell(b, home(3), "phone") == "13700000001"
    edit(b, home(3), note="在旧备份上写的")
    meet([*books, old])
    assert cell(b, home(3), "phone") == "13700000003"
    assert len({repr(sorted(all_records(book).items())) for book in (*books, old)}) == 1
    assert conflicts.listed(a) == ()
    old.close()


def test_an_edit_of_a_folded_value_is_a_conflict(books, tmp_path):
    """丙's backup shows a number that was folded since; what is written there did not know of the later ones."""
    a, _, c = books
    edit(a, home(), phone="13800000004")
    send(a, c)
    finish(backup.backup(c, tmp_path / "早.hdb"))
    edit(a, home(), phone="13800000005")
    meet(books)
    finish(compaction.fold(a))
    path = c.path
    c.close()
    finish(backup.restore(tmp_path / "早.hdb", path, PASSPHRASE))
    c = books[2] = access.unlock(path, PASSPHRASE)
    edit(c, home(), phone="13811111111")
    send(c, a)
    [conflict] = conflicts.listed(a)
    assert {side.value for side in conflict.sides} == {"13800000005", "13811111111"}
    assert {side.before for side in conflict.sides} == {"（历史已归并）"}


def test_history_says_that_it_was_folded(books):
    a = books[0]
    with a.reading() as session:
        assert [line.before for line in history(session, home()) if line.label == "联系电话"][-1] == ""
    finish(compaction.fold(a))
    with a.reading() as session:
        [line] = [line for line in history(session, home()) if line.label == "联系电话"]
    assert line.before == "（历史已归并）"


def test_imports_that_were_folded_into_cannot_be_undone(books):
    a, b, _ = books
    send(a, b)
    edit(a, home(), phone="13800000004")
    receipt = send(a, b)
    meet(books)
    finish(compaction.fold(b))
    found = {one.n: one.reason for one in finish(undo.possible(b))}
    assert "已经归并过" in found[receipt.n]


def test_an_import_that_brought_folded_numbers_can_be_undone(books, tmp_path):
    a = books[0]
    finish(compaction.fold(a))
    new = workbook(tmp_path, "新.hdb", "丁")
    acquaint(a, new)
    path = packed(a, new)
    before = standing(new)
    receipt = finish(incoming.apply(new, path))
    after = standing(new)
    finish(undo.undo(new, receipt.n))
    assert standing(new) == before
    with new.reading() as session:
        assert session.execute(text("SELECT count(*) FROM folded")).scalar_one() == 0
    finish(incoming.apply(new, path))
    assert standing(new) == after
    assert finish(faults(new)) == []
    new.close()


def test_skips_that_no_workbook_could_declare_are_refused(books, tmp_path, monkeypatch):
    a = books[0]
    finish(compaction.fold(a))
    new = workbook(tmp_path, "新.hdb", "丁")
    acquaint(a, new)
    # numbers beyond what the manifest tells, in a plain package, of another village
    for wrong in ("beyond", "format", "village"):
        with monkeypatch.context() as patch:
            real = outgoing.skips_packed

            def skips(found, ends, wrong=wrong, real=real):
                if wrong == "beyond":
                    found = [found[0]._replace(last=99)]
                if wrong == "village":
                    found = [found[0]._replace(village="340828100102")]
                return real(found, ends)

            patch.setattr(outgoing, "skips_packed", skips)
            if wrong == "format":
                patch.setattr(package, "FORMAT_WITH_SKIPS", package.FORMAT)
            path = packed(a, new, tmp_path / f"{wrong}.hdpack")
        before = standing(new)
        with pytest.raises((Altered, incoming.StrangeContent, incoming.OfficeError)):
            finish(incoming.apply(new, path))
        assert standing(new) == before
    new.close()


def test_cancelled_in_the_middle_nothing_is_folded(books):
    a = books[0]
    before = standing(a)
    work = compaction.fold(a)
    for progress in work:
        if progress.doing == "归并历史":
            work.close()
            break
    assert standing(a) == before
    assert finish(faults(a)) == []


def test_without_room_the_history_is_folded_and_the_sentence_says_so(books, monkeypatch):
    a = books[0]

    def no_room():
        raise incoming.OfficeError("磁盘已满")

    monkeypatch.setattr(a, "give_back_space", no_room)
    done = finish(compaction.fold(a))
    assert "文件没能整理（磁盘要有再放一份的空间）" in done.sentence
    assert len(changes(a)) == 1


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

    More and wilder histories, without the files: tests/db/test_folding.py.
    """
    ends = []
    for folds_too in (False, True):
        folder = Path(tempfile.mkdtemp())
        team = Team(folder, template)
        try:
            ends.append(team.lives(before, restored, after, folding if folds_too else set()))
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
    team = Team(folder, template)
    try:
        for deed in history:
            with contextlib.suppress(MissingChanges):
                team.does(deed)
            assert [finish(faults(book)) for book in team.books] == [[]] * len(team.books)
        meet_in_a_row(team.books)
        meet_in_a_row(team.books)
        found = [what_counts(book) for book in team.books]
        assert all(one == found[0] for one in found)
    finally:
        team.close()
        shutil.rmtree(folder)


class Team:
    """Laptops whose replicas are called by the order in which they began, so that two teams can be compared."""

    def __init__(self, folder, made_once):
        self.folder, self.books, self.names = folder, [], {}
        for who, name in enumerate(PEOPLE):
            shutil.copy(made_once / f"{name}.hdb", folder)
            self.books.append(access.unlock(folder / f"{name}.hdb", PASSPHRASE))
            self.names[self.books[-1].replica] = f"{who}"

    def lives(self, before, restored, after, folding):
        for deed in before[: len(before) // 2]:
            do(self.books, deed)
        if restored is not None:
            finish(backup.backup(self.books[restored], self.folder / "备份"))
        for deed in before[len(before) // 2 :]:
            do(self.books, deed)
        meet(self.books, 1)
        for who in sorted(folding):
            finish(compaction.fold(self.books[who]))
            assert finish(faults(self.books[who])) == []
        if restored is not None:
            self.restore(restored)
        for deed in after:
            with contextlib.suppress(MissingChanges):
                do(self.books, deed)
        meet_in_a_row(self.books)
        for who in sorted(folding):
            finish(compaction.fold(self.books[who]))
        new = workbook(self.folder, "全新.hdb", "丁")
        self.books.append(new)
        self.names[new.replica] = "new"
        acquaint(*self.books)
        meet_in_a_row(self.books)
        found = [self.named(what_counts(book)) for book in self.books]
        assert all(one == found[0] for one in found)
        assert [finish(faults(book)) for book in self.books] == [[]] * len(self.books)
        return found[0]

    def does(self, deed):
        what, who, *how = deed
        copy = self.folder / f"备份 {who}"
        if what == "undo":
            can = [one.n for one in finish(undo.possible(self.books[who])) if not one.reason]
            if can:
                finish(undo.undo(self.books[who], can[how[0] % len(can)]))
        elif what == "fold":
            before = what_counts(self.books[who])
            finish(compaction.fold(self.books[who]))
            assert what_counts(self.books[who]) == before
        elif what == "copy":
            copy.unlink(missing_ok=True)
            finish(backup.backup(self.books[who], copy))
        elif what == "restore" and copy.exists():
            self.restore(who, copy)
        elif what == "meet":
            meet(self.books, 1)
        elif what != "restore":
            do(self.books, deed)

    def restore(self, who, copy=None):
        path = self.books[who].path
        self.books[who].close()
        finish(backup.restore(copy or self.folder / "备份", path, PASSPHRASE))
        self.books[who] = access.unlock(path, PASSPHRASE)
        self.names[self.books[who].replica] = f"{who} again"

    def named(self, found):
        """Heads by the names of their laptops; random ids of records and stamps that lie between do not count."""
        known = {Household.id_of(f"{VILLAGE.code}{n:03}") for n in (1, 2)}
        return {
            "heads": {
                (row, column, self.names.get(replica, ""), number)
                for row, column, replica, number in found["heads"]
                if row in known
            },
            "households": found["records"]["household"],
            "visits": len(found["records"]["visit"]),
            "conflicts": {one for one in found["conflicts"] if any(row in one[0] for row in known)},
        }

    def close(self):
        for book in self.books:
            book.close()
