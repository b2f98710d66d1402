"""What every register does, shown with one that is declared here, about problems to be put right."""

from collections.abc import Iterator
from datetime import date, timedelta
from decimal import Decimal
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from app.errors import UserError
from app.progress import run_to_completion
from app.registers import all_registers
from app.registers.engine import figures, rows, steps
from app.registers.engine.progress import FINISHED, step_progress
from app.registers.engine.register import Children, Count, Ledger, Overdue, Register, Step, Sum
from app.registers.engine.rows import RowQuery, count_rows, load_rows, row_ids
from app.registers.engine.validation import declaration_errors
from app.workbook.operations import undo
from app.workbook.workbook import Workbook
from db.schema.aid import Assignment, Measure, Visit
from db.schema.household import Household
from db.schema.photo import Photo
from db.schema.rectification import Rectification
from tests import builders
from tests.machine_memory import remembering_in

TODAY = date(2018, 12, 1)
PROBLEMS = Register(
    record=Rectification,
    subject="household",
    columns=("number", "source", "found_on", "problem", "responsible", "due_on", "done_on", "closed_on"),
    sort="due",
    dated="found_on",
    steps=(
        Step("交办", "found_on", needs=("problem",)),
        Step("整改", "done_on", needs=("outcome",), due=("due_on",), within_days=30, responsible="responsible"),
        Step("回访", "followup_on", within_days=10, warn_days=2),
        Step("销号", "closed_on", needs=("reviewed_by",)),
    ),
    figures=(
        Count("问题数"),
        Count("涉及户数", distinct="household_id"),
        Count("未整改", where=Rectification.done_on.is_(None)),
        Overdue(),
    ),
)
MEASURES = Register(
    record=Measure,
    subject="member",
    columns=("kind", "title", "year", "amount", "started_on"),
    totals=("amount",),
    dated="year",
    figures=(Sum("补助合计", "amount"),),
)


@pytest.fixture
def book(tmp_path: Path) -> Iterator[Workbook]:
    opened = builders.workbook(tmp_path)
    with opened.writing() as session:
        for number in (1, 2):
            builders.household(session, number=number)
        one, two = (Household.id_of(f"{builders.VILLAGE.code}{number:03}") for number in (1, 2))
        for id, household, found, due, done in (
            ("a", one, date(2018, 11, 1), None, None),
            ("b", one, date(2018, 10, 1), date(2018, 10, 20), None),
            ("c", two, date(2018, 9, 1), None, date(2018, 9, 20)),
            ("d", None, date(2017, 9, 1), None, date(2017, 9, 20)),
        ):
            session.add(
                Rectification(
                    id=id, village=builders.VILLAGE.code, household_id=household, found_on=found, due_on=due,
                    done_on=done, problem=f"问题 {id}", number=id.upper(), responsible="柳明德",
                )
            )  # fmt: skip
        session.add(Rectification(id="gone", village=builders.VILLAGE.code, withdrawn=True))
    yield opened
    opened.close()


def test_the_registers_of_the_program_can_work() -> None:
    assert declaration_errors(all_registers()) == []


@pytest.mark.parametrize(
    ("register", "sentence"),
    [
        (Register(Visit, "household", ("nonsense",)), "columns names a column “nonsense”"),
        (Register(Visit, "household", (), steps=(Step("走", "gone_on"),)), "step 走 needs a column “gone_on”"),
        (Register(Visit, "household", (), steps=(Step("走", "visitors"),)), "asks for a date"),
        (
            Register(Visit, "household", (), steps=(Step("走", "visited_on", needs=("car",)),)),
            "step 走 needs a column “car”",
        ),
        (
            Register(Visit, "household", (), steps=(Step("走", "visited_on", within_days=3),)),
            "has no step before it",
        ),
        (Register(Visit, "household", (), steps=(Step("走"),)), "must have either the date"),
        (
            Register(Visit, "household", (), steps=(Step("走", "visited_on", if_filled="car"),)),
            "step 走 needs a column “car”",
        ),
        (Register(Visit, "household", (), author="driver"), "author names a column “driver”"),
        (Register(Visit, "household", (), groups=(("车", ("car",)),)), "groups names a column “car”"),
        (Register(Visit, "household", (), sort="-visited_on,car"), "sort names a column “car”"),
        (Register(Visit, "helper", ()), "has no helper_id"),
        (
            Register(Visit, "household", ("found", "explained", "asked_for", "note"), ledger=Ledger(landscape=False)),
            "its page holds 170 mm",
        ),
        (Register(Visit, "household", (), totals=("sum",)), "totals names a column “sum”"),
        (Register(Visit, "household", (), figures=(Sum("和", "sum"),)), "figure 和 names a column “sum”"),
        (Register(Visit, "household", (), children=(Children(Assignment, ()),)), "no reference to visit"),
        (Register(Visit, "household", (), children=(Children(Photo, ("size",)),)), "no column “size”"),
    ],
)
def test_a_declaration_that_cannot_work_is_told_in_a_sentence(register: Register, sentence: str) -> None:
    assert sentence in "\n".join(declaration_errors([register]))


def test_two_registers_of_one_name_are_told() -> None:
    errors = declaration_errors([PROBLEMS, Register(Visit, "household", (), title=PROBLEMS.title)])
    assert f"2 registers have the title “{PROBLEMS.title}”" in errors
    assert "2 registers have the table “rectification”" in declaration_errors([PROBLEMS, PROBLEMS])


@pytest.mark.parametrize(
    ("query", "found"),
    [
        (RowQuery(), "bacd"),  # by the last day of the next step: given, 30 days after finding, 10 after putting right
        (RowQuery(sort="-number"), "dcba"),
        (RowQuery(household_id=Household.id_of(f"{builders.VILLAGE.code}001")), "ba"),
        (RowQuery(year=2017), "d"),
        (RowQuery(step="整改"), "ba"),
        (RowQuery(step="回访"), "dc"),
        (RowQuery(step=FINISHED), ""),
        (RowQuery(overdue=True, today=date(2018, 11, 1)), "dcb"),
        (RowQuery(text="问题 c"), "c"),
        (RowQuery(text="陈卫国 A"), "a"),
        (RowQuery(text="chenweiguo A"), "a"),
        (RowQuery(text="wg b"), "b"),
        (RowQuery(equals={"number": "D"}), "d"),
        (RowQuery(equals={"due_on": None}, sort="number"), "acd"),
    ],
)
def test_rows_are_found_and_sorted(book: Workbook, query: RowQuery, found: str) -> None:
    with book.reading() as session:
        listed = row_ids(session, PROBLEMS, query)
    assert sorted(listed) == sorted(found) if not query.sort and len(found) > 1 else listed == list(found)
    if not query.sort and found == "bacd":
        assert listed[-2:] == ["b", "a"]


def test_rows_are_read_by_their_ids_with_what_they_are_about(book: Workbook) -> None:
    with book.reading() as session:
        first, second = load_rows(session, PROBLEMS, ["d", "missing", "b"], TODAY)
    assert (str(first.subject), first.household_id) == ("", "")
    assert str(second.subject) == "陈卫国（下屋组）"
    assert second.values["due_on"] == date(2018, 10, 20)
    assert second.texts["found_on"] == "2018-10-01"
    assert second.progress.label == "待整改"
    assert (second.progress.overdue, second.progress.days_left) == (True, -42)


def test_a_household_that_is_withdrawn_takes_its_rows_with_it(book: Workbook) -> None:
    household_id = Household.id_of(f"{builders.VILLAGE.code}001")
    with book.reading() as session:
        assert count_rows(session, PROBLEMS, RowQuery(household_id=household_id)) == 2
    with book.writing() as session:
        session.get_one(Household, household_id).withdrawn = True
    with book.reading() as session:
        assert set(row_ids(session, PROBLEMS)) == {"c", "d"}


def test_sums_and_figures_are_of_the_rows_that_are_asked_for(book: Workbook) -> None:
    household_id = Household.id_of(f"{builders.VILLAGE.code}001")
    with book.writing() as session:
        for n, amount in enumerate(("1200.50", "300", None)):
            session.add(
                Measure(id=f"m{n}", village=builders.VILLAGE.code, household_id=household_id, amount=amount, year=2018)
            )
    with book.reading() as session:
        assert rows.sums(session, MEASURES, ["m0", "m1", "m2"]) == {"amount": Decimal("1500.50")}
        (total,) = figures.figure_values(session, MEASURES, RowQuery(year=2018))
        assert total.text == "1,500.50元"
        for ids, text in ((["m0"], "1,200.50元"), (["m1", "m2"], "300.00元"), (["m2"], "0.00元"), ([], "0.00元")):
            assert [one.text for one in figures.figure_values(session, MEASURES, ids=ids)] == [text]
        values = figures.figure_values(session, PROBLEMS, RowQuery(today=TODAY))
        assert [(one.label, one.text) for one in values] == [
            ("问题数", "4"), ("涉及户数", "2"), ("未整改", "2"), ("超期", "3"),
        ]  # fmt: skip
        some = figures.figure_values(session, PROBLEMS, RowQuery(today=TODAY), ids=["a", "c"])
        assert [one.text for one in some] == ["2", "2", "1", "1"]


def test_what_is_due_comes_by_its_day_with_who_does_it(book: Workbook) -> None:
    with book.reading() as session:
        due = steps.due_items(session, [PROBLEMS, MEASURES], date(2018, 11, 28))
    assert [(item.record_id, item.step, item.days_left) for item in due] == [
        ("d", "回访", -424), ("c", "回访", -59), ("b", "整改", -39), ("a", "整改", 3),
    ]  # fmt: skip
    assert (due[2].title, due[2].responsible) == ("陈卫国（下屋组）", "柳明德")


def test_a_step_is_done_in_order_with_what_it_needs(book: Workbook) -> None:
    def complete(name: str, on: date, **values: str) -> None:
        steps.complete_step(book, PROBLEMS, "a", name, on, values)

    with pytest.raises(UserError, match="“整改”还没有办（没有填“完成日期”），不能先办“回访”。"):
        complete("回访", date(2018, 11, 20))
    with pytest.raises(UserError, match="办“整改”以前，请先填“完成情况”。"):
        complete("整改", date(2018, 11, 20))
    with pytest.raises(UserError, match="日期前后不对：交办 2018-11-01，整改 2018-10-01"):
        complete("整改", date(2018, 10, 1), outcome="已疏通")
    complete("整改", date(2018, 11, 20), outcome="已疏通")
    complete("回访", date(2018, 11, 22))
    complete("销号", date(2018, 11, 23), reviewed_by="王书记")
    with book.reading() as session:
        assert load_rows(session, PROBLEMS, ["a"], TODAY)[0].progress.label == "已销号"
        assert row_ids(session, PROBLEMS, RowQuery(step=FINISHED)) == ["a"]
    for label in ("待销号", "待回访", "待整改"):
        run_to_completion(undo(book))
        with book.reading() as session:
            assert load_rows(session, PROBLEMS, ["a"], TODAY)[0].progress.label == label


_DAYS = st.none() | st.dates(date(2018, 1, 1), date(2018, 12, 31))


@pytest.fixture(scope="module")
def scratch(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Workbook]:
    with remembering_in(tmp_path_factory.mktemp("state")):
        opened = builders.workbook(tmp_path_factory.mktemp("book"))
        yield opened
        opened.close()


@settings(max_examples=40, deadline=None)
@given(st.lists(st.tuples(_DAYS, _DAYS, _DAYS, _DAYS, _DAYS), min_size=1, max_size=12))
def test_sql_and_python_agree_on_how_far_a_thing_has_come(
    scratch: Workbook, drawn: list[tuple[date | None, ...]]
) -> None:
    with scratch.writing() as session:
        ids = [f"{n}-{hash(tuple(drawn))}" for n in range(len(drawn))]
        for id, (found, due, done, followup, closed) in zip(ids, drawn, strict=True):
            session.merge(
                Rectification(
                    id=id, village=builders.VILLAGE.code, found_on=found, due_on=due, done_on=done,
                    followup_on=followup, closed_on=closed,
                )
            )  # fmt: skip
    with scratch.reading() as session:
        by_step = {
            step: set(row_ids(session, PROBLEMS, RowQuery(step=step)))
            for step in (*(step.name for step in PROBLEMS.steps), FINISHED)
        }
        overdue = set(row_ids(session, PROBLEMS, RowQuery(overdue=True, today=TODAY)))
        for row in load_rows(session, PROBLEMS, ids, TODAY):
            state = step_progress(PROBLEMS, row.values, TODAY)
            assert row.id in by_step[state.next.name if state.next else FINISHED]
            assert (row.id in overdue) == state.overdue
            assert state.due_on is None or state.days_left == (state.due_on - TODAY) / timedelta(days=1)
