"""Rounds and inspections on real workbooks: opened, scored, interrupted, met from two laptops, ranked, compared."""

import shutil
import subprocess
import sys
import time
from datetime import date
from decimal import Decimal
from pathlib import Path

import pytest
from sqlalchemy import func, select, text

from app.checklists.homes import group_number
from app.checklists.inspections import RoundClosed, save_inspection, sheet
from app.checklists.ranking import compare, honour_roll, ranking, summary, to_put_right
from app.checklists.results import results, results_of
from app.checklists.rounds import USUAL, homes_left, next_home, open_round, plan, presets, rounds, set_state
from app.checklists.scoring import UnknownAnswer
from app.checklists.template import checklist
from app.errors import FieldRefused, OfficeError
from app.progress import finish
from app.records.draft import restore, withdraw
from app.workbook.access import NewVillage, unlock
from db.conflict import open_conflicts
from db.schema.household import Household
from db.schema.inspection import Answer, ChecklistUsed, Inspection, Round
from tests.builders import PASSPHRASE, VILLAGE, household, workbook
from tests.laptops import pull

DAY = date(2026, 11, 3)
CHECKS = [check.code for check in checklist(USUAL).checks()]
GROUPS = ("十组", "二组", "一组")


def answered(**other):
    """All check points 达标 but those named, e.g. J1_1="不达标"."""
    return dict.fromkeys(CHECKS, "达标") | {code.replace("_", "."): value for code, value in other.items()}


def opened(book, title="2026年11月四净两规范", started=DAY, name=USUAL, ids=None):
    return finish(open_round(book, VILLAGE.code, name, title, "月度", started, None, ids))


def score(book, round_id, home, inspector="王书记", day=DAY, **other):
    return finish(save_inspection(book, round_id, home, inspector, day, answered(**other)))


def read(book, ask, *about):
    with book.reading() as session:
        return ask(session, *about)


@pytest.fixture
def book(tmp_path):
    """Six homes in three groups, entered group 十 first."""
    made = workbook(tmp_path)
    with made.writing() as session:
        for number in range(1, 7):
            household(session, number=number, group_name=GROUPS[(number - 1) // 2])
    yield made
    made.close()


@pytest.fixture
def homes(book):
    """Ids by number, from 1."""
    return [""] + [Household.id_of(f"{VILLAGE.code}{number:03}") for number in range(1, 7)]


def test_a_round_walks_group_by_group_and_tells_who_is_left(book, homes):
    this = opened(book)
    walk = [homes[number] for number in (5, 6, 3, 4, 1, 2)]
    assert [home.household_id for home in read(book, homes_left, this)] == walk
    score(book, this, walk[0])
    score(book, this, walk[2])
    assert [home.household_id for home in read(book, homes_left, this)] == [walk[n] for n in (1, 3, 4, 5)]
    assert read(book, next_home, this).household_id == walk[1]
    assert read(book, next_home, this, walk[1]).household_id == walk[3]
    assert read(book, next_home, this, walk[5]).household_id == walk[1]
    for home in walk:
        score(book, this, home)
    assert read(book, homes_left, this) == ()
    assert read(book, next_home, this, walk[0]) is None


def test_the_list_of_rounds_counts_and_averages(book, homes):
    first = opened(book, "2026年10月四净两规范", date(2026, 10, 9))
    second = opened(book)
    score(book, second, homes[1])
    score(book, second, homes[2], J1_1="不达标")
    rows = read(book, rounds)
    assert [row.id for row in rows] == [second, first]
    row = rows[0]
    assert (row.homes, row.seen, row.left, row.passed, row.open) == (6, 2, 4, 2, True)
    assert row.average == Decimal("98.7")  # one of six points of 16 is lost: 97.33; with 100: 98.67
    assert rows[1].average is None


def test_an_interrupted_home_is_begun_and_loses_nothing(book, homes):
    this = opened(book)
    for code in CHECKS[:10]:
        finish(save_inspection(book, this, homes[1], "王书记", DAY, {code: "基本达标"}))
    result = next(one for one in read(book, results, this) if one.home.household_id == homes[1])
    assert result.begun
    assert result.points is None
    assert homes[1] in {home.household_id for home in read(book, homes_left, this)}
    kept = read(book, sheet, this, homes[1], "王书记")
    assert dict(kept.answers) == dict.fromkeys(CHECKS[:10], "基本达标")
    finish(save_inspection(book, this, homes[1], "王书记", DAY, dict.fromkeys(CHECKS[10:], "达标")))
    result = next(one for one in read(book, results, this) if one.home.household_id == homes[1])
    assert result.finished
    assert result.points == Decimal("85.6")  # 8 of 16, 9.6 of 16, the rest whole


def test_only_changed_cells_are_written(book, homes):
    this = opened(book)
    score(book, this, homes[1])

    def last(session):
        return session.scalar(text("SELECT max(seq) FROM change"))

    before = read(book, last)
    score(book, this, homes[1])
    assert read(book, last) == before
    finish(save_inspection(book, this, homes[1], "王书记", DAY, {"J1.1": "不达标", "J1.2": "达标"}, {"J1.3": "柴草"}))
    with book.reading() as session:
        rows = session.execute(text(f"SELECT table_name, column_name FROM change WHERE seq > {before}")).all()
    assert sorted(tuple(row) for row in rows) == [("answer", "note"), ("answer", "value")]


def test_an_answer_and_a_note_are_taken_away(book, homes):
    this = opened(book)
    finish(save_inspection(book, this, homes[1], "王书记", DAY, {"J1.1": "达标"}, {"J1.1": "门前有砖"}, "老人独居"))
    finish(save_inspection(book, this, homes[1], "王书记", DAY, {"J1.1": None}))
    kept = read(book, sheet, this, homes[1], "王书记")
    assert (dict(kept.answers), dict(kept.notes), kept.note) == ({}, {"J1.1": "门前有砖"}, "老人独居")
    finish(save_inspection(book, this, homes[1], "王书记", DAY, {}, {"J1.1": ""}, ""))
    kept = read(book, sheet, this, homes[1], "王书记")
    assert (dict(kept.notes), kept.note) == ({}, "")


def test_two_inspectors_are_both_kept_and_the_checklist_says_which_counts(book, homes):
    this = opened(book)
    score(book, this, homes[1], "王书记", date(2026, 11, 3), J1_1="不达标", J1_2="不达标", J1_3="不达标")
    score(book, this, homes[1], "李主任", date(2026, 11, 5))
    finish(save_inspection(book, this, homes[1], "赵组长", date(2026, 11, 6), {"J1.1": "不达标"}))
    result = next(one for one in read(book, results, this) if one.home.household_id == homes[1])
    assert result.inspectors == ("王书记", "李主任", "赵组长")
    assert result.points == Decimal("100.0")  # latest finished
    others = read(book, sheet, this, homes[1], "王书记").others
    assert [look.inspector for look in others] == ["李主任", "赵组长"]


def test_an_old_round_is_scored_with_its_own_text(book, homes):
    this = opened(book)
    score(book, this, homes[1], J1_1="不达标")
    with book.reading() as session:
        used = session.scalar(select(ChecklistUsed))
        assert used.text == (Path("resources/checklists") / f"{USUAL}.toml").read_text(encoding="utf-8")
    with book.writing() as session:
        changed = session.scalar(select(ChecklistUsed))
        changed.text = changed.text.replace("least = 90", "least = 99")
    result = next(one for one in read(book, results, this) if one.home.household_id == homes[1])
    assert result.grade == "良好"


def test_rounds_with_one_checklist_share_one_copy_and_presets_differ(book):
    opened(book, "一")
    opened(book, "二")
    opened(book, "三", name="six_clean")
    with book.reading() as session:
        assert session.scalar(select(func.count()).select_from(ChecklistUsed)) == 2
    assert presets()[0].name == USUAL
    assert len(presets()) == len({preset.title for preset in presets()})


def test_chosen_homes_only(book, homes):
    this = opened(book, ids=[homes[4], homes[1], homes[4]])
    assert [home.household_id for home in read(book, homes_left, this)] == [homes[4], homes[1]]
    with pytest.raises(OfficeError, match="1 户不在本村"):
        opened(book, "又一轮", ids=[homes[1], "0" * 32])
    with pytest.raises(OfficeError, match="至少选一户"):
        opened(book, "又一轮", ids=[])


def test_households_that_left_the_register_are_not_asked_for_but_stay_once_seen(book, homes):
    this = opened(book)
    score(book, this, homes[1])
    with book.writing() as session:
        for number, what in (
            (1, {"registration_state": "注销"}),
            (2, {"registration_state": "注销"}),
            (3, {"withdrawn": True}),
            (4, {"merged_into": homes[5]}),
        ):
            for name, value in what.items():
                setattr(session.get(Household, homes[number]), name, value)
    assert [result.home.household_id for result in read(book, results, this)] == [homes[5], homes[6], homes[1]]


def test_a_round_of_chosen_homes_goes_with_the_household_that_one_was_joined_to(book, homes):
    this = opened(book, ids=[homes[2], homes[4]])
    with book.writing() as session:
        session.get(Household, homes[4]).merged_into = homes[5]
    assert [home.household_id for home in read(book, homes_left, this)] == [homes[5], homes[2]]
    with pytest.raises(OfficeError, match="1 户不在本村"):
        opened(book, "又一轮", ids=[homes[4]])
    with pytest.raises(OfficeError, match="不在名单"):
        score(book, this, homes[4])


def test_a_closed_round_takes_no_score_and_keeps_its_homes(book, homes):
    this = opened(book)
    score(book, this, homes[1])
    finish(set_state(book, this, "会议审定"))
    with pytest.raises(RoundClosed, match="不能再改评分"):
        score(book, this, homes[2])
    with book.writing() as session:
        household(session, number=7)
        session.get(Household, homes[2]).registration_state = "注销"
    assert {result.home.household_id for result in read(book, results, this)} == set(homes[1:])
    finish(set_state(book, this, "入户"))
    score(book, this, homes[3])
    assert read(book, rounds)[0].seen == 2


@pytest.mark.parametrize(
    ("what", "error", "says"),
    [
        ({"title": " "}, FieldRefused, "轮次名称"),
        ({"started_on": None}, FieldRefused, "开始日期"),
        ({"due_on": date(2026, 10, 1)}, OfficeError, "早于开始日期"),
        ({"checklist_name": "../x"}, OfficeError, "评分标准"),
        ({"period": "每天"}, FieldRefused, "周期"),
        ({"title": "2026年11月四净两规范"}, OfficeError, "已经有一轮"),
    ],
)
def test_a_round_that_cannot_be(book, what, error, says):
    opened(book)
    about = {"checklist_name": USUAL, "title": "新", "period": "月度", "started_on": DAY, "due_on": None} | what
    with pytest.raises(error, match=says):
        finish(open_round(book, VILLAGE.code, **about))
    assert len(read(book, rounds)) == 1


def test_nothing_is_written_of_an_inspection_that_is_refused(book, homes):
    this = opened(book)
    with pytest.raises(UnknownAnswer):
        finish(save_inspection(book, this, homes[1], "王书记", DAY, {"J1.1": "达标", "J1.2": "很好"}))
    with pytest.raises(OfficeError, match=r"没有“Z9\.9”"):
        finish(save_inspection(book, this, homes[1], "王书记", DAY, {"J1.1": "达标", "Z9.9": "达标"}))
    with pytest.raises(FieldRefused, match="检查人"):
        finish(save_inspection(book, this, homes[1], " ", DAY, {"J1.1": "达标"}))
    with pytest.raises(OfficeError, match="不在名单里"):
        finish(save_inspection(book, this, "0" * 32, "王书记", DAY, {"J1.1": "达标"}))
    with book.reading() as session:
        assert session.scalar(select(func.count()).select_from(Answer)) == 0
        assert session.scalar(select(func.count()).select_from(Inspection)) == 0


def test_a_withdrawn_inspection_does_not_count_and_begins_afresh(book, homes):
    this = opened(book)
    id = score(book, this, homes[1])
    finish(withdraw(book, "inspection", id))
    assert read(book, rounds)[0].seen == 0
    assert not read(book, sheet, this, homes[1], "王书记").answers
    finish(restore(book, "inspection", id))
    assert read(book, rounds)[0].seen == 1
    finish(withdraw(book, "inspection", id))
    finish(save_inspection(book, this, homes[1], "王书记", DAY, {"J1.1": "达标"}))
    assert dict(read(book, sheet, this, homes[1], "王书记").answers) == {"J1.1": "达标"}


def test_places_are_shared_and_the_flag_goes_to_each_group(book, homes):
    this = opened(book)
    score(book, this, homes[1])  # 十组
    score(book, this, homes[2], J1_1="不达标")
    score(book, this, homes[3], J1_1="不达标")  # 二组
    score(book, this, homes[4], J1_1="不达标")
    poor = {code.replace(".", "_"): "不达标" for code in CHECKS if code not in ("J3.1", "G1.5", "G2.3")}
    score(book, this, homes[5], **poor)  # 一组
    score(book, this, homes[6], **(poor | {"J3_1": "不达标"}))
    found = read(book, results, this)
    places = ranking(found)
    assert [place.village_place for place in places] == [1, 2, 2, 2, 5, 6]
    by_home = {place.result.home.household_id: place for place in places}
    assert [by_home[home].group_place for home in homes[1:]] == [1, 2, 1, 1, 1, 2]
    assert [by_home[home].flag for home in homes[1:]] == [True, False, True, True, False, False]
    assert [result.home.household_id for result in honour_roll(found)] == [homes[1], homes[3], homes[4], homes[2]]
    wrong = to_put_right(found)
    assert [one.result.home.household_id for one in wrong] == [homes[5], homes[6]]
    assert wrong[0].recheck_on == date(2026, 11, 10)
    assert "没有可用的厕所" in wrong[1].hard_fails[0]
    assert "房前净" in wrong[0].items


def test_the_summary_by_group_ends_with_the_village(book, homes):
    this = opened(book)
    score(book, this, homes[1])
    score(book, this, homes[3], J1_1="不达标")
    lines = summary(read(book, results, this))
    assert [line.group for line in lines] == ["一组", "二组", "十组", None]
    assert (lines[0].homes, lines[0].seen, lines[0].average) == (2, 0, None)
    assert lines[1].average == Decimal("97.3")
    assert lines[3].grades == (("优秀", 2), ("良好", 0), ("合格", 0), ("不合格", 0))
    assert (lines[3].homes, lines[3].seen, lines[3].passed) == (6, 2, 2)


def test_a_round_beside_the_last_one_of_its_checklist(book, homes):
    old = opened(book, "2026年9月", date(2026, 9, 1))
    last = opened(book, "2026年10月", date(2026, 10, 1))
    other = opened(book, "住房", date(2026, 10, 20), name="housing_safety")
    this = opened(book)
    score(book, old, homes[1], J1_1="不达标")
    score(book, last, homes[1], J1_1="不达标")
    score(book, last, homes[2])
    score(book, this, homes[1])
    score(book, this, homes[2], J1_1="不达标")
    score(book, this, homes[3])
    found = read(book, compare, this)
    assert found.before_id == last
    assert (found.better, found.worse, found.same) == (1, 1, 0)
    differences = {step.home.household_id: step.difference for step in found.steps}
    assert differences[homes[1]] == Decimal("2.7")
    assert differences[homes[3]] is None
    assert read(book, compare, old) is None
    assert read(book, compare, other) is None
    trend = read(book, results_of, homes[1])
    assert [(one.round_id, one.result.points) for one in trend] == [
        (old, Decimal("97.3")),
        (last, Decimal("97.3")),
        (this, Decimal("100.0")),
    ]
    before = read(book, sheet, this, homes[1], "王书记").before
    assert (before.round_id, before.result.score.failed) == (last, ("J1.1",))


def test_an_answer_of_a_foreign_scale_leaves_its_check_point_open(book, homes):
    this = opened(book)
    id = score(book, this, homes[1])
    with book.writing() as session:
        session.get(Answer, Answer.id_of(id, "J1.1")).value = "较好"
    result = next(one for one in read(book, results, this) if one.home.household_id == homes[1])
    assert result.begun
    assert result.score.open == ("J1.1",)


@pytest.mark.parametrize(
    ("period", "day", "title", "due"),
    [
        ("月度", date(2026, 11, 3), "2026年11月四净两规范", date(2026, 11, 30)),
        ("月度", date(2028, 2, 3), "2028年2月四净两规范", date(2028, 2, 29)),
        ("季度", date(2026, 11, 3), "2026年第四季度四净两规范", date(2026, 12, 31)),
        ("半年", date(2026, 6, 30), "2026年上半年四净两规范", date(2026, 6, 30)),
        ("年度", date(2026, 1, 1), "2026年四净两规范", date(2026, 12, 31)),
        ("随机", date(2026, 11, 3), "2026年11月3日四净两规范抽查", date(2026, 11, 3)),
    ],
)
def test_a_new_round_is_filled_in(period, day, title, due):
    made = plan(USUAL, day, period)
    assert (made.title, made.due_on, made.period) == (title, due, period)


@pytest.mark.parametrize(
    ("group", "number"),
    [
        ("一组", 1),
        ("第十村民组", 10),
        ("十二组", 12),
        ("二十组", 20),
        ("一百零三组", 103),
        ("3组", 3),
        ("下屋组", None),
        ("", None),
    ],
)
def test_the_number_of_a_group(group, number):
    assert group_number(group) == number


def test_another_village_has_rounds_of_its_own(book, homes):
    village = NewVillage("柳树沟村", "340828100102")
    with book.writing() as session:
        household(session, village=village.code)
    there = finish(open_round(book, village.code, USUAL, "2026年11月四净两规范", "月度", DAY))
    opened(book)
    assert len(read(book, results, there)) == 1
    with pytest.raises(OfficeError, match="不在名单里"):
        finish(save_inspection(book, there, homes[1], "王书记", DAY, answered()))


def test_two_laptops_that_answer_one_check_point_meet_in_one_cell(book, homes, tmp_path):
    this = opened(book)
    other = workbook(tmp_path, "乙.hdb", "李主任")
    try:
        pull(book, other)
        score(book, this, homes[1], J1_1="不达标")
        score(other, this, homes[1], J1_2="不达标")
        score(other, this, homes[2])
        pull(book, other)
        pull(other, book)
        for one in (book, other):
            with one.reading() as session:
                assert session.scalar(select(func.count()).select_from(Inspection)) == 2
                assert session.scalar(select(func.count()).select_from(Answer)) == 2 * len(CHECKS)
                assert len(open_conflicts(session)) == 2
        assert read(book, results, this) == read(other, results, this)
    finally:
        other.close()


def test_a_copy_of_the_workbook_writes_the_same_answers(book, homes, tmp_path):
    this = opened(book)
    book.close()
    shutil.copy(book.path, tmp_path / "副本.hdb")
    ids = set()
    for name in (book.path.name, "副本.hdb"):
        again = unlock(tmp_path / name, PASSPHRASE)
        score(again, this, homes[1])
        with again.reading() as session:
            ids.add(frozenset(session.scalars(select(Answer.id))))
        again.close()
    assert len(ids) == 1


_KILLED = """
import os, sys
from datetime import date
from pathlib import Path
from app.checklists.inspections import save_inspection
from app.progress import finish
from app.workbook.access import unlock
book = unlock(Path(sys.argv[1]), sys.argv[2])
for code in ("J1.1", "J1.2", "J1.3"):
    finish(save_inspection(book, sys.argv[3], sys.argv[4], "王书记", date(2026, 11, 3), {code: "基本达标"}))
print("written", flush=True)
os.kill(os.getpid(), 9)
"""


def test_a_killed_program_keeps_every_answer_that_was_saved(book, homes):
    this = opened(book)
    book.close()
    done = subprocess.run(
        [sys.executable, "-c", _KILLED, str(book.path), PASSPHRASE, this, homes[1]],
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.stdout == "written\n", done.stderr
    again = unlock(book.path, PASSPHRASE)
    assert dict(read(again, sheet, this, homes[1], "王书记").answers) == dict.fromkeys(CHECKS[:3], "基本达标")
    again.close()


def test_a_round_without_its_checklist_is_told_of(book):
    this = opened(book)
    with book.writing() as session:
        session.get(Round, this).checklist_id = None
    assert read(book, rounds) == ()
    with pytest.raises(OfficeError, match="还没有从同事的数据包里收到"):
        read(book, results, this)


def test_the_results_of_a_thousand_homes_are_read_within_half_a_second(tmp_path):
    book = workbook(tmp_path)
    with book.writing() as session:
        for number in range(1, 1001):
            household(session, members=1, number=number, group_name=f"{number % 20 + 1}组")
    this = opened(book)
    values = ("达标", "基本达标", "不达标", "不适用")
    with book.writing() as session:
        for number in range(1, 1001):
            home = Household.id_of(f"{VILLAGE.code}{number:03}")
            id = Inspection.id_of(this, home, "王书记")
            about = {"id": id, "village": VILLAGE.code, "round_id": this, "household_id": home}
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
    began = time.perf_counter()
    found = read(book, results, this)
    places = ranking(found)
    took = time.perf_counter() - began
    assert len(places) == 1000
    assert took < 1.0, f"{took:.2f} s"  # half a second on a quiet machine
    book.close()
