"""Random histories of several laptops, against a model that knows who had seen what.

The model keeps, for every edit, what its writer had received before; from that alone follow the heads of every cell,
whatever way the packages took. HUDANG_HISTORIES and HUDANG_STEPS make the run longer.
"""

import os
import shutil
import tempfile
from dataclasses import dataclass, field
from itertools import permutations
from pathlib import Path

import pytest
from hypothesis import HealthCheck, settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, initialize, rule
from sqlalchemy import text

from app.exchange import conflicts, incoming
from app.exchange.refusals import MissingChanges
from app.progress import finish
from app.workbook import access
from db.conflict import open_conflicts
from db.schema.household import Household
from tests.app.exchange.team import acquaint, all_records, all_tables, cell, edit, journal, packed
from tests.builders import PASSPHRASE, VILLAGE, workbook

PEOPLE = ("甲", "乙", "丙", "丁")
COLUMNS = ("note", "phone", "group_name")
VALUES = ("一", "二", "三", None)
laptop = st.integers(0, len(PEOPLE) - 1)
home = st.integers(1, 2)

Dot = tuple[str, int]  # replica, number


@dataclass
class Edit:
    """`replaces`: the edits of the same cell that its writer knew; `birth`: it came with a new row."""

    row: str
    column: str
    value: str | None
    birth: bool
    replaces: set[Dot]


@dataclass
class Model:
    """Every edit anywhere, and for each laptop the dots it has received."""

    edits: dict[tuple[Dot, str], Edit] = field(default_factory=dict)
    known: list[set[Dot]] = field(default_factory=lambda: [set() for _ in PEOPLE])

    def heads(self, who: int) -> dict[tuple[str, str], set[str | None]]:
        """The values of the heads of every cell as this laptop must see them."""
        edits = {key: edit for key, edit in self.edits.items() if key[0] in self.known[who]}
        gone = {(dot, edit.column) for edit in edits.values() for dot in edit.replaces}
        # a birth is replaced too where an edit replaced another birth of the row with the same value
        agreed = {(edits[key].row, key[1], edits[key].value) for key in gone if key in edits and edits[key].birth}
        found: dict[tuple[str, str], set[str | None]] = {}
        for key, one in edits.items():
            if key not in gone and not (one.birth and (one.row, one.column, one.value) in agreed):
                found.setdefault((one.row, one.column), set()).add(one.value)
        return found


@pytest.fixture(scope="module", autouse=True)
def template(tmp_path_factory):
    """Workbooks that know each other, copied for each history: making them is slow."""
    folder = tmp_path_factory.mktemp("team")
    patch = pytest.MonkeyPatch()
    patch.setenv("HUDANG_STATE", str(folder / "state"))
    books = [workbook(folder, f"{name}.hdb", name) for name in PEOPLE]
    acquaint(*books)
    for book in books:
        book.close()
    Histories.template = folder
    yield
    patch.undo()


class Histories(RuleBasedStateMachine):
    template: Path

    @initialize()
    def start(self):
        self.folder = Path(tempfile.mkdtemp())
        self.model, self.packages, self.copies = Model(), [], {}
        self.books = []
        for name in PEOPLE:
            shutil.copy(self.template / f"{name}.hdb", self.folder)
            self.books.append(access.unlock(self.folder / f"{name}.hdb", PASSPHRASE))

    def own_last(self, who):
        with self.books[who].reading() as session:
            found = session.execute(
                text("SELECT last FROM stream WHERE replica = :r"), {"r": self.books[who].replica}
            ).scalar()
        return found or 0

    def wrote(self, who, before, row, column, value, birth=False):
        """Tell the model of a change that the journal took down."""
        last = self.own_last(who)
        if last == before:
            return
        known = self.model.known[who]
        dot = (self.books[who].replica, last)
        for name in COLUMNS if birth else (column,):
            replaces = (
                set()
                if birth
                else {d for (d, c), e in self.model.edits.items() if c == name and e.row == row and d in known}
            )
            shown = value.get(name) if birth else value
            self.model.edits[dot, name] = Edit(row, name, shown, birth, replaces)
        known.add(dot)

    def row(self, number):
        return Household.id_of(f"{VILLAGE.code}{number:03}")

    def exists(self, who, number):
        with self.books[who].reading() as session:
            return session.get(Household, self.row(number)) is not None

    @rule(who=laptop, number=home, note=st.sampled_from(VALUES), group=st.sampled_from(VALUES))
    def new_household(self, who, number, note, group):
        if self.exists(who, number):
            return
        before = self.own_last(who)
        cells = {"note": note, "group_name": group}
        with self.books[who].writing() as session:
            session.add(Household(id=self.row(number), village=VILLAGE.code, **cells))
        self.wrote(who, before, self.row(number), "", cells, birth=True)

    @rule(who=laptop, number=home, column=st.sampled_from(COLUMNS), value=st.sampled_from(VALUES))
    def write(self, who, number, column, value):
        if self.exists(who, number):
            before = self.own_last(who)
            edit(self.books[who], self.row(number), **{column: value})
            self.wrote(who, before, self.row(number), column, value)

    @rule(who=laptop, number=home, withdrawn=st.booleans())
    def withdraw(self, who, number, withdrawn):
        if self.exists(who, number):
            before = self.own_last(who)
            edit(self.books[who], self.row(number), withdrawn=withdrawn)
            if self.own_last(who) != before:
                self.model.known[who].add((self.books[who].replica, self.own_last(who)))

    @rule(who=laptop, take=st.sampled_from(["ours", "theirs", "三"]))
    def settle(self, who, take):
        listed = [one for one in conflicts.listed(self.books[who]) if one.column in COLUMNS]
        if listed:
            before = self.own_last(who)
            one = listed[0]
            value = {"ours": one.ours.value, "theirs": one.theirs.value}.get(take, take)
            finish(conflicts.settle(self.books[who], one, take))
            self.wrote(who, before, one.row, one.column, value)

    def export(self, who, to):
        path = self.folder / f"{len(self.packages)}.hdpack"
        packed(self.books[who], self.books[to], path)
        self.packages.append((path, to, set(self.model.known[who])))
        return len(self.packages) - 1

    def take(self, n):
        path, to, carried = self.packages[n]
        finish(incoming.apply(self.books[to], path))
        self.model.known[to] |= carried

    @rule(pair=st.sampled_from(list(permutations(range(len(PEOPLE)), 2))), delivered=st.booleans())
    def send(self, pair, delivered):
        n = self.export(*pair)
        if delivered:
            self.take(n)

    @rule(n=st.integers(0, 30))
    def late_or_again(self, n):
        if self.packages:
            n %= len(self.packages)
            before = all_tables(self.books[self.packages[n][1]])
            try:
                self.take(n)
            except MissingChanges:  # it builds on a package that is still on its way
                assert all_tables(self.books[self.packages[n][1]]) == before

    @rule(who=laptop)
    def copy(self, who):
        """Keep the file as it is now, as a backup would."""
        self.books[who].close()
        path = self.books[who].path
        shutil.copy(path, path.with_suffix(".copy"))
        self.copies[who] = set(self.model.known[who])
        self.books[who] = access.unlock(path, PASSPHRASE)

    @rule(who=laptop)
    def restore(self, who):
        """The laptop died; its copy comes back as a new voice, without what it wrote or received since."""
        if who in self.copies:
            self.books[who].close()
            path = self.books[who].path
            shutil.copy(path.with_suffix(".copy"), path)
            self.books[who] = access.unlock(path, PASSPHRASE)
            self.model.known[who] = set(self.copies[who])

    def check_heads(self, who):
        with self.books[who].reading() as session:
            found = {
                (one.row, one.column): {head.value for head in one.heads}
                for one in open_conflicts(session)
                if one.column in COLUMNS
            }
        heads = self.model.heads(who)
        assert found == {where: values for where, values in heads.items() if len(values) > 1}
        for (row, column), values in heads.items():
            assert cell(self.books[who], row, column) in values

    def teardown(self):
        if not hasattr(self, "books"):
            return
        for who in range(len(PEOPLE)):
            self.check_heads(who)
        for _ in range(2):  # what a restored copy lacks is only sent to it once its own package has told so
            for pair in permutations(range(len(PEOPLE)), 2):
                try:
                    self.take(self.export(*pair))
                except MissingChanges:
                    self.take(self.export(*reversed(pair)))
                    self.take(self.export(*pair))
        first = all_records(self.books[0])
        for who, book in enumerate(self.books):
            assert all_records(book) == first
            assert journal(book) == journal(self.books[0])
            self.check_heads(who)
        written = {(dot, key) for dot, key in self.model.edits if any(dot in known for known in self.model.known)}
        kept = {((change[1], change[2]), change[3]) for change in journal(self.books[0])}
        assert {(dot, self.model.edits[dot, key].row) for dot, key in written} <= kept
        before = all_tables(self.books[0])
        for path, to, _ in self.packages:
            if to == 0 and finish(incoming.verify(self.books[0], path)).known_before:
                assert finish(incoming.apply(self.books[0], path)).new_changes == 0
        assert all_tables(self.books[0]) == before
        for book in self.books:
            book.close()
        shutil.rmtree(self.folder)


TestHistories = Histories.TestCase
TestHistories.settings = settings(
    max_examples=int(os.environ.get("HUDANG_HISTORIES", "12")),
    stateful_step_count=int(os.environ.get("HUDANG_STEPS", "30")),
    deadline=None,
    suppress_health_check=list(HealthCheck),
    database=None,
)
