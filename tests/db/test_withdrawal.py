"""What was withdrawn stays withdrawn, unless somebody edited it without knowing: then a person is asked."""

import random

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from sqlalchemy import text

from app.exchange import conflicts as shown_conflicts
from app.progress import finish
from app.records.draft import open_draft, restore, save_draft, withdraw
from db.conflict import open_conflicts, settle
from db.merge import vector
from db.schema.household import Household
from tests.builders import VILLAGE, household, workbook
from tests.db.test_merge import HOME, write
from tests.laptops import laptops, pull, state

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
    made = laptops(first, tmp_path, "甲乙丙")
    yield made
    for book in made:
        book.close()


def asked(book):
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


def meet(*books):
    for _ in range(2):
        for source in books:
            for target in books:
                if source is not target:
                    pull(source, target)


@pytest.mark.parametrize("edit_first", [True, False])
def test_an_edit_made_without_knowing_asks_a_person_everywhere(books, edit_first):
    a, b, c = books
    finish(withdraw(a, "household", HOME))
    write(b, phone="13800000001")
    for source in (b, a) if edit_first else (a, b):
        merged = pull(source, c)
    assert merged.conflicts == {CELL}
    meet(a, b, c)
    assert asked(a) == asked(b) == asked(c) == [{(1, "甲"), (0, "乙")}]
    assert withdrawn(a) is withdrawn(b) is withdrawn(c) is True


def test_who_saw_the_edit_or_the_withdrawal_is_not_asked(books):
    a, b, _ = books
    write(b, phone="13800000001")
    pull(b, a)
    finish(withdraw(a, "household", HOME))
    pull(a, b)
    write(b, phone="13800000002")  # of a record that is known to be withdrawn
    meet(a, b)
    assert asked(a) == asked(b) == []
    assert withdrawn(b) is True


def test_a_form_that_was_open_while_the_withdrawal_came_in_did_not_know(books):
    first, second, _ = books
    with second.reading() as session:
        draft = open_draft(session, "household", HOME)
    finish(withdraw(first, "household", HOME))
    pull(first, second)
    assert withdrawn(second)
    finish(save_draft(second, draft.with_values(note="没看到撤回")))
    meet(*books)
    assert all(asked(book) == asked(first) != [] for book in books)
    with first.reading() as session:
        knowing = open_draft(session, "household", HOME)
    finish(save_draft(first, knowing.with_values(note="看到了撤回")))
    meet(*books)
    assert all(asked(book) == [] for book in books)


def test_two_who_withdraw_are_not_asked_unless_neither_saw_the_edit(books):
    a, b, c = books
    finish(withdraw(a, "household", HOME))
    write(c, note="还住着")
    pull(c, b)
    finish(withdraw(b, "household", HOME))  # saw the edit
    meet(a, b, c)
    assert asked(c) == []


@pytest.mark.parametrize("stays", [1, 0])
def test_a_decision_spreads(books, stays):
    a, b, c = books
    finish(withdraw(a, "household", HOME))
    write(b, phone="13800000001", note="还住着")
    meet(a, b, c)
    with c.writing() as session:
        settle(session, *CELL, stays)
    pull(c, a)
    pull(a, b)
    assert asked(a) == asked(b) == asked(c) == []
    assert withdrawn(b) is bool(stays)
    assert state(a) == state(b) == state(c)


def test_an_edit_that_came_in_after_the_question_was_shown_asks_again(books):
    a, b, c = books
    finish(withdraw(a, "household", HOME))
    write(b, phone="13800000001")
    pull(b, a)
    [shown] = shown_conflicts.listed(a)
    assert [side.text for side in shown.sides] == ["撤回这条记录", "保留这条记录"]
    write(c, note="还住着")
    pull(c, a)
    finish(shown_conflicts.settle(a, shown, "ours"))
    meet(a, b, c)
    assert asked(a) == asked(b) == asked(c) == [{(1, "甲"), (0, "丙")}]


def test_withdrawn_on_one_and_restored_on_another_is_a_conflict_too(books):
    a, b, _ = books
    finish(withdraw(a, "household", HOME))
    pull(a, b)
    finish(restore(b, "household", HOME))
    finish(restore(a, "household", HOME))
    finish(withdraw(a, "household", HOME))
    meet(a, b)
    assert asked(a) == asked(b) == [{(1, "甲"), (0, "乙")}]


class Told:
    """Who knew what when they wrote, by version vectors: the truth that the journal must tell without them."""

    def __init__(self) -> None:
        self.edits: list[tuple[tuple[str, int], str, dict, bool]] = []  # dot, column, known before, seen withdrawn
        self.decisions: list[dict] = []  # known before

    def write(self, book, column, value):
        with book.reading() as session:
            known, gone = vector(session), session.get(Household, HOME).withdrawn
        write(book, **{column: value})
        stream = (VILLAGE.code, book.replica)
        with book.reading() as session:
            last = vector(session).get(stream, 0)
        if last == known.get(stream, 0):
            return  # the value was there
        if column == "withdrawn":
            self.decisions.append(known)
        else:
            self.edits.append(((book.replica, last), column, known, gone))

    def unaware(self) -> set[tuple[str, int]]:
        """Dots of the edits that a person must be asked about where everything is known."""

        def in_past(dot, known):
            return any(replica == dot[0] and number >= dot[1] for (_, replica), number in known.items())

        heads = [
            edit
            for edit in self.edits
            if not any(edit[1] == later[1] and in_past(edit[0], later[2]) for later in self.edits)
        ]
        return {
            dot for dot, _, _, gone in heads if not gone and not any(in_past(dot, known) for known in self.decisions)
        }


@settings(max_examples=12, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(seed=st.integers(0, 10**9))
def test_in_any_order_all_are_asked_the_same_and_nobody_without_need(first, tmp_path_factory, seed):
    chance = random.Random(seed)
    books = laptops(first, tmp_path_factory.mktemp("laptops"), "甲乙丙")
    told = Told()
    for n in range(18):
        book = chance.choice(books)
        if chance.random() < 0.55:
            column = chance.choice(("phone", "note", "withdrawn"))
            told.write(book, column, chance.random() < 0.7 if column == "withdrawn" else f"{n}")
        else:
            pull(chance.choice(books), book)
    meet(*books)
    assert all(state(book) == state(books[0]) for book in books[1:])
    with books[0].reading() as session:
        everywhere = open_conflicts(session)
        shown = session.execute(text("SELECT withdrawn FROM household")).scalar_one()
    for book in books[1:]:
        with book.reading() as session:
            assert open_conflicts(session) == everywhere
    found = {
        (head.replica, head.number)
        for one in everywhere
        if one.column == "withdrawn"
        for head in one.heads
        if (head.replica, head.number) in {edit[0] for edit in told.edits}
    }
    if shown:
        assert found == told.unaware()
    for book in books:
        book.close()
