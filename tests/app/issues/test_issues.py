"""Doubts of a household and of the village, and 已核实无误."""

from collections import Counter
from collections.abc import Iterator
from contextlib import closing
from datetime import date, timedelta
from pathlib import Path

import pytest

from app import sample
from app.errors import UserError, ValidationError
from app.issues.issues import (
    ERROR,
    Issue,
    apply_fix,
    dismiss,
    household_issues,
    reopen,
    severity_counts,
    village_issues,
)
from app.progress import Progress, run_to_completion
from app.records.history import household_history
from app.workbook.workbook import Workbook
from db.schema.household import Household, Member
from tests import builders
from tests.app.issues.clean_household import TODAY, clean_household
from tests.app.sync import peers
from tests.builders import VILLAGE
from tests.machine_memory import remembering_in
from tests.sample_file import sample_copy


@pytest.fixture
def book(tmp_path: Path):
    with closing(builders.workbook(tmp_path)) as new_workbook:
        yield new_workbook


@pytest.fixture(scope="module")
def sample_village(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Workbook]:
    folder = tmp_path_factory.mktemp("sample")
    with remembering_in(folder), closing(sample_copy(folder)) as copy:
        yield copy


def household_id(book: Workbook, **values: object) -> str:
    """A sound household with some cells changed."""
    with book.writing() as session:
        rows = clean_household(session)
        for name, value in values.items():
            setattr(rows.household, name, value)
        return rows.household.id


def issues_by_rule(book: Workbook, household_id: str, *, include_dismissed: bool = False) -> dict[str, Issue]:
    with book.reading() as session:
        return {
            one.rule: one
            for one in household_issues(session, household_id, include_dismissed=include_dismissed, check_date=TODAY)
        }


def test_a_doubt_names_household_record_fields_and_values(book: Workbook) -> None:
    id = household_id(book, population=6)
    issue = issues_by_rule(book, id)["population"]
    assert (issue.household_id, issue.household_name, issue.group_name, issue.severity) == (
        id,
        "陈卫国1",
        "下屋组",
        "错误",
    )
    assert [(cell_ref.table, cell_ref.record_id, cell_ref.column) for cell_ref in issue.cells] == [
        ("household", id, "population")
    ]
    assert issue.field_labels == ("人数",)
    assert issue.message == "人数“6人”，家庭成员表里有 4 人。"
    with book.reading() as session:
        assert severity_counts(household_issues(session, id))[ERROR] == 1


def test_the_gravest_come_first(book: Workbook) -> None:
    id = household_id(book, population=6, fill_date=date(2019, 1, 1), cause_main="缺劳力")
    with book.reading() as session:
        severities = [one.severity for one in household_issues(session, id, check_date=TODAY)]
    assert severities == sorted(severities, key=("错误", "疑点", "提示").index)
    assert set(severities) == {"错误", "疑点", "提示"}


def test_a_verdict_keeps_it_quiet_until_a_value_changes(book: Workbook) -> None:
    id = household_id(book, cause_main="缺劳力")
    issue = issues_by_rule(book, id)["cause_labour"]
    dismiss(book, [issue], " 两个劳动力都在照顾病人 ")
    assert "cause_labour" not in issues_by_rule(book, id)
    dismissal = issues_by_rule(book, id, include_dismissed=True)["cause_labour"].dismissal
    assert dismissal is not None
    assert (dismissal.reason, dismissal.dismissed_by) == ("两个劳动力都在照顾病人", "王书记")
    with book.writing() as session:
        session.get_one(Household, id).note = "别的字段"
    assert "cause_labour" not in issues_by_rule(book, id)
    with book.writing() as session:
        boy = session.query(Member).filter_by(household_id=id, relation="之子").one()
        boy.labour = "普通劳动力"
    again = issues_by_rule(book, id)["cause_labour"]
    assert again.dismissal is None
    assert again.values_hash != issue.values_hash


def test_a_verdict_is_taken_back(book: Workbook) -> None:
    id = household_id(book, cause_main="缺劳力")
    issue = issues_by_rule(book, id)["cause_labour"]
    dismiss(book, [issue], "已核对")
    reopen(book, [issue])
    assert "cause_labour" in issues_by_rule(book, id)
    dismiss(book, [issue], "又核对了一次")
    dismissal = issues_by_rule(book, id, include_dismissed=True)["cause_labour"].dismissal
    assert dismissal is not None
    assert dismissal.reason == "又核对了一次"


def test_history_tells_of_a_verdict_and_not_of_its_hash(book: Workbook) -> None:
    id = household_id(book, cause_main="缺劳力")
    issue = issues_by_rule(book, id)["cause_labour"]
    dismiss(book, [issue], "已核对")
    with book.writing() as session:
        session.get_one(Household, id).cause_main = "因病"
        session.get_one(Household, id).cause_main = "缺劳力"
    dismiss(book, [Issue(**{n: getattr(issue, n) for n in Issue.__slots__} | {"values_hash": "0123"})], "又核对")
    with book.reading() as session:
        lines = [one for one in household_history(session, id) if one.table == "verdict"]
    observed = " ".join(f"{one.label} {one.before} {one.after}" for one in lines)
    assert "已核对" in observed
    assert "又核对" in observed
    assert issue.values_hash not in observed
    assert "0123" not in observed
    assert "cause_labour" not in observed


@pytest.mark.parametrize("reason", ["", "  "])
def test_a_verdict_needs_a_reason(book: Workbook, reason: str) -> None:
    id = household_id(book, cause_main="缺劳力")
    with pytest.raises(ValidationError, match="核实理由"):
        dismiss(book, [issues_by_rule(book, id)["cause_labour"]], reason)
    assert "cause_labour" in issues_by_rule(book, id)


def test_a_verdict_travels_in_a_package(tmp_path: Path) -> None:
    one, other = peers.make_team(tmp_path, "王书记", "李队员")
    with closing(one), closing(other):
        id = household_id(one, cause_main="缺劳力")
        peers.send(one, other)
        issue = issues_by_rule(other, id)["cause_labour"]
        assert issue.values_hash == issues_by_rule(one, id)["cause_labour"].values_hash
        dismiss(other, [issue], "入户看过")
        peers.send(other, one)
        assert "cause_labour" not in issues_by_rule(one, id)
        dismissal = issues_by_rule(one, id, include_dismissed=True)["cause_labour"].dismissal
        assert dismissal is not None
        assert (dismissal.reason, dismissal.dismissed_by) == ("入户看过", "李队员")


def test_a_correction_that_is_offered_is_written_like_a_form_would(book: Workbook) -> None:
    id = household_id(book, population=6)
    issue = issues_by_rule(book, id)["population"]
    assert issue.fix is not None
    assert issue.fix.label == "按成员表改为 4 人"
    with pytest.raises(UserError, match="已经改过"):
        apply_fix(book, Issue(**{n: getattr(issue, n) for n in Issue.__slots__} | {"values_hash": "other"}))
    apply_fix(book, issue)
    assert "population" not in issues_by_rule(book, id)
    with book.reading() as session:
        assert session.get_one(Household, id).population == 4
        newest = household_history(session, id)[0]
    assert (newest.operator, newest.label, newest.after) == ("王书记", "人数", "4人")


def test_what_offers_no_correction_refuses(book: Workbook) -> None:
    id = household_id(book, cause_main="缺劳力")
    with pytest.raises(UserError, match="没有可以直接采用的值"):
        apply_fix(book, issues_by_rule(book, id)["cause_labour"])


def test_the_whole_village_says_what_each_household_says(sample_village: Workbook) -> None:
    steps: list[Progress] = []
    task = village_issues(sample_village, include_dismissed=True)
    try:
        while True:
            steps.append(next(task))
    except StopIteration as end:
        all_issues: tuple[Issue, ...] = end.value
    with sample_village.reading() as session:
        ids = [row.id for row in session.query(Household).all()]
        each = [one for id in ids for one in household_issues(session, id, include_dismissed=True)]
    assert Counter(all_issues) == Counter(each)
    assert len(steps) > 2
    assert steps[-1].done == steps[-1].total


def test_the_sample_has_some_doubts_and_most_of_it_is_sound(sample_village: Workbook) -> None:
    on_the_day = run_to_completion(village_issues(sample_village, check_date=sample.STORY_DAY))
    years_later = run_to_completion(village_issues(sample_village, check_date=sample.STORY_DAY + timedelta(days=3000)))
    for all_issues in (on_the_day, years_later):
        wrong = {one.household_id for one in all_issues if one.severity == ERROR}
        assert 5 <= len(wrong) <= 15
        assert {one.severity for one in all_issues} == {"错误", "疑点", "提示"}
    assert {one.rule for one in on_the_day} >= {"population", "no_helper", "preschool_late", "phone_shared"}
    assert {one.rule for one in years_later} >= {"unvisited", "record_old"}


def test_households_of_two_villages_are_told_apart(book: Workbook) -> None:
    with book.writing() as session:
        first, second = clean_household(session), clean_household(session, 2)
        second.household.phone = first.household.phone
        session.flush()
        ids = first.household.id, second.household.id
    assert all("phone_shared" in issues_by_rule(book, id) for id in ids)
    all_issues = run_to_completion(village_issues(book, check_date=TODAY))
    assert {one.household_id for one in all_issues} == set(ids)
    assert VILLAGE.code in {row.village for row in _households(book)}


def test_what_two_households_share_is_found_from_either_side(book: Workbook) -> None:
    with book.writing() as session:
        one, other, third = (clean_household(session, number) for number in (1, 2, 3))
        other.head.id_no, other.head.birth, other.head.name = one.head.id_no, one.head.birth, one.head.name
        other.household.household_no = one.household.household_no
        third.mother.member_phone = one.household.phone
        one.wife.member_phone = third.household.phone
        ids = [dismissal.household.id for dismissal in (one, other, third)]
    all_issues = run_to_completion(village_issues(book, check_date=TODAY))
    with book.reading() as session:
        each = [issue for id in ids for issue in household_issues(session, id, check_date=TODAY)]
    assert Counter(all_issues) == Counter(each)
    observed = Counter(issue.rule for issue in all_issues)
    assert observed == {"id_twice": 2, "number_twice": 2, "home_twice": 2, "phone_shared": 4}


def _households(book: Workbook) -> list[Household]:
    with book.reading() as session:
        return session.query(Household).all()


def test_cancelling_a_check_leaves_the_workbook_free(book: Workbook) -> None:
    household_id(book)
    task = village_issues(book)
    next(task)
    task.close()
    with book.writing() as session:
        session.query(Household).first()
