"""What was withdrawn stays withdrawn, unless somebody edited it without knowing: then a person is asked."""

import random

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from sqlalchemy import text

from app.records.draft import open_draft, restore, save_draft, withdraw
from app.sync import conflicts as shown_conflicts
from db.journal.conflicts import open_conflicts, resolve
from db.journal.merge import version_vector
from db.schema.household import Household
from tests.builders import VILLAGE, household, workbook
from tests.db.test_merge import HOME, write
from tests.replicas import all_records, make_replicas, sync

CELL = ("household", HOME, "withdrawn")


@pytest.fixture(scope="module")
def first(tmp_path_factory):
    """A closed workbook that knows the household."""
    book = workbook(tmp_path_factory.mktemp("first"))
    with book.writing() as session:
        household(session, members=0)
    book.close()
    return book.path


@pytest.fixture
def books(first, tmp_path):
    """Three laptops that know the same household."""
    replicas = make_replicas(first, tmp_path, "甲乙丙")
    yield replicas
    for book in replicas:
        book.close()


def open_edits(book):
    """What is asked of a person about the record's existence: (value, operator) of each side."""
    with book.reading() as session:
        return [
            {(head.value, head.operator) for head in one.heads}
            for one in open_conflicts(session)
            if (one.table, one.row, one.column) == CELL
        ]


def withdrawn(book):
    with book.reading() as session:
        return session.get(Household, HOME).withdrawn


def sync_all(*books):
    for _ in range(2):
        for source in books:
            for target in books:
                if source is not target:
                    sync(source, target)


@pytest.mark.parametrize("edit_first", [True, False])
def test_an_edit_made_without_knowing_asks_a_person_everywhere(books, edit_first):
    a, b, c = books
    withdraw(a, "household", HOME)
    write(b, phone="13800000001")
    for source in (b, a) if edit_first else (a, b):
        merged = sync(source, c)
    assert merged.conflicts == {CELL}
    sync_all(a, b, c)
    assert open_edits(a) == open_edits(b) == open_edits(c) == [{(1, "甲"), (0, "乙")}]
    assert withdrawn(a) is withdrawn(b) is withdrawn(c) is True
    with a.operation("新建户") as session:
        household(session, number=2)
    assert sync(a, c).conflicts == set()  # what was in question before did not come with it


def test_who_saw_the_edit_or_the_withdrawal_is_not_asked(books):
    a, b, _ = books
    write(b, phone="13800000001")
    sync(b, a)
    withdraw(a, "household", HOME)
    sync(a, b)
    write(b, phone="13800000002")  # of a record that is known to be withdrawn
    sync_all(a, b)
    assert open_edits(a) == open_edits(b) == []
    assert withdrawn(b) is True


def test_a_form_that_was_open_while_the_withdrawal_came_in_did_not_know(books):
    first, second, _ = books
    with second.reading() as session:
        draft = open_draft(session, "household", HOME)
    withdraw(first, "household", HOME)
    sync(first, second)
    assert withdrawn(second)
    save_draft(second, draft.with_values(note="没看到撤回"))
    sync_all(*books)
    assert all(open_edits(book) == open_edits(first) != [] for book in books)
    with first.reading() as session:
        knowing = open_draft(session, "household", HOME)
    save_draft(first, knowing.with_values(note="看到了撤回"))
    sync_all(*books)
    assert all(open_edits(book) == [] for book in books)


def test_two_who_withdraw_are_not_asked_unless_neither_saw_the_edit(books):
    a, b, c = books
    withdraw(a, "household", HOME)
    write(c, note="还住着")
    sync(c, b)
    withdraw(b, "household", HOME)  # saw the edit
    sync_all(a, b, c)
    assert open_edits(c) == []


@pytest.mark.parametrize("stays", [1, 0])
def test_a_decision_spreads(books, stays):
    a, b, c = books
    withdraw(a, "household", HOME)
    write(b, phone="13800000001", note="还住着")
    sync_all(a, b, c)
    with c.writing() as session:
        resolve(session, *CELL, stays)
    sync(c, a)
    sync(a, b)
    assert open_edits(a) == open_edits(b) == open_edits(c) == []
    assert withdrawn(b) is bool(stays)
    assert all_records(a) == all_records(b) == all_records(c)


def test_an_edit_that_came_in_after_the_question_was_shown_asks_again(books):
    a, b, c = books
    withdraw(a, "household", HOME)
    write(b, phone="13800000001")
    sync(b, a)
    [displayed] = shown_conflicts.list_conflicts(a)
    assert [side.text for side in displayed.sides] == ["撤回这条记录", "保留这条记录"]
    write(c, note="还住着")
    sync(c, a)
    shown_conflicts.resolve(a, displayed, "ours")
    sync_all(a, b, c)
    assert open_edits(a) == open_edits(b) == open_edits(c) == [{(1, "甲"), (0, "丙")}]


def test_withdrawn_on_one_and_restored_on_another_is_a_conflict_too(books):
    a, b, _ = books
    withdraw(a, "household", HOME)
    sync(a, b)
    restore(b, "household", HOME)
    restore(a, "household", HOME)
    withdraw(a, "household", HOME)
    sync_all(a, b)
    assert open_edits(a) == open_edits(b) == [{(1, "甲"), (0, "乙")}]


class ConflictModel:
    """Who knew what when they wrote, by version vectors: the truth that the journal must tell without them."""

    def __init__(self) -> None:
        self.edits: list[tuple[tuple[str, int], str, dict, bool]] = []  # dot, column, known before, seen withdrawn
        self.withdrawals: list[dict] = []  # known before

    def record_edit(self, book, column, value):
        with book.reading() as session:
            known, withdrawn_before = version_vector(session), session.get(Household, HOME).withdrawn
        write(book, **{column: value})
        stream = (VILLAGE.code, book.replica)
        with book.reading() as session:
            last = version_vector(session).get(stream, 0)
        if last == known.get(stream, 0):
            return  # the value was there
        if column == "withdrawn":
            self.withdrawals.append(known)
        else:
            self.edits.append(((book.replica, last), column, known, withdrawn_before))

    def unaware_edits(self) -> set[tuple[str, int]]:
        """Dots of the edits that a person must be asked about where everything is known."""

        def in_past(change_id, known):
            return any(replica == change_id[0] and number >= change_id[1] for (_, replica), number in known.items())

        heads = [
            edit
            for edit in self.edits
            if not any(edit[1] == later_edit[1] and in_past(edit[0], later_edit[2]) for later_edit in self.edits)
        ]
        return {
            change_id
            for change_id, _, _, withdrawn_before in heads
            if not withdrawn_before and not any(in_past(change_id, known) for known in self.withdrawals)
        }


@settings(
    max_examples=12, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow]
)
@given(seed=st.integers(0, 10**9))
def test_in_any_order_all_are_asked_the_same_and_nobody_without_need(first, tmp_path_factory, seed):
    chance = random.Random(seed)
    books = make_replicas(first, tmp_path_factory.mktemp("laptops"), "甲乙丙")
    model = ConflictModel()
    for n in range(18):
        book = chance.choice(books)
        if chance.random() < 0.55:
            column = chance.choice(("phone", "note", "withdrawn"))
            model.record_edit(book, column, chance.random() < 0.7 if column == "withdrawn" else f"{n}")
        else:
            sync(chance.choice(books), book)
    sync_all(*books)
    assert all(all_records(book) == all_records(books[0]) for book in books[1:])
    with books[0].reading() as session:
        everywhere = open_conflicts(session)
        displayed = session.execute(text("SELECT withdrawn FROM household")).scalar_one()
    for book in books[1:]:
        with book.reading() as session:
            assert open_conflicts(session) == everywhere
    observed = {
        (head.replica, head.number)
        for one in everywhere
        if one.column == "withdrawn"
        for head in one.heads
        if (head.replica, head.number) in {edit[0] for edit in model.edits}
    }
    if displayed:
        assert observed == model.unaware_edits()
    for book in books:
        book.close()
