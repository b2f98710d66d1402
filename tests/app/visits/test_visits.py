"""Who is due, the plan of a month, and what each helper did."""

from collections.abc import Iterator
from contextlib import closing
from datetime import date, timedelta
from pathlib import Path

import pytest
from sqlalchemy import select

from app.printing.pipeline import preview
from app.printing.report_job import ReportJob
from app.progress import run_to_completion
from app.records.draft import withdraw
from app.registers import get_register
from app.registers.engine.rows import load_rows, row_ids
from app.reports.parameters import ReportParameters
from app.visits.by_helper import visits_by_helper
from app.visits.due import due_visits
from app.visits.month import visit_month
from app.visits.planning import propose_plan, write_plan
from app.workbook.operations import undo
from app.workbook.workbook import Workbook
from db.schema.aid import Assignment, Helper, Visit
from db.schema.household import Household
from db.schema.monitoring import Monitoring
from db.schema.rectification import Rectification
from db.schema.responsibility import HelperAssessment
from db.schema.visit import VisitParticipant, VisitPlan
from tests import builders, pdf_reader

CODE = builders.VILLAGE.code
MONTH = "2026-10"
LAST = date(2026, 9, 5)  # everybody's last visit: before the month
GROUPS = ("十组", "二组", "二组", "二组")
MONITORED, ORDINARY, ALONE, UNSEEN = (Household.id_of(f"{CODE}{n:03}") for n in (1, 2, 3, 4))


@pytest.fixture
def book(tmp_path: Path) -> Iterator[Workbook]:
    """A monitored household in group ten; three in group two: one that is not registered, two that are, of which one
    has no helper and one was never visited."""
    with closing(builders.workbook(tmp_path)) as opened:
        with opened.writing() as session:
            for n, group in enumerate(GROUPS, 1):
                kind = "一般农户" if n == 2 else "脱贫户"
                builders.household(session, members=1, number=n, group_name=group, household_kind=kind)
            session.add(Monitoring(village=CODE, household_id=MONITORED, kind="脱贫不稳定户", identified="2026-01"))
            for id, name in (("wang", "汪明远"), ("li", "李敏"), ("li2", "李敏")):
                session.add(Helper(id=id, village=CODE, name=name, unit="县农业农村局"))
            for household, helper in ((MONITORED, "wang"), (ORDINARY, "wang"), (UNSEEN, "li")):
                session.add(
                    Assignment(village=CODE, household_id=household, helper_id=helper, started_on=date(2025, 1, 1))
                )
            for household in (MONITORED, ORDINARY, ALONE):
                session.add(Visit(village=CODE, household_id=household, visited_on=LAST, visitors="汪明远、李敏"))
        yield opened


def test_households_fall_due_by_kind_in_walking_order(book: Workbook) -> None:
    with book.reading() as session:
        due = due_visits(session)
    assert [(one.place, one.due_on and (one.due_on - LAST).days) for one in due] == [
        ("二组", 365), ("二组", 90), ("二组", None), ("十组", 30),
    ]  # fmt: skip
    assert [one.is_due(date(2026, 10, 31)) for one in due] == [False, False, True, True]
    assert due[-1].days_late(LAST + timedelta(days=33)) == 3
    assert due[-1].reason == "监测走访"


def test_a_plan_is_proposed_written_once_and_undone_as_one(book: Workbook) -> None:
    with book.reading() as session:
        proposal = propose_plan(session, MONTH)
    assert [(one.household_id, one.helper, one.target_on) for one in proposal.visits] == [
        (UNSEEN, "李敏", date(2026, 10, 1)), (MONITORED, "汪明远", date(2026, 10, 5)),
    ]  # fmt: skip
    with book.reading() as session:
        assert propose_plan(session, "2026-12").without_helper == ("陈卫国",)
    assert write_plan(book, proposal.visits) == 2
    assert write_plan(book, proposal.visits) == 0
    with book.writing() as session:
        session.add(Visit(village=CODE, household_id=UNSEEN, visited_on=date(2026, 10, 9), visitors="李敏"))
    plans = get_register("visit_plan")
    with book.reading() as session:
        assert propose_plan(session, MONTH).visits == ()
        rows = load_rows(session, plans, row_ids(session, plans))
        assert {(row.household_id, row.texts["visited_on"], row.texts["state"]) for row in rows} == {
            (UNSEEN, "2026-10-09", "已走访"), (MONITORED, "", "未走访"),
        }  # fmt: skip
        month = visit_month(session, MONTH)
    assert [month.on_day(date(2026, 10, day)) for day in (1, 5, 9)] == [(0, 1), (0, 1), (1, 0)]
    run_to_completion(undo(book))
    run_to_completion(undo(book))
    with book.reading() as session:
        assert session.query(VisitPlan).filter(~VisitPlan.withdrawn).count() == 0


def test_what_is_late_is_spread_over_the_working_days_that_are_left(book: Workbook) -> None:
    """Made on Wednesday the 28th: three days are left, and none of the plan is late on the day it is made."""
    with book.writing() as session:
        for n in range(11, 17):
            late = builders.household(session, members=1, number=n, group_name="三组")
            session.add(Assignment(village=CODE, household_id=late.id, helper_id="li", started_on=date(2025, 1, 1)))
    with book.reading() as session:
        proposal = propose_plan(session, MONTH, date(2026, 10, 28))
        days = [one.target_on.day for one in proposal.visits if one.helper == "李敏"]
        assert sorted(days) == [28, 28, 28, 29, 29, 30, 30]
        assert [one.target_on.day for one in proposal.visits if one.helper == "汪明远"] == [28]
        saturday = propose_plan(session, MONTH, date(2026, 10, 31))
        assert {one.target_on.day for one in saturday.visits} == {31}  # no working day is left


def test_the_lines_of_a_day_stand_in_walking_order(book: Workbook) -> None:
    with book.writing() as session:
        for id in (MONITORED, ORDINARY, ALONE, UNSEEN):
            session.add(VisitPlan(village=CODE, household_id=id, month=MONTH, target_on=date(2026, 10, 8)))
    with book.reading() as session:
        lines = [line.household_id for line in visit_month(session, MONTH).lines]
        assert lines == [one.household_id for one in due_visits(session)]
        assert lines[-1] == MONITORED  # of the tenth group


def test_what_a_helper_did_is_counted_by_those_who_came(book: Workbook) -> None:
    """Who is named counts; a name that two helpers have counts for nobody until one of them is chosen."""
    with book.writing() as session:
        visit = Visit(
            id="shared", village=CODE, household_id=MONITORED, visited_on=date(2026, 9, 20), visitors="汪明远、李敏",
            asked_for="修路", carried_out="已修", meals=2, labour_hours=3, together=("同吃", "同劳动"),
            countersigned=True,
        )  # fmt: skip
        session.add(visit)
        session.flush()
        for helper in ("wang", "li"):
            session.add(VisitParticipant(village=CODE, visit_id="shared", helper_id=helper))
        session.add(VisitPlan(village=CODE, household_id=MONITORED, helper_id="li", month="2026-09"))
    with book.reading() as session:
        counts = {one.helper_id: one for one in visits_by_helper(session, "2026-09", "2026-09")}
    wang, li, other = (counts[id] for id in ("wang", "li", "li2"))
    assert (wang.visits, wang.households, wang.days, wang.asked, wang.solved) == (4, 3, 2, 1, 1)
    assert (li.visits, li.meals, li.hours, li.signed, li.planned, li.kept) == (1, 2, 3, 1, 1, 1)
    assert (other.visits, other.misses_quota(), wang.misses_quota()) == (0, True, False)
    job = ReportJob("visit_statistics", [ReportParameters(today=date(2026, 9, 30))])
    text = pdf_reader.full_text(run_to_completion(preview(book, job))).replace("\n", "")
    assert "走访统计表" in text
    assert "汪明远" in text


def test_a_line_that_was_taken_out_of_the_plan_can_be_planned_again(book: Workbook) -> None:
    with book.reading() as session:
        proposal = propose_plan(session, MONTH)
    write_plan(book, proposal.visits)
    with book.reading() as session:
        (id,) = session.scalars(select(VisitPlan.id).where(VisitPlan.household_id == MONITORED))
    withdraw(book, VisitPlan.__tablename__, id)
    with book.reading() as session:
        proposal = propose_plan(session, MONTH)
    assert [one.household_id for one in proposal.visits] == [MONITORED]
    assert write_plan(book, proposal.visits) == 1
    with book.reading() as session:
        assert [one.record_id for one in visit_month(session, MONTH).lines if one.household_id == MONITORED] == [id]
    run_to_completion(undo(book))
    with book.reading() as session:
        assert session.get_one(VisitPlan, id).withdrawn


def test_a_household_that_was_withdrawn_counts_nowhere(book: Workbook) -> None:
    """As in the register of visits, so that 走访统计表 and 走访台账 come to the same."""
    with book.writing() as session:
        session.add(VisitPlan(village=CODE, household_id=ORDINARY, helper_id="wang", month="2026-09"))
        session.get_one(Household, ORDINARY).withdrawn = True
    with book.reading() as session:
        counts = {one.helper_id: one for one in visits_by_helper(session, "2026-09", "2026-09")}
        assert (counts["wang"].visits, counts["wang"].households, counts["wang"].planned) == (2, 2, 0)
        assert {line.household_id for line in visit_month(session, "2026-09").lines} == {MONITORED, ALONE}
        assert len(row_ids(session, get_register("visit"))) == 2


def test_an_assessment_counts_the_visits_that_the_statistics_count(book: Workbook) -> None:
    """By whole names: 李敏 did not make the visits of 李敏华; and by who is listed, where anybody is."""
    with book.writing() as session:
        session.add(Helper(id="hua", village=CODE, name="李敏华"))
        visits = (("a", "李敏华、汪明远"), ("b", "李敏华"), ("c", "支书"))
        for id, visitors in visits:
            day = date(2026, 10, ord(id) - 90)
            session.add(Visit(id=id, village=CODE, household_id=UNSEEN, visited_on=day, visitors=visitors))
        session.flush()
        session.add(VisitParticipant(village=CODE, visit_id="c", helper_id="li"))
        session.add(
            Rectification(village=CODE, household_id=UNSEEN, problem="漏雨", responsible="李敏华", found_on=LAST)
        )
        for helper in ("wang", "li", "hua"):
            session.add(
                HelperAssessment(village=CODE, helper_id=helper, first_on=date(2026, 10, 1), last_on=date(2026, 10, 31))
            )
    register = get_register("helper_assessment")
    with book.reading() as session:
        rows = load_rows(session, register, row_ids(session, register))
        names = {one.id: one.helper_id for one in session.scalars(select(HelperAssessment))}
        told = {names[row.id]: tuple(row.texts[name] for name in ("visits", "visited", "problems")) for row in rows}
        counted = {one.helper_id: one.visits for one in visits_by_helper(session, MONTH, MONTH)}
    assert told == {"wang": ("1", "0", "0"), "li": ("1", "1", "0"), "hua": ("2", "0", "1")}
    assert {id: int(texts[0]) for id, texts in told.items()} == {id: counted[id] for id in told}
