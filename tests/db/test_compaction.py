"""Folding at any moment of any history changes nothing that anybody sees, on the journal alone."""

import os
import shutil
import tempfile
from pathlib import Path

import pytest
from hypothesis import HealthCheck, example, given, settings
from hypothesis import strategies as st
from sqlalchemy import text

from app.progress import run_to_completion
from app.workbook.access import unlock
from app.workbook.integrity import check_integrity
from db.journal import compaction
from db.journal.compaction import Compactor
from db.journal.conflicts import open_conflicts, resolve
from db.journal.merge import version_vector
from db.schema.household import Household
from tests.app.sync.peers import all_records
from tests.builders import PASSPHRASE, VILLAGE, workbook
from tests.replicas import make_replicas, sync

NAMES = "甲乙丙丁"
VALUES = ("一", "二", None)
who = st.integers(0, len(NAMES) - 1)
household_number = st.integers(1, 2)
action = st.one_of(
    st.tuples(st.just("new"), who, household_number, st.sampled_from(VALUES)),
    st.tuples(st.just("edit"), who, household_number, st.sampled_from(["note", "phone"]), st.sampled_from(VALUES)),
    st.tuples(st.just("edit"), who, household_number, st.just("note"), st.sampled_from(VALUES)),
    st.tuples(st.just("withdraw"), who, household_number, st.booleans()),
    st.tuples(st.just("sync"), who, who),
    st.tuples(st.just("sync"), who, who),
    st.tuples(st.just("resolve"), who, st.sampled_from(VALUES)),
    st.tuples(st.just("sync_all")),
    st.tuples(st.just("compact"), who),
    st.tuples(st.just("copy"), who),
    st.tuples(st.just("restore"), who),
)


@pytest.fixture(scope="module")
def empty(tmp_path_factory):
    """A closed workbook without households."""
    patch = pytest.MonkeyPatch()
    folder = tmp_path_factory.mktemp("empty")
    patch.setenv("HUDANG_STATE", str(folder / "state"))
    book = workbook(folder)
    book.close()
    yield book.path
    patch.undo()


class ReplicaTeam:
    """Laptops that pull from each other; replicas are called by the order in which they began."""

    def __init__(self, first, folder, folds):
        self.books, self.folds, self.copied = make_replicas(first, folder, NAMES), folds, set()
        self.names = {book.replica: str(n) for n, book in enumerate(self.books)}
        self.folded = 0

    def perform(self, what, *how):
        getattr(self, f"_{what}")(*how)

    def _id(self, number):
        return Household.id_of(f"{VILLAGE.code}{number:03}")

    def _new(self, who, number, note):
        with self.books[who].writing() as session:
            if session.get(Household, self._id(number)) is None:
                session.add(Household(id=self._id(number), village=VILLAGE.code, note=note))

    def _edit(self, who, number, column, value):
        with self.books[who].writing() as session:
            if (row := session.get(Household, self._id(number))) is not None:
                setattr(row, column, value)

    def _withdraw(self, who, number, withdrawn):
        self._edit(who, number, "withdrawn", withdrawn)

    def _sync(self, source, target):
        if source != target:
            sync(self.books[source], self.books[target])

    def _sync_all(self):
        for one in range(len(self.books)):
            for other in range(len(self.books)):
                self._sync(one, other)

    def _resolve(self, who, value):
        with self.books[who].writing() as session:
            if conflicts := open_conflicts(session):
                one = conflicts[0]
                resolve(session, one.table, one.row, one.column, value if one.column != "withdrawn" else value is None)

    def _copy(self, who):
        path = self.books[who].path
        self.books[who].close()
        shutil.copy(path, path.with_suffix(".copy"))
        self.copied.add(who)
        self._open(who)

    def _restore(self, who):
        if who in self.copied:
            path = self.books[who].path
            self.books[who].close()
            shutil.copy(path.with_suffix(".copy"), path)
            self._open(who)

    def _open(self, who):
        self.books[who] = unlock(self.books[who].path, PASSPHRASE)
        self.names.setdefault(self.books[who].replica, str(len(self.names)))

    def _compact(self, who):
        if not self.folds:
            return
        known = []
        for book in self.books:
            with book.reading() as session:
                known.append(version_vector(session))
        with self.books[who].writing() as session:
            streams = session.execute(text("SELECT n, village, replica FROM stream")).all()
            all_have = {n: min(has.get((village, replica), 0) for has in known) for n, village, replica in streams}
            spared = {one.row for one in open_conflicts(session)}
            compactor = Compactor(session)
            for _, records in compaction.iter_superseded(session):
                compactor.compact(
                    (
                        record,
                        {
                            edit.change_id
                            for edit in record.superseded()
                            if edit.change_id[1] <= all_have[edit.change_id[0]]
                        },
                    )
                    for record in records
                    if record.row not in spared
                )
            self.folded += compactor.finish()

    def check_converged(self):
        """What everybody sees when all have met."""
        self._sync_all()
        self._sync_all()
        states = [self._state(book) for book in self.books]
        assert all(one == states[0] for one in states)
        assert [run_to_completion(check_integrity(book)) for book in self.books] == [[]] * len(self.books)
        return states[0]

    def _state(self, book):
        with book.reading() as session:
            heads = session.execute(
                text(
                    "SELECT h.row_id, h.column_name, s.replica, h.number FROM head h JOIN stream s ON s.n = h.stream "
                    "WHERE h.row_id IN (SELECT id FROM household)"
                )
            )
            open_ = open_conflicts(session)
            return {
                "heads": {(row, column, self.names[replica], n) for row, column, replica, n in heads},
                "records": all_records(book)["household"],
                "conflicts": {(one.row, one.column, frozenset(head.value for head in one.heads)) for one in open_},
            }

    def close(self):
        for book in self.books:
            book.close()


MEET, FOLD = ("sync_all",), ("compact", 0)
# a copy still shows the beginning of a chain that was folded, and is edited after it was restored
FOLDED_BEHIND_A_COPY = [
    ("new", 0, 1, None),
    ("edit", 0, 1, "note", "一"),
    MEET,
    ("copy", 1),
    ("edit", 0, 1, "note", "二"),
    ("edit", 0, 1, "note", "一"),
    MEET,
    FOLD,
    ("restore", 1),
    ("edit", 1, 1, "note", None),
]
# an edit that takes over what a folded one replaced does not take over that this one knew of a withdrawal: a restored
# copy withdraws the record without knowing of it, and a person must be asked
WITHDRAWN_AGAIN = [
    ("new", 0, 1, None),
    MEET,
    ("withdraw", 0, 1, True),
    ("edit", 0, 1, "note", "一"),
    ("withdraw", 0, 1, False),
    MEET,
    ("copy", 2),
    ("edit", 1, 1, "note", "二"),
    MEET,
    FOLD,
    ("restore", 2),
    ("withdraw", 2, 1, True),
]


@settings(
    max_examples=int(os.environ.get("HUDANG_HISTORIES", "12")),
    deadline=None,
    suppress_health_check=list(HealthCheck),
    database=None,
)
@example(FOLDED_BEHIND_A_COPY)
@example(WITHDRAWN_AGAIN)
@given(st.lists(action, min_size=8, max_size=40))
def test_as_without_folding(empty, deeds):
    ends = []
    for folds in (False, True):
        folder = Path(tempfile.mkdtemp())
        team = ReplicaTeam(empty, folder, folds)
        try:
            for one in deeds:
                team.perform(*one)
            ends.append(team.check_converged())
        finally:
            team.close()
            shutil.rmtree(folder)
    assert ends[0] == ends[1]


def test_births_of_one_record_folded_on_one_laptop_only(empty, tmp_path):
    """A birth that comes late agrees with one that only a folded edit had replaced."""
    team = ReplicaTeam(empty, tmp_path, folds=True)
    team.perform("new", 0, 1, "一")
    team.perform("new", 3, 1, "一")
    for value in ("二", None, "二"):
        team.perform("edit", 0, 1, "note", value)
    for other in (1, 2):
        team.perform("sync", 0, other)
    with team.books[0].writing() as session:
        compactor = Compactor(session)
        for _, records in compaction.iter_superseded(session):
            compactor.compact((record, {edit.change_id for edit in record.superseded()}) for record in records)
        assert compactor.finish() == 2
    team.perform("sync", 3, 0)
    team.perform("sync", 0, 3)
    with team.books[3].reading() as session:
        assert open_conflicts(session) == []
    assert team.check_converged()["conflicts"] == set()
    team.close()
