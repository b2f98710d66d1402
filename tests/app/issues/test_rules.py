"""Every rule has one household that breaks it and one that does not."""

import json
import re
from collections.abc import Callable, Iterator
from datetime import date
from decimal import Decimal
from pathlib import Path

import pytest

from app.issues.issues import Issue, household_issues
from app.issues.rules import rules
from app.list_views.definition import Condition, ConditionGroup, ListView
from app.list_views.stored_form import encode
from app.workbook.workbook import Workbook
from db.schema.aid import Assignment, Helper
from db.schema.asset import Distribution, DistributionLine
from db.schema.assistance import SocialAssistance
from db.schema.community import Grid, GridHousehold, Meeting, MeetingParticipant
from db.schema.education import EducationAid, SchoolTerm
from db.schema.employment import (
    PublicJob,
    SkillTraining,
    TrainingParticipant,
    TrainingWish,
    WorkshopPay,
    WorkshopPayLine,
    WorkSpell,
)
from db.schema.finance import SmallLoan
from db.schema.health import ChronicCard, MedicalExpense
from db.schema.household import Household
from db.schema.housing import HousingRenovation
from db.schema.insurance import InsuranceEnrolment
from db.schema.policy import Policy
from db.schema.production import FarmBusiness, ProductionSubsidy
from db.schema.record import Record
from db.schema.rectification import Rectification
from db.schema.visit import VisitPolicy
from db.schema.water import WaterHousehold, WaterSource, WaterTest
from tests import builders
from tests.app.issues.clean_household import TODAY, HouseholdRows, clean_household
from tests.builders import VILLAGE, id_number
from tests.machine_memory import remembering_in


class RollBack(Exception):
    """Takes back what a case wrote."""


def explain_policy() -> Callable[[HouseholdRows], None]:
    """A policy of the library is noted instead of a sentence about it."""

    def change(kept: HouseholdRows) -> None:
        policy = Policy(village=VILLAGE.code, name="慢性病门诊就诊证", given_to="家庭成员")
        kept.session.add(policy)
        kept.session.flush()
        kept.session.add(VisitPolicy(village=VILLAGE.code, visit_id=kept.visit.id, policy_id=policy.id))
        kept.visit.explained = None

    return change


@pytest.fixture(scope="module")
def book(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Workbook]:
    with remembering_in(tmp_path_factory.mktemp("state")):
        new_workbook = builders.workbook(tmp_path_factory.mktemp("book"))
        yield new_workbook
        new_workbook.close()


def issues_after(book: Workbook, change: Callable[[HouseholdRows], object] | None) -> list[Issue]:
    """What is found of the sound household after a change, and nothing stays of it."""
    issues: list[Issue] = []

    def check() -> None:
        with book.writing() as session:
            rows = clean_household(session)
            if change:
                change(rows)
            session.flush()
            issues.extend(household_issues(session, rows.household.id, check_date=TODAY))
            raise RollBack

    with pytest.raises(RollBack):
        check()
    return issues


def set_values(what: str, **values: object) -> Callable[[HouseholdRows], None]:
    """Sets columns of one of the rows."""

    def change(rows: HouseholdRows) -> None:
        for name, value in values.items():
            setattr(getattr(rows, what), name, value)

    return change


def combine(*changes: Callable[[HouseholdRows], object]) -> Callable[[HouseholdRows], None]:
    def change(rows: HouseholdRows) -> None:
        for one in changes:
            one(rows)

    return change


def set_income(item: str, amount: int | None) -> Callable[[HouseholdRows], None]:
    return lambda rows: rows.set_income(item, amount)


def add_measure(kind: str, title: str, **more: object) -> Callable[[HouseholdRows], None]:
    def change(rows: HouseholdRows) -> None:
        rows.add_measure(kind, title, **more)

    return change


def set_monitored(*risks: str, **values: object) -> Callable[[HouseholdRows], None]:
    return lambda rows: rows.set_monitored(*risks, **values)


def set_removed(identified: str, removed: str) -> Callable[[HouseholdRows], None]:
    def change(rows: HouseholdRows) -> None:
        rows.add_monitoring(kind="脱贫不稳定户", risks=("因病",), identified=identified, removed=removed)

    return change


def bring_over_as(kind: str, **later: object) -> Callable[[HouseholdRows], None]:
    """What an upgrade leaves of a household of a former version."""

    def change(rows: HouseholdRows) -> None:
        rows.household.household_kind, rows.household.monitor_since = "一般农户", "2020-03"
        former = json.dumps({"identified": "2020-03", "kind": kind, "removed": None, "risk_note": None, "risks": None})
        identified = "2020-04" if "monitor_since" in later else "2020-03"
        rows.add_monitoring(kind=kind, risks=("因病",), identified=identified, former=former)
        for name, value in later.items():
            setattr(rows.household, name, value)

    return change


NEVER_REGISTERED = {"register_date": None, "exit_year": None, "exit_status": None}


def remove_member(what: str, **values: object) -> Callable[[HouseholdRows], None]:
    return combine(
        set_values(what, left="死亡", left_on=date(2020, 5, 1), **values), set_values("household", population=3)
    )


def add_neighbour(**values: object) -> Callable[[HouseholdRows], None]:
    """A second household; what is named is the same as the first one's."""

    def change(rows: HouseholdRows) -> None:
        other = clean_household(rows.session, rows.number + 1)
        for name, value in values.items():
            target = other.head if name in ("id_no", "name", "birth", "sex") else other.household
            setattr(target, name, getattr(rows.head, str(value)) if value == name and target is other.head else value)
            if value == name and target is other.household:
                setattr(target, name, getattr(rows.household, name))

    return change


def edit_merged_measure(**values: object) -> Callable[[HouseholdRows], None]:
    """A measure that another stands for, edited by somebody who did not know."""

    def change(rows: HouseholdRows) -> None:
        merged = rows.add_measure(str(rows.measure.kind), str(rows.measure.title), withdrawn=True)
        merged.merged_into = rows.measure.id
        rows.session.flush()
        for name, value in values.items():
            setattr(merged, name, value)

    return change


def second_helper(**values: object) -> Callable[[HouseholdRows], None]:
    def change(rows: HouseholdRows) -> None:
        helper = Helper(village=VILLAGE.code, name="赵二", rank="科员级", **values)
        rows.session.add(helper)
        rows.session.flush()
        rows.session.add(
            Assignment(
                village=VILLAGE.code, household_id=rows.household.id, helper_id=helper.id, started_on=date(2018, 1, 1)
            )
        )

    return change


def add_households(rows: HouseholdRows) -> None:
    """The helper has four households and may have three."""
    for n in (1, 2, 3):
        other = clean_household(rows.session, rows.number + n)
        other.assignment.helper_id = rows.helper.id


def leave_head_alone(rows: HouseholdRows) -> None:
    """Only the mother is left."""
    for one in (rows.head, rows.wife, rows.son):
        one.left, one.left_on, one.work_region, one.work_months = "死亡", date(2020, 5, 1), None, None
    rows.mother.relation, rows.household.population, rows.household.residents = "户主", 1, 1


def remove_everyone(rows: HouseholdRows) -> None:
    leave_head_alone(rows)
    rows.mother.left, rows.mother.left_on = "死亡", date(2020, 6, 1)
    rows.household.population, rows.household.residents = 0, 0


CARD = id_number(date(1945, 2, 1), 1, False)
POOR = set_values(
    "household", exit_status="未脱贫", household_attribute="一般贫困户", exit_year=None, household_kind="建档立卡贫困户"
)


def add_row(model: type[Record], whom: str = "head", **values: object) -> Callable[[HouseholdRows], None]:
    """Adds a row to a register, about the household or one of its people."""

    def change(rows: HouseholdRows) -> None:
        about = {} if hasattr(model, "household_id") else {"member_id": getattr(rows, whom).id}
        rows.add_row(model, **about, **values)

    return change


def add_list(model: type[Record], **values: object) -> Callable[[HouseholdRows], str]:
    """Adds a list of the village; returns its id."""

    def change(rows: HouseholdRows) -> str:
        row = model(village=VILLAGE.code, **values)
        rows.session.add(row)
        rows.session.flush()
        return row.id

    return change


def give_policy(kind: str = "") -> Callable[[HouseholdRows], None]:
    """A policy of renovation for the household's kind, or another."""

    def change(rows: HouseholdRows) -> None:
        where = ConditionGroup((Condition("kind", "is", (kind or str(rows.household.household_kind),)),))
        policy = {"name": "危房改造补助", "given_to": "按户", "proof": "危房改造记录"}
        add_list(Policy, condition=encode(ListView(where=where)), **policy)(rows)

    return change


def pay(whom: str, year: int = 2020, **values: object) -> Callable[[HouseholdRows], None]:
    """Puts somebody on the list of a distribution."""

    def change(rows: HouseholdRows) -> None:
        plan = {"name": "光伏分红", "reason": "资产收益分红", "paid_on": date(2020, 12, 20)} | values
        distribution = add_list(Distribution, year=year, **plan)(rows)
        rows.add_row(DistributionLine, member_id=getattr(rows, whom).id, distribution_id=distribution, amount=600)

    return change


def sign(whom: str, held_on: date = date(2020, 12, 6)) -> Callable[[HouseholdRows], None]:
    """Somebody signs for a meeting."""

    def change(rows: HouseholdRows) -> None:
        meeting = add_list(Meeting, title="村民代表会议", held_on=held_on)(rows)
        rows.add_row(MeetingParticipant, member_id=getattr(rows, whom).id, meeting_id=meeting, signed=True)

    return change


def put_into_unit(name: str, **values: object) -> Callable[[HouseholdRows], None]:
    """Puts the household into a unit of the grid."""
    return lambda rows: rows.add_row(GridHousehold, grid_id=add_list(Grid, name=name, **values)(rows))


def find_problem(**values: object) -> Callable[[HouseholdRows], None]:
    return add_row(Rectification, problem="院内堆放杂物", found_on=date(2021, 2, 1), **values)


def add_post(whom: str = "head", kind: str = "保洁员", **values: object) -> Callable[[HouseholdRows], None]:
    return add_row(PublicJob, whom, kind=kind, started_on=date(2021, 1, 1), **values)


def add_assistance(whom: str = "mother", kind: str = "农村低保", **values: object) -> Callable[[HouseholdRows], None]:
    what: dict[str, object] = {"approved_on": date(2021, 1, 1), "started_in": "2021-01", "amount": Decimal(300)}
    return combine(
        set_values("mother", dibao=True, disability_no=None),
        add_row(SocialAssistance, whom, kind=kind, **what | values),
    )


def add_bill(care: str = "住院", **values: object) -> Callable[[HouseholdRows], None]:
    what: dict[str, object] = {"settled_on": date(2019, 5, 1), "level": "县域内", "total": Decimal(9000)}
    return combine(POOR, add_row(MedicalExpense, care=care, **what | values))


def add_loan(whom: str = "head", **values: object) -> Callable[[HouseholdRows], None]:
    what: dict[str, object] = {"bank": "农商行", "amount": Decimal(30000), "purpose": "养殖业"}
    what |= {"issued_on": date(2019, 3, 1), "due_on": date(2022, 3, 1)} | values
    return lambda rows: rows.add_row(SmallLoan, member_id=getattr(rows, whom).id, **what)


def add_grant(**values: object) -> Callable[[HouseholdRows], None]:
    """雨露计划 for the son in the spring of the check."""
    what = {"year": 2021, "term": "春季学期", "item": "雨露计划", "standard": Decimal(1500), "evidence": "学籍证明"}
    return add_row(EducationAid, "son", **what | values)


def add_term(**values: object) -> Callable[[HouseholdRows], None]:
    """Where the son was this spring; he is at school by the record of members."""
    return add_row(SchoolTerm, "son", **{"year": 2021, "term": "春季学期", "state": "在校就读"} | values)


def train(whom: str, kind: str = "就业技能") -> Callable[[HouseholdRows], None]:
    def change(rows: HouseholdRows) -> None:
        course = add_list(SkillTraining, name="家政培训", kind=kind, started_on=date(2021, 3, 1))(rows)
        rows.add_row(TrainingParticipant, member_id=getattr(rows, whom).id, training_id=course)

    return change


def pay_pieces(month: str) -> Callable[[HouseholdRows], None]:
    """Wages of the head from a workshop, in a month after he went away."""

    def change(rows: HouseholdRows) -> None:
        rows.add_row(WorkSpell, region="省外", place="宁波市", started_on=date(2021, 2, 20))
        pay = add_list(WorkshopPay, workshop="来料加工车间", month=month)(rows)
        rows.add_row(WorkshopPayLine, pay_id=pay, wage=Decimal(900))

    return change


def drink(*results: str, **source: object) -> Callable[[HouseholdRows], None]:
    """The household drinks of a source with one test a month."""

    def change(rows: HouseholdRows) -> None:
        id = add_list(WaterSource, name="大岭山泉", kind="单户山泉水", **source)(rows)
        rows.add_row(WaterHousehold, source_id=id)
        for month, result in enumerate(results, 1):
            add_list(WaterTest, source_id=id, tested_on=date(2021, month, 1), result=result)(rows)

    return change


def move_away_from_work(rows: HouseholdRows) -> None:
    """The head was moved in 2019; nobody works away, and the measure of 2020 gave relief alone."""
    rows.head.relocated_person, rows.head.work_region, rows.head.work_months = True, None, None
    rows.measure.kind, rows.measure.title = "易地扶贫搬迁", "集中安置"


TRAVEL = {"region": "省外", "place": "宁波市", "subsidy_kind": "一次性交通补助", "subsidy": Decimal(500)}
FARM = {"year": 2020, "kind": "茶叶种植", "scale": Decimal(3), "output": Decimal(100)}

RENOVATION = {"year": 2019, "target": "建档立卡贫困户", "level": "D", "way": "拆除重建"}

# rule → what breaks it; the sound household breaks none
BREAKS: dict[str, Callable[[HouseholdRows], object]] = {
    "id_missing": set_values("head", id_no=None),
    "id_number": set_values("head", id_no="340888197003011038"),
    "id_twice": add_neighbour(id_no="id_no", birth="birth"),
    "id_sex": set_values("head", sex="女"),
    "id_birth": set_values("head", birth=date(1970, 3, 2)),
    "birth_impossible": set_values("son", birth=date(2022, 1, 5), id_no=None),
    "very_old": set_values("mother", birth=date(1905, 2, 1), id_no=None),
    "card_number": set_values("mother", health=("残疾",), disability_no="340888"),
    "card_of_another": set_values(
        "mother", health=("残疾",), disability_no=id_number(date(1946, 2, 1), 1, False) + "43"
    ),
    "card_kind": set_values("mother", health=("残疾",), disability_no=CARD + "43", disability_kind="视力残疾"),
    "disabled_without_card": set_values("mother", health=("残疾",)),
    "disabled_labour": set_values(
        "wife", health=("残疾",), disability_kind="肢体残疾", disability_level="一级", disability_no=None
    ),
    "healthy_and_ill": set_values("head", health=("健康", "长期慢性病")),
    "child_labour": set_values("son", labour="普通劳动力"),
    "child_work": set_values("son", work_region="省外", work_months=Decimal(3)),
    "pupil_labour": set_values("son", labour="弱劳动力或半劳动力"),
    "pupil_work": set_values("son", work_region="省外", work_months=Decimal(3)),
    "idle_adult": set_values("wife", labour="无劳动力"),
    "old_labour": set_values("mother", labour="普通劳动力"),
    "work_half": set_values("head", work_months=None),
    "no_labour_work": set_values("head", labour="丧失劳动力"),
    "half_labour_work": set_values("head", labour="弱劳动力或半劳动力"),
    "month_income": set_values("head", work_income_month=Decimal(36000)),
    "work_without_income": set_values("head", work_income_month=None),
    "provided_for_works": set_values("head", tekun=True),
    "job_half": set_values("wife", public_job_kind="保洁员"),
    "job_age": set_values("mother", public_job_kind="保洁员", public_job_months=Decimal(12)),
    "job_without_labour": set_values("mother", public_job_kind="保洁员", public_job_months=Decimal(12)),
    "skilled_idle": set_values("wife", labour="技能劳动力"),
    "far_public_job": set_values("head", public_job_kind="生态护林员", public_job_months=Decimal(12)),
    "out_of_school": set_values("son", school_status="非在校生"),
    "dropped_out": set_values("son", school_status="非在校生", dropout_cause="厌学"),
    "preschool_late": set_values("son", school_status="学前教育"),
    "grade_age": set_values("son", school_status="小学"),
    "schooling_twice": set_values("son", education="小学"),
    "education_age": set_values("son", school_status=None, education="大专"),
    "little_schooling": set_values("son", birth=date(2003, 1, 5), id_no=None, school_status=None, education="小学"),
    "dropout_healthy": set_values("son", school_status="非在校生", dropout_cause="因病"),
    "nobody": remove_everyone,
    "no_head": set_values("head", relation="其他"),
    "several_heads": set_values("wife", relation="户主"),
    "several_spouses": set_values("mother", relation="配偶"),
    "spouse_sex": set_values("wife", sex="男", id_no=None),
    "relation_sex": set_values("son", relation="之女"),
    "relation_age": set_values("mother", birth=date(1960, 2, 1), id_no=None),
    "population": set_values("household", population=5),
    "residents": set_values("household", residents=5),
    "person_missing": set_values("wife", ethnic=None),
    "household_missing": set_values("household", household_kind=None),
    "number_missing": set_values("household", household_no=None),
    "merged_differs": edit_merged_measure(content="另一份写的内容"),
    "number_twice": add_neighbour(household_no="household_no"),
    "home_twice": add_neighbour(name="name"),
    "value_refused": set_values("living_condition", fuel="太阳能灶"),
    "phone_form": set_values("household", phone="1380000"),
    "phone_shared": add_neighbour(phone="phone"),
    "bank_card": set_values("household", bank_card_no="6217788300001234568"),
    "medical_twice": set_values("head", emp_med_ins=True),
    "medical_none": set_values("head", med_ins=False),
    "serious_none": set_values("head", serious_ins=None),
    "pension_unknown": set_values("head", pension=None),
    "pension_none": set_values("head", pension=False),
    "rescue_uninsured": set_values("head", med_rescue=True, med_ins=False),
    "cause_missing": set_values("household", cause_main=None),
    "cause_repeated": set_values("household", cause_other=("缺技术",)),
    "cause_without": set_values("household", cause_main="因残"),
    "cause_labour": set_values("household", cause_main="缺劳力"),
    "risk_work": combine(set_monitored("因务工就业不稳"), set_values("head", work_region=None, work_months=None)),
    "exit_year_missing": set_values("household", exit_year=None),
    "exit_year_without": set_values("household", exit_status="未脱贫"),
    "exit_before_register": set_values("household", exit_year=2013),
    "return_half": set_values("household", exit_status="返贫", return_year=2020),
    "exited_unsafe_house": set_values("living_condition", house_unsafe=True, danger_level="C"),
    "exited_unsafe_water": set_values("living_condition", water_safe=False),
    "exited_no_power": set_values("living_condition", elec_life=False),
    "exited_dropout": set_values("son", school_status="非在校生", dropout_cause="厌学"),
    "dibao_nobody": set_values("household", household_attribute="低保脱贫户"),
    "dibao_ordinary": set_values("mother", dibao=True),
    "tekun_nobody": set_values("household", household_attribute="特困供养脱贫户"),
    "tekun_able": set_values("head", tekun=True),
    "no_labour_unprovided": leave_head_alone,
    "fallback_unmarked": leave_head_alone,
    "fallback_wrong": set_values("household", no_labour_fallback=True),
    "living_missing": set_values("living_condition", withdrawn=True),
    "house_missing": set_values("living_condition", toilet=None),
    "land_missing": set_values("living_condition", land_water=None),
    "land_large": set_values("living_condition", land_farm=Decimal(120)),
    "land_returned": set_values("living_condition", land_returned=Decimal(20)),
    "irrigated_more": set_values("living_condition", land_irrigated=Decimal(5)),
    "road_far": set_values("living_condition", road_km=Decimal(30)),
    "danger_contradicts": set_values("living_condition", danger_level="C"),
    "danger_unmended": combine(POOR, set_values("living_condition", house_unsafe=True, danger_level="D")),
    "unmonitored_unsafe": combine(
        set_values("household", household_kind="一般农户"), set_values("living_condition", water_safe=False)
    ),
    "net_differs": set_values("income_year", reported_net=Decimal(50000)),
    "per_head_differs": set_values("income_year", reported_per_head=Decimal(9999)),
    "income_missing": combine(
        set_values("income_year", withdrawn=True), set_values("last_income_year", withdrawn=True)
    ),
    "income_odd": set_income("务工收入", 500000),
    "exited_below_line": combine(set_income("务工收入", 900), set_income("种植收入", 8000)),
    "unmonitored_below": combine(set_income("务工收入", 4000), set_income("种植收入", 20000)),
    "line_missing": set_values("income_year", year=2023),
    "income_jump": set_income("务工收入", 90000),
    "dibao_money": set_income("低保金", 3600),
    "tekun_money": set_income("特困供养金", 7200),
    "support_twice": set_values("mother", dibao=True, tekun=True),
    "no_costs": set_income("种植支出", None),
    "wage_nobody": set_values("head", work_region=None, work_months=None),
    "worker_no_wage": set_income("务工收入", None),
    "wage_odd": set_income("务工收入", 240),
    "transfer_small": set_income("养老保险金", 80),
    "ecology_without": combine(set_income("生态补偿金", 300), set_values("living_condition", land_returned=Decimal(0))),
    "no_helper": set_values("assignment", ended_on=date(2020, 1, 1)),
    "several_helpers": second_helper(),
    "helper_over": add_households,
    "helper_gone": set_values("helper", withdrawn=True),
    "helper_is_member": lambda rows: set_values("helper", id_no=rows.head.id_no)(rows),
    "helper_namesake": set_values("helper", name="李秀英", id_no=None),
    "helper_registered": lambda rows: second_helper(id_no=rows.head.id_no)(rows),
    "helper_phone": second_helper(phone="13700000001"),
    "help_early": set_values("assignment", started_on=date(2013, 3, 1)),
    "help_backwards": set_values("assignment", ended_on=date(2016, 3, 1)),
    "measure_backwards": set_values("measure", ended_on=date(2020, 1, 1)),
    "loan_overdue": add_measure("扶贫小额信贷", "贷款", content="养牛", state="实施中", ended_on=date(2021, 1, 1)),
    "loan_use": add_measure("扶贫小额信贷", "贷款"),
    "loans_several": combine(
        add_measure("扶贫小额信贷", "贷款一", content="养牛", state="实施中"),
        add_measure("扶贫小额信贷", "贷款二", content="养牛", state="实施中"),
    ),
    "relocated_nobody": add_measure("易地扶贫搬迁", "集中安置"),
    "relocated_without": set_values("head", relocated_person=True),
    "relocated_late": combine(
        set_monitored(identified="2021-02"),
        set_values("household", register_date=None),
        add_measure("易地扶贫搬迁", "集中安置"),
    ),
    "pupil_unaided": POOR,
    "left_measure": combine(
        remove_member("mother"),
        lambda kept: kept.add_measure("健康扶贫", "慢病证", member_id=kept.mother.id, started_on=date(2020, 9, 1)),
    ),
    "left_benefit": remove_member("mother", dibao=True),
    "measure_dibao": add_measure("兜底保障", "农村低保"),
    "measure_tekun": add_measure("兜底保障", "特困供养"),
    "measure_disabled": add_measure("兜底保障", "残疾人两项补贴"),
    "yulu_wrong": add_measure("雨露计划", "中职补助"),
    "yulu_missing": set_values("son", school_status="中职一年级"),
    "work_aid_nobody": combine(
        add_measure("就业扶贫", "公益性岗位"), set_values("head", work_region=None, work_months=None)
    ),
    "measure_amount": set_values("measure", amount=None, effect=None),
    "steps_disordered": add_row(
        EducationAid, "son", year=2020, applied_on=date(2020, 9, 1), approved_on=date(2020, 8, 1)
    ),
    "post_age": add_post("mother"),
    "post_unfit": combine(add_post("head"), set_values("head", labour="丧失劳动力")),
    "posts_several": combine(*(add_post(kind=kind) for kind in ("保洁员", "生态护林员", "道路管护员"))),
    "left_in_register": combine(add_assistance(), remove_member("mother")),
    "grant_stage": add_row(EducationAid, "son", year=2020, term="春季学期", stage="九年级", item="雨露计划"),
    "assistance_unflagged": combine(add_assistance(), set_values("mother", dibao=False)),
    "insured_unflagged": add_row(
        InsuranceEnrolment, year=2021, kind="城镇职工基本养老保险", payer="个人缴费", paid_on=date(2021, 1, 1)
    ),
    "assistance_twice": combine(add_assistance(), add_assistance(kind="特困供养")),
    "assistance_uncertified": add_assistance(kind="困难残疾人生活补贴"),
    "assistance_review": add_assistance(level="C类"),
    "medical_over_cap": combine(add_bill(basic=Decimal(6500)), add_bill(total=Decimal(800), hospital="乡卫生院")),
    "chronic_share": add_bill("慢性病门诊", total=Decimal(1000), basic=Decimal(500), supplement=Decimal(300)),
    "paid_twice": combine(pay("head"), pay("wife")),
    "policy_unclaimed": give_policy(),
    "policy_unentitled": combine(give_policy("一般农户"), add_row(HousingRenovation, **RENOVATION)),
    "paid_after_leaving": combine(pay("mother"), remove_member("mother")),
    "dividend_differs": combine(pay("head"), set_income("资产收益扶贫分红", 500)),
    "signed_after_leaving": combine(sign("mother"), remove_member("mother")),
    "problem_unassigned": find_problem(),
    "units_several": combine(put_into_unit("上屋单元"), put_into_unit("下屋单元")),
    "unit_missing": add_list(Grid, name="上屋单元"),
    "renovation_level": add_row(HousingRenovation, **RENOVATION | {"level": "B"}),
    "renovation_target": add_row(HousingRenovation, **RENOVATION | {"target": "低保户"}),
    "subsidy_over": add_row(ProductionSubsidy, year=2020, item="养牛", verified=Decimal(2), paid=Decimal(1601)),
    "loan_age": add_loan("mother"),
    "loan_misused": add_loan(purpose="转给企业使用"),
    "loans_open": combine(add_loan(), add_loan(issued_on=date(2020, 3, 1))),
    "grant_low": add_grant(standard=Decimal(1000)),
    "grant_over": add_grant(paid=Decimal(1501)),
    "grant_unproven": add_grant(paid=Decimal(1500), paid_on=date(2021, 5, 1), evidence=None),
    "pupil_omitted": add_grant(year=2020),
    "term_unchecked": add_term(year=2020, term="秋季学期"),
    "dropout_hidden": add_term(state="失学辍学"),
    "aid_above": add_row(WorkSpell, **TRAVEL | {"subsidy": Decimal(501)}),
    "travel_twice": combine(*(add_row(WorkSpell, **TRAVEL, subsidy_paid_on=date(2020, month, 1)) for month in (3, 11))),
    "aid_after_leaving": combine(
        add_row(InsuranceEnrolment, "mother", year=2021, paid_on=date(2020, 12, 1)), remove_member("mother")
    ),
    "chronic_uncarded": set_values("wife", health=("长期慢性病",)),
    "moved_unsupported": move_away_from_work,
    "sold_over_output": add_row(FarmBusiness, **FARM, sold=Decimal(101)),
    "sales_differ": add_row(FarmBusiness, **FARM, sold=Decimal(50), price=Decimal(110), sales=Decimal(6000)),
    "training_unfit": train("mother"),
    "labour_unasked": add_row(TrainingWish, year=2021, kind="就业技能"),
    "workshop_far": pay_pieces("2021-04"),
    "water_unclean": drink("合格", "不合格"),
    "unvisited": set_values("visit", visited_on=date(2020, 11, 1)),
    "unexplained": set_values("visit", explained=None),
    "subsidy_unset": add_row(ProductionSubsidy, year=2013, item="养牛", verified=Decimal(2)),
    "unscored": lambda kept: kept.add_inspection("达标", checks=3),
    "unreviewed": lambda kept: kept.add_inspection("不达标"),
    "record_old": set_values("household", fill_date=date(2020, 5, 1)),
    "monitor_kind_missing": set_monitored(kind=None),
    "monitor_kinds_differ": set_monitored(kind="边缘易致贫户"),
    "monitor_kind_guessed": bring_over_as("突发严重困难户", **NEVER_REGISTERED),
    "monitor_former_differs": bring_over_as("边缘易致贫户", monitor_since="2020-05"),
    "monitor_notice_short": set_monitored(notice_on=date(2020, 3, 2), notice_until=date(2020, 3, 6)),
    "monitor_twice": combine(set_monitored(), set_monitored(identified="2020-05")),
    "monitor_risk_missing": set_monitored(risks=None),
    "monitor_since_missing": set_monitored(identified=None),
    "monitor_note_missing": set_monitored("因病", "其他"),
    "monitor_phone_missing": combine(set_monitored(), set_values("household", filler_phone=None)),
    "monitor_unaided": set_monitored(identified="2021-02"),
    "monitor_no_development": combine(set_monitored(), set_values("measure", withdrawn=True)),
    "monitor_unanswered": set_monitored("因学"),
    "monitor_risk_house": combine(set_monitored(), set_values("living_condition", water_safe=False)),
    "monitor_rich": combine(set_monitored(), set_income("务工收入", 80000)),
    "removed_early": set_removed("2021-02", "2021-04"),
    "removed_unaided": combine(
        set_removed("2020-02", "2021-04"),
        set_values("measure", withdrawn=True),
    ),
    "removed_unsafe": combine(
        set_removed("2020-02", "2021-04"),
        set_values("living_condition", water_safe=False),
    ),
    "removed_poor": combine(set_removed("2020-02", "2020-12"), set_income("务工收入", 1000)),
    "removed_no_labour": combine(leave_head_alone, set_removed("2020-02", "2021-04")),
}

# close to a limit, and yet not a doubt
HOLDS: dict[str, Callable[[HouseholdRows], object]] = {
    "monitor_kind_missing": set_monitored(kind=None, identified=None, lead_on=date(2020, 3, 1)),
    "monitor_kinds_differ": set_monitored(kind="突发严重困难户"),
    "monitor_kind_guessed": bring_over_as("突发严重困难户"),
    "monitor_former_differs": bring_over_as("边缘易致贫户"),
    "monitor_notice_short": set_monitored(notice_on=date(2020, 3, 2), notice_until=date(2020, 3, 7)),
    "monitor_twice": combine(set_removed("2019-03", "2019-12"), set_monitored()),
    "income_jump": set_income("务工收入", 40000),
    "steps_disordered": add_row(
        EducationAid, "son", year=2020, applied_on=date(2020, 9, 1), approved_on=date(2020, 9, 1)
    ),
    "post_age": combine(add_post("mother", ended_on=date(2021, 3, 1)), add_post("wife")),
    "post_unfit": combine(add_post("head"), set_values("head", labour="弱劳动力或半劳动力")),
    "posts_several": combine(
        *(add_post(kind=kind) for kind in ("保洁员", "生态护林员")), add_post("wife", "道路管护员")
    ),
    "left_in_register": combine(add_assistance(ended_on=date(2021, 4, 1)), remove_member("mother")),
    "policy_unclaimed": combine(give_policy(), add_row(HousingRenovation, **RENOVATION)),
    "policy_unentitled": combine(give_policy(), add_row(HousingRenovation, **RENOVATION)),
    "paid_twice": combine(pay("head"), pay("wife", year=2019), pay("wife", stopped_on=date(2020, 12, 1))),
    "paid_after_leaving": combine(pay("mother", paid_on=date(2020, 1, 1)), remove_member("mother")),
    "dividend_differs": combine(
        pay("head"), set_income("资产收益扶贫分红", 600), pay("wife", reason="岗位补助"), pay("wife", year=2019)
    ),
    "signed_after_leaving": combine(sign("mother", held_on=date(2020, 4, 1)), remove_member("mother")),
    "problem_unassigned": combine(find_problem(responsible="汪明远"), find_problem(done_on=date(2021, 3, 1))),
    "units_several": combine(put_into_unit("上屋单元"), put_into_unit("下屋单元", dissolved_on=date(2021, 1, 1))),
    "unit_missing": put_into_unit("上屋单元"),
    "grant_stage": combine(
        set_values("son", school_status="中职一年级"),
        add_row(EducationAid, "son", year=2020, term="春季学期", stage="中职一年级", item="雨露计划"),
        add_row(EducationAid, "son", year=2020, term="春季学期", stage="中职一年级", item="社会助学"),
    ),
    "assistance_unflagged": add_assistance(),
    "insured_unflagged": combine(
        add_row(InsuranceEnrolment, year=2021, kind="城乡居民基本医疗保险", payer="个人缴费", paid_on=date(2021, 1, 1)),
        add_row(InsuranceEnrolment, year=2021, kind="城镇职工基本养老保险", payer="个人缴费"),
    ),
    "assistance_twice": combine(
        add_assistance(ended_on=date(2021, 3, 1)), add_assistance(kind="特困供养"), add_assistance(kind="高龄津贴")
    ),
    "assistance_uncertified": combine(
        add_assistance(kind="困难残疾人生活补贴"), set_values("mother", disability_no=CARD + "43")
    ),
    "assistance_review": combine(add_assistance(level="B类"), add_assistance("head", level="C类", ended_on=TODAY)),
    "medical_over_cap": combine(
        add_bill(basic=Decimal(6000), supplement=Decimal(100)),
        add_bill(level="市级", total=Decimal(4000)),
        add_bill(settled_on=date(2021, 5, 1), total=Decimal(90000)),
        add_bill(settled_on=date(2020, 5, 1), eligible=Decimal(2500)),
    ),
    "chronic_share": add_bill("慢性病门诊", total=Decimal(1000), basic=Decimal(500), supplement=Decimal("399.5")),
    "renovation_level": add_row(HousingRenovation, **RENOVATION),
    "renovation_target": combine(
        POOR,
        add_row(HousingRenovation, **RENOVATION),
        add_row(HousingRenovation, **RENOVATION | {"year": 2018, "target": "其他农户"}),
    ),
    "subsidy_over": combine(
        add_row(ProductionSubsidy, year=2020, item="养牛", verified=Decimal(2), paid=Decimal(1600)),
        add_row(ProductionSubsidy, year=2019, item="养牛", verified=Decimal(9), paid=Decimal(3000)),
        add_row(ProductionSubsidy, year=2018, item="养牛", paid=Decimal(3000)),
    ),
    "loan_age": combine(add_loan(), add_loan("wife", repaid_on=date(2020, 1, 1))),
    "loan_misused": add_loan(),
    "loans_open": combine(
        add_loan(repaid_on=date(2020, 3, 1)), add_loan(compensated_on=date(2020, 4, 1)), add_loan()
    ),
    "grant_low": combine(add_grant(), add_grant(year=2019, standard=Decimal(1)), add_grant(item="社会助学")),
    "grant_over": add_grant(paid=Decimal(1500)),
    "grant_unproven": add_grant(paid=Decimal(1500), paid_on=date(2021, 5, 1)),
    "pupil_omitted": add_grant(year=2020, term="秋季学期"),
    "term_unchecked": combine(add_term(year=2020, term="秋季学期"), add_term()),
    "dropout_hidden": combine(
        add_term(year=2020, state="失学辍学"), add_term(state="失学辍学", returned_on=date(2021, 4, 1))
    ),
    "aid_above": add_row(WorkSpell, **TRAVEL),
    "travel_twice": combine(
        *(add_row(WorkSpell, **TRAVEL, subsidy_paid_on=date(year, 3, 1)) for year in (2019, 2020))
    ),
    "aid_after_leaving": combine(
        add_row(InsuranceEnrolment, "mother", year=2020, paid_on=date(2020, 5, 1)), remove_member("mother")
    ),
    "chronic_uncarded": combine(
        set_values("wife", health=("长期慢性病",)),
        add_row(ChronicCard, "wife", disease="糖尿病", issued_on=date(2020, 1, 1), valid_until=TODAY),
    ),
    "moved_unsupported": combine(move_away_from_work, add_row(FarmBusiness, **FARM)),
    "sold_over_output": add_row(FarmBusiness, **FARM, sold=Decimal(100)),
    "sales_differ": add_row(FarmBusiness, **FARM, sold=Decimal(50), price=Decimal(110), sales=Decimal(5500)),
    "training_unfit": combine(train("head"), train("mother", "扶贫夜校")),
    "labour_unasked": combine(*(add_row(TrainingWish, one, year=2021, kind="就业技能") for one in ("head", "wife"))),
    "workshop_far": pay_pieces("2021-02"),
    "water_unclean": combine(drink("不合格", "合格"), drink("不合格", closed_on=date(2021, 2, 1))),
    "subsidy_unset": combine(
        add_row(ProductionSubsidy, year=2020, item="养牛", verified=Decimal(2)),
        add_row(ProductionSubsidy, year=2013, item="养牛"),
    ),
    "unscored": lambda kept: kept.add_inspection("达标"),
    "unreviewed": lambda kept: kept.add_inspection("不达标", seen_on=date(2021, 5, 28)),
    "unvisited": set_values("visit", visited_on=date(2020, 12, 5)),
    "unexplained": explain_policy(),
    "old_labour": set_values("mother", labour="弱劳动力或半劳动力"),
    "job_age": set_values("wife", public_job_kind="保洁员", public_job_months=Decimal(12)),
    "far_public_job": set_values("head", public_job_kind="生态护林员", public_job_months=Decimal(4)),
    "grade_age": set_values("son", school_status="八年级"),
    "helper_over": lambda kept: setattr(clean_household(kept.session, 2).assignment, "helper_id", kept.helper.id),
    "several_helpers": combine(second_helper(), set_values("assignment", ended_on=date(2018, 1, 1))),
    "home_twice": add_neighbour(name="name", group_name="上屋组"),
    "phone_form": set_values("household", phone="055612345678"),
    "monitor_unaided": set_monitored(),
    "monitor_unanswered": set_monitored(),
    "monitor_no_development": set_monitored(),
    "monitor_rich": set_monitored(),
    "risk_work": set_monitored("因务工就业不稳"),
    "monitor_risk_house": combine(
        set_monitored("因病", "因安全饮水"), set_values("living_condition", water_safe=False)
    ),
    "monitor_note_missing": set_monitored("因病", "其他", risk_note="家中失火"),
    "removed_early": set_removed("2020-02", "2021-04"),
    "removed_poor": set_removed("2020-02", "2020-12"),
    "dibao_money": combine(set_income("低保金", 3600), set_values("mother", dibao=True)),
    "danger_unmended": combine(
        set_values("living_condition", house_unsafe=True, danger_level="D"),
        add_measure("危房改造", "拆除重建", amount=Decimal(20000)),
    ),
    "relocated_nobody": combine(add_measure("易地扶贫搬迁", "集中安置"), set_values("head", relocated_person=True)),
    "loan_overdue": add_measure("扶贫小额信贷", "贷款", content="养牛", state="实施中", ended_on=date(2022, 1, 1)),
    "loan_use": add_measure("扶贫小额信贷", "贷款", content="养牛"),
    "pupil_unaided": combine(POOR, add_measure("教育资助", "义务教育寄宿生补助")),
    "left_measure": combine(
        remove_member("mother"),
        lambda kept: kept.add_measure("健康扶贫", "慢病证", member_id=kept.mother.id, started_on=date(2020, 3, 1)),
    ),
    "unmonitored_below": combine(set_monitored(), set_income("务工收入", 4000)),
    "id_twice": add_neighbour(),
    "record_old": set_values("household", fill_date=None),
    "disabled_without_card": set_values("mother", health=("残疾",), disability_no=CARD + "43"),
    "card_kind": set_values("mother", health=("残疾",), disability_no=CARD + "43", disability_kind="肢体残疾"),
}  # fmt: skip


# a row in a register is as good as a measure
AIDED: dict[str, Callable[[HouseholdRows], object]] = {
    "danger_unmended": combine(BREAKS["danger_unmended"], add_row(HousingRenovation, **RENOVATION)),
    "pupil_unaided": combine(BREAKS["pupil_unaided"], add_row(EducationAid, "son", year=2021, item="义务教育生活补助")),
    "yulu_missing": combine(BREAKS["yulu_missing"], add_row(EducationAid, "son", year=2021, item="雨露计划")),
}


def test_every_rule_has_a_household_that_breaks_it() -> None:
    keys = [rule.key for rule in rules()]
    assert len(keys) == len(set(keys))
    assert set(BREAKS) == set(keys)
    assert set(HOLDS) <= set(keys)


def test_the_sound_household_breaks_no_rule(book: Workbook) -> None:
    assert [(issue.rule, issue.message) for issue in issues_after(book, None)] == []


@pytest.mark.parametrize("rule", sorted(BREAKS))
def test_it_is_found(book: Workbook, rule: str) -> None:
    issues = [issue for issue in issues_after(book, BREAKS[rule]) if issue.rule == rule]
    assert issues
    assert len({issue.record_id for issue in issues}) == len(issues)
    for issue in issues:
        assert re.search(r"[\u4e00-\u9fff].*[。]$", issue.message)
        assert "None" not in issue.message
        assert not re.search(r"\d{11}", issue.message) or rule == "number_twice"
        assert issue.cells
        assert all(issue.field_labels)
        assert issue.record_title
        assert issue.source


@pytest.mark.parametrize("rule", sorted(HOLDS))
def test_it_is_not_found(book: Workbook, rule: str) -> None:
    assert rule not in {issue.rule for issue in issues_after(book, HOLDS[rule])}


@pytest.mark.parametrize("rule", sorted(AIDED))
def test_a_register_answers_for_a_measure(book: Workbook, rule: str) -> None:
    assert rule not in {issue.rule for issue in issues_after(book, AIDED[rule])}


def test_each_rule_says_where_it_comes_from() -> None:
    for rule in rules():
        assert re.search(r"§6-\d+|R\d{3}", rule.source), rule.key
        assert rule.check.__doc__, rule.key
    numbers = {int(n) for rule in rules() for n in re.findall(r"§6-(\d+)", rule.source)}
    assert numbers == set(range(1, 49))


def test_a_closed_household_has_no_doubts(book: Workbook) -> None:
    assert issues_after(book, set_values("household", registration_state="注销", population=9)) == []


def test_an_unknown_household_has_no_doubts(book: Workbook, tmp_path: Path) -> None:
    with book.reading() as session:
        assert household_issues(session, Household.id_of("nobody")) == ()
