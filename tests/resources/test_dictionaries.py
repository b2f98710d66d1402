import re

import pytest

import resources

NAMES = resources.names("dictionaries")
FULL_WIDTH = {code: code - 0xFEE0 for code in range(0xFF01, 0xFF5F)} | {0x3000: 0x20}
KNOWN = {"value": str, "code": str, "aliases": list, "roles": list, "label": str, "retired": bool}


def options(name):
    return resources.read("dictionaries", name)["options"]


def values(name):
    return [option["value"] for option in options(name)]


def folded(text):
    return re.sub(r"\s+", "", text.translate(FULL_WIDTH)).lower()


@pytest.mark.parametrize("name", NAMES)
def test_every_dictionary_says_what_it_is_and_offers_something(name):
    read = resources.read("dictionaries", name)
    assert read["title"]
    assert read["source"]
    assert [option for option in read["options"] if not option.get("retired")]
    for option in read["options"]:
        assert all(isinstance(option[key], kind) for key, kind in KNOWN.items() if key in option)
        assert option["value"] == option["value"].strip() != ""


@pytest.mark.parametrize("name", NAMES)
def test_a_wording_means_one_thing(name):
    spellings = [folded(wording) for o in options(name) for wording in (o["value"], *o.get("aliases", ()))]
    assert [spelling for spelling in set(spellings) if spellings.count(spelling) > 1] == []
    codes = [o["code"] for o in options(name) if "code" in o]
    assert len(set(codes)) == len(codes)


@pytest.mark.parametrize(("name", "count"), [("relation", 28), ("ethnic", 58), ("labour", 5), ("poverty_cause", 14)])
def test_the_national_lists_are_whole(name, count):
    assert len(options(name)) == count


@pytest.mark.parametrize(
    ("name", "wording", "value"),
    [
        ("school_status", "高一", "普通高中一年级"),
        ("school_status", "初一", "七年级"),
        ("school_status", "幼儿园", "学前教育"),
        ("school_status", "大一", "本科一年级"),
        ("work_region", "县内", "乡镇外县内"),
        ("education", "中专", "高中"),
        ("ethnic", "畲", "畲族"),
        ("household_attribute", "五保贫困户", "特困供养贫困户"),
        ("exit_status", "贫困(未脱贫)", "未脱贫"),
        ("helper_rank", "科员", "科员级"),
    ],
)
def test_wordings_seen_in_exports_are_read(name, wording, value):
    [option] = [o for o in options(name) if wording in o.get("aliases", ())]
    assert option["value"] == value


def test_ethnic_codes_are_the_national_ones():
    codes = {option["value"]: option["code"] for option in options("ethnic")}
    assert [codes[value] for value in ("汉族", "畲族", "基诺族", "其他", "外国血统中国籍人士")] == [
        "01", "22", "56", "97", "98",
    ]  # fmt: skip


def test_what_rules_rely_on_is_there():
    assert {o["sex"] for o in options("relation") if "sex" in o} == set(values("sex"))
    assert all(o["ages"][0] <= o["ages"][1] for o in options("school_status") if "ages" in o)
    assert [o["value"] for o in options("school_status") if "ages" not in o] == ["非在校生"]
    assert all(o["max_households"] > 0 for o in options("helper_rank"))
    assert {o["era"] for o in options("measure_kind")} == {"2018", "2021", "any"}
    assert {o["value"]: o.get("points") for o in options("check_value")} == {
        "达标": 1, "基本达标": 0.5, "不达标": 0, "不适用": None,
    }  # fmt: skip


def test_joining_and_leaving_are_told_apart():
    assert {o["way"] for o in options("member_join")} == {"join"}
    assert {o["way"] for o in options("member_leave")} == {"leave"}


def test_the_income_tree_has_a_head_for_every_group():
    items = options("income_item")
    assert [o["code"] for o in items if "total" in o.get("roles", ())] == ["A", "B", "C", "D", "E"]
    assert all(o["code"].startswith(o["group"]) for o in items)
    assert {o["group"] for o in items if o.get("sign") == -1} == {"E"}
    assert all(o.get("sign") == -1 for o in items if o["group"] == "E")


@pytest.mark.parametrize("name", resources.names("thresholds"))
def test_every_threshold_names_its_title(name):
    assert resources.read("thresholds", name)["title"]


def test_the_poverty_line_is_told_once_a_year_with_its_source():
    years = resources.read("thresholds", "poverty_line")["years"]
    assert [y["year"] for y in years] == sorted({y["year"] for y in years})
    assert all(y["source"] and ("line" in y or "monitoring" in y) for y in years)
    assert {y["year"]: y.get("line") for y in years}[2018] == 3200


def test_income_thresholds_speak_of_items_that_exist():
    income = resources.read("thresholds", "income")
    assert income["per_capita_base"] in income["bases"]
    assert set(income["least"]) | set(income["not_counted"]) <= set(values("income_item"))
