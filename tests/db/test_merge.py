"""What the exchange promises, on the journal alone: docs/decisions/0004-journal.md."""

import json
import random

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from sqlalchemy import text

from app.progress import run_to_completion
from app.records.draft import open_draft, write_draft
from app.workbook.integrity import check_integrity
from db.journal.conflicts import open_conflicts, resolve
from db.journal.merge import Merge, MissingChangesError, version_vector
from db.journal.outgoing_changes import changes_after
from db.schema.household import Household
from tests.builders import VILLAGE, household, workbook
from tests.replicas import all_records, make_replicas, sync

HOME = Household.id_of(f"{VILLAGE.code}001")


def write(book, **values):
    with book.writing() as session:
        household_id = session.get(Household, HOME)
        for name, value in values.items():
            setattr(household_id, name, value)


@pytest.fixture(scope="module")
def empty(tmp_path_factory):
    """A closed workbook without households."""
    book = workbook(tmp_path_factory.mktemp("empty"))
    book.close()
    return book.path


@pytest.fixture
def books(empty, tmp_path):
    """Three laptops that know the same household."""
    replicas = make_replicas(empty, tmp_path, "甲乙丙")
    with replicas[0].writing() as session:
        household(session)
    for other in replicas[1:]:
        sync(replicas[0], other)
        sync(other, replicas[0])
    sync(replicas[0], replicas[1])
    yield replicas
    for book in replicas:
        book.close()


def conflicts(book):
    with book.reading() as session:
        return open_conflicts(session)


def test_different_columns_merge_silently(books):
    a, b, _ = books
    write(a, phone="13800000001")
    write(b, address="桥头 3 号")
    sync(a, b)
    sync(b, a)
    assert all_records(a) == all_records(b)
    assert conflicts(a) == conflicts(b) == []


def test_one_cell_written_twice_is_a_conflict_that_shows_both(books):
    a, b, c = books
    write(a, phone="13800000001")
    write(b, phone="13800000002")
    assert sync(a, b).conflicts == {("household", HOME, "phone")}
    sync(b, a)
    sync(b, c)
    assert all_records(a) == all_records(b) == all_records(c)
    [conflict] = conflicts(c)
    assert {(head.value, head.operator) for head in conflict.heads} == {("13800000001", "甲"), ("13800000002", "乙")}
    assert conflict.heads[0].value == state_phone(c)


def state_phone(book):
    with book.reading() as session:
        return session.get(Household, HOME).phone


def test_agreement_by_accident_is_no_conflict(books):
    a, b, _ = books
    write(a, phone="13800000001")
    write(b, phone="13800000001")
    assert sync(a, b).conflicts == set()
    sync(b, a)
    assert conflicts(a) == []
    write(a, phone="13800000003")
    assert sync(a, b).conflicts == set()
    assert state_phone(b) == "13800000003"


@pytest.mark.parametrize("taken", ["13800000001", "13800000002", "13800000003", None])
def test_a_conflict_settled_here_is_settled_everywhere(books, taken):
    a, b, c = books
    write(a, phone="13800000001")
    write(b, phone="13800000002")
    sync(a, c)
    sync(b, c)
    with c.writing() as session:
        resolve(session, "household", HOME, "phone", taken)
    sync(c, a)
    sync(c, b)
    assert conflicts(a) == conflicts(b) == conflicts(c) == []
    assert state_phone(a) == state_phone(b) == taken


def test_settled_differently_on_two_laptops_is_a_conflict_again(books):
    a, b, c = books
    write(a, phone="13800000001")
    write(b, phone="13800000002")
    for source, target in ((a, b), (b, a), (a, c)):
        sync(source, target)
    for book, choices in ((a, "13800000001"), (b, "13800000002")):
        with book.writing() as session:
            resolve(session, "household", HOME, "phone", choices)
    sync(a, c)
    sync(b, c)
    [conflict] = conflicts(c)
    assert {head.value for head in conflict.heads} == {"13800000001", "13800000002"}


def test_two_imports_of_one_roster_and_a_later_edit_are_no_conflict(empty, tmp_path):
    a, b, c = make_replicas(empty, tmp_path, "甲乙丙")
    for book in (a, b):
        with book.writing() as session:
            household(session, phone="13800000001")
    write(a, phone="13800000009")
    for source, target in ((a, c), (b, c), (b, a), (a, b)):
        assert sync(source, target).conflicts == set()
    assert all_records(a) == all_records(b) == all_records(c)
    assert state_phone(c) == "13800000009"
    for book in (a, b, c):
        book.close()


def test_two_imports_that_differ_in_one_cell_conflict_there_only(empty, tmp_path):
    a, b = make_replicas(empty, tmp_path, "甲乙")
    for book, phone in ((a, "13800000001"), (b, "13800000002")):
        with book.writing() as session:
            household(session, phone=phone)
    assert sync(a, b).conflicts == {("household", HOME, "phone")}
    sync(b, a)
    assert all_records(a) == all_records(b)
    a.close()
    b.close()


def test_a_stale_form_makes_a_conflict_and_overwrites_nothing(books):
    a, b, _ = books
    with a.reading() as session:
        draft = open_draft(session, "household", HOME)
    write(b, phone="13800000002")
    sync(b, a)
    with a.writing() as session:
        write_draft(session, draft.with_values(phone="13800000001"))
    [conflict] = conflicts(a)
    assert {head.value for head in conflict.heads} == {"13800000001", "13800000002"}


def test_importing_again_changes_nothing(books):
    a, b, _ = books
    write(a, phone="13800000001")
    with a.reading() as session:
        everything = list(changes_after(session, {}))
    for _ in range(2):
        with b.writing() as session:
            merge = Merge(session)
            for block in everything:
                merge.add_changes(block)
            merged = merge.finish()
    assert merged.new_changes == 0
    assert merged.known_changes == sum(len(block) for block in everything)


def test_a_gap_is_refused_and_nothing_is_kept(books):
    a, b, _ = books
    write(a, phone="13800000001")
    write(a, phone="13800000002")
    with b.reading() as session:
        known = version_vector(session)
    with a.reading() as session:
        [block] = list(changes_after(session, known))
    before = all_records(b)
    with pytest.raises(MissingChangesError), b.writing() as session:
        Merge(session).add_changes(block[1:])
    assert all_records(b) == before


def test_cells_of_columns_that_are_not_known_yet_are_kept(books):
    a, b, c = books
    write(a, phone="13800000001")
    with b.reading() as session:
        known = version_vector(session)
    with a.reading() as session:
        [block] = list(changes_after(session, known))
    newer = [change._replace(column="solar_panel", value="有") for change in block]
    with b.writing() as session:
        merge = Merge(session)
        merge.add_changes(newer)
        merge.finish()
    sync(b, c)
    with c.reading() as session:
        stored = session.execute(text("SELECT value FROM change WHERE column_name = 'solar_panel'")).scalar_one()
    assert stored == "有"


@settings(
    max_examples=15, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow]
)
@given(seed=st.integers(0, 10**9))
def test_any_order_of_exchange_ends_in_the_same_records(empty, tmp_path_factory, seed):
    chance = random.Random(seed)
    books = make_replicas(empty, tmp_path_factory.mktemp("laptops"), "甲乙丙丁")
    written = set()
    for book in books[: chance.choice((1, 2))]:
        with book.writing() as session:
            household(session, members=1)
    for _ in range(25):
        book = chance.choice(books)
        with book.reading() as session:
            household_exists = session.get(Household, HOME) is not None
        if household_exists and chance.random() < 0.6:
            value = f"138{chance.randrange(10**8):08}"
            column = chance.choice(("phone", "address", "note"))
            write(book, **{column: value})
            written.add((column, value))
        else:
            sync(chance.choice(books), book)
    for _ in range(2):
        for source in books:
            for target in books:
                if source is not target:
                    sync(source, target)
    assert all(all_records(book) == all_records(books[0]) for book in books[1:])
    assert all(conflicts(book) == conflicts(books[0]) for book in books[1:])
    with books[-1].reading() as session:
        stored = {
            tuple(row) for row in session.execute(text("SELECT column_name, value FROM change WHERE column_name <> ''"))
        }
    assert written <= stored
    for book in books:
        book.close()


def test_a_township_with_more_streams_than_sql_takes_parts(books):
    a, b, _ = books
    with a.writing() as session:
        for n in range(600):
            session.execute(
                text("INSERT INTO stream (village, replica, last) VALUES ('1', :replica, 1)"), {"replica": f"{n}"}
            )
            session.execute(
                text(
                    "INSERT INTO change (stream, number, table_name, row_id, column_name, value, stamp, operator) "
                    "SELECT max(n), 1, 'visit', :row, '', '{}', 1, '甲' FROM stream"
                ),
                {"row": f"{n}"},
            )
    with b.reading() as session:
        known = version_vector(session)
    with a.reading() as session:
        assert len([change for block in changes_after(session, known, {"1"}) for change in block]) == 600


def test_two_births_with_a_column_that_is_not_known_yet(empty, tmp_path):
    """The first of two births may be the one that has it; laptops that know the column have both as heads."""
    a, b, c = make_replicas(empty, tmp_path, "甲乙丙")
    for book in (a, b):
        with book.writing() as session:
            household(session, members=0)
    for source, more in ((a, {"solar_panel": "有"}), (b, {})):
        with source.reading() as session:
            blocks = list(changes_after(session, {}))
        with c.writing() as session:
            merge = Merge(session)
            for block in blocks:
                merge.add_changes(
                    change._replace(value=json.dumps(json.loads(change.value) | more))
                    if change.table == "household"
                    else change
                    for change in block
                )
            merged = merge.finish()
    with c.reading() as session:
        heads = session.execute(text("SELECT count(*) FROM head WHERE column_name = 'solar_panel'")).scalar_one()
    assert heads == 2
    assert merged.conflicts == set()  # nobody can settle what this program does not know


def test_a_form_that_was_open_while_an_equal_birth_came_in_has_no_conflict(empty, tmp_path):
    """The birth that its officer did not see says the same as the one that was replaced."""
    a, b = make_replicas(empty, tmp_path, "甲乙")
    for book in (a, b):
        with book.writing() as session:
            household(session, members=0)
    with a.reading() as session:
        draft = open_draft(session, "household", HOME)
    sync(b, a)
    with a.writing() as session:
        write_draft(session, draft.with_values(phone="13800000001"))
    sync(a, b)
    assert conflicts(a) == conflicts(b) == []
    assert run_to_completion(check_integrity(a)) == run_to_completion(check_integrity(b)) == []
    a.close()
    b.close()
