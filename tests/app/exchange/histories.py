"""Random histories of a team's laptops, against a model that knows who had seen what.

The model keeps, for every change anywhere, what its writer knew of that record; from that alone follow the heads of
every cell and what is in conflict, whatever way the changes took. It knows nothing of replaced dots, stamps or blocks.
"""

import hashlib
import json
import os
import shutil
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field, replace
from datetime import date, datetime
from decimal import Decimal
from itertools import permutations
from pathlib import Path
from typing import Any

from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, initialize, rule
from sqlalchemy import select, text

from app.errors import OfficeError
from app.exchange import conflicts, incoming, peers
from app.exchange.refusals import MissingChanges, NothingToSend
from app.progress import finish
from app.records import joining
from app.records.draft import open_draft, save_draft
from app.workbook import access, backup
from app.workbook.soundness import faults
from app.workbook.workbook import Workbook
from db.conflict import open_conflicts
from db.merge import Gap, Merge, changes_after, vector
from db.schema import records
from db.schema.household import Household, LivingCondition, Member
from db.schema.photo import Photo, Picture
from tests import builders
from tests.app.exchange.team import OTHER_VILLAGE, acquaint, all_records, all_tables, card_of, edit, packed
from tests.builders import PASSPHRASE, VILLAGE
from tests.faults.conditions import clock

HERE, THERE = VILLAGE.code, OTHER_VILLAGE.code
# 乡 holds both villages, 丁 the other one
TEAM = {"甲": {HERE}, "乙": {HERE}, "丙": {HERE}, "丁": {THERE}, "乡": {HERE, THERE}}
HOMES = {1: HERE, 2: HERE, 3: HERE, 4: THERE}  # number → village
CLOCKS = (None, None, datetime(1970, 1, 1, 0, 0, 1), datetime(2099, 12, 31))
# one column of every kind; references and choices among them
VALUES: dict[str, dict[str, tuple[Any, ...]]] = {
    "household": {
        "note": ("一", "二\n三", "🌾𬱖", None),
        "phone": ("13800000001", "13800000002", None),
        "population": (3, 4, 0, None),
        "register_date": ("2014-05", None),
        "exit_year": (2018, 2019, None),
        "fill_date": (date(2018, 8, 1), date(2018, 8, 2), None),
        "is_military_family": (True, False, None),
        "household_kind": ("一般农户", "脱贫户", None),
        "cause_other": (("因病",), ("因病", "因学"), None),
    },
    "member": {
        "name": ("陈卫国", "陈𬱖", None),
        "birth": (date(1970, 1, 1), None),
        "work_income_month": (Decimal("1234.50"), Decimal(0), None),
        "work_months": (Decimal("10.5"), None),
        "health": (("健康",), None),
        "household_id": (1, 2, 3, None),
    },
    "living_condition": {"house_area": (Decimal(80), Decimal("95.5"), None), "toilet": (True, None)},
    "photo": {"caption": ("门口", None)},
}
UNKNOWN = "solar_panel"  # a column of a newer program
laptops = st.integers(0, len(TEAM) - 1)
numbers = st.sampled_from(list(HOMES))
pairs = st.sampled_from(list(permutations(range(len(TEAM)), 2)))

Dot = tuple[str, str, int]  # village, replica, number


def home_id(number: int) -> str:
    return Household.id_of(f"{HOMES[number]}{number:03}")


def member_id(number: int) -> str:
    return Member.id_of(f"{HOMES[number]}{number:03}01")


@dataclass(frozen=True)
class Edit:
    """One change. `seen`: the changes of the same record that its writer had before them; `column` "" is a birth, whose
    `value` are its cells; `aware`: the record was withdrawn on its writer's screen."""

    table: str
    row: str
    column: str
    value: Any
    seen: frozenset[Dot]
    aware: bool = False

    def cell(self, column: str) -> Any:
        return self.value if self.column else self.value.get(column)


@dataclass
class Model:
    """Every change ever committed anywhere."""

    edits: dict[Dot, Edit] = field(default_factory=dict)
    by_row: dict[str, set[Dot]] = field(default_factory=dict)

    def add(self, dot: Dot, one: Edit) -> None:
        assert dot not in self.edits, "a number was used twice"
        self.edits[dot] = one
        self.by_row.setdefault(one.row, set()).add(dot)

    def heads(self, row: str, known: set[Dot]) -> dict[str, dict[Dot, Edit]]:
        """Column → the changes that nothing known replaces; a column that nobody edited is not in it."""
        mine = {dot: self.edits[dot] for dot in self.by_row[row] & known}
        births = {dot: one for dot, one in mine.items() if not one.column}
        found = {}
        columns = {one.column for one in mine.values() if one.column}
        columns |= {name for birth in births.values() for name in birth.value} if len(births) > 1 else set()
        for column in columns:
            edits = {dot: one for dot, one in mine.items() if one.column == column}
            gone = set[Dot]().union(*(one.seen for one in edits.values()))
            # a birth is replaced too where an edit replaced another birth of the row with the same value
            agreed = {births[dot].cell(column) for dot in gone & births.keys()}
            found[column] = {dot: one for dot, one in edits.items() if dot not in gone} | {
                dot: one for dot, one in births.items() if dot not in gone and one.cell(column) not in agreed
            }
        return found

    def disputed(self, known: set[Dot]) -> dict[tuple[str, str], set[Any]]:
        """(row, column) → the values of its heads, where there are several."""
        found = {}
        for row, dots in self.by_row.items():
            if not dots & known:
                continue
            heads = self.heads(row, known)
            values = {column: {one.cell(column) for one in some.values()} for column, some in heads.items()}
            if self._unaware(row, known, heads):
                values["withdrawn"].add(0)
            found |= {(row, column): held for column, held in values.items() if len(held) > 1}
        return found

    def _unaware(self, row: str, known: set[Dot], heads: dict[str, dict[Dot, Edit]]) -> bool:
        """Whether somebody edited a withdrawn record without knowing, and nobody has decided about it."""
        if not any(one.column and one.value for one in heads.get("withdrawn", {}).values()):
            return False
        decisions = [self.edits[dot] for dot in self.by_row[row] & known if self.edits[dot].column == "withdrawn"]
        decided = set[Dot]().union(*(one.seen for one in decisions))
        return any(
            one.column and not one.aware and dot not in decided
            for column, some in heads.items()
            if column != "withdrawn"
            for dot, one in some.items()
        )


@dataclass
class Laptop:
    """One file on one machine. `known`: the changes it has; `clock`: where its clock stands, None if right."""

    name: str
    book: Workbook
    villages: set[str]
    known: set[Dot] = field(default_factory=set)
    clock: datetime | None = None
    copy: tuple[Path, set[Dot]] | None = None


def make_template(folder: Path) -> None:
    """Workbooks that know each other, copied for each history: making them is slow."""
    books = {}
    for name, villages in TEAM.items():
        village = OTHER_VILLAGE if villages == {THERE} else VILLAGE
        books[name] = builders.workbook(folder, f"{name}.hdb", name, village)
    acquaint(*(book for name, book in books.items() if TEAM[name] == {HERE}))
    acquaint(books["丁"], books["乡"])
    peers.name_my_card(books["乡"], "响水镇扶贫站", "township")
    for name, book in books.items():
        if name != "乡":
            peers.trust(book, card_of(books["乡"]))
            peers.trust(books["乡"], card_of(book), villages=tuple(TEAM[name]))
    for book in books.values():
        book.close()


class Histories(RuleBasedStateMachine):
    """Packages by file, on real encrypted workbooks."""

    template: Path

    @initialize()
    def start(self) -> None:
        self.folder = Path(tempfile.mkdtemp(dir="/dev/shm" if os.path.isdir("/dev/shm") else None))
        os.environ["HUDANG_STATE"] = str(self.folder / "state")
        self.model = Model()
        self.packages: list[tuple[Any, int, set[Dot]]] = []
        self.forms: list[tuple[int, Any, set[Dot]]] = []
        self.team: list[Laptop] = []
        for name, villages in TEAM.items():
            shutil.copy(self.template / f"{name}.hdb", self.folder)
            self.team.append(self.opened(name, self.folder / f"{name}.hdb", villages))
        for number in (1, 2):
            self.new_household(0, number, "旧")
        for to in (1, 4):
            self.meet(0, to)

    def opened(self, name: str, path: Path, villages: set[str]) -> Laptop:
        found = Laptop(name, access.unlock(path, PASSPHRASE), villages)
        found.book.operator = name
        with found.book.reading() as session:  # the villages' own records were born with the files
            for dot, one in self.changes(session, 0):
                found.known.add(dot)
                if dot not in self.model.edits:
                    self.model.add(dot, one)
        return found

    # what the journal took down, told to the model

    def changes(self, session: Any, after: int, replica: str = "") -> Iterator[tuple[Dot, Edit]]:
        for village, writer, number, table, row, column, value in session.execute(
            text(
                "SELECT s.village, s.replica, c.number, c.table_name, c.row_id, c.column_name, c.value FROM change c "
                "JOIN stream s ON s.n = c.stream WHERE c.seq > :after AND (:replica = '' OR s.replica = :replica) "
                "ORDER BY c.seq"
            ),
            {"after": after, "replica": replica},
        ):
            yield (
                (village, writer, number),
                Edit(table, row, column, value if column else json.loads(value), frozenset()),
            )

    @contextmanager
    def writing(self, who: int, seen: set[Dot] | None = None) -> Iterator[Laptop]:
        """Whatever this laptop writes meanwhile goes into the model, with what it knew (or had seen, for a form)."""
        one = self.team[who]
        with one.book.reading() as session:
            before = session.execute(text("SELECT coalesce(max(seq), 0) FROM change")).scalar_one()
            gone = set(self.shown_withdrawn(session))
            if seen is not None:
                gone = {row for row in gone if self.withdrawals(session, row) & seen}
        if one.clock:
            with clock(one.clock):
                yield one
        else:
            yield one
        with one.book.reading() as session:
            for dot, change in self.changes(session, before, one.book.replica):
                mine = self.model.by_row.get(change.row, set())
                knew = frozenset(mine & (one.known if seen is None else seen)) if change.column else frozenset()
                self.model.add(dot, replace(change, seen=knew, aware=change.row in gone))
                one.known.add(dot)
                if change.column == "withdrawn":
                    (gone.add if change.value else gone.discard)(change.row)

    def shown_withdrawn(self, session: Any) -> Iterator[str]:
        for table in VALUES:
            yield from session.scalars(text(f"SELECT id FROM {table} WHERE withdrawn"))

    def withdrawals(self, session: Any, row: str) -> set[Dot]:
        heads = (
            "SELECT s.village, s.replica, h.number FROM head h JOIN stream s ON s.n = h.stream "
            "WHERE h.row_id = :row AND h.column_name = 'withdrawn'"
        )
        return {(village, replica, number) for village, replica, number in session.execute(text(heads), {"row": row})}

    def has(self, who: int, row: str) -> bool:
        return bool(self.model.by_row.get(row, set()) & self.team[who].known)

    def rows(self, who: int, table: str = "") -> list[tuple[str, str]]:
        """(table, row) of what this laptop has, in a stable order."""
        return [
            (one.table, row)
            for row, dots in self.model.by_row.items()
            if dots & self.team[who].known
            for one in [self.model.edits[min(dots)]]
            if one.table in VALUES and table in ("", one.table)
        ]

    # what people do

    @rule(who=laptops, number=numbers, note=st.sampled_from(("一", "二", None)))
    def new_household(self, who: int, number: int, note: str | None) -> None:
        """The same ids on every laptop, as two imports of one roster would make."""
        village = HOMES[number]
        if village not in self.team[who].villages or self.has(who, home_id(number)):
            return
        with self.writing(who) as one, one.book.writing() as session:
            session.add(Household(id=home_id(number), village=village, note=note, household_no=f"{village}{number:03}"))
            session.add(
                Member(
                    id=member_id(number), village=village, household_id=home_id(number), name="陈卫国", relation="户主",
                    id_no=builders.id_number(order=number if number != 2 else 1),
                )
            )  # fmt: skip

    @rule(who=laptops, number=numbers, year=st.sampled_from((2018, 2019)))
    def new_year(self, who: int, number: int, year: int) -> None:
        row = LivingCondition.id_of(home_id(number), year)
        if self.has(who, home_id(number)) and not self.has(who, row):
            with self.writing(who) as one, one.book.writing() as session:
                card = LivingCondition(id=row, village=HOMES[number], household_id=home_id(number), year=year)
                session.add(card)

    @rule(who=laptops, number=numbers, picture=st.integers(0, 2))
    def new_photo(self, who: int, number: int, picture: int) -> None:
        if self.has(who, home_id(number)):
            jpeg = b"\xff\xd8" + bytes((picture,)) * 9
            sha256 = hashlib.sha256(jpeg).hexdigest()
            with self.writing(who) as one, one.book.writing() as session:
                session.add(Photo(village=HOMES[number], household_id=home_id(number), content=sha256))
                session.merge(Picture(sha256=sha256, jpeg=jpeg))

    @rule(who=laptops, data=st.data())
    def write(self, who: int, data: st.DataObject) -> None:
        rows = self.rows(who)
        if not rows:
            return
        table, row = data.draw(st.sampled_from(rows))
        column = data.draw(st.sampled_from(list(VALUES[table])))
        value = data.draw(st.sampled_from(VALUES[table][column]))
        if column == "household_id" and value is not None:
            value = home_id(value)
            if not self.has(who, value) or min(self.model.by_row[row])[0] != min(self.model.by_row[value])[0]:
                return
        with self.writing(who) as one:
            edit(one.book, row, records()[table], **{column: value})

    @rule(who=laptops, data=st.data(), withdrawn=st.booleans())
    def withdraw(self, who: int, data: st.DataObject, withdrawn: bool) -> None:
        rows = self.rows(who)
        if not rows:
            return
        table, row = data.draw(st.sampled_from(rows))
        with self.writing(who) as one:
            edit(one.book, row, records()[table], withdrawn=withdrawn)

    @rule(who=laptops, data=st.data())
    def a_form_is_opened(self, who: int, data: st.DataObject) -> None:
        rows = self.rows(who, "household")
        if not rows:
            return
        _, row = data.draw(st.sampled_from(rows))
        with self.team[who].book.reading() as session:
            self.forms.append((who, open_draft(session, "household", row), set(self.team[who].known)))

    @rule(note=st.sampled_from(("四", "五")))
    def a_form_is_saved(self, note: str) -> None:
        """What came in since it was opened was not seen."""
        if self.forms:
            who, draft, seen = self.forms.pop(0)
            one = self.team[who]
            with one.book.reading() as session:
                row = session.get(Household, draft.id)
                if row is None:
                    return
            seen = {dot for dot in one.known if dot in seen}
            with self.writing(who, seen):
                finish(save_draft(one.book, draft.with_values(note=note)))

    @rule(who=laptops, data=st.data(), other=st.booleans())
    def join(self, who: int, data: st.DataObject, other: bool) -> None:
        homes = [row for _, row in self.rows(who, "household")]
        if len(homes) < 2:
            return
        kept, given_up = data.draw(st.sampled_from(list(permutations(homes, 2))))
        with self.writing(who) as one:
            try:
                shown = joining.compare(one.book, kept, given_up)
            except OfficeError:  # already joined, withdrawn, or of two villages
                return
            take = {twin.key: "other" for twin in shown.people} if other else {}
            finish(joining.join(one.book, shown, take))

    @rule(who=laptops, number=numbers)
    def part(self, who: int, number: int) -> None:
        with self.writing(who) as one:
            try:
                finish(joining.part(one.book, home_id(number)))
            except OfficeError:
                return

    @rule(who=laptops, take=st.sampled_from(("ours", "theirs")), whole=st.booleans())
    def settle(self, who: int, take: str, whole: bool) -> None:
        listed = conflicts.listed(self.team[who].book)
        if listed:
            with self.writing(who) as one:
                if whole and listed[0].household_id:
                    finish(conflicts.settle_household(one.book, listed[0].household_id, take))
                else:
                    finish(conflicts.settle(one.book, listed[0], take))

    @rule(who=laptops, data=st.data(), value=st.sampled_from(("有", "无")))
    def a_newer_program_writes(self, who: int, data: st.DataObject, value: str) -> None:
        """A cell of a column that nobody here knows."""
        rows = self.rows(who, "household")
        if not rows:
            return
        _, row = data.draw(st.sampled_from(rows))
        about = {"row": row, "column": UNKNOWN, "value": value, "village": min(self.model.by_row[row])[0]}
        with self.writing(who) as one, one.book.writing() as session:
            about["own"] = one.book.replica
            for statement in _NEWER:
                session.execute(text(statement), about)

    @rule(who=laptops, moment=st.sampled_from(CLOCKS))
    def a_clock_is_set(self, who: int, moment: datetime | None) -> None:
        self.team[who].clock = moment

    # what travels

    def export(self, who: int, to: int) -> int | None:
        one, other = self.team[who], self.team[to]
        path = self.folder / f"{len(self.packages)}.hdpack"
        try:
            packed(one.book, other.book, path)
        except (OfficeError, NothingToSend):
            return None  # strangers, or nothing of this village yet
        shared = one.villages & other.villages
        self.packages.append((path, to, {dot for dot in one.known if dot[0] in shared}))
        return len(self.packages) - 1

    def bring(self, what: Any, to: int) -> None:
        path = what.with_name(f"{what.stem} 副本.hdpack")
        shutil.copy(what, path)  # under another name, as from another stick
        finish(incoming.apply(self.team[to].book, path))
        path.unlink()

    def take(self, n: int) -> None:
        what, to, carried = self.packages[n]
        self.bring(what, to)
        one = self.team[to]
        one.known |= carried
        with one.book.reading() as session:
            assert session.execute(text("SELECT count(*) FROM change")).scalar_one() == len(one.known)

    @rule(pair=pairs, delivered=st.booleans())
    def send(self, pair: tuple[int, int], delivered: bool) -> None:
        n = self.export(*pair)
        if delivered and n is not None:
            self.take_or_refuse(n)

    @rule(n=st.integers(0, 30))
    def late_or_again(self, n: int) -> None:
        if self.packages:
            self.take_or_refuse(n % len(self.packages))

    def take_or_refuse(self, n: int) -> bool:
        book = self.team[self.packages[n][1]].book
        before = all_tables(book)
        try:
            self.take(n)
        except (MissingChanges, Gap):  # it builds on a package that is still on its way
            assert all_tables(book) == before
            return False
        return True

    # files that are copied

    @rule(who=laptops)
    def back_up(self, who: int) -> None:
        one = self.team[who]
        path = self.folder / f"{len(list(self.folder.iterdir()))}-备份.hdb"
        finish(backup.backup(one.book, path))
        one.copy = (path, set(one.known))

    @rule(who=laptops)
    def restore(self, who: int) -> None:
        """The laptop died; its copy comes back as a new voice, without what it wrote or received since."""
        one = self.team[who]
        if one.copy:
            path, replica = one.book.path, one.book.replica
            one.book.close()
            finish(backup.restore(one.copy[0], path, PASSPHRASE))
            one.book = access.unlock(path, PASSPHRASE)
            one.book.operator, one.known = one.name, set(one.copy[1])
            assert one.book.replica != replica
            self.forms = [form for form in self.forms if form[0] != who]

    @rule(who=laptops, both=st.booleans())
    def a_file_is_copied(self, who: int, both: bool) -> None:
        """Both copies are used from now on, the second one by the name of the first with a 2."""
        one = self.team[who]
        if len(self.team) == len(TEAM) and both:
            path = self.folder / f"{one.name}2.hdb"
            finish(backup.backup(one.book, path))
            twin = Laptop(f"{one.name}2", access.unlock(path, PASSPHRASE), one.villages, set(one.known))
            twin.book.operator = twin.name
            assert twin.book.replica != one.book.replica
            self.team.append(twin)
            edit_me = [row for _, row in self.rows(len(self.team) - 1, "household")]
            if edit_me:
                with self.writing(len(self.team) - 1):
                    edit(twin.book, edit_me[0], phone="13800000009")

    # what must hold

    def check(self, one: Laptop) -> None:
        with one.book.reading() as session:
            dots = dict(self.changes(session, 0))
            villages = set(session.scalars(text("SELECT DISTINCT village FROM stream")))
        assert dots.keys() == one.known
        for dot, change in dots.items():  # nothing ever committed is lost or altered
            told = self.model.edits[dot]
            assert (change.table, change.row, change.column, change.value) == (
                told.table, told.row, told.column, told.value,
            )  # fmt: skip
        assert villages <= one.villages
        self.check_disputes(one)
        self.check_shown(one)
        assert finish(faults(one.book)) == []

    def check_disputes(self, one: Laptop) -> None:
        """A conflict is shown where edits did not know of each other, and nowhere else."""
        with one.book.reading() as session:
            found = {
                (conflict.row, conflict.column): {head.value for head in conflict.heads}
                for conflict in open_conflicts(session)
            }
        assert found == self.model.disputed(one.known)

    def check_shown(self, one: Laptop) -> None:
        """Every cell shows one of its heads; what is withdrawn in all of them stays so."""
        with one.book.reading() as session:
            for table, columns in VALUES.items():
                names = [name for name in columns if name != "household_id"] + ["withdrawn"]
                for row, *cells in session.execute(text(f"SELECT id, {', '.join(names)} FROM {table}")):
                    births = [self.model.edits[dot] for dot in self.model.by_row[row] & one.known]
                    heads = self.model.heads(row, one.known)
                    for name, value in zip(names, cells, strict=True):
                        some = heads.get(name) or {n: b for n, b in enumerate(births) if not b.column}
                        assert value in {head.cell(name) for head in some.values()}, (table, name)

    def has_all_of(self, one: int, other: int) -> bool:
        """Whether the second has all that the first may send it."""
        mine, theirs = self.team[one], self.team[other]
        return {dot for dot in mine.known if dot[0] in theirs.villages} <= theirs.known

    def meet(self, one: int, other: int) -> None:
        """What a restored copy lacks is only sent to it once its own package has told so."""
        n = self.export(one, other)
        if n is not None and not self.take_or_refuse(n):
            back = self.export(other, one)
            if back is not None and self.take_or_refuse(back):
                n = self.export(one, other)
                assert n is not None
                self.take_or_refuse(n)

    def teardown(self) -> None:
        if not hasattr(self, "team"):
            return
        for one in self.team:
            self.check_disputes(one)
        known = set[Dot]().union(*(one.known for one in self.team))
        for _ in range(6):
            for pair in permutations(range(len(self.team)), 2):
                if not self.has_all_of(*pair):
                    self.meet(*pair)
        for one in self.team:
            assert one.known == {dot for dot in known if dot[0] in one.villages}
            self.check(one)
        self.all_alike()
        first = self.team[0].book
        before = all_tables(first)
        for what, to, _ in self.packages:  # again, it changes nothing and says so
            if to == 0 and isinstance(what, Path) and finish(incoming.verify(first, what)).known_before:
                assert finish(incoming.apply(first, what)).new_changes == 0
        assert all_tables(first) == before
        for one in self.team:
            one.book.close()
        shutil.rmtree(self.folder)

    def all_alike(self) -> None:
        """Whoever has received the same has the same records, bit for bit, and the pictures with them."""
        for village in (HERE, THERE):
            seen, pictures = [], []
            for one in self.team:
                if village in one.villages:
                    names = {
                        table: list(model.__table__.columns.keys()).index("village")
                        for table, model in records().items()
                    }
                    seen.append(
                        {
                            table: [row for row in rows if row[names[table]] == village]
                            for table, rows in all_records(one.book).items()
                        }
                    )
                    with one.book.reading() as session:
                        wanted = set(session.scalars(select(Photo.content).where(Photo.village == village)))
                        pictures.append(wanted - set(session.scalars(select(Picture.sha256))))
            assert all(one == seen[0] for one in seen)
            assert not any(pictures)


_NEWER = (
    "INSERT OR IGNORE INTO stream (village, replica) VALUES (:village, :own)",
    "UPDATE stream SET last = last + 1 WHERE replica = :own AND village = :village",
    "INSERT INTO change (stream, number, table_name, row_id, column_name, value, stamp, operator, replaces) "
    "SELECT n, last, 'household', :row, :column, :value, writer.stamp, writer.operator, coalesce((SELECT "
    "group_concat(stream || ':' || number, ' ') FROM head WHERE row_id = :row AND column_name IN (:column)), (SELECT "
    "group_concat(stream || ':' || number, ' ') FROM change WHERE row_id = :row AND column_name = '')) || "
    "CASE WHEN (SELECT withdrawn FROM household WHERE id = :row) THEN coalesce((SELECT ' ' || "
    "group_concat(stream || ':' || number, ' ') FROM head WHERE row_id = :row AND column_name = 'withdrawn'), '') "
    "ELSE '' END FROM stream, writer WHERE stream.replica = :own AND stream.village = :village",
    "DELETE FROM head WHERE row_id = :row AND column_name = :column",
    "INSERT INTO head SELECT row_id, column_name, stream, number FROM change ORDER BY seq DESC LIMIT 1",
)


class JournalHistories(Histories):
    """The same without files: blocks of changes from one journal to another, which is much faster."""

    def export(self, who: int, to: int) -> int | None:
        one, other = self.team[who], self.team[to]
        shared = one.villages & other.villages
        with other.book.reading() as session:
            known = vector(session)
        with one.book.reading() as session:
            blocks = list(changes_after(session, known, shared, 7))
        self.packages.append((blocks, to, {dot for dot in one.known if dot[0] in shared}))
        return len(self.packages) - 1

    def bring(self, what: Any, to: int) -> None:
        with self.team[to].book.writing() as session:
            merge = Merge(session)
            for block in what:
                merge.add(block)
            merge.finish()

    def all_alike(self) -> None:
        """Pictures travel in files only."""
        for village in (HERE, THERE):
            seen = [
                {table: [row for row in rows if village in row] for table, rows in all_records(one.book).items()}
                for one in self.team
                if village in one.villages
            ]
            assert all(one == seen[0] for one in seen)
