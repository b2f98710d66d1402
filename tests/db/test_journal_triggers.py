"""The one trigger that writes edits says what the trigger of each column said before it.

`data/journal-triggers-0002.json` holds the triggers of schema 0002 as templates: they made one trigger for each column
of each table. Random histories are written under both, on real files, and must leave the same journal and heads.
"""

import json
import shutil
from dataclasses import replace
from pathlib import Path

import pytest
from hypothesis import HealthCheck, example, given, settings
from hypothesis import strategies as st
from sqlalchemy import text
from sqlalchemy.exc import IntegrityError
from sqlalchemy.orm import Session

from app.records.draft import open_draft
from app.workbook.access import open_read_only, unlock
from db.engine import open_engine
from db.journal.changes import write_cell
from db.journal.journal_change import JournalChange
from db.journal.merge import Merge
from db.journal.triggers import journaled_columns, triggers
from db.migrate import known_revisions
from db.schema import records
from db.schema.household import Household
from tests.builders import PASSPHRASE, VILLAGE, migrated_file

TESTS = Path(__file__).parents[1]
TEMPLATES = json.loads((TESTS / "data" / "journal-triggers-0002.json").read_text(encoding="utf-8"))
ROWS = {"household": ("a" * 32,), "helper": ("b" * 32,)}
TEXTS = (None, "5", "05", "甲")
CELLS = {
    "household": {"phone": TEXTS, "population": (None, 4, 5)},
    "helper": {"phone": TEXTS},
}
OTHERS = ("y", "z")  # replicas whose changes come in


def old_triggers():
    """The statements of schema 0002."""
    for table in records():
        columns = journaled_columns(table)
        yield TEMPLATES["birth"].format(
            table=table, pairs=", ".join(f"'{column}', NEW.\"{column}\"" for column in columns)
        )
        for column in columns:
            yield TEMPLATES["withdrawn" if column == "withdrawn" else "cell"].format(table=table, column=column)
        yield from (statement for statement in triggers() if statement.startswith(f"CREATE TRIGGER {table}_d "))


def put_old_triggers(session):
    for statement in triggers():
        if statement.startswith("CREATE TRIGGER"):
            session.connection().exec_driver_sql(f"DROP TRIGGER {statement.split()[2]}")
    session.connection().exec_driver_sql("DROP VIEW cell_edit")
    for statement in old_triggers():
        session.connection().exec_driver_sql(statement)


@pytest.fixture(scope="module")
def engines(tmp_path_factory):
    """A workbook's tables under the old triggers, and under the new."""
    folder = tmp_path_factory.mktemp("journal")
    made = []
    for name in ("old", "new"):
        engine = open_engine(folder / f"{name}.hdb", bytes(32))
        with engine.connect() as connection:
            migrated_file(*known_revisions()).backup(connection.connection.driver_connection)
        with engine.connect().execution_options(writes=True) as connection, Session(connection) as session:
            if name == "old":
                put_old_triggers(session)
            session.execute(text("INSERT INTO writer (replica, operator, stamp) VALUES ('own', '甲', 1)"))
            session.commit()
        made.append(engine)
    yield made
    for engine in made:
        engine.dispose()


def values_of(table):
    """Some columns of a table, `withdrawn` among them → their values."""
    columns = CELLS[table] | {"withdrawn": (0, 1)}
    return {column: st.sampled_from(columns[column]) for column in sorted(columns)}


def cells_of(table, minimum=1):
    return st.fixed_dictionaries({}, optional=values_of(table)).filter(lambda cells: len(cells) >= minimum)


def one_cell(table):
    return st.one_of(*(st.tuples(st.just(column), values) for column, values in values_of(table).items()))


def steps():
    """What a writer or an import does to a row; dots are named by their place among the row's changes. Nothing is made
    while a history is drawn: to validate a strategy costs more than the step."""
    some_dots = st.lists(st.integers(0, 4), max_size=3)

    def of_row(where):
        table = where[0]
        return st.one_of(
            st.tuples(st.just("edit"), st.just(where), cells_of(table)),
            st.tuples(st.just("save late"), st.just(where), cells_of(table), some_dots, some_dots),
            st.tuples(st.just("unjournaled"), st.just(where), cells_of(table)),
            st.tuples(st.just("decide"), st.just(where), one_cell(table)),
            st.tuples(st.just("seen"), st.just(where), one_cell(table), some_dots),
            st.tuples(st.just("receive birth"), st.just(where), st.sampled_from(OTHERS), cells_of(table, 0)),
            st.tuples(
                st.just("receive edit"),
                st.just(where),
                st.sampled_from(OTHERS),
                one_cell(table) | st.just(("solar_panel", "有")),
                some_dots,
            ),
            st.tuples(st.just("next transaction")),
        )

    return st.one_of(*[of_row((table, row)) for table, some in ROWS.items() for row in some])


class Writer:
    """One workbook's side of a history: the same steps, and how a value is stated again under its triggers."""

    def __init__(self, session, old):
        self.session, self.superseded = session, old
        self.numbers = dict.fromkeys(OTHERS, 0)
        for table, rows in ROWS.items():
            for row in rows:
                self.run(f"INSERT INTO {table} (id, village, phone) VALUES (?, ?, '5')", row, VILLAGE.code)

    def run(self, statement, *values):
        return self.session.connection().exec_driver_sql(statement, values)

    def take(self, step):
        getattr(self, step[0].replace(" ", "_"))(*step[1:])

    def next_transaction(self):
        self.run("DELETE FROM seen")
        self.run("UPDATE writer SET stamp = stamp + 1")

    def dots(self, row, places):
        known = self.run(
            "SELECT c.stream, s.replica, c.number FROM change c JOIN stream s ON s.n = c.stream "
            "WHERE row_id = ? ORDER BY seq",
            row,
        ).all()
        return [known[place % len(known)] for place in places]

    def edit(self, where, cells):
        table, row = where
        held = self.run(f"SELECT * FROM {table} WHERE id = ?", row).mappings().one()
        other = {column: value for column, value in cells.items() if value != held[column]}
        if other:
            names = ", ".join(f'"{column}" = ?' for column in other)
            self.run(f"UPDATE {table} SET {names} WHERE id = ?", *other.values(), row)

    def unjournaled(self, where, cells):
        self.run("UPDATE writer SET capturing = 0")
        self.edit(where, cells)
        self.run("UPDATE writer SET capturing = 1")

    def decide(self, where, cell):
        (table, row), (column, value) = where, cell
        if self.superseded:
            self.run(f'UPDATE {table} SET "{column}" = ? WHERE id = ?', value, row)
        else:
            write_cell(self.session, table, row, column, value)

    def seen(self, where, cell, places):
        for stream, _, number in self.dots(where[1], places):
            self.run("INSERT OR IGNORE INTO seen VALUES (?, ?, ?, ?)", where[1], cell[0], stream, number)

    def save_late(self, where, cells, places, places_of_withdrawal):
        """A form that was opened before the last changes came in."""
        for column in cells:
            self.seen(where, (column,), places)
        self.seen(where, ("withdrawn",), places_of_withdrawal)
        self.edit(where, cells)

    def receive(self, where, replica, column, value, replaces):
        self.numbers[replica] += 1
        stamp = 2**40 + 7 * sum(self.numbers.values()) % 5
        merge = Merge(self.session)
        merge.add_changes(
            [
                JournalChange(
                    VILLAGE.code, replica, self.numbers[replica], *where, column, value, stamp, "乙", tuple(replaces)
                )
            ]
        )
        merge.finish()

    def receive_birth(self, where, replica, cells):
        self.receive(where, replica, "", json.dumps({"phone": "5", "withdrawn": 0} | cells, ensure_ascii=False), ())

    def receive_edit(self, where, replica, cell, places):
        self.receive(where, replica, *cell, {(name, number) for _, name, number in self.dots(where[1], places)})

    def outcome(self):
        """All that the journal holds, and the rows."""
        held = {
            table: self.run(f"SELECT * FROM {table}").all() for table in ("change", "head", "stream", "seen", *ROWS)
        }
        return held | {"types": self.run("SELECT typeof(value) FROM change ORDER BY seq").all()}


HOME = ("household", ROWS["household"][0])
BORN_TWICE = ("receive birth", HOME, "z", {"phone": "5", "population": 4})


@example([BORN_TWICE, ("save late", HOME, {"phone": "甲"}, [0], [])])
@example([BORN_TWICE, ("save late", HOME, {"population": 5}, [1], [])])
@example([BORN_TWICE, ("decide", HOME, ("population", 4)), ("decide", HOME, ("population", 4))])
@example([("receive birth", HOME, "z", {"phone": None}), ("save late", HOME, {"population": 5}, [0], [])])
@example([("edit", HOME, {"withdrawn": 1}), ("save late", HOME, {"phone": "甲"}, [0], [0])])
@example([("edit", HOME, {"withdrawn": 1}), ("save late", HOME, {"phone": "甲"}, [0], [0, 1])])
@example(
    [("edit", HOME, {"phone": '{"甲": [1, null]}'}), ("edit", HOME, {"phone": "true"}), ("edit", HOME, {"phone": ""})]
)
@example(
    [
        ("edit", HOME, {"phone": "𠮷\t\"'\\\u2028 \x7f"}),
        ("edit", HOME, {"phone": "1.0"}),
        ("edit", HOME, {"phone": "1"}),
    ]
)
@example(
    [
        ("edit", HOME, {"population": 2**53 + 1}),
        ("edit", HOME, {"population": 2**53}),
        ("edit", HOME, {"population": 0.1}),
    ]
)
@settings(max_examples=200, deadline=None, suppress_health_check=[HealthCheck.too_slow])
@given(history=st.lists(steps(), min_size=1, max_size=25))
def test_a_history_leaves_the_same_journal_as_under_the_triggers_of_each_column(engines, history):
    outcomes = []
    for engine, old in zip(engines, (True, False), strict=True):
        with engine.connect().execution_options(writes=True) as connection, Session(connection) as session:
            writer = Writer(session, old)
            for step in history:
                writer.take(step)
            outcomes.append(writer.outcome())
            session.rollback()
    assert outcomes[0] == outcomes[1]
    assert len(outcomes[1]["change"]) >= len(ROWS)


def test_one_update_of_all_columns_is_numbered_as_before(engines):
    """A trigger a column fired from the last column to the first."""
    outcomes = []
    for engine, old in zip(engines, (True, False), strict=True):
        with engine.connect().execution_options(writes=True) as connection, Session(connection) as session:
            writer = Writer(session, old)
            columns = [column for column in journaled_columns("household") if column not in ("phone", "merged_into")]
            names = ", ".join(f'"{column}" = 1' for column in columns)
            writer.run(f"UPDATE household SET {names}")
            outcomes.append(writer.outcome())
            session.rollback()
    assert outcomes[0] == outcomes[1]
    assert len(outcomes[1]["change"]) == len(ROWS) + len(columns)


@pytest.fixture
def old_book(tmp_path):
    """A closed workbook of schema 0002, with its triggers; its path, a ticket to it, and a household edited in it."""
    path, upgraded = tmp_path / "石桥村.hdb", tmp_path / "另一本.hdb"
    for copy in (path, upgraded):
        shutil.copy(TESTS / "workbooks" / "v0002.hdb", copy)
    book = unlock(upgraded, PASSPHRASE)
    ticket = replace(book.worker_access(), path=path)
    book.close()
    return path, ticket, Household.id_of(f"{VILLAGE.code}008")


def changes(book):
    with book.reading() as session:
        columns = "seq, stream, number, table_name, row_id, column_name, value, stamp, operator, replaces"
        return session.execute(text(f"SELECT {columns} FROM change ORDER BY seq")).all()


def test_an_old_workbook_gets_the_triggers_when_it_is_opened(old_book):
    path, ticket, home = old_book
    with open_read_only(ticket) as reader:
        before = changes(reader)
    book = unlock(path, PASSPHRASE)
    with book.reading() as session:
        held = set(session.scalars(text("SELECT sql FROM sqlite_master WHERE type IN ('trigger', 'view')")))
        assert set(triggers()) <= held
        assert not [one for one in held if "AFTER UPDATE OF" in one and one.startswith("CREATE TRIGGER journal_")]
        assert session.execute(text("SELECT version_num FROM alembic_version")).scalar_one() == known_revisions()[-1]
    assert changes(book) == before
    with book.writing() as session:
        session.execute(text("UPDATE household SET phone = '138', note = '新' WHERE id = :id"), {"id": home})
    added = changes(book)[len(before) :]
    assert [(one.column_name, one.value) for one in added] == [("note", "新"), ("phone", "138")]
    replaced = [
        [one for one in before if one.row_id == home and one.column_name == column][-1] for column in ("note", "")
    ]
    assert [one.replaces for one in added] == [f"{one.stream}:{one.number}" for one in replaced]
    book.close()
    assert path.with_name(f"{path.stem}.v0002.hdb").is_file()


def test_another_process_reads_an_old_workbook_as_it_is(old_book):
    path, ticket, home = old_book
    before = path.read_bytes()
    with open_read_only(ticket) as reader, reader.reading() as session:
        assert open_draft(session, "household", home).values["note"] == "乙又写"
    assert path.read_bytes() == before


@pytest.mark.parametrize("column", ["id", "village"])
def test_a_row_is_never_moved(engines, column):
    _, engine = engines
    with engine.connect().execution_options(writes=True) as connection, Session(connection) as session:
        session.execute(text("INSERT INTO helper (village, id, withdrawn) VALUES ('3408', 'moved', 0)"))
        with pytest.raises(IntegrityError, match="never change"):
            session.execute(text(f"UPDATE helper SET {column} = 'x' WHERE id = 'moved'"))
        session.rollback()


def test_the_triggers_are_few_and_small():
    """Every connection parses them all; tests/benchmarks/test_bench_triggers.py holds how long that takes."""
    statements = list(triggers())
    assert sum(len(statement.encode()) for statement in statements) <= 62_000
    assert len(statements) == 8 + 3 * len(records())
