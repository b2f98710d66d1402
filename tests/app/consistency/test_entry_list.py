"""待录入清单: what each system still lacks, and what was changed since it was entered."""

from contextlib import closing
from datetime import date
from pathlib import Path

import pytest
from sqlalchemy import func, select

from app.consistency.entry_list import (
    CHANGED,
    ENTERED,
    ENTRY_STATES,
    NOT_ENTERED,
    EntryLine,
    EntryState,
    count_waiting,
    entry_lines,
    mark_entered,
)
from app.progress import run_to_completion
from app.records.draft import open_draft, write_draft
from app.sync import conflicts
from app.workbook.operations import undo
from app.workbook.workbook import Workbook
from db.schema.aid import Visit
from db.schema.consistency import ObservedValues
from db.schema.household import Household, Member
from tests import builders
from tests.app.sheets.sheet_files import import_file, person, table, xlsx
from tests.app.sync.peers import make_team, send


@pytest.fixture
def book(tmp_path: Path):
    with closing(builders.workbook(tmp_path)) as new_workbook:
        with new_workbook.operation("新建") as session:
            builders.household(session, members=2)
        yield new_workbook


def lines(book: Workbook, system: str = "national", states: tuple[EntryState, ...] = ENTRY_STATES) -> list[EntryLine]:
    return list(run_to_completion(entry_lines(book, system, states=states)))


def states(book: Workbook, system: str = "national") -> list[tuple[str, EntryState]]:
    return [(line.screen.title, line.state) for line in lines(book, system)]


def change(book: Workbook, table: str, row_id: str, **values: object) -> None:
    with book.operation("改") as session:
        write_draft(session, open_draft(session, table, row_id).with_values(**values))


def head(book: Workbook) -> str:
    return next(line.record_id for line in lines(book) if line.table == "member" and line.title == "陈卫国")


def test_a_record_is_not_entered_then_entered_then_changed_and_the_journal_says_by_whom(book: Workbook) -> None:
    assert states(book) == [("户基础信息", NOT_ENTERED), ("人口信息", NOT_ENTERED), ("人口信息", NOT_ENTERED)]
    assert mark_entered(book, lines(book)) == 3
    assert {state for _, state in states(book)} == {ENTERED}
    book.operator = "李干事"
    change(book, "member", head(book), work_company="岳西茶厂", education="初中")
    changed = lines(book, states=(CHANGED,))
    assert [line.title for line in changed] == ["陈卫国"]
    # in the order of the system's screen, not of the form
    assert [(one.label, *one.texts(), one.changed_by) for one in changed[0].differences] == [
        ("文化程度", "", "初中", "李干事"),
        ("务工企业名称", "", "岳西茶厂", "李干事"),
    ]
    assert changed[0].differences[0].changed_at.date() == date.today()
    mark_entered(book, changed)
    assert not lines(book, states=(CHANGED,))


def test_lines_stand_household_by_household_with_the_head_first(book: Workbook) -> None:
    with book.operation("新建") as session:
        builders.household(session, members=3, number=0)
        first = builders.household(session, members=2, number=2, group_name="一组")
        child = Member(village=first.village, household_id=first.id, name="阿一", relation="之子", person_no="0")
        session.add(child)
    shown = [(line.household.number[-1], line.title) for line in lines(book)]
    people = [title for number, title in shown if number == "2"]
    assert people == ["陈卫国（一组）", "陈卫国", "阿一", "李秀英"]
    numbers = [number for number, _ in shown]
    assert numbers == sorted(numbers, key=numbers.index)
    assert numbers[0] == "2"


def test_a_value_changed_and_changed_back_is_not_changed(book: Workbook) -> None:
    mark_entered(book, lines(book))
    change(book, "member", head(book), education="初中")
    change(book, "member", head(book), education=None)
    assert not lines(book, states=(CHANGED, NOT_ENTERED))


def test_marking_is_one_operation_that_can_be_undone_and_done_again(book: Workbook) -> None:
    mark_entered(book, lines(book))
    assert "标记已录入全国系统" in run_to_completion(undo(book))
    assert {state for _, state in states(book)} == {NOT_ENTERED}
    mark_entered(book, lines(book))
    assert {state for _, state in states(book)} == {ENTERED}


def test_a_record_that_was_withdrawn_is_to_be_removed_and_one_that_left_before_is_nobody_s_work(book: Workbook) -> None:
    mark_entered(book, lines(book))
    with book.operation("撤回") as session:
        member = session.get_one(Member, head(book))
        member.withdrawn = True
        left = Member(village=member.village, household_id=member.household_id, name="陈老太", left="死亡")
        session.add(left)
    removed = lines(book, states=(CHANGED, NOT_ENTERED))
    assert [(line.title, line.state, line.differences[0].texts()) for line in removed] == [
        ("340828100101001（下屋组）", CHANGED, ("2人", "1人")),
        ("陈卫国", CHANGED, ("在系统里", "本工作簿已撤回")),
    ]
    mark_entered(book, removed)
    assert not lines(book, states=(CHANGED, NOT_ENTERED))


@pytest.mark.parametrize(("column", "value"), [("withdrawn", True), ("registration_state", "注销")])
def test_a_household_that_is_gone_as_a_whole_is_to_be_removed_once(book: Workbook, column: str, value: object) -> None:
    mark_entered(book, lines(book))
    book.operator = "李干事"
    with book.operation("走") as session:
        household = session.scalars(select(Household)).one()
        setattr(household, column, value)
    gone = lines(book, states=(CHANGED, NOT_ENTERED))
    assert gone[0].differences[0].changed_by == "李干事"
    why = "本工作簿已撤回" if column == "withdrawn" else "本工作簿已注销"
    assert [(line.screen.title, line.household.head, line.differences[0].texts()) for line in gone] == [
        ("户基础信息", "陈卫国", ("在系统里", why))
    ]
    assert run_to_completion(count_waiting(book)) == (0, 1)
    mark_entered(book, gone)
    assert not lines(book)
    # back again, nothing of it is in the system any more
    with book.operation("回来") as session:
        household = session.scalars(select(Household)).one()
        household.withdrawn, household.registration_state = False, None
    assert {state for _, state in states(book)} == {NOT_ENTERED}
    assert len(lines(book)) == 3


def test_a_household_that_is_no_longer_registered_is_compared_while_the_system_has_it(book: Workbook) -> None:
    mark_entered(book, lines(book))
    change(book, "household", lines(book)[0].household.id, household_kind="一般农户")
    assert [line.content() for line in lines(book, states=(CHANGED,))] == ["户类型：空 → 一般农户"]


def test_systems_have_records_of_their_own(book: Workbook) -> None:
    with book.operation("走访") as session:
        household = session.scalars(select(Household)).one()
        visit = Visit(village=household.village, household_id=household.id, visited_on=date(2026, 11, 2), visitors="王")
        session.add(visit)
    assert states(book, "province") == [("走访记录", NOT_ENTERED)]
    assert states(book, "civil_affairs") == []
    assert run_to_completion(count_waiting(book)) == (0, 0)  # no system is used yet
    mark_entered(book, lines(book, "national"))
    change(book, "member", head(book), education="初中")
    assert run_to_completion(count_waiting(book)) == (0, 1)


def test_two_laptops_that_mark_the_same_agree_and_have_no_conflict(tmp_path: Path) -> None:
    first, second = make_team(tmp_path, "王书记", "李干事")
    with closing(first), closing(second):
        with first.operation("新建") as session:
            builders.household(session, members=2)
        send(first, second)
        for book in (first, second):
            mark_entered(book, lines(book))
        send(second, first)
        send(first, second)
        assert conflicts.count(first) == conflicts.count(second) == 0
        assert states(first) == states(second) == [(title, ENTERED) for title, _ in states(first)]


def test_a_national_list_says_what_the_system_holds(tmp_path: Path) -> None:
    with closing(builders.workbook(tmp_path)) as book:
        rows = [person(), person(nth=2), person(number=2)]
        path = xlsx(tmp_path / "人口.xlsx", table(rows), title="导出时间：2026-11-02")
        import_file(book, path)
        assert {state for _, state in states(book)} == {ENTERED}
        assert {line.known_at for line in lines(book)} == {"2026-11-02"}
        assert {line.basis for line in lines(book)} == {"人口.xlsx"}
        change(book, "member", head(book), education="初中")
        assert [one.texts() for line in lines(book, states=(CHANGED,)) for one in line.differences] == [
            ("小学", "初中")
        ]
        # the next list still says 小学: the workbook follows it, as the preview showed, and nothing is left to type
        later = xlsx(tmp_path / "人口12.xlsx", table(rows), title="导出时间：2026-12-02")
        import_file(book, later)
        assert {line.known_at for line in lines(book)} == {"2026-12-02"}
        assert not lines(book, states=(CHANGED,))


def test_a_cell_that_the_national_list_leaves_empty_is_lacking_in_the_system(tmp_path: Path) -> None:
    with closing(builders.workbook(tmp_path)) as book:
        import_file(book, xlsx(tmp_path / "a.xlsx", table([person()]), title="导出时间：2026-11-02"))
        change(book, "member", head(book), education="初中")
        import_file(book, xlsx(tmp_path / "b.xlsx", table([person(文化程度=None)]), title="导出时间：2026-12-02"))
        assert [one.texts() for line in lines(book, states=(CHANGED,)) for one in line.differences] == [("", "初中")]


def test_the_same_list_again_writes_nothing(tmp_path: Path) -> None:
    with closing(builders.workbook(tmp_path)) as book:
        path = xlsx(tmp_path / "人口.xlsx", table([person()]))
        for _ in range(2):
            import_file(book, path)
            with book.reading() as session:
                assert session.scalar(select(func.count()).select_from(ObservedValues)) == 1
