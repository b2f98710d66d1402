from decimal import Decimal
from fractions import Fraction

import pytest
from hypothesis import given
from hypothesis import strategies as st

import resources
from app.checklists.scoring import UnknownAnswer, apportion, combine, round_to_one_decimal, score
from app.checklists.template import InvalidChecklist, checklist, checklist_text, parse_checklist

LIST = checklist("four_clean_two_norms")
CLEAN = {check.code: "达标" for check in LIST.checks()}
TOILET = {code: "不适用" for code in CLEAN if code.startswith("J3.")}
SMALL = """
title = "小表"
code = "small"
version = 1
pass_item_share = 0.6
pass_total = 80
scale = [{ value = "好", points = 1 }, { value = "中", points = 0.3 }, { value = "差", points = 0 }, { value = "无" }]
grades = [{ least = 90, name = "优" }, { least = 0, name = "劣" }]
[[items]]
code = "a"
label = "甲"
points = 2
checks = [{ code = "a1", label = "一" }, { code = "a2", label = "二" }]
"""

_SECOND_ITEM_OF_THE_SAME_CODE = """
[[items]]
code = "a"
label = "乙"
points = 1
checks = [{ code = "b1", label = "三" }]
[[items]]"""


@st.composite
def answer_sets(draw, complete=False):
    values = ["达标", "基本达标", "不达标", "不适用", *([] if complete else [None])]
    return {code: draw(st.sampled_from(values)) for code in CLEAN}


def test_all_well_is_100_and_passes():
    full_score = score(LIST, CLEAN)
    assert (full_score.points, full_score.grade, full_score.passed) == (Decimal("100.0"), "优秀", True)
    assert full_score.band.mark == "流动红旗"
    assert (full_score.failed_items, full_score.failed, full_score.hard_fails, full_score.open) == ((), (), (), ())


def test_an_item_earns_its_points_times_the_mean_of_its_checks():
    result = score(LIST, CLEAN | {"J1.1": "不达标", "J1.2": "基本达标"})
    yard = result.items[0]
    assert (yard.code, yard.label, yard.share) == ("J1", "房前净", Fraction(3, 4))
    assert (yard.earned, yard.possible) == (Decimal("12.0"), Decimal("16.0"))
    assert (result.points, result.failed) == (Decimal("96.0"), ("J1.1",))


def test_what_does_not_apply_leaves_the_mean_and_then_the_sum():
    assert score(LIST, CLEAN | TOILET).points == 100
    dirty_yard = CLEAN | {code: "不达标" for code in CLEAN if code.startswith("J1.")}
    assert score(LIST, dirty_yard).exact == 84
    assert score(LIST, dirty_yard | TOILET).exact == Fraction(68 * 100, 84)
    assert score(LIST, dirty_yard | TOILET).points == Decimal("81.0")
    assert score(LIST, CLEAN | TOILET).items[2].earned is None


def test_one_dirty_item_is_enough_to_miss_the_standard():
    result = score(LIST, CLEAN | {code: "不达标" for code in CLEAN if code.startswith("J1.")})
    assert (result.grade, result.failed_items, result.passed) == ("良好", ("J1",), False)


def test_hard_fails_are_flagged_and_cost_no_more_than_their_check_point():
    result = score(LIST, CLEAN | {"J3.1": "不达标", "G2.3": "基本达标"})
    assert result.hard_fails == ("J3.1",)
    assert result.exact == 100 - Fraction(16, 5) - Fraction(18, 10)
    assert result.passed
    assert "厕所" in LIST.check("J3.1").hard_fail


def test_an_unsafe_wall_decides_the_grade_of_a_house_whatever_the_points():
    housing = checklist("housing_safety")
    result = score(housing, {check.code: "达标" for check in housing.checks()} | {"S2.2": "不达标"})
    assert (result.points, result.grade, result.passed) == (Decimal("90.0"), "需鉴定", False)


def test_the_score_so_far_counts_what_is_answered():
    so_far = score(LIST, {"J1.1": "达标", "J1.2": "不达标", "J2.1": "达标", "J2.2": "", "J2.3": None})
    assert (so_far.points, so_far.grade, so_far.passed) == (Decimal("75.0"), "合格", False)
    assert len(so_far.open) == len(CLEAN) - 3
    assert so_far.open[:2] == ("J1.3", "J1.4")


def test_nothing_answered_and_nothing_that_applies_have_no_points():
    for answers in ({}, dict.fromkeys(CLEAN, "不适用")):
        empty = score(LIST, answers)
        assert (empty.points, empty.grade, empty.band, empty.passed) == (None, "", None, False)


def test_an_unknown_answer_is_named():
    with pytest.raises(UnknownAnswer, match=r"门前院内.*很好"):
        score(LIST, CLEAN | {"J1.1": "很好"})


def test_a_check_point_of_another_version_is_passed_over():
    assert score(LIST, CLEAN | {"J9.9": "不达标"}).points == 100


@pytest.mark.parametrize(
    ("exact", "shown"), [("89.95", "90.0"), ("89.949", "89.9"), ("0.05", "0.1"), ("100", "100.0"), ("0", "0.0")]
)
def test_halves_round_up_to_one_decimal(exact, shown):
    assert str(round_to_one_decimal(Fraction(exact))) == shown


def test_fractions_of_a_county_scale_are_exact():
    small = parse_checklist(SMALL)
    assert score(small, {"a1": "中", "a2": "无"}).exact == 30
    assert score(small, {"a1": "中", "a2": "好"}).exact == 65


@given(answer_sets())
def test_the_total_lies_between_0_and_100_and_agrees_with_its_grade(answers):
    result = score(LIST, answers)
    if result.points is None:
        assert set(answers.values()) <= {None, "不适用"}
    else:
        assert 0 <= result.points <= 100
        assert result.grade == LIST.grade_of(Fraction(result.points)).name
    assert {code for code, value in answers.items() if value is None} == set(result.open)
    assert all(item.share is None or 0 <= item.share <= 1 for item in result.items)


@given(answer_sets(complete=True), st.sampled_from(sorted(CLEAN)))
def test_improving_an_answer_never_lowers_the_total(answers, check):
    worse, middle, better = (score(LIST, answers | {check: value}) for value in ("不达标", "基本达标", "达标"))
    assert worse.exact <= middle.exact <= better.exact
    assert set(better.failed_items) <= set(worse.failed_items)


@given(answer_sets(complete=True))
def test_leaving_out_a_whole_item_scales_the_rest(answers):
    result = score(LIST, answers | TOILET)
    rest = [item for item in result.items if item.share is not None]
    if rest:
        assert result.exact == sum(i.weight * i.share for i in rest) * 100 / sum(i.weight for i in rest)
    assert result.items[2].share is None


@given(st.lists(answer_sets(complete=True), min_size=1, max_size=3), st.sampled_from(["latest", "mean", "strictest"]))
def test_together_lies_between_the_inspectors(all_answers, counts):
    scores = [score(LIST, answers) for answers in all_answers]
    together = combine(scores, counts)
    totals = [one.exact for one in scores if one.exact is not None]
    if together.exact is not None:
        assert min(totals) <= together.exact <= max(totals)


def test_latest_strictest_and_mean():
    dirty = score(LIST, CLEAN | {code: "不达标" for code in CLEAN if code.startswith("J1.")})
    clean = score(LIST, CLEAN | TOILET)
    assert combine([dirty, clean]) is clean
    assert combine([clean, dirty], "latest") is dirty
    assert combine([dirty, clean], "strictest") is dirty
    mean = combine([dirty, clean], "mean")
    assert (mean.points, mean.grade, mean.failed_items) == (Decimal("92.0"), "优秀", ("J1",))
    assert mean.failed == dirty.failed
    assert mean.items[2].share == 1


def test_an_unfinished_look_counts_only_when_no_other_is_finished():
    full_score, begun = score(LIST, CLEAN), score(LIST, {"J1.1": "不达标"})
    for counts in ("latest", "mean", "strictest"):
        assert combine([full_score, begun], counts).exact == 100
        assert combine([begun], counts).exact == 0


def test_a_look_at_which_nothing_applied_does_not_stand_for_one_with_points():
    """An empty house: everything is answered 不适用, so nothing is open and there are no points."""
    empty_house, dirty = score(LIST, dict.fromkeys(CLEAN, "不适用")), score(LIST, dict.fromkeys(CLEAN, "不达标"))
    assert (empty_house.open, empty_house.exact, dirty.exact) == ((), None, 0)
    middling = score(LIST, CLEAN | {"J1.1": "不达标"})
    for scores in ([empty_house, middling], [middling, empty_house]):
        assert combine(scores, "strictest") is middling
        mean = combine(scores, "mean")
        assert (mean.exact, mean.failed, mean.items) == (middling.exact, middling.failed, middling.items)
    for counts in ("latest", "strictest", "mean"):
        assert combine([empty_house], counts).exact is None


def test_a_kept_text_scores_with_its_own_version():
    old = parse_checklist(
        checklist_text("four_clean_two_norms").replace("version = 1", "version = 7").replace("房前净", "门前净")
    )
    assert (old.version, score(old, CLEAN).items[0].label) == (7, "门前净")
    assert parse_checklist(checklist_text("four_clean_two_norms")) == LIST


@pytest.mark.parametrize(
    ("was", "becomes", "sentence"),
    [
        ("title = ", "titel = ", "缺少“title”"),
        ("points = 2", "points = 0", "分值不大于 0"),
        ('code = "a2"', 'code = "a1"', "重复"),
        ("[[items]]", _SECOND_ITEM_OF_THE_SAME_CODE, "重复"),
        ("scale = [", 'scale = [{ value = "好", points = 0.5 }, ', "不重复的结果"),
        ("least = 0,", "least = 10,", "等级"),
        ("least = 90,", 'least = 60, name = "良" }, { least = 90,', "从高到低"),
        ("least = 90,", "least = 0,", "从高到低"),
        ("points = 1 }", "points = 2 }", "不得分的"),
        ("points = 0 }", "points = 0.1 }", "不得分的"),
        ("points = 0.3 }", "points = -0.3 }", "在 0 到 1 之间"),
        ("points = 0.3 }", "points = 1.3 }", "在 0 到 1 之间"),
        ("version = 1", 'version = 1\ncounts = "best"', "counts"),
        ("version = 1", 'version = 1\nhard_fail_grade = "丙"', "没有“丙”"),
        ("version = 1", "version = ", "读不出来"),
        ('label = "一"', 'lable = "一"', "写法不对"),
    ],
)
def test_a_file_that_cannot_be_scored_with_is_refused(was, becomes, sentence):
    with pytest.raises(InvalidChecklist, match=sentence):
        parse_checklist(SMALL.replace(was, becomes, 1))


@pytest.mark.parametrize("name", resources.names("checklists"))
def test_every_checklist_scores_100_when_all_is_well_and_0_when_nothing_is(name):
    full_score = checklist(name)
    assert score(full_score, {check.code: "达标" for check in full_score.checks()}).points == 100
    assert score(full_score, {check.code: "达标" for check in full_score.checks()}).passed
    nothing = score(full_score, {check.code: "不达标" for check in full_score.checks()})
    assert (nothing.points, nothing.grade, nothing.passed) == (0, full_score.grades[-1].name, False)


@given(answer_sets())
def test_what_is_shown_of_the_items_adds_up_to_the_total(answers):
    result = score(LIST, answers)
    earned = [item.earned for item in result.items if item.earned is not None]
    for item in result.items:
        if item.earned is not None:
            assert abs(Fraction(item.earned) - item.share * item.weight) < Fraction(1, 10)
            assert 0 <= item.earned <= item.possible
    if len(earned) == len(result.items):
        assert sum(earned) == result.points


@given(st.lists(st.fractions(0, 20, max_denominator=12), min_size=1, max_size=8))
def test_parts_add_up_and_nothing_stays_nothing(parts):
    shown = apportion(parts)
    assert sum(shown) == round_to_one_decimal(sum(parts, Fraction()))
    assert all(abs(Fraction(one) - part) < Fraction(1, 10) for one, part in zip(shown, parts, strict=True))
    assert all(one == 0 for one, part in zip(shown, parts, strict=True) if part == 0)


def test_why_a_household_has_not_passed():
    assert score(LIST, CLEAN).obstacles == ()
    assert score(LIST, CLEAN | {"J1.1": None}).obstacles == ("还有1个要点未评",)
    dirty_yard = CLEAN | {code: "不达标" for code in CLEAN if code.startswith("J1.")}
    assert score(LIST, dirty_yard).obstacles == ("房前净得分不到60%",)
    fair = dict.fromkeys(CLEAN, "基本达标") | {code: "达标" for code in CLEAN if code.startswith("J1.")}
    assert score(LIST, fair).obstacles[-1] == "总分低于80分"
