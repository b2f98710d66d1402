import pytest

import resources
from app.checklists.template import checklist

NAMES = resources.names("checklists")
PRESETS = [name for name in NAMES if checklist(name).preset]
DEFAULT = checklist("four_clean_two_norms")


@pytest.mark.parametrize("name", NAMES)
def test_points_add_up_to_100_and_the_name_is_the_code(name):
    loaded = checklist(name)
    assert sum(item.points for item in loaded.items) == 100
    assert loaded.code == name
    assert loaded.source


@pytest.mark.parametrize("name", NAMES)
def test_answers_and_period_come_from_the_dictionaries(name):
    loaded = checklist(name)
    values = {option["value"] for option in resources.read("dictionaries", "check_value")["options"]}
    periods = {option["value"] for option in resources.read("dictionaries", "round_period")["options"]}
    assert {step.value for step in loaded.scale} <= values
    assert loaded.period in periods


def test_all_presets_are_there():
    assert sorted(checklist(name).preset for name in PRESETS) == ["P-A", "P-B", "P-B2", "P-C", "P-D", "P-E", "P-F"]


@pytest.mark.parametrize("name", PRESETS)
def test_a_preset_regroups_the_same_check_points(name):
    regrouped = sorted(checklist(name).checks(), key=lambda check: check.code)
    assert regrouped == sorted(DEFAULT.checks(), key=lambda check: check.code)


def test_the_default_is_as_the_county_handbook_has_it():
    assert [(item.code, int(item.points), len(item.checks)) for item in DEFAULT.items] == [
        ("J1", 16, 6), ("J2", 16, 5), ("J3", 16, 5), ("J4", 16, 5), ("G1", 18, 6), ("G2", 18, 5),
    ]  # fmt: skip
    assert [check.code for check in DEFAULT.checks() if check.hard_fail] == ["J3.1", "G1.5", "G2.3"]
    assert [(int(grade.min_points), grade.name) for grade in DEFAULT.grades] == [
        (90, "优秀"), (80, "良好"), (60, "合格"), (0, "不合格"),
    ]  # fmt: skip
    assert [(bonus.code, int(bonus.points), bonus.reset) for bonus in DEFAULT.bonus] == [
        ("help_neighbour", 20, False), ("spot_check_dirty", -3, False), ("littering", 0, True),
    ]  # fmt: skip
