"""应享未享: who meets the condition of a policy and has no record, who has one and does not, and what is done then."""

from collections.abc import Iterator
from datetime import date
from pathlib import Path
from typing import Any

import pytest
from openpyxl import load_workbook
from sqlalchemy import select

from app.errors import UserError
from app.issues.issues import dismiss, household_issues, reopen
from app.issues.policy_lines import PolicyLine, policy_lines
from app.list_views.definition import Condition, ConditionGroup, ListView
from app.list_views.stored_form import encode
from app.policies.claiming import begin_records
from app.policies.common_policies import add_common_policies, common_policies
from app.policies.entitlement import RECEIVED, UNCLAIMED, UNENTITLED, state_counts
from app.policies.policy import NO_CONDITION, NO_PROOF, load_policies, set_condition
from app.printing.pipeline import preview
from app.printing.report_job import ReportJob
from app.progress import run_to_completion
from app.records.draft import new_draft, save_draft
from app.records.field import field
from app.records.row_views import age_on
from app.registers import get_register
from app.registers.engine.rows import row_ids
from app.reports.parameters import ReportParameters
from app.sheets.policy_export import write_policy_lines
from app.sheets.register_export import write_register
from app.sheets.register_import import apply_import
from app.sheets.register_import import preview as preview_import
from app.workbook.operations import undo, undo_state
from app.workbook.workbook import Workbook
from db.schema.assistance import SocialAssistance
from db.schema.household import Household, Member
from db.schema.policy import Policy
from tests import builders, pdf_reader

_TODAY = date(2026, 6, 1)
_PENSION = "高龄津贴"


@pytest.fixture
def book(tmp_path: Path) -> Iterator[Workbook]:
    """Two households: in the first an old woman and a pupil, in the second two who are neither."""
    opened = builders.workbook(tmp_path)
    with opened.writing() as session:
        builders.household(session, number=1, household_kind="脱贫户")
        builders.household(session, number=2, members=2, household_kind="一般农户")
        people = _people(session)
        people[1].birth, people[2].school_status = date(1940, 5, 1), "中职一年级"
    yield opened
    opened.close()


def _people(session: Any) -> list[Member]:
    return list(session.scalars(select(Member).order_by(Member.person_no)))


def _policy(
    book: Workbook, where: tuple[Condition, ...], proof_where: tuple[Condition, ...] = (), **values: Any
) -> str:
    stored = {
        "condition": encode(ListView(where=ConditionGroup(where))) if where else None,
        "proof_condition": encode(ListView(where=ConditionGroup(proof_where))) if proof_where else None,
    }
    given = {"name": _PENSION, "given_to": "按人", "proof": "兜底保障记录", **stored, **values}
    return save_draft(book, new_draft("policy", builders.VILLAGE.code, "", **given)).draft.id


def _old_age(book: Workbook, **values: Any) -> str:
    proof = (Condition("kind", "is", (_PENSION,)), Condition("ended_on", "empty"))
    return _policy(book, (Condition("age", "at_least", ("80",)),), proof, **values)


def _lines(book: Workbook, household: str = "", **more: Any) -> list[PolicyLine]:
    with book.reading() as session:
        return policy_lines(session, household, today=_TODAY, **more)


def _give(book: Workbook, person: int, **values: Any) -> str:
    with book.reading() as session:
        member = _people(session)[person].id
    given = {"member_id": member, "kind": _PENSION, "started_in": "2020-01", **values}
    return save_draft(book, new_draft("social_assistance", builders.VILLAGE.code, "", **given)).draft.id


def test_who_meets_the_condition_and_has_no_record_is_listed_with_the_reason(book: Workbook) -> None:
    _old_age(book)
    (line,) = _lines(book)
    assert (line.entitlement.state, line.whom, line.state) == (UNCLAIMED, "李秀英", "应享未享")
    assert f"年龄 {age_on(date(1940, 5, 1))}岁" in line.entitlement.reasons
    assert line.household == "陈卫国"


def test_a_record_makes_it_received_and_one_that_ended_does_not(book: Workbook) -> None:
    policy = _old_age(book)
    ended = _give(book, 1, ended_on=date(2021, 1, 1))
    assert [line.entitlement.state for line in _lines(book)] == [UNCLAIMED]
    with book.writing() as session:
        session.get_one(SocialAssistance, ended).ended_on = None
    assert _lines(book) == []
    assert [line.entitlement.state for line in _lines(book, states=(RECEIVED,))] == [RECEIVED]
    with book.reading() as session:
        assert state_counts(session, policy, _TODAY) == {RECEIVED: 1, UNCLAIMED: 0, UNENTITLED: 0}


def test_who_has_a_record_and_does_not_meet_the_condition_is_listed_too(book: Workbook) -> None:
    _old_age(book)
    record = _give(book, 0)
    lines = {line.entitlement.state: line for line in _lines(book)}
    assert set(lines) == {UNCLAIMED, UNENTITLED}
    wrong = lines[UNENTITLED].entitlement
    assert (wrong.member, wrong.record_id) == ("陈卫国", record)
    with book.writing() as session:
        _people(session)[1].left, _people(session)[0].birth = "死亡", date(1930, 1, 1)
    assert _lines(book) == []  # the old woman has left, and the man is old enough


def test_a_policy_counts_only_while_it_is_in_force(book: Workbook) -> None:
    policy = _old_age(book, valid_from=date(2026, 7, 1))
    assert _lines(book) == []
    with book.writing() as session:
        row = session.get_one(Policy, policy)
        row.valid_from, row.valid_until = date(2020, 1, 1), _TODAY
    assert len(_lines(book)) == 1
    with book.reading() as session:
        assert policy_lines(session, today=date(2026, 6, 2)) == []


def test_a_yearly_policy_asks_for_a_record_of_this_year(book: Workbook) -> None:
    where = (Condition("school_status", "is", ("中职一年级",)),)
    proof = (Condition("item", "is", ("雨露计划",)),)
    _policy(book, where, proof, name="雨露计划", proof="教育资助记录", yearly=True)
    with book.reading() as session:
        pupil = _people(session)[2].id
    given = {"member_id": pupil, "term": "全年", "stage": "中职一年级", "item": "雨露计划"}
    for year, left in ((2025, 1), (2026, 0)):
        save_draft(book, new_draft("education_aid", builders.VILLAGE.code, "", year=year, **given))
        assert len(_lines(book)) == left


def test_a_policy_for_households_and_records_about_the_whole_household(book: Workbook) -> None:
    """A measure that names nobody is for all of the household, also where the policy is for people."""
    _policy(book, (Condition("kind", "is", ("脱贫户",)),), name="到户产业奖补", given_to="按户", proof="帮扶措施记录")
    (line,) = _lines(book)
    assert (line.whom, line.entitlement.reasons) == ("全户", "户类型 脱贫户")
    _policy(book, (Condition("school_status", "filled"),), name="助学", proof="帮扶措施记录")
    assert len(_lines(book)) == 2
    measure = {"household_id": line.entitlement.household_id, "kind": "教育帮扶", "title": "助学金"}
    save_draft(book, new_draft("measure", builders.VILLAGE.code, "", **measure))
    assert _lines(book) == []


def test_a_policy_that_cannot_be_judged_says_why_and_lets_nobody_in(book: Workbook) -> None:
    no_condition = _policy(book, (), name="甲")
    no_proof = _policy(book, (Condition("age", "at_least", ("80",)),), name="乙", proof=None)
    unknown = _policy(book, (Condition("from_the_future", "is", ("1",)),), name="丙")
    with book.reading() as session:
        faults = {one.id: one.fault for one in load_policies(session, _TODAY)}
    assert faults[no_condition] == NO_CONDITION
    assert faults[no_proof] == NO_PROOF
    assert "不认识" in faults[unknown]
    assert _lines(book) == []


def test_the_words_follow_the_condition_until_somebody_writes_others(book: Workbook) -> None:
    policy = _policy(book, ())
    for age in ("80", "90"):
        set_condition(book, policy, "condition", ConditionGroup((Condition("age", "at_least", (age,)),)))
    with book.reading() as session:
        assert session.get_one(Policy, policy).whom == "年龄 不小于 90"
    with book.writing() as session:
        session.get_one(Policy, policy).whom = "九十岁以上的老人"
    set_condition(book, policy, "condition", ConditionGroup((Condition("age", "at_least", ("95",)),)))
    with book.reading() as session:
        assert session.get_one(Policy, policy).whom == "九十岁以上的老人"


def test_records_are_begun_for_several_as_one_operation_that_can_be_undone(book: Workbook) -> None:
    _old_age(book)
    with book.writing() as session:
        _people(session)[3].birth = date(1935, 1, 1)
    lines = _lines(book)
    begun = begin_records(book, [line.entitlement for line in lines])
    assert [register for register, _ in begun] == ["social_assistance"] * 2
    with book.reading() as session:
        rows = [session.get_one(SocialAssistance, id) for _, id in begun]
        assert {row.kind for row in rows} == {_PENSION}
        assert undo_state(session, book.first_operation).undo == f"登记享受：{_PENSION}，2 条"
    assert _lines(book) == []
    run_to_completion(undo(book))
    assert len(_lines(book)) == 2
    assert len(begin_records(book, [line.entitlement for line in _lines(book)])) == 2  # the same ids are free again
    with pytest.raises(UserError, match="没有要登记的"):
        begin_records(book, [])


def test_two_laptops_that_begin_the_same_record_begin_one(book: Workbook) -> None:
    _old_age(book)
    (line,) = _lines(book)
    ((_, first),) = begin_records(book, [line.entitlement])
    run_to_completion(undo(book))
    ((_, second),) = begin_records(book, [line.entitlement])
    assert first == second


def test_looked_into_holds_until_what_it_rests_on_changes(book: Workbook) -> None:
    _policy(book, (Condition("school_status", "filled"),), name="助学", proof="教育资助记录")
    (line,) = _lines(book)
    assert line.issue is not None
    dismiss(book, [line.issue], "本人自愿放弃")
    (quiet,) = _lines(book)
    assert (quiet.is_open, quiet.state) == (False, "已核实不享受")
    assert quiet.note.startswith("本人自愿放弃（王书记")
    with book.writing() as session:
        _people(session)[2].school_status = "中职二年级"
    (again,) = _lines(book)
    assert again.is_open
    assert again.issue is not None
    dismiss(book, [again.issue], "仍放弃")
    (settled,) = _lines(book)
    assert settled.issue is not None
    reopen(book, [settled.issue])
    assert [one.is_open for one in _lines(book)] == [True]


def test_the_rules_tell_the_same_as_the_list(book: Workbook) -> None:
    _old_age(book)
    _give(book, 0)
    household = _lines(book)[0].entitlement.household_id
    with book.reading() as session:
        found = household_issues(session, household, check_date=_TODAY)
    told = {one.rule: one for one in found if one.rule.startswith("policy_")}
    assert set(told) == {"policy_unclaimed", "policy_unentitled"}
    assert {line.issue.message for line in _lines(book) if line.issue} == {one.message for one in told.values()}
    assert told["policy_unclaimed"].cells[0].table == "social_assistance"


def test_the_policies_a_village_begins_with_can_all_be_judged(book: Workbook) -> None:
    assert add_common_policies(book) == len(list(common_policies())) == 7
    assert add_common_policies(book) == 0
    with book.reading() as session:
        terms = load_policies(session, _TODAY)
        assert [one.fault for one in terms] == [""] * 7
        assert {one.texts["document_no"] for one in terms} == {"示例，请改为县里的文件和文号"}
    assert {line.entitlement.policy.name for line in _lines(book)} == {_PENSION, "雨露计划职业教育补助"}


def test_policies_come_from_another_workbook_by_a_sheet_with_their_conditions(book: Workbook, tmp_path: Path) -> None:
    policy, out = _old_age(book, document_no="示例"), tmp_path / "政策库.xlsx"
    register = get_register("policy")
    with book.reading() as session:
        run_to_completion(write_register(book, register, row_ids(session, register), out))
        stored = session.get_one(Policy, policy).condition
    other = builders.workbook(tmp_path, "另一台.hdb")
    try:
        run_to_completion(apply_import(other, run_to_completion(preview_import(other, out, register))))
        with other.reading() as session:
            (row,) = session.scalars(select(Policy))
            assert (row.name, row.condition, row.document_no) == (_PENSION, stored, "示例")
            assert load_policies(session, _TODAY)[0].fault == ""
    finally:
        other.close()


def test_a_condition_that_somebody_typed_into_the_sheet_is_refused() -> None:
    assert "“适用条件”不是本程序写出的条件" in field("policy", "condition").check("八十岁以上")


def _cells(path: Path) -> set[str]:
    return {str(cell) for row in load_workbook(path).worksheets[0].iter_rows(values_only=True) for cell in row}


def test_the_list_goes_to_excel_and_onto_paper(book: Workbook, tmp_path: Path) -> None:
    _old_age(book, content="满八十岁的老人按月领取津贴", standard="示例：每月 50 元")
    out = tmp_path / "应享未享.xlsx"
    assert run_to_completion(write_policy_lines(book, _lines(book), out)) == 1
    assert "李秀英" in _cells(out)
    household = _lines(book)[0].entitlement.household_id
    for report, parameters in (
        ("policy_check", ReportParameters(today=_TODAY)),
        ("measures_card", ReportParameters(today=_TODAY, households=(household,))),
    ):
        text = pdf_reader.full_text(run_to_completion(preview(book, ReportJob(report, [parameters])))).replace(" ", "")
        assert _PENSION in text
        assert "李秀英" in text
        assert "示例：每月50元" in text
    assert "满八十岁的老人按月领取津贴" in text.replace("\n", "")


def test_of_a_household_that_is_closed_nothing_is_listed(book: Workbook) -> None:
    _old_age(book)
    with book.writing() as session:
        for household in session.scalars(select(Household)):
            household.registration_state = "注销"
    assert _lines(book) == []
