"""三者一致: the national system, the printed archive and what somebody saw, beside the record."""

from collections.abc import Iterator
from contextlib import closing
from datetime import date, timedelta
from pathlib import Path

import pytest

from app.consistency.actual_values import adopt_actual, confirm_actual, record_actual
from app.consistency.entry_list import CHANGED, entry_lines
from app.consistency.three_way import (
    AGREEING,
    CORRECT_RECORD,
    CORRECT_SYSTEM,
    DIFFERENT,
    INCOMPLETE,
    LOOK,
    PRINT_AGAIN,
    FactLine,
    agreement_share,
    fact_lines,
)
from app.errors import UserError, ValidationError
from app.printing.archive_job import ArchiveJob
from app.printing.pipeline import print_to_path
from app.progress import run_to_completion
from app.records.draft import open_draft, write_draft
from app.workbook.operations import undo
from app.workbook.workbook import Workbook
from db.schema.aid import Assignment, Helper, Measure
from db.schema.household import Household
from tests import builders
from tests.app.sheets.sheet_files import VILLAGE, import_file, person, table, xlsx


@pytest.fixture
def book(tmp_path: Path) -> Iterator[Workbook]:
    """A household of two people, as the national list of November has it."""
    with closing(builders.workbook(tmp_path)) as workbook:
        rows = [person(健康状况="健康"), person(nth=2, 健康状况="健康")]
        import_file(workbook, xlsx(tmp_path / "人口.xlsx", table(rows), title="导出时间：2026-11-02"))
        yield workbook


def lines(book: Workbook) -> list[FactLine]:
    return list(run_to_completion(fact_lines(book)))


def line(book: Workbook, label: str, title: str = "陈卫国") -> FactLine:
    return next(one for one in lines(book) if one.field.label == label and one.title in (title, ""))


def print_archive(book: Workbook, folder: Path, *sections: str) -> None:
    job = ArchiveJob([lines(book)[0].household.id], sections or None, reason="已核对")
    run_to_completion(print_to_path(book, job, folder / "户档.pdf"))


def change_health(book: Workbook, value: str) -> None:
    with book.operation("改") as session:
        draft = open_draft(session, "member", line(book, "健康状况").record_id)
        write_draft(session, draft.with_values(health=(value,)))


def share(book: Workbook) -> tuple[int, int, int]:
    with book.reading() as session:
        found = agreement_share(session)
    return found.households, found.agreeing, found.different


def test_each_leg_is_known_from_where_it_stands_and_when(book: Workbook, tmp_path: Path) -> None:
    health = line(book, "健康状况")
    assert (health.system.value, health.system.at, health.system.basis) == ("健康", "2026-11-02", "人口.xlsx")
    assert (health.archive, health.actual, health.state) == (None, None, INCOMPLETE)
    print_archive(book, tmp_path)
    health = line(book, "健康状况")
    assert (health.archive.value, health.archive.at[:10], health.archive.by) == ("健康", str(date.today()), "王书记")
    confirm_actual(book, lines(book), date.today(), "李干事")
    health = line(book, "健康状况")
    assert (health.actual.value, health.actual.at[:10], health.actual.by) == ("健康", str(date.today()), "李干事")
    assert health.state == AGREEING
    assert {one.field.label for one in lines(book) if one.system is None} <= {"主要致贫原因", "帮扶联系人"}
    assert share(book) == (1, 1, 0)


def test_what_differs_says_what_is_to_be_corrected(book: Workbook, tmp_path: Path) -> None:
    print_archive(book, tmp_path)
    health = line(book, "健康状况")
    record_actual(book, health, "残疾", date.today(), "李干事")
    health = line(book, "健康状况")
    assert health.corrections == (CORRECT_RECORD, CORRECT_SYSTEM, PRINT_AGAIN)
    assert (health.state, share(book)) == (DIFFERENT, (1, 0, 1))
    assert adopt_actual(book, [health]) == 1
    assert line(book, "健康状况").corrections == (CORRECT_SYSTEM, PRINT_AGAIN)
    # and what the system lacks stands in the list of what has to be entered
    waiting = run_to_completion(entry_lines(book, "national", states=(CHANGED,)))
    assert [(one.label, *one.texts()) for entry in waiting for one in entry.differences] == [
        ("健康状况", "健康", "残疾")
    ]
    print_archive(book, tmp_path)
    assert line(book, "健康状况").corrections == (CORRECT_SYSTEM,)


def test_without_a_look_the_record_is_held_against_the_others(book: Workbook) -> None:
    change_health(book, "残疾")
    assert line(book, "健康状况").corrections == (CORRECT_SYSTEM, LOOK)
    change_health(book, "健康")
    assert line(book, "健康状况").corrections == (LOOK,)


def test_an_archive_tells_only_what_is_printed_in_it_and_a_draft_nothing(book: Workbook, tmp_path: Path) -> None:
    print_archive(book, tmp_path, "overview")
    assert line(book, "健康状况").archive is None
    household_id = lines(book)[0].household.id
    run_to_completion(print_to_path(book, ArchiveJob([household_id]), tmp_path / "草稿.pdf"))
    assert line(book, "健康状况").archive is None


def test_what_was_seen_needs_a_name_and_a_day_that_was_and_can_be_undone(book: Workbook) -> None:
    with pytest.raises(ValidationError, match="谁入户核实"):
        confirm_actual(book, lines(book), date.today(), " ")
    with pytest.raises(ValidationError, match="还没有到"):
        confirm_actual(book, lines(book), date.today() + timedelta(days=1), "李干事")
    confirm_actual(book, lines(book), date.today(), "李干事")
    assert "入户核实" in run_to_completion(undo(book))
    assert all(one.actual is None for one in lines(book))


def test_what_follows_from_other_records_is_compared_and_not_typed_over(book: Workbook) -> None:
    with book.operation("结对") as session:
        household = session.get_one(Household, lines(book)[0].household.id)
        helper = Helper(village=household.village, name="周科长")
        session.add(helper)
        session.flush()
        session.add(
            Assignment(
                village=household.village, household_id=household.id, helper_id=helper.id, started_on=date(2026, 1, 1)
            )
        )
    record_actual(book, line(book, "帮扶联系人"), "吴科长", date.today(), "李干事")
    helpers = line(book, "帮扶联系人")
    assert (helpers.text(helpers.value), helpers.text(helpers.expected)) == ("周科长", "吴科长")
    with pytest.raises(UserError, match="由别的记录算出"):
        adopt_actual(book, [helpers])


def test_measures_of_the_newest_year_are_a_fact_that_each_place_tells(book: Workbook, tmp_path: Path) -> None:
    rows = [person(产业帮扶="特色种养", 金融帮扶="是", 健康帮扶="否"), person(nth=2)]
    import_file(book, xlsx(tmp_path / "监测.xlsx", table(rows), title="导出时间：2026-11-20"))
    measures = line(book, "最近一年帮扶措施")
    assert measures.text(measures.value) == measures.text(measures.system.value) == "产业帮扶、金融帮扶"
    assert (measures.system.at, measures.state) == ("2026-11-20", INCOMPLETE)
    print_archive(book, tmp_path)
    with book.operation("措施") as session:
        household = measures.household.id
        for title, kind, year in (("公岗", "公益岗位帮扶", 2026), ("旧", "社会帮扶", 2019)):
            session.add(Measure(village=VILLAGE, household_id=household, title=title, kind=kind, year=year))
    measures = line(book, "最近一年帮扶措施")
    assert measures.text(measures.value) == "产业帮扶、金融帮扶、公益岗位帮扶"
    assert measures.corrections == (CORRECT_SYSTEM, PRINT_AGAIN, LOOK)
    record_actual(book, measures, "金融帮扶", date.today(), "李干事")
    with pytest.raises(UserError, match="由别的记录算出"):
        adopt_actual(book, [line(book, "最近一年帮扶措施")])
