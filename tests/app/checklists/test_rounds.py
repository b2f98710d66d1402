"""Rounds and inspections on real workbooks: opened, scored, interrupted, met from two laptops, ranked, compared."""

import shutil
import time
from datetime import date
from decimal import Decimal
from pathlib import Path

import pytest
from sqlalchemy import func, select, text

from app.checklists.households import group_number
from app.checklists.inspections import RoundClosed, load_sheet, save_inspection
from app.checklists.ranking import compare_rounds, find_failed_households, group_summaries, rank_households, red_list
from app.checklists.results import household_trend, round_results, unreadable_rounds
from app.checklists.rounds import (
    DEFAULT_CHECKLIST,
    checklist_presets,
    list_rounds,
    next_household,
    open_round,
    remaining_households,
    round_defaults,
    set_round_state,
)
from app.checklists.scoring import UnknownAnswer
from app.checklists.template import checklist
from app.errors import UserError, ValidationError
from app.records.draft import restore, withdraw
from app.workbook.access import NewVillage, unlock
from db.journal.conflicts import open_conflicts
from db.schema.household import Household
from db.schema.inspection import Answer, ChecklistVersion, Inspection, Round
from tests.builders import PASSPHRASE, VILLAGE, household, workbook
from tests.faults.killed_work import answer_and_die
from tests.replicas import sync
from tests.warm_processes import other_process

DAY = date(2026, 11, 3)
CHECKS = [check.code for check in checklist(DEFAULT_CHECKLIST).checks()]
GROUPS = ("十组", "二组", "一组")


def make_answers(**other):
    """All check points 达标 but those named, e.g. J1_1="不达标"."""
    return dict.fromkeys(CHECKS, "达标") | {code.replace("_", "."): value for code, value in other.items()}


def create_round(book, title="2026年11月四净两规范", started=DAY, name=DEFAULT_CHECKLIST, ids=None):
    return open_round(book, VILLAGE.code, name, title, "月度", started, None, ids)


def score(book, round_id, household_id, inspector="王书记", day=DAY, **other):
    return save_inspection(book, round_id, household_id, inspector, day, make_answers(**other))


def run_query(book, query, *params):
    with book.reading() as session:
        return query(session, *params)


@pytest.fixture
def book(tmp_path):
    """Six homes in three groups, entered group 十 first."""
    defaults = workbook(tmp_path)
    with defaults.writing() as session:
        for number in range(1, 7):
            household(session, number=number, group_name=GROUPS[(number - 1) // 2])
    yield defaults
    defaults.close()


@pytest.fixture
def household_ids(book):
    """Ids by number, from 1."""
    return [""] + [Household.id_of(f"{VILLAGE.code}{number:03}") for number in range(1, 7)]


def test_a_round_walks_group_by_group_and_tells_who_is_left(book, household_ids):
    this = create_round(book)
    walk = [household_ids[number] for number in (5, 6, 3, 4, 1, 2)]
    assert [household_row.household_id for household_row in run_query(book, remaining_households, this)] == walk
    score(book, this, walk[0])
    score(book, this, walk[2])
    assert [household_row.household_id for household_row in run_query(book, remaining_households, this)] == [
        walk[n] for n in (1, 3, 4, 5)
    ]
    assert run_query(book, next_household, this).household_id == walk[1]
    assert run_query(book, next_household, this, walk[1]).household_id == walk[3]
    assert run_query(book, next_household, this, walk[5]).household_id == walk[1]
    for household_row in walk:
        score(book, this, household_row)
    assert run_query(book, remaining_households, this) == ()
    assert run_query(book, next_household, this, walk[0]) is None


def test_the_list_of_rounds_counts_and_averages(book, household_ids):
    first = create_round(book, "2026年10月四净两规范", date(2026, 10, 9))
    second = create_round(book)
    score(book, second, household_ids[1])
    score(book, second, household_ids[2], J1_1="不达标")
    rows = run_query(book, list_rounds)
    assert [row.id for row in rows] == [second, first]
    row = rows[0]
    assert (row.households, row.inspected, row.remaining, row.passed, row.open) == (6, 2, 4, 2, True)
    assert row.average == Decimal("98.7")  # one of six points of 16 is lost: 97.33; with 100: 98.67
    assert rows[1].average is None


def test_an_interrupted_home_is_begun_and_loses_nothing(book, household_ids):
    this = create_round(book)
    for code in CHECKS[:10]:
        save_inspection(book, this, household_ids[1], "王书记", DAY, {code: "基本达标"})
    result = next(one for one in run_query(book, round_results, this) if one.household.household_id == household_ids[1])
    assert result.in_progress
    assert result.points is None
    assert household_ids[1] in {
        household_row.household_id for household_row in run_query(book, remaining_households, this)
    }
    saved_sheet = run_query(book, load_sheet, this, household_ids[1], "王书记")
    assert dict(saved_sheet.answers) == dict.fromkeys(CHECKS[:10], "基本达标")
    save_inspection(book, this, household_ids[1], "王书记", DAY, dict.fromkeys(CHECKS[10:], "达标"))
    result = next(one for one in run_query(book, round_results, this) if one.household.household_id == household_ids[1])
    assert result.finished
    assert result.points == Decimal("85.6")  # 8 of 16, 9.6 of 16, the rest whole


def test_only_changed_cells_are_written(book, household_ids):
    this = create_round(book)
    score(book, this, household_ids[1])

    def last(session):
        return session.scalar(text("SELECT max(seq) FROM change"))

    before = run_query(book, last)
    score(book, this, household_ids[1])
    assert run_query(book, last) == before
    save_inspection(book, this, household_ids[1], "王书记", DAY, {"J1.1": "不达标", "J1.2": "达标"}, {"J1.3": "柴草"})
    with book.reading() as session:
        rows = session.execute(text(f"SELECT table_name, column_name FROM change WHERE seq > {before}")).all()
    assert sorted(tuple(row) for row in rows) == [("answer", "note"), ("answer", "value")]


def test_an_answer_and_a_note_are_taken_away(book, household_ids):
    this = create_round(book)
    save_inspection(book, this, household_ids[1], "王书记", DAY, {"J1.1": "达标"}, {"J1.1": "门前有砖"}, "老人独居")
    save_inspection(book, this, household_ids[1], "王书记", DAY, {"J1.1": None})
    saved_sheet = run_query(book, load_sheet, this, household_ids[1], "王书记")
    assert (dict(saved_sheet.answers), dict(saved_sheet.notes), saved_sheet.note) == (
        {},
        {"J1.1": "门前有砖"},
        "老人独居",
    )
    save_inspection(book, this, household_ids[1], "王书记", DAY, {}, {"J1.1": ""}, "")
    saved_sheet = run_query(book, load_sheet, this, household_ids[1], "王书记")
    assert (dict(saved_sheet.notes), saved_sheet.note) == ({}, "")


def test_two_inspectors_are_both_kept_and_the_checklist_says_which_counts(book, household_ids):
    this = create_round(book)
    score(book, this, household_ids[1], "王书记", date(2026, 11, 3), J1_1="不达标", J1_2="不达标", J1_3="不达标")
    score(book, this, household_ids[1], "李主任", date(2026, 11, 5))
    save_inspection(book, this, household_ids[1], "赵组长", date(2026, 11, 6), {"J1.1": "不达标"})
    result = next(one for one in run_query(book, round_results, this) if one.household.household_id == household_ids[1])
    assert result.inspectors == ("王书记", "李主任", "赵组长")
    assert result.points == Decimal("100.0")  # latest finished
    others = run_query(book, load_sheet, this, household_ids[1], "王书记").other_results
    assert [inspector_result.inspector for inspector_result in others] == ["李主任", "赵组长"]


def test_an_old_round_is_scored_with_its_own_text(book, household_ids):
    this = create_round(book)
    score(book, this, household_ids[1], J1_1="不达标")
    with book.reading() as session:
        used = session.scalar(select(ChecklistVersion))
        assert used.text == (Path("resources/checklists") / f"{DEFAULT_CHECKLIST}.toml").read_text(encoding="utf-8")
    with book.writing() as session:
        changed = session.scalar(select(ChecklistVersion))
        changed.text = changed.text.replace("least = 90", "least = 99")
    result = next(one for one in run_query(book, round_results, this) if one.household.household_id == household_ids[1])
    assert result.grade == "良好"


def test_rounds_with_one_checklist_share_one_copy_and_presets_differ(book):
    create_round(book, "一")
    create_round(book, "二")
    create_round(book, "三", name="six_clean")
    with book.reading() as session:
        assert session.scalar(select(func.count()).select_from(ChecklistVersion)) == 2
    assert checklist_presets()[0].name == DEFAULT_CHECKLIST
    assert len(checklist_presets()) == len({preset.title for preset in checklist_presets()})


def test_chosen_homes_only(book, household_ids):
    this = create_round(book, ids=[household_ids[4], household_ids[1], household_ids[4]])
    assert [household_row.household_id for household_row in run_query(book, remaining_households, this)] == [
        household_ids[4],
        household_ids[1],
    ]
    with pytest.raises(UserError, match="1 户不在本村"):
        create_round(book, "又一轮", ids=[household_ids[1], "0" * 32])
    with pytest.raises(UserError, match="至少选一户"):
        create_round(book, "又一轮", ids=[])


def test_households_that_left_the_register_are_not_asked_for_but_stay_once_seen(book, household_ids):
    this = create_round(book)
    score(book, this, household_ids[1])
    with book.writing() as session:
        for number, what in (
            (1, {"registration_state": "注销"}),
            (2, {"registration_state": "注销"}),
            (3, {"withdrawn": True}),
            (4, {"merged_into": household_ids[5]}),
        ):
            for name, value in what.items():
                setattr(session.get(Household, household_ids[number]), name, value)
    assert [result.household.household_id for result in run_query(book, round_results, this)] == [
        household_ids[5],
        household_ids[6],
        household_ids[1],
    ]


def test_a_round_of_chosen_homes_goes_with_the_household_that_one_was_joined_to(book, household_ids):
    this = create_round(book, ids=[household_ids[2], household_ids[4]])
    with book.writing() as session:
        session.get(Household, household_ids[4]).merged_into = household_ids[5]
    assert [household_row.household_id for household_row in run_query(book, remaining_households, this)] == [
        household_ids[5],
        household_ids[2],
    ]
    with pytest.raises(UserError, match="1 户不在本村"):
        create_round(book, "又一轮", ids=[household_ids[4]])
    with pytest.raises(UserError, match="不在名单"):
        score(book, this, household_ids[4])


def test_a_closed_round_takes_no_score_and_keeps_its_homes(book, household_ids):
    this = create_round(book)
    score(book, this, household_ids[1])
    set_round_state(book, this, "会议审定")
    with pytest.raises(RoundClosed, match="不能再改评分"):
        score(book, this, household_ids[2])
    with book.writing() as session:
        household(session, number=7)
        session.get(Household, household_ids[2]).registration_state = "注销"
    assert {result.household.household_id for result in run_query(book, round_results, this)} == set(household_ids[1:])
    set_round_state(book, this, "入户")
    score(book, this, household_ids[3])
    assert run_query(book, list_rounds)[0].inspected == 2


@pytest.mark.parametrize(
    ("what", "error", "says"),
    [
        ({"title": " "}, ValidationError, "轮次名称"),
        ({"started_on": None}, ValidationError, "开始日期"),
        ({"due_on": date(2026, 10, 1)}, UserError, "早于开始日期"),
        ({"checklist_name": "../x"}, UserError, "评分标准"),
        ({"period": "每天"}, ValidationError, "周期"),
        ({"title": "2026年11月四净两规范"}, UserError, "已经有一轮"),
    ],
)
def test_a_round_that_cannot_be(book, what, error, says):
    create_round(book)
    about = {
        "checklist_name": DEFAULT_CHECKLIST,
        "title": "新",
        "period": "月度",
        "started_on": DAY,
        "due_on": None,
    } | what
    with pytest.raises(error, match=says):
        open_round(book, VILLAGE.code, **about)
    assert len(run_query(book, list_rounds)) == 1


@pytest.mark.parametrize("due_on", [None, DAY, date(2026, 11, 30)])
def test_a_round_is_due_on_its_first_day_or_later(book, due_on):
    id = open_round(book, VILLAGE.code, DEFAULT_CHECKLIST, "新", "月度", DAY, due_on)
    assert [(row.id, row.due_on) for row in run_query(book, list_rounds)] == [(id, due_on)]


def test_nothing_is_written_of_an_inspection_that_is_refused(book, household_ids):
    this = create_round(book)
    with pytest.raises(UnknownAnswer):
        save_inspection(book, this, household_ids[1], "王书记", DAY, {"J1.1": "达标", "J1.2": "很好"})
    with pytest.raises(UserError, match=r"没有“Z9\.9”"):
        save_inspection(book, this, household_ids[1], "王书记", DAY, {"J1.1": "达标", "Z9.9": "达标"})
    with pytest.raises(ValidationError, match="检查人"):
        save_inspection(book, this, household_ids[1], " ", DAY, {"J1.1": "达标"})
    with pytest.raises(UserError, match="不在名单里"):
        save_inspection(book, this, "0" * 32, "王书记", DAY, {"J1.1": "达标"})
    with book.reading() as session:
        assert session.scalar(select(func.count()).select_from(Answer)) == 0
        assert session.scalar(select(func.count()).select_from(Inspection)) == 0


def test_a_withdrawn_inspection_does_not_count_and_begins_afresh(book, household_ids):
    this = create_round(book)
    id = score(book, this, household_ids[1])
    withdraw(book, "inspection", id)
    assert run_query(book, list_rounds)[0].inspected == 0
    assert not run_query(book, load_sheet, this, household_ids[1], "王书记").answers
    restore(book, "inspection", id)
    assert run_query(book, list_rounds)[0].inspected == 1
    withdraw(book, "inspection", id)
    save_inspection(book, this, household_ids[1], "王书记", DAY, {"J1.1": "达标"})
    assert dict(run_query(book, load_sheet, this, household_ids[1], "王书记").answers) == {"J1.1": "达标"}


def test_places_are_shared_and_the_flag_goes_to_each_group(book, household_ids):
    this = create_round(book)
    score(book, this, household_ids[1])  # 十组
    score(book, this, household_ids[2], J1_1="不达标")
    score(book, this, household_ids[3], J1_1="不达标")  # 二组
    score(book, this, household_ids[4], J1_1="不达标")
    poor = {code.replace(".", "_"): "不达标" for code in CHECKS if code not in ("J3.1", "G1.5", "G2.3")}
    score(book, this, household_ids[5], **poor)  # 一组
    score(book, this, household_ids[6], **(poor | {"J3_1": "不达标"}))
    household_results = run_query(book, round_results, this)
    ranks = rank_households(household_results)
    assert [rank.village_rank for rank in ranks] == [1, 2, 2, 2, 5, 6]
    by_home = {rank.result.household.household_id: rank for rank in ranks}
    assert [by_home[household_id].group_rank for household_id in household_ids[1:]] == [1, 2, 1, 1, 1, 2]
    assert [by_home[household_id].has_flag for household_id in household_ids[1:]] == [
        True,
        False,
        True,
        True,
        False,
        False,
    ]
    assert [result.household.household_id for result in red_list(household_results)] == [
        household_ids[1],
        household_ids[3],
        household_ids[4],
        household_ids[2],
    ]
    wrong = find_failed_households(household_results)
    assert [one.result.household.household_id for one in wrong] == [household_ids[5], household_ids[6]]
    assert wrong[0].recheck_on == date(2026, 11, 10)
    assert "没有可用的厕所" in wrong[1].hard_fails[0]
    assert "房前净" in wrong[0].items


def test_the_summary_by_group_ends_with_the_village(book, household_ids):
    this = create_round(book)
    score(book, this, household_ids[1])
    score(book, this, household_ids[3], J1_1="不达标")
    lines = group_summaries(run_query(book, round_results, this))
    assert [line.group for line in lines] == ["一组", "二组", "十组", None]
    assert (lines[0].households, lines[0].inspected, lines[0].average) == (2, 0, None)
    assert lines[1].average == Decimal("97.3")
    assert lines[3].grades == (("优秀", 2), ("良好", 0), ("合格", 0), ("不合格", 0))
    assert (lines[3].households, lines[3].inspected, lines[3].passed) == (6, 2, 2)


def test_a_round_beside_the_last_one_of_its_checklist(book, household_ids):
    old = create_round(book, "2026年9月", date(2026, 9, 1))
    last = create_round(book, "2026年10月", date(2026, 10, 1))
    other = create_round(book, "住房", date(2026, 10, 20), name="housing_safety")
    this = create_round(book)
    score(book, old, household_ids[1], J1_1="不达标")
    score(book, last, household_ids[1], J1_1="不达标")
    score(book, last, household_ids[2])
    score(book, this, household_ids[1])
    score(book, this, household_ids[2], J1_1="不达标")
    score(book, this, household_ids[3])
    household_results = run_query(book, compare_rounds, this)
    assert household_results.previous_id == last
    assert (household_results.improved, household_results.declined, household_results.unchanged) == (1, 1, 0)
    differences = {step.household.household_id: step.difference for step in household_results.changes}
    assert differences[household_ids[1]] == Decimal("2.7")
    assert differences[household_ids[3]] is None
    assert run_query(book, compare_rounds, old) is None
    assert run_query(book, compare_rounds, other) is None
    trend = run_query(book, household_trend, household_ids[1])
    assert [(one.round_id, one.result.points) for one in trend] == [
        (old, Decimal("97.3")),
        (last, Decimal("97.3")),
        (this, Decimal("100.0")),
    ]
    before = run_query(book, load_sheet, this, household_ids[1], "王书记").previous_result
    assert (before.round_id, before.result.score.failed) == (last, ("J1.1",))


def test_an_answer_of_a_foreign_scale_leaves_its_check_point_open(book, household_ids):
    this = create_round(book)
    id = score(book, this, household_ids[1])
    with book.writing() as session:
        session.get(Answer, Answer.id_of(id, "J1.1")).value = "较好"
    result = next(one for one in run_query(book, round_results, this) if one.household.household_id == household_ids[1])
    assert result.in_progress
    assert result.score.open == ("J1.1",)


@pytest.mark.parametrize(
    ("period", "day", "title", "due"),
    [
        ("月度", date(2026, 11, 3), "2026年11月四净两规范", date(2026, 11, 30)),
        ("月度", date(2028, 2, 3), "2028年2月四净两规范", date(2028, 2, 29)),
        ("季度", date(2026, 11, 3), "2026年第四季度四净两规范", date(2026, 12, 31)),
        ("季度", date(2026, 3, 31), "2026年第一季度四净两规范", date(2026, 3, 31)),
        ("季度", date(2026, 4, 1), "2026年第二季度四净两规范", date(2026, 6, 30)),
        ("半年", date(2026, 7, 1), "2026年下半年四净两规范", date(2026, 12, 31)),
        ("半年", date(2026, 6, 30), "2026年上半年四净两规范", date(2026, 6, 30)),
        ("年度", date(2026, 1, 1), "2026年四净两规范", date(2026, 12, 31)),
        ("随机", date(2026, 11, 3), "2026年11月3日四净两规范抽查", date(2026, 11, 3)),
    ],
)
def test_a_new_round_is_filled_in(period, day, title, due):
    defaults = round_defaults(DEFAULT_CHECKLIST, day, period)
    assert (defaults.title, defaults.due_on, defaults.period) == (title, due, period)


@pytest.mark.parametrize(
    ("group", "number"),
    [
        ("一组", 1),
        ("第十村民组", 10),
        ("十二组", 12),
        ("二十组", 20),
        ("一百零三组", 103),
        ("一百〇三组", 103),
        ("两百一十组", 210),
        ("百二十组", 120),
        ("3组", 3),
        ("下屋组", None),
        ("", None),
    ],
)
def test_the_number_of_a_group(group, number):
    assert group_number(group) == number


def test_another_village_has_rounds_of_its_own(book, household_ids):
    village = NewVillage("柳树沟村", "340828100102")
    with book.writing() as session:
        household(session, village=village.code)
    other_round = open_round(book, village.code, DEFAULT_CHECKLIST, "2026年11月四净两规范", "月度", DAY)
    create_round(book)
    assert len(run_query(book, round_results, other_round)) == 1
    with pytest.raises(UserError, match="不在名单里"):
        save_inspection(book, other_round, household_ids[1], "王书记", DAY, make_answers())


def test_two_laptops_that_answer_one_check_point_meet_in_one_cell(book, household_ids, tmp_path):
    this = create_round(book)
    other = workbook(tmp_path, "乙.hdb", "李主任")
    try:
        sync(book, other)
        score(book, this, household_ids[1], J1_1="不达标")
        score(other, this, household_ids[1], J1_2="不达标")
        score(other, this, household_ids[2])
        sync(book, other)
        sync(other, book)
        for one in (book, other):
            with one.reading() as session:
                assert session.scalar(select(func.count()).select_from(Inspection)) == 2
                assert session.scalar(select(func.count()).select_from(Answer)) == 2 * len(CHECKS)
                assert len(open_conflicts(session)) == 2
        assert run_query(book, round_results, this) == run_query(other, round_results, this)
    finally:
        other.close()


def test_a_copy_of_the_workbook_writes_the_same_answers(book, household_ids, tmp_path):
    this = create_round(book)
    book.close()
    shutil.copy(book.path, tmp_path / "副本.hdb")
    ids = set()
    for name in (book.path.name, "副本.hdb"):
        again = unlock(tmp_path / name, PASSPHRASE)
        score(again, this, household_ids[1])
        with again.reading() as session:
            ids.add(frozenset(session.scalars(select(Answer.id))))
        again.close()
    assert len(ids) == 1


def test_a_killed_program_keeps_every_answer_that_was_saved(book, household_ids):
    this = create_round(book)
    book.close()
    with other_process(answer_and_die, book.path, this, household_ids[1]) as process:
        assert process.rest() == ["written"]
    again = unlock(book.path, PASSPHRASE)
    assert dict(run_query(again, load_sheet, this, household_ids[1], "王书记").answers) == dict.fromkeys(
        CHECKS[:3], "基本达标"
    )
    again.close()


def test_a_round_without_its_checklist_is_told_of(book):
    this = create_round(book)
    with book.writing() as session:
        session.get(Round, this).checklist_id = None
    assert run_query(book, list_rounds) == ()
    with pytest.raises(UserError, match="还没有从同事的数据包里收到"):
        run_query(book, round_results, this)


def test_a_household_names_the_rounds_that_inspected_it_and_cannot_be_read(book, household_ids):
    names = ("读不了", "能读", "撤回了", "没来过", "评分撤回了")
    rounds = {name: create_round(book, name) for name in names} | {"更早": create_round(book, "更早", date(2026, 9, 1))}
    inspections = {
        name: score(book, this, household_ids[2 if name == "没来过" else 1]) for name, this in rounds.items()
    }
    withdraw(book, "inspection", inspections["评分撤回了"])
    with book.writing() as session:
        for name in rounds.keys() - {"能读"}:
            session.get(Round, rounds[name]).checklist_id = None
        session.get(Round, rounds["撤回了"]).withdrawn = True
    assert run_query(book, unreadable_rounds, household_ids[1]) == ["更早", "读不了"]
    assert run_query(book, unreadable_rounds, household_ids[2]) == ["没来过"]


def test_the_results_of_a_thousand_homes_are_read_within_half_a_second(tmp_path):
    book = workbook(tmp_path)
    with book.writing() as session:
        for number in range(1, 1001):
            household(session, members=1, number=number, group_name=f"{number % 20 + 1}组")
    this = create_round(book)
    values = ("达标", "基本达标", "不达标", "不适用")
    with book.writing() as session:
        for number in range(1, 1001):
            household_id = Household.id_of(f"{VILLAGE.code}{number:03}")
            id = Inspection.id_of(this, household_id, "王书记")
            about = {"id": id, "village": VILLAGE.code, "round_id": this, "household_id": household_id}
            session.add(Inspection(**about, inspector="王书记", seen_on=DAY))
            session.flush()
            session.bulk_insert_mappings(
                Answer,
                [
                    {
                        "id": Answer.id_of(id, code),
                        "village": VILLAGE.code,
                        "inspection_id": id,
                        "check": code,
                        "value": values[(number * 7 + n * n) % 4],
                        "note": None,
                    }
                    for n, code in enumerate(CHECKS)
                ],
            )
    began = time.process_time()  # other work of the machine does not count
    household_results = run_query(book, round_results, this)
    ranks = rank_households(household_results)
    took = time.process_time() - began
    assert len(ranks) == 1000
    assert took < 1.0, f"{took:.2f} s"  # half a second on a quiet machine
    book.close()


def test_marks_that_were_undone_can_be_given_again(book):
    from app.progress import run_to_completion
    from app.workbook.operations import undo

    one = open_round(book, VILLAGE.code, DEFAULT_CHECKLIST, "一轮", "月度", date(2026, 11, 3))
    with book.reading() as session:
        home = session.scalar(select(Household.id))
    day = date(2026, 11, 5)
    save_inspection(book, one, home, "王书记", day, {"J1.1": "达标"})
    save_inspection(book, one, home, "王书记", day, {"J1.2": "不达标"}, {"J1.2": "有杂物"})
    for _ in range(2):
        run_to_completion(undo(book))
    with book.reading() as session:
        assert load_sheet(session, one, home, "王书记").answers == {}
    save_inspection(book, one, home, "王书记", day, {"J1.2": "达标"})
    with book.reading() as session:
        sheet = load_sheet(session, one, home, "王书记")
    assert (sheet.answers, sheet.notes) == ({"J1.2": "达标"}, {})
