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

from app.errors import UserError
from app.progress import run_to_completion
from app.records import household_merge
from app.records.draft import open_draft, save_draft
from app.sync import conflicts, package_import, peers
from app.sync.errors import MissingChanges, NothingToSend
from app.workbook import access, backup, preferences
from app.workbook.integrity import check_integrity
from app.workbook.workbook import Workbook
from db.journal.conflicts import open_conflicts
from db.journal.merge import Merge, MissingChangesError, version_vector
from db.journal.outgoing_changes import changes_after
from db.schema import records
from db.schema.aid import Measure
from db.schema.household import Household, LivingCondition, Member
from db.schema.income import IncomeLine, IncomeYear
from db.schema.photo import Photo, Picture
from tests import builders
from tests.app.sync.peers import (
    OTHER_VILLAGE,
    all_records,
    all_tables,
    card_of,
    clone_disk,
    edit_record,
    exchange_cards,
    write_package,
)
from tests.builders import PASSPHRASE, VILLAGE
from tests.faults.fault_injection import clock

OWN_VILLAGE, NEIGHBOUR_VILLAGE = VILLAGE.code, OTHER_VILLAGE.code
# 乡 holds both villages, 丁 the other one
TEAM = {
    "甲": {OWN_VILLAGE},
    "乙": {OWN_VILLAGE},
    "丙": {OWN_VILLAGE},
    "丁": {NEIGHBOUR_VILLAGE},
    "乡": {OWN_VILLAGE, NEIGHBOUR_VILLAGE},
}
HOUSEHOLD_VILLAGES = {1: OWN_VILLAGE, 2: OWN_VILLAGE, 3: OWN_VILLAGE, 4: NEIGHBOUR_VILLAGE}  # number → village
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
    "income_line": {"amount": (Decimal(100), Decimal(250))},
    "measure": {"title": ("光伏", "茶园"), "content": ("三千瓦", None)},
}
UNKNOWN_COLUMN = "solar_panel"  # a column of a newer program
replica_indexes = st.integers(0, len(TEAM) - 1)
numbers = st.sampled_from(list(HOUSEHOLD_VILLAGES))
pairs = st.sampled_from(list(permutations(range(len(TEAM)), 2)))

ChangeId = tuple[str, bytes]  # village, chain value: what branches of streams are called differs between laptops


def household_id(number: int) -> str:
    return Household.id_of(f"{HOUSEHOLD_VILLAGES[number]}{number:03}")


def member_id(number: int) -> str:
    return Member.id_of(f"{HOUSEHOLD_VILLAGES[number]}{number:03}01")


@dataclass(frozen=True)
class Edit:
    """One change. `known_before`: the changes of the same record that its writer had before them; `column` "" is an
    insert, whose `value` are its cells; `saw_withdrawal`: the record was withdrawn on its writer's screen."""

    table: str
    row: str
    column: str
    value: Any
    known_before: frozenset[ChangeId]
    saw_withdrawal: bool = False

    def cell_value(self, column: str) -> Any:
        return self.value if self.column else self.value.get(column)


@dataclass
class Model:
    """Every change ever committed anywhere."""

    edits: dict[ChangeId, Edit] = field(default_factory=dict)
    by_row: dict[str, set[ChangeId]] = field(default_factory=dict)

    def add(self, change_id: ChangeId, edit: Edit) -> None:
        twin = self.edits.get(change_id)  # two copies of a cloned disk may write the very same
        assert twin is None or replace(twin, known_before=edit.known_before) == edit, "a chain value was used twice"
        self.edits.setdefault(change_id, edit)
        self.by_row.setdefault(edit.row, set()).add(change_id)

    def heads(self, row: str, known: set[ChangeId]) -> dict[str, dict[ChangeId, Edit]]:
        """Column → the changes that nothing known replaces; a column that nobody edited is not in it."""
        known_edits = {change_id: self.edits[change_id] for change_id in self.by_row[row] & known}
        inserts = {change_id: edit for change_id, edit in known_edits.items() if not edit.column}
        heads = {}
        columns = {edit.column for edit in known_edits.values() if edit.column}
        columns |= {name for insert in inserts.values() for name in insert.value} if len(inserts) > 1 else set()
        for column in columns:
            edits = {change_id: edit for change_id, edit in known_edits.items() if edit.column == column}
            replaced = set[ChangeId]().union(*(edit.known_before for edit in edits.values()))
            # a birth is replaced too where an edit replaced another birth of the row with the same value
            agreed_values = {inserts[change_id].cell_value(column) for change_id in replaced & inserts.keys()}
            heads[column] = {change_id: edit for change_id, edit in edits.items() if change_id not in replaced} | {
                change_id: edit
                for change_id, edit in inserts.items()
                if change_id not in replaced and edit.cell_value(column) not in agreed_values
            }
        return heads

    def conflicts(self, known: set[ChangeId]) -> dict[tuple[str, str], set[Any]]:
        """(row, column) → the values of its heads, where there are several."""
        conflicts = {}
        for row, change_ids in self.by_row.items():
            if not change_ids & known:
                continue
            heads = self.heads(row, known)
            values = {
                column: {edit.cell_value(column) for edit in column_heads.values()}
                for column, column_heads in heads.items()
            }
            if self._has_unaware_edit(row, known, heads):
                values["withdrawn"].add(0)
            conflicts |= {(row, column): head_values for column, head_values in values.items() if len(head_values) > 1}
        return conflicts

    def _has_unaware_edit(self, row: str, known: set[ChangeId], heads: dict[str, dict[ChangeId, Edit]]) -> bool:
        """Whether somebody edited a withdrawn record without knowing, and nobody has decided about it."""
        if not any(edit.column and edit.value for edit in heads.get("withdrawn", {}).values()):
            return False
        decisions = [
            self.edits[change_id]
            for change_id in self.by_row[row] & known
            if self.edits[change_id].column == "withdrawn"
        ]
        decided = set[ChangeId]().union(*(edit.known_before for edit in decisions))
        return any(
            edit.column and not edit.saw_withdrawal and change_id not in decided
            for column, column_heads in heads.items()
            if column != "withdrawn"
            for change_id, edit in column_heads.items()
        )


@dataclass
class Replica:
    """One file on one machine. `known`: the changes it has; `clock`: where its clock stands, None if right."""

    name: str
    book: Workbook
    villages: set[str]
    known: set[ChangeId] = field(default_factory=set)
    clock: datetime | None = None
    backup_copy: tuple[Path, set[ChangeId]] | None = None


def make_template(folder: Path) -> None:
    """Workbooks that know each other, copied for each history: making them is slow."""
    books = {}
    for name, villages in TEAM.items():
        village = OTHER_VILLAGE if villages == {NEIGHBOUR_VILLAGE} else VILLAGE
        books[name] = builders.workbook(folder, f"{name}.hdb", name, village)
    exchange_cards(*(book for name, book in books.items() if TEAM[name] == {OWN_VILLAGE}))
    exchange_cards(books["丁"], books["乡"])
    peers.update_own_card(books["乡"], "响水镇扶贫站", "township")
    for name, book in books.items():
        if name != "乡":
            peers.trust(book, card_of(books["乡"]))
            peers.trust(books["乡"], card_of(book), villages=tuple(TEAM[name]))
    for book in books.values():
        preferences.save(book, "backup_before_import", False)  # `back_up` and `restore` are steps of their own
        book.close()


class SyncStateMachine(RuleBasedStateMachine):
    """Packages by file, on real encrypted workbooks."""

    template: Path
    clones_disks = True

    @initialize()
    def start(self) -> None:
        self.folder = Path(tempfile.mkdtemp(dir="/dev/shm" if os.path.isdir("/dev/shm") else None))
        os.environ["HUDANG_STATE"] = str(self.folder / "state")
        self.model = Model()
        self.packages: list[tuple[Any, int, set[ChangeId]]] = []
        self.forms: list[tuple[int, Any, set[ChangeId]]] = []
        self.team: list[Replica] = []
        for name, villages in TEAM.items():
            shutil.copy(self.template / f"{name}.hdb", self.folder)
            self.team.append(self.open_replica(name, self.folder / f"{name}.hdb", villages))
        for number in (1, 2):
            self.new_household(0, number, "旧")
        for to in (1, 4):
            self.sync_pair(0, to)

    def open_replica(self, name: str, path: Path, villages: set[str]) -> Replica:
        replica = Replica(name, access.unlock(path, PASSPHRASE), villages)
        replica.book.operator = name
        with replica.book.reading() as session:  # the villages' own records were born with the files
            for change_id, edit in self.changes(session, 0):
                replica.known.add(change_id)
                if change_id not in self.model.edits:
                    self.model.add(change_id, edit)
        return replica

    # what the journal took down, told to the model

    def changes(self, session: Any, after_seq: int, replica: str = "") -> Iterator[tuple[ChangeId, Edit]]:
        for village, chain, table, row, column, value in session.execute(
            text(
                "SELECT s.village, c.chain, c.table_name, c.row_id, c.column_name, c.value FROM change c "
                "JOIN stream s ON s.n = c.stream WHERE c.seq > :after AND (:replica = '' OR s.replica = :replica) "
                "ORDER BY c.seq"
            ),
            {"after": after_seq, "replica": replica},
        ):
            yield (
                (village, chain),
                Edit(table, row, column, value if column else json.loads(value), frozenset()),
            )

    @contextmanager
    def writing(self, who: int, known_before: set[ChangeId] | None = None) -> Iterator[Replica]:
        """Whatever this laptop writes meanwhile goes into the model, with what it knew (or had seen, for a form)."""
        replica = self.team[who]
        with replica.book.reading() as session:
            before = session.execute(text("SELECT coalesce(max(seq), 0) FROM change")).scalar_one()
            withdrawn_rows = set(self.withdrawn_rows(session))
            if known_before is not None:
                withdrawn_rows = {row for row in withdrawn_rows if self.withdrawals(session, row) & known_before}
        if replica.clock:
            with clock(replica.clock):
                yield replica
        else:
            yield replica
        with replica.book.reading() as session:
            for change_id, change in self.changes(session, before, replica.book.replica):
                row_changes = self.model.by_row.get(change.row, set())
                writer_knew = (
                    frozenset(row_changes & (replica.known if known_before is None else known_before))
                    if change.column
                    else frozenset()
                )
                self.model.add(
                    change_id, replace(change, known_before=writer_knew, saw_withdrawal=change.row in withdrawn_rows)
                )
                replica.known.add(change_id)
                if change.column == "withdrawn":
                    (withdrawn_rows.add if change.value else withdrawn_rows.discard)(change.row)

    def withdrawn_rows(self, session: Any) -> Iterator[str]:
        for table in VALUES:
            # what is only hidden because another record stands for it was not withdrawn
            condition = "withdrawn" if table == "household" else "withdrawn AND merged_into IS NULL"
            yield from session.scalars(text(f"SELECT id FROM {table} WHERE {condition}"))

    def withdrawals(self, session: Any, row: str) -> set[ChangeId]:
        heads = (
            "SELECT s.village, c.chain FROM head h JOIN stream s ON s.n = h.stream JOIN change c "
            "ON c.stream = h.stream AND c.number = h.number WHERE h.row_id = :row AND h.column_name = 'withdrawn'"
        )
        return {(village, chain) for village, chain in session.execute(text(heads), {"row": row})}

    def has(self, who: int, row: str) -> bool:
        return bool(self.model.by_row.get(row, set()) & self.team[who].known)

    def rows(self, who: int, table: str = "") -> list[tuple[str, str]]:
        """(table, row) of what this laptop has, in a stable order."""
        return [
            (edit.table, row)
            for row, change_ids in self.model.by_row.items()
            if change_ids & self.team[who].known
            for edit in [self.model.edits[min(change_ids)]]
            if edit.table in VALUES and table in ("", edit.table)
        ]

    # what people do

    @rule(who=replica_indexes, number=numbers, note=st.sampled_from(("一", "二", None)))
    def new_household(self, who: int, number: int, note: str | None) -> None:
        """The same ids on every laptop, as two imports of one roster would make."""
        village = HOUSEHOLD_VILLAGES[number]
        if village not in self.team[who].villages or self.has(who, household_id(number)):
            return
        with self.writing(who) as replica, replica.book.writing() as session:
            session.add(
                Household(id=household_id(number), village=village, note=note, household_no=f"{village}{number:03}")
            )
            session.add(
                Member(
                    id=member_id(number),
                    village=village,
                    household_id=household_id(number),
                    name="陈卫国",
                    relation="户主",
                    id_no=builders.id_number(order=number if number != 2 else 1),
                )
            )

    @rule(who=replica_indexes, number=numbers, year=st.sampled_from((2018, 2019)))
    def new_year(self, who: int, number: int, year: int) -> None:
        row = LivingCondition.id_of(household_id(number), year)
        if self.has(who, household_id(number)) and not self.has(who, row):
            with self.writing(who) as replica, replica.book.writing() as session:
                card = LivingCondition(
                    id=row, village=HOUSEHOLD_VILLAGES[number], household_id=household_id(number), year=year
                )
                session.add(card)

    @rule(who=replica_indexes, number=numbers, twin=st.booleans())
    def new_person(self, who: int, number: int, twin: bool) -> None:
        """Whom every household may have, under an id that nobody else invents."""
        if self.has(who, household_id(number)):
            with self.writing(who) as replica, replica.book.writing() as session:
                person = Member(id=self.own_id(who), village=HOUSEHOLD_VILLAGES[number], relation="之子", name="陈小弟")
                person.household_id, person.birth = household_id(number), date(1999, 9, 9) if twin else None
                session.add(person)

    def own_id(self, who: int) -> str:
        """An id that nobody else invents, the same whenever the history is run again."""
        return hashlib.md5(f"{self.team[who].name} {len(self.model.edits)}".encode()).hexdigest()

    def stated_home(self, row: str) -> object:
        """The household that a record was first written down for."""
        inserts = [self.model.edits[change_id] for change_id in self.model.by_row[row]]
        return next(insert.value.get("household_id") for insert in inserts if not insert.column)

    @rule(who=replica_indexes, number=numbers, own=st.booleans())
    def new_benefit(self, who: int, number: int, own: bool) -> None:
        """Of somebody whom this laptop has in the household, or who was there once."""
        people = [row for _, row in self.rows(who, "member") if self.stated_home(row) == household_id(number)]
        if people:
            with self.writing(who) as replica, replica.book.writing() as session:
                measure = Measure(id=self.own_id(who), village=HOUSEHOLD_VILLAGES[number], title="光伏")
                measure.kind = "产业帮扶"
                measure.household_id, measure.member_id = household_id(number), people[-1] if own else None
                session.add(measure)

    @rule(who=replica_indexes, number=numbers, item=st.sampled_from(("低保金", "务工收入")))
    def new_income(self, who: int, number: int, item: str) -> None:
        """One line of the account of a year, and the account where there is none."""
        home, village = household_id(number), HOUSEHOLD_VILLAGES[number]
        year, line = IncomeYear.id_of(home, 2018), IncomeLine.id_of(IncomeYear.id_of(home, 2018), item)
        if self.has(who, home) and not self.has(who, line):
            with self.writing(who) as replica, replica.book.writing() as session:
                if not self.has(who, year):
                    session.add(IncomeYear(id=year, village=village, household_id=home, year=2018))
                session.add(IncomeLine(id=line, village=village, income_year_id=year, item=item, amount=Decimal(1)))

    @rule(who=replica_indexes, number=numbers, picture=st.integers(0, 2))
    def new_photo(self, who: int, number: int, picture: int) -> None:
        if self.has(who, household_id(number)):
            jpeg = b"\xff\xd8" + bytes((picture,)) * 9
            sha256 = hashlib.sha256(jpeg).hexdigest()
            with self.writing(who) as replica, replica.book.writing() as session:
                session.add(
                    Photo(village=HOUSEHOLD_VILLAGES[number], household_id=household_id(number), content=sha256)
                )
                session.merge(Picture(sha256=sha256, jpeg=jpeg))

    @rule(who=replica_indexes, data=st.data())
    def write_cell(self, who: int, data: st.DataObject) -> None:
        rows = self.rows(who)
        if not rows:
            return
        table, row = data.draw(st.sampled_from(rows))
        column = data.draw(st.sampled_from(list(VALUES[table])))
        value = data.draw(st.sampled_from(VALUES[table][column]))
        if column == "household_id" and value is not None:
            value = household_id(value)
            if not self.has(who, value) or min(self.model.by_row[row])[0] != min(self.model.by_row[value])[0]:
                return
        with self.writing(who) as replica:
            edit_record(replica.book, row, records()[table], **{column: value})

    @rule(who=replica_indexes, data=st.data(), withdrawn=st.booleans())
    def withdraw(self, who: int, data: st.DataObject, withdrawn: bool) -> None:
        rows = self.rows(who)
        if not rows:
            return
        table, row = data.draw(st.sampled_from(rows))
        with self.writing(who) as replica:
            edit_record(replica.book, row, records()[table], withdrawn=withdrawn)

    @rule(who=replica_indexes, data=st.data())
    def open_form(self, who: int, data: st.DataObject) -> None:
        rows = self.rows(who, "household")
        if not rows:
            return
        _, row = data.draw(st.sampled_from(rows))
        with self.team[who].book.reading() as session:
            self.forms.append((who, open_draft(session, "household", row), set(self.team[who].known)))

    @rule(note=st.sampled_from(("四", "五")))
    def save_form(self, note: str) -> None:
        """What came in since it was opened was not seen."""
        if self.forms:
            who, draft, known_before = self.forms.pop(0)
            replica = self.team[who]
            with replica.book.reading() as session:
                row = session.get(Household, draft.id)
                if row is None:
                    return
            known_before = {change_id for change_id in replica.known if change_id in known_before}
            with self.writing(who, known_before):
                save_draft(replica.book, draft.with_values(note=note))

    @rule(who=replica_indexes, data=st.data(), other=st.booleans())
    def merge_households(self, who: int, data: st.DataObject, other: bool) -> None:
        household_ids = [row for _, row in self.rows(who, "household")]
        if len(household_ids) < 2:
            return
        target_id, source_id = data.draw(st.sampled_from(list(permutations(household_ids, 2))))
        with self.writing(who) as replica:
            try:
                comparison = household_merge.compare_for_merge(replica.book, target_id, source_id)
            except UserError:  # already joined, withdrawn, or of two villages
                return
            take = {twin.key: "other" for twin in comparison.people} if other else {}
            household_merge.merge(replica.book, comparison, take)

    @rule(who=replica_indexes, number=numbers)
    def unmerge_household(self, who: int, number: int) -> None:
        with self.writing(who) as replica:
            try:
                household_merge.unmerge(replica.book, household_id(number))
            except UserError:
                return

    @rule(who=replica_indexes, take=st.sampled_from(("ours", "theirs")), whole=st.booleans())
    def resolve_conflict(self, who: int, take: str, whole: bool) -> None:
        open_items = conflicts.list_conflicts(self.team[who].book)
        if open_items:
            with self.writing(who) as replica:
                if whole and open_items[0].household_id:
                    conflicts.resolve_household(replica.book, open_items[0].household_id, take)
                else:
                    conflicts.resolve(replica.book, open_items[0], take)

    @rule(who=replica_indexes, data=st.data(), value=st.sampled_from(("有", "无")))
    def write_unknown_column(self, who: int, data: st.DataObject, value: str) -> None:
        """A cell of a column that nobody here knows."""
        rows = self.rows(who, "household")
        if not rows:
            return
        _, row = data.draw(st.sampled_from(rows))
        params = {"row": row, "column": UNKNOWN_COLUMN, "value": value, "village": min(self.model.by_row[row])[0]}
        with self.writing(who) as replica, replica.book.writing() as session:
            params["own"] = replica.book.replica
            for statement in _NEWER_PROGRAM_SQL:
                session.execute(text(statement), params)

    @rule(who=replica_indexes, moment=st.sampled_from(CLOCKS))
    def set_clock(self, who: int, moment: datetime | None) -> None:
        self.team[who].clock = moment

    # what travels

    def export(self, who: int, to: int) -> int | None:
        sender, receiver = self.team[who], self.team[to]
        path = self.folder / f"{len(self.packages)}.hdpack"
        try:
            write_package(sender.book, receiver.book, path)
        except (UserError, NothingToSend):
            return None  # strangers, or nothing of this village yet
        shared = sender.villages & receiver.villages
        self.packages.append((path, to, {change_id for change_id in sender.known if change_id[0] in shared}))
        return len(self.packages) - 1

    def deliver(self, package_path: Any, to: int) -> None:
        path = package_path.with_name(f"{package_path.stem} 副本.hdpack")
        shutil.copy(package_path, path)  # under another name, as from another stick
        run_to_completion(package_import.import_package(self.team[to].book, path))
        path.unlink()

    def import_package(self, n: int) -> None:
        payload, to, carried = self.packages[n]
        self.deliver(payload, to)
        replica = self.team[to]
        replica.known |= carried
        with replica.book.reading() as session:
            assert session.execute(text("SELECT count(*) FROM change")).scalar_one() == len(replica.known)

    @rule(pair=pairs, delivered=st.booleans())
    def send(self, pair: tuple[int, int], delivered: bool) -> None:
        n = self.export(*pair)
        if delivered and n is not None:
            self.try_import(n)

    @rule(n=st.integers(0, 30))
    def redeliver(self, n: int) -> None:
        if self.packages:
            self.try_import(n % len(self.packages))

    def try_import(self, n: int) -> bool:
        book = self.team[self.packages[n][1]].book
        before = all_tables(book)
        try:
            self.import_package(n)
        except (MissingChanges, MissingChangesError):  # it builds on a package that is still on its way
            assert all_tables(book) == before
            return False
        return True

    # files that are copied

    @rule(who=replica_indexes)
    def back_up(self, who: int) -> None:
        replica = self.team[who]
        path = self.folder / f"{len(list(self.folder.iterdir()))}-备份.hdb"
        run_to_completion(backup.backup(replica.book, path))
        replica.backup_copy = (path, set(replica.known))

    @rule(who=replica_indexes)
    def restore(self, who: int) -> None:
        """The laptop died; its copy comes back as a new voice, without what it wrote or received since."""
        laptop = self.team[who]
        if laptop.backup_copy:
            path, replica = laptop.book.path, laptop.book.replica
            laptop.book.close()
            run_to_completion(backup.restore(laptop.backup_copy[0], path, PASSPHRASE))
            laptop.book = access.unlock(path, PASSPHRASE)
            laptop.book.operator, laptop.known = laptop.name, set(laptop.backup_copy[1])
            assert laptop.book.replica != replica
            self.forms = [form for form in self.forms if form[0] != who]

    @rule(who=replica_indexes, both=st.booleans())
    def copy_file(self, who: int, both: bool) -> None:
        """Both copies are used from now on, the second one by the name of the first with a 2."""
        replica = self.team[who]
        if len(self.team) == len(TEAM) and both:
            path = self.folder / f"{replica.name}2.hdb"
            run_to_completion(backup.backup(replica.book, path))
            copied_replica = Replica(
                f"{replica.name}2", access.unlock(path, PASSPHRASE), replica.villages, set(replica.known)
            )
            copied_replica.book.operator = copied_replica.name
            assert copied_replica.book.replica != replica.book.replica
            self.team.append(copied_replica)
            household_rows = [row for _, row in self.rows(len(self.team) - 1, "household")]
            if household_rows:
                with self.writing(len(self.team) - 1):
                    edit_record(copied_replica.book, household_rows[0], phone="13800000009")

    @rule(who=replica_indexes)
    def clone_disk(self, who: int) -> None:
        """Workbook and memory are copied together: both copies number their changes alike and cannot know."""
        replica = self.team[who]
        if self.clones_disks and not any(other.name.endswith("克隆") for other in self.team):
            path = self.folder / f"{replica.name}克隆.hdb"
            replica.book, copy = clone_disk(replica.book, path)
            replica.book.operator, copy.operator = replica.name, f"{replica.name}克隆"
            self.team.append(Replica(copy.operator, copy, replica.villages, set(replica.known), replica.clock))

    @rule(column=st.sampled_from(("note", "phone")), value=st.sampled_from(("一", "二")))
    def write_on_both(self, column: str, value: str) -> None:
        """The two machines of a cloned disk write on."""
        for who, replica in enumerate(self.team):
            cloned = replica.name.endswith("克隆") or any(one.name == f"{replica.name}克隆" for one in self.team)
            rows = self.rows(who, "household") if cloned else []
            if rows:
                with self.writing(who):
                    edit_record(replica.book, rows[0][1], **{column: value})

    # what must hold

    def check(self, replica: Replica) -> None:
        with replica.book.reading() as session:
            change_ids = dict(self.changes(session, 0))
            villages = set(session.scalars(text("SELECT DISTINCT village FROM stream")))
        assert change_ids.keys() == replica.known
        for change_id, change in change_ids.items():  # nothing ever committed is lost or altered
            expected = self.model.edits[change_id]
            assert (change.table, change.row, change.column, change.value) == (
                expected.table, expected.row, expected.column, expected.value,
            )  # fmt: skip
        assert villages <= replica.villages
        self.check_conflicts(replica)
        self.check_current_values(replica)
        problems = run_to_completion(check_integrity(replica.book))
        assert problems == [], problems

    def check_conflicts(self, replica: Replica) -> None:
        """A conflict is shown where edits did not know of each other, and nowhere else."""
        with replica.book.reading() as session:
            conflicts = {
                (conflict.row, conflict.column): {head.value for head in conflict.heads}
                for conflict in open_conflicts(session)
            }
        assert conflicts == self.model.conflicts(replica.known)

    def check_current_values(self, replica: Replica) -> None:
        """Every cell shows one of its heads; what is withdrawn in all of them stays so.

        A record that another stands for is withdrawn whatever they say; `check_integrity` proves that.
        """
        with replica.book.reading() as session:
            for table, columns in VALUES.items():
                names = [name for name in columns if name != "household_id"] + ["withdrawn"]
                query = text(f"SELECT id, merged_into, {', '.join(names)} FROM {table}")
                for row, merged_into, *cells in session.execute(query):
                    inserts = [self.model.edits[change_id] for change_id in self.model.by_row[row] & replica.known]
                    heads = self.model.heads(row, replica.known)
                    for name, value in zip(names, cells, strict=True):
                        if name == "withdrawn" and merged_into and table != "household":
                            assert value
                            continue
                        column_heads = heads.get(name) or {n: b for n, b in enumerate(inserts) if not b.column}
                        assert value in {head.cell_value(name) for head in column_heads.values()}, (table, name)

    def has_all_of(self, sender: int, receiver: int) -> bool:
        """Whether the second has all that the first may send it."""
        sender_replica, receiver_replica = self.team[sender], self.team[receiver]
        return {
            change_id for change_id in sender_replica.known if change_id[0] in receiver_replica.villages
        } <= receiver_replica.known

    def sync_pair(self, sender: int, receiver: int) -> None:
        """What a restored copy lacks is only sent to it once its own package has told so."""
        n = self.export(sender, receiver)
        if n is not None and not self.try_import(n):
            return_package = self.export(receiver, sender)
            if return_package is not None and self.try_import(return_package):
                n = self.export(sender, receiver)
                assert n is not None
                self.try_import(n)

    def teardown(self) -> None:
        if not hasattr(self, "team"):
            return
        for replica in self.team:
            self.check_conflicts(replica)
        known = set[ChangeId]().union(*(replica.known for replica in self.team))
        for _ in range(6):
            for pair in permutations(range(len(self.team)), 2):
                if not self.has_all_of(*pair):
                    self.sync_pair(*pair)
        for replica in self.team:
            assert replica.known == {change_id for change_id in known if change_id[0] in replica.villages}
            self.check(replica)
        self.check_converged()
        first = self.team[0].book
        before = all_tables(first)
        for payload, to, _ in self.packages:  # again, it changes nothing and says so
            if (
                to == 0
                and isinstance(payload, Path)
                and run_to_completion(package_import.verify_package(first, payload)).known_before
            ):
                assert run_to_completion(package_import.import_package(first, payload)).new_changes == 0
        assert all_tables(first) == before
        for replica in self.team:
            replica.book.close()
        shutil.rmtree(self.folder)

    def check_converged(self) -> None:
        """Whoever has received the same has the same records, bit for bit, and the pictures with them."""
        for village in (OWN_VILLAGE, NEIGHBOUR_VILLAGE):
            village_records, missing_photos = [], []
            for replica in self.team:
                if village in replica.villages:
                    names = {
                        table: list(model.__table__.columns.keys()).index("village")
                        for table, model in records().items()
                    }
                    village_records.append(
                        {
                            table: [row for row in rows if row[names[table]] == village]
                            for table, rows in all_records(replica.book).items()
                        }
                    )
                    with replica.book.reading() as session:
                        expected_photos = set(session.scalars(select(Photo.content).where(Photo.village == village)))
                        missing_photos.append(expected_photos - set(session.scalars(select(Picture.sha256))))
            assert all(replica == village_records[0] for replica in village_records)
            assert not any(missing_photos)


_NEWER_PROGRAM_SQL = (
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


class JournalStateMachine(SyncStateMachine):
    """The same without files: blocks of changes from one journal to another, which is much faster."""

    clones_disks = False  # forks are told apart where a package is read

    def export(self, who: int, to: int) -> int | None:
        sender, receiver = self.team[who], self.team[to]
        shared = sender.villages & receiver.villages
        with receiver.book.reading() as session:
            known = version_vector(session)
        with sender.book.reading() as session:
            blocks = list(changes_after(session, known, shared, 7))
        self.packages.append((blocks, to, {change_id for change_id in sender.known if change_id[0] in shared}))
        return len(self.packages) - 1

    def deliver(self, blocks: Any, to: int) -> None:
        with self.team[to].book.writing() as session:
            merge = Merge(session)
            for block in blocks:
                merge.add_changes(block)
            merge.finish()

    def check_converged(self) -> None:
        """Pictures travel in files only."""
        for village in (OWN_VILLAGE, NEIGHBOUR_VILLAGE):
            village_records = [
                {table: [row for row in rows if village in row] for table, rows in all_records(replica.book).items()}
                for replica in self.team
                if village in replica.villages
            ]
            assert all(replica == village_records[0] for replica in village_records)
