"""Whatever was done can be taken back: all of it in reverse order, any of it as long as nothing built on it."""

import os
import re
import shutil
import tempfile
from contextlib import contextmanager
from pathlib import Path

import pytest
from hypothesis import HealthCheck, example, given, settings
from hypothesis import strategies as st
from sqlalchemy import select, text, update

from app.errors import UserError
from app.progress import run_to_completion
from app.records.membership import create_household
from app.sync import conflicts
from app.workbook.integrity import check_integrity
from app.workbook.operations import list_operations, redo, take_back, undo, undo_state
from db.journal.changes import write_cell
from db.journal.conflicts import open_conflicts, resolve
from db.journal.integrity import row_histories
from db.journal.streams import stream_replicas
from db.schema.aid import Visit
from db.schema.household import Household, Member
from tests.app.sync.peers import full_state
from tests.builders import VILLAGE, household, workbook
from tests.refusals import refused
from tests.replicas import make_replicas, sync
from tests.stored_rows import stored_rows

NUMBERS = st.integers(1, 3)
TEXTS = st.sampled_from(("一", "二", None))
STEPS = st.one_of(
    st.tuples(st.just("new"), NUMBERS),
    st.tuples(st.just("edit"), NUMBERS, st.sampled_from(("note", "phone")), TEXTS),
    st.tuples(st.just("edit"), NUMBERS, st.sampled_from(("note", "phone")), TEXTS),
    st.tuples(st.just("bulk"), TEXTS),
    st.tuples(st.just("withdraw"), NUMBERS, st.booleans()),
    st.tuples(st.just("visit"), NUMBERS, TEXTS),
    st.tuples(st.just("move"), NUMBERS, NUMBERS),
    st.tuples(st.just("join"), NUMBERS, NUMBERS),
    st.tuples(st.just("part"), NUMBERS),
    st.tuples(st.just("settle"), NUMBERS, NUMBERS),
)
OFTEN = settings(
    max_examples=int(os.environ.get("HUDANG_EXAMPLES", "30")),
    deadline=None,
    suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow],
)


def id_of(number):
    return Household.id_of(f"{VILLAGE.code}{number:03}")


@pytest.fixture(scope="module")
def first(tmp_path_factory):
    """A closed workbook with one household."""
    patch = pytest.MonkeyPatch()
    folder = tmp_path_factory.mktemp("first")
    patch.setenv("HUDANG_STATE", str(folder / "state"))
    book = workbook(folder)
    with book.operation("新建户") as session:
        household(session, number=1)
    book.close()
    yield book.path
    patch.undo()


@pytest.fixture(scope="module")
def disputed(first):
    """`first`, closed, with two conflicts: a note, and a household withdrawn by one and edited by the other."""
    with replicas(first, "甲乙") as books:
        perform(books[0], ("new", 2))
        sync(*books)
        for book, note in zip(books, "一二", strict=True):
            perform(book, ("edit", 1, "note", note))
        perform(books[0], ("withdraw", 2, True))
        perform(books[1], ("edit", 2, "phone", "二"))
        sync(*reversed(books))
        books[0].close()
        yield Path(shutil.copy(books[0].path, first.parent / "争议.hdb"))


@contextmanager
def replicas(first, names):
    folder = Path(tempfile.mkdtemp(dir=first.parent))
    books = make_replicas(first, folder, names)
    try:
        yield books
    finally:
        for book in books:
            book.close()
        shutil.rmtree(folder)


def write(session, what, *how):
    """One operation on households, their people and visits; what cannot be done does nothing."""
    target = id_of(how[0])
    match what, *how:
        case "new", number if session.get(Household, target) is None:
            household(session, number=number, members=2)
        case "edit", number, column, value:
            session.execute(update(Household).where(Household.id == target).values({column: value}))
        case "withdraw", number, withdrawn if session.get(Household, target) is not None:
            write_cell(session, "household", target, "withdrawn", int(withdrawn))
        case "visit", number, value if session.get(Household, target) is not None:
            session.add(Visit(village=VILLAGE.code, household_id=target, found=value))
        case "move", number, other if session.get(Household, id_of(other)) is not None:
            person = session.scalar(select(Member.id).where(Member.household_id == target).order_by(Member.id))
            session.execute(update(Member).where(Member.id == person).values(household_id=id_of(other)))
        case "join", number, other if number != other and session.get(Household, id_of(other)) is not None:
            session.execute(update(Household).where(Household.id == target).values(merged_into=id_of(other)))
        case "part", number:
            session.execute(update(Household).where(Household.id == target).values(merged_into=None))


def perform(book, step):
    if step[0] == "settle":
        if listed := conflicts.list_conflicts(book):
            conflict = listed[step[1] % len(listed)]
            conflicts.resolve(book, conflict, conflict.sides[step[2] % len(conflict.sides)])
        return
    with book.operation(str(step)) as session:
        if step[0] == "bulk":
            session.execute(update(Household).values(note=step[1]))
        else:
            write(session, *step)


def disputes(book):
    """Cell in conflict → its values, who wrote them, when and where."""
    return {(conflict.row, conflict.column): conflict.sides for conflict in conflicts.list_conflicts(book)}


def dump(book):
    """Row → its cells, of all records that are not withdrawn; and what is in conflict."""
    with book.reading() as session:
        standing = {
            (table, row.id): dict(row._mapping)
            for table, rows in stored_rows(session).items()
            for row in rows
            if not row.withdrawn
        }
    return standing, disputes(book)


def stated(book):
    """(row, column) → what the journal says of it: what its writer stated, whatever household is shown for it."""
    with book.reading() as session:
        rows = session.scalars(text("SELECT DISTINCT row_id FROM change")).all()
        replica = stream_replicas(session)
        return {
            (row, column): history.current_value(column, replica) or None
            for row, history in row_histories(session, rows).items()
            for column in history.columns()
        }


def latest(book):
    with book.reading() as session:
        return next((operation.n for operation in list_operations(session)), 0)


@OFTEN
@given(st.lists(STEPS, max_size=8))
@example([("join", 1, 2), ("join", 1, 2)])  # stated twice, as 2 is withdrawn and not shown
@example([("edit", 2, "phone", "一"), ("withdraw", 2, False)])  # the conflict was settled, then decided
def test_undone_in_reverse_order_all_is_as_in_the_beginning_and_redone_as_in_the_end(disputed, steps):
    with replicas(disputed, "甲") as (book,):
        beginning, done = dump(book), 0
        for step in steps:
            before = latest(book)
            perform(book, step)
            done += latest(book) != before
        end = dump(book)
        for _ in range(done):
            run_to_completion(undo(book))
        assert dump(book) == beginning
        with pytest.raises(UserError, match="没有可以撤销"):
            run_to_completion(undo(book))
        for _ in range(done):
            run_to_completion(redo(book))
        assert dump(book) == end
        with pytest.raises(UserError, match="没有可以重做"):
            run_to_completion(redo(book))
        for _ in range(done):
            run_to_completion(undo(book))
        assert dump(book) == beginning
        assert run_to_completion(check_integrity(book)) == []


@OFTEN
@given(st.lists(STEPS, min_size=1, max_size=8), st.randoms(use_true_random=False))
def test_taken_back_in_any_order_cells_are_as_before_or_the_refusal_says_why(disputed, steps, chance):
    with replicas(disputed, "甲") as (book,):
        beginning = dump(book)
        changed = {}  # operation → cells that it changed, with what they were; ...: the row was not there
        settled = {}  # operation → the conflicts that it settled, whatever it was
        for step in steps:
            before, newest, open_before = stated(book), latest(book), disputes(book)
            perform(book, step)
            if latest(book) != newest:
                changed[latest(book)] = {
                    cell: before.get(cell) if cell[0] in {row for row, _ in before} else ...
                    for cell, value in stated(book).items()
                    if before.get(cell, ...) != value
                }
            if step[0] == "settle":
                still_open = disputes(book)
                settled[latest(book)] = {c: sides for c, sides in open_before.items() if c not in still_open}
        order, refusals = list(changed), 0
        chance.shuffle(order)
        for operation in order:
            state = dump(book), latest(book)
            if refusal := refused(take_back(book, operation)):
                assert re.search("^不能撤销“.+”：.*后来又.+请先.+。$", refusal)
                assert (dump(book), latest(book)) == state
                refusals += 1
                continue
            cells = stated(book)
            for (row, column), value in changed[operation].items():
                assert cells[row, "withdrawn"] if value is ... else cells[row, column] == value
            assert settled.get(operation, {}).items() <= disputes(book).items()
        assert refusals or dump(book) == beginning
        assert run_to_completion(check_integrity(book)) == []


def test_what_an_edit_settled_is_open_again_unless_somebody_decided_about_the_record_after_it(disputed):
    """The edit settles that its row was withdrawn by one who did not know of the former value of the cell."""
    with replicas(disputed, "甲") as (book,):
        beginning = dump(book)
        perform(book, ("edit", 2, "phone", "一"))
        edited = latest(book)
        perform(book, ("withdraw", 2, False))
        restored = latest(book)
        assert "“陈卫国（下屋组）”后来又撤回或恢复过" in refused(take_back(book, edited))
        run_to_completion(take_back(book, restored))
        run_to_completion(take_back(book, edited))
        assert dump(book) == beginning  # also who withdrew the household, and where


WHO = st.integers(0, 1)
TEAM_STEPS = st.one_of(
    st.tuples(st.just("write"), WHO, STEPS),
    st.tuples(st.just("write"), WHO, STEPS),
    st.tuples(st.just("undo"), WHO),
    st.tuples(st.just("redo"), WHO),
    st.tuples(st.just("take back"), WHO, st.integers(0, 5)),
    st.tuples(st.just("receive"), WHO),
    st.tuples(st.just("settle"), WHO),
)


def act(books, what, who, *how):
    book = books[who]
    match what, *how:
        case "write", step:
            perform(book, step)
        case "undo" | "redo", *_:
            refused({"undo": undo, "redo": redo}[what](book))
        case "take back", back:
            refused(take_back(book, max(1, latest(book) - back)))
        case "receive", *_:
            sync(books[1 - who], book)
        case "settle", *_:
            with book.operation("确定冲突") as session:
                for conflict in open_conflicts(session):
                    resolve(session, conflict.table, conflict.row, conflict.column, conflict.heads[-1].value)


@OFTEN
@given(st.lists(TEAM_STEPS, max_size=14))
def test_two_laptops_that_undo_still_agree(disputed, steps):
    with replicas(disputed, "甲乙") as books:
        for step in steps:
            act(books, *step)
        sync(books[0], books[1])
        sync(books[1], books[0])
        assert full_state(books[0]) == full_state(books[1])
        for book in books:
            assert run_to_completion(check_integrity(book)) == []


def test_a_household_that_got_a_visit_afterwards_is_not_taken_back(first):
    with replicas(first, "甲") as (book,):
        perform(book, ("new", 2))
        made = latest(book)
        perform(book, ("visit", 2, "一"))
        visited = latest(book)
        sentence = refused(take_back(book, made))
        assert "后来又新增了“陈卫国（下屋组）”的走访记录" in sentence
        assert "('visit', 2, '一')" in sentence
        run_to_completion(take_back(book, visited))
        run_to_completion(take_back(book, made))
        assert "已经撤销过了" in refused(take_back(book, made))
        with book.reading() as session:
            assert session.get_one(Household, id_of(2)).withdrawn
            assert [one.undone != "" for one in list_operations(session)] == [False, False, True, True, False]


def test_a_name_that_is_given_up_by_undoing_can_be_used_again(first):
    with replicas(first, "甲") as (book,):
        number = f"{VILLAGE.code}009"
        made = create_household(book, VILLAGE.code, {"household_no": number, "note": "错"}, {"name": "甲"})
        run_to_completion(undo(book))
        again = create_household(book, VILLAGE.code, {"household_no": number, "phone": "13800000001"}, {"name": "乙"})
        assert again == made
        with book.reading() as session:
            row = session.get_one(Household, made)
            assert (row.withdrawn, row.note, row.phone) == (False, None, "13800000001")
        with pytest.raises(UserError, match="已经有了"):
            create_household(book, VILLAGE.code, {"household_no": number}, {"name": "丙"})


def test_only_what_was_done_since_the_workbook_was_opened_is_undone_by_key(first):
    with replicas(first, "甲") as (book,):
        assert "没有可以撤销" in refused(undo(book))
        run_to_completion(take_back(book, latest(book)))
        with book.reading() as session:
            assert undo_state(session, book.first_operation).redo == "新建户"


def test_who_writes_without_a_name_is_kept_all_the_same(first):
    with replicas(first, "甲") as (book,):
        with book.writing() as session:
            session.execute(update(Household).values(note="一"))
        book.audit("打印", 1)
        with book.reading() as session:
            [last, _] = list_operations(session)
        assert (last.title, last.operator, last.records) == ("其他修改", "甲", 1)
