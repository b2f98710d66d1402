"""Every rule has one household that breaks it and one that does not."""

import re
from collections.abc import Callable, Iterator
from datetime import date
from decimal import Decimal
from pathlib import Path

import pytest

from app.quality.doubts import Doubt, of_household
from app.quality.rules import rules
from app.workbook.workbook import Workbook
from db.schema.aid import Assignment, Helper
from db.schema.household import Household
from tests import builders
from tests.app.quality.sound import TODAY, Kept, sound
from tests.builders import VILLAGE, id_number


class Undone(Exception):
    """Takes back what a case wrote."""


@pytest.fixture(scope="module")
def book(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Workbook]:
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("HUDANG_STATE", str(tmp_path_factory.mktemp("state")))
        made = builders.workbook(tmp_path_factory.mktemp("book"))
        yield made
        made.close()


def doubts(book: Workbook, change: Callable[[Kept], object] | None) -> list[Doubt]:
    """What is found of the sound household after a change, and nothing stays of it."""
    found: list[Doubt] = []

    def check() -> None:
        with book.writing() as session:
            kept = sound(session)
            if change:
                change(kept)
            session.flush()
            found.extend(of_household(session, kept.household.id, today=TODAY))
            raise Undone

    with pytest.raises(Undone):
        check()
    return found


def put(what: str, **values: object) -> Callable[[Kept], None]:
    """Sets columns of one of the rows."""

    def change(kept: Kept) -> None:
        for name, value in values.items():
            setattr(getattr(kept, what), name, value)

    return change


def both(*changes: Callable[[Kept], object]) -> Callable[[Kept], None]:
    def change(kept: Kept) -> None:
        for one in changes:
            one(kept)

    return change


def line(item: str, amount: int | None) -> Callable[[Kept], None]:
    return lambda kept: kept.line(item, amount)


def measured(kind: str, title: str, **more: object) -> Callable[[Kept], None]:
    def change(kept: Kept) -> None:
        kept.measured(kind, title, **more)

    return change


def monitored(*risks: str, **values: object) -> Callable[[Kept], None]:
    return both(lambda kept: kept.monitored(*risks), put("household", **values))


def left(what: str, **values: object) -> Callable[[Kept], None]:
    return both(put(what, left="死亡", left_on=date(2020, 5, 1), **values), put("household", population=3))


def neighbour(**values: object) -> Callable[[Kept], None]:
    """A second household; what is named is the same as the first one's."""

    def change(kept: Kept) -> None:
        other = sound(kept.session, 2)
        for name, value in values.items():
            target = other.head if name in ("id_no", "name", "birth", "sex") else other.household
            setattr(target, name, getattr(kept.head, str(value)) if value == name and target is other.head else value)
            if value == name and target is other.household:
                setattr(target, name, getattr(kept.household, name))

    return change


def second_helper(**values: object) -> Callable[[Kept], None]:
    def change(kept: Kept) -> None:
        helper = Helper(village=VILLAGE.code, name="赵二", rank="科员级", **values)
        kept.session.add(helper)
        kept.session.flush()
        kept.session.add(
            Assignment(
                village=VILLAGE.code, household_id=kept.household.id, helper_id=helper.id, started_on=date(2018, 1, 1)
            )
        )

    return change


def more_homes(kept: Kept) -> None:
    """The helper has four households and may have three."""
    for number in (2, 3, 4):
        other = sound(kept.session, number)
        other.assignment.helper_id = kept.helper.id


def alone(kept: Kept) -> None:
    """Only the mother is left."""
    for one in (kept.head, kept.wife, kept.son):
        one.left, one.left_on, one.work_region, one.work_months = "死亡", date(2020, 5, 1), None, None
    kept.mother.relation, kept.household.population, kept.household.residents = "户主", 1, 1


def emptied(kept: Kept) -> None:
    alone(kept)
    kept.mother.left, kept.mother.left_on = "死亡", date(2020, 6, 1)
    kept.household.population, kept.household.residents = 0, 0


CARD = id_number(date(1945, 2, 1), 1, False)
POOR = put(
    "household", exit_status="未脱贫", household_attribute="一般贫困户", exit_year=None, household_kind="建档立卡贫困户"
)

# rule → what breaks it; the sound household breaks none
BREAKS: dict[str, Callable[[Kept], object]] = {
    "id_missing": put("head", id_no=None),
    "id_number": put("head", id_no="340888197003011038"),
    "id_twice": neighbour(id_no="id_no", birth="birth"),
    "id_sex": put("head", sex="女"),
    "id_birth": put("head", birth=date(1970, 3, 2)),
    "birth_impossible": put("son", birth=date(2022, 1, 5), id_no=None),
    "very_old": put("mother", birth=date(1905, 2, 1), id_no=None),
    "card_number": put("mother", health=("残疾",), disability_no="340888"),
    "card_of_another": put("mother", health=("残疾",), disability_no=id_number(date(1946, 2, 1), 1, False) + "43"),
    "card_kind": put("mother", health=("残疾",), disability_no=CARD + "43", disability_kind="视力残疾"),
    "disabled_without_card": put("mother", health=("残疾",)),
    "disabled_labour": put(
        "wife", health=("残疾",), disability_kind="肢体残疾", disability_level="一级", disability_no=None
    ),
    "healthy_and_ill": put("head", health=("健康", "长期慢性病")),
    "child_labour": put("son", labour="普通劳动力"),
    "child_work": put("son", work_region="省外", work_months=Decimal(3)),
    "pupil_labour": put("son", labour="弱劳动力或半劳动力"),
    "pupil_work": put("son", work_region="省外", work_months=Decimal(3)),
    "idle_adult": put("wife", labour="无劳动力"),
    "old_labour": put("mother", labour="普通劳动力"),
    "work_half": put("head", work_months=None),
    "no_labour_work": put("head", labour="丧失劳动力"),
    "half_labour_work": put("head", labour="弱劳动力或半劳动力"),
    "month_income": put("head", work_income_month=Decimal(36000)),
    "work_without_income": put("head", work_income_month=None),
    "provided_for_works": put("head", tekun=True),
    "job_half": put("wife", public_job_kind="保洁员"),
    "job_age": put("mother", public_job_kind="保洁员", public_job_months=Decimal(12)),
    "job_without_labour": put("mother", public_job_kind="保洁员", public_job_months=Decimal(12)),
    "skilled_idle": put("wife", labour="技能劳动力"),
    "far_public_job": put("head", public_job_kind="生态护林员", public_job_months=Decimal(12)),
    "out_of_school": put("son", school_status="非在校生"),
    "dropped_out": put("son", school_status="非在校生", dropout_cause="厌学"),
    "preschool_late": put("son", school_status="学前教育"),
    "grade_age": put("son", school_status="小学"),
    "schooling_twice": put("son", education="小学"),
    "education_age": put("son", school_status=None, education="大专"),
    "little_schooling": put("son", birth=date(2003, 1, 5), id_no=None, school_status=None, education="小学"),
    "dropout_healthy": put("son", school_status="非在校生", dropout_cause="因病"),
    "nobody": emptied,
    "no_head": put("head", relation="其他"),
    "several_heads": put("wife", relation="户主"),
    "several_spouses": put("mother", relation="配偶"),
    "spouse_sex": put("wife", sex="男", id_no=None),
    "relation_sex": put("son", relation="之女"),
    "relation_age": put("mother", birth=date(1960, 2, 1), id_no=None),
    "population": put("household", population=5),
    "residents": put("household", residents=5),
    "person_missing": put("wife", ethnic=None),
    "household_missing": put("household", household_kind=None),
    "number_missing": put("household", household_no=None),
    "number_twice": neighbour(household_no="household_no"),
    "home_twice": neighbour(name="name"),
    "value_refused": put("living", fuel="太阳能灶"),
    "phone_form": put("household", phone="1380000"),
    "phone_shared": neighbour(phone="phone"),
    "bank_card": put("household", bank_card_no="6217788300001234568"),
    "medical_twice": put("head", emp_med_ins=True),
    "medical_none": put("head", med_ins=False),
    "serious_none": put("head", serious_ins=None),
    "pension_unknown": put("head", pension=None),
    "pension_none": put("head", pension=False),
    "rescue_uninsured": put("head", med_rescue=True, med_ins=False),
    "cause_missing": put("household", cause_main=None),
    "cause_repeated": put("household", cause_other=("缺技术",)),
    "cause_without": put("household", cause_main="因残"),
    "cause_labour": put("household", cause_main="缺劳力"),
    "risk_work": both(monitored("因务工就业不稳"), put("head", work_region=None, work_months=None)),
    "exit_year_missing": put("household", exit_year=None),
    "exit_year_without": put("household", exit_status="未脱贫"),
    "exit_before_register": put("household", exit_year=2013),
    "return_half": put("household", exit_status="返贫", return_year=2020),
    "exited_unsafe_house": put("living", house_unsafe=True, danger_level="C"),
    "exited_unsafe_water": put("living", water_safe=False),
    "exited_no_power": put("living", elec_life=False),
    "exited_dropout": put("son", school_status="非在校生", dropout_cause="厌学"),
    "dibao_nobody": put("household", household_attribute="低保脱贫户"),
    "dibao_ordinary": put("mother", dibao=True),
    "tekun_nobody": put("household", household_attribute="特困供养脱贫户"),
    "tekun_able": put("head", tekun=True),
    "no_labour_unprovided": alone,
    "fallback_unmarked": alone,
    "fallback_wrong": put("household", no_labour_fallback=True),
    "living_missing": put("living", withdrawn=True),
    "house_missing": put("living", toilet=None),
    "land_missing": put("living", land_water=None),
    "land_large": put("living", land_farm=Decimal(120)),
    "land_returned": put("living", land_returned=Decimal(20)),
    "irrigated_more": put("living", land_irrigated=Decimal(5)),
    "road_far": put("living", road_km=Decimal(30)),
    "danger_contradicts": put("living", danger_level="C"),
    "danger_unmended": both(POOR, put("living", house_unsafe=True, danger_level="D")),
    "unmonitored_unsafe": both(put("household", household_kind="一般农户"), put("living", water_safe=False)),
    "net_differs": put("year", reported_net=Decimal(50000)),
    "per_head_differs": put("year", reported_per_head=Decimal(9999)),
    "income_missing": both(put("year", withdrawn=True), put("last_year", withdrawn=True)),
    "income_odd": line("务工收入", 500000),
    "exited_below_line": both(line("务工收入", 900), line("种植收入", 8000)),
    "unmonitored_below": both(line("务工收入", 4000), line("种植收入", 20000)),
    "income_jump": line("务工收入", 90000),
    "dibao_money": line("低保金", 3600),
    "tekun_money": line("特困供养金", 7200),
    "support_twice": put("mother", dibao=True, tekun=True),
    "no_costs": line("种植支出", None),
    "wage_nobody": put("head", work_region=None, work_months=None),
    "worker_no_wage": line("务工收入", None),
    "wage_odd": line("务工收入", 240),
    "transfer_small": line("养老保险金", 80),
    "ecology_without": both(line("生态补偿金", 300), put("living", land_returned=Decimal(0))),
    "no_helper": put("assignment", ended_on=date(2020, 1, 1)),
    "several_helpers": second_helper(),
    "helper_over": more_homes,
    "helper_gone": put("helper", withdrawn=True),
    "helper_is_member": put("helper", id_no=id_number(date(1970, 3, 1), 1)),
    "helper_namesake": put("helper", name="李秀英", id_no=None),
    "helper_registered": second_helper(id_no=id_number(date(1970, 3, 1), 1)),
    "helper_phone": second_helper(phone="13700000001"),
    "help_early": put("assignment", started_on=date(2013, 3, 1)),
    "help_backwards": put("assignment", ended_on=date(2016, 3, 1)),
    "measure_backwards": put("measure", ended_on=date(2020, 1, 1)),
    "loan_overdue": measured("扶贫小额信贷", "贷款", content="养牛", state="实施中", ended_on=date(2021, 1, 1)),
    "loan_use": measured("扶贫小额信贷", "贷款"),
    "loans_several": both(
        measured("扶贫小额信贷", "贷款一", content="养牛", state="实施中"),
        measured("扶贫小额信贷", "贷款二", content="养牛", state="实施中"),
    ),
    "relocated_nobody": measured("易地扶贫搬迁", "集中安置"),
    "relocated_without": put("head", relocated_person=True),
    "relocated_late": both(
        put("household", household_kind="边缘易致贫户", monitor_since="2021-02", register_date=None),
        measured("易地扶贫搬迁", "集中安置"),
    ),
    "pupil_unaided": POOR,
    "left_measure": both(
        left("mother"),
        lambda kept: kept.measured("健康扶贫", "慢病证", member_id=kept.mother.id, started_on=date(2020, 9, 1)),
    ),
    "left_benefit": left("mother", dibao=True),
    "measure_dibao": measured("兜底保障", "农村低保"),
    "measure_tekun": measured("兜底保障", "特困供养"),
    "measure_disabled": measured("兜底保障", "残疾人两项补贴"),
    "yulu_wrong": measured("雨露计划", "中职补助"),
    "yulu_missing": put("son", school_status="中职一年级"),
    "work_aid_nobody": both(
        measured("就业扶贫", "公益性岗位"), put("head", work_region=None, work_months=None)
    ),
    "measure_amount": put("measure", amount=None, effect=None),
    "unvisited": put("visit", visited_on=date(2020, 11, 1)),
    "unscored": lambda kept: kept.scored("达标", checks=3),
    "unreviewed": lambda kept: kept.scored("不达标"),
    "record_old": put("household", fill_date=date(2020, 5, 1)),
    "monitor_risk_missing": monitored(monitor_risks=None),
    "monitor_since_missing": monitored(monitor_since=None),
    "monitor_note_missing": monitored("因病", "其他"),
    "monitor_phone_missing": monitored(filler_phone=None),
    "monitor_unaided": monitored(monitor_since="2021-02"),
    "monitor_no_development": both(monitored(), put("measure", withdrawn=True)),
    "monitor_unanswered": monitored("因学"),
    "monitor_risk_house": both(monitored(), put("living", water_safe=False)),
    "monitor_rich": both(monitored(), line("务工收入", 80000)),
    "removed_early": put("household", monitor_since="2021-02", monitor_removed="2021-04"),
    "removed_unaided": both(
        put("household", monitor_since="2020-02", monitor_removed="2021-04"), put("measure", withdrawn=True)
    ),
    "removed_unsafe": both(
        put("household", monitor_since="2020-02", monitor_removed="2021-04"), put("living", water_safe=False)
    ),
    "removed_poor": both(
        put("household", monitor_since="2020-02", monitor_removed="2020-12"), line("务工收入", 1000)
    ),
    "removed_no_labour": both(alone, put("household", monitor_since="2020-02", monitor_removed="2021-04")),
}  # fmt: skip

# close to a limit, and yet not a doubt
HOLDS: dict[str, Callable[[Kept], object]] = {
    "income_jump": line("务工收入", 40000),
    "unscored": lambda kept: kept.scored("达标"),
    "unreviewed": lambda kept: kept.scored("不达标", seen=date(2021, 5, 28)),
    "unvisited": put("visit", visited_on=date(2020, 12, 5)),
    "old_labour": put("mother", labour="弱劳动力或半劳动力"),
    "job_age": put("wife", public_job_kind="保洁员", public_job_months=Decimal(12)),
    "far_public_job": put("head", public_job_kind="生态护林员", public_job_months=Decimal(4)),
    "grade_age": put("son", school_status="八年级"),
    "helper_over": lambda kept: setattr(sound(kept.session, 2).assignment, "helper_id", kept.helper.id),
    "several_helpers": both(second_helper(), put("assignment", ended_on=date(2018, 1, 1))),
    "home_twice": neighbour(name="name", group_name="上屋组"),
    "phone_form": put("household", phone="055612345678"),
    "monitor_unaided": monitored(),
    "monitor_unanswered": monitored(),
    "monitor_no_development": monitored(),
    "monitor_rich": monitored(),
    "risk_work": monitored("因务工就业不稳"),
    "monitor_risk_house": both(monitored("因病", "因安全饮水"), put("living", water_safe=False)),
    "monitor_note_missing": monitored("因病", "其他", monitor_note="家中失火"),
    "removed_early": put("household", monitor_since="2020-02", monitor_removed="2021-04"),
    "removed_poor": put("household", monitor_since="2020-02", monitor_removed="2020-12"),
    "dibao_money": both(line("低保金", 3600), put("mother", dibao=True)),
    "danger_unmended": both(
        put("living", house_unsafe=True, danger_level="D"), measured("危房改造", "拆除重建", amount=Decimal(20000))
    ),
    "relocated_nobody": both(measured("易地扶贫搬迁", "集中安置"), put("head", relocated_person=True)),
    "loan_overdue": measured("扶贫小额信贷", "贷款", content="养牛", state="实施中", ended_on=date(2022, 1, 1)),
    "loan_use": measured("扶贫小额信贷", "贷款", content="养牛"),
    "pupil_unaided": both(POOR, measured("教育资助", "义务教育寄宿生补助")),
    "left_measure": both(
        left("mother"),
        lambda kept: kept.measured("健康扶贫", "慢病证", member_id=kept.mother.id, started_on=date(2020, 3, 1)),
    ),
    "unmonitored_below": both(monitored(), line("务工收入", 4000)),
    "id_twice": neighbour(),
    "record_old": put("household", fill_date=None),
    "disabled_without_card": put("mother", health=("残疾",), disability_no=CARD + "43"),
    "card_kind": put("mother", health=("残疾",), disability_no=CARD + "43", disability_kind="肢体残疾"),
}  # fmt: skip


def test_every_rule_has_a_household_that_breaks_it() -> None:
    keys = [rule.key for rule in rules()]
    assert len(keys) == len(set(keys))
    assert set(BREAKS) == set(keys)
    assert set(HOLDS) <= set(keys)


def test_the_sound_household_breaks_no_rule(book: Workbook) -> None:
    assert [(doubt.rule, doubt.sentence) for doubt in doubts(book, None)] == []


@pytest.mark.parametrize("rule", sorted(BREAKS))
def test_it_is_found(book: Workbook, rule: str) -> None:
    found = [doubt for doubt in doubts(book, BREAKS[rule]) if doubt.rule == rule]
    assert found
    assert len({doubt.about for doubt in found}) == len(found)
    for doubt in found:
        assert re.search(r"[\u4e00-\u9fff].*[。]$", doubt.sentence)
        assert "None" not in doubt.sentence
        assert not re.search(r"\d{11}", doubt.sentence) or rule == "number_twice"
        assert doubt.places
        assert all(doubt.fields)
        assert doubt.called
        assert doubt.source


@pytest.mark.parametrize("rule", sorted(HOLDS))
def test_it_is_not_found(book: Workbook, rule: str) -> None:
    assert rule not in {doubt.rule for doubt in doubts(book, HOLDS[rule])}


def test_each_rule_says_where_it_comes_from() -> None:
    for rule in rules():
        assert re.search(r"§6-\d+|R\d{3}", rule.source), rule.key
        assert rule.find.__doc__, rule.key
    numbers = {int(n) for rule in rules() for n in re.findall(r"§6-(\d+)", rule.source)}
    assert numbers == set(range(1, 41))


def test_a_closed_household_has_no_doubts(book: Workbook) -> None:
    assert doubts(book, put("household", registration_state="注销", population=9)) == []


def test_an_unknown_household_has_no_doubts(book: Workbook, tmp_path: Path) -> None:
    with book.reading() as session:
        assert of_household(session, Household.id_of("nobody")) == ()
